"""Which reports are included in the review, for tables that hold sources against them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from connectors.fields import doi_in
from livingsearch.errors import ReportRefused
from livingsearch.ledger.search_summary import IncludedReport, sources_of_reports
from livingsearch.ledger.standing import make_standing
from livingsearch.review import Known
from livingsearch.services.known_articles import reports_of_known

_PMID = re.compile(r"(?:pmid:?\s*|(?:https?://)?pubmed\.ncbi\.nlm\.nih\.gov/)?0*([1-9]\d{0,8})/?", re.IGNORECASE)
_LARGEST = 4_000_000
"""Characters of a list; more is no list of included studies."""

_DECIDED = """
SELECT s.report_id, coalesce(arg_max(v.title, v.version), 'untitled')
FROM at_standing s LEFT JOIN record_version v ON v.record_id = s.record_id
WHERE s.state = 'included' GROUP BY s.report_id ORDER BY s.report_id
"""

_LATEST = """
SELECT DISTINCT m.report_id
FROM record_version v JOIN at_member m USING (record_id)
WHERE v.{column} = $value
"""


@dataclass(frozen=True, slots=True)
class Named:
    """An included report as a person named it.

    Attributes:
        name: for people.
        doi: normalised.
        pmid: of PubMed.
    """

    name: str
    doi: str | None
    pmid: str | None


def named_in(file: Path) -> tuple[Named, ...]:
    """Read a list of included reports.

    Args:
        file: a DOI or a PMID on each line, with or without an address before it; empty lines and those that begin
            with `#` are passed over.

    Returns:
        Each once, in the file's order.

    Raises:
        ReportRefused: the file cannot be read, is empty, or a line holds neither.
    """
    try:
        text = file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ReportRefused(f"The list of included reports {file} cannot be read: {error}.") from error
    if len(text) > _LARGEST:
        raise ReportRefused(f"{file} is too large for a list of included reports: {len(text):,} characters.")
    found = tuple(dict.fromkeys(_named(file, text)))
    if not found:
        raise ReportRefused(f"{file} names no report; write a DOI or a PMID on each line.")
    return found


def _named(file: Path, text: str) -> Iterator[Named]:
    for number, line in enumerate(text.splitlines(), 1):
        said = line.strip()
        if not said or said.startswith("#"):
            continue
        pmid = _PMID.fullmatch(said)
        doi = None if pmid else doi_in(said)
        if pmid is None and doi is None:
            raise ReportRefused(f"{file}, line {number}: {said[:60]!r} is neither a DOI nor a PMID.")
        yield Named(f"PMID {pmid[1]}" if pmid else str(doi), doi, pmid[1] if pmid else None)


@dataclass(frozen=True, slots=True)
class IncludedFound:
    """The included reports, and where they are known from.

    Attributes:
        reports: each once, those that no source brought last.
        whose: in words.
    """

    reports: tuple[IncludedReport, ...]
    whose: str


def included_reports(
    con: duckdb.DuckDBPyConnection, *, position: int, named: Sequence[Named], known: Sequence[Known]
) -> IncludedFound:
    """The included reports with the sources that brought them.

    Args:
        con: with the tables of `at_position.make_tables`.
        position: of these tables.
        named: as a person listed them; where empty, the reports that reviewers included, and where there are none
            the known articles.
        known: of the review's file.

    Returns:
        One each, also where no source brought it. Two names of one report are one.
    """
    if named:
        reports = [(one.name, _reports_of(con, one)) for one in named]
        return IncludedFound(_with_sources(con, reports), "given list")
    if decided := _decided(con, position):
        return IncludedFound(_with_sources(con, decided), "decisions of the reviewers")
    reports = [(one.title, found) for one, found in zip(known, reports_of_known(con, known), strict=True)]
    return IncludedFound(_with_sources(con, reports), "known articles in review.toml")


def _decided(con: duckdb.DuckDBPyConnection, position: int) -> list[tuple[str, list[int]]]:
    make_standing(con, position)
    return [(title, [report]) for report, title in con.execute(_DECIDED).fetchall()]


def _with_sources(
    con: duckdb.DuckDBPyConnection, reports: Sequence[tuple[str, list[int]]]
) -> tuple[IncludedReport, ...]:
    held = sources_of_reports(con, sorted({r for _, found in reports for r in found}))
    by_report: dict[int, IncludedReport] = {}
    absent = []
    for name, found in reports:
        # Several where deduplication keeps apart what shares an identifier: the first that a source brought.
        first = next((report for report in sorted(found) if report in held), None)
        if first is None:
            absent.append(IncludedReport(name, None, ()))
        else:
            by_report.setdefault(first, IncludedReport(name, first, held[first]))
    return (*by_report.values(), *absent)


def _reports_of(con: duckdb.DuckDBPyConnection, one: Named) -> list[int]:
    column, value = ("doi", one.doi) if one.doi else ("pmid", one.pmid)
    rows = con.execute(_LATEST.format(column=column), {"value": value}).fetchall()
    return [row[0] for row in rows]
