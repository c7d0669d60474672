"""What an update changed in the records that a review already had."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from living import SAMPLES, SEARCHED, LivingReview, made_in

from connectors.record import RawRecord, Record, received_table
from livingsearch.errors import UpdateRefused
from livingsearch.ledger.flow import Flow
from livingsearch.services.changes import Changes, FieldChange, SourceChanges, record_changes
from livingsearch.services.imports import import_export
from livingsearch.services.ingest import ingest
from livingsearch.services.open_update import ensure_open_update
from livingsearch.services.reporting import review_counts
from livingsearch.services.runs import complete_run, start_run
from livingsearch.services.updates import begin_update, finish_update, run_update
from livingsearch.standin import Standin
from livingsearch.store import log_position

RETRACTED, RETITLED, GONE, CORRECTED = "90000118", "90000003", "90000006", "90000008"
THREE = ("medline-ovid", "embase-ovid", "cinahl-ebsco")
Edit = Callable[[str], str]


def article(text: str, pmid: str, edit: Edit) -> str:
    """PubMed's XML with one record edited."""
    lines = text.splitlines(keepends=True)
    (n,) = (i for i, line in enumerate(lines) if f'<PMID Version="1">{pmid}</PMID>' in line)
    lines[n] = edit(lines[n])
    return "".join(lines)


def noticed(*links: tuple[str, str]) -> Edit:
    """An edit that adds links to other records, by kind and PMID."""
    told = "".join(
        f'<CommentsCorrections RefType="{kind}"><RefSource>J Wards. 2025</RefSource><PMID Version="1">{pmid}</PMID>'
        "</CommentsCorrections>"
        for kind, pmid in links
    )
    into = "</MedlineJournalInfo>"
    return lambda line: line.replace(into, f"{into}<CommentsCorrectionsList>{told}</CommentsCorrectionsList>")


def retitled(line: str) -> str:
    return re.sub(r"(<ArticleTitle>)", r"\1Revised: ", line)


def base(standin: Standin, living: LivingReview, number: int, pubmed: str, *, only: tuple[str, ...]) -> None:
    """One more update on the first wave's exports, with PubMed's records as given."""
    file = living.settings.workspace / f"pubmed-{number}.xml"
    file.write_text(pubmed, "utf-8")
    standin.load([file])
    living.import_wave("base", number, only=only)
    assert run_update(living.context(), number=number, close_now=True).closed


def original() -> str:
    return (SAMPLES / "base" / "pubmed.xml").read_text("utf-8")


def second(gone: Edit = lambda line: "") -> str:
    """The first wave with a title changed, a record gone, one retracted and one corrected."""
    text = article(original(), RETITLED, retitled)
    text = article(text, RETRACTED, noticed(("RetractionIn", "39000001"), ("CommentIn", "39000009")))
    text = article(text, CORRECTED, noticed(("ErratumIn", "39000002"), ("UpdateOf", "39000003")))
    return article(text, GONE, gone)


def third() -> str:
    """The second with the record back that was gone, and an expression of concern about it."""
    return second(noticed(("ExpressionOfConcernIn", "39000004")))


def with_medline_notice(living: LivingReview, number: int) -> None:
    """MEDLINE's export in which the same publication is retracted."""
    text = (SAMPLES / "base" / "ovid-medline.ris").read_text("ascii")
    head = f"ID  - {RETRACTED}\n"
    assert head in text
    file = living.settings.workspace / "medline.ris"
    file.write_text(text.replace(head, f"{head}N1  - Retraction in: J Wards. 2025. PMID: 39000001\n"), "ascii")
    import_export(living.context(), "medline-ovid", [file], date_searched=SEARCHED["update"], update=number)


@pytest.fixture(scope="module")
def told_at_closing() -> dict[int, Changes]:
    """The changes of update 2 as they were before update 3 began."""
    return {}


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory, told_at_closing: dict[int, Changes]) -> LivingReview:
    """Three closed updates: the second retracts in PubMed, the third in MEDLINE too and brings back what was gone."""
    with Standin.of_files([SAMPLES / "base" / "pubmed.xml"]) as standin:
        living = made_in(tmp_path_factory.mktemp("workspace"), standin.base_url)
        base(standin, living, 1, original(), only=THREE)
        base(standin, living, 2, second(), only=THREE)
        told_at_closing[2] = record_changes(living.context(), 2)
        with_medline_notice(living, 3)
        base(standin, living, 3, third(), only=("embase-ovid",))
    return living


def of(changes: Changes, source: str) -> SourceChanges:
    return next(one for one in changes.sources if one.source == source)


