"""The SVG diagram: valid, accessible, carrying its counts, and no text leaves its box."""

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import pairwise
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given, settings
from hypothesis import strategies as st

from livingsearch.ledger.boxes import boxes_of
from livingsearch.ledger.diagram_svg import WIDTH, svg_diagram
from livingsearch.ledger.flow import Flow, SourceCounts, flow_from_dict
from livingsearch.ledger.font_metrics import OTHER, is_known, text_width

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


def parsed(drawn: str) -> Element:
    return fromstring(drawn)


def escaped_rows(root: Element) -> list[str]:
    """What stands outside of its box, by the same measure for every line."""
    outside = []
    for group in root.findall(".//s:g", NS):
        box = group.find("s:rect", NS)
        assert box is not None
        left, top = float(box.get("x", 0)), float(box.get("y", 0))
        right, bottom = left + float(box.get("width", 0)), top + float(box.get("height", 0))
        for text in group.findall("s:text", NS):
            size, x, y = float(text.get("font-size", 0)), float(text.get("x", 0)), float(text.get("y", 0))
            end = x + text_width(text.text or "", size, text.get("font-weight") == "bold")
            if x < left + 5 or end > right - 5 or y - size * 0.93 < top or y + size * 0.24 > bottom:
                outside.append(text.text or "")
    return outside


@pytest.mark.parametrize("name", CASES)
def test_no_text_leaves_its_box(name: str) -> None:
    root = parsed(svg_diagram(CASES[name]))
    assert escaped_rows(root) == []
    for text in root.findall("s:text", NS):
        if text.get("transform"):
            continue
        end = float(text.get("x", 0)) + text_width(text.text or "", float(text.get("font-size", 0)), True)
        assert end <= WIDTH + 60  # the bold measure on regular text is at most a tenth too wide
        assert float(text.get("y", 0)) < float(root.get("height", 0))


@pytest.mark.parametrize("name", CASES)
def test_lines_do_not_overlap_and_boxes_neither(name: str) -> None:
    root = parsed(svg_diagram(CASES[name]))
    for group in root.findall(".//s:g", NS):
        baselines = [float(text.get("y", 0)) for text in group.findall("s:text", NS)]
        assert all(b - a >= 14 for a, b in pairwise(baselines))
    spans = [
        (float(box.get("y", 0)), float(box.get("y", 0)) + float(box.get("height", 0)))
        for box in root.findall("s:rect[@class='band']", NS)
    ]
    assert len(spans) == 2
    assert spans[0][1] < spans[1][0]


@pytest.mark.parametrize("name", CASES)
def test_ids_are_unique_and_counts_come_back(name: str) -> None:
    root = parsed(svg_diagram(CASES[name]))
    ids = [one.get("id") for one in root.iter() if one.get("id")]
    assert len(ids) == len(set(ids))
    assert {"prisma-identified", "prisma-removed", "prisma-screening"} <= set(ids)
    counts = json.loads(root.findtext("s:metadata", namespaces=NS) or "")
    assert flow_from_dict(counts) == CASES[name]


def test_accessible() -> None:
    root = parsed(svg_diagram(EXAMPLE))
    assert root.get("role") == "img"
    for name in (root.get("aria-labelledby") or "").split():
        assert root.find(f".//*[@id='{name}']") is not None
    description = root.findtext("s:desc", namespaces=NS) or ""
    assert "3,962" in description
    assert "Records awaiting screening (n = 1,847)" in description
    assert all(group.find("s:title", NS) is not None for group in root.findall(".//s:g", NS)[1:])


def test_hostile_text_stays_text() -> None:
    drawn = svg_diagram(CASES["hostile"])
    assert "<script" not in drawn
    assert not re.search(r"[\x00-\x08\x0b-\x1f\u202e\ud800-\udfff]", drawn)


def test_unmeasured_letters_are_held_in_place() -> None:
    root = parsed(svg_diagram(CASES["other scripts"]))
    held = [text for text in root.findall(".//s:text", NS) if not is_known(text.text or "")]
    assert held
    assert all(text.get("textLength") for text in held)
    assert all(not text.get("textLength") for text in parsed(svg_diagram(EXAMPLE)).findall(".//s:text", NS))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(max_size=120), max_size=6), st.text(max_size=200), st.integers(0, 10**9))
def test_any_text_and_number_fits(labels: list[str], title: str, n: int) -> None:
    drawn = flow(tuple(source(i, label, n) for i, label in enumerate(labels, 1)), review_title=title)
    assert escaped_rows(parsed(svg_diagram(drawn))) == []


def test_widths() -> None:
    assert text_width("0", 1000) == 637
    assert text_width("é", 1000) == text_width("e", 1000)
    assert text_width("中", 1000) == OTHER
    assert text_width("e\u0301\u0328", 1000) == text_width("e", 1000)
    assert text_width("Source", 10, bold=True) > text_width("Source", 10)


def test_summary_of_the_boxes_is_what_is_drawn() -> None:
    boxes = boxes_of(EXAMPLE)
    assert [line.text.replace("\xa0", " ") for line in boxes.removed.lines] == [
        "Records removed before screening:",
        "Duplicate records removed¹ (n = 2,127)",
        "Records marked as ineligible by automation tools (n = 0)",
        "Records removed for other reasons (n = 0)",
    ]
