"""The PRISMA-S appendix and the search records of a review, from its file and its database."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from livingsearch.errors import UpdateRefused
from livingsearch.exports.prisma_s import (
    ReportedUpdate,
    SearchedSource,
    SearchReport,
    SearchRun,
    SourceCount,
)
from livingsearch.exports.prisma_s_document import Appendix
from livingsearch.exports.prisma_s_docx import docx_appendix
from livingsearch.exports.prisma_s_items import appendix_of
from livingsearch.exports.prisma_s_markdown import markdown_appendix
from livingsearch.exports.prisma_s_records import json_records
from livingsearch.ledger.flow import Flow
from livingsearch.services.context import ReviewContext
from livingsearch.services.deduplicate import is_deduplicated
from livingsearch.services.prisma_s_rows import deduplication_at, instant_at, run_rows, runs_of
from livingsearch.services.prisma_s_sources import declared_source, program, scheduled, unknown_source
from livingsearch.services.prisma_s_strategy import pending_changes, query_limits, reported_versions
from livingsearch.services.strategies import strategy_history
from livingsearch.services.strategy_versions import reading_versions, strategies_used
from livingsearch.services.update_flows import frozen_flow, open_flow
from livingsearch.store import log_position
from livingsearch.store.faults import writing_faults
from livingsearch.store.received import write_whole

_UPDATES = """
SELECT u.number, u.reason, u.opened_at, c.closed_at, c.rule_set, c.position
FROM review_update u LEFT JOIN update_closing c ON c.update_number = u.number
ORDER BY u.number
"""


@dataclass(frozen=True, slots=True)
class AppendixFiles:
    """The appendix, and where it lies.

    Attributes:
        appendix: its items, with what is missing.
        markdown: the appendix as Markdown.
        docx: the same as a Word document.
        records: the search records, JSON.
    """

    appendix: Appendix
    markdown: Path
    docx: Path
    records: Path

    @property
    def paths(self) -> tuple[Path, ...]:
        """All files."""
        return (self.markdown, self.docx, self.records)


@dataclass(frozen=True, slots=True)
class _UpdateRow:
    number: int
    reason: str
    opened_at: datetime
    closed_at: datetime | None
    rule_set: str | None
    position: int | None


def write_appendix(context: ReviewContext, *, update: int | None = None, folder: Path | None = None) -> AppendixFiles:
    """Writes the PRISMA-S appendix and the search records; files that are there are replaced.

    The same state of the review gives the same bytes.

    Args:
        context: the review.
        update: the update to report on, as it was frozen; None for all so far.
        folder: where to; None for `reports/` in the review's folder, with a folder of its own for a single update.

    Raises:
        UpdateRefused: there is no such update.
        StoreError: the database or the disk.
    """
    report = search_report(context, update=update)
    appendix = appendix_of(report)
    target = folder or _usual_folder(context, update)
    files = AppendixFiles(appendix, target / "prisma-s.md", target / "prisma-s.docx", target / "search-records.json")
    contents = (markdown_appendix(appendix), docx_appendix(appendix), json_records(report))
    with writing_faults(target):
        target.mkdir(parents=True, exist_ok=True)
    for path, content in zip(files.paths, contents, strict=True):
        write_whole(path, content)
    context.watch.step("appendix written")
    return files


def search_report(context: ReviewContext, *, update: int | None = None) -> SearchReport:
    """What is known of a review's search.

    Args:
        context: the review.
        update: the update to report on; None for all so far. What came after a closed update is not seen then.

    Raises:
        UpdateRefused: there is no such update.
        StoreError: the database.
    """
    with reading_versions(context.store, actor=context.actor, now=context.now) as con:
        every = [_UpdateRow(*row) for row in con.execute(_UPDATES).fetchall()]
        chosen = _chosen(context, every, update)
        frozen_at = chosen[0].position if update is not None else None
        position = frozen_at or log_position(con)
        earlier = [row for row in every if update is None or row.number <= update]
        flows = {row.number: _flow(con, context, row) for row in earlier}
        compared = is_deduplicated(con)
        reported = {row.number: _reported(con, row, flows[row.number], position, compared) for row in earlier}
        numbers = [row.number for row in chosen]
        rows = run_rows(con, updates=numbers, position=position)
        found = deduplication_at(
            con,
            position=position,
            closed_with=[row.rule_set for row in earlier if row.rule_set],
            waiting=flows[numbers[-1]].possible_pairs if numbers else 0,
        )
        as_of = instant_at(con, position)
    # Read outside of the lock that the reading above holds: two in one process would wait for a writer between them.
    # Versions are only ever appended, so those of this state are among them.
    versions = [version for version in strategy_history(context) if version.position <= position]
    runs = runs_of(rows, {version.number: version.strategy for version in versions})
    frozen = flows[numbers[-1]] if frozen_at is not None else None
    sources = _frozen_sources(context, runs, frozen) if frozen else _present_sources(context, runs)
    limited, unread = query_limits(sources, runs)
    return SearchReport(
        review=context.review,
        update=update,
        as_of=as_of,
        position=position,
        program=program(),
        sources=sources,
        runs=runs,
        updates=tuple(reported[number] for number in numbers),
        earlier=tuple(reported.values()),
        versions=reported_versions(versions, frozen.closed_at if frozen else None),
        pending=() if frozen else pending_changes(context.review, versions),
        query_limits=limited,
        unread=unread,
        deduplication=found,
        schedules=scheduled(context.review),
    )


def _usual_folder(context: ReviewContext, update: int | None) -> Path:
    reports = context.folder.path / "reports"
    return reports if update is None else reports / f"update-{update:03d}"


def _chosen(context: ReviewContext, every: Sequence[_UpdateRow], update: int | None) -> Sequence[_UpdateRow]:
    if update is None:
        return every
    chosen = [row for row in every if row.number == update]
    if not chosen:
        have = ", ".join(str(row.number) for row in every) or "none"
        raise UpdateRefused(f"There is no update {update} of {context.review.slug} to report on (there are: {have}).")
    return chosen


def _flow(con: duckdb.DuckDBPyConnection, context: ReviewContext, row: _UpdateRow) -> Flow:
    return open_flow(con, context, row.number) if row.closed_at is None else frozen_flow(con, row.number)


def _reported(
    con: duckdb.DuckDBPyConnection, row: _UpdateRow, flow: Flow, position: int, compared: bool
) -> ReportedUpdate:
    used = strategies_used(con, update=row.number, position=row.position or position)
    return ReportedUpdate(
        number=row.number,
        reason=row.reason,
        opened_at=row.opened_at.replace(tzinfo=UTC),
        closed_at=row.closed_at.replace(tzinfo=UTC) if row.closed_at else None,
        rule_set=row.rule_set,
        counts=tuple(
            SourceCount(
                slug=column.slug,
                label=column.label,
                kind=column.kind,
                searched=column.searched,
                searched_on=column.date_searched,
                identified=column.identified,
                already_known=column.already_known,
                duplicates=column.duplicates,
                to_screen=column.to_screen,
            )
            for column in flow.sources
        ),
        compared=compared or row.closed_at is not None,
        to_screen=flow.to_screen,
        versions=tuple(use.number for use in used),
    )


def _present_sources(context: ReviewContext, runs: Sequence[SearchRun]) -> tuple[SearchedSource, ...]:
    """Sources of the review's file with what was searched of each, then those that it declares no more."""
    sources: list[SearchedSource] = []
    for declared in context.review.sources:
        of_source = [run for run in runs if run.source.slug == declared.slug]
        searched = _searched(of_source)
        last_queries = [run.query for run in of_source if run.replaced_by is None][-1:]
        is_new = last_queries != [declared.query]
        entry = declared_source(declared, query=declared.query if is_new else None)
        before = [one for one in searched if _same(one, entry)]
        now = replace(before[-1], declared=entry.declared, translated=entry.translated) if before else entry
        sources += [one for one in searched if not _same(one, entry)]
        sources += [now] if before or is_new or not searched else []
    known = {source.slug for source in context.review.sources}
    return (*sources, *_searched([run for run in runs if run.source.slug not in known]))


def _frozen_sources(context: ReviewContext, runs: Sequence[SearchRun], flow: Flow) -> tuple[SearchedSource, ...]:
    """Sources of an update as it closed: those that it searched, and those that it closed without."""
    declared = {source.slug: source for source in context.review.sources}
    sources: list[SearchedSource] = []
    for column in flow.sources:
        searched = _searched([run for run in runs if run.source.slug == column.slug])
        if not searched and column.slug in declared:
            searched = [declared_source(declared[column.slug], query=None)]
        elif not searched:
            searched = [unknown_source(column.slug, column.label, column.kind)]
        sources += searched
    return tuple(sources)


def _searched(runs: Sequence[SearchRun]) -> list[SearchedSource]:
    """What was searched in these runs, a source that was declared otherwise later on as another entry."""
    found: dict[tuple[str, ...], SearchedSource] = {}
    for run in runs:
        if run.replaced_by is None:
            key = (run.source.slug, run.source.name, run.source.database, run.source.platform)
            edition = run.source.edition or (found[key].edition if key in found else None)
            found[key] = replace(run.source, edition=edition)
    return list(found.values())


def _same(one: SearchedSource, other: SearchedSource) -> bool:
    return (one.name, one.database, one.platform) == (other.name, other.database, other.platform)
