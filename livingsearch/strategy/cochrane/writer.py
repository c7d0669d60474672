"""Searches for the Cochrane Library, as its search manager takes them.

Rules, as documented by Wiley ("Search manager help", "Quick guide: Cochrane Library search syntax", 2024):

- Fields stand behind a term or group: `(a OR b):ti,ab,kw`; `kw` holds MeSH and Emtree terms and other keywords, without
  exploding them; without a field the full text of reviews is searched as well.
- Phrases in double quotation marks take no wildcards: words with wildcards side by side are joined with NEXT, which
  takes no number. Words and lines are not varied on their own in the search manager.
- `*` any number of letters, one in a word; `?` none or one; at least three letters in the word.
- `NEAR/n` in any order counts the step to the next word: NEAR/1 is side by side (bare NEAR is NEAR/6).
- NOT before AND before OR: every group stands in brackets.
- `[mh "X"]` explodes a MeSH heading, `[mh ^"X"]` does not, `[mh "X"/DT,TH]` has qualifiers, `[mh "X"[mj]]` is a main
  topic.
- Dates, languages and kinds of content are limits set by hand. `:pt` holds publication types of trials in CENTRAL only.
- A line holds references to lines (`#1 AND #2`) or terms, not both.
"""

from collections.abc import Mapping
from typing import ClassVar

from livingsearch.strategy.freetext.placing import Plan
from livingsearch.strategy.freetext.wording import ANY, ONE, OPTIONAL, cut_at_signs, plain, shown, spelling_of, words_of
from livingsearch.strategy.freetext.writer import FreeTextWriter
from livingsearch.strategy.loss import LossKind, slot
from livingsearch.strategy.normal import flat
from livingsearch.strategy.qualifiers import code_of
from livingsearch.strategy.tree import And, DateRange, Heading, Near, Node, Not, Phrase, Scoped, Wild, Word

_LABELS: Mapping[str, tuple[str, ...]] = {
    "title": ("ti",),
    "abstract": ("ab",),
    "author_keywords": ("kw",),
    "keywords": ("kw",),
    "heading_word": ("kw",),
    "subject_heading": ("kw",),
    "subject_heading_major": ("kw",),
    "text_word": ("ti", "ab", "kw"),
    "author": ("au",),
    "affiliation": (),
    "journal": ("so",),
    "identifier": ("doi",),
}
_ORDER = ("ti", "ab", "kw", "au", "so", "doi")
_NOTES: Mapping[str, tuple[LossKind, str]] = {
    "author_keywords": ("widened", ":kw holds index terms (MeSH, Emtree) and other keywords besides the authors' own"),
    "heading_word": ("changed", ":kw holds keywords of all kinds besides the words of headings"),
    "subject_heading": ("changed", "patterns of headings are looked for in keywords of all kinds (:kw)"),
    "subject_heading_major": ("widened", "patterns of main headings are looked for in keywords of all kinds (:kw)"),
    "text_word": ("changed", "free-text fields differ: :ti,ab,kw (title, abstract, keywords) is the nearest"),
    "affiliation": ("settle", "the Cochrane Library has no field for affiliations: its terms were left out"),
    "all": ("widened", "without a field the full text of Cochrane reviews is searched as well"),
}
_SMALL = frozenset(
    "a an and are as at be by for from if in into is it no not of on or such that the their then there these they this "
    "to was will with".split()
)
_DATES: Mapping[str, str] = {
    "date_publication": "“Original publication year” or “Cochrane Library publication date”",
    "date_create": "“Date added to CENTRAL trials database” (trials)",
    "date_entry": "“Date added to CENTRAL trials database” (trials)",
}


