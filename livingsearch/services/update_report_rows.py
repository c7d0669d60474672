"""The SQL of an update's report."""

RELEASED = "SELECT report_id FROM batch_report WHERE update_number = $update ORDER BY report_id"

PUBLISHED_AT = "SELECT published_at FROM published WHERE update_number = $update"

OPEN_UPDATE = """
SELECT number FROM review_update WHERE number NOT IN (SELECT update_number FROM update_closing) ORDER BY number LIMIT 1
"""

SPAN = """
SELECT (SELECT max(position) FROM update_closing WHERE update_number < $update),
    (SELECT position FROM update_closing WHERE update_number = $update),
    $update = (SELECT max(number) FROM review_update)
"""

# The title of the preferred record that has one, in its last version.
NAMES = """
WITH members AS (
    SELECT m.report_id, r.record_id, r.source, coalesce(list_position($preferred::VARCHAR[], r.source), 1000) AS rank
    FROM member_at($position) m JOIN record r USING (record_id)
    WHERE m.report_id IN (SELECT unnest($ids::BIGINT[]))
),
last AS (
    SELECT record_id, arg_max(title, version) AS title, arg_max(year, version) AS year
    FROM record_version WHERE record_id IN (SELECT record_id FROM members) GROUP BY record_id
)
SELECT report_id, arg_min(title, (rank, record_id)), arg_min(year, (rank, record_id)),
    list(DISTINCT source ORDER BY source)
FROM members JOIN last USING (record_id) GROUP BY report_id
"""

# Reports that were handed out before, held records then and hold none any more, by the record that left last.
LATE_DUPLICATES = """
WITH before AS (SELECT DISTINCT report_id FROM member_at($since)),
after AS (FROM member_at($until)),
emptied AS (
    SELECT b.report_id, b.update_number
    FROM batch_report b JOIN batch USING (update_number) SEMI JOIN before USING (report_id)
        ANTI JOIN after ON after.report_id = b.report_id
    WHERE batch.position <= $since
),
parted AS (
    SELECT report_id, max_by(e, e.seq) AS e
    FROM report_event e
    WHERE event = 'parted' AND position <= $until AND report_id IN (SELECT report_id FROM emptied)
    GROUP BY report_id
)
SELECT report_id, x.update_number, a.report_id, p.e.instant, p.e.position
FROM emptied x JOIN parted p USING (report_id) JOIN after a ON a.record_id = p.e.record_id
ORDER BY report_id
"""

# Reports with records that left one which had been handed out, and which holds others still.
LATE_SPLITS = """
WITH handed AS (
    SELECT report_id FROM batch_report JOIN batch USING (update_number) WHERE batch.position <= $since
),
after AS (FROM member_at($until)),
moved AS (
    SELECT b.record_id, b.report_id AS was, a.report_id AS now
    FROM member_at($since) b JOIN after a USING (record_id)
    WHERE a.report_id <> b.report_id AND b.report_id IN (SELECT report_id FROM handed)
        AND b.report_id IN (SELECT report_id FROM after)
)
SELECT m.now, m.was, max(e.instant), max(e.position)
FROM moved m JOIN report_event e ON e.record_id = m.record_id AND e.report_id = m.now AND e.event = 'joined'
WHERE e.position > $since AND e.position <= $until
GROUP BY m.now, m.was ORDER BY m.now, m.was
"""

EVIDENCE = """
WITH wanted AS (SELECT pair[1] AS x, pair[2] AS y FROM (SELECT unnest($pairs::BIGINT[][]) AS pair)),
members AS (
    SELECT * FROM member_at($position) WHERE report_id IN (SELECT x FROM wanted UNION SELECT y FROM wanted)
)
SELECT w.x, w.y, arg_max(v.evidence, coalesce(v.score, 0))
FROM verdict_at($position) v
    JOIN members a ON a.record_id = v.x_id JOIN members b ON b.record_id = v.y_id
    JOIN wanted w ON w.x = least(a.report_id, b.report_id) AND w.y = greatest(a.report_id, b.report_id)
WHERE v.outcome = 'possible'
GROUP BY w.x, w.y
"""

# After `make_standing`.
STATES_THAT_WAIT = """
SELECT state, count(*) FROM at_standing
WHERE report_id > 0 AND state IN ('awaiting screening', 'pending on title', 'awaiting retrieval', 'pending')
GROUP BY state ORDER BY state
"""

TO_APPROVE = """
SELECT DISTINCT update_number FROM publication_proposed
WHERE update_number NOT IN (SELECT update_number FROM published)
ORDER BY update_number
"""
