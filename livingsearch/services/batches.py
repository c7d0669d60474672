"""What an update hands out: the batch for the screening tools, the counts, the diagram."""

import json
from contextlib import ExitStack, closing
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb

from livingsearch.errors import UpdateRefused
from livingsearch.exports import FORMS, TOOLS, BatchForm, ScreeningTool
from livingsearch.exports.parts import WrittenPart, part_writer, written_paths
from livingsearch.exports.tools import STRICTEST
from livingsearch.ledger.diagram_svg import svg_diagram
from livingsearch.ledger.diagram_text import text_diagram
from livingsearch.ledger.flow import Flow, flow_to_dict
from livingsearch.services.batch_reports import batch_reports
from livingsearch.services.context import ReviewContext
from livingsearch.services.diagrams import known_diagram
from livingsearch.services.strategy_versions import reading_versions, strategies_used
from livingsearch.services.update_flows import frozen_flow
from livingsearch.store.faults import writing_faults
from livingsearch.store.received import write_whole


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


TOOL_NAMES = tuple(TOOLS)
"""Tools that a batch can be written for."""

FORM_NAMES = tuple(FORMS)
"""Forms that a batch can be written in."""


@dataclass(frozen=True, slots=True)
class ToolFiles:
    """Files of a released batch for one tool.

    Attributes:
        update: number of the update that released it.
        reports: how many reports it holds; the files hold as many together.
        tool: that they are for, as people call it; None for any.
        form: of the files.
        parts: the files, in order.
        survives: where the tool keeps a report's id.
        remarks: what whoever uploads them should know.
    """

    update: int
    reports: int
    tool: str | None
    form: str
    parts: tuple[WrittenPart, ...]
    survives: tuple[str, ...]
    remarks: tuple[str, ...]


def released_reports(con: duckdb.DuckDBPyConnection, update: int) -> int:
    """How many reports the batch of an update holds.

    Not the reports that its flow sends to screening: those parted from others of earlier updates are in it too.
    """
    row = con.execute("SELECT count(*) FROM batch_report WHERE update_number = ?", [update]).fetchone()
    return int(row[0]) if row else 0


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
        IdentityBroken: the files would not hold the batch's count of reports.
        StoreFull: no room; files that were there before are whole.
    """
    folder, stem = context.folder.batch(update), _stem(context, update)
    with reading_versions(context.store, actor=context.actor, now=context.now) as con:
        flow = frozen_flow(con, update)
        released = released_reports(con, update)
        written = _marker(context, update).exists()
        if not written:
            _write_files(con, context, flow)
    if not written:
        context.watch.step("batch written")
    return BatchFiles(
        update=update,
        reports=released,
        ris=written_paths(folder / f"{stem}.ris"),
        csv=written_paths(folder / f"{stem}.csv"),
        counts=_marker(context, update),
        diagrams=(folder / f"{stem}-flow.svg", folder / f"{stem}-flow.txt"),
    )


def write_for_tool(
    context: ReviewContext, update: int, tool_name: str | None = None, form_name: str | None = None
) -> ToolFiles:
    """Writes the batch of a closed update for one tool, or in one form, anew.

    Args:
        context: the review.
        update: number of a closed update.
        tool_name: whose limits hold, one of `TOOL_NAMES`; None for the strictest of all.
        form_name: one of `FORM_NAMES`; None for the one that the tool takes best, or RIS.

    Returns:
        Where the files lie, beside those of `write_batch`. The same batch gives the same bytes.

    Raises:
        UpdateRefused: the update is not closed, or the tool does not take that form.
        IdentityBroken: the files would not hold the batch's count of reports.
        StoreFull: no room; files that were there before are whole.
    """
    tool, form = _chosen(tool_name, form_name)
    folder, stem = context.folder.batch(update), _stem(context, update)
    path = folder / f"{stem}-{f'for-{tool.name}' if tool else f'as-{form.name}'}{form.suffix}"
    with context.store.read() as con:
        flow = frozen_flow(con, update)
        with writing_faults(folder):
            folder.mkdir(parents=True, exist_ok=True)
        with (
            part_writer(form, path, tool.limits if tool else STRICTEST) as writer,
            closing(batch_reports(con, context, flow)) as reports,
        ):
            for report in reports:
                writer.add(report)
            released = released_reports(con, update)
            written = writer.publish(released)
    return ToolFiles(
        update=update,
        reports=released,
        tool=tool.label if tool else None,
        form=form.name,
        parts=written.parts,
        survives=tool.survives if tool else (),
        remarks=written.remarks + ((tool.advice,) if tool else ()),
    )


def _chosen(tool_name: str | None, form_name: str | None) -> tuple[ScreeningTool | None, BatchForm]:
    for name, known in ((tool_name, TOOL_NAMES), (form_name, FORM_NAMES)):
        if name is not None and name not in known:
            raise UpdateRefused(f"A batch cannot be written for {name!r}; choose one of: {', '.join(known)}.")
    tool = TOOLS[tool_name] if tool_name else None
    form = FORMS[form_name] if form_name else (tool.forms[0] if tool else FORMS["ris"])
    if tool and form not in tool.forms:
        takes = ", ".join(f.name for f in tool.forms)
        raise UpdateRefused(f"{tool.label} is not known to take {form.name}; of these forms it takes: {takes}.")
    return tool, form


def _write_files(con: duckdb.DuckDBPyConnection, context: ReviewContext, flow: Flow) -> None:
    update = flow.updates[0]
    folder, stem = context.folder.batch(update), _stem(context, update)
    strategies = strategies_used(con, update=update, position=flow.position)
    with writing_faults(folder):
        folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        writers = [
            stack.enter_context(part_writer(form, folder / f"{stem}{form.suffix}"))
            for form in (FORMS["ris"], FORMS["csv"])
        ]
        for report in stack.enter_context(closing(batch_reports(con, context, flow))):
            for writer in writers:
                writer.add(report)
        for writer in writers:
            writer.publish(released_reports(con, update))
    diagram = known_diagram(con, context, flow, flow.position)
    write_whole(folder / f"{stem}-flow.svg", svg_diagram(diagram).encode())
    write_whole(folder / f"{stem}-flow.txt", text_diagram(diagram).encode())
    counts = {**flow_to_dict(flow), "strategies": [asdict(use) for use in strategies]}
    write_whole(_marker(context, update), (json.dumps(counts, ensure_ascii=False, indent=2) + "\n").encode())


def _stem(context: ReviewContext, update: int) -> str:
    return f"{context.review.slug}-update-{update:03d}"


def _marker(context: ReviewContext, update: int) -> Path:
    """The counts are written last: where they are, the batch is whole."""
    return context.folder.batch(update) / f"{_stem(context, update)}-counts.json"
