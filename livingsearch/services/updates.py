"""Updates of a review: opened for the sources that are due, closed when all that is due has come."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import duckdb

from connectors.errors import ConnectorError
from livingsearch.errors import StoreBusy, UpdateIncomplete, UpdateRefused
from livingsearch.review import Source
from livingsearch.services.batches import BatchFiles, closed_without_batch, write_batch
from livingsearch.services.closing import close_update
from livingsearch.services.context import ReviewContext
from livingsearch.services.deduplicate import deduplicate_review, is_deduplicated
from livingsearch.services.inbox import InboxOutcome, take_inbox
from livingsearch.services.open_update import (
    complete_run_of,
    complete_run_with_query,
    ensure_open_update,
    is_closed,
    open_update_number,
)
from livingsearch.services.schedule import due_sources
from livingsearch.services.searches import search_source
from livingsearch.services.strategy_versions import StrategyUse, reading_versions, strategies_used
from livingsearch.services.update_flows import frozen_flow
from livingsearch.store import log_position, utc_naive


@dataclass(frozen=True, slots=True)
class UpdatePlan:
    """What an update still needs.

    Attributes:
        number: of the update.
        closed: True where it is closed already and nothing is left to do.
        to_search: slugs of sources with an API that are due and have no complete run with their present query yet.
    """

    number: int
    closed: bool
    to_search: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Awaited:
    """A source whose export an update waits for.

    Attributes:
        source: slug.
        until: instant (UTC) after which the update closes without it.
    """

    source: str
    until: datetime


@dataclass(frozen=True, slots=True)
class UpdateOutcome:
    """Where an update stands.

    Attributes:
        number: of the update.
        closed: whether it is closed; its counts are final then.
        awaited: sources whose exports it still waits for.
        batch: the files of its batch, once closed.
        failures: sources that could not be searched, with the reason; the update was closed without them.
        strategies: versions of the strategy that its sources were run under.
        inbox: what became of exports that lay in the inbox.
    """

    number: int
    closed: bool
    awaited: tuple[Awaited, ...] = ()
    batch: BatchFiles | None = None
    failures: Mapping[str, str] = field(default_factory=dict)
    strategies: tuple[StrategyUse, ...] = ()
    inbox: InboxOutcome = field(default_factory=InboxOutcome)


def _tell_nobody(outcome: InboxOutcome) -> None:
    """Where nobody asked."""


def run_update(
    context: ReviewContext,
    *,
    number: int | None = None,
    close_now: bool = False,
    tell_inbox: Callable[[InboxOutcome], None] = _tell_nobody,
) -> UpdateOutcome:
    """Brings an update as far as it can go: inbox, sources with an API, deduplication, closing, batch.

    Run again after any interruption, it finishes the job and counts nothing twice.

    Args:
        context: the review.
        number: the update that is meant; None for the open one, or the next.
        close_now: close without exports that have not come and sources that could not be searched; they are
            marked "not searched".
        tell_inbox: told what became of the inbox, before the searches, which may fail.

    Returns:
        Where the update stands: closed, or what it waits for.

    Raises:
        UpdateIncomplete: at least one source could not be searched; the others were, and the update stays open.
        UpdateRefused: there is no such update to work on.
        IdentityBroken: counts that must agree do not; the update was not closed.
        StoreError: the database or the disk.
    """
    plan = begin_update(context, number=number)
    inbox = InboxOutcome() if plan.closed else take_inbox(context, update=plan.number)
    tell_inbox(inbox)
    failures: dict[str, str] = {}
    for source in plan.to_search:
        try:
            search_source(context, source, update=plan.number, only_if_missing=True)
        except (ConnectorError, StoreBusy, UpdateRefused) as error:
            failures[source] = str(error)
    return replace(finish_update(context, plan.number, failures=failures, close_now=close_now), inbox=inbox)


def begin_update(context: ReviewContext, *, number: int | None = None, due: Sequence[str] | None = None) -> UpdatePlan:
    """Opens an update, or goes on with the open one.

    Args:
        context: the review.
        number: the update that is meant; one that is closed is left as it is. None for the open one, or the next;
            but an update whose process ended between its closing and the writing of its batch comes first.
        due: slugs of the sources that it is opened for; None for all.

    Returns:
        What it needs.

    Raises:
        UpdateRefused: `number` is not the next update; or it is None, no update is open and nothing is due.
    """
    declared = context.review.sources if due is None else [context.review.source(slug) for slug in due]
    slugs = [source.slug for source in declared if source.kind != "other" or due is not None]
    context.folder.sweep((context.now() - timedelta(days=1)).timestamp())
    if number is None:
        number = closed_without_batch(context)
    if number is None and due is None:
        _require_something_to_do(context)
    with context.store.write() as con:
        if number is not None and is_closed(con, number):
            return UpdatePlan(number, True, ())
        opened = ensure_open_update(con, context, reason="update", number=number)
        con.execute(
            "INSERT INTO update_due (update_number, source, due_at) "
            "SELECT ?, unnest(?::VARCHAR[]), ? ON CONFLICT DO NOTHING",
            [opened, slugs, utc_naive(context.now())],
        )
        due_now = [source for source, _ in _due_sources(con, context, opened)]
        searched = [source for source in due_now if source.connector != "file"]
        missing = [source.slug for source in searched if complete_run_with_query(con, opened, source) is None]
    context.watch.step("update opened")
    return UpdatePlan(opened, False, tuple(missing))


def _require_something_to_do(context: ReviewContext) -> None:
    """Keeps a second `update` in a row from opening, and perhaps freezing, an update that nobody meant."""
    with context.store.read() as con:
        current = open_update_number(con)
        row = con.execute("SELECT max(number) FROM review_update").fetchone()
    last = row[0] if row else None
    if current is None and last is not None and not due_sources(context):
        raise UpdateRefused(
            f"Update {last} is closed and no source is due yet; to update all the same, name the next one: "
            f"--number {last + 1}"
        )


def finish_update(
    context: ReviewContext, number: int, *, failures: Mapping[str, str] | None = None, close_now: bool = False
) -> UpdateOutcome:
    """Deduplicates what came, closes the update if nothing is awaited, and writes its batch.

    Args:
        context: the review.
        number: of the update.
        failures: sources that could not be searched, with the reason; they keep the update open.
        close_now: do without exports that have not come and without sources that failed.

    Returns:
        Where the update stands.

    Raises:
        UpdateIncomplete, IdentityBroken, StoreError: as for `run_update`.
    """
    with context.store.read() as con:
        closed = is_closed(con, number)
    while not closed:
        deduplicate_review(context)
        if failures and not close_now:
            told = " ".join(f"{slug}: {error}" for slug, error in failures.items())
            raise UpdateIncomplete(
                f"Update {number} stays open, {len(failures)} source(s) could not be searched. {told}"
            )
        with context.store.write() as con:
            closed = is_closed(con, number)
            if closed or not is_deduplicated(con):
                continue
            awaited = () if close_now else awaited_exports(con, context, number)
            if not awaited:
                close_update(con, context, number)
                closed = True
        if awaited:
            return UpdateOutcome(number, False, awaited, strategies=_strategies(context, number))
        context.watch.step("update closed")
    batch = write_batch(context, number)
    return UpdateOutcome(number, True, (), batch, failures or {}, _strategies(context, number))


def _strategies(context: ReviewContext, number: int) -> tuple[StrategyUse, ...]:
    with reading_versions(context.store, actor=context.actor, now=context.now) as con:
        position = frozen_flow(con, number).position if is_closed(con, number) else log_position(con)
        return strategies_used(con, update=number, position=position)


def _due_sources(con: duckdb.DuckDBPyConnection, context: ReviewContext, number: int) -> list[tuple[Source, datetime]]:
    """Sources that the update is for, each with the instant at which it was asked for."""
    rows = con.execute("SELECT source, due_at FROM update_due WHERE update_number = ?", [number]).fetchall()
    due = {slug: instant.replace(tzinfo=UTC) for slug, instant in rows}
    return [(s, due[s.slug]) for s in context.review.sources if s.slug in due]


def awaited_exports(con: duckdb.DuckDBPyConnection, context: ReviewContext, number: int) -> tuple[Awaited, ...]:
    """Sources that an open update waits for."""
    now = context.now()
    awaited = []
    for source, due_at in _due_sources(con, context, number):
        if complete_run_of(con, number, source.slug) is None:
            until = due_at + timedelta(days=source.wait_days)
            if source.connector != "file" or now < until:
                awaited.append(Awaited(source.slug, until))
    return tuple(awaited)
