"""The pictures of the documentation: all there, all shown, small."""

import re
from pathlib import Path

from draw_diagrams import FOLDER, MOST_BYTES, SHOWN

from livingsearch.ledger.diagram import LAYOUT_NAMES

PAGE = FOLDER.parent / "diagrams.md"


def test_every_layout_and_case_is_shown_and_nothing_else_lies_there() -> None:
    shown = re.findall(r"\]\(diagrams/([^)]+)\)", PAGE.read_text("utf-8"))
    files = {file.name for file in FOLDER.iterdir()}
    assert set(shown) == files
    assert {f"{layout}-{case}.png" for layout in LAYOUT_NAMES for case in SHOWN} <= files


def test_they_take_little_room() -> None:
    assert sum(file.stat().st_size for file in Path(FOLDER).iterdir()) < MOST_BYTES


def test_the_page_names_every_layout() -> None:
    text = PAGE.read_text("utf-8")
    assert all(f"| `{layout}` |" in text for layout in LAYOUT_NAMES)
