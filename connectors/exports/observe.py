"""What a librarian should know of a file that was taken."""

from connectors.exports.limits import is_limit
from connectors.exports.platforms import MANAGERS, platform_named
from connectors.exports.tally import Tally, most_of


def observations(tally: Tally, declared: str | None) -> list[str]:
    """Sentences on a file.

    Args:
        tally: the counts over all of its records.
        declared: the platform that the person named, as they wrote it.

    Returns:
        One sentence an observation, the ones on the file before those on its records.
    """
    return [
        *_on_platform(declared, most_of(tally.seen)),
        *_on_text(tally),
        *tally.said,
        *_on_number(tally),
        *_on_records(tally),
    ]


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
        return ["Nothing in the file tells which platform wrote it; it was read by the common fields."]
    return []


def _on_text(tally: Tally) -> list[str]:
    said = []
    if tally.unended:
        said.append(f"{_count(tally.unended, 'record')} lacked an ER line.")
    if tally.outside:
        said.append(f"{_count(tally.outside, 'line')} of text outside of the records: kept as found.")
    return said


def _on_number(tally: Tally) -> list[str]:
    platform = most_of(tally.platforms)
    if not is_limit(platform, tally.records):
        return []
    return [
        f"The file holds exactly {tally.records:,} records, and {platform} may hand out no more at once: compare the "
        "number of results, and export the rest as another file if there is more."
    ]


def _on_records(tally: Tally) -> list[str]:
    said = []
    if len(tally.databases) > 1:
        each = ", ".join(f"{name} ({number})" for name, number in tally.databases.most_common())
        said.append(f"The file holds records of {len(tally.databases)} databases: {each}.")
    untitled = tally.records - tally.filled["title"]
    if untitled:
        said.append(f"{_count(untitled, 'record')} without a title.")
    if tally.shouted > 1 and 2 * tally.shouted >= tally.filled["title"]:
        many = "All titles are" if tally.shouted == tally.filled["title"] else f"{tally.shouted:,} titles are"
        said.append(f"{many} in capital letters.")
    if tally.records > 1:
        if not tally.filled["doi"]:
            said.append("No record has a DOI.")
        if not tally.filled["abstract"]:
            said.append("No record has an abstract.")
    repeated = tally.repeated()
    if repeated:
        said.append(f"{_count(repeated, 'record')} came with an accession number that the file had before.")
    return said


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
