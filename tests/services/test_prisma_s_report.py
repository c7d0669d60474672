"""The PRISMA-S appendix of a living review: from its file and database, the same today and in five years."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from living import SAMPLES, LivingReview, at, closed_in, made_in

from livingsearch.errors import StoreError, UpdateRefused
from livingsearch.exports.prisma_s import SearchReport
from livingsearch.exports.prisma_s_document import Item, Paragraph, Subheading, Table
from livingsearch.exports.prisma_s_items import appendix_of
from livingsearch.services.histories import histories_in
from livingsearch.services.imports import import_export
from livingsearch.services.prisma_s import AppendixFiles, search_report, write_appendix
from livingsearch.services.prisma_s_sources import in_words
from livingsearch.services.prisma_s_strategy import limits_within
from livingsearch.services.reporting import review_counts
from livingsearch.services.updates import run_update
from livingsearch.standin import Standin
from livingsearch.store import append_to_log, log_position

QUERY = '(peer$ and "personality disorder$").ti,ab,kf.'
WIDER = '((peer$ or "lived experience$") and "personality disorder$").ti,ab,kf.'
MEDLINE = """[[source]]
slug = "medline-ovid"
name = "MEDLINE"
kind = "database"
database = "Ovid MEDLINE(R) ALL"
platform = "Ovid"
connector = "file"
schedule = "0 6 1 */3 *"
"""


def edit(living: LivingReview, *changes: tuple[str, str]) -> None:
    file = living.context().folder.review_file
    text = file.read_text("utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    file.write_text(text, "utf-8")


def medline_block(living: LivingReview) -> str:
    """What the review's file says of MEDLINE."""
    text = living.context().folder.review_file.read_text("utf-8")
    start = text.index('[[source]]\nslug = "medline-ovid"')
    return text[start : text.index("[[source]]", start + 1)]


def item(report: SearchReport, number: int) -> Item:
    return appendix_of(report).items[number - 1]


def rows(report: SearchReport, number: int) -> list[str]:
    return [" | ".join(row) for block in item(report, number).blocks if isinstance(block, Table) for row in block.rows]


def said(report: SearchReport, number: int) -> list[str]:
    return [block.text for block in item(report, number).blocks if isinstance(block, Paragraph | Subheading)]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LivingReview]:
    """The example review with one closed update of all sources, one of two, and an export for a third."""
    with Standin.of_files([SAMPLES / "base" / "pubmed.xml"]) as standin:
        living = closed_in(tmp_path_factory.mktemp("whole") / "workspace", standin.base_url)
        living.import_wave("update", 2, only=("medline-ovid", "embase-ovid"))
        first = search_report(living.context(), update=1)
        run_update(living.context(), number=2, close_now=True)
        living.import_wave("update", 3, only=("psycinfo-ovid",))
        assert search_report(living.context(), update=1) == first
    yield living


def test_records_are_those_of_the_ledger(whole: LivingReview) -> None:
    counts = review_counts(whole.context())
    report = search_report(whole.context())
    told = rows(report, 15)
    for flow in counts.closed:
        for column in flow.sources:
            numbers = (column.identified, column.already_known, column.duplicates, column.to_screen)
            cells = [f"{n:,}" for n in numbers] if column.searched else ["–"] * 4
            searched = str(column.date_searched) if column.searched else "not searched"
            assert " | ".join([str(flow.update), column.label, searched, *cells]) in told
    total = counts.total
    assert total is not None
    sums = (total.identified, total.already_known, total.duplicates, total.to_screen)
    assert f"Closed ones | All sources |  | {' | '.join(f'{n:,}' for n in sums)}" in told
    assert "3 | APA PsycInfo (Ovid) | 2025-08-15 | 71 | 63 | not compared yet | not compared yet" in told


