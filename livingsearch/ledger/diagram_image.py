"""The flow diagram as PNG and PDF, drawn from its SVG with the shipped font."""

from functools import cache
from types import ModuleType

from livingsearch.ledger.font_metrics import FONT_FOLDER

DOTS_PER_INCH = 300
"""What journals ask for in line art is more than a screen needs; text of 14 units stays 10.5 points."""


def png_of(svg: str, dots_per_inch: float = DOTS_PER_INCH) -> bytes:
    """An SVG as PNG.

    Args:
        svg: a whole document.
        dots_per_inch: resolution; an SVG's unit is 1/96 inch.

    Returns:
        The picture. A character that no font of this machine holds is an empty frame.
    """
    # The converter takes a unit for 1/72 inch.
    return bytes(converter().svg_to_png(svg, scale=72 / 96, ppi=dots_per_inch))


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
