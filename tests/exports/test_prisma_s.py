"""The PRISMA-S appendix: what each item says, what is missing, and that no text breaks Markdown, Word or JSON."""

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from docx import Document
from effort import examples
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree
from markdown_it import MarkdownIt
from markdown_it.token import Token
from search_query.search_file import SearchFile

from livingsearch.exports.prisma_s import (
    Deduplication,
    QueryLimits,
    ReceivedFile,
    ReportedUpdate,
    Restriction,
    Restrictions,
    Scheduled,
    SearchedSource,
    SearchReport,
    SearchRun,
    SourceCount,
    StrategyVersion,
)
from livingsearch.exports.prisma_s_document import Appendix, Bullets, Group, Item, Paragraph, Table, Verbatim
from livingsearch.exports.prisma_s_docx import docx_appendix
from livingsearch.exports.prisma_s_items import appendix_of
from livingsearch.exports.prisma_s_markdown import markdown_appendix
from livingsearch.exports.prisma_s_records import author_of, json_records, search_records
from livingsearch.exports.prisma_s_text import fenced, one_line, visible
from livingsearch.review.model import Review
from livingsearch.review.reader import review_of

GOLDEN = Path(__file__).parent / "golden" / "prisma_s.md"

TEXT = """\
schema = 1
[review]
slug = "bread"
title = "Bread and iron: a living review"
version = "2"
registration = "PROSPERO 1"
contact = "librarian@example.org"
time_zone = "Europe/London"
retirement_plan = "Until 2030."
[search]
text = "bread$ AND iron"
syntax = "ovid"
fields = ["title", "abstract"]
from = "inception"
languages = ["English", "German"]
[[search.limits]]
what = "English and German"
reason = "No means to translate."
[search.peer_review]
who = "A second librarian"
when = 2024-01-02
method = "PRESS 2015"
[search.reporting]
browsing = '''
Two websites were browsed.

Both on 2024-01-03; see *Appendix* | part 2.
'''
[[source]]
slug = "pubmed"
name = "PubMed"
kind = "database"
database = "PubMed"
platform = "NCBI"
connector = "entrez"
query = "bread*[tiab] AND iron[tiab]"
schedule = "0 6 1 * *"
[[source]]
slug = "embase"
name = "Embase"
kind = "database"
database = "Embase"
platform = "Ovid"
connector = "file"
query = "bread$ and iron"
schedule = "0 6 1 * *"
[[source]]
slug = "ctgov"
name = "ClinicalTrials.gov"
kind = "register"
database = "ClinicalTrials.gov"
platform = "NLM"
connector = "file"
query = "bread iron"
schedule = "0 6 1 * *"
"""
REVIEW = review_of(TEXT.encode(), Path("review.toml"))


def review(*changes: tuple[str, str]) -> Review:
    text = TEXT
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return review_of(text.encode(), Path("review.toml"))


PUBMED = SearchedSource("pubmed", "PubMed (NCBI)", "PubMed", "PubMed", "NCBI", "database", by_api=True, searched=True)
EMBASE = SearchedSource(
    "embase", "Embase (Ovid)", "Embase", "Embase", "Ovid", "database", False, True, "Embase <1974 to 2024 Week 5>"
)
REGISTER = SearchedSource(
    "ctgov",
    "ClinicalTrials.gov (NLM)",
    "ClinicalTrials.gov",
    "ClinicalTrials.gov",
    "NLM",
    "register",
    by_api=False,
    searched=False,
    declared="bread iron",
)
HISTORY = """\
Database: Embase <1974 to 2024 Week 5>
Search Strategy:
--------------------------------------------------------------------------------
1     bread$.mp. (1200)
2     iron.mp. (90000)
3     1 and 2 (40)"""


def run(run_id: int, update: int, source: SearchedSource, query: str, **more: object) -> SearchRun:
    values: dict[str, object] = {
        "replaced_by": None,
        "translation": None,
        "warnings": (),
        "histories": (),
        "hits": 40,
        "received": 40,
        "searched_on": date(2024, update, 3),
        "finished_at": datetime(2024, update, 4, 5, 6, tzinfo=UTC),
        "accepted_mismatch": None,
        "version": 1,
        "actor": "ann",
        "software": {"python": "3.11.7", "livingsearch": "0.1.0"},
        "files": (ReceivedFile(f"file-{run_id}.ris", f"{run_id:064x}"),),
        **more,
    }
    return SearchRun(run_id, update, source, source.by_api, query=query, **values)  # type: ignore[arg-type]


