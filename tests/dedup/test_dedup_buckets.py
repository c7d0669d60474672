"""Keys and pairs spread over processes come to what one piece comes to."""

import random

import duckdb
import pyarrow as pa
import pytest

import dedup

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


def test_buckets_come_to_what_one_piece_comes_to(con, made, run) -> None:
    whole = run(made, key_cap=12)
    nothing, keys = dedup.NORMALISED.empty_table(), dedup.keys(con, made)
    with dedup.in_buckets(4, processes=2, opened=duckdb.connect, at_once=700) as four:
        parts = dedup.deduplicate(
            con, made, nothing, keys, dedup.KEYS.empty_table(), key_cap=12, workers=1, buckets=four
        )
    assert parts.groups == whole.groups
    assert parts.verdicts == whole.verdicts
    assert parts.capped.sort_by("key") == whole.capped.sort_by("key")
    assert whole.capped.num_rows > 0
    assert len(set(whole.groups["group_id"].to_pylist())) < made.num_rows
