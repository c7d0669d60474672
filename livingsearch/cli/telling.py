"""Commands of `report` that tell what happened: update, audit, methods."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from livingsearch.cli.show import show_json
from livingsearch.cli.state import State
from livingsearch.cli.work import AsJson, ReviewName
from livingsearch.services.update_report import update_report
from livingsearch.services.update_report_text import LISTED, update_report_markdown
from livingsearch.store.received import write_whole

_EXAMPLE = "peer-support-personality-disorder"
_To = Annotated[
    Path | None, typer.Option("--to", help="Write it to this file instead.", dir_okay=False, show_default=False)
]


def add_to(reports: typer.Typer) -> None:
    """Adds these commands to `report`."""
    reports.command(
        "update",
        epilog=f"Example: livingsearch report update {_EXAMPLE}\n\n"
        f"Example: livingsearch report update {_EXAMPLE} --update 2 --to update-2.md",
    )(update)


def update(
    context: typer.Context,
    review: ReviewName,
    number: Annotated[
        int | None, typer.Option("--update", min=1, help="The update; else the newest one.", show_default=False)
    ] = None,
    listed: Annotated[int, typer.Option(min=1, help="Rows of a list at most.")] = LISTED,
    to: _To = None,
    as_json: AsJson = False,
) -> None:
    """Tell what an update brought, as Markdown: retracted, found late, waiting for a person, new, vanished, changed.

    A closed update is told as it was frozen; what waits for a person is told as it stands now.
    """
    state: State = context.obj
    with state.review(review) as opened:
        found = update_report(opened, number)
        if as_json:
            show_json(asdict(found))
            return
        _hand_out(update_report_markdown(opened, found, listed), to)


def _hand_out(text: str, to: Path | None) -> None:
    if to is None:
        typer.echo(text, nl=False)
    else:
        write_whole(to, text.encode())
        typer.echo(f"Written: {to}")
