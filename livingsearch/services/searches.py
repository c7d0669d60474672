"""Run the search of a source that has an API, keep every reply, take the records in when all have come."""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from math import inf

import duckdb

from connectors.contract import Announced, ApiSource, Kept, Reply
from connectors.errors import IncompleteFetch, MalformedReply, SourceUnavailable
from connectors.gathering import count, require_all, search_as_probed
from connectors.record import received_table
from livingsearch.errors import StoreDamaged, StoreError, UpdateRefused
from livingsearch.review import Source
from livingsearch.services.api_sources import Connector, connector_of
from livingsearch.services.context import ReviewContext
from livingsearch.services.ingest import ingest
from livingsearch.services.open_update import complete_run_with_query, ensure_open_update, upcoming_update
from livingsearch.services.query_check import require_sound
from livingsearch.services.resume import Stopped, first_ordinal, stopped_search, take_over
from livingsearch.services.runs import (
    FileRow,
    RunResult,
    Window,
    add_files,
    add_undelivered,
    complete_run,
    fail_abandoned_runs,
    fail_run,
    run_result,
    start_run,
)
from livingsearch.services.spool import Spool, spooling
from livingsearch.services.windows import sentence_of, window_of

PASSING = (SourceUnavailable, IncompleteFetch, MalformedReply)
"""Errors that may pass by themselves: an outage, a page of maintenance, records that a source lacks for a while."""

_NAMED = 20


def search_source(
    context: ReviewContext,
    source: str,
    *,
    update: int | None = None,
    only_if_missing: bool = False,
    overlap: int | None = None,
) -> RunResult:
    """Searches one source and takes its records into the open update; opens the next one where none is open.

    Every reply is kept as it came. Records enter the database only when all of them are there, in one
    transaction; a run that fails leaves its replies, marked failed, and counts nowhere. Where the source's last
    run was stopped from outside, the new one takes its replies over and asks for the rest only; if that does not
    come out even, it searches anew.

    Args:
        context: the review.
        source: slug.
        update: the update that is meant; None for the open one.
        only_if_missing: do nothing where `update` has a complete run of this source with its present query already.
        overlap: search only what the source took up since so many days before its last search in an earlier update;
            None for all of it, which is the rule: see `livingsearch.services.windows`.

    Returns:
        The run.

    Raises:
        SourceUnknown: the review declares no such source.
        UpdateRefused: the source has no API, the update meant is closed, or a window would lose records.
        QueryFaulty: PubMed would not run the query as meant; nothing was sent and no run was begun.
        ConnectorError: the source could not be searched to the end.
        StoreError: the database or the disk.
    """
    declared = context.review.source(source)
    advice = (
        f"export the result there and bring it with: "
        f"livingsearch import {context.review.slug} {source} FILE --date-searched YYYY-MM-DD"
    )
    connector = _checked_connector(declared, f": {advice}")
    with connector.open(context.settings) as api, context.store.hold(f"source-{source}"):
        for may_go_on in (True, False):
            with context.store.write() as con:
                fail_abandoned_runs(con, context, source)
                before = None if update is None else complete_run_with_query(con, update, declared)
                if only_if_missing and before is not None:
                    return run_result(con, before, repeated=True)
                number = ensure_open_update(con, context, reason=f"search of {source}", number=update)
                window = None if overlap is None else window_of(con, api, declared, number, overlap)
                asked = declared.model_copy(update={"query": window.query}) if window else declared
                stopped = stopped_search(con, context, api, asked, number) if may_go_on else None
                run_id = start_run(
                    con,
                    context,
                    update=number,
                    source=declared,
                    kind="search",
                    date_searched=stopped.date_searched if stopped else context.today(),
                    window=window,
                )
                if stopped:
                    take_over(con, context, run_id, stopped)
            context.watch.step(f"run started: {source}")
            try:
                return _searched(context, asked, api, run_id, stopped, window)
            except Exception as error:
                _mark_failed(context, run_id, error)
                if stopped is None or not isinstance(error, IncompleteFetch | StoreDamaged):
                    raise
    raise AssertionError("a search that begins anew returns or raises")


