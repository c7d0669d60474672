"""Run the search of a source that has an API, keep every reply, take the records in when all have come."""

from collections.abc import Iterator, Sequence
from contextlib import suppress

import duckdb
import pyarrow as pa

from connectors import pubmed
from connectors.errors import IncompleteFetch, SourceRefused
from connectors.record import received_table
from livingsearch.errors import StoreError, UpdateRefused
from livingsearch.review import Source
from livingsearch.services.context import ReviewContext
from livingsearch.services.ingest import ingest, spooled
from livingsearch.services.query_check import require_sound
from livingsearch.services.runs import (
    FileRow,
    RunResult,
    add_files,
    add_undelivered,
    complete_run,
    complete_run_with_query,
    ensure_open_update,
    fail_abandoned_runs,
    fail_run,
    run_result,
    start_run,
)

TOOL = "livingsearch"


def search_source(
    context: ReviewContext, source: str, *, update: int | None = None, only_if_missing: bool = False
) -> RunResult:
    """Searches one source and takes its records into the open update; opens the next one where none is open.

    Every reply is kept as it came. Records enter the database only when all of them are there, in one
    transaction; a run that fails leaves its replies, marked failed, and counts nowhere.

    Args:
        context: the review.
        source: slug.
        update: the update that is meant; None for the open one.
        only_if_missing: do nothing where `update` has a complete run of this source with its present query already.

    Returns:
        The run.

    Raises:
        SourceUnknown: the review declares no such source.
        UpdateRefused: the source has no API, or the update meant is closed.
        QueryFaulty: PubMed would not run the query as meant; nothing was sent and no run was begun.
        ConnectorError: the source could not be searched to the end.
        StoreError: the database or the disk.
    """
    declared = context.review.source(source)
    if declared.connector != "entrez":
        raise UpdateRefused(
            f"{declared.label} has no API that this version knows: export the result there and bring it with: "
            f"livingsearch import {context.review.slug} {source} FILE --date-searched YYYY-MM-DD"
        )
    require_sound(declared)
    with entrez_transport(context) as transport, context.store.hold(f"source-{source}"):
        with context.store.write() as con:
            fail_abandoned_runs(con, context, source)
            before = None if update is None else complete_run_with_query(con, update, declared)
            if only_if_missing and before is not None:
                return run_result(con, before, repeated=True)
            number = ensure_open_update(con, context, reason=f"search of {source}", number=update)
            run_id = start_run(
                con,
                context,
                update=number,
                source=declared,
                kind="search",
                date_searched=context.today(),
            )
        context.watch.step(f"run started: {source}")
        try:
            return _searched(context, declared, transport, run_id)
        except Exception as error:
            _mark_failed(context, run_id, str(error) or type(error).__name__)
            raise


def count_source(context: ReviewContext, source: str) -> int:
    """How many records a source would return now; nothing is kept.

    Raises:
        SourceUnknown: the review declares no such source.
        UpdateRefused: the source has no API.
        QueryFaulty: PubMed would not run the query as meant; nothing was sent.
        ConnectorError: the source could not be asked.
    """
    declared = context.review.source(source)
    if declared.connector != "entrez":
        raise UpdateRefused(f"{declared.label} has no API that this version knows; count on the platform.")
    require_sound(declared)
    with entrez_transport(context) as transport:
        reply = pubmed.probe(transport, declared.query, accepted=declared.accepted_warnings)
    pubmed.check_warnings(reply, declared.accepted_warnings)
    return reply.count


def entrez_transport(context: ReviewContext) -> pubmed.Transport:
    """The way to PubMed that the settings describe, slowed down together with all processes of the workspace.

    Raises:
        SourceRefused: NCBI is to be reached and no e-mail address is set.
    """
    settings = context.settings
    if settings.reaches_ncbi and not settings.email:
        raise SourceRefused(
            "NCBI asks for an e-mail address with every request: "
            "set LIVINGSEARCH_EMAIL=you@example.org and run it again."
        )
    return pubmed.Transport(
        pubmed.TransportSettings(
            base_url=settings.eutils_url,
            tool=TOOL,
            email=settings.email or "nobody@livingsearch.invalid",
            api_key=settings.api_key,
            connect_timeout=settings.connect_timeout,
            read_timeout=settings.read_timeout,
            retry_budget=settings.retry_budget,
        ),
        rate_file=settings.workspace / ".entrez-rate",
    )


