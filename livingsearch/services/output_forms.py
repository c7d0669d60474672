"""Which form a file is to have: as asked, else as its name ends."""

from pathlib import Path
from typing import TypeVar

from livingsearch.errors import ReportRefused

Form = TypeVar("Form", bound=str)

BINARY = frozenset({"png", "pdf"})
"""Forms that no terminal shows."""
_SUFFIXES = {"txt": "text", "markdown": "md"}


def form_for(forms: tuple[Form, ...], asked: str | None, to: Path | None, default: Form) -> Form:
    """Choose a form.

    Args:
        forms: those that there are.
        asked: by name, or None.
        to: the file that it goes to; None for the terminal.
        default: where neither says anything.

    Returns:
        One of `forms`.

    Raises:
        ReportRefused: there is no such form, or it cannot go to a terminal.
    """
    named = asked
    if named is None and to is not None:
        ending = to.suffix.lower().removeprefix(".")
        named = _SUFFIXES.get(ending, ending) or None
    chosen = default if named is None else next((form for form in forms if form == named), None)
    if chosen is None:
        where = "" if asked else f" (the ending of {to})"
        raise ReportRefused(f"There is no form {named!r}{where}; choose one of: {', '.join(forms)}.")
    if chosen in BINARY and to is None:
        raise ReportRefused(f"A {chosen.upper()} goes to a file: add --to FILE.{chosen}.")
    return chosen