def count_source(context: ReviewContext, source: str, *, overlap: int | None = None) -> int:
    """How many records a source would return now; nothing is kept.

    Args:
        context: the review.
        source: slug.
        overlap: count only what a search of a window would bring, as in `search_source`.

    Raises:
        SourceUnknown: the review declares no such source.
        UpdateRefused: the source has no API, or a window would lose records.
        QueryFaulty: PubMed would not run the query as meant; nothing was sent.
        ConnectorError: the source could not be asked.
    """
    declared = context.review.source(source)
    connector = _checked_connector(declared, "; count on the platform.")
    with connector.open(context.settings) as api:
        query = declared.query
        if overlap is not None:
            with context.store.read() as con:
                query = window_of(con, api, declared, upcoming_update(con), overlap).query
        return count(api, query, declared.accepted_warnings)


def _checked_connector(source: Source, advice: str) -> Connector:
    """The way to a source, its query looked through where it can be read."""
    connector = connector_of(source)
    if connector is None:
        raise UpdateRefused(f"{source.label} has no API that this version knows{advice}")
    if connector.linted:
        require_sound(source)
    return connector


def _searched(
    context: ReviewContext, source: Source, api: ApiSource, run_id: int, stopped: Stopped | None, window: Window | None
) -> RunResult:
    announced = stopped.announced if stopped else _asked(context, source, api, run_id)
    api.check(announced, source.accepted_warnings)
    warnings = [*announced.warnings, *([stopped.sentence] if stopped else [])]
    if window:
        warnings.append(sentence_of(window, api.label))
    with spooling(context.folder.path / f".spool-{source.slug}") as spool:
        unrequested = _fetched(context, source, api, run_id, announced, stopped, spool)
        if unrequested:
            warnings.append(f"{api.label} delivered {unrequested:,} records under other numbers than it was asked for.")
        with context.store.write() as con:
            ingested = ingest(con, spool, run_id=run_id, source=source.slug)
            undelivered = _undelivered(con, run_id)
            require_all(api.label, announced.count, ingested.received, len(undelivered), unrequested)
            if undelivered:
                warnings.append(_missing_sentence(api.label, announced.count, undelivered))
            complete_run(
                con,
                context,
                run_id,
                ingested,
                hits=announced.count,
                warnings=warnings,
                query_translation=announced.translation,
            )
            result = run_result(con, run_id, repeated=False)
    context.watch.step(f"run completed: {source.slug}")
    return result


def _asked(context: ReviewContext, source: Source, api: ApiSource, run_id: int) -> Announced:
    """Asks the source what there is; its replies are kept before anybody judges them."""
    probed = api.probe(source.query, source.accepted_warnings)
    _keep(context, run_id, [_search_row(context, api, 0, reply) for reply in probed.replies[:1]])
    api.check(probed, source.accepted_warnings)
    announced = search_as_probed(api, probed, source.accepted_warnings)
    for n, reply in enumerate(announced.replies, 1):
        _keep(context, run_id, [_search_row(context, api, n, reply)])
    return announced


