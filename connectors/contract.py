"""What a source with an API promises, so that any of them can be run by the same few lines.

`ApiSource` names the calls; `gather` shows their order and what holds between them. docs/connectors.md says the
same in words, for whoever adds a source.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import TracebackType
from typing import Protocol, Self, runtime_checkable

from connectors.errors import IncompleteFetch
from connectors.record import RawRecord, ReadFile, Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A reply that has to be kept as it came.

    Attributes:
        name: a file name, different for every reply of one kind in one run.
        body: the bytes, free of secrets.
    """

    name: str
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """What a source says it will deliver for a search.

    Attributes:
        query: as it was handed in.
        count: how many records there are.
        translation: the query as the source ran it; empty where it does not say.
        warnings: what the source ignored or changed, each as `Kind: text`.
        replies: as they came, in order; together they are enough for `ApiSource.recall`.
    """

    query: str
    count: int
    translation: str = ""
    warnings: tuple[str, ...] = ()
    replies: tuple[Kept, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply(Kept):
    """A reply that holds records.

    Attributes:
        ordinal: its number in the fetch, the same whenever this search is fetched. Not every number is used;
            records stand in the order of the numbers.
        settled: how many of the announced records are accounted for by it, delivered or named. Over all
            replies this comes to the announced count. A reply that settles nothing belongs to the next one
            that does: whoever goes on after a stop drops those at the end of what was kept.
        undelivered: names of announced records that the source does not hand out, also when asked again.
        unrequested: names of records in it that were not announced.
    """

    ordinal: int
    settled: int
    undelivered: tuple[str, ...] = ()
    unrequested: tuple[str, ...] = ()


@runtime_checkable
class ApiSource(Protocol):
    """A source that is searched through its API.

    Every call that asks the source raises a `ConnectorError` (see `connectors.errors`) of one or two sentences
    that say what to do, never holding a key, and only after passing faults were outlasted as long as the
    transport's budget allows. Nothing is ever returned or left out on an error.
    """

    @property
    def name(self) -> str:
        """What review.toml calls it: `connector = "…"`."""
        ...

    @property
    def label(self) -> str:
        """What people call it."""
        ...

    @property
    def format(self) -> str:
        """Format of its replies, as their file names end: `xml`, `json`."""
        ...

    @property
    def platform(self) -> str:
        """Its name in the columns that tell where a reply came from."""
        ...

    def probe(self, query: str, accepted: Collection[str] = ()) -> Announced:
        """Ask what a search would find, as cheaply as the source allows.

        Args:
            query: in the source's own syntax, verbatim.
            accepted: warnings that the review accepts: `Kind` or `Kind: text`.

        Returns:
            Its count and warnings; not for `fetch`.

        Raises:
            QueryAltered: the query holds something that the source is known to misread, found before anything
                was sent.
            ConnectorError: the source could not be asked.
        """
        ...

    def search(self, query: str, accepted: Collection[str] = ()) -> Announced:
        """Run a search, up to the point where its records can be fetched.

        Args:
            query: in the source's own syntax, verbatim.
            accepted: warnings that the review accepts.

        Returns:
            What will be delivered. Its warnings are not judged: `check` does that, once the replies are kept.

        Raises:
            QueryAltered: as in `probe`.
            IncompleteFetch: the source contradicts itself about what there is.
            ConnectorError: the source could not be asked.
        """
        ...

    def check(self, announced: Announced, accepted: Collection[str] = ()) -> None:
        """Hold a search that the source did not run as it was written.

        Args:
            announced: from `probe`, `search` or `recall` of this source.
            accepted: warnings that the review accepts.

        Raises:
            QueryAltered: a warning is not accepted; its message holds the line that accepts it.
        """
        ...

    def recall(self, query: str, replies: Sequence[bytes]) -> Announced:
        """What `search` returned, from its kept replies; asks nothing.

        Args:
            query: as it was searched.
            replies: bodies of `Announced.replies`, in order.

        Raises:
            MalformedReply: they are not replies of such a search.
            IncompleteFetch: some are missing.
        """
        ...

    def fetch(self, announced: Announced, done: Mapping[int, bytes] | None = None) -> Iterator[Reply]:
        """Bring the announced records.

        Args:
            announced: from `search` or `recall` of this source.
            done: replies of this very search that are kept already, by ordinal; they are not asked for again.
                May load bodies only when they are looked up.

        Yields:
            Each reply as soon as it is checked, in the order of the ordinals but for replies that settle nothing,
            so that it can be kept before the next is asked for (unless the source was made to work ahead). When
            the iteration ends without an error, every announced record is in a reply or among the undelivered.

        Raises:
            IncompleteFetch: fewer, more or other records came than were announced.
            ConnectorError: the source could not be asked.
        """
        ...

    def read(self, body: bytes) -> ReadFile:
        """Read the records of a reply of `fetch`; asks nothing, and reads the same bytes alike for ever.

        Args:
            body: as it was yielded.

        Raises:
            MalformedReply: it is no such reply.
        """
        ...

    def close(self) -> None:
        """Give back what was opened; no call may follow."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


@runtime_checkable
class Windowed(Protocol):
    """A source that can search only the records that it took up of late. Not every source can."""

    def created_since(self, query: str, day: date) -> str:
        """A search held to records that the source took up on a day or later, by its own date, not publication's.

        Args:
            query: in the source's own syntax.
            day: the first one.

        Returns:
            The search to run, in the same syntax.
        """
        ...


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


_AGREEMENTS = 3

MOST_UNDELIVERED = (3, 100)
"""Announced records that may stay undelivered: three, or one in a hundred of many. Sources delete and merge a record
now and then; where more are missing, or all, something else is wrong."""


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
