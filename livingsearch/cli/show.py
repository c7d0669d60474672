"""Results as tables that fit a terminal, and as JSON."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from livingsearch.cli.as_json import show_json
from livingsearch.cli.show_file import show_declared, show_file
from livingsearch.ledger.counts import Turnover
from livingsearch.ledger.flow import Flow, flow_to_dict
from livingsearch.services.batches import BatchFiles, ToolFiles
from livingsearch.services.doctor import Check
from livingsearch.services.file_reports import report_to_dict
from livingsearch.services.inbox import InboxOutcome
from livingsearch.services.reporting import ReviewCounts
from livingsearch.services.runs import RunResult
from livingsearch.services.strategy_versions import StrategyUse, sentences_of
from livingsearch.services.updates import UpdateOutcome


def show_run(result: RunResult, *, as_json: bool) -> None:
    """Prints what a run came to."""
    if as_json:
        show_json({**asdict(result), "files": [report_to_dict(file) for file in result.files]})
        return
    if result.repeated:
        typer.echo(f"{result.source}: this run is already part of update {result.update}; nothing was changed.")
    typer.echo(
        f"{result.source}, run {result.run_id} of update {result.update}: {result.received:,} records, "
        f"{result.first_seen:,} not seen in this source before, {result.changed:,} with changed metadata"
    )
    if result.declared:
        show_declared(result.declared, result.hits)
    for warning in result.warnings:
        typer.echo(f"  Note: {warning}")
    for file in result.files:
        show_file(file, notes=False)


def show_inbox(outcome: InboxOutcome) -> None:
    """Prints what became of an inbox."""
    for run in outcome.imported:
        show_run(run, as_json=False)
    for line in _set_aside(outcome):
        typer.echo(line)
    if outcome == InboxOutcome():
        typer.echo("The inbox is empty.")


def tell_inbox(outcome: InboxOutcome, *, err: bool) -> None:
    """Prints what became of an inbox while an update goes on; nothing where it was empty.

    Args:
        outcome: of the inbox.
        err: to standard error, in a line each, since the update's JSON has all of it.
    """
    if err:
        for run in outcome.imported:
            typer.echo(f"From the inbox: {run.source}, run {run.run_id}: {run.received:,} records", err=True)
        for line in _set_aside(outcome):
            typer.echo(line, err=True)
    elif outcome != InboxOutcome():
        show_inbox(outcome)


def _set_aside(outcome: InboxOutcome) -> list[str]:
    told = [
        f"Rejected {one.name}: {' '.join(one.why.split())} It lies in {one.folder} now." for one in outcome.rejected
    ]
    return told + [f"Left {left.name} in the inbox: {left.why}" for left in outcome.left]


def show_update(outcome: UpdateOutcome, flow: Flow, changes: Sequence[Turnover], *, as_json: bool) -> None:
    """Prints where an update stands."""
    if as_json:
        show_json(
            {
                "update": outcome.number,
                "closed": outcome.closed,
                "awaited": [asdict(a) for a in outcome.awaited],
                "failures": dict(outcome.failures),
                "counts": flow_to_dict(flow),
                "turnover": [asdict(t) for t in changes],
                "strategies": [asdict(use) for use in outcome.strategies],
                "batch": asdict(outcome.batch) if outcome.batch else None,
                "inbox": asdict(outcome.inbox),
            }
        )
        return
    console = _console()
    console.print(counts_table(flow))
    print_notes(console, flow, changes, outcome.strategies)
    for source, why in outcome.failures.items():
        console.print(Text(f"Closed without {source}: {why}"))
    for awaited in outcome.awaited:
        console.print(Text(f"Waiting for {awaited.source} until {awaited.until:%Y-%m-%d %H:%M} UTC."))
    if outcome.awaited:
        console.print("The update stays open; import what is missing, or close it with --close-now.")
    if outcome.batch:
        _print_files(console, outcome.batch)


def show_batch(files: BatchFiles, *, as_json: bool) -> None:
    """Prints where a batch lies."""
    if as_json:
        show_json(asdict(files))
        return
    _print_files(_console(), files)


def show_tool_files(files: ToolFiles, *, as_json: bool) -> None:
    """Prints where a batch lies that was written for one tool."""
    if as_json:
        show_json(asdict(files))
        return
    console = _console()
    console.print(
        Text(f"Batch of update {files.update} for {files.tool or 'any tool'}, {files.form}: {files.reports:,} reports")
    )
    for part in files.parts:
        console.print(Text(f"  {part.path}  ({part.reports:,} reports, {part.size:,} bytes)"), soft_wrap=True)
    if files.survives:
        console.print(Text(f"Our id comes back in: {', '.join(files.survives)}"))
    for remark in files.remarks:
        console.print(Text(f"Note: {remark}"))


def show_counts(counts: ReviewCounts, update: int | None) -> None:
    """Prints the counts of one update, or of all and their total."""
    console = _console()
    flows = [*counts.closed, *([counts.open] if counts.open else [])]
    for flow in flows:
        if update in (None, flow.update):
            console.print(counts_table(flow))
            number = flow.updates[-1]
            print_notes(console, flow, counts.turnover.get(number, ()), counts.strategies.get(number, ()))
    if update is None and counts.total and len(counts.closed) > 1:
        console.print(counts_table(counts.total))
        print_notes(console, counts.total, ())


def show_checks(checks: Iterable[Check], *, as_json: bool) -> None:
    """Prints what was examined."""
    if as_json:
        show_json([asdict(c) for c in checks])
        return
    table = Table(box=None, show_header=False)
    for check in checks:
        table.add_row(Text("ok" if check.ok else "FAULT"), Text(check.name), Text(check.told))
    _console().print(table)


def counts_table(flow: Flow) -> Table:
    """The counts of a flow by source, as a table of at most 80 columns."""
    table = Table(title=_heading(flow), title_justify="left", show_footer=True, box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("Source", footer="Total", overflow="fold")
    table.add_column("Searched", footer="", no_wrap=True)
    for name, total in (
        ("Records", flow.identified),
        ("Already\nknown", flow.already_known),
        ("Duplicates", flow.duplicates),
        ("New to\nscreen", flow.to_screen),
    ):
        table.add_column(name, footer=f"{total:,}", justify="right", no_wrap=True)
    for c in flow.sources:
        numbers = (c.identified, c.already_known, c.duplicates, c.to_screen)
        cells = [f"{n:,}" for n in numbers] if c.searched else ["-"] * 4
        table.add_row(Text(c.label), str(c.date_searched) if c.searched else "not searched", *cells)
    return table


def print_notes(
    console: Console, flow: Flow, changes: Sequence[Turnover], strategies: Sequence[StrategyUse] = ()
) -> None:
    """Prints what the table has no column for."""
    for sentence in sentences_of(strategies):
        console.print(Text(sentence))
    console.print(f"Possible duplicates for a person to decide, in all updates so far: {flow.possible_pairs:,}")
    for source in flow.sources:
        if source.searched_since:
            told = f"{source.label}: only records that it took up since {source.searched_since} were searched."
            console.print(Text(told))
    vanished = ", ".join(f"{c.source} {c.vanished:,}" for c in changes if c.vanished)
    changed = ", ".join(f"{c.source} {c.changed:,}" for c in changes if c.changed)
    if vanished:
        console.print(Text(f"Vanished since the source's last search: {vanished}"))
    if changed:
        console.print(Text(f"Came with changed metadata: {changed}"))
    console.print()


def _heading(flow: Flow) -> str:
    if flow.update is None:
        return f"Updates {flow.updates[0]} to {flow.updates[-1]} together"
    if flow.closed_at is None:
        return f"Update {flow.update}, open: counts may still change"
    return f"Update {flow.update}, closed {flow.closed_at:%Y-%m-%d %H:%M} UTC"


def _print_files(console: Console, files: BatchFiles) -> None:
    console.print(f"Batch of update {files.update}: {files.reports:,} reports to screen")
    for path in (*files.ris, *files.csv, *files.diagrams, files.counts):
        console.print(Text(f"  {path}"), soft_wrap=True)


def _console() -> Console:
    return Console(highlight=False)
