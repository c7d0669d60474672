"""What holds for any records in any order."""

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import dedup

SETTINGS = settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)


@pytest.fixture(scope="module")
def pool(normalised, works) -> pa.Table:
    """Records of several works with near ones between: parts, errata, abstracts, bare records."""
    records = []
    for work in works[:4]:
        base = work[0]
        records += [
            *work,
            base,
            base | {"title": base["title"] + ": Part I", "pages": "900-909", "doi": None},
            base | {"title": base["title"] + ": Part II", "pages": "910-919", "doi": None},
            base | {"title": "Erratum: " + base["title"], "pages": "999", "doi": None},
            base | {"pages": "S12", "volume": "99", "journal": "Congress of Everything", "doi": None},
            {"title": base["title"], "authors": base["authors"], "year": base["year"]},
            base | {"pmid": "1" + base["volume"], "doi": None},
            base | {"pmid": "2" + base["volume"], "doi": None},
        ]
    return normalised(records)


def verdicts(outcome: dedup.Outcome) -> pa.Table:
    return outcome.verdicts.sort_by([("x_id", "ascending"), ("y_id", "ascending")])


@SETTINGS
@given(data=st.data())
def test_the_order_of_rows_changes_nothing(data, pool, run) -> None:
    shuffled = pool.take(data.draw(st.permutations(range(pool.num_rows))))
    one, other = run(pool), run(shuffled, workers=2)
    assert one.groups.sort_by("record_id") == other.groups.sort_by("record_id")
    assert verdicts(one) == verdicts(other)


@SETTINGS
@given(data=st.data())
def test_decisions_and_releases_hold(data, pool, run, groups_of) -> None:
    ids = st.integers(1, pool.num_rows)
    pairs = st.lists(st.tuples(ids, ids).filter(lambda p: p[0] < p[1]), max_size=12, unique=True)
    apart = data.draw(pairs)
    near = [(n, n + 3) for n in range(1, pool.num_rows - 3, 11)]
    apart += [pair for pair in near if pair not in apart]
    released = data.draw(st.dictionaries(ids, st.integers(1, 30), max_size=40))
    groups = groups_of(run(pool, apart=apart, released=list(released.items())))
    assert all(groups[x] != groups[y] for x, y in apart)
    labels: dict[int, set[int]] = {}
    for record, label in released.items():
        labels.setdefault(groups[record], set()).add(label)
    assert all(len(inside) == 1 for inside in labels.values())
    together = [pair for pair in data.draw(pairs) if pair not in apart]
    joined = groups_of(run(pool, together=together))
    assert all(joined[x] == joined[y] for x, y in together)


@SETTINGS
@given(data=st.data())
def test_no_chain_joins_what_a_veto_keeps_apart(data, pool, run, groups_of) -> None:
    kept = data.draw(st.lists(st.integers(0, pool.num_rows - 1), min_size=20, unique=True))
    outcome = run(pool.take(sorted(kept)))
    groups = groups_of(outcome)
    for verdict in outcome.verdicts.to_pylist():
        same = groups[verdict["x_id"]] == groups[verdict["y_id"]]
        assert same == (verdict["outcome"] == "duplicate"), verdict


@SETTINGS
@given(data=st.data())
def test_deduplicating_again_changes_nothing(data, pool, run, groups_of) -> None:
    kept = pool.take(sorted(data.draw(st.lists(st.integers(0, pool.num_rows - 1), min_size=10, unique=True))))
    first = groups_of(run(kept))
    again = run(dedup.NORMALISED.empty_table(), kept, groups=list(first.items()))
    assert groups_of(again) == first
    assert again.verdicts.num_rows == 0


@SETTINGS
@given(
    title=st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=60).map(
        "Salt and pressure ".__add__
    ),
    author=st.text(min_size=1, max_size=12),
    pages=st.text(max_size=12),
    volume=st.text(max_size=8),
)
def test_identical_records_merge_whatever_they_say(title, author, pages, volume, normalised, run, groups_of) -> None:
    record = {
        "title": title,
        "authors": [author],
        "year": 2001,
        "journal": "Annals of Calm",
        "pages": pages,
        "volume": volume,
        "abstract": title * 4,
    }
    assert set(groups_of(run(normalised([record, record, record]))).values()) == {1}
