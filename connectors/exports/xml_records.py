"""XML files record by record: checked by defusedxml, cut into the text of each record, never held whole.

A file of some hundred megabytes is read in pieces. What the parser has passed is forgotten as soon as no open record
needs it, so memory holds one record and one piece.
"""

import codecs
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, XMLParser

from connectors.errors import FileDamaged, FormatUnknown

_PIECE = 1 << 18
_DEEPEST = 150
_LARGEST = 1 << 26
"""Bytes of one record; the largest of PubMed's have two."""
_BOMS = (
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_DECLARED = re.compile(rb"""\s*<\?xml[^>]{0,200}?\sencoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_UTF16_WITHOUT_MARK = ((b"<\x00", "utf-16-le"), (b"\x00<", "utf-16-be"))


@dataclass(frozen=True, slots=True)
class Slice:
    """An element as it stands in the file.

    Attributes:
        tag: its name.
        text: its XML.
        line: where it begins, from 1.
    """

    tag: str
    text: str
    line: int


def xml_encoding(head: bytes) -> str:
    """The encoding of an XML file by its byte order mark or its declaration; `utf-8` where it has neither.

    Args:
        head: its first bytes.
    """
    for mark, encoding in (*_BOMS, *_UTF16_WITHOUT_MARK):
        if head.startswith(mark):
            return encoding
    found = _DECLARED.match(head)
    return found[1].decode("ascii").lower() if found else "utf-8"


def slices_of(file: BinaryIO, name: str, records: Collection[str], holders: Collection[str]) -> Iterator[Slice]:
    """Cut an XML file into its records.

    Args:
        file: seekable.
        name: how to call it in a message.
        records: names of elements that are records.
        holders: names of elements that hold records, the root among them; other elements in them are handed on too.

    Yields:
        The children of holders that are no holders themselves, and the root where it is a record, in order.

    Raises:
        FormatUnknown: the root is neither a record nor a holder.
        FileDamaged: not well-formed, not decodable, entities declared, nested too deep, or a giant record.
    """
    slicer = _Slicer(name, records, holders)
    parser: Any = XMLParser(target=slicer, encoding="utf-8")
    slicer.attach(parser.parser)
    try:
        for piece in _pieces(file, name):
            slicer.keep(piece)
            parser.feed(piece)
            yield from slicer.finished()
        parser.close()
    except ParseError as problem:
        line = problem.position[0]
        raise FileDamaged(
            f"{name} is not well-formed XML (line {line}), perhaps because it was cut off on its way, so nothing was "
            "taken: download the export again."
        ) from None
    except DefusedXmlException:
        raise FileDamaged(f"{name} declares entities, which no export does, so nothing was taken.") from None
    yield from slicer.finished()


def count_elements(file: BinaryIO, name: str, names: Collection[str]) -> int:
    """How many start tags of some names a file holds.

    Searched in the decoded text, apart from the parser, so that one checks the other.

    Args:
        file: seekable.
        name: how to call it in a message.
        names: of elements.

    Returns:
        The number.
    """
    pattern = re.compile("<(?:" + "|".join(map(re.escape, names)) + r")(?=[\s/>])")
    longest = max(map(len, names)) + 2
    count, rest = 0, ""
    for piece in _pieces(file, name):
        text = rest + piece.decode("utf-8", "surrogatepass")
        # What may be the beginning of a tag waits for the next piece.
        cut = text.rfind("<", max(len(text) - longest, 0))
        cut = len(text) if cut < 0 else cut
        count += sum(1 for _ in pattern.finditer(text[:cut] if cut < len(text) else text))
        rest = text[cut:]
    return count + sum(1 for _ in pattern.finditer(rest))


def _pieces(file: BinaryIO, name: str) -> Iterator[bytes]:
    """The file in UTF-8, whatever it was, without a byte order mark."""
    file.seek(0)
    encoding = xml_encoding(file.read(500))
    file.seek(0)
    try:
        decoder = codecs.getincrementaldecoder(encoding)()
        while piece := file.read(_PIECE):
            yield decoder.decode(piece).removeprefix("\ufeff").encode("utf-8")
        yield decoder.decode(b"", True).encode("utf-8")
    except (LookupError, UnicodeError, TypeError, AttributeError):
        raise FileDamaged(
            f"{name} is not text in {encoding}, although it says so or says nothing else, so nothing was taken: "
            "download the export again."
        ) from None


class _Slicer:
    """Notes where records begin and end, and keeps the text from the first one that is open."""

    def __init__(self, name: str, records: Collection[str], holders: Collection[str]) -> None:
        self._expat: Any = None
        self._name, self._records, self._holders = name, records, holders
        self._text = bytearray()
        self._begins = 0
        self._passed = 0
        self._depth = 0
        self._open: tuple[str, int, int, int] | None = None
        self._done: list[tuple[str, int, int, int]] = []

    def attach(self, expat: Any) -> None:
        """Take the parser's events directly: through a target of Python they cost several times as much."""
        self._expat = expat
        expat.DefaultHandlerExpand = None
        expat.StartElementHandler = self._start
        expat.EndElementHandler = self._end
        expat.SkippedEntityHandler = self._skipped

    def keep(self, piece: bytes) -> None:
        """Forget what no record needs, and keep the next piece."""
        needed = self._open[1] if self._open else self._passed
        if needed > self._begins:
            del self._text[: needed - self._begins]
            self._begins = needed
        self._text += piece
        if len(self._text) > _LARGEST:
            raise FileDamaged(f"{self._name} holds a record of more than {_LARGEST >> 20} MB, which is none.")

    def finished(self) -> Iterator[Slice]:
        """The records that have ended."""
        for tag, begin, end, line in self._done:
            yield Slice(tag, self._slice(begin - self._begins, end - self._begins), line)
        self._done.clear()

    def _start(self, tag: str, attributes: object) -> None:
        if self._depth >= _DEEPEST:
            raise FileDamaged(f"{self._name} is nested more than {_DEEPEST} levels deep, which no export is.")
        if self._open is None:
            self._passed = self._expat.CurrentByteIndex
            if self._depth == 0 and tag not in self._holders and tag not in self._records:
                raise FormatUnknown(
                    f"{self._name} is XML of another kind ({tag[:60]}), not an export that can be read here."
                )
            if tag not in self._holders:
                self._open = (tag, self._passed, self._expat.CurrentLineNumber, self._depth)
        self._depth += 1

    def _end(self, tag: str) -> None:
        self._depth -= 1
        if self._open and self._open[3] == self._depth:
            name, begin, line, _ = self._open
            self._passed = self._expat.CurrentByteIndex
            self._done.append((name, begin, self._passed, line))
            self._open = None

    def _skipped(self, name: str, is_parameter: bool) -> None:
        raise FileDamaged(f"{self._name} uses an entity that it does not define, so nothing was taken.")

    def _slice(self, start: int, end: int) -> str:
        text = self._text
        # The parser reports where an end tag begins, but for `<a/>` the place behind it.
        closed = text[end - 2 : end] == b"/>" and text.find(b"<", start + 1, end) == -1
        if text[end : end + 2] == b"</" and not closed:
            end = text.index(b">", end) + 1
        return text[start:end].decode("utf-8")
