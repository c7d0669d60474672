"""What an update hands out: the batch for the screening tools, the counts, the diagram."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

import dedup
from livingsearch.errors import UpdateRefused
from livingsearch.exports import csv_batch, ris_batch
from livingsearch.exports.parts import Writer, parts
from livingsearch.ledger.counts import possible_report_pairs
from livingsearch.ledger.diagram_svg import svg_diagram
from livingsearch.ledger.diagram_text import text_diagram
from livingsearch.ledger.flow import Flow, flow_from_dict, flow_to_dict
from livingsearch.services.context import ReviewContext
from livingsearch.services.strategy_versions import StrategyUse, reading_versions, strategies_used
from livingsearch.store.faults import writing_faults
from livingsearch.store.received import write_whole

# Records of the reports that an update releases, in the version of their last counted run.
_MEMBERS = """
CREATE TEMP TABLE members AS
SELECT m.report_id AS group_id, r.source, r.identity,
    coalesce(list_position($preferred, r.source), 1000000) AS rank, v.* EXCLUDE (payload)
FROM member_at($position) m
    SEMI JOIN (SELECT report_id FROM batch_report WHERE update_number = $update) USING (report_id)
    JOIN counted_at($position) c USING (record_id)
    JOIN record r USING (record_id)
    JOIN record_version v ON v.record_id = c.record_id AND v.version = c.version
QUALIFY row_number() OVER (PARTITION BY r.record_id ORDER BY c.update_number DESC) = 1
"""

# What a representative of the report is not chosen for: the words of all its records, and where they stand.
_GATHERED = """
WITH possible AS (
    SELECT a AS group_id, list(DISTINCT b ORDER BY b) AS others
    FROM (SELECT unnest($possible::BIGINT[][]) AS pair)
        CROSS JOIN LATERAL (VALUES (pair[1], pair[2]), (pair[2], pair[1])) AS either(a, b)
    GROUP BY a
),
places AS (SELECT unnest($preferred) AS source, unnest($labels) AS label)
SELECT group_id,
    first(keywords ORDER BY rank, record_id) FILTER (len(keywords) > 0) AS keywords,
    first(languages ORDER BY rank, record_id) FILTER (len(languages) > 0) AS languages,
    list_distinct(flatten(list(notices ORDER BY rank, record_id))) AS notices,
    list(m.source || ':' || accession ORDER BY rank, record_id) FILTER (accession IS NOT NULL) AS accessions,
    list(DISTINCT coalesce(label, m.source) ORDER BY coalesce(label, m.source)) AS sources,
    any_value(others) AS others
FROM members m LEFT JOIN possible USING (group_id) LEFT JOIN places p ON p.source = m.source
GROUP BY group_id
"""


@dataclass(frozen=True, slots=True)
class BatchFiles:
    """Files of a released batch.

    Attributes:
        update: number of the update that released it.
        reports: how many reports it holds.
        ris: RIS files, several where a screening tool's limits ask for it.
        csv: the same as CSV.
        counts: the update's counts, JSON.
        diagrams: the flow diagram as SVG and as text.
    """

    update: int
    reports: int
    ris: tuple[Path, ...]
    csv: tuple[Path, ...]
    counts: Path
    diagrams: tuple[Path, ...]


def report_name(report_id: int) -> str:
    """A report's id as people read it, e.g. `R000042`."""
    return f"R{report_id:06d}"


def frozen_flow(con: duckdb.DuckDBPyConnection, update: int) -> Flow:
    """The counts of a closed update as they were frozen.

    Raises:
        UpdateRefused: the update is not closed.
    """
    row = con.execute("SELECT counts FROM update_closing WHERE update_number = ?", [update]).fetchone()
    if row is None:
        raise UpdateRefused(f"There is no closed update {update}; a batch is released when its update closes.")
    return flow_from_dict(json.loads(row[0]))


def closed_without_batch(context: ReviewContext) -> int | None:
    """The first closed update whose batch was not written to its end, or None."""
    with context.store.read() as con:
        rows = con.execute("SELECT update_number FROM update_closing ORDER BY update_number").fetchall()
    return next((number for (number,) in rows if not _marker(context, number).exists()), None)


def last_closed_update(context: ReviewContext) -> int:
    """Number of the update that released the last batch.

    Raises:
        UpdateRefused: none is closed yet.
    """
    with context.store.read() as con:
        row = con.execute("SELECT max(update_number) FROM update_closing").fetchone()
    if row is None or row[0] is None:
        raise UpdateRefused(
            f"No update of {context.review.slug} is closed yet, so there is no batch; "
            f"run: livingsearch update {context.review.slug}"
        )
    return int(row[0])


