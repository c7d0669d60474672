"""A review brought back from its archive, whole or not at all."""

import re
import secrets
import shutil
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from livingsearch.errors import ArchiveRefused, ReviewExists, ReviewFileError, StoreDamaged
from livingsearch.review.locate import locate
from livingsearch.review.reader import review_of
from livingsearch.services.archive_manifest import FILES, Manifest, table_member
from livingsearch.services.archive_reading import ArchiveFile, opened_archive
from livingsearch.services.published_versions import write_missing_versions
from livingsearch.services.received_names import received_names
from livingsearch.services.watch import Unwatched, Watch
from livingsearch.settings import Settings
from livingsearch.store import ReviewFolder, Store, Workspace
from livingsearch.store.faults import writing_faults
from livingsearch.store.migrate import Migration, migrations
from livingsearch.store.received import write_whole
from livingsearch.store.tables import fill_from_parquet, rows_in_parquet

_UNDER_WAY = ".restoring-"
_DAY = 86_400
_MOST_ROWS_A_BYTE = 1_000
_ALWAYS_ALLOWED_ROWS = 1_000_000
_SLUG = re.compile(r"""^([ \t]*(?:"slug"|'slug'|slug)[ \t]*=[ \t]*)(["'])([a-z0-9-]*)\2""")


@dataclass(frozen=True, slots=True)
class Restored:
    """A review that was brought back.

    Attributes:
        review: slug under which it is now.
        archived_as: slug that it had.
        folder: of the review.
        position: of its log.
        tables: rows by table, as archived.
        files: that were brought back beside the database.
        migrated: migrations that brought an older archive to this program's tables.
    """

    review: str
    archived_as: str
    folder: Path
    position: int
    tables: dict[str, int]
    files: int
    migrated: tuple[str, ...]


def restore_archive(
    settings: Settings, archive: Path, *, name: str | None = None, watch: Watch | None = None
) -> Restored:
    """Brings a review back from its archive into the workspace.

    Everything is unpacked into a folder of its own and checked there; the folder gets the review's name last.

    Args:
        settings: whose workspace it goes to.
        archive: the zip file that `write_archive` made.
        name: another slug for the review; it is written into its `review.toml` and the names of its files.
        watch: told while work goes on.

    Returns:
        What was brought back: as many rows in each table as the archive tells of.

    Raises:
        ArchiveRefused: the file is not what this program wrote, was damaged, or a newer program wrote it.
        ReviewExists: the workspace has a review of that name.
        ReviewUnknown: the name is not one that a review can have.
        StoreFull: there is no room.
    """
    workspace = Workspace(settings.workspace)
    with writing_faults(settings.workspace):
        settings.workspace.mkdir(parents=True, exist_ok=True)
    _sweep(settings.workspace)
    with opened_archive(archive, settings.workspace) as opened:
        manifest = opened.manifest
        folder = workspace.folder(name or manifest.review)
        _require_free(folder)
        applied = _applied(archive, manifest)
        part = ReviewFolder(settings.workspace / f"{_UNDER_WAY}{folder.path.name}-{secrets.token_hex(4)}")
        try:
            with writing_faults(part.path):
                part.path.mkdir()
            _unpack(opened, part, watch or Unwatched())
            store = Store(part.database, part.locks, settings.lock_timeout, settings.threads, settings.database_memory)
            migrated = _rebuild(archive, manifest, part, applied, store)
            if name and name != manifest.review:
                _rename(part, manifest.review, name)
            _require_review(archive, part, folder.path.name)
            write_missing_versions(store, part, folder.path.name)
            _require_free(folder)
            with writing_faults(folder.path):
                part.path.rename(folder.path)
        finally:
            shutil.rmtree(part.path, ignore_errors=True)
    files = sum(member.startswith(FILES) for member in manifest.members)
    return Restored(
        folder.path.name, manifest.review, folder.path, manifest.position, dict(manifest.tables), files, migrated
    )


def _unpack(opened: ArchiveFile, part: ReviewFolder, watch: Watch) -> None:
    members = opened.manifest.members
    for place, member in enumerate(members):
        watch.progress("unpacking", place, len(members))
        if member.startswith(FILES):
            opened.unpack(member, part.path / member.removeprefix(FILES))
    for table in opened.manifest.tables:
        opened.unpack(table_member(table), _parquet(part, table))


