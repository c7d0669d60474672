"""One DuckDB file a review, opened for one step at a time, under a lock that all processes heed.

DuckDB lets a single process open a file for writing and refuses everyone else meanwhile. So every access
takes a lock on a side file first, shared for reading, exclusive for writing, opens the database, and closes
it before the lock goes. A second side file is the door: a writer holds it while it waits, so that readers
who keep coming cannot starve it.
"""

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from livingsearch.errors import StoreBusy, StoreError
from livingsearch.store.faults import writing_faults
from livingsearch.store.migrate import Migration, migrate, migrations, pending

_SPILL = ".spill-"
# Each column of each table takes whole blocks, which are filled, written and read again with every short step.
_BLOCK = 65_536
_SETTINGS = {"autoinstall_known_extensions": False, "autoload_known_extensions": False}


@dataclass(frozen=True, slots=True)
class Store:
    """The database of one review.

    Attributes:
        path: the DuckDB file.
        locks: folder for the lock's side files; it exists.
        lock_timeout: seconds to wait for other processes before giving up.
        threads: threads that DuckDB may use; None for all cores.
        memory: how much of it DuckDB may use for the review's file before it goes on disk, as `1GB`.
    """

    path: Path
    locks: Path
    lock_timeout: float = 600.0
    threads: int | None = None
    memory: str = "1GB"

    @contextmanager
    def write(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection inside one transaction: committed at the end, rolled back when an exception leaves it.

        Keep it short: nobody else reads or writes meanwhile. No network call belongs inside.

        Raises:
            StoreBusy: others held the lock longer than `lock_timeout`.
            StoreFull: no room; the transaction left no trace.
            StoreDamaged: the file is not what this version wrote.
        """
        with ExitStack() as stack:
            stack.enter_context(self._lock("door"))
            stack.enter_context(self._lock("store"))
            con = stack.enter_context(self._open(read_only=False))
            migrate(con, migrations())
            con.execute("BEGIN")
            try:
                yield con
            except BaseException:
                _roll_back(con)
                raise
            with writing_faults(self.path):
                con.execute("COMMIT")

    @contextmanager
    def read(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection that only reads; many may be open at once.

        Raises:
            StoreBusy: a writer held the lock longer than `lock_timeout`.
            StoreDamaged: the file is not what this version wrote.
        """
        with self._reading() as con:
            outdated = bool(pending(con, migrations()))
            if not outdated:
                yield con
        if outdated:
            self.create_or_migrate()
            with self._reading() as con:
                yield con

    @contextmanager
    def scratch(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A database in memory for heavy work on copies; it is gone afterwards."""
        with scratch_database(self.path.parent, self.threads) as con:
            yield con

    def create_or_migrate(self) -> None:
        """Brings the file to this version's tables, making it where it is missing.

        Raises:
            StoreDamaged: a newer version wrote the file, or an applied migration was altered.
        """
        with self.write():
            pass

    @contextmanager
    def rebuilding(self, applied: Sequence[Migration]) -> Iterator[duckdb.DuckDBPyConnection]:
        """A new database with the tables of an earlier version, to be filled; each statement is committed by itself.

        `create_or_migrate` brings it to this version's tables afterwards.

        Args:
            applied: migrations that the earlier version had gone through, in order.

        Raises:
            StoreError: the disk does not allow it, or the file is there.
        """
        if self.path.exists():
            raise StoreError(f"{self.path} is there already.")
        with self._lock("store"), self._open(read_only=False) as con:
            migrate(con, applied)
            yield con

    @contextmanager
    def hold(self, name: str) -> Iterator[None]:
        """Keeps other processes from the same piece of work, e.g. a search of one source.

        Args:
            name: of the piece of work; letters, digits and hyphens.

        Raises:
            StoreBusy: another process held it longer than `lock_timeout`.
        """
        with self._lock(f"work-{name}"):
            yield

    def _config(self) -> dict[str, str | bool | int | float | list[str]]:
        # Two processes that spill into one directory crash each other; connections of one process share theirs.
        own: dict[str, str | bool | int | float | list[str]] = {
            "temp_directory": str(self.path.parent / f"{_SPILL}{os.getpid()}"),
            "default_block_size": str(_BLOCK),
        }
        return {**_SETTINGS, **own} if self.threads is None else {**_SETTINGS, **own, "threads": self.threads}

    @contextmanager
    def _lock(self, name: str, *, shared: bool = False) -> Iterator[None]:
        # Brings redis along where that is installed, and help or a check of a search needs no lock.
        import portalocker

        kind = portalocker.LockFlags.SHARED if shared else portalocker.LockFlags.EXCLUSIVE
        lock = portalocker.Lock(
            self.locks / f"{name}.lock",
            mode="a",
            timeout=self.lock_timeout,
            check_interval=0.01,
            flags=kind | portalocker.LockFlags.NON_BLOCKING,
        )
        with writing_faults(self.locks):
            try:
                lock.acquire()
            except portalocker.LockException as error:
                raise StoreBusy(
                    f"Another livingsearch process has kept {self.path.parent.name} busy ({name}) for "
                    f"{self.lock_timeout:.0f} s; wait until it is done and run this again."
                ) from error
        try:
            yield
        finally:
            lock.release()

    @contextmanager
    def _reading(self) -> Iterator[duckdb.DuckDBPyConnection]:
        with ExitStack() as stack:
            with self._lock("door", shared=True):
                stack.enter_context(self._lock("store", shared=True))
            yield stack.enter_context(self._open(read_only=True))

    @contextmanager
    def _open(self, *, read_only: bool) -> Iterator[duckdb.DuckDBPyConnection]:
        with writing_faults(self.path):
            con = duckdb.connect(
                str(self.path), read_only=read_only, config={**self._config(), "memory_limit": self.memory}
            )
        try:
            with writing_faults(self.path):
                yield con
        finally:
            with writing_faults(self.path):
                con.close()


@contextmanager
def scratch_database(near: Path, threads: int | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database in memory that belongs to no review; it is gone afterwards.

    Args:
        near: a folder in which it may lay aside what does not fit into memory.
        threads: that it may use; None for all cores.
    """
    with tempfile.TemporaryDirectory(prefix=_SPILL, dir=near, ignore_cleanup_errors=True) as spill:
        config: dict[str, str | bool | int | float | list[str]] = {**_SETTINGS, "temp_directory": spill}
        if threads is not None:
            config["threads"] = threads
        con = duckdb.connect(":memory:", config=config)
        try:
            yield con
        finally:
            con.close()


def memory_database() -> duckdb.DuckDBPyConnection:
    """A small database in memory for one of several that work beside each other: it has one thread and no folder."""
    return duckdb.connect(":memory:", config={**_SETTINGS, "temp_directory": "", "threads": 1})


def _roll_back(con: duckdb.DuckDBPyConnection) -> None:
    try:
        con.execute("ROLLBACK")
    except duckdb.Error:
        # A fault that has invalidated the whole database rolls back by itself when it closes.
        return