def write_batch(context: ReviewContext, update: int) -> BatchFiles:
    """Writes the files of a closed update's batch; files that are there stay as they are.

    Args:
        context: the review.
        update: number of a closed update.

    Returns:
        Where they lie: `batches/update-NNN/` in the review's folder. Without that folder all are written anew.

    Raises:
        UpdateRefused: the update is not closed.
        StoreFull: no room; files that were there before are whole.
    """
    with reading_versions(context.store, actor=context.actor, now=context.now) as con:
        flow = frozen_flow(con, update)
        written = _marker(context, update).exists()
        table = None if written else batch_table(con, context, flow)
        strategies = strategies_used(con, update=update, position=flow.position)
    if table is not None:
        _write_files(context, flow, table, strategies)
        context.watch.step("batch written")
    folder, stem = context.folder.batch(update), _stem(context, update)
    return BatchFiles(
        update=update,
        reports=flow.to_screen,
        ris=tuple(sorted(folder.glob(f"{stem}*.ris"))),
        csv=tuple(sorted(folder.glob(f"{stem}*.csv"))),
        counts=_marker(context, update),
        diagrams=(folder / f"{stem}-flow.svg", folder / f"{stem}-flow.txt"),
    )


def batch_table(con: duckdb.DuckDBPyConnection, context: ReviewContext, flow: Flow) -> pa.Table:
    """The reports of a closed update's batch.

    Returns:
        One row a report in the order of ids, with the columns of `livingsearch.exports.report.BatchReport`.
    """
    preferred = context.preferred()
    labels = {s.slug: s.label for s in context.review.sources}
    pairs = possible_report_pairs(con, position=flow.position)
    con.execute(_MEMBERS, {"update": flow.update, "position": flow.position, "preferred": preferred})
    members = con.execute("FROM members").to_arrow_table()
    gathered = con.execute(
        _GATHERED,
        {
            "preferred": preferred,
            "labels": [labels[slug] for slug in preferred],
            "possible": [list(pair) for pair in pairs],
        },
    ).to_arrow_table()
    with context.store.scratch() as scratch:
        merged = dedup.merge(scratch, members, members.select(["record_id", "group_id"]), preferred).reports
        scratch.register("merged", merged.drop_columns(["record_id"]))
        scratch.register("gathered", gathered)
        table = scratch.execute("FROM merged JOIN gathered USING (group_id) ORDER BY group_id").to_arrow_table()
    names = [report_name(n) for n in table["group_id"].to_pylist()]
    others = [[report_name(n) for n in ids or ()] for ids in table["others"].to_pylist()]
    return (
        table.drop_columns(["group_id", "others"])
        .append_column("report_id", pa.array(names, pa.string()))
        .append_column("url", pa.array([context.review.report_url(n) for n in names], pa.string()))
        .append_column("update", pa.array([flow.update] * len(names), pa.int64()))
        .append_column("possible_duplicates", pa.array(others, pa.list_(pa.string())))
    )


def _write_files(context: ReviewContext, flow: Flow, table: pa.Table, strategies: Sequence[StrategyUse]) -> None:
    update = flow.updates[0]
    folder, stem = context.folder.batch(update), _stem(context, update)
    with writing_faults(folder):
        folder.mkdir(parents=True, exist_ok=True)
    _write_parts(table, ris_batch, folder / f"{stem}.ris")
    _write_parts(table, csv_batch, folder / f"{stem}.csv")
    write_whole(folder / f"{stem}-flow.svg", svg_diagram(flow).encode())
    write_whole(folder / f"{stem}-flow.txt", text_diagram(flow).encode())
    counts = {**flow_to_dict(flow), "strategies": [asdict(use) for use in strategies]}
    write_whole(_marker(context, update), (json.dumps(counts, ensure_ascii=False, indent=2) + "\n").encode())


def _stem(context: ReviewContext, update: int) -> str:
    return f"{context.review.slug}-update-{update:03d}"


def _marker(context: ReviewContext, update: int) -> Path:
    """The counts are written last: where they are, the batch is whole."""
    return context.folder.batch(update) / f"{_stem(context, update)}-counts.json"


def _write_parts(table: pa.Table, writer: Writer, path: Path) -> None:
    contents = list(parts(table, writer)) or [writer([])]
    for n, content in enumerate(contents, 1):
        write_whole(path if len(contents) == 1 else path.with_stem(f"{path.stem}-part{n:02d}"), content)
