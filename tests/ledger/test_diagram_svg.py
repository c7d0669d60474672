"""The SVG diagram: valid, accessible, carrying its counts, and no text leaves its box."""

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import pairwise
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring
from font_files import DEJAVU, advances, drawn_width
from hypothesis import given, settings
from hypothesis import strategies as st
from whole_flows import CASES as WHOLE
from whole_flows import paper

from livingsearch.ledger.diagram import LAYOUT_NAMES, diagram_of
from livingsearch.ledger.diagram_links import Links
from livingsearch.ledger.diagram_svg import svg_diagram
from livingsearch.ledger.flow import Flow, SourceCounts
from livingsearch.ledger.flow_diagram import flow_diagram, whole_of
from livingsearch.ledger.font_metrics import is_known
from livingsearch.ledger.whole_flow_json import whole_flow_to_dict

NS = {"s": "http://www.w3.org/2000/svg"}
LONG = "Cumulative Index to Nursing and Allied Health Literature Complete with Full Text and Cited References"


def source(place: int, label: str, n: int, kind: str = "database", searched: bool = True) -> SourceCounts:
    return SourceCounts(
        slug=f"source-{place}",
        label=label,
        kind=kind,
        searched=searched,
        date_searched=date(2025, 8, 15) if searched else None,
        identified=n,
        already_known=0,
        duplicates=0,
        to_screen=n,
    )


def flow(sources: tuple[SourceCounts, ...], **changes: object) -> Flow:
    databases = sum(one.identified for one in sources if one.kind == "database")
    registers = sum(one.identified for one in sources if one.kind == "register")
    base = Flow(
        review_title="Peer support workers in services for people with personality disorder",
        update=2,
        updates=(2,),
        closed_at=datetime(2025, 9, 1, 4, 30, tzinfo=UTC),
        position=812,
        sources=sources,
        identified_databases=databases,
        identified_registers=registers,
        already_known=0,
        duplicates=0,
        automation_excluded=0,
        other_reasons=0,
        to_screen=databases + registers,
        screened=None,
        possible_pairs=3,
    )
    return replace(base, **changes)


EXAMPLE = flow(
    (
        source(1, "PubMed (NCBI)", 1204),
        source(2, "MEDLINE (Ovid)", 1187),
        source(3, "Embase (Ovid)", 1571),
        source(4, "APA PsycInfo (Ovid)", 0, searched=False),
        source(5, "ClinicalTrials.gov", 12, kind="register"),
    ),
    already_known=1500,
    duplicates=627,
    to_screen=1847,
)
CASES = {
    "example": EXAMPLE,
    "fourteen long names": flow(tuple(source(i, f"{LONG} {i} (EBSCOhost)", 1_234_567 * i) for i in range(1, 15))),
    "not searched": flow(tuple(source(i, f"{LONG} {i}", 0, searched=False) for i in range(1, 6))),
    "nothing": flow(()),
    "one word": flow((source(1, "W" * 300, 5),), review_title="M" * 500),
    "hostile": flow(
        (source(1, "</text><script>alert(1)</script>\x00\x1b[31m\u202e & \"'", 5),),
        review_title="]]>&amp;<b>\ud800",
    ),
    "other scripts": flow((source(1, "中国知网数据库" * 8, 5), source(2, "Ж" * 60 + " \ufdfd" * 9, 5))),
    "other methods": flow((source(1, "Citation searching", 14, kind="other"),)),
    "millions": flow(
        (source(1, "PubMed", 38_000_000),), already_known=12_345_678, duplicates=9_876_543, screened=1_000_000
    ),
}


DRAWN = {name: flow_diagram(one) for name, one in CASES.items()} | {
    f"{layout}, {case}": diagram_of(flows, layout) for layout in LAYOUT_NAMES for case, flows in WHOLE.items()
}


def parsed(drawn: str) -> Element:
    return fromstring(drawn)


