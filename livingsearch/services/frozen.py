"""What stays as it was when a report was released, whatever the machine thinks later; only a person's word changes it.

The machine's groups of released records are kept beside the reports: a report is those groups and what persons said
of them. So taking a word back gives the grouping that there was before it.
"""

import duckdb

from livingsearch.services.pair_names import connected

_LAST = "SELECT coalesce(max(made_by::BIGINT), 0) FROM derived WHERE name = 'frozen_member'"

# A closing that was taken back had handed out its batch all the same.
_CLOSINGS = """
SELECT DISTINCT position
FROM (SELECT position FROM update_closing UNION ALL SELECT closing_position FROM update_reopened)
WHERE position > ? ORDER BY position
"""

_FREEZING = """
CREATE OR REPLACE TEMP TABLE freezing AS
SELECT m.record_id, m.report_id, f.label
FROM member_at($position) m LEFT JOIN frozen_member f USING (record_id)
WHERE m.report_id IN (SELECT report_id FROM batch_report JOIN batch USING (update_number) WHERE position <= $position)
"""

# Reports on which a person has spoken, or that a person once joined: their records came together in several ways.
_SPOKEN = """
CREATE OR REPLACE TEMP TABLE spoken AS
SELECT report_id FROM freezing
WHERE record_id IN (SELECT unnest([x_id, y_id]) FROM decision WHERE position <= $position)
UNION
SELECT report_id FROM freezing GROUP BY report_id HAVING count(DISTINCT label) > 1
"""

_PLAIN = """
INSERT INTO frozen_member
SELECT record_id, coalesce(max(label) OVER (PARTITION BY report_id), report_id), $position
FROM freezing ANTI JOIN spoken USING (report_id) QUALIFY label IS NULL
"""

# What the machine last said of a pair on which a person spoke was withdrawn when the person did.
_SAID = """
WITH inside AS (SELECT record_id FROM freezing SEMI JOIN spoken USING (report_id)),
said AS (
    SELECT x_id, y_id, arg_max(outcome, position) FILTER (outcome <> 'withdrawn') AS outcome,
        arg_max(outcome, position) AS last
    FROM verdict WHERE position <= $position AND x_id IN (FROM inside) AND y_id IN (FROM inside) GROUP BY ALL
)
SELECT x_id, y_id FROM said
WHERE outcome = 'duplicate' AND (last <> 'withdrawn'
    OR (x_id, y_id) IN (SELECT (x_id, y_id) FROM decision WHERE position <= $position))
UNION ALL
SELECT min(record_id) OVER (PARTITION BY label), record_id
FROM freezing SEMI JOIN spoken USING (report_id) WHERE label IS NOT NULL
ORDER BY ALL
"""


def is_frozen(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether `freeze_released` would find nothing to keep."""
    (done,) = con.execute(_LAST).fetchone() or (0,)
    return con.execute(_CLOSINGS, [done]).fetchone() is None


def freeze_released(con: duckdb.DuckDBPyConnection) -> None:
    """Keep the machine's groups of all that was released since the last call.

    They come out the same whenever this is called, since they follow from rows up to each closing.

    Args:
        con: inside a write transaction.
    """
    (done,) = con.execute(_LAST).fetchone() or (0,)
    for (position,) in con.execute(_CLOSINGS, [done]).fetchall():
        bound = {"position": position}
        con.execute(_FREEZING, bound)
        con.execute(_SPOKEN, bound)
        con.execute(_PLAIN, bound)
        _freeze_spoken(con, position)
        con.execute("INSERT OR REPLACE INTO derived VALUES ('frozen_member', ?)", [str(position)])
        con.execute("DROP TABLE freezing")
        con.execute("DROP TABLE spoken")


def _freeze_spoken(con: duckdb.DuckDBPyConnection, position: int) -> None:
    rows = con.execute("SELECT record_id, label FROM freezing SEMI JOIN spoken USING (report_id) ORDER BY 1").fetchall()
    group = connected([(x, y) for x, y in con.execute(_SAID, {"position": position}).fetchall() if x != y])
    labels: dict[int, int] = {}
    for record, label in rows:
        if label is not None:
            labels[group.get(record, record)] = min(label, labels.get(group.get(record, record), label))
    # No report is numbered below zero, so these names meet no other.
    fresh = [
        (record, labels.get(group.get(record, record), -group.get(record, record)), position)
        for record, label in rows
        if label is None
    ]
    if fresh:
        con.executemany("INSERT INTO frozen_member VALUES (?, ?, ?)", fresh)
