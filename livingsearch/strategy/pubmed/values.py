"""Reads one term of a PubMed search: what stands before a field tag, and the tag.

What is said against a term comes with the whole term as it should be written, wherever that is known. Terms are read
as they were meant: `peer$` with any ending, though PubMed makes a space of `$`.
"""

import re
from dataclasses import replace

from livingsearch.strategy.findings import Finding, Severity, search_error
from livingsearch.strategy.pubmed.characters import NOTHING
from livingsearch.strategy.pubmed.fields import Tag, nearest, tag_named
from livingsearch.strategy.pubmed.forms import LEAST_BEFORE, forms_of, letters_before_wildcard, without_stop_words
from livingsearch.strategy.pubmed.headings import heading_of
from livingsearch.strategy.pubmed.ranges import DATE_FIELDS, date_range, is_relative, uid_range
from livingsearch.strategy.pubmed.terms import STOP_WORDS, WORD, alternatives_text, term_text
from livingsearch.strategy.tree import ANY_ENDING, Near, Node, Phrase, Place, Scoped, Wild, Word

_PLAIN = re.compile(r"[A-Za-z0-9]+(?:[ -][A-Za-z0-9]+)*\*?\Z")
_WILD = re.compile(r"\*|\$\d?|\?|#")
_SPACED = re.compile(r"[^\w\s'\"*$?#-]", re.ASCII)
_HARMFUL = frozenset("$?#~+")
_DATES = frozenset({*DATE_FIELDS, "mhda", "dcom", "lr", "ppdt", "epdt"})

WITH_INITIALS = frozenset({"au", "1au", "lastau"})
"""PubMed User Guide, "Searching by author": a name without quotation marks is truncated automatically."""
_MOST_GUESSES = 100
"""Unknown tags for which the nearest known one is looked for; no search that a person wrote has more."""


