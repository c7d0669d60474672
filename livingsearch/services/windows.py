"""Search only what a source took up of late: on demand, never by itself.

A window saves little at the size of a review and loses records: none catches an old record that matches only now,
because its subject headings came months later. So it is refused wherever it would lose more than that.
"""

from datetime import date, timedelta

import duckdb

from connectors.contract import ApiSource, Windowed
from livingsearch.errors import UpdateRefused
from livingsearch.review import Source
from livingsearch.services.open_update import complete_run_of, declared_query
from livingsearch.services.runs import Window

OVERLAP = 30
"""Days before the last search at which a window begins if nobody says otherwise."""
SHORTEST_OVERLAP = 14
"""Fewer days than that lose records which a source takes up in its own time."""

_BEFORE = """
SELECT r.run_id, r.date_searched
FROM counting_run_at((SELECT coalesce(max(position), 0) FROM log)) c JOIN run r USING (run_id)
WHERE c.source = $source AND c.update_number < $update
ORDER BY c.update_number DESC LIMIT 1
"""

_LAST_FULL = """
SELECT max(r.date_searched)
FROM counting_run_at((SELECT coalesce(max(position), 0) FROM log)) c JOIN run r USING (run_id)
WHERE c.source = $source AND c.update_number < $update AND r.scope = 'full'
"""


def window_of(con: duckdb.DuckDBPyConnection, api: ApiSource, source: Source, update: int, overlap: int) -> Window:
    """The window that follows a source's last search.

    Args:
        con: the review's database.
        api: the source.
        source: as the review declares it.
        update: number of the update that the search is for.
        overlap: days that the window begins before the date of the source's last search in an earlier update.

    Returns:
        The window.

    Raises:
        UpdateRefused: the source cannot search a window, the overlap is too short, or records would be lost: there
            is no search that the window follows, it was of another query, or the update has a full one already.
    """
    if not isinstance(api, Windowed):
        raise UpdateRefused(f"{api.label} cannot be searched for what it took up of late; search it without --window.")
    if overlap < SHORTEST_OVERLAP:
        raise UpdateRefused(
            f"An overlap of {overlap} days loses records that {api.label} takes up late; use at least "
            f"{SHORTEST_OVERLAP}."
        )
    before = con.execute(_BEFORE, {"source": source.slug, "update": update}).fetchone()
    if before is None:
        raise UpdateRefused(
            f"No earlier update has a search of {source.slug} that a window could follow; search it without --window."
        )
    run_id, searched_on = before
    if declared_query(con, run_id) != source.query:
        raise UpdateRefused(
            f"The query of {source.slug} has changed since its last search (run {run_id}), so records from before "
            "the window would be lost; search it without --window."
        )
    present = complete_run_of(con, update, source.slug)
    scope = con.execute("SELECT scope FROM run WHERE run_id = ?", [present]).fetchone()
    if scope and scope[0] == "full":
        raise UpdateRefused(
            f"Update {update} has a full search of {source.slug} already (run {present}), which a window would replace "
            "in the counts; nothing was searched."
        )
    since: date = searched_on - timedelta(days=overlap)
    full = con.execute(_LAST_FULL, {"source": source.slug, "update": update}).fetchone()
    return Window(since, overlap, run_id, full[0] if full else None, api.created_since(source.query, since))


def sentence_of(window: Window, label: str) -> str:
    """What a reader of the run should know.

    Args:
        window: that was searched.
        label: what people call the source.
    """
    full = f"; the last one was on {window.last_full}" if window.last_full else ""
    return (
        f"Only records that {label} took up since {window.since} were searched, {window.overlap} days before the date "
        f"of run {window.previous_run}: what vanished, and old records that match only now, is left to the next full "
        f"search{full}."
    )
