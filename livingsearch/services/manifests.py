"""Manifests beside exports: which one speaks of which files, and imports by what they say."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from livingsearch.errors import ImportRefused, ManifestIncomplete
from livingsearch.review import Source
from livingsearch.review.manifest import AS_DECLARED, NOT_SHOWN, Manifest, read_manifest
from livingsearch.services.context import ReviewContext
from livingsearch.services.import_files import Opened, opened_as_named
from livingsearch.services.import_rows import Said
from livingsearch.services.imports import Declaration, Told, take_export
from livingsearch.services.mismatches import require_plausible
from livingsearch.services.runs import RunResult

SHARED = "manifest.toml"
"""The manifest of several files in one folder; it names them."""


@dataclass(frozen=True, slots=True)
class Found:
    """A manifest that was found beside exports.

    Attributes:
        path: of the file.
        manifest: what it says.
    """

    path: Path
    manifest: Manifest


def sidecar_names(export: str) -> tuple[str, str]:
    """Names that the manifest of one export may have: of `export.ris`, `export.toml` and `export.ris.toml`."""
    return Path(export).with_suffix(".toml").name, f"{export}.toml"


def manifest_beside(files: Sequence[Path]) -> Found | None:
    """The manifest that lies beside the files of one import, if any.

    Args:
        files: the export's.

    Raises:
        ReviewFileError: it cannot be used.
        ImportRefused: several manifests speak of the files.
    """
    found: dict[Path, Manifest] = {}
    for file in files:
        for path in dict.fromkeys(file.with_name(name) for name in sidecar_names(file.name)):
            if path != file and path.name != SHARED and path.is_file():
                found.setdefault(path, read_manifest(path))
        shared = file.with_name(SHARED)
        if shared.is_file() and file.name in ((manifest := read_manifest(shared)).files or ()):
            found.setdefault(shared, manifest)
    if len(found) > 1:
        raise ImportRefused(
            f"{' and '.join(path.name for path in found)} speak of the same import; "
            f"write one {SHARED} that names all of its files."
        )
    for path, manifest in found.items():
        left_out = sorted(set(manifest.files or ()) - {file.name for file in files})
        if left_out:
            raise ImportRefused(f"{path.name} names {', '.join(left_out)} too; import them together.")
        return Found(path, manifest)
    return None


Asking = Callable[[Manifest, tuple[str, ...]], Manifest]
"""Asks a person for the named fields of a manifest; what it gives back need not have all of them."""


def asking_nobody(manifest: Manifest, fields: tuple[str, ...]) -> Manifest:
    """The manifest as it is."""
    return manifest


def described(files: Sequence[Path], source: str, path: Path | None, typed: Mapping[str, object]) -> Manifest:
    """All that is said of an export: what is typed, then the manifest that is named, or the one beside the files.

    Args:
        files: the export's.
        source: slug of the source that the import is for.
        path: of the manifest; None to look for one beside the files.
        typed: values by field; a None says nothing.

    Raises:
        ReviewFileError: the manifest cannot be used.
        ImportRefused: it is for another source, or several speak of the files.
    """
    found = read_manifest(path) if path else beside.manifest if (beside := manifest_beside(files)) else Manifest()
    manifest = found.model_copy(update={name: value for name, value in typed.items() if value is not None})
    if manifest.source is not None and manifest.source != source:
        raise ImportRefused(f"The manifest says that the source is {manifest.source}, but the import is for {source}.")
    return manifest


def import_by_manifest(
    context: ReviewContext,
    source: str,
    files: Sequence[Path],
    manifest: Manifest,
    *,
    update: int | None = None,
    drop_key: str | None = None,
    ask: Asking = asking_nobody,
    opened: Opened = opened_as_named,
) -> RunResult:
    """Imports what a manifest describes; nothing that it has to say may stay unsaid.

    Platform and strategy may be told by the files themselves instead.

    Args:
        context: the review.
        source: slug.
        files: in order.
        manifest: what is said of the export.
        update: the update that is meant.
        drop_key: names the manifest where it lay in the inbox.
        ask: asked for what the manifest lacks and the files do not tell, once they were read.
        opened: how the files are opened.

    Returns:
        The run.

    Raises:
        ManifestIncomplete: names all that is neither said nor told; nothing changed.
        ImportRefused, …: as for `import_export`.
    """
    declared = context.review.source(source)
    if manifest.date_searched is not None:
        require_plausible(manifest.date_searched, context.today())

    def declare(told: Told) -> Declaration:
        told_here = {name for name, value in (("platform", told.platform), ("strategy", told.strategy)) if value}
        unsaid = tuple(name for name in manifest.missing() if name not in told_here)
        whole = ask(manifest, unsaid) if unsaid else manifest
        return _declaration(whole, [name for name in unsaid if name in whole.missing()], declared, drop_key)

    return take_export(
        context,
        source,
        files,
        declare,
        update=update,
        platform=manifest.read_as,
        columns=manifest.columns,
        opened=opened,
    )


def _declaration(manifest: Manifest, unsaid: Sequence[str], source: Source, drop_key: str | None) -> Declaration:
    if unsaid or manifest.date_searched is None:
        raise ManifestIncomplete(source.slug, tuple(unsaid))
    return Declaration(
        manifest.date_searched,
        manifest.hits if isinstance(manifest.hits, int) else None,
        manifest.accept_mismatch,
        Said(
            exported_by=manifest.exported_by,
            platform=manifest.platform,
            strategy=source.query if manifest.strategy == AS_DECLARED else manifest.strategy,
            hits_not_shown=manifest.hits == NOT_SHOWN,
            columns=manifest.columns,
            drop_key=drop_key,
        ),
    )
