"""The PRISMA-S appendix as Markdown, Word and JSON: no text breaks them."""

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from docx import Document
from effort import examples
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree
from markdown_it import MarkdownIt
from markdown_it.token import Token
from reported_search import EMBASE, HISTORY, REPORT, REVIEW, run
from search_query.search_file import SearchFile

from livingsearch.exports.prisma_s_document import Appendix, Bullets, Group, Item, Paragraph, Table, Verbatim
from livingsearch.exports.prisma_s_docx import docx_appendix
from livingsearch.exports.prisma_s_items import appendix_of
from livingsearch.exports.prisma_s_markdown import markdown_appendix
from livingsearch.exports.prisma_s_records import author_of, json_records, search_records
from livingsearch.exports.prisma_s_text import fenced, one_line, visible


def tokens(content: bytes) -> list[Token]:
    return MarkdownIt("commonmark").enable("table").parse(content.decode())


def shown(token: Token) -> str:
    """What a reader sees of an inline token."""
    return "".join("\n" if one.type == "softbreak" else one.content for one in token.children or ())


def cells(content: bytes) -> list[str]:
    found = tokens(content)
    return [shown(found[n + 1]) for n, token in enumerate(found) if token.type in ("th_open", "td_open")]


def test_every_search_stands_in_a_fence_as_it_was_run() -> None:
    fences = [
        token.content.removesuffix("\n")
        for token in tokens(markdown_appendix(appendix_of(REPORT)))
        if token.type == "fence"
    ]
    for text in {one.query for one in REPORT.runs} | {HISTORY, REVIEW.search.text, "bread iron"}:
        assert text in fences


HOSTILE = (
    "a | b || c \\| d",
    "```\n````\n~~~",
    "# no heading",
    "1. no list\n- none\n+ none\n=====\n---",
    "<script>alert(1)</script> &amp; &#42; <!-- -->",
    "*a* _b_ __c__ ~~d~~ `e` [f](g) ![h](i) $j$ ^k^ {#l} @m",
    'peer* adj3 support* and "a*b"[tiab]',
    "\x00\x01\x0b\x0c\x1b[31m\x7f\x85",
    "]]> <![CDATA[ \ud800 \udfff \ufffe \uffff",
    "\u202eright to left\u2066\u200b\xad\ufeff\u2028\u2029",
    "    indented\n\ttab\n\n\n  two",
    "\\",
    "|",
    " ",
    "",
)


def document_of(text: str) -> Appendix:
    blocks = (
        Paragraph(text),
        Bullets((text, text)),
        Table(("a", text), ((text, "1"),), frozenset({1})),
        Verbatim(text),
    )
    found = Item(8, text, "missing", "automatic", text, blocks)
    return Appendix("Title", text, ((text, text),), (Group(text, (found,)),), datetime(2024, 1, 1, tzinfo=UTC))


def each_hostile(test: Callable[[str], None]) -> Callable[[str], None]:
    for text in HOSTILE:
        test = example(text)(test)
    return test


@settings(deadline=None, max_examples=examples(150))
@given(st.text(alphabet=st.characters(codec=None)) | st.text(alphabet="|`*_[]<>#\\-+=~$ \n\t.1&;:@{}!\"'()"))
@each_hostile
def test_markdown_prints_any_text_as_it_stands(text: str) -> None:
    content = markdown_appendix(document_of(text))
    found = tokens(content)
    allowed = {
        "html_block",
        "html_inline",
        "code_inline",
        "link_open",
        "image",
        "code_block",
        "hr",
        "ordered_list_open",
    }
    kinds = {token.type for token in found} | {one.type for token in found for one in token.children or ()}
    assert not kinds & allowed
    assert [token.content for token in found if token.type == "fence"] == [visible(text) + "\n"]
    assert cells(content)[-3:] == [one_line(text), one_line(text), "1"] or not one_line(text)
    assert [shown(token).split() for token in found if token.type == "inline" and token.level == 3][:1] in (
        [one_line(text).split()],
        [],
    )


def test_a_fence_is_longer_than_any_in_the_text() -> None:
    assert fenced("a ```` b").startswith("`````text\n")
    assert fenced("a").startswith("```text\n")


# Word


def opened(report: Appendix) -> "Document":
    return Document(io.BytesIO(docx_appendix(report)))


def test_the_word_document_reads_back() -> None:
    document = opened(appendix_of(REPORT))
    headings = [p.text for p in document.paragraphs if p.style.name == "Heading 2"]
    assert [int(text.split(".")[0]) for text in headings] == list(range(1, 17))
    searches = "\n".join(p.text for p in document.paragraphs if p.style.name in ("Query", "QueryEnd"))
    for text in {one.query for one in REPORT.runs} | {HISTORY}:
        assert text in searches
    assert document.core_properties.created == datetime(2024, 2, 4, 5, 6, 7, tzinfo=UTC)
    assert document.core_properties.title.startswith("Search report by PRISMA-S")
    overview = document.tables[1]
    assert [row.cells[0].text for row in overview.rows] == ["Item", *map(str, range(1, 17))]
    assert sum("missing: " in row.cells[2].text for row in overview.rows) == 6


