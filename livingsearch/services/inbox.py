"""Import what people dropped into a review's inbox; put aside, with the reason, what cannot be imported.

A drop leaves the inbox only when its run is committed and its bytes are known to be kept. A process that is killed
between the two leaves the drop where it is; the next one finds the run by the key of the manifest and clears up.
"""

import hashlib
import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from connectors.errors import ConnectorError
from livingsearch.errors import LivingSearchError, StoreError, UpdateRefused
from livingsearch.services.context import ReviewContext
from livingsearch.services.import_files import moved_as_lying, opened_as_lying
from livingsearch.services.import_reports import reported
from livingsearch.services.inbox_folder import Drop, drops_in, lying_manifest
from livingsearch.services.manifests import import_by_manifest
from livingsearch.services.runs import RunResult
from livingsearch.services.schedule import unsearched_sources
from livingsearch.store.faults import writing_faults
from livingsearch.store.received import write_whole

WHY = "why.txt"
TAKEN = ".taken-"
"""Begins the names of files that are being removed; hidden files are passed over."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """A drop that was put aside.

    Attributes:
        name: of the drop, as it lay in the inbox.
        folder: where it lies now, with the reason in `why.txt`.
        why: the reason.
    """

    name: str
    folder: Path
    why: str


@dataclass(frozen=True, slots=True)
class Left:
    """A drop that stays in the inbox.

    Attributes:
        name: of the drop.
        why: what it waits for.
    """

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class InboxOutcome:
    """What became of an inbox.

    Attributes:
        imported: runs, those included that an interrupted pass had made already.
        rejected: what was put aside.
        left: what stays for the next time.
    """

    imported: tuple[RunResult, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    left: tuple[Left, ...] = ()


def take_inbox(context: ReviewContext, *, update: int | None = None) -> InboxOutcome:
    """Imports what lies in the inbox; one drop that is bad does not keep the others from their turn.

    Args:
        context: the review.
        update: the update that the imports belong to; None for the open one, or the next.

    Returns:
        What became of each drop.

    Raises:
        StoreError: the database or the disk; what was not imported yet stays in the inbox.
    """
    imported: list[RunResult] = []
    rejected: list[Rejected] = []
    left: list[Left] = []
    with context.store.hold("inbox"), writing_faults(context.folder.inbox):
        _put_back(context.folder.inbox)
        before = context.now().timestamp() - context.settings.inbox_settled_after
        for drop in drops_in(context.folder.inbox, before):
            if not drop.settled:
                left.append(Left(drop.name, "It was touched only just now and may still be being copied."))
                continue
            made = _run_of_drop(context, drop)
            if made is not None:
                imported.append(made)
                _clear(context, drop, made.run_id)
                continue
            why = drop.problem or _out_of_place(context, drop, imported)
            if not why:
                try:
                    imported.append(_imported(context, drop, update))
                    context.watch.step(f"imported from the inbox: {drop.name}")
                    _clear(context, drop, imported[-1].run_id)
                    continue
                except UpdateRefused as error:
                    left.append(Left(drop.name, str(error)))
                    continue
                except StoreError:
                    raise
                except (LivingSearchError, ConnectorError) as error:
                    why = str(error)
            rejected.append(_rejected(context, drop, why))
            context.watch.step(f"rejected from the inbox: {drop.name}: {why}")
    return InboxOutcome(tuple(imported), tuple(rejected), tuple(left))


def late_exports(context: ReviewContext) -> tuple[str, ...]:
    """Sources for which an export that can be tried lies in the inbox and whose schedule has come round.

    Such an export makes a scheduled update, also where an update closed without it; one that is early waits.

    Returns:
        Slugs, in the review's order.
    """
    before = context.now().timestamp() - context.settings.inbox_settled_after
    with context.store.hold("inbox"), writing_faults(context.folder.inbox):
        dropped = {drop.source for drop in drops_in(context.folder.inbox, before) if drop.settled and not drop.problem}
    return tuple(slug for slug in unsearched_sources(context) if slug in dropped)


def _out_of_place(context: ReviewContext, drop: Drop, imported: list[RunResult]) -> str:
    slugs = [source.slug for source in context.review.sources if source.connector == "file"]
    if drop.source not in slugs:
        return f"inbox/{drop.source}/ is no folder of a source that is imported; those are: {', '.join(slugs)}."
    if any(run.source == drop.source and not run.repeated for run in imported):
        return (
            f"Another export of {drop.source} was imported just before, and this one would have taken its place in the "
            "counts. Files of one search belong into one manifest.toml that names all of them; drop them again "
            "together, or this one alone if it is to replace the other."
        )
    return ""


def _imported(context: ReviewContext, drop: Drop, update: int | None) -> RunResult:
    if drop.manifest is None:
        raise AssertionError("a drop without a problem has a manifest")
    return import_by_manifest(
        context, drop.source, drop.files, drop.manifest, update=update, drop_key=drop.key, opened=opened_as_lying
    )


def _run_of_drop(context: ReviewContext, drop: Drop) -> RunResult | None:
    """The run that an interrupted pass made of this drop, if all files that still lie there are files of it."""
    if drop.manifest is None:
        return None
    with context.store.read() as con:
        row = con.execute(
            "SELECT max(run_id) FROM run_manifest JOIN run USING (run_id) WHERE drop_key = ? AND state = 'complete'",
            [drop.key],
        ).fetchone()
        if row is None or row[0] is None:
            return None
        known = {s for (s,) in con.execute("SELECT sha256 FROM run_file WHERE run_id = ?", [row[0]]).fetchall()}
        if any(_sha256(path) not in known for path in drop.files):
            return None
        return reported(con, row[0], repeated=True)


def _clear(context: ReviewContext, drop: Drop, run_id: int) -> None:
    """Takes an imported drop out of the inbox: files whose bytes are kept, then the manifest, which has the key.

    What was put in the place of a file meanwhile goes back: it is for the next time.
    """
    with context.store.read() as con:
        rows = con.execute("SELECT sha256 FROM run_file WHERE run_id = ?", [run_id]).fetchall()
    kept = {sha256 for (sha256,) in rows if (context.folder.received / sha256).is_file()}
    cleared = [_removed(path, lambda taken: _sha256(taken) in kept) for path in drop.files]
    manifest = drop.manifest_path
    if manifest is not None and all(cleared):
        _removed(manifest, lambda taken: lying_manifest(taken, drop.source, manifest.name).key == drop.key)


def _removed(path: Path, is_done: Callable[[Path], bool]) -> bool:
    """Removes a file if it is the one meant; it is taken aside first, so that nothing else can be hit."""
    taken = path.with_name(f"{TAKEN}{path.name}")
    try:
        moved_as_lying(path, taken)
    except FileNotFoundError:
        return True
    if is_done(taken):
        taken.unlink()
        return True
    _put_back_one(taken)
    return False


def _put_back(inbox: Path) -> None:
    """What a killed pass had taken aside gets its name back, unless something else has it by now."""
    for taken in inbox.glob(f"*/{TAKEN}*"):
        if not taken.parent.is_symlink():
            _put_back_one(taken)


def _put_back_one(taken: Path) -> None:
    path = taken.with_name(taken.name.removeprefix(TAKEN))
    if not os.path.lexists(path):
        moved_as_lying(taken, path)


def _rejected(context: ReviewContext, drop: Drop, why: str) -> Rejected:
    stamp = f"{context.now():%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"
    folder = context.folder.rejected / (drop.source or "inbox") / stamp
    folder.mkdir(parents=True)
    names = "\n".join(f"- {path.name}" for path in drop.paths)
    text = f"{why.strip()}\n\nNothing of these was imported:\n{names}\n\nMend it and drop it into the inbox again.\n"
    write_whole(folder / WHY, text.encode("utf-8"))
    for path in drop.paths:
        # A name that is taken by the reason gets another; nothing that was dropped is overwritten.
        target = folder / (path.name if path.name != WHY else f"dropped-{WHY}")
        with suppress(FileNotFoundError):
            if drop.source:
                moved_as_lying(path, target)
            else:
                os.replace(path, target)
    return Rejected(drop.name, folder, why)


def _sha256(path: Path) -> str:
    """Of a file's bytes; an empty text where it is no ordinary file any more."""
    try:
        with opened_as_lying(path) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
