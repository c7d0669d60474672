"""What comes at an awkward moment: after a closing, during a comparison, in another order, over an older run."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from living import EXPORTS, SAMPLES, LivingReview, closed_in, imported_in, made_in, truth

from livingsearch.errors import ImportRefused, UpdateRefused
from livingsearch.ledger.at_position import make_tables
from livingsearch.ledger.counts import unreleased_reports
from livingsearch.ledger.identities import broken_identities
from livingsearch.services.batches import closed_without_batch
from livingsearch.services.deduplicate import deduplicate_review
from livingsearch.services.imports import import_export
from livingsearch.services.reporting import review_counts
from livingsearch.services.searches import search_source
from livingsearch.services.updates import begin_update, finish_update, run_update
from livingsearch.standin import Fault, FaultKind, Standin


@pytest.fixture
def exported(tmp_path: Path) -> LivingReview:
    """The example review for a test of exports; nothing is behind its PubMed."""
    return made_in(tmp_path / "exported")


class Meanwhile:
    """Does something else once, when a step is reached or its progress is told."""

    def __init__(self, moment: str, something: Callable[[], object]) -> None:
        self.moment, self.something = moment, something
        self.done = False

    def step(self, name: str) -> None:
        if name == self.moment and not self.done:
            self.done = True
            self.something()

    def progress(self, what: str, done: int, total: int) -> None:
        self.step(what)


def test_a_search_that_ends_after_its_update_closed_counts_nowhere(tmp_path: Path, standin: Standin) -> None:
    living = imported_in(tmp_path, standin.base_url)

    def close() -> None:
        assert run_update_without(living, "pubmed")

    watch = Meanwhile("reply kept: pubmed 0", close)
    with pytest.raises(UpdateRefused, match="closed while this run was under way"):
        search_source(living.context(watch), "pubmed", update=1)
    with living.context().store.read() as con:
        assert con.execute("SELECT state FROM run WHERE source = 'pubmed'").fetchall() == [("failed",)]
    assert run_update(living.context(), number=2, close_now=True).closed
    second = review_counts(living.context()).closed[1]
    column = next(c for c in second.sources if c.slug == "pubmed")
    assert (column.identified, column.already_known) == (74, 0)
    with living.context().store.read() as con:
        make_tables(con, second.position, tuple(living.context().preferred()))
        assert unreleased_reports(con) == []


def run_update_without(living: LivingReview, source: str) -> bool:
    """Closes update 1 although a search of the source is under way."""
    begin_update(living.context(), number=1, due=[s for s in EXPORTS if s != source])
    return finish_update(living.context(), 1).closed


@pytest.mark.parametrize("moment", ["normalising records", "comparing records"])
def test_records_that_arrive_during_a_comparison_are_compared_too(moment: str, exported: LivingReview) -> None:
    exported.import_wave("base", 1, only=("medline-ovid",))
    watch = Meanwhile(moment, lambda: exported.import_wave("base", 1, only=("embase-ovid", "cinahl-ebsco")))
    result = deduplicate_review(exported.context(watch))
    assert watch.done
    assert result.compared == 74 + 68 + 50
    assert run_update(exported.context(), number=1, close_now=True).closed
    assert broken_identities(review_counts(exported.context()).closed[0]) == []


def ris(*records: dict[str, str]) -> bytes:
    lines = []
    for record in records:
        lines += ["TY  - JOUR", "DB  - Embase", *(f"{tag}  - {value}" for tag, value in record.items()), "ER  - ", ""]
    return "\n".join(lines).encode()


FIRST = {
    "ID": "2020000001",
    "T1": "Peer support in personality disorder services: a survey of wards",
    "A1": "Barr K.R.",
    "Y1": "2020//",
    "JF": "Journal of Wards",
    "VL": "7",
    "SP": "20",
}
OTHER = {
    "ID": "2021000002",
    "T1": "A wholly different trial of dialectical behaviour therapy in prisons",
    "A1": "Smith J.",
    "Y1": "2021//",
    "JF": "Prison Medicine",
    "VL": "3",
    "SP": "411",
}


def brought(living: LivingReview, source: str, *records: dict[str, str]) -> None:
    folder = living.settings.workspace
    file = folder / f"{source}.ris"
    file.write_bytes(ris(*records))
    import_export(living.context(), source, [file], date_searched=date(2024, 1, 1), accept_mismatch="replaced")


def test_a_wrong_export_that_is_replaced_leaves_nothing_glued_to_a_released_report(exported: LivingReview) -> None:
    brought(exported, "embase-ovid", FIRST)
    assert run_update(exported.context(), number=1, close_now=True).closed
    brought(exported, "psycinfo-ovid", {**FIRST, "ID": "9"})
    deduplicate_review(exported.context())
    brought(exported, "psycinfo-ovid", {**OTHER, "ID": "9"})
    assert run_update(exported.context(), number=2, close_now=True).closed
    second = review_counts(exported.context()).closed[1]
    column = next(c for c in second.sources if c.slug == "psycinfo-ovid")
    assert (column.duplicates, column.to_screen) == (0, 1), "the other trial goes to screening"


def test_a_released_report_keeps_its_records_whatever_comes(exported: LivingReview) -> None:
    brought(exported, "embase-ovid", FIRST, OTHER)
    run_update(exported.context(), number=1, close_now=True)
    before = members(exported)
    brought(exported, "psycinfo-ovid", {**FIRST, "ID": "9", "T1": OTHER["T1"]})
    run_update(exported.context(), number=2, close_now=True)
    after = members(exported)
    assert {record: after[record] for record in before} == before


def members(living: LivingReview) -> dict[int, int]:
    with living.context().store.read() as con:
        return dict(con.execute("SELECT record_id, report_id FROM member_at(1000000)").fetchall())


def test_killed_between_closing_and_writing_the_batch_is_finished_without_a_number(tmp_path: Path) -> None:
    living = closed_in(tmp_path)
    folder = living.context().folder.batch(1)
    whole = {p.name: p.read_bytes() for p in folder.iterdir()}
    next(folder.glob("*-counts.json")).unlink()
    next(folder.glob("*.ris")).unlink()
    assert closed_without_batch(living.context()) == 1
    outcome = run_update(living.context())
    assert (outcome.number, outcome.closed) == (1, True)
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == whole
    assert review_counts(living.context()).open is None


def test_a_search_without_results_is_a_run(exported: LivingReview) -> None:
    with pytest.raises(ImportRefused, match="--hits 0"):
        import_export(exported.context(), "cinahl-ebsco", [], date_searched=date(2024, 1, 1))
    result = import_export(exported.context(), "cinahl-ebsco", [], date_searched=date(2024, 1, 1), hits=0)
    assert result.received == 0
    run_update(exported.context(), number=1, close_now=True)
    column = next(c for c in review_counts(exported.context()).closed[0].sources if c.slug == "cinahl-ebsco")
    assert (column.searched, column.identified) == (True, 0)


def test_a_wrong_date_is_corrected_by_importing_again(exported: LivingReview) -> None:
    file = SAMPLES / "base" / "ovid-medline.ris"
    import_export(exported.context(), "medline-ovid", [file], date_searched=date(2013, 12, 31))
    again = import_export(exported.context(), "medline-ovid", [file], date_searched=date(2023, 12, 31))
    assert not again.repeated
    run_update(exported.context(), number=1, close_now=True)
    column = next(c for c in review_counts(exported.context()).closed[0].sources if c.slug == "medline-ovid")
    assert (column.date_searched, column.identified) == (date(2023, 12, 31), 74)


def test_changed_records_are_told_however_often_the_source_is_run(living: LivingReview, standin: Standin) -> None:
    run_update(living.context(), number=1, close_now=True)
    standin.load([SAMPLES / "update" / "pubmed.xml"])
    for _ in range(2):
        search_source(living.context(), "pubmed")
    run_update(living.context(), number=2, close_now=True)
    turnover = {t.source: t for t in review_counts(living.context()).turnover[2]}
    assert turnover["pubmed"].changed == 1


def test_a_source_that_is_renamed_keeps_the_kind_that_it_was_run_as(living: LivingReview) -> None:
    file = living.context().folder.review_file
    text = file.read_text("utf-8")
    register = text.replace('name = "CINAHL"\nkind = "database"', 'name = "CINAHL"\nkind = "register"')
    assert register != text
    file.write_text(register, "utf-8")
    living.import_wave("base", 1, only=("cinahl-ebsco",))
    file.write_text(register.replace('"cinahl-ebsco"', '"cinahl"'), "utf-8")
    run_update(living.context(), number=1, close_now=True)
    flow = review_counts(living.context()).closed[0]
    assert (flow.identified_databases, flow.identified_registers) == (74, 50)
    gone = flow.sources[-1]
    assert (gone.slug, gone.label, gone.kind) == ("cinahl-ebsco", "CINAHL (EBSCOhost)", "register")


def test_possible_duplicates_are_told_also_where_a_replaced_run_names_them(exported: LivingReview) -> None:
    bare = {"T1": FIRST["T1"], "Y1": "2020//"}
    people = "Smith, John"
    place = {"A1": people, "JF": "Journal of Wards", "VL": "12", "SP": "100", "DO": "10.1000/one"}
    elsewhere = {"A1": people, "JF": "Journal of Other Matters", "VL": "44", "SP": "7", "DO": "10.1000/two"}
    brought(exported, "medline-ovid", {**bare, "A1": people, "ID": "1"})
    brought(exported, "medline-ovid", {**OTHER, "ID": "2"})
    brought(exported, "embase-ovid", {**bare, "A1": people, "ID": "3"})
    brought(exported, "psycinfo-ovid", {**bare, **place, "ID": "4"})
    brought(exported, "cinahl-ebsco", {**bare, **elsewhere, "ID": "5"})
    run_update(exported.context(), number=1, close_now=True)
    with exported.context().store.read() as con:
        named = con.execute("SELECT x_id FROM verdict_at(1000000) WHERE outcome = 'possible'").fetchall()
    assert (1,) in named, "the record of the replaced run speaks for its equal"
    assert review_counts(exported.context()).closed[0].possible_pairs == 2


def test_a_record_that_pubmed_does_not_deliver_is_named(living: LivingReview, standin: Standin) -> None:
    base = (SAMPLES / "base" / "pubmed.xml").read_text("utf-8")
    matches = [r["accession"] for r in truth() if r["source"] == "pubmed" and r["matches"] == "1"]
    pmid = next(one for one in matches if f">{one}</PMID>" in base)
    standin.faults = [Fault(FaultKind.MISSING_PMIDS, "efetch", pmids=frozenset({int(pmid)}))]
    result = search_source(living.context(), "pubmed")
    assert (result.received, result.not_delivered, result.hits) == (73, 1, 74)
    with living.context().store.read() as con:
        assert con.execute("SELECT kind, text FROM run_remnant").fetchall() == [("not delivered", pmid)]


def test_leftovers_of_killed_processes_are_swept_when_they_are_old(tmp_path: Path) -> None:
    living = made_in(tmp_path)
    folder = living.context().folder
    (folder.received / ".abc.part").write_bytes(b"half")
    (folder.path / ".spill-1").mkdir()
    folder.sweep(0)
    assert (folder.received / ".abc.part").exists()
    folder.sweep((folder.received / ".abc.part").stat().st_mtime + 10)
    assert not (folder.received / ".abc.part").exists()
    assert not (folder.path / ".spill-1").exists()


def test_an_import_that_replaces_another_says_so(exported: LivingReview) -> None:
    exported.import_wave("base", 1, only=("medline-ovid",))
    file = SAMPLES / "update" / "ovid-medline.ris"
    result = import_export(exported.context(), "medline-ovid", [file], date_searched=date(2025, 8, 15))
    assert any(w.startswith("It replaces run 1 (74 records) of medline-ovid") for w in result.warnings)


@pytest.mark.parametrize(
    ("file", "source", "words"),
    [
        ("ebsco-cinahl.ris", "medline-ovid", ["signs of ebsco", "come from CINAHL Ultimate (50)", "MEDLINE (Ovid)"]),
        ("ovid-psycinfo.ris", "medline-ovid", ["PsycInfo (64)", "MEDLINE (Ovid) is declared"]),
    ],
)
def test_an_export_of_another_source_is_refused(file: str, source: str, words: list[str], living: LivingReview) -> None:
    arguments = {"date_searched": date(2023, 12, 31)}
    with pytest.raises(ImportRefused) as refused:
        import_export(living.context(), source, [SAMPLES / "base" / file], **arguments)
    assert [w for w in words if w not in str(refused.value)] == []
    assert review_counts(living.context()).open is None
    assert list(living.context().folder.received.iterdir()) == []
    taken = import_export(living.context(), source, [SAMPLES / "base" / file], **arguments, accept_mismatch="a test")
    assert any("Accepted: a test" in w for w in taken.warnings)


@pytest.mark.parametrize("day", [date(1025, 8, 15), date(2099, 1, 1)])
def test_an_implausible_date_is_refused(day: date, living: LivingReview) -> None:
    with pytest.raises(ImportRefused, match="date searched"):
        import_export(living.context(), "medline-ovid", [SAMPLES / "base" / "ovid-medline.ris"], date_searched=day)


def test_an_unknown_platform_is_refused_with_those_known(living: LivingReview) -> None:
    file = SAMPLES / "base" / "ovid-medline.ris"
    with pytest.raises(ImportRefused, match=r"'nonsense'.*ovid"):
        import_export(living.context(), "medline-ovid", [file], date_searched=date(2024, 1, 1), platform="nonsense")


def test_records_that_say_nothing_are_not_taken_for_each_other(exported: LivingReview) -> None:
    brought(exported, "embase-ovid", {}, {}, {}, FIRST)
    run_update(exported.context(), number=1, close_now=True)
    column = next(c for c in review_counts(exported.context()).closed[0].sources if c.slug == "embase-ovid")
    assert (column.identified, column.duplicates, column.to_screen) == (4, 0, 4)


def test_an_update_in_a_row_is_not_opened_by_accident(living: LivingReview) -> None:
    run_update(living.context(), close_now=True)
    with pytest.raises(UpdateRefused, match=r"no source is due yet.*--number 2"):
        run_update(living.context(), close_now=True)
    assert len(review_counts(living.context()).closed) == 1
    assert run_update(living.context(), number=2, close_now=True).closed
