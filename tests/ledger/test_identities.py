"""The identities: every flow that adds up passes, every number changed by one is caught and named."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livingsearch.errors import IdentityBroken
from livingsearch.ledger.flow import Flow, SourceCounts, flow_from_dict, flow_to_dict, total_flow
from livingsearch.ledger.identities import broken_identities, require_identities


def column(slug: str, kind: str, known: int, duplicates: int, new: int) -> SourceCounts:
    return SourceCounts(
        slug, slug.title(), kind, True, date(2025, 8, 15), known + duplicates + new, known, duplicates, new
    )


def flow_of(columns: list[SourceCounts], update: int = 1) -> Flow:
    def total(name: str, *kinds: str) -> int:
        return sum(getattr(c, name) for c in columns if c.kind in kinds)

    return Flow(
        review_title="A review",
        update=update,
        updates=(update,),
        closed_at=datetime(2025, 8, 16, tzinfo=UTC),
        position=9,
        sources=tuple(columns),
        identified_databases=total("identified", "database"),
        identified_registers=total("identified", "register"),
        already_known=total("already_known", "database", "register"),
        duplicates=total("duplicates", "database", "register"),
        automation_excluded=0,
        other_reasons=0,
        to_screen=total("to_screen", "database", "register"),
        screened=None,
        possible_pairs=0,
    )


COUNTS = st.integers(0, 10_000_000)
COLUMNS = st.lists(
    st.builds(column, st.sampled_from("abcdef"), st.sampled_from(["database", "register"]), COUNTS, COUNTS, COUNTS),
    min_size=1,
    max_size=6,
    unique_by=lambda c: c.slug,
)


@given(COLUMNS)
def test_a_flow_that_adds_up_passes_and_survives_json(columns: list[SourceCounts]) -> None:
    flow = flow_of(columns)
    assert broken_identities(flow) == []
    assert flow_from_dict(flow_to_dict(flow)) == flow


@given(st.lists(COLUMNS, min_size=1, max_size=4))
def test_the_total_of_flows_that_add_up_adds_up(updates: list[list[SourceCounts]]) -> None:
    flows = [flow_of(columns, n) for n, columns in enumerate(updates, 1)]
    total = total_flow(flows)
    assert total.identified == sum(f.identified for f in flows)
    same_kind = {c.slug: {d.kind for f in flows for d in f.sources if d.slug == c.slug} for c in total.sources}
    if all(len(kinds) == 1 for kinds in same_kind.values()):
        assert broken_identities(total) == []


@pytest.mark.parametrize(
    ("field", "identity"),
    [
        ("identified_databases", "Identity 1"),
        ("identified_registers", "Identity 1"),
        ("already_known", "Identity 2"),
        ("duplicates", "Identity 2"),
        ("to_screen", "Identity 2"),
        ("automation_excluded", "Identity 2"),
        ("other_reasons", "Identity 2"),
    ],
)
@pytest.mark.parametrize("by", [-1, 1])
def test_a_number_off_by_one_is_caught_and_named(field: str, identity: str, by: int) -> None:
    flow = flow_of([column("a", "database", 5, 3, 7), column("b", "register", 0, 2, 1)])
    wrong = replace(flow, **{field: getattr(flow, field) + by})
    with pytest.raises(IdentityBroken, match=identity):
        require_identities(wrong)


@pytest.mark.parametrize("field", ["identified", "already_known", "duplicates", "to_screen"])
def test_a_source_that_does_not_add_up_is_named(field: str) -> None:
    flow = flow_of([column("a", "database", 5, 3, 7)])
    bad = replace(flow.sources[0], **{field: getattr(flow.sources[0], field) + 1})
    assert any("for a:" in sentence for sentence in broken_identities(replace(flow, sources=(bad,))))
