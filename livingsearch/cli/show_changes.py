"""What an update changed, as tables of at most 80 columns; long lists are cut, `--json` has all."""

from collections.abc import Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from livingsearch.services.changes import (
    Changes,
    FieldChange,
    FlaggedReport,
    SourceChanges,
    TouchedRecord,
    VanishedRecord,
    What,
)
from livingsearch.strategy.plain_text import on_one_line

WIDTH = 80
FLAGGED, LISTED = 50, 10
"""Rows of a list on screen: retractions are few and matter most."""
_TITLE, _VALUE, _CONTEXT, _VALUES = 120, 60, 20, 3
_STYLES: dict[What, str] = {"retracted": "bold red", "expression of concern": "red", "corrected": "yellow"}


def show_changes(changes: Changes) -> None:
    """Prints what an update changed: retractions and corrections first."""
    console = Console(highlight=False)
    console.width = min(console.width, WIDTH)
    console.print(Text(_heading(changes), "bold"))
    console.print()
    _show_flagged(console, changes.flagged)
    _show_sources(console, changes)
    _show_vanished(console, changes.vanished)
    _show_changed(console, changes)


def _heading(changes: Changes) -> str:
    if changes.closed_at is None:
        return f"Changes of update {changes.update}, open: they may still grow"
    return f"Changes of update {changes.update}, closed {changes.closed_at:%Y-%m-%d %H:%M} UTC"


def _show_flagged(console: Console, flagged: Sequence[FlaggedReport]) -> None:
    if not flagged:
        console.print(
            "No report was retracted or corrected since it was last seen, as far as the sources searched say."
        )
        return
    table = _table(f"Retracted or corrected since last seen: {len(flagged):,}")
    table.add_column("Report", no_wrap=True)
    table.add_column("Batch", justify="right", no_wrap=True)
    table.add_column("What", max_width=13, overflow="fold")
    table.add_column("Title, notices and who tells", overflow="fold")
    for one in flagged[:FLAGGED]:
        told = Text(_short(one.title or "(no title)", _TITLE))
        told.append(f"\n{_short('; '.join(one.notices), _TITLE)}", "dim")
        told.append(f"\n{_short(', '.join(_name(r) for r in one.records), _TITLE)}", "dim")
        table.add_row(one.report, _batch(one.batch), Text(one.what, _STYLES.get(one.what, "")), told)
    console.print(table)
    _show_rest(console, len(flagged), FLAGGED)


def _show_sources(console: Console, changes: Changes) -> None:
    table = _table("Records by source, beside the source's last counted search")
    table.add_column("Source", overflow="fold")
    for name in ("Before", "Now", "Already\nknown", "New", "Back\nagain", "Vanished", "Changed"):
        table.add_column(name, justify="right", no_wrap=True)
    for one in changes.sources:
        table.add_row(Text(on_one_line(one.label)), *_cells(one))
    console.print(table)
    for one in changes.sources:
        if one.withheld:
            told = f"{one.source}: {one.withheld:,} records of before were announced and not handed out; not vanished."
            console.print(Text(told))
        if one.scope != "full":
            console.print(Text(f"{one.source}: only a {one.scope} was searched, so nothing is known to have vanished."))
        elif one.previous_update is None:
            console.print(Text(f"{one.source}: its first counted search; there is nothing to compare it with."))
    if changes.unsearched:
        console.print(Text(f"Not searched in this update, so nothing is said of: {', '.join(changes.unsearched)}"))


def _cells(one: SourceChanges) -> list[str]:
    compared = one.previous_records is not None
    return [
        f"{one.previous_records:,}" if one.previous_records is not None else "-",
        *(f"{n:,}" for n in (one.records, one.already_known, one.new)),
        *(f"{n:,}" if compared else "-" for n in (one.returned, one.vanished, one.changed)),
    ]


def _show_vanished(console: Console, vanished: Sequence[VanishedRecord]) -> None:
    if not vanished:
        return
    console.print()
    table = _table(f"Vanished: {len(vanished):,}")
    for name in ("Source", "Accession"):
        table.add_column(name, max_width=16, overflow="fold")
    table.add_column("Report", no_wrap=True)
    table.add_column("Batch", justify="right", no_wrap=True)
    table.add_column("Title", overflow="fold")
    for one in vanished[:LISTED]:
        record = one.record
        cells = (record.source, on_one_line(record.accession or "-"), record.report or "-", _batch(record.batch))
        told = Text(_short(record.title or "(no title)", _TITLE))
        if one.still_in:
            told.append(f"\nthe report is still found in {', '.join(one.still_in)}", "dim")
        table.add_row(*(Text(cell) for cell in cells), told)
    console.print(table)
    _show_rest(console, len(vanished), LISTED)


def _show_changed(console: Console, changes: Changes) -> None:
    if not changes.changed:
        return
    console.print()
    console.print(Text(f"Changed: {len(changes.changed):,}", "italic"))
    for one in changes.changed[:LISTED]:
        where = f"{one.record.report or '-'} (batch {_batch(one.record.batch)}), {_name(one.record)}: "
        console.print(Text(where + _short(one.record.title or "(no title)", _TITLE)))
        for field in one.fields:
            console.print(Padding(Text(f"{field.field}: {difference(field)}"), (0, 0, 0, 2)))
        if not one.fields:
            console.print("  as before: a change in between was taken back")
    _show_rest(console, len(changes.changed), LISTED)


def difference(change: FieldChange) -> str:
    """A field's difference in little room.

    Returns:
        Of single values, both around the first place where they differ; of several, those that came (`+`) and went
        (`-`), the first few.
    """
    if max(len(change.before), len(change.after)) < 2:
        before, after = (on_one_line(values[0]) if values else "" for values in (change.before, change.after))
        start = max(0, _same(before, after) - _CONTEXT)
        return f"{_part(before, start)} → {_part(after, start)}"
    signs = [("+", change.after, change.before), ("-", change.before, change.after)]
    moved = [f"{sign} {_short(v, _VALUE)}" for sign, these, those in signs for v in these if v not in set(those)]
    rest = len(moved) - _VALUES
    return "; ".join(moved[:_VALUES]) + (f"; and {rest:,} more" if rest > 0 else "") or "in another order"


def _same(one: str, other: str) -> int:
    """How many characters both begin with."""
    together = zip(one, other, strict=False)
    return next((n for n, (a, b) in enumerate(together) if a != b), min(len(one), len(other)))


def _part(text: str, start: int) -> str:
    if not text:
        return "(nothing)"
    end = start + _VALUE
    return f"“{'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}”"


def _show_rest(console: Console, count: int, shown: int) -> None:
    if count > shown:
        console.print(f"… and {count - shown:,} more; --json has all.")


def _name(record: TouchedRecord) -> str:
    return f"{record.source} {on_one_line(record.accession or '')}".rstrip()


def _batch(number: int | None) -> str:
    return "none" if number is None else str(number)


def _short(text: str, length: int) -> str:
    line = on_one_line(text)
    return line if len(line) <= length else f"{line[: length - 1]}…"


def _table(title: str) -> Table:
    return Table(title=Text(title), title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
