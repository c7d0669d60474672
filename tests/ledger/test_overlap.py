"""Overlap and contribution: everything follows from how many reports each set of sources holds."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from livingsearch.ledger.contribution import Records, contributions
from livingsearch.ledger.overlap import SourceSet, held_by_source, pairs
from livingsearch.ledger.search_summary import IncludedReport, yields

SOURCES = ("a", "b", "c", "d")


def sets_of(reports: list[frozenset[str]]) -> list[SourceSet]:
    return [SourceSet(tuple(sorted(one)), reports.count(one)) for one in dict.fromkeys(reports)]


def test_a_small_example_by_hand() -> None:
    sets = [SourceSet(("a", "b"), 10), SourceSet(("a",), 5), SourceSet(("a", "b", "c"), 3), SourceSet(("c",), 1)]
    a, b, c, d = held_by_source(sets, SOURCES)
    assert (a.reports, a.unique, a.shared, a.credit) == (18, 5, 13, 5 + 5 + 1)
    assert (b.reports, b.unique, b.shared, b.credit) == (13, 0, 13, 5 + 1)
    assert (c.reports, c.unique, c.shared, c.credit) == (4, 1, 3, 1 + 1)
    assert (d.reports, d.unique, d.shared, d.credit) == (0, 0, 0, 0)
    assert {(p.first, p.second): p.reports for p in pairs(sets, ("a", "b", "c"))} == {
        ("a", "b"): 13,
        ("a", "c"): 3,
        ("b", "c"): 3,
    }


@settings(max_examples=40, deadline=None)
@given(st.lists(st.frozensets(st.sampled_from(SOURCES), min_size=1), max_size=40))
def test_sums_over_sets_are_those_over_reports(reports: list[frozenset[str]]) -> None:
    sets = sets_of(reports)
    for held in held_by_source(sets, SOURCES):
        mine = [one for one in reports if held.source in one]
        assert held.reports == len(mine)
        assert held.unique == len(reports) - len([one for one in reports if one - {held.source}])
        assert held.credit == pytest.approx(sum(1 / len(one) for one in mine))
    assert sum(held.credit for held in held_by_source(sets, SOURCES)) == pytest.approx(len(reports))
    for pair in pairs(sets, SOURCES):
        assert pair.reports == sum({pair.first, pair.second} <= one for one in reports)


def test_contribution_joins_records_and_reports() -> None:
    rows = contributions({"a": Records(30, 20, 15)}, [SourceSet(("a", "b"), 4)], ("a", "b"))
    assert [(r.source, r.records.identified, r.records.kept, r.removed, r.held.reports) for r in rows] == [
        ("a", 30, 15, 5, 4),
        ("b", 0, 0, 0, 4),
    ]


def test_yield_counts_what_no_source_brought() -> None:
    included = [
        IncludedReport("1", 1, ("a", "b")),
        IncludedReport("2", 2, ("a",)),
        IncludedReport("3", None, ()),
        IncludedReport("4", 4, ("b",)),
    ]
    a, b, c = yields(included, {"a": Records(9, 8, 8), "b": Records(5, 4, 1)}, ("a", "b", "c"))
    assert (a.found, a.unique, a.sensitivity, a.precision, a.number_needed_to_read) == (2, 1, 0.5, 0.25, 4.0)
    assert (b.found, b.unique, b.sensitivity, b.precision, b.number_needed_to_read) == (2, 1, 0.5, 0.5, 2.0)
    assert (c.found, c.sensitivity, c.precision, c.number_needed_to_read) == (0, 0.0, None, None)
    assert yields([], {}, ("a",))[0].sensitivity is None
