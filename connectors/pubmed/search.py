"""Run a search: its count, and the PMIDs of all its hits, however many."""

from collections.abc import Collection
from dataclasses import replace

from connectors.errors import IncompleteFetch
from connectors.pubmed.preflight import preflight
from connectors.pubmed.replies import SearchReply, read_search
from connectors.pubmed.transport import Transport

WINDOW = 9_999
"""Most PMIDs that one search of PubMed gives out (NCBI, The E-utilities In-Depth, `retmax`)."""

_LARGEST_PMID = 99_999_999
_TRIES = 2


def probe(transport: Transport, query: str, *, accepted: Collection[str] = ()) -> SearchReply:
    """Ask what a search would find, without its PMIDs.

    Cheap also for a damaged query with hundreds of thousands of hits: check its warnings before `search`.

    Args:
        transport: the way to NCBI.
        query: in PubMed's syntax.
        accepted: warnings of the pre-flight that the review accepts.

    Returns:
        Count, translation and warnings; no ids.

    Raises:
        QueryAltered: the pre-flight found something that PubMed would misread.
        ConnectorError: see `Transport.ask`.
    """
    preflight(query, accepted)
    return _ask(transport, query, 0)


def count(transport: Transport, query: str, *, accepted: Collection[str] = ()) -> int:
    """Hits of a search; says nothing about what PubMed ignored, which `probe` does.

    Args:
        transport: the way to NCBI.
        query: in PubMed's syntax.
        accepted: warnings of the pre-flight that the review accepts.

    Returns:
        The number.

    Raises:
        QueryAltered: the pre-flight found something that PubMed would misread.
        ConnectorError: see `Transport.ask`.
    """
    return probe(transport, query, accepted=accepted).count


def search(transport: Transport, query: str, *, accepted: Collection[str] = (), window: int = WINDOW) -> SearchReply:
    """Run a search and collect the PMIDs of all hits.

    Beyond 9,999 hits the range of PMIDs is halved until each slice holds fewer, as NCBI's own EDirect does:
    that works for every query and needs no dates.

    Args:
        transport: the way to NCBI.
        query: in PubMed's syntax.
        accepted: warnings of the pre-flight that the review accepts.
        window: most PMIDs that one request may bring.

    Returns:
        The reply, with exactly as many different ids as its count says. Its warnings are not judged:
        `check_warnings` does that.

    Raises:
        QueryAltered: the pre-flight found something that PubMed would misread.
        IncompleteFetch: PMIDs and count differed, also when asked again.
        ConnectorError: see `Transport.ask`.
    """
    preflight(query, accepted)
    for _ in range(_TRIES):
        reply = _ask(transport, query, window)
        if reply.count > window:
            reply = _in_slices(transport, query, reply, window)
        if _whole(reply):
            return reply
    raise IncompleteFetch(
        f"PubMed reported {reply.count:,} hits but gave {len(set(reply.ids)):,} PMIDs, {_TRIES} times; "
        "nothing was counted; run the update again later."
    )


def _in_slices(transport: Transport, query: str, whole: SearchReply, window: int) -> SearchReply:
    ids: list[str] = []
    bodies: list[bytes] = []
    middle = _LARGEST_PMID // 2
    pending = [(middle + 1, _LARGEST_PMID), (1, middle)]
    while pending:
        low, high = pending.pop()
        part = _slice(transport, query, low, high, window)
        bodies.append(part.body)
        if part.count <= window:
            ids += part.ids
        elif low < high:
            middle = (low + high) // 2
            pending += [(middle + 1, high), (low, middle)]
        else:
            raise IncompleteFetch(
                f"PubMed reported {part.count:,} hits for the single PMID {low}; nothing was counted."
            )
    return replace(whole, ids=tuple(ids), slice_bodies=tuple(bodies))


def _slice(transport: Transport, query: str, low: int, high: int, window: int) -> SearchReply:
    for _ in range(_TRIES):
        part = _ask(transport, f"({query}) AND {low}:{high}[UID]", window)
        if part.count > window or _whole(part):
            return part
    raise IncompleteFetch(
        f"PubMed reported {part.count:,} hits between PMID {low} and {high} but gave "
        f"{len(set(part.ids)):,} PMIDs, {_TRIES} times; nothing was counted; run the update again later."
    )


def _whole(reply: SearchReply) -> bool:
    return len(reply.ids) == reply.count == len(set(reply.ids))


def _ask(transport: Transport, query: str, most: int) -> SearchReply:
    params = {"db": "pubmed", "term": query, "usehistory": "y", "retmax": str(most), "retmode": "xml"}
    return transport.ask("esearch", params, read_search)[1]
