"""Everything that ever happened to one record or report, in order, from the rows alone."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import duckdb

from connectors.record import RECORD_SCHEMA
from livingsearch.errors import RecordUnknown
from livingsearch.ledger.at_position import make_tables
from livingsearch.ledger.standing import make_standing, standings
from livingsearch.services import audit_rows as sql
from livingsearch.services.audit_told import TELL, Row
from livingsearch.services.context import ReviewContext
from livingsearch.services.deduplicate import CACHES
from livingsearch.services.live_reports import report_name
from livingsearch.store import log_position

_REPORT = re.compile(r"[Rr]0*([1-9][0-9]{0,17})")
_QUERIES = {
    "returned": sql.RETURNED,
    "not returned": sql.NOT_RETURNED,
    "withdrawn": sql.WITHDRAWN,
    "verdict": sql.VERDICTS,
    "decision": sql.DECISIONS,
    "grouped": sql.GROUPED,
    "kept": sql.KEPT,
    "handed out": sql.HANDED_OUT,
    "reopened": sql.REOPENED,
    "screened": sql.SCREENED,
    "taken back": sql.TAKEN_BACK,
    "study": sql.STUDIED,
}


@dataclass(frozen=True, slots=True)
class AuditedRecord:
    """A record that the audit is of.

    Attributes:
        source: slug.
        accession: its number there; None where the source gives none.
        occurrence: above 1 where a run returned the same name again.
        title: as last returned.
        report: that it belongs to now; None while it was not compared.
    """

    source: str
    accession: str | None
    occurrence: int
    title: str | None
    report: str | None


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened.

    Attributes:
        position: in the log; None of rows that name none.
        at: instant (UTC).
        kind: of `audit_told.TELL`.
        who: person or job.
        sentence: what happened.
        detail: the row behind it.
    """

    position: int | None
    at: datetime | None
    kind: str
    who: str | None
    sentence: str
    detail: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Audit:
    """All that happened to some records.

    Attributes:
        subject: as it was asked for.
        position: in the log, up to which this is told.
        records: that the audit is of.
        reports: that they ever belonged to.
        events: in the order of the log; those without a position last.
    """

    subject: str
    position: int
    records: tuple[AuditedRecord, ...]
    reports: tuple[str, ...]
    events: tuple[Event, ...]


def audit(context: ReviewContext, subject: str, source: str | None = None) -> Audit:
    """Everything that ever happened to a record, or to all records that were ever part of a report.

    Args:
        context: the review.
        subject: a report's id such as `R000123`, or the number of a record in its source.
        source: slug of the one source that is meant; all where None.

    Returns:
        The events, oldest first.

    Raises:
        SourceUnknown: the review declares no such source.
        RecordUnknown: there is no such record or report.
        StoreError: the database.
    """
    if source is not None:
        context.review.source(source)
    name = subject.strip()
    report = None if source else _REPORT.fullmatch(name)
    with context.store.read() as con:
        position = log_position(con)
        if report:
            con.execute(sql.BY_REPORT, {"report": int(report[1])})
        else:
            con.execute(sql.BY_ACCESSION, {"name": name, "source": source})
        con.execute(sql.REPORTS)
        con.execute(sql.CALLED)
        records = con.execute(sql.RECORDS, {"position": position}).fetchall()
        if not records:
            raise RecordUnknown(
                f"{context.review.slug} has no report and no record {name!r}"
                f"{f' of {source}' if source else ''}; give a report's id (R000123), or the accession number as the "
                "source writes it (of PubMed the PMID)."
            )
        reports = [r for (r,) in con.execute("FROM audited_report ORDER BY ALL").fetchall()]
        events = [_event(kind, row) for kind, row in _rows(con, context, position, tuple(reports))]
    kinds = list(TELL)
    events.sort(key=lambda e: (e.position is None, e.position or 0, kinds.index(e.kind), e.detail.get("seq") or 0))
    return Audit(
        subject=name,
        position=position,
        records=tuple(
            AuditedRecord(slug, accession, occurrence, title, None if now is None else report_name(now))
            for _, slug, accession, occurrence, title, now in records
        ),
        reports=tuple(map(report_name, reports)),
        events=tuple(events),
    )


def _rows(
    con: duckdb.DuckDBPyConnection, context: ReviewContext, position: int, reports: tuple[int, ...]
) -> Iterator[tuple[str, Row]]:
    changed, noticed = _differences(con)
    for kind, query in _QUERIES.items():
        for row in _dicts(con, query, {"position": position}):
            if kind == "returned":
                row["changed"] = changed.get((row["record_id"], row["version"]), [])
                notices = noticed.get((row["record_id"], row["version"]))
                if notices and row["is_first_so"]:
                    yield "notice", {**row, "notices": notices}
            yield kind, row
    for update, closed, at in con.execute(sql.CLOSINGS, {"position": position}).fetchall():
        preferred = list(context.preferred_at(con, closed))
        bound = {"update": update, "position": closed, "closed_at": at, "preferred": preferred}
        for row in _dicts(con, sql.COUNTED, bound):
            yield "counted", row
    yield from _published(con, context, position, reports)
    yield from _elsewhere(con)


def _differences(
    con: duckdb.DuckDBPyConnection,
) -> tuple[dict[tuple[int, int], list[str]], dict[tuple[int, int], list[str]]]:
    """Fields that each version changed, and notices that it was the first to have."""
    changed: dict[tuple[int, int], list[str]] = {}
    noticed: dict[tuple[int, int], list[str]] = {}
    before: Mapping[str, Any] | None = None
    for row in _dicts(con, sql.VERSIONS, {}):
        key = (row["record_id"], row["version"])
        known = before if before is not None and before["record_id"] == row["record_id"] else None
        if known is not None:
            changed[key] = [name for name in RECORD_SCHEMA.names if known[name] != row[name]]
        old = (known["notices"] or []) if known is not None else []
        noticed[key] = [notice for notice in row["notices"] or [] if notice not in old]
        before = row
    return changed, noticed


def _published(
    con: duckdb.DuckDBPyConnection, context: ReviewContext, position: int, reports: tuple[int, ...]
) -> Iterator[tuple[str, Row]]:
    for row in _dicts(con, sql.PUBLISHED, {"position": position}):
        frozen = row["position"]
        make_tables(con, frozen, context.preferred_at(con, frozen))
        make_standing(con, frozen)
        for one in standings(con, frozen, reports=reports):
            if one.update <= row["update_number"]:
                yield "published", {**row, "report_id": one.report_id, "state": one.state, "reason": one.reason}


def _elsewhere(con: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, Row]]:
    known = [*sql.KNOWN, *(table for tables in CACHES.values() for table in tables)]
    for table, columns in con.execute(sql.ELSEWHERE, {"known": known}).fetchall():
        for row in _dicts(con, sql.elsewhere_sql(table, columns), {}):
            at = row.get("instant")
            yield (
                "elsewhere",
                {
                    "position": row.get("position"),
                    "instant": at if isinstance(at, datetime) else None,
                    "who": row.get("who"),
                    "table": table,
                    "row": row,
                },
            )


def _event(kind: str, row: Row) -> Event:
    at = row["instant"]
    detail = {name: value for name, value in row.items() if name not in ("position", "instant", "who")}
    return Event(
        position=row["position"],
        at=None if at is None else at.replace(tzinfo=UTC),
        kind=kind,
        who=row["who"],
        sentence=TELL[kind](row),
        detail=detail,
    )


def _dicts(con: duckdb.DuckDBPyConnection, query: str, bound: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = con.execute(query, dict(bound)).to_arrow_table().to_pylist()
    return rows
