import numpy as np
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.cluster import Pairs, Refusal, components, join_one_by_one
from dedup.cluster import cluster as cluster_columns

UNITS = st.integers(0, 11)
PAIRS = st.lists(
    st.tuples(UNITS, UNITS).filter(lambda p: p[0] != p[1]).map(lambda p: (min(p), max(p))), max_size=14, unique=True
)


def columns(pairs) -> Pairs:
    x, y = np.array(list(pairs), np.int64).reshape(-1, 2).T
    return x, y


def cluster(edges, **others) -> tuple[dict[int, int], list[Refusal]]:
    """Both ways of joining, which must come to the same."""
    given = {name: columns(pairs) for name, pairs in others.items()}
    # The edges come in any order: here the other way round.
    best_last = columns(edges[::-1])
    found = cluster_columns(best_last, best_first=lambda places: places[::-1], **given)
    groups = dict(zip(found.units.tolist(), found.groups.tolist(), strict=True))
    alone, refused = join_one_by_one(edges, **others)
    assert {unit: alone.get(unit, unit) for unit in groups} == groups
    assert all(alone[unit] == unit for unit in alone.keys() - groups.keys())
    assert sorted(map(str, refused)) == sorted(map(str, found.refused))
    return groups, refused


def joined(groups, pair) -> bool:
    x, y = (groups.get(unit, unit) for unit in pair)
    return x == y


@settings(max_examples=examples(300), deadline=None)
@given(edges=PAIRS, vetoes=PAIRS, apart=PAIRS, together=PAIRS, released=st.dictionaries(UNITS, st.integers(0, 3)))
def test_constraints_hold_through_every_group(edges, vetoes, apart, together, released) -> None:
    groups, refused = cluster(
        edges, stored=[], together=together, apart=apart, vetoes=vetoes, released=released.items()
    )
    assert not any(joined(groups, pair) for pair in apart)
    if not together:
        assert not any(joined(groups, pair) for pair in vetoes)
        units = list(released)
        for x in units:
            for y in units:
                assert released[x] == released[y] or not joined(groups, (x, y))
    for pair in (*edges, *together):
        assert joined(groups, pair) or any(r.pair == pair for r in refused)
    for refusal in refused:
        x, y = refusal.between
        assert not joined(groups, (x, y)) or together
    assert all(label == min(u for u in groups if groups[u] == label) for label in groups.values())


def test_a_chain_does_not_join_what_a_veto_forbids() -> None:
    groups, refused = cluster([(1, 2), (2, 3)], stored=[], together=[], apart=[], vetoes=[(1, 3)], released=[])
    assert groups == {1: 1, 2: 1, 3: 3}
    assert [(r.pair, r.bar, r.between) for r in refused] == [((2, 3), "veto", (1, 3))]


def test_a_person_joins_what_a_veto_forbids() -> None:
    groups, refused = cluster([], stored=[], together=[(1, 3)], apart=[], vetoes=[(1, 3)], released=[(1, 7), (3, 8)])
    assert groups == {1: 1, 3: 1}
    assert refused == []


def test_two_released_reports_stay_two() -> None:
    groups, refused = cluster([(1, 2), (2, 3)], stored=[], together=[], apart=[], vetoes=[], released=[(1, 7), (3, 8)])
    assert groups == {1: 1, 2: 1, 3: 3}
    assert [(r.pair, r.bar, r.between) for r in refused] == [((2, 3), "both_released", (1, 3))]


def test_decisions_that_contradict_over_a_third_record_are_refused_not_forgotten() -> None:
    groups, refused = cluster([], stored=[], together=[(1, 2), (2, 3)], apart=[(1, 3)], vetoes=[], released=[])
    assert groups == {1: 1, 2: 1, 3: 3}
    assert [(r.pair, r.bar) for r in refused] == [((2, 3), "apart")]


def test_components() -> None:
    units, smallest = components(columns([(5, 2), (9, 2)]), columns([(7, 8)]), columns([]))
    assert units.tolist() == [2, 5, 7, 8, 9]
    assert smallest.tolist() == [2, 2, 7, 7, 2]


def test_a_long_chain_is_one_component() -> None:
    ends = np.random.default_rng(1).permutation(5000)
    units, smallest = components((ends[:-1], ends[1:]))
    assert len(units) == 5000
    assert set(smallest.tolist()) == {0}
