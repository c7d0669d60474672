"""Bring in what a person exported from a database that has no API."""

import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa

from connectors.errors import FileRefused
from connectors.exports import Summary, open_export
from livingsearch.errors import ImportRefused
from livingsearch.services.context import ReviewContext
from livingsearch.services.file_reports import report_of
from livingsearch.services.ingest import ingest
from livingsearch.services.mismatches import mismatches, require_plausible
from livingsearch.services.open_update import complete_run_of, ensure_open_update, is_closed, replaced_run
from livingsearch.services.remnants import RemnantsAside
from livingsearch.services.runs import (
    FileRow,
    RunResult,
    add_files,
    add_remnants,
    complete_run,
    fail_abandoned_runs,
    run_result,
    start_run,
)
from livingsearch.services.spool import Spool, spooled
from livingsearch.store.received import Arrived

MAX_BYTES = 1_000_000_000
_PROCESSES = min(2, os.cpu_count() or 1)


@dataclass(frozen=True, slots=True)
class _Part:
    """One file of an import, read."""

    name: str
    arrived: Arrived
    summary: Summary
    remnants: RemnantsAside


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
) -> RunResult:
    """Takes the export of one search into the open update; opens the next update where none is open.

    All files together are one run. Either all of it comes in or nothing changes. The same files again in the
    same update are recognised and do nothing.

    Args:
        context: the review.
        source: slug of the source that was searched.
        files: the parts of the export, in order; none where the search had no results (`hits` is 0 then).
        date_searched: day of the search on the platform.
        hits: number of results that the platform showed; None where it was not noted down.
        update: the update that is meant; None for the open one.
        platform: read the files as this platform's where the signals in them mislead.
        accept_mismatch: why the files may differ from what was declared (`mismatches`); kept with the run.

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
    declared = context.review.source(source)
    if declared.connector != "file":
        raise ImportRefused(f"{source} is searched by its API; use: livingsearch search {context.review.slug} {source}")
    require_plausible(date_searched, context.today(), platform)
    spool = context.folder.path / f".spool-{source}-{secrets.token_hex(4)}"
    with _read(context, files, platform, spool) as (parts, records):
        _require_distinct(parts, hits)
        problems = mismatches(declared, [p.summary for p in parts], hits, platform_given=platform is not None)
        if problems and not accept_mismatch:
            raise ImportRefused(
                f"{' '.join(problems)} Export again, or say why that is right with --accept-mismatch 'reason'."
            )
        for part in parts:
            context.received.keep_arrived(part.arrived)
            context.watch.step(f"file kept: {part.name}")
        with context.store.hold(f"source-{source}"), context.store.write() as con:
            fail_abandoned_runs(con, context, source)
            sha256s = [p.arrived.sha256 for p in parts]
            repeated = _same_run(con, source, update, sha256s, (date_searched, hits, accept_mismatch, declared.query))
            if repeated is not None:
                return run_result(con, repeated, repeated=True)
            number = ensure_open_update(con, context, reason=f"import of {source}", number=update)
            replaced = replaced_run(con, number, source)
            run_id = start_run(
                con,
                context,
                update=number,
                source=declared,
                kind="import",
                date_searched=date_searched,
            )
            _store_parts(con, run_id, parts)
            ingested = ingest(con, records, run_id=run_id, source=source)
            warnings = [w for p in parts for w in p.summary.warnings] + _seen_before(con, run_id) + replaced
            warnings += [f"{problem} Accepted: {accept_mismatch}." for problem in problems]
            complete_run(
                con, context, run_id, ingested, hits=hits, warnings=warnings, accepted_mismatch=accept_mismatch
            )
            result = replace(
                run_result(con, run_id, repeated=False), files=tuple(report_of(p.summary, p.remnants) for p in parts)
            )
    context.watch.step(f"run completed: {source}")
    return result


@contextmanager
def _read(
    context: ReviewContext, files: Sequence[Path], platform: str | None, spool: Path
) -> Iterator[tuple[list[_Part], Spool]]:
    """All parts, read whole, and their records put aside on disk; copies of the files until they are kept."""
    with ExitStack() as stack:
        arrived = [stack.enter_context(_arriving(context, path)) for path in files]
        parts: list[_Part] = []
        tables = _tables(context, [path.name for path in files], arrived, platform, parts, stack)
        yield parts, stack.enter_context(spooled(spool, tables))


@contextmanager
def _arriving(context: ReviewContext, path: Path) -> Iterator[Arrived]:
    with ExitStack() as stack:
        try:
            if path.stat().st_size > MAX_BYTES:
                raise ImportRefused(f"{path} is larger than {MAX_BYTES:,} bytes; export it in parts.")
            with path.open("rb") as file:
                arrived = stack.enter_context(context.received.arriving(file))
        except OSError as error:
            raise ImportRefused(f"{path} cannot be read: {error.strerror or error}.") from error
        yield arrived


def _tables(
    context: ReviewContext,
    names: Sequence[str],
    arrived: Sequence[Arrived],
    platform: str | None,
    parts: list[_Part],
    stack: ExitStack,
) -> Iterator[pa.Table]:
    """The records of all files in order; `parts` gets an entry for each file once it was read to its end."""
    position = 1
    for name, copy in zip(names, arrived, strict=True):
        remnants = stack.enter_context(RemnantsAside(context.folder.path))
        with copy.path.open("rb") as file:
            try:
                export = open_export(file, name, platform)
                done = 0
                for chunk in export.chunks(position, processes=_PROCESSES):
                    remnants.add(chunk.remnants)
                    done += chunk.tally.records
                    context.watch.progress(f"reading {name}", done, export.record_starts)
                    yield chunk.table
            except FileRefused as error:
                raise type(error)(f"{error} Nothing of it was taken in.") from error
        position += done
        parts.append(_Part(name, copy, export.summary(), remnants))


def _require_distinct(parts: Sequence[_Part], hits: int | None) -> None:
    if not parts and hits != 0:
        raise ImportRefused("No file was given; if the search had no results, say so with --hits 0.")
    seen: dict[str, str] = {}
    for part in parts:
        if part.arrived.sha256 in seen:
            raise ImportRefused(f"{part.name} and {seen[part.arrived.sha256]} are the same file, given twice.")
        seen[part.arrived.sha256] = part.name


def _same_run(
    con: duckdb.DuckDBPyConnection,
    source: str,
    update: int | None,
    sha256s: Sequence[str],
    declared: tuple[date, int | None, str | None, str],
) -> int | None:
    """The counting run of the update meant, if it was made from these very files, declarations and query."""
    number = update
    if number is None or not is_closed(con, number):
        row = con.execute("SELECT max(number) FROM review_update").fetchone()
        number = row[0] if row else None
        if number is None or is_closed(con, number):
            return None
    run_id = complete_run_of(con, number, source)
    if run_id is None:
        return None
    rows = con.execute("SELECT sha256 FROM run_file WHERE run_id = ? ORDER BY ordinal", [run_id]).fetchall()
    said = con.execute(
        "SELECT date_searched, hits_reported, accepted_mismatch, query FROM run WHERE run_id = ?", [run_id]
    ).fetchone()
    return run_id if said == declared and sorted(r[0] for r in rows) == sorted(sha256s) else None


def _seen_before(con: duckdb.DuckDBPyConnection, run_id: int) -> list[str]:
    rows = con.execute(
        """
        SELECT this.name, min(other.update_number)
        FROM run_file this JOIN run_file f USING (sha256) JOIN run other ON other.run_id = f.run_id
        WHERE this.run_id = $run_id AND other.run_id <> $run_id AND other.state = 'complete'
        GROUP BY this.name ORDER BY this.name
        """,
        {"run_id": run_id},
    ).fetchall()
    return [f"{name} is byte for byte a file that was imported before, in update {number}." for name, number in rows]


def _store_parts(con: duckdb.DuckDBPyConnection, run_id: int, parts: Sequence[_Part]) -> None:
    for ordinal, part in enumerate(parts, 1):
        row = FileRow(
            ordinal=ordinal,
            role="records",
            sha256=part.arrived.sha256,
            name=part.name,
            size=part.arrived.size,
            format=part.summary.format,
            platform=part.summary.platform,
            encoding=part.summary.encoding,
            records=part.summary.records,
        )
        add_files(con, run_id, [row])
        add_remnants(con, run_id, ordinal, part.remnants)