def _fetched(
    context: ReviewContext,
    source: Source,
    api: ApiSource,
    run_id: int,
    announced: Announced,
    stopped: Stopped | None,
    spool: Spool,
) -> int:
    """Fetches and keeps what is not there yet; gives the number of records that came without being announced.

    Replies are read while the next ones are under way, in the order of their numbers: what was kept before has gaps
    where a reply failed beside others that came.
    """
    settled, unrequested = stopped.settled if stopped else 0, 0
    what = f"fetching from {source.label}"
    context.watch.progress(what, settled, announced.count)
    kept = deque(sorted(stopped.replies) if stopped else ())

    def read_kept(before: float) -> None:
        while stopped and kept and kept[0] < before:
            _read(api, stopped.replies[kept.popleft()], spool)

    def keep_and_read(replies: Sequence[Reply]) -> None:
        _keep_records(context, api, run_id, announced, replies)
        for reply in sorted(replies, key=lambda reply: reply.ordinal):
            read_kept(before=reply.ordinal)
            _read(api, reply.body, spool)

    waiting: list[Reply] = []
    with _ended(api.fetch(announced, stopped.replies if stopped else None)) as replies:
        for reply in replies:
            settled += reply.settled
            unrequested += len(reply.unrequested)
            waiting.append(reply)
            if not reply.settled:
                # It belongs to the next one: without that it would be of no use to a run that goes on.
                continue
            keep_and_read(waiting)
            waiting.clear()
            context.watch.progress(what, settled, announced.count)
            context.watch.step(f"reply kept: {source.slug} {reply.ordinal}")
    keep_and_read(waiting)
    read_kept(before=inf)
    if settled != announced.count:
        raise IncompleteFetch(
            f"{api.label} announced {announced.count:,} records and accounted for {settled:,}; nothing was counted, "
            "run the search again."
        )
    return unrequested


@contextmanager
def _ended(replies: Iterator[Reply]) -> Iterator[Iterator[Reply]]:
    """Ends a fetch in any case, so that no thread of it outlives what it needs."""
    try:
        yield replies
    finally:
        close = getattr(replies, "close", None)
        if close is not None:
            close()


def _search_row(context: ReviewContext, api: ApiSource, ordinal: int, reply: Kept) -> FileRow:
    sha256 = context.received.keep(reply.body)
    return FileRow(ordinal, "search", sha256, reply.name, len(reply.body), api.format, api.platform)


def _keep_records(
    context: ReviewContext,
    api: ApiSource,
    run_id: int,
    announced: Announced,
    replies: Sequence[Reply],
) -> None:
    if not replies:
        return
    first = first_ordinal(announced)
    rows = [
        FileRow(
            ordinal=first + reply.ordinal,
            role="records",
            sha256=context.received.keep(reply.body),
            name=reply.name,
            size=len(reply.body),
            format=api.format,
            platform=api.platform,
            records=None if reply.unrequested else reply.settled,
        )
        for reply in replies
    ]
    _keep(context, run_id, rows, {first + reply.ordinal: reply.undelivered for reply in replies})


def _keep(
    context: ReviewContext, run_id: int, rows: Sequence[FileRow], undelivered: Mapping[int, Sequence[str]] | None = None
) -> None:
    with context.store.write() as con:
        add_files(con, run_id, rows)
        for ordinal, names in (undelivered or {}).items():
            add_undelivered(con, run_id, ordinal, names)


def _read(api: ApiSource, body: bytes, spool: Spool) -> None:
    spool.add(received_table(api.read(body).records, spool.rows + 1))


def _undelivered(con: duckdb.DuckDBPyConnection, run_id: int) -> list[str]:
    rows = con.execute(
        "SELECT text FROM run_remnant WHERE run_id = ? AND kind = 'not delivered' ORDER BY len(text), text", [run_id]
    ).fetchall()
    return [text for (text,) in rows]


def _missing_sentence(label: str, announced: int, undelivered: Sequence[str]) -> str:
    more = f" and {len(undelivered) - _NAMED:,} more" if len(undelivered) > _NAMED else ""
    return (
        f"{label} announced {announced:,} records and did not hand out {len(undelivered):,} of them, which count "
        f"nowhere: {', '.join(undelivered[:_NAMED])}{more}."
    )


def _mark_failed(context: ReviewContext, run_id: int, error: Exception) -> None:
    # What was kept before such an error is whole, and a run that goes on from it begins anew if that does not come out
    # even.
    passing = isinstance(error, PASSING)
    # A disk that is full cannot take this word either: the run is then found abandoned by the next one.
    with suppress(StoreError), context.store.write() as con:
        fail_run(con, context, run_id, str(error) or type(error).__name__, passing=passing)
