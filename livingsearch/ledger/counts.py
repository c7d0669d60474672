"""Counts of an update, derived from the rows up to a position in the log; nothing is ever typed in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import duckdb

from livingsearch.ledger.at_position import CountedSource as CountedSource
from livingsearch.ledger.at_position import make_tables
from livingsearch.ledger.flow import Flow, SourceCounts

# From here on, statements read the temporary tables of `at_position.make_tables`.
_BY_SOURCE = """
SELECT c.source,
    count(*) AS rows,
    count(*) FILTER (f.update_number < $update) AS already_known,
    count(*) FILTER (f.update_number = $update AND p.record_id IS NULL) AS duplicates,
    count(*) FILTER (f.update_number = $update AND p.record_id IS NOT NULL) AS to_screen
FROM at_counting c JOIN run_record x USING (run_id) JOIN at_first f USING (record_id)
    LEFT JOIN at_placed p ON p.record_id = f.record_id
WHERE c.update_number = $update
GROUP BY c.source
"""

_RUNS = """
SELECT source, records_received, date_searched, source_label, source_kind, since
FROM at_counting WHERE update_number = $update
"""

# Reports go to screening with the update whose record brings them, whichever batch hands them out: one that was parted
# from another later is handed out by the next batch.
_TO_SCREEN = "SELECT count(*) FROM at_placed WHERE update_number = $update AND NOT other"

_TO_RELEASE = """
SELECT DISTINCT m.report_id
FROM at_first f JOIN at_member m USING (record_id) ANTI JOIN batch_report b ON b.report_id = m.report_id
WHERE f.update_number <= $update
ORDER BY m.report_id
"""

_UNRELEASED = """
SELECT DISTINCT m.report_id
FROM at_first f LEFT JOIN at_member m USING (record_id) ANTI JOIN batch_report b ON b.report_id = m.report_id
ORDER BY m.report_id
"""

# Questions about what one report holds (rules `cluster_…`) are none between two, also once the report was parted.
# The records of a verdict may stand in a replaced run only; what matters is that their reports are counted.
_POSSIBLE = """
SELECT DISTINCT least(mx.report_id, my.report_id), greatest(mx.report_id, my.report_id)
FROM verdict_at($position) v
    JOIN at_member mx ON mx.record_id = v.x_id
    JOIN at_member my ON my.record_id = v.y_id
    SEMI JOIN at_placed cx ON cx.report_id = mx.report_id
    SEMI JOIN at_placed cy ON cy.report_id = my.report_id
    ANTI JOIN decision_at($position) d ON d.x_id = v.x_id AND d.y_id = v.y_id
WHERE v.outcome = 'possible' AND mx.report_id <> my.report_id
    AND v.rule NOT IN ('cluster_two_pmids', 'cluster_two_dois', 'cluster_far_years', 'released_together')
