"""Published versions as they were frozen, and their files: the version as JSON, its flow diagram as SVG and text."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from livingsearch.errors import UpdateRefused
from livingsearch.ledger.drawing import DiagramForm, drawn
from livingsearch.ledger.standing import standings
from livingsearch.ledger.whole_counts import whole_flows_at
from livingsearch.ledger.whole_flow import WholeFlow
from livingsearch.ledger.whole_flow_json import whole_flow_from_dict, whole_flow_to_dict
from livingsearch.services.context import ReviewContext
from livingsearch.services.live_reports import report_name
from livingsearch.services.studies import study_name
from livingsearch.store import ReviewFolder, Store
from livingsearch.store.received import write_whole

_DIAGRAMS: tuple[tuple[str, DiagramForm], ...] = (("-flow.svg", "svg"), ("-flow.txt", "text"))


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
class PublishedFiles:
    """Files of a published version, in `published/` of the review's folder.

    Attributes:
        version: all of it, JSON.
        diagrams: its flow diagram as SVG and as text.
    """

    version: Path
    diagrams: tuple[Path, ...]


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


def write_published(context: ReviewContext, update: int) -> PublishedFiles:
    """Writes the files of a published version from what was frozen: the JSON is the same bytes each time.

    A diagram that is there stays as it was printed, whatever a later program draws.

    Args:
        context: the review.
        update: its number.

    Returns:
        Where they lie.

    Raises:
        UpdateRefused: the update was not published.
        StoreFull: there is no room.
    """
    return _write(context.store, context.folder, context.review.slug, update)


def write_missing_versions(store: Store, folder: ReviewFolder, slug: str) -> None:
    """Writes what is missing of the files of every published version.

    Args:
        store: the review's database.
        folder: that the files go to.
        slug: of the review; the files' names begin with it.
    """
    with store.read() as con:
        updates = published_updates(con)
    for update in updates:
        _write(store, folder, slug, update)


def _write(store: Store, folder: ReviewFolder, slug: str, update: int) -> PublishedFiles:
    with store.read() as con:
        row = con.execute("SELECT snapshot FROM published WHERE update_number = ?", [update]).fetchone()
    if row is None:
        raise UpdateRefused(f"Update {update} was not published.")
    stem = folder.path / "published" / f"{slug}-update-{update:03d}"
    flow = whole_flow_from_dict(json.loads(row[0])["flow"])
    diagrams = {stem.with_name(f"{stem.name}{ending}"): form for ending, form in _DIAGRAMS}
    for path, form in diagrams.items():
        if not path.exists():
            write_whole(path, drawn([flow], form))
    version = stem.with_name(f"{stem.name}.json")
    write_whole(version, row[0].encode())
    return PublishedFiles(version, tuple(diagrams))


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
    # Imported here: versions are read, and held beside what is known now, without the comparison of records.
    from dedup import RULE_SET

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
        "rule_set": RULE_SET,
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
