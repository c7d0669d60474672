"""PNG and PDF of a diagram: made offline with the shipped font, and with its text in them."""

import struct
from xml.etree.ElementTree import Element, tostring

import pytest
from defusedxml.ElementTree import fromstring
from whole_flows import CASES

from livingsearch.ledger.diagram import diagram_of
from livingsearch.ledger.diagram_image import MOST_DOTS, dots_for, pdf_of, png_of
from livingsearch.ledger.diagram_svg import svg_diagram

SVG = svg_diagram(diagram_of(CASES["example"], "updated-other"))


def size_of(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def without_text(svg: str) -> str:
    root: Element = fromstring(svg)
    for parent in root.iter():
        for child in list(parent):
            if child.tag.endswith("}text"):
                parent.remove(child)
    return tostring(root, encoding="unicode")


@pytest.mark.parametrize("dots", [96, 150])
def test_png_has_the_drawings_size(dots: int) -> None:
    root = fromstring(SVG)
    width, height = size_of(png_of(SVG, dots))
    assert abs(width - float(root.get("width")) * dots / 96) <= 1
    assert abs(height - float(root.get("height")) * dots / 96) <= 1


def test_a_very_long_drawing_has_fewer_dots_an_inch() -> None:
    long = svg_diagram(diagram_of(CASES["12-long-reasons"], "columns"))
    root = fromstring(long)
    inches = float(root.get("width")) / 96, float(root.get("height")) / 96
    dots = dots_for(long, 300)
    assert 150 < dots < 300 and abs(inches[0] * inches[1] * dots**2 - MOST_DOTS) < 1
    assert dots_for(long, 60) == 60 and dots_for(SVG, 300) == 300


def test_the_text_is_in_the_picture() -> None:
    """Without a font the text would vanish."""
    assert len(png_of(SVG, 96)) > 2 * len(png_of(without_text(SVG), 96))


def test_pdf_embeds_the_shipped_font() -> None:
    pdf = pdf_of(SVG)
    assert pdf.startswith(b"%PDF")
    assert b"LiberationSans" in pdf
    assert b"DejaVu" not in pdf


def test_the_same_drawing_gives_the_same_png() -> None:
    assert png_of(SVG, 96) == png_of(SVG, 96)
