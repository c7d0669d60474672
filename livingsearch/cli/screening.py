"""Commands by which decisions come in: screen, unscreen, screening, study, studies, totals."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from livingsearch.cli.arguments import AsOfOption, ReviewName, Who, day_or_update
from livingsearch.cli.as_json import AsJson, show_json
from livingsearch.cli.numbers import counted
from livingsearch.cli.state import State
from livingsearch.ledger.standing import STAGES, STATES, Standing
from livingsearch.ledger.whole_flow_json import whole_flow_to_dict
from livingsearch.services.returned_words import take_file_back
from livingsearch.services.screening import MEANINGS, Said, say, screening_list, take_back
from livingsearch.services.studies import group, review_studies, study_name, ungroup
from livingsearch.services.totals import take_totals_back, type_totals

_EXAMPLE = "peer-support-personality-disorder"
_SHOWN = 50

Reports = Annotated[list[str], typer.Argument(help="Ids of reports, such as R000123.")]
_Stage = Annotated[str, typer.Option(help=f"One of: {', '.join(STAGES)}.")]


def add_to(app: typer.Typer) -> None:
    """Adds these commands to the program."""
    app.command(
        epilog=f"Example: livingsearch screen {_EXAMPLE} R000012 R000013 exclude --who Ann\n\n"
        f"Example: livingsearch screen {_EXAMPLE} R000014 exclude --stage fulltext --reason 'wrong population'\n\n"
        f"Example: livingsearch screen {_EXAMPLE} R000015 include --consensus --who 'Ann and Bob'\n\n"
        f"Example: livingsearch screen {_EXAMPLE} R000016 not-retrieved"
    )(screen)
    app.command(epilog=f"Example: livingsearch unscreen {_EXAMPLE} R000012 --who Ann")(unscreen)
    app.command(epilog=f"Example: livingsearch screening {_EXAMPLE} --conflicts")(screening)
    app.command(epilog=f"Example: livingsearch study {_EXAMPLE} R000014 R000027 --name 'Barr 2020'")(study)
    app.command(epilog=f"Example: livingsearch studies {_EXAMPLE}")(studies)
    app.command(epilog=f"Example: livingsearch totals {_EXAMPLE} totals.toml")(totals)


def screen(
    context: typer.Context,
    review: ReviewName,
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="REPORT... WORD",
            help=f"Ids of reports, then include, exclude or maybe ({', '.join(MEANINGS)}; before screening automation, "
            "other).",
        ),
    ],
    stage: _Stage = "title",
    reason: Annotated[
        str | None, typer.Option(help="Of an exclusion; in full text each report has one.", show_default=False)
    ] = None,
    who: Who = None,
    consensus: Annotated[bool, typer.Option("--consensus", help="It settles what others said before.")] = False,
    note: Annotated[str | None, typer.Option(help="Kept with it.", show_default=False)] = None,
    as_json: AsJson = False,
) -> None:
    """Say of reports whether they are included, excluded or unclear.

    People who differ are a conflict: the report stays pending until somebody says the word with --consensus.
    """
    state: State = context.obj
    *reports, word = words
    with state.review(review) as opened:
        said = say(opened, reports, word, stage=stage, reason=reason, who=who, consensus=consensus, note=note)
    _show_said(said, as_json=as_json)


def unscreen(
    context: typer.Context,
    review: ReviewName,
    reports: Annotated[
        list[str] | None, typer.Argument(help="Ids of reports; none with --file.", show_default=False)
    ] = None,
    stage: Annotated[
        str | None, typer.Option(help=f"Only of this stage: {', '.join(STAGES)}.", show_default=False)
    ] = None,
    who: Annotated[str | None, typer.Option(help="Only what this person said.", show_default=False)] = None,
    file: Annotated[
        int | None, typer.Option(min=1, help="All words of the file of that number.", show_default=False)
    ] = None,
    why: Annotated[str | None, typer.Option(help="Kept with it.", show_default=False)] = None,
    as_json: AsJson = False,
) -> None:
    """Take the last word on reports back; what was said before it is in force again."""
    state: State = context.obj
    if (file is None) == (not reports):
        raise typer.BadParameter("Name reports, or a file with --file.")
    with state.review(review) as opened:
        if file is not None:
            typer.echo(f"{take_file_back(opened, file, why):,} words of file {file} were taken back.")
            return
        said = take_back(opened, reports or [], stage=stage, who=who, why=why)
    _show_said(said, as_json=as_json)


def screening(
    context: typer.Context,
    review: ReviewName,
    update: Annotated[
        int | None, typer.Option(min=1, help="Only reports counted in this update.", show_default=False)
    ] = None,
    state_name: Annotated[
        str | None, typer.Option("--state", help=f"Only those: {', '.join(STATES)}.", show_default=False)
    ] = None,
    report: Annotated[list[str] | None, typer.Option(help="Only this report.", show_default=False)] = None,
    conflicts: Annotated[bool, typer.Option("--conflicts", help="Only those of which people differ.")] = False,
    as_of: AsOfOption = None,
    as_json: AsJson = False,
) -> None:
    """List the reports, each where it stands, with what was said of it; now or as of any day or update."""
    state: State = context.obj
    if state_name is not None and state_name not in STATES:
        raise typer.BadParameter(f"No state is called {state_name!r}; choose one of: {', '.join(STATES)}.")
    with state.review(review) as opened:
        found = screening_list(
            opened,
            as_of=day_or_update(as_of),
            reports=report,
            updates=None if update is None else (update,),
            states=None if state_name is None else (state_name,),
            conflicts=conflicts,
        )
    if as_json:
        show_json([_plain(one) for one in found])
    else:
        _show_standings(found)


def study(
    context: typer.Context,
    review: ReviewName,
    reports: Reports,
    name: Annotated[str | None, typer.Option(help="Of the study, e.g. 'Barr 2020'.", show_default=False)] = None,
    who: Who = None,
    part: Annotated[bool, typer.Option("--part", help="Each of them is a study of its own instead.")] = False,
) -> None:
    """Say that reports are of one study; without that every included report is a study of its own."""
    state: State = context.obj
    with state.review(review) as opened:
        if part:
            ungroup(opened, reports, who)
            typer.echo(f"{', '.join(reports)}: each a study of its own now.")
        else:
            typer.echo(f"{', '.join(reports)}: study {group(opened, reports, name, who)}")


def studies(context: typer.Context, review: ReviewName, as_of: AsOfOption = None, as_json: AsJson = False) -> None:
    """List the included studies with their reports; now or as of any day or update."""
    state: State = context.obj
    with state.review(review) as opened:
        found = review_studies(opened, day_or_update(as_of))
    if as_json:
        show_json(
            [{"study": one.study_id, "name": one.name, "reports": [_plain(r) for r in one.reports]} for one in found]
        )
        return
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for head in ("Study", "Name", "Report", "Update", "Title"):
        table.add_column(head, overflow="fold")
    for one in found:
        for place, report in enumerate(one.reports):
            first = (one.study_id or "", one.name or "") if place == 0 else ("", "")
            table.add_row(*first, f"R{report.report_id:06d}", str(report.update), Text(report.title or ""))
    console = Console(highlight=False)
    console.print(table)
    studies = "1 study" if len(found) == 1 else f"{len(found):,} studies"
    console.print(f"{studies}, {counted(sum(len(one.reports) for one in found), 'report')}")


def totals(
    context: typer.Context,
    review: ReviewName,
    file: Annotated[Path | None, typer.Argument(help="A TOML file of numbers.", show_default=False)] = None,
    take_back_of: Annotated[
        int | None,
        typer.Option(
            "--take-back", min=1, metavar="UPDATE", help="Take back what was typed for it.", show_default=False
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Take in numbers that were counted elsewhere, with their source; they are told apart from derived ones for ever.

    The numbers must meet the identities of the flow diagram; those that break are named and nothing is taken in.
    """
    state: State = context.obj
    if (file is None) == (take_back_of is None):
        raise typer.BadParameter("Name a file, or an update with --take-back.")
    with state.review(review) as opened:
        if take_back_of is not None:
            take_totals_back(opened, take_back_of)
            typer.echo(f"What was typed for update {take_back_of} was taken back.")
            return
        if file is None:
            raise AssertionError
        typed = type_totals(opened, file)
    if as_json:
        show_json(
            {
                "update": typed.update,
                "numbers": typed.numbers,
                "unchanged": typed.unchanged,
                "told": [one.sentence for one in typed.told],
                "flow": whole_flow_to_dict(typed.flow),
            }
        )
        return
    again = " They were there already." if typed.unchanged else ""
    typer.echo(f"{typed.numbers:,} numbers of update {typed.update} taken in; the identities hold.{again}")
    for one in typed.told:
        typer.echo(f"Note: {one.sentence}")


