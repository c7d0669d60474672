"""Published versions: the whole flow of an update, frozen for good; a person approves it where the review says so."""

import hashlib
import unicodedata
from dataclasses import dataclass

import duckdb

import dedup
from livingsearch.errors import UpdateRefused
from livingsearch.ledger.at_position import record_declared
from livingsearch.ledger.row_hashes import row_hashes
from livingsearch.ledger.whole_counts import whole_flow_at
from livingsearch.ledger.whole_flow import Count, WholeFlow
from livingsearch.ledger.whole_flow_json import canonical, fingerprint
from livingsearch.ledger.whole_identities import require_whole
from livingsearch.services.context import ReviewContext
from livingsearch.services.live_reports import report_name
from livingsearch.services.open_update import is_closed
from livingsearch.services.published_versions import (
    Published,
    PublishedFiles,
    published_updates,
    published_version,
    snapshot_of,
    write_published,
)
from livingsearch.store import append_to_log, log_position, utc_naive


@dataclass(frozen=True, slots=True)
class Publication:
    """What became of a wish to publish.

    Attributes:
        update: its number.
        published: the version; None while it waits for approval.
        flow: that was published, or waits.
        told: what a person should know before approving, one sentence each.
        files: the version as JSON, and its diagram.
    """

    update: int
    published: Published | None
    flow: WholeFlow
    told: tuple[str, ...]
    files: PublishedFiles | None


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
        UpdateRefused: the update is not closed, or published already; there is nothing to approve, the counts have
            changed since it was proposed, or who proposed it approves it and the review does not allow that.
        IdentityBroken: an identity fails; it is named, and nothing was published.
        StoreError: the database or the disk.
    """
    speaker = " ".join((who or context.actor).split()) or context.actor
    asked = context.review.approval
    with context.store.read() as con:
        published_before = update in published_updates(con)
    if published_before:
        # A process that was killed after it published may have left the files unwritten.
        write_published(context, update)
    with context.store.write() as con:
        _require_publishable(con, context, update)
        proposed = con.execute(
            "SELECT sha256, who FROM publication_proposed WHERE update_number = ? ORDER BY position DESC LIMIT 1",
            [update],
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
        if approve and proposed is not None and proposed[0] != now:
            raise UpdateRefused(
                f"The counts of update {update} have changed since it was proposed; look at them and propose it again: "
                f"livingsearch publish {context.review.slug} --update {update}"
            )
        if approve and proposed is not None:
            _require_somebody_else(context, update, proposed[1], speaker)
        if asked and not approve:
            if proposed is None or proposed[0] != now:
                position = append_to_log(con, "update proposed", context.now(), speaker, {"update": update})
                con.execute(
                    "INSERT INTO publication_proposed VALUES (?, ?, ?, ?, ?)",
                    [update, now, speaker, utc_naive(context.now()), position],
                )
            return Publication(update, None, flow, tuple(told), None)
        _freeze(con, context, update, speaker, asked)
        found = published_version(con, update)
    return Publication(update, found, found.flow, tuple(told), write_published(context, update))


def _require_somebody_else(context: ReviewContext, update: int, proposer: str, approver: str) -> None:
    if context.review.approval and not context.review.self_approval and _folded(proposer) == _folded(approver):
        raise UpdateRefused(
            f"{proposer} proposed the version of update {update}, so another person approves it: livingsearch publish "
            f"{context.review.slug} --update {update} --approve --who NAME (or allow it with self_approval = true "
            "under [publish] in review.toml)."
        )


def _folded(name: str) -> str:
    """A person's name as it is compared: letter case, width, accents' composition and spaces are none of the name."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


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
