"""The SQL of what an update changed: set operations over rows that are only ever appended."""

from connectors.record import RECORD_SCHEMA

# Each source's counted run of the update beside its last counted one before. Only searches without a window can say
# what vanished.
COMPARED = """
CREATE TEMP TABLE compared AS
WITH counting AS (
    SELECT r.* FROM counting_run_at($position) c JOIN run r USING (run_id) WHERE c.update_number <= $update
),
earlier AS (
    SELECT * FROM counting WHERE update_number < $update AND scope = 'full'
    QUALIFY row_number() OVER (PARTITION BY source ORDER BY update_number DESC) = 1
)
SELECT t.source, t.source_label AS label, t.run_id, t.scope, t.date_searched,
    e.run_id AS before_id, e.update_number AS before_update, e.date_searched AS before_date
FROM counting t LEFT JOIN earlier e ON e.source = t.source AND t.scope = 'full'
WHERE t.update_number = $update
"""

# What came, with the version in which the search before returned it.
CAME = """
CREATE TEMP TABLE came AS
SELECT c.source, r.record_id, r.version, o.version AS before_version, f.update_number < $update AS known,
    c.before_id IS NOT NULL AS has_before
FROM compared c
    JOIN run_record r ON r.run_id = c.run_id
    JOIN first_counted_at($position) f ON f.record_id = r.record_id
    LEFT JOIN run_record o ON o.run_id = c.before_id AND o.record_id = r.record_id
"""

# What did not come, and whether the source announced it all the same: then it has not vanished.
ABSENT = """
CREATE TEMP TABLE absent AS
SELECT c.source, o.record_id, o.version, w.identity IS NOT NULL AS withheld
FROM compared c JOIN run_record o ON o.run_id = c.before_id JOIN record n USING (record_id)
    ANTI JOIN run_record r ON r.run_id = c.run_id AND r.record_id = o.record_id
    LEFT JOIN withheld_at($position) w ON w.run_id = c.run_id AND w.identity = n.identity
"""

GONE = "CREATE TEMP TABLE gone AS SELECT source, record_id, version FROM absent WHERE NOT withheld"

# The report of each record, and the update that released it to screening.
BELONGS = """
CREATE TEMP TABLE belongs AS
SELECT m.record_id, m.report_id, b.update_number AS batch
FROM member_at($position) m LEFT JOIN (
    SELECT report_id, update_number FROM batch_report JOIN batch USING (update_number) WHERE position <= $position
) b USING (report_id)
"""

COUNTS = """
WITH arrived AS (
    SELECT source, count(*) AS records,
        count(*) FILTER (known) AS already_known,
        count(*) FILTER (NOT known) AS new,
        count(*) FILTER (known AND has_before AND before_version IS NULL) AS returned,
        count(*) FILTER (before_version <> version) AS changed
    FROM came GROUP BY source
),
vanished AS (
    SELECT source, count(*) FILTER (NOT withheld) AS vanished, count(*) FILTER (withheld) AS withheld
    FROM absent GROUP BY source
),
had AS (SELECT c.source, count(*) AS before FROM compared c JOIN run_record r ON r.run_id = c.before_id GROUP BY ALL)
SELECT c.source, c.label, c.scope, c.date_searched, c.before_update, c.before_date,
    CASE WHEN c.before_id IS NOT NULL THEN coalesce(h.before, 0) END, coalesce(a.records, 0),
    coalesce(a.already_known, 0), coalesce(a.new, 0), coalesce(a.returned, 0), coalesce(v.vanished, 0),
    coalesce(v.withheld, 0), coalesce(a.changed, 0)
FROM compared c LEFT JOIN arrived a USING (source) LEFT JOIN vanished v USING (source) LEFT JOIN had h USING (source)
ORDER BY c.source
"""

UNSEARCHED = """
SELECT source FROM counting_run_at($position) WHERE update_number < $update
EXCEPT SELECT source FROM compared
ORDER BY source
"""

