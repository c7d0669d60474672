"""A file that is being read: its bytes, its text, its lines, as often as they are needed and never all at once."""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import Any, BinaryIO, TypeVar

from connectors.errors import FileDamaged
from connectors.exports.decode import Encoding, decoded, detect

HEAD = 1 << 16
"""Bytes, or characters, by which a format is told."""

LONGEST = 1 << 26
"""Characters of one line or one record; the longest of real exports, with all cited references, have 2 million."""

_Found = TypeVar("_Found")
_LINE_END = re.compile(r"\r\n|\n|\r")


class Source:
    """One file.

    Args:
        file: seekable; nobody else may read it meanwhile.
        name: how to call it in a message; shown harmlessly whatever it holds.
    """

    def __init__(self, file: BinaryIO, name: str) -> None:
        self._file = file
        self.name = shown(name)
        self._found: dict[object, Any] = {}

    def once(self, key: object, find: Callable[[], _Found]) -> _Found:
        """What was found out about the file, found out once.

        Args:
            key: names it.
            find: finds it out.
        """
        if key not in self._found:
            self._found[key] = find()
        found: _Found = self._found[key]
        return found

    @cached_property
    def size(self) -> int:
        """Bytes of the file."""
        return self._file.seek(0, 2)

    @cached_property
    def head(self) -> bytes:
        """Its first bytes."""
        return self.binary().read(HEAD)

    @cached_property
    def tail(self) -> bytes:
        """Its last bytes."""
        self._file.seek(max(self.size - HEAD, 0))
        return self._file.read()

    @cached_property
    def encoding(self) -> Encoding:
        """How its text is written.

        Raises:
            FormatUnknown: it is no text.
        """
        return detect(self._file, self.name)

    @cached_property
    def beginning(self) -> str:
        """Its first characters.

        Raises:
            FormatUnknown: it is no text.
        """
        return next(self.text(), "")[:HEAD]

    def binary(self) -> BinaryIO:
        """The file at its beginning; it stays open."""
        self._file.seek(0)
        return self._file

    def text(self) -> Iterator[str]:
        """Its text in pieces, line ends untouched.

        Raises:
            FormatUnknown: it is no text.
        """
        encoding = self.encoding
        try:
            yield from decoded(self._file, encoding)
        except UnicodeDecodeError:
            raise FileDamaged(f"{self.name} changed while it was read, so nothing was taken: try again.") from None

    def whole_lines(self) -> Iterator[str]:
        """Its text in pieces that end with a line, but for the last.

        Raises:
            FormatUnknown: it is no text.
            FileDamaged: one line has more than `LONGEST` characters.
        """
        return whole_lines(self.text(), self.name)

    def lines(self) -> Iterator[tuple[int, str]]:
        """Its lines without their ends, numbered from 1, split at CRLF, LF and bare CR and at nothing else.

        Raises:
            FormatUnknown: it is no text.
            FileDamaged: one line has more than `LONGEST` characters.
        """
        first, rest = 1, ""
        for text in self.whole_lines():
            *lines, rest = _LINE_END.split(text)
            yield from enumerate(lines, first)
            first += len(lines)
        # What follows the last line end of the file; every other piece ends with one.
        yield first, rest


def whole_lines(pieces: Iterable[str], name: str) -> Iterator[str]:
    """Cut a text anew, so that no piece ends within a line.

    Args:
        pieces: of the text, in order.
        name: how to call the file in a message.

    Yields:
        Pieces that end with a line end, never between CR and LF; the last one may end anyhow.

    Raises:
        FileDamaged: one line has more than `LONGEST` characters.
    """
    held: list[str] = []
    length = 0
    for piece in pieces:
        if held and held[-1].endswith("\r"):
            # The line end at the end of what is held is whole only now.
            piece, length = held[-1][-1] + piece, length - 1
            held[-1] = held[-1][:-1]
        end = max(piece.rfind("\n"), piece.rfind("\r", 0, len(piece) - 1)) + 1
        if end:
            held.append(piece[:end])
            yield "".join(held)
            held, length = [], 0
        held.append(piece[end:])
        length += len(piece) - end
        if length > LONGEST:
            raise FileDamaged(
                f"{name} has a line of more than {LONGEST:,} characters, which no export has, so nothing was taken: "
                "export the records again."
            )
    if length:
        yield "".join(held)


def shown(name: str) -> str:
    """A file's name as messages show it: without folders, on one line, not too long."""
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    text = "".join(c if c.isprintable() else "?" for c in base).strip()
    return f"{text[:77]}…" if len(text) > 78 else text or "The file"
