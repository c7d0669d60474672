"""The files of an import as they are read: copied first, archives opened, records put aside on disk."""

import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa

from connectors.errors import ColumnsUnknown, FileRefused
from connectors.exports import Limits, Part, Summary, open_export, parts_of
from livingsearch.errors import ImportRefused
from livingsearch.services.context import ReviewContext
from livingsearch.services.import_files import Opened, opened_as_named
from livingsearch.services.remnants import RemnantsAside
from livingsearch.services.spool import Spool, spooled
from livingsearch.store.received import Arrived

MAX_BYTES = 1_000_000_000
_PROCESSES = min(2, os.cpu_count() or 1)
_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class ImportPart:
    """One export of an import, read: a file, or what an archive held.

    Attributes:
        name: as messages call it, `march.zip: ovid.ris` where it came in an archive.
        arrived: the copy of the file as it came, which several parts of one archive share.
        archive: name of the archive; None where it came by itself.
        sha256: of its own bytes.
        size: of its own bytes.
        first_position: of its first record within the run.
        summary: what it held.
        remnants: its text that belongs to no record.
        first_of_file: whether it is the first that came out of its file.
    """

    name: str
    arrived: Arrived
    archive: str | None
    sha256: str
    size: int
    first_position: int
    summary: Summary
    remnants: RemnantsAside
    first_of_file: bool


@contextmanager
def reading(
    context: ReviewContext,
    files: Sequence[Path],
    spool: Path,
    *,
    platform: str | None,
    columns: Mapping[str, str],
    limits: Limits | None,
    opened: Opened = opened_as_named,
) -> Iterator[tuple[list[ImportPart], Spool]]:
    """All parts of an import, read whole, and their records put aside on disk.

    Args:
        context: the review.
        files: in order.
        spool: where the records go.
        platform: whose files they are read as.
        columns: field by column, for tables.
        limits: how much may come out of one archive.
        opened: how the files are opened.

    Yields:
        The parts and the records; copies of the files last as long.

    Raises:
        ImportRefused, FileRefused, StoreError: as for `import_export`.
    """
    with ExitStack() as stack:
        copies = [stack.enter_context(_arriving(context, path, opened)) for path in files]
        parts: list[ImportPart] = []
        tables = _tables(context, [path.name for path in files], copies, platform, columns, limits, parts, stack)
        yield parts, stack.enter_context(spooled(spool, tables))


@contextmanager
def _arriving(context: ReviewContext, path: Path, opened: Opened) -> Iterator[Arrived]:
    with ExitStack() as stack:
        try:
            with opened(path) as file:
                _require_size(path, os.fstat(file.fileno()).st_size)
                arrived = stack.enter_context(context.received.arriving(_Bounded(file, path)))
        except OSError as error:
            raise ImportRefused(f"{path} cannot be read: {error.strerror or error}.") from error
        yield arrived


class _Bounded:
    """Refuses when more comes out of a file than an export has: a pipe does not say its size, and files grow."""

    def __init__(self, file: BinaryIO, path: Path) -> None:
        self._file, self._path, self._size = file, path, 0

    def read(self, size: int, /) -> bytes:
        piece = self._file.read(size)
        self._size += len(piece)
        _require_size(self._path, self._size)
        return piece


def _require_size(path: Path, size: int) -> None:
    if size > MAX_BYTES:
        raise ImportRefused(f"{path} is larger than {MAX_BYTES:,} bytes; export it in parts.")


def _tables(
    context: ReviewContext,
    names: Sequence[str],
    copies: Sequence[Arrived],
    platform: str | None,
    columns: Mapping[str, str],
    limits: Limits | None,
    parts: list[ImportPart],
    stack: ExitStack,
) -> Iterator[pa.Table]:
    """The records of all files in order; `parts` gets an entry for each export once it was read to its end."""
    position = 1
    for name, copy in zip(names, copies, strict=True):
        first = True
        with copy.path.open("rb") as file:
            try:
                for part in parts_of(file, name, limits):
                    remnants = stack.enter_context(RemnantsAside(context.folder.path))
                    sha256, size = _digest(part, file, copy)
                    export = open_export(part.file, part.name, platform, columns or None)
                    done = 0
                    for chunk in export.chunks(position, processes=_PROCESSES):
                        remnants.add(chunk.remnants)
                        done += chunk.tally.records
                        context.watch.progress(f"reading {part.name}", done, export.record_starts)
                        yield chunk.table
                    archive = None if part.file is file else name
                    summary = export.summary()
                    parts.append(ImportPart(part.name, copy, archive, sha256, size, position, summary, remnants, first))
                    position, first = position + done, False
            except FileRefused as error:
                raise _nothing_taken(error) from error


def _digest(part: Part, file: BinaryIO, copy: Arrived) -> tuple[str, int]:
    if part.file is file:
        return copy.sha256, copy.size
    digest, size = hashlib.sha256(), 0
    while piece := part.file.read(_PIECE):
        digest.update(piece)
        size += len(piece)
    part.file.seek(0)
    return digest.hexdigest(), size


def _nothing_taken(error: FileRefused) -> FileRefused:
    """The same error, which says that the import as a whole was refused."""
    told = f"{error} Nothing of it was taken in."
    if isinstance(error, ColumnsUnknown):
        told += " Say what columns hold with --columns 'Titel=title,Autor=authors', or as [columns] in the manifest."
        return ColumnsUnknown(told, error.columns)
    return type(error)(told)
