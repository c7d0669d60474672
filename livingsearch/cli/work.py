"""Commands that change a review: init, update, search, import, batch."""

from datetime import date
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from connectors.exports import PLATFORMS
from livingsearch.cli.arguments import ReviewName, SourceName
from livingsearch.cli.as_json import AsJson, show_json
from livingsearch.cli.importing import ASKED_AT_ONCE, asking_in, hits_from, strategy_from
from livingsearch.cli.numbers import counted
from livingsearch.cli.show import show_batch, show_tool_files, show_update, tell_inbox
from livingsearch.cli.show_run import show_run
from livingsearch.cli.state import State
from livingsearch.services.batches import (
    FORM_NAMES,
    TOOL_NAMES,
    last_closed_update,
    write_batch,
    write_for_tool,
)
from livingsearch.services.context import init_review
from livingsearch.services.look import columns_from
from livingsearch.services.manifests import described, import_by_manifest
from livingsearch.services.reporting import flow_for, review_counts
from livingsearch.services.searches import count_source, search_source
from livingsearch.services.updates import run_update
from livingsearch.services.windows import OVERLAP, SHORTEST_OVERLAP

_EXAMPLE = "peer-support-personality-disorder"

UpdateNumber = Annotated[
    int | None,
    typer.Option(min=1, help="The update that is meant; else the open one, or the next.", show_default=False),
]


def add_to(app: typer.Typer) -> None:
    """Adds these commands to the program."""
    app.command(epilog=f"Example: livingsearch init data/reviews/{_EXAMPLE}/review.toml")(init)
    app.command(epilog=f"Example: livingsearch search {_EXAMPLE} pubmed")(search)
    app.command(
        "import",
        epilog=f"Example: livingsearch import {_EXAMPLE} medline-ovid data/samples/base/ovid-medline.ris "
        "--date-searched 2023-12-31\n\n"
        f"Example: livingsearch import {_EXAMPLE} embase-ovid data/samples/base/ovid-embase.ris "
        "--date-searched 2023-12-31 --hits 68 --exported-by 'A librarian'",
    )(import_)
    app.command(epilog=f"Example: livingsearch update {_EXAMPLE} --close-now")(update)
    app.command(
        epilog=f"Example: livingsearch batch {_EXAMPLE} --update 1\n\n"
        f"Example: livingsearch batch {_EXAMPLE} --for covidence\n\n"
        f"Example: livingsearch batch {_EXAMPLE} --for rayyan --format csv --json\n\n"
        f"Example: livingsearch batch {_EXAMPLE} --format endnote-xml"
    )(batch)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no day; write it as 2025-08-15.") from None


def init(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="The review file; it is checked and copied into the workspace.")],
) -> None:
    """Make a review's folder and database from its review.toml."""
    state: State = context.obj
    made = init_review(state.settings, file)
    typer.echo(f"{made.review.slug}: {len(made.review.sources)} sources, in {made.folder.path}")


def search(
    context: typer.Context,
    review: ReviewName,
    source: SourceName,
    count: Annotated[bool, typer.Option("--count", help="Only count the results; nothing is kept.")] = False,
    window: Annotated[
        bool,
        typer.Option(
            "--window",
            help="Only records that the source took up since its last search. A full search loses none: make one now "
            "and then.",
        ),
    ] = False,
    overlap: Annotated[
        int, typer.Option(min=SHORTEST_OVERLAP, metavar="DAYS", help="By how much a window reaches back.")
    ] = OVERLAP,
    as_json: AsJson = False,
) -> None:
    """Search one source that has an API now, into the open update."""
    state: State = context.obj
    reach = overlap if window else None
    with state.review(review) as opened:
        if count:
            hits = count_source(opened, source, overlap=reach)
            if as_json:
                show_json({"source": source, "hits": hits})
            else:
                typer.echo(f"{source}: {counted(hits, 'record')}")
            return
        result = search_source(opened, source, overlap=reach)
    show_run(result, as_json=as_json)


