"""Words of texts: small letters and digits, one space between, for whole columns at once.

Plain letters (ASCII) are read here, byte by byte over the buffer of the column, many times faster than by a regular
expression; so are the accented letters of Latin-1 and the signs of printing and mathematics, which are few among them.
All other texts are left to the caller: what a letter is in any script, SQL knows.
"""

import unicodedata
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from dedup.vocabulary import APOSTROPHES, LETTERS, LIGATURES

_SPACE, _NOTHING, _UNKNOWN = 32, 0, 255
_ROWS = 16_384

_LETTERS = bytes(
    _UNKNOWN if code > 127 else ord(chr(code).lower()) if chr(code).isalnum() else _SPACE for code in range(256)
)
_PRINTED = bytes(
    _UNKNOWN if chr(code) in "<&" else _NOTHING if chr(code) in "'`" else kept for code, kept in enumerate(_LETTERS)
)


_LOWERED = bytes(
    _UNKNOWN if code in (0, *b"<&") or code > 127 else _NOTHING if chr(code) in "'`" else ord(chr(code).lower())
    for code in range(256)
)

Flags = npt.NDArray[np.bool_]
_Bytes = npt.NDArray[np.uint8]


def _latin(letter: str, printed: bool) -> bytes:
    """What stands for a letter of two bytes: as many, of which some may be nothing."""
    if printed and letter in "Ã":
        return bytes([_UNKNOWN] * 2)  # The text may be misread.
    if printed and letter in APOSTROPHES:
        return bytes([_NOTHING] * 2)
    if unicodedata.category(letter)[0] not in "LN":
        return bytes([_SPACE, _NOTHING])
    bare = unicodedata.normalize("NFD", letter.lower())[0].translate(str.maketrans(*LETTERS))
    told = LIGATURES.get(bare, bare)
    return told.encode().ljust(2, bytes([_NOTHING])) if told.isascii() and told.isalpha() else bytes([_UNKNOWN] * 2)


def _foreign(printed: bool) -> tuple[_Bytes, _Bytes]:
    """What stands for letters from U+0080 to U+00FF, and for signs from U+2000 to U+203F."""
    latin = b"".join(_latin(chr(code), printed) for code in range(0x80, 0x100))
    signs = (_NOTHING if printed and chr(code) in APOSTROPHES else _SPACE for code in range(0x2000, 0x2040))
    return np.frombuffer(latin, np.uint8).reshape(-1, 2), np.frombuffer(bytes(signs), np.uint8)


_FOREIGN = {_LETTERS: _foreign(printed=False), _PRINTED: _foreign(printed=True)}


def words(texts: pa.ChunkedArray, *, printed: bool) -> tuple[pa.ChunkedArray, Flags]:
    """Words of every text of plain letters.

    Args:
        texts: strings.
        printed: they are as a database printed them: apostrophes vanish, and texts with mark-up are left to the
            caller.

    Returns:
        The words, null where a text has none, and which texts are left to the caller.
    """
    return _by_rows(texts, lambda part: _words(part, _PRINTED if printed else _LETTERS))


def lowered(texts: pa.ChunkedArray) -> tuple[pa.ChunkedArray, Flags]:
    """Every text of plain letters in small letters and without apostrophes.

    Args:
        texts: strings as a database printed them.

    Returns:
        The texts, and which are left to the caller, as those with mark-up are; they are null.
    """
    return _by_rows(texts, _lowered)


def _by_rows(
    texts: pa.ChunkedArray, read: Callable[[pa.StringArray], tuple[pa.StringArray, Flags]]
) -> tuple[pa.ChunkedArray, Flags]:
    made, left = [], []
    for chunk in texts.cast(pa.string()).chunks:
        for begin in range(0, len(chunk), _ROWS):
            one, unread = read(chunk.slice(begin, _ROWS))
            made.append(one)
            left.append(unread)
    return pa.chunked_array(made, pa.string()), np.concatenate(left) if left else np.zeros(0, bool)


