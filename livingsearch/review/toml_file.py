"""Files in TOML that people write by hand; what is wrong with one is said with its line."""

import re
import tomllib
from pathlib import Path as FilePath
from typing import Any

from livingsearch.errors import ReviewFileError
from livingsearch.review.locate import Path, Span, line_of, locate
from livingsearch.review.problems import Problem, dotted

_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


def bytes_of(path: FilePath, limit: int, kind: str) -> bytes:
    """The bytes of a file.

    Args:
        path: the file.
        limit: bytes that it may have.
        kind: what it should be, as `a review's file`.

    Raises:
        ReviewFileError: it cannot be read or is too large.
    """
    try:
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except FileNotFoundError:
        raise ReviewFileError(path, None, "", "there is no such file") from None
    except OSError as error:
        raise ReviewFileError(path, None, "", f"the file cannot be read: {error.strerror}") from error
    if len(data) > limit:
        raise ReviewFileError(path, None, "", f"the file is larger than {limit:,} bytes; is it {kind}?")
    return data


def text_of(path: FilePath, data: bytes) -> str:
    """Its text.

    Raises:
        ReviewFileError: it is not UTF-8.
    """
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problem = "the file is not UTF-8: save it again as UTF-8 (the first letter that is not stands on this line)"
        raise ReviewFileError(path, line, "", problem) from None


def content_of(path: FilePath, text: str) -> dict[str, Any]:
    """What the text says.

    Raises:
        ReviewFileError: it is not TOML.
    """
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise ReviewFileError(path, None, "", "lists or tables stand too deep inside one another") from None
    except tomllib.TOMLDecodeError as error:
        raise _no_toml(path, text, str(error)) from None
    except ValueError:
        raise ReviewFileError(path, None, "", "this is not TOML: a number has thousands of digits") from None


def _no_toml(path: FilePath, text: str, message: str) -> ReviewFileError:
    place = _PLACE.search(message)
    what = message[: place.start()] if place else message
    if what == "Invalid value":
        what += "; text needs quotation marks"
    if place is None:
        return ReviewFileError(path, None, "", f"this is not TOML: {what}")
    if place[1] is None:
        last = text.rstrip().count("\n") + 1
        return ReviewFileError(path, last, "", f"this is not TOML: {what}, where the file ends")
    return ReviewFileError(path, int(place[1]), "", f"this is not TOML at column {place[2]}: {what}")


def refusal(path: FilePath, text: str, problems: list[Problem]) -> ReviewFileError:
    """The error that names the first problem, and how many more there are.

    Args:
        path: the file.
        text: of the file.
        problems: at least one.
    """
    spans = locate(text)
    lines = [_line(spans, problem) for problem in problems]
    # What stands in the file comes before what is missing: a misspelt name is the cause of a missing one.
    first = min(range(len(problems)), key=lambda place: (problems[place].path not in spans, lines[place] or 0, place))
    more = len(problems) - 1
    tail = f" ({more} more problem{'s' if more > 1 else ''} in this file)" if more else ""
    return ReviewFileError(path, lines[first], dotted(problems[first].path), problems[first].words + tail)


def _line(spans: dict[Path, Span], problem: Problem) -> int | None:
    span = spans.get(problem.path)
    if span is None:
        return line_of(spans, problem.path)
    # Within a value of several lines the mistake has a line of its own.
    return span.line if problem.text_line is None else min(span.first + problem.text_line - 1, span.last)
