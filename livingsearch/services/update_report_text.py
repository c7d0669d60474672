"""The report of an update as Markdown, for a mail, a page or Prefect's artifacts."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from livingsearch.exports.prisma_s_text import escaped, one_line
from livingsearch.services.changes import ChangedRecord, FlaggedReport, SourceChanges, TouchedRecord, VanishedRecord
from livingsearch.services.context import ReviewContext
from livingsearch.services.update_report_data import (
    Conflict,
    LateDuplicate,
    LateSplit,
    RejectedDrop,
    UpdateReport,
    Waiting,
    WaitingPair,
)
from livingsearch.services.updates import Awaited

LISTED = 50
"""Rows of a list; a base search has thousands. `--json` has all."""
_TITLE = 200


def update_report_markdown(context: ReviewContext, report: UpdateReport, listed: int = LISTED) -> str:
    """The report as Markdown; what matters most stands first, long lists are cut and say so.

    Args:
        context: the review, for the addresses of reports.
        report: what to tell.
        listed: rows of a list at most.

    Returns:
        CommonMark with tables, ended by a line feed.
    """

    def link(name: str) -> str:
        return f"[{name}]({context.review.report_url(name)})"

    parts = [f"# {_text(report.title)}: update {report.update}", _state(report), _summary(report)]
    parts += _retracted(report.changes.flagged, link, listed)
    parts += _late(report, link, listed)
    parts += _waiting(report.waiting, context.review.slug, link, listed)
    parts += ["## Sources", _sources(report)]
    parts += _new(report, listed)
    parts += _vanished(report.changes.vanished, link, listed)
    parts += _changed(report.changes.changed, link, listed)
    return "\n\n".join(parts) + "\n"


def _state(report: UpdateReport) -> str:
    closed = f"Closed {_minute(report.closed_at)}" if report.closed_at else "Open: the counts may still change"
    published = f"; published {_minute(report.published_at)}" if report.published_at else ""
    return f"{closed}{published}. What waits for a person is told as of {_minute(report.as_of)}."


def _summary(report: UpdateReport) -> str:
    flow = report.flow
    told = [
        f"{_many(flow.identified, 'record')}: {flow.already_known:,} already known, {flow.duplicates:,} duplicates, "
        f"{flow.to_screen:,} new to screen.",
    ]
    if report.new:
        told.append(f"{_many(len(report.new), 'report')} handed out for screening.")
    counted = {
        "retracted or corrected since they were last seen": len(report.changes.flagged),
        "handed out earlier and found to be duplicates": len(report.late_duplicates),
        "found to be reports of their own": len(report.late_splits),
    }
    told += [f"{_many(count, 'report')} {what}." for what, count in counted.items() if count]
    told.append(f"{_many(len(report.changes.vanished), 'record')} vanished, {len(report.changes.changed):,} changed.")
    return " ".join(told)


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _retracted(flagged: Sequence[FlaggedReport], link: Callable[[str], str], listed: int) -> list[str]:
    if not flagged:
        return []
    rows = [
        (
            link(one.report),
            _text(one.what),
            _batch(one.batch),
            _title(one.title),
            _text("; ".join(one.notices)),
            _text(", ".join(_record(record) for record in one.records)),
        )
        for one in flagged[:listed]
    ]
    head = ("Report", "What", "Batch", "Title", "Notices", "Told by")
    return ["## Retracted or corrected", _table(head, rows), *_rest(len(flagged), listed)]


def _late(report: UpdateReport, link: Callable[[str], str], listed: int) -> list[str]:
    parts = []
    if report.late_duplicates:
        parts.append("## Found out late")
        lines = [_late_duplicate(one, link) for one in report.late_duplicates[:listed]]
        parts += ["\n".join(lines), *_rest(len(report.late_duplicates), listed)]
    if report.late_splits:
        parts += [] if parts else ["## Found out late"]
        lines = [_late_split(one, link) for one in report.late_splits[:listed]]
        parts += ["\n".join(lines), *_rest(len(report.late_splits), listed)]
    return parts


def _late_duplicate(one: LateDuplicate, link: Callable[[str], str]) -> str:
    return (
        f"- {link(one.report)}, handed out by update {one.batch}, turned out to be {link(one.same_as.report)} on "
        f"{one.at:%Y-%m-%d}: {_title(one.same_as.title)}"
    )


def _late_split(one: LateSplit, link: Callable[[str], str]) -> str:
    return (
        f"- {link(one.report.report)} turned out on {one.at:%Y-%m-%d} to be no part of {link(one.was_part_of)}: "
        f"{_title(one.report.title)}"
    )


def _waiting(waiting: Waiting, slug: str, link: Callable[[str], str], listed: int) -> list[str]:
    parts = []
    if waiting.states:
        told = ", ".join(f"{count:,} {state}" for state, count in waiting.states.items())
        parts.append(f"Reports in screening: {told}.")
    if waiting.to_approve:
        numbers = ", ".join(map(str, waiting.to_approve))
        parts.append(
            f"Waiting for approval: the version of update {numbers} "
            f"(`livingsearch publish {slug} --update {waiting.to_approve[0]} --approve --who NAME`)."
        )
    if waiting.awaited:
        parts += ["### Exports that are awaited", "\n".join(_awaited(one, slug) for one in waiting.awaited)]
    if waiting.rejected:
        lines = [_rejected(one) for one in waiting.rejected[:listed]]
        parts += ["### Rejected from the inbox", "\n".join(lines), *_rest(len(waiting.rejected), listed)]
    if waiting.conflicts:
        lines = [_conflict(one, link) for one in waiting.conflicts[:listed]]
        parts += ["### Conflicting words", "\n".join(lines), *_rest(len(waiting.conflicts), listed)]
    if waiting.pairs:
        lines = [_pair(one, link) for one in waiting.pairs[:listed]]
        parts += ["### Possible duplicates", "\n".join(lines), *_rest(waiting.pairs_in_all, listed)]
    return ["## Waiting for a person", *(parts or ["Nothing."])]


def _awaited(one: Awaited, slug: str) -> str:
    return f"- {_text(one.source)}, until {_minute(one.until)}: `livingsearch import {slug} {one.source} FILE`"


def _rejected(one: RejectedDrop) -> str:
    return f"- {_text(one.folder)}: {_text(one.why)}"


def _conflict(one: Conflict, link: Callable[[str], str]) -> str:
    return f"- {link(one.report.report)} {_title(one.report.title)}: {_text('; '.join(one.words))}"


def _pair(one: WaitingPair, link: Callable[[str], str]) -> str:
    titles = f"{_title(one.one.title)} / {_title(one.other.title)}"
    return f"- {link(one.one.report)} and {link(one.other.report)}: {_text(one.evidence)} ({titles})"


def _sources(report: UpdateReport) -> str:
    compared = {one.source: one for one in report.changes.sources}
    rows = []
    for column in report.flow.sources:
        if not column.searched:
            rows.append((_text(column.label), "not searched", *[""] * 6))
            continue
        counts = (column.identified, column.already_known, column.duplicates, column.to_screen)
        rows.append(
            (
                _text(column.label),
                str(column.date_searched),
                *(f"{count:,}" for count in counts),
                *_turnover(compared.get(column.slug)),
            )
        )
    head = ("Source", "Searched", "Records", "Already known", "Duplicates", "New to screen", "Vanished", "Changed")
    told = _table(head, rows)
    if report.changes.unsearched:
        told += f"\n\nSearched by earlier updates and not by this one: {_text(', '.join(report.changes.unsearched))}."
    return told


def _turnover(one: SourceChanges | None) -> tuple[str, str]:
    if one is None or one.previous_records is None:
        return "-", "-"
    return f"{one.vanished:,}", f"{one.changed:,}"


def _new(report: UpdateReport, listed: int) -> list[str]:
    if not report.new:
        return []
    rows = [
        (f"[{one.report}]({one.url})", _title(one.title), str(one.year or ""), _text(", ".join(one.sources)))
        for one in report.new[:listed]
    ]
    return ["## New", _table(("Report", "Title", "Year", "Sources"), rows), *_rest(len(report.new), listed)]


def _vanished(vanished: Sequence[VanishedRecord], link: Callable[[str], str], listed: int) -> list[str]:
    if not vanished:
        return []
    rows = [
        (
            _text(_record(one.record)),
            _linked(one.record.report, link),
            _title(one.record.title),
            _text(", ".join(one.still_in)) or "none",
        )
        for one in vanished[:listed]
    ]
    return ["## Vanished", _table(("Record", "Report", "Title", "Still in"), rows), *_rest(len(vanished), listed)]


def _changed(changed: Sequence[ChangedRecord], link: Callable[[str], str], listed: int) -> list[str]:
    if not changed:
        return []
    rows = [
        (
            _text(_record(one.record)),
            _linked(one.record.report, link),
            _title(one.record.title),
            _text(", ".join(field.field for field in one.fields)) or "changed back",
        )
        for one in changed[:listed]
    ]
    return ["## Changed", _table(("Record", "Report", "Title", "Fields"), rows), *_rest(len(changed), listed)]


def _record(record: TouchedRecord) -> str:
    return f"{record.source} {record.accession or '(no number)'}"


def _linked(report: str | None, link: Callable[[str], str]) -> str:
    return link(report) if report else "not compared yet"


def _batch(batch: int | None) -> str:
    return "none yet" if batch is None else str(batch)


def _title(title: str | None) -> str:
    plain = one_line(title or "(no title)")
    return escaped(plain if len(plain) <= _TITLE else plain[: _TITLE - 1] + "…")


def _text(text: str) -> str:
    return escaped(one_line(text))


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _rest(count: int, listed: int) -> list[str]:
    return [f"… and {count - listed:,} more; `--json` has all."] if count > listed else []


def _minute(instant: datetime | None) -> str:
    return "" if instant is None else f"{instant:%Y-%m-%d %H:%M} UTC"