def escaped_rows(root: Element) -> list[str]:
    """What stands outside of its box, by the widths in the font's own file."""
    outside = []
    for group in root.findall(".//s:g", NS):
        box = group.find("s:rect", NS)
        assert box is not None
        left, top = float(box.get("x", 0)), float(box.get("y", 0))
        right, bottom = left + float(box.get("width", 0)), top + float(box.get("height", 0))
        for text in group.findall(".//s:text", NS):
            size, width = float(text.get("font-size", 0)), width_of(text)
            if text.get("transform"):
                if width > bottom - top - 10:
                    outside.append(text.text or "")
                continue
            x, y = float(text.get("x", 0)), float(text.get("y", 0))
            if x < left + 5 or x + width > right - 5 or y - size * 0.93 < top or y + size * 0.24 > bottom:
                outside.append(text.text or "")
    return outside


def width_of(text: Element) -> float:
    """Of a line, in the wider of the shipped font and DejaVu Sans, or as wide as it is told to be."""
    if text.get("textLength"):
        return float(text.get("textLength", 0))
    size, bold = float(text.get("font-size", 0)), text.get("font-weight") == "bold"
    width = drawn_width(text.text or "", size, bold)
    if DEJAVU[bold].exists():
        widths = advances(DEJAVU[bold])
        width = max(width, sum(widths.get(character, 0) for character in text.text or "") * size / 1000)
    return width


@pytest.mark.parametrize("name", DRAWN)
def test_no_text_leaves_its_box(name: str) -> None:
    root = parsed(svg_diagram(DRAWN[name]))
    assert escaped_rows(root) == []
    for text in root.findall("s:text", NS):
        assert float(text.get("x", 0)) + width_of(text) <= float(root.get("width", 0))
        assert float(text.get("y", 0)) < float(root.get("height", 0))


@pytest.mark.parametrize("name", DRAWN)
def test_lines_do_not_overlap_and_bands_neither(name: str) -> None:
    root = parsed(svg_diagram(DRAWN[name]))
    for group in root.findall(".//s:g", NS):
        baselines = [float(text.get("y", 0)) for text in group.findall("s:text", NS)]
        assert all(b - a >= 14 for a, b in pairwise(baselines))
    spans = sorted(
        (float(box.get("y", 0)), float(box.get("y", 0)) + float(box.get("height", 0)))
        for box in root.findall(".//s:rect[@class='band']", NS)
    )
    assert len(spans) == 2 or len(spans) % 3 == 0, "a row of parts has three"
    assert all(a[1] < b[0] for a, b in pairwise(spans))


@pytest.mark.parametrize("name", DRAWN)
def test_ids_are_unique_and_counts_come_back(name: str) -> None:
    root = parsed(svg_diagram(DRAWN[name]))
    ids = [one.get("id") for one in root.iter() if one.get("id")]
    assert len(ids) == len(set(ids))
    assert {f"prisma-{box.name}" for box in DRAWN[name].boxes()} <= set(ids)
    assert {f"prisma-{line.name}" for box in DRAWN[name].boxes() for line in box.lines} <= set(ids)
    assert all(path.get("id") for path in root.findall("s:path", NS))
    counts = json.loads(root.findtext("s:metadata", namespaces=NS) or "")
    assert counts == [whole_flow_to_dict(flow) for flow in DRAWN[name].flows]


def test_accessible() -> None:
    root = parsed(svg_diagram(flow_diagram(EXAMPLE)))
    assert root.get("role") == "img"
    for name in (root.get("aria-labelledby") or "").split():
        assert root.find(f".//*[@id='{name}']") is not None
    description = root.findtext("s:desc", namespaces=NS) or ""
    assert "Databases (n = 3,962)" in description
    assert "Records awaiting screening (n = 1,847)" in description
    assert all(group.find("s:title", NS) is not None for group in root.findall(".//s:g", NS))


