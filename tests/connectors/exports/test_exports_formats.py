"""The formats beside RIS and MEDLINE text: one small file of our own a quirk, and what is refused."""

import json
from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pytest

from connectors.errors import ColumnsUnknown, FileDamaged, FileEmpty, FileRefused, FormatUnknown, RecordsLost
from connectors.exports import open_export, read_export
from connectors.exports.tables_managers import MANAGER_TABLES
from connectors.pubmed import read_articles, read_payload
from connectors.record import identity_of
from livingsearch.exports.table import COLUMNS

GOLDEN = Path(__file__).parent / "golden"
FILES = sorted(path for path in GOLDEN.iterdir() if path.suffix not in {".ris", ".nbib", ".json"})
XML = [path for path in FILES if path.suffix == ".xml"]
TEXTS = [path for path in FILES if path.suffix != ".xml"]


def shown(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def check(content: bytes, path: Path) -> None:
    expected = json.loads(path.with_suffix(".json").read_text("utf-8"))
    read = read_export(content, path.name)
    assert (read.format, read.platform) == (expected["format"], expected["platform"])
    assert len(read.records) == read.record_starts == len(expected["records"])
    for (raw, record), fields in zip(read.records, expected["records"], strict=True):
        assert {name: shown(getattr(record, name)) for name in fields} == fields
        assert {name for name in record.__slots__ if getattr(record, name)} == set(fields)
        assert raw.form == read.format
    assert set(expected.get("said", [])) <= set(read.warnings)
    assert [[part.line, part.text] for part in read.remnants] == expected.get("remnants", [])


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"], ids=["lf", "crlf", "cr"])
@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_quirk(path: Path, line_end: str) -> None:
    text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    check(text.replace("\n", line_end).encode("utf-8"), path)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_quirk_in_another_encoding(path: Path, encoding: str) -> None:
    text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    check(text.encode(encoding), path)


@pytest.mark.parametrize("encoding", [None, "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "iso-8859-1"])
@pytest.mark.parametrize("path", XML, ids=lambda path: path.stem)
def test_xml(path: Path, encoding: str | None) -> None:
    content = path.read_bytes()
    if encoding == "iso-8859-1":
        _, _, rest = content.decode().rpartition("?>")
        content = f'<?xml version="1.0" encoding="{encoding}"?>{rest}'.encode(encoding)
    elif encoding:
        content = content.decode().replace(' encoding="utf-8"', "").encode(encoding)
    check(content, path)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_records_as_tables(path: Path) -> None:
    with path.open("rb") as file:
        export = open_export(file, path.name)
        table = pa.concat_tables(chunk.table for chunk in export.chunks(101))
    assert table["position"].to_pylist() == list(range(101, 101 + export.record_starts))
    assert set(table["form"].to_pylist()) == {export.format}


def test_pubmed_record_is_the_one_that_the_connector_fetched() -> None:
    records = read_export(PUBMED, "set.xml").records
    assert [identity_of(record) for _, record in records] == ["acc:90000001", "acc:90000002", "acc:90000003"]
    assert all(read_payload(raw.payload) == record for raw, record in records)
    assert records == read_articles(PUBMED).records


def test_markup_that_pubmed_has_not_yet_described_is_named_by_its_line() -> None:
    text = (GOLDEN / "pubmed_xml_one_article_without_a_set.xml").read_text().replace("<Language>", "<New/><Language>")
    read = read_export(f"<PubmedArticleSet>\n{text}</PubmedArticleSet>".encode(), "set.xml")
    assert read.records[0][1].title == "More milk."
    assert read.warnings[0].startswith("1 record with markup") and "(line 2)" in read.warnings[0]


def test_records_across_many_pieces_of_a_file() -> None:
    article = (GOLDEN / "pubmed_xml_one_article_without_a_set.xml").read_text()
    bodies = [article.replace("90000005", str(n)).replace("More milk", "Milk " * (n % 700)) for n in range(1, 701)]
    read = read_export(f"<PubmedArticleSet>{''.join(bodies)}</PubmedArticleSet>".encode(), "set.xml")
    assert [record.pmid for _, record in read.records] == [str(n) for n in range(1, 701)]
    assert [raw.payload for raw, _ in read.records] == [body.strip() for body in bodies]


def test_the_same_library_in_endnotes_two_formats_gives_the_same_identity() -> None:
    xml = read_export(ENDNOTE, "a.xml").records[0][1]
    text = b"%0 Book Section\n%A Weber, Karl\n%T Cups\n%B The book of tea\n%P 10-19\n%D 2019\n"
    refer = read_export(text, "a.enw").records[0][1]
    assert identity_of(xml) == identity_of(refer)


def test_columns_of_our_own_batch_are_known() -> None:
    layout = next(layout for layout in MANAGER_TABLES if layout.platform == "livingsearch")
    assert layout.signature <= set(COLUMNS)
    table = f"{','.join(COLUMNS)}\r\nR000001{',' * (len(COLUMNS) - 1)}\r\n"
    assert read_export(table.encode(), "batch.csv").platform == "livingsearch"


OWN = b"Titel;Autor;Jahr;PubMed\nTee;Okafor, N;2021;17.0\nMilch;;;x\n"


def test_a_column_map_that_a_person_gives() -> None:
    columns = {"Titel": "title", "autor": "authors", "Jahr": "year", "PubMed": "pmid"}
    records = read_export(OWN, "own.csv", columns=columns).records
    assert [(r.title, r.authors, r.year, r.pmid) for _, r in records] == [
        ("Tee", ("Okafor, N",), 2021, "17"),
        ("Milch", (), None, None),
    ]


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        (None, "(Titel, Autor, Jahr, PubMed): say which column is which field"),
        (
            {"Titel": "title", "Verlag": "journal"},
            "names “Verlag”, which is no column of own.csv (Titel, Autor, Jahr, PubMed)",
        ),
        ({"Titel": "headline"}, "cannot be mapped to “headline”"),
        ({"Autor": "authors"}, "names no title"),
    ],
)
def test_columns_that_nobody_explained(columns: Mapping[str, str] | None, words: str) -> None:
    with pytest.raises(ColumnsUnknown) as refusal:
        read_export(OWN, "own.csv", columns=columns)
    assert words in str(refusal.value)
    assert str(refusal.value).endswith(".")
    assert set(refusal.value.columns) >= {"Titel"} or columns == {"Autor": "authors"}


PUBMED = (GOLDEN / "pubmed_xml_articles_and_a_book.xml").read_bytes()
ENDNOTE = (GOLDEN / "endnote_xml_without_styles.xml").read_bytes()
BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'

REFUSED: list[tuple[bytes, type[FileRefused], str]] = [
    (b"<PubmedArticleSet/>", FileEmpty, "holds no record"),
    (b"<PubmedArticleSet><PubmedArticle>", FileDamaged, "not well-formed"),
    (b'<?xml version="1.0"?><xml><records/></xml>', FileEmpty, "holds no record"),
    (b"Title,Authors,EID\n,,\n", FileEmpty, "holds no record"),
    (b"FN Clarivate Analytics Web of Science\nVR 1.0\nEF\n", FileEmpty, "holds no record"),
    (b"@comment{x, y}\n", FileEmpty, "holds no record"),
    (b"@article{a, title={A}}\n\nTY  - JOUR\nTI  - B\nER  - \n", RecordsLost, "one format and 1 of another"),
    (b"PT J\nTI A\nER\n\nTY  - JOUR\nTI  - B\nER  - \n", RecordsLost, "one format and 1 of another"),
    (PUBMED[: len(PUBMED) // 2], FileDamaged, "not well-formed XML"),
    (ENDNOTE[:-20], FileDamaged, "not well-formed XML"),
    (ENDNOTE.replace(b"Cups", b"Cups \xff"), FileDamaged, "not text in utf-8"),
    (ENDNOTE.replace(b"UTF-8", b"x-none"), FileDamaged, "not text in x-none"),
    (BOMB + b"<xml><records><record><titles>&b;</titles></record></records></xml>", FileDamaged, "declares entities"),
    (ENDNOTE.replace(b"Cups", b"&undefined;"), FileDamaged, ""),
    (b"<xml><records><record>" + b"<a>" * 200 + b"</a>" * 200 + b"</record></records></xml>", FileDamaged, "nested"),
    (b"<xml>" * 200 + b"<record/>" + b"</xml>" * 200, FileDamaged, "nested"),
    (ENDNOTE.replace(b"</records>", b"<!-- <record> --></records>"), RecordsLost, "begins 3 records but 2"),
    (b'Title,Authors,EID\n"Tea,x,1\nMilk,y,2\n', FileDamaged, "The row in line 2 of a.txt breaks the quoting"),
    (b'Title,Authors,EID\nTea,"x"y,1\nMilk,y,2\n', FileDamaged, "The row in line 2"),
    (b"FN Clarivate\nVR 1.0\nPT J\nTI A\nER\n\nAU B\nTI C\nER\n", RecordsLost, "from line 7 on (a PT line is missing)"),
    (b"%0 Book\n%T Tea\n%D 2019\n\n%T Milk\n%D 2020\n", RecordsLost, "The record in line 5 of a.txt begins without %0"),
    (b"@article{tea,\n title={Tea}\n", RecordsLost, "1 entry that cannot be read (line 1: @article{tea,)"),
    (b"@article{a,\n title={A}\n}\n@article{b,\n title={B\n}\n@article{c,\n title={C}}", RecordsLost, "(line 4: "),
    (b"@article{a,\n title {A}\n}\n@article{b, year=2020}", RecordsLost, "(line 1: "),
]


@pytest.mark.parametrize(("content", "kind", "words"), REFUSED, ids=lambda value: str(value)[:30])
def test_refused(content: bytes, kind: type[FileRefused], words: str) -> None:
    with pytest.raises(kind) as refusal:
        read_export(content, "a.txt")
    assert words in str(refusal.value)
    assert str(refusal.value).endswith(".")


@pytest.mark.parametrize("content", [b"\n\n", b",,,\n;;\n"])
def test_a_table_without_text(content: bytes) -> None:
    with pytest.raises((FileEmpty, FormatUnknown, ColumnsUnknown)):
        read_export(content, "a.csv", columns={"Title": "title"})
