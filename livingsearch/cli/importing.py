"""What import asks for, and the command inbox."""

import sys
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from livingsearch.cli.show import show_inbox, show_json
from livingsearch.cli.state import State
from livingsearch.errors import ImportRefused
from livingsearch.review.manifest import Manifest
from livingsearch.services.inbox import take_inbox

_EXAMPLE = "peer-support-personality-disorder"


def add_to(app: typer.Typer) -> None:
    """Adds the command to the program."""
    app.command(epilog=f"Example: livingsearch inbox {_EXAMPLE}")(inbox)


def inbox(
    context: typer.Context,
    review: Annotated[str, typer.Argument(help="The review's slug: its folder's name in the workspace.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Import what lies in the review's folder inbox/SOURCE/, each export with its manifest.

    What cannot be imported is moved to rejected/ with why.txt. The command update does the same before it searches.
    """
    state: State = context.obj
    with state.review(review) as opened:
        outcome = take_inbox(opened)
    if as_json:
        show_json(asdict(outcome))
    else:
        show_inbox(outcome)


def asked(manifest: Manifest) -> Manifest:
    """A manifest with what was missing, asked for where somebody can be asked.

    Args:
        manifest: what was typed or stands beside the files.

    Raises:
        ImportRefused: nobody can be asked, and the day of the search is missing.
    """
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        if manifest.date_searched is None:
            raise ImportRefused(
                "The day of the search is missing: give it with --date-searched YYYY-MM-DD, or write date_searched = "
                "2025-08-15 in a manifest beside the export."
            )
        return manifest
    found: dict[str, object] = {}
    if manifest.date_searched is None:
        found["date_searched"] = typer.prompt(
            "Day on which the platform was searched (YYYY-MM-DD)", value_proc=_day, err=True
        )
    if manifest.hits is None:
        found["hits"] = typer.prompt(
            "Results that the platform showed (Enter if not noted)",
            default="",
            show_default=False,
            value_proc=_hits,
            err=True,
        )
    if manifest.exported_by is None:
        who = typer.prompt(
            "Who searched and exported (Enter if not known)", default="", show_default=False, err=True
        ).strip()
        found["exported_by"] = who or None
    return manifest.model_copy(update=found)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise typer.BadParameter("write the day as 2025-08-15") from None


def _hits(text: str) -> int | None:
    digits = text.strip().replace(",", "")
    if not digits:
        return None
    if not (digits.isascii() and digits.isdigit()):
        raise typer.BadParameter("write a number, as 2141")
    return int(digits)


def strategy_in(path: Path) -> str:
    """The strategy as run, out of a text file.

    Raises:
        ImportRefused: it cannot be read or is empty.
    """
    try:
        text = path.read_bytes()[: 1 << 20].decode("utf-8-sig").rstrip()
    except (OSError, UnicodeDecodeError) as error:
        raise ImportRefused(f"{path} cannot be read as a text in UTF-8: {error}.") from error
    if not text.strip():
        raise ImportRefused(f"{path} is empty; it should hold the search as it was run.")
    return text
