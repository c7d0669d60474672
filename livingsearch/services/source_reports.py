"""Tables and plots of a review's sources: overlap, contribution, search summary, records over time."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import duckdb

from livingsearch.errors import ReportRefused
from livingsearch.ledger.at_position import declared_at, make_tables
from livingsearch.ledger.contribution import contributions, records_by_source
from livingsearch.ledger.diagram_image import png_of
from livingsearch.ledger.over_time import records_over_time
from livingsearch.ledger.overlap import source_sets
from livingsearch.ledger.plots import Spec, contribution_plot, plot_svg, time_plot, upset_plot, yield_plot
from livingsearch.ledger.search_summary import yields
from livingsearch.ledger.tables import DataTable, csv_of, json_of, markdown_of
from livingsearch.services.context import ReviewContext
from livingsearch.services.included import Named, included_reports
from livingsearch.services.output_forms import form_for
from livingsearch.services.reporting import review_counts
from livingsearch.services.source_tables import (
    contribution_table,
    matrix_table,
    overlap_table,
    sets_table,
    summary_table,
    time_table,
    updates_table,
)
from livingsearch.store import log_position

ReportForm = Literal["md", "csv", "json", "svg", "png"]
REPORT_FORMS: tuple[ReportForm, ...] = ("md", "csv", "json", "svg", "png")

_LABELS = "SELECT source, arg_max(source_label, run_id) FROM at_counting GROUP BY source ORDER BY source"


@dataclass(frozen=True, slots=True)
class SourceReport:
    """One report.

    Attributes:
        tables: the first one is what CSV holds.
        plot: a Vega-Lite specification.
    """

    tables: tuple[DataTable, ...]
    plot: Spec


def rendered(report: SourceReport, form: str | None, to: Path | None) -> bytes:
    """A report in a form.

    Args:
        report: what it says.
        form: one of `REPORT_FORMS`; None for what the file's name says.
        to: the file that it goes to; None for the terminal.

    Returns:
        The file's content: Markdown and JSON hold all tables, CSV the first one, SVG and PNG the plot.

    Raises:
        ReportRefused: there is no such form, or it cannot go to a terminal.
    """
    chosen = form_for(REPORT_FORMS, form, to, "md")
    if chosen == "png":
        return png_of(plot_svg(report.plot))
    if chosen == "svg":
        return plot_svg(report.plot).encode()
    if chosen == "csv":
        return csv_of(report.tables[0]).encode()
    return (json_of(report.tables) if chosen == "json" else markdown_of(report.tables)).encode()


def overlap_report(context: ReviewContext, update: int | None = None) -> SourceReport:
    """Unique and shared reports, pairs of sources, an UpSet plot.

    Args:
        context: the review.
        update: only records that this update counted first; None for all.

    Raises:
        ReportRefused: nothing is counted yet.
        StoreError: the database.
    """
    with _tables(context) as (con, _, _):
        labels = _labels(con, context)
        sets = source_sets(con, update)
    _require(bool(sets), context, update)
    return SourceReport((overlap_table(sets, labels), sets_table(sets, labels)), upset_plot(sets, labels))


def contribution_report(context: ReviewContext, update: int | None = None) -> SourceReport:
    """What each source contributed; arguments and errors as for `overlap_report`."""
    with _tables(context) as (con, _, preferred):
        labels = _labels(con, context)
        sets = source_sets(con, update)
        records = records_by_source(con, update)
    _require(bool(records), context, update)
    rows = contributions(records, sets, list(labels))
    return SourceReport((contribution_table(rows, labels, preferred),), contribution_plot(rows, labels))


def summary_report(context: ReviewContext, included: Sequence[Named] = ()) -> SourceReport:
    """The search summary table.

    Args:
        context: the review.
        included: the included reports; where empty, those that reviewers included, else the known articles.

    Raises:
        ReportRefused: nothing is counted yet, or no included report is known.
        StoreError: the database.
    """
    with _tables(context) as (con, position, _):
        labels = _labels(con, context)
        records = records_by_source(con)
        _require(bool(records), context, None)
        found = included_reports(con, position=position, named=included, known=context.review.known)
    if not found.reports:
        raise ReportRefused(
            f"No included study of {context.review.slug} is known: name them with --included FILE, "
            "or as [[known]] in review.toml."
        )
    rows = yields(found.reports, records, list(labels))
    tables = (summary_table(rows, found.reports, labels, found.whose), matrix_table(found.reports, labels))
    return SourceReport(tables, yield_plot(rows, labels))


def over_time_report(context: ReviewContext) -> SourceReport:
    """Records of every update, the open one included.

    Raises:
        ReportRefused: there is no update yet.
        StoreError: the database.
    """
    counts = review_counts(context)
    flows = [*counts.closed, *([counts.open] if counts.open else [])]
    _require(bool(flows), context, None)
    rows = records_over_time(flows)
    still_open = counts.open.update if counts.open else None
    return SourceReport((time_table(rows, still_open), updates_table(rows)), time_plot(rows))


@contextmanager
def _tables(context: ReviewContext) -> Iterator[tuple[duckdb.DuckDBPyConnection, int, tuple[str, ...]]]:
    """A connection with the tables of now, the position of the log, and the priority of the sources."""
    with context.store.read() as con:
        position = log_position(con)
        declared = declared_at(con, position)
        preferred = declared.preferred if declared.sources else tuple(context.preferred())
        make_tables(con, position, preferred)
        yield con, position, preferred


def _labels(con: duckdb.DuckDBPyConnection, context: ReviewContext) -> dict[str, str]:
    """Sources in the order of the review's file; those that it declares no more come last."""
    declared = {s.slug: s.label for s in context.counted_sources()}
    counted = dict(con.execute(_LABELS).fetchall())
    return declared | {slug: label for slug, label in counted.items() if slug not in declared}


def _require(there: bool, context: ReviewContext, update: int | None) -> None:
    if not there:
        where = "" if update is None else f" by update {update}"
        raise ReportRefused(
            f"No record of {context.review.slug} is counted yet{where}; run: livingsearch update {context.review.slug}"
        )
