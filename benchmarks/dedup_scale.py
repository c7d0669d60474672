"""How deduplication grows: time and memory by the number of records, an update against many known, key buckets.

    python -m benchmarks.dedup_scale [--sizes 100000 1000000] [--repeat 3] [--known 10000 1000000] [--work FOLDER]
        [--records FILE.parquet]

Records are invented here, or taken from a Parquet file with the columns of `dedup.RECORDS` (and `work`, where the
truth is known). Every run is a process of its own; `peak` is the memory of it and of those that it started. `read`
is reading and normalising alone, `whole` goes on to report ids, `buckets` does the same with 16 key buckets in a pool
of two processes. An update is 1,000 records, none of them the exact copy of another, against known ones in a DuckDB
file that is open.
"""

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

import dedup
from benchmarks.measured import measured
from dedup.scratch import Scratch

SLICE = 50_000
THREADS = 2
LIMIT = 3600.0
STORED = dedup.Stored("normalised", "record_key", "report")

# Words of three syllables: eight thousand, so that titles share words as real ones do.
_SYLLABLES = "ba de fi go lu ma ne pi ro su ta ve ki lo mu na pe ri so tu".split()

_INVENTED = """
COPY (
WITH spoken AS (SELECT $words::VARCHAR[] AS words),
work AS (
    SELECT w, words,
        list_transform(range(6 + (hash(w, 't') % 8)::BIGINT),
            lambda i: words[1 + (hash(w, i) % 8000)::BIGINT]) AS title,
        list_transform(range(1 + (hash(w, 'a') % 7)::BIGINT),
            lambda i: [words[1 + (hash(w, i, 'f') % 8000)::BIGINT], words[1 + (hash(w, i, 'g') % 8000)::BIGINT]])
            AS people,
        [words[1 + (hash(w, 'j') % 400)::BIGINT], words[1 + (hash(w, 'j') % 7000)::BIGINT]] AS place,
        1 + (hash(w, 'p') % 2000)::BIGINT AS page, 1 + (hash(w, 'v') % 90)::BIGINT AS volume,
        1980 + (hash(w, 'y') % 44)::INTEGER AS year,
        CASE WHEN hash(w, 'b') % 100 < 40 THEN array_to_string(list_transform(range(110),
            lambda i: words[1 + (hash(w, i, 'b') % 8000)::BIGINT]), ' ') END AS abstract
    FROM range($works) t(w), spoken
),
copy AS (
    SELECT *, unnest(range(CASE WHEN hash(w, 'c') % 100 < 65 THEN 1 WHEN hash(w, 'c') % 100 < 88 THEN 2 ELSE 3 END))
        AS c FROM work
),
told AS (SELECT *, c > 0 AND hash(w, c, 'x') % 10 < 4 AS brief, (hash(w, c, 'r') % 10)::INTEGER AS r FROM copy)
SELECT (row_number() OVER (ORDER BY hash(w, c, 'order')))::BIGINT AS record_id, 'database ' || r AS source,
    NULL::VARCHAR AS identity,
    CASE WHEN c > 0 AND r = 1 THEN upper(array_to_string(title, ' '))
         ELSE array_to_string(title, ' ') || '.' END AS title,
    NULL::VARCHAR AS title_original,
    list_transform(people, lambda p: CASE
        WHEN brief THEN upper(left(p[1], 1)) || p[1][2:] || ' ' || upper(left(p[2], 1))
        ELSE upper(left(p[1], 1)) || p[1][2:] || ', ' || upper(left(p[2], 1)) || p[2][2:] END) AS authors,
    CASE WHEN c > 0 AND r = 2 THEN year + 1 ELSE year END AS year,
    CASE WHEN brief THEN 'J ' || left(place[1], 4) || ' ' || left(place[2], 4)
         ELSE 'Journal of ' || place[1] || ' and ' || place[2] END AS journal,
    NULL::VARCHAR AS journal_abbreviation, volume::VARCHAR AS volume,
    CASE WHEN c > 0 AND r = 3 THEN NULL ELSE (1 + volume % 12)::VARCHAR END AS issue,
    CASE WHEN brief THEN page::VARCHAR ELSE page || '-' || (page + 2 + (hash(w, 'l') % 14)::BIGINT) END AS pages,
    CASE WHEN c > 0 AND r < 5 THEN NULL ELSE '10.5555/' || w END AS doi,
    NULL::VARCHAR AS pmid, NULL::VARCHAR[] AS issns,
    CASE WHEN c > 0 AND r = 4 THEN NULL ELSE abstract END AS abstract, NULL::VARCHAR[] AS publication_types, w AS work
FROM told ORDER BY record_id LIMIT $records
) TO '{path}' (FORMAT parquet)
"""