def count(source: SearchedSource, update: int, *numbers: int) -> SourceCount:
    searched = bool(numbers)
    identified, known, duplicates, to_screen = numbers or (0, 0, 0, 0)
    on = date(2024, update, 3) if searched else None
    return SourceCount(source.slug, source.label, source.kind, searched, on, identified, known, duplicates, to_screen)


UPDATES = (
    ReportedUpdate(
        1,
        "import of embase",
        datetime(2024, 1, 3, 8, tzinfo=UTC),
        datetime(2024, 1, 5, 8, tzinfo=UTC),
        "1",
        (count(PUBMED, 1, 1200, 0, 0, 1200), count(EMBASE, 1, 40, 0, 30, 10), count(REGISTER, 1)),
        True,
        1210,
        (1,),
    ),
    ReportedUpdate(
        2,
        "update",
        datetime(2024, 2, 3, 8, tzinfo=UTC),
        None,
        None,
        (count(PUBMED, 2, 1210, 1200, 0, 10), count(EMBASE, 2), count(REGISTER, 2)),
        False,
        0,
        (2,),
    ),
)
LIMITS = Restrictions(None, None, ("English", "German"), (Restriction("English and German", "No means to translate."),))
REPORT = SearchReport(
    review=REVIEW,
    update=None,
    as_of=datetime(2024, 2, 4, 5, 6, 7, tzinfo=UTC),
    position=23,
    program="livingsearch 0.1.0",
    sources=(PUBMED, EMBASE, REGISTER),
    runs=(
        run(1, 1, EMBASE, "bread$ and iron", replaced_by=2, received=39, hits=None),
        run(2, 1, EMBASE, "bread$ and iron", histories=(HISTORY,), warnings=("No record has an abstract.",)),
        run(
            3,
            1,
            PUBMED,
            "bread*[tiab] AND iron[tiab]",
            translation='"bread*"[Title/Abstract] AND "iron"[Title/Abstract]',
            warnings=('QuotedPhraseNotFound: "bread"[tiab]',),
            hits=1200,
            received=1200,
        ),
        run(4, 2, PUBMED, "bread*[tiab] AND iron[tiab]\nAND ```rye```", version=2, hits=1210, received=1210),
    ),
    updates=UPDATES,
    earlier=UPDATES,
    versions=(
        StrategyVersion(1, "Ann", datetime(2024, 1, 1, tzinfo=UTC), "first version", True, (), LIMITS),
        StrategyVersion(
            2,
            "Ann, ORCID 0000-0002-1825-0097",
            datetime(2024, 2, 3, tzinfo=UTC),
            "Rye was missing.",
            True,
            ("The query of pubmed has one term more: rye.",),
            LIMITS,
        ),
    ),
    pending=(),
    query_limits=(),
    unread=("ClinicalTrials.gov (NLM)",),
    deduplication=Deduplication(("1",), (("same_doi_and_title", 28), ("same_pmid", 2)), 1, 2, 3),
    schedules=(
        Scheduled("PubMed (NCBI)", "At 06:00 on the first day of every month", None),
        Scheduled("Embase (Ovid)", "At 06:00 on the first day of every month", 14),
    ),
)


def item(number: int, report: SearchReport = REPORT) -> Item:
    found = appendix_of(report).items[number - 1]
    assert found.number == number
    return found


def words(number: int, report: SearchReport = REPORT) -> str:
    """All that an item says."""
    said: list[str] = []
    for block in item(number, report).blocks:
        match block:
            case Table(columns, rows):
                said += [" | ".join(row) for row in (columns, *rows)]
            case Bullets(lines):
                said += lines
            case other:
                said.append(other.text)
    return "\n".join(said)


