"""The state of a review at a position of its log, as temporary tables; every count and list is made from them.

No row with a later position is looked at, so that the same position gives the same tables for ever.
"""

import json
from dataclasses import dataclass

import duckdb

_COUNTING = """
CREATE OR REPLACE TEMP TABLE at_counting AS
SELECT c.update_number, c.source, c.run_id, r.source_label, r.source_kind, r.records_received, r.date_searched,
    w.since
FROM counting_run_at($position) c JOIN run r USING (run_id) LEFT JOIN run_window w USING (run_id)
"""

# A source's records were counted first in the update of the run that first returned them, unless that run does not
# count (it was replaced or withdrawn): only these few are looked for among all rows.
_FIRST = """
CREATE OR REPLACE TEMP TABLE at_first AS
SELECT r.record_id, r.source, c.update_number, c.source_kind = 'other' AS other
FROM record r JOIN at_counting c USING (run_id)
UNION ALL
SELECT x.record_id, any_value(c.source), min(c.update_number), arg_min(c.source_kind, c.update_number) = 'other'
FROM run_record x JOIN at_counting c USING (run_id)
WHERE x.record_id IN (
    SELECT record_id FROM record JOIN run USING (run_id)
    WHERE run.position <= $position AND run_id NOT IN (SELECT run_id FROM at_counting)
)
GROUP BY x.record_id
"""

_MEMBER = "CREATE OR REPLACE TEMP TABLE at_member AS SELECT * FROM member_at($position)"

# The record that brings its report to screening: in the order of updates, then of databases and registers before other
# methods, then of the preferred sources, then of ids. The four are packed into one number, so that min() finds it.
_PLACED = """
CREATE OR REPLACE TEMP TABLE at_placed AS
WITH ranked AS (
    SELECT coalesce(m.report_id, -f.record_id) AS report_id,
        ((f.update_number::BIGINT * 2 + f.other::INTEGER) * 1000
            + coalesce(list_position($preferred::VARCHAR[], f.source), 999)) * 1099511627776 + f.record_id AS place
    FROM at_first f LEFT JOIN at_member m USING (record_id)
)
SELECT report_id, place % 1099511627776 AS record_id, (place // 1099511627776 // 2000)::INTEGER AS update_number,
    place // 1099511627776 // 1000 % 2 = 1 AS other
FROM (SELECT report_id, min(place) AS place FROM ranked GROUP BY report_id)
"""

# Reports that hold no record any more resolve to the one that took their last record.
_MOVED = """
CREATE OR REPLACE TEMP TABLE at_moved AS
WITH asked AS (
    SELECT DISTINCT report_id FROM (
        SELECT report_id FROM screening WHERE position <= $position
        UNION ALL SELECT report_id FROM study_event WHERE position <= $position
        UNION ALL SELECT unnest(included) FROM published WHERE position <= $position
    ) ANTI JOIN at_member USING (report_id)
),
left_by AS (
    SELECT report_id, arg_max(record_id, seq) AS record_id
    FROM report_event WHERE position <= $position AND report_id IN (SELECT report_id FROM asked) GROUP BY report_id
)
SELECT l.report_id, m.report_id AS root, m.joined_at FROM left_by l JOIN at_member m USING (record_id)
"""


@dataclass(frozen=True, slots=True)
class CountedSource:
    """A source as the counts need it.

    Attributes:
        slug: name in the review's file.
        label: as a reader should see it.
        kind: `database`, `register` or `other`.
        method: of an `other` one: `citation searching`, `websites` or `organisations`.
    """

    slug: str
    label: str
    kind: str
    method: str | None = None


@dataclass(frozen=True, slots=True)
class Declared:
    """What a review's file says of which counts depend.

    Attributes:
        title: of the review.
        sources: in the file's order.
        preferred: slugs of all sources, the best first.
    """

    title: str
    sources: tuple[CountedSource, ...]
    preferred: tuple[str, ...]


def declared_at(con: duckdb.DuckDBPyConnection, position: int) -> Declared:
    """What the review's file said at a position; of a review whose file was recorded later, what it said first.

    Args:
        con: the review's database.
        position: in the log.

    Returns:
        The declaration; an empty one where none was ever recorded.
    """
    row = con.execute(
        "SELECT title, sources, preferred FROM counted_as "
        "ORDER BY position <= $position DESC, if(position <= $position, -position, position) LIMIT 1",
        {"position": position},
    ).fetchone()
    if row is None:
        return Declared("", (), ())
    return Declared(row[0], tuple(CountedSource(**one) for one in json.loads(row[1])), tuple(row[2]))


def record_declared(con: duckdb.DuckDBPyConnection, declared: Declared, position: int) -> None:
    """Keeps what the review's file says, if it differs from what was kept last.

    Args:
        con: inside a write transaction.
        declared: what it says.
        position: of the change that it was read for.
    """
    sources = json.dumps(
        [{"slug": s.slug, "label": s.label, "kind": s.kind, "method": s.method} for s in declared.sources],
        ensure_ascii=False,
    )
    con.execute(
        "INSERT INTO counted_as SELECT $position, $title, $sources, $preferred WHERE ($title, $sources, $preferred) "
        "IS DISTINCT FROM (SELECT (title, sources, preferred) FROM counted_as ORDER BY position DESC LIMIT 1)",
        {
            "position": position,
            "title": declared.title,
            "sources": sources,
            "preferred": list(declared.preferred),
        },
    )


def make_tables(con: duckdb.DuckDBPyConnection, position: int, preferred: tuple[str, ...]) -> None:
    """Makes the temporary tables of a position.

    Args:
        con: the review's database.
        position: in the log.
        preferred: slugs of all sources, the best first.

    `at_counting`: the run that counts for each source of each update. `at_first`: the update in which each record was
    counted first. `at_member`: the report of each record. `at_placed`: for each report the record that brings it, the
    update, and whether by other methods; a record that was not compared yet stands for itself, with a negative id.
    `at_moved`: where reports went that hold no record any more.
    """
    bound = {"position": position}
    con.execute(_COUNTING, bound)
    con.execute(_FIRST, bound)
    con.execute(_MEMBER, bound)
    con.execute(_PLACED, {"preferred": list(preferred)})
    con.execute(_MOVED, bound)
