"""Abstracts of Europe PMC: HTML to lines of plain text, headings as labels."""

import html
import re

from connectors.fields import plain

_HEADING = re.compile(r"<(?:h[1-6]|title)\b[^<>]*>([^<>]*)</(?:h[1-6]|title)\s*>", re.IGNORECASE)
_BREAK = re.compile(r"</?(?:p|br|div|ul|ol|li|sec|section|h[1-6]|title|abstract)\b[^<>]*>", re.IGNORECASE)
_OTHER_TAG = re.compile(r"</?(?:a|italic|bold|tt|code|small|big|strike|s|table|tr|td|th|xref)\b[^<>]*>", re.IGNORECASE)


def abstract_of(text: str | None) -> str | None:
    """An abstract as plain text.

    Args:
        text: as Europe PMC wrote it: `<h4>Objective</h4>To …`, also with its tags escaped.

    Returns:
        One line a part, `Objective: To …`; None where nothing is left. `<` that begins no tag stays.
    """
    if not text:
        return None
    lines = []
    label = None
    for heading, part in _parts(_unescaped(text)):
        if heading:
            # A heading over nothing names what comes next: it is no part of its own.
            label = f"{label} {heading}" if label else heading
        elif part:
            lines.append(f"{label.rstrip(':')}: {part}" if label else part)
            label = None
    if label:
        lines.append(label)
    return "\n".join(lines) or None


def _parts(text: str) -> list[tuple[str | None, str | None]]:
    parts: list[tuple[str | None, str | None]] = []
    end = 0
    for found in _HEADING.finditer(text):
        parts += [(None, line) for line in _lines(text[end : found.start()])]
        parts.append((plain(found[1]), None))
        end = found.end()
    return parts + [(None, line) for line in _lines(text[end:])]


def _lines(text: str) -> list[str]:
    return [line for part in _BREAK.split(_OTHER_TAG.sub("", text)) if (line := plain(part))]


def _unescaped(text: str) -> str:
    try:
        return html.unescape(text)
    except ValueError:  # an entity of thousands of digits
        return text
