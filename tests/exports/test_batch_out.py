"""Batches out: what stands in the files, and that hostile text loses no report."""

import csv
import io
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pytest
import rispy
from effort import examples
from hypothesis import example, given, settings
from hypothesis import strategies as st
from reports import REPORTS, WHOLE, bare

from livingsearch.errors import IdentityBroken
from livingsearch.exports import FORMS, TOOLS
from livingsearch.exports.parts import part_writer, written_paths
from livingsearch.exports.report import NO_TITLE, BatchReport, Reports, bare_doi, each_report, one_line
from livingsearch.exports.ris import reference_type
from livingsearch.exports.table import COLUMNS, guarded, unguarded
from livingsearch.exports.tools import STRICTEST, Limits

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


def ris_batch(reports: Reports) -> bytes:
    return b"".join(FORMS["ris"].pieces(reports))


def csv_batch(reports: Reports) -> bytes:
    return b"".join(FORMS["csv"].pieces(reports))


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


@settings(max_examples=examples(80), deadline=None)
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


@settings(max_examples=examples(80), deadline=None)
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


def published(reports: Iterable[BatchReport], path: Path, limits: Limits, form: str = "ris") -> list[bytes]:
    """Writes the files of a set and reads them; they must be what the writer says."""
    count = 0
    with part_writer(FORMS[form], path, limits) as writer:
        for report in reports:
            writer.add(report)
            count += 1
        written = writer.publish(count)
    assert tuple(part.path for part in written.parts) == written_paths(path)
    assert sum(part.reports for part in written.parts) == count
    files = [part.path.read_bytes() for part in written.parts]
    assert [part.size for part in written.parts] == [len(file) for file in files]
    assert sorted(path.parent.iterdir()) == sorted(written_paths(path)), "nothing else is left in the folder"
    return files


@settings(max_examples=examples(60), deadline=None)
@given(st.lists(st.integers(0, 400), max_size=30), st.integers(1, 12), st.integers(1, 1500))
def test_parts_hold_every_report_once(sizes: list[int], most: int, size: int) -> None:
    reports = [bare(place, abstract="ü" * letters) for place, letters in enumerate(sizes, 1)]
    with TemporaryDirectory() as folder:
        files = published(reports, Path(folder) / "b.ris", Limits(most, size))
    assert [one for file in files for one in ids(file)] == [f"recid:{report.report_id}" for report in reports]
    for file in files:
        assert len(ids(file)) <= most
        assert len(file) <= size or len(ids(file)) == 1


@pytest.mark.parametrize("form", list(FORMS))
def test_parts_at_the_strictest_limit(form: str, tmp_path: Path) -> None:
    files = published((bare(place) for place in range(1, 15_002)), tmp_path / "b.x", STRICTEST, form)
    assert [file.count(b"recid:") for file in files] == [15_000, 1]
    assert [p.name for p in written_paths(tmp_path / "b.x")] == ["b-part01-of-02.x", "b-part02-of-02.x"]


def test_a_file_is_split_before_its_bytes_pass_the_limit_not_its_characters(tmp_path: Path) -> None:
    reports = [bare(1, title="ü" * 300), bare(2, title="ü" * 300)]
    both = len(ris_batch(reports))
    assert len(published(reports, tmp_path / "b.ris", Limits(size=both))) == 1
    assert len(published(reports, tmp_path / "b.ris", Limits(size=both - 1))) == 2


def test_names_of_many_parts_sort_in_their_order(tmp_path: Path) -> None:
    published((bare(place) for place in range(1, 121)), tmp_path / "b.ris", Limits(1))
    read = [ids(path.read_bytes())[0] for path in sorted(tmp_path.iterdir())]
    assert read == [f"recid:R{place:06}" for place in range(1, 121)]


def test_a_set_takes_the_place_of_one_that_was_split_otherwise(tmp_path: Path) -> None:
    reports = [bare(place) for place in range(1, 6)]
    (tmp_path / "b").mkdir()
    for limits, names in (
        (Limits(2), ["b-part01-of-03.ris", "b-part02-of-03.ris", "b-part03-of-03.ris"]),
        (Limits(3), ["b-part01-of-02.ris", "b-part02-of-02.ris"]),
        (Limits(9), ["b.ris"]),
    ):
        first = published(reports, tmp_path / "b" / "b.ris", limits)
        assert sorted(p.name for p in (tmp_path / "b").iterdir()) == names
        assert published(reports, tmp_path / "b" / "b.ris", limits) == first


