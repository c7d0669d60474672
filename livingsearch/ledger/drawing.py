"""A flow diagram in each of its forms, as bytes for a file."""

import json
from collections.abc import Sequence
from typing import Literal, get_args

from livingsearch.ledger.diagram import Diagram, Join, LayoutName, diagram_of
from livingsearch.ledger.diagram_csv import prisma2020_csv
from livingsearch.ledger.diagram_image import pdf_of, png_of
from livingsearch.ledger.diagram_links import Links
from livingsearch.ledger.diagram_svg import svg_diagram
from livingsearch.ledger.diagram_text import text_diagram
from livingsearch.ledger.together import together
from livingsearch.ledger.whole_flow import WholeFlow
from livingsearch.ledger.whole_flow_json import whole_flow_to_dict

DiagramForm = Literal["svg", "png", "pdf", "text", "csv", "json"]
DIAGRAM_FORMS: tuple[DiagramForm, ...] = get_args(DiagramForm)
"""CSV is that of the R package PRISMA2020: one flow, all parts of the layout together."""


def drawn(
    flows: Sequence[WholeFlow],
    form: DiagramForm,
    layout: LayoutName | None = None,
    *,
    screening_only: bool = False,
    links: Links | None = None,
    join: Join = together,
) -> bytes:
    """Draw flows in a layout.

    Args:
        flows: as for `diagram_of`.
        form: what is wanted.
        layout: None for the one that fits.
        screening_only: end with the box of screening.
        links: of its statements; in SVG and CSV.
        join: as for `diagram_of`.

    Returns:
        A file's content; text is UTF-8.
    """
    diagram = diagram_of(flows, layout, screening_only=screening_only, join=join)
    if form == "png":
        return png_of(svg_diagram(diagram))
    if form == "pdf":
        return pdf_of(svg_diagram(diagram))
    if form == "csv":
        whole = diagram.flows[0] if len(diagram.flows) == 1 else join(flows, diagram.subtitle)
        named = links.of(diagram_of([whole], "updated-other")) if links else None
        return prisma2020_csv(whole, named).encode()
    return _text(diagram, form, links).encode()


def _text(diagram: Diagram, form: DiagramForm, links: Links | None) -> str:
    if form == "svg":
        return svg_diagram(diagram, links.of(diagram) if links else None)
    if form == "text":
        return text_diagram(diagram)
    values = {
        "title": diagram.title,
        "subtitle": diagram.subtitle,
        "flows": [whole_flow_to_dict(flow) for flow in diagram.flows],
        "notes": list(diagram.notes),
    }
    return json.dumps(values, ensure_ascii=False, indent=2) + "\n"
