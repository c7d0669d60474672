"""Tables of records as other programs write them, CSV or Parquet, read by DuckDB as a whole.

A row is never guessed at: a table whose rows are not of one length, or are not UTF-8, is refused with the line.
"""

import csv
import io
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from livingsearch.errors import RecordsRefused
from livingsearch.services.record_columns import MACROS, columns_of, fields_in_sql, plain_name, read_in_sql

GIVEN = """
CREATE TABLE given (
    name VARCHAR, file INTEGER, source VARCHAR, identity VARCHAR, accession VARCHAR,
    database VARCHAR, title VARCHAR, title_original VARCHAR, authors VARCHAR[], year INTEGER, journal VARCHAR,
    journal_abbreviation VARCHAR, volume VARCHAR, issue VARCHAR, pages VARCHAR, doi VARCHAR, pmid VARCHAR,
    issns VARCHAR[], abstract VARCHAR, publication_types VARCHAR[], keywords VARCHAR[], languages VARCHAR[],
    url VARCHAR, notices VARCHAR[]
)
"""
"""Where records of files are gathered, file by file in their order there; a record's number is its row's, from 1."""

_HEAD = 1 << 20
_LONGEST_LINE = 1 << 24
_MOST_COLUMNS = 2_000
_PARQUET = b"PAR1"
_GLOB = re.compile(r"[*?\[\]{}]")

