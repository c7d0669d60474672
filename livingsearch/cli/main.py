"""The command line: each command is a thin shell over one use case of `livingsearch.services`."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from connectors.errors import ConnectorError
from dedup.errors import DedupError
from livingsearch.cli import (
    archiving,
    deduplicating,
    importing,
    pairs,
    publishing,
    read,
    record,
    report,
    returned,
    screening,
    strategy,
    work,
)
from livingsearch.cli.state import State
from livingsearch.errors import LivingSearchError, SearchTextError
from livingsearch.settings import Settings, read_settings

app = typer.Typer(
    name="livingsearch",
    help="Keeps the search of a systematic review alive.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
work.add_to(app)
importing.add_to(app)
deduplicating.add_to(app)
read.add_to(app)
returned.add_to(app)
screening.add_to(app)
publishing.add_to(app)
record.add_to(app)
report.add_to(app)
pairs.add_to(app)
strategy.add_to(app)
archiving.add_to(app)


@app.callback()
def set_up(
    context: typer.Context,
    workspace: Annotated[
        Path | None,
        typer.Option(help="Folder of the reviews; else LIVINGSEARCH_WORKSPACE, else ./workspace.", show_default=False),
    ] = None,
) -> None:
    """Keeps the search of a systematic review alive."""
    given: Settings | None = context.obj
    context.obj = State(given or read_settings(workspace))


def run(words: Sequence[str] | None = None, settings: Settings | None = None) -> int:
    """Runs one command.

    Args:
        words: of the command line, without the program's name; those of this process where None.
        settings: of the machine; read from the environment and `--workspace` where None.

    Returns:
        The exit code: 0, 1 for a failure that has a reason (one line on standard error, and the place
        where it is in a search), 2 for words that are no
        command.
    """
    try:
        app(args=words, obj=settings)
    except SystemExit as done:
        return done.code if isinstance(done.code, int) else 0
    except (LivingSearchError, ConnectorError, DedupError) as error:
        typer.echo("Error: " + " ".join(str(error).split()), err=True)
        if isinstance(error, SearchTextError) and error.underlined:
            typer.echo(error.underlined, err=True)
        return 1
    return 0


def main() -> None:
    """The program."""
    sys.exit(run())


if __name__ == "__main__":
    main()
