"""Widths read from font files themselves, apart from the table that the drawing goes by."""

import unicodedata
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont

from livingsearch.ledger.font_metrics import FONT_FOLDER, OTHER, WIDE

SHIPPED = {False: FONT_FOLDER / "LiberationSans-Regular.ttf", True: FONT_FOLDER / "LiberationSans-Bold.ttf"}
DEJAVU = {
    False: Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"),
    True: Path("/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf"),
}


@cache
def advances(path: Path) -> dict[str, float]:
    """Thousandths of the font size by character."""
    font = TTFont(path)
    scale = 1000 / font["head"].unitsPerEm
    metrics = font["hmtx"]
    return {chr(code): metrics[glyph][0] * scale for code, glyph in font.getBestCmap().items()}


def drawn_width(text: str, size: float, bold: bool) -> float:
    """How wide the shipped font draws a line; what it does not hold counts as the drawing estimates it."""
    widths = advances(SHIPPED[bold])
    total = 0.0
    for character in text:
        if unicodedata.combining(character) and character not in widths:
            continue
        wide = unicodedata.east_asian_width(character) in "WF"
        total += widths.get(character, WIDE if wide else OTHER)
    return total * size / 1000
