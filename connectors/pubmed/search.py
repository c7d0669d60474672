"""Run a search: its count, and the PMIDs of all its hits, however many."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from connectors.errors import IncompleteFetch
from connectors.pubmed.preflight import preflight
from connectors.pubmed.replies import SearchReply, read_search, says_nothing
from connectors.pubmed.transport import Transport

WINDOW = 9_999
"""Most PMIDs that one search of PubMed gives out (NCBI, The E-utilities In-Depth, `retmax`)."""

_LARGEST_PMID = 99_999_999
_TRIES = 2
_STARTS = 4
"""Times that a search whose hits change while it is read in slices is run before it fails."""


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
    that works for every query and needs no dates. The two halves of a range have to hold what the range held,
    all slices together what the search counted, and the search has to count the same again at the end; else
    its hits changed meanwhile and it is run from the start, up to four times.

    Args:
        transport: the way to NCBI.
        query: in PubMed's syntax.
        accepted: warnings of the pre-flight that the review accepts.
        window: most PMIDs that one request may bring.

    Returns:
        The reply, with exactly as many different ids as its count says, and the warnings of the slices among
        its own. They are not judged: `check_warnings` does that.

    Raises:
        QueryAltered: the pre-flight found something that PubMed would misread.
        IncompleteFetch: PMIDs and count differed, also when asked again, or the hits kept changing.
        ConnectorError: see `Transport.ask`.
    """
    preflight(query, accepted)
    changes: list[str] = []
    for _ in range(_STARTS):
        reply = _once(transport, query, window)
        if reply.count <= window:
            return reply
        try:
            whole = _in_slices(transport, query, reply, window)
            now = _ask(transport, query, 0).count
        except _Changed as change:
            changes.append(str(change))
            continue
        if now == reply.count:
            return whole
        changes.append(f"{reply.count:,} hits at first and {now:,} at the end")
    raise IncompleteFetch(
        f"PubMed's hits changed while they were read, {_STARTS} times (last: {changes[-1]}); "
        "nothing was counted; run the update again later."
    )


class _Changed(Exception):
    """Parts of a search do not add up; the message says which."""


def _once(transport: Transport, query: str, window: int) -> SearchReply:
    """One search, with all its PMIDs unless there are more than one reply brings."""
    for _ in range(_TRIES):
        reply = _ask(transport, query, window)
        if reply.count > window or _whole(reply):
            return reply
    raise IncompleteFetch(
        f"PubMed reported {reply.count:,} hits but gave {len(set(reply.ids)):,} PMIDs, {_TRIES} times; "
        "nothing was counted; run the update again later."
    )


def assembled(whole: SearchReply, parts: Sequence[SearchReply], window: int = WINDOW) -> SearchReply:
    """A search out of the reply that counts it and the replies of its slices.

    Args:
        whole: the reply to the search itself, with more hits than one reply brings.
        parts: replies to its slices in the order in which they were asked for, those too large among them.
        window: most PMIDs that one request might bring.

    Returns:
        `whole` with the PMIDs and the warnings of all parts; whether they are complete is not looked at.
    """
    telling = (warning for part in parts for warning in part.warnings if not says_nothing(warning))
    return replace(
        whole,
        ids=tuple(pmid for part in parts if part.count <= window for pmid in part.ids),
        warnings=tuple(dict.fromkeys((*whole.warnings, *telling))),
        slice_bodies=tuple(part.body for part in parts),
    )


def _in_slices(transport: Transport, query: str, whole: SearchReply, window: int) -> SearchReply:
    parts = tuple(_halves(transport, query, 1, _LARGEST_PMID, whole.count, window))
    reply = assembled(whole, parts, window)
    if not _whole(reply):
        raise _Changed(f"{len(set(reply.ids)):,} different PMIDs instead of {whole.count:,}")
    return reply


def _halves(transport: Transport, query: str, low: int, high: int, count: int, window: int) -> Iterator[SearchReply]:
    if low == high:
        raise IncompleteFetch(
            f"PubMed reported {count:,} hits for the single PMID {low}; "
            "nothing was counted; run the update again later."
        )
    middle = (low + high) // 2
    held = 0
    for first, last in ((low, middle), (middle + 1, high)):
        part = _slice(transport, query, first, last, window)
        yield part
        held += part.count
        if last == high and held != count:
            raise _Changed(f"{held:,} hits in the halves of PMID {low} to {high}, where {count:,} were counted")
        if part.count > window:
            yield from _halves(transport, query, first, last, part.count, window)


def _slice(transport: Transport, query: str, low: int, high: int, window: int) -> SearchReply:
    for _ in range(_TRIES):
        part = _ask(transport, f"({query}) AND {low}:{high}[UID]", window)
        if part.count > window or (_whole(part) and all(low <= int(pmid) <= high for pmid in part.ids)):
            return part
    raise IncompleteFetch(
        f"PubMed reported {part.count:,} hits between PMID {low} and {high} but gave "
        f"{len(set(part.ids)):,} PMIDs, not all of that range, {_TRIES} times; nothing was counted; "
        "run the update again later."
    )


def _whole(reply: SearchReply) -> bool:
    return len(reply.ids) == reply.count == len(set(reply.ids))


def _ask(transport: Transport, query: str, most: int) -> SearchReply:
    params = {"db": "pubmed", "term": query, "usehistory": "y", "retmax": str(most), "retmode": "xml"}
    return transport.ask("esearch", params, read_search)[1]
