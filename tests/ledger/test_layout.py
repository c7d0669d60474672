"""The geometry of all eight layouts: no text leaves its box, nothing overlaps, every box says what the flow says."""

from dataclasses import replace
from functools import cache
from itertools import combinations, pairwise

import pytest
from font_files import drawn_width
from hypothesis import given, settings
from hypothesis import strategies as st
from whole_flows import CASES, series, source

from livingsearch.ledger.diagram import LAYOUT_NAMES, Diagram, diagram_of
from livingsearch.ledger.layout import layout_of
from livingsearch.ledger.layout_columns import WIDEST
from livingsearch.ledger.layout_shapes import ASCENT, Arrow, Layout, Row, Shape
from livingsearch.ledger.whole_flow import Count, Reason

EVERY = pytest.mark.parametrize(("layout", "case"), [(one, case) for one in LAYOUT_NAMES for case in CASES])


@cache
def drawn(layout: str, case: str) -> Layout:
    return layout_of(diagram_of(CASES[case], layout))


def outside(row: Row, shape: Shape) -> bool:
    """Whether a line leaves its box by the font's own widths, with at least 5 units of paper left."""
    width = max(row.width, drawn_width(row.text, row.size, row.bold))
    top, bottom = row.baseline - ASCENT * row.size, row.baseline + 0.24 * row.size
    if shape.style == "band":
        return width > shape.height - 10 or row.size > shape.width
    return (
        row.x < shape.x + 5
        or row.x + width > shape.x + shape.width - 5
        or top < shape.y
        or bottom > shape.y + shape.height
    )


def left_boxes(layout: Layout) -> list[str]:
    return [row.text for shape in layout.shapes for row in shape.rows if outside(row, shape)]


def overlap(one: Shape, two: Shape) -> bool:
    return (
        one.x < two.x + two.width
        and two.x < one.x + one.width
        and one.y < two.y + two.height
        and two.y < one.y + one.height
    )


def crosses(arrow: Arrow, shape: Shape) -> bool:
    """Whether an arrow runs through the inside of a box."""
    for (x1, y1), (x2, y2) in pairwise(arrow.points):
        left, right, top, bottom = min(x1, x2), max(x1, x2), min(y1, y2), max(y1, y2)
        if (
            left < shape.x + shape.width - 0.01
            and right > shape.x + 0.01
            and top < shape.y + shape.height - 0.01
            and bottom > shape.y + 0.01
        ):
            return True
    return False


@EVERY
def test_no_text_leaves_its_box(layout: str, case: str) -> None:
    placed = drawn(layout, case)
    assert left_boxes(placed) == []
    for row in placed.rows:
        assert row.x + max(row.width, drawn_width(row.text, row.size, row.bold)) <= placed.width
        assert row.baseline < placed.height


@EVERY
def test_nothing_overlaps(layout: str, case: str) -> None:
    placed = drawn(layout, case)
    assert [(a.name, b.name) for a, b in combinations(placed.shapes, 2) if overlap(a, b)] == []
    assert [(a.name, s.name) for a in placed.arrows for s in placed.shapes if crosses(a, s)] == []
    for shape in placed.shapes:
        assert all(b.baseline - a.baseline >= a.size for a, b in pairwise(shape.rows))
        assert 0 < shape.x < shape.x + shape.width < placed.width
        assert 0 < shape.y < shape.y + shape.height < placed.height


@EVERY
def test_every_statement_is_drawn_once(layout: str, case: str) -> None:
    diagram = diagram_of(CASES[case], layout)
    placed = drawn(layout, case)
    text = {s.name: "".join("".join(row.text.split()) for row in s.rows) for s in placed.shapes}
    for box in diagram.boxes():
        assert text[box.name] == "".join("".join(line.text.split()) for line in box.lines)
    names = [s.name for s in placed.shapes] + [a.name for a in placed.arrows]
    names += [row.name for s in placed.shapes for row in s.rows if row.name]
    assert len(names) == len(set(names))


def arrows(layout: Layout) -> set[tuple[str, str]]:
    """Which box each arrow leaves, and which it enters."""

    def at(x: float, y: float) -> str:
        touched = [
            s.name
            for s in layout.shapes
            if s.style == "box" and s.x - 0.1 <= x <= s.x + s.width + 0.1 and s.y - 0.1 <= y <= s.y + s.height + 0.1
        ]
        assert len(touched) == 1, touched
        return touched[0]

    return {(at(*arrow.points[0]), at(*arrow.points[-1])) for arrow in layout.arrows}


