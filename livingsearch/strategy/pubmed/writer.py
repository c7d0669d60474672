"""Writes searches in PubMed's syntax.

Every term gets its own tag, since PubMed ignores one behind a bracket. Before anything is written, the tree is made
into one that PubMed can express: wildcards written out, proximity between groups multiplied out, a term in several
fields as a list of one term each.
"""

import re
from dataclasses import replace

from livingsearch.strategy.dialects import Dialect
from livingsearch.strategy.loss import Losses, LossKind, slot
from livingsearch.strategy.normal import at_leaves, flat
from livingsearch.strategy.pubmed.characters import plain
from livingsearch.strategy.pubmed.forms import LEAST_BEFORE, MOST_WILDCARDS, forms_of, without_stop_words
from livingsearch.strategy.pubmed.headings import has_narrower, heading_name, heading_text, is_known
from livingsearch.strategy.pubmed.proximity import proximity_tag, spread
from livingsearch.strategy.pubmed.ranges import DATE_FIELDS, date_range_text, range_of_word, uid_range_text
from livingsearch.strategy.pubmed.targets import WHOLE_HEADINGS, Target, targets_of
from livingsearch.strategy.pubmed.terms import (
    STOP_WORDS,
    STRAY,
    is_slot,
    joined,
    term_text,
    text_words,
    word_text,
)
from livingsearch.strategy.pubmed.values import WITH_INITIALS
from livingsearch.strategy.tree import (
    ANY_ENDING,
    And,
    DateRange,
    Heading,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Scoped,
    UidRange,
    Word,
)
from livingsearch.strategy.writing import Writer

_UNQUOTED_NAMES = frozenset({"au", "fau", "1au", "lastau", "ir", "fir", "ps", "ed"})
_ALWAYS_QUOTED = frozenset({"pt"})
_USUAL = re.compile(r"[A-Za-z0-9]+(?:[ -][A-Za-z0-9]+)*\*?\Z")
_SYNTAX = str.maketrans(dict.fromkeys('()[]"{}', " "))
_TEXT = frozenset({"tiab", "ti", "ot", "tw", "all", "tt", ""})


