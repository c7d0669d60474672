"""Where things lie: a workspace holds a folder a review, a review's folder holds all of the review."""

import re
import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from livingsearch.errors import ReviewUnknown
from livingsearch.store.faults import writing_faults

_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")


@dataclass(frozen=True, slots=True)
class ReviewFolder:
    """The folder of one review; a review can be copied, archived or moved as this folder.

    Attributes:
        path: the folder.
    """

    path: Path

    @property
    def review_file(self) -> Path:
        """The review's file as it stands today."""
        return self.path / "review.toml"

    @property
    def database(self) -> Path:
        """The review's DuckDB file."""
        return self.path / "review.duckdb"

    @property
    def received(self) -> Path:
        """Every file and reply as it came, named by its sha256."""
        return self.path / "received"

    @property
    def batches(self) -> Path:
        """What updates released for screening."""
        return self.path / "batches"

    @property
    def inbox(self) -> Path:
        """Exports that wait to be imported, in a folder a source."""
        return self.path / "inbox"

    @property
    def rejected(self) -> Path:
        """What was dropped into the inbox and could not be imported, each with the reason."""
        return self.path / "rejected"

    @property
    def locks(self) -> Path:
        """Side files for locks; empty, safe to delete while nothing runs."""
        return self.path / "locks"

    def batch(self, update: int) -> Path:
        """Folder of one update's batch."""
        return self.batches / f"update-{update:03d}"

    def create(self) -> None:
        """Makes the folder and those inside it.

        Raises:
            StoreFull, StoreError: the disk does not allow it.
        """
        published = self.path / "published"
        with writing_faults(self.path):
            for folder in (self.received, self.batches, self.locks, self.inbox, self.rejected, published):
                folder.mkdir(parents=True, exist_ok=True)

    def sweep(self, before: float) -> None:
        """Removes what killed processes left half written.

        Args:
            before: seconds since the epoch; only what was last touched earlier goes, so that nobody's work does.
        """
        left = [*self.path.glob(".spill-*"), *self.received.glob(".*.part"), *self.batches.glob("*/.*.part")]
        for path in left:
            with suppress(OSError):
                if path.stat().st_mtime < before:
                    shutil.rmtree(path) if path.is_dir() else path.unlink()


@dataclass(frozen=True, slots=True)
class Workspace:
    """A folder of reviews.

    Attributes:
        root: the folder; need not exist yet.
    """

    root: Path

    def folder(self, slug: str) -> ReviewFolder:
        """The folder that a review has or would have.

        Raises:
            ReviewUnknown: the name is not one that a review can have.
        """
        if not _SLUG.fullmatch(slug):
            raise ReviewUnknown(
                f"{slug!r} is no name of a review: small letters, digits and hyphens, at most 80 characters."
            )
        return ReviewFolder(self.root / slug)

    def existing(self, slug: str) -> ReviewFolder:
        """The folder of a review that is there.

        Raises:
            ReviewUnknown: there is no such review; the message lists those that are.
        """
        folder = self.folder(slug)
        if not folder.database.exists():
            known = ", ".join(self.slugs()) or "none yet"
            raise ReviewUnknown(
                f"No review {slug!r} in {self.root} (there: {known}); "
                "create it with: livingsearch init path/to/review.toml"
            )
        return folder

    def slugs(self) -> list[str]:
        """Names of the reviews in the workspace, sorted."""
        if not self.root.is_dir():
            return []
        return sorted(p.parent.name for p in self.root.glob("*/review.duckdb") if _SLUG.fullmatch(p.parent.name))
