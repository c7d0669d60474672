"""Results as tables that fit a terminal, and as JSON."""

from collections.abc import Sequence
from dataclasses import asdict

import typer
from rich.console import Console
from rich.text import Text

from livingsearch.cli.as_json import show_json
from livingsearch.cli.numbers import counted
from livingsearch.cli.show_counts import counts_table, print_notes
from livingsearch.cli.show_run import show_run
from livingsearch.ledger.counts import Turnover
from livingsearch.ledger.flow import Flow, flow_to_dict
from livingsearch.services.batches import BatchFiles, ToolFiles
from livingsearch.services.inbox import InboxOutcome
from livingsearch.services.updates import UpdateOutcome


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
            typer.echo(f"From the inbox: {run.source}, run {run.run_id}: {counted(run.received, 'record')}", err=True)
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
        Text(
            f"Batch of update {files.update} for {files.tool or 'any tool'}, {files.form}: "
            f"{counted(files.reports, 'report')}"
        )
    )
    for part in files.parts:
        console.print(
            Text(f"  {part.path}  ({counted(part.reports, 'report')}, {counted(part.size, 'byte')})"), soft_wrap=True
        )
    if files.survives:
        console.print(Text(f"Our id comes back in: {', '.join(files.survives)}"))
    for remark in files.remarks:
        console.print(Text(f"Note: {remark}"))


def _print_files(console: Console, files: BatchFiles) -> None:
    console.print(f"Batch of update {files.update}: {counted(files.reports, 'report')} to screen")
    for path in (*files.ris, *files.csv, *files.diagrams, files.counts):
        console.print(Text(f"  {path}"), soft_wrap=True)


def _console() -> Console:
    return Console(highlight=False)
