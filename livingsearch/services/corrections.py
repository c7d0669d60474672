"""What takes a step of an update back: a run that was wrong, a closing that came too early. Nothing is deleted."""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from livingsearch.errors import UpdateRefused
from livingsearch.ledger.whole_counts import whole_flow_at
from livingsearch.ledger.whole_identities import require_whole
from livingsearch.services.context import ReviewContext
from livingsearch.services.open_update import complete_run_of, is_closed, open_update_number
from livingsearch.services.screening_words import one_line
from livingsearch.store import append_to_log, utc_naive
from livingsearch.store.faults import writing_faults


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A run that counts no more.

    Attributes:
        run_id: its number.
        update: that it belonged to.
        source: slug.
        records: that it had brought.
        closed: whether its update was closed, so that its frozen counts stand and the restated ones differ.
        counts_now: the earlier run of the source that counts in its place; None where the source was not searched.
    """

    run_id: int
    update: int
    source: str
    records: int
    closed: bool
    counts_now: int | None


def withdraw_run(context: ReviewContext, run_id: int, why: str) -> Withdrawn:
    """Takes a complete run out of all counts from now on; its rows and files stay.

    Args:
        context: the review.
        run_id: its number.
        why: for the log and for whoever asks.

    Returns:
        What it was, and what counts in its place.

    Raises:
        UpdateRefused: there is no such run, it never counted, or it was withdrawn before.
        IdentityBroken: counts would not agree without it; nothing was changed.
    """
    reason = one_line(why, "the reason")
    with context.store.write() as con:
        row = con.execute(
            "SELECT update_number, source, state, records_received, "
            "run_id IN (SELECT run_id FROM run_withdrawn) FROM run WHERE run_id = ?",
            [run_id],
        ).fetchone()
        if row is None:
            raise UpdateRefused(f"There is no run {run_id} of {context.review.slug}.")
        update, source, state, records, withdrawn = row
        if withdrawn:
            raise UpdateRefused(f"Run {run_id} was withdrawn before.")
        if state != "complete":
            raise UpdateRefused(f"Run {run_id} is {state} and counts nowhere, so there is nothing to withdraw.")
        position = append_to_log(con, "run withdrawn", context.now(), context.actor, {"run": run_id, "why": reason})
        con.execute(
            "INSERT INTO run_withdrawn VALUES (?, ?, ?, ?, ?)",
            [run_id, context.actor, reason, utc_naive(context.now()), position],
        )
        closed = is_closed(con, update)
        require_whole(whole_flow_at(con, update, position, context.declared()), f"run {run_id} was not withdrawn")
        instead = complete_run_of(con, update, source)
    return Withdrawn(run_id, update, source, records, closed, instead)


def reopen_update(context: ReviewContext, update: int, why: str) -> Path | None:
    """Opens the last closed update again: for an export that came late, or citations of what was included.

    Reports that it handed out stay handed out. When it closes again, its batch is written anew, with them and with what
    came since.

    Args:
        context: the review.
        update: its number.
        why: for the log and for whoever asks.

    Returns:
        Where the files of its batch lie now; None where none had been written.

    Raises:
        UpdateRefused: it is not closed, was published, or a later update was opened.
        StoreError: the database or the disk.
    """
    reason = one_line(why, "the reason")
    with context.store.write() as con:
        _require_reopenable(con, context, update)
        position = append_to_log(
            con, "update reopened", context.now(), context.actor, {"update": update, "why": reason}
        )
        con.execute(
            "INSERT INTO update_reopened SELECT update_number, closed_at, counts, rule_set, position, $who, $why, "
            "$instant, $position FROM update_closing WHERE update_number = $update",
            {
                "who": context.actor,
                "why": reason,
                "instant": utc_naive(context.now()),
                "position": position,
                "update": update,
            },
        )
        con.execute("DELETE FROM update_closing WHERE update_number = ?", [update])
        folder = context.folder.batch(update)
        kept = folder.with_name(f"{folder.name}-before-{position:06d}")
        moved = folder.exists()
        if moved:
            with writing_faults(folder):
                folder.rename(kept)
    return kept if moved else None


def _require_reopenable(con: duckdb.DuckDBPyConnection, context: ReviewContext, update: int) -> None:
    if not is_closed(con, update):
        raise UpdateRefused(f"Update {update} of {context.review.slug} is not closed, so it cannot be opened again.")
    if con.execute("SELECT 1 FROM published WHERE update_number = ?", [update]).fetchone():
        raise UpdateRefused(
            f"Update {update} was published, so it stays closed; what comes now belongs to the next update."
        )
    row = con.execute("SELECT max(number) FROM review_update").fetchone()
    if open_update_number(con) is not None or (row and row[0] != update):
        raise UpdateRefused(
            f"Update {row[0] if row else update} came after update {update}, which therefore stays closed: what the "
            "later one counts as known rests on it."
        )
