"""Hashes of the rows that counts are made from, by which anybody can tell later whether they are still the same."""

import duckdb

# Each statement gives one line of text a row, in one order; the hash is that of the lines, joined by line feeds.
_LINES = {
    "run": """
        SELECT concat_ws('|', run_id, update_number, source, source_kind, scope, state, records_received, date_searched,
            position) AS line, run_id AS place
        FROM run WHERE state = 'complete' AND position <= $position
    """,
    "run_withdrawn": """
        SELECT concat_ws('|', run_id, position) AS line, run_id AS place FROM run_withdrawn WHERE position <= $position
    """,
    "record": """
        SELECT concat_ws('|', record_id, source, identity, occurrence, run_id) AS line, record_id AS place
        FROM record WHERE run_id IN (SELECT run_id FROM run WHERE state = 'complete' AND position <= $position)
    """,
    "report_event": """
        SELECT concat_ws('|', seq, event, report_id, record_id, position) AS line, seq AS place
        FROM report_event WHERE position <= $position
    """,
    "screening": """
        SELECT concat_ws('|', screening_id, report_id, stage, word, coalesce(reason, ''), who, consensus, position)
            AS line, screening_id AS place
        FROM screening WHERE position <= $position
    """,
    "screening_undone": """
        SELECT concat_ws('|', screening_id, position) AS line, screening_id AS place
        FROM screening_undone WHERE position <= $position
    """,
    "study_event": """
        SELECT concat_ws('|', seq, report_id, coalesce(study_id, 0), position) AS line, seq AS place
        FROM study_event WHERE position <= $position
    """,
    "typed_number": """
        SELECT concat_ws('|', set_id, update_number, ordinal, box, label, value) AS line,
            set_id * 100000 + ordinal AS place
        FROM typed_number JOIN typed_set USING (set_id) WHERE position <= $position
    """,
}

# A million lines are hashed in pieces, and the pieces' hashes again: one text of all of them would be too large.
_HASH = """
SELECT coalesce(sha256(string_agg(piece, chr(10) ORDER BY part)), sha256(''))
FROM (
    SELECT (row_number - 1) // 100000 AS part, sha256(string_agg(line, chr(10) ORDER BY place)) AS piece
    FROM (SELECT line, place, row_number() OVER (ORDER BY place) AS row_number FROM ({lines}))
    GROUP BY part
)
"""

_RUN_RECORDS = """
SELECT coalesce(sha256(string_agg(concat_ws('|', run_id, n, records, versions), chr(10) ORDER BY run_id)), sha256(''))
FROM (
    SELECT run_id, count(*) AS n, sum(record_id) AS records, sum(record_id * version) AS versions
    FROM run_record WHERE run_id IN (SELECT run_id FROM run WHERE state = 'complete' AND position <= $position)
    GROUP BY run_id
)
"""


def row_hashes(con: duckdb.DuckDBPyConnection, position: int) -> dict[str, str]:
    """The sha256 of the rows that counts as of a position rest on, by table.

    Args:
        con: the review's database.
        position: rows after it are left out.

    Returns:
        In hex. The rows of `run_record` go in by run, as how many there are and what they sum up to.
    """
    found = {}
    for table, lines in _LINES.items():
        row = con.execute(_HASH.replace("{lines}", lines), {"position": position}).fetchone()
        found[table] = str(row[0]) if row else ""
    row = con.execute(_RUN_RECORDS, {"position": position}).fetchone()
    found["run_record"] = str(row[0]) if row else ""
    return found