def test_the_golden_file() -> None:
    assert markdown_appendix(appendix_of(REPORT)).decode() == GOLDEN.read_text("utf-8")


def test_there_are_sixteen_items_in_order() -> None:
    appendix = appendix_of(REPORT)
    assert [one.number for one in appendix.items] == list(range(1, 17))
    assert [len(group.items) for group in appendix.groups] == [7, 6, 1, 2]


FIELDS = {
    2: "multi_database",
    4: "browsing",
    5: "citation_searching",
    6: "contacts",
    7: "other_methods",
    10: "filters",
    11: "prior_work",
}


WITHOUT_REPORTING = TEXT[: TEXT.index("[search.reporting]")] + TEXT[TEXT.index("[[source]]") :]


def reporting(**fields: str) -> SearchReport:
    """The report of a file that says only this in [search.reporting]."""
    table = "\n".join(["[search.reporting]", *(f"{name} = {json.dumps(text)}" for name, text in fields.items())])
    text = WITHOUT_REPORTING.replace("[[source]]", f"{table}\n[[source]]", 1)
    return replace(REPORT, review=review_of(text.encode(), Path("review.toml")))


@pytest.mark.parametrize(("number", "field"), FIELDS.items())
def test_what_a_person_must_fill_is_missing_until_it_is_filled(number: int, field: str) -> None:
    empty = item(number, reporting())
    assert empty.is_missing
    assert f'[search.reporting] {field} = "…"' in empty.filled
    filled = item(number, reporting(**{field: "Nothing of the kind."}))
    assert not filled.is_missing
    assert field in filled.filled_by
    assert "Nothing of the kind." in words(number, reporting(**{field: "Nothing of the kind."}))


def test_what_is_missing_is_counted() -> None:
    assert appendix_of(REPORT).verdict == "6 of the 16 items are missing: 2, 5, 6, 7, 10, 11."
    full = appendix_of(reporting(**{field: "No." for field in FIELDS.values()}))
    assert full.verdict == "All 16 items are filled."
    assert b"Missing" not in markdown_appendix(full)


def test_registries_are_the_declared_ones_and_those_that_a_person_names() -> None:
    assert item(3).filled_by == "automatic"
    assert words(3) == "ClinicalTrials.gov (NLM), not searched"
    assert "ISRCTN by hand" in words(3, reporting(registries="ISRCTN by hand"))
    assert item(3, reporting(registries="ISRCTN by hand")).status == "both"
    none = replace(REPORT, sources=(PUBMED, EMBASE))
    assert item(3, none).is_missing


def test_no_databases_were_searched_together_where_the_program_searched_them_all() -> None:
    assert item(2, replace(REPORT, sources=(PUBMED,))).filled_by == "automatic"
    ovid = replace(EMBASE, slug="medline", name="MEDLINE")
    assert "Ovid: Embase, MEDLINE are declared" in words(2, replace(REPORT, sources=(EMBASE, ovid)))


def test_a_missing_peer_review_and_changes_after_one() -> None:
    text = TEXT[: TEXT.index("[search.peer_review]")] + TEXT[TEXT.index("[search.reporting]") :]
    none = replace(REPORT, review=review_of(text.encode(), Path("review.toml")))
    assert "[search.peer_review] who" in item(14, none).filled
    assert "Version 2" in words(14)
    before = tuple(replace(version, instant=datetime(2024, 1, 1, tzinfo=UTC)) for version in REPORT.versions)
    assert "Version 2" not in words(14, replace(REPORT, versions=before))


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ((), False),
        ((('languages = ["English", "German"]', ""),), False),
        ((('from = "inception"', "from = 2000-01-01"),), True),
        ((), True),
    ],
    ids=["unrestricted", "no languages", "dates", "languages"],
)
def test_a_restriction_without_a_reason_is_missing(changes: tuple[tuple[str, str], ...], missing: bool) -> None:
    start, end = TEXT.index("[[search.limits]]"), TEXT.index("[search.peer_review]")
    languages = "" if changes or not missing else 'languages = ["English"]'
    text = (TEXT[:start] + TEXT[end:]).replace('languages = ["English", "German"]', languages)
    for old, new in changes:
        text = text.replace(old, new)
    found = item(9, replace(REPORT, review=review_of(text.encode(), Path("review.toml"))))
    assert found.is_missing == missing
    if missing:
        assert "[[search.limits]]" in found.filled


