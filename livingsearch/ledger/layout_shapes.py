"""Boxes, arrows and text of a drawing as data, measured with the font's widths."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

from livingsearch.ledger.boxes import Box, Line
from livingsearch.ledger.font_metrics import text_width
from livingsearch.ledger.wording import wrap

Style = Literal["box", "header", "other-header", "band"]

MARGIN = 14.0
PADDING = 9.0
BAND_WIDTH = 32.0
SIZE = 14.0
SMALL = 12.0
LARGE = 17.0
LEADING = 1.32
ASCENT = 0.93
"""Of the font size: from the top of a line to its baseline, leaving room for accents on capitals."""
_INDENT = 14.0


@dataclass(frozen=True, slots=True)
class Row:
    """One line of text, placed.

    Attributes:
        text: the line.
        x: where it begins.
        baseline: where it stands.
        size: of the font.
        bold: whether the bold face is meant.
        name: of the statement that begins here, or empty.
        of: of the statement that it belongs to, or empty.
    """

    text: str
    x: float
    baseline: float
    size: float
    bold: bool
    name: str
    of: str = ""

    @property
    def width(self) -> float:
        """How wide it is at most."""
        return text_width(self.text, self.size, self.bold)


@dataclass(frozen=True, slots=True)
class Shape:
    """A box, header or band with its text.

    Attributes:
        name: unique in the diagram.
        style: what it is.
        summary: in one sentence.
        x: left edge.
        y: upper edge.
        width: of it.
        height: of it.
        rows: its text; that of a band is turned and stands in the middle.
    """

    name: str
    style: Style
    summary: str
    x: float
    y: float
    width: float
    height: float
    rows: tuple[Row, ...]

    @property
    def middle(self) -> float:
        """Half way between the left and the right edge."""
        return self.x + self.width / 2


@dataclass(frozen=True, slots=True)
class Arrow:
    """A line with a head at its end.

    Attributes:
        name: unique in the diagram.
        points: it goes through; all turns are right angles.
    """

    name: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """A whole drawing.

    Attributes:
        width: of the drawing.
        height: of it.
        shapes: in reading order.
        arrows: none of them crosses a box.
        rows: text outside of boxes.
    """

    width: float
    height: float
    shapes: tuple[Shape, ...]
    arrows: tuple[Arrow, ...]
    rows: tuple[Row, ...]


def header_shape(name: str, label: str | None, words: str, x: float, width: float, y: float, main: bool) -> Shape:
    """The heading of a stream, or of previous studies."""
    lines = [Line(words, 0, "", heading=True)]
    if label is not None:
        lines.insert(0, Line(label, 0, "", heading=True))
    summary = f"{label}: {words}" if label else words
    return shape_of(Box(name, tuple(lines)), x, y, width, "header" if main else "other-header", summary, padding=6)


def shape_of(
    box: Box, x: float, y: float, width: float, style: Style = "box", summary: str = "", padding: float = PADDING
) -> Shape:
    """A box as high as its text.

    Args:
        box: its text.
        x: left edge.
        y: upper edge.
        width: that no line exceeds.
        style: what it is.
        summary: in one sentence; else the box's own.
        padding: above and below the text.
    """
    rows: list[Row] = []
    top = y + padding
    for line in box.lines:
        indent = line.level * _INDENT
        start = x + PADDING + indent
        hanging = 0 if line.heading else _INDENT
        rows += _lines(line.text, start, width - 2 * PADDING - indent, top, SIZE, line.heading, line.name, hanging)
        top = y + padding + len(rows) * SIZE * LEADING
    return Shape(box.name, style, summary or box.summary, x, y, width, top + padding - y, tuple(rows))


def grown(shape: Shape, height: float) -> Shape:
    """The same box, higher; text without a heading stands in the middle."""
    listed = shape.style == "box" and shape.rows[0].bold
    down = 0.0 if listed else (height - shape.height) / 2
    rows = tuple(replace(row, baseline=row.baseline + down) for row in shape.rows)
    return replace(shape, height=height, rows=rows)


def band_shape(name: str, word: str, top: float, bottom: float) -> Shape:
    """A band beside the rows of one phase."""
    width = text_width(word, SIZE, bold=True)
    row = Row(word, MARGIN + BAND_WIDTH / 2 - width / 2, (top + bottom) / 2, SIZE, True, "")
    return Shape(name, "band", word, MARGIN, top, BAND_WIDTH, bottom - top, (row,))


def write(rows: list[Row], text: str, width: float, y: float, size: float, bold: bool = False) -> float:
    """Adds a paragraph to `rows`, and returns where the next begins."""
    found = _lines(text, MARGIN, width, y, size, bold, "", 0)
    rows += found
    return y + len(found) * size * LEADING


def _lines(
    text: str, x: float, width: float, top: float, size: float, bold: bool, name: str, hanging: float
) -> Sequence[Row]:
    lines = wrap(text, width, partial(text_width, size=size, bold=bold), hanging)
    return [
        Row(
            text=line,
            x=x + (hanging if place else 0),
            baseline=top + (place * LEADING + ASCENT) * size,
            size=size,
            bold=bold,
            name="" if place else name,
            of=name,
        )
        for place, line in enumerate(lines)
    ]


def band_height(word: str) -> float:
    """How high a band must be for its word."""
    return text_width(word, SIZE, bold=True) + 2 * PADDING
