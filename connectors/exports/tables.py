"""Tables as text: CSV, TSV and their relatives, row by row.

Delimiter, header and quoting are found by trying; a cell may hold line breaks. A quotation mark that breaks the
quoting is an error with its line, because a reader that guesses on joins two records or drops one.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from connectors.errors import FileDamaged, FileEmpty
from connectors.exports.canonical import canonical
from connectors.exports.columns import Layout, fields_of, layout_from, layout_of, normal, unknown
from connectors.exports.found import Found, FoundRecord, Lines, Said, counted, payload_of
from connectors.exports.parse import Fields
from connectors.exports.prepass import is_blank
from connectors.exports.tables_databases import DATABASE_TABLES
from connectors.exports.tables_managers import MANAGER_TABLES
from connectors.record import Record, Remnant

LAYOUTS = (*MANAGER_TABLES, *DATABASE_TABLES)
"""All tables that are known, in order of preference."""

Row = tuple[int, list[str]]
"""A row's first line, and its cells."""

_DELIMITERS = "\t,;|"
_HEADER_WITHIN = 12
"""Rows among which the header is looked for; Dimensions writes a sentence before it, Excel a line `sep=;`."""
_SAMPLE = 60
_LONGEST_CELL = 1 << 25

_LINE_END = re.compile(r"\r\n|\n|\r")
_LONGEST_NAME = 60
_SEP = re.compile("\ufeff?sep=.[;,\t]{0,60}", re.IGNORECASE)
"""The line by which Excel is told the delimiter."""
_TELLING = re.compile(r"\b(?:title|titel|titre|t[ií]tulo|authors?|doi|abstract|pmid)\b", re.IGNORECASE)
_PROSE = re.compile(r"[.?!:] [A-Z]")

# Python's limit of 128 KB is shorter than the cited references that Scopus puts into one cell.
csv.field_size_limit(_LONGEST_CELL)


@dataclass(frozen=True, slots=True)
class TablePlan:
    """How a table has to be read.

    Attributes:
        layout: what its columns mean.
        delimiter: between cells.
        header: column names as they stand.
        begins: line of the header.
        ends: last line of the header.
    """

    layout: Layout
    delimiter: str
    header: tuple[str, ...]
    begins: int
    ends: int

    @property
    def plain_text(self) -> bool:
        """Whether quotation marks are ordinary characters."""
        return self.layout.plain_text and self.delimiter == "\t"


def plan_table(lines: Lines, name: str, columns: Mapping[str, str] | None = None) -> TablePlan:
    """Find out how a table has to be read.

    Args:
        lines: of the file, from its beginning; only the first ones are taken.
        name: how to call it in a message.
        columns: canonical field by column name, where a person gives it; see `columns.MAPPABLE`.

    Returns:
        The plan.

    Raises:
        FileEmpty: there is no row.
        ColumnsUnknown: no known header and no map, or a map that names columns which are not there.
    """
    sample = [(number, text) for number, text in islice(lines, _SAMPLE) if number <= _SAMPLE]
    own = layout_from(columns) if columns else None
    layouts = (own,) if own else LAYOUTS
    best: tuple[str, ...] = ()
    for delimiter in _DELIMITERS:
        for begins, ends, cells in _head_rows(sample, delimiter):
            layout = layout_of(cells, layouts)
            if layout is not None:
                return TablePlan(layout, delimiter, tuple(cells), begins, ends)
            if sum(bool(cell.strip()) for cell in cells) > len(best):
                best = tuple(cells)
    if not best:
        raise FileEmpty(f"{name} has no row with text: export the records again.")
    raise unknown(name, best, columns)


def has_known_header(head: str) -> bool:
    """Whether a text has a header line that is known here among its first rows.

    Args:
        head: its beginning.
    """
    return any(layout_of(cells, LAYOUTS) for cells in _all_head_rows(head))


def is_table(head: str) -> bool:
    """Whether a text looks like a table of references, whether or not its columns are known.

    Args:
        head: its beginning.
    """
    if head.lstrip("\ufeff \t\n")[:1] in ("[", "{", "<"):
        # JSON and markup have commas and such names too.
        return False
    for cells in _all_head_rows(head):
        names = [cell for cell in cells if len(cell) < _LONGEST_NAME and _TELLING.search(cell)]
        if names and len(cells) > 2 and not _PROSE.search(" ".join(cells)):
            return True
    return False


def read_table(lines: Lines, name: str, plan: TablePlan) -> Iterator[Found]:
    """Read a table.

    Args:
        lines: of the file, from its beginning.
        name: how to call it in a message.
        plan: how to read it.

    Yields:
        One record a row, whose payload is a JSON list of [column, cell] with every cell; what stands before the
        header, and headers repeated within, as remnants; at the end what a librarian should know.

    Raises:
        FileDamaged: the quoting is broken.
    """
    before: list[tuple[int, str]] = []
    for number, text in lines:
        if number < plan.begins:
            before.append((number, text))
        if number >= plan.ends:
            break
    yield from _verbatim(before)
    yield from found_in_rows(rows_of(lines, name, plan.delimiter, plan.plain_text), plan.header, plan.layout)


