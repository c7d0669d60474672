"""Look at exports without a review: what they are, what they hold, and their records as a table."""

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, BinaryIO

from connectors.errors import FileRefused
from connectors.exports import Part, open_export, parts_of
from connectors.record import Remnant
from livingsearch.errors import ImportRefused
from livingsearch.exports.records_table import Altered, RecordsTable
from livingsearch.services.file_reports import FIELDS, FileReport, report_of
from livingsearch.services.watch import Unwatched, Watch
from livingsearch.store.received import PendingFile

_PROCESSES = min(2, os.cpu_count() or 1)
_IN_MEMORY = 1 << 23
_PIECE = 1 << 20
_REMNANTS = 20
"""Kept of a file; a report shows fewer."""


@dataclass(frozen=True, slots=True)
class Unread:
    """A file, or a part of an archive, that could not be read.

    Attributes:
        file: as the person named it, and the part.
        error: why, in a sentence.
    """

    file: str
    error: str


class Look:
    """Exports that are looked at one after the other.

    Args:
        files: to look at.
        platform: who wrote them; by their own signals where None.
        columns: canonical field by column name, for tables that nobody knows.
        to: where their records go as CSV; nowhere where None.
        watch: told how far the reading is.

    Raises:
        ImportRefused: `to` is something else than such a table.
    """

    def __init__(
        self,
        files: Sequence[Path],
        *,
        platform: str | None = None,
        columns: Mapping[str, str] | None = None,
        to: Path | None = None,
        watch: Watch | None = None,
    ) -> None:
        self._files, self._platform, self._columns = files, platform, columns or None
        self._to, self._watch = to, watch or Unwatched()
        self._names: dict[str, str] = {}
        self.written = 0
        self.altered = Altered()
        if to is not None:
            _require_replaceable(to)

    def reports(self) -> Iterator[FileReport | Unread]:
        """Read all files.

        Yields:
            What each file or part of an archive holds, in order, as soon as it was read; or why it cannot be read.
            The table is there when the last one was taken, with the records of all that could be read.

        Raises:
            StoreFull: no room for the table.
        """
        if self._to is None:
            for path in self._files:
                yield from self._file(path, None)
            return
        pending = PendingFile(self._to)
        try:
            pending.write(RecordsTable(FIELDS).head)
            for path in self._files:
                yield from self._file(path, pending)
            pending.publish(self._to)
        finally:
            pending.discard()

    def _file(self, path: Path, pending: PendingFile | None) -> Iterator[FileReport | Unread]:
        name = str(path)
        try:
            with path.open("rb") as file:
                for part in parts_of(file, name):
                    yield self._part(part, pending)
        except OSError as error:
            yield Unread(name, f"{name} cannot be read: {error.strerror or error}.")
        except FileRefused as error:
            yield Unread(name, str(error))

    def _part(self, part: Part, pending: PendingFile | None) -> FileReport | Unread:
        """One part; its records enter the table only when all of them are there."""
        table = RecordsTable(FIELDS)
        remnants: list[Remnant] = []
        try:
            with SpooledTemporaryFile(_IN_MEMORY) as aside:
                digest = digest_of(part.file)
                before = self._names.get(digest)
                self._names.setdefault(digest, part.name)
                export = open_export(part.file, part.name, self._platform, self._columns)
                done = 0
                for chunk in export.chunks(processes=_PROCESSES):
                    remnants.extend(chunk.remnants[: _REMNANTS - len(remnants)])
                    done += chunk.tally.records
                    self._watch.progress(f"reading {export.name}", done, export.record_starts)
                    if pending is not None and chunk.table is not None:
                        rows = chunk.table.select(["position", *FIELDS]).to_pylist()
                        aside.writelines(table.row({"file": part.name, **row}) for row in rows)
                summary = export.summary()
                if pending is not None:
                    _append(aside, pending)
                    self.written += summary.records
                    self.altered.add(table.altered)
        except FileRefused as error:
            return Unread(part.name, str(error))
        same = () if before is None else (f"It is byte for byte the same file as {before}.",)
        return report_of(replace(summary, name=part.name, warnings=(*same, *summary.warnings)), remnants)


def digest_of(file: BinaryIO) -> str:
    """The sha256 of a file's bytes, in hex; it is left at its beginning."""
    file.seek(0)
    digest = hashlib.sha256()
    while piece := file.read(_PIECE):
        digest.update(piece)
    file.seek(0)
    return digest.hexdigest()


def _append(aside: IO[bytes], pending: PendingFile) -> None:
    aside.seek(0)
    while piece := aside.read(_PIECE):
        pending.write(piece)


def _require_replaceable(to: Path) -> None:
    head = RecordsTable(FIELDS).head
    try:
        if not to.exists():
            return
        with to.open("rb") as file:
            ours = file.read(len(head)) == head
    except OSError as error:
        raise ImportRefused(f"{to} cannot be written: {error.strerror or error}.") from error
    if not ours:
        raise ImportRefused(f"{to} exists and is no table of records made here, so it was left alone: name another.")


def columns_from(text: str) -> dict[str, str]:
    """A column map as a person types it.

    Args:
        text: `Titel=title,Jahr=year`; a name with a comma or an equals sign cannot be said.

    Returns:
        Canonical field by column name.

    Raises:
        ImportRefused: an entry is not of that form, or a column stands twice.
    """
    found: dict[str, str] = {}
    for entry in _entries(text):
        column, equals, name = (piece.strip() for piece in entry.rpartition("="))
        if not equals or not column or not name:
            raise ImportRefused(f"“{entry.strip()[:60]}” is no column map; write it as: Titel=title,Jahr=year.")
        if column in found:
            raise ImportRefused(f"The column map names “{column[:60]}” twice.")
        found[column] = name
    if not found:
        raise ImportRefused("The column map is empty; write it as: Titel=title,Jahr=year.")
    return found


def _entries(text: str) -> Iterable[str]:
    return (entry for entry in text.split(",") if entry.strip())
