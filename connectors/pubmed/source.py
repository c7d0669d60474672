"""PubMed as one of the sources that `connectors.contract` describes."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import TracebackType
from typing import Self

from connectors.contract import Announced, Kept, Reply
from connectors.errors import IncompleteFetch, MalformedReply
from connectors.pubmed.articles import read_articles
from connectors.pubmed.fetch import BATCH, fetch
from connectors.pubmed.replies import SearchReply, check_warnings, read_search
from connectors.pubmed.search import WINDOW, assembled, probe, search
from connectors.pubmed.transport import Transport
from connectors.record import ReadFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Found(Announced):
    """What PubMed announced.

    Attributes:
        reply: as PubMed said it, with the PMIDs.
    """

    reply: SearchReply = field(repr=False)


class PubMed:
    """PubMed through the E-utilities; see `connectors.contract.ApiSource` for what each call promises.

    Args:
        transport: the way to NCBI; closed by `close`.
        batch_size: records a request. Part of what an ordinal means: a fetch that goes on has to use the same.
        window: most PMIDs that one search may bring.
        workers: batches to fetch at once; with several, so many are asked for ahead of being wanted.
    """

    __slots__ = ("_batch_size", "_transport", "_window", "_workers")

    name = "entrez"
    label = "PubMed"
    format = "xml"
    platform = "pubmed"

    def __init__(
        self, transport: Transport, *, batch_size: int = BATCH, window: int = WINDOW, workers: int = 1
    ) -> None:
        self._transport, self._batch_size, self._window, self._workers = transport, batch_size, window, workers

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the transport."""
        self._transport.close()

    def created_since(self, query: str, day: date) -> str:
        """The search held to records that PubMed created on a day or later.

        By [crdt]: [edat] is set back to the date of publication where a record comes a year late or more (PubMed
        User Guide, "Entry date").
        """
        return f'({query}) AND ("{day:%Y/%m/%d}"[crdt] : "3000"[crdt])'

    def probe(self, query: str, accepted: Collection[str] = ()) -> Announced:
        """Count and warnings without PMIDs; see `connectors.pubmed.probe`."""
        return _found(query, probe(self._transport, query, accepted=accepted), "esearch-count.xml")

    def search(self, query: str, accepted: Collection[str] = ()) -> Announced:
        """All PMIDs, however many; see `connectors.pubmed.search`."""
        return _found(query, search(self._transport, query, accepted=accepted, window=self._window))

    def check(self, announced: Announced, accepted: Collection[str] = ()) -> None:
        """Hold a search that PubMed altered; see `connectors.pubmed.check_warnings`."""
        check_warnings(_own(announced).reply, accepted)

    def recall(self, query: str, replies: Sequence[bytes]) -> Announced:
        """The search again from its kept replies, PMIDs in the same order.

        Raises:
            MalformedReply: they are no replies of ESearch.
            IncompleteFetch: they do not hold as many PMIDs as the first one counts.
        """
        if not replies:
            raise MalformedReply("No reply of PubMed's search was kept.")
        whole, *parts = map(read_search, replies)
        reply = assembled(whole, parts, self._window) if parts else whole
        if not len(reply.ids) == len(set(reply.ids)) == reply.count:
            raise IncompleteFetch(
                f"The kept replies of PubMed's search hold {len(set(reply.ids)):,} PMIDs of {reply.count:,}; "
                "nothing was counted, run the search again."
            )
        return _found(query, reply)

    def fetch(self, announced: Announced, done: Mapping[int, bytes] | None = None) -> Iterator[Reply]:
        """The records by their PMIDs; see `connectors.pubmed.fetch`."""
        ids = _own(announced).reply.ids
        for batch in fetch(self._transport, ids, self._batch_size, done or {}, workers=self._workers):
            yield Reply(
                name=f"efetch-{batch.ordinal:04d}.xml",
                body=batch.body,
                ordinal=batch.ordinal,
                settled=0 if batch.again else len(batch.ids),
                undelivered=batch.undelivered,
                unrequested=batch.unrequested,
            )

    def read(self, body: bytes) -> ReadFile:
        """The records of a reply; see `connectors.pubmed.read_articles`."""
        return read_articles(body)


def _found(query: str, reply: SearchReply, only_name: str | None = None) -> Found:
    bodies = (reply.body, *reply.slice_bodies)
    return Found(
        query=query,
        count=reply.count,
        translation=reply.query_translation,
        warnings=tuple(str(warning) for warning in reply.warnings),
        replies=tuple(Kept(name=only_name or f"esearch-{n:04d}.xml", body=body) for n, body in enumerate(bodies, 1)),
        reply=reply,
    )


def _own(announced: Announced) -> Found:
    if not isinstance(announced, Found):
        raise TypeError("this search was not announced by PubMed")
    return announced
