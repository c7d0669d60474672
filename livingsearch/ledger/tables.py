"""Tables for people and programs: Markdown, CSV, JSON."""

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass

from livingsearch.ledger.wording import plain

Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        name: for programs.
        label: for people.
        decimals: of numbers that are not whole.
        percent: whether a number is a part of one, shown in per cent.
    """

    name: str
    label: str
    decimals: int = 1
    percent: bool = False


@dataclass(frozen=True, slots=True)
class DataTable:
    """A table.

    Attributes:
        name: for programs.
        title: for people.
        columns: in order.
        rows: a cell for each column; None where there is no number.
        notes: sentences below it.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()


def markdown_of(tables: Sequence[DataTable]) -> str:
    """Tables as Markdown, one below the other."""
    return "\n".join(_markdown(table) for table in tables)


def csv_of(table: DataTable) -> str:
    """One table as CSV: numbers as they are, an empty cell where there is none.

    A text that a spreadsheet would run as a formula has an apostrophe in front.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([column.name for column in table.columns])
    writer.writerows([[_csv(cell) for cell in row] for row in table.rows])
    return out.getvalue()


def json_of(tables: Sequence[DataTable]) -> str:
    """Tables as JSON: by name, one object a row."""
    values = {
        table.name: [{column.name: cell for column, cell in zip(table.columns, row, strict=True)} for row in table.rows]
        for table in tables
    }
    return json.dumps(values, ensure_ascii=False, indent=2) + "\n"


def _markdown(table: DataTable) -> str:
    numeric = [_is_numeric([row[i] for row in table.rows]) for i in range(len(table.columns))]
    lines = [
        f"## {_escaped(table.title)}",
        "",
        _line([_escaped(column.label) for column in table.columns]),
        _line(["---:" if right else "---" for right in numeric]),
        *(_line([_shown(c, cell) for c, cell in zip(table.columns, row, strict=True)]) for row in table.rows),
        "",
        *(line for note in table.notes for line in (_escaped(note), "")),
    ]
    return "\n".join(lines)


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _is_numeric(cells: list[Cell]) -> bool:
    return bool(cells) and all(cell is None or isinstance(cell, int | float) for cell in cells)


def _shown(column: Column, cell: Cell) -> str:
    if cell is None:
        return "–"
    if isinstance(cell, str):
        return _escaped(cell)
    if column.percent:
        return f"{cell:.{column.decimals}%}"
    return f"{cell:,}" if isinstance(cell, int) else f"{cell:,.{column.decimals}f}"


def _escaped(text: str) -> str:
    """Text that Markdown takes for text, on one line."""
    kept = plain(text).replace("&", "&amp;").replace("<", "&lt;")
    return "".join(f"\\{c}" if c in "\\|*_`[]#~" else c for c in kept)


def _csv(cell: Cell) -> Cell:
    if isinstance(cell, str):
        text = plain(cell)
        return f"'{text}" if text.startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠")) else text
    return cell