class ValueReader:
    """Reads the terms of one search.

    Args:
        text: cleaned.
        original: as given, of the same length; for findings and errors.
        findings: filled while reading.
    """

    def __init__(self, text: str, original: str, findings: list[Finding]) -> None:
        self.text, self.original, self.findings = text, original, findings
        self._tags: dict[str, Tag | None] = {}
        self._meant: dict[str, str] = {}

    def say(self, code: str, severity: Severity, sentence: str, place: Place, recommended: str = "") -> None:
        """Adds a finding."""
        problematic = self.original[place.start : place.end]
        self.findings.append(Finding(code, severity, sentence, place, problematic, recommended))

    def tag(self, start: int, end: int) -> Tag | None:
        """The tag whose square brackets stand at these offsets; None, with a finding, where PubMed has none."""
        inside = self.text[start + 1 : end - 1].replace(NOTHING, "")
        if inside not in self._tags:
            self._tags[inside] = tag_named(inside)
        tag = self._tags[inside]
        if tag is None:
            if inside not in self._meant:
                self._meant[inside] = nearest(inside) if len(self._meant) < _MOST_GUESSES else ""
            meant = self._meant[inside]
            abstract = inside.strip().lower() in ("ab", "abstract")
            also = " Abstracts alone have no tag; [tiab] looks in titles and author keywords as well." * abstract
            self.say(
                "F001",
                "fatal",
                "PubMed has no such field tag: it ignores the tag and maps the term automatically, without a word."
                + also,
                Place(start, end),
                f"[{meant}]" if meant else "",
            )
        return tag

    def value(self, inner: Place, place: Place, tag: Tag | None, *, quoted: bool, unknown_tag: bool = False) -> Node:
        """A term.

        Args:
            inner: its text without quotation marks and tag.
            place: with them.
            tag: its field; None where it has none that PubMed knows.
            quoted: whether it stood in quotation marks.
            unknown_tag: whether there was a tag that PubMed does not know.

        Raises:
            SearchTextError: there is nothing to look for in it.
        """
        kind = tag.kind if tag else "text"
        if tag is None or kind == "text":
            return self._text(inner, place, tag, quoted, unknown_tag)
        raw = self.text[inner.start : inner.end].replace(NOTHING, "")
        if tag.between is not None and not tag.has_proximity:
            self._no_proximity(place, raw, tag, quoted)
        if tag.name in _DATES and is_relative(raw):
            self.say(
                "S001",
                "fatal",
                "PubMed counts this back from the day of each search, so it cannot be repeated or translated: a range "
                f"of dates is meant; write years, e.g. 2020:2025[{tag.name}].",
                place,
            )
        if kind in ("date", "uid"):
            first, colon, last = raw.partition(":")
            found = self.range(first, last if colon else first, tag, place)
            if found is not None and (colon or kind == "date"):
                return found
        elif kind == "heading" and "*" not in raw:
            if raw.strip():
                return heading_of(raw, exploded=tag.exploded, major=tag.name == "majr", place=place)
        return self._verbatim(inner, place, tag, quoted)

    def range(self, first: str, last: str, tag: Tag, place: Place) -> Node | None:
        """What lies between two dates or record numbers; None where they are none, or the field has no ranges."""
        if tag.kind == "date":
            found = date_range(DATE_FIELDS[tag.name], first, last, place)
            looks_so = first.strip()[:4].isdigit() and last.strip()[:4].isdigit()
            if found is None and looks_so:
                self.say("S001", "error", "This is not a date of the calendar, YYYY, YYYY/MM or YYYY/MM/DD.", place)
            return found
        return uid_range(first, last, place) if tag.kind == "uid" else None

    def _verbatim(self, inner: Place, place: Place, tag: Tag, quoted: bool) -> Node:
        """Names, numbers, types: what PubMed does not cut into words of free text."""
        words: list[Word] = []
        for match in re.finditer(r"\S+", self.text[inner.start : inner.end]):
            text = match.group().replace(NOTHING, "")
            where = Place(inner.start + match.start(), inner.start + match.end())
            if text.strip("*"):
                words.append(_word(text, where, re.compile(r"\*+")))
        if not words:
            raise search_error("there is nothing to look for here", self.original, place)
        if len(words) > 1 and tag.name in WITH_INITIALS and not quoted and words[-1].plain:
            words[-1] = replace(words[-1], parts=(words[-1].text, ANY_ENDING))
        node: Word | Phrase | Near = words[0] if len(words) == 1 else Phrase(tuple(words), place)
        if tag.between is not None and tag.has_proximity and len(words) > 1:
            node = Near(tuple(words), tag.between, False, place)
        return Scoped(node, tag.fields, place)

    def _text(self, inner: Place, place: Place, tag: Tag | None, quoted: bool, unknown_tag: bool) -> Node:
        raw = self.text[inner.start : inner.end]
        if _PLAIN.match(raw):
            words = _plain_words(raw, inner.start)
            only = words[0].text.lower() if len(words) == 1 and words[0].plain else ""
            if not only or only in STOP_WORDS or tag is None or tag.between is not None:
                self._remarks(words, place, tag, quoted, unknown_tag)
        else:
            words = self._odd_words(inner, place, tag, quoted)
            self._remarks(words, place, tag, quoted, unknown_tag)
        node: Word | Phrase | Near
        if len(words) == 1:
            node = words[0]
        elif tag is not None and tag.between is not None:
            node = Near(words, tag.between, False, place)
        else:
            node = Phrase(words, place)
        return Scoped(node, tag.fields, place) if tag else node

    def _odd_words(self, inner: Place, place: Place, tag: Tag | None, quoted: bool) -> tuple[Word, ...]:
        """Words among characters of other platforms and punctuation."""
        raw = self.text[inner.start : inner.end]
        trimmed = raw.strip()
        single = not quoted and len(trimmed) > 2 and trimmed[0] == trimmed[-1] == "'"
        words: list[Word] = []
        for match in WORD.finditer(raw):
            text = match.group().replace(NOTHING, "").strip("'-")
            start = inner.start + match.start()
            if text.strip("*$?#0123456789") or text.isalnum():
                words.append(_word(text, Place(start, start + len(match.group())), _WILD))
        if not words:
            raise search_error("there is nothing to look for here but punctuation", self.original, place)
        tuple_of = tuple(words)
        better = self._better(tuple_of, tag)
        if single:
            self.say(
                "S008",
                "error",
                "PubMed makes spaces of single quotation marks: these words are no phrase there. Straight double ones "
                "are meant.",
                place,
                better,
            )
        dropped = {c for c in raw if c in "$?#" or (_SPACED.match(c) and c.isascii())}
        if dropped:
            shown = " ".join(sorted(dropped))
            severity: Severity = "error" if dropped & _HARMFUL else "note"
            wild = " Its wildcard is *." if dropped & set("$?#") else ""
            self.say("S007", severity, f"PubMed makes a space of each of these: {shown}{wild}", place, better)
        return tuple_of

    def _remarks(self, words: tuple[Word, ...], place: Place, tag: Tag | None, quoted: bool, unknown_tag: bool) -> None:
        """What is to be said of words that stand in a text field, or in none."""
        say, many = self.say, len(words) > 1
        near = tag is not None and tag.between is not None
        starred = letters_before_wildcard(words)
        if starred is not None:
            self._wildcards(words, place, tag, starred)
        if near and tag is not None:
            if not tag.has_proximity:
                self._no_proximity(place, " ".join(word.text for word in words), tag, quoted)
            elif not many:
                say("F005", "warning", "Proximity needs two words or more: PubMed looks for this one alone.", place)
            elif not quoted:
                better = self._better(words, tag)
                say("F005", "error", "PubMed heeds proximity only behind words in quotation marks.", place, better)
        elif many and tag is not None and not unknown_tag:
            self._phrase(words, place, tag, quoted)
        stopped = [word.text for word in words if word.plain and word.text.lower() in STOP_WORDS]
        if stopped and not near:
            shown = ", ".join(f"“{word}”" for word in dict.fromkeys(stopped))
            if many:
                say("R003", "note", f"Stop words ({shown}) count in a phrase only if the phrase index has it.", place)
            else:
                say("R003", "error", f"{shown} is a stop word: PubMed finds nothing for it, or leaves it out.", place)
        if tag is None and not unknown_tag:
            self._untagged(words, place, quoted, starred is not None)

    def _untagged(self, words: tuple[Word, ...], place: Place, quoted: bool, starred: bool) -> None:
        if starred or quoted:
            why = "quotation marks" if quoted else "*"
            self.say("T004", "note", f"Because of {why} PubMed does not map this term to MeSH and synonyms.", place)
        if len(words) > 1 and not quoted:
            self.say(
                "R007",
                "warning",
                "Without a field tag and quotation marks PubMed takes these words together only where its mapping "
                "knows them, else one by one; they were read as a phrase.",
                place,
                term_text(words, "", quoted=True) if all(word.plain for word in words) else "",
            )
        self.say(
            "F003",
            "warning",
            "This term has no field tag: PubMed looks in all fields and adds what its automatic term mapping finds, "
            "which changes from day to day.",
            place,
            self._better(words, tag_named("tiab")),
        )

    def _phrase(self, words: tuple[Word, ...], place: Place, tag: Tag, quoted: bool) -> None:
        better = ""
        if tag.has_proximity and letters_before_wildcard(words) is None:
            better = term_text(words, f"[{tag.name}:~0]", quoted=True)
        or_that = "; the recommended form does not ask that index, but takes the words in any order" if better else ""
        if quoted:
            sentence = "PubMed looks this phrase up in its phrase index; if it is not there, the phrase is left out"
            self.say("R007", "note", f"{sentence}{or_that}.", place, better)
        else:
            sentence = "Without quotation marks PubMed takes these words as a phrase only if its phrase index has it"
            self.say("R007", "warning", f"{sentence}, else one by one{or_that}.", place, better)

    def _wildcards(self, words: tuple[Word, ...], place: Place, tag: Tag | None, before: int) -> None:
        say, near = self.say, tag is not None and tag.between is not None
        if "*" not in self.text[place.start : place.end]:
            return
        if near:
            better = self._better(words, tag)
            say("T003", "error", "PubMed drops proximity without a word where a term holds *.", place, better)
        elif before < LEAST_BEFORE:
            better = self._better(words, tag)
            sentence = "Fewer than four characters stand before *: PubMed drops it and searches the bare word."
            say("T001", "error", sentence, place, better)
        inside = any(isinstance(part, Wild) for word in words for part in word.parts[:-1])
        if (inside or any(not word.plain for word in words[:-1])) and not near:
            sentence = "A wildcard within a word or phrase: PubMed takes it since June 2024, other interfaces may not."
            say("T002", "note", sentence, place)

    def _no_proximity(self, place: Place, raw: str, tag: Tag, quoted: bool) -> None:
        better = ""
        if tag.kind == "text":
            better = f'"{raw}"[tiab:~{tag.between}]' if "*" not in raw and '"' not in raw else ""
        else:
            better = f'"{raw}"[{tag.name}]' if quoted else f"{raw}[{tag.name}]"
        sentence = "PubMed has proximity in [ti], [tiab] and [ad] only; here it ignores the distance without a word."
        self.say("F005", "error", sentence, place, better)

    def _better(self, words: tuple[Word, ...], tag: Tag | None) -> str:
        """The whole term in PubMed's own syntax; empty where its wildcards cannot be written out."""
        if tag is not None and tag.between is not None and any(word.truncated for word in words):
            return self._apart(words, tag)
        near = tag is not None and tag.between is not None
        forms = forms_of(words, proximity=near)
        if forms is None:
            return ""
        written = f"[{tag.name}{f':~{tag.between}' if near else ''}]" if tag else ""
        return alternatives_text(
            term_text(form, written, quoted=near) for form in without_stop_words(forms.alternatives)
        )

    def _apart(self, words: tuple[Word, ...], tag: Tag) -> str:
        """Words of a proximity search joined by AND, which takes truncated ones; stop words would find nothing."""
        kept = [word for word in words if not (word.plain and word.text.lower() in STOP_WORDS)]
        texts = [self._better((word,), replace(tag, between=None)) for word in kept]
        return f"({' AND '.join(texts)})" if len(texts) > 1 and all(texts) else ""


