"""Batches out: what stands in the files, and that hostile text loses no report."""

import csv
import io
from collections.abc import Callable
from dataclasses import asdict, replace

import pyarrow as pa
import pytest
import rispy
from hypothesis import example, given, settings
from hypothesis import strategies as st

from livingsearch.exports.parts import parts
from livingsearch.exports.report import NO_TITLE, BatchReport, bare_doi, each_report, one_line
from livingsearch.exports.ris import reference_type, ris_batch
from livingsearch.exports.table import COLUMNS, csv_batch, guarded, unguarded

WHOLE = BatchReport(
    report_id="R000123",
    url="https://example.org/reports/R000123",
    update=2,
    title="Peer support for borderline personality disorder:\n a qualitative study",
    authors=("Barr, Karlen R.", "Kokanović, Renata", "Royal College of Psychiatrists"),
    year=2022,
    journal="Advances in Mental Health",
    journal_abbreviation="Adv Ment Health",
    volume="20",
    issue="1",
    pages="74-85",
    doi="https://doi.org/10.1080/18387357.2021.1997097",
    pmid="34567890",
    abstract="AIM: To ask.\nMETHODS: We asked.",
    keywords=("Peer support", "Borderline Personality Disorder/therapy"),
    languages=("eng",),
    publication_types=("Journal Article", "Case Reports"),
    issns=("1838-7357", "1837-4905"),
    accessions=("pubmed:34567890", "embase-ovid:2014"),
    sources=("PubMed (NCBI)", "Embase (Ovid)"),
    possible_duplicates=("R000007", "R000099"),
    notices=("retracted",),
)

GOLDEN = """\
TY  - JOUR
TI  - Peer support for borderline personality disorder: a qualitative study
AU  - Barr, Karlen R.
AU  - Kokanović, Renata
AU  - Royal College of Psychiatrists
PY  - 2022
T2  - Advances in Mental Health
JO  - Advances in Mental Health
JA  - Adv Ment Health
VL  - 20
IS  - 1
SP  - 74
EP  - 85
SN  - 1838-7357
SN  - 1837-4905
DO  - 10.1080/18387357.2021.1997097
AB  - AIM: To ask. METHODS: We asked.
KW  - Peer support
KW  - Borderline Personality Disorder/therapy
LA  - eng
DB  - PubMed (NCBI); Embase (Ovid)
AN  - pubmed:34567890
UR  - https://example.org/reports/R000123
N1  - recid:R000123
N1  - update: 2
N1  - pmid: 34567890
N1  - sources: PubMed (NCBI); Embase (Ovid)
N1  - accessions: pubmed:34567890; embase-ovid:2014
N1  - possible duplicates: R000007; R000099
N1  - notices: retracted
"""


def bare(number: int, **fields: object) -> BatchReport:
    report = BatchReport(f"R{number:06}", f"https://livingsearch.invalid/x/reports/R{number:06}", 1)
    return replace(report, **fields)


def read_ris(written: bytes) -> list[dict[str, object]]:
    read: list[dict[str, object]] = rispy.loads(written.decode("utf-8"))
    return read


def read_csv(written: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(written.decode("utf-8"), newline="")))


def test_ris_of_a_whole_report() -> None:
    assert ris_batch([WHOLE]).decode() == GOLDEN + "ER  - \n"


def test_ris_of_several_reports_has_no_counters_and_no_byte_order_mark() -> None:
    written = ris_batch([bare(1), bare(2), bare(3)])
    assert written.startswith(b"TY  - JOUR\n")
    assert [line for line in written.decode().split("\n") if line and line[2:6] != "  - "] == []
    assert ris_batch([]) == b""


