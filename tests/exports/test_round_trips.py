"""Our RIS through the tools' habits and back: the same reports, none twice, none wrong."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from effort import examples
from hypothesis import given, settings
from reports import REPORTS
from tool_habits import HABITS, Pairs, mistyped, records_of, shouted, without

from connectors.exports import read_export
from connectors.record import Record
from livingsearch.exports import FORMS, BatchReport
from livingsearch.exports.back import Batch, HandedOut, Reference, match
from livingsearch.exports.back.match import Found, NotFound
from livingsearch.services.returned import reference_of

ADDRESS = "https://livingsearch.invalid/x/reports/"
SAMPLES = Path(__file__).parent.parent.parent / "data" / "samples"


def written(reports: list[BatchReport]) -> list[Pairs]:
    return records_of(b"".join(FORMS["ris"].pieces(reports)).decode())


def read(text: str) -> list[Reference]:
    return [reference_of(raw, record) for raw, record in read_export(text.encode(), "returned.ris").records]


def batch_of(reports: list[BatchReport]) -> Batch:
    handed = [HandedOut(r.report_id, 1, r.title, r.authors, r.year, r.doi, r.pmid) for r in reports]
    return Batch(handed, ADDRESS)


@pytest.fixture(scope="module")
def reports() -> list[BatchReport]:
    """The works of the samples, each once, as a batch would hand them out."""
    works: dict[str, Record] = {}
    dois: set[str | None] = set()
    for file in sorted(SAMPLES.glob("base/*.ris")):
        for _, record in read_export(file.read_bytes(), file.name).records:
            title = "".join(letter for letter in (record.title or "").lower() if letter.isalnum())
            if record.doi not in dois:
                works.setdefault(title[:60], record)
            dois |= {record.doi} - {None}
    return [
        BatchReport(
            report_id=f"R{n:06}",
            url=f"{ADDRESS}R{n:06}",
            update=1,
            title=record.title,
            authors=record.authors,
            year=record.year,
            journal=record.journal,
            volume=record.volume,
            issue=record.issue,
            pages=record.pages,
            doi=record.doi,
            pmid=record.pmid,
            abstract=record.abstract,
            keywords=record.keywords,
            languages=record.languages,
            issns=record.issns,
            accessions=(f"x:{record.accession}",),
            sources=("PubMed (NCBI)",),
        )
        for n, record in enumerate(works.values(), 1)
    ]


def recognised(reports: list[BatchReport], results: list[Found | NotFound]) -> list[int]:
    """Places of the recognised references; fails where one is recognised as another report, or two as one."""
    found = [(n, r.report.report_id) for n, r in enumerate(results) if isinstance(r, Found)]
    assert [(n, report_id) for n, report_id in found if reports[n].report_id != report_id] == []
    assert len({report_id for _, report_id in found}) == len(found)
    return [n for n, _ in found]


@pytest.mark.parametrize("habit", list(HABITS))
def test_every_report_is_recognised_by_its_id(habit: str, reports: list[BatchReport]) -> None:
    assert len(reports) > 70
    results = match(read(HABITS[habit](written(reports))), batch_of(reports))
    assert len(recognised(reports, results)) == len(reports)
    assert {r.how for r in results if isinstance(r, Found)} == {"id"}


@pytest.mark.parametrize("habit", list(HABITS))
@pytest.mark.parametrize("lost", ["UR", "N1"])
def test_one_of_the_two_places_of_the_id_is_enough(habit: str, lost: str, reports: list[BatchReport]) -> None:
    records = [without(lost)(record) for record in written(reports)]
    results = match(read(HABITS[habit](records)), batch_of(reports))
    assert len(recognised(reports, results)) == len(reports)


@pytest.mark.parametrize("habit", list(HABITS))
@pytest.mark.parametrize("change", [lambda record: record, shouted, mistyped], ids=["as it was", "shouted", "mistyped"])
def test_without_any_id_doi_and_title_recognise_and_never_wrongly(
    habit: str, change: Callable[[Pairs], Pairs], reports: list[BatchReport]
) -> None:
    records = [change(without("UR", "N1", "AN")(record)) for record in written(reports)]
    results = match(read(HABITS[habit](records)), batch_of(reports))
    assert len(recognised(reports, results)) == len(reports)
    assert {r.how for r in results if isinstance(r, Found)} <= {"doi", "pmid", "title"}


@pytest.mark.parametrize("habit", list(HABITS))
@pytest.mark.parametrize("change", [lambda record: record, shouted, mistyped], ids=["as it was", "shouted", "mistyped"])
def test_by_title_alone_most_are_recognised_and_none_wrongly(
    habit: str, change: Callable[[Pairs], Pairs], reports: list[BatchReport]
) -> None:
    records = [change(without("UR", "N1", "AN", "DO")(record)) for record in written(reports)]
    results = match(read(HABITS[habit](records)), batch_of(reports))
    places = recognised(reports, results)
    left = [reports[n].title for n in range(len(reports)) if n not in places]
    assert len(left) <= 4, left


@pytest.mark.parametrize("habit", list(HABITS))
def test_references_of_other_reports_are_recognised_as_nothing(habit: str, reports: list[BatchReport]) -> None:
    half = len(reports) // 2
    records = [without("UR", "N1", "AN")(record) for record in written(reports[:half])]
    results = match(read(HABITS[habit](records)), batch_of(reports[half:]))
    assert [r for r in results if isinstance(r, Found)] == []


@pytest.mark.parametrize("habit", list(HABITS))
def test_the_same_numbers_in_another_review_are_other_reports(habit: str, reports: list[BatchReport]) -> None:
    half = len(reports) // 2
    theirs = [
        replace(report, report_id=ours.report_id, url=ours.url.replace("/x/", "/another/"))
        for report, ours in zip(reports[:half], reports[half:], strict=False)
    ]
    results = match(read(HABITS[habit](written(theirs))), batch_of(reports[half:]))
    assert [r for r in results if isinstance(r, Found)] == []
    assert all(r.why for r in results if isinstance(r, NotFound))


@settings(max_examples=examples(60), deadline=None)
@given(REPORTS)
def test_hostile_text_never_leads_to_another_report(reports: list[BatchReport]) -> None:
    if not reports:
        return
    # EndNote puts each value on a line of its own, where `ER  -` in a keyword does end the record.
    for habit in (habit for name, habit in HABITS.items() if name != "endnote"):
        results = match(read(habit(written(reports))), batch_of(reports))
        assert [r.report.report_id for r in results if isinstance(r, Found)] == [r.report_id for r in reports]
