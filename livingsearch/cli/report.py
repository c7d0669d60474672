"""Commands that only look: prisma, doctor."""

from pathlib import Path
from typing import Annotated

import typer

from livingsearch.cli.show import show_checks, show_counts, show_json
from livingsearch.cli.state import State
from livingsearch.cli.work import AsJson, ReviewName
from livingsearch.ledger.diagram_svg import svg_diagram
from livingsearch.ledger.diagram_text import text_diagram
from livingsearch.ledger.flow import flow_to_dict
from livingsearch.services.doctor import examine
from livingsearch.services.reporting import flow_for, review_counts
from livingsearch.store.received import write_whole


def add_to(app: typer.Typer) -> None:
    """Adds these commands to the program."""
    app.command(epilog="Example: livingsearch prisma peer-support-personality-disorder --diagram")(prisma)
    app.command(epilog="Example: livingsearch doctor")(doctor)


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
    as_json: AsJson = False,
) -> None:
    """Show the PRISMA 2020 counts by update and source, and the flow diagram."""
    state: State = context.obj
    with state.review(review) as opened:
        counts = review_counts(opened)
    chosen = flow_for(counts, update)
    if svg is not None:
        write_whole(svg, svg_diagram(chosen).encode())
    if as_json:
        flows = [*counts.closed, *([counts.open] if counts.open else [])]
        show_json(
            {
                "updates": [flow_to_dict(f) for f in flows if update in (None, f.update)],
                "total": flow_to_dict(counts.total) if counts.total and update is None else None,
            }
        )
        return
    if diagram:
        typer.echo(text_diagram(chosen))
    else:
        show_counts(counts, update)
    if svg is not None:
        typer.echo(f"Flow diagram: {svg}")


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
