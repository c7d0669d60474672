"""The log that every change of a review appends to; positions in it bind snapshots to a state."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import duckdb


def utc_naive(instant: datetime) -> datetime:
    """An instant as the database keeps it: UTC, without a time zone written to it."""
    return instant.astimezone(UTC).replace(tzinfo=None)


def log_position(con: duckdb.DuckDBPyConnection) -> int:
    """Position of the last entry; 0 in a new review."""
    row = con.execute("SELECT coalesce(max(position), 0) FROM log").fetchone()
    return int(row[0]) if row else 0


def append_to_log(
    con: duckdb.DuckDBPyConnection,
    kind: str,
    at: datetime,
    actor: str,
    detail: Mapping[str, Any] | None = None,
) -> int:
    """Appends an entry.

    Args:
        con: a connection inside `Store.write`.
        kind: what happened, e.g. `run completed`.
        at: when, with its time zone.
        actor: the person or job that did it.
        detail: what identifies it, as JSON.

    Returns:
        The entry's position.
    """
    position = log_position(con) + 1
    con.execute(
        "INSERT INTO log (position, instant, kind, actor, detail) VALUES (?, ?, ?, ?, ?)",
        [position, utc_naive(at), kind, actor, json.dumps(dict(detail or {}), ensure_ascii=False)],
    )
    return position
