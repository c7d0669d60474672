"""The command report import."""

from typing import Annotated

import typer

from livingsearch.cli.arguments import ReviewName
from livingsearch.cli.as_json import AsJson
from livingsearch.cli.show_run import show_run
from livingsearch.cli.state import State
from livingsearch.services.import_reports import import_report


def add_to(reports: typer.Typer) -> None:
    """Adds the command to the reports."""
    reports.command("import", epilog="Example: livingsearch report import peer-support-personality-disorder 1")(import_)


def import_(
    context: typer.Context,
    review: ReviewName,
    run: Annotated[int, typer.Argument(min=1, help="The import's number, as import and prisma-s name it.")],
    as_json: AsJson = False,
) -> None:
    """Show what an import brought, as it was shown when it was made: counts, notes, what each file held."""
    state: State = context.obj
    with state.review(review) as opened:
        found = import_report(opened, run)
    show_run(found, as_json=as_json)
