"""Embase.com's other CSV: one field a row, `"TITLE","…"`, a record after the other."""

import re
from collections.abc import Iterator

from connectors.exports.columns import Layout, fields_of, normal
from connectors.exports.found import Found, FoundRecord, Lines, payload_of
from connectors.exports.prepass import is_blank
from connectors.exports.tables import record_of, rows_of
from connectors.exports.tables_databases import DATABASE_TABLES
from connectors.record import Remnant

_LABELS = frozenset({"title", "author names", "source", "source title", "publication year", "date of publication"})
_LABEL = re.compile(r'\s*\ufeff*"?([^",]{3,60})"?(?:,|\s*\Z)')
_START = re.compile(r'\s*\ufeff*"?TITLE"?,', re.IGNORECASE)
_RULE = re.compile(r"[\s\"-]*,?\s*")
_EMBASE: Layout = next(layout for layout in DATABASE_TABLES if layout.platform == "embase.com")


def is_embase_rows(head: str) -> bool:
    """Whether a text is such a file.

    Args:
        head: its first lines.
    """
    labels = [found[1] for line in re.split(r"[\r\n]+", head)[:40] if (found := _LABEL.match(line))]
    return len({normal(label) for label in labels} & _LABELS) > 2


def read_embase_rows(lines: Lines, name: str) -> Iterator[Found]:
    """Read Embase.com's CSV of one field a row.

    Args:
        lines: of the file.
        name: how to call it in a message.

    Yields:
        One record a row `TITLE`, whose payload is a JSON list of [label, cell]; rows before the first one.

    Raises:
        FileDamaged: the quoting is broken.
    """
    began = 0
    pairs: list[tuple[str, str]] = []
    for line, cells in rows_of(lines, name, ",", plain_text=False):
        if all(is_blank(cell) for cell in cells) or (len(cells) < 3 and _RULE.fullmatch(",".join(cells))):
            continue
        label = cells[0].strip().lstrip("\ufeff")
        if normal(label) == "title":
            if pairs:
                yield _found(began, pairs)
            began, pairs = line, []
        if not began:
            yield Remnant(line, ",".join(cells))
            continue
        # A row without a label goes on with the field before it.
        owner = label if label else pairs[-1][0]
        pairs.extend((owner, cell) for cell in cells[1:] if not is_blank(cell))
        if len(cells) == 1 or all(is_blank(cell) for cell in cells[1:]):
            pairs.append((owner, ""))
    if pairs:
        yield _found(began, pairs)


def count_embase_rows(lines: Lines) -> int:
    """How many records a text itself begins: its lines that open with `TITLE`."""
    return sum(_START.match(line) is not None for _, line in lines)


def _found(line: int, pairs: list[tuple[str, str]]) -> FoundRecord:
    return FoundRecord(line, payload_of(pairs), record_of(fields_of(pairs, _EMBASE), _EMBASE))
