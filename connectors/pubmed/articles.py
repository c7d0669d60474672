"""Read the records of an EFetch reply, articles and books in the order they came."""

import re
from collections.abc import Sequence

from connectors.errors import MalformedReply
from connectors.pubmed.canonical import record_of
from connectors.pubmed.classify import none_exist
from connectors.pubmed.document import Document, Part, parse
from connectors.pubmed.entrez import Unreadable, read
from connectors.pubmed.fetch import RECORD_PMIDS, SETS
from connectors.pubmed.nodes import Node, elements_in, elements_of, from_element
from connectors.record import RawRecord, ReadFile, Record, Remnant

FORMAT, PLATFORM = "pubmed-xml", "pubmed"

_STARTS = re.compile(r"<Pubmed(?:Book)?Article(?=[\s/>])")
_NAMED = 5
"""PMIDs that one warning names."""


def read_articles(body: bytes) -> ReadFile:
    """Read the records of a reply, or of XML saved from PubMed.

    Works without a DOCTYPE and with one newer than Biopython: the newest description that comes with
    Biopython is put in its place, and nothing is downloaded. Roots may be `PubmedArticleSet`,
    `PubmedBookArticleSet` or a single `PubmedArticle` or `PubmedBookArticle`.

    Args:
        body: as it came.

    Returns:
        Each record's XML as it stands, and its canonical fields. Children of the root that are no records
        (`DeleteCitation`) become remnants.

    Raises:
        MalformedReply: not readable as XML, or XML of another kind, such as an error message.
    """
    if none_exist(body):
        return ReadFile(FORMAT, PLATFORM, "utf-8", 0, (), warnings=("PubMed says that none of the records exist.",))
    document = parse(body)
    parts, others = _parts(document)
    nodes, warnings = _nodes(parts)
    return ReadFile(
        format=FORMAT,
        platform=PLATFORM,
        encoding=document.encoding,
        record_starts=len(_STARTS.findall(document.text)),
        records=tuple(
            (RawRecord(position, FORMAT, part.text), record_of(node))
            for position, (part, node) in enumerate(zip(parts, nodes, strict=True), 1)
        ),
        remnants=tuple(Remnant(part.line, part.text) for part in others),
        warnings=warnings,
    )


def read_payload(payload: str) -> Record:
    """The canonical record of one stored `RawRecord` of the form `pubmed-xml`.

    Args:
        payload: the record's XML.

    Returns:
        The record.

    Raises:
        MalformedReply: it is not one PubMed record.
    """
    records = read_articles(payload.encode("utf-8", "surrogatepass")).records
    if len(records) != 1:
        raise MalformedReply(f"A stored PubMed record holds {len(records)} records.")
    return records[0][1]


def _parts(document: Document) -> tuple[list[Part], list[Part]]:
    root = document.root
    if root.tag in RECORD_PMIDS:
        return [root], []
    if root.tag not in SETS:
        raise MalformedReply(f"This is XML of another kind ({root.tag[:60]}), not PubMed records.")
    records = [part for part in document.children if part.tag in RECORD_PMIDS]
    return records, [part for part in document.children if part.tag not in RECORD_PMIDS]


def _nodes(parts: Sequence[Part]) -> tuple[list[Node], tuple[str, ...]]:
    if not parts:
        return [], ()
    try:
        return _through_entrez(parts), ()
    except Unreadable:
        # One record's markup fails the whole set, so the others get their reading one by one.
        return _one_by_one(parts)


def _through_entrez(parts: Sequence[Part]) -> list[Node]:
    content = "".join(part.text for part in parts)
    tree = read("PubmedArticleSet", f"<PubmedArticleSet>{content}</PubmedArticleSet>")
    # Biopython hands out articles and books apart; the document knows how they were mixed.
    queues = {tag: iter(tree.all(tag)) for tag in RECORD_PMIDS}
    nodes = [node for part in parts if (node := next(queues[part.tag], None)) is not None]
    if len(nodes) != len(parts):
        raise Unreadable("records are missing")
    # Of an element that repeats though the description allows one, Biopython keeps the last and says nothing.
    if any(elements_in(node) != elements_of(part.element) for node, part in zip(nodes, parts, strict=True)):
        raise Unreadable("elements are missing")
    return nodes


def _one_by_one(parts: Sequence[Part]) -> tuple[list[Node], tuple[str, ...]]:
    nodes: list[Node] = []
    strange: list[str] = []
    for position, part in enumerate(parts, 1):
        try:
            nodes += _through_entrez([part])
        except Unreadable:
            nodes.append(from_element(part.element))
            pmid = (part.element.findtext(RECORD_PMIDS[part.tag]) or "").strip()
            strange.append(f"PMID {pmid}" if pmid else f"record {position}")
    if not strange:
        return nodes, ()
    names = ", ".join(strange[:_NAMED]) + (", …" if len(strange) > _NAMED else "")
    return nodes, (
        f"{len(strange)} of {len(parts)} records hold markup that this version's description of PubMed's "
        f"format does not know ({names}); their fields were read without that check.",
    )
