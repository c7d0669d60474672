"""What a query finds in the stand-in's records, and how QueryTranslation words it."""

from dataclasses import dataclass
from datetime import date

from livingsearch.standin.index import Lookup
from livingsearch.standin.reading import Reading, read_query
from livingsearch.standin.tags import LABELS
from livingsearch.standin.words import words_of
from livingsearch.strategy.tree import (
    And,
    DateRange,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Scoped,
    UidRange,
    Word,
)


@dataclass(frozen=True)
class Answer:
    """The outcome of a search.

    Args:
        pmids: what was found, the newest PMID first.
        translation: the query as it was run.
        reading: what was lost on the way.
    """

    pmids: tuple[int, ...]
    translation: str
    reading: Reading


def answer(query: str, index: Lookup, limit: DateRange | None = None) -> Answer:
    """Run a query.

    Args:
        query: as it came in `term`.
        index: the records.
        limit: a date limit that came as parameters beside the term.

    Returns:
        What it found, never an error: PubMed refuses no query.
    """
    reading = read_query(query, lambda words, truncated, fields: bool(index.term(words, truncated, fields)))
    tree = reading.tree
    if tree is None:
        return Answer((), query, reading)
    if limit is not None:
        tree = And((tree, limit), tree.place)
    found = _found(tree, index, reading)
    return Answer(tuple(sorted(found, reverse=True)), _shown(tree, query, reading, None), reading)


def _found(node: Node, index: Lookup, reading: Reading) -> set[int]:
    match node:
        case And(operands=operands):
            found = _found(operands[0], index, reading)
            for operand in operands[1:]:
                found &= _found(operand, index, reading)
            return found
        case Or(operands=operands):
            return set().union(*(_found(operand, index, reading) for operand in operands))
        case Not(left=left, right=right):
            return _found(left, index, reading) - _found(right, index, reading)
        case DateRange(dated=field, first=first, last=last):
            return index.dated(field, first, last)
        case UidRange(first=low, last=high):
            return index.numbered(low, high)
        case Scoped(node=Word() | Phrase() | Near() as leaf, fields=fields):
            return set() if node.place in reading.dropped else _leaf(leaf, fields, index)
        case Word() | Phrase() | Near():
            return _leaf(node, ("all",), index)
        case _:
            raise AssertionError(f"the lenient reading makes no {type(node).__name__}")


def _leaf(leaf: Word | Phrase | Near, fields: tuple[str, ...], index: Lookup) -> set[int]:
    match leaf:
        case Word():
            return index.term(words_of(leaf.text), leaf.truncated, fields)
        case Phrase(words=parts):
            return index.term(words_of(" ".join(word.text for word in parts)), leaf.truncated, fields)
        case Near(operands=operands, between=between):
            words = tuple(word for operand in operands if isinstance(operand, Word) for word in [operand.text])
            return index.near(words_of(" ".join(words)), between, fields)


def _shown(node: Node, query: str, reading: Reading, above: type[Node] | None) -> str:
    def part(inner: Node) -> str:
        return _shown(inner, query, reading, type(node))

    match node:
        case And(operands=operands):
            text = " AND ".join(part(operand) for operand in operands)
        case Or(operands=operands):
            # What matches nothing is left out of an OR: the warning lists are the only place that names it.
            kept = [operand for operand in operands if operand.place not in reading.dropped]
            text = " OR ".join(part(operand) for operand in kept or operands)
        case Not(left=left, right=right):
            text = f"{part(left)} NOT {part(right)}"
        case _:
            if node.place in reading.dropped:
                return query[node.place.start : node.place.end]
            return _leaf_shown(node)
    return f"({text})" if above else text


def _leaf_shown(leaf: Node) -> str:
    match leaf:
        case DateRange(dated=field, first=first, last=last):
            return f"{_day(first)}:{_day(last)}[{_label((field,))}]"
        case UidRange(first=low, last=high):
            return f"{low}[UID]" if low == high else f"{low}:{high}[UID]"
        case Scoped(node=Near(between=between) as near, fields=fields):
            return f'"{_words(near)}"[{_label(fields)}:~{between}]'
        case Scoped(node=Word() | Phrase() as inner, fields=fields):
            return f'"{_words(inner)}"[{_label(fields)}]'
        case Word() | Phrase() | Near():
            return f'"{_words(leaf)}"[All Fields]'
        case _:
            raise AssertionError(f"the lenient reading makes no {type(leaf).__name__}")


def _words(leaf: Word | Phrase | Near) -> str:
    match leaf:
        case Word():
            return leaf.text + "*" * leaf.truncated
        case Phrase(words=words):
            return " ".join(word.text for word in words) + "*" * leaf.truncated
        case Near(operands=operands):
            return " ".join(operand.text for operand in operands if isinstance(operand, Word))


def _label(fields: tuple[str, ...]) -> str:
    return LABELS.get(fields, "All Fields")


def _day(day: date | None) -> str:
    return day.strftime("%Y/%m/%d") if day else ""
