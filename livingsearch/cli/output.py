"""Options of commands that draw or tabulate, and where their results go."""

from pathlib import Path
from typing import Annotated

import typer

from livingsearch.store.received import write_whole

FormOption = Annotated[
    str | None, typer.Option("--format", help="The form; else as the file's name ends.", show_default=False)
]
ToOption = Annotated[
    Path | None,
    typer.Option("--to", help="Write to this file; else to the terminal.", dir_okay=False, show_default=False),
]


def give(content: bytes, to: Path | None, what: str) -> None:
    """Writes a result to its file, or prints it."""
    if to is None:
        typer.echo(content.decode(), nl=False)
        return
    write_whole(to, content)
    typer.echo(f"{what}: {to}")
