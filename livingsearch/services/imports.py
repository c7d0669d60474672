"""Bring in what a person exported from a database that has no API."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import duckdb

from connectors.exports import MANAGERS, Limits, platform_named
from livingsearch.errors import ImportRefused
from livingsearch.review import Source
from livingsearch.services.context import ReviewContext
from livingsearch.services.file_reports import FileReport, report_of
from livingsearch.services.import_files import Opened, opened_as_named
from livingsearch.services.import_parts import ImportPart, reading
from livingsearch.services.import_reports import declared_of, reported
from livingsearch.services.import_rows import (
    NO_HITS,
    Said,
    add_manifest,
    add_parts,
    columns_text,
    overlap,
    strategy_in,
)
from livingsearch.services.ingest import ingest
from livingsearch.services.mismatches import mismatches, require_platform, require_plausible
from livingsearch.services.open_update import complete_run_of, ensure_open_update, is_closed, replaced_run
from livingsearch.services.runs import RunResult, complete_run, fail_abandoned_runs, run_result, start_run

SAID_NOTHING = Said()
"""No more is known of an export than what must be."""


@dataclass(frozen=True, slots=True)
class Declaration:
    """What a person declares of an export.

    Attributes:
        date_searched: day of the search on the platform.
        hits: number of results that the platform showed; None where it is not known.
        accept_mismatch: why the files may differ from what is declared (`mismatches`); kept with the run.
        said: what else is known of it.
    """

    date_searched: date
    hits: int | None = None
    accept_mismatch: str | None = None
    said: Said = SAID_NOTHING


@dataclass(frozen=True, slots=True)
class Told:
    """What the files of an export tell of their search by themselves.

    Attributes:
        platform: that all of them come from by their signs, or as which they were read; not a reference manager.
        strategy: the search as the platform wrote it into them.
    """

    platform: str | None
    strategy: str | None


def import_export(
    context: ReviewContext,
    source: str,
    files: Sequence[Path],
    *,
    date_searched: date,
    hits: int | None = None,
    update: int | None = None,
    platform: str | None = None,
    accept_mismatch: str | None = None,
    said: Said = SAID_NOTHING,
    limits: Limits | None = None,
) -> RunResult:
    """Takes the export of one search into the open update; opens the next update where none is open.

    All files together are one run. Either all of it comes in or nothing changes. The same files again in the
    same update are recognised and do nothing. Nothing is asked of the manifest here: see `import_by_manifest`.

    Args:
        context: the review.
        source: slug of the source that was searched.
        files: the parts of the export, in order, each perhaps an archive; none where the search had
            no results (`hits` is 0 then).
        date_searched: day of the search on the platform.
        hits: number of results that the platform showed; None where it is not known.
        update: the update that is meant; None for the open one.
        platform: read the files as this platform's where the signals in them mislead.
        accept_mismatch: why the files may differ from what was declared (`mismatches`); kept with the run.
        said: what else is known of the export.
        limits: how much may come out of an archive; None for those of every archive.

    Returns:
        The run.

    Raises:
        SourceUnknown: the review declares no such source.
        ImportRefused: no file, a missing file, a file given twice, an implausible date, or files that are not what
            the person says they are.
        FileRefused: a file that cannot be read as an export.
        UpdateRefused: the update meant is closed.
        StoreError: the database or the disk.
    """
    require_plausible(date_searched, context.today())
    declaration = Declaration(date_searched, hits, accept_mismatch, said)
    return take_export(
        context,
        source,
        files,
        lambda told: declaration,
        update=update,
        platform=platform,
        columns=said.columns,
        limits=limits,
    )


def take_export(
    context: ReviewContext,
    source: str,
    files: Sequence[Path],
    declare: Callable[[Told], Declaration],
    *,
    update: int | None = None,
    platform: str | None = None,
    columns: Mapping[str, str] = SAID_NOTHING.columns,
    limits: Limits | None = None,
    opened: Opened = opened_as_named,
) -> RunResult:
    """As `import_export`, where some of the declaration depends on what the files tell.

    Args:
        context: the review.
        source: slug of the source that was searched.
        files: the parts of the export.
        declare: called once, when the files were read and before anything is kept or locked.
        update: the update that is meant.
        platform: read the files as this platform's.
        columns: field by column, for tables that nobody knows.
        limits: how much may come out of an archive.
        opened: how the files are opened.

    Returns:
        The run.

    Raises:
        ImportRefused, …: as for `import_export`, and what `declare` raises.
    """
    declared = context.review.source(source)
    if declared.connector != "file":
        raise ImportRefused(f"{source} is searched by its API; use: livingsearch search {context.review.slug} {source}")
    require_platform(platform)
    spool = context.folder.path / f".spool-{source}-{secrets.token_hex(4)}"
    with reading(context, files, spool, platform=platform, columns=columns, limits=limits, opened=opened) as (
        parts,
        records,
    ):
        _require_distinct(parts)
        by_person = declare(_told_by(parts))
        said, hits, accepted = by_person.said, by_person.hits, by_person.accept_mismatch
        require_plausible(by_person.date_searched, context.today())
        if not parts and hits != 0:
            raise ImportRefused("No file was given; if the search had no results, say so with --hits 0.")
        problems = mismatches(declared, [p.summary for p in parts], hits, platform_given=platform is not None)
        problems += _elsewhere(declared, said.platform)
        if problems and not accepted:
            raise ImportRefused(
                f"{' '.join(problems)} Export again, or say why that is right with --accept-mismatch 'reason'."
            )
        for part in parts:
            if part.first_of_file:
                context.received.keep_arrived(part.arrived)
            context.watch.step(f"file kept: {part.name}")
        with context.store.hold(f"source-{source}"), context.store.write() as con:
            fail_abandoned_runs(con, context, source)
            repeated = _same_run(con, declared, update, [p.arrived.sha256 for p in parts], by_person)
            if repeated is not None:
                return reported(con, repeated, repeated=True)
            number = ensure_open_update(con, context, reason=f"import of {source}", number=update)
            replaced = replaced_run(con, number, source)
            run_id = start_run(
                con,
                context,
                update=number,
                source=declared,
                kind="import",
                date_searched=by_person.date_searched,
            )
            add_parts(con, run_id, parts)
            add_manifest(con, run_id, said, strategy_in(parts))
            ingested = ingest(con, records, run_id=run_id, source=source)
            warnings = [w for p in parts for w in p.summary.warnings] + _seen_before(con, run_id) + replaced
            warnings += overlap(con, run_id, parts)
            warnings += [NO_HITS] if said.hits_not_shown else []
            warnings += [f"{problem} Accepted: {accepted}." for problem in problems]
            complete_run(con, context, run_id, ingested, hits=hits, warnings=warnings, accepted_mismatch=accepted)
            result = replace(
                run_result(con, run_id, repeated=False),
                files=tuple(_report(p) for p in parts),
                declared=declared_of(con, run_id),
            )
    context.watch.step(f"run completed: {source}")
    return result


def _report(part: ImportPart) -> FileReport:
    return report_of(replace(part.summary, name=part.name), part.remnants)


def _told_by(parts: Sequence[ImportPart]) -> Told:
    platforms = {part.summary.platform for part in parts}
    (one,) = platforms if len(platforms) == 1 else (None,)
    return Told(one if one not in MANAGERS else None, strategy_in(parts))


def _require_distinct(parts: Sequence[ImportPart]) -> None:
    seen: dict[str, str] = {}
    for part in parts:
        if part.sha256 in seen:
            raise ImportRefused(f"{part.name} and {seen[part.sha256]} are the same file, given twice.")
        seen[part.sha256] = part.name


def _elsewhere(declared: Source, platform: str | None) -> list[str]:
    """A sentence where the export comes from another platform than the review declares."""
    if platform is None:
        return []
    here, there = (platform_named(name) or name.strip().lower() for name in (declared.platform, platform))
    return [] if here == there else [f"The search was made on {platform}, but {declared.label} is declared."]


def _same_run(
    con: duckdb.DuckDBPyConnection,
    declared: Source,
    update: int | None,
    sha256s: Sequence[str],
    by_person: Declaration,
) -> int | None:
    """The counting run of the update meant, if it was made from these very files, declarations and query."""
    number = update
    if number is None or not is_closed(con, number):
        row = con.execute("SELECT max(number) FROM review_update").fetchone()
        number = row[0] if row else None
        if number is None or is_closed(con, number):
            return None
    run_id = complete_run_of(con, number, declared.slug)
    if run_id is None:
        return None
    rows = con.execute("SELECT sha256 FROM run_file WHERE run_id = ? ORDER BY ordinal", [run_id]).fetchall()
    row = con.execute(
        """
        SELECT date_searched, hits_reported, accepted_mismatch, query, exported_by, m.platform,
            CASE strategy_from WHEN 'declared' THEN strategy END, columns,
            run_id IN (SELECT run_id FROM run_hits_not_shown)
        FROM run LEFT JOIN run_manifest m USING (run_id) WHERE run_id = ?
        """,
        [run_id],
    ).fetchone()
    said = by_person.said
    wanted = (
        by_person.date_searched,
        by_person.hits,
        by_person.accept_mismatch,
        declared.query,
        said.exported_by,
        said.platform,
        said.strategy,
        columns_text(said),
        said.hits_not_shown,
    )
    return run_id if row == wanted and sorted(r[0] for r in rows) == sorted(sha256s) else None


def _seen_before(con: duckdb.DuckDBPyConnection, run_id: int) -> list[str]:
    rows = con.execute(
        """
        WITH content AS (
            SELECT f.run_id, f.name, coalesce(p.sha256, f.sha256) AS sha256
            FROM run_file f LEFT JOIN run_file_part p USING (run_id, ordinal)
        )
        SELECT this.name, min(other.update_number)
        FROM content this JOIN content c USING (sha256) JOIN run other ON other.run_id = c.run_id
        WHERE this.run_id = $run_id AND other.run_id <> $run_id AND other.state = 'complete'
            AND other.run_id NOT IN (SELECT run_id FROM run_withdrawn)
        GROUP BY this.name ORDER BY this.name
        """,
        {"run_id": run_id},
    ).fetchall()
    return [f"{name} is byte for byte a file that was imported before, in update {number}." for name, number in rows]
