"""A batch as EndNote XML, as EndNote itself exports a library.

The elements, their order and the `style` element around every text are those of files that EndNote writes,
because importers were made for these. The report's id stands three times: as the address under
`related-urls`, first in `notes` as `recid:R000123`, and as `label`, which EndNote shows as a column of its own.
The program that wrote the file is named as it is; nothing pretends to be EndNote.
"""

import re
from collections.abc import Iterable, Iterator
from html import escape

from livingsearch.exports.report import (
    NO_TITLE,
    BatchReport,
    bare_doi,
    each_line,
    one_line,
)
from livingsearch.exports.ris import address_of, notes_of, reference_type

HEAD = b'<?xml version="1.0" encoding="UTF-8" ?>\n<xml><records>\n'
TAIL = b"</records></xml>\n"

_REF_TYPES = {
    "JOUR": ("Journal Article", 17),
    "BOOK": ("Book", 6),
    "CHAP": ("Book Section", 5),
    "CONF": ("Conference Proceedings", 10),
    "RPRT": ("Report", 27),
    "THES": ("Thesis", 32),
}
"""EndNote's names and numbers for the types of RIS."""

_DIGITS = re.compile(r"[0-9]{1,18}")


def endnote_record(report: BatchReport) -> bytes:
    """Write one report as a `record` element.

    Args:
        report: to write; what XML cannot hold is left out as `one_line` does.

    Returns:
        The element on one line, UTF-8.
    """
    return f"<record>{''.join(_elements(report))}</record>\n".encode()


def _elements(report: BatchReport) -> Iterator[str]:
    name, number = _REF_TYPES[reference_type(report.publication_types)]
    digits = _DIGITS.search(report.report_id)
    journal = one_line(report.journal or report.journal_abbreviation or "")
    abbreviation = one_line(report.journal_abbreviation or "")
    yield '<source-app name="livingsearch">livingsearch</source-app>'
    if digits:
        yield f"<rec-number>{int(digits[0])}</rec-number>"
    yield f'<ref-type name="{name}">{number}</ref-type>'
    yield _nested("contributors", "authors", _all("author", each_line(report.authors)))
    titles = _one("title", one_line(report.title or "") or NO_TITLE) + _one("secondary-title", journal)
    yield f"<titles>{titles}</titles>"
    periodical = _one("full-title", journal) + _one("abbr-1", abbreviation)
    yield f"<periodical>{periodical}</periodical>" if periodical else ""
    yield _one("pages", one_line(report.pages or ""))
    yield _one("volume", one_line(report.volume or ""))
    yield _one("number", one_line(report.issue or ""))
    yield _nested("keywords", None, _all("keyword", each_line(report.keywords)))
    yield _nested("dates", None, _one("year", "" if report.year is None else str(report.year)))
    yield _one("isbn", "; ".join(each_line(report.issns)))
    yield _one("accession-num", next(iter(each_line(report.accessions)), ""))
    yield _one("label", one_line(report.report_id))
    yield _one("abstract", one_line(report.abstract or ""))
    yield _one("notes", " | ".join(notes_of(report)))
    yield _nested("urls", "related-urls", _one("url", address_of(report)))
    yield _one("electronic-resource-num", bare_doi(report.doi or ""))
    yield _one("remote-database-name", "; ".join(each_line(report.sources)))
    yield _one("language", "; ".join(each_line(report.languages)))


def _one(tag: str, text: str) -> str:
    if not text:
        return ""
    return f'<{tag}><style face="normal" font="default" size="100%">{escape(text)}</style></{tag}>'


def _all(tag: str, texts: Iterable[str]) -> str:
    return "".join(_one(tag, text) for text in texts)


def _nested(outer: str, inner: str | None, content: str) -> str:
    if not content:
        return ""
    return f"<{outer}><{inner}>{content}</{inner}></{outer}>" if inner else f"<{outer}>{content}</{outer}>"
