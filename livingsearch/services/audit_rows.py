"""The SQL of everything that ever happened to some records: one query a kind of event.

`audited` holds the records, `audited_report` the reports that they ever belonged to. Each query gives position,
instant, who, and what its sentence needs.
"""

BY_ACCESSION = """
CREATE OR REPLACE TEMP TABLE audited AS
SELECT record_id FROM record WHERE identity = 'acc:' || $name AND ($source IS NULL OR source = $source)
"""

BY_REPORT = """
CREATE OR REPLACE TEMP TABLE audited AS
SELECT DISTINCT record_id FROM report_event WHERE report_id = $report
"""

REPORTS = """
CREATE OR REPLACE TEMP TABLE audited_report AS
SELECT DISTINCT report_id FROM report_event WHERE record_id IN (FROM audited)
"""

# Names of the audited records and of all that a pair ties to them.
CALLED = """
CREATE OR REPLACE TEMP TABLE called AS
WITH wanted AS (
    FROM audited
    UNION SELECT unnest([x_id, y_id]) FROM verdict WHERE x_id IN (FROM audited) OR y_id IN (FROM audited)
    UNION SELECT unnest([x_id, y_id]) FROM decision WHERE x_id IN (FROM audited) OR y_id IN (FROM audited)
)
SELECT r.record_id, r.source || ' ' || coalesce(any_value(v.accession), left(r.identity, 24))
    || if(r.occurrence > 1, ' (occurrence ' || r.occurrence || ')', '') AS name
FROM record r JOIN record_version v USING (record_id)
WHERE r.record_id IN (FROM wanted)
GROUP BY r.record_id, r.source, r.identity, r.occurrence
"""

RECORDS = """
SELECT r.record_id, r.source, arg_max(v.accession, v.version) AS accession, r.occurrence,
    arg_max(v.title, v.version) AS title, any_value(m.report_id) AS report_id
FROM audited JOIN record r USING (record_id) JOIN record_version v USING (record_id)
    LEFT JOIN member_at($position) m ON m.record_id = r.record_id
GROUP BY r.record_id, r.source, r.occurrence ORDER BY r.record_id
"""

VERSIONS = "FROM record_version WHERE record_id IN (FROM audited) ORDER BY record_id, version"

RETURNED = """
SELECT r.position, r.finished_at AS instant, r.actor AS who, x.record_id, c.name, x.version, r.run_id, r.kind, r.scope,
    r.update_number, r.source_label, r.date_searched,
    row_number() OVER (PARTITION BY x.record_id ORDER BY r.position, x.position) = 1 AS is_first,
    row_number() OVER (PARTITION BY x.record_id, x.version ORDER BY r.position, x.position) = 1 AS is_first_so
FROM run_record x JOIN called c USING (record_id) JOIN run r USING (run_id)
WHERE x.record_id IN (FROM audited) AND r.state = 'complete' AND r.position <= $position
"""

NOT_RETURNED = """
SELECT r.position, r.finished_at AS instant, r.actor AS who, c.name, r.run_id, r.update_number, r.source_label,
    r.date_searched, w.identity IS NOT NULL AS announced
FROM counting_run_at($position) k JOIN run r USING (run_id)
    JOIN record d ON d.source = r.source AND d.record_id IN (FROM audited)
    JOIN called c ON c.record_id = d.record_id
    LEFT JOIN withheld_at($position) w ON w.run_id = r.run_id AND w.identity = d.identity
WHERE r.scope = 'full'
    AND r.position > (
        SELECT min(f.position) FROM run_record y JOIN run f USING (run_id)
        WHERE y.record_id = d.record_id AND f.state = 'complete'
    )
    AND NOT EXISTS (FROM run_record y WHERE y.run_id = r.run_id AND y.record_id = d.record_id)
"""

WITHDRAWN = """
SELECT w.position, w.instant, w.who, w.run_id, r.update_number, r.source_label, w.why
FROM run_withdrawn w JOIN run r USING (run_id)
WHERE w.position <= $position
    AND w.run_id IN (SELECT run_id FROM run_record WHERE record_id IN (FROM audited))
"""

VERDICTS = """
SELECT v.position, l.instant, l.actor AS who, x.name AS one, y.name AS other, v.* EXCLUDE (position)
FROM verdict v JOIN log l ON l.position = v.position
    JOIN called x ON x.record_id = v.x_id JOIN called y ON y.record_id = v.y_id
WHERE (v.x_id IN (FROM audited) OR v.y_id IN (FROM audited)) AND v.position <= $position
"""

DECISIONS = """
SELECT d.position, d.instant, d.who, x.name AS one, y.name AS other, d.* EXCLUDE (position, instant, who)
FROM decision d JOIN called x ON x.record_id = d.x_id JOIN called y ON y.record_id = d.y_id
WHERE (d.x_id IN (FROM audited) OR d.y_id IN (FROM audited)) AND d.position <= $position
"""

GROUPED = """
SELECT e.position, e.instant, l.actor AS who, e.seq, e.event, e.report_id, c.name
FROM report_event e JOIN called c USING (record_id) JOIN log l ON l.position = e.position
WHERE e.record_id IN (FROM audited) AND e.position <= $position
"""

# A report that came to be after its batch was released went out with the closing that followed an opening again.
HANDED_OUT = """
SELECT l.position, l.instant, l.actor AS who, r.report_id, b.update_number
FROM batch_report r JOIN batch b USING (update_number) JOIN report n USING (report_id)
    LEFT JOIN update_closing u ON u.update_number = b.update_number
    JOIN log l ON l.position = if(n.position > b.position, coalesce(u.position, b.position), b.position)
WHERE r.report_id IN (FROM audited_report) AND l.position <= $position
"""