class PubmedWriter(Writer):
    """Writes trees for PubMed.

    Args:
        dialect: PubMed.
        losses: filled while writing.
    """

    def __init__(self, dialect: Dialect, losses: Losses) -> None:
        super().__init__(dialect, losses)
        self._targets: dict[tuple[str, ...], Target] = {}

    def write(self, node: Node) -> str:
        """The whole search as text on one line."""
        text = super().write(node)
        if text.count("*") > MOST_WILDCARDS:
            self.losses.add(
                "settle",
                f"PubMed refuses a search with more than {MOST_WILDCARDS} wildcards: cut it into parts, or write "
                "endings out instead of *",
            )
        return text

    def prepared(self, node: Node) -> Node:
        """The tree with one tag at each leaf and nothing in it that PubMed cannot express."""
        return flat(self._expressible(at_leaves(node)))

    def scoped(self, inner: Node, fields: tuple[str, ...], whole: Scoped) -> str | None:
        """A leaf with its tag; `fields` holds the tag that `prepared` chose."""
        (tag,) = fields
        match inner:
            case Near(operands=operands, between=between):
                words = tuple(word for word in operands if isinstance(word, Word))
                return term_text(words, f"[{tag}:~{between}]", quoted=True)
            case Word() as word:
                return self._leaf((word,), tag, whole)
            case Phrase(words=words):
                return self._leaf(words, tag, whole)
            case _:
                raise AssertionError("tags stand at words, phrases and proximity")

    def untagged(self, leaf: Word | Phrase | Near) -> str | None:
        """A leaf without a field, as PubMed's term mapping takes it."""
        if isinstance(leaf, Near):
            raise AssertionError("proximity has a field")
        return self._leaf((leaf,) if isinstance(leaf, Word) else leaf.words, "", leaf)

    def heading(self, heading: Heading) -> str | None:
        """A MeSH heading; a slot for one of another thesaurus."""
        if heading.vocabulary != "mesh":
            return self.foreign_heading(replace(heading, text=_harmless(heading.text)))
        qualifier = heading.qualifiers[0] if heading.qualifiers else ""
        text = heading_text(heading, qualifier)
        if text is None:
            return None
        if heading_name(heading.text) != " ".join(heading.text.split()):
            self._note("changed", "characters that have a meaning in PubMed were left out of headings", heading, text)
        if qualifier and not is_known(qualifier):
            self._note("changed", "MeSH has no such qualifier: look it up", heading, text)
        if heading.exploded and has_narrower(qualifier):
            self._note(
                "widened",
                "where a heading is exploded, PubMed explodes its subheading as well, so that narrower subheadings "
                "are found too (therapy: drug therapy, surgery and others)",
                heading,
                text,
                f"{heading.text}/{qualifier}",
            )
        return text

    def dates(self, dates: DateRange) -> str | None:
        """A range of dates."""
        return date_range_text(dates)

    def numbers(self, numbers: UidRange) -> str | None:
        """A range of record numbers."""
        return uid_range_text(numbers)

    def _note(self, kind: LossKind, sentence: str, node: Node, written: str, stood: str = "") -> None:
        shown = stood or (node.text if isinstance(node, Heading) else "")
        self.losses.add(kind, sentence, node.place, f"{shown} → {written}" if shown else "")

    def _expressible(self, node: Node) -> Node:
        match node:
            case Scoped(node=Near() as near, fields=fields):
                return self._near(near, fields, node)
            case Near():
                return self._near(node, ("all",), node)
            case Scoped(node=Word(parts=(str(text),)) as leaf) | (Word(parts=(str(text),)) as leaf) if is_slot(text):
                self._note("settle", "a person has to fill this in", node, text, text)
                return leaf
            case Scoped(node=Word() | Phrase() as leaf, fields=fields):
                tags = self._tags(fields, leaf, node)
                if not tags:
                    return Word.of(_hole(f"{_shown(leaf)} in {', '.join(fields)}"), place=node.place)
                return Or(tuple([self._forms(leaf, tag, node) for tag in tags]), node.place)
            case Word() | Phrase():
                return self._forms(node, "", node)
            case Heading(vocabulary="mesh", qualifiers=qualifiers) if len(qualifiers) > 1:
                return Or(tuple(replace(node, qualifiers=(one,)) for one in qualifiers), node.place)
            case And(operands=operands) | Or(operands=operands):
                return replace(node, operands=tuple([self._expressible(operand) for operand in operands]))
            case Not(left=left, right=right):
                return replace(node, left=self._expressible(left), right=self._expressible(right))
            case _:
                return node

    def _tags(self, fields: tuple[str, ...], leaf: Word | Phrase, whole: Node) -> tuple[str, ...]:
        target = self._targets.get(fields)
        if target is None:
            target = self._targets[fields] = targets_of(fields)
        for kind, sentence in target.notes:
            if (kind, sentence) == WHOLE_HEADINGS and not _plain(leaf):
                continue
            shown = _shown(leaf)
            written = " OR ".join(f"{_starred(leaf)}[{tag}]" for tag in target.tags) or "(a slot)"
            self.losses.add(kind, sentence, whole.place, f"{shown} in {', '.join(fields)} → {written}")
        return target.tags

    def _forms(self, leaf: Word | Phrase, tag: str, whole: Node) -> Node:
        """A leaf in one field, as a list of what PubMed can look for."""
        words = (leaf,) if isinstance(leaf, Word) else leaf.words
        scoped = Scoped(leaf, (tag,), whole.place) if tag else leaf
        if tag in DATE_FIELDS:
            return self._dated(leaf, tag, whole)
        if _plain(leaf) or _only_truncated(words) or (tag in WITH_INITIALS and _initials_open(words)):
            return scoped
        forms = forms_of(words)
        if forms is None:
            hole = _hole(f"the forms of {_shown(leaf)} that are meant")
            self.losses.add(
                "settle",
                "PubMed's only wildcard is *, behind four characters or more: these forms cannot be written out "
                "without knowing which are meant",
                whole.place,
                f"{_shown(leaf)} → {hole}",
            )
            return Scoped(Word.of(hole), (tag,), whole.place)
        alternatives = without_stop_words(forms.alternatives) if tag in _TEXT else forms.alternatives
        nodes = [_leaf_of(form, leaf) for form in alternatives]
        tagged = tuple(Scoped(node, (tag,), whole.place) if tag else node for node in nodes)
        for kind, sentence in forms.notes:
            written = " OR ".join([_shown(node) for node in nodes[:4]]) + " …" * (len(nodes) > 4)
            self.losses.add(kind, sentence, whole.place, f"{_shown(leaf)} → {written}")
        return tagged[0] if len(tagged) == 1 else Or(tagged, whole.place)

    def _dated(self, leaf: Word | Phrase, tag: str, whole: Node) -> Node:
        found = range_of_word(DATE_FIELDS[tag], leaf, whole.place) if isinstance(leaf, Word) else None
        if found is not None:
            return found
        hole = _hole(f"range of dates for {_shown(leaf)}")
        self.losses.add(
            "settle",
            "PubMed's fields of dates take days, months, years and ranges of them only: write the range that is meant",
            whole.place,
            f"{_shown(leaf)} → {hole}",
        )
        return Word.of(hole, place=whole.place)

    def _near(self, near: Near, fields: tuple[str, ...], whole: Node) -> Node:
        tag, note = proximity_tag(fields)
        found = spread(near) if tag else None
        if tag is None or found is None:
            apart = And(tuple(Scoped(operand, fields, whole.place) for operand in near.operands), whole.place)
            self.losses.add(
                "widened",
                "PubMed's proximity takes plain words in [tiab], [ti] and [ad] only, no truncated ones: AND stands in "
                "its place, so the words may stand anywhere in the fields",
                whole.place,
                f"{_shown(near)} → {' AND '.join(_starred(operand) for operand in near.operands)}",
            )
            return self._expressible(at_leaves(apart))
        notes = [*([note] if note else []), *found.notes]
        nodes = [Scoped(Near(words, found.between, False, near.place), (tag,), whole.place) for words in found.rows]
        first = term_text(found.rows[0], f"[{tag}:~{found.between}]", quoted=True)
        for kind, sentence in notes:
            self.losses.add(kind, sentence, whole.place, f"{_shown(near)} → {first}" + " OR …" * (len(nodes) > 1))
        return nodes[0] if len(nodes) == 1 else Or(tuple(nodes), whole.place)

    def _leaf(self, words: tuple[Word, ...], tag: str, whole: Node) -> str | None:
        written = f"[{tag}]" if tag else ""
        if len(words) == 1 and words[0].plain and is_slot(words[0].text):
            return words[0].text
        texts = [word_text(word) for word in words]
        together = " ".join(texts)
        if tag in _TEXT and _USUAL.match(together) and together.count(" ") == len(texts) - 1:
            clean = texts
        else:
            clean = text_words(texts) if tag in _TEXT else _name_words(texts)
        if clean != texts:
            self.losses.add(
                "changed" if clean else "narrowed",
                "PubMed makes spaces of these characters: they were left out",
                whole.place,
                f"{together} → {' '.join(clean) or '(left out)'}",
            )
        if not clean:
            return None
        if len(clean) == 1 and clean[0].lower() in STOP_WORDS and tag in _TEXT:
            self.losses.add(
                "narrowed",
                "a stop word alone finds nothing in PubMed: leave it out, or look for a phrase",
                whole.place,
                clean[0],
            )
        initials = tag in WITH_INITIALS and len(clean) > 1
        bare = tag in _UNQUOTED_NAMES and not any(text.upper() in ("AND", "OR", "NOT") for text in clean)
        if bare and not set("".join(clean)) & set("()[]:{}#&|") and not (initials and _plain_words(words)):
            # A name without quotation marks is truncated anyway.
            return " ".join([*clean[:-1], clean[-1].rstrip("*")] if initials else clean) + written
        return joined(clean, written, quoted=tag in _ALWAYS_QUOTED)


