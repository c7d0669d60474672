"""EndNote's XML: `<xml><records><record>`, as EndNote, Zotero, Covidence and EPPI-Reviewer write it.

Texts may be cut into runs of `<style>`. Each element is read as the RIS tag in which EndNote writes the same field, so
that a library exported in both ways gives the same records. What a custom field holds depends on EndNote's settings:
custom2 is taken as PMCID and custom7 as article number only where their text looks like one (EndNote's table of
reference types, Journal Article).
"""

import re
from collections.abc import Iterator
from typing import BinaryIO
from xml.etree.ElementTree import Element

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from connectors.errors import FileDamaged
from connectors.exports.canonical import canonical
from connectors.exports.databases import database_of
from connectors.exports.found import Found, FoundRecord
from connectors.exports.parse import Fields, grouped
from connectors.exports.platforms import MANAGERS
from connectors.exports.profiles import GENERIC
from connectors.exports.xml_records import Slice, count_elements, slices_of
from connectors.record import Remnant

_RECORDS = frozenset({"record"})
_HOLDERS = frozenset({"xml", "records"})
_RIS = {
    "contributors/authors/author": "AU",
    "contributors/secondary-authors/author": "A2",
    "contributors/tertiary-authors/author": "A3",
    "titles/title": "TI",
    "titles/secondary-title": "T2",
    "titles/tertiary-title": "T3",
    "titles/alt-title": "J2",
    "titles/short-title": "ST",
    "titles/translated-title": "TT",
    "periodical/full-title": "JF",
    "periodical/abbr-1": "JA",
    "alt-periodical/full-title": "J2",
    "alt-periodical/abbr-1": "J2",
    "pages": "SP",
    "volume": "VL",
    "number": "IS",
    "issue": "IS",
    "keywords/keyword": "KW",
    "dates/year": "PY",
    "dates/pub-dates/date": "DA",
    "isbn": "SN",
    "accession-num": "AN",
    "electronic-resource-num": "DO",
    "abstract": "AB",
    "notes": "N1",
    "research-notes": "RN",
    "work-type": "M3",
    "language": "LA",
    "urls/related-urls/url": "UR",
    "urls/web-urls/url": "UR",
    "urls/text-urls/url": "UR",
    "remote-database-name": "DB",
    "remote-database-provider": "DP",
    "auth-address": "AD",
    "label": "LB",
}
_CUSTOM = {
    "custom2": ("C2", re.compile(r"\s*PMC\d+\s*")),
    "custom7": ("C7", re.compile(r"\s*[A-Za-z]{0,6}[\d.-]{1,20}\s*")),
}


def read_endnote_xml(file: BinaryIO, name: str) -> Iterator[Found]:
    """Read EndNote's XML.

    Args:
        file: seekable.
        name: how to call it in a message.

    Yields:
        Each record with its XML as payload; other parts of the file as remnants.

    Raises:
        FormatUnknown: it is XML of another kind.
        FileDamaged: the XML is broken.
    """
    for part in slices_of(file, name, _RECORDS, _HOLDERS):
        if part.tag not in _RECORDS:
            yield Remnant(part.line, part.text)
            continue
        record = _parsed(part, name)
        fields = endnote_fields(record)
        canon = canonical(fields, GENERIC, database_of(None, fields))
        yield FoundRecord(part.line, part.text, canon, _program_of(record))


def count_endnote_xml(file: BinaryIO, name: str) -> int:
    """How many records a file itself begins."""
    return count_elements(file, name, _RECORDS)


def endnote_fields(record: Element) -> Fields:
    """Values of a record by RIS tag.

    Args:
        record: its element.

    Returns:
        Values in the record's order; the type's name under `TY`.
    """
    pairs: list[tuple[str, str]] = []
    kind = record.find("ref-type")
    if kind is not None:
        pairs.append(("TY", kind.get("name") or kind.text or ""))
    for child in record:
        for path, element in _leaves(child, child.tag):
            text = "".join(element.itertext()).replace("\r\n", "\n").replace("\r", "\n").strip()
            tag = _RIS.get(path)
            if tag is None and path in _CUSTOM and _CUSTOM[path][1].fullmatch(text):
                tag = _CUSTOM[path][0]
            if tag and text:
                pairs.append((tag, text))
    return grouped(pairs)


def _program_of(record: Element) -> str | None:
    program = record.find("source-app")
    name = (program.get("name") or program.text or "") if program is not None else ""
    return next((known for known in sorted(MANAGERS) if known in name.lower()), None)


def _leaves(element: Element, path: str) -> Iterator[tuple[str, Element]]:
    """Elements that hold text, style runs or nothing, with their path."""
    inner = [child for child in element if child.tag != "style"]
    if not inner or path in _RIS:
        yield path, element
        return
    for child in inner:
        yield from _leaves(child, f"{path}/{child.tag}")


def _parsed(part: Slice, name: str) -> Element:
    try:
        element: Element = fromstring(part.text)
    except (ParseError, DefusedXmlException):
        raise FileDamaged(
            f"The record in line {part.line} of {name} cannot be read, so nothing was taken: export the file again."
        ) from None
    return element
