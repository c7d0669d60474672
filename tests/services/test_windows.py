"""Searches of a window: on demand, after a search, and never where that would lose more than a window must."""

import json
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest
from living import SAMPLES, LivingReview, at, made_in, settings_for

from livingsearch.errors import UpdateRefused
from livingsearch.exports.prisma_s import SearchRun
from livingsearch.ledger.flow import flow_from_dict, flow_to_dict
from livingsearch.ledger.flow_diagram import flow_diagram
from livingsearch.ledger.identities import broken_identities
from livingsearch.services.changes import record_changes
from livingsearch.services.context import ReviewContext
from livingsearch.services.doctor import examine
from livingsearch.services.prisma_s import search_report
from livingsearch.services.reporting import review_counts
from livingsearch.services.runs import RunResult
from livingsearch.services.searches import count_source, search_source
from livingsearch.services.updates import run_update
from livingsearch.services.windows import window_of
from livingsearch.standin import Standin

FIRST, SECOND, THIRD = "2023-12-31T08:00", "2025-08-15T08:00", "2025-12-01T08:00"
SINCE = date(2023, 12, 1)
WINDOW = ' AND ("2023/12/01"[crdt] : "3000"[crdt])'


@pytest.fixture
def pubmed() -> Iterator[Standin]:
    with Standin.of_files([SAMPLES / "base" / "pubmed.xml"]) as standin:
        yield standin


@pytest.fixture(scope="module")
def searched_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    workspace = tmp_path_factory.mktemp("searched")
    with Standin.of_files([SAMPLES / "base" / "pubmed.xml"]) as standin:
        living = made_in(workspace, standin.base_url)
        searched(living, FIRST)
        run_update(living.context(now=at(FIRST)), number=1, close_now=True)
    return workspace


@pytest.fixture
def living(tmp_path: Path, searched_once: Path, pubmed: Standin) -> LivingReview:
    """PubMed was searched in update 1, which is closed; since then it took up more."""
    shutil.copytree(searched_once, tmp_path / "workspace")
    pubmed.load([SAMPLES / "update" / "pubmed.xml"])
    return LivingReview(settings_for(tmp_path / "workspace", pubmed.base_url))


def searched(living: LivingReview, when: str, overlap: int | None = None) -> RunResult:
    return search_source(living.context(now=at(when)), "pubmed", overlap=overlap)


def pmids(context: ReviewContext, run_id: int) -> set[str]:
    with context.store.read() as con:
        rows = con.execute(
            "SELECT pmid FROM run_record JOIN record_version USING (record_id, version) WHERE run_record.run_id = ?",
            [run_id],
        ).fetchall()
    return {pmid for (pmid,) in rows}


def taken_up(file: Path) -> dict[str, date]:
    """When each record was created, out of the stand-in's own file."""
    days = {}
    for article in ElementTree.parse(file).getroot():
        entered = article.find(".//PubMedPubDate[@PubStatus='entrez']")
        assert entered is not None
        parts = [int(entered.findtext(part) or 0) for part in ("Year", "Month", "Day")]
        days[article.findtext(".//PMID") or ""] = date(*parts)
    return days


def test_a_window_brings_what_was_taken_up_since_and_nothing_else(living: LivingReview) -> None:
    windowed = searched(living, SECOND, overlap=30)
    full = searched(living, SECOND)
    days = taken_up(SAMPLES / "update" / "pubmed.xml")
    came = pmids(living.context(), windowed.run_id)
    assert came == {pmid for pmid in pmids(living.context(), full.run_id) if days[pmid] >= SINCE}
    assert 0 < len(came) < full.received
    assert (windowed.since, full.since) == (SINCE, None)
    assert any("since 2023-12-01" in warning and "2023-12-31" in warning for warning in windowed.warnings)


def test_the_query_is_stored_as_it_was_run_and_belongs_to_the_version(living: LivingReview) -> None:
    run_id = searched(living, SECOND, overlap=30).run_id
    declared = living.context().review.source("pubmed").query
    with living.context().store.read() as con:
        row = con.execute("SELECT scope, query FROM run WHERE run_id = ?", [run_id]).fetchone()
        window = con.execute("SELECT * FROM run_window").fetchall()
    assert row == ("window", f"({declared}){WINDOW}")
    assert window == [(run_id, SINCE, 30, 1, declared)]
    assert all(check.ok for check in examine(living.settings, ("peer-support-personality-disorder",)))


def test_counts_and_diagram_say_that_a_window_was_searched(living: LivingReview) -> None:
    windowed = searched(living, SECOND, overlap=30)
    outcome = run_update(living.context(now=at(SECOND)), number=2, close_now=True)
    assert outcome.closed
    flow = review_counts(living.context()).closed[1]
    (column,) = [c for c in flow.sources if c.searched]
    assert (column.identified, column.searched_since) == (windowed.received, SINCE)
    assert column.already_known == windowed.received - windowed.first_seen
    assert broken_identities(flow) == []
    assert "PubMed (NCBI): only records that it took up since 2023-12-01 were searched." in flow_diagram(flow).notes
    assert flow_from_dict(json.loads(json.dumps(flow_to_dict(flow)))) == flow


