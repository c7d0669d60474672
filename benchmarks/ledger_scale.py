"""How long the counts of a large review take: generated rows, a million records and 36 updates unless said otherwise.

Example: python -m benchmarks.ledger_scale --records 1000000 --updates 36
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from livingsearch.ledger.whole_counts import whole_flows_at
from livingsearch.services.closing import close_update
from livingsearch.services.context import ReviewContext, init_review
from livingsearch.settings import Settings

SOURCES = ("pubmed", "medline", "embase", "psycinfo", "cinahl")
_ROWS = """
-- Three records in five come with the first update; every search returns all that its source had before.
CREATE TEMP TABLE made AS
SELECT i AS record_id, 1 + i % {sources} AS place,
    if(i < 0.6 * {records}, 1, 2 + ((i - 0.6 * {records}) * ({updates} - 1) / (0.4 * {records} + 1))::BIGINT) AS first,
    -- Two records in five are another record's report, which lies up to five places before.
    if(i % 5 >= 3, i - i % 5, i) AS report_id
FROM range(1, {records} + 1) t(i);

DELETE FROM log;
INSERT INTO log SELECT p, TIMESTAMP '2020-01-01' + to_hours(p), 'made', 'benchmark', '{{}}' FROM range(1, 100000) t(p);
UPDATE counted_as SET position = 1;
INSERT INTO review_update SELECT u, 'made', TIMESTAMP '2020-01-01', u * 100 FROM range(1, {updates} + 1) t(u);
INSERT INTO run (run_id, update_number, source, source_label, source_kind, kind, scope, state, query, warnings,
    records_received, date_searched, started_at, review_sha256, software, actor, position)
SELECT (u - 1) * {sources} + s, u, {slugs}[s], {slugs}[s], 'database', 'search', 'full', 'complete', 'q', [],
    (SELECT count(*) FROM made WHERE place = s AND first <= u), DATE '2020-01-01', TIMESTAMP '2020-01-01', 'x', '{{}}',
    'benchmark', u * 100 + s
FROM range(1, {updates} + 1) a(u), range(1, {sources} + 1) b(s);
INSERT INTO record SELECT record_id, {slugs}[place], 'acc:' || record_id, 1, (first - 1) * {sources} + place FROM made;
INSERT INTO run_record
SELECT (u - 1) * {sources} + place, record_id, record_id, 1
FROM range(1, {updates} + 1) t(u) JOIN made ON first <= u ORDER BY u, record_id;
INSERT INTO report SELECT DISTINCT report_id, 50 FROM made;
INSERT INTO report_event SELECT record_id, 'joined', report_id, record_id, TIMESTAMP '2020-01-01', first * 100 + 50
FROM made;
-- The last update is left open.
INSERT INTO batch SELECT u, TIMESTAMP '2020-01-01', u * 100 + 60 FROM range(1, {updates}) t(u);
INSERT INTO batch_report SELECT min(first), report_id FROM made GROUP BY report_id HAVING min(first) < {updates};
INSERT INTO update_closing SELECT u, TIMESTAMP '2020-01-01', '{{}}', 'made', u * 100 + 60 FROM range(1, {updates}) t(u);
INSERT INTO screening
SELECT row_number() OVER (), report_id, 'title', if(report_id % 20 = 0, 'include', 'exclude'), NULL, who, false, NULL,
    NULL, TIMESTAMP '2020-01-01', 50000
FROM (SELECT DISTINCT report_id FROM made WHERE first < {updates}), (SELECT unnest(['Ann', 'Bob']) AS who);
INSERT INTO screening
SELECT (SELECT max(screening_id) FROM screening) + row_number() OVER (), report_id, 'fulltext',
    if(report_id % 100 = 0, 'include', 'exclude'), if(report_id % 100 = 0, NULL, 'Wrong population'), 'Ann', false,
    NULL, NULL, TIMESTAMP '2020-01-01', 50001
FROM (SELECT DISTINCT report_id FROM made WHERE first < {updates} AND report_id % 20 = 0);
"""


_REVIEW = """
schema = 1
[review]
slug = "generated"
title = "Generated"
version = "1"
contact = "librarian@example.org"
time_zone = "UTC"
[search]
text = "peer"
syntax = "ovid"
fields = ["title"]
from = "inception"
"""
_SOURCE = """
[[source]]
slug = "{slug}"
name = "{slug}"
kind = "database"
database = "{slug}"
platform = "Paper"
connector = "file"
query = "peer"
schedule = "0 6 1 * *"
"""


def generated(folder: Path, records: int, updates: int) -> ReviewContext:
    """A review with so many records and updates, the last of them open."""
    file = folder / "review.toml"
    file.write_text(_REVIEW + "".join(_SOURCE.format(slug=slug) for slug in SOURCES), "utf-8")
    context = init_review(Settings(workspace=folder / "workspace", database_memory="3GB"), file, actor="benchmark")
    slugs = "[" + ", ".join(f"'{name}'" for name in SOURCES) + "]"
    with context.store.write() as con:
        for statement in _ROWS.format(records=records, updates=updates, sources=len(SOURCES), slugs=slugs).split(";\n"):
            if statement.strip():
                con.execute(statement)
    return context


def timed(what: str, work: Callable[[], object]) -> None:
    """Prints the seconds that a piece of work takes, by the wall and of the processor."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    print(f"{what}: {time.perf_counter() - wall:.2f} s, {time.process_time() - cpu:.2f} s CPU")


def main() -> None:
    """Makes the review and times its counts."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--records", type=int, default=1_000_000)
    options.add_argument("--updates", type=int, default=36)
    chosen = options.parse_args()
    every = tuple(range(1, chosen.updates + 1))
    wanted = [*((n,) for n in every), every]
    with tempfile.TemporaryDirectory() as folder:
        context = generated(Path(folder), chosen.records, chosen.updates)
        for name, position in (("now", 99_999), ("as of the first update", 199)):
            with context.store.read() as con:
                timed(f"{len(wanted)} flows {name}", lambda con=con, at=position: whole_flows_at(con, wanted, at))  # type: ignore[misc]
        with context.store.write() as con:
            timed(f"closing update {chosen.updates}", lambda: close_update(con, context, chosen.updates))


if __name__ == "__main__":
    main()
