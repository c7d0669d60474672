"""Fetch records by their PMIDs, batch by batch, and account for each of them."""

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field

from connectors.errors import MalformedReply
from connectors.pubmed.classify import none_exist
from connectors.pubmed.document import Part, parse
from connectors.pubmed.transport import Transport

BATCH = 200
"""Records a request: NCBI's advice for one EFetch."""

RECORD_PMIDS = {"PubmedArticle": "MedlineCitation/PMID", "PubmedBookArticle": "BookDocument/PMID"}
"""Elements that are records, and where each keeps its PMID."""

SETS = frozenset({"PubmedArticleSet", "PubmedBookArticleSet"})
"""Elements that hold records."""


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
    transport: Transport, ids: Sequence[str], batch_size: int = BATCH, done: Container[int] = ()
) -> Iterator[Reply]:
    """Fetch records, by POST of explicit PMIDs.

    EFetch drops PMIDs silently, so each batch is compared with what was asked for, and what is missing is
    asked for once more. The extra reply is yielded before its batch's own: a batch whose own ordinal is known
    needs nothing more, wherever a process was stopped.

    Args:
        transport: the way to NCBI.
        ids: PMIDs.
        batch_size: how many a request.
        done: ordinals of replies that are stored already; those batches are not asked for again. Holds only
            for the same ids in the same order and the same batch size.

    Yields:
        Each reply as soon as it is checked.

    Raises:
        ValueError: a batch size below 1.
        ConnectorError: see `Transport.ask`.
    """
    if batch_size < 1:
        raise ValueError("batch_size must be 1 or more")
    for number, start in enumerate(range(0, len(ids), batch_size)):
        if 2 * number not in done:
            yield from _batch(transport, number, tuple(ids[start : start + batch_size]))


def pmids_in(body: bytes) -> tuple[str, ...]:
    """PMIDs of the records in a reply.

    Args:
        body: as it came.

    Returns:
        One a record, in order; none where PubMed says that none of the records exist.

    Raises:
        MalformedReply: it holds no set of records.
    """
    if none_exist(body):
        return ()
    document = parse(body)
    parts = document.children if document.root.tag in SETS else (document.root,)
    if document.root.tag not in SETS and document.root.tag not in RECORD_PMIDS:
        raise MalformedReply(f"PubMed's reply is a {document.root.tag[:60]} instead of records.")
    return tuple(_pmid(part) for part in parts if part.tag in RECORD_PMIDS)


def _batch(transport: Transport, number: int, asked: tuple[str, ...]) -> Iterator[Reply]:
    body, came = _ask(transport, asked)
    missing = _without(asked, came)
    if missing:
        extra, found = _ask(transport, missing)
        yield Reply(2 * number + 1, missing, extra, unrequested=_without(found, missing), again=True)
        missing = _without(missing, found)
    yield Reply(2 * number, asked, body, undelivered=missing, unrequested=_without(came, asked))


def _ask(transport: Transport, ids: tuple[str, ...]) -> tuple[bytes, tuple[str, ...]]:
    return transport.ask("efetch", {"db": "pubmed", "id": ",".join(ids), "retmode": "xml"}, pmids_in)


def _without(these: tuple[str, ...], those: tuple[str, ...]) -> tuple[str, ...]:
    known = set(those)
    return tuple(dict.fromkeys(pmid for pmid in these if pmid not in known))


def _pmid(part: Part) -> str:
    return (part.element.findtext(RECORD_PMIDS[part.tag]) or "").strip()
