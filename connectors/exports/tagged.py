"""Texts of tags, RIS and MEDLINE text: cut into blocks, each read by itself."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from connectors.exports.blocks import Block, Starts, blocks, without_last_line_end
from connectors.exports.canonical import canonical
from connectors.exports.databases import database_of
from connectors.exports.formats import (
    MOST_CHARACTERS,
    MOST_RECORDS,
    Asked,
    Chunk,
    Pair,
    finished,
    lines_with_text,
)
from connectors.exports.medline import split_medline
from connectors.exports.parse import Fields, grouped, parse_ris
from connectors.exports.platforms import MANAGERS, platform_of
from connectors.exports.prepass import Tagged, TaggedRecord, split_ris
from connectors.exports.profiles import GENERIC, PROFILES
from connectors.exports.sniff import first_form, nbib_starts, ris_starts
from connectors.exports.source import Source
from connectors.exports.tally import most_of
from connectors.record import RawRecord


@dataclass(frozen=True, slots=True)
class Known:
    """Facts on a whole file that the reading of each block needs.

    Attributes:
        name: how to call the file in a message.
        header: the text before the first record.
        common: the platform of most records; None where it is not known, or where no record tells.
        counted: whether `common` is known.
    """

    name: str
    header: str = ""
    common: str | None = None
    counted: bool = False


@dataclass(frozen=True, slots=True)
class TaggedFormat:
    """A format of tags and values.

    Attributes:
        name: in `RawRecord.form`.
        begins: finds the lines that begin a record, apart from `split`.
        split: cuts a text, whose first line has the number given, into records of tags.
        fields: values by tag of records, checked against them.
        foreign: record starts of another format in a block.
        start: what a record begins with, for a message.
        platform: who writes all such files; None where the records have to tell.
        most_records: in a block.
        most_characters: after which a block ends with its record.
    """

    name: str
    begins: Starts
    split: Callable[[str, int], Tagged]
    fields: Callable[[Sequence[TaggedRecord], str], Sequence[Fields]]
    foreign: Callable[[str, Tagged], int]
    start: str
    platform: str | None = None
    most_records: int = MOST_RECORDS
    most_characters: int = MOST_CHARACTERS

    @property
    def binary(self) -> bool:
        """See `Format.binary`."""
        return False

    def recognises(self, source: Source) -> bool:
        """See `Format.recognises`."""
        return first_form(source) == self.name

    def encoding(self, source: Source) -> str:
        """See `Format.encoding`."""
        return source.encoding.name

    def starts(self, source: Source, asked: Asked) -> int:
        """See `Format.starts`."""
        return sum(1 for text in source.whole_lines() for _ in self.begins(text))

    def chunks(self, source: Source, asked: Asked) -> Iterator[Chunk]:
        """See `Format.chunks`."""
        known = Known(source.name)
        for block in self._blocks(source):
            if block.first == 1:
                known = replace(known, header=self._header(block))
            chunk = self.read(block, known, asked)
            while chunk is None:
                known = replace(known, common=self._common(source), counted=True)
                chunk = self.read(block, known, asked)
            yield chunk

    def read(self, block: Block, known: Known, asked: Asked) -> Chunk | None:
        """Read one block.

        Args:
            block: of the file.
            known: of the whole file.
            asked: what is wanted.

        Returns:
            Its records; None where a record does not tell who wrote it, so that `known.common` has to be counted.

        Raises:
            RecordsLost: a record was not read whole.
        """
        tagged = self._split(block)
        seen = self._seen(tagged)
        if None in seen and not known.counted and not _settled(asked.platform):
            return None
        platforms = [platform or known.common for platform in seen]
        if not self.platform:
            platforms = _as_declared(asked.platform, platforms)
        fields = self.fields(tagged.records, known.name)
        chunk = Chunk()
        tally = chunk.tally
        tally.seen.update(platform for platform in seen if platform)
        tally.platforms.update(platform for platform in platforms if platform)
        tally.unended = sum(not record.ended for record in tagged.records)
        tally.headless = tagged.headless
        tally.foreign = self.foreign(block.text, tagged)
        tally.outside = sum(map(lines_with_text, tagged.remnants))
        return finished(chunk, self._pairs(block, tagged, fields, platforms, known.header), tagged.remnants, asked)

    def platforms_in(self, block: Block) -> Counter[str]:
        """Who wrote the records of a block, by their own signals."""
        return Counter(platform for platform in self._seen(self._split(block)) if platform)

    def _blocks(self, source: Source) -> Iterator[Block]:
        return blocks(source.whole_lines(), self.begins, source.name, self.most_records, self.most_characters)

    def _header(self, block: Block) -> str:
        begin = next(self.begins(block.text))
        return self.split(without_last_line_end(block.text[:begin]), 1).tail if begin else ""

    def _split(self, block: Block) -> Tagged:
        tagged = self.split(block.text, block.line)
        if not block.before or not tagged.records:
            return tagged
        lead = self.split(block.before, 1).tail
        return replace(tagged, records=(replace(tagged.records[0], lead=lead), *tagged.records[1:]))

    def _seen(self, tagged: Tagged) -> list[str | None]:
        return [self.platform or platform_of(record) for record in tagged.records]

    def _common(self, source: Source) -> str | None:
        told: Counter[str] = Counter()
        for block in self._blocks(source):
            told.update(self.platforms_in(block))
        return most_of(told)

    def _pairs(
        self,
        block: Block,
        tagged: Tagged,
        fields: Sequence[Fields],
        platforms: Sequence[str | None],
        header: str,
    ) -> list[Pair]:
        trails = [*(record.lead for record in tagged.records[1:]), tagged.tail]
        pairs: list[Pair] = []
        for position, (record, values, platform, trail) in enumerate(
            zip(tagged.records, fields, platforms, trails, strict=True), block.first
        ):
            database = database_of(platform, values, (record.lead, trail, header))
            raw = RawRecord(position, self.name, _payload(record))
            pairs.append((raw, canonical(values, PROFILES.get(platform or "", GENERIC), database)))
        return pairs


def _payload(record: TaggedRecord) -> str:
    return json.dumps(record.pairs, ensure_ascii=False, separators=(",", ":"))


def _settled(declared: str | None) -> bool:
    """Whether a declaration decides for every record."""
    return declared in MANAGERS or declared == "generic"


def _as_declared(declared: str | None, seen: list[str | None]) -> list[str | None]:
    # PubMed writes no RIS, so a RIS file declared as PubMed's came through some manager.
    if declared is None or declared == "pubmed":
        return seen
    if _settled(declared):
        return [declared] * len(seen)
    # People declare where they searched. A manager's rewriting shows in the fields all the same: read in
    # Ovid's way, EndNote's running number would pass for an accession number.
    return [own if own in MANAGERS else declared for own in seen]


def _nbib_outside(text: str, tagged: Tagged) -> int:
    return sum(1 for remnant in tagged.remnants for _ in nbib_starts(remnant.text))


def _ris_within(text: str, tagged: Tagged) -> int:
    return sum(1 for _ in ris_starts(text))


def _grouped(records: Sequence[TaggedRecord], name: str) -> list[Fields]:
    return [grouped(record.pairs) for record in records]


RIS = TaggedFormat("ris", ris_starts, split_ris, parse_ris, _nbib_outside, "TY")
NBIB = TaggedFormat("nbib", nbib_starts, split_medline, _grouped, _ris_within, "PMID-", "pubmed")
