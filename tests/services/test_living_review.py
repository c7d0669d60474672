"""A living review from its documented search to the batches of two updates, on the samples."""

import csv
import itertools
import json
from collections import defaultdict
from datetime import date
from pathlib import Path

import pytest
import rispy
from living import EXPORTS, SAMPLES, SEARCHED, LivingReview, closed_in, declared_counts, made_in, truth, updated_in

from livingsearch.errors import ImportRefused, UpdateRefused
from livingsearch.ledger.counts import possible_report_pairs
from livingsearch.ledger.identities import broken_identities
from livingsearch.services.imports import import_export
from livingsearch.services.reporting import review_counts
from livingsearch.services.searches import count_source, search_source
from livingsearch.services.updates import begin_update, finish_update, run_update
from livingsearch.standin import Standin


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> LivingReview:
    """Both updates done."""
    return updated_in(tmp_path_factory.mktemp("workspace"))


@pytest.fixture
def closed(tmp_path: Path, standin: Standin) -> LivingReview:
    """The first update done."""
    return closed_in(tmp_path / "workspace", standin.base_url)


def grouping(living: LivingReview) -> dict[tuple[str, str, int], int]:
    """Report by source, accession and occurrence."""
    with living.context().store.read() as con:
        rows = con.execute(
            """
            SELECT source, split_part(identity, ':', 2), occurrence, report_id
            FROM record JOIN member_at(1000000) USING (record_id)
            """
        ).fetchall()
    return {(source, accession, occurrence): report for source, accession, occurrence, report in rows}


def test_records_by_source_are_those_of_the_samples(finished: LivingReview) -> None:
    for flow, wave in zip(review_counts(finished.context()).closed, ("base", "update"), strict=True):
        assert {c.slug: c.identified for c in flow.sources} == declared_counts(wave)


def test_identities_hold_in_both_updates_and_in_total(finished: LivingReview) -> None:
    counts = review_counts(finished.context())
    assert counts.total is not None
    for flow in (*counts.closed, counts.total):
        assert broken_identities(flow) == []
        assert flow.identified == flow.already_known + flow.duplicates + flow.to_screen


def test_the_grouping_is_the_truth_but_for_queued_pairs(finished: LivingReview) -> None:
    work = {(r["source"], r["accession"], int(r["occurrence"])): r["work"] for r in truth()}
    reports = grouping(finished)
    assert set(reports) <= set(work)
    works_of: dict[int, set[str]] = defaultdict(set)
    reports_of: dict[str, set[int]] = defaultdict(set)
    for record, report in reports.items():
        works_of[report].add(work[record])
        reports_of[work[record]].add(report)
    assert {r: w for r, w in works_of.items() if len(w) > 1} == {}, "false merges"
    with finished.context().store.read() as con:
        queued = set(possible_report_pairs(con, position=1_000_000))
    apart = {pair for parts in reports_of.values() for pair in itertools.combinations(sorted(parts), 2)}
    assert apart <= queued, "duplicates that were neither merged nor queued"


def test_already_known_is_what_the_first_update_had_in_the_same_source(finished: LivingReview) -> None:
    first, second = review_counts(finished.context()).closed
    by_source = {c.slug: c for c in second.sources}
    for column in first.sources:
        vanished = 1 if column.slug == "psycinfo-ovid" else 0
        assert by_source[column.slug].already_known == column.identified - vanished


def test_vanished_and_changed_records_are_told(finished: LivingReview) -> None:
    turnover = {t.source: t for t in review_counts(finished.context()).turnover[2]}
    assert turnover["psycinfo-ovid"].vanished == 1
    assert (turnover["pubmed"].changed, turnover["embase-ovid"].changed) == (1, 1)
    assert sum(t.changed for t in turnover.values()) == 2


def test_the_included_studies_that_stand_in_a_source_reach_a_batch(finished: LivingReview) -> None:
    titles = set()
    for update in (1, 2):
        for path in finished.context().folder.batch(update).glob("*.ris"):
            titles |= {letters(str(r["title"])) for r in rispy.loads(path.read_text("utf-8"))}
    known = [k.title for k in finished.context().review.known]
    assert len(known) == 13
    missing = [t for t in known if not any(letters(t)[:40] in found for found in titles)]
    assert missing == []


def test_the_batch_holds_each_new_report_once_with_its_id(finished: LivingReview) -> None:
    for flow in review_counts(finished.context()).closed:
        folder = finished.context().folder.batch(flow.updates[0])
        references = rispy.loads(next(folder.glob("*.ris")).read_text("utf-8"))
        ids = [n for r in references for n in r["notes"] if n.startswith("recid:")]
        assert len(ids) == len(set(ids)) == flow.to_screen
        assert all(r["urls"][0].endswith(n.removeprefix("recid:")) for r, n in zip(references, ids, strict=True))
        with next(folder.glob("*.csv")).open(newline="", encoding="utf-8") as file:
            assert [f"recid:{row['recid']}" for row in csv.DictReader(file)] == ids