def _searched(context: ReviewContext, source: Source, transport: pubmed.Transport, run_id: int) -> RunResult:
    accepted = source.accepted_warnings
    probed = pubmed.probe(transport, source.query, accepted=accepted)
    _keep(context, run_id, "search", 0, "esearch-count.xml", probed.body)
    pubmed.check_warnings(probed, accepted)
    reply = pubmed.search(transport, source.query, accepted=accepted)
    bodies = (reply.body, *reply.slice_bodies)
    for n, body in enumerate(bodies, 1):
        _keep(context, run_id, "search", n, f"esearch-{n:04d}.xml", body)
    pubmed.check_warnings(reply, accepted)
    done, unrequested = 0, 0
    for batch in pubmed.fetch(transport, reply.ids):
        ordinal = len(bodies) + 1 + batch.ordinal
        _keep(context, run_id, "records", ordinal, f"efetch-{batch.ordinal:04d}.xml", batch.body, batch.undelivered)
        done += 0 if batch.again else len(batch.ids)
        unrequested += len(batch.unrequested)
        context.watch.progress(f"fetching from {source.label}", done, reply.count)
        context.watch.step(f"reply kept: {source.slug} {batch.ordinal}")
    warnings = [str(w) for w in reply.warnings]
    if unrequested:
        warnings.append(f"PubMed delivered {unrequested:,} records under other numbers than it was asked for.")
    spool = context.folder.path / f".spool-{source.slug}"
    with spooled(spool, _tables(context, run_id)) as records, context.store.write() as con:
        ingested = ingest(con, records, run_id=run_id, source=source.slug)
        _require_all(con, run_id, reply.count + unrequested, ingested.received)
        complete_run(
            con,
            context,
            run_id,
            ingested,
            hits=reply.count,
            warnings=warnings,
            query_translation=reply.query_translation,
        )
        result = run_result(con, run_id, repeated=False)
    context.watch.step(f"run completed: {source.slug}")
    return result


def _keep(
    context: ReviewContext,
    run_id: int,
    role: str,
    ordinal: int,
    name: str,
    body: bytes,
    undelivered: Sequence[str] = (),
) -> None:
    row = FileRow(ordinal, role, context.received.keep(body), name, len(body), "xml", "pubmed")
    with context.store.write() as con:
        add_files(con, run_id, [row])
        add_undelivered(con, run_id, ordinal, undelivered)


def _tables(context: ReviewContext, run_id: int) -> Iterator[pa.Table]:
    with context.store.read() as con:
        rows = con.execute(
            "SELECT sha256 FROM run_file WHERE run_id = ? AND role = 'records' ORDER BY ordinal", [run_id]
        ).fetchall()
    position = 1
    for (sha256,) in rows:
        records = pubmed.read_articles(context.received.read(sha256)).records
        yield received_table(records, position)
        position += len(records)


def _require_all(con: duckdb.DuckDBPyConnection, run_id: int, expected: int, received: int) -> None:
    row = con.execute(
        "SELECT count(*) FROM run_remnant WHERE run_id = ? AND kind = 'not delivered'", [run_id]
    ).fetchone()
    named = row[0] if row else 0
    if received + named != expected:
        raise IncompleteFetch(
            f"PubMed announced {expected:,} records, {received:,} came and {named:,} are known not to be delivered; "
            "nothing was counted, run the search again."
        )


def _mark_failed(context: ReviewContext, run_id: int, why: str) -> None:
    # A disk that is full cannot take this word either: the run is then found abandoned by the next one.
    with suppress(StoreError), context.store.write() as con:
        fail_run(con, context, run_id, why)
