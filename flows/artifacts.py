"""What a flow leaves for people to look at in Prefect: counts, diagram, files."""

from collections.abc import Sequence

from prefect.artifacts import create_markdown_artifact, create_table_artifact

from livingsearch.ledger.diagram import Diagram
from livingsearch.ledger.diagram_text import text_diagram
from livingsearch.ledger.flow import Flow
from livingsearch.services.batches import BatchFiles
from livingsearch.services.inbox import InboxOutcome
from livingsearch.services.runs import RunResult
from livingsearch.services.strategy_versions import StrategyUse, sentences_of


def publish_counts(review: str, flow: Flow, strategies: Sequence[StrategyUse], diagram: Diagram) -> None:
    """Leaves the counts as a table and the flow diagram as markdown.

    Args:
        review: slug; the artifacts' keys begin with it.
        flow: the counts.
        strategies: versions of the strategy that the update's sources were run under.
        diagram: of the counts.
    """
    rows = [
        {
            "source": c.label,
            "date searched": str(c.date_searched) if c.searched else "not searched",
            "records": c.identified,
            "already known": c.already_known,
            "duplicates": c.duplicates,
            "new to screen": c.to_screen,
        }
        for c in flow.sources
    ]
    total = {
        "source": "Total",
        "date searched": "",
        "records": flow.identified,
        "already known": flow.already_known,
        "duplicates": flow.duplicates,
        "new to screen": flow.to_screen,
    }
    state = f"closed {flow.closed_at:%Y-%m-%d %H:%M} UTC" if flow.closed_at else "open"
    create_table_artifact(
        [*rows, total],
        key=f"{review}-counts",
        description=f"{flow.review_title}: update {flow.update}, {state}; "
        f"possible duplicates for a person to decide: {flow.possible_pairs}. " + " ".join(sentences_of(strategies)),
    )
    create_markdown_artifact(
        f"```text\n{text_diagram(diagram)}\n```",
        key=f"{review}-flow",
        description=f"Flow diagram, update {flow.update}",
    )


def publish_import(review: str, run: RunResult) -> None:
    """Leaves what an import brought: a row a file, and the notes.

    Args:
        review: slug.
        run: the import.
    """
    rows = [
        {
            "file": file.summary.name,
            "format": file.summary.format,
            "platform": file.summary.platform or "not told",
            "records": file.summary.records,
            "with DOI": file.summary.filled.get("doi", 0),
            "with abstract": file.summary.filled.get("abstract", 0),
            "lines outside of records": file.summary.outside,
        }
        for file in run.files
    ]
    hits = "not shown" if run.hits is None else str(run.hits)
    create_table_artifact(
        rows,
        key=f"{review}-import",
        description=f"{run.source}, run {run.run_id} of update {run.update}: {run.received} records, results shown: "
        f"{hits}. " + " ".join(run.warnings),
    )


def publish_inbox(review: str, outcome: InboxOutcome) -> None:
    """Leaves what became of an inbox, if anything lay in it.

    Args:
        review: slug.
        outcome: of the inbox.
    """
    told = [(run.source, "imported", f"run {run.run_id}: {run.received} records") for run in outcome.imported]
    told += [(one.name, "rejected", f"{one.why} It lies in {one.folder} now.") for one in outcome.rejected]
    told += [(one.name, "left", one.why) for one in outcome.left]
    if told:
        rows = [{"what": what, "became": became, "why": " ".join(why.split())} for what, became, why in told]
        create_table_artifact(rows, key=f"{review}-inbox", description="What became of the exports in the inbox")


def publish_files(review: str, files: BatchFiles) -> None:
    """Leaves a list of a batch's files.

    Args:
        review: slug.
        files: of the batch.
    """
    paths = (*files.ris, *files.csv, *files.diagrams, files.counts)
    lines = "\n".join(f"- `{path.resolve()}`" for path in paths)
    create_markdown_artifact(
        f"{files.reports} reports to screen\n\n{lines}",
        key=f"{review}-batch",
        description=f"Batch of update {files.update}",
    )


def publish_report(review: str, update: int, text: str) -> None:
    """Leaves the report of an update.

    Args:
        review: slug.
        update: its number.
        text: the report as Markdown.
    """
    create_markdown_artifact(text, key=f"{review}-update", description=f"Report of update {update}")
