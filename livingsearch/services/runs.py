"""Rows of runs: how one is started, completed and failed; what all ways in share."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

import duckdb

from connectors.record import Remnant
from livingsearch.errors import UpdateRefused
from livingsearch.ledger.at_position import record_declared
from livingsearch.review import Source
from livingsearch.services.context import ReviewContext, software_versions
from livingsearch.services.file_reports import Declared, FileReport
from livingsearch.services.ingest import Ingested
from livingsearch.services.open_update import is_closed
from livingsearch.services.strategy_versions import record_strategy, strategy_warnings
from livingsearch.store import append_to_log, utc_naive


@dataclass(frozen=True, slots=True)
class RunResult:
    """One complete run.

    Attributes:
        run_id: its number in the review.
        update: number of the update that it belongs to.
        source: slug.
        hits: records that the source, or the person who exported, declared.
        received: records that came.
        first_seen: of these, never seen in this source before.
        changed: of these, seen before with other metadata.
        not_delivered: records that the source announced and did not hand out; each is named in the database.
        since: first day on which the source took up the records that were searched; None for all records.
        warnings: sentences a librarian should read.
        repeated: True where this very run had been made before and nothing was done.
        files: what each file of an import held.
        declared: what is known of the search behind an import.
    """

    run_id: int
    update: int
    source: str
    hits: int | None
    received: int
    first_seen: int
    changed: int
    not_delivered: int
    since: date | None
    warnings: tuple[str, ...]
    repeated: bool = False
    files: tuple[FileReport, ...] = ()
    declared: Declared | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """The part of a source that a run searches.

    Attributes:
        since: first day on which the source took up the records that are searched.
        overlap: days that it lies before the date of the search that it follows.
        previous_run: that search.
        last_full: day of the source's last search without a window.
        query: the search as it is run.
    """

    since: date
    overlap: int
    previous_run: int
    last_full: date | None
    query: str


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file or reply of a run, as `run_file` keeps it.

    Of a reply, `records` is how many announced records it accounts for; None where others came with them.
    """

    ordinal: int
    role: str
    sha256: str
    name: str
    size: int
    format: str | None = None
    platform: str | None = None
    encoding: str | None = None
    records: int | None = None


def start_run(
    con: duckdb.DuckDBPyConnection,
    context: ReviewContext,
    *,
    update: int,
    source: Source,
    kind: str,
    date_searched: date,
    window: Window | None = None,
) -> int:
    """A new run's row, in state `running`, and the version of the strategy that it is made under.

    Args:
        con: inside a write transaction.
        context: the review.
        update: number of the update.
        source: what is searched, as the review declares it.
        kind: `search` or `import`.
        date_searched: day of the search.
        window: the part that is searched; None for all of it.

    Returns:
        Its number.
    """
    review = context.review
    version = record_strategy(con, review, actor=context.actor, now=context.now, as_on_disk=context.is_file_as_read())
    detail = {"update": update, "source": source.slug, "kind": kind, "asked": addresses(context)}
    position = append_to_log(con, "run started", context.now(), context.actor, detail)
    con.execute(
        "INSERT INTO review_file (sha256, text, position) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        [review.sha256, review.text, position],
    )
    row = con.execute(
        """
        INSERT INTO run (run_id, update_number, source, source_label, source_kind, kind, scope, state, query,
            warnings, date_searched, started_at, review_sha256, software, actor)
        SELECT coalesce(max(run_id), 0) + 1, $update, $source, $label, $source_kind, $kind, $scope, 'running', $query,
            [], $date_searched, $started_at, $review_sha256, $software, $actor
        FROM run
        RETURNING run_id
        """,
        {
            "update": update,
            "source": source.slug,
            "label": source.label,
            "source_kind": source.kind,
            "kind": kind,
            "scope": "window" if window else "full",
            "query": window.query if window else source.query,
            "date_searched": date_searched,
            "started_at": utc_naive(context.now()),
            "review_sha256": review.sha256,
            "software": software_versions(),
            "actor": context.actor,
        },
    ).fetchone()
    if row is None:
        raise AssertionError("INSERT … RETURNING gave no row")
    record_declared(con, context.declared(), position)
    con.execute("INSERT INTO run_strategy (run_id, number) VALUES (?, ?)", [row[0], version])
    if window:
        con.execute(
            "INSERT INTO run_window (run_id, since, overlap_days, previous_run, declared_query) VALUES (?, ?, ?, ?, ?)",
            [row[0], window.since, window.overlap, window.previous_run, source.query],
        )
    return int(row[0])


def addresses(context: ReviewContext) -> list[str]:
    """Where sources with an API are asked: another address may hold other records."""
    return [context.settings.eutils_url, context.settings.europepmc_url]


_FILE_ROWS = """
INSERT INTO run_file BY NAME
SELECT ?::INTEGER AS run_id, unnest(?::STRUCT(ordinal INTEGER, role VARCHAR, sha256 VARCHAR, name VARCHAR,
    bytes BIGINT, format VARCHAR, platform VARCHAR, encoding VARCHAR, records BIGINT)[], recursive := true)
"""


