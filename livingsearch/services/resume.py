"""Go on with a search that was stopped: which of its kept replies the next run takes over."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import duckdb

from connectors.contract import Announced, ApiSource
from connectors.errors import ConnectorError
from livingsearch.errors import StoreDamaged
from livingsearch.review import Source
from livingsearch.services.context import ReviewContext, software_versions
from livingsearch.services.runs import addresses
from livingsearch.store import append_to_log, utc_naive
from livingsearch.store.received import ReceivedFiles

OLDEST = timedelta(hours=24)
"""Age of a search up to which it is gone on with: older, and the source may hold other records by now."""

_LAST = """
SELECT run_id, started_at, date_searched, detail
FROM run JOIN log USING (position)
WHERE run_id = (SELECT max(run_id) FROM run WHERE update_number = $update AND source = $source)
    AND run.kind = 'search' AND state = 'failed' AND query = $query
    AND review_sha256 = $review AND software = $software
"""


class KeptReplies(Mapping[int, bytes]):
    """Replies of a fetch that are kept, by ordinal; each is loaded when it is looked up, so memory stays flat.

    Args:
        received: where they are kept.
        names: sha256 of each, by ordinal.
    """

    __slots__ = ("_names", "_received")

    def __init__(self, received: ReceivedFiles, names: Mapping[int, str]) -> None:
        self._received, self._names = received, dict(names)

    def __getitem__(self, ordinal: int) -> bytes:
        return self._received.read(self._names[ordinal])

    def __contains__(self, ordinal: object) -> bool:
        return ordinal in self._names

    def __iter__(self) -> Iterator[int]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


@dataclass(frozen=True, slots=True)
class Stopped:
    """A search that was stopped and can be gone on with.

    Attributes:
        run_id: the run that was stopped.
        searched_at: when the source was asked what there is (UTC, as the database keeps it).
        date_searched: that day in the review's time zone.
        announced: what the source said.
        replies: with records, kept so far.
        settled: announced records that they account for.
    """

    run_id: int
    searched_at: datetime
    date_searched: date
    announced: Announced = field(repr=False)
    replies: KeptReplies = field(repr=False)
    settled: int

    @property
    def sentence(self) -> str:
        """What a reader of the run should know."""
        return (
            f"It goes on from run {self.run_id}, which was stopped: {self.settled:,} of {self.announced.count:,} "
            f"records were there already; the search itself is of {self.searched_at:%Y-%m-%d %H:%M} UTC."
        )


def stopped_search(
    con: duckdb.DuckDBPyConnection, context: ReviewContext, api: ApiSource, source: Source, update: int
) -> Stopped | None:
    """The source's last run in an update, if it can be gone on with.

    It can where the run stopped for a reason that lies outside of the search (its process ended, the source was
    down), the review's file, the software and the source's address are the same, the search's own replies are
    whole, and it is not older than a day.

    Args:
        con: inside a write transaction, abandoned runs marked as failed; the caller holds the source's lock.
        context: the review.
        api: the source.
        source: as the review declares it.
        update: number of the open update.

    Returns:
        The search, or None where it has to be asked for anew.
    """
    row = con.execute(
        _LAST,
        {
            "update": update,
            "source": source.slug,
            "query": source.query,
            "review": context.review.sha256,
            "software": software_versions(),
        },
    ).fetchone()
    if row is None or json.loads(row[3]).get("passing") is not True:
        return None
    if _asked(con, source.slug, update) != addresses(context):
        return None
    run_id, started_at, date_searched, _ = row
    searched_at = _searched_at(con, run_id) or started_at
    if not timedelta(0) <= utc_naive(context.now()) - searched_at <= OLDEST:
        return None
    rows = con.execute(
        "SELECT ordinal, role, sha256, platform, records FROM run_file WHERE run_id = ? ORDER BY ordinal", [run_id]
    ).fetchall()
    # A reply that also held records that nobody had asked for has no number of its own: such a fetch begins anew.
    if any(platform != api.platform or (role == "records" and n is None) for _, role, _, platform, n in rows):
        return None
    searched = [sha256 for ordinal, role, sha256, _, _ in rows if role == "search" and ordinal > 0]
    try:
        announced = api.recall(source.query, [context.received.read(sha256) for sha256 in searched])
    except (ConnectorError, StoreDamaged):
        return None
    first = first_ordinal(announced)
    kept = {ordinal - first: sha256 for ordinal, role, sha256, _, _ in rows if role == "records"}
    settled = sum(n for _, role, _, _, n in rows if role == "records")
    return Stopped(run_id, searched_at, date_searched, announced, KeptReplies(context.received, kept), settled)


def _asked(con: duckdb.DuckDBPyConnection, source: str, update: int) -> object:
    """Which addresses the source's last run in an update was started with; None where it was not noted down."""
    rows = con.execute("SELECT detail FROM log WHERE kind = 'run started' ORDER BY position DESC").fetchall()
    details = (json.loads(detail) for (detail,) in rows)
    return next((d.get("asked") for d in details if (d.get("source"), d.get("update")) == (source, update)), None)


def first_ordinal(announced: Announced) -> int:
    """Place, among a run's files, of the reply that has ordinal 0 in the fetch: after the probe and the search."""
    return len(announced.replies) + 1


def take_over(con: duckdb.DuckDBPyConnection, context: ReviewContext, run_id: int, stopped: Stopped) -> None:
    """Gives the files of a stopped run to a new one too; the stopped run keeps its own.

    Args:
        con: inside the write transaction that started the run.
        context: the review.
        run_id: the new run.
        stopped: what it goes on with.
    """
    con.execute(
        "INSERT INTO run_file BY NAME SELECT * REPLACE (?::INTEGER AS run_id) FROM run_file WHERE run_id = ?",
        [run_id, stopped.run_id],
    )
    con.execute(
        "INSERT INTO run_remnant BY NAME SELECT * REPLACE (?::INTEGER AS run_id) FROM run_remnant WHERE run_id = ?",
        [run_id, stopped.run_id],
    )
    detail = {"run": run_id, "from": stopped.run_id, "searched_at": stopped.searched_at.isoformat()}
    append_to_log(con, "run continued", context.now(), context.actor, detail)


def _searched_at(con: duckdb.DuckDBPyConnection, run_id: int) -> datetime | None:
    """When the search that a run had taken over was made, or None where it made its own."""
    rows = con.execute("SELECT detail FROM log WHERE kind = 'run continued' ORDER BY position").fetchall()
    told = [detail for (text,) in rows if (detail := json.loads(text))["run"] == run_id]
    return datetime.fromisoformat(told[-1]["searched_at"]) if told else None
