"""Which update a run belongs to, and which run of a source counts in it."""

import duckdb

from livingsearch.errors import UpdateRefused
from livingsearch.review import Source
from livingsearch.services.context import ReviewContext
from livingsearch.store import append_to_log, utc_naive


def open_update_number(con: duckdb.DuckDBPyConnection) -> int | None:
    """Number of the update that is open, or None; there is never more than one."""
    row = con.execute(
        "SELECT max(number) FROM review_update WHERE number NOT IN (SELECT update_number FROM update_closing)"
    ).fetchone()
    return row[0] if row else None


def upcoming_update(con: duckdb.DuckDBPyConnection) -> int:
    """Number of the update that a run made now belongs to: the open one, or the next."""
    row = con.execute("SELECT coalesce(max(number), 0) FROM review_update").fetchone()
    return open_update_number(con) or (row[0] if row else 0) + 1


def is_closed(con: duckdb.DuckDBPyConnection, update: int) -> bool:
    """Whether an update has been closed."""
    return con.execute("SELECT 1 FROM update_closing WHERE update_number = ?", [update]).fetchone() is not None


def ensure_open_update(
    con: duckdb.DuckDBPyConnection, context: ReviewContext, *, reason: str, number: int | None = None
) -> int:
    """The open update; opens the next one where none is open.

    Args:
        con: inside a write transaction.
        context: the review.
        reason: why an update is needed, kept with it.
        number: the update that the caller means; None for whichever is open.

    Returns:
        Its number.

    Raises:
        UpdateRefused: the update meant is closed, or is not the next one.
    """
    current, upcoming = open_update_number(con), upcoming_update(con)
    if number is not None and number != upcoming:
        if number < upcoming:
            raise UpdateRefused(
                f"Update {number} is closed and its counts are frozen; what comes now belongs to update {upcoming}."
            )
        what = "the next one is" if current is None else "the open one is"
        raise UpdateRefused(f"There is no update {number} yet; {what} {upcoming}.")
    if current is None:
        position = append_to_log(
            con, "update opened", context.now(), context.actor, {"update": upcoming, "reason": reason}
        )
        con.execute(
            "INSERT INTO review_update (number, reason, opened_at, position) VALUES (?, ?, ?, ?)",
            [upcoming, reason, utc_naive(context.now()), position],
        )
    return upcoming


def complete_run_of(con: duckdb.DuckDBPyConnection, update: int, source: str) -> int | None:
    """The run of a source that counts in an update, or None."""
    row = con.execute(
        "SELECT arg_max(run_id, position) FROM run WHERE update_number = ? AND source = ? AND state = 'complete' "
        "AND run_id NOT IN (SELECT run_id FROM run_withdrawn)",
        [update, source],
    ).fetchone()
    return row[0] if row else None


def complete_run_with_query(con: duckdb.DuckDBPyConnection, update: int, source: Source) -> int | None:
    """The run of a source that counts in an update, if it was made with the query that the review's file has now."""
    run_id = complete_run_of(con, update, source.slug)
    return run_id if run_id is not None and declared_query(con, run_id) == source.query else None


def declared_query(con: duckdb.DuckDBPyConnection, run_id: int) -> str:
    """The query of a run as the review's file declared it, without the window that it was run with."""
    row = con.execute(
        "SELECT coalesce(declared_query, query) FROM run LEFT JOIN run_window USING (run_id) WHERE run_id = ?", [run_id]
    ).fetchone()
    if row is None:
        raise UpdateRefused(f"There is no run {run_id}.")
    return str(row[0])


def replaced_run(con: duckdb.DuckDBPyConnection, update: int, source: str) -> list[str]:
    """A sentence on the run that a new complete run of the source will replace in the update's counts, if any."""
    run_id = complete_run_of(con, update, source)
    if run_id is None:
        return []
    row = con.execute("SELECT records_received FROM run WHERE run_id = ?", [run_id]).fetchone()
    return [
        f"It replaces run {run_id} ({row[0] if row else 0:,} records) of {source} in the counts of update {update}; "
        "files that are parts of one search belong into one import."
    ]
