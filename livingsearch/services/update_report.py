"""What an update brought, for the people of a review: new, vanished, changed, retracted, found out late, waiting."""

from collections.abc import Iterable
from datetime import UTC, datetime

import duckdb

from livingsearch.ledger.at_position import make_tables
from livingsearch.ledger.counts import possible_report_pairs
from livingsearch.ledger.standing import make_standing, standings
from livingsearch.services import update_report_rows as sql
from livingsearch.services.changes import record_changes
from livingsearch.services.context import ReviewContext
from livingsearch.services.inbox import WHY
from livingsearch.services.live_reports import report_name
from livingsearch.services.update_flows import frozen_flow, open_flow
from livingsearch.services.update_report_data import (
    Conflict,
    LateDuplicate,
    LateSplit,
    NamedReport,
    RejectedDrop,
    UpdateReport,
    Waiting,
    WaitingPair,
)
from livingsearch.services.updates import awaited_exports
from livingsearch.store import log_position

LISTED_PAIRS = 1_000
"""A queue of possible duplicates may have many thousands; all of them are counted, so many are named."""


def update_report(context: ReviewContext, update: int | None = None) -> UpdateReport:
    """The report of an update.

    Args:
        context: the review.
        update: its number; None for the newest.

    Returns:
        What it brought as of its closing, and what waits for a person now.

    Raises:
        UpdateRefused: there is no such update.
        StoreError: the database.
    """
    changes = record_changes(context, update)
    number = changes.update
    with context.store.read() as con:
        position = log_position(con)
        since, until = _span(con, number, position)
        named = _Names(con, context, position)
        closed = changes.closed_at is not None
        flow = frozen_flow(con, number) if closed else open_flow(con, context, number)
        released = [r for (r,) in con.execute(sql.RELEASED, {"update": number}).fetchall()] if closed else []
        found = con.execute(sql.PUBLISHED_AT, {"update": number}).fetchone()
        return UpdateReport(
            review=context.review.slug,
            title=context.review.title,
            update=number,
            closed_at=changes.closed_at,
            published_at=_utc(found[0]) if found else None,
            position=position,
            as_of=context.now(),
            flow=flow,
            new=named.of(released),
            changes=changes,
            late_duplicates=_late_duplicates(con, named, since, until),
            late_splits=_late_splits(con, named, since, until),
            waiting=_waiting(con, context, named, position),
        )


class _Names:
    """Titles, years and sources of reports, as of a position."""

    def __init__(self, con: duckdb.DuckDBPyConnection, context: ReviewContext, position: int) -> None:
        self._con, self._context, self._position = con, context, position
        self._preferred = list(context.preferred_at(con, position))

    def of(self, ids: Iterable[int]) -> tuple[NamedReport, ...]:
        wanted = list(ids)
        bound = {"ids": wanted, "position": self._position, "preferred": self._preferred}
        rows = self._con.execute(sql.NAMES, bound).fetchall() if wanted else []
        held = {report: rest for report, *rest in rows}
        return tuple(self._named(report, *held.get(report, (None, None, ()))) for report in wanted)

    def _named(self, report: int, title: str | None, year: int | None, sources: Iterable[str]) -> NamedReport:
        name = report_name(report)
        return NamedReport(name, self._context.review.report_url(name), title, year, tuple(sources))


def _span(con: duckdb.DuckDBPyConnection, update: int, position: int) -> tuple[int, int]:
    """Positions between which something came late for an update: from the closing before it to its own, or to now."""
    row = con.execute(sql.SPAN, {"update": update}).fetchone()
    since, until, is_last = row or (None, None, True)
    return since or 0, position if is_last or until is None else until


def _late_duplicates(
    con: duckdb.DuckDBPyConnection, named: _Names, since: int, until: int
) -> tuple[LateDuplicate, ...]:
    rows = con.execute(sql.LATE_DUPLICATES, {"since": since, "until": until}).fetchall()
    return tuple(
        LateDuplicate(report_name(report), batch, now_in, _utc(instant), position)
        for (report, batch, _, instant, position), now_in in zip(rows, named.of(row[2] for row in rows), strict=True)
    )


def _late_splits(con: duckdb.DuckDBPyConnection, named: _Names, since: int, until: int) -> tuple[LateSplit, ...]:
    rows = con.execute(sql.LATE_SPLITS, {"since": since, "until": until}).fetchall()
    return tuple(
        LateSplit(report, report_name(was), _utc(instant), position)
        for (_, was, instant, position), report in zip(rows, named.of(row[0] for row in rows), strict=True)
    )


def _waiting(con: duckdb.DuckDBPyConnection, context: ReviewContext, named: _Names, position: int) -> Waiting:
    pairs = possible_report_pairs(con, position=position)
    listed = pairs[:LISTED_PAIRS]
    bound = {"pairs": [list(pair) for pair in listed], "position": position}
    evidence = {(x, y): told for x, y, told in con.execute(sql.EVIDENCE, bound).fetchall()} if listed else {}
    ones, others = named.of(x for x, _ in listed), named.of(y for _, y in listed)
    make_tables(con, position, context.preferred_at(con, position))
    make_standing(con, position)
    conflicts = standings(con, position, conflicts=True)
    current = con.execute(sql.OPEN_UPDATE).fetchone()
    return Waiting(
        pairs=tuple(
            WaitingPair(one, other, evidence.get(pair, ""))
            for pair, one, other in zip(listed, ones, others, strict=True)
        ),
        pairs_in_all=len(pairs),
        conflicts=tuple(
            Conflict(report, tuple(f"{w.who}: {w.word} ({w.stage})" for w in one.words))
            for one, report in zip(conflicts, named.of(c.report_id for c in conflicts), strict=True)
        ),
        awaited=awaited_exports(con, context, current[0]) if current else (),
        rejected=_rejected(context),
        states=dict(con.execute(sql.STATES_THAT_WAIT).fetchall()),
        to_approve=tuple(number for (number,) in con.execute(sql.TO_APPROVE).fetchall()),
    )


def _rejected(context: ReviewContext) -> tuple[RejectedDrop, ...]:
    root = context.folder.path
    return tuple(
        RejectedDrop(path.parent.relative_to(root).as_posix(), _first_paragraph(path.read_text("utf-8", "replace")))
        for path in sorted(context.folder.rejected.glob(f"*/*/{WHY}"))
        if path.is_file() and not path.is_symlink()
    )


def _first_paragraph(text: str) -> str:
    return " ".join(text.split("\n\n")[0].split())[:500]


def _utc(instant: datetime) -> datetime:
    return instant.replace(tzinfo=UTC)
