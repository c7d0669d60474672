"""Read a review's file; whatever is wrong with it is said with line, field and what is allowed."""

import hashlib
import re
import tomllib
from pathlib import Path as FilePath
from typing import Any

from pydantic import ValidationError

from livingsearch.errors import ReviewFileError
from livingsearch.review.locate import Path, Span, line_of, locate
from livingsearch.review.model import File, Review
from livingsearch.review.problems import Problem, dotted, sense_problems, shape_problems
from livingsearch.review.queries import sources_of

MAX_BYTES = 1_000_000
"""A review's file is written by hand; the longest published searches take a tenth of this."""

_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


def read_review(path: FilePath) -> Review:
    """Read and check a review's file.

    Args:
        path: the file, TOML in UTF-8.

    Returns:
        The review. A source whose query is not written down has the documented search's translation.

    Raises:
        ReviewFileError: the file cannot be read or used. The first problem in the file's order, what is
            missing last, is named with its line and field; how many more were found is said behind it.
    """
    return review_of(_bytes(path), path)


def review_of(data: bytes, path: FilePath) -> Review:
    """A review from the bytes of its file, which may be an earlier state of it.

    Args:
        data: TOML in UTF-8.
        path: what messages call the file.

    Returns:
        As for `read_review`.

    Raises:
        ReviewFileError: as for `read_review`.
    """
    text = _text(path, data)
    content = _content(path, text)
    try:
        file = File.model_validate(content)
    except ValidationError as error:
        raise _refusal(path, text, shape_problems(error)) from None
    problems = sense_problems(file)
    sources, unwritten = sources_of(file) if not problems else ((), [])
    if problems or unwritten:
        raise _refusal(path, text, problems + unwritten)
    return Review(
        slug=file.review.slug,
        title=file.review.title,
        version=file.review.version,
        registration=file.review.registration,
        contact=file.review.contact,
        time_zone=file.review.time_zone,
        base_url=file.review.base_url,
        retirement_plan=file.review.retirement_plan,
        search=file.search,
        sources=sources,
        preferred=file.dedup.preferred,
        approval=file.publish.approval,
        known=file.known,
        text=text,
        sha256=hashlib.sha256(data).hexdigest(),
    )


def _bytes(path: FilePath) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise ReviewFileError(path, None, "", "there is no such file") from None
    except OSError as error:
        raise ReviewFileError(path, None, "", f"the file cannot be read: {error.strerror}") from error
    if len(data) > MAX_BYTES:
        raise ReviewFileError(path, None, "", f"the file is larger than {MAX_BYTES:,} bytes; is it a review's file?")
    return data


def _text(path: FilePath, data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problem = "the file is not UTF-8: save it again as UTF-8 (the first letter that is not stands on this line)"
        raise ReviewFileError(path, line, "", problem) from None


def _content(path: FilePath, text: str) -> dict[str, Any]:
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


def _refusal(path: FilePath, text: str, problems: list[Problem]) -> ReviewFileError:
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