def import_(
    context: typer.Context,
    review: ReviewName,
    source: SourceName,
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="The export, also packed; several files where the platform made parts; none for --hits 0."),
    ] = None,
    date_searched: Annotated[
        date | None,
        typer.Option(
            parser=_day, metavar="YYYY-MM-DD", help="Day on which the platform was searched.", show_default=False
        ),
    ] = None,
    hits: Annotated[
        str | None,
        typer.Option(help="Results that the platform showed; checked.", metavar="NUMBER|not-shown", show_default=False),
    ] = None,
    update: UpdateNumber = None,
    platform: Annotated[
        str | None, typer.Option(help=f"Read the file as this platform's: {', '.join(PLATFORMS)}.", show_default=False)
    ] = None,
    searched_on: Annotated[
        str | None,
        typer.Option(
            help="Platform that was searched, where the file does not tell it; held against review.toml.",
            metavar="PLATFORM",
            show_default=False,
        ),
    ] = None,
    exported_by: Annotated[
        str | None, typer.Option(help="Who searched and exported; kept.", metavar="NAME", show_default=False)
    ] = None,
    strategy: Annotated[
        str | None,
        typer.Option(
            help="A text file with the search as it was run, or as-declared where that is review.toml's; else taken "
            "from Ovid's export where that holds it.",
            metavar="FILE|as-declared",
            show_default=False,
        ),
    ] = None,
    columns: Annotated[
        str | None,
        typer.Option(
            help="What the columns of a table hold.", metavar="'Titel=title,Autor=authors'", show_default=False
        ),
    ] = None,
    manifest: Annotated[
        Path | None,
        typer.Option(
            help="A TOML file that says all this; else export.toml beside export.ris, or a manifest.toml that names "
            "the files. What is typed goes before what it says.",
            show_default=False,
        ),
    ] = None,
    accept_mismatch: Annotated[
        str | None,
        typer.Option(help="Why the file may differ from what is declared; kept.", metavar="REASON", show_default=False),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Take in what was exported from a database without an API, into the open update.

    Date, results shown, who exported, platform and strategy have to be known: from the options, from a manifest, the
    last two from the file where it tells them. What is missing is asked for in a terminal.
    """
    state: State = context.obj
    paths = files or []
    try:
        shown = None if hits is None else hits_from(hits)
    except typer.BadParameter as error:
        raise typer.BadParameter(error.message, param_hint="'--hits'") from None
    typed = {
        "date_searched": date_searched,
        "hits": shown,
        "read_as": platform,
        "platform": searched_on,
        "exported_by": exported_by,
        "strategy": strategy_from(strategy) if strategy else None,
        "columns": columns_from(columns) if columns else None,
        "accept_mismatch": accept_mismatch,
    }
    said = described(paths, source, manifest, typed)
    with state.review(review) as opened:
        ask = asking_in(opened)
        said = ask(said, tuple(name for name in said.missing() if name in ASKED_AT_ONCE))
        result = import_by_manifest(opened, source, paths, said, update=update, ask=ask)
    show_run(result, as_json=as_json)


def update(
    context: typer.Context,
    review: ReviewName,
    number: UpdateNumber = None,
    close_now: Annotated[
        bool, typer.Option("--close-now", help="Close without what has not come; it is marked 'not searched'.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Bring the update as far as it goes: search, deduplicate, close, write the batch."""
    state: State = context.obj
    with state.review(review) as opened:
        outcome = run_update(opened, number=number, close_now=close_now, tell_inbox=partial(tell_inbox, err=as_json))
        counts = review_counts(opened)
    flow = flow_for(counts, outcome.number)
    show_update(outcome, flow, counts.turnover.get(outcome.number, ()), as_json=as_json)


def batch(
    context: typer.Context,
    review: ReviewName,
    update: Annotated[
        int | None, typer.Option(min=1, help="The update that released it; else the last.", show_default=False)
    ] = None,
    tool: Annotated[
        str | None,
        typer.Option(
            "--for", help=f"Write it for this tool, within its limits: {', '.join(TOOL_NAMES)}.", show_default=False
        ),
    ] = None,
    form: Annotated[
        str | None,
        typer.Option("--format", help=f"Write it in this form: {', '.join(FORM_NAMES)}.", show_default=False),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write the batch of a closed update: for one tool or in one form, else RIS, CSV, counts and diagram."""
    state: State = context.obj
    with state.review(review) as opened:
        number = update or last_closed_update(opened)
        if tool or form:
            show_tool_files(write_for_tool(opened, number, tool, form), as_json=as_json)
            return
        files = write_batch(opened, number)
    show_batch(files, as_json=as_json)