class CochraneWriter(FreeTextWriter):
    """Writes searches for the Cochrane Library."""

    RESERVED = frozenset({"and", "or", "not", "near", "next"})
    IN_WORD: ClassVar[Mapping[Wild, str]] = {ANY: "*", OPTIONAL: "?", ONE: "?"}
    IN_QUOTES: ClassVar[Mapping[Wild, str]] = {}
    LEAST_ROOT = 3
    LINES_APART = True

    def plan(self, fields: tuple[str, ...]) -> Plan:
        """All labels of the fields in one list; none at all where every field is meant."""
        if "all" in fields:
            return Plan(("",), (_NOTES["all"],))
        wanted = {label for field in fields for label in _LABELS.get(field, ())}
        notes = tuple(
            _NOTES[field]
            for field in fields
            if field in _NOTES and not (field == "author_keywords" and _index_terms_meant(fields))
        )
        text = ",".join([label for label in _ORDER if label in wanted])
        return Plan((text,) if text else (), notes)

    def labelled(self, label: str, text: str, inner: Node) -> str:
        """`"x y":ti,ab`, `(a OR b):ti,ab`."""
        closed = text if isinstance(inner, Word | Phrase | Near) else f"({text})"
        return f"{closed}:{label}" if label else closed

    def write(self, node: Node) -> str:
        """The search on one line; behind it a slot for each limit of the whole search, which a person sets."""
        limits: list[Node] = []
        rest = _without_limits(flat(node), limits)
        if not limits:
            return super().write(rest)
        self.note_lines_apart(rest)
        tree = self.prepared(rest)
        text = self._or_slot(self.written(tree) if isinstance(tree, And) else self._bracketed(tree), tree)
        return self.AND.join([text, *dict.fromkeys([self._set_by_hand(limit) for limit in limits])])

    def _set_by_hand(self, limit: Node) -> str:
        if isinstance(limit, DateRange):
            what = f"{limit.first or '…'} to {limit.last or '…'}"
            sentence = f"dates are limited by hand: set {_DATES[limit.dated]} under “Search limits” to these"
        else:
            what = shown(limit.node) if isinstance(limit, Scoped) else "…"
            sentence = (
                "languages are limited by hand: set the filter for languages to these, or sort them out when screening"
            )
        text = slot(plain(f"limit by hand {what}"))
        self.losses.add("settle", f"{sentence}; then take the slot out", limit.place, f"{what} → {text}")
        return text

    def cleaned(self, words: tuple[Word, ...]) -> tuple[Word, ...]:
        """Words with a wildcard, and those beside them, cannot be quoted: they are cut where a sign stands."""
        ready = words_of(words)
        return ready if all(word.plain for word in ready) else cut_at_signs(ready)

    def is_bare(self, word: Word) -> bool:
        """A word with a wildcard is never quoted."""
        return not word.plain or super().is_bare(word)

    def root(self, word: Word) -> int:
        """All letters of the word count."""
        return len(word.text)

    def word(self, word: Word) -> str:
        """A word; one whose only open letter must stand there finds the word without it as well."""
        self._note_wildcards(word)
        return super().word(word)

    def phrase(self, phrase: Phrase) -> str:
        """Words in quotation marks, or joined with NEXT where one has a wildcard."""
        if all(word.plain for word in phrase.words):
            return super().phrase(phrase)
        if any(word.plain and word.text.lower() in _SMALL for word in phrase.words):
            self.losses.add(
                "changed",
                "small words (by, of, the …) stand between NEXT: see on the platform that they are found there",
                phrase.place,
                shown(phrase),
            )
        if self.too_short(phrase.words):
            return self.short(phrase)
        for word in phrase.words:
            self._note_wildcards(word)
        texts = [
            self.quoted(word.text) if not self.is_bare(word) else spelling_of(word, self.IN_WORD)
            for word in phrase.words
        ]
        return f"({' NEXT '.join(texts)})"

    def _note_wildcards(self, word: Word) -> None:
        if word.plain:
            return
        if ONE in word.parts:
            self.losses.add(
                "widened",
                "? stands for one letter or none in the Cochrane Library: words without the letter are found as well",
                word.place,
                f"{shown(word)} → {spelling_of(word, self.IN_WORD)}",
            )
        if word.parts.count(ANY) > 1:
            self.losses.add(
                "settle",
                "the Cochrane Library takes one * in a word: see whether the term runs, or write its words out",
                word.place,
                shown(word),
            )

    def near_operator(self, near: Near) -> str:
        """NEXT where words stand side by side in this order, else NEAR, whose n counts the step to the next word."""
        if near.ordered and near.between == 0:
            return "NEXT"
        text = f"NEAR/{near.between + 1}"
        if near.ordered:
            sentence = (
                "the Cochrane Library keeps the order of words that stand side by side only: NEAR finds them in any"
            )
            self.losses.add("widened", sentence, near.place, f"→ {text}")
        return text

    def heading(self, heading: Heading) -> str | None:
        """A MeSH heading."""
        text = self.heading_text(heading)
        if heading.vocabulary != "mesh" or not text:
            return super().heading(heading)
        codes = []
        for qualifier in heading.qualifiers:
            code = code_of(qualifier, "mesh")
            if code is None:
                sentence = "this qualifier is unknown and was left out: add its two letters behind the heading"
                self.losses.add("settle", sentence, heading.place, plain(f"{heading.text}/{qualifier}"))
            else:
                codes.append(code.upper())
        behind = ("/" + ",".join(codes) if codes else "") + ("[mj]" if heading.major else "")
        return f'[mh {"" if heading.exploded else "^"}"{text}"{behind}]'

    def dates(self, dates: DateRange) -> str:
        """Dates within a search, where no limit set by hand would do."""
        return self.undated(dates)

    def language(self, name: str) -> str | None:
        """There is no field for languages."""
        return None

    def kind(self, name: str) -> str | None:
        """`"Review":pt`, of trials in CENTRAL only."""
        self.losses.add(
            "changed",
            "publication types (:pt) are those of trials in CENTRAL, and many of these have none",
            None,
            f'→ "{name}":pt',
        )
        return f'"{name}":pt' if name else None


def _index_terms_meant(fields: tuple[str, ...]) -> bool:
    """Whether index terms are meant by another of the fields, so that :kw adds nothing."""
    return "keywords" in fields or "text_word" in fields


def _without_limits(node: Node, limits: list[Node]) -> Node:
    """A search without the limits that hold for all of it, which are added to `limits`."""
    match node:
        case And(operands=operands, place=place):
            kept = [_without_limits(part, limits) for part in operands if not _by_hand(part)]
            if not kept:
                return node
            limits.extend(part for part in operands if _by_hand(part))
            return kept[0] if len(kept) == 1 else And(tuple(kept), place)
        case Not(left=left, right=right, place=place):
            return Not(_without_limits(left, limits), right, place)
        case _:
            return node


def _by_hand(node: Node) -> bool:
    if isinstance(node, DateRange):
        return not (node.first is None and node.last is None)
    return isinstance(node, Scoped) and node.fields == ("language",)
