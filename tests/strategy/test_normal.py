"""When two searches mean the same, and the forms that writers need."""

import pytest

from livingsearch.errors import SearchTextError
from livingsearch.strategy.dialects import Dialect
from livingsearch.strategy.normal import at_groups, at_leaves, flat, same_search, with_fields
from livingsearch.strategy.search import Line, Search
from livingsearch.strategy.tree import And, Limited, LineRef, Near, Node, Not, Or, Phrase, Place, Scoped, Word

A, B, C, D = (Word.of(letter) for letter in "abcd")
TI, AB, BOTH = ("title",), ("abstract",), ("title", "abstract")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (And((A, And((B, C)))), And((C, B, A))),
        (Or((A, A, B)), Or((B, A))),
        (And((A,)), A),
        (Scoped(Or((A, B)), BOTH), Or((Scoped(Or((A, B)), TI), Scoped(Or((A, B)), AB)))),
        (Scoped(And((A, B)), BOTH), And((Scoped(A, BOTH), Scoped(B, ("abstract", "title"))))),
        (Scoped(Scoped(A, TI), AB), Scoped(A, TI)),
        (Near((A, B), 2), Near((B, A), 2)),
        (Limited(A, (B,)), And((A, B))),
        (Phrase((A,)), A),
        (Word.of("Peer"), Word.of("peer")),
        (Scoped(Not(A, B), TI), Not(Scoped(A, TI), Scoped(B, TI))),
    ],
)
def test_the_same_search(one: Node, other: Node) -> None:
    assert same_search(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (And((A, B)), Or((A, B))),
        (Not(A, B), Not(B, A)),
        (Near((A, B), 2, True), Near((B, A), 2, True)),
        (Near((A, B), 2), Near((A, B), 3)),
        (Scoped(A, TI), A),
        (Phrase((A, B)), And((A, B))),
        (Word.of("a", True), A),
        # Both words in one field is less than each in either.
        (Scoped(And((A, B)), BOTH), Or((Scoped(And((A, B)), TI), Scoped(And((A, B)), AB)))),
    ],
)
def test_not_the_same_search(one: Node, other: Node) -> None:
    assert not same_search(one, other)


def test_fields_go_out_as_far_as_they_are_shared() -> None:
    tree = And((Or((Scoped(A, BOTH), Scoped(B, BOTH))), Or((Scoped(C, BOTH), Scoped(D, BOTH)))))
    assert at_groups(tree) == Scoped(And((Or((A, B)), Or((C, D)))), BOTH)
    mixed = And((Or((Scoped(A, BOTH), Scoped(B, BOTH), Scoped(C, TI))), Scoped(D, TI)))
    assert at_groups(mixed) == And((Or((Scoped(Or((A, B)), BOTH), Scoped(C, TI))), Scoped(D, TI)))
    assert same_search(at_groups(mixed), mixed)
    assert at_leaves(at_groups(tree)) == tree


def test_default_fields_leave_fields_alone() -> None:
    tree = Or((A, Scoped(B, TI), Not(C, LineRef(1))))
    assert with_fields(tree, AB) == Or((Scoped(A, AB), Scoped(B, TI), Not(Scoped(C, AB), LineRef(1))))


def test_flat_keeps_the_order() -> None:
    assert flat(Or((C, Or((A, B)), And((A, And((B, C))))))) == Or((C, A, B, And((A, B, C))))


def search_of(*nodes: Node) -> Search:
    lines = tuple(Line(at, node, Place(0, 1)) for at, node in enumerate(nodes, 1))
    return Search("text", Dialect("ovid"), lines, numbered=True)


def test_references_are_replaced() -> None:
    assert search_of(A, B, Or((LineRef(1), LineRef(2))), And((LineRef(3), C))).tree == And((Or((A, B)), C))


@pytest.mark.parametrize("number", [2, 3, 0])
def test_a_reference_needs_a_line_above(number: int) -> None:
    with pytest.raises(SearchTextError, match=f"line {number} is referred to"):
        _ = search_of(A, LineRef(number), B).tree


def test_lines_that_double_themselves_are_refused_at_once() -> None:
    doubling = [A, *(Or((LineRef(at), LineRef(at))) for at in range(1, 60))]
    with pytest.raises(SearchTextError, match="too deep or too large"):
        _ = search_of(*doubling).tree
