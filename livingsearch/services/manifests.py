"""Manifests beside exports: which one speaks of which files, and imports by what they say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from livingsearch.errors import ImportRefused
from livingsearch.review.manifest import EXAMPLE, Manifest, read_manifest
from livingsearch.services.context import ReviewContext
from livingsearch.services.import_rows import Said
from livingsearch.services.imports import import_export
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


def columns_of(text: str) -> dict[str, str]:
    """A column map as it is typed: `Titel=title,Autor=authors`.

    Raises:
        ImportRefused: it is none.
    """
    columns: dict[str, str] = {}
    for pair in text.split(","):
        column, equals, field = (part.strip() for part in pair.rpartition("="))
        if not equals or not column or not field or column in columns:
            raise ImportRefused(
                f"{pair.strip()[:80]!r} does not say which column is which field; write "
                "--columns 'Titel=title,Autor=authors', or a table [columns] in the manifest."
            )
        columns[column] = field
    return columns


def merged(manifest: Manifest, typed: Mapping[str, object]) -> Manifest:
    """A manifest with what was typed in place of what it says; a None changes nothing."""
    return manifest.model_copy(update={name: value for name, value in typed.items() if value is not None})


def require_source(manifest: Manifest, source: str, where: str) -> None:
    """Lets a manifest pass that speaks of the source meant, or of none.

    Raises:
        ImportRefused: it speaks of another.
    """
    if manifest.source is not None and manifest.source != source:
        raise ImportRefused(f"{where} says that the source is {manifest.source}, but the import is for {source}.")


def import_by_manifest(
    context: ReviewContext,
    source: str,
    files: Sequence[Path],
    manifest: Manifest,
    *,
    update: int | None = None,
    drop_key: str | None = None,
) -> RunResult:
    """Imports what a manifest describes.

    Args:
        context: the review.
        source: slug.
        files: in order.
        manifest: says at least the date of the search.
        update: the update that is meant.
        drop_key: names the manifest where it lay in the inbox.

    Returns:
        The run.

    Raises:
        ImportRefused: the day of the search is not said; or as for `import_export`, as all else.
    """
    if manifest.date_searched is None:
        raise ImportRefused(f"The day of the search is not known; a manifest says e.g.: {EXAMPLE.splitlines()[0]}")
    said = Said(manifest.exported_by, manifest.platform, manifest.strategy, manifest.columns)
    return import_export(
        context,
        source,
        files,
        date_searched=manifest.date_searched,
        hits=manifest.hits,
        update=update,
        platform=manifest.read_as,
        accept_mismatch=manifest.accept_mismatch,
        said=replace(said, drop_key=drop_key),
    )
