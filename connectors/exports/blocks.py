"""A tagged text cut into blocks of whole records, so that each can be read by itself, in any process."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from connectors.errors import FileDamaged
from connectors.exports.source import LONGEST

Starts = Callable[[str], Iterator[int]]
"""Finds the lines of a text that begin a record."""

_BARE_CR = re.compile(r"\r(?!\n)")


@dataclass(frozen=True, slots=True)
class Block:
    """Some records that follow each other.

    Attributes:
        text: from the first line of the first record, in the first block from the beginning of the file, up to
            the line end before the next block.
        line: number of its first line in the file, from 1.
        first: number of its first record in the file, from 1.
        records: how many it begins.
        before: the record before it with what follows that one; empty in the first block.
    """

    text: str = field(repr=False)
    line: int
    first: int
    records: int
    before: str = field(repr=False)


def blocks(
    pieces: Iterable[str],
    starts: Starts,
    name: str,
    most_records: int,
    most_characters: int,
) -> Iterator[Block]:
    """Cut a text into blocks.

    Args:
        pieces: of the text; no piece ends within a line.
        starts: finds record starts.
        name: how to call the file in a message.
        most_records: in a block.
        most_characters: after which a block ends with its record.

    Yields:
        The blocks in order; together they hold every character but the line ends between them. Nothing for a text
        that begins no record.

    Raises:
        FileDamaged: one record, or the text before the first one, has more than `LONGEST` characters.
    """
    parts: list[str] = []
    length = 0
    places: list[int] = []
    line, first, before = 1, 1, ""
    for piece in pieces:
        begin = 0
        for place in starts(piece):
            at = length + place - begin
            if len(places) >= most_records or (places and at > most_characters):
                parts.append(piece[begin:place])
                text = without_last_line_end("".join(parts))
                yield Block(text, line, first, len(places), before)
                before = text[places[-1] :]
                line, first = line + line_ends(text) + 1, first + len(places)
                parts, length, places, begin, at = [], 0, [], place, 0
            places.append(at)
        parts.append(piece[begin:])
        length += len(piece) - begin
        if length - (places[-1] if places else 0) > LONGEST:
            raise FileDamaged(
                f"{name} has a record of more than {LONGEST:,} characters, which no export has, so nothing was "
                "taken: export the records again."
            )
    if places:
        yield Block("".join(parts), line, first, len(places), before)


def without_last_line_end(text: str) -> str:
    """A text without the line end that it ends with."""
    return text[:-2] if text.endswith("\r\n") else text[:-1]


def line_ends(text: str) -> int:
    """How many line ends a text holds: CRLF, LF and bare CR."""
    return text.count("\n") + (sum(1 for _ in _BARE_CR.finditer(text)) if "\r" in text else 0)
