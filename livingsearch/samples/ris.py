"""Lines of RIS, and what the platforms' records share."""

from livingsearch.samples.entries import Entry

KINDS = {"article": "JOUR", "book": "BOOK", "chapter": "CHAP", "dissertation": "THES", "report": "RPRT"}
"""RIS types by kind of publication."""

_QUARTERS = {"1": ("01", "Jan-Mar"), "2": ("04", "Apr-Jun"), "3": ("07", "Jul-Sep"), "4": ("10", "Oct-Dec")}


def line(tag: str, value: str) -> list[str]:
    """One line, or none where there is no value."""
    return [f"{tag}  - {value}"] if value else []


def quarter(entry: Entry) -> tuple[str, str]:
    """First month and name of the quarter in which an issue appeared.

    Args:
        entry: the record.

    Returns:
        Made up from the issue's number (1 to 4) where a volume seems to have four; else empty strings.
    """
    if entry.journal is None or entry.journal.online:
        return "", ""
    return _QUARTERS.get(entry.issue, ("", ""))
