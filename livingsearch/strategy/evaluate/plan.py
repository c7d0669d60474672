"""A search made ready to be asked of many records: fields as columns, terms as expressions."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Literal

from livingsearch.strategy.evaluate.patterns import (
    CannotJudge,
    author_pattern,
    near_as_nodes,
    near_patterns,
    text_pattern,
    value_pattern,
)
from livingsearch.strategy.evaluate.values import language_forms
from livingsearch.strategy.tree import (
    And,
    DateRange,
    Heading,
    Limited,
    LineRef,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Scoped,
    UidRange,
    Word,
    children,
)

Silent = Literal["no", "ungiven", "unknown"]
"""What it means that nothing is found: no; no where the record gives the field, else unknown; unknown."""
HEADINGS, MAIN_HEADINGS = "headings", "main_headings"
"""No columns of records: made of keywords, without subheadings (`Depression/th [Therapy]`, `Depression -- Therapy`)."""
_AT_ONCE = 200
"""Terms of one expression; RE2 is slower with many thousands, and takes no endless ones."""
_MOST_STEPS = 2
"""Operands of one Near that may hold And."""


@dataclass(frozen=True, slots=True)
class Contains:
    """Any of the columns holds what the expression finds."""

    columns: tuple[str, ...]
    pattern: str
    silent: Silent


@dataclass(frozen=True, slots=True)
class All:
    """All parts."""

    parts: "tuple[Plan, ...]"


@dataclass(frozen=True, slots=True)
class Any:
    """Any part."""

    parts: "tuple[Plan, ...]"


@dataclass(frozen=True, slots=True)
class Without:
    """The left, not the right."""

    left: "Plan"
    right: "Plan"


@dataclass(frozen=True, slots=True)
class Published:
    """Published between two days."""

    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class Numbers:
    """A PMID between two numbers."""

    first: int | None
    last: int | None


@dataclass(frozen=True, slots=True)
class Unknown:
    """What words of a record cannot decide."""


Plan = Contains | All | Any | Without | Published | Numbers | Unknown


@dataclass(frozen=True, slots=True)
class _Rule:
    """Where a field of a search is looked for in a record."""

    columns: tuple[str, ...]
    silent: Silent = "no"
    kind: Literal["text", "value", "author", "language"] = "text"


_WORDS = ("title", "title_original", "abstract", "keywords")
TEXT_WORD = ("text_word",)
"""Where terms without a field are looked for."""

_RULES: dict[str, _Rule] = {
    "title": _Rule(("title",)),
    "abstract": _Rule(("abstract",)),
    "author_keywords": _Rule(("keywords",)),
    "keywords": _Rule(("keywords",)),
    "text_word": _Rule(_WORDS),
    "all": _Rule((*_WORDS, "authors", "journal", "journal_abbreviation", "publication_types", "languages")),
    "heading_word": _Rule(("keywords",), "unknown"),
    "subject_heading": _Rule(("keywords", HEADINGS), "unknown", "value"),
    "subject_heading_major": _Rule((MAIN_HEADINGS,), "unknown", "value"),
    "author": _Rule(("authors",), "ungiven", "author"),
    "journal": _Rule(("journal", "journal_abbreviation"), "ungiven"),
    "publication_type": _Rule(("publication_types",), "ungiven", "value"),
    "language": _Rule(("languages",), "ungiven", "language"),
    "identifier": _Rule(("doi", "pmid", "pmcid"), "ungiven", "value"),
    "uid": _Rule(("pmid", "accession"), "ungiven", "value"),
}


def columns_of(fields: Iterable[str]) -> tuple[str, ...]:
    """The columns of records that fields are looked for in; none for a field that records do not have."""
    columns = [column for name in fields if name in _RULES for column in _RULES[name].columns]
    return tuple(dict.fromkeys("keywords" if column in (HEADINGS, MAIN_HEADINGS) else column for column in columns))


def plan_of(tree: Node) -> Plan:
    """Makes a search ready.

    Args:
        tree: without references to lines.

    Raises:
        ValueError: it refers to a line.
    """
    return _Planner().plan(tree, TEXT_WORD)


class _Planner:
    """Plans every node once for the fields around it: lines that are referred to often are shared."""

    def __init__(self) -> None:
        self._done: dict[tuple[int, tuple[str, ...]], Plan] = {}

    def plan(self, node: Node, fields: tuple[str, ...]) -> Plan:
        key = (id(node), fields)
        if key not in self._done:
            self._done[key] = self._plan(node, fields)
        return self._done[key]

    def _plan(self, node: Node, fields: tuple[str, ...]) -> Plan:
        match node:
            case Scoped(node=inner, fields=own):
                return self.plan(inner, own)
            case Word() | Phrase() | Near():
                return _leaf(node, fields)
            case Or(operands=operands):
                return _any([self.plan(operand, fields) for operand in operands])
            case And(operands=operands):
                return _all([self.plan(operand, fields) for operand in operands])
            case Limited(node=inner, limits=limits):
                return _all([self.plan(part, fields) for part in (inner, *limits)])
            case Not(left=left, right=right):
                return Without(self.plan(left, fields), self.plan(right, fields))
            case Heading():
                return _heading(node)
            case DateRange(dated="date_publication", first=first, last=last):
                return Published(first, last)
            case DateRange():
                return Unknown()
            case UidRange(first=low, last=high):
                return Numbers(low, high)
            case LineRef(number=number):
                raise ValueError(f"the tree refers to line {number}; resolve its lines first")


def _leaf(leaf: Word | Phrase | Near, fields: tuple[str, ...]) -> Plan:
    return _any([_in_field(leaf, _RULES.get(name)) for name in fields])


def _in_field(leaf: Word | Phrase | Near, rule: _Rule | None) -> Plan:
    if rule is None:
        return Unknown()
    try:
        if isinstance(leaf, Near):
            return _near(leaf, rule)
        if rule.kind == "language":
            forms = [text_pattern(Word((form,))) for form in language_forms(_text(leaf))]
            return _any([Contains(rule.columns, form, rule.silent) for form in forms])
        make = {"text": text_pattern, "value": value_pattern, "author": author_pattern}[rule.kind]
        return Contains(rule.columns, make(leaf), rule.silent)
    except CannotJudge:
        return Unknown()


def _near(near: Near, rule: _Rule, step: int = 0) -> Plan:
    spread = near_as_nodes(near)
    if not isinstance(spread, Near):
        if step == _MOST_STEPS:
            raise CannotJudge
        parts = [_near(part, rule, step + 1) for part in children(spread) if isinstance(part, Near)]
        return _all(parts) if isinstance(spread, And) else _any(parts)
    sure, wide = near_patterns(spread)
    found = Contains(rule.columns, sure, rule.silent)
    if wide is None:
        return found
    return Any((found, All((Contains(rule.columns, wide, rule.silent), Unknown()))))


def _heading(heading: Heading) -> Plan:
    if heading.qualifiers:
        return Unknown()
    rule = _RULES["subject_heading_major" if heading.major else "subject_heading"]
    try:
        return Contains(rule.columns, value_pattern(Word((heading.text,))), rule.silent)
    except CannotJudge:
        return Unknown()


def _text(leaf: Word | Phrase) -> str:
    return " ".join([word.text for word in leaf.words]) if isinstance(leaf, Phrase) else leaf.text


def _all(parts: list[Plan]) -> Plan:
    return parts[0] if len(parts) == 1 else All(tuple(parts))


def _any(parts: list[Plan]) -> Plan:
    """Any part; what is looked for in the same way becomes one expression, which costs about as much as one term."""
    flat = [inner for part in parts for inner in (part.parts if isinstance(part, Any) else (part,))]
    columns: dict[tuple[str, Silent], set[str]] = {}
    others: dict[int, Plan] = {}
    for part in flat:
        if isinstance(part, Contains) and part.silent == "no":
            columns.setdefault((part.pattern, part.silent), set()).update(part.columns)
        else:
            others[id(part)] = part
    together: dict[tuple[tuple[str, ...], Silent], list[str]] = {}
    for (pattern, silent), names in columns.items():
        together.setdefault((tuple(sorted(names)), silent), []).append(pattern)
    joined: list[Plan] = [
        Contains(names, "|".join(some), silent)
        for (names, silent), patterns in together.items()
        for some in _pieces(patterns)
    ]
    whole = (*joined, *others.values())
    return whole[0] if len(whole) == 1 else Any(whole)


def _pieces(patterns: list[str]) -> Iterable[list[str]]:
    waiting = iter(patterns)
    while some := list(islice(waiting, _AT_ONCE)):
        yield some
