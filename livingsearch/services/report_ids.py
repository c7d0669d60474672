"""Which id a group of records has: stable, never given twice, and restored when a report comes back.

Every id goes with one record, its founder. A group has the oldest id whose founder it holds, a released one before
all others; only a group without any gets a new one. So a report that was joined to another leaves its id resting, and
gets it back when the two are parted again.
"""

import duckdb

# Founder of a released report: its oldest record when it was released. Of another one: its oldest record, or where it
# has none any more, the oldest of those that left it last.
_FOUNDERS = """
CREATE OR REPLACE TEMP TABLE founders AS
WITH concerned AS (SELECT DISTINCT report_id FROM report_event SEMI JOIN groups USING (record_id)),
stood AS (SELECT * FROM report_event SEMI JOIN concerned USING (report_id)),
release AS (
    SELECT report_id, b.position AS released_at
    FROM batch_report r SEMI JOIN concerned USING (report_id) JOIN batch b USING (update_number)
),
moves AS (
    SELECT * FROM report_event WHERE event = 'joined' AND record_id IN (SELECT record_id FROM stood SEMI JOIN release
        USING (report_id))
),
at_release AS (
    SELECT record_id, released_at, arg_max(report_id, seq) AS report_id
    FROM moves JOIN (SELECT DISTINCT released_at FROM release) ON position <= released_at GROUP BY ALL
),
released AS (
    SELECT report_id, min(record_id) AS founder FROM release JOIN at_release USING (report_id, released_at)
    GROUP BY report_id
),
present AS (
    SELECT report_id, min(record_id) AS founder FROM members SEMI JOIN concerned USING (report_id) GROUP BY report_id
),
gone AS (
    SELECT report_id, arg_min(record_id, (-position, record_id)) AS founder
    FROM stood WHERE event = 'parted' GROUP BY report_id
)
SELECT report_id, report_id IN (SELECT report_id FROM batch_report) AS released,
    coalesce(r.founder, p.founder, g.founder) AS founder
FROM concerned LEFT JOIN released r USING (report_id) LEFT JOIN present p USING (report_id)
    LEFT JOIN gone g USING (report_id)
"""

_PLACED = """
CREATE OR REPLACE TEMP TABLE placed AS
WITH named AS (
    SELECT g.group_id, arg_min(f.report_id, (NOT f.released, f.report_id)) AS report_id
    FROM founders f JOIN groups g ON g.record_id = f.founder GROUP BY g.group_id
),
nameless AS (
    SELECT group_id, (SELECT coalesce(max(report_id), 0) FROM report)
        + row_number() OVER (ORDER BY min(record_id)) AS report_id
    FROM groups ANTI JOIN named USING (group_id) GROUP BY group_id
),
target AS (SELECT * FROM named UNION ALL SELECT * FROM nameless)
SELECT g.record_id, m.report_id AS old_report, t.report_id AS new_report
FROM groups g JOIN target t USING (group_id) LEFT JOIN members m USING (record_id)
"""


def place_groups(con: duckdb.DuckDBPyConnection) -> None:
    """Give every group its id.

    Args:
        con: inside a write transaction; holds `groups` (`record_id`, `group_id`) and `members` (`record_id`,
            `report_id`). The table `placed` (`record_id`, `old_report`, `new_report`) is left on it.
    """
    con.execute(_FOUNDERS)
    con.execute(_PLACED)
    con.execute("DROP TABLE founders")
