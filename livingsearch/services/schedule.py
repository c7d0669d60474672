"""Which sources of a review are due."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from cronsim import CronSim

from livingsearch.review import Source
from livingsearch.services.context import ReviewContext
from livingsearch.services.runs import open_update_number
from livingsearch.store import utc_naive


def due_sources(context: ReviewContext) -> tuple[str, ...]:
    """Sources whose schedule has come round since their last complete run.

    A source that was never searched is due. Times of day are those of the review's time zone.

    Returns:
        Slugs, in the review's order.
    """
    with context.store.read() as con:
        rows = con.execute(
            "SELECT source, max(started_at) FROM run WHERE state = 'complete' GROUP BY source"
        ).fetchall()
    last_run = dict(rows)
    return tuple(s.slug for s in context.review.sources if _is_due(context, s, last_run.get(s.slug)))


def has_open_update(context: ReviewContext) -> bool:
    """Whether the review has an update that is not closed."""
    with context.store.read() as con:
        return open_update_number(con) is not None


def last_due_before(schedule: str, now: datetime, zone: ZoneInfo) -> datetime | None:
    """The last instant at which a schedule came round.

    Args:
        schedule: five cron fields.
        now: the present instant.
        zone: in which the schedule's times are meant.

    Returns:
        An instant not after `now`, or None where the schedule never came round in the last nine years.
    """
    local = now.astimezone(zone).replace(tzinfo=None)
    backwards = CronSim(schedule, local + timedelta(minutes=1), reverse=True)
    try:
        found: datetime = next(backwards)
    except StopIteration:
        return None
    return found.replace(tzinfo=zone)


def _is_due(context: ReviewContext, source: Source, last_started: datetime | None) -> bool:
    if last_started is None:
        return True
    due = last_due_before(source.schedule, context.now(), ZoneInfo(context.review.time_zone))
    return due is not None and last_started < utc_naive(due)
