"""The command that deduplicates: files without a review, or a review."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from livingsearch.cli.as_json import AsJson, show_json
from livingsearch.cli.numbers import counted
from livingsearch.cli.state import State
from livingsearch.services.dedup_files import FilesDeduplicated, Outputs, deduplicate_files
from livingsearch.strategy.plain_text import on_one_line

_BASE = "data/samples/base"


def add_to(app: typer.Typer) -> None:
    """Adds the command to the program."""
    app.command(
        epilog="Example: livingsearch dedup --review peer-support-personality-disorder\n\n"
        f"Example: livingsearch dedup {_BASE}/ovid-medline.ris {_BASE}/ovid-embase.ris {_BASE}/pubmed.xml\n\n"
        f"Example: livingsearch dedup {_BASE}/ovid-medline.ris {_BASE}/ebsco-cinahl.ris --to deduplicated.ris "
        "--pairs pairs.csv\n\n"
        "Example: livingsearch dedup data/samples/records.csv --groups groups.csv --queue queue.csv --json"
    )(dedup)


def dedup(
    context: typer.Context,
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            help="Exports, packed ones too, or tables of records (CSV, Parquet); no review is needed.",
            show_default=False,
        ),
    ] = None,
    review: Annotated[
        str | None, typer.Option("--review", help="Instead of files: the review whose records are compared.")
    ] = None,
    to: Annotated[
        Path | None,
        typer.Option(help="Write one record a report: .ris, .csv, .nbib or .xml (EndNote).", show_default=False),
    ] = None,
    pairs: Annotated[
        Path | None, typer.Option(help="Write every pair with its reason to this CSV file.", show_default=False)
    ] = None,
    groups: Annotated[
        Path | None,
        typer.Option(
            help="Write record_id,predicted_cluster to this CSV file; the tables need a column record_id.",
            show_default=False,
        ),
    ] = None,
    queue: Annotated[
        Path | None,
        typer.Option(help="Write the pairs to look at: record_id_a,record_id_b,rule,score.", show_default=False),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Group records that report the same thing: those of files, or of a review (update does that by itself).

    Nothing is deleted: every record stays in its report. What is not certain is not merged but listed as possible.
    """
    state: State = context.obj
    outputs = Outputs(to=to, groups=groups, queue=queue, pairs=pairs)
    if bool(files) == bool(review):
        raise typer.BadParameter("Name files, or a review with --review NAME.", param_hint="FILES")
    if review:
        if outputs.paths:
            raise typer.BadParameter("Outputs are for files; of a review use pairs list and batch.", param_hint="--to")
        _deduplicate_review(state, review, as_json=as_json)
        return
    with state.watching() as watch:
        found = deduplicate_files(files or [], state.settings, outputs, watch)
    if as_json:
        show_json(asdict(found))
    else:
        _show(found)


def _deduplicate_review(state: State, review: str, *, as_json: bool) -> None:
    # Imported here: files without a review need nothing of this.
    from livingsearch.services.deduplicate import deduplicate_review

    with state.review(review) as opened:
        result = deduplicate_review(opened)
    if as_json:
        show_json(asdict(result))
        return
    typer.echo(
        f"{counted(result.compared, 'record')} compared with everything: {counted(result.reports, 'report')}, "
        f"{counted(result.duplicates, 'pair')} of duplicates, {counted(result.possible, 'pair')} for a person to decide"
    )
    if result.capped_keys:
        typer.echo(f"  {_capped_told(result.capped_keys, result.dropped_pairs)}")


def _capped_told(keys: int, dropped: int) -> str:
    """What the cap on block keys kept from being compared."""
    return (
        f"{keys:,} block keys are shared by too many records to compare each with each: "
        f"{dropped:,} of their pairs agree in no other field by which records meet, and were not compared."
    )


def _show(found: FilesDeduplicated) -> None:
    console = Console(highlight=False)
    for file in found.files:
        console.print(Text(f"{file.file}: {counted(file.records, 'record')}"), soft_wrap=True)
        for note in file.notes:
            console.print(Text(f"Note: {on_one_line(note)}"))
    console.print(
        f"{counted(found.records, 'record')}: {counted(found.reports, 'report')}, "
        f"{counted(found.duplicates, 'duplicate')}, {counted(found.to_look_at, 'pair')} that a person should look at"
    )
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("Pairs", no_wrap=True)
    table.add_column("Rule", overflow="fold")
    table.add_column("Number", justify="right", no_wrap=True)
    for outcome, rules in found.pairs.items():
        for rule, number in rules.items():
            table.add_row(outcome, Text(rule), f"{number:,}")
    if table.row_count:
        console.print(table)
    if found.capped_keys:
        console.print(_capped_told(found.capped_keys, found.dropped_pairs))
    for written in found.written:
        console.print(Text(f"{written.path}: {written.rows:,} {written.what}"), soft_wrap=True)
