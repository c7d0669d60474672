"""The manifest of an export: what a person says of a search that a platform ran and of the files that came of it."""

from collections.abc import Mapping
from pathlib import Path as FilePath
from typing import Annotated, Any, Literal

from pydantic import Field, PlainValidator, ValidationError

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
platform = "Ovid"
strategy = '''
1     peer$.mp. (2141)
'''
"""
"""A manifest that lacks nothing, for any export."""

NOT_SHOWN: Literal["not shown"] = "not shown"
"""Said in place of hits where a platform shows no number of results."""

AS_DECLARED: Literal["as declared"] = "as declared"
"""Said in place of a strategy that was run as the review declares it."""

Shown = int | Literal["not shown"]
"""Results that a platform showed."""


_MOST = 10**12


def _hits(value: object) -> Shown:
    if value == NOT_SHOWN:
        return NOT_SHOWN
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(
            f'{shown(value)} is not allowed; a whole number, or "{NOT_SHOWN}" where the platform shows none'
        )
    if not 0 <= value <= _MOST:
        raise ValueError(f"{shown(value)} is not allowed; {'0 or more' if value < 0 else f'at most {_MOST}'}")
    return value


class Manifest(Table):
    """The file; everything may be left out and be said elsewhere.

    Attributes:
        source: slug of the source that was searched.
        platform: where it was searched; held against what the review declares.
        date_searched: day of the search.
        hits: results that the platform showed, or that it shows none.
        exported_by: who searched and exported.
        strategy: the search as it was run, or that it was run as the review declares it.
        files: names of the export's files, which lie beside the manifest.
        read_as: read the files as this platform's where the signals in them mislead.
        columns: field by column's name, for a table that nobody knows.
        accept_mismatch: why the files may differ from what is declared.
    """

    source: Slug | None = None
    platform: OneLine | None = None
    date_searched: Day | None = None
    hits: Annotated[Shown, PlainValidator(_hits)] | None = None
    exported_by: OneLine | None = None
    strategy: Text | None = None
    files: tuple[OneLine, ...] | None = None
    read_as: OneLine | None = None
    columns: Mapping[str, str] = Field(default_factory=dict)
    accept_mismatch: OneLine | None = None

    def missing(self) -> tuple[str, ...]:
        """Names of the fields that every import needs and that it does not say.

        The files of an export may tell those in `TOLD_BY_FILES` instead.
        """
        return tuple(name for name in ASKED if getattr(self, name) is None)


ASKED = ("date_searched", "hits", "exported_by", "platform", "strategy")
"""What is asked of every export beside its source, in that order."""

TOLD_BY_FILES = frozenset({"platform", "strategy"})
"""What an export may tell by itself."""


def read_manifest(path: FilePath) -> Manifest:
    """Read and check a manifest.

    Args:
        path: the file, TOML in UTF-8.

    Returns:
        What it says.

    Raises:
        ReviewFileError: it cannot be read or used; the message names line, field and what is allowed.
    """
    return manifest_from(path, bytes_of(path, MAX_BYTES, "the manifest of an export"))


def manifest_from(path: FilePath, content: bytes) -> Manifest:
    """Read and check a manifest whose bytes are at hand.

    Args:
        path: of the file, for messages.
        content: its bytes.

    Returns:
        What it says.

    Raises:
        ReviewFileError: as for `read_manifest`.
    """
    text = text_of(path, content)
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
    if kind == "value_error":
        return Problem(path, str(error["ctx"]["error"]))
    return Problem(path, f"{shown(found)} is not allowed: {error['msg']}")
