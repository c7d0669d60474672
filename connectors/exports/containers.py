"""Files that come packed: gzip and zip, opened within limits and never trusted.

A zip file of several exports is several parts. What is inside is unpacked into nameless temporary files, so a
member's path is never used for anything but messages. How much comes out is counted while it comes out, since what
an archive declares of itself may be a lie.
"""

import gzip
import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from tempfile import SpooledTemporaryFile
from typing import IO, BinaryIO, cast

from connectors.errors import ContainerRefused

_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_GZIP = b"\x1f\x8b"
_OFFICE = ("[content_types].xml", "mimetype")
"""Members that make a zip file a document: a workbook, a text."""
_SYSTEM = ("__macosx/", ".ds_store", "thumbs.db", "desktop.ini")
"""What operating systems put into archives by themselves."""
_PIECE = 1 << 16
_IN_MEMORY = 1 << 23
_RATIO_FROM = 1 << 24
"""Bytes from which on the ratio counts: a short text of blanks packs very small and harms nobody."""
_LONGEST_LIST = 1 << 21
"""Bytes of a zip file's list of members, some 20,000 of them."""
_DAMAGED = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    gzip.BadGzipFile,
    EOFError,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    OSError,
    ValueError,
    OverflowError,
    IndexError,
    KeyError,
)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much an archive may hold.

    Attributes:
        most_bytes: over all that comes out of it.
        most_ratio: how many bytes may come out for one that is packed; real exports stay below 30.
        most_members: files in it, counted with those of an archive inside it.
    """

    most_bytes: int = 4 << 30
    most_ratio: int = 200
    most_members: int = 1000


@dataclass(frozen=True, slots=True)
class Part:
    """One file that is no container.

    Attributes:
        name: how to call it in a message: `march.zip: ovid.ris`.
        file: to read; closed when the next part is asked for.
    """

    name: str
    file: BinaryIO = field(repr=False)


@dataclass(slots=True)
class _Budget:
    """What is left of the limits."""

    limits: Limits
    bytes: int = 0
    members: int = 0

    def take(self, number: int, name: str) -> None:
        self.bytes += number
        if self.bytes > self.limits.most_bytes:
            size = f"{self.limits.most_bytes / 1e6:,.0f} MB"
            raise ContainerRefused(
                f"{name} unpacks to more than {size}, so nothing was taken: hand in the exports that it holds unpacked."
            )

    def compare(self, unpacked: int, packed: int, name: str) -> None:
        if unpacked > _RATIO_FROM and unpacked > self.limits.most_ratio * max(packed, 1):
            raise ContainerRefused(
                f"{name} unpacks to more than {self.limits.most_ratio} times its size, which no export does, so "
                "nothing was taken: hand in the export itself."
            )

    def count(self, number: int, name: str) -> None:
        self.members += number
        if self.members > self.limits.most_members:
            raise ContainerRefused(
                f"{name} holds more than {self.limits.most_members:,} files, so nothing was taken: pack only the "
                "exports of this search."
            )


def is_container(file: BinaryIO) -> bool:
    """Whether a file is gzip, or a zip file that is no document.

    Args:
        file: at any place; it is left at its beginning.
    """
    return _kind_of(file) in ("gzip", "zip")


def parts_of(file: BinaryIO, name: str, limits: Limits | None = None) -> Iterator[Part]:
    """Open a file, packed or not.

    Args:
        file: seekable.
        name: how to call it in a message.
        limits: how much may come out.

    Yields:
        The file itself where it is no container, else what it holds, in the archive's order. An archive may hold
        archives, but not those again others. Folders and files of operating systems are passed over.

    Raises:
        ContainerRefused: it is damaged, encrypted, empty, nested too deep or beyond the limits; the message names
            the member.
    """
    yield from _opened(file, name, _Budget(limits or Limits()), 0)


def _opened(file: BinaryIO, name: str, budget: _Budget, depth: int) -> Iterator[Part]:
    kind = _kind_of(file)
    if kind not in ("gzip", "zip"):
        yield Part(name, file)
        return
    if depth > 1:
        raise ContainerRefused(f"{name} is an archive in an archive in an archive, so nothing was taken: unpack it.")
    if kind == "gzip":
        with _unpacked_gzip(file, name, budget) as inner:
            yield from _opened(inner, name, budget, depth + 1)
    else:
        yield from _members(file, name, budget, depth)


def _kind_of(file: BinaryIO) -> str:
    file.seek(0)
    head = file.read(4)
    file.seek(0)
    if head.startswith(_GZIP):
        return "gzip"
    if head not in _ZIP:
        return ""
    return "document" if _is_document(file) else "zip"


def _is_document(file: BinaryIO) -> bool:
    try:
        with zipfile.ZipFile(_careful(file)) as archive:
            return any(info.filename.lower() in _OFFICE for info in archive.infolist()[:_LONGEST_LIST])
    except (*_DAMAGED, NotImplementedError, RuntimeError):
        return False
    finally:
        file.seek(0)


def zip_sizes(file: BinaryIO, name: str, limits: Limits) -> dict[str, int]:
    """Hold a zip file that a library is going to open against the limits.

    Python's zip reader gives out no more of a member than the archive declares, so what is declared can be summed.

    Args:
        file: seekable; it is left at its beginning.
        name: how to call it in a message.
        limits: how much may come out.

    Returns:
        Size by member.

    Raises:
        ContainerRefused: it is damaged, encrypted or beyond the limits.
    """
    budget = _Budget(limits)
    try:
        with zipfile.ZipFile(_careful(file)) as archive:
            members = archive.infolist()
    except (*_DAMAGED, NotImplementedError, RuntimeError):
        raise _damaged(name) from None
    finally:
        file.seek(0)
    budget.count(len(members), name)
    for info in members:
        if info.flag_bits & 1:
            raise _encrypted(f"{name}: {_shown(info.filename)}")
        budget.take(info.file_size, name)
        budget.compare(info.file_size, info.compress_size, name)
    return {info.filename: info.file_size for info in members}


def _members(file: BinaryIO, name: str, budget: _Budget, depth: int) -> Iterator[Part]:
    try:
        archive = zipfile.ZipFile(_careful(file))
    except (*_DAMAGED, NotImplementedError, RuntimeError):
        raise _damaged(name) from None
    with archive:
        members = [info for info in archive.infolist() if _is_file(info)]
        budget.count(len(members), name)
        if not members:
            raise ContainerRefused(f"{name} is an archive without a file in it: pack the exports again.")
        for info in members:
            shown = f"{name}: {_shown(info.filename)}"
            with _unpacked_member(archive, info, shown, budget) as inner:
                yield from _opened(inner, shown, budget, depth + 1)


def _unpacked_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, budget: _Budget) -> BinaryIO:
    if info.flag_bits & 1:
        raise _encrypted(name)
    try:
        packed = archive.open(info)
    except NotImplementedError:
        raise _unpackable(name) from None
    except (*_DAMAGED, RuntimeError):
        raise _damaged(name) from None
    with packed:
        return _copied(packed, info.compress_size, name, budget)


def _unpacked_gzip(file: BinaryIO, name: str, budget: _Budget) -> BinaryIO:
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    with gzip.GzipFile(fileobj=file, mode="rb") as packed:
        return _copied(packed, size, name, budget)


def _copied(source: IO[bytes] | gzip.GzipFile, size: int, name: str, budget: _Budget) -> BinaryIO:
    target = cast(BinaryIO, SpooledTemporaryFile(max_size=_IN_MEMORY))
    unpacked = 0
    try:
        while piece := _read(source, name):
            unpacked += len(piece)
            budget.take(len(piece), name)
            budget.compare(unpacked, size, name)
            target.write(piece)
    except BaseException:
        target.close()
        raise
    target.seek(0)
    return target


def _read(source: IO[bytes] | gzip.GzipFile, name: str) -> bytes:
    try:
        return source.read(_PIECE)
    except NotImplementedError:
        raise _unpackable(name) from None
    except (*_DAMAGED, RuntimeError):
        raise _damaged(name) from None


def _is_file(info: zipfile.ZipInfo) -> bool:
    path = info.filename.lower()
    if path.endswith("/") and not info.file_size:
        return False
    return not path.startswith(_SYSTEM[0]) and path.rsplit("/", 1)[-1] not in _SYSTEM[1:]


def _shown(member: str) -> str:
    base = member.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]
    text = "".join(c if c.isprintable() else "?" for c in base).strip()
    return f"{text[:77]}…" if len(text) > 78 else text or "a file without a name"


def _damaged(name: str) -> ContainerRefused:
    return ContainerRefused(
        f"{name} is a damaged archive, perhaps cut off on its way, so nothing was taken: download or pack it again."
    )


def _encrypted(name: str) -> ContainerRefused:
    return ContainerRefused(f"{name} is protected by a password, so nothing was taken: pack it without one.")


def _unpackable(name: str) -> ContainerRefused:
    return ContainerRefused(
        f"{name} is packed in a way that cannot be read here, so nothing was taken: pack it as an ordinary zip file."
    )


def _careful(file: BinaryIO) -> BinaryIO:
    return cast(BinaryIO, _Careful(file))


class _Careful(io.RawIOBase):
    """A file that gives out no giant piece, so that an archive's list of members cannot fill the memory."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def read(self, size: int = -1) -> bytes:
        if not 0 <= size <= _LONGEST_LIST:
            here = self._file.tell()
            left = self._file.seek(0, io.SEEK_END) - here
            self._file.seek(here)
            if left > _LONGEST_LIST:
                raise zipfile.BadZipFile("a list of members beyond all measure")
        return self._file.read(size)
