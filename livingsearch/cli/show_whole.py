"""Whole flows as a table for a terminal, one column each."""

from collections.abc import Callable, Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from livingsearch.ledger.whole_flow import Count, OtherMethods, WholeFlow

_Box = Callable[[WholeFlow], Count | None]
_BOXES: tuple[tuple[str, _Box], ...] = (
    ("Records identified", lambda f: f.identification.identified),
    ("  from databases", lambda f: f.identification.databases),
    ("  from registers", lambda f: f.identification.registers),
    ("Duplicate records removed", lambda f: f.identification.duplicates_removed),
    ("  of these already known", lambda f: f.identification.already_known),
    ("Ineligible by automation tools", lambda f: f.identification.automation),
    ("Removed for other reasons", lambda f: f.identification.other_reasons),
    ("Records screened", lambda f: f.screening.screened),
    ("Awaiting screening", lambda f: f.screening.awaiting),
    ("Records excluded", lambda f: f.screening.excluded),
    ("Pending", lambda f: f.screening.pending),
    ("Reports sought", lambda f: f.reports.sought),
    ("Reports not retrieved", lambda f: f.reports.not_retrieved),
    ("Awaiting retrieval", lambda f: f.reports.awaiting),
    ("Reports assessed", lambda f: f.reports.assessed),
    ("Reports excluded", lambda f: f.reports.excluded),
    ("Pending in full text", lambda f: f.reports.pending),
    ("Other methods: identified", lambda f: _identified(f.other) if f.other else None),
    ("Other methods: sought", lambda f: f.other.reports.sought if f.other else None),
    ("Other methods: not retrieved", lambda f: f.other.reports.not_retrieved if f.other else None),
    ("Other methods: assessed", lambda f: f.other.reports.assessed if f.other else None),
    ("Other methods: excluded", lambda f: f.other.reports.excluded if f.other else None),
    ("Studies in previous version", lambda f: f.previous.studies if f.previous else None),
    ("New studies included", lambda f: f.new.studies),
    ("Reports of new studies", lambda f: f.new.reports),
    ("Studies taken out since", lambda f: f.removed_studies if f.previous else None),
    ("Total studies", lambda f: f.total.studies if f.total else None),
    ("Total reports", lambda f: f.total.reports if f.total else None),
)


def show_whole(flows: Sequence[WholeFlow], heads: Sequence[str] | None = None) -> None:
    """Prints flows side by side; a number that was typed has a star.

    Args:
        flows: the columns.
        heads: above them; their labels where None.
    """
    console = Console(highlight=False)
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("")
    for head in heads or [flow.label for flow in flows]:
        table.add_column(head, justify="right")
    for name, box in _BOXES:
        counts = [box(flow) for flow in flows]
        if any(count is not None for count in counts):
            table.add_row(name, *(_cell(count) for count in counts))
        if name == "Reports excluded":
            for reason in dict.fromkeys(one.text for flow in flows for one in flow.reports.reasons):
                found = [next((o.reports for o in f.reports.reasons if o.text == reason), None) for f in flows]
                table.add_row(Text(f"  {reason}"), *(_cell(count) for count in found))
    console.print(table)
    counts_shown = [count for flow in flows for _, box in _BOXES if (count := box(flow)) and count.origin == "manual"]
    if counts_shown:
        sources = dict.fromkeys(source for count in counts_shown if (source := count.source))
        console.print(Text(f"* typed by a person: {'; '.join(sources)}"))
    if any(flow.identification.identified.value and not flow.identification.sources for flow in flows):
        console.print("The split by database is not reported.")
    for note in dict.fromkeys(note for flow in flows for note in flow.notes):
        console.print(Text(f"Note: {note}"))


def _identified(other: OtherMethods) -> Count:
    found = (other.websites, other.organisations, other.citation_searching)
    typed = any(one.origin == "manual" for one in found)
    return Count(sum(one.value or 0 for one in found), "manual" if typed else "derived")


def _cell(count: Count | None) -> str:
    if count is None:
        return ""
    if count.value is None:
        return "not reported"
    return f"{count.value:,}{'*' if count.origin == 'manual' else ''}"
