"""The command report prisma-s."""

from pathlib import Path
from typing import Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from livingsearch.cli.arguments import ReviewName
from livingsearch.cli.as_json import AsJson, show_json
from livingsearch.cli.state import State
from livingsearch.services.prisma_s import AppendixFiles, write_appendix


def add_to(reports: typer.Typer) -> None:
    """Adds the command to the reports."""
    reports.command("prisma-s", epilog="Example: livingsearch report prisma-s peer-support-personality-disorder")(
        prisma_s
    )


def prisma_s(
    context: typer.Context,
    review: ReviewName,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Folder to write to; else reports/ in the review's folder, and a folder in it for a single update.",
            file_okay=False,
            show_default=False,
        ),
    ] = None,
    update: Annotated[
        int | None, typer.Option(min=1, help="One update, as it was frozen; else all so far.", show_default=False)
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write the PRISMA-S appendix (Markdown and Word) and machine-readable search records.

    What only a person knows comes from review.toml, its tables search.reporting and search.peer_review; items that
    nobody filled are named here and in the document.
    """
    state: State = context.obj
    with state.review(review) as opened:
        written = write_appendix(opened, update=update, folder=out)
    if as_json:
        show_json(_appendix_json(review, update, written))
    else:
        _show_appendix(written, opened.folder.review_file)


def _show_appendix(written: AppendixFiles, review_file: Path) -> None:
    console = Console(highlight=False)
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("Item", justify="right", no_wrap=True)
    table.add_column("Name", no_wrap=True)
    table.add_column("Filled", overflow="fold")
    for item in written.appendix.items:
        table.add_row(str(item.number), item.title, Text(item.filled, "bold red" if item.is_missing else ""))
    console.print(table)
    console.print(Text(written.appendix.verdict))
    if written.appendix.missing:
        console.print(Text(f"Write what is missing into {review_file} and run this again."), soft_wrap=True)
    for path in written.paths:
        console.print(Text(f"  {path}"), soft_wrap=True)


def _appendix_json(review: str, update: int | None, written: AppendixFiles) -> dict[str, object]:
    return {
        "review": review,
        "update": update,
        "items": [
            {
                "number": item.number,
                "title": item.title,
                "status": item.status,
                "filled_by": None if item.is_missing else item.filled_by,
                "to_do": item.to_do,
            }
            for item in written.appendix.items
        ],
        "missing": [item.number for item in written.appendix.missing],
        "files": {"markdown": written.markdown, "docx": written.docx, "records": written.records},
    }