def test_arrows_of_the_templates() -> None:
    new = {
        ("identified", "removed"),
        ("identified", "screening"),
        ("screening", "records-excluded-box"),
        ("screening", "sought-box"),
        ("sought-box", "not-retrieved-box"),
        ("sought-box", "assessed-box"),
        ("assessed-box", "reports-excluded-box"),
        ("assessed-box", "included"),
    }
    other = {
        ("other-identified", "other-sought-box"),
        ("other-sought-box", "other-not-retrieved-box"),
        ("other-sought-box", "other-assessed-box"),
        ("other-assessed-box", "other-reports-excluded-box"),
        ("other-assessed-box", "included"),
    }
    updated = {("included", "total"), ("previous", "total")}
    base = series()[:1]
    assert arrows(layout_of(diagram_of(base, "new"))) == new
    assert arrows(layout_of(diagram_of(base, "new-other"))) == new | other
    assert arrows(drawn("updated", "14-databases")) == new | updated
    assert arrows(drawn("updated-other", "14-databases")) == new | updated | other


def test_living_layouts_have_their_columns() -> None:
    def labels(diagram: Diagram) -> list[str]:
        return [part.streams[0].label or "" for tier in diagram.tiers for part in tier.parts]

    flows = CASES["14-databases"]
    assert labels(diagram_of(flows, "columns")) == ["Base search", "Update 2", "Update 3", "Update 4"]
    assert labels(diagram_of(flows, "combined")) == [""]
    assert labels(diagram_of(flows, "base-updates")) == ["Base search", "Update 2 to Update 4"]
    assert labels(diagram_of(flows, "earlier-latest")) == ["Base search to Update 3", "Update 4"]
    assert labels(diagram_of(flows)) == labels(diagram_of(flows, "columns"))


def test_a_tier_goes_on_from_the_studies_of_the_one_above() -> None:
    first, second, *_ = diagram_of(CASES["example"], "columns").tiers
    assert first.previous is None
    assert first.total is not None
    assert second.previous is not None
    assert first.total.lines[0].text.partition("(")[2] == second.previous.lines[0].text.partition("(")[2]


@EVERY
def test_a_drawing_is_no_wider_than_it_can_be_printed(layout: str, case: str) -> None:
    """Text of 14 units on a page of A4 across is 6.6 points high."""
    assert drawn(layout, case).width <= WIDEST


def test_updates_with_long_lists_stand_below_each_other() -> None:
    assert [len(tier.parts) for tier in diagram_of(CASES["example"][:3], "columns").tiers] == [2, 1]
    for case in ("12-long-reasons", "14-databases"):
        assert [len(tier.parts) for tier in diagram_of(CASES[case][:3], "columns").tiers] == [1, 1, 1]


def test_boxes_side_by_side_are_level_unless_one_is_much_higher() -> None:
    shapes = {shape.name: shape for shape in drawn("new", "example").shapes}
    assert shapes["screening"].height == shapes["records-excluded-box"].height
    tall = {shape.name: shape for shape in drawn("new", "12-long-reasons").shapes}
    assert tall["assessed-box"].height < tall["reports-excluded-box"].height / 2


@settings(max_examples=15, deadline=None)
@given(st.lists(st.text(max_size=150), min_size=1, max_size=5), st.text(max_size=200), st.integers(0, 10**10))
def test_any_text_and_number_fits(texts: list[str], title: str, n: int) -> None:
    base, *updates = series()
    found = replace(base.identification, sources=tuple(source(i, text, n) for i, text in enumerate(texts, 1)))
    reports = replace(base.reports, reasons=tuple(Reason(text, Count(n, "manual", text)) for text in texts))
    flow = replace(base, review_title=title, label=title, identification=found, reports=reports)
    for layout in ("new-other", "columns"):
        placed = layout_of(diagram_of((flow, *updates[:1]), layout))
        assert left_boxes(placed) == []
        assert not any(overlap(a, b) for a, b in combinations(placed.shapes, 2))