def _lowered(texts: pa.StringArray) -> tuple[pa.StringArray, Flags]:
    read, offsets, unread = _translated(texts, _LOWERED)
    return _strings(read, offsets, texts.is_valid().to_numpy(zero_copy_only=False) & ~unread), unread


def _words(texts: pa.StringArray, table: bytes) -> tuple[pa.StringArray, Flags]:
    read, offsets, unread = _translated(texts, table)
    space = read == _SPACE
    doubled = space.copy()
    doubled[1:] &= space[:-1]
    starts = offsets[:-1][np.diff(offsets) > 0]
    doubled[starts] = space[starts]
    read, offsets = _without(read, offsets, doubled)
    ends = offsets[1:][np.diff(offsets) > 0] - 1
    last = np.zeros(len(read), bool)
    last[ends] = read[ends] == _SPACE
    read, offsets = _without(read, offsets, last)
    valid = (np.diff(offsets) > 0) & texts.is_valid().to_numpy(zero_copy_only=False) & ~unread
    return _strings(read, offsets, valid), unread


def _translated(texts: pa.StringArray, table: bytes) -> tuple[_Bytes, npt.NDArray[np.int32], Flags]:
    """Bytes of the texts as a table has them, where each text begins, and which have a byte that the table has not."""
    _, places, letters = texts.buffers()
    offsets = np.frombuffer(places, np.int32, len(texts) + 1 + texts.offset)[texts.offset :] if places else _NO_OFFSETS
    begin, end = int(offsets[0]), int(offsets[-1])
    told = bytes(memoryview(letters)[begin:end]) if letters else b""
    read = np.frombuffer(told.translate(table), np.uint8)
    offsets = offsets - offsets[0]
    strange = np.flatnonzero(read == _UNKNOWN)
    if len(strange) and table in _FOREIGN:
        read = read.copy()
        strange = _of_other_bytes(np.frombuffer(told, np.uint8), read, strange, *_FOREIGN[table])
    unread = np.zeros(len(texts), bool)
    unread[np.searchsorted(offsets, strange, "right") - 1] = True
    read, offsets = _without(read, offsets, read == _NOTHING)
    return read, offsets, unread


def _of_other_bytes(
    told: _Bytes, read: _Bytes, strange: npt.NDArray[np.intp], latin: _Bytes, signs: _Bytes
) -> npt.NDArray[np.intp]:
    """Fill in what stands for letters and signs of several bytes, and tell which bytes are strange still."""
    lead = told[strange]
    two = strange[(lead == 0xC2) | (lead == 0xC3)]
    found = latin[(told[two] & 1) * 64 + (told[two + 1] & 63)]
    read[two], read[two + 1] = found[:, 0], found[:, 1]
    three = strange[lead == 0xE2]
    of_print, of_numbers = told[three + 1] == 0x80, (told[three + 1] >= 0x88) & (told[three + 1] <= 0x8B)
    for signed, shown in ((three[of_print], signs[told[three[of_print] + 2] & 63]), (three[of_numbers], _SPACE)):
        read[signed], read[signed + 1], read[signed + 2] = shown, _NOTHING, _NOTHING
    left: npt.NDArray[np.intp] = strange[read[strange] == _UNKNOWN]
    return left


def _strings(read: _Bytes, offsets: npt.NDArray[np.int32], valid: Flags) -> pa.StringArray:
    buffers = [np.packbits(valid, bitorder="little"), offsets.astype(np.int32), read]
    bits, places, letters = (pa.py_buffer(buffer) for buffer in buffers)
    return pa.StringArray.from_buffers(len(valid), places, letters, bits)


_NO_OFFSETS = np.zeros(1, np.int32)


def _without(
    read: _Bytes, offsets: npt.NDArray[np.int32], dropped: npt.NDArray[np.bool_]
) -> tuple[_Bytes, npt.NDArray[np.int32]]:
    places = np.flatnonzero(dropped)
    if not len(places):
        return read, offsets
    return read[~dropped], (offsets - np.searchsorted(places, offsets)).astype(np.int32)
