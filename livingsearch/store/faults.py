"""Faults of disk and database, told as the store's own errors."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from livingsearch.errors import StoreBusy, StoreDamaged, StoreError, StoreFull

_FAULTS = (duckdb.OperationalError, duckdb.InternalError, duckdb.FatalException)
_NO_ROOM = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)
_NO_ROOM_WORDS = ("no space left", "file too large", "disk quota exceeded", "could not write all bytes")


@contextmanager
def writing_faults(path: Path) -> Iterator[None]:
    """Turns faults of the disk and of DuckDB into the store's errors.

    Args:
        path: the file that is being read or written, for the message.

    Raises:
        StoreFull: no room.
        StoreBusy: another program has the database open.
        StoreDamaged: the file is no DuckDB database, or a broken one.
        StoreError: any other fault of the disk.
    """
    try:
        yield
    except OSError as error:
        raise _told(path, error, full=error.errno in _NO_ROOM) from error
    except _FAULTS as error:
        words = str(error).lower()
        if "could not set lock" in words or "used by another process" in words:
            raise StoreBusy(
                f"Another program (a database browser?) has {path} open; close it and try again."
            ) from error
        if "not a valid duckdb" in words or isinstance(error, duckdb.SerializationException):
            raise StoreDamaged(f"{path} is not a database that this version can read: {_first_line(error)}") from error
        raise _told(path, error, full=any(w in words for w in _NO_ROOM_WORDS)) from error


def _told(path: Path, error: Exception, *, full: bool) -> StoreError:
    if full:
        return StoreFull(
            f"No room to write {path} ({_first_line(error)}); "
            "nothing of this step was kept: free some space and run it again."
        )
    return StoreError(f"{path} could not be read or written: {_first_line(error)}")


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0][:300]
