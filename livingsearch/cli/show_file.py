"""What a file held, as a table of at most 80 columns."""

from collections.abc import Mapping

from rich.console import Console
from rich.table import Table
from rich.text import Text

from livingsearch.cli.numbers import counted
from livingsearch.services.file_reports import FIELDS, Declared, FileReport
from livingsearch.strategy.plain_text import on_one_line

WIDTH = 80
_SHOWN = 6
_PAIRS = 3
_LINE = 60
_DECLARED = 200


def show_file(report: FileReport, *, notes: bool = True) -> None:
    """Prints what a file held.

    Args:
        report: of the file.
        notes: whether to print its warnings too.
    """
    console = Console(highlight=False)
    console.width = min(console.width, WIDTH)
    summary = report.summary
    console.print(Text(on_one_line(summary.name), "bold"))
    by = f" of {summary.platform}" if summary.platform else ", platform not told"
    starts = "" if summary.record_starts == summary.records else f" ({summary.record_starts:,} record starts)"
    console.print(Text(f"{summary.format}{by}, {summary.encoding}: {counted(summary.records, 'record')}{starts}"))
    rows = Table(box=None, show_header=False, pad_edge=False)
    rows.add_column(no_wrap=True)
    rows.add_column(overflow="fold")
    for label, text in (
        ("Databases", _counts(summary.databases)),
        ("Years", f"{summary.years[0]} to {summary.years[1]}" if summary.years else "none"),
        ("Languages", _counts(summary.languages)),
        ("Outside", _outside(report)),
    ):
        rows.add_row(label, Text(text))
    console.print(rows)
    console.print(_filled(summary.filled, summary.records))
    for warning in summary.warnings if notes else ():
        console.print(Text(f"Note: {on_one_line(warning)}"))
    if notes:
        console.print()


def show_declared(declared: Declared, hits: int | None) -> None:
    """Prints what is known of the search behind an import.

    Args:
        declared: of the import.
        hits: results that the platform showed, where they are known.
    """
    shown = "not known" if hits is None else counted(hits, "result")
    if declared.hits_not_shown:
        shown = "no number of results"
    where = f" on {declared.platform}" if declared.platform else ""
    who = declared.exported_by or "not known"
    lines = [f"Searched {declared.date_searched}{where}; the platform showed: {shown}; exported by: {who}"]
    if declared.strategy:
        origin = "from the file" if declared.strategy_from == "file" else "as said"
        lines.append(f"Strategy as run, {origin}: {on_one_line(declared.strategy)}")
    if declared.accepted_mismatch:
        lines.append(f"Accepted: {declared.accepted_mismatch}")
    console = Console(highlight=False)
    for line in lines:
        console.print(Text(f"  {on_one_line(line)}"[:_DECLARED]), soft_wrap=True)


def _counts(counts: Mapping[str, int]) -> str:
    shown = [f"{on_one_line(name)[:_LINE]} ({number:,})" for name, number in list(counts.items())[:_SHOWN]]
    rest = len(counts) - _SHOWN
    return ", ".join(shown) + (f", and {rest:,} more" if rest > 0 else "") or "none named"


def _outside(report: FileReport) -> str:
    number = report.summary.outside
    if not number:
        return "no line of text that belongs to no record"
    first = "; ".join(f"line {line.line}: {on_one_line(line.text)[:_LINE]}" for line in report.first_outside)
    lines = "1 line belongs" if number == 1 else f"{number:,} lines belong"
    return f"{lines} to no record. {first}"


def _filled(filled: Mapping[str, int], records: int) -> Table:
    """Fields with how many records have them, some beside each other."""
    table = Table(box=None, pad_edge=False, header_style="dim")
    for _ in range(_PAIRS):
        table.add_column("Field", no_wrap=True)
        table.add_column("Filled", justify="right", no_wrap=True)
    height = -(-len(FIELDS) // _PAIRS)
    for row in range(height):
        names = FIELDS[row::height]
        table.add_row(*(cell for name in names for cell in (name, _rate(filled.get(name, 0), records))))
    return table


def _rate(number: int, records: int) -> str:
    """A share that is 0% or 100% only where it is."""
    if not number:
        return "-"
    if number == records:
        return "100%"
    return f"{min(max(100 * number / records, 0.1), 99.9):.1f}%"
