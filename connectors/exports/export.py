"""One uploaded file, from bytes to Arrow tables of canonical records, in memory that does not grow with it."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import BinaryIO

from connectors.errors import RecordsLost
from connectors.exports.formats import Asked, Chunk
from connectors.exports.observe import observations
from connectors.exports.platforms import platform_named
from connectors.exports.registry import format_of
from connectors.exports.source import Source
from connectors.exports.tally import Summary, Tally, most_of


class Export:
    """An export that is open; made by `open_export`.

    Attributes:
        name: of the file, as messages show it.
        format: `ris`, `nbib`, …
        encoding: as detected.
        record_starts: how many records the file itself begins.
    """

    def __init__(self, source: Source, declared: str | None, columns: Mapping[str, str] | None) -> None:
        self._source, self._declared = source, declared
        self._asked = Asked(platform=platform_named(declared), columns=columns)
        self._format = format_of(source)
        self.name = source.name
        self.format = self._format.name
        self.encoding = self._format.encoding(source)
        self.record_starts = self._format.starts(source, self._asked)
        self._tally: Tally | None = None

    def chunks(self, first_position: int = 1, *, tables: bool = True, processes: int = 1) -> Iterator[Chunk]:
        """Read all records.

        What was yielded counts only when the iteration ends without an error: losses show at the end.

        Args:
            first_position: of the first record in its run; the others count on from there.
            tables: records as Arrow tables; else as pairs, for files that fit into memory.
            processes: that may work at once, this one among them.

        Yields:
            Some 2,000 records at a time, and the text around them, in the file's order.

        Raises:
            RecordsLost: the records read are not those that the file begins.
            FileDamaged: the file breaks its own format.
        """
        asked = replace(self._asked, first_position=first_position, tables=tables, processes=processes)
        tally = Tally()
        for chunk in self._format.chunks(self._source, asked):
            tally.merge(chunk.tally)
            yield chunk
        self._refuse_losses(tally)
        self._tally = tally

    def summary(self) -> Summary:
        """What the file held.

        Returns:
            The counts, once `chunks` was read to its end.

        Raises:
            RuntimeError: it was not.
        """
        tally = self._tally
        if tally is None:
            raise RuntimeError("the summary of an export is known when all of its chunks were read")
        years = (tally.first_year, tally.last_year) if tally.first_year and tally.last_year else None
        return Summary(
            name=self.name,
            format=self.format,
            platform=most_of(tally.platforms),
            encoding=self.encoding,
            record_starts=self.record_starts,
            records=tally.records,
            filled=dict(tally.filled),
            years=years,
            languages=dict(tally.languages.most_common()),
            databases=dict(tally.databases.most_common()),
            outside=tally.outside,
            warnings=(*self._guessed(), *observations(tally, self._declared)),
        )

    def _guessed(self) -> tuple[str, ...]:
        return () if self._format.binary else self._source.encoding.warnings

    def _refuse_losses(self, tally: Tally) -> None:
        name, starts = self.name, self.record_starts
        if tally.records != starts:
            raise RecordsLost(
                f"{name} begins {starts} records but {tally.records} could be told apart, so none was taken: "
                "export it again."
            )
        if tally.headless:
            raise RecordsLost(
                f"{name} ends {starts + tally.headless} records but begins only {starts} (a {self._format.start} "
                f"line is missing), so none was taken: export it again, or add the missing {self._format.start} lines."
            )
        if tally.foreign:
            raise RecordsLost(
                f"{name} holds {starts} records of one format and {tally.foreign} of another (RIS and PubMed's "
                ".nbib), so none was taken: split it into one file a format."
            )


def open_export(
    file: BinaryIO, name: str, platform: str | None = None, columns: Mapping[str, str] | None = None
) -> Export:
    """Look at an export: its encoding, its format and how many records it begins.

    Args:
        file: seekable; it stays the caller's, who keeps it open until the export was read.
        name: how the person calls it; only messages use it.
        platform: who wrote it, as the review declares it (`Ovid`, `Web of Science`); where it is None or
            says nothing, each record's own signals decide. Records that a reference manager rewrote are
            read in the manager's way all the same.
        columns: canonical field by column name, for a table that nobody knows.

    Returns:
        The export, nothing of it read yet.

    Raises:
        FileEmpty: there is nothing in the file.
        FormatUnknown: it is no export that this version reads.
        FileDamaged: a line without end.
    """
    return Export(Source(file, name), platform, columns)
