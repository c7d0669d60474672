"""The whole flow of a review for those who ask: of any updates, as of any update or date, as published, restated."""

from dataclasses import dataclass
from datetime import date

from livingsearch.errors import UpdateRefused
from livingsearch.ledger.restated import Explanation, explained
from livingsearch.ledger.whole_counts import whole_flow_at, whole_flows_at
from livingsearch.ledger.whole_flow import WholeFlow
from livingsearch.ledger.whole_identities import Breach, breaches
from livingsearch.services.context import ReviewContext
from livingsearch.services.positions import AsOf, position_of
from livingsearch.services.published_versions import Published, published_updates, published_version


@dataclass(frozen=True, slots=True)
class ReviewFlows:
    """The flows of a review as of one position.

    Attributes:
        position: in the log.
        columns: one an update.
        together: all of them.
        told: identities that do not hold, by the flow's label.
    """

    position: int
    columns: tuple[WholeFlow, ...]
    together: WholeFlow
    told: dict[str, tuple[Breach, ...]]


@dataclass(frozen=True, slots=True)
class Restated:
    """A published version beside what is known now.

    Attributes:
        version: as it was frozen.
        now: the same update's flow as of a later position.
        explanations: for each difference, in the order in which it came.
    """

    version: Published
    now: WholeFlow
    explanations: tuple[Explanation, ...]


def review_flows(context: ReviewContext, as_of: AsOf = None) -> ReviewFlows:
    """The flow of each update and of all together.

    Args:
        context: the review.
        as_of: an update's number for its closing, a date for the end of that day; None for now.

    Returns:
        Of the updates that were open or closed by then.

    Raises:
        UpdateRefused: there is no such update, or none was open by then.
        StoreError: the database.
    """
    with context.store.read() as con:
        position = position_of(con, context, as_of)
        numbers = tuple(
            row[0]
            for row in con.execute(
                "SELECT number FROM review_update WHERE position <= ? ORDER BY ALL", [position]
            ).fetchall()
        )
        if not numbers:
            when = f" by {as_of}" if isinstance(as_of, date) else ""
            raise UpdateRefused(f"No update of {context.review.slug} was open{when}, so there is nothing to count.")
        *columns, together = whole_flows_at(con, [*((n,) for n in numbers), numbers], position, context.declared())
    flows = [*columns, together]
    told = {flow.label: tuple(found) for flow in flows if (found := breaches(flow))}
    return ReviewFlows(position, tuple(columns), together, told)


def restated_version(context: ReviewContext, update: int, as_of: AsOf = None) -> Restated:
    """A published version beside what is known now, or was known as of a later update or date.

    Args:
        context: the review.
        update: its number.
        as_of: as for `review_flows`.

    Returns:
        Both, with a sentence for each difference.

    Raises:
        UpdateRefused: the update was not published by then.
        StoreError: the database.
    """
    with context.store.read() as con:
        version = published_version(con, update)
        position = position_of(con, context, as_of)
        if position < version.position:
            raise UpdateRefused(f"Update {update} was published later than that, on {version.published_at:%Y-%m-%d}.")
        now = whole_flow_at(con, update, position, context.declared())
        told = explained(con, update, version.flow, now, tuple(context.preferred()))
    return Restated(version, now, told)


def all_published(context: ReviewContext) -> list[Published]:
    """Every published version, in the order of updates."""
    with context.store.read() as con:
        return [published_version(con, update) for update in published_updates(con)]
