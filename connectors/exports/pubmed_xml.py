"""PubMed's XML as files: saved from PubMed, or the baseline and update files of its annual dump.

The fields come from the PubMed connector's own rules, so that a record has the same fields, payload and identity
whichever way it came in. Biopython, which stands between the two there, is left out: it reads some 700 records a
second, and these files hold 30,000 each. What its description of the format does not know is said all the same.
"""

from collections.abc import Iterator
from typing import BinaryIO
from xml.etree.ElementTree import Element, ParseError, fromstring

from connectors.errors import FileDamaged
from connectors.exports.found import Found, FoundRecord, Said, counted
from connectors.exports.xml_records import Slice, count_elements, slices_of
from connectors.record import Remnant

_RECORDS = frozenset({"PubmedArticle", "PubmedBookArticle"})
_HOLDERS = frozenset({"PubmedArticleSet", "PubmedBookArticleSet"})
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
    # Imported here: what asks PubMed over HTTP comes with its rules, and other formats need neither.
    from connectors.pubmed.canonical import record_of
    from connectors.pubmed.description import newest_description
    from connectors.pubmed.nodes import ElementNode

    strange: list[str] = []
    known = newest_description()
    for part in slices_of(file, name, _RECORDS, _HOLDERS):
        if part.tag not in _RECORDS:
            yield Remnant(part.line, part.text)
            continue
        element = _element(part, name)
        if not known.knows(element):
            strange.append(str(part.line))
        yield FoundRecord(part.line, part.text, record_of(ElementNode(element)))
    if strange:
        names = ", ".join(f"line {line}" for line in strange[:_NAMED]) + (", …" if len(strange) > _NAMED else "")
        yield Said(
            f"{counted(len(strange), 'record')} with markup that this version's description of PubMed's format does "
            f"not know ({names}): the fields were read without that check."
        )


def count_pubmed_xml(file: BinaryIO, name: str) -> int:
    """How many records a file itself begins."""
    return count_elements(file, name, _RECORDS)


def _element(part: Slice, name: str) -> Element:
    try:
        # defusedxml has passed this text, as part of a file that may declare no entities.
        return fromstring(part.text)  # noqa: S314
    except ParseError:
        raise FileDamaged(
            f"The record in line {part.line} of {name} cannot be read, so nothing was taken: download the "
            "file again, or take that record out."
        ) from None
