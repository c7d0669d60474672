"""What the reader of a format is, so that another one can be put into the table of `registry`.

Two kinds exist. `FoundFormat` is for readers that hand on finished records one by one: XML, tables, BibTeX.
`tagged.TaggedFormat` is for texts that are cut at their record starts and read block by block, in two processes where
that pays: RIS and MEDLINE text. Both count the record starts by a way of their own before anything is read, and
`export.Export` holds the two numbers against each other.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import pyarrow as pa

from connectors.exports.found import Found, FoundRecord, Said
from connectors.exports.prepass import is_blank
from connectors.exports.source import Source
from connectors.exports.tally import Tally
from connectors.record import RawRecord, Record, Remnant, received_table

MOST_RECORDS = 2_000
MOST_CHARACTERS = 1 << 23

Pair = tuple[RawRecord, Record]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the person said of a file, and what is wanted.

    Attributes:
        platform: who wrote it, as this package calls it (`platforms.platform_named`), or None.
        columns: canonical field by column name, for a table that nobody knows.
        first_position: of the first record in its run.
        tables: records as Arrow tables; else as pairs.
        processes: that may work at once, this one among them.
    """

    platform: str | None = None
    columns: Mapping[str, str] | None = None
    first_position: int = 1
    tables: bool = True
    processes: int = 1


@dataclass(slots=True)
class Chunk:
    """Some records of a file, in its order.

    Attributes:
        tally: their counts.
        remnants: text before, between and after them that belongs to none.
        table: the records, of `connectors.record.RECEIVED_SCHEMA`; None where pairs were asked for.
        pairs: the records as received and in canonical fields, where these were asked for.
    """

    tally: Tally = field(default_factory=Tally)
    remnants: tuple[Remnant, ...] = ()
    table: pa.Table | None = None
    pairs: Sequence[Pair] = ()


class Format(Protocol):
    """A format as `registry.FORMATS` holds it."""

    @property
    def name(self) -> str:
        """Its name in `RawRecord.form`, stored with every record: never changed, never used for another one."""
        ...

    @property
    def start(self) -> str:
        """What a record begins with, for a message: `TY`."""
        ...

    @property
    def binary(self) -> bool:
        """Whether it is told by `Source.head` alone, before the bytes are taken for text."""
        ...

    def recognises(self, source: Source) -> bool:
        """Whether a file is of this format, by its content; the formats before it in the table said no.

        Args:
            source: the file; best judged by `Source.head` or `Source.beginning`.
        """
        ...

    def encoding(self, source: Source) -> str:
        """Name of the encoding in which it is read."""
        ...

    def starts(self, source: Source, asked: Asked) -> int:
        """How many records the file itself begins, counted apart from the reading."""
        ...

    def chunks(self, source: Source, asked: Asked) -> Iterator[Chunk]:
        """Read it.

        Args:
            source: the file.
            asked: what is wanted.

        Yields:
            All records and all remnants, in the file's order, a bounded number at a time.

        Raises:
            FileRefused: it cannot be read to its end.
        """
        ...


@dataclass(frozen=True, slots=True)
class FoundFormat:
    """A format whose reader hands on finished records.

    Attributes:
        name: in `RawRecord.form`.
        recognised: whether a file is of it.
        count: its record starts, by another way than `read`.
        read: what it holds, in order; `FoundRecord.platform` where a record tells who wrote it.
        start: what a record begins with, for a message.
        platform: who writes such files; None where many do.
        headless: whether a remnant is a record whose beginning is missing; such a file is refused.
        encoded: name of its encoding where it is not read as text by `Source.text`.
        binary: whether it is told by its first bytes.
    """

    name: str
    recognised: Callable[[Source], bool]
    count: Callable[[Source, Asked], int]
    read: Callable[[Source, Asked], Iterator[Found]]
    start: str
    platform: str | None = None
    headless: Callable[[Remnant], bool] = field(default=lambda remnant: False)
    encoded: Callable[[Source], str] = field(default=lambda source: source.encoding.name)
    binary: bool = False

    def recognises(self, source: Source) -> bool:
        """See `Format.recognises`."""
        return self.recognised(source)

    def encoding(self, source: Source) -> str:
        """See `Format.encoding`."""
        return self.encoded(source)

    def starts(self, source: Source, asked: Asked) -> int:
        """See `Format.starts`."""
        return self.count(source, asked)

    def chunks(self, source: Source, asked: Asked) -> Iterator[Chunk]:
        """See `Format.chunks`."""
        chunk, pairs, size, position = Chunk(), [], 0, 0
        remnants: list[Remnant] = []
        for found in self.read(source, asked):
            match found:
                case FoundRecord():
                    position += 1
                    pairs.append((RawRecord(position, self.name, found.payload), found.record))
                    size += len(found.payload)
                    seen = found.platform or self.platform
                    if seen:
                        chunk.tally.seen[seen] += 1
                        chunk.tally.platforms[seen] += 1
                case Remnant():
                    remnants.append(found)
                    size += len(found.text)
                    chunk.tally.headless += self.headless(found)
                    chunk.tally.outside += lines_with_text(found)
                case Said():
                    chunk.tally.said.append(found.text)
            if len(pairs) + len(remnants) >= MOST_RECORDS or size > MOST_CHARACTERS:
                yield finished(chunk, pairs, remnants, asked)
                chunk, pairs, remnants, size = Chunk(), [], [], 0
        yield finished(chunk, pairs, remnants, asked)


def finished(chunk: Chunk, pairs: Sequence[Pair], remnants: Sequence[Remnant], asked: Asked) -> Chunk:
    """A chunk with its records.

    Args:
        chunk: with all counts but those of the records themselves.
        pairs: its records.
        remnants: text that belongs to none.
        asked: in which form the records are wanted.

    Returns:
        The same chunk.
    """
    chunk.tally.add(record for _, record in pairs)
    chunk.remnants = tuple(remnants)
    if asked.tables:
        first = asked.first_position - 1 + (pairs[0][0].position if pairs else 1)
        chunk.table = received_table(pairs, first)
    else:
        chunk.pairs = tuple(pairs)
    return chunk


def lines_with_text(remnant: Remnant) -> int:
    """How many lines of a remnant show something."""
    return sum(not is_blank(line) for line in remnant.text.split("\n"))
