"""Pairs, decisions and reports as tables that fit a terminal."""

import json
from collections.abc import Sequence
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from livingsearch.cli.numbers import counted
from livingsearch.services.decisions import Decided
from livingsearch.services.live_reports import report_name
from livingsearch.services.pair_names import pair_name
from livingsearch.services.pair_view import SHOWN, PairView, ReportView
from livingsearch.services.pairs import ListedPair, LogEntry
from livingsearch.strategy.plain_text import on_one_line

_ABSTRACT = 700
_FIELDS = {"doi": "DOI", "pmid": "PMID"}


def show_pairs(pairs: Sequence[ListedPair], total: int) -> None:
    """Prints the queue."""
    console = Console(highlight=False)
    if not pairs:
        console.print("No possible duplicates wait for a person.")
        return
    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_lines=False)
    table.add_column("Group", justify="right", no_wrap=True)
    table.add_column("Pair", no_wrap=True)
    table.add_column("Records", overflow="fold", ratio=1)
    table.add_column("Counts", justify="right", no_wrap=True)
    last = None
    for pair in pairs:
        group = "" if pair.cluster in (0, last) else str(pair.cluster)
        last = pair.cluster or last
        within = pair.reports[0] == pair.reports[1]
        reports = (
            f"within one report, {report_name(pair.reports[0])}" if within else " ".join(map(report_name, pair.reports))
        )
        told = Text(f"{reports}  {pair.rule or 'never compared'}", "dim")
        told.append(f"\n{_one(pair.titles[0])} ({pair.sources[0]})", "default")
        if _one(pair.titles[0]) != _one(pair.titles[1]):
            told.append(f"\n{_one(pair.titles[1])}", "default")
        told.append(f" ({pair.sources[1]})", "default")
        if pair.said:
            why = f": {_one(pair.said.why)}" if pair.said.why else ""
            told.append(f"\n{pair.said.word} says {_one(pair.said.who)}, {pair.said.when:%Y-%m-%d}{why}", "bold")
        elif pair.evidence:
            told.append(f"\n{_one(pair.evidence)}", "dim")
        table.add_row(group, f"{pair.x}-{pair.y}", told, f"-{pair.changes}" if pair.changes and not pair.said else "")
    console.print(table)
    if total > len(pairs):
        console.print(f"{len(pairs):,} of {counted(total, 'pair')}.")
    console.print("Look at one: livingsearch pairs show REVIEW PAIR; Counts: reports to screen if the two are one.")


def show_pair(view: PairView) -> None:
    """Prints two records side by side; fields that differ have a mark in front."""
    console = Console(highlight=False)
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("", no_wrap=True)
    table.add_column("Field", no_wrap=True)
    for record in view.records:
        head = f"{record.record}, {record.source} {record.accession or ''}\n{record.report or 'not compared yet'}"
        table.add_column(Text(head), overflow="fold", ratio=1)
    for name in SHOWN:
        values = [record.fields.get(name) for record in view.records]
        if values == [None, None]:
            continue
        differs = name in view.differing
        style = "bold" if differs else ""
        table.add_row("≠" if differs else "", name, *(Text(_value(value), style) for value in values))
    console.print(table)
    if view.outcome:
        console.print(Text(f"{view.outcome} by the rule {view.rule}, score {view.score}: {_one(view.evidence)}"))
    else:
        console.print("The machine has never compared the two.")
    if view.scores:
        console.print(Text(f"Fields: {_fields_told(view.scores)}", "dim"))
    for word, who, instant, why, entry in view.history:
        console.print(
            Text(f"{instant:%Y-%m-%d %H:%M} {_one(who)}: {word}{f' ({_one(why)})' if why else ''}, entry {entry}")
        )
    console.print(Text(f"Decide: livingsearch pairs decide REVIEW {view.name} duplicate|distinct"))


def _fields_told(scores: str) -> str:
    """What the scores of a pair's fields say, in words."""
    said: dict[str, int] = json.loads(scores)
    told = [f"titles alike to {said['title']} of 100"] if "title" in said else []
    if "year_gap" in said:
        told.append(f"{counted(said['year_gap'], 'year')} apart" if said["year_gap"] else "same year")
    fields = [name for name in said if name not in ("title", "title_words", "year_gap")]
    for words, value in (("agree", 1), ("contradict", -1), ("nothing to tell from", 0)):
        named = [_FIELDS.get(name, name.replace("_", " ")) for name in fields if said[name] == value]
        if named:
            told.append(f"{words}: {', '.join(named)}")
    return "; ".join(told) or "none that both fill"