def invented(records: int, work: Path) -> Path:
    """A Parquet file of invented records: works, and copies of a third of them as other databases write them."""
    path = work / f"invented-{records}.parquet"
    if not path.exists():
        words = [a + b + c for a in _SYLLABLES for b in _SYLLABLES for c in _SYLLABLES]
        unfinished = path.with_suffix(".part")
        con = duckdb.connect()
        con.execute(
            _INVENTED.replace("{path}", str(unfinished).replace("'", "''")),
            {"words": words, "works": int(records / 1.4) + 10, "records": records},
        )
        unfinished.rename(path)
    return path


def slices(path: Path) -> Iterator[pa.Table]:
    """The records of a Parquet file, so many at a time."""
    # Otherwise all that was read stays in memory to the end of the file.
    file = pq.ParquetFile(path, pre_buffer=False)
    for batch in file.iter_batches(SLICE, columns=dedup.RECORDS.names, use_threads=False):
        yield pa.Table.from_batches([batch])


def connection() -> duckdb.DuckDBPyConnection:
    """A database in memory for the work."""
    con = duckdb.connect()
    con.execute(f"SET threads = {THREADS}")
    return con


def read(path: Path) -> dict[str, object]:
    """Read and normalise."""
    begun = time.perf_counter()
    with dedup.in_threads(THREADS, duckdb.connect) as crew:
        rows = sum(crew.each(_rows_normalised, ((part,) for part in slices(path))))
    return {"seconds": time.perf_counter() - begun, "records": rows}


def _rows_normalised(space: Scratch, part: pa.Table) -> int:
    return dedup.normalise(space.con, part).num_rows


def whole(path: Path, groups: Path, key_buckets: int = 1) -> dict[str, object]:
    """From the file to report ids, which are written to another."""
    con = connection()
    begun = time.perf_counter()
    hired = dedup.in_processes if key_buckets > 1 else dedup.in_threads
    with hired(THREADS, duckdb.connect) as crew:
        outcome = dedup.deduplicate_parts(con, crew, slices(path), buckets=key_buckets)
    seconds = time.perf_counter() - begun
    pq.write_table(outcome.groups, groups)
    return {"seconds": seconds, "records": outcome.groups.num_rows} | judged(path, groups)


def judged(path: Path, groups: Path) -> dict[str, object]:
    """Reports found, and by the truth, where the file tells it: copies missed, reports that hold two works."""
    con = duckdb.connect()
    (found,) = con.execute("SELECT count(DISTINCT group_id) FROM read_parquet(?)", [str(groups)]).fetchall()
    if "work" not in pq.read_schema(path).names:
        return {"reports": found[0]}
    (told,) = con.execute(
        "SELECT count(DISTINCT work), count(DISTINCT (work, group_id)),"
        " count(DISTINCT group_id) FILTER (works > 1) FROM (SELECT *, count(DISTINCT work) OVER (PARTITION BY group_id)"
        " AS works FROM read_parquet(?) AS g JOIN read_parquet(?) AS r USING (record_id))",
        [str(groups), str(path)],
    ).fetchall()
    works, shown, mixed = told
    return {"reports": found[0], "works": works, "missed": shown - works, "mixed": mixed}


def update(path: Path, known: int, store: Path, repeat: int) -> dict[str, object]:
    """New records against known ones: what is read of the known, and the comparison; the database is open before."""
    if not store.exists():
        _keep(path, known, store)
    con = duckdb.connect(str(store), config={"threads": THREADS})
    new = con.execute("FROM normalised SEMI JOIN fresh USING (record_id) ORDER BY record_id").to_arrow_table()
    keys = con.execute("FROM record_key SEMI JOIN fresh USING (record_id)").to_arrow_table()
    spent: list[tuple[float, float]] = []
    for _ in range(repeat):
        begun, cpu = time.perf_counter(), time.process_time()
        met = dedup.touched(con, new, keys, STORED)
        aside = connection()
        outcome = dedup.deduplicate(aside, new, met.records, keys, met.keys, groups=met.groups, facts=met.facts)
        spent.append((time.perf_counter() - begun, time.process_time() - cpu))
    seconds, used = (statistics.median(column) for column in zip(*spent, strict=True))
    rows = {"known": known, "new": new.num_rows, "touched": met.records.num_rows, "verdicts": outcome.verdicts.num_rows}
    return {"seconds": seconds, "cpu": used} | rows


