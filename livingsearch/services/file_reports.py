"""What a person is told of a file that was read: its counts, and the text that belonged to no record."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from connectors.exports import Summary
from connectors.record import RECORD_SCHEMA, Remnant

FIELDS = tuple(RECORD_SCHEMA.names)
"""Fields of the canonical record, in order."""

_FIRST = 3
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class FileReport:
    """A file, or a part of an archive, that was read whole.

    Attributes:
        summary: its counts.
        first_outside: the first lines that belong to no record, each with its number in the file and cut at 200
            characters.
    """

    summary: Summary
    first_outside: tuple[Remnant, ...] = ()


@dataclass(frozen=True, slots=True)
class Declared:
    """What is known of the search behind an import.

    Attributes:
        date_searched: its day.
        hits_not_shown: the platform shows no number of results.
        exported_by: who searched and exported.
        platform: as a person said; None where only the files tell it.
        strategy: the search as it was run.
        strategy_from: `declared` by a person, or the `file`.
        columns: field by column in JSON, where a person gave it.
        accepted_mismatch: why the files may differ from what was declared.
    """

    date_searched: date
    hits_not_shown: bool
    exported_by: str | None
    platform: str | None
    strategy: str | None
    strategy_from: str | None
    columns: str | None
    accepted_mismatch: str | None


def report_of(summary: Summary, remnants: Iterable[Remnant]) -> FileReport:
    """The report of a file.

    Args:
        summary: its counts.
        remnants: text that belongs to no record, in the file's order; only the first ones are read.
    """
    first: list[Remnant] = []
    for remnant in remnants:
        lines = enumerate(remnant.text.split("\n"), remnant.line)
        first.extend(Remnant(number, text[:_LONGEST]) for number, text in lines if text.strip())
        if len(first) >= _FIRST:
            break
    return FileReport(summary, tuple(first[:_FIRST]))


def report_to_dict(report: FileReport) -> dict[str, Any]:
    """A report as JSON takes it.

    Args:
        report: of a file.

    Returns:
        Its `file`, `format`, `platform`, `records`, `record_starts`, `warnings` and the other counts; `filled` has
        every canonical field, also those that no record has.
    """
    told = asdict(report.summary)
    return {
        "file": told.pop("name"),
        **told,
        "filled": {name: report.summary.filled.get(name, 0) for name in FIELDS},
        "first_outside": [asdict(remnant) for remnant in report.first_outside],
    }
