"""A report as a batch hands it to the reviewers, and the cleaning that every written form shares."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from typing import Any, TypeAlias

import pyarrow as pa

NO_TITLE = "[Title not available]"
"""Stands where a report has no title: several screening tools drop a reference that has none."""

_ROWS_AT_ONCE = 2_000
_UNUSUAL = re.compile(r"[^\x20-\x7e]")
_JOINERS = "\u200c\u200d"
"""Format characters that spell words in several scripts; all others only hide text."""

_FORBIDDEN = "\ufffe\uffff"
"""No XML file may hold them (XML 1.0, production 2), and no other text should."""


@dataclass(frozen=True, slots=True)
class BatchReport:
    """One report of a batch, with the fields of its preferred record.

    Attributes:
        report_id: stable id, `R` and a number.
        url: stable address of the report.
        update: number of the update that releases it; None for records that belong to no review.
        title: plain text.
        authors: `Family, Given` or a group's name, in order.
        year: of publication.
        journal: full name.
        journal_abbreviation: as the source gives it.
        volume: as printed.
        issue: as printed.
        pages: `first-last`, or an article number.
        doi: bare.
        pmid: digits.
        abstract: plain text.
        keywords: author keywords, then subject headings.
        languages: as the source writes them.
        publication_types: as the source writes them.
        issns: `1234-567X`.
        accessions: `<source>:<number>` of every record of the report, e.g. `pubmed:123`.
        other_numbers: DOIs and PMIDs of its records beside the ones shown: `doi:10.…`, `pmid:123`.
        sources: labels of the sources that returned it.
        possible_duplicates: ids of reports that may be the same; a person has not decided.
        related: reports that belong to it and are others, with their kind: `R000123 (preprint)`.
        notices: what happened to the publication (`retracted`, …).
    """

    report_id: str
    url: str
    update: int | None = None
    title: str | None = None
    authors: tuple[str, ...] = ()
    year: int | None = None
    journal: str | None = None
    journal_abbreviation: str | None = None
    volume: str | None = None
    issue: str | None = None
    pages: str | None = None
    doi: str | None = None
    pmid: str | None = None
    abstract: str | None = None
    keywords: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    publication_types: tuple[str, ...] = ()
    issns: tuple[str, ...] = ()
    accessions: tuple[str, ...] = ()
    other_numbers: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    possible_duplicates: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()


Reports: TypeAlias = pa.Table | Iterable[BatchReport]
"""What a writer takes: a table with the columns of `BatchReport`, or reports one by one."""

_NAMES = tuple(field.name for field in fields(BatchReport))


def each_report(reports: Reports) -> Iterator[BatchReport]:
    """Reports one by one, whichever way they come.

    Args:
        reports: a table whose columns are named like the fields of `BatchReport` (`report_id` and
            `url` must be there, others may be missing and additional ones are left alone), or reports.

    Yields:
        Each report, in the order given.
    """
    if not isinstance(reports, pa.Table):
        yield from reports
        return
    table = reports.select([name for name in _NAMES if name in reports.column_names])
    for batch in table.to_batches(max_chunksize=_ROWS_AT_ONCE):
        for row in batch.to_pylist():
            yield BatchReport(**{name: _value(value) for name, value in row.items() if value is not None})


def one_line(text: str) -> str:
    """Text on one line, as every export needs it.

    Args:
        text: anything a source may have written.

    Returns:
        The text with each run of white space (line breaks of all kinds among them) as one space, and without
        control characters, invisible format characters, broken surrogates, U+FFFE and U+FFFF. So it can neither
        begin a line of its own in RIS nor hold the two spaces of a RIS tag.
    """
    return " ".join(_UNUSUAL.sub(_kept, text).split())


def each_line(texts: Iterable[str]) -> list[str]:
    """`one_line` of each text, without those that are empty."""
    return [cleaned for text in texts if (cleaned := one_line(text))]


def loses_characters(report: BatchReport) -> bool:
    """Whether a text of the report holds characters, other than white space, that no export repeats."""
    return any(
        not character.isspace() and _kept_character(character) != character
        for name in _NAMES
        for text in _texts(getattr(report, name))
        if not text.isprintable()
        for character in text
    )


def bare_doi(doi: str) -> str:
    """A DOI without the address or label some sources write before it."""
    cleaned = one_line(doi)
    start = cleaned.find("10.")
    return cleaned[start:] if start > 0 else cleaned


def _kept(found: re.Match[str]) -> str:
    return _kept_character(found[0])


def _texts(value: object) -> Iterable[str]:
    if isinstance(value, str):
        return (value,)
    return value if isinstance(value, tuple) else ()


def _kept_character(character: str) -> str:
    match unicodedata.category(character):
        case "Cc":
            return " "
        case "Cs":
            return ""
        case "Cf":
            return character if character in _JOINERS else ""
        case _:
            return "" if character in _FORBIDDEN else character


def _value(value: Any) -> Any:
    return tuple(one for one in value if one is not None) if isinstance(value, list) else value
