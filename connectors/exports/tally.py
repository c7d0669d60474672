"""What is counted of a file while its records pass, and what is known of it at the end."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import compress
from operator import attrgetter

import pyarrow as pa
import pyarrow.compute as pc

from connectors.record import RECORD_SCHEMA, Record


@dataclass(slots=True)
class Tally:
    """Counts over some of a file's records; those of two parts can be put together.

    Attributes:
        records: read.
        filled: how many records have each canonical field.
        first_year: of publication, the earliest.
        last_year: the latest.
        languages: records by language.
        databases: records by database.
        platforms: records by the platform in whose way they were read.
        seen: records by the platform that their own signals name.
        unended: records that the file does not end itself.
        headless: ends of records that had fields but no beginning.
        foreign: record starts of another format.
        outside: lines with text that belong to no record.
        shouted: titles in capital letters only.
        said: what a reader has to say of the file.
        accessions: of the records, to find those that came before.
    """

    records: int = 0
    filled: Counter[str] = field(default_factory=Counter)
    first_year: int | None = None
    last_year: int | None = None
    languages: Counter[str] = field(default_factory=Counter)
    databases: Counter[str] = field(default_factory=Counter)
    platforms: Counter[str] = field(default_factory=Counter)
    seen: Counter[str] = field(default_factory=Counter)
    unended: int = 0
    headless: int = 0
    foreign: int = 0
    outside: int = 0
    shouted: int = 0
    said: list[str] = field(default_factory=list)
    accessions: list[pa.Array] = field(default_factory=list, repr=False)

    def add(self, records: Iterable[Record]) -> None:
        """Count records.

        Args:
            records: in canonical fields.
        """
        accessions: list[str] = []
        filled: list[str] = []
        for record in records:
            self.records += 1
            # A year is never 0 and a text never empty.
            filled.extend(compress(_FIELDS, _values(record)))
            self.shouted += record.title is not None and record.title.isupper()
            if record.year:
                self._add_year(record.year)
            self.languages.update(record.languages)
            if record.database:
                self.databases[record.database] += 1
            if record.accession:
                accessions.append(record.accession)
        self.filled.update(filled)
        # Kept as Arrow's arrays: a set of Python's strings takes ten times the memory.
        self.accessions.append(pa.array((text.encode("utf-8", "surrogatepass") for text in accessions), pa.binary()))

    def merge(self, other: "Tally") -> None:
        """Put the counts of the next part of the file to these.

        Args:
            other: of the part that follows; it must not be used any more.
        """
        self.records += other.records
        for mine, others in (
            (self.filled, other.filled),
            (self.languages, other.languages),
            (self.databases, other.databases),
            (self.platforms, other.platforms),
            (self.seen, other.seen),
        ):
            mine.update(others)
        for year in (other.first_year, other.last_year):
            if year is not None:
                self._add_year(year)
        self.unended += other.unended
        self.headless += other.headless
        self.foreign += other.foreign
        self.outside += other.outside
        self.shouted += other.shouted
        self.said += other.said
        self.accessions += other.accessions

    def repeated(self) -> int:
        """Records whose accession number an earlier record of the file has."""
        if not self.accessions:
            return 0
        numbers = pa.chunked_array(self.accessions, pa.binary())
        return len(numbers) - int(pc.count_distinct(numbers).as_py())

    def _add_year(self, year: int) -> None:
        self.first_year = year if self.first_year is None else min(self.first_year, year)
        self.last_year = year if self.last_year is None else max(self.last_year, year)


_FIELDS = tuple(RECORD_SCHEMA.names)
_values = attrgetter(*_FIELDS)


def most_of(platforms: Mapping[str, int]) -> str | None:
    """The platform of most records, of equally many the first; None where no record tells."""
    return max(platforms, key=lambda name: platforms[name], default=None)


@dataclass(frozen=True, slots=True)
class Summary:
    """What a file held, all records of it read.

    Attributes:
        name: of the file, as messages show it.
        format: `ris`, `nbib`, …
        platform: who wrote it, by its signals (`ovid`, `ebsco`, …) or as declared, or None.
        encoding: as detected.
        record_starts: how many records the file itself begins.
        records: how many were read; the same number.
        filled: how many records have each canonical field, by its name; a field that none has is left out.
        years: the earliest and the latest year of publication, or None.
        languages: records by language, as the source writes them.
        databases: records by the database that they name.
        outside: lines with text that belong to no record.
        warnings: sentences a librarian should read.
    """

    name: str
    format: str
    platform: str | None
    encoding: str
    record_starts: int
    records: int
    filled: Mapping[str, int]
    years: tuple[int, int] | None
    languages: Mapping[str, int]
    databases: Mapping[str, int]
    outside: int
    warnings: tuple[str, ...]