def test_a_batch_without_reports_is_one_file(tmp_path: Path) -> None:
    assert published([], tmp_path / "b.ris", STRICTEST) == [b""]
    (tmp_path / "b.ris").unlink()
    assert published([], tmp_path / "b.csv", STRICTEST, "csv") == [(",".join(COLUMNS) + "\r\n").encode()]


def test_a_count_that_differs_leaves_everything_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "b.ris"
    before = published([bare(1)], path, STRICTEST)
    with part_writer(FORMS["ris"], path) as writer:
        writer.add(bare(1))
        writer.add(bare(2))
        with pytest.raises(IdentityBroken, match="3 reports but 2 were written"):
            writer.publish(3)
    assert [p.read_bytes() for p in tmp_path.iterdir()] == before


def test_a_writer_that_is_given_up_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), part_writer(FORMS["ris"], tmp_path / "b.ris", Limits(1)) as writer:
        writer.add(bare(1))
        writer.add(bare(2))
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []


def test_no_room_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    code = (
        "import resource, signal, sys, pathlib\n"
        "from livingsearch.exports import FORMS, BatchReport\n"
        "from livingsearch.exports.parts import part_writer\n"
        "from livingsearch.errors import StoreFull\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))\n"
        "try:\n"
        "    with part_writer(FORMS['ris'], pathlib.Path(sys.argv[1])) as writer:\n"
        "        for n in range(1000):\n"
        "            writer.add(BatchReport(f'R{n:06}', 'u', 1, abstract='x' * 500))\n"
        "        writer.publish(1000)\n"
        "except StoreFull as error:\n"
        "    sys.exit(7)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path / "b.ris")], check=False, timeout=60)
    assert done.returncode == 7
    assert list(tmp_path.iterdir()) == []


def test_remarks_say_what_was_changed_and_where(tmp_path: Path) -> None:
    odd = [bare(1, title="a\x00b"), bare(2, title="=1+1"), bare(3, abstract="\ufffe", pmid="7"), bare(4, title="a\nb")]
    remarks = {}
    for name, form in FORMS.items():
        with part_writer(form, tmp_path / f"b-{name}", Limits(size=10)) as writer:
            for report in odd:
                writer.add(report)
            remarks[name] = writer.publish(4).remarks
    hidden = "Reports that hold control or invisible characters, which are left out: 2 (R000001, R000003)."
    assert all(hidden in said for said in remarks.values())
    formula = "Reports that have cells that a spreadsheet would run as a formula, where an apostrophe stands in front: "
    assert f"{formula}1 (R000002)." in remarks["csv"]
    assert "Reports that have no PMID, so their PMID line is empty: 3 (R000001, R000002, R000004)." in remarks["nbib"]
    large = "Reports that are larger than 10 bytes, so the tool may refuse their file: 4 (R000001, R000002, R000003 "
    assert any(said.startswith(large.strip()) and said.endswith("and 1 more).") for said in remarks["ris"])


def test_impossible_limits() -> None:
    for limits in ((0, 10), (10, 0)):
        with pytest.raises(ValueError, match="at least one"):
            Limits(*limits)


def test_every_tool_takes_a_form_that_is_written_here_and_its_limits_are_those_known() -> None:
    assert set(TOOLS) == {
        "covidence", "rayyan", "asreview", "eppi-reviewer", "endnote", "zotero", "distillersr",
    }  # fmt: skip
    assert all(tool.forms and set(tool.forms) <= set(FORMS.values()) for tool in TOOLS.values())
    assert TOOLS["covidence"].limits == Limits(15_000, 50_000_000)
    assert TOOLS["rayyan"].limits.size == 100_000_000
    assert TOOLS["asreview"].limits == Limits(None, None), "a project takes one dataset"


def test_the_guide_tells_the_forms_and_places_of_every_tool(root: Path) -> None:
    guide = (root / "docs" / "reviewers.md").read_text("utf-8")
    for tool in TOOLS.values():
        (row,) = [line for line in guide.splitlines() if line.startswith(f"| `{tool.name}` |")]
        cells = [cell.strip() for cell in row.split("|")]
        assert cells[2] == ", ".join(form.name for form in tool.forms)
        assert [place for place in ("UR", "N1", "LB") if place in cells[4]] == [
            place for place in ("UR", "N1", "LB") if any(place in survives for survives in tool.survives)
        ]
