"""The command line: each command is a thin shell over one use case of `livingsearch.services`."""

import gc
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from connectors.errors import ConnectorError
from livingsearch.cli.lazily import loaded_on_demand
from livingsearch.cli.state import State
from livingsearch.errors import LivingSearchError, SearchTextError
from livingsearch.settings import Settings, read_settings

_HERE = "livingsearch.cli."
COMMANDS = {
    "init": _HERE + "work",
    "search": _HERE + "work",
    "import": _HERE + "work",
    "update": _HERE + "work",
    "batch": _HERE + "work",
    "inbox": _HERE + "importing",
    "dedup": _HERE + "deduplicating",
    "read": _HERE + "read",
    "returned": _HERE + "returned",
    "screen": _HERE + "screening",
    "unscreen": _HERE + "screening",
    "screening": _HERE + "screening",
    "study": _HERE + "screening",
    "studies": _HERE + "screening",
    "totals": _HERE + "screening",
    "publish": _HERE + "publishing",
    "restated": _HERE + "publishing",
    "withdraw": _HERE + "publishing",
    "reopen": _HERE + "publishing",
    "record": _HERE + "record",
    "prisma": _HERE + "prisma",
    "doctor": _HERE + "examining",
    "archive": _HERE + "archiving",
    "restore": _HERE + "archiving",
    "report": _HERE + "report",
    "pairs": _HERE + "pairs",
    "strategy": _HERE + "strategy",
}
"""The module that adds each command, in the order of the help; it is imported when its command is asked for."""

app = typer.Typer(
    name="livingsearch",
    cls=loaded_on_demand(COMMANDS),
    help="Keeps the search of a systematic review alive.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


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
    except (LivingSearchError, ConnectorError) as error:
        return _told(error)
    except Exception as error:
        # Imported here since all of `dedup` comes with it: where one of its errors is raised, it is loaded already.
        from dedup.errors import DedupError

        if isinstance(error, DedupError):
            return _told(error)
        raise
    return 0


def _told(error: Exception) -> int:
    """The exit code of a failure, after its reason was written to standard error."""
    typer.echo("Error: " + " ".join(str(error).split()), err=True)
    if isinstance(error, SearchTextError) and error.underlined:
        typer.echo(error.underlined, err=True)
    return 1


def main() -> None:
    """The program."""
    # Arrow's own allocator keeps giving memory back to the system and asking for it again: a twentieth of the time.
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    # NumPy starts threads for linear algebra, of which there is none here, and they spin for a while.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    code = run()
    # What is left goes with the process; without this Python searches all of it for cycles first, which takes longer
    # than many a command.
    gc.freeze()
    sys.exit(code)


if __name__ == "__main__":
    main()
