"""The concepts of a search: what its outermost AND joins."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from livingsearch.strategy.evaluate.words import folded
from livingsearch.strategy.normal import at_leaves, flat
from livingsearch.strategy.tree import (
    ANY_ENDING,
    NOWHERE,
    And,
    DateRange,
    Heading,
    Near,
    Node,
    Not,
    Phrase,
    Place,
    Scoped,
    UidRange,
    Wild,
    Word,
    leaves,
)

Kind = Literal["concept", "limit", "exclusion"]
_LIMITING = frozenset({"language", "publication_type", "ovid:limit"})
_QUOTES = "\"'‘’“”‚„«»′″ "
_SHOWN_TERMS = 6


@dataclass(frozen=True, slots=True)
class Concept:
    """One of the parts that a record must have, or must not have.

    Args:
        number: of the concepts, limits and exclusions each, from 1, in the order of the search.
        name: as the review calls it; empty where the review names none with these terms.
        node: what finds it, with fields at its terms.
        kind: `concept`; `limit` for dates, languages, publication types; `exclusion` for what NOT takes out.
        terms: as documented, without the quotation marks around them.
    """

    number: int
    name: str
    node: Node
    kind: Kind
    terms: tuple[str, ...]

    @property
    def label(self) -> str:
        """`concept 2 (Personality disorder)`, `limit 1`, `exclusion 1`."""
        label = f"{self.kind} {self.number}"
        return f"{label} ({self.name})" if self.name else label

    @property
    def shown_terms(self) -> str:
        """Its terms in quotation marks; of a long list the first ones and how many more."""
        shown = ", ".join(f'"{term}"' for term in self.terms[:_SHOWN_TERMS])
        more = len(self.terms) - _SHOWN_TERMS
        return f"{shown} and {more} more" if more > 0 else shown


def concepts_of(
    tree: Node, *, text: str = "", declared: Sequence[tuple[str, Sequence[str]]] = ()
) -> tuple[Concept, ...]:
    """The parts that the outermost AND of a search joins, and what NOT takes out of it.

    Args:
        tree: without references to lines.
        text: the search that the tree was read from; terms are shown as they stand there.
        declared: names of the question's concepts with their terms. A part gets the name of the one whose terms it
            has: all of them, or none but them.

    Returns:
        In the order of the search, at least one. A record is found where all hold.
    """
    concepts: list[Concept] = []
    for node, excluded in _parts(flat(at_leaves(flat(tree)))):
        kind: Kind = "exclusion" if excluded else "limit" if _is_limit(node) else "concept"
        number = 1 + sum(concept.kind == kind for concept in concepts)
        concepts.append(Concept(number, "", node, kind, _terms(node, text)))
    return tuple(_named(concepts, declared))


def term_text(leaf: Node) -> str:
    """A term in a neutral notation: `*` any ending, `?` one character or none, `_` one character."""
    match leaf:
        case Scoped(node=inner):
            return term_text(inner)
        case Word(parts=parts):
            return "".join([part if isinstance(part, str) else _wild_text(part) for part in parts])
        case Phrase(words=words):
            return " ".join([term_text(word) for word in words])
        case Near(operands=operands, between=between):
            return f" near/{between} ".join([" | ".join(map(term_text, leaves(operand))) for operand in operands])
        case Heading(text=text):
            return text
        case DateRange(first=first, last=last):
            return f"{first or '…'} to {last or '…'}"
        case UidRange(first=low, last=high):
            return f"{'…' if low is None else low} to {'…' if high is None else high}"
        case _:
            return ""


def _wild_text(wild: Wild) -> str:
    if wild == ANY_ENDING:
        return "*"
    return {(0, 1): "?", (1, 1): "_"}.get((wild.least, wild.most or 0), f"*{wild.most or ''}")


def _parts(node: Node) -> Iterable[tuple[Node, bool]]:
    waiting = [(node, False)]
    while waiting:
        node, excluded = waiting.pop()
        if isinstance(node, And) and not excluded:
            waiting.extend((operand, False) for operand in reversed(node.operands))
        elif isinstance(node, Not) and not excluded:
            waiting += [(node.right, True), (node.left, False)]
        else:
            yield node, excluded


def _is_limit(node: Node) -> bool:
    return all(
        isinstance(leaf, DateRange | UidRange) or (isinstance(leaf, Scoped) and set(leaf.fields) <= _LIMITING)
        for leaf in leaves(node)
    )


def _terms(node: Node, text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_term(leaf, text) for leaf in leaves(node)))


def _term(leaf: Node, text: str) -> str:
    inner = leaf.node if isinstance(leaf, Scoped) else leaf
    place = inner.place
    # The places of a phrase's words leave out its quotation marks and the field behind it.
    if isinstance(inner, Phrase) and inner.words[-1].place != NOWHERE:
        place = Place(inner.words[0].place.start, inner.words[-1].place.end)
    written = " ".join(text[place.start : place.end].split())
    return (written.strip(_QUOTES) if isinstance(inner, Word | Phrase) else written) or term_text(leaf)


def _named(concepts: list[Concept], declared: Sequence[tuple[str, Sequence[str]]]) -> Iterable[Concept]:
    wanted = [(name, {_key(term) for term in terms}) for name, terms in declared]
    for concept in concepts:
        said = {_key(term) for term in concept.terms}
        fitting = [name for name, terms in wanted if terms and (terms <= said or said <= terms)]
        named = concept.kind == "concept" and len(fitting) == 1
        yield replace(concept, name=fitting[0]) if named else concept


def _key(term: str) -> str:
    return " ".join(folded(term).split())
