"""The PRISMA-S appendix: what each item says, and what is missing."""

import io
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from docx import Document
from reported_search import EMBASE, HISTORY, LIMITS, PUBMED, REGISTER, REPORT, TEXT, UPDATES, item, run, words

from livingsearch.exports.prisma_s import (
    Deduplication,
    QueryLimits,
    Restriction,
    Restrictions,
    SearchReport,
)
from livingsearch.exports.prisma_s_docx import docx_appendix
from livingsearch.exports.prisma_s_items import appendix_of
from livingsearch.exports.prisma_s_markdown import markdown_appendix
from livingsearch.exports.prisma_s_records import json_records
from livingsearch.review.reader import review_of

GOLDEN = Path(__file__).parent / "golden" / "prisma_s.md"


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
