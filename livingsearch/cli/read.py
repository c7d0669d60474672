"""The command that looks at exports without a review."""

import json
from pathlib import Path
from typing import Annotated

import typer

from connectors.exports import MAPPABLE, PLATFORMS
from livingsearch.cli.as_json import AsJson
from livingsearch.cli.numbers import counted
from livingsearch.cli.show_file import show_file
from livingsearch.cli.state import State
from livingsearch.services.file_reports import report_to_dict
from livingsearch.services.look import Look, Unread, columns_from
from livingsearch.strategy.plain_text import on_one_line


def add_to(app: typer.Typer) -> None:
    """Adds the command to the program."""
    base = "Example: livingsearch read data/samples/base"
    app.command(
        epilog=f"{base}/ovid-medline.ris\n\n{base}/ovid-medline.ris data/samples/base/pubmed.xml --json\n\n"
        f"{base}/ebsco-cinahl.ris --to records.csv"
    )(read)


def read(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(help="Exports, gzip and zip files of them too.")],
    platform: Annotated[
        str | None,
        typer.Option(help=f"Read them as this platform's: {', '.join(PLATFORMS)}.", show_default=False),
    ] = None,
    columns: Annotated[
        str | None,
        typer.Option(
            metavar="MAP",
            help=f"What the columns of an unknown table mean, as 'Titel=title,Jahr=year'; of: {', '.join(MAPPABLE)}.",
            show_default=False,
        ),
    ] = None,
    to: Annotated[
        Path | None,
        typer.Option(help="Write the canonical records of all files to this CSV file.", show_default=False),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Look at exports without a review: what they are and what they hold. With --json one object a line, one a file."""
    state: State = context.obj
    failed = False
    with state.watching() as watch:
        mapped = columns_from(columns) if columns is not None else None
        look = Look(files, platform=platform, columns=mapped, to=to, watch=watch)
        for found in look.reports():
            failed = failed or isinstance(found, Unread)
            match found:
                case Unread() if as_json:
                    _line({"file": found.file, "error": found.error})
                case Unread():
                    named = found.error if found.file in found.error else f"{found.file}: {found.error}"
                    typer.echo(f"Error: {on_one_line(named)}", err=True)
                case _ if as_json:
                    _line(report_to_dict(found))
                case _:
                    show_file(found)
    if to is not None:
        typer.echo(f"{to}: {counted(look.written, 'record')}", err=as_json)
        for sentence in look.altered.sentences():
            typer.echo(f"  Note: {sentence}", err=as_json)
    if failed:
        raise typer.Exit(1)


def _line(value: dict[str, object]) -> None:
    # A lone surrogate, from a file's name, is written as JSON's own escape.
    text = json.dumps(value, ensure_ascii=False, default=str)
    typer.echo(text.encode("utf-8", "backslashreplace").decode())
