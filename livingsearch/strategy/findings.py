"""What can be said against a search: findings with codes, for people and for machines.

A finding is `fatal` where the search cannot be understood, so that it can be neither run nor translated; an
`error` where the platform would not do what is meant; a `warning` where it may miss or add records that nobody
meant; a `note` where a person should know what happens.
"""

from dataclasses import dataclass, field
from typing import Literal

from livingsearch.errors import SearchTextError
from livingsearch.strategy.tree import NOWHERE, Place, line_and_column

Severity = Literal["fatal", "error", "warning", "note"]
SEVERITIES: tuple[Severity, ...] = ("fatal", "error", "warning", "note")

CODES: dict[str, str] = {
    "S001": "the search cannot be read",
    "S002": "bracket without a partner",
    "S003": "quotation mark without a partner",
    "S004": "AND and OR mixed without brackets",
    "S005": "curly or foreign quotation mark",
    "S006": "character that only looks like a wildcard",
    "S007": "character that the platform turns into a space",
    "S008": "single quotation marks around a phrase",
    "S009": "operator not in capital letters",
    "S010": "invisible or unusual character",
    "S011": "nothing between two terms",
    "S012": "slot that a person has to fill",
    "F001": "unknown field tag",
    "F002": "field tag behind a group",
    "F003": "term without a field",
    "F004": "field that holds whole phrases only",
    "F005": "proximity in a field that has none",
    "F006": "nested field tags",
    "T001": "truncation too short",
    "T002": "truncation or wildcard inside a phrase or word",
    "T003": "truncation together with proximity",
    "T004": "truncation turns term mapping off",
    "T005": "term that matches far more than meant",
    "T006": "wildcard that the platform does not have",
    "L001": "line that nothing refers to",
    "L002": "reference to a line that is not there",
    "L003": "reference to a line below",
    "L004": "line numbers out of order",
    "R001": "term that another one covers",
    "R002": "term twice",
    "R003": "stop word",
    "R004": "AND NOT",
    "R005": "plural or singular missing",
    "R006": "spelling variant missing",
    "R007": "phrase that may not be in the phrase index",
    "R008": "words far apart",
    "S013": "operator inside quotation marks",
    "H001": "concept without subject headings",
    "H002": "concept without words of titles and abstracts",
    "M001": "limit to languages",
    "M002": "limit to dates",
}
"""Code → what it is about. S: syntax, F: fields, T: truncation, L: lines, R: terms, H: headings, M: limits."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing said against a search.

    Args:
        code: a key of CODES.
        severity: how bad it is on this platform.
        sentence: what is wrong and what the platform makes of it, for a librarian.
        place: in the search's text.
        problematic: the text as it stands.
        recommended: what to write instead; empty where a person has to think.
    """

    code: str
    severity: Severity
    sentence: str
    place: Place = field(default=NOWHERE)
    problematic: str = ""
    recommended: str = ""


def underlined(text: str, place: Place) -> str:
    """A place in a search as a person is shown it.

    Args:
        text: the search.
        place: a part of it; of one that runs over several lines the first is shown.

    Returns:
        The line of text (a window of at most 100 characters around the place) and a line of `^` below it.
    """
    start = min(place.start, len(text))
    begin = text.rfind("\n", 0, start) + 1
    end = text.find("\n", start)
    line = printable(text[begin : len(text) if end < 0 else end])
    at = start - begin
    length = max(1, min(place.end - start, len(line) - at))
    cut = max(0, at - 40)
    shown = line[cut : cut + 100]
    prefix, suffix = "…" * (cut > 0), "…" * (cut + 100 < len(line))
    marks = "^" * max(1, min(length, cut + 100 - at))
    return f"{prefix}{shown}{suffix}\n{' ' * (len(prefix) + at - cut)}{marks}"


def printable(text: str) -> str:
    """The same text, as long, with nothing in it that a terminal obeys."""
    return "".join([character if character.isprintable() else " " for character in text])


def printable_lines(text: str) -> str:
    """The same of a text of several lines."""
    return "\n".join(printable(line) for line in text.split("\n"))


def search_error(problem: str, text: str, place: Place, code: str = "S001") -> SearchTextError:
    """The error for a search that cannot be read.

    Args:
        problem: what was found and what was expected, one sentence without its full stop.
        text: the whole search.
        place: what to underline.
        code: a key of CODES.
    """
    line, column = line_and_column(text, place.start)
    return SearchTextError(problem, line, column, underlined=underlined(text, place), code=code)
