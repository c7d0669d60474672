"""What every use case works on: one review, its folder and database, and the machine's settings."""

import getpass
import importlib.metadata
import json
import platform
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb

from livingsearch.errors import ReviewExists, ReviewFileError
from livingsearch.ledger.at_position import CountedSource, Declared, declared_at
from livingsearch.review import Review, read_review
from livingsearch.services.strategy_versions import record_strategy
from livingsearch.services.watch import Unwatched, Watch
from livingsearch.settings import Settings
from livingsearch.store import ReceivedFiles, ReviewFolder, Store, Workspace, append_to_log
from livingsearch.store.received import write_whole

_SOFTWARE = ("livingsearch", "biopython", "rispy", "rapidfuzz", "duckdb")


def utc_now() -> datetime:
    """The present instant, in UTC."""
    return datetime.now(UTC)


def this_person() -> str:
    """Who runs this process, for the log."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"


@dataclass(frozen=True, slots=True)
class ReviewContext:
    """One review, ready to be worked on.

    Attributes:
        review: its file as it stands now.
        folder: where its files lie.
        store: its database.
        received: its files and replies as they came.
        settings: of this machine.
        actor: who is at work, for the log.
        watch: told while work goes on.
        now: the clock.
    """

    review: Review
    folder: ReviewFolder
    store: Store
    received: ReceivedFiles
    settings: Settings
    actor: str = field(default_factory=this_person)
    watch: Watch = field(default_factory=Unwatched)
    now: Callable[[], datetime] = utc_now

    def today(self) -> date:
        """The date in the review's time zone."""
        return self.now().astimezone(ZoneInfo(self.review.time_zone)).date()

    def is_file_as_read(self) -> bool:
        """Whether the review's file still holds the text that this work began with."""
        try:
            return self.folder.review_file.read_bytes().decode("utf-8-sig") == self.review.text
        except (OSError, UnicodeDecodeError):
            return False

    def counted_sources(self) -> list[CountedSource]:
        """The review's sources as the ledger needs them."""
        return [CountedSource(s.slug, s.label, s.kind, s.method) for s in self.review.sources]

    def preferred(self) -> list[str]:
        """Slugs of all sources, the best first: as declared, then in the file's order."""
        declared = list(self.review.preferred)
        return declared + [s.slug for s in self.review.sources if s.slug not in declared]

    def preferred_at(self, con: duckdb.DuckDBPyConnection, position: int) -> tuple[str, ...]:
        """The same as the review's file said at a position of the log; as it says now where none was recorded."""
        return declared_at(con, position).preferred or tuple(self.preferred())

    def declared(self) -> Declared:
        """What the review's file says of which counts depend."""
        return Declared(self.review.title, tuple(self.counted_sources()), tuple(self.preferred()))


def review_file(settings: Settings, slug: str) -> Review:
    """A review of the workspace as its file declares it; its database is not touched.

    Raises:
        ReviewUnknown: there is no such review.
        ReviewFileError: its file cannot be used.
    """
    return _read(Workspace(settings.workspace).existing(slug), slug)


def open_review(
    settings: Settings,
    slug: str,
    *,
    actor: str | None = None,
    watch: Watch | None = None,
    now: Callable[[], datetime] = utc_now,
) -> ReviewContext:
    """A review of the workspace, ready to be worked on.

    Raises:
        ReviewUnknown: there is no such review.
        ReviewFileError: its file cannot be used.
    """
    folder = Workspace(settings.workspace).existing(slug)
    review = _read(folder, slug)
    return _context(settings, folder, review, actor or this_person(), watch or Unwatched(), now)


def _read(folder: ReviewFolder, slug: str) -> Review:
    review = read_review(folder.review_file)
    if review.slug != slug:
        raise ReviewFileError(
            folder.review_file,
            None,
            "review.slug",
            f"is {review.slug!r}, but the review's folder is {slug!r}.",
        )
    return review


def init_review(
    settings: Settings, file: Path, *, actor: str | None = None, now: Callable[[], datetime] = utc_now
) -> ReviewContext:
    """Makes a review's folder and database from its file.

    Args:
        settings: whose workspace it goes to.
        file: the review file; it is copied.
        actor: who does it; the login name where None.
        now: the clock.

    Raises:
        ReviewFileError: the file cannot be used; nothing is made.
        ReviewExists: the workspace has a review of that slug already.
    """
    review = read_review(file)
    folder = Workspace(settings.workspace).folder(review.slug)
    if folder.database.exists():
        raise ReviewExists(
            f"{folder.path} already holds the review {review.slug}; "
            f"edit {folder.review_file} to change it, or choose another slug in {file}."
        )
    folder.create()
    write_whole(folder.review_file, review.text.encode("utf-8"))
    context = _context(settings, folder, review, actor or this_person(), Unwatched(), now)
    with context.store.write() as con:
        append_to_log(con, "review created", now(), context.actor, {"slug": review.slug, "sha256": review.sha256})
        record_strategy(con, review, actor=context.actor, now=now)
    return context


def software_versions() -> str:
    """Versions of what a run depends on, as JSON."""
    versions = {name: importlib.metadata.version(name) for name in _SOFTWARE}
    return json.dumps({"python": platform.python_version(), **versions})


def _context(
    settings: Settings,
    folder: ReviewFolder,
    review: Review,
    actor: str,
    watch: Watch,
    now: Callable[[], datetime],
) -> ReviewContext:
    folder.create()
    store = Store(folder.database, folder.locks, settings.lock_timeout, settings.threads, settings.database_memory)
    return ReviewContext(review, folder, store, ReceivedFiles(folder.received), settings, actor, watch, now)
