"""The command that shows one record with all its details."""

from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from livingsearch.cli.arguments import ReviewName
from livingsearch.cli.as_json import AsJson, show_json
from livingsearch.cli.state import State
from livingsearch.services.record_told import told_fields
from livingsearch.services.record_view import RecordView, record_views

_EXAMPLE = "peer-support-personality-disorder"


def add_to(app: typer.Typer) -> None:
    """Adds this command to the program."""
    app.command(epilog=f"Example: livingsearch record {_EXAMPLE} 90000062 --source pubmed")(record)


def record(
    context: typer.Context,
    review: ReviewName,
    accession: Annotated[
        str, typer.Argument(help="The record's number in its source; of PubMed the PMID.", show_default=False)
    ],
    source: Annotated[
        str | None, typer.Option(help="The source that brought it; else all that did.", show_default=False)
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show one record with all that is stored of it: fields, report, versions, and PubMed's details.

    Of records that came as PubMed XML: subject headings with * on main topics, corrections, history, grants and the
    rest. The fields of earlier versions stand in --json.
    """
    state: State = context.obj
    with state.review(review) as opened:
        views = record_views(opened, accession, source)
    if as_json:
        show_json({"review": review, "records": [asdict(view) for view in views]})
        return
    console = Console(highlight=False)
    for view in views:
        _show(console, view)


def _show(console: Console, view: RecordView) -> None:
    again = f", occurrence {view.occurrence}" if view.occurrence > 1 else ""
    console.print(Text(f"{view.source} {view.accession}{again}, report {view.report or 'not compared yet'}", "bold"))
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(no_wrap=True, style="dim")
    table.add_column(overflow="fold")
    for name, told in told_fields(view.fields):
        table.add_row(Text(name), Text(told))
    for report, relation in view.related:
        table.add_row("related to", Text(f"{report} ({relation})"))
    if view.details:
        table.add_row()
        table.add_row(Text("In PubMed", "bold"))
        for name, told in told_fields(view.details):
            table.add_row(Text(name), Text(told))
    table.add_row()
    for version in view.versions:
        runs = "; ".join(
            f"run {run.run_id} of update {run.update}, searched {run.date_searched}" for run in version.runs
        )
        changed = f" (changed: {', '.join(version.changed)})" if version.changed else ""
        table.add_row(Text(f"Version {version.version}"), Text(f"{runs}{changed}"))
    console.print(table)
    console.print()
