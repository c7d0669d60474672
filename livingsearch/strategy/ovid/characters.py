"""Characters that look like those of Ovid's syntax but are others: quotation marks, asterisks, dashes, spaces.

They come in with text from word processors, PDFs and web pages. The search is read as if the usual ones stood there.
"""

import re
from dataclasses import dataclass

from livingsearch.strategy.findings import Finding, Severity
from livingsearch.strategy.lookalikes import APOSTROPHES, ASTERISKS, DOUBLE_QUOTES, HYPHENS, INVISIBLE, SPACES
from livingsearch.strategy.tree import Place

MOST_OF_A_KIND = 100
"""Findings of one code that a text gets at most: beyond, more of them tell a person nothing."""


@dataclass(frozen=True, slots=True)
class Source:
    """A search's text as it is read.

    Args:
        text: as given.
        clean: the same with usual characters; shorter where invisible ones were left out.
        offsets: for each character of `clean` its offset in `text`; None where they are the same.
    """

    text: str
    clean: str
    offsets: tuple[int, ...] | None = None

    def place(self, start: int, end: int) -> Place:
        """Where a part of `clean` stands in `text`."""
        if self.offsets is None:
            return Place(start, end)
        if not self.offsets:
            return Place(0, len(self.text))
        first = self.offsets[start] if start < len(self.offsets) else len(self.text)
        return Place(first, self.offsets[end - 1] + 1 if end > start else first)


@dataclass(frozen=True, slots=True)
class _Sort:
    code: str
    severity: Severity
    sentence: str
    becomes: str
    characters: str


# Ovid's help names the straight double quotation mark, $ and * only; what it makes of their look-alikes is not
# documented, so that they are told of as warnings and errors.
_SORTS = (
    _Sort(
        "S006",
        "error",
        "This only looks like an asterisk; Ovid truncates with * or $. It was read as *.",
        "*",
        ASTERISKS,
    ),
    _Sort(
        "S005",
        "warning",
        'Ovid marks phrases with the straight quotation mark ". This one was read as if it were that.',
        '"',
        DOUBLE_QUOTES,
    ),
    _Sort(
        "S005",
        "note",
        "This is not the straight apostrophe of the keyboard. It was read as if it were.",
        "'",
        APOSTROPHES,
    ),
    _Sort(
        "S010",
        "note",
        "This dash is not the hyphen of the keyboard. It was read as if it were.",
        "-",
        HYPHENS,
    ),
    _Sort(
        "S010",
        "warning",
        "A character that nobody sees stands here and may cut the word in two. It was read as nothing.",
        "",
        INVISIBLE,
    ),
    _Sort(
        "S010",
        "note",
        "An unusual space or a control character stands here. It was read as a space.",
        " ",
        SPACES + "".join(map(chr, (*range(9), 0xB, 0xC, *range(0xE, 0x20), *range(0x7F, 0x85), *range(0x86, 0xA0)))),
    ),
    _Sort("S010", "note", "Half of a character stands here. It was read as a space.", " ", "\ud800-\udfff"),
    _Sort("", "note", "", "\n", "\r\u0085\u2028\u2029"),
)
_HALVES = range(0xD800, 0xE000)
_TABLE = {ord(character): sort.becomes for sort in _SORTS for character in sort.characters}
_TABLE |= dict.fromkeys(_HALVES, " ") | {ord("-"): "-"}
_CLASSES = [
    sort.characters if sort.becomes == " " and "\ud800" in sort.characters else re.escape(sort.characters)
    for sort in _SORTS
]
_ODD = re.compile("|".join(f"([{characters}]+)" for characters in _CLASSES))


def usual(text: str) -> str:
    """The text with usual characters in the place of odd ones."""
    return text if text.isascii() and text.isprintable() else text.translate(_TABLE)


def source_of(text: str, findings: list[Finding]) -> Source:
    """The text made ready for reading.

    Args:
        text: as given.
        findings: S005, S006 and S010 are added to it, at most MOST_OF_A_KIND of each.
    """
    said: dict[str, int] = {}
    gone: list[tuple[int, int]] = []
    odd = False
    for match in _ODD.finditer(text):
        odd = True
        start, end = match.span()
        sort = _SORTS[(match.lastindex or 1) - 1]
        if not sort.becomes:
            gone.append((start, end))
        if not sort.code or (sort.becomes == "'" and _inside_word(text, start, end)):
            continue
        said[sort.code] = said.get(sort.code, 0) + 1
        if said[sort.code] <= MOST_OF_A_KIND:
            meant = sort.becomes * (1 if sort.becomes == " " else end - start)
            findings.append(Finding(sort.code, sort.severity, sort.sentence, Place(start, end), text[start:end], meant))
    if not odd:
        return Source(text, text)
    if not gone:
        return Source(text, text.translate(_TABLE))
    offsets: list[int] = []
    at = 0
    for start, end in gone:
        offsets.extend(range(at, start))
        at = end
    offsets.extend(range(at, len(text)))
    return Source(text, text.translate(_TABLE), tuple(offsets))


def _inside_word(text: str, start: int, end: int) -> bool:
    return 0 < start and text[start - 1].isalnum() and text[end : end + 1].isalpha()