def test_hostile_text_stays_text() -> None:
    drawn = svg_diagram(flow_diagram(CASES["hostile"]))
    assert "<script" not in drawn
    assert not re.search(r"[\x00-\x08\x0b-\x1f\u202e\ud800-\udfff]", drawn)


def test_unmeasured_letters_are_held_in_place() -> None:
    root = parsed(svg_diagram(flow_diagram(CASES["other scripts"])))
    held = [text for text in root.findall(".//s:text", NS) if not is_known(text.text or "")]
    assert held
    assert all(text.get("textLength") for text in held)
    known = parsed(svg_diagram(flow_diagram(EXAMPLE))).findall(".//s:text", NS)
    assert all(not text.get("textLength") for text in known)


def test_links_of_boxes_and_statements() -> None:
    links = {
        "removed": "https://example.org/removed?a=1&b=2",
        "screened": "screened.html",
        "records-excluded": "javascript:alert(1)",
        "sought": "//[broken",
        "nothing-of-that-name": "https://example.org/",
    }
    root = parsed(svg_diagram(diagram_of([paper()], "new"), links))
    linked = {a.get("href"): a[0].get("id") for a in root.findall(".//s:a", NS)}
    assert linked == {"https://example.org/removed?a=1&b=2": "prisma-removed", "screened.html": "prisma-screened"}


@pytest.mark.parametrize("layout", LAYOUT_NAMES)
def test_a_pattern_links_every_statement_that_counts(layout: str) -> None:
    diagram = diagram_of(WHOLE["12-long-reasons"], layout)
    root = parsed(svg_diagram(diagram, Links("flow/{update}#{box}", {"screened": "screened.html"}).of(diagram)))
    linked = [(text, a.get("href") or "") for a in root.findall(".//s:a", NS) for text in a]
    assert all(text.tag.endswith("}text") for text, _ in linked), "no link stands in another"
    unlinked = {"".join(text.itertext()) for text in root.findall(".//s:g/s:text", NS)}
    assert not [text for text in unlinked if "(n = " in text], "also of statements that are longer than a line"
    addresses = {address for _, address in linked}
    assert "screened.html" in addresses
    assert any(one.endswith("#reason-12") for one in addresses)
    assert all(re.fullmatch(r"screened\.html|flow/\d+(-\d+)?#[a-z]+(-[a-z0-9]+)*", one) for one in addresses)
    assert not [one for one in addresses if "part-" in one or "tier-" in one or "heading" in one]


def test_a_flow_that_ends_with_screening_is_drawn_by_the_same_code() -> None:
    drawn = flow_diagram(EXAMPLE)
    assert [box.name for box in drawn.boxes()] == ["identified", "removed", "screening"]
    assert drawn.flows == (whole_of(EXAMPLE),)
    root = parsed(svg_diagram(drawn))
    assert {a.get("id") for a in root.findall("s:path", NS)} == {"prisma-arrow-to-removed", "prisma-arrow-to-screening"}


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(max_size=120), max_size=6), st.text(max_size=200), st.integers(0, 10**9))
def test_any_text_and_number_fits(labels: list[str], title: str, n: int) -> None:
    drawn = flow(tuple(source(i, label, n) for i, label in enumerate(labels, 1)), review_title=title)
    assert escaped_rows(parsed(svg_diagram(flow_diagram(drawn)))) == []


def test_summary_of_the_boxes_is_what_is_drawn() -> None:
    removed = flow_diagram(EXAMPLE).boxes()[1]
    assert [line.text.replace("\xa0", " ") for line in removed.lines] == [
        "Records removed before screening:",
        "Duplicate records removed¹ (n = 2,127)",
        "Records marked as ineligible by automation tools (n = 0)",
        "Records removed for other reasons (n = 0)",
    ]
    assert removed.summary == (
        "Records removed before screening: Duplicate records removed¹ (n = 2,127); Records marked as ineligible by "
        "automation tools (n = 0); Records removed for other reasons (n = 0)."
    )
