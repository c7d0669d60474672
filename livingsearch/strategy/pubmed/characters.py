"""Characters that look like PubMed's own but are others: quotation marks, asterisks, dashes, spaces.

They come in with text copied from word processors, PDFs and web pages. Each is replaced by one character, so that
places in the cleaned text are places in the text as given; characters that nobody sees become `NOTHING`.
"""

import re
from dataclasses import dataclass

from livingsearch.strategy.findings import Finding, Severity
from livingsearch.strategy.lookalikes import APOSTROPHES, ASTERISKS, DOUBLE_QUOTES, HYPHENS, INVISIBLE, SPACES
from livingsearch.strategy.tree import Place

NOTHING = "\u200b"
"""Stands for a character without width; words are built without it."""
MOST_OF_A_KIND = 100
"""Findings of one code that a text gets at most: beyond, more of them tell a person nothing."""


@dataclass(frozen=True, slots=True)
class _Sort:
    code: str
    severity: Severity
    sentence: str
    becomes: str
    characters: str


# Severity: PubMed drops ∗ and its like without a word (9 records instead of 269,566 for one title word); of the
# others it is not documented what it makes.
_SORTS = (
    _Sort(
        "S006",
        "error",
        "This only looks like an asterisk: PubMed drops it and searches the bare word. It was read as *.",
        "*",
        ASTERISKS,
    ),
    _Sort(
        "S005",
        "warning",
        "Quotation marks of word processors are not those that PubMed documents. They were read as straight ones.",
        '"',
        DOUBLE_QUOTES,
    ),
    _Sort(
        "S005",
        "note",
        "This is not the straight apostrophe. It was read as one; PubMed makes a space of either.",
        "'",
        APOSTROPHES,
    ),
    _Sort(
        "S010",
        "note",
        "This dash is not the hyphen of the keyboard. It was read as one.",
        "-",
        HYPHENS,
    ),
    _Sort(
        "S010",
        "warning",
        "A character that nobody sees stands here and may cut the word in two. It was read as nothing.",
        NOTHING,
        INVISIBLE,
    ),
    _Sort(
        "S010",
        "note",
        "An unusual space or a control character stands here. It was read as a space.",
        " ",
        SPACES + "\u2028\u2029" + "".join(chr(number) for number in (*range(9), *range(0xE, 0x20), *range(0x7F, 0xA0))),
    ),
)
_SORT_OF = {character: sort for sort in _SORTS for character in sort.characters}
_TABLE = {ord(character): sort.becomes for character, sort in _SORT_OF.items()}
_RUNS = re.compile("|".join(f"[{re.escape(sort.characters)}]+" for sort in _SORTS))


def cleaned(text: str, findings: list[Finding]) -> str:
    """The text with each odd character replaced by what it was meant for.

    Args:
        text: as given.
        findings: S005, S006 and S010 are added to it, at most MOST_OF_A_KIND of each.

    Returns:
        Text of the same length.
    """
    said: dict[str, int] = {}
    for match in _RUNS.finditer(text):
        start, end = match.span()
        sort = _SORT_OF[text[start]]
        if sort.becomes == "'" and 0 < start and text[start - 1].isalnum() and text[end : end + 1].isalpha():
            continue
        said[sort.code] = said.get(sort.code, 0) + 1
        if said[sort.code] <= MOST_OF_A_KIND:
            meant = "" if sort.becomes == NOTHING else sort.becomes * (1 if sort.becomes == " " else end - start)
            findings.append(Finding(sort.code, sort.severity, sort.sentence, Place(start, end), text[start:end], meant))
    return text.translate(_TABLE) if said or not text.isascii() else text


def plain(text: str) -> str:
    """A word with each odd character replaced by what it is meant for."""
    if text.isascii() and text.isprintable():
        return text
    return text.translate(_TABLE).replace(NOTHING, "")
