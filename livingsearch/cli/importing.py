"""What import asks for, and the command inbox."""

import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import asdict
from datetime import date
from pathlib import Path

import typer

from livingsearch.cli.arguments import ReviewName
from livingsearch.cli.as_json import AsJson, show_json
from livingsearch.cli.show import show_inbox
from livingsearch.cli.state import State, TerminalWatch
from livingsearch.errors import ImportRefused
from livingsearch.review.manifest import AS_DECLARED, NOT_SHOWN, Manifest, Shown
from livingsearch.services.context import ReviewContext
from livingsearch.services.inbox import take_inbox
from livingsearch.services.manifests import Asking

_EXAMPLE = "peer-support-personality-disorder"
_LONGEST = 1 << 20
_DIGITS = 12
ASKED_AT_ONCE = ("date_searched", "hits", "exported_by")
"""Fields that no file tells: they are asked for before it is read."""


def add_to(app: typer.Typer) -> None:
    """Adds the command to the program."""
    app.command(epilog=f"Example: livingsearch inbox {_EXAMPLE}")(inbox)


def inbox(
    context: typer.Context,
    review: ReviewName,
    as_json: AsJson = False,
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


def ask_for(manifest: Manifest, fields: Sequence[str]) -> Manifest:
    """A manifest with what is missing, asked for in a terminal.

    Args:
        manifest: what is said.
        fields: to ask for.

    Returns:
        The manifest with the answers; unchanged where there is no terminal.
    """
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return manifest
    answers: dict[str, object] = {}
    for name in fields:
        question, reading = _QUESTIONS[name]
        answers[name] = typer.prompt(question, value_proc=reading, err=True)
    return manifest.model_copy(update=answers)


def asking_in(context: ReviewContext) -> Asking:
    """Asks while progress is shown, which makes room for it.

    Args:
        context: whose watch shows the progress.
    """

    def ask(manifest: Manifest, fields: tuple[str, ...]) -> Manifest:
        with context.watch.paused() if isinstance(context.watch, TerminalWatch) else nullcontext():
            return ask_for(manifest, fields)

    return ask


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise typer.BadParameter("write the day as 2025-08-15") from None


def hits_from(text: str) -> Shown:
    """Results that the platform showed, as they are typed.

    Raises:
        typer.BadParameter: neither a number nor `not-shown`.
    """
    if _spaced(text) == NOT_SHOWN:
        return NOT_SHOWN
    digits = text.strip().replace(",", "")
    if not (digits.isascii() and digits.isdigit()) or len(digits) > _DIGITS:
        raise typer.BadParameter("write a number, as 2141, or not-shown where the platform shows none")
    return int(digits)


def _line(text: str) -> str:
    line = " ".join(text.split())
    if not line or not line.isprintable():
        raise typer.BadParameter("write a name")
    return line


def strategy_from(text: str) -> str:
    """The strategy as run, as it is typed: the name of a text file that holds it, or `as-declared`.

    Raises:
        ImportRefused: the file cannot be read or is empty.
    """
    if _spaced(text) == AS_DECLARED:
        return AS_DECLARED
    path = Path(text.strip())
    try:
        with path.open("rb") as file:
            content = file.read(_LONGEST + 1)
        found = content.decode("utf-8-sig").rstrip()
    except (OSError, UnicodeDecodeError) as error:
        raise ImportRefused(f"{path} cannot be read as a text in UTF-8: {error}.") from error
    if len(content) > _LONGEST:
        raise ImportRefused(f"{path} is larger than {_LONGEST:,} bytes; it should hold the search as it was run.")
    if not found.strip():
        raise ImportRefused(f"{path} is empty; it should hold the search as it was run.")
    return found


def _strategy(text: str) -> str:
    try:
        return strategy_from(text)
    except ImportRefused as error:
        raise typer.BadParameter(str(error)) from None


def _spaced(text: str) -> str:
    return text.strip().lower().replace("-", " ")


_QUESTIONS: Mapping[str, tuple[str, Callable[[str], object]]] = {
    "date_searched": ("Day on which the platform was searched (YYYY-MM-DD)", _day),
    "hits": ("Results that the platform showed (a number, or not-shown)", hits_from),
    "exported_by": ("Who searched and exported", _line),
    "platform": ("Platform that was searched, which the files do not tell", _line),
    "strategy": (
        "Search as it was run, which the files do not hold (a text file's name, or as-declared: that of review.toml)",
        _strategy,
    ),
}
