"""What an update changed in the records that a review already had: vanished, changed, retracted, corrected."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import groupby
from typing import Any, Literal

import duckdb

from connectors.record import RECORD_SCHEMA
from livingsearch.errors import UpdateRefused
from livingsearch.services import changes_rows as sql
from livingsearch.services.context import ReviewContext
from livingsearch.services.live_reports import report_name
from livingsearch.store import log_position

What = Literal["retracted", "expression of concern", "corrected", "updated", "another notice", "retracted before"]

_RETRACTS = ("retracted", "RetractionIn", "RetractedandRepublishedIn")
_KINDS: dict[str, What] = {
    **dict.fromkeys(_RETRACTS, "retracted"),
    "ExpressionOfConcernIn": "expression of concern",
    "ErratumIn": "corrected",
    "CorrectedandRepublishedIn": "corrected",
    "UpdateIn": "updated",
    "RepublishedIn": "updated",
}
"""Notices of what happened to the publication itself, by the names of `RefType` in NLM's PubMed DTD, which the
connectors write for all sources. A kind that is not listed is shown rather than lost."""
_OTHERS = "(Of|For|From)$|^PreprintIn$"
"""Notices of what the publication does to another, and of its preprint."""
WORST_FIRST: tuple[What, ...] = (
    "retracted",
    "expression of concern",
    "corrected",
    "updated",
    "another notice",
    "retracted before",
)


@dataclass(frozen=True, slots=True)
class SourceChanges:
    """One source's counted search of the update, beside its last counted one before.

    Attributes:
        source: its slug.
        label: as it was when it was run.
        scope: `full`, or `window` for a search of a part, which cannot tell what vanished.
        date_searched: of this search.
        previous_update: update of the search that it is compared with; None where there is none, or this one is of a
            window. Vanished, changed and returned are 0 then because nothing was compared.
        previous_date: day of that search.
        previous_records: what that search returned.
        records: what this one returned: already known and new.
        already_known: returned by the same source in an earlier update.
        new: not returned by it before.
        returned: of those already known, absent from the search that this one is compared with.
        vanished: returned by that search and not announced by this one.
        withheld: returned by that search, announced by this one and not handed out.
        changed: returned by both, with other metadata.
    """

    source: str
    label: str
    scope: str
    date_searched: date
    previous_update: int | None
    previous_date: date | None
    previous_records: int | None
    records: int
    already_known: int
    new: int
    returned: int
    vanished: int
    withheld: int
    changed: int


@dataclass(frozen=True, slots=True)
class TouchedRecord:
    """A record of one source.

    Attributes:
        source: slug.
        accession: as the source numbers it; None where it gives no number.
        title: as last returned.
        report: id of its report, such as `R000102`; None while its records have not been compared.
        batch: the update whose batch brought the report to screening; None where none did yet.
    """

    source: str
    accession: str | None
    title: str | None
    report: str | None
    batch: int | None


@dataclass(frozen=True, slots=True)
class VanishedRecord:
    """A record that its source no longer returns.

    Attributes:
        record: which, as last returned.
        still_in: slugs of the sources that returned its report by another record in this update.
    """

    record: TouchedRecord
    still_in: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A canonical field that differs.

    Attributes:
        field: its name in `connectors.record.Record`.
        before: its values; empty where it had none, one where the field holds a single value.
        after: its values now.
    """

    field: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChangedRecord:
    """A record that came with other metadata.

    Attributes:
        record: which.
        fields: that differ, in the order of the canonical record; empty where a change between the two counted
            searches was taken back.
    """

    record: TouchedRecord
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class FlaggedReport:
    """A report that reviewers may have screened and of which a record now says something that none said before.

    Attributes:
        report: its id.
        batch: the update whose batch brought it to screening; None where none did.
        title: of the first telling record, in the review's order of sources.
        what: the gravest of the new notices; `retracted before` where the only news is another notice of a retraction
            that an earlier update had told.
        notices: the new ones, each once.
        records: those that tell.
        retracted_before: whether an earlier update knew it as retracted.
    """

    report: str
    batch: int | None
    title: str | None
    what: What
    notices: tuple[str, ...]
    records: tuple[TouchedRecord, ...]
    retracted_before: bool


@dataclass(frozen=True, slots=True)
class Changes:
    """What an update changed.

    Attributes:
        update: its number.
        closed_at: instant (UTC) of its closing, whose state this is; None for an open update, as it stands.
        position: in the log; nothing after it is seen.
        sources: those searched in the update.
        unsearched: slugs of sources that an earlier update searched and this one did not: nothing is said of them.
        flagged: retracted or corrected since last seen, the gravest first.
        vanished: records that a source no longer returns.
        changed: records with other metadata, the flagged ones among them.
    """

    update: int
    closed_at: datetime | None
    position: int
    sources: tuple[SourceChanges, ...]
    unsearched: tuple[str, ...]
    flagged: tuple[FlaggedReport, ...]
    vanished: tuple[VanishedRecord, ...]
    changed: tuple[ChangedRecord, ...]


