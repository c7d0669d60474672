"""A search as the PRISMA-S appendix reports it: two updates, a source of each kind, all that is optional."""

from datetime import UTC, date, datetime
from pathlib import Path

from livingsearch.exports.prisma_s import (
    Deduplication,
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
from livingsearch.exports.prisma_s_document import Bullets, Item, Table
from livingsearch.exports.prisma_s_items import appendix_of
from livingsearch.review.model import Review
from livingsearch.review.reader import review_of

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
