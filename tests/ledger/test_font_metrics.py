"""The table of widths holds for the fonts it was made from."""

import json
import unicodedata

import pytest
from font_files import DEJAVU, SHIPPED, advances

from livingsearch.ledger.font_metrics import FONT_FOLDER, OTHER, WIDE, is_known, text_width


def table(face: str) -> dict[str, int]:
    widths = json.loads((FONT_FOLDER / "widths.json").read_text("utf-8"))[face]
    return {character: int(width) for width, characters in widths.items() for character in characters}


@pytest.mark.parametrize(("face", "bold"), [("regular", False), ("bold", True)])
def test_every_character_of_the_shipped_font_fits(face: str, bold: bool) -> None:
    widths, font = table(face), advances(SHIPPED[bold])
    drawn = {c: w for c, w in font.items() if unicodedata.category(c)[0] != "C" and not unicodedata.combining(c)}
    assert set(widths) == set(drawn)
    assert all(widths[c] >= width - 0.001 for c, width in drawn.items())


@pytest.mark.parametrize(("face", "bold"), [("regular", False), ("bold", True)])
def test_the_table_is_what_the_two_fonts_say(face: str, bold: bool) -> None:
    if not DEJAVU[bold].exists():
        pytest.skip("DejaVu Sans is not installed here")
    font, wider = advances(SHIPPED[bold]), advances(DEJAVU[bold])
    for character, width in table(face).items():
        assert 0 <= width - max(font[character], wider.get(character, 0)) < 1.001, character


def test_the_licence_says_whose_font_it_is() -> None:
    text = (FONT_FOLDER / "LICENSE.txt").read_text("utf-8")
    assert "Red Hat, Inc. with Reserved Font Name Liberation" in text
    assert "SIL OPEN FONT LICENSE Version 1.1" in text


def test_widths() -> None:
    assert text_width("0", 1000) == 637
    assert text_width("é", 1000) == text_width("e", 1000)
    assert text_width("中", 1000) == WIDE
    assert text_width("ก", 1000) == OTHER
    assert text_width("e\u0301\u0328", 1000) == text_width("e", 1000)
    assert text_width("Source", 10, bold=True) > text_width("Source", 10)
    assert is_known("Žižek ‡ Ж Ω")
    assert not is_known("中")