def agreement(living: LivingReview, flow: Flow) -> None:
    """The changes of an update say what the ledger says."""
    number = flow.updates[-1]
    changes = record_changes(living.context(), number)
    counts = review_counts(living.context())
    assert changes.position == flow.position
    assert [(c.source, c.vanished, c.changed) for c in changes.sources] == [
        (t.source, t.vanished, t.changed) for t in counts.turnover[number]
    ]
    assert len(changes.vanished) == sum(c.vanished for c in changes.sources)
    assert len(changes.changed) == sum(c.changed for c in changes.sources)
    assert {c.source: (c.records, c.already_known) for c in changes.sources} == {
        c.slug: (c.identified, c.already_known) for c in flow.sources if c.searched
    }
    for one in changes.sources:
        assert one.records == one.already_known + one.new
        if one.previous_records is not None:
            assert one.previous_records - one.vanished - one.withheld + one.returned == one.already_known


def test_all_numbers_agree_with_the_ledger(finished: LivingReview) -> None:
    flows = review_counts(finished.context()).closed
    assert len(flows) == 3
    for flow in flows:
        agreement(finished, flow)


def test_the_sources_are_compared_with_their_searches_before(finished: LivingReview) -> None:
    pubmed = of(record_changes(finished.context(), 2), "pubmed")
    assert (pubmed.previous_update, pubmed.previous_records, pubmed.records) == (1, 74, 73)
    assert (pubmed.already_known, pubmed.new, pubmed.returned, pubmed.vanished, pubmed.changed) == (73, 0, 0, 1, 3)
    medline = of(record_changes(finished.context(), 2), "medline-ovid")
    assert (medline.previous_records, medline.records, medline.vanished, medline.changed) == (74, 74, 0, 0)


def test_a_first_search_is_compared_with_nothing(finished: LivingReview) -> None:
    first = record_changes(finished.context(), 1)
    assert (first.flagged, first.vanished, first.changed) == ((), (), ())
    assert {(c.previous_update, c.previous_records, c.already_known) for c in first.sources} == {(None, None, 0)}


def test_a_vanished_record_is_named_with_its_report(finished: LivingReview) -> None:
    (vanished,) = record_changes(finished.context(), 2).vanished
    one = vanished.record
    assert (one.source, one.accession, one.batch) == ("pubmed", GONE, 1)
    assert one.title is not None and one.title.startswith("Consumers as mental health providers")
    assert one.report is not None and re.fullmatch(r"R\d{6}", one.report)


def test_a_changed_record_tells_each_field_before_and_after(finished: LivingReview) -> None:
    changed = {c.record.accession: c for c in record_changes(finished.context(), 2).changed}
    assert set(changed) == {RETITLED, RETRACTED, CORRECTED}
    (title,) = changed[RETITLED].fields
    assert title.field == "title"
    assert title.after == (f"Revised: {title.before[0]}",)
    assert changed[RETITLED].record.title == title.after[0]
    assert changed[RETRACTED].fields == (FieldChange("notices", (), ("retracted", "RetractionIn 39000001")),)


def test_what_became_retracted_is_flagged_with_its_batch(finished: LivingReview) -> None:
    retracted, corrected = record_changes(finished.context(), 2).flagged
    assert (retracted.what, corrected.what) == ("retracted", "corrected")
    assert retracted.notices == ("RetractionIn 39000001", "retracted")
    assert (retracted.batch, retracted.retracted_before) == (1, False)
    assert [(r.source, r.accession) for r in retracted.records] == [("pubmed", RETRACTED)]
    assert corrected.notices == ("ErratumIn 39000002",), "what it does to another is no correction of itself"


def test_what_another_record_of_the_report_said_before_is_no_news(finished: LivingReview) -> None:
    third = record_changes(finished.context(), 3)
    assert [c.record.accession for c in third.changed if c.record.source == "medline-ovid"] == [RETRACTED]
    assert RETRACTED not in {r.accession for one in third.flagged for r in one.records}


def test_a_record_that_comes_back_is_known_and_its_concern_is_told(finished: LivingReview) -> None:
    third = record_changes(finished.context(), 3)
    pubmed = of(third, "pubmed")
    assert (pubmed.already_known, pubmed.new, pubmed.returned, pubmed.changed) == (74, 0, 1, 0)
    (flagged,) = third.flagged
    assert (flagged.what, flagged.batch) == ("expression of concern", 1)
    assert flagged.notices == ("ExpressionOfConcernIn 39000004",)


def test_a_source_that_was_not_searched_is_named(finished: LivingReview) -> None:
    assert record_changes(finished.context(), 3).unsearched == ("cinahl-ebsco",)
    assert record_changes(finished.context(), 2).unsearched == ()


