"""The command that reads back what a screening tool exported."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from livingsearch.cli.arguments import ReviewName
from livingsearch.cli.as_json import AsJson, show_json
from livingsearch.cli.numbers import counted
from livingsearch.cli.state import State
from livingsearch.services.returned import LIST_NAMES, RETURNING_TOOLS, Returned, read_back
from livingsearch.services.returned_words import FILE_STAGES, Recorded, record_back

_EXAMPLE = "peer-support-personality-disorder"
_SHOWN = 20
_HOW = (("id", "our id"), ("doi", "DOI"), ("pmid", "PMID"), ("title", "title, year, author"))


def add_to(app: typer.Typer) -> None:
    """Adds the command to the program."""
    example = f"Example: livingsearch returned {_EXAMPLE} data/returned"
    app.command(
        epilog=f"{example}/rayyan.ris\n\n{example}/rayyan.ris --tool rayyan --update 1 --json\n\n"
        f"{example}/zotero.ris --list included\n\n"
        f"{example}/rayyan.ris --record --stage title"
    )(returned)


def returned(
    context: typer.Context,
    review: ReviewName,
    file: Annotated[Path, typer.Argument(help="What the screening tool exported.")],
    tool: Annotated[
        str | None,
        typer.Option(help=f"The tool; else told by the file: {', '.join(RETURNING_TOOLS)}.", show_default=False),
    ] = None,
    update: Annotated[
        int | None, typer.Option(min=1, help="The update whose batch it is; else any.", show_default=False)
    ] = None,
    listed: Annotated[
        str | None,
        typer.Option(
            "--list",
            help=f"What it means to stand in the file, where it says nothing itself: {', '.join(LIST_NAMES)}.",
            show_default=False,
        ),
    ] = None,
    record: Annotated[bool, typer.Option("--record", help="Take the decisions over.")] = False,
    stage: Annotated[
        str | None,
        typer.Option(help=f"Of the decisions: {', '.join(FILE_STAGES)}; else as the file says.", show_default=False),
    ] = None,
    who: Annotated[
        str | None, typer.Option(help="Whose they are, where the file names nobody.", show_default=False)
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show which reports came back from a screening tool, with its decisions; with --record they are taken over."""
    state: State = context.obj
    with state.review(review) as opened:
        if record:
            taken = record_back(opened, file, tool, update, listed, stage=stage, who=who)
            if as_json:
                show_json(asdict(taken))
                return
            _show(taken.file)
            _show_taken(taken)
            return
        result = read_back(opened, file, tool, update, listed)
    if as_json:
        show_json(asdict(result))
    else:
        _show(result)


def _show(result: Returned) -> None:
    console = Console(highlight=False)
    updates = ", ".join(map(str, result.updates)) or "none"
    console.print(
        Text(
            f"{result.file} ({result.tool or 'unknown tool'}, {result.form}): {result.references:,} references, "
            f"held against the batch of update {updates}"
        )
    )
    console.print(_counts(result))
    console.print(
        f"{len(result.repeated):,} repeated, {len(result.unmatched):,} not matched; "
        f"{len(result.missing):,} of {result.released:,} reports did not come back"
    )
    for remark in result.remarks:
        console.print(Text(f"Note: {remark}"))
    if result.unmatched:
        console.print(_listed("Not matched", ("Reference", "Title", "Why"), _unmatched_rows(result)))
        _cut(console, len(result.unmatched))
    if result.missing:
        rows = [(one.report_id, one.title or "") for one in result.missing[:_SHOWN]]
        console.print(_listed("Did not come back", ("Report", "Title"), rows))
        _cut(console, len(result.missing))


def _show_taken(taken: Recorded) -> None:
    number = f" as file {taken.return_id}" if taken.return_id else ""
    typer.echo(
        f"Taken over{number}, stage {taken.stage}: {taken.said:,} words; {taken.unchanged:,} were in force already; "
        f"of {taken.silent:,} reports the file says nothing"
    )
    if taken.conflicts:
        typer.echo(
            f"People differ on {counted(taken.conflicts, 'report')}; see: livingsearch screening REVIEW --conflicts"
        )


def _counts(result: Returned) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_footer=True)
    table.add_column("Matched by", footer="Matched")
    decisions = list(result.decisions)
    for name in decisions:
        table.add_column(name, footer=f"{result.decisions[name]:,}", justify="right")
    table.add_column("Reports", footer=f"{len(result.matched):,}", justify="right")
    for how, label in _HOW:
        of = [one.decision or "none" for one in result.matched if one.how == how]
        if of:
            table.add_row(label, *(f"{of.count(name):,}" for name in decisions), f"{len(of):,}")
    return table


def _unmatched_rows(result: Returned) -> list[tuple[str, ...]]:
    return [(str(one.position), one.title or "", one.why) for one in result.unmatched[:_SHOWN]]


def _listed(title: str, heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> Table:
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    for head in heads:
        table.add_column(head, overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    return table


def _cut(console: Console, total: int) -> None:
    if total > _SHOWN:
        console.print(f"… and {total - _SHOWN:,} more; --json shows all.")
