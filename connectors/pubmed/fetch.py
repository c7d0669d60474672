"""Fetch records by their PMIDs, batch by batch, and account for each of them."""

from collections import Counter
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field

from connectors.errors import MalformedReply
from connectors.gathering import require_few_undelivered
from connectors.pubmed.ahead import in_order
from connectors.pubmed.delivered import RECORD_PMIDS, SETS, pmids_in
from connectors.pubmed.transport import Transport
from connectors.web.wire import Halt

__all__ = ["BATCH", "MOST_WORKERS", "RECORD_PMIDS", "SETS", "WORKERS", "Reply", "fetch", "pmids_in"]

BATCH = 200
"""Records a request: NCBI's advice for one EFetch."""

WORKERS = 4
"""Requests under way that keep up with ten a second where each takes up to a third of a second."""

MOST_WORKERS = 10
"""More would wait for the rate only; `requests` keeps ten connections open."""

_BEFORE_AGAIN = 1.0
"""Seconds after which missing records are asked for again."""
_BATCH_MISSING = 10
"""Records of a batch for one that may be missing: in a large search an empty batch would else be one in many."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply of EFetch.

    Attributes:
        ordinal: its number in this fetch: 2n for batch n (from 0), 2n + 1 for what was asked again.
        ids: PMIDs that were asked for.
        body: as it came.
        undelivered: PMIDs of the batch that PubMed did not hand out, also when asked again. Deleted and
            merged records are among them. Stands in the batch's own reply only.
        unrequested: PMIDs that came without having been asked for.
        again: whether this is the extra reply for PMIDs missing from the batch.
    """

    ordinal: int
    ids: tuple[str, ...]
    body: bytes = field(repr=False)
    undelivered: tuple[str, ...] = ()
    unrequested: tuple[str, ...] = ()
    again: bool = False


def fetch(
    transport: Transport,
    ids: Sequence[str],
    batch_size: int = BATCH,
    done: Container[int] = (),
    *,
    workers: int = 1,
) -> Iterator[Reply]:
    """Fetch records, by POST of explicit PMIDs.

    EFetch drops PMIDs silently, so each batch is compared with what was asked for, and what is missing is
    asked for once more. Where more than a tenth of it is missing then, the fetch fails. The extra reply is yielded
    before its batch's own: a batch whose own ordinal is known needs nothing more, wherever a process was stopped.

    Replies come in the order of the batches, whatever the number of workers. With several, batches are fetched
    ahead while the caller does something with a reply: at most `workers` of them are under way or waiting, and
    the transport spaces their requests together. Where one fails, those before it are yielded first; no further
    try begins, but a reply to a batch behind it that is on its way is waited for and yielded too, and then its
    error is raised. The next call asks for the rest. That takes at most the transport's `reply_timeout`; to end
    because the caller ends, at most its `read_timeout`.

    Args:
        transport: the way to NCBI.
        ids: PMIDs.
        batch_size: how many a request.
        done: ordinals of replies that are stored already; those batches are not asked for again. Holds only
            for the same ids in the same order and the same batch size.
        workers: batches to fetch at once; 1 asks for nothing before it is wanted and needs no threads.

    Yields:
        Each reply as soon as it is checked and all before it were yielded.

    Raises:
        ValueError: a batch size below 1, a number of workers out of range, or an id that is no PMID.
        IncompleteFetch: PubMed does not hand out a large part of a batch.
        ConnectorError: see `Transport.ask`.
    """
    if batch_size < 1:
        raise ValueError("batch_size must be 1 or more")
    if not 1 <= workers <= MOST_WORKERS:
        raise ValueError(f"workers must be 1 to {MOST_WORKERS}")
    # A comma within an id would ask for other records than it says.
    if not all(pmid.isascii() and pmid.isdecimal() for pmid in ids):
        raise ValueError("ids must be PMIDs: digits only")
    starts = range(0, len(ids), batch_size)
    missing = ((n, tuple(ids[start : start + batch_size])) for n, start in enumerate(starts) if 2 * n not in done)
    if workers == 1:
        for number, asked in missing:
            yield from _batch(transport, number, asked, None)
        return

    def get(batch: tuple[int, tuple[str, ...]], halt: Halt) -> tuple[Reply, ...]:
        return tuple(_batch(transport, *batch, halt))

    for replies in in_order(missing, get, workers):
        yield from replies


def _batch(transport: Transport, number: int, asked: tuple[str, ...], halt: Halt | None) -> Iterator[Reply]:
    body, came = _ask(transport, asked, halt)
    missing = _without(asked, came)
    if missing:
        # What a server of PubMed's lacks for a moment it lacks for the next request too.
        transport.pause(_BEFORE_AGAIN, halt.no_more if halt else None)
        extra, found = _ask(transport, missing, halt)
        yield Reply(2 * number + 1, missing, extra, unrequested=_without(found, missing), again=True)
        missing = _without(missing, found)
        require_few_undelivered("PubMed", len(asked), len(missing), one_in=_BATCH_MISSING)
    yield Reply(2 * number, asked, body, undelivered=missing, unrequested=_without(came, asked))


def _ask(transport: Transport, ids: tuple[str, ...], halt: Halt | None) -> tuple[bytes, tuple[str, ...]]:
    params = {"db": "pubmed", "id": ",".join(ids), "retmode": "xml"}
    return transport.ask("efetch", params, _pmids_once, halt=halt)


def _pmids_once(body: bytes) -> tuple[str, ...]:
    """PMIDs of the records in a reply, each different: one that came twice would stand for one that did not come."""
    found = pmids_in(body)
    repeated = [pmid for pmid, times in Counter(found).items() if times > 1 and pmid]
    if repeated:
        raise MalformedReply(f"PubMed's reply holds the record {repeated[0]} more than once.")
    return found


def _without(these: tuple[str, ...], those: tuple[str, ...]) -> tuple[str, ...]:
    known = set(those)
    return tuple(dict.fromkeys(pmid for pmid in these if pmid not in known))
