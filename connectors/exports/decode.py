"""Bytes of an uploaded file to text, with the name of the encoding and what was guessed."""

import re
from dataclasses import dataclass

from connectors.errors import FormatUnknown

_MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
"""Byte order marks; a longer one that begins like a shorter one stands first."""

_BINARY_SHARE = 0.01
_STRAY_BYTE = re.compile("[\udc80-\udcff]")
_BEYOND_ASCII = re.compile("[^\x00-\x7f]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A file's text.

    Attributes:
        text: without byte order mark, line ends untouched.
        encoding: Python's name of the encoding.
        warnings: what was guessed.
    """

    text: str
    encoding: str
    warnings: tuple[str, ...] = ()


def decode(content: bytes, name: str) -> Decoded:
    """Decode an uploaded file.

    A byte order mark decides; without one UTF-8 is tried strictly, then the encodings of old Windows
    programs. Read as plain UTF-8, a quarter of real exports lose their first record to the mark.

    Args:
        content: the file, whole.
        name: how to call the file in a message.

    Returns:
        The text. No character is dropped or replaced.

    Raises:
        FormatUnknown: the bytes are no text, or not the encoding that their mark promises.
    """
    for mark, encoding in _MARKS:
        if not content.startswith(mark):
            continue
        try:
            return Decoded(content.decode(encoding), encoding)
        except UnicodeDecodeError:
            if encoding != "utf-8-sig":
                raise FormatUnknown(
                    f"{name} begins like a {encoding.upper()} text but is not one, perhaps because it was cut "
                    "off on its way: download the export again."
                ) from None
            content = content.removeprefix(mark)
            break
    if content.count(0) > _BINARY_SHARE * len(content):
        return _without_mark(content, name)
    try:
        return Decoded(content.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        return _old_windows(content)


def _without_mark(content: bytes, name: str) -> Decoded:
    even, odd = content[::2].count(0), content[1::2].count(0)
    if max(even, odd) > 0.2 * len(content) and min(even, odd) < 0.05 * len(content):
        encoding = "utf-16-be" if even > odd else "utf-16-le"
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            pass
        else:
            return Decoded(text, encoding, (f"The encoding was guessed as {encoding}; check the accents.",))
    raise FormatUnknown(f"{name} holds binary data, not text: export the records again as RIS.")


def _old_windows(content: bytes) -> Decoded:
    text = content.decode("utf-8", "surrogateescape")
    stray = len(_STRAY_BYTE.findall(text))
    # One bad byte in a UTF-8 file must not turn every accent of the file into two wrong letters.
    if 4 * stray <= len(_BEYOND_ASCII.findall(text)):
        repaired = _STRAY_BYTE.sub(lambda found: _single(ord(found.group()) - 0xDC00), text)
        said = f"{stray} bytes of the file are not UTF-8 and were read as Windows-1252; check the accents."
        return Decoded(repaired, "utf-8", (said,))
    for encoding in ("cp1252", "latin-1"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        break
    return Decoded(text, encoding, (f"The encoding was guessed as {encoding}; check the accents.",))


def _single(byte: int) -> str:
    try:
        return bytes([byte]).decode("cp1252")
    except UnicodeDecodeError:
        return chr(byte)
