"""Who shares a key, held against a loop over all pairs; records picked by their places."""

from itertools import combinations

import numpy as np
import pyarrow as pa
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.columns import KEYS
from dedup.crew import Parcel, packed
from dedup.ranked import each
from dedup.sharing import YEARS_APART, numbers_of, pairs_of, sharing

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
    pairs = pairs_of(np.array(ids), each(found.pairs)).to_pylist()
    assert [(pair["x_id"], pair["y_id"]) for pair in pairs] == sorted(expected)
    assert {(row["key"], row["unit"]) for row in found.crowded.to_pylist()} == crowded


@settings(max_examples=examples(100), deadline=None)
@given(ids=st.sets(st.integers(1, 10**12), min_size=2, max_size=20), data=st.data())
def test_a_pairs_number_names_it_and_sorts_as_it_does(ids, data) -> None:
    held = np.array(sorted(ids))
    pairs = sorted(data.draw(st.sets(st.sampled_from(list(combinations(sorted(ids), 2))))))
    x, y = (np.array(side, np.int64) for side in zip(*pairs, strict=True)) if pairs else (np.empty(0, np.int64),) * 2
    numbers = numbers_of(held, x, y)
    assert numbers.tolist() == sorted(numbers.tolist())
    assert pairs_of(held, numbers).to_pylist() == [{"x_id": a, "y_id": b} for a, b in pairs]


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
