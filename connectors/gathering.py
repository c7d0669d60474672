"""A whole search of a source, and the numbers that have to hold for it."""

from collections.abc import Collection
from dataclasses import dataclass

from connectors.contract import Announced, ApiSource, Reply
from connectors.errors import IncompleteFetch
from connectors.record import RawRecord, Record

MOST_UNDELIVERED = (3, 100)
"""Announced records that may stay undelivered: three, or one in a hundred of many. Sources delete and merge a record
now and then; where more are missing, or all, something else is wrong."""
_AGREEMENTS = 3
"""Times that a search is asked for until it announces what the probe counted."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """A whole search.

    Attributes:
        announced: what the source said it would deliver.
        replies: in the order in which they came.
        records: in the order of the replies' ordinals.
        undelivered: names of announced records that did not come.
        unrequested: names of records that came without being announced.
    """

    announced: Announced
    replies: tuple[Reply, ...]
    records: tuple[tuple[RawRecord, Record], ...]
    undelivered: tuple[str, ...]
    unrequested: tuple[str, ...]


def count(source: ApiSource, query: str, accepted: Collection[str] = ()) -> int:
    """How many records a search would bring now.

    Args:
        source: to ask.
        query: in its syntax.
        accepted: warnings that the review accepts.

    Raises:
        QueryAltered: the source would not run the query as it is written.
        ConnectorError: the source could not be asked.
    """
    probed = source.probe(query, accepted)
    source.check(probed, accepted)
    return probed.count


def gather(source: ApiSource, query: str, accepted: Collection[str] = ()) -> Gathered:
    """Run a whole search in memory: the order of the calls, for small searches and for tests.

    A service does the same and keeps every reply between the calls.

    Args:
        source: to search.
        query: in its syntax.
        accepted: warnings that the review accepts.

    Returns:
        All records.

    Raises:
        QueryAltered: the source did not run the query as it is written.
        IncompleteFetch: the numbers do not add up.
        ConnectorError: the source could not be asked.
    """
    probed = source.probe(query, accepted)
    source.check(probed, accepted)
    announced = search_as_probed(source, probed, accepted)
    source.check(announced, accepted)
    replies = tuple(source.fetch(announced))
    records = tuple(
        pair for reply in sorted(replies, key=lambda reply: reply.ordinal) for pair in source.read(reply.body).records
    )
    undelivered = tuple(name for reply in replies for name in reply.undelivered)
    unrequested = tuple(name for reply in replies for name in reply.unrequested)
    require_all(source.label, announced.count, len(records), len(undelivered), len(unrequested))
    return Gathered(announced, replies, records, undelivered, unrequested)


def search_as_probed(source: ApiSource, probed: Announced, accepted: Collection[str] = ()) -> Announced:
    """Run a search until it announces as many records as the probe before it: one count alone proves nothing.

    Args:
        source: to search.
        probed: from `probe` of this source, just now.
        accepted: warnings that the review accepts.

    Returns:
        What will be delivered.

    Raises:
        QueryAltered: as in `ApiSource.search`.
        IncompleteFetch: the counts never agreed.
        ConnectorError: the source could not be asked.
    """
    for again in range(_AGREEMENTS):
        if again:
            probed = source.probe(probed.query, accepted)
        announced = source.search(probed.query, accepted)
        if announced.count == probed.count:
            return announced
    raise IncompleteFetch(
        f"{source.label} counted {probed.count:,} records and then announced {announced.count:,}, and never "
        f"twice the same in {_AGREEMENTS} tries; nothing was counted, run the search again later."
    )


def require_all(label: str, announced: int, received: int, undelivered: int = 0, unrequested: int = 0) -> None:
    """Hold the numbers of a search against each other: received + undelivered = announced + unrequested.

    Args:
        label: what people call the source.
        announced: records that it said there are.
        received: records read from its replies.
        undelivered: announced records that are named as not delivered.
        unrequested: records that came without being announced.

    Raises:
        IncompleteFetch: they differ, or more is missing than `MOST_UNDELIVERED`.
    """
    require_few_undelivered(label, announced, undelivered)
    if announced and undelivered == announced:
        raise IncompleteFetch(
            f"{label} did not hand out any of the {announced:,} records that it had announced; nothing was counted, "
            "run the search again later."
        )
    if received + undelivered != announced + unrequested:
        extra = f" and {unrequested:,} unannounced ones" if unrequested else ""
        raise IncompleteFetch(
            f"{label} announced {announced:,} records{extra}, {received:,} came and {undelivered:,} are known not "
            "to be delivered; nothing was counted, run the search again."
        )


def require_few_undelivered(label: str, announced: int, undelivered: int, one_in: int = MOST_UNDELIVERED[1]) -> None:
    """Hold a search, or a part of it, of which a source keeps back more than deleted records explain.

    Args:
        label: what people call the source.
        announced: records that it said there are.
        undelivered: of these, not handed out also when asked again.
        one_in: how many announced records may stand for one that is missing.

    Raises:
        IncompleteFetch: too many are missing.
    """
    if undelivered > max(MOST_UNDELIVERED[0], announced // one_in):
        raise IncompleteFetch(
            f"{label} did not hand out {undelivered:,} of {announced:,} records that it had announced, more than "
            "deleted records explain; nothing was counted, run the search again later."
        )
