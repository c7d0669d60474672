"""Words of texts: small letters and digits, one space between, for whole columns at once.

Plain letters (ASCII) are read here, byte by byte over the buffer of the column, many times faster than by a regular
expression. All other texts are left to the caller: what a letter is in any script, SQL knows.
"""

import numpy as np
import numpy.typing as npt
import pyarrow as pa

_SPACE, _NOTHING, _UNKNOWN = 32, 0, 255
_ROWS = 16_384

_LETTERS = bytes(
    _UNKNOWN if code > 127 else ord(chr(code).lower()) if chr(code).isalnum() else _SPACE for code in range(256)
)
_PRINTED = bytes(
    _UNKNOWN if chr(code) in "<&" else _NOTHING if chr(code) in "'`" else kept for code, kept in enumerate(_LETTERS)
)


def words(texts: pa.ChunkedArray, *, printed: bool) -> tuple[pa.ChunkedArray, npt.NDArray[np.bool_]]:
    """Words of every text of plain letters.

    Args:
        texts: strings.
        printed: they are as a database printed them: apostrophes vanish, and texts with mark-up are left to the
            caller.

    Returns:
        The words, null where a text has none, and which texts are left to the caller.
    """
    made, left = [], []
    for chunk in texts.cast(pa.string()).chunks:
        for begin in range(0, len(chunk), _ROWS):
            one, unread = _words(chunk.slice(begin, _ROWS), _PRINTED if printed else _LETTERS)
            made.append(one)
            left.append(unread)
    return pa.chunked_array(made, pa.string()), np.concatenate(left) if left else np.zeros(0, bool)


def _words(texts: pa.StringArray, table: bytes) -> tuple[pa.StringArray, npt.NDArray[np.bool_]]:
    _, places, letters = texts.buffers()
    offsets = np.frombuffer(places, np.int32, len(texts) + 1 + texts.offset)[texts.offset :] if places else _NO_OFFSETS
    begin, end = int(offsets[0]), int(offsets[-1])
    told = bytes(memoryview(letters)[begin:end]) if letters else b""
    read = np.frombuffer(told.translate(table), np.uint8)
    offsets = offsets - offsets[0]
    unread = np.zeros(len(texts), bool)
    unread[np.searchsorted(offsets, np.flatnonzero(read == _UNKNOWN), "right") - 1] = True
    read, offsets = _without(read, offsets, read == _NOTHING)
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
    buffers = [np.packbits(valid, bitorder="little"), offsets.astype(np.int32), read]
    return pa.StringArray.from_buffers(
        len(texts), pa.py_buffer(buffers[1]), pa.py_buffer(buffers[2]), pa.py_buffer(buffers[0])
    ), unread


_NO_OFFSETS = np.zeros(1, np.int32)


def _without(
    read: npt.NDArray[np.uint8], offsets: npt.NDArray[np.int32], dropped: npt.NDArray[np.bool_]
) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int32]]:
    places = np.flatnonzero(dropped)
    if not len(places):
        return read, offsets
    return read[~dropped], (offsets - np.searchsorted(places, offsets)).astype(np.int32)
