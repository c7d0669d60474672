"""A batch as a set of files that a tool accepts: split at its limits, written in one pass, whole or not at all."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from livingsearch.errors import IdentityBroken
from livingsearch.exports.forms import BatchForm
from livingsearch.exports.report import BatchReport
from livingsearch.exports.tools import STRICTEST, Limits
from livingsearch.store.received import PendingFile

_NAMED = 3


@dataclass(frozen=True, slots=True)
class WrittenPart:
    """One file of a batch.

    Attributes:
        path: where it lies.
        reports: how many it holds.
        size: in bytes.
    """

    path: Path
    reports: int
    size: int


@dataclass(frozen=True, slots=True)
class WrittenParts:
    """The files of a batch in one form.

    Attributes:
        parts: in the order of the reports; one empty file for a batch without any.
        remarks: what whoever uploads them should know, one sentence each.
    """

    parts: tuple[WrittenPart, ...]
    remarks: tuple[str, ...]


@dataclass(slots=True)
class _Part:
    file: PendingFile
    reports: int = 0
    size: int = 0
    last: str = ""

    def write(self, content: bytes) -> None:
        self.file.write(content)
        self.size += len(content)


@dataclass(slots=True)
class PartWriter:
    """Takes reports one by one; keeps none of them.

    Attributes:
        form: to write.
        path: the file's path if the batch needs only one.
        limits: of one file; a report that is larger by itself gets a file of its own.
    """

    form: BatchForm
    path: Path
    limits: Limits = STRICTEST
    _parts: list[_Part] = field(default_factory=list)
    _remarked: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    _counted: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def add(self, report: BatchReport) -> None:
        """Writes a report.

        Raises:
            StoreFull: there is no room.
        """
        record = self.form.record(report)
        part = self._parts[-1] if self._parts else self._begin()
        if part.reports and not self._fits(part, record):
            self._end(part)
            part = self._begin()
        part.write(self.form.between + record if part.reports else record)
        part.reports, part.last = part.reports + 1, report.report_id
        for words, holds in self.form.remarks:
            if holds(report):
                self._remark(words, report.report_id)

    def publish(self, expected: int) -> WrittenParts:
        """Gives the files their names, and removes files of an earlier set that was split otherwise.

        Args:
            expected: reports of the batch.

        Raises:
            IdentityBroken: other reports were written; no file gets its name.
            StoreFull: there is no room.
        """
        self._end(self._parts[-1] if self._parts else self._begin())
        written = sum(part.reports for part in self._parts)
        if written != expected:
            raise IdentityBroken(
                f"The batch has {expected:,} reports but {written:,} were written to {self.path.name}, so no file was "
                "left there; run livingsearch doctor."
            )
        paths = part_paths(self.path, len(self._parts))
        for part, path in zip(self._parts, paths, strict=True):
            part.file.publish(path)
        for stale in set(_siblings(self.path)) - set(paths):
            with suppress(OSError):
                stale.unlink()
        parts = tuple(WrittenPart(path, p.reports, p.size) for p, path in zip(self._parts, paths, strict=True))
        return WrittenParts(parts, tuple(self._sentences()))

    def discard(self) -> None:
        """Removes what was not published."""
        for part in self._parts:
            part.file.discard()

    def _fits(self, part: _Part, record: bytes) -> bool:
        size = part.size + len(self.form.between) + len(record) + len(self.form.tail)
        references, most = self.limits.references, self.limits.size
        return (references is None or part.reports < references) and (most is None or size <= most)

    def _begin(self) -> _Part:
        part = _Part(PendingFile(self.path))
        self._parts.append(part)
        part.write(self.form.head)
        return part

    def _end(self, part: _Part) -> None:
        part.write(self.form.tail)
        part.file.complete()
        if self.limits.size is not None and part.reports and part.size > self.limits.size:
            self._remark(f"are larger than {self.limits.size:,} bytes, so the tool may refuse their file", part.last)

    def _remark(self, words: str, report_id: str) -> None:
        self._counted[words] += 1
        if len(self._remarked[words]) < _NAMED:
            self._remarked[words].append(report_id)

    def _sentences(self) -> Iterator[str]:
        for words, names in self._remarked.items():
            more = self._counted[words] - len(names)
            named = ", ".join(names) + (f" and {more:,} more" if more else "")
            yield f"Reports that {words}: {self._counted[words]:,} ({named})."


@contextmanager
def part_writer(form: BatchForm, path: Path, limits: Limits = STRICTEST) -> Iterator[PartWriter]:
    """A writer whose files vanish unless they are published.

    Args:
        form: to write.
        path: the file's path if the batch needs only one.
        limits: of one file.
    """
    writer = PartWriter(form, path, limits)
    try:
        yield writer
    finally:
        writer.discard()


def part_paths(path: Path, parts: int) -> list[Path]:
    """Names of a set of files: `x.ris`, or `x-part01-of-12.ris` and so on, which sort in their order.

    Args:
        path: of the only file.
        parts: how many there are.
    """
    if parts == 1:
        return [path]
    width = max(2, len(str(parts)))
    return [path.with_stem(f"{path.stem}-part{n:0{width}}-of-{parts:0{width}}") for n in range(1, parts + 1)]


def written_paths(path: Path) -> tuple[Path, ...]:
    """The files of a set that was published, in order.

    Args:
        path: of the only file if there was one.
    """
    return tuple(sorted(_siblings(path)))


def _siblings(path: Path) -> Sequence[Path]:
    """Files of any set of that path; earlier versions did not write `-of-NN`."""
    name = re.compile(re.escape(path.stem) + r"(?:-part\d{2,}(?:-of-\d{2,})?)?" + re.escape(path.suffix))
    return [found for found in path.parent.iterdir() if name.fullmatch(found.name)] if path.parent.is_dir() else []