def _plain_words(raw: str, start: int) -> tuple[Word, ...]:
    words: list[Word] = []
    for text in raw.split(" "):
        end = start + len(text)
        place = Place(start, end)
        words.append(Word((text[:-1], ANY_ENDING), place) if text[-1] == "*" else Word((text,), place))
        start = end + 1
    return tuple(words)


def _word(text: str, place: Place, wild: re.Pattern[str]) -> Word:
    """A word of letters and wildcards; wildcards beside each other become one."""
    parts: list[str | Wild] = []
    at = 0
    for match in wild.finditer(text):
        if match.start() > at:
            parts.append(text[at : match.start()])
        found = _wild(match.group())
        last = parts[-1] if parts else ""
        if isinstance(last, Wild):
            most = None if last.most is None or found.most is None else last.most + found.most
            parts[-1] = Wild(last.least + found.least if most is not None else 0, most)
        else:
            parts.append(found)
        at = match.end()
    if at < len(text):
        parts.append(text[at:])
    return Word(tuple(parts), place)


def _wild(sign: str) -> Wild:
    if sign == "?":
        return Wild(0, 1)
    if sign == "#":
        return Wild(1, 1)
    return Wild(0, int(sign[1:])) if sign[1:].isdigit() and sign != "$0" else ANY_ENDING
