"""Every platform's reader, and lint of what none can read, know the same characters."""

import pytest

from livingsearch.strategy import lookalikes
from livingsearch.strategy.dialects import READABLE, Dialect, PlatformName
from livingsearch.strategy.lint.looks import looks
from livingsearch.strategy.reading import read_search
from livingsearch.strategy.tree import Phrase, Word, walk

KINDS = {
    "S006": lookalikes.ASTERISKS,
    "S005": lookalikes.DOUBLE_QUOTES,
    "S010": lookalikes.HYPHENS + lookalikes.SPACES + lookalikes.INVISIBLE,
}


def test_no_character_is_of_two_kinds() -> None:
    every = "".join([*KINDS.values(), lookalikes.APOSTROPHES])
    assert len(set(every)) == len(every)
    assert not set(every) & set("\n\t \"'*-\\]^")


@pytest.mark.parametrize("platform", READABLE)
def test_asterisks_truncate(platform: PlatformName) -> None:
    for sign in lookalikes.ASTERISKS:
        search = read_search(f"asthma{sign}", Dialect(platform))
        assert search.tree == Word.of("asthma", truncated=True)
        assert "S006" in {finding.code for finding in search.findings}


@pytest.mark.parametrize("platform", READABLE)
def test_quotation_marks_make_a_phrase(platform: PlatformName) -> None:
    for sign in lookalikes.DOUBLE_QUOTES:
        search = read_search(f"{sign}young people{sign}", Dialect(platform))
        assert search.tree == Phrase((Word.of("young"), Word.of("people")))
        assert "S005" in {finding.code for finding in search.findings}


@pytest.mark.parametrize("platform", READABLE)
def test_invisible_characters_are_left_out(platform: PlatformName) -> None:
    for sign in lookalikes.INVISIBLE:
        search = read_search(f"asth{sign}ma", Dialect(platform))
        assert [node for node in walk(search.tree) if isinstance(node, Word)] == [Word.of("asthma")]
        assert "S010" in {finding.code for finding in search.findings}


@pytest.mark.parametrize("platform", READABLE)
@pytest.mark.parametrize("code", KINDS)
def test_lint_names_them_in_what_cannot_be_read(platform: PlatformName, code: str) -> None:
    found = list(looks(f"(asthma {KINDS[code]}", Dialect(platform)))
    assert [(finding.code, finding.problematic) for finding in found] == [
        (code, sign) for sign in KINDS[code] if not sign.isascii()
    ]
