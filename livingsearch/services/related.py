"""Reports that belong together and are not one: shown to reviewers, never merged and never counted."""

import duckdb

# As of a position; of several pairs between two reports the strongest sentence is kept. Where a person has said whether
# two records are one report, the machine's relation is told no more.
RELATED = """
SELECT report_id, other, relation, arg_max(evidence, coalesce(score, 0)) AS evidence
FROM (
    SELECT v.relation, v.evidence, v.score, mx.report_id AS a, my.report_id AS b
    FROM verdict_at($position) v JOIN member_at($position) mx ON mx.record_id = v.x_id
        JOIN member_at($position) my ON my.record_id = v.y_id
    WHERE v.outcome = 'related' AND mx.report_id <> my.report_id
        AND (v.x_id, v.y_id) NOT IN (SELECT (x_id, y_id) FROM decision_at($position))
) CROSS JOIN LATERAL (VALUES (a, b), (b, a)) AS either(report_id, other)
GROUP BY report_id, other, relation
"""


def related_to(con: duckdb.DuckDBPyConnection, report: int, position: int) -> list[tuple[int, str, str]]:
    """What is related to a report.

    Args:
        con: the review's database.
        report: its number.
        position: in the log.

    Returns:
        Number of the other report, kind of relation, and the machine's sentence.
    """
    rows = con.execute(
        f"SELECT other, relation, evidence FROM ({RELATED}) WHERE report_id = $report ORDER BY other, relation",  # noqa: S608
        {"position": position, "report": report},
    ).fetchall()
    return [(other, relation or "", evidence) for other, relation, evidence in rows]
