"""A batch as RIS, in the form that screening tools and reference managers agree on.

UTF-8 without a byte order mark, `TY` first, one author a line, `ER  - ` last. The report's id stands twice:
as the address in `UR` and as `N1  - recid:R000123`, because no single tag survives every tool.
"""

import re
from collections.abc import Iterable
from typing import ClassVar

import rispy
from rispy.config import LIST_TYPE_TAGS

from livingsearch.exports.report import (
    NO_TITLE,
    BatchReport,
    bare_doi,
    each_line,
    one_line,
)

_JOURNAL_TYPES = frozenset({"jour", "journal article", "article", "journal", "article in press"})
_TYPES = {
    "thes": "THES",
    "thesis": "THES",
    "dissertation": "THES",
    "dissertation abstract": "THES",
    "doctoral dissertation": "THES",
    "dissertations, academic": "THES",
    "academic dissertation": "THES",
    "masters thesis": "THES",
    "chap": "CHAP",
    "echap": "CHAP",
    "chapter": "CHAP",
    "book chapter": "CHAP",
    "book section": "CHAP",
    "book": "BOOK",
    "ebook": "BOOK",
    "edited book": "BOOK",
    "authored book": "BOOK",
    "books": "BOOK",
    "rprt": "RPRT",
    "report": "RPRT",
    "technical report": "RPRT",
    "government document": "RPRT",
    "conf": "CONF",
    "cpaper": "CONF",
    "conference paper": "CONF",
    "conference proceeding": "CONF",
    "conference proceedings": "CONF",
}
"""Publication types that are not a journal's; a whole name, since `case reports` is no report."""

_PAGES = re.compile(r"([^\s,;–-]+) ?[–-] ?([^\s,;–-]+)")


class _BatchWriter(rispy.RisWriter):  # type: ignore[misc]
    """rispy's writer without the `1.` before each reference, which other readers take for text."""

    DEFAULT_LIST_TAGS: ClassVar[list[str]] = [*LIST_TYPE_TAGS, "LA", "SN"]

    def set_header(self, count: int) -> str:
        return ""


_WRITER = _BatchWriter()


def ris_reference(report: BatchReport) -> bytes:
    """Write one report as RIS.

    Args:
        report: to write.

    Returns:
        Its lines from `TY` to `ER`, UTF-8, each ended by a line feed.
    """
    return str(_WRITER.formats([_reference(report)])).encode()


def reference_type(publication_types: Iterable[str]) -> str:
    """RIS type of a report.

    Args:
        publication_types: as its source writes them.

    Returns:
        `JOUR` where one of them says journal or none says anything else; else `THES`, `CHAP`, `BOOK`, `RPRT`
        or `CONF`, whichever is named first.
    """
    names = [one_line(name).lower() for name in publication_types]
    if any(name in _JOURNAL_TYPES for name in names):
        return "JOUR"
    return next((_TYPES[name] for name in names if name in _TYPES), "JOUR")


def notes_of(report: BatchReport) -> list[str]:
    """What has no field of its own in the tools, each as `name: value`; the id first, as `recid:R000123`."""
    listed = {
        "sources": report.sources,
        "accessions": report.accessions,
        "other numbers": report.other_numbers,
        "possible duplicates": report.possible_duplicates,
        "related to": report.related,
        "notices": report.notices,
    }
    notes = [f"recid:{one_line(report.report_id)}"]
    if report.update is not None:
        notes.append(f"update: {report.update}")
    if report.pmid:
        notes.append(f"pmid: {one_line(report.pmid)}")
    return notes + [f"{name}: {'; '.join(lines)}" for name, texts in listed.items() if (lines := each_line(texts))]


def address_of(report: BatchReport) -> str:
    """The report's address without the characters at which tools cut a `UR` in two."""
    return one_line(report.url).replace(" ", "%20").replace(";", "%3B")


def _reference(report: BatchReport) -> dict[str, str | list[str]]:
    journal = one_line(report.journal or report.journal_abbreviation or "")
    first, last = _pages(one_line(report.pages or ""))
    reference: dict[str, str | list[str]] = {
        "type_of_reference": reference_type(report.publication_types),
        "title": one_line(report.title or "") or NO_TITLE,
        "authors": each_line(report.authors),
        "year": str(report.year) if report.year is not None else "",
        "secondary_title": journal,
        "journal_name": journal,
        "alternate_title2": one_line(report.journal_abbreviation or ""),
        "volume": one_line(report.volume or ""),
        "number": one_line(report.issue or ""),
        "start_page": first,
        "end_page": last,
        "issn": each_line(report.issns),
        "doi": bare_doi(report.doi or ""),
        "abstract": one_line(report.abstract or ""),
        "keywords": each_line(report.keywords),
        "language": each_line(report.languages),
        "name_of_database": "; ".join(each_line(report.sources)),
        "accession_number": next(iter(each_line(report.accessions)), ""),
        "urls": each_line([address_of(report)]),
        "notes": notes_of(report),
    }
    return {label: value for label, value in reference.items() if value}


def _pages(pages: str) -> tuple[str, str]:
    parts = _PAGES.fullmatch(pages)
    return (parts[1], parts[2]) if parts else (pages, "")
