"""Bytes of an uploaded file to text, piece by piece, with the name of the encoding and what was guessed."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from connectors.errors import FormatUnknown

_MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
"""Byte order marks; a longer one that begins like a shorter one stands first."""

_PIECE = 1 << 20
_BINARY_SHARE = 0.01
_STRAY_BYTE = re.compile("[\udc80-\udcff]")
_BEYOND_ASCII = re.compile("[^\x00-\x7f]")
_NOT_IN_CP1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")


@dataclass(frozen=True, slots=True)
class Encoding:
    """How to read a file's bytes.

    Attributes:
        name: Python's name of the encoding.
        skip: bytes before the text.
        repair: whether stray bytes stand in the text, each to be read as Windows-1252.
        warnings: what was guessed.
    """

    name: str
    skip: int = 0
    repair: bool = False
    warnings: tuple[str, ...] = ()


def detect(file: BinaryIO, name: str) -> Encoding:
    """Find out a file's encoding; the whole file is looked at, one piece at a time.

    A byte order mark decides; without one UTF-8 is tried strictly, then the encodings of old Windows
    programs. Read as plain UTF-8, a quarter of real exports lose their first record to the mark.

    Args:
        file: seekable.
        name: how to call the file in a message.

    Returns:
        The encoding; no character is dropped or replaced where the file is read by it.

    Raises:
        FormatUnknown: the bytes are no text, or not the encoding that their mark promises.
    """
    file.seek(0)
    head = file.read(4)
    skip = 0
    for mark, encoding in _MARKS:
        if not head.startswith(mark):
            continue
        if _decodes(file, Encoding(encoding)):
            return Encoding(encoding)
        if encoding != "utf-8-sig":
            raise FormatUnknown(
                f"{name} begins like a {encoding.upper()} text but is not one, perhaps because it was cut "
                "off on its way: download the export again."
            )
        skip = len(mark)
        break
    size, even, odd = _zeros(file, skip)
    if even + odd > _BINARY_SHARE * size:
        return _without_mark(file, name, Encoding("utf-16", skip), size, even, odd)
    if skip == 0 and _decodes(file, Encoding("utf-8")):
        return Encoding("utf-8")
    return _old_windows(file, skip)


def decoded(file: BinaryIO, encoding: Encoding) -> Iterator[str]:
    """A file's text in pieces, without byte order mark, line ends untouched.

    Args:
        file: seekable.
        encoding: as `detect` found it.

    Yields:
        Text that is not empty.

    Raises:
        UnicodeDecodeError: the bytes are not of that encoding.
    """
    errors = "surrogateescape" if encoding.repair else "strict"
    decoder = codecs.getincrementaldecoder(encoding.name)(errors)
    for piece in _pieces(file, encoding.skip):
        text = decoder.decode(piece)
        if text:
            yield _STRAY_BYTE.sub(_single, text) if encoding.repair else text
    text = decoder.decode(b"", True)
    if text:
        yield _STRAY_BYTE.sub(_single, text) if encoding.repair else text


def _pieces(file: BinaryIO, skip: int) -> Iterator[bytes]:
    # Several readings of one file may go on by turns.
    at = skip
    while file.seek(at) >= 0 and (piece := file.read(_PIECE)):
        yield piece
        at += len(piece)


def _decodes(file: BinaryIO, encoding: Encoding) -> bool:
    try:
        for _ in decoded(file, encoding):
            pass
    except UnicodeDecodeError:
        return False
    return True


def _zeros(file: BinaryIO, skip: int) -> tuple[int, int, int]:
    """Bytes, and how many at even and at odd places are zero."""
    size = even = odd = 0
    for piece in _pieces(file, skip):
        if 0 in piece:
            at_even, at_odd = piece[::2].count(0), piece[1::2].count(0)
            if size % 2:
                at_even, at_odd = at_odd, at_even
            even, odd = even + at_even, odd + at_odd
        size += len(piece)
    return size, even, odd


def _without_mark(file: BinaryIO, name: str, found: Encoding, size: int, even: int, odd: int) -> Encoding:
    if max(even, odd) > 0.2 * size and min(even, odd) < 0.05 * size:
        encoding = "utf-16-be" if even > odd else "utf-16-le"
        if _decodes(file, Encoding(encoding, found.skip)):
            return Encoding(
                encoding, found.skip, warnings=(f"The encoding was guessed as {encoding}; check the accents.",)
            )
    raise FormatUnknown(f"{name} holds binary data, not text: export the records again as RIS.")


def _old_windows(file: BinaryIO, skip: int) -> Encoding:
    stray = beyond = 0
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    windows = True
    for piece in _pieces(file, skip):
        text = decoder.decode(piece)
        stray += len(_STRAY_BYTE.findall(text))
        beyond += len(_BEYOND_ASCII.findall(text))
        windows = windows and _NOT_IN_CP1252.search(piece) is None
    text = decoder.decode(b"", True)
    stray, beyond = stray + len(_STRAY_BYTE.findall(text)), beyond + len(_BEYOND_ASCII.findall(text))
    # One bad byte in a UTF-8 file must not turn every accent of the file into two wrong letters.
    if 4 * stray <= beyond:
        said = f"{stray} bytes of the file are not UTF-8 and were read as Windows-1252; check the accents."
        return Encoding("utf-8", skip, True, (said,) if stray else ())
    encoding = "cp1252" if windows else "latin-1"
    return Encoding(encoding, skip, warnings=(f"The encoding was guessed as {encoding}; check the accents.",))


def _single(found: re.Match[str]) -> str:
    byte = ord(found.group()) - 0xDC00
    try:
        return bytes([byte]).decode("cp1252")
    except UnicodeDecodeError:
        return chr(byte)