def _keep(path: Path, known: int, store: Path) -> None:
    """A database of known records with their keys and groups, and the ids of those that are new."""
    unfinished = store.with_suffix(".part")
    unfinished.unlink(missing_ok=True)
    con, aside = duckdb.connect(str(unfinished)), connection()
    left = known + 1000
    for number, part in enumerate(slices(path)):
        normalised = dedup.normalise(aside, part.slice(0, left))
        for name, table in (("normalised", normalised), ("record_key", dedup.keys(aside, normalised))):
            con.register("given", table)
            con.execute(f"INSERT INTO {name} FROM given" if number else f"CREATE TABLE {name} AS FROM given")
        left -= normalised.num_rows
        if not left:
            break
    con.execute(
        "CREATE TABLE fresh AS SELECT record_id FROM normalised WHERE content IN"
        " (SELECT content FROM normalised GROUP BY content HAVING count(*) = 1) ORDER BY hash(record_id) LIMIT 1000"
    )
    con.execute(
        "CREATE TABLE report AS SELECT record_id, record_id AS group_id"
        " FROM normalised ANTI JOIN fresh USING (record_id)"
    )
    con.close()
    unfinished.rename(store)


def step(work: Path, name: str, *arguments: object) -> dict[str, float]:
    """Run one step in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.dedup_scale", "--step", name, *map(str, arguments)]
    log = work / f"{name}.log"
    took = measured(command, log=log, limit=LIMIT)
    if took.failure:
        raise SystemExit(f"{name} failed: {took.failure} (see {log})")
    said: dict[str, float] = json.loads(log.read_text().splitlines()[-1])
    return {"process cpu": took.cpu, "peak": took.peak / 2**30} | said


def measure(options: argparse.Namespace) -> None:
    """Run all steps and print a line for each."""
    options.work.mkdir(parents=True, exist_ok=True)
    seconds: dict[int, float] = {}
    reading = 1.0
    for size in options.sizes:
        path = options.records or invented(size, options.work)
        one, parts = options.work / "whole.parquet", options.work / "buckets.parquet"
        runs = {"read": [path], "whole": [path, one]} | ({"buckets": [path, parts]} if size >= 1_000_000 else {})
        for name, given in runs.items():
            told = [step(options.work, name, *given) for _ in range(1 if name == "buckets" else options.repeat)]
            middle = sorted(told, key=lambda t: t["seconds"])[len(told) // 2]
            show(f"{name} {size:,}", middle | {"peak": max(t["peak"] for t in told)})
            if name == "whole":
                seconds[size] = middle["seconds"]
                print(f"    {middle['seconds'] / reading:.2f} x reading and normalising")
            elif name == "read":
                reading = middle["seconds"]
            else:
                same = pq.read_table(one).equals(pq.read_table(parts))
                print(f"    {'the same group for every record' if same else 'OTHER GROUPS'} as in one piece")
        if options.records:
            break
    for small, large in zip(options.sizes, options.sizes[1:], strict=False):
        if {small, large} <= seconds.keys():
            print(f"{small:,} to {large:,}: {seconds[large] / seconds[small]:.1f} x as long")
    for known in options.known:
        path = options.records or invented(known + 2 * SLICE, options.work)
        store = options.work / f"known-{known}{'-given' if options.records else ''}.duckdb"
        show(f"update against {known:,}", step(options.work, "update", path, known, store, 5))


def show(name: str, told: dict[str, float]) -> None:
    """Print what a step took."""
    numbers = ", ".join(
        f"{key} {value:,.2f}" if isinstance(value, float) else f"{key} {value:,}" for key, value in told.items()
    )
    print(f"{name:24} {numbers}", flush=True)


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="*", default=[80_000, 100_000, 1_000_000])
    parser.add_argument("--known", type=int, nargs="*", default=[10_000, 1_000_000])
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--records", type=Path, help="a Parquet file to use instead of invented records")
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir(), "dedup-scale"))
    parser.add_argument("--step", nargs="+", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if not options.step:
        return measure(options)
    name, *given = options.step
    paths = [Path(word) for word in given]
    if name == "read":
        said = read(paths[0])
    elif name == "update":
        said = update(paths[0], int(given[1]), paths[2], int(given[3]))
    else:
        said = whole(paths[0], paths[1], 16 if name == "buckets" else 1)
    print(json.dumps(said))
    return None


if __name__ == "__main__":
    main()
