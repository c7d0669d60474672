"""A batch as PubMed's MEDLINE text (.nbib), for tools that take it.

The tags are those of NLM's MEDLINE/PubMed data element descriptions. The form has no tag for an address, so the
report's id stands in general notes (`GN`), as `recid:R000123` and as the address. A report that no PubMed record
describes has an empty `PMID` line, since a number must not be invented: RIS is the better form for a batch from
several sources.
"""

from collections.abc import Iterator

from livingsearch.exports.report import NO_TITLE, BatchReport, bare_doi, each_line, one_line
from livingsearch.exports.ris import address_of, notes_of


def nbib_record(report: BatchReport) -> bytes:
    """Write one report as MEDLINE text.

    Args:
        report: to write.

    Returns:
        Its lines, UTF-8, each value on one line; no blank line in front or behind.
    """
    return "".join(f"{tag:<4}- {value}\n" for tag, value in _fields(report) if value or tag == "PMID").encode()


def has_no_pmid(report: BatchReport) -> bool:
    """Whether the report's `PMID` line is empty."""
    return not one_line(report.pmid or "")


def initials_of(author: str) -> str:
    """An author as PubMed's `AU` has it: `Barr KR` for `Barr, Karlen R.`."""
    family, _, given = author.partition(", ")
    letters = "".join(word[0] for word in given.replace("-", " ").split() if word[0].isalpha())
    return f"{family} {letters}".rstrip()


def _fields(report: BatchReport) -> Iterator[tuple[str, str]]:
    doi = bare_doi(report.doi or "")
    yield "PMID", one_line(report.pmid or "")
    for issn in each_line(report.issns):
        yield "IS", issn
    yield "VI", one_line(report.volume or "")
    yield "IP", one_line(report.issue or "")
    yield "DP", "" if report.year is None else str(report.year)
    yield "TI", one_line(report.title or "") or NO_TITLE
    yield "PG", one_line(report.pages or "")
    yield "LID", f"{doi} [doi]" if doi else ""
    yield "AB", one_line(report.abstract or "")
    for author in each_line(report.authors):
        if ", " in author:
            yield "FAU", author
            yield "AU", initials_of(author)
        else:
            yield "CN", author
    for language in each_line(report.languages):
        yield "LA", language
    for kind in each_line(report.publication_types):
        yield "PT", kind
    yield "TA", one_line(report.journal_abbreviation or "")
    yield "JT", one_line(report.journal or report.journal_abbreviation or "")
    for keyword in each_line(report.keywords):
        yield "OT", keyword
    yield "AID", f"{doi} [doi]" if doi else ""
    for note in notes_of(report):
        yield "GN", note
    yield "GN", address_of(report)
