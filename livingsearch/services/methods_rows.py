"""The SQL of a methods section: what no box of the flow tells."""

import dedup

CLOSED = """
SELECT update_number FROM update_closing WHERE position <= $position
UNION SELECT update_number FROM update_reopened WHERE closing_position <= $position AND position > $position
ORDER BY ALL
"""

RUNS = """
SELECT r.source, r.source_label, r.update_number, r.scope, r.date_searched, r.hits_reported
FROM counting_run_at($position) c JOIN run r USING (run_id)
WHERE list_contains($updates::INTEGER[], r.update_number)
ORDER BY r.update_number, r.run_id
"""

# What the machine said of pairs, also of those on which a person has spoken since, and what it asked a person: whether
# two records are one report, or whether one report may be several.
FACTS = f"""
WITH said AS (
    SELECT x_id, y_id, arg_max(outcome, position) FILTER (outcome <> 'withdrawn') AS outcome,
        arg_max(evidence, position) FILTER (outcome <> 'withdrawn') AS evidence,
        arg_max(outcome, position) <> 'withdrawn' AS stands
    FROM verdict WHERE position <= $position GROUP BY ALL
), told AS (
    SELECT outcome, d.word IS NULL AS waits,
        outcome = 'possible' OR (outcome = 'duplicate' AND contains(evidence, '{dedup.DOUBTED}')) AS asked
    FROM said LEFT JOIN decision_at($position) d USING (x_id, y_id) WHERE stands OR d.word IS NOT NULL
)
SELECT
    (SELECT count(*) FROM strategy_version WHERE position <= $position) AS strategy_versions,
    (SELECT arg_max(detail->>'rule_set', position) FROM log WHERE kind = 'deduplicated' AND position <= $position)
        AS rule_set,
    (SELECT count(*) FROM told WHERE outcome = 'duplicate') AS duplicate,
    (SELECT count(*) FROM told WHERE asked) AS asked,
    (SELECT count(*) FROM told WHERE asked AND waits) AS waiting,
    (SELECT count(*) FROM decision_at($position)) AS decisions,
    (SELECT count(DISTINCT lower(d.who)) FROM decision d SEMI JOIN decision_at($position) n
        ON n.x_id = d.x_id AND n.y_id = d.y_id WHERE d.position <= $position AND d.word <> 'undone') AS deciders,
    (SELECT count(*) FROM member_at($position)) AS records,
    (SELECT count(DISTINCT report_id) FROM member_at($position)) AS reports,
    (SELECT count(*) FROM run_withdrawn JOIN run USING (run_id) WHERE run_withdrawn.position <= $position
        AND list_contains($updates::INTEGER[], update_number)) AS withdrawn
"""  # noqa: S608