def test_the_newest_update_is_shown_unless_told_and_others_are_refused(finished: LivingReview, tmp_path: Path) -> None:
    assert record_changes(finished.context()) == record_changes(finished.context(), 3)
    with pytest.raises(UpdateRefused, match=r"no update 9 .*there are: 1, 2, 3"):
        record_changes(finished.context(), 9)
    with pytest.raises(UpdateRefused, match=r"no update of .*there are: none"):
        record_changes(made_in(tmp_path).context())


def test_a_closed_update_says_the_same_whatever_comes(
    finished: LivingReview, told_at_closing: dict[int, Changes]
) -> None:
    assert told_at_closing[2].closed_at is not None
    assert record_changes(finished.context(), 2) == told_at_closing[2]


def test_an_open_update_is_shown_as_it_stands(tmp_path: Path) -> None:
    living = made_in(tmp_path)
    living.import_wave("base", 1, only=("medline-ovid",))
    begin_update(living.context(), number=1, due=["medline-ovid"])
    assert finish_update(living.context(), 1).closed
    begin_update(living.context(), number=2)
    empty = record_changes(living.context())
    assert (empty.update, empty.closed_at, empty.sources, empty.unsearched) == (2, None, (), ("medline-ovid",))
    with_medline_notice(living, 2)
    living.import_wave("base", 2, only=("cinahl-ebsco",))
    now = record_changes(living.context())
    assert [one.what for one in now.flagged] == ["retracted"]
    assert (of(now, "cinahl-ebsco").new, of(now, "medline-ovid").changed) == (50, 1)
    counts = review_counts(living.context())
    assert counts.open is not None
    agreement(living, counts.open)


def brought(living: LivingReview, number: int, source: str, records: Sequence[Record], *, closes: bool = True) -> None:
    """A complete run with these records, each in the report that its PMID numbers; nothing is compared."""
    context = living.context()
    table = received_table((RawRecord(n, "ris", "[]"), record) for n, record in enumerate(records, 1))
    with context.store.write() as con:
        ensure_open_update(con, context, reason="a test", number=number)
        day = date(2024, 1, number)
        declared = context.review.source(source)
        run_id = start_run(con, context, update=number, source=declared, kind="search", date_searched=day)
        ingested = ingest(con, table, run_id=run_id, source=source)
        complete_run(con, context, run_id, ingested, hits=len(records), warnings=[])
        place = log_position(con)
        con.execute(
            "INSERT INTO report_event SELECT ? * 1000000 + record_id, 'joined', pmid::BIGINT, record_id, ?, ? "
            "FROM record JOIN record_version USING (record_id, run_id) WHERE run_id = ?",
            [run_id, day, place, run_id],
        )
        if closes:
            con.execute("INSERT INTO batch VALUES (?, ?, ?)", [number, day, place])
            con.execute(
                "INSERT INTO batch_report SELECT DISTINCT ?, report_id FROM report_event "
                "WHERE report_id NOT IN (SELECT report_id FROM batch_report)",
                [number],
            )
            con.execute("INSERT INTO update_closing VALUES (?, ?, '{}', 'a test', ?)", [number, day, place])


def known(*notices: str, title: str = "Peer support") -> Record:
    return Record(accession="1", pmid="1", title=title, notices=notices)


def test_another_notice_of_a_known_retraction_is_not_told_as_a_new_one(tmp_path: Path) -> None:
    living = made_in(tmp_path)
    brought(living, 1, "pubmed", [known("retracted", "RetractionIn 5")])
    brought(living, 2, "pubmed", [known("retracted", "RetractionIn 5", "RetractionIn 6")])
    (one,) = record_changes(living.context(), 2).flagged
    assert (one.what, one.retracted_before, one.notices) == ("retracted before", True, ("RetractionIn 6",))


def test_the_gravest_comes_first_and_decides_what_is_said(tmp_path: Path) -> None:
    living = made_in(tmp_path)
    notices = {
        1: ("UpdateIn 9",),
        2: ("ErratumIn 9", "retracted"),
        3: ("UpdateIn 9", "ErratumIn 9"),
        4: ("RetractionOf 9", "ErratumFor 9", "RepublishedFrom 9", "PreprintIn 9"),
        5: ("WithdrawnIn 9",),
    }
    plain = [Record(accession=str(n), pmid=str(n), title="Wards") for n in notices]
    brought(living, 1, "pubmed", plain)
    brought(living, 2, "pubmed", [replace(r, notices=notices[int(r.pmid or 0)]) for r in plain])
    flagged = record_changes(living.context(), 2).flagged
    assert [(one.report, one.what) for one in flagged] == [
        ("R000002", "retracted"),
        ("R000003", "corrected"),
        ("R000001", "updated"),
        ("R000005", "another notice"),
    ]


