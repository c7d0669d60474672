"""One reference of a file that a tool exported: as received, and the few fields that tell reports apart."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

Fields = tuple[tuple[str, str], ...]
"""Names (tags, columns, elements) and values in the order received; a name may stand more than once."""


@dataclass(frozen=True, slots=True)
class Reference:
    """One reference.

    Attributes:
        position: its place in the file, from 1.
        form: how to read `payload`.
        payload: the reference as received, whole.
        fields: the same as names and values.
        title: plain text.
        authors: in order.
        year: of publication.
        doi: bare.
        pmid: digits.
    """

    position: int
    form: str
    payload: str
    fields: Fields
    title: str | None = None
    authors: tuple[str, ...] = ()
    year: int | None = None
    doi: str | None = None
    pmid: str | None = None

    def values(self, *names: str) -> tuple[str, ...]:
        """Values of the fields of these names, in the order received; case and blanks around do not matter.

        Args:
            names: in small letters.
        """
        return tuple(value for name, value in self.fields if value.strip() and name.strip().lower() in names)


def fields_of(payload: str) -> Fields:
    """Names and values of a reference as it was received.

    Args:
        payload: a JSON list of pairs (RIS, nbib), a JSON object (a line of a table), or an XML element.

    Returns:
        Its fields; of XML those elements that hold text, their names without what they stand in. A payload of
        another kind is one field without a name.
    """
    try:
        return tuple(_of_json(json.loads(payload)))
    except (ValueError, RecursionError):
        pass
    try:
        return tuple(_of_xml(fromstring(payload, forbid_dtd=True)))
    except (ParseError, DefusedXmlException, ValueError, RecursionError):
        return (("", payload),)


def _of_json(read: Any) -> Iterator[tuple[str, str]]:
    pairs = read.items() if isinstance(read, dict) else read
    if not isinstance(read, dict | list) or any(not isinstance(p, list | tuple) or len(p) != 2 for p in pairs):
        raise ValueError("neither pairs nor an object")
    for name, value in pairs:
        for one in value if isinstance(value, list) else [value]:
            if one is not None:
                yield str(name), str(one)


def _of_xml(element: Element) -> Iterator[tuple[str, str]]:
    for child in element:
        nested = [inner for inner in child if inner.tag != "style"]
        if nested:
            yield from _of_xml(child)
        else:
            yield str(child.tag), "".join(child.itertext())
