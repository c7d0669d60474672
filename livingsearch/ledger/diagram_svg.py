"""The flow diagram as SVG: every row is as high as its text, measured with the fonts' own widths.

Each box and each line has an id (prefix `prisma-`) for links and styles, each box a title, and the counts
stand in `<metadata>` as JSON, so a drawing can always be checked against the ledger.
"""

import json
from dataclasses import dataclass
from functools import partial
from html import escape

from livingsearch.ledger.boxes import Box, Boxes, Line, boxes_of, wrap
from livingsearch.ledger.flow import Flow, flow_to_dict
from livingsearch.ledger.font_metrics import is_known, text_width

WIDTH = 760
"""Width of the drawing; its height follows from the text."""

_FONTS = "Arial, Helvetica, 'Liberation Sans', 'DejaVu Sans', sans-serif"
_MARGIN = 12
_BAND = 34
_PADDING = 10
_BOX = 320
_LEFT = _MARGIN + _BAND + 14
_RIGHT = WIDTH - _MARGIN - _BOX
_GAP = 30
_INDENT = 16
_SIZE = 14
_SMALL = 12
_LARGE = 17
_LEADING = 1.35
_ASCENT = 0.95
"""Of the font size: from the top of a line to its baseline, leaving room for accents on capitals."""

_STYLE = """
  .box { fill: #fff; stroke: #222; }
  .header { fill: #ffc000; stroke: #222; }
  .band { fill: #9dc3e6; stroke: #222; }
  .arrow { stroke: #222; stroke-width: 1.5; fill: none; }
  text { fill: #000; }
"""


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of text, placed: `top` counts from the top of its block."""

    text: str
    x: float
    top: float
    size: int
    bold: bool
    name: str


def svg_diagram(flow: Flow) -> str:
    """Draw identification and screening as PRISMA 2020's flow diagram does.

    Args:
        flow: the counts.

    Returns:
        A whole SVG document. No text leaves its box, whatever the length of a source's name.
    """
    boxes = boxes_of(flow)
    inner = WIDTH - 2 * _MARGIN
    title = _paragraph(boxes.title, _MARGIN, inner, _LARGE, bold=True)
    subtitle = _paragraph(boxes.subtitle, _MARGIN, inner, _SMALL)
    header = _paragraph(boxes.header, _LEFT + _PADDING, WIDTH - _MARGIN - _LEFT - 2 * _PADDING, _SIZE, bold=True)
    notes = [_paragraph(note, _MARGIN, inner, _SMALL) for note in boxes.notes]
    parts: list[str] = []
    y = float(_MARGIN)
    y = _place(parts, title, y)
    y = _place(parts, subtitle, y) + _PADDING
    y = _header(parts, header, y) + _GAP / 2
    y = _identification(parts, boxes, y) + _GAP
    y = _screening(parts, boxes, y) + _GAP / 2
    for note in notes:
        y = _place(parts, note, y) + 4
    return _document(flow, boxes, parts, y + _MARGIN)


def _header(parts: list[str], rows: list[_Row], y: float) -> float:
    height = _height(rows) + _PADDING
    parts.append('<g id="prisma-header">')
    parts.append(_rectangle(_LEFT, y, WIDTH - _MARGIN - _LEFT, height, "header", 8))
    _place(parts, rows, y + _PADDING / 2)
    parts.append("</g>")
    return y + height


def _identification(parts: list[str], boxes: Boxes, y: float) -> float:
    left, right = _box_rows(boxes.identified, _LEFT), _box_rows(boxes.removed, _RIGHT)
    height = max(_box_height(left), _box_height(right), _band_height("Identification"))
    _band(parts, "Identification", y, height)
    _box(parts, boxes.identified, left, _LEFT, y, height)
    _box(parts, boxes.removed, right, _RIGHT, y, height)
    middle = y + height / 2
    _arrow(parts, f"M{_LEFT + _BOX} {_number(middle)} H{_RIGHT - 2}")
    x = _LEFT + _BOX // 2
    _arrow(parts, f"M{x} {_number(y + height)} V{_number(y + height + _GAP - 2)}")
    return y + height


def _screening(parts: list[str], boxes: Boxes, y: float) -> float:
    rows = _box_rows(boxes.screening, _LEFT)
    height = max(_box_height(rows), _band_height("Screening"))
    _band(parts, "Screening", y, height)
    _box(parts, boxes.screening, rows, _LEFT, y, height)
    return y + height


def _paragraph(
    text: str, x: float, width: float, size: int, *, bold: bool = False, name: str = "", hanging: int = 0
) -> list[_Row]:
    lines = wrap(text, width, partial(text_width, size=size, bold=bold), hanging)
    step = size * _LEADING
    return [
        _Row(line, x + (hanging if place else 0), place * step, size, bold, "" if place else name)
        for place, line in enumerate(lines)
    ]


def _box_rows(box: Box, x: float) -> list[_Row]:
    rows: list[_Row] = []
    for line in box.lines:
        start = x + _PADDING + line.level * _INDENT
        placed = _line_rows(line, start, x + _BOX - _PADDING - start)
        top = _height(rows)
        rows += [_Row(row.text, row.x, top + row.top, row.size, row.bold, row.name) for row in placed]
    return rows


def _line_rows(line: Line, x: float, width: float) -> list[_Row]:
    return _paragraph(line.text, x, width, _SIZE, bold=line.heading, name=line.name, hanging=_INDENT)


def _height(rows: list[_Row]) -> float:
    return rows[-1].top + rows[-1].size * _LEADING if rows else 0.0


def _box_height(rows: list[_Row]) -> float:
    return _height(rows) + 2 * _PADDING


def _band_height(label: str) -> float:
    return text_width(label, _SIZE, bold=True) + 2 * _PADDING


def _band(parts: list[str], label: str, y: float, height: float) -> None:
    parts.append(_rectangle(_MARGIN, y, _BAND, height, "band", 8))
    x, middle = _MARGIN + _BAND / 2 + _SIZE * 0.36, y + height / 2
    where = f'transform="translate({_number(x)} {_number(middle)}) rotate(-90)" text-anchor="middle"'
    parts.append(f'<text {where} font-size="{_SIZE}" font-weight="bold">{label}</text>')


def _box(parts: list[str], box: Box, rows: list[_Row], x: float, y: float, height: float) -> None:
    parts.append(f'<g id="prisma-{escape(box.name)}">')
    parts.append(f"<title>{escape(box.summary)}</title>")
    parts.append(_rectangle(x, y, _BOX, height, "box", 0))
    # Short text stands in the middle of a box that its neighbour made high.
    _place(parts, rows, y + (height - _height(rows)) / 2)
    parts.append("</g>")


def _place(parts: list[str], rows: list[_Row], y: float) -> float:
    for row in rows:
        name = f' id="prisma-{escape(row.name)}"' if row.name else ""
        weight = ' font-weight="bold"' if row.bold else ""
        # Letters of other scripts come from fonts nobody measured: the viewer is told how wide they may be.
        room = text_width(row.text, row.size, row.bold)
        fixed = "" if is_known(row.text) else f' textLength="{_number(room)}" lengthAdjust="spacingAndGlyphs"'
        baseline = y + row.top + row.size * _ASCENT
        where = f'x="{_number(row.x)}" y="{_number(baseline)}"'
        parts.append(f'<text{name} {where} font-size="{row.size}"{weight}{fixed}>{escape(row.text)}</text>')
    return y + _height(rows)


def _rectangle(x: float, y: float, width: float, height: float, style: str, radius: int) -> str:
    corner = f' rx="{radius}"' if radius else ""
    size = f'width="{_number(width)}" height="{_number(height)}"'
    return f'<rect class="{style}" x="{_number(x)}" y="{_number(y)}" {size}{corner}/>'


def _arrow(parts: list[str], path: str) -> None:
    parts.append(f'<path class="arrow" d="{path}" marker-end="url(#prisma-arrowhead)"/>')


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _document(flow: Flow, boxes: Boxes, parts: list[str], height: float) -> str:
    summaries = " ".join(box.summary for box in (boxes.identified, boxes.removed, boxes.screening))
    description = " ".join((boxes.subtitle + ".", boxes.header + ".", summaries, *boxes.notes))
    counts = json.dumps(flow_to_dict(flow), indent=1)
    tall = _number(height)
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{tall}" '
            f'viewBox="0 0 {WIDTH} {tall}" role="img" aria-labelledby="prisma-title prisma-desc" '
            f'font-family="{_FONTS}">',
            f'<title id="prisma-title">PRISMA 2020 flow diagram: {escape(boxes.title)}</title>',
            f'<desc id="prisma-desc">{escape(description)}</desc>',
            f'<metadata id="prisma-counts">{escape(counts)}</metadata>',
            f"<style>{_STYLE}</style>",
            '<defs><marker id="prisma-arrowhead" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" '
            'markerHeight="7" orient="auto"><path d="M0 0 L10 5 L0 10 z" fill="#222"/></marker></defs>',
            f'<rect width="{WIDTH}" height="{tall}" fill="#fff"/>',
            *parts,
            "</svg>",
            "",
        ]
    )
