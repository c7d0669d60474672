"""Commands that write a review as one file and bring it back: archive, restore."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from livingsearch.cli.arguments import ReviewName
from livingsearch.cli.as_json import AsJson, show_json
from livingsearch.cli.state import State
from livingsearch.services.archive import write_archive
from livingsearch.services.restore import restore_archive

_EXAMPLE = "peer-support-personality-disorder"


def add_to(app: typer.Typer) -> None:
    """Adds these commands to the program."""
    app.command(epilog=f"Example: livingsearch archive {_EXAMPLE} --to peer-support.zip")(archive)
    app.command(
        epilog="Example: livingsearch restore peer-support.zip\n\n"
        "Example: livingsearch restore peer-support.zip --as peer-support-copy"
    )(restore)


def archive(
    context: typer.Context,
    review: ReviewName,
    to: Annotated[Path, typer.Option("--to", help="The zip file to write; it must not be there.", dir_okay=False)],
    as_json: AsJson = False,
) -> None:
    """Write a whole review as one zip file: tables as Parquet, received files, batches, published versions.

    The README in it says how to read it without livingsearch, and what each table and column holds.
    """
    state: State = context.obj
    with state.review(review) as opened:
        written = write_archive(opened, to)
    if as_json:
        show_json({"review": review, **asdict(written)})
        return
    rows = sum(written.tables.values())
    typer.echo(
        f"{review}: {len(written.tables)} tables with {rows:,} rows and {sum(written.files.values()):,} files, as of "
        f"position {written.position} of the log"
    )
    for name, why in sorted(written.left_out.items()):
        typer.echo(f"Left out: {name} ({why})")
    typer.echo(f"{written.path}: {written.bytes:,} bytes, sha256 {written.sha256}")


def restore(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="The zip file that 'livingsearch archive' wrote.")],
    name: Annotated[
        str | None, typer.Option("--as", help="Another name for the review; else its own.", show_default=False)
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Bring a review back from its archive; every sha256 and every count of rows is checked.

    A review that is there is never written over. An archive of an older livingsearch is brought to today's tables.
    """
    state: State = context.obj
    with state.watching() as watch:
        restored = restore_archive(state.settings, file, name=name, watch=watch)
    if as_json:
        show_json(asdict(restored))
        return
    rows = sum(restored.tables.values())
    typer.echo(
        f"{restored.review}: {len(restored.tables)} tables with {rows:,} rows and {restored.files:,} files, in "
        f"{restored.folder}"
    )
    for migration in restored.migrated:
        typer.echo(f"Brought up to {migration}")
    typer.echo(f"Look it over with: livingsearch doctor {restored.review}")
