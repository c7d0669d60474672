"""The flow diagram as PNG and PDF, drawn from its SVG with the shipped font."""

import re
from functools import cache
from math import sqrt
from types import ModuleType

from livingsearch.ledger.font_metrics import FONT_FOLDER

DOTS_PER_INCH = 300
"""What journals ask for in line art is more than a screen needs; text of 14 units stays 10.5 points."""

MOST_DOTS = 36_000_000
"""Of a picture: a page of A2 at 300 dots an inch. More takes seconds and 15 MB, and opens nowhere."""
_SIZE = re.compile(r'<svg [^>]*width="([0-9.]+)" height="([0-9.]+)"')
_UNITS_AN_INCH = 96


def png_of(svg: str, dots_per_inch: float = DOTS_PER_INCH) -> bytes:
    """An SVG as PNG.

    Args:
        svg: a whole document.
        dots_per_inch: resolution; an SVG's unit is 1/96 inch. Lower where the picture would have more than
            `MOST_DOTS`.

    Returns:
        The picture. A character that no font of this machine holds is an empty frame.
    """
    # The converter takes a unit for 1/72 inch.
    return bytes(converter().svg_to_png(svg, scale=72 / _UNITS_AN_INCH, ppi=dots_for(svg, dots_per_inch)))


def dots_for(svg: str, wanted: float) -> float:
    """Dots an inch for a picture of at most `MOST_DOTS`: as wanted, or as many as there can be."""
    size = _SIZE.search(svg)
    if size is None:
        return wanted
    square_inches = float(size[1]) * float(size[2]) / _UNITS_AN_INCH**2
    return min(wanted, sqrt(MOST_DOTS / square_inches))


def pdf_of(svg: str) -> bytes:
    """An SVG as PDF, its text as text with the fonts embedded; without links, and not always the same bytes."""
    return bytes(converter().svg_to_pdf(svg))


@cache
def converter() -> ModuleType:
    """What draws pictures, with the shipped font registered."""
    # Loaded on first use: most commands draw nothing.
    import vl_convert

    vl_convert.register_font_directory(str(FONT_FOLDER))
    return vl_convert
