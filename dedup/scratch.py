"""Temporary tables on the caller's connection, gone again whatever happens."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import duckdb
import pyarrow as pa

BATCH = 16_384
"""Rows of an Arrow table that one thread takes at a time."""


class Scratch:
    """Views and temporary tables of one call.

    Args:
        con: the caller's connection; every name made on it begins with `dedup_`.
    """

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self.con = con
        self.lent: dict[str, pa.Table] = {}
        self._views: set[str] = set()
        self._queries: set[str] = set()
        self._tables: set[str] = set()
        self._macros: set[str] = set()

    def lend(self, name: str, table: pa.Table) -> None:
        """Make an Arrow table readable in SQL as `dedup_<name>`, by several threads at once."""
        self.con.register(f"dedup_{name}", pa.Table.from_batches(table.to_batches(BATCH), table.schema))
        self.lent[name] = table
        self._views.add(name)

    def take_back(self, name: str) -> None:
        """End what `lend` began."""
        self.con.unregister(f"dedup_{name}")
        self._views.discard(name)
        self.lent.pop(name, None)

    def give_back(self, *names: str) -> None:
        """End what `lend` began of large tables that nobody else holds, and let the system have their memory."""
        for name in names:
            self.take_back(name)
        release()

    def keep(self, name: str, table: pa.Table) -> None:
        """Copy an Arrow table to the temporary table `dedup_<name>`: joins are planned by its size."""
        self.lend("kept", table)
        self.table(name, "SELECT * FROM dedup_kept")
        self.take_back("kept")

    def append(self, name: str, table: pa.Table) -> None:
        """Add an Arrow table to the temporary table `dedup_<name>`, which need not be there."""
        if name not in self._tables:
            self.keep(name, table)
            return
        self.lend("kept", table)
        self.con.execute(f"INSERT INTO dedup_{name} FROM dedup_kept")
        self.take_back("kept")

    def table(self, name: str, select: str, parameters: Mapping[str, object] | None = None) -> None:
        """Keep the result of a query as the temporary table `dedup_<name>`."""
        self.con.execute(f"CREATE OR REPLACE TEMP TABLE dedup_{name} AS {select}", parameters or {})
        self._tables.add(name)

    def view(self, name: str, select: str) -> None:
        """Make a query readable as `dedup_<name>` without keeping its result."""
        self.con.execute(f"CREATE OR REPLACE TEMP VIEW dedup_{name} AS {select}")
        self._queries.add(name)

    def drop(self, name: str) -> None:
        """Drop a temporary table before the call ends, to save memory."""
        self.con.execute(f"DROP TABLE IF EXISTS dedup_{name}")
        self._tables.discard(name)

    def macro(self, name: str, arguments: str, expression: str) -> None:
        """Define the temporary macro `dedup_<name>`."""
        self.con.execute(f"CREATE OR REPLACE TEMP MACRO dedup_{name}({arguments}) AS {expression}")
        self._macros.add(name)

    def read(self, select: str, parameters: Mapping[str, object] | None = None) -> pa.Table:
        """The result of a query."""
        return self.con.execute(select, parameters or {}).to_arrow_table()

    def count(self, name: str) -> int:
        """Rows of `dedup_<name>`."""
        ((rows,),) = self.con.execute(f"SELECT count(*) FROM dedup_{name}").fetchall()  # noqa: S608
        return int(rows)

    def clear(self) -> None:
        """Drop everything made so far."""
        for name in sorted(self._queries):
            self.con.execute(f"DROP VIEW IF EXISTS dedup_{name}")
        for name in sorted(self._views):
            self.con.unregister(f"dedup_{name}")
        for name in sorted(self._tables):
            self.con.execute(f"DROP TABLE IF EXISTS dedup_{name}")
        for name in sorted(self._macros):
            self.con.execute(f"DROP MACRO IF EXISTS dedup_{name}")
        self.lent.clear()
        self._views, self._queries, self._tables, self._macros = set(), set(), set(), set()


def release() -> None:
    """Let the system have the memory that is free: Arrow's allocator and that of C keep it for what may come."""
    for pool in (pa.default_memory_pool(), pa.system_memory_pool()):
        pool.release_unused()


@contextmanager
def scratch(con: duckdb.DuckDBPyConnection) -> Iterator[Scratch]:
    """A `Scratch` that is cleared at the end, also after an exception."""
    space = Scratch(con)
    try:
        yield space
    finally:
        space.clear()