_NAMELESS = """
SELECT count(*), min(rowid) - (SELECT min(rowid) FROM given WHERE file = $file) + 1
FROM given WHERE file = $file AND coalesce(trim(name), '') = ''
"""
_REPEATED = """
SELECT name, list(file ORDER BY given.rowid)[1:2] AS files, list(given.rowid - first + 1 ORDER BY given.rowid)[1:2]
FROM given JOIN (SELECT file, min(rowid) AS first FROM given GROUP BY file) USING (file)
GROUP BY name HAVING count(*) > 1 ORDER BY min(given.rowid) LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class TableFile:
    """A table that was looked at and not read yet.

    Attributes:
        path: of the file.
        columns: their names, in order.
        delimiter: of a CSV file; None for Parquet.
    """

    path: Path
    columns: tuple[str, ...]
    delimiter: str | None

    def has(self, *names: str) -> bool:
        """Whether it has a column for each of these fields."""
        found = columns_of(self.columns)
        return all(name in found for name in names)


def table_in(con: duckdb.DuckDBPyConnection, path: Path) -> TableFile | None:
    """Look at a file.

    Args:
        con: a scratch database.
        path: the file.

    Returns:
        What it is if it is Parquet, or text that begins with a line of column names; else None.

    Raises:
        RecordsRefused: it cannot be read.
    """
    with _reading(path), path.open("rb") as file:
        head = file.read(_HEAD)
    if head.startswith(_PARQUET):
        with _reading(path), _plain_path(path) as plain:
            rows = con.execute("SELECT * FROM read_parquet($path) LIMIT 0", {"path": plain}).description or []
        return TableFile(path, tuple(str(row[0]) for row in rows), None)
    if b"\x00" in head or not (names := _header(head.decode("utf-8-sig", "replace"))):
        return None
    return TableFile(path, *names)


def take_table(
    con: duckdb.DuckDBPyConnection, table: TableFile, file: int, *, abstract_length: int | None, named: bool
) -> int:
    """Read a table into `given`.

    Args:
        con: a scratch database that holds `GIVEN` and `MACROS`.
        table: from `table_in`.
        file: its number.
        abstract_length: letters kept of an abstract; all where None.
        named: whether its records go by their `record_id`, else by their row.

    Returns:
        How many records it holds.

    Raises:
        RecordsRefused: it lacks a column, a row is not like the others, or a record has no id.
    """
    found = columns_of(table.columns)
    for needed in ("record_id", "title") if named else ("title",):
        if needed not in found:
            told = ", ".join(name.strip()[:30] for name in table.columns[:12])
            raise RecordsRefused(f"{table.path} has no column {needed}; its columns are: {told}.")
    with _reading(table.path), _plain_path(table.path) as plain:
        source, column = _as_source(con, table, plain)
        fields = fields_in_sql(found, column, abstract_length=abstract_length)
        name = column(found["record_id"][0]) if named else "$stem || ':' || row_number() OVER ()"
        (records,) = con.execute(
            "INSERT INTO given BY NAME SELECT name, $file AS file, $stem AS source, NULL::VARCHAR AS identity, "  # noqa: S608
            f"{_listed(read_in_sql(fields))} FROM (SELECT {name} AS name, {_listed(fields)} FROM {source})",
            {"path": plain, "stem": str(table.path), "file": file},
        ).fetchone() or (0,)
    nameless, first = con.execute(_NAMELESS, {"file": file}).fetchone() or (0, None)
    if nameless:
        more = f", and {nameless - 1:,} more" if nameless > 1 else ""
        raise RecordsRefused(f"{table.path}: row {first} has no record_id{more}; give every record an id.")
    return int(records)


def require_names_once(con: duckdb.DuckDBPyConnection, files: list[Path]) -> None:
    """Refuse ids that two records of `given` have.

    Raises:
        RecordsRefused: names the first of them and where it stands.
    """
    (repeated,) = con.execute("SELECT count(*) > count(DISTINCT name) FROM given").fetchone() or (False,)
    if repeated and (row := con.execute(_REPEATED).fetchone()):
        name, numbers, positions = row
        where = " and ".join(f"row {p:,} of {files[n - 1]}" for n, p in zip(numbers, positions, strict=True))
        raise RecordsRefused(
            f"The record_id {name[:60]} stands twice, in {where}; every record needs an id of its own."
        )


def prepare(con: duckdb.DuckDBPyConnection) -> None:
    """Make `given` and what reads into it."""
    con.execute(GIVEN)
    for macro in MACROS:
        con.execute(f"CREATE TEMP MACRO {macro}")


def _header(text: str) -> tuple[tuple[str, ...], str] | None:
    """Column names and the delimiter that parts them into most known ones."""
    best: tuple[int, tuple[str, ...], str] = (0, (), ",")
    for delimiter in (",", "\t", ";"):
        try:
            names = tuple(next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), ()))
        except csv.Error:
            continue
        known = len(columns_of(names))
        if known > best[0] and len(names) <= _MOST_COLUMNS:
            best = (known, names, delimiter)
    return (best[1], best[2]) if best[0] >= 2 or "record_id" in map(plain_name, best[1]) else None


def _as_source(con: duckdb.DuckDBPyConnection, table: TableFile, plain: str) -> tuple[str, Callable[[int], str]]:
    """A table function that reads the file at `$path`, and what its columns are called there."""
    if table.delimiter is not None:
        declared = ", ".join(f"'c{n}': 'VARCHAR'" for n in range(len(table.columns)))
        mark = {",": "','", ";": "';'", "\t": r"'\t'"}[table.delimiter]
        # Two threads may part a file within a quoted cell, which DuckDB then refuses or reads wrongly.
        return (
            f"read_csv($path, auto_detect = false, header = true, delim = {mark}, quote = '\"', escape = '\"', "
            f"compression = 'none', parallel = false, max_line_size = {_LONGEST_LINE}, columns = {{{declared}}})",
            lambda place: f"c{place}",
        )
    rows = con.execute("DESCRIBE SELECT * FROM read_parquet($path)", {"path": plain}).fetchall()
    texts = [
        f"array_to_string({_quoted(name)}::VARCHAR[], '; ')" if kind.endswith("[]") else f"{_quoted(name)}::VARCHAR"
        for name, kind, *_ in rows
    ]
    renamed = ", ".join(f"{text} AS c{n}" for n, text in enumerate(texts))
    return f"(SELECT {renamed} FROM read_parquet($path))", lambda place: f"c{place}"  # noqa: S608


def _listed(expressions: dict[str, str]) -> str:
    return ", ".join(f"{expression} AS {name}" for name, expression in expressions.items())


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


@contextmanager
def _plain_path(path: Path) -> Iterator[str]:
    """A path that DuckDB takes for one file: it would read `[1]` and `*` as a pattern."""
    whole = str(path.resolve())
    if not _GLOB.search(whole):
        yield whole
        return
    with tempfile.TemporaryDirectory(prefix="livingsearch-") as folder:
        link = Path(folder) / "table"
        link.symlink_to(whole)
        yield str(link)


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise RecordsRefused(f"{path} cannot be read: {error.strerror or error}.") from error
    except (duckdb.InvalidInputException, duckdb.ConversionException, duckdb.IOException) as error:
        raise RecordsRefused(f"{path} cannot be read: {_told(str(error))}") from error


def _told(error: str) -> str:
    """DuckDB's words on a broken table, in one sentence without the file's text."""
    line = re.search(r"CSV Error on Line: (\d+)", error)
    where = f"line {line[1]} " if line else "a line "
    if counted := re.search(r"Expected Number of Columns: (\d+) Found: (\d+)", error):
        return f"{where}has {counted[2]} cells where the header has {counted[1]}; mend it and run this again."
    if "not utf-8" in error or "unicode" in error.lower():
        return f"{where}is not UTF-8; save the table as CSV in UTF-8."
    if "unterminated quote" in error:
        return f"{where}has a quotation mark without its other half; inside a quoted cell it must be doubled."
    if "Maximum line size" in error:
        return f"{where}is longer than {_LONGEST_LINE:,} bytes."
    if "invalid state" in error:
        return "its lines do not all end alike or its quotation marks do not match; save it anew as CSV."
    return "it is damaged: " + " ".join(error.split())[:200]
