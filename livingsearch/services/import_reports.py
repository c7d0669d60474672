"""What an import brought, told again from the database: the same as was shown when it was made."""

from collections.abc import Sequence
from dataclasses import replace

import duckdb
import pyarrow as pa

from connectors.exports import Summary
from connectors.record import RECORD_SCHEMA, Remnant
from livingsearch.errors import ImportRefused
from livingsearch.services.context import ReviewContext
from livingsearch.services.file_reports import FIELDS, Declared, FileReport, report_of
from livingsearch.services.runs import RunResult, run_result

_FILES = """
SELECT f.ordinal, f.name, f.format, f.platform, f.encoding, f.records,
    coalesce(t.record_starts, f.records),
    coalesce(t.outside, (
        SELECT sum(len(list_filter(string_split(x.text, chr(10)), lambda line: trim(line) <> '')))
        FROM run_remnant x WHERE x.run_id = f.run_id AND x.ordinal = f.ordinal AND x.kind = 'text'
    ), 0),
    coalesce(t.warnings, [])
FROM run_file f LEFT JOIN run_file_told t USING (run_id, ordinal)
WHERE f.run_id = ? AND f.role = 'records' ORDER BY f.ordinal
"""

# Records of a run stand in the order of its files.
_PLACED = """
CREATE OR REPLACE TEMP TABLE placed AS
WITH ends AS (
    SELECT ordinal, sum(records) OVER (ORDER BY ordinal) - records AS before
    FROM run_file WHERE run_id = $run_id AND role = 'records' AND records > 0
)
SELECT e.ordinal, x.position, v.* EXCLUDE (record_id, version, run_id, payload)
FROM run_record x JOIN record_version v USING (record_id, version) ASOF JOIN ends e ON x.position > e.before
WHERE x.run_id = $run_id
"""

_FILLED = f"""
SELECT ordinal, min(year), max(year), {
    ", ".join(
        f"count(*) FILTER (len({field.name}) > 0)" if pa.types.is_list(field.type) else f"count({field.name})"
        for field in RECORD_SCHEMA
    )
}
FROM placed GROUP BY ordinal
"""  # noqa: S608 - names of the schema

_DATABASES = """
SELECT ordinal, database, count(*) FROM placed WHERE database IS NOT NULL
GROUP BY ordinal, database ORDER BY count(*) DESC, min(position)
"""

_LANGUAGES = """
WITH each AS (SELECT ordinal, position, unnest(languages) AS language, generate_subscripts(languages, 1) AS place
              FROM placed)
SELECT ordinal, language, count(*) FROM each
GROUP BY ordinal, language ORDER BY count(*) DESC, min((position, place))
"""

_OUTSIDE = """
SELECT line, text FROM run_remnant
WHERE run_id = ? AND ordinal = ? AND kind = 'text' AND regexp_matches(text, '\\S') ORDER BY line LIMIT 3
"""

_DECLARED = """
SELECT r.date_searched, r.run_id IN (SELECT run_id FROM run_hits_not_shown), m.exported_by, m.platform, m.strategy,
    m.strategy_from, m.columns, r.accepted_mismatch
FROM run r LEFT JOIN run_manifest m USING (run_id) WHERE r.run_id = ?
"""


def import_report(context: ReviewContext, run_id: int) -> RunResult:
    """What an import brought.

    Args:
        context: the review.
        run_id: the import's number.

    Returns:
        The same counts, notes and files as when it was made.

    Raises:
        ImportRefused: there is no such run, it is a search, or it is not complete.
    """
    with context.store.read() as con:
        row = con.execute("SELECT kind, state, source, error FROM run WHERE run_id = ?", [run_id]).fetchone()
        if row is None:
            known = [n for (n,) in con.execute("SELECT run_id FROM run WHERE kind = 'import' ORDER BY 1").fetchall()]
            imports = ", ".join(map(str, known[-10:])) or "none"
            raise ImportRefused(f"There is no run {run_id}; the last imports are: {imports}.")
        kind, state, source, error = row
        if kind != "import":
            raise ImportRefused(f"Run {run_id} is a search of {source}, no import.")
        if state != "complete":
            raise ImportRefused(f"Run {run_id}, an import of {source}, is not complete. {error or ''}".rstrip())
        return reported(con, run_id, repeated=False)


def reported(con: duckdb.DuckDBPyConnection, run_id: int, *, repeated: bool) -> RunResult:
    """A complete import with its files and what was declared of it."""
    run = run_result(con, run_id, repeated=repeated)
    return replace(run, files=file_reports(con, run_id), declared=declared_of(con, run_id))


def declared_of(con: duckdb.DuckDBPyConnection, run_id: int) -> Declared:
    """What was declared of an import."""
    row = con.execute(_DECLARED, [run_id]).fetchone()
    if row is None:
        raise ImportRefused(f"There is no run {run_id}.")
    return Declared(*row)


def file_reports(con: duckdb.DuckDBPyConnection, run_id: int) -> tuple[FileReport, ...]:
    """What each file of an import held, from the records and rows that are stored."""
    files = con.execute(_FILES, [run_id]).fetchall()
    con.execute(_PLACED, {"run_id": run_id})
    filled = {row[0]: row[1:] for row in con.execute(_FILLED).fetchall()}
    databases = con.execute(_DATABASES).fetchall()
    languages = con.execute(_LANGUAGES).fetchall()
    con.execute("DROP TABLE placed")
    reports = []
    for ordinal, name, form, platform, encoding, records, starts, outside, warnings in files:
        first, last, *counts = filled.get(ordinal, (None, None))
        summary = Summary(
            name=name,
            format=form,
            platform=platform,
            encoding=encoding,
            record_starts=starts,
            records=records,
            filled={field: count for field, count in zip(FIELDS, counts, strict=False) if count},
            years=(first, last) if first and last else None,
            languages=_of(languages, ordinal),
            databases=_of(databases, ordinal),
            outside=outside,
            warnings=tuple(warnings),
        )
        rows = con.execute(_OUTSIDE, [run_id, ordinal]).fetchall()
        reports.append(report_of(summary, [Remnant(line, text) for line, text in rows]))
    return tuple(reports)


def _of(rows: Sequence[tuple[int, str, int]], ordinal: int) -> dict[str, int]:
    return {name: count for number, name, count in rows if number == ordinal}
