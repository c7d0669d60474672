"""Commands that tabulate and plot a review's sources: report overlap, contribution, summary, over-time."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from livingsearch.cli.arguments import ReviewName
from livingsearch.cli.output import FormOption, ToOption, give
from livingsearch.cli.state import State
from livingsearch.services.context import ReviewContext
from livingsearch.services.included import named_in
from livingsearch.services.source_reports import (
    SourceReport,
    contribution_report,
    over_time_report,
    overlap_report,
    rendered,
    summary_report,
)

_EXAMPLE = "Example: livingsearch report {} peer-support-personality-disorder --to {}"

UpdateOption = Annotated[
    int | None,
    typer.Option("--update", min=1, help="Only records that this update counted first.", show_default=False),
]


def add_to(reports: typer.Typer) -> None:
    """Adds these commands to the reports."""
    reports.command(epilog=_EXAMPLE.format("overlap", "upset.png"))(overlap)
    reports.command(epilog=_EXAMPLE.format("contribution", "contribution.csv"))(contribution)
    reports.command(epilog=_EXAMPLE.format("summary", "summary.md") + " --included included.txt")(summary)
    reports.command("over-time", epilog=_EXAMPLE.format("over-time", "records.svg"))(over_time)


def overlap(
    context: typer.Context,
    review: ReviewName,
    update: UpdateOption = None,
    form: FormOption = None,
    to: ToOption = None,
) -> None:
    """Show which sources hold the same reports: unique, shared, by pair; as svg or png an UpSet plot.

    Forms: md, csv, json, svg, png.
    """
    _give(context, review, lambda opened: overlap_report(opened, update), form, to)


def contribution(
    context: typer.Context,
    review: ReviewName,
    update: UpdateOption = None,
    form: FormOption = None,
    to: ToOption = None,
) -> None:
    """Show what each source contributed: records kept and removed under the declared priority, reports, credit.

    Forms: md, csv, json, svg, png.
    """
    _give(context, review, lambda opened: contribution_report(opened, update), form, to)


def summary(
    context: typer.Context,
    review: ReviewName,
    included: Annotated[
        Path | None,
        typer.Option(
            help="List of the included reports, a DOI or PMID a line; else what reviewers included, else [[known]].",
            dir_okay=False,
            show_default=False,
        ),
    ] = None,
    form: FormOption = None,
    to: ToOption = None,
) -> None:
    """Hold the sources against the included studies: sensitivity, precision, number needed to read.

    Forms: md, csv, json, svg, png.
    """
    named = named_in(included) if included is not None else ()
    _give(context, review, lambda opened: summary_report(opened, named), form, to)


def over_time(context: typer.Context, review: ReviewName, form: FormOption = None, to: ToOption = None) -> None:
    """Show the records of every update: already known, duplicates, new to screen.

    Forms: md, csv, json, svg, png.
    """
    _give(context, review, over_time_report, form, to)


def _give(
    context: typer.Context,
    review: str,
    made: Callable[[ReviewContext], SourceReport],
    form: str | None,
    to: Path | None,
) -> None:
    state: State = context.obj
    with state.review(review) as opened:
        content = rendered(made(opened), form, to)
    give(content, to, "Report")
