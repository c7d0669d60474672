"""The command line: each command is a thin shell over one use case of `livingsearch.services`."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from connectors.errors import ConnectorError
from dedup.errors import DedupError
from livingsearch.cli import report, work
from livingsearch.cli.state import State
from livingsearch.errors import LivingSearchError
from livingsearch.settings import Settings

app = typer.Typer(
    name="livingsearch",
    help="Keeps the search of a systematic review alive.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
work.add_to(app)
report.add_to(app)


@app.callback()
def set_up(
    context: typer.Context,
    workspace: Annotated[
        Path | None,
        typer.Option(help="Folder of the reviews; else LIVINGSEARCH_WORKSPACE, else ./workspace.", show_default=False),
    ] = None,
) -> None:
    """Keeps the search of a systematic review alive."""
    context.obj = State(Settings() if workspace is None else Settings(workspace=workspace))


def main() -> None:
    """Runs the command line; every failure that has a reason is one line and exit code 1."""
    try:
        app()
    except (LivingSearchError, ConnectorError, DedupError) as error:
        typer.echo(f"Error: {error}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