def test_a_source_that_is_new_to_the_review_tells_of_reports_that_were_known(tmp_path: Path) -> None:
    living = made_in(tmp_path)
    brought(living, 1, "pubmed", [known()])
    brought(living, 2, "embase-ovid", [known("retracted"), Record(accession="2", pmid="2", notices=("retracted",))])
    changes = record_changes(living.context(), 2)
    (one,) = changes.flagged
    assert (one.report, one.what, one.batch) == ("R000001", "retracted", 1)
    assert [r.source for r in one.records] == ["embase-ovid"]
    assert (of(changes, "embase-ovid").new, changes.changed) == (2, ())


def test_a_search_of_a_window_makes_nothing_vanish(tmp_path: Path) -> None:
    living = made_in(tmp_path)
    brought(living, 1, "pubmed", [known(), Record(accession="2", pmid="2")])
    brought(living, 2, "pubmed", [known("retracted")])
    assert len(record_changes(living.context(), 2).vanished) == 1
    with living.context().store.write() as con:
        con.execute("UPDATE run SET scope = 'window' WHERE update_number = 2")
    brought(living, 3, "pubmed", [known("retracted"), Record(accession="2", pmid="2")])
    windowed = record_changes(living.context(), 2)
    (pubmed,) = windowed.sources
    assert (pubmed.scope, pubmed.previous_update, pubmed.vanished, pubmed.changed) == ("window", None, 0, 0)
    assert (pubmed.already_known, windowed.vanished, windowed.changed) == (1, (), ())
    assert [one.what for one in windowed.flagged] == ["retracted"], "a window tells of it all the same"
    (later,) = record_changes(living.context(), 3).sources
    assert (later.previous_update, later.changed, later.returned) == (1, 1, 0), "compared with the last whole search"


def test_a_change_that_was_taken_back_has_no_field(tmp_path: Path) -> None:
    living = made_in(tmp_path)
    brought(living, 1, "pubmed", [known()])
    brought(living, 2, "pubmed", [known(title="Something else")], closes=False)
    brought(living, 2, "pubmed", [known()])
    (one,) = record_changes(living.context(), 2).changed
    assert (one.record.accession, one.fields) == ("1", ())


def test_a_vanished_record_tells_where_its_report_is_still_found(tmp_path: Path) -> None:
    living = made_in(tmp_path)
    brought(living, 1, "pubmed", [known(), Record(accession="2", pmid="2")])
    brought(living, 2, "embase-ovid", [known()], closes=False)
    brought(living, 2, "pubmed", [Record(accession="3", pmid="3")])
    vanished = record_changes(living.context(), 2).vanished
    assert [(one.record.accession, one.still_in) for one in vanished] == [("1", ("embase-ovid",)), ("2", ())]


def test_fields_of_every_type_tell_their_values(tmp_path: Path) -> None:
    living = made_in(tmp_path)
    brought(living, 1, "pubmed", [replace(known(), year=2020, keywords=("a", "b"), authors=("A, B",))])
    brought(living, 2, "pubmed", [replace(known(), year=2021, keywords=("b", "c"), abstract="So.")])
    (one,) = record_changes(living.context(), 2).changed
    assert one.fields == (
        FieldChange("authors", ("A, B",), ()),
        FieldChange("year", ("2020",), ("2021",)),
        FieldChange("abstract", (), ("So.",)),
        FieldChange("keywords", ("a", "b"), ("b", "c")),
    )


def test_five_thousand_records(tmp_path: Path) -> None:
    living, count = made_in(tmp_path), 5_000
    plain = Record(authors=("A, B", "C, D"), year=2020, abstract="word " * 300, keywords=("x", "y", "z"))
    first = [replace(plain, accession=str(n), pmid=str(n), title=f"Peer support {n}") for n in range(1, count + 1)]
    later = [replace(r, title=f"{r.title} revised", notices=("retracted",)) for r in first[::100]]
    kept = [r for n, r in enumerate(first) if n % 100 and n % 50 != 1]
    everything = [replace(r, volume="7", notices=("retracted",)) for r in (*later, *kept)]
    brought(living, 1, "pubmed", first)
    brought(living, 2, "pubmed", [*later, *kept])
    second = record_changes(living.context(), 2)
    assert (second.sources[0].changed, len(second.flagged)) == (len(later), len(later))
    assert second.sources[0].vanished == count - len(later) - len(kept)
    assert all([f.field for f in c.fields] == ["title", "notices"] for c in second.changed)
    brought(living, 3, "pubmed", everything)
    third = record_changes(living.context(), 3)
    assert (third.sources[0].changed, len(third.flagged)) == (len(everything), len(kept))