def _show_said(said: Said, *, as_json: bool) -> None:
    if as_json:
        show_json(
            {
                "said": said.said,
                "unchanged": said.unchanged,
                "moved": dict(said.moved),
                "reports": [_plain(one) for one in said.standings],
            }
        )
        return
    for old, new in said.moved:
        typer.echo(f"{old} is part of {new} by now; the word went there.")
    if said.unchanged:
        typer.echo(f"{said.unchanged:,} words were in force already.")
    _show_standings(list(said.standings))


def _show_standings(found: list[Standing]) -> None:
    console = Console(highlight=False)
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for head in ("Report", "Update", "Stands", "Said", "Title"):
        table.add_column(head, overflow="fold")
    for one in found[:_SHOWN]:
        said = "; ".join(
            f"{word.stage}: {word.word}{f' ({word.reason})' if word.reason else ''}, "
            f"{word.who}{' (consensus)' if word.consensus else ''}, {word.at:%Y-%m-%d}"
            for word in one.words
        )
        stands = one.state + (f" ({one.reason})" if one.reason else "") + (", conflict" if one.conflict else "")
        table.add_row(f"R{one.report_id:06d}", str(one.update), Text(stands), Text(said), Text(one.title or ""))
    console.print(table)
    if len(found) > _SHOWN:
        console.print(f"… and {len(found) - _SHOWN:,} more; --json shows all.")
    console.print(counted(len(found), "report"))


def _plain(one: Standing) -> dict[str, object]:
    study_id = None if one.study_id is None else study_name(one.study_id)
    return {**asdict(one), "report_id": f"R{one.report_id:06d}", "study_id": study_id}
