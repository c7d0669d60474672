"""Brackets and operators: what the Boolean grammars of all platforms share.

Each platform cuts its text into pieces (terms, operators, brackets, field tags) and says how tightly its
operators bind; this makes a tree of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from livingsearch.errors import SearchTextError
from livingsearch.strategy.findings import Finding, Severity, search_error
from livingsearch.strategy.search import MAX_DEPTH
from livingsearch.strategy.tree import And, Near, Node, Not, Or, Place, Scoped

_LONGEST_BRACKETED = 200
OperatorName = Literal["and", "or", "not", "near"]


@dataclass(frozen=True, slots=True)
class Term:
    """What stands between operators: a word, a phrase, a heading, a reference …, its own field tag included."""

    node: Node
    place: Place


@dataclass(frozen=True, slots=True)
class Operator:
    """An operator; `between` and `ordered` speak of proximity only."""

    name: OperatorName
    place: Place
    between: int = 0
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Open:
    """An opening bracket."""

    place: Place


@dataclass(frozen=True, slots=True)
class Close:
    """A closing bracket."""

    place: Place


@dataclass(frozen=True, slots=True)
class Before:
    """A field in front of the term or group that it holds for (EBSCOhost's `TI`)."""

    fields: tuple[str, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Behind:
    """A field behind the term or group that it holds for (Ovid's `.ti,ab.`)."""

    fields: tuple[str, ...]
    place: Place


Piece = Term | Operator | Open | Close | Before | Behind


@dataclass(frozen=True, slots=True)
class Binding:
    """How a platform reads operators.

    Args:
        levels: names of operators, the tightest level first; those of one level are read from left to right.
        mixed: how bad it is to mix OR with AND or NOT without brackets there.
        reads_mixed: how the platform reads such a mix, e.g. "AND before OR".
        side_by_side: the operator that stands between two terms with nothing between them; None where that is an
            error.
    """

    levels: tuple[frozenset[OperatorName], ...]
    mixed: Severity
    reads_mixed: str
    side_by_side: Literal["and", "or"] | None = None


@dataclass(slots=True)
class _Group:
    """What stands within one pair of brackets, as far as it was read."""

    opened: Place | None
    items: list[Term | Operator] = field(default_factory=list)
    waiting: list[Before] = field(default_factory=list)


def tree_of(pieces: Sequence[Piece], text: str, binding: Binding, findings: list[Finding], within: Place) -> Node:
    """Makes a tree of a platform's pieces.

    Args:
        pieces: in the order of the text.
        text: the whole search, for errors.
        binding: how the platform reads operators.
        findings: S004 and S011 are added to it.
        within: what the pieces were cut from; where an error about its end points to.

    Raises:
        SearchTextError: a bracket without a partner, an operator without a term, nothing at all, or more brackets
            within each other than MAX_DEPTH.
    """
    groups = [_Group(None)]
    for piece in pieces:
        group = groups[-1]
        match piece:
            case Open(place=place):
                if len(groups) > MAX_DEPTH:
                    raise search_error(f"more than {MAX_DEPTH} brackets stand within each other here", text, place)
                _expect_term_next(group, text, binding, findings, place)
                groups.append(_Group(place))
            case Close(place=place):
                if group.opened is None:
                    raise search_error(
                        "the bracket ) here closes nothing: none was opened before it", text, place, "S002"
                    )
                groups.pop()
                whole = Place(group.opened.start, place.end)
                _add(groups[-1], Term(_closed(group, text, binding, findings, whole), whole))
            case Term(place=place):
                _expect_term_next(group, text, binding, findings, place)
                _add(group, piece)
            case Operator():
                if group.waiting:
                    raise _no_term(group.waiting[-1].place, text, "this field tag is followed by an operator")
                group.items.append(piece)
            case Before(place=place):
                _expect_term_next(group, text, binding, findings, place)
                group.waiting.append(piece)
            case Behind(place=place):
                _tag_last(group, piece, text)
    if groups[-1].opened is not None:
        raise search_error("the bracket ( opened here is never closed", text, groups[-1].opened, "S002")
    return _closed(groups[-1], text, binding, findings, within)


def _expect_term_next(group: _Group, text: str, binding: Binding, findings: list[Finding], place: Place) -> None:
    if group.waiting or not group.items or isinstance(group.items[-1], Operator):
        return
    before = group.items[-1].place
    gap = Place(before.start, place.end)
    if binding.side_by_side is None:
        problem = (
            f"{_quoted(text, before)} and {_quoted(text, place)} stand side by side; AND or OR is expected between them"
        )
        raise search_error(problem, text, place, "S011")
    findings.append(
        Finding(
            "S011",
            "note",
            f"Nothing stands between these two terms: they are joined with {binding.side_by_side.upper()}.",
            gap,
            text[gap.start : gap.end],
            f"{text[before.start : before.end]} {binding.side_by_side.upper()} {text[place.start : place.end]}",
        )
    )
    group.items.append(Operator(binding.side_by_side, Place(before.end, place.start)))


def _add(group: _Group, term: Term) -> None:
    node, start = term.node, term.place.start
    for tag in reversed(group.waiting):
        start = min(start, tag.place.start)
        node = Scoped(node, tag.fields, Place(start, term.place.end))
    group.waiting.clear()
    group.items.append(Term(node, Place(start, term.place.end)))


def _tag_last(group: _Group, tag: Behind, text: str) -> None:
    last = group.items[-1] if group.items else None
    if not isinstance(last, Term):
        raise _no_term(tag.place, text, "this field tag stands behind no term")
    place = Place(last.place.start, tag.place.end)
    group.items[-1] = Term(Scoped(last.node, tag.fields, place), place)


def _closed(group: _Group, text: str, binding: Binding, findings: list[Finding], whole: Place) -> Node:
    if group.waiting:
        raise _no_term(group.waiting[-1].place, text, "nothing stands behind this field tag")
    if not group.items:
        what = "these brackets hold nothing" if group.opened is not None else "the search is empty"
        raise search_error(f"{what}; a term is expected", text, whole)
    previous: Term | Operator | None = None
    for item in group.items:
        if isinstance(item, Operator) and not isinstance(previous, Term):
            behind = f"{_quoted(text, item.place)} stands " + (
                "at the beginning" if previous is None else f"behind {_quoted(text, previous.place)}"
            )
            raise search_error(f"{behind}; a term is expected before it", text, item.place)
        previous = item
    if isinstance(previous, Operator):
        raise _no_term(previous.place, text, f"nothing stands behind {_quoted(text, previous.place)}")
    _note_mixture(group, text, binding, findings)
    items = group.items
    for level in binding.levels:
        items = _folded(items, level)
    (term,) = items
    if not isinstance(term, Term):
        raise AssertionError("operators were left over")
    return term.node


def _folded(items: list[Term | Operator], level: frozenset[OperatorName]) -> list[Term | Operator]:
    """Joins what the operators of one level hold together, from left to right; runs of the same one are one node."""
    out: list[Term | Operator] = []
    run: list[Term] = [_term(items[0])]
    held: Operator | None = None
    for at in range(1, len(items), 2):
        operator, right = items[at], _term(items[at + 1])
        if not isinstance(operator, Operator):
            raise AssertionError("terms and operators must take turns")
        if operator.name not in level:
            out += [_joined(held, run), operator]
            run, held = [right], None
        elif held is None or (operator.name != "not" and _same(held, operator)):
            run.append(right)
            held = operator
        else:
            run, held = [_joined(held, run), right], operator
    return [*out, _joined(held, run)]


def _term(item: Term | Operator) -> Term:
    if not isinstance(item, Term):
        raise AssertionError("terms and operators must take turns")
    return item


def _same(one: Operator, other: Operator) -> bool:
    return (one.name, one.between, one.ordered) == (other.name, other.between, other.ordered)


def _joined(operator: Operator | None, run: list[Term]) -> Term:
    if operator is None:
        return run[0]
    place = Place(run[0].place.start, run[-1].place.end)
    operands = tuple([term.node for term in run])
    match operator.name:
        case "and":
            return Term(And(operands, place), place)
        case "or":
            return Term(Or(operands, place), place)
        case "not":
            return Term(Not(operands[0], operands[1], place), place)
        case "near":
            return Term(Near(operands, operator.between, operator.ordered, place), place)


def _note_mixture(group: _Group, text: str, binding: Binding, findings: list[Finding]) -> None:
    names = {item.name for item in group.items if isinstance(item, Operator)}
    if "or" not in names or not names & {"and", "not"}:
        return
    place = Place(group.items[0].place.start, group.items[-1].place.end)
    findings.append(
        Finding(
            "S004",
            binding.mixed,
            f"OR stands beside AND or NOT without brackets; this platform reads {binding.reads_mixed}.",
            place,
            text[place.start : place.end],
            _bracketed(group.items, text, binding),
        )
    )


def _bracketed(items: list[Term | Operator], text: str, binding: Binding) -> str:
    """The text of a group as its platform reads it, with the brackets that it lacks; empty where it is long."""
    if len(items) > _LONGEST_BRACKETED:
        return ""
    pieces: list[tuple[str, OperatorName | None] | Operator] = [
        (text[item.place.start : item.place.end], None) if isinstance(item, Term) else item for item in items
    ]
    for level in binding.levels:
        out = [pieces[0]]
        for operator, right in zip(pieces[1::2], pieces[2::2], strict=True):
            left = out[-1]
            if not (isinstance(operator, Operator) and isinstance(left, tuple) and isinstance(right, tuple)):
                raise AssertionError("terms and operators must take turns")
            if operator.name not in level:
                out += [operator, right]
                continue
            sides = [f"({side})" if name not in (None, "near", operator.name) else side for side, name in (left, right)]
            word = text[operator.place.start : operator.place.end].strip() or operator.name.upper()
            out[-1] = (f"{sides[0]} {word} {sides[1]}", operator.name)
        pieces = out
    (whole,) = pieces
    return whole[0] if isinstance(whole, tuple) else ""


def _quoted(text: str, place: Place) -> str:
    shown = " ".join(text[place.start : place.end].split())
    return f"“{shown if len(shown) <= 40 else shown[:37] + '…'}”"


def _no_term(place: Place, text: str, problem: str) -> SearchTextError:
    return search_error(f"{problem}; a term is expected", text, place)
