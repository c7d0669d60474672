"""A batch in as many files as the screening tools' limits ask for."""

from collections.abc import Callable, Iterator
from itertools import islice

from livingsearch.exports.report import BatchReport, Reports, each_report

Writer = Callable[[list[BatchReport]], bytes]
"""Writes reports as one file: `ris_batch`, `csv_batch`."""


def parts(reports: Reports, writer: Writer, max_records: int = 15_000, max_bytes: int = 50_000_000) -> Iterator[bytes]:
    """Write reports as files that a screening tool accepts.

    Args:
        reports: a table or reports.
        writer: writes one file.
        max_records: reports a file at most; the default is Covidence's limit.
        max_bytes: a file's size at most; likewise. A report that is larger by itself gets a file of its own.

    Yields:
        The files; together they hold every report once, in the order given. None for no reports.

    Raises:
        ValueError: a limit is below 1.
    """
    if max_records < 1 or max_bytes < 1:
        raise ValueError("a file must be allowed at least one record and one byte")
    remaining = each_report(reports)
    while chunk := list(islice(remaining, max_records)):
        yield from _fitting(chunk, writer, max_bytes)


def _fitting(chunk: list[BatchReport], writer: Writer, max_bytes: int) -> Iterator[bytes]:
    written = writer(chunk)
    if len(written) <= max_bytes or len(chunk) == 1:
        yield written
        return
    half = len(chunk) // 2
    yield from _fitting(chunk[:half], writer, max_bytes)
    yield from _fitting(chunk[half:], writer, max_bytes)
