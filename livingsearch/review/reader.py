"""Read a review's file; whatever is wrong with it is said with line, field and what is allowed."""

import hashlib
from pathlib import Path as FilePath

from pydantic import ValidationError

from livingsearch.review.model import File, Review
from livingsearch.review.problems import sense_problems, shape_problems
from livingsearch.review.queries import sources_of
from livingsearch.review.toml_file import bytes_of, content_of, refusal, text_of

MAX_BYTES = 1_000_000
"""A review's file is written by hand; the longest published searches take a tenth of this."""


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
    return review_of(bytes_of(path, MAX_BYTES, "a review's file"), path)


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
    text = text_of(path, data)
    content = content_of(path, text)
    try:
        file = File.model_validate(content)
    except ValidationError as error:
        raise refusal(path, text, shape_problems(error)) from None
    problems = sense_problems(file)
    sources, unwritten = sources_of(file) if not problems else ((), [])
    if problems or unwritten:
        raise refusal(path, text, problems + unwritten)
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
        self_approval=file.publish.self_approval,
        known=file.known,
        text=text,
        sha256=hashlib.sha256(data).hexdigest(),
    )