ORDER BY ALL
"""

# A search of a window cannot tell what vanished, and would make everything else seem so: both have to be full.
_TURNOVER = """
WITH counting AS (SELECT c.*, scope FROM counting_run_at($position) c JOIN run USING (run_id)),
every AS (SELECT source FROM counting WHERE update_number = $update),
this AS (SELECT source, run_id FROM counting WHERE update_number = $update AND scope = 'full'),
last AS (
    SELECT source, arg_max(run_id, update_number) AS run_id
    FROM counting WHERE update_number < $update AND scope = 'full' GROUP BY source
),
vanished AS (
    SELECT t.source, count(*) AS n
    FROM this t JOIN last l USING (source) JOIN run_record o ON o.run_id = l.run_id JOIN record n USING (record_id)
        ANTI JOIN run_record r ON r.run_id = t.run_id AND r.record_id = o.record_id
        ANTI JOIN withheld_at($position) w ON w.run_id = t.run_id AND w.identity = n.identity
    GROUP BY t.source
),
changed AS (
    SELECT t.source, count(*) AS n
    FROM this t JOIN last l USING (source)
        JOIN run_record o ON o.run_id = l.run_id
        JOIN run_record r ON r.run_id = t.run_id AND r.record_id = o.record_id AND r.version <> o.version
    GROUP BY t.source
)
SELECT t.source, coalesce(v.n, 0), coalesce(c.n, 0)
FROM every t LEFT JOIN vanished v USING (source) LEFT JOIN changed c USING (source)
ORDER BY t.source
"""


@dataclass(frozen=True, slots=True)
class Turnover:
    """What changed in one source since the update before.

    Attributes:
        source: its slug.
        vanished: records that its last counted full search returned and this one does not announce; 0 where this
            one is of a window, which cannot tell.
        changed: records that came with other metadata than in that search; 0 likewise.
    """

    source: str
    vanished: int
    changed: int


def update_flow(
    con: duckdb.DuckDBPyConnection,
    *,
    title: str,
    sources: Sequence[CountedSource],
    preferred: Sequence[str],
    update: int,
    position: int,
    closed_at: datetime | None = None,
    prepared: bool = False,
) -> Flow:
    """The flow of one update as of a position in the log.

    Args:
        con: the review's database; temporary tables are left on it.
        title: of the review.
        sources: those that the review declares, in its order.
        preferred: slugs of all sources, best first: whose record brings a report to screening.
        update: the update's number.
        position: rows after it are not seen.
        closed_at: instant of closing, if closed.
        prepared: whether the tables of `make_tables` are there for that position.

    Returns:
        The counts. A source goes by the label and kind that it had when it was run; one that is not declared any
        more comes last.
    """
    bound = {"update": update}
    if not prepared:
        make_tables(con, position, tuple(preferred))
    counted = {row[0]: row[1:] for row in con.execute(_BY_SOURCE, bound).fetchall()}
    runs = {row[0]: row[1:] for row in con.execute(_RUNS, bound).fetchall()}
    to_screen = con.execute(_TO_SCREEN, {"update": update}).fetchone()
    as_run = {slug: CountedSource(slug, label, kind) for slug, (_, _, label, kind, _) in runs.items()}
    named = {s.slug: s for s in sources} | as_run
    columns = tuple(_column(s, runs.get(s.slug), counted.get(s.slug)) for s in named.values())
    rows = [(s.kind, counted.get(s.slug, (0,))[0]) for s in named.values()]
    return Flow(
        review_title=title,
        update=update,
        updates=(update,),
        closed_at=closed_at,
        position=position,
        sources=columns,
        identified_databases=sum(n for kind, n in rows if kind == "database"),
        identified_registers=sum(n for kind, n in rows if kind == "register"),
        already_known=sum(c.already_known for c in columns if c.kind != "other"),
        duplicates=sum(c.duplicates for c in columns if c.kind != "other"),
        automation_excluded=0,
        other_reasons=0,
        to_screen=to_screen[0] if to_screen else 0,
        screened=None,
        possible_pairs=len(possible_report_pairs(con, position=position, prepared=True)),
    )


def reports_to_release(con: duckdb.DuckDBPyConnection, *, update: int) -> list[int]:
    """Reports that an update hands out: counted in it or before, and in no batch yet.

    Args:
        con: with the tables of `make_tables`.
        update: its number.
    """
    return [row[0] for row in con.execute(_TO_RELEASE, {"update": update}).fetchall()]


def unreleased_reports(con: duckdb.DuckDBPyConnection) -> list[int]:
    """Reports that have a counted record and stand in no batch; while an update closes there must be none.

    Args:
        con: with the tables of `make_tables`.
    """
    return [row[0] for row in con.execute(_UNRELEASED).fetchall()]


def possible_report_pairs(
    con: duckdb.DuckDBPyConnection, *, position: int, prepared: bool = False
) -> list[tuple[int, int]]:
    """Pairs of reports that wait for a person's word.

    Args:
        con: the review's database; temporary tables are left on it.
        position: rows after it are not seen.
        prepared: whether the tables of `make_tables` are there for that position.

    Returns:
        Each once, lower id first.
    """
    if not prepared:
        make_tables(con, position, ())
    return [(row[0], row[1]) for row in con.execute(_POSSIBLE, {"position": position}).fetchall()]


def turnover(con: duckdb.DuckDBPyConnection, *, update: int, position: int) -> list[Turnover]:
    """Vanished and changed records of each source that the update searched."""
    bound = {"position": position, "update": update}
    return [Turnover(*row) for row in con.execute(_TURNOVER, bound).fetchall()]


def _column(source: CountedSource, run: tuple[Any, ...] | None, counted: tuple[Any, ...] | None) -> SourceCounts:
    received, searched_on, _, _, since = run or (0, None, None, None, None)
    _, already_known, duplicates, to_screen = counted or (0, 0, 0, 0)
    return SourceCounts(
        slug=source.slug,
        label=source.label,
        kind=source.kind,
        searched=run is not None,
        date_searched=searched_on,
        identified=received,
        already_known=already_known,
        duplicates=duplicates,
        to_screen=to_screen,
        searched_since=since,
    )
