"""The command that shows the counts, the whole flow, and draws the diagram."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from livingsearch.cli.arguments import AsOfOption, ReviewName, day_or_update
from livingsearch.cli.as_json import AsJson, show_json
from livingsearch.cli.output import FormOption, ToOption, give
from livingsearch.cli.show_counts import show_counts
from livingsearch.cli.show_whole import show_whole
from livingsearch.cli.state import State
from livingsearch.errors import ReportRefused, UpdateRefused
from livingsearch.ledger.diagram import LAYOUT_NAMES
from livingsearch.ledger.diagram_svg import svg_diagram
from livingsearch.ledger.diagram_text import text_diagram
from livingsearch.ledger.flow import flow_to_dict
from livingsearch.ledger.whole_flow_json import whole_flow_to_dict
from livingsearch.services.diagrams import diagram_file, diagram_now, links_of, require_statements
from livingsearch.services.reporting import flow_for, review_counts
from livingsearch.services.whole_flows import ReviewFlows, review_flows
from livingsearch.store.received import write_whole


def add_to(app: typer.Typer) -> None:
    """Adds the command to the program."""
    app.command(
        epilog="Example: livingsearch prisma peer-support-personality-disorder --diagram\n\n"
        "Example: livingsearch prisma peer-support-personality-disorder --layout columns --to flow.png\n\n"
        "Example: livingsearch prisma peer-support-personality-disorder --to flow.svg "
        "--links 'https://example.org/flow/{update}#{box}' --link screened=screened.html"
    )(prisma)


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