def test_limits_within_queries_need_a_reason_too() -> None:
    limited = (QueryLimits("PubMed (NCBI)", ("english[la]",)),)
    assert item(9, replace(REPORT, query_limits=limited)).status == "both"
    assert "english[la]" in words(9, replace(REPORT, query_limits=limited))
    start, end = TEXT.index('languages = ["English"'), TEXT.index("[search.peer_review]")
    bare = review_of((TEXT[:start] + TEXT[end:]).encode(), Path("review.toml"))
    assert item(9, replace(REPORT, review=bare, query_limits=limited)).is_missing
    assert not item(9, replace(REPORT, review=bare)).is_missing


def test_versions_with_other_restrictions_are_told_apart() -> None:
    older = replace(REPORT.versions[0], restrictions=Restrictions("2000-01-01", None, (), ()))
    told = words(9, replace(REPORT, versions=(older, REPORT.versions[1])))
    assert "In version 1 of the strategy" in told
    assert "from 2000-01-01" in told
    reworded = replace(LIMITS, limits=(Restriction("English and German", "Other words."),))
    same = replace(REPORT.versions[0], restrictions=reworded)
    assert "In version" not in words(9, replace(REPORT, versions=(same, REPORT.versions[1])))


def test_a_history_that_holds_the_query_line_by_line_is_no_contradiction() -> None:
    assert "does not hold the declared query" in words(8)
    numbered = "1. bread$.mp.\n2. iron.mp.\n3. 1 and 2"
    runs = (run(2, 1, EMBASE, numbered, histories=(HISTORY,)),)
    assert "does not hold" not in words(8, replace(REPORT, runs=runs))


def test_a_source_that_did_not_run_shows_what_it_would_run() -> None:
    assert "Not run so far: as declared in review.toml.\nbread iron" in words(8)
    changed = replace(PUBMED, declared="rye[tiab]", translated=True)
    told = words(8, replace(REPORT, sources=(changed, EMBASE, REGISTER)))
    assert "Not run yet: the documented search's translation, since the last run.\nrye[tiab]" in told
    assert "Not run in update 2 so far" in words(8, replace(REPORT, update=2))


def test_numbers_of_an_update_that_was_not_compared_are_not_shown() -> None:
    rows = [line for line in words(15).splitlines() if line.startswith("2 | ")]
    assert rows[0] == "2 | PubMed (NCBI) | 2024-02-03 | 1,210 | 1,200 | not compared yet | not compared yet"
    assert rows[1] == "2 | Embase (Ovid) | not yet | – | – | – | –"
    assert "All |" not in words(15)
    closed = (
        UPDATES[0],
        replace(UPDATES[1], closed_at=UPDATES[1].opened_at, rule_set="1", compared=True, to_screen=10),
    )
    whole = replace(REPORT, updates=closed, earlier=closed)
    assert "All | All sources |  | 2,450 | 1,200 | 30 | 1,220" in words(15, whole)
    assert "All | 1,200 | 30 | 1,230 | " in words(16, whole)


def test_a_review_that_was_never_searched() -> None:
    declared = replace(PUBMED, searched=False, declared="bread*[tiab] AND iron[tiab]")
    never = replace(
        REPORT,
        sources=(declared,),
        runs=(),
        updates=(),
        earlier=(),
        versions=REPORT.versions[:1],
        deduplication=Deduplication((), (), 0, 0, 0),
    )
    assert "Not run so far" in words(8, never)
    assert words(15, never) == "No source has been searched yet."
    assert "PubMed (NCBI) | not searched | none" in words(13, never)
    assert Document(io.BytesIO(docx_appendix(appendix_of(never)))).paragraphs
    assert json_records(never) == b"[]\n"


# Markdown


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
    for text in {run.query for run in REPORT.runs} | {HISTORY, REVIEW.search.text, "bread iron"}:
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
    for text in {run.query for run in REPORT.runs} | {HISTORY}:
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
