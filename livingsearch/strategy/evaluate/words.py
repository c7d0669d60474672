"""Text as its words: lower case, without accents, every other character a space.

Records and searches are folded by the same rules, so that `Müller's peer-support` has the words `muller`, `s`,
`peer` and `support` in both. Whole columns are folded at once: their values are joined into one run of bytes, which
is translated and cut again, so that nothing is done record by record.
"""

import codecs
import re
import unicodedata
from functools import lru_cache

import pyarrow as pa
import pyarrow.compute as pc

VALUE = "\x1f"
"""Stands between the values of a list (keywords, authors): no phrase goes across it."""
LETTER = f"[^ {VALUE}]"
"""RE2: one character of a word in folded text."""

_RECORD = b"\x1e"
_SEPARATORS = f"[{VALUE}\x1e]"


def _ascii(byte: int) -> int:
    """What a byte becomes; those of characters beyond ASCII stay for later."""
    if byte >= 0x80 or chr(byte) in (VALUE, "\x1e"):
        return byte
    return ord(chr(byte).lower()) if chr(byte).isalnum() else ord(" ")


_TABLE = bytes(_ascii(byte) for byte in range(256))
# Letters that Unicode does not decompose into a base letter and a mark.
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]+")
_LONGEST_KEPT = 12
_HANDLER = "livingsearch.fold"


def folded(text: str) -> str:
    """A text's words with spaces between them, and spaces where other characters stood.

    Args:
        text: any; what cannot be encoded counts as a space.
    """
    bare = re.sub(_SEPARATORS, " ", text)
    return _folded(bare.encode("utf-8", "replace")).decode("utf-8")


def folded_column(values: pa.Array) -> pa.Array:
    """A column of records, folded.

    Args:
        values: strings, or lists of strings; nulls count as empty.

    Returns:
        Strings as long as `values`: each begins and ends with a space and has at least one between words; values of
        a list stand apart by VALUE.
    """
    if not len(values):
        return pa.array([], pa.string())
    texts = _lists_joined(values) if pa.types.is_nested(values.type) else _without_separators(values)
    data = _folded(b" " + _joined(texts, " \x1e ") + b" ")
    return pa.array(data.split(_RECORD), pa.binary()).cast(pa.string())


def _folded(data: bytes) -> bytes:
    data = data.translate(_TABLE)
    # The decoder runs through ASCII much faster than a regular expression and calls the handler for the rest.
    return data if data.isascii() else data.decode("ascii", _HANDLER).encode("utf-8")


def _beyond_ascii(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    found = _BEYOND_ASCII.match(error.object, error.start)
    if found is None:
        raise error
    run = found.group()
    return (_kept(run) if len(run) <= _LONGEST_KEPT else _plain(run)), found.end()


def _plain(run: bytes) -> str:
    text = unicodedata.normalize("NFKD", run.decode("utf-8", "replace")).casefold().translate(_LETTERS)
    # Case folding may bring new marks: ŉ, and the dot of a Turkish İ.
    text = unicodedata.normalize("NFKD", text)
    return "".join([c if c.isalnum() else " " for c in text if unicodedata.category(c) not in ("Mn", "Me", "Cf")])


_kept = lru_cache(maxsize=4096)(_plain)
codecs.register_error(_HANDLER, _beyond_ascii)


def _joined(texts: pa.Array, separator: str) -> bytes:
    whole = pa.ListArray.from_arrays(pa.array([0, len(texts)], pa.int32()), texts)
    return bytes(pc.binary_join(whole, separator)[0].as_buffer())


def _lists_joined(values: pa.Array) -> pa.Array:
    values = values.cast(pa.list_(pa.string()))
    lengths = pc.fill_null(pc.list_value_length(values), 0)
    ends = pc.cumulative_sum(lengths).cast(pa.int32())
    offsets = pa.concat_arrays([pa.array([0], pa.int32()), ends])
    lists = pa.ListArray.from_arrays(offsets, _without_separators(values.flatten()))
    return pc.binary_join(lists, f" {VALUE} ")


def _without_separators(values: pa.Array) -> pa.Array:
    return pc.replace_substring_regex(pc.fill_null(values.cast(pa.string()), ""), _SEPARATORS, " ")
