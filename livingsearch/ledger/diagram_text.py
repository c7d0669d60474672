"""The flow diagram for a terminal or an e-mail."""

import unicodedata

from livingsearch.ledger.boxes import Box
from livingsearch.ledger.diagram import Diagram, Part, Stream, Tier
from livingsearch.ledger.wording import NO_BREAK_SPACE, wrap

MIN_WIDTH = 24
"""Columns below which a box cannot hold a count of a million."""

_SIDE_BY_SIDE = 64
_ARROW = "──►"


def text_diagram(diagram: Diagram, width: int = 80) -> str:
    """Draw a diagram with line-drawing characters.

    Args:
        diagram: its words.
        width: columns that no line may exceed, at least `MIN_WIDTH`; below 64 the boxes stand in one column.

    Returns:
        Lines that end with a newline, without trailing spaces. Parts that a drawing shows side by side follow each
        other; a total is drawn below all of its parts.
    """
    width = max(width, MIN_WIDTH)
    lines = [*_wrapped(diagram.title, width), *_wrapped(diagram.subtitle, width), ""]
    for tier in diagram.tiers:
        lines += _tier(tier, width)
    lines += [line for note in diagram.notes for line in _wrapped(note, width)]
    return "".join(line.replace(NO_BREAK_SPACE, " ").rstrip() + "\n" for line in lines)


def columns(text: str) -> int:
    """How many columns of a terminal a piece of text takes.

    Args:
        text: one line without control characters.

    Returns:
        The number: wide characters take two columns, combining ones none.
    """
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) == "Me":
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _tier(tier: Tier, width: int) -> list[str]:
    left = (width - len(_ARROW)) // 2 if width >= _SIDE_BY_SIDE else width
    lines: list[str] = []
    if tier.previous is not None:
        lines += ["Previous studies", "", *_frame(_content(tier.previous, width - 4), width), ""]
    for part in tier.parts:
        lines += _part(part, width, left, tier.total is not None)
    if tier.total is not None:
        lines += [*_frame(_content(tier.total, width - 4), width), ""]
    return lines


def _part(part: Part, width: int, left: int, goes_on: bool) -> list[str]:
    lines: list[str] = []
    for stream in part.streams:
        if stream.label is not None:
            lines += _wrapped(stream.label, width)
        lines += [*_wrapped(stream.header, width), "", *_stream(stream, width, left, part.included is not None)]
        # The last stream's arrow goes on to the box of included studies; one before it would point at a heading.
        if stream is not part.streams[-1]:
            lines += [*_downward(left), ""]
        elif part.included is not None:
            lines += _downward(left)
    if part.included is not None:
        lines += _frame(_content(part.included, left - 4), left, down=goes_on)
        lines += _downward(left) if goes_on else [""]
    else:
        lines.append("")
    return lines


def _stream(stream: Stream, width: int, left: int, goes_on: bool) -> list[str]:
    rows = [(main, side) for main, side in stream.rows if main is not None]
    lines: list[str] = []
    for place, (main, side) in enumerate(rows):
        down = goes_on or place < len(rows) - 1
        if place:
            lines += _downward(left)
        if side is None:
            lines += _frame(_content(main, left - 4), left, down=down)
        elif left < width:
            lines += _beside(main, side, left, width, down)
        else:
            lines += [*_frame(_content(main, width - 4), width, down=True), *_downward(width)]
            lines += _frame(_content(side, width - 4), width, down=down)
    return lines


def _beside(main: Box, side: Box, left_width: int, width: int, down: bool) -> list[str]:
    right_width = width - len(_ARROW) - left_width
    left, right = _content(main, left_width - 4), _content(side, right_width - 4)
    height = max(len(left), len(right))
    middle = 1 + height // 2
    return [
        f"{a}{_ARROW if row == middle else ' ' * len(_ARROW)}{b}"
        for row, (a, b) in enumerate(
            zip(_frame(left, left_width, height, down=down), _frame(right, right_width, height), strict=True)
        )
    ]


def _downward(width: int) -> list[str]:
    return [" " * (width // 2) + mark for mark in "│▼"]


def _content(box: Box, width: int) -> list[str]:
    lines: list[str] = []
    for line in box.lines:
        indent = "  " * line.level
        first, *rest = wrap(line.text, width - len(indent), columns, hanging=2)
        lines.append(indent + first)
        lines += [f"{indent}  {part}" for part in rest]
    return lines


def _frame(content: list[str], width: int, height: int = 0, down: bool = False) -> list[str]:
    inner = width - 2
    padded = [*content, *[""] * (height - len(content))]
    edge = list("─" * inner)
    if down:
        edge[width // 2 - 1] = "┬"
    return [
        f"┌{'─' * inner}┐",
        *(f"│ {line}{' ' * (inner - 1 - columns(line))}│" for line in padded),
        f"└{''.join(edge)}┘",
    ]


def _wrapped(text: str, width: int) -> list[str]:
    return wrap(text, width, columns)
