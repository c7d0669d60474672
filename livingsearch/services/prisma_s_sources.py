"""Sources and their schedules as the review's file declares them, and this program's own name."""

import importlib.metadata
from datetime import UTC, datetime

from cronsim import CronSim

from livingsearch.exports.prisma_s import Scheduled, SearchedSource
from livingsearch.review import Review, Source


def declared_source(source: Source, *, query: str | None) -> SearchedSource:
    """A source that was not searched, or will be searched otherwise than before.

    Args:
        source: as declared.
        query: what it would be searched with; None where that is of no concern.
    """
    return SearchedSource(
        slug=source.slug,
        label=source.label,
        name=source.name,
        database=source.database,
        platform=source.platform,
        kind=source.kind,
        by_api=source.connector != "file",
        searched=False,
        declared=query,
        translated=query is not None and source.translated,
    )


def unknown_source(slug: str, label: str, kind: str) -> SearchedSource:
    """A source that an update closed without and that the file declares no more; only its label was kept."""
    return SearchedSource(slug, label, label, label, "not known", kind, by_api=False, searched=False)


def scheduled(review: Review) -> tuple[Scheduled, ...]:
    """When each source falls due, in words."""
    return tuple(
        Scheduled(source.label, in_words(source.schedule), source.wait_days if source.connector == "file" else None)
        for source in review.sources
    )


def in_words(schedule: str) -> str:
    """Five cron fields in words: `At 06:00 on the first day of every third month`."""
    return str(CronSim(schedule, datetime(2024, 1, 1, tzinfo=UTC)).explain())


def program() -> str:
    """`livingsearch 0.1.0`."""
    return f"livingsearch {importlib.metadata.version('livingsearch')}"
