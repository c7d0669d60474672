"""Published versions: the whole flow of an update, frozen for good; a person approves it where the review says so."""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

import dedup
from livingsearch.errors import UpdateRefused
from livingsearch.ledger.at_position import record_declared
from livingsearch.ledger.row_hashes import row_hashes
from livingsearch.ledger.standing import standings
from livingsearch.ledger.whole_counts import whole_flow_at, whole_flows_at
from livingsearch.ledger.whole_flow import Count, WholeFlow
from livingsearch.ledger.whole_flow_json import canonical, fingerprint, whole_flow_from_dict, whole_flow_to_dict
from livingsearch.ledger.whole_identities import require_whole
from livingsearch.services.batch_reports import report_name
from livingsearch.services.context import ReviewContext
from livingsearch.services.open_update import is_closed
from livingsearch.services.studies import study_name
from livingsearch.store import append_to_log, log_position, utc_naive
from livingsearch.store.received import write_whole


@dataclass(frozen=True, slots=True)
class Published:
    """A published version.

    Attributes:
        update: whose flow it is.
        published_at: instant (UTC).
        position: in the log, to which the counts hold.
        flow: of the update.
        together: of all updates up to it.
        sha256: of the snapshot's JSON.
        row_hashes: of the rows behind it, by table.
        rule_set: of the deduplication.
        approved: whether the review asked for a person's approval.
        who: published or approved it.
    """

    update: int
    published_at: datetime
    position: int
    flow: WholeFlow
    together: WholeFlow
    sha256: str
    row_hashes: dict[str, str]
    rule_set: str
    approved: bool
    who: str


@dataclass(frozen=True, slots=True)
class Publication:
    """What became of a wish to publish.

    Attributes:
        update: its number.
        published: the version; None while it waits for approval.
        flow: that was published, or waits.
        told: what a person should know before approving, one sentence each.
        file: the version as JSON.
    """

    update: int
    published: Published | None
    flow: WholeFlow
    told: tuple[str, ...]
    file: Path | None


def publish(context: ReviewContext, update: int, *, approve: bool = False, who: str | None = None) -> Publication:
    """Freezes the whole flow of a closed update, or proposes it where a person must approve.

    Args:
        context: the review.
        update: its number.
        approve: publish what was proposed, if the counts are still the same.
        who: publishes or approves; who runs this program where None.

    Returns:
        The version, or what waits for approval.

    Raises:
        UpdateRefused: the update is not closed, or published already; there is nothing to approve, or the counts have
            changed since it was proposed.
        IdentityBroken: an identity fails; it is named, and nothing was published.
        StoreError: the database or the disk.
    """
    speaker = " ".join((who or context.actor).split()) or context.actor
    asked = context.review.approval
    with context.store.write() as con:
        _require_publishable(con, context, update)
        proposed = con.execute(
            "SELECT sha256 FROM publication_proposed WHERE update_number = ? ORDER BY position DESC LIMIT 1", [update]
        ).fetchone()
        flow = whole_flow_at(con, update, log_position(con), context.declared())
        told = [one.sentence for one in require_whole(flow, f"update {update} was not published")]
        told += _unfinished(flow) + _retracted(con, log_position(con))
        now = fingerprint(flow)
        if approve and proposed is None:
            raise UpdateRefused(
                f"Update {update} was not proposed yet; run first: "
                f"livingsearch publish {context.review.slug} --update {update}"
            )
        if approve and proposed != (now,):
            raise UpdateRefused(
                f"The counts of update {update} have changed since it was proposed; look at them and propose it again: "
                f"livingsearch publish {context.review.slug} --update {update}"
            )
        if asked and not approve:
            if proposed != (now,):
                position = append_to_log(con, "update proposed", context.now(), speaker, {"update": update})
                con.execute(
                    "INSERT INTO publication_proposed VALUES (?, ?, ?, ?, ?)",
                    [update, now, speaker, utc_naive(context.now()), position],
                )
            return Publication(update, None, flow, tuple(told), None)
        _freeze(con, context, update, speaker, asked)
        found = published_version(con, update)
    return Publication(update, found, found.flow, tuple(told), write_published(context, update))


def published_version(con: duckdb.DuckDBPyConnection, update: int) -> Published:
    """A published version as it was frozen.

    Raises:
        UpdateRefused: there is none of that update.
    """
    row = con.execute(
        "SELECT published_at, position, snapshot, sha256, row_hashes, rule_set, approval_asked, who "
        "FROM published WHERE update_number = ?",
        [update],
    ).fetchone()
    if row is None:
        raise UpdateRefused(f"Update {update} was not published.")
    published_at, position, snapshot, sha256, hashes, rule_set, asked, who = row
    content = json.loads(snapshot)
    return Published(
        update=update,
        published_at=published_at.replace(tzinfo=UTC),
        position=position,
        flow=whole_flow_from_dict(content["flow"]),
        together=whole_flow_from_dict(content["together"]),
        sha256=sha256,
        row_hashes=json.loads(hashes),
        rule_set=rule_set,
        approved=asked,
        who=who,
    )


