"""The counts of one update: as they were frozen when it closed, or as they stand."""

import json

import duckdb

from livingsearch.errors import UpdateRefused
from livingsearch.ledger.counts import update_flow
from livingsearch.ledger.flow import Flow, flow_from_dict
from livingsearch.services.context import ReviewContext
from livingsearch.store import log_position


def frozen_flow(con: duckdb.DuckDBPyConnection, update: int) -> Flow:
    """The counts of a closed update as they were frozen.

    Raises:
        UpdateRefused: the update is not closed.
    """
    row = con.execute("SELECT counts FROM update_closing WHERE update_number = ?", [update]).fetchone()
    if row is None:
        raise UpdateRefused(f"There is no closed update {update}; a batch is released when its update closes.")
    return flow_from_dict(json.loads(row[0]))


def open_flow(con: duckdb.DuckDBPyConnection, context: ReviewContext, number: int) -> Flow:
    """The counts of an open update as they stand; they may still change."""
    return update_flow(
        con,
        title=context.review.title,
        sources=context.counted_sources(),
        preferred=context.preferred(),
        update=number,
        position=log_position(con),
    )