def test_csv_of_a_whole_report() -> None:
    (row,) = read_csv(csv_batch([WHOLE]))
    assert row == {
        "key": "R000123",
        "title": "Peer support for borderline personality disorder: a qualitative study",
        "authors": "Barr, Karlen R.; Kokanović, Renata; Royal College of Psychiatrists",
        "year": "2022",
        "journal": "Advances in Mental Health",
        "issn": "1838-7357; 1837-4905",
        "volume": "20",
        "issue": "1",
        "pages": "74-85",
        "abstract": "AIM: To ask. METHODS: We asked.",
        "doi": "10.1080/18387357.2021.1997097",
        "url": "https://example.org/reports/R000123",
        "keywords": "Peer support; Borderline Personality Disorder/therapy",
        "language": "eng",
        "pubmed_id": "34567890",
        "notes": (
            "recid:R000123 | update: 2 | pmid: 34567890 | sources: PubMed (NCBI); Embase (Ovid) | "
            "accessions: pubmed:34567890; embase-ovid:2014 | possible duplicates: R000007; R000099 | "
            "notices: retracted"
        ),
        "recid": "R000123",
        "update": "2",
        "type_of_reference": "JOUR",
        "sources": "PubMed (NCBI); Embase (Ovid)",
        "accessions": "pubmed:34567890; embase-ovid:2014",
        "possible_duplicates": "R000007; R000099",
        "notices": "retracted",
    }


def test_csv_names_no_column_that_asreview_reads_otherwise() -> None:
    assert not {"record_id", "label", "included", "label_included", "final_included"} & set(COLUMNS)
    assert csv_batch([]).decode() == ",".join(COLUMNS) + "\r\n"


def test_a_table_is_written_like_the_reports() -> None:
    reports = [WHOLE, bare(2, title="Only a title"), bare(3)]
    rows = [{**asdict(report), "another": 1} for report in reports]
    table = pa.Table.from_pylist(rows)
    assert list(each_report(table)) == reports
    assert ris_batch(table) == ris_batch(reports)
    assert csv_batch(table) == csv_batch(reports)
    assert list(each_report(pa.Table.from_pylist([{"report_id": "R1", "url": "u", "update": 1}]))) == [
        BatchReport("R1", "u", 1)
    ]


@pytest.mark.parametrize(
    ("types", "code"),
    [
        ((), "JOUR"),
        (("Journal Article", "Case Reports"), "JOUR"),
        (("Case Reports",), "JOUR"),
        (("Book Review",), "JOUR"),
        (("Dissertation",), "THES"),
        (("THES",), "THES"),
        (("Academic Dissertation", "Book"), "THES"),
        (("Book Chapter",), "CHAP"),
        ((" book\n",), "BOOK"),
        (("Technical Report",), "RPRT"),
        (("Conference Paper",), "CONF"),
        (("Article", "Conference Paper"), "JOUR"),
        (("ELEC",), "JOUR"),
    ],
)
def test_reference_type(types: tuple[str, ...], code: str) -> None:
    assert reference_type(types) == code


@pytest.mark.parametrize(
    ("pages", "first", "last"),
    [
        ("123-129", "123", "129"),
        ("S12–S19", "S12", "S19"),
        ("e0234", "e0234", None),
        ("1-2, 7", "1-2, 7", None),
        ("S1-12-S1-19", "S1-12-S1-19", None),
    ],
)
def test_pages(pages: str, first: str, last: str | None) -> None:
    (read,) = read_ris(ris_batch([bare(1, pages=pages)]))
    assert (read["start_page"], read.get("end_page")) == (first, last)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "'=1", "''@x", "＝1", '=HYPERLINK("http://x")'])
def test_formulas_are_guarded_and_come_back(text: str) -> None:
    assert guarded(text) == "'" + text
    assert unguarded(guarded(text)) == text
    (row,) = read_csv(csv_batch([bare(1, title=text, authors=(text,), keywords=(text, text))]))
    for column in ("title", "authors", "keywords"):
        assert row[column].startswith("'")


@pytest.mark.parametrize("text", ["peer = support", "'quoted'", "1-2", "a@b", ""])
def test_other_cells_stay_as_they_are(text: str) -> None:
    assert guarded(text) == text


def test_unusual_values() -> None:
    odd = bare(1, doi="doi: 10.1/a", url="https://example.org/a;b c", title=" \x00\u200b", journal_abbreviation="J")
    (read,) = read_ris(ris_batch([odd]))
    assert read["doi"] == "10.1/a"
    assert read["urls"] == ["https://example.org/a%3Bb%20c"]
    assert read["title"] == NO_TITLE
    assert read["secondary_title"] == "J"
    assert bare_doi("none") == "none"


