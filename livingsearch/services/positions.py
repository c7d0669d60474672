"""Which position of the log a person means."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import duckdb

from livingsearch.errors import UpdateRefused
from livingsearch.services.context import ReviewContext
from livingsearch.store import log_position, utc_naive

AsOf = int | date | None
"""An update's number for its closing, a date for the end of that day; None for now."""


def position_of(con: duckdb.DuckDBPyConnection, context: ReviewContext, as_of: AsOf) -> int:
    """The position in the log that is meant.

    Args:
        con: the review's database.
        context: the review, in whose time zone a day ends.
        as_of: an update's number, a date, or None for now.

    Returns:
        A position; 0 for a date before the review began.

    Raises:
        UpdateRefused: the update is not closed.
    """
    if as_of is None:
        return log_position(con)
    if isinstance(as_of, int):
        row = con.execute("SELECT position FROM update_closing WHERE update_number = ?", [as_of]).fetchone()
        if row is None:
            raise UpdateRefused(f"Update {as_of} is not closed, so nothing was frozen for it; leave --as-of out.")
        return int(row[0])
    end = datetime.combine(as_of + timedelta(days=1), time(), ZoneInfo(context.review.time_zone))
    # A clock that was set back must not take what was known out of a day that is over.
    row = con.execute(
        "SELECT coalesce(min(position) - 1, (SELECT coalesce(max(position), 0) FROM log)) FROM log WHERE instant >= ?",
        [utc_naive(end)],
    ).fetchone()
    return int(row[0]) if row else 0
