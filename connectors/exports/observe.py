"""What a librarian should know of a file that was taken."""

from collections import Counter
from collections.abc import Sequence

from connectors.exports.platforms import MANAGERS, platform_named
from connectors.exports.prepass import Tagged, is_blank
from connectors.record import Record


def observations(tagged: Tagged, records: Sequence[Record], declared: str | None, detected: str | None) -> list[str]:
    """Sentences on a file.

    Args:
        tagged: its records before they had a meaning.
        records: the same in canonical fields.
        declared: the platform that the person named, as they wrote it.
        detected: the platform that the file's own signals name.

    Returns:
        One sentence an observation, the ones on the file before those on its records.
    """
    return [*_on_platform(declared, detected), *_on_text(tagged), *_on_records(records)]


def _on_platform(declared: str | None, detected: str | None) -> list[str]:
    known = platform_named(declared)
    if declared and known is None:
        return [f"No platform is known as “{declared[:60]}”, so the file's own signals decided how it was read."]
    if known and detected and known != detected:
        return [f"The file was declared as an export of {known}, but its records look like those of {detected}."]
    if detected in MANAGERS:
        return [
            f"The file was written by {detected}, not by a database: it may have been edited, and what the "
            "database said beyond the common fields is gone."
        ]
    if known is None and detected is None:
        return ["Nothing in the file tells which platform wrote it; it was read by the common RIS fields."]
    return []


def _on_text(tagged: Tagged) -> list[str]:
    said = []
    unended = sum(not record.ended for record in tagged.records)
    if unended:
        said.append(f"{_count(unended, 'record')} lacked an ER line.")
    outside = sum(not is_blank(line) for part in tagged.remnants for line in part.text.split("\n"))
    if outside:
        said.append(f"{_count(outside, 'line')} of text outside of the records: kept as found.")
    return said


def _on_records(records: Sequence[Record]) -> list[str]:
    said = []
    databases = Counter(record.database for record in records if record.database)
    if len(databases) > 1:
        each = ", ".join(f"{name} ({number})" for name, number in databases.most_common())
        said.append(f"The file holds records of {len(databases)} databases: {each}.")
    untitled = sum(record.title is None for record in records)
    if untitled:
        said.append(f"{_count(untitled, 'record')} without a title.")
    if len(records) > 1:
        if not any(record.doi for record in records):
            said.append("No record has a DOI.")
        if not any(record.abstract for record in records):
            said.append("No record has an abstract.")
    repeated = sum(n - 1 for n in Counter(r.accession for r in records if r.accession).values())
    if repeated:
        said.append(f"{_count(repeated, 'record')} came with an accession number that the file had before.")
    return said


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