def _hole(what: str) -> str:
    """A slot without anything in it that could pass for syntax."""
    return slot(_harmless(what))


def _harmless(text: str) -> str:
    return " ".join(STRAY.sub(" ", plain(text).translate(_SYNTAX)).split())


def _plain(leaf: Word | Phrase) -> bool:
    return leaf.plain if isinstance(leaf, Word) else _plain_words(leaf.words)


def _plain_words(words: tuple[Word, ...]) -> bool:
    return all([word.plain for word in words])


def _initials_open(words: tuple[Word, ...]) -> bool:
    """Whether a name has an open ending behind its last initial, and no other wildcard."""
    return len(words) > 1 and _plain_words(words[:-1]) and len(words[-1].parts) == 2 and words[-1].truncated


def _only_truncated(words: tuple[Word, ...]) -> bool:
    """Whether nothing but the term's last word has a wildcard, at its end and behind enough letters."""
    last = words[-1].parts
    if len(last) != 2 or last[1] != ANY_ENDING or not isinstance(last[0], str):
        return False
    before = _plain_words(words[:-1])
    return before and (len(last[0]) >= LEAST_BEFORE or sum(len(word.text) for word in words) >= LEAST_BEFORE)


def _leaf_of(words: tuple[Word, ...], leaf: Word | Phrase) -> Word | Phrase:
    return words[0] if len(words) == 1 else Phrase(words, leaf.place)


def _name_words(texts: list[str]) -> list[str]:
    """Words of a name or number: all characters but quotation marks."""
    found = [part for text in texts for part in STRAY.sub(" ", plain(text).replace('"', " ")).split()]
    return [text for text in found if text.strip("*")]


def _shown(node: Node) -> str:
    """A leaf for the loss report, with wildcards as Ovid writes them."""
    match node:
        case Word(parts=parts):
            return "".join(part if isinstance(part, str) else _sign(part.least, part.most) for part in parts)
        case Phrase(words=words):
            return " ".join(_shown(word) for word in words)
        case Near(operands=operands, between=between):
            return f" adj{between + 1} ".join(_shown(operand) for operand in operands)
        case And(operands=operands) | Or(operands=operands):
            word = " and " if isinstance(node, And) else " or "
            return f"({word.join(_shown(operand) for operand in operands[:3])}{' …' * (len(operands) > 3)})"
        case Scoped(node=inner):
            return _shown(inner)
        case _:
            return "…"


def _starred(node: Node) -> str:
    """The same with PubMed's wildcard and capital operators, where it has no others to be written out."""
    match node:
        case Word() | Phrase():
            words = (node,) if isinstance(node, Word) else node.words
            return term_text(words) if _plain(node) or _only_truncated(words) else _shown(node)
        case Scoped(node=inner):
            return _starred(inner)
        case Or(operands=operands):
            return f"({' OR '.join(_starred(operand) for operand in operands[:3])}{' …' * (len(operands) > 3)})"
        case _:
            return "…"


def _sign(least: int, most: int | None) -> str:
    if most is None:
        return "$"
    return {(0, 1): "?", (1, 1): "#"}.get((least, most), f"${most}")
