"""What lies in a review's inbox: drops of one manifest and its files each, and what cannot be one."""

import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from livingsearch.errors import ReviewFileError
from livingsearch.review.manifest import EXAMPLE, MAX_BYTES, TOLD_BY_FILES, Manifest, manifest_from
from livingsearch.services.import_files import opened_as_lying
from livingsearch.services.manifests import SHARED, sidecar_names


@dataclass(frozen=True, slots=True)
class Drop:
    """What belongs together in the inbox.

    Attributes:
        source: name of the folder, which should be a source's slug; empty for the inbox itself.
        paths: all of its files, the manifest last.
        files: the export's, in order.
        manifest: what it says; None where there is none that can be used.
        manifest_path: of its file.
        problem: why it cannot be imported; empty where it can be tried.
        settled: whether nothing of it was touched of late.
        key: names the manifest as it was dropped: where it lies, when it was written, what it says; empty where
            there is none.
    """

    source: str
    paths: tuple[Path, ...]
    files: tuple[Path, ...]
    manifest: Manifest | None
    manifest_path: Path | None
    problem: str
    settled: bool
    key: str = ""

    @property
    def name(self) -> str:
        """How messages call it."""
        shown = self.manifest_path or self.paths[0]
        return f"{self.source}/{shown.name}" if self.source else shown.name


@dataclass(frozen=True, slots=True)
class LyingManifest:
    """A manifest's bytes as they lie in the inbox.

    Attributes:
        content: all of them.
        key: names the manifest; see `Drop`.
    """

    content: bytes
    key: str


def lying_manifest(path: Path, source: str, name: str | None = None) -> LyingManifest:
    """Reads a manifest once, so that its key is that of the bytes that are used.

    Args:
        path: of the file.
        source: name of its folder.
        name: that it was dropped under; that of the path where None.

    Raises:
        OSError: there is no such file, or it is no ordinary one.
        ReviewFileError: it is too large.
    """
    with opened_as_lying(path) as file:
        written = os.fstat(file.fileno()).st_mtime_ns
        content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        problem = f"the file is larger than {MAX_BYTES:,} bytes; is it the manifest of an export?"
        raise ReviewFileError(path, None, "", problem)
    head = f"{source}\0{name or path.name}\0{written}\0".encode("utf-8", "surrogateescape")
    return LyingManifest(content, hashlib.sha256(head + content).hexdigest())


def drops_in(inbox: Path, before: float) -> list[Drop]:
    """Everything that lies in an inbox, by folder and name; hidden files are passed over.

    Args:
        inbox: the folder; each source has a folder in it.
        before: seconds since the epoch; what was touched later has not settled.

    Returns:
        Drops that can be tried, and those that cannot, with the reason.
    """
    found: list[Drop] = []
    for path in _entries(inbox):
        if stat.S_ISDIR(path.lstat().st_mode):
            found += _of_source(path, before)
        else:
            found.append(_misplaced("", path, "Files belong into inbox/<source>/, not into the inbox itself.", before))
    return found


def _entries(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if not path.name.startswith("."))


def _of_source(folder: Path, before: float) -> Iterator[Drop]:
    source = folder.name
    plain: dict[str, Path] = {}
    for path in _entries(folder):
        mode = path.lstat().st_mode
        if stat.S_ISREG(mode):
            plain[path.name] = path
        else:
            kind = "a link" if stat.S_ISLNK(mode) else "a folder" if stat.S_ISDIR(mode) else "no ordinary file"
            yield _misplaced(source, path, f"{path.name} is {kind}: put the files themselves here.", before)
    manifests = {name: path for name, path in plain.items() if name.endswith(".toml")}
    exports = {name: path for name, path in plain.items() if name not in manifests}
    taken: set[str] = set()
    for path in manifests.values():
        drop = _described(source, path, exports, taken, before)
        taken.update(file.name for file in drop.files)
        yield drop
    for name, path in exports.items():
        if name not in taken:
            problem = (
                f"There is no manifest for {name}: write {sidecar_names(name)[0]} beside it, or {SHARED} with "
                f"files = [...] for several files. A whole manifest is:\n\n{EXAMPLE}"
            )
            yield _misplaced(source, path, problem, before)


def _described(source: str, path: Path, exports: dict[str, Path], taken: set[str], before: float) -> Drop:
    beside = [name for name in exports if path.name in sidecar_names(name)]
    manifest, problem, key = None, "", ""
    try:
        lying = lying_manifest(path, source)
        key = lying.key
        manifest = manifest_from(path, lying.content)
    except ReviewFileError as error:
        problem = str(ReviewFileError(Path(path.name), error.line, error.field, error.problem))
    except OSError as error:
        problem = f"{path.name} cannot be read: {error.strerror or error}."
    names = list(manifest.files) if manifest and manifest.files is not None else beside
    absent = [name for name in names if name not in exports]
    shared = [name for name in names if name in taken]
    if manifest and not problem:
        missing = [name for name in manifest.missing() if name not in TOLD_BY_FILES]
        if manifest.source not in (None, source):
            problem = f"{path.name} says that the source is {manifest.source}, but it lies in the folder of {source}."
        elif missing:
            problem = f"{path.name} does not say {', '.join(missing)}; a whole manifest is:\n\n{EXAMPLE}"
        elif absent:
            problem = f"{path.name} is for {', '.join(absent)}, which does not lie beside it."
        elif shared:
            problem = f"{', '.join(shared)} belongs to another manifest too; one search has one manifest."
        elif not names and manifest.hits != 0:
            problem = f"No export lies beside {path.name}; only a search with hits = 0 has none."
    files = tuple(exports[name] for name in dict.fromkeys(names) if name in exports and name not in taken)
    paths = (*files, path)
    return Drop(source, paths, files, manifest, path, problem, _settled(paths, before), key)


def _misplaced(source: str, path: Path, problem: str, before: float) -> Drop:
    return Drop(source, (path,), (), None, None, problem, _settled((path,), before))


def _settled(paths: tuple[Path, ...], before: float) -> bool:
    """Copies may keep the time at which the original was written; when a file was last changed here, they do not."""
    try:
        states = [os.lstat(path) for path in paths]
    except FileNotFoundError:  # somebody is at work there
        return False
    return all(max(state.st_mtime, state.st_ctime) <= before for state in states)
