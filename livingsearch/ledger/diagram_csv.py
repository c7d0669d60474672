"""A flow as the CSV that the R package PRISMA2020 reads (Haddaway 2022, 10.1002/cl2.1230).

The package finds rows by the key in `data` and boxes by `box`; its template has the columns, keys, nodes and boxes
that stand here. It reads reasons and sources as `text, number; text, number`, so that commas and semicolons inside a
text are written as dashes. A number that nobody reported is `NA`, R's word for it.
"""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from livingsearch.ledger.together import NOTHING
from livingsearch.ledger.whole_flow import NOT_REPORTED, Count, Retrieval, WholeFlow
from livingsearch.ledger.wording import plain

COLUMNS = ("data", "node", "box", "description", "boxtext", "tooltips", "url", "n")
"""Of the package's template."""

_NA = "NA"
_ZERO = Count(0)
_NO_RETRIEVAL = Retrieval(_ZERO, _ZERO, _ZERO, _ZERO, (), _ZERO, _ZERO)


@dataclass(frozen=True, slots=True)
class _Row:
    """A row: where a number goes, in the package's words, and the name of the statement in our diagrams."""

    data: str
    node: str
    box: str
    description: str
    boxtext: str
    name: str
    n: str


def prisma2020_csv(flow: WholeFlow, links: Mapping[str, str] | None = None) -> str:
    """Write a flow for the R package PRISMA2020.

    Args:
        flow: one update, or several together; a column that the review does not have is written as zeros.
        links: addresses by the name of a statement, as for the SVG diagram.

    Returns:
        The CSV's text, with line feeds.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in _rows(flow):
        url = (links or {}).get(row.name, _NA)
        writer.writerow((row.data, row.node, row.box, row.description, row.boxtext, row.description, url, row.n))
    return out.getvalue()


def _rows(flow: WholeFlow) -> Iterable[_Row]:
    yield from _identification(flow)
    yield from _screening(flow)
    yield from _included(flow)
    for node, word in (("node1", "Identification"), ("node2", "Screening"), ("node3", "Included")):
        yield _Row(word.lower(), node, word.lower(), f"Blue {word.lower()} box", word, "", "0")


def _identification(flow: WholeFlow) -> Iterable[_Row]:
    found, other = flow.identification, flow.other
    previous = flow.previous or NOTHING
    yield _title("node4", "prevstud", "Grey title box; Previous studies", "Previous studies")
    words = "Studies included in previous version of review"
    yield _row("previous_studies", "node5", "box1", words, words, "previous-studies", previous.studies)
    words = "Reports of studies included in previous version of review"
    yield _row("previous_reports", _NA, "box1", words, words, "previous-reports", previous.reports)
    words = "Identification of new studies via databases and registers"
    yield _title("node6", "newstud", f"Yellow title box; {words}", words)
    of = "Records identified from"
    yield _row("database_results", "node7", "box2", f"{of}: Databases", "Databases", "databases", found.databases)
    yield _sources(flow, "database", f"{of}: specific databases", "Specific Databases")
    yield _row("register_results", _NA, "box2", f"{of}: Registers", "Registers", "registers", found.registers)
    yield _sources(flow, "register", f"{of}: specific registers", "Specific Registers")
    words = "Identification of new studies via other methods"
    yield _title("node16", "othstud", f"Grey title box; {words}", words)
    for data, node, word, count in (
        ("website_results", "node17", "Websites", other.websites if other else _ZERO),
        ("organisation_results", _NA, "Organisations", other.organisations if other else _ZERO),
        ("citations_results", _NA, "Citation searching", other.citation_searching if other else _ZERO),
    ):
        yield _row(data, node, "box11", f"{of}: {word}", word, word.lower().replace(" ", "-"), count)
    words = "Duplicate records"
    yield _row("duplicates", "node8", "box3", words, words, "duplicates", found.duplicates_removed)
    words = "Records marked as ineligible by automation tools"
    yield _row("excluded_automatic", _NA, "box3", words, words, "automation", found.automation)
    words = "Records removed for other reasons"
    yield _row("excluded_other", _NA, "box3", words, words, "other-reasons", found.other_reasons)


def _screening(flow: WholeFlow) -> Iterable[_Row]:
    of = "(databases and registers)"
    screened, excluded = flow.screening.screened, flow.screening.excluded
    words = "Records screened"
    yield _row("records_screened", "node9", "box4", f"{words} {of}", words, "screened", screened)
    words = "Records excluded"
    yield _row("records_excluded", "node10", "box5", f"{words} {of}", words, "records-excluded", excluded)
    other = flow.other.reports if flow.other else _NO_RETRIEVAL
    yield from _retrieval(flow.reports, "dbr", of, "", (11, 12), (6, 7))
    yield from _retrieval(other, "other", "(other)", "other-", (18, 19), (12, 13))
    yield from _eligibility(flow.reports, "dbr", of, "", (13, 14), (8, 9))
    yield from _eligibility(other, "other", "(other)", "other-", (20, 21), (14, 15))


def _retrieval(
    reports: Retrieval, key: str, of: str, name: str, nodes: tuple[int, int], boxes: tuple[int, int]
) -> Iterable[_Row]:
    for data, words, ours, count, node, box in (
        ("sought_reports", "Reports sought for retrieval", "sought", reports.sought, nodes[0], boxes[0]),
        ("notretrieved_reports", "Reports not retrieved", "not-retrieved", reports.not_retrieved, nodes[1], boxes[1]),
    ):
        yield _row(f"{key}_{data}", f"node{node}", f"box{box}", f"{words} {of}", words, f"{name}{ours}", count)


def _eligibility(
    reports: Retrieval, key: str, of: str, name: str, nodes: tuple[int, int], boxes: tuple[int, int]
) -> Iterable[_Row]:
    words = "Reports assessed for eligibility"
    node, box = f"node{nodes[0]}", f"box{boxes[0]}"
    yield _row(f"{key}_assessed", node, box, f"{words} {of}", words, f"{name}assessed", reports.assessed)
    listed = _listed((reason.text, reason.reports) for reason in reports.reasons) or _n(reports.excluded)
    words = "Reports excluded"
    node, box = f"node{nodes[1]}", f"box{boxes[1]}"
    yield _Row(f"{key}_excluded", node, box, f"{words} {of}", words, f"{name}reports-excluded", listed)


def _included(flow: WholeFlow) -> Iterable[_Row]:
    total = flow.total or flow.new
    for data, node, box, words, name, count in (
        ("new_studies", "node15", "box10", "New studies included in review", "included-studies", flow.new.studies),
        ("new_reports", _NA, "box10", "Reports of new included studies", "included-reports", flow.new.reports),
        ("total_studies", "node22", "box16", "Total studies included in review", "total-studies", total.studies),
        ("total_reports", _NA, "box16", "Reports of total included studies", "total-reports", total.reports),
    ):
        yield _row(data, node, box, words, words, name, count)


def _sources(flow: WholeFlow, kind: str, description: str, boxtext: str) -> _Row:
    listed = _listed(
        (source.label or source.slug, source.identified if source.searched else NOT_REPORTED)
        for source in flow.identification.sources
        if source.kind == kind
    )
    return _Row(f"{kind}_specific_results", _NA, "box2", description, boxtext, "", listed or _NA)


def _row(data: str, node: str, box: str, description: str, boxtext: str, name: str, count: Count) -> _Row:
    return _Row(data, node, box, description, boxtext, name, _n(count))


def _title(node: str, box: str, description: str, boxtext: str) -> _Row:
    return _Row(_NA, node, box, description, boxtext, "", "0")


def _listed(named: Iterable[tuple[str, Count]]) -> str:
    listed = "; ".join(f"{plain(text).translate(_DASHES) or 'unnamed'}, {_n(count)}" for text, count in named)
    # A spreadsheet would run this as a formula.
    return f"'{listed}" if listed.startswith(("=", "+", "-", "@")) else listed


_DASHES = str.maketrans({",": " –", ";": " –"})


def _n(count: Count) -> str:
    return _NA if count.value is None else str(count.value)
