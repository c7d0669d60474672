"""The command report changes."""

from dataclasses import asdict
from typing import Annotated

import typer

from livingsearch.cli.arguments import ReviewName
from livingsearch.cli.as_json import AsJson, show_json
from livingsearch.cli.show_changes import show_changes
from livingsearch.cli.state import State
from livingsearch.services.changes import record_changes


def add_to(reports: typer.Typer) -> None:
    """Adds the command to the reports."""
    reports.command("changes", epilog="Example: livingsearch report changes peer-support-personality-disorder")(changes)


def changes(
    context: typer.Context,
    review: ReviewName,
    update: Annotated[
        int | None, typer.Option(min=1, help="The update; else the newest one.", show_default=False)
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show what an update changed in known records: retracted or corrected ones first, then vanished and changed ones.

    A closed update is shown as it was frozen. Long lists are cut on screen; with --json everything is there.
    """
    state: State = context.obj
    with state.review(review) as opened:
        found = record_changes(opened, update)
    if as_json:
        show_json({"review": review, **asdict(found)})
    else:
        show_changes(found)
