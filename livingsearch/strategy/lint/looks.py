"""What can be said of a text that no reader understands: characters that only look like those of a search."""

from collections.abc import Iterator

from livingsearch.strategy.dialects import Dialect
from livingsearch.strategy.findings import Finding
from livingsearch.strategy.lookalikes import APOSTROPHES, ASTERISKS, DOUBLE_QUOTES, HYPHENS, INVISIBLE, SPACES
from livingsearch.strategy.tree import Place

_STARS = frozenset(ASTERISKS)
_QUOTES = {**dict.fromkeys(DOUBLE_QUOTES, '"'), **dict.fromkeys(APOSTROPHES, "'")}
_UNUSUAL = {**dict.fromkeys(SPACES, " "), **dict.fromkeys(INVISIBLE, ""), **dict.fromkeys(HYPHENS, "-")}
_MOST = 200


def looks(text: str, dialect: Dialect) -> Iterator[Finding]:
    """S005, S006 and S010 for every such character, the first 200 of them.

    Args:
        text: any.
        dialect: where it is meant to be run.
    """
    found = 0
    for at, character in enumerate(text):
        finding = None if character.isascii() else _of(character, text, at, dialect)
        if finding is not None:
            yield finding
            found += 1
            if found == _MOST:
                return


def _of(character: str, text: str, at: int, dialect: Dialect) -> Finding | None:
    place = Place(at, at + 1)
    code = f"U+{ord(character):04X}"
    if character in _STARS:
        sentence = f"This is not an asterisk but {code}, which only looks like one: {dialect.label} does not truncate."
        return Finding("S006", "error", sentence, place, character, "*")
    if (straight := _QUOTES.get(character)) is not None:
        if straight == "'" and text[at - 1 : at].isalnum() and text[at + 1 : at + 2].isalnum():
            return None
        sentence = f"This quotation mark ({code}) is not a straight one; platforms differ in what they make of it."
        return Finding("S005", "warning", sentence, place, character, straight)
    if (plain := _UNUSUAL.get(character)) is not None:
        sentence = (
            f"This is an invisible or unusual character ({code}); the platform may not take it for what it seems."
        )
        return Finding("S010", "warning", sentence, place, character, plain)
    return None
