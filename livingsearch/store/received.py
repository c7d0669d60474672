"""Files and replies as they came, kept for good under the sha256 of their bytes."""

import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from livingsearch.errors import StoreDamaged
from livingsearch.store.faults import writing_faults

_PIECE = 1 << 20


class Readable(Protocol):
    """What bytes can be read from."""

    def read(self, size: int, /) -> bytes:
        """At most so many of the next bytes; none at the end."""
        ...


@dataclass(frozen=True, slots=True)
class Arrived:
    """A copy of a file beside the received ones, not yet one of them.

    Attributes:
        path: of the copy.
        sha256: of its bytes, in hex.
        size: in bytes.
    """

    path: Path
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class ReceivedFiles:
    """The folder of received files.

    Attributes:
        folder: it exists.
    """

    folder: Path

    @staticmethod
    def sha256(content: bytes) -> str:
        """The name that bytes have, or would have, in the folder."""
        return hashlib.sha256(content).hexdigest()

    def keep(self, content: bytes) -> str:
        """Stores bytes for good.

        Args:
            content: the file or reply, untouched.

        Returns:
            The sha256 of the bytes, in hex: the name to read them by. The same bytes are kept once.

        Raises:
            StoreFull: there is no room; no half-written file stays under that name.
        """
        sha256 = self.sha256(content)
        path = self.folder / sha256
        if not path.exists():
            write_whole(path, content)
        return sha256

    @contextmanager
    def arriving(self, file: Readable) -> Iterator[Arrived]:
        """Copies a file of any size, so that what is read and what is kept are the same bytes.

        Args:
            file: read from where it stands to its end.

        Yields:
            The copy; it is gone afterwards, but for what `keep_arrived` kept.

        Raises:
            OSError: the file cannot be read.
            StoreFull: there is no room.
        """
        path = self.folder / f".arriving.{secrets.token_hex(8)}.part"
        digest, size = hashlib.sha256(), 0
        try:
            with writing_faults(path):
                copy = path.open("xb")
            with copy:
                while piece := file.read(_PIECE):
                    digest.update(piece)
                    size += len(piece)
                    with writing_faults(path):
                        copy.write(piece)
                with writing_faults(path):
                    copy.flush()
                    os.fsync(copy.fileno())
            yield Arrived(path, digest.hexdigest(), size)
        finally:
            path.unlink(missing_ok=True)

    def keep_arrived(self, arrived: Arrived) -> str:
        """Stores a copy for good; the same bytes are kept once.

        Args:
            arrived: from `arriving`, not left yet; its path is not to be used any more.

        Returns:
            Its sha256.

        Raises:
            StoreError: the disk does not allow it.
        """
        path = self.folder / arrived.sha256
        if not path.exists():
            with writing_faults(path):
                arrived.path.replace(path)
        return arrived.sha256

    def read(self, sha256: str) -> bytes:
        """The bytes kept under a sha256.

        Raises:
            StoreDamaged: the file is missing or its bytes have changed since.
        """
        path = self.folder / sha256
        try:
            content = path.read_bytes()
        except FileNotFoundError as error:
            raise StoreDamaged(f"The received file {path} is missing; restore it from a backup.") from error
        if self.sha256(content) != sha256:
            raise StoreDamaged(f"The received file {path} was changed after it came; restore it from a backup.")
        return content


class PendingFile:
    """A file that has its name only when it is whole, also after a power cut.

    Until then it lies in the same folder under a hidden name, which `ReviewFolder.sweep` knows.

    Args:
        near: any path in the folder where it will stand.

    Raises:
        StoreFull: there is no room.
    """

    def __init__(self, near: Path) -> None:
        self._part = near.with_name(f".{near.name}.{secrets.token_hex(4)}.part")
        with writing_faults(near):
            self._file = self._part.open("xb")

    def write(self, content: bytes) -> None:
        """Adds to it.

        Raises:
            StoreFull: there is no room.
        """
        with writing_faults(self._part):
            self._file.write(content)

    @property
    def file(self) -> BinaryIO:
        """For what writes by itself; its faults of the disk are for the caller to tell."""
        return self._file

    @property
    def path(self) -> Path:
        """Where it lies until it is published."""
        return self._part

    def complete(self) -> None:
        """Brings all of it to the disk; nothing can be added any more.

        Raises:
            StoreFull: there is no room.
        """
        with writing_faults(self._part):
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()

    def publish(self, path: Path) -> None:
        """Gives it its name, in place of what had that name before.

        Raises:
            StoreFull: there is no room.
        """
        if not self._file.closed:
            self.complete()
        with writing_faults(path):
            self._part.replace(path)

    def discard(self) -> None:
        """Removes it, unless it was published."""
        with suppress(OSError):
            self._file.close()
        with suppress(OSError):
            self._part.unlink(missing_ok=True)


def write_whole(path: Path, content: bytes) -> None:
    """Writes a file so that it is there whole or not at all, also after a power cut.

    Raises:
        StoreFull: there is no room.
    """
    pending = PendingFile(path)
    try:
        pending.write(content)
        pending.publish(path)
    finally:
        pending.discard()
