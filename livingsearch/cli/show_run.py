"""What a run came to: counts, what was declared, what its files held."""

from dataclasses import asdict

import typer

from livingsearch.cli.as_json import show_json
from livingsearch.cli.numbers import counted
from livingsearch.cli.show_file import show_declared, show_file
from livingsearch.services.file_reports import report_to_dict
from livingsearch.services.runs import RunResult


def show_run(result: RunResult, *, as_json: bool) -> None:
    """Prints what a run came to."""
    if as_json:
        show_json({**asdict(result), "files": [report_to_dict(file) for file in result.files]})
        return
    if result.repeated:
        typer.echo(f"{result.source}: this run is already part of update {result.update}; nothing was changed.")
    typer.echo(
        f"{result.source}, run {result.run_id} of update {result.update}: {counted(result.received, 'record')}, "
        f"{result.first_seen:,} not seen in this source before, {result.changed:,} with changed metadata"
    )
    if result.declared:
        show_declared(result.declared, result.hits)
    for warning in result.warnings:
        typer.echo(f"  Note: {warning}")
    for file in result.files:
        show_file(file, notes=False)
