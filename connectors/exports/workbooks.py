"""Excel workbooks (.xlsx), read row by row through openpyxl.

A workbook is a zip file of XML, so it is held against the limits of archives before openpyxl sees it; openpyxl parses
with defusedxml. Formulas count with the result that Excel stored. Old workbooks (.xls) are another format.
"""

import warnings
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice
from typing import Any, BinaryIO

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, XMLParser

from connectors.errors import ContainerRefused, FileDamaged, FileEmpty
from connectors.exports.columns import Layout, layout_from, layout_of, unknown
from connectors.exports.containers import Limits, zip_sizes
from connectors.exports.found import Found, Said, counted
from connectors.exports.tables import LAYOUTS, Row, found_in_rows
from connectors.record import Remnant

_HEADER_WITHIN = 12
_MOST_ROWS = 1 << 20
_MOST_COLUMNS = 2_000
_MOST_STRINGS = 1 << 28
_AT_ONCE = 200
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
_LIMITS = Limits(most_bytes=1 << 30)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a workbook that holds records.

    Attributes:
        title: its name.
        member: its file within the workbook.
        layout: what its columns mean.
        header: column names as they stand.
        row: of the header.
    """

    title: str
    member: str
    layout: Layout
    header: tuple[str, ...]
    row: int


@dataclass(frozen=True, slots=True)
class WorkbookPlan:
    """How a workbook has to be read.

    Attributes:
        sheets: those that hold records, in the workbook's order.
        others: names of sheets that hold something else.
    """

    sheets: tuple[Sheet, ...]
    others: tuple[str, ...] = ()


def is_workbook(file: BinaryIO) -> bool:
    """Whether a file is an Excel workbook; it is left at its beginning."""
    file.seek(0)
    try:
        if file.read(2) != b"PK":
            return False
        sizes = zip_sizes(file, "The file", Limits(most_bytes=1 << 50, most_ratio=1 << 30, most_members=1 << 30))
    except ContainerRefused:
        return False
    finally:
        file.seek(0)
    return any(member.lower() == "xl/workbook.xml" for member in sizes)


def plan_workbook(
    file: BinaryIO, name: str, columns: Mapping[str, str] | None = None, limits: Limits = _LIMITS
) -> WorkbookPlan:
    """Find out how a workbook has to be read.

    Args:
        file: seekable.
        name: how to call it in a message.
        columns: canonical field by column name, where a person gives it.
        limits: how much may come out of it.

    Returns:
        The plan.

    Raises:
        ContainerRefused: it is damaged, protected or too large.
        FileEmpty: no sheet has a row.
        ColumnsUnknown: no sheet has a known header, and no map fits.
        FileDamaged: openpyxl cannot read it.
    """
    sizes = zip_sizes(file, name, limits)
    if max((size for member, size in sizes.items() if member.lower().endswith("sharedstrings.xml")), default=0) > (
        _MOST_STRINGS
    ):
        raise ContainerRefused(f"{name} holds more text than can be read at once: save the sheet as CSV instead.")
    layouts = (layout_from(columns),) if columns else LAYOUTS
    sheets: list[Sheet] = []
    others: list[str] = []
    best: tuple[str, ...] = ()
    for sheet in _opened(file, name).worksheets:
        head = list(islice((row for row in _rows(sheet, name) if any(row[1])), _HEADER_WITHIN))
        found = next(((row, layout) for row in head if (layout := layout_of(row[1], layouts))), None)
        if found:
            (number, cells), layout = found
            sheets.append(Sheet(sheet.title, sheet._worksheet_path, layout, tuple(cells), number))
        elif head:
            others.append(sheet.title)
            best = max(best, *(tuple(cell for cell in cells if cell) for _, cells in head), key=len)
    if sheets:
        return WorkbookPlan(tuple(sheets), tuple(others))
    if not best:
        raise FileEmpty(f"{name} has no row with text: export the records again.")
    raise unknown(name, best, columns)


def read_workbook(file: BinaryIO, name: str, plan: WorkbookPlan) -> Iterator[Found]:
    """Read the records of a workbook.

    Args:
        file: seekable.
        name: how to call it in a message.
        plan: how to read it.

    Yields:
        One record a row, whose payload is a JSON list of [column, cell] with every cell; rows before a header as
        remnants; at the end what a librarian should know.

    Raises:
        FileDamaged: openpyxl cannot read it.
    """
    by_title = {sheet.title: sheet for sheet in _opened(file, name).worksheets}
    for sheet in plan.sheets:
        rows = _rows(by_title[sheet.title], name)
        for number, cells in rows:
            if number >= sheet.row:
                break
            if any(cells):
                yield Remnant(number, "\t".join(cells))
        width = len(sheet.header)
        # A row ends with its last filled cell, which says nothing about the table.
        full = ((number, cells + [""] * (width - len(cells))) for number, cells in rows)
        yield from found_in_rows(full, sheet.header, sheet.layout)
    if plan.others:
        shown = ", ".join(f"“{title[:60]}”" for title in plan.others[:5])
        yield Said(f"{counted(len(plan.others), 'sheet')} without a known header line, not read: {shown}.")


def count_workbook(file: BinaryIO, name: str, plan: WorkbookPlan) -> int:
    """How many records a workbook itself holds.

    Counted in the sheets' XML, apart from openpyxl, so that one checks the other: openpyxl drops a row whose number
    is lower than that of the row before it.

    Args:
        file: seekable.
        name: how to call it in a message.
        plan: how it is read.

    Returns:
        The number of rows below the headers in which a cell has a value.

    Raises:
        FileDamaged: the XML is broken.
    """
    file.seek(0)
    with zipfile.ZipFile(file) as archive:
        return sum(_count_sheet(archive, sheet, name) for sheet in plan.sheets)


def _count_sheet(archive: zipfile.ZipFile, sheet: Sheet, name: str) -> int:
    counter = _Counter(sheet.row)
    parser: Any = XMLParser(target=counter)
    try:
        with archive.open(sheet.member) as source:
            while piece := source.read(1 << 16):
                parser.feed(piece)
        parser.close()
    except (ParseError, DefusedXmlException, zipfile.BadZipFile, EOFError, OSError, KeyError, ValueError):
        raise _broken(name) from None
    return counter.count


class _Counter:
    """Target of the parser: counts rows with a value below a header."""

    def __init__(self, header: int) -> None:
        self.count = 0
        self._header, self._row = header, 0
        self._inside = self._told = self._below = False

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        name = tag.removeprefix(_MAIN).removeprefix(_STRICT)
        if name == "row":
            number = attributes.get("r", "")
            self._row = int(number) if number.isdecimal() and len(number) < 9 else self._row + 1
            self._told = False
        self._inside = name in ("v", "t")

    def data(self, text: str) -> None:
        self._told = self._told or (self._inside and bool(text))

    def end(self, tag: str) -> None:
        self._inside = False
        if tag.removeprefix(_MAIN).removeprefix(_STRICT) == "row":
            self.count += self._below and self._told
            # From the header on every row counts, whatever number it claims.
            self._below = self._below or self._row >= self._header


def _opened(file: BinaryIO, name: str) -> Any:
    # Takes long to load, and few files are workbooks.
    from openpyxl import load_workbook

    file.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return load_workbook(file, read_only=True, data_only=True, keep_links=False)
    except Exception:
        # Broken parts meet KeyErrors, ValueErrors, TypeErrors and AttributeErrors in there.
        raise _broken(name) from None


def _rows(sheet: Any, name: str) -> Iterator[Row]:
    """Rows of a sheet as text, blank ones included."""
    try:
        # What a sheet says of its size is often wrong, and may be meant to be.
        sheet.reset_dimensions()
        rows = sheet.iter_rows(values_only=True)
    except Exception:
        raise _broken(name) from None
    number = 0
    while True:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                some = list(islice(rows, _AT_ONCE))
        except Exception:
            raise _broken(name) from None
        if not some:
            return
        for values in some:
            number += 1
            if number > _MOST_ROWS or len(values) > _MOST_COLUMNS:
                raise FileDamaged(
                    f"{name} has a sheet of more than {_MOST_ROWS:,} rows or {_MOST_COLUMNS:,} columns, which no "
                    "export has, so nothing was taken."
                )
            yield number, [_text(value) for value in values]


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case str():
            return value.replace("_x000D_", "")
        case bool():
            return str(value).upper()
        case float():
            return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
        case datetime() if value.time() == time(0):
            return value.date().isoformat()
        case datetime() | date() | time():
            return value.isoformat()
        case _:
            return str(value)


def _broken(name: str) -> FileDamaged:
    return FileDamaged(f"{name} is a workbook that cannot be read, so nothing was taken: save it anew, or as CSV.")