def test_everything_received_is_kept_and_named_by_its_sha256(finished: LivingReview) -> None:
    context = finished.context()
    with context.store.read() as con:
        files = con.execute("SELECT sha256, name, role FROM run_file").fetchall()
    assert {name for _, name, _ in files} >= set(EXPORTS.values())
    assert {role for _, _, role in files} == {"search", "records"}
    for sha256, _, _ in files:
        context.received.read(sha256)
    sample = (SAMPLES / "base" / "ovid-medline.ris").read_bytes()
    assert context.received.read(context.received.sha256(sample)) == sample


def test_a_closed_update_is_derived_to_equal_counts_and_changes_no_more(closed: LivingReview) -> None:
    before = review_counts(closed.context()).closed
    assert run_update(closed.context(), number=1).closed
    closed.import_wave("base", 1)
    assert review_counts(closed.context()).closed == before
    assert review_counts(closed.context()).open is None


def test_importing_other_files_into_a_closed_update_is_refused(closed: LivingReview) -> None:
    with pytest.raises(UpdateRefused, match="Update 1 is closed"):
        closed.import_wave("update", 1, only=("medline-ovid",))


def test_an_update_waits_for_exports_and_closes_without_them_in_the_end(living: LivingReview) -> None:
    context = living.context()
    outcome = run_update(context, number=1)
    assert not outcome.closed
    assert {a.source for a in outcome.awaited} == set(EXPORTS)
    late = living.context(now=lambda: outcome.awaited[0].until)
    assert run_update(late, number=1).closed
    flow = review_counts(context).closed[0]
    assert {c.slug for c in flow.sources if not c.searched} == set(EXPORTS)
    assert "not searched" in next(context.folder.batch(1).glob("*.txt")).read_text("utf-8")


def test_an_export_after_the_base_search_counts_in_the_next_update(living: LivingReview) -> None:
    run_update(living.context(), number=1, close_now=True)
    living.import_wave("base", 2, only=("medline-ovid",))
    assert run_update(living.context(), number=2, close_now=True).closed
    second = review_counts(living.context()).closed[1]
    column = next(c for c in second.sources if c.slug == "medline-ovid")
    assert (column.identified, column.already_known) == (74, 0)
    assert column.duplicates > 60, "PubMed brought their reports before"
    assert broken_identities(second) == []


def test_a_later_complete_run_replaces_the_earlier_one_in_the_counts(tmp_path: Path) -> None:
    living = made_in(tmp_path)
    living.import_wave("base", 1, only=("medline-ovid",))
    living.import_wave("update", 1, only=("medline-ovid",))
    run_update(living.context(), number=1, close_now=True)
    column = next(c for c in review_counts(living.context()).closed[0].sources if c.slug == "medline-ovid")
    assert (column.identified, column.date_searched) == (80, SEARCHED["update"])


def test_the_order_in_which_sources_come_changes_no_count(
    closed: LivingReview, tmp_path: Path, standin: Standin
) -> None:
    other = made_in(tmp_path / "other", standin.base_url)
    run_update(other.context(), number=1)
    other.import_wave("base", 1, only=tuple(reversed(EXPORTS)))
    run_update(other.context(), number=1)
    ours, theirs = (review_counts(r.context()).closed[0] for r in (closed, other))
    assert ours.sources == theirs.sources
    assert ours.to_screen == theirs.to_screen


def test_hits_that_differ_from_the_records_are_refused_unless_explained(living: LivingReview) -> None:
    file = SAMPLES / "base" / "ovid-medline.ris"
    arguments = {"date_searched": date(2023, 12, 31), "hits": 80}
    with pytest.raises(ImportRefused, match="80 results, but the file holds 74"):
        import_export(living.context(), "medline-ovid", [file], **arguments)
    assert review_counts(living.context()).open is None
    result = import_export(living.context(), "medline-ovid", [file], **arguments, accept_mismatch="6 are films")
    assert result.hits == 80
    assert any("6 are films" in w for w in result.warnings)


def test_counting_keeps_nothing(living: LivingReview) -> None:
    assert count_source(living.context(), "pubmed") == 74
    assert review_counts(living.context()).open is None
    assert list(living.context().folder.received.iterdir()) == []


def test_searching_again_ad_hoc_makes_a_second_run(living: LivingReview) -> None:
    first = search_source(living.context(), "pubmed")
    second = search_source(living.context(), "pubmed")
    assert (first.run_id, second.run_id) == (1, 2)
    assert (first.first_seen, second.first_seen) == (74, 0)
    plan = begin_update(living.context())
    assert plan.to_search == ()
    assert not finish_update(living.context(), plan.number).closed


def test_a_run_stores_the_query_its_translation_and_the_warnings(living: LivingReview) -> None:
    search_source(living.context(), "pubmed")
    with living.context().store.read() as con:
        row = con.execute("SELECT query, query_translation, warnings, hits_reported, software FROM run").fetchone()
    assert row is not None
    query, translation, warnings, hits, software = row
    assert query == living.context().review.source("pubmed").query
    assert '"personality disorder*"[Title/Abstract]' in translation
    assert any("complex emotional needs" in w for w in warnings)
    assert hits == 74
    assert set(json.loads(software)) >= {"python", "livingsearch", "duckdb"}


def letters(text: str) -> str:
    return "".join(c for c in text.lower() if c.isalnum())
