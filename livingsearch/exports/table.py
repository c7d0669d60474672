"""A batch as CSV for ASReview, Rayyan and spreadsheets.

Names of columns are those that Rayyan's and ASReview's importers know; what they do not know is kept by
ASReview and ignored by Rayyan, hence `notes` repeats it. There is no column `record_id`: ASReview refuses a
file in which that is not a whole number. None is called `label` or `included` either: ASReview would read it
as a decision.

A cell whose text begins with `=`, `+`, `-` or `@` (or their full-width twins) would run as a formula in a
spreadsheet: it gets an apostrophe in front, as does a cell that begins with apostrophes and one of these, so
that `unguarded` gives every text back.
"""

import csv
import io
import re

from livingsearch.exports.report import (
    NO_TITLE,
    BatchReport,
    bare_doi,
    each_line,
    one_line,
)
from livingsearch.exports.ris import address_of, notes_of, reference_type

COLUMNS = (
    "key",
    "title",
    "authors",
    "year",
    "journal",
    "issn",
    "volume",
    "issue",
    "pages",
    "abstract",
    "doi",
    "url",
    "keywords",
    "language",
    "pubmed_id",
    "notes",
    "recid",
    "update",
    "type_of_reference",
    "sources",
    "accessions",
    "possible_duplicates",
    "notices",
)
"""The header, in order."""

_FORMULA = re.compile("'*[=+\\-@＝＋－＠]")
_GUARDED = re.compile("'+[=+\\-@＝＋－＠]")


HEAD = (",".join(COLUMNS) + "\r\n").encode()


def csv_row(report: BatchReport) -> bytes:
    """Write one report as a line of CSV.

    Args:
        report: to write.

    Returns:
        The line, UTF-8, comma-separated, with its end. Lists are joined by `; `, at which both tools split
        authors again.
    """
    out = io.StringIO()
    csv.writer(out).writerow([guarded(cell) for cell in _cells(report)])
    return out.getvalue().encode()


def has_guarded_cell(report: BatchReport) -> bool:
    """Whether a cell of the report's line has an apostrophe in front that its text has not."""
    return any(guarded(cell) != cell for cell in _cells(report))


def guarded(text: str) -> str:
    """A cell's text, with an apostrophe in front where a spreadsheet would take it for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """The text that `guarded` was given."""
    return text[1:] if _GUARDED.match(text) else text


def _cells(report: BatchReport) -> list[str]:
    report_id = one_line(report.report_id)
    return [
        report_id,
        one_line(report.title or "") or NO_TITLE,
        _joined(report.authors),
        str(report.year) if report.year is not None else "",
        one_line(report.journal or report.journal_abbreviation or ""),
        _joined(report.issns),
        one_line(report.volume or ""),
        one_line(report.issue or ""),
        one_line(report.pages or ""),
        one_line(report.abstract or ""),
        bare_doi(report.doi or ""),
        address_of(report),
        _joined(report.keywords),
        _joined(report.languages),
        one_line(report.pmid or ""),
        " | ".join(notes_of(report)),
        report_id,
        "" if report.update is None else str(report.update),
        reference_type(report.publication_types),
        _joined(report.sources),
        _joined(report.accessions),
        _joined(report.possible_duplicates),
        _joined(report.notices),
    ]


def _joined(texts: tuple[str, ...]) -> str:
    return "; ".join(each_line(texts))
