"""The flow diagram for a terminal or an e-mail."""

import unicodedata

from livingsearch.ledger.boxes import Box, Boxes, boxes_of, wrap
from livingsearch.ledger.flow import Flow

MIN_WIDTH = 24
"""Columns below which a box cannot hold a count of a million."""

_SIDE_BY_SIDE = 64
_ARROW = "──►"


def text_diagram(flow: Flow, width: int = 80) -> str:
    """Draw identification and screening with line-drawing characters.

    Args:
        flow: the counts.
        width: columns that no line may exceed, at least `MIN_WIDTH`; below 64 the boxes stand in one column.

    Returns:
        Lines that end with a newline, without trailing spaces.
    """
    width = max(width, MIN_WIDTH)
    boxes = boxes_of(flow)
    body = _two_columns(boxes, width) if width >= _SIDE_BY_SIDE else _one_column(boxes, width)
    lines = [
        *_wrapped(boxes.title, width),
        *_wrapped(boxes.subtitle, width),
        "",
        *_wrapped(boxes.header, width),
        "",
        *body,
        "",
        *(line for note in boxes.notes for line in _wrapped(note, width)),
    ]
    return "".join(line.replace("\N{NO-BREAK SPACE}", " ").rstrip() + "\n" for line in lines)


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


def _two_columns(boxes: Boxes, width: int) -> list[str]:
    left_width = (width - len(_ARROW)) // 2
    right_width = width - len(_ARROW) - left_width
    left, right = _content(boxes.identified, left_width - 4), _content(boxes.removed, right_width - 4)
    height = max(len(left), len(right))
    left_box = _frame(left, left_width, height, down=True)
    right_box = _frame(right, right_width, height)
    middle = 1 + height // 2
    joined = [
        f"{a}{_ARROW if row == middle else ' ' * len(_ARROW)}{b}"
        for row, (a, b) in enumerate(zip(left_box, right_box, strict=True))
    ]
    below = _frame(_content(boxes.screening, left_width - 4), left_width)
    return [*joined, *_downward(left_width), *below]


def _one_column(boxes: Boxes, width: int) -> list[str]:
    lines: list[str] = []
    for box in (boxes.identified, boxes.removed, boxes.screening):
        last = box is boxes.screening
        lines += _frame(_content(box, width - 4), width, down=not last)
        lines += [] if last else _downward(width)
    return lines


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
