"""Commands of `report` that tell what happened: update, audit, methods."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from livingsearch.cli.arguments import AsOfOption, ReviewName, day_or_update
from livingsearch.cli.as_json import AsJson, show_json
from livingsearch.cli.state import State
from livingsearch.services.audit import audit
from livingsearch.services.methods import methods, methods_markdown
from livingsearch.services.update_report import update_report
from livingsearch.services.update_report_text import LISTED, update_report_markdown
from livingsearch.store.received import write_whole
from livingsearch.strategy.plain_text import on_one_line

_EXAMPLE = "peer-support-personality-disorder"
_To = Annotated[
    Path | None, typer.Option("--to", help="Write it to this file instead.", dir_okay=False, show_default=False)
]


def add_to(reports: typer.Typer) -> None:
    """Adds these commands to `report`."""
    reports.command(
        "update",
        epilog=f"Example: livingsearch report update {_EXAMPLE}\n\n"
        f"Example: livingsearch report update {_EXAMPLE} --update 2 --to update-2.md",
    )(update)

    reports.command(
        "audit",
        epilog=f"Example: livingsearch report audit {_EXAMPLE} R000012\n\n"
        f"Example: livingsearch report audit {_EXAMPLE} 90000062 --source pubmed --json",
    )(audit_command)
    reports.command(
        "methods",
        epilog=f"Example: livingsearch report methods {_EXAMPLE}\n\n"
        f"Example: livingsearch report methods {_EXAMPLE} --as-of 1 --json",
    )(methods_command)


def update(
    context: typer.Context,
    review: ReviewName,
    number: Annotated[
        int | None, typer.Option("--update", min=1, help="The update; else the newest one.", show_default=False)
    ] = None,
    listed: Annotated[int, typer.Option(min=1, help="Rows of a list at most.")] = LISTED,
    to: _To = None,
    as_json: AsJson = False,
) -> None:
    """Tell what an update brought, as Markdown: retracted, found late, waiting for a person, new, vanished, changed.

    A closed update is told as it was frozen; what waits for a person is told as it stands now.
    """
    state: State = context.obj
    with state.review(review) as opened:
        found = update_report(opened, number)
        if as_json:
            show_json(asdict(found))
            return
        _hand_out(update_report_markdown(opened, found, listed), to)


def audit_command(
    context: typer.Context,
    review: ReviewName,
    subject: Annotated[
        str,
        typer.Argument(
            metavar="RECORD|REPORT", help="A report's id, or a record's number in its source.", show_default=False
        ),
    ],
    source: Annotated[
        str | None, typer.Option(help="The source that brought the record; else all that did.", show_default=False)
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Tell everything that ever happened to one record, or to all records of a report, in order.

    Runs that returned it, verdicts, decisions, grouping, counts at each closing, batches, screening, publishing.
    """
    state: State = context.obj
    with state.review(review) as opened:
        found = audit(opened, subject, source)
    if as_json:
        show_json({"review": review, **asdict(found)})
        return
    for record in found.records:
        again = f", occurrence {record.occurrence}" if record.occurrence > 1 else ""
        number = record.accession or "(no number)"
        title = on_one_line(record.title or "(no title)")
        typer.echo(f"{record.source} {number}{again}, report {record.report or 'not compared yet'}: {title}")
    for event in found.events:
        when = f"{event.at:%Y-%m-%d %H:%M}" if event.at else "-" * 16
        position = "" if event.position is None else event.position
        typer.echo(f"{when} {position!s:>5} {on_one_line(event.sentence)} [{on_one_line(event.who or '-')}]")


def methods_command(
    context: typer.Context, review: ReviewName, as_of: AsOfOption = None, to: _To = None, as_json: AsJson = False
) -> None:
    """Write a methods section for the review's paper, with every number derived from the ledger.

    With --json each number says what it counts and where it comes from. What only a person knows and nobody has said
    is named at the end.
    """
    state: State = context.obj
    with state.review(review) as opened:
        found = methods(opened, day_or_update(as_of))
    if as_json:
        show_json(asdict(found))
    else:
        _hand_out(methods_markdown(found), to)


def _hand_out(text: str, to: Path | None) -> None:
    if to is None:
        typer.echo(text, nl=False)
    else:
        write_whole(to, text.encode())
        typer.echo(f"Written: {to}")
