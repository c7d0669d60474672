"""Where everything of a flow diagram stands, as data: boxes with measured lines, arrows, text.

Rows are as high as their text; a box and the one beside it are level where their heights are near. Nothing is
drawn here.
"""

from livingsearch.ledger.diagram import Diagram, Part, Stream
from livingsearch.ledger.layout_columns import PREVIOUS_WIDTH, Columns, Place
from livingsearch.ledger.layout_shapes import (
    LARGE,
    MARGIN,
    PADDING,
    SMALL,
    Arrow,
    Layout,
    Row,
    Shape,
    band_height,
    band_shape,
    grown,
    header_shape,
    shape_of,
    write,
)

_GAP = 24.0
_LEVEL = 1.7
"""Boxes side by side are made equally high unless one is so many times higher than the other."""


def layout_of(diagram: Diagram) -> Layout:
    """Place everything of a diagram.

    Args:
        diagram: its words.

    Returns:
        The drawing as data. No text leaves its box, whatever its length; boxes and lines do not overlap.
    """
    tiers = [Columns(tier) for tier in diagram.tiers]
    width = max(columns.right for columns in tiers) + MARGIN
    rows: list[Row] = []
    shapes: list[Shape] = []
    arrows: list[Arrow] = []
    inner = width - 2 * MARGIN
    y = write(rows, diagram.title, inner, MARGIN, LARGE, bold=True)
    y = write(rows, diagram.subtitle, inner, y, SMALL) + PADDING
    for place, columns in enumerate(tiers, 1):
        y = _tier(columns, y, place, shapes, arrows) + _GAP
    for note in diagram.notes:
        y = write(rows, note, inner, y, SMALL) + 4
    return Layout(width, y + MARGIN, tuple(shapes), tuple(arrows), tuple(rows))


def _tier(columns: Columns, y: float, place: int, shapes: list[Shape], arrows: list[Arrow]) -> float:
    tier = columns.tier
    y = _headers(columns, y, shapes, place) + 14
    bands: dict[str, tuple[float, float]] = {}
    above: dict[str, Shape] = {}
    previous = None
    count = max(len(stream.rows) for part in tier.parts for stream in part.streams)
    for number in range(count):
        band = "Identification" if number == 0 else "Screening"
        row: list[Shape] = []
        if number == 0 and tier.previous is not None:
            previous = shape_of(tier.previous, columns.previous, y, PREVIOUS_WIDTH)
            row.append(previous)
        for part, places in zip(tier.parts, columns.places, strict=True):
            for stream, at in zip(part.streams, places, strict=True):
                row += _boxes(stream, number, at, y, above, arrows)
        bottom = max(shape.y + shape.height for shape in row)
        top = bands.get(band, (y, y))[0]
        if number in {0, count - 1}:
            bottom = max(bottom, top + band_height(band))
        bands[band] = (top, bottom)
        shapes += row
        y = bottom + _GAP
    y = _included(columns, y, bands, above, previous, shapes, arrows)
    for band, (top, bottom) in bands.items():
        shapes.append(band_shape(f"band-{place}-{band.lower()}", band, top, bottom))
    return y


def _boxes(
    stream: Stream, number: int, at: Place, y: float, above: dict[str, Shape], arrows: list[Arrow]
) -> list[Shape]:
    """The boxes of one row of one stream, with the arrows to them."""
    if number >= len(stream.rows):
        return []
    main, side = stream.rows[number]
    if main is None:
        return []
    shape = shape_of(main, at.left, y, at.main)
    beside = shape_of(side, at.side_left, y, at.side) if side else None
    if beside is not None:
        low, high = sorted((shape.height, beside.height))
        if high <= _LEVEL * low:
            shape, beside = grown(shape, high), grown(beside, high)
        middle = y + min(shape.height, beside.height) / 2
        arrows.append(Arrow(f"to-{beside.name}", ((at.left + at.main, middle), (beside.x, middle))))
    before = above.get(stream.name)
    if before is not None:
        arrows.append(Arrow(f"to-{shape.name}", ((shape.middle, before.y + before.height), (shape.middle, y))))
    above[stream.name] = shape
    return [shape] if beside is None else [shape, beside]


def _included(
    columns: Columns,
    y: float,
    bands: dict[str, tuple[float, float]],
    above: dict[str, Shape],
    previous: Shape | None,
    shapes: list[Shape],
    arrows: list[Arrow],
) -> float:
    tier = columns.tier
    drawn = [
        (part, shape_of(part.included, places[0].left, y, places[0].main))
        for part, places in zip(tier.parts, columns.places, strict=True)
        if part.included is not None
    ]
    if not drawn:
        return y - _GAP
    top, height = y, max(shape.height for _, shape in drawn)
    included = [grown(shape, height) for _, shape in drawn]
    for (part, _), shape in zip(drawn, included, strict=True):
        arrows += _to_included(part, shape, above)
    shapes += included
    y += height
    if tier.total is not None:
        y += _GAP
        shape = shape_of(tier.total, included[0].x, y, included[-1].x + included[-1].width - included[0].x)
        shapes.append(shape)
        arrows += [
            Arrow(f"{one.name}-to-total", ((one.middle, one.y + one.height), (one.middle, y))) for one in included
        ]
        if previous is not None:
            middle = y + shape.height / 2
            points = ((previous.middle, previous.y + previous.height), (previous.middle, middle), (shape.x, middle))
            arrows.append(Arrow(f"{previous.name}-to-total", points))
        y += shape.height
    y = max(y, top + band_height("Included"))
    bands["Included"] = (top, y)
    return y


def _to_included(part: Part, included: Shape, above: dict[str, Shape]) -> list[Arrow]:
    arrows = []
    for stream in part.streams:
        last = above[stream.name]
        start = (last.middle, last.y + last.height)
        name = f"{stream.name}-to-included"
        if stream.main:
            arrows.append(Arrow(name, (start, (last.middle, included.y))))
        else:
            middle = included.y + included.height / 2
            arrows.append(Arrow(name, (start, (last.middle, middle), (included.x + included.width, middle))))
    return arrows


def _headers(columns: Columns, y: float, shapes: list[Shape], place: int) -> float:
    headers = []
    if columns.tier.previous is not None:
        headers.append(
            header_shape(
                f"previous-header-{place}", None, "Previous studies", columns.previous, PREVIOUS_WIDTH, y, False
            )
        )
    for part, places in zip(columns.tier.parts, columns.places, strict=True):
        for stream, at in zip(part.streams, places, strict=True):
            headers.append(header_shape(stream.name, stream.label, stream.header, at.left, at.width, y, stream.main))
    height = max(header.height for header in headers)
    shapes += [grown(header, height) for header in headers]
    return y + height
