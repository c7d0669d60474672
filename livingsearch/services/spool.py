"""Records of a run that wait on disk until all of them are there, so that memory stays flat."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pyarrow as pa

from connectors.record import RECEIVED_SCHEMA
from livingsearch.store.faults import writing_faults


class Arriving(Protocol):
    """Records of one run, read as often as needed; a `pa.Table` is one too."""

    def to_reader(self) -> pa.RecordBatchReader:
        """All records from the first, of `connectors.record.RECEIVED_SCHEMA`."""
        ...


@dataclass(slots=True)
class Spool:
    """A file of records that is written once and then read.

    Attributes:
        path: of the file.
        rows: records written so far.
    """

    path: Path
    rows: int
    _writer: pa.ipc.RecordBatchStreamWriter
    _source: pa.OSFile | None = None

    def add(self, table: pa.Table) -> None:
        """Writes records behind those that are there.

        Args:
            table: of `connectors.record.RECEIVED_SCHEMA`.

        Raises:
            StoreFull: no room.
        """
        with writing_faults(self.path):
            self._writer.write_table(table)
        self.rows += table.num_rows

    def to_reader(self) -> pa.RecordBatchReader:
        """All records from the first, a batch in memory at a time. After that nothing more can be added.

        Raises:
            StoreFull: no room for the last of them.
        """
        with writing_faults(self.path):
            self._writer.close()
            self._close_source()
            # Mapped into memory, all that was read would count as memory of this process.
            self._source = pa.OSFile(str(self.path), "rb")
            return pa.ipc.open_stream(self._source)

    def _close_source(self) -> None:
        if self._source is not None:
            self._source.close()


@contextmanager
def spooling(path: Path) -> Iterator[Spool]:
    """A file for records, gone afterwards.

    Args:
        path: of the file, overwritten; the caller sees to it that nobody else uses it.

    Yields:
        The empty spool.

    Raises:
        StoreFull: no room.
    """
    try:
        with writing_faults(path):
            file = pa.OSFile(str(path), "wb")
        with file:
            spool = Spool(path, 0, pa.ipc.new_stream(file, RECEIVED_SCHEMA))
            try:
                yield spool
            finally:
                spool._close_source()
    finally:
        path.unlink(missing_ok=True)


@contextmanager
def spooled(path: Path, tables: Iterable[pa.Table]) -> Iterator[Spool]:
    """Tables put aside on disk.

    Args:
        path: as for `spooling`.
        tables: of `connectors.record.RECEIVED_SCHEMA`.

    Yields:
        The spool that holds all of them.

    Raises:
        StoreFull: no room.
    """
    with spooling(path) as spool:
        for table in tables:
            spool.add(table)
        yield spool