def test_each_search_is_there_as_it_was_run(whole: LivingReview) -> None:
    report = search_report(whole.context())
    with whole.context().store.read() as con:
        queries = con.execute(
            "SELECT run_id, query, query_translation, records_received FROM run ORDER BY run_id"
        ).fetchall()
    runs = sorted(report.runs, key=lambda run: run.run_id)
    assert [(run.run_id, run.query, run.translation, run.received) for run in runs] == queries
    pubmed = next(run for run in runs if run.by_api)
    assert pubmed.translation
    assert all(warning.startswith("QuotedPhraseNotFound") for warning in pubmed.warnings)
    assert [len(file.sha256) for file in pubmed.files] == [64] * 3


def test_what_the_export_says_of_the_search(whole: LivingReview) -> None:
    report = search_report(whole.context())
    medline = next(source for source in report.sources if source.slug == "medline-ovid")
    assert medline.edition == "Ovid MEDLINE(R) ALL <1946 to August 15, 2025>"
    first = next(run for run in report.runs if run.source.slug == "medline-ovid")
    assert first.source.edition == "Ovid MEDLINE(R) ALL <1946 to December 29, 2023>"
    (history,) = first.histories
    assert history.startswith("Database: Ovid MEDLINE(R) ALL")
    assert history.endswith(".ti,ab,kf. (74)")
    assert not any("does not hold the declared query" in text for text in said(report, 8))


def test_an_update_alone_is_told_as_it_was_frozen(whole: LivingReview) -> None:
    report = search_report(whole.context(), update=2)
    assert {run.update for run in report.runs} == {2}
    assert [update.number for update in report.earlier] == [1, 2]
    assert rows(report, 13) == [
        "PubMed (NCBI) | " + str(report.runs[-1].searched_on) + f" | update 2: {report.runs[-1].searched_on}",
        "MEDLINE (Ovid) | 2025-08-15 | update 2: 2025-08-15",
        "Embase (Ovid) | 2025-08-15 | update 2: 2025-08-15",
        "APA PsycInfo (Ovid) | not searched | none",
        "CINAHL (EBSCOhost) | not searched | none",
    ]
    assert "Not searched." in said(report, 8)
    assert not any(text.startswith("Not run") for text in said(report, 8))
    assert all("psycinfo" not in run.source.slug for run in report.runs)


def test_the_open_update_alone(whole: LivingReview) -> None:
    report = search_report(whole.context(), update=3)
    assert [run.source.slug for run in report.runs] == ["psycinfo-ovid"]
    assert any(text.startswith("Not run in update 3 so far") for text in said(report, 8))


def test_the_same_state_gives_the_same_files_and_changes_nothing(whole: LivingReview, tmp_path: Path) -> None:
    with whole.context().store.read() as con:
        before = log_position(con)
    one = write_appendix(whole.context(), folder=tmp_path / "one")
    other = write_appendix(whole.context(now=at("2040-01-01 00:00")), folder=tmp_path / "two" / "deep")
    assert [path.read_bytes() for path in one.paths] == [path.read_bytes() for path in other.paths]
    with whole.context().store.read() as con:
        assert log_position(con) == before
    records = json.loads(one.records.read_text("utf-8"))
    assert len(records) == len(search_report(whole.context()).runs) == 9


def test_files_lie_in_the_review_s_folder(whole: LivingReview) -> None:
    def written(update: int | None) -> AppendixFiles:
        return write_appendix(whole.context(), update=update)

    reports = whole.context().folder.path / "reports"
    assert [path.relative_to(reports).as_posix() for path in written(None).paths] == [
        "prisma-s.md",
        "prisma-s.docx",
        "search-records.json",
    ]
    assert written(1).markdown == reports / "update-001" / "prisma-s.md"
    assert written(1).paths == written(1).paths, "they are replaced"


def test_a_folder_that_cannot_be_made_is_refused(whole: LivingReview, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError):
        write_appendix(whole.context(), folder=tmp_path / "file" / "below")


def test_an_update_that_is_not_there_is_refused(whole: LivingReview) -> None:
    with pytest.raises(UpdateRefused, match=r"no update 7 .*there are: 1, 2, 3"):
        search_report(whole.context(), update=7)


