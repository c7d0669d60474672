"""How wide text is, from the font that is shipped for rendering and the ones that viewers fall back on.

`fonts/widths.json` holds advance widths in thousandths of the font size, rounded up: those of Liberation Sans 2.1.5,
which is shipped and draws the PNG and PDF (Arial and Helvetica have the same widths), or of DejaVu Sans 2.37 where
that is wider, since a Linux viewer without Arial draws with it. So text that is measured here fits in either.
An accented letter that the table does not hold is as wide as its base letter.
"""

import json
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path

FONT_FOLDER = Path(__file__).parent / "fonts"
"""Where the shipped font, its licence and the table of widths lie."""

FONT_FAMILY = "'Liberation Sans', Arial, Helvetica, 'DejaVu Sans', sans-serif"
"""Fonts that an SVG names, in order."""

WIDE = 1000
"""Width of an ideograph, and of every wide character that the table does not hold."""

OTHER = 700
"""Width given to any other character that it does not hold: more than most letters of most scripts need."""


def text_width(text: str, size: float, bold: bool = False) -> float:
    """Width of a line of text, not kerned.

    Args:
        text: the line.
        size: font size.
        bold: whether the bold face is meant.

    Returns:
        The width in the unit of `size`; an upper bound for the fonts named above if `is_known`.
    """
    widths = _tables()[bold]
    return sum(_width(character, widths) for character in text) * size / 1000


def is_known(text: str) -> bool:
    """Whether the width of every character comes from the table, so that no font can surprise."""
    return all(_base(character) in _tables()[False] for character in text)


@cache
def _tables() -> Mapping[bool, Mapping[str, int]]:
    faces = json.loads((FONT_FOLDER / "widths.json").read_text("utf-8"))
    return {
        bold: {character: int(width) for width, characters in faces[face].items() for character in characters}
        for bold, face in ((False, "regular"), (True, "bold"))
    }


def _width(character: str, widths: Mapping[str, int]) -> int:
    known = widths.get(character)
    if known is not None:
        return known
    if unicodedata.combining(character):
        return 0
    estimated = WIDE if unicodedata.east_asian_width(character) in "WF" else OTHER
    return widths.get(_base(character), estimated)


def _base(character: str) -> str:
    return unicodedata.normalize("NFD", character)[0]
