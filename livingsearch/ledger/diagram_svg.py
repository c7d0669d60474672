"""The flow diagram as SVG.

Each box, each statement and each arrow has an id (prefix `prisma-`) for links and styles, each box a title, and the
counts stand in `<metadata>` as JSON, so a drawing can always be checked against the ledger.
"""

import json
from collections.abc import Mapping
from html import escape

from livingsearch.ledger.diagram import Diagram
from livingsearch.ledger.diagram_links import is_address
from livingsearch.ledger.font_metrics import FONT_FAMILY, is_known
from livingsearch.ledger.layout import layout_of
from livingsearch.ledger.layout_shapes import SIZE, Arrow, Layout, Row, Shape
from livingsearch.ledger.whole_flow_json import whole_flow_to_dict

_STYLE = """
  .box { fill: #fff; stroke: #222; }
  .header { fill: #ffc000; stroke: #222; }
  .other-header { fill: #d9d9d9; stroke: #222; }
  .band { fill: #9dc3e6; stroke: #222; }
  .arrow { stroke: #222; stroke-width: 1.5; fill: none; }
  text { fill: #000; }
  a text { fill: #0645ad; }
"""


def svg_diagram(diagram: Diagram, links: Mapping[str, str] | None = None) -> str:
    """Draw a diagram.

    Args:
        diagram: its words.
        links: addresses by the name of a box or a statement, e.g. `records-excluded`; those that are not
            `is_address` are left out.

    Returns:
        A whole SVG document. No text leaves its box, whatever the length of a source's name or a reason.
    """
    layout = layout_of(diagram)
    allowed = {name: address for name, address in (links or {}).items() if is_address(address)}
    parts = [
        *(_arrow(arrow) for arrow in layout.arrows),
        *(_shape(shape, allowed) for shape in layout.shapes),
        *(_row(row, allowed) for row in layout.rows),
    ]
    return _document(diagram, layout, parts)


def _shape(shape: Shape, links: Mapping[str, str]) -> str:
    lines = [f'<g id="prisma-{escape(shape.name)}">', f"<title>{escape(shape.summary)}</title>", _rectangle(shape)]
    if shape.style == "band":
        lines.append(_turned(shape))
    else:
        lines += [_row(row, links) for row in shape.rows]
    lines.append("</g>")
    return _linked("\n".join(lines), links.get(shape.name))


def _linked(drawn: str, address: str | None) -> str:
    return f'<a href="{escape(address)}">{drawn}</a>' if address else drawn


def _rectangle(shape: Shape) -> str:
    corner = "" if shape.style == "box" else ' rx="8"'
    where = f'x="{_number(shape.x)}" y="{_number(shape.y)}"'
    size = f'width="{_number(shape.width)}" height="{_number(shape.height)}"'
    return f'<rect class="{shape.style}" {where} {size}{corner}/>'


def _turned(shape: Shape) -> str:
    x, middle = shape.middle + SIZE * 0.36, shape.y + shape.height / 2
    where = f'transform="translate({_number(x)} {_number(middle)}) rotate(-90)" text-anchor="middle"'
    return f'<text {where} font-size="{_number(SIZE)}" font-weight="bold">{escape(shape.rows[0].text)}</text>'


def _row(row: Row, links: Mapping[str, str]) -> str:
    name = f' id="prisma-{escape(row.name)}"' if row.name else ""
    weight = ' font-weight="bold"' if row.bold else ""
    # Letters of other scripts come from fonts nobody measured: the viewer is told how wide they may be.
    fixed = "" if is_known(row.text) else f' textLength="{_number(row.width)}" lengthAdjust="spacingAndGlyphs"'
    where = f'x="{_number(row.x)}" y="{_number(row.baseline)}"'
    drawn = f'<text{name} {where} font-size="{_number(row.size)}"{weight}{fixed}>{escape(row.text)}</text>'
    return _linked(drawn, links.get(row.of) if row.of else None)


def _arrow(arrow: Arrow) -> str:
    points = " L".join(f"{_number(x)} {_number(y)}" for x, y in arrow.points)
    return f'<path id="prisma-arrow-{escape(arrow.name)}" class="arrow" d="M{points}" marker-end="url(#prisma-head)"/>'


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _document(diagram: Diagram, layout: Layout, parts: list[str]) -> str:
    headers = [
        f"{s.label}: {s.header}" if s.label else s.header for t in diagram.tiers for p in t.parts for s in p.streams
    ]
    summaries = [box.summary for box in diagram.boxes()]
    description = " ".join((f"{diagram.subtitle}.", *(f"{h}." for h in headers), *summaries, *diagram.notes))
    counts = json.dumps([whole_flow_to_dict(flow) for flow in diagram.flows], indent=1)
    wide, tall = _number(layout.width), _number(layout.height)
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{tall}" '
            f'viewBox="0 0 {wide} {tall}" role="img" aria-labelledby="prisma-title prisma-desc" '
            f'font-family="{FONT_FAMILY}">',
            f'<title id="prisma-title">PRISMA 2020 flow diagram: {escape(diagram.title)}</title>',
            f'<desc id="prisma-desc">{escape(description)}</desc>',
            f'<metadata id="prisma-counts">{escape(counts)}</metadata>',
            f"<style>{_STYLE}</style>",
            '<defs><marker id="prisma-head" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" '
            'markerHeight="7" orient="auto"><path d="M0 0 L10 5 L0 10 z" fill="#222"/></marker></defs>',
            f'<rect width="{wide}" height="{tall}" fill="#fff"/>',
            *parts,
            "</svg>",
            "",
        ]
    )
