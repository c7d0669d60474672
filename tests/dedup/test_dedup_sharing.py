"""Who shares a key, held against a loop over all pairs; records picked by their places."""

from itertools import combinations

import numpy as np
import pyarrow as pa
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.columns import KEYS
from dedup.crew import Parcel, packed
from dedup.sharing import YEARS_APART, Met, collected, numbers_of, sharing

CAP = 3
MEMBERS = st.dictionaries(
    st.integers(1, 40), st.tuples(st.booleans(), st.none() | st.integers(2000, 2006)), min_size=1, max_size=12
)


@settings(max_examples=examples(300), deadline=None)
@given(members=MEMBERS, data=st.data())
def test_those_meet_that_share_a_key_with_few(members, data) -> None:
    ids = sorted(members)
    held = data.draw(st.lists(st.tuples(st.sampled_from([*ids, 99]), st.integers(0, 5)), max_size=40))
    table = pa.table(
        {
            "record_id": ids,
            "unit": ids,
            "fresh": [members[one][0] for one in ids],
            "year": pa.array([members[one][1] for one in ids], pa.int32()),
        }
    )
    keys = pa.table([pa.array(column, pa.int64()) for column in zip(*held, strict=True)] or [[], []], schema=KEYS)

    found = sharing(keys, table, CAP)

    expected, crowded = set(), set()
    for key in range(6):
        units = sorted({record for record, one in held if one == key and record in members})
        if len(units) > CAP:
            crowded |= {(key, unit) for unit in units}
            continue
        for x, y in combinations(units, 2):
            years = members[x][1], members[y][1]
            far = None not in years and abs(years[0] - years[1]) >= YEARS_APART
            if (members[x][0] or members[y][0]) and not (key % 2 and far):
                expected.add((x, y))
    assert told(Met(np.array(ids), collected([found.pairs, found.pairs[:3]]))) == sorted(expected)
    assert {(row["key"], row["unit"]) for row in found.crowded.to_pylist()} == crowded


@settings(max_examples=examples(100), deadline=None)
@given(ids=st.sets(st.integers(1, 10**12), min_size=2, max_size=20), rows=st.integers(1, 9), data=st.data())
def test_pairs_are_told_by_their_numbers(ids, rows, data) -> None:
    ordered = sorted(ids)
    pairs = sorted(data.draw(st.sets(st.sampled_from(list(combinations(ordered, 2))))))
    some = set(data.draw(st.sets(st.sampled_from(ordered))))
    x, y = (np.array([pair[end] for pair in pairs], np.int64) for end in (0, 1))
    met = Met(np.array(ordered), numbers_of(np.array(ordered), x, y))
    assert met.numbers.tolist() == sorted(met.numbers.tolist())
    assert told(met) == pairs
    assert [pair for part in met.parts(rows) for pair in rows_of(part)] == pairs
    assert told(Met.of(pa.table({"x_id": x, "y_id": y}))) == pairs
    (inside,) = met.among(np.array(sorted(some), np.int64))
    assert rows_of(inside) == [pair for pair in pairs if some.issuperset(pair)]
    assert met.records().tolist() == sorted({end for pair in pairs for end in pair})


def rows_of(table: pa.Table) -> list[tuple[int, int]]:
    return [(row["x_id"], row["y_id"]) for row in table.to_pylist()]


def told(met: Met) -> list[tuple[int, int]]:
    (part,) = met.parts(10**6)
    return rows_of(part)


@settings(max_examples=examples(100), deadline=None)
@given(sizes=st.lists(st.integers(0, 7), max_size=6), rows=st.integers(1, 9), data=st.data())
def test_parts_of_a_parcel_hold_the_chosen_rows_in_their_order(sizes, rows, data) -> None:
    begins = np.cumsum([0, *sizes])
    schema = pa.schema([("number", pa.int64()), ("words", pa.list_(pa.string()))])
    tables = [
        pa.Table.from_pylist([{"number": n, "words": ["w"] * (n % 3)} for n in range(begin, end)], schema)
        for begin, end in zip(begins[:-1].tolist(), begins[1:].tolist(), strict=True)
    ]
    whole = pa.concat_tables([schema.empty_table(), *tables])
    chosen = sorted(data.draw(st.sets(st.integers(0, max(whole.num_rows - 1, 0))))) if whole.num_rows else []

    parts = [part.table for part in Parcel(whole, np.array(chosen, np.int64)).parts(rows)]

    assert pa.concat_tables(parts) == whole.take(pa.array(chosen, pa.int64()))
    assert all(part.num_rows <= rows for part in parts)
    assert packed(whole) == whole
