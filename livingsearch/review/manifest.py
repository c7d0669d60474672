"""The manifest of an export: what a person says of a search that a platform ran and of the files that came of it."""

from collections.abc import Mapping
from pathlib import Path as FilePath
from typing import Annotated, Any

from pydantic import Field, StrictInt, ValidationError

from livingsearch.review.fields import Day, OneLine, Slug, Text, shown
from livingsearch.review.locate import Path
from livingsearch.review.model import Table
from livingsearch.review.problems import EXPECTED, Problem, choice, wrong_type
from livingsearch.review.toml_file import bytes_of, content_of, refusal, text_of

MAX_BYTES = 1_000_000
"""A manifest may hold a long strategy, nothing longer."""

EXAMPLE = """date_searched = 2025-08-15
hits = 2141
exported_by = "A librarian"
"""
"""The least that a manifest says where nobody can be asked."""


class Manifest(Table):
    """The file; everything may be left out and be said elsewhere.

    Attributes:
        source: slug of the source that was searched.
        platform: where it was searched; held against what the review declares.
        date_searched: day of the search.
        hits: results that the platform showed.
        exported_by: who searched and exported.
        strategy: the search as it was run.
        files: names of the export's files, which lie beside the manifest.
        read_as: read the files as this platform's where the signals in them mislead.
        columns: field by column's name, for a table that nobody knows.
        accept_mismatch: why the files may differ from what is declared.
    """

    source: Slug | None = None
    platform: OneLine | None = None
    date_searched: Day | None = None
    hits: Annotated[StrictInt, Field(ge=0)] | None = None
    exported_by: OneLine | None = None
    strategy: Text | None = None
    files: tuple[OneLine, ...] | None = None
    read_as: OneLine | None = None
    columns: Mapping[str, str] = Field(default_factory=dict)
    accept_mismatch: OneLine | None = None

    def missing(self) -> list[str]:
        """What it must say to be imported without asking anybody, and does not."""
        said = {"date_searched": self.date_searched, "hits": self.hits, "exported_by": self.exported_by}
        return [name for name, value in said.items() if value is None]


def read_manifest(path: FilePath) -> Manifest:
    """Read and check a manifest.

    Args:
        path: the file, TOML in UTF-8.

    Returns:
        What it says.

    Raises:
        ReviewFileError: it cannot be read or used; the message names line, field and what is allowed.
    """
    text = text_of(path, bytes_of(path, MAX_BYTES, "the manifest of an export"))
    try:
        manifest = Manifest.model_validate(content_of(path, text))
    except ValidationError as error:
        raise refusal(path, text, [_problem(one) for one in error.errors(include_url=False)]) from None
    problems = [
        Problem(("files", place), f"{shown(name)} is not allowed; the bare name of a file beside the manifest")
        for place, name in enumerate(manifest.files or ())
        if "/" in name or "\\" in name or name.startswith(".")
    ]
    if problems:
        raise refusal(path, text, problems)
    return manifest


def _problem(error: Mapping[str, Any]) -> Problem:
    path: Path = tuple(error["loc"])
    kind, found = error["type"], error["input"]
    if kind == "extra_forbidden":
        return Problem(path, f"is no field of a manifest; {choice(str(path[-1]), list(Manifest.model_fields))}")
    if kind in EXPECTED:
        return Problem(path, wrong_type(path, found, EXPECTED[kind]))
    if kind == "greater_than_equal":
        return Problem(path, f"{shown(found)} is not allowed; 0 or more")
    if kind == "value_error":
        return Problem(path, str(error["ctx"]["error"]))
    return Problem(path, f"{shown(found)} is not allowed: {error['msg']}")
