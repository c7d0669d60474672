"""Canonical records as CSV, as they were read from files: one row a record.

Values of a list are joined by `; `. A cell that a spreadsheet would run as a formula has an apostrophe in front, as
in a batch (`table.guarded`). What either changes is counted, so that it can be said.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from livingsearch.exports.table import guarded

_BETWEEN = "; "


@dataclass(slots=True)
class Altered:
    """What a table does not show as it was read.

    Attributes:
        guarded: cells with an apostrophe in front.
        blurred: cells of lists of which a value holds `; ` itself.
        escaped: cells with characters that UTF-8 does not have, which stand as their codes.
    """

    guarded: int = 0
    blurred: int = 0
    escaped: int = 0

    def add(self, other: "Altered") -> None:
        """Count those of another part too.

        Args:
            other: its counts.
        """
        self.guarded += other.guarded
        self.blurred += other.blurred
        self.escaped += other.escaped

    def sentences(self) -> list[str]:
        """What a person should know, a sentence each."""
        said = []
        if self.guarded:
            said.append(f"{_cells(self.guarded)} an apostrophe in front, since a spreadsheet would run a formula.")
        if self.blurred:
            said.append(f"{_cells(self.blurred)} a list of which a value holds “; ” itself.")
        if self.escaped:
            said.append(f"{_cells(self.escaped)} characters that UTF-8 does not have, written as their codes.")
        return said


class RecordsTable:
    """Writes records as lines of CSV.

    Args:
        columns: of the canonical record, in order.
    """

    def __init__(self, columns: Sequence[str]) -> None:
        self.columns = ("file", "position", *columns)
        self.altered = Altered()

    @property
    def head(self) -> bytes:
        """The header's line."""
        return (",".join(self.columns) + "\r\n").encode()

    def row(self, record: Mapping[str, object]) -> bytes:
        """One record's line.

        Args:
            record: values by column, `file` and `position` among them; None and an empty list are an empty cell.

        Returns:
            UTF-8, with its end.
        """
        out = io.StringIO()
        csv.writer(out).writerow([self._cell(record[name]) for name in self.columns])
        return out.getvalue().encode()

    def _cell(self, value: object) -> str:
        if value is None:
            return ""
        if isinstance(value, list | tuple):
            values = [str(one) for one in value]
            self.altered.blurred += any(_BETWEEN in one for one in values)
            text = _BETWEEN.join(values)
        else:
            text = str(value)
        safe = text.encode("utf-8", "backslashreplace").decode()
        self.altered.escaped += safe != text
        cell = guarded(safe)
        self.altered.guarded += cell != safe
        return cell


def _cells(number: int) -> str:
    return "1 cell has" if number == 1 else f"{number:,} cells have"