def test_header_rows_are_repeated_and_searches_monospaced() -> None:
    content = docx_appendix(appendix_of(REPORT))
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        body = etree.fromstring(parts.read("word/document.xml"))
        styles = etree.fromstring(parts.read("word/styles.xml"))
        footer = parts.read("word/footer1.xml").decode()
    name = {"w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main"}
    tables = body.findall(".//w:tbl", name)
    assert len(tables) > 5
    for table in tables:
        rows = table.findall("w:tr", name)
        assert [row.find("w:trPr/w:tblHeader", name) is not None for row in rows] == [True] + [False] * (len(rows) - 1)
    query = next(s for s in styles.findall("w:style", name) if s.get(f"{{{name['w']}}}styleId") == "Query")
    assert query.find("w:rPr/w:rFonts", name).get(f"{{{name['w']}}}ascii") == "Courier New"
    # The order that Word's schema asks for.
    assert [etree.QName(part).localname for part in query.find("w:pPr", name)] == ["shd", "spacing", "ind"]
    assert "NUMPAGES" in footer


@settings(deadline=None, max_examples=25)
@given(st.text(alphabet=st.characters(codec=None)))
@each_hostile
def test_word_holds_any_text(text: str) -> None:
    document = opened(document_of(text))
    assert document.tables[-1].rows[1].cells[0].text == one_line(text)
    lines = [p.text for p in document.paragraphs if p.style.name in ("Query", "QueryEnd")]
    assert lines == visible(text).split("\n")


def test_the_same_state_gives_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    first = docx_appendix(appendix_of(REPORT))
    monkeypatch.setattr("time.time", lambda: 4_000_000_000.0)
    assert docx_appendix(appendix_of(REPORT)) == first
    with zipfile.ZipFile(io.BytesIO(first)) as parts:
        assert {entry.date_time for entry in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert parts.infolist()[0].filename == "[Content_Types].xml"


# Search records


def test_records_have_the_fields_of_the_structure() -> None:
    records = json.loads(json_records(REPORT))
    assert [record["run_id"] for record in records] == [1, 2, 3, 4]
    assert [record["counts"] for record in records] == [False, True, True, True]
    third = records[2]
    assert third["search_string"] == "bread*[tiab] AND iron[tiab]"
    assert third["date"] == {"data_entry": "2024-01-04", "search_conducted": "2024-01-03"}
    assert third["authors"] == [{"name": "Ann"}]
    assert (third["platform"], third["database"], third["results_count"]) == ("NCBI", ["PubMed"], 1200)
    assert third["query_translation"] == REPORT.runs[2].translation
    assert third["files"] == [{"name": "file-3.ris", "sha256": f"{3:064x}"}]
    assert third["peer_review"] == {"who": "A second librarian", "when": "2024-01-02", "method": "PRESS 2015"}
    assert records[0]["results_count"] == 39, "what came, where nobody noted what was shown"
    assert records[1]["version"] == "Embase <1974 to 2024 Week 5>"
    assert records[3]["strategy_version"] == 2
    assert records[3]["authors"] == [{"name": "Ann", "ORCID": "0000-0002-1825-0097"}]


def test_the_search_query_library_takes_the_records() -> None:
    for record in search_records(REPORT):
        assert SearchFile(**record).to_dict()["search_string"] == record["search_string"]


@pytest.mark.parametrize("text", [*HOSTILE, "a\r\nb"])
def test_a_record_keeps_a_text_character_for_character(text: str) -> None:
    content = json_records(replace(REPORT, runs=(run(1, 1, EMBASE, text),)))
    assert json.loads(content)[0]["search_string"] == text


@pytest.mark.parametrize(
    ("text", "author"),
    [
        ("Ann", {"name": "Ann"}),
        ("Ann (0000-0002-1825-009X)", {"name": "Ann", "ORCID": "0000-0002-1825-009X"}),
        ("Ann B, https://orcid.org/0000-0002-1825-0097", {"name": "Ann B", "ORCID": "0000-0002-1825-0097"}),
        ("Ann, ORCID iD: 0000-0002-1825-0097", {"name": "Ann", "ORCID": "0000-0002-1825-0097"}),
        ("0000-0002-1825-0097", {"name": "0000-0002-1825-0097", "ORCID": "0000-0002-1825-0097"}),
    ],
)
def test_an_author_with_an_orcid(text: str, author: dict[str, str]) -> None:
    assert author_of(text) == author
