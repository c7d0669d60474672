"""Commands that only look: prisma, doctor, report prisma-s, report import, report changes."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from livingsearch.cli import source_reports, telling
from livingsearch.cli.arguments import AsOfOption, ReviewName, day_or_update
from livingsearch.cli.as_json import AsJson, show_json
from livingsearch.cli.importing import import_report_command
from livingsearch.cli.output import FormOption, ToOption, give
from livingsearch.cli.pairs import report as show_one
from livingsearch.cli.show import show_checks, show_counts
from livingsearch.cli.show_changes import show_changes
from livingsearch.cli.show_whole import show_whole
from livingsearch.cli.state import State
from livingsearch.errors import ReportRefused, UpdateRefused
from livingsearch.ledger.diagram import LAYOUT_NAMES
from livingsearch.ledger.diagram_svg import svg_diagram
from livingsearch.ledger.diagram_text import text_diagram
from livingsearch.ledger.flow import flow_to_dict
from livingsearch.ledger.whole_flow_json import whole_flow_to_dict
from livingsearch.services.changes import record_changes
from livingsearch.services.diagrams import diagram_file, diagram_now, links_of, require_statements
from livingsearch.services.doctor import examine
from livingsearch.services.prisma_s import AppendixFiles, write_appendix
from livingsearch.services.reporting import flow_for, review_counts
from livingsearch.services.whole_flows import ReviewFlows, review_flows
from livingsearch.store.received import write_whole


def add_to(app: typer.Typer) -> None:
    """Adds these commands to the program."""
    app.command(
        epilog="Example: livingsearch prisma peer-support-personality-disorder --diagram\n\n"
        "Example: livingsearch prisma peer-support-personality-disorder --layout columns --to flow.png\n\n"
        "Example: livingsearch prisma peer-support-personality-disorder --to flow.svg "
        "--links 'https://example.org/flow/{update}#{box}' --link screened=screened.html"
    )(prisma)
    app.command(epilog="Example: livingsearch doctor")(doctor)
    reports = typer.Typer(
        name="report",
        help="Report on a review: an update, its methods, one record, its sources, the search appendix, an import.",
        no_args_is_help=True,
    )
    reports.command("import", epilog="Example: livingsearch report import peer-support-personality-disorder 1")(
        import_report_command
    )
    reports.command("prisma-s", epilog="Example: livingsearch report prisma-s peer-support-personality-disorder")(
        prisma_s
    )
    reports.command("changes", epilog="Example: livingsearch report changes peer-support-personality-disorder")(changes)
    reports.command("show", epilog="Example: livingsearch report show peer-support-personality-disorder R000001")(
        show_one
    )
    source_reports.add_to(reports)
    telling.add_to(reports)
    app.add_typer(reports)


def prisma(
    context: typer.Context,
    review: ReviewName,
    update: Annotated[
        int | None, typer.Option(min=1, help="One update; else all, and their total.", show_default=False)
    ] = None,
    diagram: Annotated[bool, typer.Option("--diagram", help="Draw the flow diagram as text.")] = False,
    svg: Annotated[
        Path | None, typer.Option(help="Write the flow diagram to this SVG file.", show_default=False)
    ] = None,
    layout: Annotated[
        str | None, typer.Option(help=f"Draw the flow diagram as: {', '.join(LAYOUT_NAMES)}.", show_default=False)
    ] = None,
    form: FormOption = None,
    to: ToOption = None,
    links: Annotated[
        str | None,
        typer.Option(
            help="Link the statements of an SVG or CSV to this address; {box} in it becomes the statement's name, "
            "{update} the updates that it counts.",
            metavar="URL",
            show_default=False,
        ),
    ] = None,
    link: Annotated[
        list[str] | None,
        typer.Option(help="Link one statement to an address of its own; may be repeated.", metavar="BOX=URL"),
    ] = None,
    as_of: AsOfOption = None,
    whole: Annotated[bool, typer.Option("--whole", help="All boxes, from records to studies, as known now.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show the PRISMA 2020 counts by update and source, and the flow diagram.

    --diagram and --svg draw it as far as it is known now, all updates together.

    With --whole or --as-of the screening boxes too: what is known now, or was known at the end of a day or when an
    update closed.

    With --layout, --format or --to the diagram is drawn in one of PRISMA's four templates or of the four layouts for
    living reviews, as svg, png, pdf, text, csv (of the R package PRISMA2020) or json.
    """
    state: State = context.obj
    linked = links_of(links, link or ())
    if linked and svg is None and form is None and to is None:
        raise ReportRefused("Links go into a file: add --to FILE.svg.")
    if as_of is not None and diagram:
        layout, form = layout or "combined", form or "text"
    if layout is not None or form is not None or to is not None:
        with state.review(review) as opened:
            known = day_or_update(as_of)
            content = diagram_file(opened, update=update, as_of=known, layout=layout, form=form, to=to, links=linked)
        give(content, to, "Flow diagram")
        return
    if whole or as_of is not None:
        with state.review(review) as opened:
            _show_flows(review_flows(opened, day_or_update(as_of)), update, as_json=as_json)
        return
    with state.review(review) as opened:
        counts = review_counts(opened)
        chosen = flow_for(counts, update)
        drawn = diagram_now(opened, chosen) if svg is not None or diagram else None
    if svg is not None and drawn is not None:
        if linked:
            require_statements(linked, drawn)
        write_whole(svg, svg_diagram(drawn, linked.of(drawn) if linked else None).encode())
    if as_json:
        flows = [*counts.closed, *([counts.open] if counts.open else [])]
        show_json(
            {
                "updates": [flow_to_dict(f) for f in flows if update in (None, f.update)],
                "total": flow_to_dict(counts.total) if counts.total and update is None else None,
                "strategies": {
                    number: [asdict(use) for use in uses]
                    for number, uses in counts.strategies.items()
                    if update in (None, number)
                },
            }
        )
        return
    if diagram and drawn is not None:
        typer.echo(text_diagram(drawn))
    else:
        show_counts(counts, update)
    if svg is not None:
        typer.echo(f"Flow diagram: {svg}")


