"""A review as one zip file that outlives the program: Parquet tables, received files, what was handed out."""

import hashlib
import importlib.metadata
import os
import stat
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import duckdb

from livingsearch.errors import ArchiveRefused, StoreDamaged, StoreError
from livingsearch.services.archive_manifest import (
    FILES,
    FORMAT,
    MANIFEST,
    README,
    RECEIVED,
    REVIEW_FILE,
    AppliedMigration,
    Manifest,
    Member,
    problem_of_name,
    table_member,
)
from livingsearch.services.archive_words import readme
from livingsearch.services.context import ReviewContext
from livingsearch.services.deduplicate import CACHES
from livingsearch.services.import_files import opened_as_lying
from livingsearch.services.received_names import received_names
from livingsearch.store import log_position
from livingsearch.store.faults import writing_faults
from livingsearch.store.migrate import migrations
from livingsearch.store.received import PendingFile
from livingsearch.store.tables import Table, comments_on, tables_in, write_parquet

_PIECE = 1 << 20
_LARGE = 1 << 30
_EARLIEST = (1980, 1, 1, 0, 0, 0)
"""Members carry no time of their own, so that the same state gives the same bytes."""
_KEPT = {"derived": "name NOT IN ({})".format(", ".join(f"'{name}'" for name in CACHES))}
"""What `derived` says of tables that are left out is left out with them, so that they are made anew."""
_PACKED_ALREADY = (".parquet", ".gz", ".zip", ".png", ".pdf", ".docx", ".xlsx")


@dataclass(frozen=True, slots=True)
class Archive:
    """An archive that was written.

    Attributes:
        path: of the file.
        bytes: its size.
        sha256: of the file.
        position: of the review's log, whose state it holds.
        tables: rows by table.
        files: members beside the tables, by the folder that they lie in; `` for README and review.toml.
        left_out: what is not in it, each with the reason.
    """

    path: Path
    bytes: int
    sha256: str
    position: int
    tables: dict[str, int]
    files: dict[str, int]
    left_out: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Snapshot:
    """What the database said while nobody could write to it."""

    position: int
    as_of: datetime | None
    tables: tuple[Table, ...]
    rows: dict[str, int]
    migrations: list[AppliedMigration]
    needed: frozenset[str]
    left_out: dict[str, str]


def write_archive(context: ReviewContext, to: Path) -> Archive:
    """Writes the whole of a review into a zip file. The same state of a review gives the same bytes.

    The tables are read under the review's lock, all in one state. Files of the review's folder are added after it:
    whole files that only ever come to it.

    Args:
        context: the review.
        to: the new file; its folder exists.

    Returns:
        What it holds. The file has its name only when it is whole.

    Raises:
        ArchiveRefused: there is a file of that name, its folder is missing or is the review's own, or a file has a
            name that not every system can write.
        StoreDamaged: a received file is missing or was changed.
        StoreFull: there is no room.
    """
    _require_place(context, to)
    pending = PendingFile(to)
    try:
        with writing_faults(to), tempfile.TemporaryDirectory(prefix=".archive-", dir=to.parent) as folder:
            with zipfile.ZipFile(pending.file, "w") as packed:
                manifest = _filled(_Packing(packed), context, Path(folder))
            size = pending.file.tell()
        pending.complete()
        sha256 = _sha256_of(pending.path)
        if to.exists():
            raise ArchiveRefused(f"{to} came to be meanwhile; choose another name.")
        pending.publish(to)
    finally:
        pending.discard()
    context.watch.step("archive written")
    return Archive(to, size, sha256, manifest.position, manifest.tables, _by_folder(manifest), manifest.left_out)


class _Packing:
    """A zip file that is being written, and what its members hold."""

    def __init__(self, packed: zipfile.ZipFile) -> None:
        self._packed = packed
        self.members: dict[str, Member] = {}

    def add(self, name: str, file: BinaryIO, size: int) -> Member:
        info = zipfile.ZipInfo(name, _EARLIEST)
        info.compress_type = zipfile.ZIP_STORED if name.endswith(_PACKED_ALREADY) else zipfile.ZIP_DEFLATED
        info.external_attr = (stat.S_IFREG | 0o644) << 16
        digest, written = hashlib.sha256(), 0
        with self._packed.open(info, "w", force_zip64=size > _LARGE) as member:
            while piece := file.read(_PIECE):
                digest.update(piece)
                written += len(piece)
                member.write(piece)
        self.members[name] = Member(bytes=written, sha256=digest.hexdigest())
        return self.members[name]

    def add_text(self, name: str, text: str) -> None:
        content = text.encode()
        self.add(name, BytesIO(content), len(content))


