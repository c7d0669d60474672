"""The text diagram: what it says, and that no line is wider than asked."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from whole_flows import CASES

from livingsearch.ledger.diagram import LAYOUT_NAMES, diagram_of
from livingsearch.ledger.diagram_text import MIN_WIDTH, columns, text_diagram
from livingsearch.ledger.flow import Flow, SourceCounts
from livingsearch.ledger.flow_diagram import flow_diagram
from livingsearch.ledger.wording import plain, wrap


def source(label: str, n: int, kind: str = "database", searched: bool = True) -> SourceCounts:
    return SourceCounts("s", label, kind, searched, None, n, 0, 0, n)


BASE = Flow(
    review_title="Peer support",
    update=1,
    updates=(1,),
    closed_at=datetime(2025, 8, 16, 4, 0, tzinfo=UTC),
    position=4,
    sources=(source("PubMed (NCBI)", 1200), source("Embase (Ovid)", 0, searched=False)),
    identified_databases=1200,
    identified_registers=0,
    already_known=0,
    duplicates=200,
    automation_excluded=0,
    other_reasons=0,
    to_screen=1000,
    screened=None,
    possible_pairs=1,
)

EXPECTED = """\
Peer support
Update 1, closed 2025-08-16 04:00 UTC

Identification of studies via databases and registers

┌────────────────────────────────────┐   ┌─────────────────────────────────────┐
│ Records identified from:           │   │ Records removed before screening:   │
│   Databases (n = 1,200)            │   │   Duplicate records removed         │
│     PubMed (NCBI) (n = 1,200)      │   │     (n = 200)                       │
│     Embase (Ovid): not searched in │──►│   Records marked as ineligible by   │
│       this update                  │   │     automation tools (n = 0)        │
│   Registers (n = 0)                │   │   Records removed for other reasons │
│                                    │   │     (n = 0)                         │
└──────────────────┬─────────────────┘   └─────────────────────────────────────┘
                   │
                   ▼
┌────────────────────────────────────┐
│ Records awaiting screening         │
│   (n = 1,000)                      │
└────────────────────────────────────┘

Possible duplicates waiting for a person, in all updates so far: 1 pair.
"""


def test_whole_diagram() -> None:
    assert text_diagram(flow_diagram(BASE)) == EXPECTED


@pytest.mark.parametrize(
    ("changes", "says", "says_not"),
    [
        ({}, ["Identification of studies via databases and registers"], ["new studies", "Records screened"]),
        ({"update": 2, "updates": (2,)}, ["Identification of new studies via databases and registers"], []),
        (
            {"update": None, "updates": (1, 2, 3)},
            ["Identification of studies", "Updates 1 to 3 together"],
            [],
        ),
        ({"update": None, "updates": (2, 4)}, ["Identification of new studies", "Updates 2, 4 together"], []),
        ({"update": None, "updates": (1, 2)}, ["not searched in these updates"], []),
        ({"update": None, "updates": (), "closed_at": None}, ["No update closed yet"], ["still open"]),
        ({"closed_at": None}, ["still open: these counts may change"], ["closed 2025"]),
        ({"screened": 1000}, ["Records screened (n = 1,000)"], ["awaiting"]),
        ({"screened": 400}, ["Records screened (n = 400)", "Records awaiting screening (n = 600)"], []),
        ({"screened": 0}, ["Records screened (n = 0)"], []),
        ({"possible_pairs": 12_345}, ["all updates so far: 12,345 pairs."], []),
        ({"already_known": 7}, ["Duplicate records removed¹ (n = 207)", "earlier update): 7; other"], []),
        ({"review_title": "\x1b[31m\x00 \n"}, ["[31m"], ["\x1b"]),
        ({"review_title": "\u202e\t"}, ["Untitled review"], []),
        (
            {"sources": (source("Citation searching", 14, "other"),)},
            ["Not in these boxes, identified via other methods: Citation searching, 14 records."],
            [],
        ),
    ],
)
def test_words(changes: dict[str, object], says: list[str], says_not: list[str]) -> None:
    drawn = text_diagram(flow_diagram(replace(BASE, **changes)), width=200)
    for words in says:
        assert words in drawn
    for words in says_not:
        assert words not in drawn


@settings(max_examples=examples(50), deadline=None)
@given(
    st.text(max_size=100),
    st.lists(st.text(max_size=90), max_size=4),
    st.integers(0, 130),
    st.integers(0, 10**8),
)
def test_no_line_is_wider_than_asked(title: str, labels: list[str], width: int, n: int) -> None:
    flow = replace(BASE, review_title=title, sources=tuple(source(one, n) for one in labels), identified_databases=n)
    for line in text_diagram(flow_diagram(flow), width).split("\n"):
        assert columns(line) <= max(width, MIN_WIDTH)


@given(st.text(), st.integers(2, 30))
def test_wrapping_loses_nothing(text: str, limit: int) -> None:
    lines = wrap(plain(text), limit, columns)
    assert "".join(lines).replace(" ", "") == plain(text).replace(" ", "")


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("layout", LAYOUT_NAMES)
def test_every_layout_fits_a_terminal_and_says_every_box(layout: str, case: str) -> None:
    diagram = diagram_of(CASES[case], layout)
    for width in (80, 40):
        drawn = text_diagram(diagram, width)
        assert max(columns(line) for line in drawn.split("\n")) <= width
        letters = "".join(c for c in drawn if not c.isspace() and c not in "│─┌┐└┘┬►▼")
        # Two boxes side by side interleave their lines; alone in a column each statement stands whole.
        if width == 40:
            for box in diagram.boxes():
                for line in box.lines:
                    assert "".join(line.text.split()) in letters


def test_whole_updated_review() -> None:
    expected = Path(__file__).with_name("updated_other.txt").read_text("utf-8")
    assert text_diagram(diagram_of(CASES["example"], "updated-other")) == expected