SCREENED = """
SELECT s.position, s.instant, s.who, s.screening_id AS seq, s.report_id, s.stage, s.word, s.reason, s.consensus, s.note,
    f.name AS file
FROM screening s LEFT JOIN returned_file f USING (return_id)
WHERE s.report_id IN (FROM audited_report) AND s.position <= $position
"""

TAKEN_BACK = """
SELECT u.position, u.instant, u.who, s.screening_id AS seq, s.report_id, s.stage, s.word, s.who AS said_by, u.why
FROM screening_undone u JOIN screening s USING (screening_id)
WHERE s.report_id IN (FROM audited_report) AND u.position <= $position
"""

STUDIED = """
SELECT e.position, e.instant, e.who, e.seq, e.report_id, e.study_id, n.name
FROM study_event e
    LEFT JOIN (SELECT study_id, arg_max(name, position) AS name FROM study WHERE position <= $position GROUP BY ALL) n
        USING (study_id)
WHERE e.report_id IN (FROM audited_report) AND e.position <= $position
"""

# How a closing counted each record, from the rows up to it: as `placed_at` says, for these records' reports alone.
COUNTED = """
WITH members AS (
    SELECT record_id, report_id FROM member_at($position)
    WHERE report_id IN (SELECT report_id FROM member_at($position) WHERE record_id IN (FROM audited))
),
counted AS (
    SELECT c.record_id, c.update_number, c.source, r.source_kind = 'other' AS other
    FROM counted_at($position) c JOIN run r USING (run_id)
    WHERE c.record_id IN (SELECT record_id FROM members UNION FROM audited)
),
firsts AS (
    SELECT record_id, min(update_number) AS update_number, arg_min(other, update_number) AS other,
        any_value(source) AS source
    FROM counted GROUP BY record_id
),
ranked AS (
    SELECT f.*, m.report_id, first_value(f.record_id) OVER (
        PARTITION BY coalesce(m.report_id, -f.record_id)
        ORDER BY f.update_number, f.other, list_position($preferred::VARCHAR[], f.source) NULLS LAST, f.record_id
    ) AS bringer
    FROM firsts f LEFT JOIN members m USING (record_id)
)
SELECT $position AS position, $closed_at::TIMESTAMP AS instant,
    (SELECT actor FROM log WHERE position = $position) AS who, c.name, $update AS update_number, r.report_id,
    CASE WHEN r.update_number < $update THEN 'already known' WHEN r.bringer = r.record_id THEN 'new to screen'
        ELSE 'duplicate' END AS counted_as
FROM ranked r JOIN called c USING (record_id)
WHERE r.record_id IN (FROM audited)
    AND r.record_id IN (SELECT record_id FROM counted WHERE update_number = $update)
ORDER BY r.record_id
"""

# Those that were taken back were closings all the same.
CLOSINGS = """
SELECT update_number, position, closed_at FROM update_closing WHERE position <= $position
UNION ALL SELECT update_number, closing_position, closed_at FROM update_reopened WHERE closing_position <= $position
ORDER BY position
"""

# Openings again of closings that had counted one of the records.
REOPENED = """
SELECT DISTINCT u.position, u.instant, u.who, u.update_number, u.closed_at, u.why
FROM update_reopened u JOIN run r USING (update_number) JOIN run_record x USING (run_id)
WHERE x.record_id IN (FROM audited) AND r.state = 'complete' AND r.position <= u.closing_position
    AND u.position <= $position
"""

# What the machine's groups were when a report was released; `label` is below zero where it never was a report.
KEPT = """
SELECT f.position, l.instant, l.actor AS who, c.name, f.label, o.others
FROM frozen_member f JOIN called c USING (record_id) JOIN log l ON l.position = f.position
    JOIN (SELECT label, count(*) - 1 AS others FROM frozen_member WHERE position <= $position GROUP BY label) o
        USING (label)
WHERE f.record_id IN (FROM audited) AND f.position <= $position
"""

PUBLISHED = """
SELECT position, published_at AS instant, who, update_number FROM published
WHERE position <= $position ORDER BY position
"""

# Tables that hold these records or reports and that no query above reads: those of later migrations.
ELSEWHERE = """
SELECT t.table_name, list(c.column_name ORDER BY c.column_index)
FROM duckdb_tables() t JOIN duckdb_columns() c USING (database_oid, schema_oid, table_oid)
WHERE t.database_name = current_database() AND NOT t.temporary AND NOT t.internal
    AND NOT list_contains($known::VARCHAR[], t.table_name)
GROUP BY t.table_name
HAVING len(list_intersect(list(c.column_name), ['record_id', 'report_id', 'x_id', 'y_id'])) > 0
ORDER BY t.table_name
"""

KNOWN = (
    "batch_report",
    "decision",
    "frozen_member",
    "record",
    "record_version",
    "report",
    "report_event",
    "run_record",
    "screening",
    "study_event",
    "verdict",
)


def elsewhere_sql(table: str, columns: list[str]) -> str:
    """The query of a table's rows on the audited records and reports.

    Args:
        table: from `ELSEWHERE`.
        columns: its columns.
    """
    held = {"record_id": "audited", "x_id": "audited", "y_id": "audited", "report_id": "audited_report"}
    which = " OR ".join(f'"{name}" IN (FROM {held[name]})' for name in columns if name in held)
    quoted = table.replace('"', '""')
    return f'FROM "{quoted}" WHERE {which} LIMIT 10000'
