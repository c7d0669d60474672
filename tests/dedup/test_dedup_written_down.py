"""What is looked up and written down: ids among others, scores as one number, sentences at their places."""

import json
from itertools import pairwise

import duckdb
import numpy as np
import pyarrow as pa
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.ranked import found_among, joined, numbered, order_of, parted, places_among, repeated
from dedup.report import _at
from dedup.wording import SCORES, scores_told

# Ids that stand close together are looked up in a table, others are searched for.
IDS = st.one_of(
    st.lists(st.integers(-5, 60), unique=True, min_size=1, max_size=40),
    st.lists(st.integers(-(2**60), 2**60), unique=True, min_size=1, max_size=40),
)


@settings(max_examples=examples(300), deadline=None)
@given(ids=IDS, data=st.data())
def test_where_ids_stand_among_others(ids, data) -> None:
    wanted = data.draw(st.lists(st.sampled_from(ids), max_size=30))
    strange = data.draw(st.lists(st.integers(-(2**61), 2**61), max_size=5))
    array = np.array(ids, np.int64)

    places = places_among(array, np.array(wanted, np.int64))
    assert [ids[place] for place in places] == wanted

    ordered = sorted(ids)
    asked = wanted + strange
    places, found = found_among(np.sort(array), np.array(asked, np.int64))
    assert found.tolist() == [one in ids for one in asked]
    assert [ordered[place] for place, there in zip(places, found, strict=True) if there] == [
        one for one in asked if one in ids
    ]


def test_nothing_stands_among_nothing() -> None:
    places, found = found_among(np.empty(0, np.int64), np.array([3], np.int64))
    assert (places.tolist(), found.tolist()) == ([0], [False])


# Small ones are sorted with their places in them, large ones are not.
NUMBERS = st.one_of(st.lists(st.integers(-3, 9), max_size=40), st.lists(st.integers(-(2**63), 2**63 - 1), max_size=40))


@settings(max_examples=examples(300), deadline=None)
@given(values=NUMBERS)
def test_values_are_put_in_order_and_equal_ones_stay_as_they_were(values) -> None:
    assert order_of(np.array(values, np.int64)).tolist() == sorted(range(len(values)), key=values.__getitem__)


@settings(max_examples=examples(300), deadline=None)
@given(few=st.lists(st.integers(0, 2**62), min_size=1, max_size=20), data=st.data())
def test_what_stands_more_than_once_is_found(few, data) -> None:
    values = data.draw(st.lists(st.sampled_from(few), max_size=40))
    found = repeated(np.array(values, np.int64)).tolist()
    assert len(set(found)) == len(found)
    assert {place for place, value in enumerate(values) if values.count(value) > 1} <= set(found)


def test_of_hashes_nothing_else_is_found() -> None:
    values = np.random.default_rng(7).integers(0, 2**62, 1000)
    assert (
        values[repeated(np.concatenate([values, values[:3]])) % 1000].tolist()
        == np.repeat(np.sort(values[:3]), 2).tolist()
    )


@settings(max_examples=examples(300), deadline=None)
@given(seconds=st.integers(1, 2**20), data=st.data())
def test_two_numbers_are_one_and_two_again(seconds, data) -> None:
    pairs = data.draw(st.lists(st.tuples(st.integers(0, 2**40), st.integers(0, seconds - 1)), max_size=20))
    first, second = np.array(pairs, np.int64).reshape(-1, 2).T
    numbers = joined(first, second, seconds)
    assert [part.tolist() for part in parted(numbers, seconds)] == [first.tolist(), second.tolist()]
    assert [pairs[place] for place in order_of(numbers)] == sorted(pairs)


@settings(max_examples=examples(100), deadline=None)
@given(values=st.lists(st.integers(-3, 9) | st.integers(-(2**62), 2**62), max_size=20))
def test_values_are_numbered_in_their_order(values) -> None:
    once, places = numbered(np.array(values, np.int64))
    assert once.tolist() == sorted(set(values))
    assert [once[place] for place in places] == values


STATES = ("doi", "pmid", "journal", "volume", "issue", "first_page", "last_page")
FOUND = st.fixed_dictionaries(
    {name: st.none() | st.integers(-1, 1) for name in (*STATES, "authors", "abstract")}
    | {"title": st.integers(-1, 100), "title_words": st.integers(0, 100), "year_gap": st.integers(-1, 3000)}
)


@settings(max_examples=examples(100), deadline=None)
@given(found=FOUND)
def test_scores_are_told_as_they_were_found(found) -> None:
    """A field is told where both records fill it, whatever came of it."""
    filled = {f"{end}_{name}": int(found[name] is not None) or None for name in STATES for end in "xy"}
    row = {name: found[name] or 0 for name in found} | filled
    row |= {"named": found["authors"] is not None, "abstracted": found["abstract"] is not None}
    columns = ", ".join(f"{'NULL' if value is None else value}::INT AS {name}" for name, value in row.items())

    ((told,),) = duckdb.execute(
        f"SELECT {scores_told('n')} FROM (SELECT {SCORES} AS n FROM (SELECT {columns}))"
    ).fetchall()

    expected = {name: value for name, value in found.items() if value is not None}
    if found["title"] < 0:
        del expected["title"], expected["title_words"]
    if found["year_gap"] < 0:
        del expected["year_gap"]
    assert json.loads(told) == expected


@settings(max_examples=examples(100), deadline=None)
@given(sizes=st.lists(st.integers(0, 4), max_size=5), data=st.data())
def test_sentences_are_found_at_their_places(sizes, data) -> None:
    sentences = [str(number) for number in range(sum(sizes))]
    ends = np.cumsum([0, *sizes]).tolist()
    parts = [pa.array(sentences[begin:end], pa.string()) for begin, end in pairwise(ends)]
    places = data.draw(st.lists(st.none() | st.integers(0, len(sentences) - 1) if sentences else st.none(), max_size=9))

    found = _at(pa.table({"sentence": pa.chunked_array(parts, pa.string())}), pa.chunked_array([places], pa.int64()))

    assert found.to_pylist() == [None if place is None else sentences[place] for place in places]