def record_changes(context: ReviewContext, update: int | None = None) -> Changes:
    """What an update changed in records that were known, source by source.

    Args:
        context: the review.
        update: its number; None for the newest.

    Returns:
        The state at the update's closing; as it stands now where it is open.

    Raises:
        UpdateRefused: there is no such update.
        StoreError: the database.
    """
    with context.store.read() as con:
        number, closed_at, position = _chosen(con, context, update)
        bound = {"update": number, "position": position}
        con.execute(sql.COMPARED, bound)
        con.execute(sql.CAME, bound)
        con.execute(sql.ABSENT, {"position": position})
        con.execute(sql.GONE)
        con.execute(sql.BELONGS, {"position": position})
        return Changes(
            update=number,
            closed_at=closed_at,
            position=position,
            sources=tuple(SourceChanges(*row) for row in con.execute(sql.COUNTS).fetchall()),
            unsearched=tuple(row[0] for row in con.execute(sql.UNSEARCHED, bound).fetchall()),
            flagged=_flagged(con, bound, context.preferred()),
            vanished=tuple(
                VanishedRecord(_touched(*row), tuple(still_in))
                for *row, still_in in con.execute(sql.VANISHED).fetchall()
            ),
            changed=_changed(con),
        )


def _chosen(
    con: duckdb.DuckDBPyConnection, context: ReviewContext, update: int | None
) -> tuple[int, datetime | None, int]:
    every = con.execute(
        "SELECT u.number, c.closed_at, c.position FROM review_update u "
        "LEFT JOIN update_closing c ON c.update_number = u.number ORDER BY u.number"
    ).fetchall()
    chosen = [row for row in every if update in (None, row[0])]
    if not chosen:
        have = ", ".join(str(row[0]) for row in every) or "none"
        which = f"update {update}" if update is not None else "update"
        raise UpdateRefused(f"There is no {which} of {context.review.slug} to show changes of (there are: {have}).")
    number, closed_at, position = chosen[-1]
    if closed_at is None:
        return number, None, log_position(con)
    return number, closed_at.replace(tzinfo=UTC), position


def _touched(
    source: str, accession: str | None, title: str | None, report_id: int | None, batch: int | None
) -> TouchedRecord:
    return TouchedRecord(source, accession, title, None if report_id is None else report_name(report_id), batch)


def _changed(con: duckdb.DuckDBPyConnection) -> tuple[ChangedRecord, ...]:
    con.execute(sql.pairs_sql())
    fields: dict[int, list[FieldChange]] = {}
    for record_id, place, before, after in con.execute(sql.differences_sql()).fetchall():
        change = FieldChange(RECORD_SCHEMA.names[place], tuple(before), tuple(after))
        fields.setdefault(record_id, []).append(change)
    rows = con.execute(sql.CHANGED).fetchall()
    return tuple(ChangedRecord(_touched(*row), tuple(fields.get(record_id, ()))) for record_id, *row in rows)


def _flagged(con: duckdb.DuckDBPyConnection, bound: dict[str, int], preferred: list[str]) -> tuple[FlaggedReport, ...]:
    rows = con.execute(
        sql.FLAGGED, {**bound, "others": _OTHERS, "retracts": list(_RETRACTS), "preferred": preferred}
    ).fetchall()
    flagged = [_report(list(group)) for _, group in groupby(rows, key=lambda row: row[0])]
    return tuple(sorted(flagged, key=lambda one: (WORST_FIRST.index(one.what), one.report)))


def _report(rows: list[tuple[Any, ...]]) -> FlaggedReport:
    report_id, batch, _, _, title, _, retracted_before = rows[0]
    notices = tuple(dict.fromkeys(notice for row in rows for notice in row[5]))
    return FlaggedReport(
        report=report_name(report_id),
        batch=batch,
        title=title,
        what=min((_what(notice, retracted_before) for notice in notices), key=WORST_FIRST.index),
        notices=notices,
        records=tuple(_touched(source, number, named, report_id, batch) for _, _, source, number, named, _, _ in rows),
        retracted_before=retracted_before,
    )


def _what(notice: str, retracted_before: bool) -> What:
    what = _KINDS.get(notice.split(" ", 1)[0], "another notice")
    return "retracted before" if what == "retracted" and retracted_before else what