def show_decided(done: Decided) -> None:
    """Prints what a command of a person came to."""
    console = Console(highlight=False)
    if done.entry is None:
        console.print("Nothing changed: that word stands already.")
    else:
        console.print(f"{counted(len(done.pairs), 'pair')}, entry {done.entry} of the log.")
    if done.entry is not None and done.unchanged:
        named = ", ".join(map(pair_name, done.unchanged[:5]))
        console.print(Text(f"Unchanged: {len(done.unchanged):,} ({named}{' …' if len(done.unchanged) > 5 else ''})."))
    for said in done.replaced:
        console.print(Text(f"{pair_name(said.pair)}: until now {_one(said.who)} had said {said.word}."))
    for numbers, what in (
        (done.retired, "now part of another report, and leading to it"),
        (done.restored, "a report of its own again"),
        (done.added, "new, to be handed out with the next batch"),
    ):
        if numbers:
            named = ", ".join(map(report_name, numbers[:10]))
            console.print(Text(f"{named}{' …' if len(numbers) > 10 else ''}: {what}."))
    if done.moves:
        console.print(f"Records that stand in another report now: {len(done.moves):,}.")


def show_log(entries: Sequence[LogEntry]) -> None:
    """Prints everything that persons said."""
    console = Console(highlight=False)
    if not entries:
        console.print("Nobody has decided on a pair yet.")
        return
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("Entry", justify="right", no_wrap=True)
    table.add_column("When (UTC)", no_wrap=True)
    table.add_column("Who", overflow="fold")
    table.add_column("What", overflow="fold", ratio=1)
    table.add_column("Stand", justify="right", no_wrap=True)
    for entry in entries:
        pairs = ", ".join(entry.pairs[:6]) + (f" and {len(entry.pairs) - 6:,} more" if len(entry.pairs) > 6 else "")
        told = f"{', '.join(entry.words)}: {pairs}"
        told += f"; all of rule {entry.rule}" if entry.rule else ""
        told += f"; takes entry {entry.of} back" if entry.of else ""
        told += f"; {_one(entry.why)}" if entry.why else ""
        standing = "" if entry.words == ("undone",) else f"{entry.standing:,} of {len(entry.pairs):,}"
        table.add_row(str(entry.entry), f"{entry.when:%Y-%m-%d %H:%M}", Text(_one(entry.who)), Text(told), standing)
    console.print(table)


def show_related(pairs: Sequence[ListedPair]) -> None:
    """Prints related reports."""
    console = Console(highlight=False)
    if not pairs:
        console.print("No related reports were found.")
        return
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("Relation", no_wrap=True)
    table.add_column("Reports", no_wrap=True)
    table.add_column("Titles", overflow="fold", ratio=1)
    for pair in pairs:
        titles = "\n".join(f"{_one(title)} ({source})" for title, source in zip(pair.titles, pair.sources, strict=True))
        table.add_row(pair.relation or "", "\n".join(map(report_name, pair.reports)), Text(titles))
    console.print(table)


def show_report(view: ReportView) -> None:
    """Prints a report, its records and why they are one."""
    console = Console(highlight=False)
    if view.asked:
        console.print(Text(f"{view.asked} is part of {view.report} now."))
    console.print(Text(view.report, "bold"))
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(no_wrap=True, style="dim")
    table.add_column(overflow="fold", ratio=1)
    table.add_column(no_wrap=True, style="dim")
    for name, value in view.fields.items():
        origin = view.origins.get(name)
        table.add_row(name, Text(_value(value)), f"from {origin}" if origin else "")
    for name, values in (("all accessions", view.accessions), ("all DOIs", view.dois), ("all PMIDs", view.pmids)):
        if values:
            table.add_row(name, Text("; ".join(map(_one, values))), "")
    console.print(table)
    console.print(Text(f"\n{counted(len(view.records), 'record')}", "bold"))
    for record in view.records:
        told = f"{record.record}  {record.source} {record.accession or ''}: {_one(record.fields.get('title'))}"
        console.print(Text(told))
    if view.reasons:
        console.print(Text("\nWhy they are one report", "bold"))
    for pair, rule, evidence, who in view.reasons:
        console.print(Text(f"{pair}  {rule}{f' ({who})' if who else ''}: {_one(evidence)}"))
    if view.related:
        console.print(Text("\nRelated, not the same", "bold"))
    for other, relation, evidence in view.related:
        console.print(Text(f"{other}  {relation}: {_one(evidence)}"))


def _one(text: object) -> str:
    return on_one_line(str(text or ""))


def _value(value: Any) -> str:
    if value is None:
        return ""
    text = _one("; ".join(map(str, value)) if isinstance(value, list | tuple) else value)
    return text if len(text) <= _ABSTRACT else text[:_ABSTRACT] + " …"
