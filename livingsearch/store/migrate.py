"""Numbered migrations: each runs once, in a transaction of its own, and leaves its sha256 behind."""

import hashlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib import resources

import duckdb

from livingsearch.errors import StoreDamaged

_LEDGER = """
CREATE TABLE IF NOT EXISTS schema_migration (
    number INTEGER PRIMARY KEY, name VARCHAR NOT NULL, sha256 VARCHAR NOT NULL, applied_at TIMESTAMP NOT NULL
)
"""


@dataclass(frozen=True, slots=True)
class Migration:
    """One step from one set of tables to the next.

    Attributes:
        number: its place in the order, from 1.
        name: its file's name.
        sql: its statements.
    """

    number: int
    name: str
    sql: str

    @property
    def sha256(self) -> str:
        """Of its text."""
        return hashlib.sha256(self.sql.encode()).hexdigest()


@cache
def migrations() -> tuple[Migration, ...]:
    """The migrations that this version knows, in order; their files are read once, not at each opening."""
    folder = resources.files("livingsearch.store") / "migrations"
    files = sorted(f.name for f in folder.iterdir() if f.name.endswith(".sql"))
    return tuple(Migration(int(n.split("_")[0]), n, (folder / n).read_text("utf-8")) for n in files)


def pending(con: duckdb.DuckDBPyConnection, known: Sequence[Migration]) -> list[Migration]:
    """Migrations that the database lacks.

    Raises:
        StoreDamaged: the database has one that `known` lacks, or one whose text differs.
    """
    applied: dict[int, tuple[str, str]] = {}
    # Without the table the database is a new one.
    with suppress(duckdb.CatalogException):
        rows = con.execute("SELECT number, name, sha256 FROM schema_migration").fetchall()
        applied = {number: (name, sha256) for number, name, sha256 in rows}
    for migration in known:
        if migration.number in applied and applied[migration.number][1] != migration.sha256:
            raise StoreDamaged(f"Migration {migration.name} differs from the one that this database went through.")
    newer = sorted(set(applied) - {m.number for m in known})
    if newer:
        raise StoreDamaged(f"A newer livingsearch made this database ({applied[newer[0]][0]}); update the program.")
    return [m for m in known if m.number not in applied]


def migrate(con: duckdb.DuckDBPyConnection, known: Sequence[Migration]) -> list[str]:
    """Applies what is pending; a migration that fails leaves no trace and those before it stay.

    Returns:
        Names of the applied ones, in order.

    Raises:
        StoreDamaged: as for `pending`.
    """
    done = []
    for migration in pending(con, known):
        con.execute("BEGIN")
        try:
            con.execute(_LEDGER)
            con.execute(migration.sql)
            con.execute(
                "INSERT INTO schema_migration VALUES (?, ?, ?, now() AT TIME ZONE 'UTC')",
                [migration.number, migration.name, migration.sha256],
            )
            con.execute("COMMIT")
        except BaseException:
            con.execute("ROLLBACK")
            raise
        done.append(migration.name)
    return done
