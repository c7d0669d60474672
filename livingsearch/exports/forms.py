"""The forms that a batch can be written in, as data."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from livingsearch.exports import endnote_xml, nbib, ris, table
from livingsearch.exports.report import BatchReport, Reports, each_report, loses_characters

Remark = tuple[str, Callable[[BatchReport], bool]]
"""What to say of reports, after "Reports that", and of which."""

_LEFT_OUT: Remark = ("hold control or invisible characters, which are left out", loses_characters)
_GUARDED: Remark = (
    "have cells that a spreadsheet would run as a formula, where an apostrophe stands in front",
    table.has_guarded_cell,
)
_NO_PMID: Remark = ("have no PMID, so their PMID line is empty", nbib.has_no_pmid)


@dataclass(frozen=True, slots=True)
class BatchForm:
    """How one form is written: `head`, records with `between` between two of them, `tail`.

    Attributes:
        name: as it is asked for.
        suffix: of file names, with the dot.
        record: writes one report.
        head: begins a file.
        between: stands between two records.
        tail: ends a file.
        remarks: what is said of some reports.
    """

    name: str
    suffix: str
    record: Callable[[BatchReport], bytes]
    head: bytes = b""
    between: bytes = b""
    tail: bytes = b""
    remarks: tuple[Remark, ...] = (_LEFT_OUT,)

    def pieces(self, reports: Reports) -> Iterator[bytes]:
        """Write reports as one file, whatever its size.

        Args:
            reports: a table or reports.

        Yields:
            The file in pieces of at most one record.
        """
        yield self.head
        between = b""
        for report in each_report(reports):
            yield between + self.record(report)
            between = self.between
        yield self.tail


RIS = BatchForm("ris", ".ris", ris.ris_reference, between=b"\n")
CSV = BatchForm("csv", ".csv", table.csv_row, head=table.HEAD, remarks=(_LEFT_OUT, _GUARDED))
ENDNOTE_XML = BatchForm("endnote-xml", ".xml", endnote_xml.endnote_record, head=endnote_xml.HEAD, tail=endnote_xml.TAIL)
NBIB = BatchForm("nbib", ".nbib", nbib.nbib_record, between=b"\n", remarks=(_LEFT_OUT, _NO_PMID))

FORMS: Mapping[str, BatchForm] = MappingProxyType({form.name: form for form in (RIS, CSV, ENDNOTE_XML, NBIB)})
"""All forms by name."""
