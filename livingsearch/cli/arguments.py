"""Arguments and options that several commands take; no use case is loaded for them."""

from datetime import date
from typing import Annotated

import typer

ReviewName = Annotated[str, typer.Argument(help="The review's slug: its folder's name in the workspace.")]
SourceName = Annotated[str, typer.Argument(help="The source's slug, as in review.toml.")]
Who = Annotated[str | None, typer.Option(help="Who says it; else who runs this.", show_default=False)]
AsOfOption = Annotated[
    str | None,
    typer.Option(
        "--as-of", metavar="YYYY-MM-DD|UPDATE", help="A day's end, or an update's closing.", show_default=False
    ),
]


def day_or_update(text: str | None) -> int | date | None:
    """What `--as-of` means: digits alone are an update.

    Raises:
        typer.BadParameter: it is neither.
    """
    if text is None:
        return None
    if text.isdecimal() and len(text) < 8:
        return int(text)
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is neither a date such as 2026-03-02 nor an update's number.") from None
