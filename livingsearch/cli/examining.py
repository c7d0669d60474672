"""The command that examines the machine and the reviews."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from livingsearch.cli.as_json import AsJson, show_json
from livingsearch.cli.state import State
from livingsearch.services.doctor import Check, examine


def add_to(app: typer.Typer) -> None:
    """Adds the command to the program."""
    app.command(epilog="Example: livingsearch doctor")(doctor)


def doctor(
    context: typer.Context,
    reviews: Annotated[
        list[str] | None, typer.Argument(help="Reviews to examine; else all.", show_default=False)
    ] = None,
    network: Annotated[bool, typer.Option("--network", help="Also ask each source with an API.")] = False,
    as_json: AsJson = False,
) -> None:
    """Examine the machine and the reviews: files unchanged, counts derivable, settings complete."""
    state: State = context.obj
    checks = list(examine(state.settings, tuple(reviews or ()), network=network))
    _show_checks(checks, as_json=as_json)
    if not all(c.ok for c in checks):
        raise typer.Exit(1)


def _show_checks(checks: Iterable[Check], *, as_json: bool) -> None:
    if as_json:
        show_json([asdict(c) for c in checks])
        return
    table = Table(box=None, show_header=False)
    for check in checks:
        table.add_row(Text("ok" if check.ok else "FAULT"), Text(check.name), Text(check.told))
    Console(highlight=False).print(table)
