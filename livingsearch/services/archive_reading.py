"""Reading an archive that anybody may have written: names, sizes and every sha256 are checked before it is believed."""

import hashlib
import shutil
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import ValidationError

from livingsearch.errors import ArchiveRefused, StoreFull
from livingsearch.services.archive_manifest import (
    FORMAT,
    MANIFEST,
    README,
    RECEIVED,
    REVIEW_FILE,
    Manifest,
    problem_of_name,
    table_member,
)
from livingsearch.store.faults import writing_faults

_PIECE = 1 << 20
_LARGEST_MANIFEST = 256 << 20
_MOST_MEMBERS = 2_000_000
_TIMES_PACKED = 300
"""How many times larger than packed all members together may be; text that repeats itself comes to a tenth of it."""
_ALWAYS_ALLOWED = 64 << 20
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class ArchiveFile:
    """An archive that is open, whose names and sizes agree with its manifest.

    Attributes:
        manifest: what it says of itself.
    """

    def __init__(self, path: Path, packed: zipfile.ZipFile, manifest: Manifest) -> None:
        self._path = path
        self._packed = packed
        self.manifest = manifest

    def unpack(self, name: str, to: Path) -> None:
        """Writes one member to a new file.

        Args:
            name: of the member.
            to: the file; folders above it are made.

        Raises:
            ArchiveRefused: its bytes are not those that the manifest tells of.
            StoreFull: there is no room.
        """
        said = self.manifest.members[name]
        digest, left = hashlib.sha256(), said.bytes
        with writing_faults(to):
            to.parent.mkdir(parents=True, exist_ok=True)
            with to.open("xb") as file:
                for piece in self._pieces(name):
                    left -= len(piece)
                    if left < 0:
                        break
                    digest.update(piece)
                    file.write(piece)
        if left != 0 or digest.hexdigest() != said.sha256:
            raise ArchiveRefused(
                f"{self._path} is damaged: {name} is not what the manifest says it is; take another copy of it."
            )

    def _pieces(self, name: str) -> Iterator[bytes]:
        try:
            with self._packed.open(name) as member:
                while piece := member.read(_PIECE):
                    yield piece
        except (zipfile.BadZipFile, EOFError, ValueError, NotImplementedError, zlib.error) as error:
            raise ArchiveRefused(f"{self._path} is damaged at {name} ({error}); take another copy of it.") from error


@contextmanager
def opened_archive(path: Path, room: Path) -> Iterator[ArchiveFile]:
    """An archive to be read.

    Args:
        path: of the file.
        room: an existing folder on the disk that it is to be unpacked to.

    Raises:
        ArchiveRefused: it is no archive of this program, of a newer one, damaged, or made to do harm.
        StoreFull: the disk has no room for what it holds.
    """
    try:
        packed = zipfile.ZipFile(path)
    except FileNotFoundError:
        raise ArchiveRefused(f"There is no file {path}.") from None
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise ArchiveRefused(f"{path} is no zip file that can be read: {error}") from error
    with packed:
        _require_sound(path, packed)
        manifest = _manifest(path, packed)
        _require_agreement(path, packed, manifest)
        _require_room(path, packed, room)
        yield ArchiveFile(path, packed, manifest)


def _require_sound(path: Path, packed: zipfile.ZipFile) -> None:
    infos = packed.infolist()
    if len(infos) > _MOST_MEMBERS:
        raise ArchiveRefused(f"{path} has {len(infos):,} members; no review has so many.")
    seen: set[str] = set()
    for info in infos:
        problem = problem_of_name(info.orig_filename)
        mode = info.external_attr >> 16
        if problem is None and info.filename.lower() in seen:
            problem = "it stands in the archive twice"
        elif problem is None and stat.S_IFMT(mode) not in (0, stat.S_IFREG):
            problem = "it is no ordinary file"
        elif problem is None and (info.flag_bits & 0x1 or info.compress_type not in _METHODS):
            problem = "it is encrypted or packed in another way than archives are"
        if problem:
            raise ArchiveRefused(f"{path} is refused, nothing was unpacked: its member {info.filename!r}: {problem}.")
        seen.add(info.filename.lower())


def _manifest(path: Path, packed: zipfile.ZipFile) -> Manifest:
    try:
        info = packed.getinfo(MANIFEST)
        with packed.open(info) as file:
            content = file.read(_LARGEST_MANIFEST + 1)
    except KeyError:
        raise ArchiveRefused(f"{path} is no archive of a review: it has no {MANIFEST}.") from None
    except (OSError, zipfile.BadZipFile, EOFError, ValueError, NotImplementedError, zlib.error) as error:
        raise ArchiveRefused(f"{path} is damaged at {MANIFEST} ({error}); take another copy of it.") from error
    if len(content) > _LARGEST_MANIFEST:
        raise ArchiveRefused(f"{path} is refused: its {MANIFEST} is larger than that of any review.")
    try:
        manifest = Manifest.model_validate_json(content)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "as a whole"
        raise ArchiveRefused(f"{path} is refused: its {MANIFEST} cannot be used ({where}: {first['msg']}).") from None
    if manifest.format > FORMAT:
        raise ArchiveRefused(f"A newer livingsearch wrote {path} ({manifest.program}); update the program.")
    if manifest.format < 1:
        raise ArchiveRefused(f"{path} is refused: no archive has the format {manifest.format}.")
    return manifest


def _require_agreement(path: Path, packed: zipfile.ZipFile, manifest: Manifest) -> None:
    there = {info.filename: info.file_size for info in packed.infolist() if info.filename != MANIFEST}
    said = {name: member.bytes for name, member in manifest.members.items()}
    expected = {README, REVIEW_FILE, *map(table_member, manifest.tables)}
    tables = {name for name in said if name.startswith("tables/")}
    problems = [
        *(f"{name} is missing" for name in sorted((said.keys() | expected) - there.keys())),
        *(f"the manifest does not tell of {name}" for name in sorted(there.keys() - said.keys())),
        *(f"{name} has another size" for name in sorted(said.keys() & there.keys()) if said[name] != there[name]),
        *(f"no count of rows is told of {name}" for name in sorted(tables - expected)),
    ]
    for name, member in manifest.members.items():
        stem = name.removeprefix(RECEIVED)
        if name.startswith(RECEIVED) and len(stem) == 64 and stem != member.sha256:
            problems.append(f"{name} is not named by its sha256")
    if problems:
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        raise ArchiveRefused(f"{path} is refused, nothing was unpacked: {problems[0]}{more}; take another copy of it.")


def _require_room(path: Path, packed: zipfile.ZipFile, room: Path) -> None:
    unpacked = sum(info.file_size for info in packed.infolist())
    size = path.stat().st_size
    if unpacked > max(_ALWAYS_ALLOWED, size * _TIMES_PACKED):
        raise ArchiveRefused(
            f"{path} is refused, nothing was unpacked: {size:,} bytes would become {unpacked:,}, more than any review "
            "packs into so few."
        )
    free = shutil.disk_usage(room).free
    # The tables stand there twice for a while: as Parquet and in the database.
    if unpacked * 2 > free:
        raise StoreFull(f"{path} needs about {unpacked * 2:,} bytes in {room}, where {free:,} are free.")