# A record without an accession number goes by its bibliographic fields: corrected, it vanishes and another comes. Its
# report tells that it is still there.
VANISHED = """
WITH present AS (
    SELECT b.report_id, list(DISTINCT c.source ORDER BY c.source) AS sources
    FROM came c JOIN belongs b USING (record_id) GROUP BY b.report_id
)
SELECT g.source, v.accession, v.title, b.report_id, b.batch, coalesce(p.sources, []::VARCHAR[])
FROM gone g
    JOIN record_version v USING (record_id, version)
    LEFT JOIN belongs b USING (record_id)
    LEFT JOIN present p ON p.report_id = b.report_id
ORDER BY g.source, g.record_id
"""

CHANGED = """
SELECT c.record_id, c.source, v.accession, v.title, b.report_id, b.batch
FROM came c JOIN record_version v USING (record_id, version) LEFT JOIN belongs b USING (record_id)
WHERE c.before_version <> c.version
ORDER BY c.source, c.record_id
"""

# A report was seen where one of its records was counted in an earlier update; what any of these said of it is no
# news, whichever source says it now.
FLAGGED = """
WITH seen AS (
    SELECT DISTINCT b.report_id, v.record_id, v.version
    FROM counted_at($position) c JOIN belongs b USING (record_id) JOIN record_version v USING (record_id, version)
    WHERE c.update_number < $update
),
said AS (
    SELECT s.report_id, unnest(v.notices) AS notice FROM seen s JOIN record_version v USING (record_id, version)
),
says AS (
    SELECT b.report_id, c.record_id, c.version, unnest(v.notices) AS notice
    FROM came c JOIN belongs b USING (record_id) JOIN record_version v USING (record_id, version)
    WHERE b.report_id IN (SELECT report_id FROM seen)
),
fresh AS (
    SELECT report_id, notice FROM says
    WHERE NOT regexp_matches(split_part(notice, ' ', 1), $others)
    EXCEPT SELECT report_id, notice FROM said
),
telling AS (
    SELECT s.report_id, s.record_id, s.version, list(s.notice ORDER BY s.notice) AS notices
    FROM says s SEMI JOIN fresh f ON f.report_id = s.report_id AND f.notice = s.notice
    GROUP BY ALL
),
retracted AS (SELECT DISTINCT report_id FROM said WHERE list_contains($retracts::VARCHAR[], split_part(notice, ' ', 1)))
SELECT t.report_id, b.batch, r.source, v.accession, v.title, t.notices, x.report_id IS NOT NULL
FROM telling t
    JOIN record r USING (record_id) JOIN record_version v USING (record_id, version) JOIN belongs b USING (record_id)
    LEFT JOIN retracted x ON x.report_id = t.report_id
ORDER BY t.report_id, coalesce(list_position($preferred::VARCHAR[], r.source), 1000000), t.record_id
"""


def pairs_sql() -> str:
    """The statement that puts both versions of each changed record side by side, canonical fields only."""
    columns = ", ".join(f'o."{name}" AS "before_{name}", n."{name}" AS "after_{name}"' for name in RECORD_SCHEMA.names)
    return f"""
CREATE TEMP TABLE pairs AS
SELECT c.record_id, {columns}
FROM came c
    JOIN record_version o ON o.record_id = c.record_id AND o.version = c.before_version
    JOIN record_version n ON n.record_id = c.record_id AND n.version = c.version
WHERE c.before_version <> c.version
"""  # noqa: S608 - names of our own schema


def differences_sql() -> str:
    """The query of all fields that differ: record, place of the field in the canonical record, before, after.

    A field with a single value comes as a list of at most one, so that all have one type.
    """
    fields = [
        f"SELECT record_id, {place} AS place, {_listed('before', place)}, {_listed('after', place)} "  # noqa: S608
        f'FROM pairs WHERE "before_{name}" IS DISTINCT FROM "after_{name}"'
        for place, name in enumerate(RECORD_SCHEMA.names)
    ]
    return "\nUNION ALL\n".join(fields) + "\nORDER BY record_id, place"


def _listed(side: str, place: int) -> str:
    field = RECORD_SCHEMA.field(place)
    column = f'"{side}_{field.name}"'
    if str(field.type).startswith("list"):
        return f"coalesce({column}, []::VARCHAR[])"
    return f"CASE WHEN {column} IS NULL THEN []::VARCHAR[] ELSE [{column}::VARCHAR] END"
