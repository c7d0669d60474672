"""Europe PMC as one of the sources that `connectors.contract` describes."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from types import TracebackType
from typing import Self

from connectors.altered import Warning, altered, not_accepted
from connectors.contract import Announced, Kept, Reply
from connectors.errors import MalformedReply
from connectors.europepmc.articles import read_records
from connectors.europepmc.page import Page, echo_warnings, read_page
from connectors.europepmc.preflight import preflight
from connectors.europepmc.transport import Transport
from connectors.europepmc.walk import PAGE_SIZE, look, walk
from connectors.record import ReadFile

_SENTENCES = {
    "QueryChanged": "it says that it ran another one ({})",
    "SynonymsAdded": "it added synonyms",
}


class EuropePmc:
    """Europe PMC through its REST search; see `connectors.contract.ApiSource` for what each call promises.

    Args:
        transport: the way to Europe PMC; closed by `close`.
        page_size: records a reply, at most 1,000. Part of what an ordinal means: a fetch that goes on has to use
            the same.
    """

    __slots__ = ("_page_size", "_transport")

    name = "europepmc"
    label = "Europe PMC"
    format = "json"
    platform = "europepmc"

    def __init__(self, transport: Transport, *, page_size: int = PAGE_SIZE) -> None:
        self._transport, self._page_size = transport, page_size

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
        """The search held to records that entered Europe PMC on a day or later (its help, "CREATION_DATE")."""
        return f"({query}) AND CREATION_DATE:[{day:%Y-%m-%d} TO 3000-12-31]"

    def probe(self, query: str, accepted: Collection[str] = ()) -> Announced:
        """Count and echo of the search.

        Raises:
            QueryAltered: see `connectors.europepmc.preflight`.
            ConnectorError: see `Transport.ask`.
        """
        return self._looked(query, accepted, "search-count.json")

    def search(self, query: str, accepted: Collection[str] = ()) -> Announced:
        """The same as `probe`: the records themselves are found by walking from page to page.

        Raises:
            QueryAltered: see `connectors.europepmc.preflight`.
            ConnectorError: see `Transport.ask`.
        """
        return self._looked(query, accepted, "search-0001.json")

    def check(self, announced: Announced, accepted: Collection[str] = ()) -> None:
        """Hold a search of which Europe PMC says that it ran another one, or that it added synonyms.

        Raises:
            QueryAltered: a warning is not accepted.
        """
        told = [Warning(kind, text) for kind, _, text in (w.partition(": ") for w in announced.warnings)]
        rest = not_accepted(told, accepted)
        if rest:
            parts = "; ".join(_SENTENCES.get(warning.kind, "{}").format(warning.text) for warning in rest)
            raise altered(f"Europe PMC did not run the search as it was written: {parts}.", rest)

    def recall(self, query: str, replies: Sequence[bytes]) -> Announced:
        """The search again from its kept reply.

        Raises:
            MalformedReply: it is not the one reply of a search.
        """
        if len(replies) != 1:
            raise MalformedReply(f"{len(replies)} replies of Europe PMC's search were kept instead of one.")
        return _announced(query, replies[0], read_page(replies[0]), "search-0001.json")

    def fetch(self, announced: Announced, done: Mapping[int, bytes] | None = None) -> Iterator[Reply]:
        """The records, page by page; see `connectors.europepmc.walk`."""
        for step in walk(self._transport, announced.query, announced.count, self._page_size, done):
            yield Reply(name=f"page-{step.number:04d}.json", body=step.body, ordinal=step.number, settled=step.records)

    def read(self, body: bytes) -> ReadFile:
        """The records of a page."""
        return read_records(body)

    def _looked(self, query: str, accepted: Collection[str], name: str) -> Announced:
        preflight(query, accepted)
        body, page = look(self._transport, query)
        return _announced(query, body, page, name)


def _announced(query: str, body: bytes, page: Page, name: str) -> Announced:
    return Announced(
        query=query,
        count=page.count,
        translation=page.query or "",
        warnings=tuple(str(warning) for warning in echo_warnings(page, query)),
        replies=(Kept(name=name, body=body),),
    )
