"""Records, keys and pairs that are shared out come to what one piece comes to."""

import random

import duckdb
import pyarrow as pa
import pytest

import dedup
from dedup.errors import ColumnsDiffer

WORDS = (
    "salt kettle garden choir winter baker village copper lavender knee alpine widow harbour lantern meadow pressure "
    "sleep retirement cartilage breathing microbiome orchard ferry twilight barley granite violin thermal pasture"
).split()


def invented(works: int) -> list[dict[str, object]]:
    """Records of works that look alike: copies, parts of a series, a serial's years, a supplement's DOI."""
    draw = random.Random(7)
    rows = []
    for number in range(works):
        title = " ".join(draw.choices(WORDS, k=6))
        page = draw.randrange(1, 900)
        work = {
            "title": title,
            "authors": [f"{draw.choice(WORDS).title()}, A.", f"{draw.choice(WORDS).title()}, B."],
            "year": draw.randrange(1990, 2020),
            "journal": f"Journal of {draw.choice(WORDS).title()}",
            "volume": str(draw.randrange(1, 60)),
            "issue": str(draw.randrange(1, 12)),
            "pages": f"{page}-{page + 7}",
            "doi": f"10.5555/{number}" if draw.random() < 0.6 else None,
            "abstract": " ".join(draw.choices(WORDS, k=60)) if draw.random() < 0.5 else None,
            "source": draw.choice(["one", "other"]),
        }
        rows.append(work)
        for _ in range(draw.choice([0, 0, 1, 1, 2])):
            rows.append(work | draw.choice([{"doi": None}, {"title": title.upper()}, {"pages": str(page)}, {}]))
        if number % 10 == 0:
            rows.append(work | {"title": title + ": Part II", "pages": "901-907", "doi": None})
            rows.append(work | {"title": "Annual report", "doi": None, "year": 1990 + number % 20})
            rows.append(work | {"doi": "10.5555/supplement", "title": title[::-1], "pages": f"S{page}"})
    draw.shuffle(rows)
    return rows


@pytest.fixture(scope="module")
def made(normalised) -> pa.Table:
    return normalised(invented(1200))


@pytest.fixture(scope="module")
def whole(run, made) -> dedup.Outcome:
    return run(made, key_cap=12)


@pytest.mark.parametrize(("hired", "buckets"), [(dedup.in_threads, 1), (dedup.in_processes, 4)])
def test_parts_come_to_what_one_piece_comes_to(con, made, whole, hired, buckets, monkeypatch) -> None:
    monkeypatch.setattr("dedup.judge.KEPT_AT_ONCE", 1000)
    nothing, keys = dedup.NORMALISED.empty_table(), dedup.keys(con, made)
    with hired(2, duckdb.connect, at_once=700) as crew:
        parts = dedup.deduplicate(
            con, made, nothing, keys, dedup.KEYS.empty_table(), key_cap=12, crew=crew, buckets=buckets
        )
    assert parts.groups == whole.groups
    assert parts.verdicts == whole.verdicts
    assert parts.capped.sort_by("key") == whole.capped.sort_by("key")


def test_the_whole_has_capped_keys_and_duplicates(made, whole) -> None:
    assert whole.capped.num_rows > 0
    assert len(set(whole.groups["group_id"].to_pylist())) < made.num_rows


def test_records_that_come_in_parts_come_to_the_same(con) -> None:
    rows = [dict.fromkeys(dedup.RECORDS.names) | row | {"record_id": n} for n, row in enumerate(invented(300))]
    records = pa.Table.from_pylist(rows, schema=dedup.RECORDS)
    parts = [records.slice(begin, 170) for begin in range(0, records.num_rows, 170)]
    with dedup.in_threads(2, duckdb.connect, at_once=100) as crew:
        one, several = (dedup.deduplicate_parts(con, crew, given) for given in ([records], parts))
        none = dedup.deduplicate_parts(con, crew, [], buckets=3)
    assert several == one
    assert one.groups.num_rows == records.num_rows
    assert (none.groups.num_rows, none.verdicts.num_rows) == (0, 0)


@pytest.mark.parametrize("pairs", [0, 1, 900, 25_000, 240_000, 240_001, 462_000, 3_000_001])
@pytest.mark.parametrize("times", [1, 3])
def test_hands_get_equally_many_pairs_and_no_more_than_they_can_hold(pairs, times) -> None:
    with dedup.in_threads(2, duckdb.connect, at_once=120_000) as crew:
        share = crew.share(pairs, times)
    parts = [min(share, pairs - begin) for begin in range(0, pairs, share)]
    assert share <= times * 120_000
    assert pairs <= 10_000 or (len(parts) % 2 == 0 and max(parts) - min(parts) < 2 * len(parts))


def test_a_fault_in_a_part_comes_through(con) -> None:
    with dedup.in_threads(2, duckdb.connect) as crew, pytest.raises(ColumnsDiffer, match="records"):
        dedup.deduplicate_parts(con, crew, [pa.table({"record_id": [1]})])
