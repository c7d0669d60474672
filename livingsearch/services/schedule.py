"""Which sources of a review are due."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from cronsim import CronSim

from livingsearch.review import Source
from livingsearch.services.batches import closed_without_batch
from livingsearch.services.context import ReviewContext
from livingsearch.services.open_update import open_update_number
from livingsearch.store import utc_naive

_RUN = """
SELECT source, max(started_at) FROM run
WHERE state = 'complete' AND run_id NOT IN (SELECT run_id FROM run_withdrawn) GROUP BY source
"""

_DEALT_WITH = """
SELECT source, max(instant) FROM (
    SELECT source, started_at AS instant FROM run
    WHERE state = 'complete' AND run_id NOT IN (SELECT run_id FROM run_withdrawn)
    UNION ALL
    SELECT source, closed_at FROM update_due JOIN update_closing USING (update_number)
)
GROUP BY source
"""


def due_sources(context: ReviewContext) -> tuple[str, ...]:
    """Sources whose schedule has come round since they were last dealt with.

    That is their last complete run, or the closing of an update that was for them and did without them: an export
    that never comes does not open an update every day. A source that was never dealt with is due; one of another
    method never is, since citations are searched when a person has read what was found. Times of day are those of the
    review's time zone.

    Returns:
        Slugs, in the review's order.
    """
    return _due_since(context, _DEALT_WITH)


def unsearched_sources(context: ReviewContext) -> tuple[str, ...]:
    """Sources whose schedule has come round since their last complete run.

    Those of `due_sources`, and those that an update closed without: an export that comes after all is not early.

    Returns:
        Slugs, in the review's order.
    """
    return _due_since(context, _RUN)


def _due_since(context: ReviewContext, last: str) -> tuple[str, ...]:
    with context.store.read() as con:
        instants = dict(con.execute(last).fetchall())
    searched = [source for source in context.review.sources if source.kind != "other"]
    return tuple(s.slug for s in searched if _is_due(context, s, instants.get(s.slug)))


def has_unfinished_update(context: ReviewContext) -> bool:
    """Whether an update is under way that a schedule or a person has asked for.

    An update that was only opened by an import or a single search is its person's, who may still bring more: it
    does not count until a source falls due or somebody runs the update.
    """
    if closed_without_batch(context) is not None:
        return True
    with context.store.read() as con:
        number = open_update_number(con)
        row = con.execute("SELECT count(*) FROM update_due WHERE update_number = ?", [number]).fetchone()
    return row is not None and row[0] > 0


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


def _is_due(context: ReviewContext, source: Source, dealt_with: datetime | None) -> bool:
    if dealt_with is None:
        return True
    due = last_due_before(source.schedule, context.now(), ZoneInfo(context.review.time_zone))
    return due is not None and dealt_with < utc_naive(due)
