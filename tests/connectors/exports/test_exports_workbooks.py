"""Excel workbooks: what is read of them, and which are refused before they do harm."""

import datetime
import io
import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from openpyxl import Workbook

from connectors.errors import ColumnsUnknown, ContainerRefused, FileDamaged, FileEmpty, RecordsLost
from connectors.exports import read_export
from connectors.exports.containers import Limits
from connectors.exports.workbooks import plan_workbook
from connectors.record import ReadFile

HEADER = ["Article Title", "Author Full Names", "Source Title", "Publication Year", "UT (Unique WOS ID)", "Pubmed Id"]
TEA = ["Tea", "Okafor, Ngozi; Weber, Karl", "MILK LETTERS", 2021, "WOS:000900000100001", 90000001.0]


def book(*sheets: list[list[object]]) -> bytes:
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for rows in sheets:
        sheet = workbook.create_sheet()
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def taken(content: bytes, columns: Mapping[str, str] | None = None) -> ReadFile:
    return read_export(content, "savedrecs.xlsx", columns=columns)


def changed(content: bytes, member: str, change: Callable[[str], str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            text = old.read(name)
            new.writestr(name, change(text.decode()) if name == member else text)
    return out.getvalue()


def test_web_of_science() -> None:
    result = taken(book([HEADER, TEA, [], ["Milk", None, None, None, "MEDLINE:90000002"]]))
    (_, tea), (_, milk) = result.records
    assert (result.format, result.platform, result.encoding) == ("xlsx", "wos", "utf-8")
    assert (tea.title, tea.authors, tea.year, tea.pmid) == (
        "Tea",
        ("Okafor, Ngozi", "Weber, Karl"),
        2021,
        "90000001",
    )
    assert (milk.accession, milk.database, milk.pmid) == ("MEDLINE:90000002", "MEDLINE", None)


def test_rows_before_the_header_and_other_sheets_are_told() -> None:
    notes = [["Searched by Ann"], ["in March"]]
    result = taken(book([["About the data"], [], HEADER, TEA], notes))
    assert [(part.line, part.text) for part in result.remnants] == [(1, "About the data")]
    assert "1 sheet without a known header line, not read: “Sheet1”." in result.warnings


def test_every_sheet_with_a_known_header_is_read() -> None:
    assert [record.title for _, record in taken(book([HEADER, TEA], [HEADER, TEA])).records] == ["Tea", "Tea"]


def test_cells_become_text() -> None:
    columns = {"Name": "title", "When": "date", "Number": "volume"}
    rows: list[list[object]] = [
        ["Name", "When", "Number", "Yes"],
        ["A_x000D_ b", datetime.datetime(2021, 3, 5), 12.5, True],
        ["C", datetime.datetime(2021, 3, 5, 1, 2), 3.0, False],
    ]
    result = taken(book(rows), columns)
    assert [(r.title, r.date, r.volume) for _, r in result.records] == [
        ("A b", "2021-03-05", "12.5"),
        ("C", "2021-03-05T01:02:00", "3"),
    ]
    assert result.records[0][0].payload.endswith('["Yes","TRUE"]]')


def test_unknown_columns() -> None:
    with pytest.raises(ColumnsUnknown, match=r"\(Titel, Autor\)"):
        taken(book([["Titel", "Autor"], ["Tee", "Okafor"]]))


def test_nothing_in_it() -> None:
    with pytest.raises(FileEmpty):
        taken(book([]))


def test_a_row_that_openpyxl_drops_is_missed() -> None:
    content = changed(
        book([HEADER, TEA, TEA]), "xl/worksheets/sheet1.xml", lambda text: text.replace('<row r="3"', '<row r="1"')
    )
    with pytest.raises(RecordsLost):
        taken(content)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace('<row r="3"', '<row r="99999999999"'),
        lambda text: re.sub(r'r="[A-F](\d)"', r'r="ZZZ\1"', text),
        lambda text: text[: len(text) // 2],
        lambda text: '<!DOCTYPE x [<!ENTITY a "b">]>' + text.replace("<v>", "<v>&a;", 1),
        lambda text: text.replace("<v>2021", "<v>" + "9" * 5000),
    ],
    ids=["endless rows", "far columns", "cut", "entity", "endless number"],
)
def test_hostile_sheets(change: Callable[[str], str]) -> None:
    with pytest.raises(FileDamaged, match="nothing was taken"):
        taken(changed(book([HEADER, TEA, TEA]), "xl/worksheets/sheet1.xml", change))


def test_a_size_that_the_sheet_lies_about_is_ignored() -> None:
    content = changed(
        book([HEADER, TEA, TEA]),
        "xl/worksheets/sheet1.xml",
        lambda text: re.sub(r'<dimension ref="[^"]+"', '<dimension ref="A1:XFD1048576"', text),
    )
    assert len(taken(content).records) == 2


def test_limits() -> None:
    content = changed(book([HEADER, TEA]), "docProps/app.xml", lambda text: text + " " * 40_000_000)
    with pytest.raises(ContainerRefused, match="times its size"):
        plan_workbook(io.BytesIO(content), "book.xlsx")
    with pytest.raises(ContainerRefused, match="unpacks to more than"):
        plan_workbook(io.BytesIO(book([HEADER, TEA])), "book.xlsx", None, Limits(most_bytes=1000))


def test_a_cut_workbook_is_no_workbook(tmp_path: Path) -> None:
    with pytest.raises(ContainerRefused):
        plan_workbook(io.BytesIO(book([HEADER, TEA])[:-30]), "book.xlsx")