def add_files(con: duckdb.DuckDBPyConnection, run_id: int, files: Iterable[FileRow]) -> None:
    """Names a run's files; the bytes were kept before."""
    rows = [
        {
            "ordinal": f.ordinal,
            "role": f.role,
            "sha256": f.sha256,
            "name": f.name,
            "bytes": f.size,
            "format": f.format,
            "platform": f.platform,
            "encoding": f.encoding,
            "records": f.records,
        }
        for f in files
    ]
    con.execute(_FILE_ROWS, [run_id, rows])


_REMNANT_ROWS = """
INSERT INTO run_remnant BY NAME
SELECT ?::INTEGER AS run_id, ?::INTEGER AS ordinal, ? AS kind, unnest(?::BIGINT[]) AS line, unnest(?::VARCHAR[]) AS text
"""
_REMNANTS_AT_ONCE = 2_000


def add_remnants(con: duckdb.DuckDBPyConnection, run_id: int, ordinal: int, remnants: Iterable[Remnant]) -> None:
    """Keeps the text of a file that belongs to no record."""
    waiting = iter(remnants)
    while some := list(islice(waiting, _REMNANTS_AT_ONCE)):
        con.execute(_REMNANT_ROWS, [run_id, ordinal, "text", [r.line for r in some], [r.text for r in some]])


def add_undelivered(con: duckdb.DuckDBPyConnection, run_id: int, ordinal: int, accessions: Sequence[str]) -> None:
    """Names the records that a source announced and did not hand out."""
    if accessions:
        lines: list[int | None] = [None] * len(accessions)
        con.execute(_REMNANT_ROWS, [run_id, ordinal, "not delivered", lines, list(accessions)])


def complete_run(
    con: duckdb.DuckDBPyConnection,
    context: ReviewContext,
    run_id: int,
    ingested: Ingested,
    *,
    hits: int | None,
    warnings: Sequence[str],
    query_translation: str | None = None,
    accepted_mismatch: str | None = None,
) -> None:
    """Marks a run complete, in the transaction that took its records in: from here it counts.

    Raises:
        UpdateRefused: its update was closed meanwhile, so that it would change frozen counts.
    """
    row = con.execute("SELECT update_number FROM run WHERE run_id = ?", [run_id]).fetchone()
    if row is None or is_closed(con, row[0]):
        raise UpdateRefused(
            "The update was closed while this run was under way; its records count nowhere, run it again for the next."
        )
    position = append_to_log(
        con, "run completed", context.now(), context.actor, {"run": run_id, "received": ingested.received}
    )
    con.execute(
        """
        UPDATE run SET state = 'complete', hits_reported = $hits, records_received = $received,
            warnings = $warnings, query_translation = $translation, accepted_mismatch = $mismatch,
            finished_at = $finished_at, position = $position
        WHERE run_id = $run_id
        """,
        {
            "hits": hits,
            "received": ingested.received,
            "warnings": list(warnings),
            "translation": query_translation,
            "mismatch": accepted_mismatch,
            "finished_at": utc_naive(context.now()),
            "position": position,
            "run_id": run_id,
        },
    )


def fail_run(
    con: duckdb.DuckDBPyConnection, context: ReviewContext, run_id: int, why: str, *, passing: bool = False
) -> None:
    """Marks a run failed: what it had stays, and counts nowhere.

    Args:
        con: inside a write transaction.
        context: the review.
        run_id: the run; nothing changes where its state is final.
        why: a sentence.
        passing: whether the reason lies outside of the search, so that another run may take over what it had.
    """
    detail = {"run": run_id, "why": why, "passing": passing}
    position = append_to_log(con, "run failed", context.now(), context.actor, detail)
    con.execute(
        "UPDATE run SET state = 'failed', error = ?, finished_at = ?, position = ? "
        "WHERE run_id = ? AND state = 'running'",
        [why, utc_naive(context.now()), position, run_id],
    )


def fail_abandoned_runs(con: duckdb.DuckDBPyConnection, context: ReviewContext, source: str) -> None:
    """Marks the runs failed whose process ended without a word; the caller holds the source's lock."""
    rows = con.execute(
        "SELECT run_id FROM run WHERE source = ? AND state = 'running' ORDER BY run_id", [source]
    ).fetchall()
    for (run_id,) in rows:
        fail_run(con, context, run_id, "Its process ended before the run was complete.", passing=True)


def run_result(con: duckdb.DuckDBPyConnection, run_id: int, *, repeated: bool) -> RunResult:
    """What a complete run came to, from its rows."""
    row = con.execute(
        """
        SELECT update_number, source, hits_reported, records_received, warnings,
            (SELECT count(*) FROM run_record JOIN record USING (record_id)
             WHERE run_record.run_id = $run_id AND record.run_id = $run_id),
            (SELECT count(*) FROM record_version WHERE run_id = $run_id AND version > 1),
            (SELECT count(*) FROM run_remnant WHERE run_id = $run_id AND kind = 'not delivered'),
            (SELECT since FROM run_window WHERE run_id = $run_id)
        FROM run WHERE run_id = $run_id
        """,
        {"run_id": run_id},
    ).fetchone()
    if row is None:
        raise UpdateRefused(f"There is no run {run_id}.")
    update, source, hits, received, warnings, first_seen, changed, not_delivered, since = row
    # What is said of the strategy is as things stand now: a reason may have been given since.
    said = (*warnings, *strategy_warnings(con, run_id))
    return RunResult(run_id, update, source, hits, received, first_seen, changed, not_delivered, since, said, repeated)
