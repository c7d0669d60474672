"""Keys that too many records share: what meets all the same, at what cost, and what is told of the rest."""

from itertools import combinations

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from effort import FEW
from families import ONE_MORE
from hypothesis import given
from hypothesis import strategies as st

import dedup
from dedup import block
from dedup.collection import learn
from dedup.members import gather
from dedup.scratch import scratch

TITLE = {"title": "Salt intake and blood pressure in coastal villages"}


def crowd(number: int) -> list[dict[str, object]]:
    """Other reports that bear the same title."""
    return [
        TITLE
        | {
            "authors": [f"{'abcdefghijklmnopqrstuvwxyz'[n % 26] * 4}{'aeiou'[n // 26 % 5]}son, Ann"],
            "year": 1950 + n % 50,
            "journal": f"{'bcdfghjklmnpqrstvwxz'[n % 20] * 3}ica {'aeiou'[n // 20 % 5]}ria",
            "volume": str(100 + n),
            "pages": f"{1000 + 11 * n}-{1003 + 11 * n}",
        }
        for n in range(number)
    ]


@pytest.fixture(scope="module")
def blocked(con):
    """The pairs that come together among new and known records, and what is said of common keys."""

    def call(new: pa.Table, known: pa.Table, cap: int) -> tuple[set[tuple[int, int]], list[dict[str, int]]]:
        with scratch(con) as space:
            lent = {"new": new, "known": known, "new_keys": dedup.keys(con, new), "known_keys": dedup.keys(con, known)}
            lent |= {"groups": dedup.STORED_GROUPS.empty_table(), "released": dedup.RELEASED.empty_table()}
            lent |= dict.fromkeys(("together", "apart", "asked"), dedup.DECIDED.empty_table())
            for name, table in lent.items():
                space.lend(name, table)
            gather(space, new, known, learn(space, ("new", "known")))
            pairs, capped = block.pairs(space, cap)
            return {
                (pair["x_id"], pair["y_id"]) for part in pairs.parts(100) for pair in part.to_pylist()
            }, capped.to_pylist()

    return call


@FEW
@given(data=st.data())
def test_identical_records_merge_under_common_keys_in_any_order_and_split(data, normalised, run, groups_of) -> None:
    twins = [TITLE | {field: value, "source": side} for field, value in ONE_MORE.items() for side in ("one", "other")]
    rows = data.draw(st.permutations(crowd(8) + twins))
    table = normalised(rows)
    # Most twins are split: one of the two comes in a later update.
    later = {1 + place for place, row in enumerate(rows) if data.draw(st.booleans()) or row.get("source") == "other"}
    chosen = pc.is_in(table["record_id"], pa.array(sorted(later), pa.int64()))
    old, new = table.filter(pc.invert(chosen)), table.filter(chosen)
    before = groups_of(run(old, key_cap=2))
    outcome = run(new, old, groups=list(before.items()), key_cap=2)
    assert outcome.capped.num_rows > 0
    groups = groups_of(outcome)
    for at in range(0, len(twins), 2):
        x, y = (1 + next(place for place, row in enumerate(rows) if row is twin) for twin in twins[at : at + 2])
        assert groups[x] == groups[y], twins[at]


@pytest.mark.parametrize("field", ["authors", "year", "journal", "volume", "issue", "pages"])
def test_records_under_a_common_key_meet_by_one_more_field(field: str, normalised, blocked) -> None:
    more = {"abstract": "Told by the second record only."}
    rows = [TITLE | {field: ONE_MORE[field]}, *crowd(20), TITLE | {field: ONE_MORE[field]} | more]
    pairs, capped = blocked(normalised(rows), dedup.NORMALISED.empty_table(), 5)
    assert capped
    assert (1, 22) in pairs


def test_the_work_under_a_common_key_grows_with_its_records(normalised, blocked) -> None:
    """Even where all of them agree in the second field too."""
    numbers = {}
    for size in (100, 400):
        rows = [row | {"year": 2001, "volume": "7", "journal": "Annals of Calm"} for row in crowd(size)]
        pairs, capped = blocked(normalised(rows), dedup.NORMALISED.empty_table(), 10)
        assert max(row["records"] for row in capped) == size
        numbers[size] = len(pairs)
    assert numbers[100] < numbers[400] < 5 * numbers[100]


def test_the_nearest_meet_where_a_second_field_is_common_too(normalised, blocked) -> None:
    rows = [row | {"year": 2001, "pages": None, "volume": None, "journal": None} for row in crowd(40)]
    rows.append(rows[11] | {"authors": [*rows[11]["authors"], "Second, Sam"], "issue": "3"})
    pairs, _ = blocked(normalised(rows), dedup.NORMALISED.empty_table(), 1)
    assert (12, 41) in pairs


@FEW
@given(data=st.data(), known=st.integers(0, 12), cap=st.integers(1, 6))
def test_what_the_cap_dropped_is_told_exactly(data, known, cap, con, normalised, blocked) -> None:
    base = crowd(12)
    rows = [data.draw(st.sampled_from(base)) | {"issue": str(n)} for n in range(18)]
    table = normalised(rows)
    table = table.sort_by("record_id")
    old, new = table.slice(0, known), table.slice(known)
    pairs, capped = blocked(new, old, cap)
    held: dict[int, list[int]] = {}
    for row in dedup.keys(con, table).to_pylist():
        held.setdefault(row["key"], []).append(row["record_id"])
    asked = {key: ids for key, ids in held.items() if len(set(ids)) > cap and max(ids) > known}
    assert {row["key"]: row["records"] for row in capped} == {key: len(ids) for key, ids in asked.items()}
    for row in capped:
        wanted = {pair for pair in combinations(sorted(set(asked[row["key"]])), 2) if pair[1] > known}
        assert row["dropped"] == len(wanted - pairs)
        assert row["example"] == min(asked[row["key"]])
