"""Checks a search that is still a text."""

from livingsearch.errors import SearchTextError
from livingsearch.strategy.dialects import Dialect
from livingsearch.strategy.findings import CODES, Finding
from livingsearch.strategy.lint.checking import in_order, lint
from livingsearch.strategy.lint.looks import looks
from livingsearch.strategy.reading import read_search
from livingsearch.strategy.tree import Place


def lint_text(text: str, dialect: Dialect, *, default_fields: tuple[str, ...] | None = None) -> tuple[Finding, ...]:
    """All that can be said against a search that is still a text.

    Args:
        text: as documented.
        dialect: a platform whose searches are read, and its database.
        default_fields: as for `lint`.

    Returns:
        As `lint`; of a text that cannot be read, what stopped the reader (`fatal`) and which of its characters only
        look like those of a search.
    """
    try:
        return lint(read_search(text, dialect), default_fields=default_fields)
    except SearchTextError as error:
        return in_order([_fatal(text, error), *looks(text, dialect)])


def _fatal(text: str, error: SearchTextError) -> Finding:
    place = _place_of(text, error.line, error.column)
    sentence = error.problem[:1].upper() + error.problem[1:].rstrip(".") + "."
    code = error.code if error.code in CODES else "S001"
    return Finding(code, "fatal", sentence, place, text[place.start : place.end])


def _place_of(text: str, line: int, column: int) -> Place:
    """The character that a line and a column, both from 1, point to."""
    start = 0
    for _ in range(line - 1):
        start = text.find("\n", start) + 1
        if start == 0:
            return Place(len(text), len(text))
    start = min(len(text), start + column - 1)
    return Place(start, min(len(text), start + 1))
