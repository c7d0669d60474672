"""The command report show."""

from dataclasses import asdict
from typing import Annotated

import typer

from livingsearch.cli.arguments import ReviewName
from livingsearch.cli.as_json import AsJson, show_json
from livingsearch.cli.show_pairs import show_report
from livingsearch.cli.state import State
from livingsearch.errors import PairUnknown
from livingsearch.services.pair_names import report_number
from livingsearch.services.pair_view import report_view


def add_to(reports: typer.Typer) -> None:
    """Adds the command to the reports."""
    reports.command("show", epilog="Example: livingsearch report show peer-support-personality-disorder R000001")(show)


def show(
    context: typer.Context,
    review: ReviewName,
    report: Annotated[str, typer.Argument(help="Its id, such as R000012; also one that is part of another now.")],
    as_json: AsJson = False,
) -> None:
    """Show a report: its fields and where each comes from, its records, why they are one, what is related."""
    state: State = context.obj
    number = report_number(report)
    if number is None:
        raise PairUnknown(f"{report[:40]!r} is no id of a report; these look like R000012.")
    with state.review(review) as opened:
        view = report_view(opened, number)
    if as_json:
        show_json(asdict(view))
    else:
        show_report(view)