def test_counts_that_were_frozen_before_there_were_windows_are_read(living: LivingReview) -> None:
    flow = review_counts(living.context()).closed[0]
    old = flow_to_dict(flow)
    for column in old["sources"]:
        del column["searched_since"]
    assert flow_from_dict(old) == flow


def test_nothing_vanishes_in_a_window_and_the_next_full_search_is_held_against_the_last_full_one(
    living: LivingReview, pubmed: Standin
) -> None:
    searched(living, SECOND, overlap=30)
    run_update(living.context(now=at(SECOND)), number=2, close_now=True)
    pubmed.load([SAMPLES / "base" / "pubmed.xml"])
    searched(living, THIRD)
    run_update(living.context(now=at(THIRD)), number=3, close_now=True)
    counts = review_counts(living.context())
    told = {n: [(t.vanished, t.changed) for t in counts.turnover[n] if t.source == "pubmed"] for n in (2, 3)}
    assert told == {2: [(0, 0)], 3: [(0, 0)]}, "all that update 1 found is there as it was"
    for number in (2, 3):
        (column,) = [c for c in record_changes(living.context(), number).sources if c.source == "pubmed"]
        assert [(column.vanished, column.changed)] == told[number]
    (column,) = [c for c in record_changes(living.context(), 3).sources if c.source == "pubmed"]
    assert (column.previous_update, column.scope) == (1, "full")


def test_windows_follow_one_another(living: LivingReview) -> None:
    searched(living, SECOND, overlap=30)
    run_update(living.context(now=at(SECOND)), number=2, close_now=True)
    result = searched(living, THIRD, overlap=14)
    assert result.since == date(2025, 8, 1)
    assert any("the last one was on 2023-12-31" in warning for warning in result.warnings)


def test_a_window_counts_for_the_update_and_is_not_run_twice(living: LivingReview, pubmed: Standin) -> None:
    windowed = searched(living, SECOND, overlap=30)
    pubmed.clear_requests()
    run_update(living.context(now=at(SECOND)), number=2, close_now=True)
    assert pubmed.requests == ()
    flow = review_counts(living.context()).closed[1]
    assert flow.identified == windowed.received


def test_counting_a_window_keeps_nothing(living: LivingReview) -> None:
    counted = count_source(living.context(), "pubmed", overlap=30)
    with living.context().store.read() as con:
        assert con.execute("SELECT count(*) FROM run").fetchone() == (1,)
    assert counted == searched(living, SECOND, overlap=30).received


def refused(living: LivingReview, words: str, overlap: int = 30) -> None:
    with living.context().store.read() as con:
        before = con.execute("SELECT count(*) FROM log").fetchone()
    with pytest.raises(UpdateRefused, match=words):
        searched(living, SECOND, overlap=overlap)
    with living.context().store.read() as con:
        assert con.execute("SELECT count(*) FROM log").fetchone() == before, "nothing was begun"


def test_a_window_needs_a_search_that_it_follows(tmp_path: Path, pubmed: Standin) -> None:
    living = made_in(tmp_path / "new", pubmed.base_url)
    refused(living, "No earlier update has a search of pubmed")
    searched(living, FIRST)
    refused(living, "No earlier update has a search of pubmed")


def test_a_changed_query_is_searched_in_full(living: LivingReview) -> None:
    file = living.context().folder.review_file
    text = file.read_text("utf-8")
    changed = text.replace('"expert patient*"[tiab]', '"expert patient*"[tiab] OR "lived experience*"[tiab]')
    assert changed != text
    file.write_text(changed, "utf-8")
    refused(living, "has changed since its last search")


def test_a_window_does_not_replace_a_full_search(living: LivingReview) -> None:
    searched(living, SECOND)
    refused(living, "Update 2 has a full search of pubmed already")


def test_a_short_overlap_is_refused(living: LivingReview) -> None:
    refused(living, "overlap of 13 days loses records", overlap=13)


class NoWindow:
    """A source that cannot search a window."""

    label = "The Shelf"


def test_a_source_without_windows_says_so(living: LivingReview) -> None:
    context = living.context()
    with context.store.read() as con, pytest.raises(UpdateRefused, match="The Shelf cannot be searched for what"):
        window_of(con, NoWindow(), context.review.source("pubmed"), 2, 30)


def test_the_search_report_shows_the_window(living: LivingReview) -> None:
    searched(living, SECOND, overlap=30)
    runs: list[SearchRun] = [r for r in search_report(living.context()).runs if r.update == 2]
    assert [run.query.endswith(WINDOW) for run in runs] == [True]
