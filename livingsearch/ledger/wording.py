"""Text of diagrams: cleaned, wrapped, numbers as the diagram shows them."""

import unicodedata
from collections.abc import Callable, Mapping

from livingsearch.ledger.whole_flow import Count

NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"


def plain(text: str) -> str:
    """Text on one line: white space is one space, control and format characters are gone.

    Args:
        text: anything, e.g. a title from a review's file.

    Returns:
        Text that is safe on a terminal and, once escaped, in XML.
    """
    kept = (
        " " if unicodedata.category(character) == "Cc" else character
        for character in unicodedata.normalize("NFC", text)
        if unicodedata.category(character) not in {"Cf", "Cs"} and character not in "\ufffe\uffff"
    )
    return " ".join("".join(kept).split())


def wrap(text: str, limit: float, measure: Callable[[str], float], hanging: float = 0) -> list[str]:
    """Break text into lines; between words, and inside a word only where it is wider than a line.

    Args:
        text: one line of plain text; a no-break space holds words together.
        limit: the width that no line may exceed.
        measure: width of a piece of text, the sum of the widths of its characters.
        hanging: by how much later lines are narrower than the first.

    Returns:
        The lines, at least one. A single character wider than the limit stands alone.
    """
    lines: list[str] = []
    current, used = "", 0.0
    space = measure(" ")
    for word in text.split(" "):
        width = measure(word)
        room = limit - (hanging if lines else 0)
        if current and used + space + width <= room:
            current, used = f"{current} {word}", used + space + width
            continue
        if current:
            lines.append(current)
        room = limit - (hanging if lines else 0)
        *full, current = _pieces(word, limit - hanging, measure) if width > room else [word]
        lines.extend(full)
        used = measure(current)
    return [*lines, current]


def number(count: Count) -> str:
    """A count in a sentence: `12,345`, or `not reported`."""
    return "not reported" if count.value is None else f"{count.value:,}"


def n_equals(count: Count, marks: Mapping[str, str]) -> str:
    """A count in a box: `(n = 12,345)`, which does not break.

    Args:
        count: the number.
        marks: by source of a typed number, see `marks_of`.

    Returns:
        The text; a typed number has its marks behind it.
    """
    value = number(count).replace(" ", NO_BREAK_SPACE)
    return f"(n{NO_BREAK_SPACE}={NO_BREAK_SPACE}{value}){_mark(count, marks)}"


def _mark(count: Count, marks: Mapping[str, str]) -> str:
    if count.origin != "manual":
        return ""
    source = count.source or ""
    if source in marks:
        return marks[source]
    # A sum of typed numbers names all of their sources.
    found = set()
    for name in sorted(filter(None, marks), key=len, reverse=True):
        if name in source:
            found.add(name)
            source = source.replace(name, "")
    return "".join(mark for name, mark in marks.items() if name in found)


def _pieces(word: str, limit: float, measure: Callable[[str], float]) -> list[str]:
    pieces = [""]
    used = 0.0
    for character in word:
        width = measure(character)
        if pieces[-1] and used + width > limit:
            pieces.append("")
            used = 0.0
        pieces[-1] += character
        used += width
    return pieces
