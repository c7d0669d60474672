"""What the counts of a review are: closed updates as they were frozen, the open one as it stands."""

from dataclasses import dataclass

from livingsearch.errors import UpdateRefused
from livingsearch.ledger.counts import Turnover, turnover
from livingsearch.ledger.flow import Flow, total_flow
from livingsearch.services.context import ReviewContext
from livingsearch.services.open_update import open_update_number
from livingsearch.services.strategy_versions import StrategyUse, reading_versions, strategies_used
from livingsearch.services.update_flows import frozen_flow, open_flow


@dataclass(frozen=True, slots=True)
class ReviewCounts:
    """The counts of a review.

    Attributes:
        closed: one flow a closed update, in order.
        total: all closed updates together; None where none is closed.
        open: the open update as it stands now; None where none is open.
        turnover: vanished and changed records by update and source.
        strategies: versions of the strategy by update, as known when its counts were frozen; more than one where its
            sources were run under different ones.
    """

    closed: tuple[Flow, ...]
    total: Flow | None
    open: Flow | None
    turnover: dict[int, tuple[Turnover, ...]]
    strategies: dict[int, tuple[StrategyUse, ...]]


def review_counts(context: ReviewContext) -> ReviewCounts:
    """The counts of all updates of a review.

    Raises:
        StoreError: the database.
    """
    with reading_versions(context.store, actor=context.actor, now=context.now) as con:
        numbers = [r[0] for r in con.execute("SELECT update_number FROM update_closing ORDER BY ALL").fetchall()]
        closed = tuple(frozen_flow(con, n) for n in numbers)
        current = open_update_number(con)
        unfinished = None if current is None else open_flow(con, context, current)
        flows = [*closed, *([unfinished] if unfinished else [])]
        changes = {f.updates[-1]: tuple(turnover(con, update=f.updates[-1], position=f.position)) for f in flows}
        strategies = {f.updates[-1]: strategies_used(con, update=f.updates[-1], position=f.position) for f in flows}
    return ReviewCounts(closed, total_flow(closed) if closed else None, unfinished, changes, strategies)


def flow_for(counts: ReviewCounts, update: int | None) -> Flow:
    """The flow of one update, or of all closed ones together.

    Args:
        counts: of the review.
        update: a number; None for the total, or for the open update where none is closed.

    Raises:
        UpdateRefused: there is no such update.
    """
    if update is None:
        flow = counts.total or counts.open
    else:
        candidates = [*counts.closed, *([counts.open] if counts.open else [])]
        flow = next((f for f in candidates if f.update == update), None)
    if flow is None:
        have = ", ".join(str(f.update) for f in counts.closed) or "none"
        raise UpdateRefused(f"There is no update {update if update is not None else ''} to show (closed: {have}).")
    return flow
