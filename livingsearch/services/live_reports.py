"""Reports by the ids that people name, also of those that are part of another by now."""

import re
from collections.abc import Sequence

import duckdb

from livingsearch.errors import ScreeningRefused

_NAME = re.compile(r"[Rr]?0*([1-9][0-9]{0,17})")


def report_name(report_id: int) -> str:
    """A report's id as people read it, e.g. `R000042`."""
    return f"R{report_id:06d}"


def report_number(name: str) -> int:
    """The number of a report by its id.

    Raises:
        ScreeningRefused: no report is called so.
    """
    found = _NAME.fullmatch(name.strip())
    if found is None:
        raise ScreeningRefused(f"{name!r} is no id of a report; they look like R000123.")
    return int(found[1])


def live_reports(
    con: duckdb.DuckDBPyConnection, reports: Sequence[str]
) -> tuple[list[int], tuple[tuple[str, str], ...]]:
    """The reports of some ids, each once; where one is part of another by now, that other.

    Args:
        con: the review's database.
        reports: ids.

    Returns:
        Their numbers, and which ids led to others.

    Raises:
        ScreeningRefused: an id that no report has, or a report that no batch handed out yet.
    """
    asked = [report_number(name) for name in reports]
    if not asked:
        raise ScreeningRefused("No report was named.")
    rows = con.execute(
        """
        WITH asked AS (SELECT unnest($asked::BIGINT[]) AS report_id),
        last AS (
            SELECT report_id, arg_max(record_id, seq) AS record_id FROM report_event
            WHERE report_id IN (SELECT report_id FROM asked) GROUP BY report_id
        ),
        holds AS (SELECT record_id, arg_max(report_id, seq) AS report_id FROM report_event
            WHERE event = 'joined' GROUP BY record_id),
        found AS (
            SELECT a.report_id AS asked,
                if(a.report_id IN (SELECT report_id FROM holds), a.report_id, h.report_id) AS report_id
            FROM asked a LEFT JOIN last l USING (report_id) LEFT JOIN holds h USING (record_id)
        )
        SELECT f.asked, f.report_id, f.report_id IN (SELECT report_id FROM batch_report)
            OR f.asked IN (SELECT report_id FROM batch_report)
        FROM found f
        """,
        {"asked": asked},
    ).fetchall()
    found = {number: (report_id, released) for number, report_id, released in rows}
    for number in asked:
        report_id, released = found[number]
        if report_id is None:
            raise ScreeningRefused(f"There is no report {report_name(number)}.")
        if not released:
            raise ScreeningRefused(
                f"{report_name(number)} stands in no batch yet: it can be screened once its update is closed."
            )
    moved = tuple((report_name(n), report_name(found[n][0])) for n in dict.fromkeys(asked) if found[n][0] != n)
    return list(dict.fromkeys(found[number][0] for number in asked)), moved