def _show_flows(found: ReviewFlows, update: int | None, *, as_json: bool) -> None:
    columns = [flow for flow in found.columns if update in (None, flow.updates[0])]
    if not columns:
        raise UpdateRefused(f"There was no update {update} then.")
    together = found.together if update is None and len(columns) > 1 else None
    if as_json:
        show_json(
            {
                "position": found.position,
                "updates": [whole_flow_to_dict(flow) for flow in columns],
                "together": None if together is None else whole_flow_to_dict(together),
                "identities": {label: [asdict(one) for one in told] for label, told in found.told.items()},
            }
        )
        return
    show_whole([*columns, *([together] if together else [])])
    for told in found.told.values():
        for one in told:
            typer.echo(f"{'Broken' if one.level == 'hard' else 'Note'}: {one.sentence}")


def prisma_s(
    context: typer.Context,
    review: ReviewName,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Folder to write to; else reports/ in the review's folder, and a folder in it for a single update.",
            file_okay=False,
            show_default=False,
        ),
    ] = None,
    update: Annotated[
        int | None, typer.Option(min=1, help="One update, as it was frozen; else all so far.", show_default=False)
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write the PRISMA-S appendix (Markdown and Word) and machine-readable search records.

    What only a person knows comes from review.toml, its tables search.reporting and search.peer_review; items that
    nobody filled are named here and in the document.
    """
    state: State = context.obj
    with state.review(review) as opened:
        written = write_appendix(opened, update=update, folder=out)
    if as_json:
        show_json(_appendix_json(review, update, written))
    else:
        _show_appendix(written, opened.folder.review_file)


def changes(
    context: typer.Context,
    review: ReviewName,
    update: Annotated[
        int | None, typer.Option(min=1, help="The update; else the newest one.", show_default=False)
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show what an update changed in known records: retracted or corrected ones first, then vanished and changed ones.

    A closed update is shown as it was frozen. Long lists are cut on screen; with --json everything is there.
    """
    state: State = context.obj
    with state.review(review) as opened:
        found = record_changes(opened, update)
    if as_json:
        show_json({"review": review, **asdict(found)})
    else:
        show_changes(found)


def doctor(
    context: typer.Context,
    reviews: Annotated[
        list[str] | None, typer.Argument(help="Reviews to examine; else all.", show_default=False)
    ] = None,
    network: Annotated[bool, typer.Option("--network", help="Also ask each source with an API.")] = False,
    as_json: AsJson = False,
) -> None:
    """Examine the machine and the reviews: files unchanged, counts derivable, settings complete."""
    state: State = context.obj
    checks = list(examine(state.settings, tuple(reviews or ()), network=network))
    show_checks(checks, as_json=as_json)
    if not all(c.ok for c in checks):
        raise typer.Exit(1)


def _show_appendix(written: AppendixFiles, review_file: Path) -> None:
    console = Console(highlight=False)
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("Item", justify="right", no_wrap=True)
    table.add_column("Name", no_wrap=True)
    table.add_column("Filled", overflow="fold")
    for item in written.appendix.items:
        table.add_row(str(item.number), item.title, Text(item.filled, "bold red" if item.is_missing else ""))
    console.print(table)
    console.print(Text(written.appendix.verdict))
    if written.appendix.missing:
        console.print(Text(f"Write what is missing into {review_file} and run this again."), soft_wrap=True)
    for path in written.paths:
        console.print(Text(f"  {path}"), soft_wrap=True)


def _appendix_json(review: str, update: int | None, written: AppendixFiles) -> dict[str, object]:
    return {
        "review": review,
        "update": update,
        "items": [
            {
                "number": item.number,
                "title": item.title,
                "status": item.status,
                "filled_by": None if item.is_missing else item.filled_by,
                "to_do": item.to_do,
            }
            for item in written.appendix.items
        ],
        "missing": [item.number for item in written.appendix.missing],
        "files": {"markdown": written.markdown, "docx": written.docx, "records": written.records},
    }