def published_updates(con: duckdb.DuckDBPyConnection) -> list[int]:
    """Numbers of the updates that were published, in order."""
    return [row[0] for row in con.execute("SELECT update_number FROM published ORDER BY ALL").fetchall()]


def write_published(context: ReviewContext, update: int) -> Path:
    """Writes a published version as JSON, the same bytes each time.

    Args:
        context: the review.
        update: its number.

    Returns:
        The file in `published/`.

    Raises:
        UpdateRefused: the update was not published.
        StoreFull: there is no room.
    """
    with context.store.read() as con:
        row = con.execute("SELECT snapshot FROM published WHERE update_number = ?", [update]).fetchone()
    if row is None:
        raise UpdateRefused(f"Update {update} was not published.")
    path = context.folder.path / "published" / f"{context.review.slug}-update-{update:03d}.json"
    write_whole(path, row[0].encode())
    return path


def snapshot_of(con: duckdb.DuckDBPyConnection, context: ReviewContext, update: int, position: int) -> dict[str, Any]:
    """What a version of an update freezes, as of a position.

    Args:
        con: the review's database.
        context: the review.
        update: its number.
        position: in the log.

    Returns:
        The flow, that of all updates up to it, one a column for each, and the included reports with their studies.
    """
    upto = tuple(
        row[0]
        for row in con.execute("SELECT number FROM review_update WHERE number <= ? ORDER BY ALL", [update]).fetchall()
    )
    wanted = [(update,), upto, *((number,) for number in upto)]
    flow, together, *columns = whole_flows_at(con, wanted, position, context.declared())
    included = [one for one in standings(con, position, states=("included",)) if one.update <= update]
    return {
        "schema": 1,
        "review": context.review.slug,
        "version": context.review.version,
        "update": update,
        "position": position,
        "rule_set": dedup.RULE_SET,
        "flow": whole_flow_to_dict(flow),
        "together": whole_flow_to_dict(together),
        "columns": [whole_flow_to_dict(column) for column in columns],
        "included": [
            {
                "report": report_name(one.report_id),
                "study": None if one.study_id is None else study_name(one.study_id),
                "title": one.title,
                "year": one.year,
                "update": one.update,
            }
            for one in included
        ],
    }


def _require_publishable(con: duckdb.DuckDBPyConnection, context: ReviewContext, update: int) -> None:
    if not is_closed(con, update):
        raise UpdateRefused(f"Update {update} of {context.review.slug} is not closed, so it cannot be published.")
    if con.execute("SELECT 1 FROM published WHERE update_number = ?", [update]).fetchone():
        raise UpdateRefused(
            f"Update {update} was published already and is never edited; see what is known now with: "
            f"livingsearch restated {context.review.slug} --update {update}"
        )
    row = con.execute(
        "SELECT coalesce(max(position) FILTER (kind = 'decision'), 0) "
        "> coalesce(max(position) FILTER (kind = 'deduplicated'), 0) FROM log"
    ).fetchone()
    if row and row[0]:
        raise UpdateRefused(
            f"A decision on a pair is not part of the grouping yet; run first: livingsearch dedup --review "
            f"{context.review.slug}"
        )


def _unfinished(flow: WholeFlow) -> list[str]:
    waiting = {
        "Reports awaiting screening": flow.screening.awaiting,
        "Reports pending after screening on title and abstract": flow.screening.pending,
        "Reports awaiting retrieval": flow.reports.awaiting,
        "Reports pending in full text": flow.reports.pending,
        "Pairs of possible duplicates that wait for a person": Count(flow.possible_pairs),
    }
    return [f"{what}: {count.value:,}." for what, count in waiting.items() if count.value]


def _retracted(con: duckdb.DuckDBPyConnection, position: int) -> list[str]:
    """Included reports of which a record says that they were retracted."""
    rows = con.execute(
        """
        SELECT DISTINCT s.report_id
        FROM at_standing s JOIN at_member m USING (report_id) JOIN record_version v ON v.record_id = m.record_id
            JOIN run r ON r.run_id = v.run_id
        WHERE s.state = 'included' AND r.position <= $position
            AND len(list_filter(v.notices, lambda n: split_part(n, ' ', 1) IN ('retracted', 'RetractionIn'))) > 0
        ORDER BY ALL
        """,
        {"position": position},
    ).fetchall()
    return [f"{report_name(row[0])} is included and was retracted." for row in rows]


def _freeze(con: duckdb.DuckDBPyConnection, context: ReviewContext, update: int, who: str, asked: bool) -> None:
    now = context.now()
    position = append_to_log(con, "update published", now, who, {"update": update, "approved": asked})
    record_declared(con, context.declared(), position)
    content = snapshot_of(con, context, update, position)
    text = canonical(content)
    included = [int(one["report"][1:]) for one in content["included"]]
    con.execute(
        "INSERT INTO published (update_number, published_at, snapshot, sha256, row_hashes, included, rule_set, "
        "approval_asked, who, position) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            update,
            utc_naive(now),
            text,
            hashlib.sha256(text.encode()).hexdigest(),
            canonical(row_hashes(con, position)),
            included,
            dedup.RULE_SET,
            asked,
            who,
            position,
        ],
    )
