"""A reply as a checked XML document: nothing else reads a body before this has.

Entities and external references are refused (defusedxml), nesting is limited, and each child of the root
keeps its text exactly as it stands in the reply, which is what gets stored.
"""

import codecs
import re
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element, TreeBuilder

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, XMLParser

from connectors.errors import MalformedReply

_DEEPEST = 150
"""Levels of nesting; PubMed's records have some 20, and readers further on call themselves level by level."""
_DECLARED = re.compile(rb"""\s*<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_READ = frozenset({"utf-8", "utf-16", "iso8859-1", "ascii"})
"""Codecs by Python's own names: what PubMed sends, and what others save its XML in. Python knows many more, some
of which are no encodings of text or undo a compression."""
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


@dataclass(frozen=True, slots=True)
class Part:
    """The root, or a child of it.

    Attributes:
        tag: its name.
        text: its XML as it stands in the document.
        line: of the document on which it begins, from 1.
        element: the same, parsed.
    """

    tag: str
    text: str
    line: int
    element: Element


@dataclass(frozen=True, slots=True)
class Document:
    """A well-formed XML document.

    Attributes:
        root: the outermost element.
        children: the root's children, in order.
        encoding: as declared or detected.
        text: the document, decoded.
    """

    root: Part
    children: tuple[Part, ...]
    encoding: str
    text: str


def parse(body: bytes) -> Document:
    """Check and parse a reply.

    Args:
        body: as it came.

    Returns:
        The document.

    Raises:
        MalformedReply: not well-formed, not decodable, or XML that tries something.
    """
    encoding = _encoding_of(body)
    try:
        if codecs.lookup(encoding.removesuffix("-sig")).name not in _READ:
            raise MalformedReply(f"PubMed's reply names the encoding {encoding}; it can be UTF-8, UTF-16 or Latin-1.")
        text = body.decode(encoding)
    except (LookupError, UnicodeError):
        raise MalformedReply(f"PubMed's reply is not text in {encoding}.") from None
    text = text.removeprefix("\ufeff")
    data = text.encode("utf-8", "surrogatepass")
    slicer = _Slicer()
    parser: Any = XMLParser(target=slicer, encoding="utf-8")
    slicer.expat = parser.parser
    try:
        parser.feed(data)
        parser.close()
    except ParseError as problem:
        line = problem.position[0]
        raise MalformedReply(f"PubMed's reply is not well-formed XML (line {line}).") from None
    except DefusedXmlException:
        raise MalformedReply("PubMed's reply declares entities, which is never needed.") from None
    parts = [
        Part(element.tag, _slice(data, start, end), line, element) for element, start, end, line in slicer.finished
    ]
    return Document(parts[-1], tuple(parts[:-1]), encoding.removesuffix("-sig"), text)


class _Slicer:
    """Target of the parser that builds the tree and notes where root and children begin and end."""

    def __init__(self) -> None:
        self.expat: Any = None
        self.finished: list[tuple[Element, int, int, int]] = []
        self._builder = TreeBuilder()
        self._open: list[tuple[int, int]] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if len(self._open) >= _DEEPEST:
            raise MalformedReply(f"PubMed's reply is nested more than {_DEEPEST} levels deep.")
        self._open.append((self.expat.CurrentByteIndex, self.expat.CurrentLineNumber))
        self._builder.start(tag, attributes)

    def end(self, tag: str) -> None:
        element = self._builder.end(tag)
        start, line = self._open.pop()
        if len(self._open) <= 1:
            self.finished.append((element, start, self.expat.CurrentByteIndex, line))

    def data(self, text: str) -> None:
        self._builder.data(text)

    def close(self) -> None:
        return None


def _slice(data: bytes, start: int, end: int) -> str:
    # Expat reports where an end tag begins, but for `<a/>` the place behind it.
    if data[end : end + 2] == b"</" and not _self_closed(data, start, end):
        end = data.index(b">", end) + 1
    return data[start:end].decode("utf-8")


def _self_closed(data: bytes, start: int, end: int) -> bool:
    return data[end - 2 : end] == b"/>" and data.find(b"<", start + 1, end) == -1


def _encoding_of(body: bytes) -> str:
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return encoding
    found = _DECLARED.match(body[:500])
    return found[1].decode("ascii").lower() if found else "utf-8"
