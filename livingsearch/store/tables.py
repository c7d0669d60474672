"""A database's tables as its own catalogue tells them, written to Parquet and filled from it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from livingsearch.errors import StoreDamaged
from livingsearch.store.migrate import Migration

_GROUP_OF_ROWS = 8_192
"""Rows are brought together so many at a time; a record as received may have a hundred kilobytes."""
_COMMENTED = re.compile(r"((?:^--[^\n]*\n)+)(?:CREATE|ALTER) TABLE (?:IF NOT EXISTS )?(\w+)", re.MULTILINE)

_TABLES = """
SELECT t.table_name, list({'name': c.column_name, 'type': c.data_type, 'required': NOT c.is_nullable,
    'key': list_contains(coalesce(k.key, []), c.column_name)} ORDER BY c.column_index)
FROM duckdb_tables() t
    JOIN duckdb_columns() c USING (database_oid, schema_oid, table_oid)
    LEFT JOIN (
        SELECT table_oid, any_value(constraint_column_names) AS key
        FROM duckdb_constraints() WHERE constraint_type = 'PRIMARY KEY' AND database_name = current_database()
        GROUP BY table_oid
    ) k USING (table_oid)
WHERE t.database_name = current_database() AND t.schema_name = 'main' AND NOT t.temporary AND NOT t.internal
GROUP BY t.table_name ORDER BY t.table_name
"""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes:
        name: as the catalogue has it.
        type: as DuckDB writes it.
        required: whether every row fills it.
        key: whether it is part of the primary key.
    """

    name: str
    type: str
    required: bool
    key: bool


@dataclass(frozen=True, slots=True)
class Table:
    """A table.

    Attributes:
        name: as the catalogue has it.
        columns: in order.
    """

    name: str
    columns: tuple[Column, ...]


def tables_in(con: duckdb.DuckDBPyConnection) -> tuple[Table, ...]:
    """All tables of a database by name; temporary ones are none of it."""
    return tuple(
        Table(name, tuple(Column(**column) for column in columns)) for name, columns in con.execute(_TABLES).fetchall()
    )


def comments_on(migrations: Sequence[Migration]) -> dict[str, str]:
    """What the migrations say of each table, in the words of the last that says something.

    Args:
        migrations: in order.

    Returns:
        Text of one line by table.
    """
    said: dict[str, str] = {}
    for migration in migrations:
        for comment, table in _COMMENTED.findall(migration.sql):
            said[table] = " ".join(line.removeprefix("--").strip() for line in comment.splitlines())
    return said


def write_parquet(con: duckdb.DuckDBPyConnection, table: str, path: Path, which: str = "true") -> int:
    """Writes the rows of a table, in the order in which it holds them.

    Args:
        con: that reads the database.
        table: from `tables_in`.
        path: of the new file.
        which: a condition in SQL, of the program's own; all rows where left out.

    Returns:
        How many rows.
    """
    row = con.execute(
        f"COPY (FROM {_quoted(table)} WHERE {which}) TO '{str(path).replace(chr(39), chr(39) * 2)}' "
        f"(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {_GROUP_OF_ROWS})"
    ).fetchone()
    return int(row[0]) if row else 0


def rows_in_parquet(path: Path) -> int:
    """How many rows a Parquet file says that it has; only its end is read.

    Raises:
        StoreDamaged: it is none.
    """
    try:
        return int(pq.read_metadata(path).num_rows)
    except (OSError, ValueError) as error:
        raise StoreDamaged(f"{path.name} is no Parquet file that can be read: {error}") from error


def fill_from_parquet(con: duckdb.DuckDBPyConnection, table: str, path: Path) -> int:
    """Puts the rows of a Parquet file into a table in place of what it holds; makes the table where it is missing.

    Args:
        con: that writes the database.
        table: its name.
        path: of the file.

    Returns:
        How many rows the table has now.

    Raises:
        StoreDamaged: the file's columns are not the table's, or its rows break the table's rules.
    """
    name = _quoted(table)
    try:
        held = {column for column, *_ in con.execute("DESCRIBE FROM read_parquet(?)", [str(path)]).fetchall()}
        there = {one.name: one for one in tables_in(con)}
        if table not in there:
            con.execute(f"CREATE TABLE {name} AS FROM read_parquet(?)", [str(path)])
        else:
            wanted = {column.name for column in there[table].columns}
            if held != wanted:
                told = ", ".join(sorted(held ^ wanted))
                raise StoreDamaged(f"The columns of {path.name} are not those of the table {table}: {told}.")
            con.execute(f"DELETE FROM {name}")  # noqa: S608 - a quoted name
            con.execute(f"INSERT INTO {name} BY NAME FROM read_parquet(?)", [str(path)])
    except (duckdb.ConversionException, duckdb.ConstraintException, duckdb.InvalidInputException) as error:
        told = str(error).splitlines()[0]
        raise StoreDamaged(f"The rows of {path.name} do not fit the table {table}: {told}") from error
    row = con.execute(f"SELECT count(*) FROM {name}").fetchone()  # noqa: S608
    return int(row[0]) if row else 0


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
