"""The counts of updates as tables of at most 80 columns."""

from collections.abc import Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from livingsearch.ledger.counts import Turnover
from livingsearch.ledger.flow import Flow
from livingsearch.services.reporting import ReviewCounts
from livingsearch.services.strategy_versions import StrategyUse, sentences_of


def show_counts(counts: ReviewCounts, update: int | None) -> None:
    """Prints the counts of one update, or of all and their total."""
    console = Console(highlight=False)
    flows = [*counts.closed, *([counts.open] if counts.open else [])]
    for flow in flows:
        if update in (None, flow.update):
            console.print(counts_table(flow))
            number = flow.updates[-1]
            print_notes(console, flow, counts.turnover.get(number, ()), counts.strategies.get(number, ()))
    if update is None and counts.total and len(counts.closed) > 1:
        console.print(counts_table(counts.total))
        print_notes(console, counts.total, ())


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