def _rebuild(
    archive: Path, manifest: Manifest, part: ReviewFolder, applied: list[Migration], store: Store
) -> tuple[str, ...]:
    """Makes the database as it was archived, then brings it to this program's tables."""
    part.create()
    try:
        with store.rebuilding(applied) as con:
            for table, rows in manifest.tables.items():
                path = _parquet(part, table)
                _require_rows(archive, path, rows, manifest.members[table_member(table)].bytes)
                if (came := fill_from_parquet(con, table, path)) != rows:
                    raise ArchiveRefused(f"{archive} is refused: {table} has {came:,} rows instead of {rows:,}.")
                path.unlink()
            recorded = con.execute("SELECT number, sha256 FROM schema_migration ORDER BY number").fetchall()
    except StoreDamaged as error:
        raise ArchiveRefused(f"{archive} is refused: {error}") from error
    if recorded != sorted((m.number, m.sha256) for m in applied):
        raise ArchiveRefused(f"{archive} is refused: its manifest and its tables name other migrations.")
    _parquet(part, "").parent.rmdir()
    store.create_or_migrate()
    with store.read() as con:
        named = received_names(con)
    lost = sorted(sha256 for sha256 in named if not (part.received / sha256).is_file())
    if lost:
        raise ArchiveRefused(f"{archive} is refused: {len(lost)} received file(s) are missing, the first is {lost[0]}.")
    return tuple(m.name for m in migrations() if m.number not in {one.number for one in applied})


def _applied(archive: Path, manifest: Manifest) -> list[Migration]:
    known = {migration.number: migration for migration in migrations()}
    applied = []
    for said in manifest.migrations:
        migration = known.get(said.number)
        if migration is None:
            raise ArchiveRefused(
                f"A newer livingsearch wrote {archive} ({manifest.program}, {said.name}); update the program."
            )
        if migration.sha256 != said.sha256:
            raise ArchiveRefused(f"{archive} is refused: its migration {said.name} is not the one of this program.")
        applied.append(migration)
    if len({migration.number for migration in applied}) < max(len(applied), 1):
        raise ArchiveRefused(f"{archive} is refused: it names no migration, or one of them twice.")
    return applied


def _require_rows(archive: Path, path: Path, rows: int, size: int) -> None:
    """Columns that repeat one value pack without limit: a count of rows is believed within reason only."""
    told = rows_in_parquet(path)
    if told != rows:
        raise ArchiveRefused(f"{archive} is refused: {path.name} has {told:,} rows, its manifest says {rows:,}.")
    if rows > max(_ALWAYS_ALLOWED_ROWS, size * _MOST_ROWS_A_BYTE):
        raise ArchiveRefused(f"{archive} is refused: {path.name} holds {rows:,} rows in {size:,} bytes.")


def _require_review(archive: Path, part: ReviewFolder, slug: str) -> None:
    try:
        found = review_of(part.review_file.read_bytes(), part.review_file).slug
    except ReviewFileError as error:
        raise ArchiveRefused(f"{archive} is refused: its review.toml cannot be used: {error}") from error
    if found != slug:
        raise ArchiveRefused(f"{archive} is refused: its review.toml names the review {found!r}, not {slug!r}.")


def _rename(part: ReviewFolder, before: str, after: str) -> None:
    """Gives the review another name: in its file, and in the names of what it handed out, which carry it."""
    text = part.review_file.read_bytes().decode("utf-8-sig")
    span = locate(text).get(("review", "slug"))
    lines = text.split("\n")
    if span is not None:
        lines[span.line - 1] = _SLUG.sub(lambda found: f'{found[1]}"{after}"', lines[span.line - 1])
    write_whole(part.review_file, "\n".join(lines).encode())
    for path in sorted([*part.batches.glob("*/*"), *(part.path / "published").glob("*")]):
        if path.name.startswith(f"{before}-update-"):
            path.rename(path.with_name(after + path.name.removeprefix(before)))


def _require_free(folder: ReviewFolder) -> None:
    if folder.path.exists():
        raise ReviewExists(
            f"{folder.path} is there already; bring the archive back under another name: "
            "livingsearch restore FILE.zip --as NAME"
        )


def _sweep(workspace: Path) -> None:
    """Removes what killed processes left half unpacked."""
    for left in workspace.glob(f"{_UNDER_WAY}*"):
        with suppress(OSError):
            if left.stat().st_mtime < time.time() - _DAY:
                shutil.rmtree(left)


def _parquet(part: ReviewFolder, table: str) -> Path:
    return part.path / ".tables" / f"{table}.parquet"
