"""What the readers of formats hand on, one piece at a time, so that no file has to fit into memory."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from connectors.record import Record, Remnant


@dataclass(frozen=True, slots=True)
class FoundRecord:
    """One record of a file.

    Attributes:
        line: where it begins in the file, from 1; in a workbook the row.
        payload: the record as received, whole; how to read it depends on the format.
        record: the same in canonical fields.
        platform: who wrote it, by its own signals, where the format alone does not say it.
    """

    line: int
    payload: str
    record: Record
    platform: str | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence that a librarian should read.

    Attributes:
        text: the sentence.
    """

    text: str


Found = FoundRecord | Remnant | Said
"""What a file holds, in its order."""

Lines = Iterator[tuple[int, str]]
"""Numbered lines of a decoded text, without their ends."""


def payload_of(pairs: Sequence[tuple[str, str]]) -> str:
    """Tags and values as `RawRecord.payload` keeps them.

    Args:
        pairs: in the order received.

    Returns:
        A JSON list of `[tag, value]`.
    """
    return json.dumps(pairs, ensure_ascii=False, separators=(",", ":"))


def counted(number: int, noun: str, nouns: str | None = None) -> str:
    """A number with its noun: `1 record`, `2,000 records`."""
    return f"{number:,} {noun if number == 1 else nouns or noun + 's'}"
