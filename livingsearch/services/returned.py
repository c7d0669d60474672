"""A file that a screening tool exported, held against the batches that were handed out; nothing is written."""

from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

from connectors.errors import FileEmpty, FileRefused, FormatUnknown
from connectors.exports import Limits, Part, open_export, parts_of, platform_named
from connectors.record import RawRecord, Record
from livingsearch.errors import ReturnRefused, UpdateRefused
from livingsearch.exports import TOOLS, BatchReport
from livingsearch.exports.back import (
    COVIDENCE_LISTS,
    DECISIONS,
    Batch,
    HandedOut,
    Reference,
    fields_of,
    joined,
    list_named,
    match,
    screened,
    tool_of,
)
from livingsearch.exports.back import Returned as Returned
from livingsearch.exports.ris import address_of
from livingsearch.services.batch_reports import batch_reports
from livingsearch.services.context import ReviewContext
from livingsearch.services.live_reports import report_name
from livingsearch.services.update_flows import frozen_flow

MAX_BYTES = 500_000_000
"""A larger file is refused."""

RETURNING_TOOLS = tuple(TOOLS)
"""Tools whose files are read back."""

LIST_NAMES = (*DECISIONS[:3], *(name for name in COVIDENCE_LISTS if name not in DECISIONS))
"""What it can mean to stand in a file."""


def read_back(
    context: ReviewContext, file: Path, tool: str | None = None, update: int | None = None, listed: str | None = None
) -> Returned:
    """Reads a file that a screening tool exported and says which reports of the batches it holds.

    Args:
        context: the review.
        file: to read; of an archive all parts that are exports, the others are named.
        tool: that exported it, one of `RETURNING_TOOLS`; told by the file where None.
        update: whose batch alone is asked about; None for all, and then reports are missed only of batches from
            which some came back.
        listed: one of `LIST_NAMES`: the decision on every reference of the file for which the file says none, or
            Covidence's list; by the file's name where None and the file is Covidence's.

    Returns:
        Each reference once, with its report, evidence and decision, or why it has no report; and the reports that did
        not come back. Nothing is written anywhere.

    Raises:
        ReturnRefused: the file cannot be opened, or a name is unknown.
        FileRefused: it is in no format that is read.
        UpdateRefused: the update is not closed.
        IdentityBroken: the counts do not add up.
    """
    if tool is not None and tool not in RETURNING_TOOLS:
        raise ReturnRefused(f"No tool is called {tool!r}; choose one of: {', '.join(RETURNING_TOOLS)}.")
    if listed is not None and listed not in LIST_NAMES:
        raise ReturnRefused(f"No list is called {listed!r}; choose one of: {', '.join(LIST_NAMES)}.")
    read = _read(file, tool)
    references = read.references
    seen = tool or tool_of(references, read.platform, file.name)
    named = read.lists if seen == "covidence" else [None] * len(references)
    batch = _handed_out(context, update)
    results = match(references, batch)
    said = [screened(one, seen, listed or by_name) for one, by_name in zip(references, named, strict=True)]
    return joined(file.name, seen, ", ".join(read.forms), references, results, said, batch, update, read.remarks)


def reference_of(raw: RawRecord, record: Record) -> Reference:
    """A record as read, as what it is matched by."""
    return Reference(
        position=raw.position,
        form=raw.form,
        payload=raw.payload,
        fields=fields_of(raw.payload),
        title=record.title,
        authors=record.authors,
        year=record.year,
        doi=record.doi,
        pmid=record.pmid,
    )


@dataclass(slots=True)
class _Read:
    """The references of a file and of all parts of an archive.

    Attributes:
        references: numbered through all parts.
        lists: Covidence's list, by the part's name, of each reference.
        forms: of the parts, each once.
        platform: whose the first part is that tells.
        remarks: on reading them.
    """

    references: list[Reference] = field(default_factory=list)
    lists: list[str | None] = field(default_factory=list)
    forms: list[str] = field(default_factory=list)
    platform: str | None = None
    remarks: list[str] = field(default_factory=list)


def _read(file: Path, tool: str | None) -> _Read:
    read = _Read()
    passed: list[FileRefused] = []
    try:
        if file.stat().st_size > MAX_BYTES:
            raise ReturnRefused(f"{file} is larger than {MAX_BYTES:,} bytes; export it in parts.")
        with file.open("rb") as opened:
            for part in parts_of(opened, file.name, Limits(most_bytes=MAX_BYTES)):
                try:
                    _read_part(part, tool, read)
                except (FormatUnknown, FileEmpty) as error:
                    # Rayyan packs a log beside the table of its references.
                    passed.append(error)
                    read.remarks.append(f"Passed over: {error}")
        if not read.forms:
            raise passed[0]
    except OSError as error:
        raise ReturnRefused(f"{file} cannot be read: {error.strerror or error}.") from error
    except FileRefused as error:
        raise type(error)(f"{error} Nothing was concluded from it.") from error
    return read


def _read_part(part: Part, tool: str | None, read: _Read) -> None:
    references: list[Reference] = []
    outside: list[int] = []
    before = len(read.references)
    export = open_export(part.file, part.name, platform_named(tool))
    for chunk in export.chunks(tables=False):
        references.extend(reference_of(raw, record) for raw, record in chunk.pairs)
        outside.extend(remnant.line for remnant in chunk.remnants)
    summary = export.summary()
    read.references.extend(replace(one, position=one.position + before) for one in references)
    read.lists.extend([list_named(part.name)] * len(references))
    read.forms.extend({summary.format} - set(read.forms))
    read.platform = read.platform or summary.platform
    read.remarks.extend(_remarks(summary.encoding, outside))


def _remarks(encoding: str, outside: list[int]) -> Iterator[str]:
    """What of the reading matters here; what databases left out of their records does not."""
    if not encoding.startswith("utf-8"):
        yield f"The file was read as {encoding}; check the accents."
    if outside:
        more = ", …" if len(outside) > 5 else ""
        yield f"Text that belongs to no reference begins in line {', '.join(map(str, outside[:5]))}{more}."


def _handed_out(context: ReviewContext, update: int | None) -> Batch:
    reports: list[HandedOut] = []
    with context.store.read() as con:
        rows = con.execute("SELECT update_number FROM update_closing ORDER BY update_number").fetchall()
        closed = [number for (number,) in rows]
        if not closed:
            raise UpdateRefused(
                f"No update of {context.review.slug} is closed yet, so no batch can come back; "
                f"run: livingsearch update {context.review.slug}"
            )
        for number in closed if update is None else [update]:
            with closing(batch_reports(con, context, frozen_flow(con, number))) as released:
                reports.extend(_slim(released, number))
        asked = {report.report_id for report in reports}
        all_released = con.execute("SELECT report_id, update_number FROM batch_report").fetchall()
    elsewhere = {name: number for report_id, number in all_released if (name := report_name(report_id)) not in asked}
    address = address_of(BatchReport("", context.review.report_url(""), 0))
    return Batch(reports, address, elsewhere)


def _slim(reports: Iterable[BatchReport], update: int) -> Iterator[HandedOut]:
    for report in reports:
        yield HandedOut(report.report_id, update, report.title, report.authors, report.year, report.doi, report.pmid)