TEXT = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [
            "ER  - ",
            "x\nER  - \n\nTY  - JOUR\nTI  - forged",
            "a\rTY  - BOOK\r\nUR  - https://evil.example",
            "\x85ER  - \u2028TY  - JOUR\x1d\x0b\x0c",
            "\ufeffTY  - JOUR",
            '","\r\n"R000009"',
            "\ud800 lone",
            "=cmd|' /C calc'!A0",
            "1.\n",
        ]
    ),
)
TEXTS = st.lists(TEXT, max_size=3).map(tuple)
REPORTS = st.lists(
    st.builds(
        dict,
        title=st.none() | TEXT,
        authors=TEXTS,
        year=st.none() | st.integers(0, 3000),
        journal=st.none() | TEXT,
        pages=st.none() | TEXT,
        doi=st.none() | TEXT,
        pmid=st.none() | TEXT,
        abstract=st.none() | TEXT,
        keywords=TEXTS,
        languages=TEXTS,
        publication_types=TEXTS,
        issns=TEXTS,
        accessions=TEXTS,
        sources=TEXTS,
        possible_duplicates=TEXTS,
        notices=TEXTS,
    ),
    max_size=5,
).map(lambda rows: [bare(place, **row) for place, row in enumerate(rows, 1)])


@settings(max_examples=80, deadline=None)
@given(REPORTS)
@example([bare(1, title="ER  - ", abstract="a\nER  - \nTY  - JOUR"), bare(2)])
def test_hostile_text_loses_no_report_in_ris(reports: list[BatchReport]) -> None:
    read = read_ris(ris_batch(reports))
    assert [one["urls"] for one in read] == [[report.url] for report in reports]
    for one, report in zip(read, reports, strict=True):
        notes = one["notes"]
        assert isinstance(notes, list)
        assert notes[0] == f"recid:{report.report_id}"
        assert sum(str(note).startswith("recid:") for note in notes) == 1
        assert one["title"] == (one_line(report.title or "") or NO_TITLE)
        assert one.get("authors", []) == [name for author in report.authors if (name := one_line(author))]


@settings(max_examples=80, deadline=None)
@given(REPORTS)
def test_hostile_text_loses_no_report_in_csv(reports: list[BatchReport]) -> None:
    read = read_csv(csv_batch(reports))
    assert [row["recid"] for row in read] == [report.report_id for report in reports]
    assert [row["url"] for row in read] == [report.url for report in reports]
    for row, report in zip(read, reports, strict=True):
        assert None not in row
        assert unguarded(row["title"]) == (one_line(report.title or "") or NO_TITLE)
        assert all(not cell or cell[0] not in "=+-@\t\r" for cell in row.values())


def ids(written: bytes) -> list[str]:
    return [str(one["notes"][0]) for one in read_ris(written)]  # type: ignore[index]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 400), max_size=30), st.integers(1, 12), st.integers(1, 1500))
def test_parts_hold_every_report_once(sizes: list[int], max_records: int, max_bytes: int) -> None:
    reports = [bare(place, abstract="x" * size) for place, size in enumerate(sizes, 1)]
    files = list(parts(reports, ris_batch, max_records, max_bytes))
    assert [one for file in files for one in ids(file)] == [f"recid:{report.report_id}" for report in reports]
    for file in files:
        assert len(ids(file)) <= max_records
        assert len(file) <= max_bytes or len(ids(file)) == 1


@pytest.mark.parametrize("writer", [ris_batch, csv_batch])
def test_parts_at_covidence_limit(writer: Callable[[list[BatchReport]], bytes]) -> None:
    reports = (bare(place) for place in range(1, 15_002))
    assert [file.count(b"recid:") for file in parts(reports, writer)] == [15_000, 1]


def test_parts_of_nothing_and_impossible_limits() -> None:
    assert list(parts([], ris_batch)) == []
    for limits in ((0, 10), (10, 0)):
        with pytest.raises(ValueError, match="at least one"):
            list(parts([bare(1)], ris_batch, *limits))
