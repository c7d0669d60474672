"""What a source with an API promises, so that any of them can be run by the same few lines.

`ApiSource` names the calls; `connectors.gathering` makes them in their order. docs/connectors.md says the same in
words, for whoever adds a source.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import TracebackType
from typing import Protocol, Self, runtime_checkable

from connectors.record import ReadFile


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
