"""Exports that are looked at without a review, and their records as a table."""

import csv
import gzip
import io
import zipfile
from pathlib import Path

import pytest
from living import SAMPLES

from connectors.exports import read_export
from connectors.record import RECORD_SCHEMA
from livingsearch.errors import ImportRefused
from livingsearch.exports.table import unguarded
from livingsearch.services.file_reports import FileReport, report_to_dict
from livingsearch.services.look import Look, Unread, columns_from

FIELDS = RECORD_SCHEMA.names
MEDLINE, CINAHL = SAMPLES / "base" / "ovid-medline.ris", SAMPLES / "base" / "ebsco-cinahl.ris"


class Bars:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, int, int]] = []

    def step(self, name: str) -> None: ...

    def progress(self, what: str, done: int, total: int) -> None:
        self.told.append((what, done, total))


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_each_file_and_each_part_of_an_archive_is_told(tmp_path: Path) -> None:
    packed, single = tmp_path / "march.zip", tmp_path / "cinahl.ris.gz"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(MEDLINE, "a/ovid.ris")
        archive.writestr("readme.txt", "These are my notes.")
        archive.write(CINAHL, "a/cinahl.ris")
    single.write_bytes(gzip.compress(CINAHL.read_bytes()))
    bars = Bars()
    found = list(Look([packed, tmp_path / "none.ris", single, MEDLINE], watch=bars).reports())
    named = [one.summary.name if isinstance(one, FileReport) else one.file for one in found]
    assert named == [
        f"{packed}: ovid.ris",
        f"{packed}: readme.txt",
        f"{packed}: cinahl.ris",
        str(tmp_path / "none.ris"),
        str(single),
        str(MEDLINE),
    ]
    assert [isinstance(one, Unread) for one in found] == [False, True, False, True, False, False]
    assert bars.told[-1] == ("reading ovid-medline.ris", 74, 74)
    told = report_to_dict(found[-1])  # type: ignore[arg-type]
    assert (told["format"], told["platform"], told["records"], told["record_starts"]) == ("ris", "ovid", 74, 74)
    assert list(told["filled"]) == FIELDS
    assert (told["filled"]["title"], told["filled"]["abstract"]) == (74, 0)
    assert [line["line"] for line in told["first_outside"]] == [24, 51, 76]


def test_the_table_holds_every_record_of_all_files_as_it_was_read(tmp_path: Path) -> None:
    to = tmp_path / "records.csv"
    look = Look([MEDLINE, CINAHL], to=to)
    assert all(isinstance(one, FileReport) for one in look.reports())
    rows = rows_of(to)
    assert list(rows[0]) == ["file", "position", *FIELDS]
    expected = [
        (str(path), raw.position, record)
        for path in (MEDLINE, CINAHL)
        for raw, record in read_export(path.read_bytes(), path.name).records
    ]
    assert look.written == len(rows) == len(expected) > 100
    for row, (name, position, record) in zip(rows, expected, strict=True):
        assert (row["file"], row["position"]) == (name, str(position))
        for field in FIELDS:
            value = getattr(record, field)
            text = "; ".join(value) if isinstance(value, tuple) else "" if value is None else str(value)
            assert unguarded(row[field]) == text
    assert sum(row[name] != unguarded(row[name]) for row in rows for name in FIELDS) == look.altered.guarded


def test_the_table_is_read_again_as_the_same_records(tmp_path: Path) -> None:
    to = tmp_path / "records.csv"
    list(Look([SAMPLES / "base" / "pubmed.xml", MEDLINE], to=to).reports())
    again = read_export(to.read_bytes(), to.name)
    before = [
        record
        for path in (SAMPLES / "base" / "pubmed.xml", MEDLINE)
        for _, record in read_export(path.read_bytes(), path.name).records
    ]
    assert again.platform == "livingsearch"
    for (_, read), record in zip(again.records, before, strict=True):
        for name in set(FIELDS) - {"notices"}:
            assert getattr(read, name) == getattr(record, name), name


def test_formulas_and_lists_that_cannot_be_parted_are_said(tmp_path: Path) -> None:
    file, to = tmp_path / "x.ris", tmp_path / "records.csv"
    file.write_text("TY  - JOUR\nTI  - =1+1\nKW  - a; b\nKW  - c\nER  - \n")
    look = Look([file], to=to)
    list(look.reports())
    (row,) = rows_of(to)
    assert (row["title"], row["keywords"]) == ("'=1+1", "a; b; c")
    assert look.altered.sentences() == [
        "1 cell has an apostrophe in front, since a spreadsheet would run a formula.",
        "1 cell has a list of which a value holds “; ” itself.",
    ]


def test_nothing_of_a_file_that_breaks_off_stands_in_the_table(tmp_path: Path) -> None:
    broken, to = tmp_path / "broken.csv", tmp_path / "records.csv"
    good = "".join(f'"{n}","Tea",2020\n' for n in range(3000))
    broken.write_text(f'"id","Titel","Jahr"\n{good}"x","open "quote" here",2020\n')
    found = list(Look([broken, MEDLINE], columns={"Titel": "title"}, to=to).reports())
    assert isinstance(found[0], Unread)
    assert {row["file"] for row in rows_of(to)} <= {str(MEDLINE)}
    assert not list(tmp_path.glob(".*"))


def test_a_file_that_is_no_such_table_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "x.ris"
    file.write_bytes(MEDLINE.read_bytes())
    with pytest.raises(ImportRefused, match="left alone"):
        Look([CINAHL], to=file)
    assert file.read_bytes() == MEDLINE.read_bytes()
    to = tmp_path / "records.csv"
    for source in (MEDLINE, CINAHL):
        list(Look([source], to=to).reports())
        assert {row["file"] for row in rows_of(to)} == {str(source)}


def test_a_column_map() -> None:
    assert columns_from("Titel=title, Jahr = year,a=b=doi") == {"Titel": "title", "Jahr": "year", "a=b": "doi"}
    for wrong in ("", " , ", "Titel", "=title", "Titel=", "a=title,a=doi"):
        with pytest.raises(ImportRefused):
            columns_from(wrong)


def test_a_table_nobody_knows_is_read_by_the_map_and_named_without(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text("Titel;Jahr\nTee und Gespräch;2019\n", "utf-8")
    (without,) = Look([file]).reports()
    assert isinstance(without, Unread)
    (found,) = Look([file], columns=columns_from("Titel=title,Jahr=year")).reports()
    assert isinstance(found, FileReport)
    assert (found.summary.records, found.summary.years) == (1, (2019, 2019))


def test_a_damaged_archive_is_one_line(tmp_path: Path) -> None:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(MEDLINE, "a.ris")
    file = tmp_path / "cut.zip"
    file.write_bytes(whole.getvalue()[:-40])
    (found,) = Look([file]).reports()
    assert isinstance(found, Unread)
    assert found.file == str(file)
    assert "\n" not in found.error


def test_the_same_file_given_twice_is_said(tmp_path: Path) -> None:
    content = (SAMPLES / "base" / "ebsco-cinahl.ris").read_bytes()
    names = ("a.ris", "b.ris", "c.ris.gz")
    files = [tmp_path / name for name in names]
    for path in files:
        path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    first, *others = (found for found in Look([*files, files[0]]).reports() if isinstance(found, FileReport))
    assert not any("byte for byte" in warning for warning in first.summary.warnings)
    said = f"It is byte for byte the same file as {files[0]}."
    assert [other.summary.warnings[0] for other in others] == [said] * 3
