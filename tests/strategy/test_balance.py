"""Brackets and quotation marks that pair up, and those that do not."""

from datetime import date

import pytest

from livingsearch.errors import SearchTextError
from livingsearch.strategy.balance import check_balance
from livingsearch.strategy.tree import And, DateRange, Not, Or, Place, Scoped, Word, leaves, line_and_column

OVID = (
    "(peer$ OR 'expert by experience$' OR 'expert patient$') AND "
    "('personality disorder$' OR 'complex emotional needs$')"
)
PUBMED = (
    '(peer*[tiab] OR "expert by experience*"[tiab] OR "expert patient*"[tiab]) AND '
    '("personality disorder*"[tiab] OR "complex emotional needs*"[tiab])'
)


@pytest.mark.parametrize(
    "text",
    [
        OVID,
        PUBMED,
        "('peer$' OR 'expert by experience$')",
        "user's AND (carer OR carer's)",
        "users' AND (carers' OR x)",
        "'user's group' AND (x)",
        '"a (b"',
        "'a (b' OR c",
        '"a [b" OR (c)',
        '("2020/01/01"[crdt] : "3000"[crdt])',
        "“smart phrase” AND (x)",
        '"5\' end" AND x',
        "a ' b",
        "'peer$'.ti,ab.",
        "((a) OR ((b)))\nAND c",
    ],
)
def test_balanced(text: str) -> None:
    check_balance(text)


@pytest.mark.parametrize(
    ("text", "words", "line", "column"),
    [
        ("", "empty", 1, 1),
        (" \n\t", "empty", 1, 1),
        ("(a OR b", "( opened here is never closed", 1, 1),
        ("(a OR\n (b AND c)", "( opened here is never closed", 1, 1),
        ("x AND\n  (a OR b", "( opened here is never closed", 2, 3),
        ("a OR b)", "closes nothing", 1, 7),
        ("(a)) OR (b", "closes nothing", 1, 4),
        ("(peer[tiab)", "stands where ] is expected", 1, 11),
        ("peer[tiab", "[ opened here", 1, 5),
        ('(a OR "b c)', "quotation mark opened here is never closed", 1, 7),
        ('"a" OR b"', "quotation mark opened here", 1, 9),
        ("('peer$ OR 'expert$')", "single quotation mark opened here", 1, 2),
        ("(peer$' OR 'expert$')", "closes a phrase that was never opened", 1, 7),
        ("('peer$ OR x)", "single quotation mark opened here", 1, 2),
    ],
)
def test_unbalanced(text: str, words: str, line: int, column: int) -> None:
    with pytest.raises(SearchTextError) as caught:
        check_balance(text)
    assert words in caught.value.problem
    assert (caught.value.line, caught.value.column) == (line, column)


def test_every_missing_mark_of_the_documented_search_is_noticed() -> None:
    for at, mark in enumerate(OVID):
        if mark in "()'":
            with pytest.raises(SearchTextError):
                check_balance(OVID[:at] + OVID[at + 1 :])


def test_places_take_no_part_in_comparisons() -> None:
    here, there = Word.of("peer", True, Place(0, 5)), Word.of("peer", True, Place(7, 12))
    assert here == there
    assert here != Word.of("peer", False, Place(0, 5))


def test_leaves_come_in_the_order_of_the_text() -> None:
    day = DateRange("date_create", date(2020, 1, 1), None)
    tree = Not(And((Or((Word.of("a"), Word.of("b"))), Scoped(Word.of("c"), ("title",)))), day)
    assert list(leaves(tree)) == [Word.of("a"), Word.of("b"), Scoped(Word.of("c"), ("title",)), day]


def test_line_and_column() -> None:
    assert line_and_column("ab\ncd", 0) == (1, 1)
    assert line_and_column("ab\ncd", 4) == (2, 2)
    assert Place(3, 5).line_and_column("ab\ncd") == (2, 1)