def rows_of(lines: Lines, name: str, delimiter: str, plain_text: bool) -> Iterator[Row]:
    """Rows of a table, blank ones included.

    Args:
        lines: from where the rows begin.
        name: how to call the file in a message.
        delimiter: between cells.
        plain_text: whether quotation marks are ordinary characters.

    Raises:
        FileDamaged: the quoting is broken, or a cell is longer than 32 MB.
    """
    began = last = 0

    def texts() -> Iterator[str]:
        nonlocal began, last
        for number, text in lines:
            began, last = began or number, number
            yield text + "\n"

    reader = csv.reader(
        texts(), delimiter=delimiter, strict=True, quoting=csv.QUOTE_NONE if plain_text else csv.QUOTE_MINIMAL
    )
    while True:
        began = 0
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise FileDamaged(
                f"The row in line {began or last} of {name} breaks the quoting of the table, so where it ends cannot "
                "be told and nothing was taken: export the file again, or double the quotation mark inside that row."
            ) from None
        yield began or last, cells


def count_rows(lines: Lines, plan: TablePlan) -> int:
    """How many records a table itself holds.

    Counted by quotation marks and line ends, apart from the reader of the rows, so that one checks the other.

    Args:
        lines: of the file, from its beginning.
        plan: how the table is read.

    Returns:
        The number of rows with text below the header; repeated headers do not count.
    """
    count, inside, telling = 0, False, False
    header = [normal(cell) for cell in plan.header]
    for number, text in lines:
        if number <= plan.ends:
            continue
        bare = text.replace(plan.delimiter, "").replace('"', "")
        telling = telling or not is_blank(bare)
        inside = not plan.plain_text and _is_open(text, inside, plan.delimiter)
        if inside:
            continue
        if telling and [normal(cell) for cell in text.split(plan.delimiter)] != header:
            count += 1
        telling = False
    return count + (inside and telling)


def found_in_rows(rows: Iterable[Row], header: Sequence[str], layout: Layout) -> Iterator[Found]:
    """Records of the rows below a header.

    Args:
        rows: first line and cells.
        header: column names.
        layout: what they mean.

    Yields:
        See `read_table`.
    """
    names = [normal(cell) for cell in header]
    ragged: list[int] = []
    for line, cells in rows:
        if not any(not is_blank(cell) for cell in cells):
            continue
        if [normal(cell) for cell in cells] == names:
            yield Remnant(line, "\t".join(cells))
            continue
        while len(cells) > len(header) and not cells[-1].strip():
            cells.pop()
        if len(cells) != len(header):
            ragged.append(line)
        columns = (*header, *(f"+{n}" for n in range(1, len(cells) - len(header) + 1)))
        pairs = tuple(zip(columns, cells, strict=False))
        yield FoundRecord(line, payload_of(pairs), record_of(fields_of(pairs, layout), layout), layout.platform)
    if ragged:
        yield Said(
            f"{counted(len(ragged), 'row')} with another number of cells than the header has (the first in line "
            f"{ragged[0]}): check {'it' if len(ragged) == 1 else 'them'}, cells may stand in the wrong column."
        )


def record_of(fields: Fields, layout: Layout) -> Record:
    """The canonical record of a row's fields."""
    return canonical(fields, layout.profile, layout.database or _database_in(fields, layout.platform))


def _database_in(fields: Fields, platform: str | None) -> str | None:
    if platform == "wos":
        number = next(iter((*fields.get("ut", ()), *fields.get("ut (unique wos id)", ()))), "")
        return "MEDLINE" if number.upper().startswith("MEDLINE:") else "Web of Science"
    if platform == "livingsearch":
        return next(iter(fields.get("database", ())), None)
    if platform == "cochrane":
        numbers = (*fields.get("central id", ()), *fields.get("id", ()))
        return "CENTRAL" if any(number.upper().startswith("CN-") for number in numbers) else "Cochrane Library"
    return None


def _all_head_rows(head: str) -> Iterator[list[str]]:
    """The first rows by each delimiter."""
    lines = list(enumerate(_LINE_END.split(head)[:_SAMPLE], 1))
    for delimiter in _DELIMITERS:
        for _, _, cells in _head_rows(lines, delimiter):
            yield cells


def _head_rows(sample: Sequence[tuple[int, str]], delimiter: str) -> list[tuple[int, int, list[str]]]:
    found = []
    last = 0

    def texts() -> Iterator[str]:
        nonlocal last
        for number, text in sample:
            last = number
            yield text + "\n"

    reader = csv.reader(texts(), delimiter=delimiter, strict=True)
    before = 0
    try:
        for cells in islice(reader, _HEADER_WITHIN):
            found.append((before + 1, last, cells))
            before = last
    except csv.Error:
        pass
    return found


def _verbatim(lines: Sequence[tuple[int, str]]) -> Iterator[Remnant]:
    telling = [line for line in lines if not is_blank(line[1]) and not _SEP.fullmatch(line[1])]
    if telling:
        yield Remnant(telling[0][0], "\n".join(text for _, text in telling))


def _is_open(text: str, inside: bool, delimiter: str) -> bool:
    """Whether a quoted cell goes on after this line."""
    at = 0
    while True:
        if inside:
            at = text.find('"', at)
            if at < 0:
                return True
            if text.startswith('"', at + 1):
                at += 2
                continue
            inside, at = False, at + 1
        elif text.startswith('"', at) and (at == 0 or text[at - 1] == delimiter):
            inside, at = True, at + 1
        else:
            at = text.find(delimiter, at)
            if at < 0:
                return False
            at += 1