@pytest.fixture
def living(tmp_path: Path) -> LivingReview:
    """The example review with a query of its own at MEDLINE, nothing behind its PubMed."""
    made = made_in(tmp_path / "workspace", retry_budget=0.05)
    edit(made, (medline_block(made), f"{MEDLINE}query = {QUERY!r}\n"))
    return made


def medline(living: LivingReview, wave: str, on: date) -> None:
    import_export(living.context(), "medline-ovid", [SAMPLES / wave / "ovid-medline.ris"], date_searched=on)


def test_a_review_that_was_never_searched(living: LivingReview) -> None:
    report = search_report(living.context())
    assert all(source.declared for source in report.sources)
    assert said(report, 15) == ["No source has been searched yet."]
    files = write_appendix(living.context())
    assert json.loads(files.records.read_text("utf-8")) == []
    with pytest.raises(UpdateRefused, match="there are: none"):
        search_report(living.context(), update=1)


def test_a_run_that_was_replaced_is_told_and_does_not_count(living: LivingReview) -> None:
    medline(living, "base", date(2023, 12, 31))
    medline(living, "update", date(2024, 1, 31))
    report = search_report(living.context())
    assert [run.replaced_by for run in report.runs] == [2, None]
    assert "no, run 2 took its place" in rows(report, 8)[0]
    assert "MEDLINE (Ovid) | 2024-01-31 | update 1: 2024-01-31" in rows(report, 13)


def test_a_changed_strategy_is_told_before_and_after_it_runs(living: LivingReview) -> None:
    medline(living, "base", date(2023, 12, 31))
    run_update(living.context(), close_now=True, number=1)
    edit(living, (QUERY, WIDER))
    report = search_report(living.context())
    assert any(text.startswith("Not run yet: as declared in review.toml") for text in said(report, 8))
    assert any("not run yet" in text for text in said(report, 12))
    revision = '[search.revision]\nauthor = "Ann (0000-0002-1825-0097)"\nreason = "Lived experience was missing."\n'
    edit(living, ("[[search.limits]]", f"{revision}\n[[search.limits]]"))
    medline(living, "update", date(2024, 1, 31))
    report = search_report(living.context())
    assert [run.query for run in report.runs] == [QUERY, WIDER]
    assert [run.version for run in report.runs] == [2, 3], "the first is that of the file as it was made"
    assert [update.versions for update in report.updates] == [(2,), (3,)]
    assert any("Lived experience was missing." in row for row in rows(report, 12))
    assert report.versions[-1].changes
    assert any(text.startswith("No reason was given for version 2:") for text in said(report, 12))
    assert not any("not run yet" in text for text in said(report, 12))
    frozen = search_report(living.context(), update=1)
    assert [version.number for version in frozen.versions] == [1, 2]
    assert [run.query for run in frozen.runs] == [QUERY]


def test_a_source_that_is_declared_no_more_keeps_its_searches(living: LivingReview) -> None:
    medline(living, "base", date(2023, 12, 31))
    edit(living, (medline_block(living), ""), ('"medline-ovid", ', ""))
    report = search_report(living.context())
    last = report.sources[-1]
    assert (last.slug, last.database, last.platform, last.searched) == (
        "medline-ovid",
        "Ovid MEDLINE(R) ALL",
        "Ovid",
        True,
    )
    assert QUERY in [run.query for run in report.runs]


def test_another_database_under_the_same_name_is_told_apart(living: LivingReview) -> None:
    medline(living, "base", date(2023, 12, 31))
    edit(living, ('database = "Ovid MEDLINE(R) ALL"', 'database = "Ovid MEDLINE(R) 1996 onwards"'))
    databases = [source.database for source in search_report(living.context()).sources if source.slug == "medline-ovid"]
    assert databases == ["Ovid MEDLINE(R) ALL"], "the query is the same, so nothing is to be run anew"
    edit(living, (QUERY, WIDER))
    databases = [source.database for source in search_report(living.context()).sources if source.slug == "medline-ovid"]
    assert databases == ["Ovid MEDLINE(R) ALL", "Ovid MEDLINE(R) 1996 onwards"]


