"""Closing an update: identification is frozen and the batch released, in one transaction or not at all."""

import json

import duckdb

import dedup
from livingsearch.ledger.at_position import make_tables, record_declared
from livingsearch.ledger.counts import reports_to_release, unreleased_reports, update_flow
from livingsearch.ledger.flow import flow_to_dict
from livingsearch.ledger.identities import require_identities
from livingsearch.ledger.whole_counts import whole_flow_at
from livingsearch.ledger.whole_identities import require_whole
from livingsearch.services.context import ReviewContext
from livingsearch.services.screening_words import Word, write_words
from livingsearch.store import append_to_log, utc_naive

RETRACTED = "Retracted"
"""The reason by which an included report goes out that was retracted."""

_SPEAKER = "livingsearch"

_SAID_RETRACTED = """
CREATE OR REPLACE TEMP TABLE said_retracted AS
SELECT v.record_id, v.version, m.report_id, n.notice
FROM at_standing s JOIN at_member m ON m.report_id = s.report_id JOIN record_version v ON v.record_id = m.record_id,
    unnest(v.notices) n(notice)
WHERE s.state = 'included'
    AND split_part(n.notice, ' ', 1) IN ('retracted', 'RetractionIn', 'RetractedandRepublishedIn')
"""

# Included reports of which a record of this update says for the first time that they were retracted.
_RETRACTED = """
SELECT t.report_id, min(t.notice)
FROM said_retracted t JOIN run_record x ON x.record_id = t.record_id AND x.version = t.version
    JOIN at_counting c USING (run_id)
GROUP BY t.report_id HAVING min(c.update_number) = $update
ORDER BY t.report_id
"""


def close_update(con: duckdb.DuckDBPyConnection, context: ReviewContext, number: int) -> None:
    """Freezes identification and releases the batch, or raises and leaves no trace.

    An included report that a record of this update tells to be retracted is excluded as retracted by a word of the
    program's own, which people can take back; versions that were published before stay as they are.

    Args:
        con: inside a write transaction, everything compared.
        context: the review.
        number: of the open update.

    Raises:
        IdentityBroken: an identity fails, or a report with counted records would stand in no batch.
    """
    now = context.now()
    position = append_to_log(con, "update closed", now, context.actor, {"update": number})
    record_declared(con, context.declared(), position)
    make_tables(con, position, tuple(context.preferred()))
    reports = reports_to_release(con, update=number)
    con.execute(
        "INSERT INTO batch (update_number, released_at, position) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        [number, utc_naive(now), position],
    )
    con.execute("INSERT INTO batch_report SELECT ?, unnest(?::BIGINT[])", [number, reports])
    flow = update_flow(
        con,
        title=context.review.title,
        sources=context.counted_sources(),
        preferred=context.preferred(),
        update=number,
        position=position,
        closed_at=now,
        prepared=True,
    )
    require_identities(flow, unreleased_reports(con))
    require_whole(whole_flow_at(con, number, position, prepared=True), f"update {number} was not closed")
    con.execute(
        "INSERT INTO update_closing (update_number, closed_at, counts, rule_set, position) VALUES (?, ?, ?, ?, ?)",
        [number, utc_naive(now), json.dumps(flow_to_dict(flow), ensure_ascii=False), dedup.RULE_SET, position],
    )
    _exclude_retracted(con, context, number)


def _exclude_retracted(con: duckdb.DuckDBPyConnection, context: ReviewContext, number: int) -> None:
    con.execute(_SAID_RETRACTED)
    rows = []
    if con.execute("FROM said_retracted LIMIT 1").fetchone():
        rows = con.execute(_RETRACTED, {"update": number}).fetchall()
    words = [Word(report_id, "inclusion", "exclude", RETRACTED, _SPEAKER, note=notice) for report_id, notice in rows]
    if words:
        write_words(con, context, words)
