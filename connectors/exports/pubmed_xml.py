"""PubMed's XML as files: saved from PubMed, or the baseline and update files of its annual dump.

The records are read by the PubMed connector's own reader, so that a record has the same fields, payload and identity
whichever way it came in.
"""

from collections.abc import Iterator, Sequence
from typing import BinaryIO

from connectors.errors import FileDamaged, MalformedReply
from connectors.exports.found import Found, FoundRecord, Said, counted
from connectors.exports.xml_records import Slice, count_elements, slices_of
from connectors.pubmed.articles import read_articles
from connectors.record import ReadFile, Remnant

_RECORDS = frozenset({"PubmedArticle", "PubmedBookArticle"})
_HOLDERS = frozenset({"PubmedArticleSet", "PubmedBookArticleSet"})
_AT_ONCE = 100
_BYTES_AT_ONCE = 1 << 22
_NAMED = 5


def read_pubmed_xml(file: BinaryIO, name: str) -> Iterator[Found]:
    """Read PubMed's XML.

    Args:
        file: seekable.
        name: how to call it in a message.

    Yields:
        Each article and book with its XML as payload; other parts of the file, such as `DeleteCitation`, as remnants.

    Raises:
        FormatUnknown: it is XML of another kind.
        FileDamaged: the XML is broken, or a record cannot be read.
    """
    waiting: list[Slice] = []
    size = 0
    strange: list[str] = []
    for part in slices_of(file, name, _RECORDS, _HOLDERS):
        is_record = part.tag in _RECORDS
        if is_record:
            waiting.append(part)
            size += len(part.text)
        if not is_record or len(waiting) == _AT_ONCE or size > _BYTES_AT_ONCE:
            yield from _read(waiting, name, strange)
            waiting, size = [], 0
        if not is_record:
            yield Remnant(part.line, part.text)
    yield from _read(waiting, name, strange)
    if strange:
        names = ", ".join(f"line {line}" for line in strange[:_NAMED]) + (", …" if len(strange) > _NAMED else "")
        yield Said(
            f"{counted(len(strange), 'record')} with markup that this version's description of PubMed's format does "
            f"not know ({names}): the fields were read without that check."
        )


def count_pubmed_xml(file: BinaryIO, name: str) -> int:
    """How many records a file itself begins."""
    return count_elements(file, name, _RECORDS)


def _read(parts: Sequence[Slice], name: str, strange: list[str]) -> Iterator[FoundRecord]:
    if not parts:
        return
    read = _articles(parts)
    if read is None or read.warnings:
        # One by one, to name the record that is meant.
        for part in parts:
            alone = _articles([part])
            if alone is None:
                raise FileDamaged(
                    f"The record in line {part.line} of {name} cannot be read, so nothing was taken: download the "
                    "file again, or take that record out."
                )
            if alone.warnings:
                strange.append(str(part.line))
            yield from (FoundRecord(part.line, raw.payload, record) for raw, record in alone.records)
        return
    for part, (raw, record) in zip(parts, read.records, strict=True):
        yield FoundRecord(part.line, raw.payload, record)


def _articles(parts: Sequence[Slice]) -> ReadFile | None:
    text = "".join(("<PubmedArticleSet>", *(part.text for part in parts), "</PubmedArticleSet>"))
    try:
        read = read_articles(text.encode())
    except MalformedReply:
        return None
    return read if len(read.records) == len(parts) else None
