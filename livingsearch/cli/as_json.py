"""Results as JSON instead of a table."""

import json
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]


def show_json(value: Mapping[str, Any] | Sequence[Any]) -> None:
    """Prints a value as JSON; paths, dates and instants as text."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))