def _filled(packing: _Packing, context: ReviewContext, folder: Path) -> Manifest:
    with context.store.read() as con:
        snapshot = _snapshot(con)
        for place, table in enumerate(snapshot.tables):
            context.watch.progress("writing tables", place, len(snapshot.tables))
            path = folder / "table.parquet"
            snapshot.rows[table.name] = write_parquet(con, table.name, path, _KEPT.get(table.name, "true"))
            with path.open("rb") as file:
                packing.add(table_member(table.name), file, path.stat().st_size)
            path.unlink()
        files = list(_files_in(context, snapshot.left_out))
    names = {name for name, _ in files}
    missing = sorted(sha256 for sha256 in snapshot.needed if RECEIVED + sha256 not in names)
    if missing:
        raise StoreDamaged(
            f"{len(missing)} received file(s) are missing, the first is {missing[0]}; restore them from a backup."
        )
    for place, (name, path) in enumerate(files):
        context.watch.progress("writing files", place, len(files))
        _add_file(packing, name, path)
    program = f"livingsearch {importlib.metadata.version('livingsearch')}"
    said = {"review": context.review.slug, "title": context.review.title, "program": program}
    as_of = None if snapshot.as_of is None else snapshot.as_of.isoformat(sep=" ", timespec="seconds")
    text = readme(
        **said,
        position=snapshot.position,
        as_of=as_of,
        tables=snapshot.tables,
        rows=snapshot.rows,
        comments=comments_on(migrations()),
        left_out=snapshot.left_out,
    )
    packing.add_text(README, text)
    manifest = Manifest(
        format=FORMAT,
        **said,
        version=None if context.review.version is None else str(context.review.version),
        position=snapshot.position,
        as_of=as_of,
        migrations=snapshot.migrations,
        tables=snapshot.rows,
        left_out=snapshot.left_out,
        members=packing.members,
    )
    packing.add_text(MANIFEST, manifest.model_dump_json(indent=2) + "\n")
    return manifest


def _snapshot(con: duckdb.DuckDBPyConnection) -> _Snapshot:
    """What is to be archived; tables that can be made anew are left out."""
    row = con.execute("SELECT max(instant) FROM log").fetchone()
    caches = {table for made in CACHES.values() for table in made}
    tables = tables_in(con)
    applied = con.execute("SELECT number, name, sha256 FROM schema_migration ORDER BY applied_at, number").fetchall()
    return _Snapshot(
        position=log_position(con),
        as_of=row[0] if row else None,
        tables=tuple(table for table in tables if table.name not in caches),
        rows={},
        migrations=[AppliedMigration(number=n, name=name, sha256=sha256) for n, name, sha256 in applied],
        needed=frozenset(received_names(con)),
        left_out={t.name: "a table that is made anew from the others" for t in tables if t.name in caches},
    )


def _files_in(context: ReviewContext, left_out: dict[str, str]) -> Iterator[tuple[str, Path]]:
    """Files of the review's folder by the names of their members, in order; what is not one is told in `left_out`."""
    root = context.folder.path.resolve()
    for folder, below, names in os.walk(root, followlinks=False):
        here = Path(folder)
        inside = here.relative_to(root).as_posix()
        prefix = "" if inside == "." else inside + "/"
        for name in sorted(below):
            if (here / name).is_symlink():
                left_out[prefix + name] = "a link"
        below[:] = sorted(n for n in below if not n.startswith(".") and (prefix or n != "locks"))
        for name in sorted(names):
            told = prefix + name
            mode = (here / name).lstat().st_mode
            if name.startswith(".") or (not prefix and name.startswith("review.duckdb")):
                continue
            if told != "review.toml" and not stat.S_ISREG(mode):
                left_out[told] = "a link" if stat.S_ISLNK(mode) else "no ordinary file"
                continue
            problem = problem_of_name(FILES + told)
            if problem:
                raise ArchiveRefused(f"The name of the file {told!r} cannot be archived ({problem}); rename it.")
            yield FILES + told, here / name


def _add_file(packing: _Packing, name: str, path: Path) -> None:
    try:
        with path.open("rb") if name == REVIEW_FILE else opened_as_lying(path) as file:
            member = packing.add(name, file, os.fstat(file.fileno()).st_size)
    except FileNotFoundError as error:
        raise StoreError(f"{path} went away while it was archived; run this again.") from error
    stem = name.removeprefix(RECEIVED)
    if name.startswith(RECEIVED) and len(stem) == 64 and stem != member.sha256:
        raise StoreDamaged(f"The received file {path} was changed after it came; restore it from a backup.")


def _require_place(context: ReviewContext, to: Path) -> None:
    if to.exists():
        raise ArchiveRefused(f"{to} is there already; choose another name, an archive is never written over.")
    if not to.parent.is_dir():
        raise ArchiveRefused(f"There is no folder {to.parent}; make it first.")
    if to.resolve().is_relative_to(context.folder.path.resolve()):
        raise ArchiveRefused(f"{to} lies in the review's own folder; archives belong somewhere else.")


def _by_folder(manifest: Manifest) -> dict[str, int]:
    counts: dict[str, int] = {}
    for name in manifest.members:
        if name.startswith(FILES):
            inside = name.removeprefix(FILES)
            folder = inside.split("/")[0] if "/" in inside else ""
            counts[folder] = counts.get(folder, 0) + 1
    return counts


def _sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
