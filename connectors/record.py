"""The canonical record: what every way in delivers, whatever the source calls its fields."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter

import pyarrow as pa

IDENTITY_VERSION = 1
"""Version of `identity_of` for records without an accession number; stored inside the identity."""


@dataclass(frozen=True, slots=True)
class RawRecord:
    """One record as it was received.

    Attributes:
        position: its place in the file or reply it came in, from 1.
        form: how to read `payload`: `ris` (JSON list of [tag, value] pairs in the order received),
            `nbib` (the same), `pubmed-xml` (the article's XML).
        payload: the record, whole.
    """

    position: int
    form: str
    payload: str


@dataclass(frozen=True, slots=True)
class Record:
    """One record in canonical fields; None or an empty tuple where the source says nothing.

    Attributes:
        accession: the number by which the database that the record stands in knows it, normalised.
        database: the database as the record itself tells it (not what the person declared).
        title: plain text, one line.
        title_original: title in the language of the publication, where the source gives both.
        authors: `Family, Given` or a group's name, in order.
        year: of publication.
        date: of publication, as printed.
        journal: full name where the source has one, else the abbreviation.
        journal_abbreviation: as the source gives it.
        volume: as printed.
        issue: as printed.
        pages: `first-last` with an abbreviated last page written out, or an article number.
        doi: bare and in lower case (`10.…`).
        pmid: digits.
        pmcid: `PMC` and digits.
        issns: `1234-567X`.
        abstract: plain text; parts of a labelled abstract on lines of their own, `LABEL: text`.
        keywords: author keywords, then subject headings.
        languages: as the source writes them.
        publication_types: as the source writes them.
        url: where the source shows the record.
        notices: what happened to the publication (`retracted`, `RetractionIn 123`, …).
    """

    accession: str | None = None
    database: str | None = None
    title: str | None = None
    title_original: str | None = None
    authors: tuple[str, ...] = ()
    year: int | None = None
    date: str | None = None
    journal: str | None = None
    journal_abbreviation: str | None = None
    volume: str | None = None
    issue: str | None = None
    pages: str | None = None
    doi: str | None = None
    pmid: str | None = None
    pmcid: str | None = None
    issns: tuple[str, ...] = ()
    abstract: str | None = None
    keywords: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    publication_types: tuple[str, ...] = ()
    url: str | None = None
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Remnant:
    """Text of a file that belongs to no record, kept verbatim.

    Attributes:
        line: number of its first line in the file, from 1.
        text: the lines as they stand.
    """

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class ReadFile:
    """What a file or reply held.

    Attributes:
        format: `ris`, `nbib`, `pubmed-xml`.
        platform: who wrote it, by its signals (`ovid`, `ebsco`, …), or None.
        encoding: as detected.
        record_starts: how many records the file itself begins.
        records: each as received and in canonical fields, in the file's order.
        remnants: text outside of all records.
        warnings: sentences a librarian should read.
    """

    format: str
    platform: str | None
    encoding: str
    record_starts: int
    records: tuple[tuple[RawRecord, Record], ...]
    remnants: tuple[Remnant, ...] = ()
    warnings: tuple[str, ...] = ()


_LIST = pa.list_(pa.string())

RECORD_SCHEMA = pa.schema(
    [
        ("accession", pa.string()),
        ("database", pa.string()),
        ("title", pa.string()),
        ("title_original", pa.string()),
        ("authors", _LIST),
        ("year", pa.int32()),
        ("date", pa.string()),
        ("journal", pa.string()),
        ("journal_abbreviation", pa.string()),
        ("volume", pa.string()),
        ("issue", pa.string()),
        ("pages", pa.string()),
        ("doi", pa.string()),
        ("pmid", pa.string()),
        ("pmcid", pa.string()),
        ("issns", _LIST),
        ("abstract", pa.string()),
        ("keywords", _LIST),
        ("languages", _LIST),
        ("publication_types", _LIST),
        ("url", pa.string()),
        ("notices", _LIST),
    ]
)
"""Columns of the canonical record, in the order of `Record`."""

RECEIVED_SCHEMA = pa.schema(
    [
        ("position", pa.int64()),
        ("identity", pa.string()),
        ("content_hash", pa.string()),
        ("form", pa.string()),
        ("payload", pa.string()),
        *RECORD_SCHEMA,
    ]
)
"""Columns of `received_table`."""

_IDENTITY_FIELDS = ("title", "authors", "year", "journal", "volume", "issue", "pages", "doi", "pmid")


def identity_of(record: Record) -> str:
    """Name of a record within its source.

    Args:
        record: the canonical record.

    Returns:
        `acc:<accession>`, or `h<version>:<sha256 of the bibliographic fields>` where the source gave no
        accession number. Counters and export dates do not enter, so the next export gives the same name.
    """
    if record.accession:
        return f"acc:{record.accession}"
    fields = [getattr(record, name) for name in _IDENTITY_FIELDS]
    return f"h{IDENTITY_VERSION}:{_digest(fields)}"


def content_hash_of(record: Record) -> str:
    """Sha256 over all canonical fields: differs when, and only when, the metadata changed."""
    return _digest(dict(zip(_IN_ORDER, _values_in_order(record), strict=True)))


def received_table(records: Iterable[tuple[RawRecord, Record]], first_position: int = 1) -> pa.Table:
    """Records as one Arrow table.

    Args:
        records: each as received and in canonical fields.
        first_position: position of the first one in its run; the others count on from there.

    Returns:
        A table of `RECEIVED_SCHEMA`, one row a record, in the order given.
    """
    rows = [
        (position, identity_of(record), content_hash_of(record), raw.form, raw.payload, *_values(record))
        for position, (raw, record) in enumerate(records, first_position)
    ]
    if not rows:
        return RECEIVED_SCHEMA.empty_table()
    return pa.table(list(zip(*rows, strict=True)), schema=RECEIVED_SCHEMA)


_values = attrgetter(*RECORD_SCHEMA.names)
_IN_ORDER = tuple(sorted(RECORD_SCHEMA.names))
_values_in_order = attrgetter(*_IN_ORDER)
_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def _digest(value: Sequence[object] | dict[str, object]) -> str:
    return hashlib.sha256(_JSON.encode(value).encode("utf-8", "surrogatepass")).hexdigest()