def test_what_a_person_writes_into_the_file_fills_the_item_at_once(living: LivingReview) -> None:
    medline(living, "base", date(2023, 12, 31))
    run_update(living.context(), close_now=True)
    assert item(search_report(living.context(), update=1), 4).is_missing
    edit(living, ("[search.reporting]\n", '[search.reporting]\nbrowsing = "Nothing was browsed."\n'))
    assert item(search_report(living.context(), update=1), 4).status == "person"


def test_decisions_of_people_are_counted(living: LivingReview) -> None:
    medline(living, "base", date(2023, 12, 31))
    run_update(living.context(), close_now=True)
    with living.context().store.write() as con:
        for n, word in enumerate(("duplicate", "distinct", "distinct", "undone"), 1):
            position = append_to_log(con, "decision", datetime(2030, 1, 1, tzinfo=UTC), "ann")
            con.execute(
                "INSERT INTO decision VALUES (?, ?, ?, ?, 'ann', TIMESTAMP '2030-01-01', NULL, ?)",
                [n, min(n, 3), 9, word, position],
            )
    found = search_report(living.context()).deduplication
    assert (found.said_duplicate, found.said_distinct) == (1, 1)
    assert found.automatic == sum(pairs for _, pairs in found.by_rule)
    before = search_report(living.context(), update=1).deduplication
    assert (before.said_duplicate, before.said_distinct) == (0, 0)


HISTORIES = {
    "Database: A <1 to 2>\nSearch Strategy:\n---\n1     x (1)\n\n****************\nmore": [
        ("Database: A <1 to 2>\nSearch Strategy:\n---\n1     x (1)", "A <1 to 2>")
    ],
    "Link\n\nDatabase: A\nSearch Strategy:\n1     x (1)\nDatabase: B\nSearch Strategy:\n1     y (2)": [
        ("Database: A\nSearch Strategy:\n1     x (1)", "A"),
        ("Database: B\nSearch Strategy:\n1     y (2)", "B"),
    ],
    "C1 - Database: A\nSearch Strategy:\n1     x (1)": [("C1 - Database: A\nSearch Strategy:\n1     x (1)", "A")],
    "Search Strategy:\n1     x (1)": [("Search Strategy:\n1     x (1)", None)],
    "My Search Strategy: none": [],
    "": [],
}


@pytest.mark.parametrize("text", HISTORIES)
def test_histories_within_an_export(text: str) -> None:
    assert [(found.text, found.edition) for found in histories_in(text)] == HISTORIES[text]


@pytest.mark.parametrize(
    ("query", "platform", "limits"),
    [
        ("bread[tiab] AND iron[tiab]", "NCBI", ()),
        ("bread[tiab] AND english[la]", "NCBI", ("english[la]",)),
        ("bread[tiab] AND 2000:2020[dp]", "NCBI", ("2000:2020[dp]",)),
        ("1. bread.ti,ab.\n2. limit 1 to english language", "Ovid", ("english language",)),
        ("bread AND", "NCBI", None),
        ("TITLE(bread)", "Scopus", None),
        ("bread", "a platform of our own", None),
    ],
)
def test_limits_within_a_query(query: str, platform: str, limits: tuple[str, ...] | None) -> None:
    assert limits_within(query, platform, "MEDLINE") == limits


@pytest.mark.parametrize(
    ("schedule", "words"),
    [
        ("0 6 1 * *", "At 06:00 on the first day of every month"),
        ("0 6 1 */3 *", "At 06:00 on the first day of every third month"),
        ("30 5 * * MON", "At 05:30 on Monday"),
    ],
)
def test_schedules_in_words(schedule: str, words: str) -> None:
    assert in_words(schedule) == words
