"""Terms that add nothing: covered by another one, there twice, or stop words."""

from collections.abc import Iterator
from dataclasses import replace

from livingsearch.strategy.findings import Finding
from livingsearch.strategy.lint.covering import Covering, Folded, folded
from livingsearch.strategy.lint.terms import Group, Term, shown
from livingsearch.strategy.search import Search
from livingsearch.strategy.tree import Node, Or, Phrase, Scoped, Word

STOP_WORDS = frozenset(
    "a an and are as at be been but by for from has have in into is it its not of on or such that the their then "
    "there these this to was were which with would".split()
)
"""Words that PubMed, Ovid and EBSCOhost leave out; each leaves out some more of its own."""
_LONGEST_SHOWN = 60
_QUOTES = frozenset("\"'“”„‘’")


def quoted(text: str) -> str:
    """A part of a search within a sentence, shortened where it is long."""
    text = " ".join(text.split())
    if len(text) > 2 and text[0] in _QUOTES and text[-1] in _QUOTES and not _QUOTES & set(text[1:-1]):
        text = text[1:-1]
    return f"“{text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + '…'}”"


def said_once(alike: list[Finding]) -> Finding:
    """One finding for the same term in several places of a list, as where EBSCOhost has it once for each field."""
    first = alike[0]
    if len(alike) == 1:
        return first
    return replace(first, sentence=f"{first.sentence} The term stands in this list {len(alike)} times.")


def is_mapped(search: Search, term: Term) -> bool:
    """Whether PubMed adds related terms, other spellings and plurals to a term by itself.

    It does so where a term has neither a field, nor quotation marks, nor a wildcard (PubMed Help, Automatic Term
    Mapping).
    """
    if search.dialect.platform != "pubmed" or term.fields is not None:
        return False
    return all(word.plain for word in term.words) and not is_quoted(search, term)


def is_quoted(search: Search, term: Term) -> bool:
    """Whether a term stands in quotation marks."""
    start, end = term.words[0].place.start, term.words[-1].place.end
    return 0 < start < end < len(search.text) and search.text[start - 1] in _QUOTES and search.text[end] in _QUOTES


def superfluous(search: Search, group: Group, words: list[tuple[Folded, ...]], covering: Covering) -> Iterator[Finding]:
    """R001 and R002: terms whose records other operands of the same OR find anyway.

    Args:
        search: from which the group comes.
        group: terms that stand for each other.
        words: of each term, as `folded` gives them.
        covering: of these words and the terms' fields.
    """
    spoken_of: set[int] = set()
    for number, term in enumerate(group.terms):
        own = words[number]
        for other in covering.covering(own, term.fields):
            if other == number or other in spoken_of:
                continue
            wider = group.terms[other]
            same = words[other] == own and wider.fields == term.fields
            if same and other > number:
                continue
            if not same and is_mapped(search, term):
                continue
            if _differ_by_hyphen(search, term, wider):
                continue
            if same and _spelt(term.words) != _spelt(wider.words):
                continue
            spoken_of.add(number)
            yield _superfluous(search, term, wider, same=same)
            break
    yield from _covered_nears(search, group, covering)


def _superfluous(search: Search, term: Term, wider: Term, *, same: bool) -> Finding:
    text, other = shown(search, term.whole, term.leaf), shown(search, wider.whole, wider.leaf)
    if same:
        sentence = f"{quoted(text)} stands in this list twice; one of them can go."
        return Finding("R002", "note", sentence, term.whole, text)
    sentence = f"Whatever {quoted(text)} finds, {quoted(other)} finds as well: it adds no record and can go."
    return Finding("R001", "note", sentence, term.whole, text)


def _differ_by_hyphen(search: Search, term: Term, wider: Term) -> bool:
    """Whether a hyphen is in play where it is not sure that it is no more than a space.

    PubMed and Ovid take it for a space; EBSCOhost looks for both forms where it is typed, but what it makes of a
    hyphen in the record is not documented.
    """
    return search.dialect.platform == "ebsco" and any("-" in word.text for word in (*term.words, *wider.words))


def _spelt(words: tuple[Word, ...]) -> tuple[tuple[object, ...], ...]:
    return tuple(tuple(part.casefold() if isinstance(part, str) else part for part in word.parts) for word in words)


def _covered_nears(search: Search, group: Group, covering: Covering) -> Iterator[Finding]:
    """Proximity searches one side of which is found on its own anyway."""
    for near, fields, place in group.nears:
        for operand in near.operands:
            sides: tuple[Node, ...] = operand.operands if isinstance(operand, Or) else (operand,)
            if all(_is_covered(side, fields, covering) for side in sides):
                text = shown(search, place)
                sentence = (
                    f"Whatever {quoted(text)} finds, another term of this list finds as well, since it looks for one "
                    "side of it alone: this adds no record and can go."
                )
                yield Finding("R001", "note", sentence, place, text)
                break


def _is_covered(side: Node, fields: tuple[str, ...] | None, covering: Covering) -> bool:
    if isinstance(side, Scoped):
        fields = side.fields
        side = side.node
    if not isinstance(side, Word | Phrase):
        return False
    return covering.covers(folded((side,) if isinstance(side, Word) else side.words), fields)


def stop_words(search: Search, group: Group) -> Iterator[Finding]:
    """R003: terms of which a platform looks for nothing."""
    for term in group.terms:
        if term.is_free_text and term.words and all(w.plain and w.text.lower() in STOP_WORDS for w in term.words):
            text = shown(search, term.whole, term.leaf)
            sentence = (
                f"{quoted(text)} is a stop word: it is so frequent that the platform leaves it out or refuses it. "
                "Leave the term out, or look for it within a phrase."
            )
            yield Finding("R003", "warning", sentence, term.whole, text)
