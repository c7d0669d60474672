"""What flows try again, what they do not, and what they leave when they fail."""

import json
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from flow_server import Server
from living import SAMPLES, SLUG, LivingReview, made_in
from prefect import flow
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterKey
from prefect.client.schemas.sorting import ArtifactSort
from prefect.events.worker import EventsWorker
from prefect.logging.handlers import APILogWorker
from prefect.settings import PREFECT_API_URL, temporary_settings
from prefect.utilities.asyncutils import run_coro_as_sync

from connectors.errors import QueryAltered
from flows import tasks
from flows.events import CLOSED
from flows.updates import import_export, publish_batch, search_source, update_due_reviews, update_review
from livingsearch.errors import ManifestIncomplete, SourceUnknown, UpdateIncomplete, UpdateRefused
from livingsearch.services.reporting import review_counts
from livingsearch.services.runs import RunResult
from livingsearch.standin import Fault, FaultKind, Standin

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", autouse=True)
def prefect(server: Server) -> Iterator[None]:
    """Flows run here, and tell the server that the deployments run on."""
    with temporary_settings({PREFECT_API_URL: server.url}):
        yield
        run_coro_as_sync(told())


async def told() -> None:
    """Waits until the server has taken in all logs and events."""
    with suppress(RuntimeError):
        await APILogWorker.instance().drain()
    await EventsWorker.drain_all()


@pytest.fixture
def standin() -> Iterator[Standin]:
    with Standin.of_files([SAMPLES / "base" / "pubmed.xml"]) as running:
        yield running


@pytest.fixture
def living(tmp_path: Path, standin: Standin, monkeypatch: pytest.MonkeyPatch) -> LivingReview:
    """One try a request, so that every passing fault reaches the task."""
    monkeypatch.setenv("LIVINGSEARCH_WORKSPACE", str(tmp_path))
    monkeypatch.setenv("LIVINGSEARCH_EUTILS_URL", standin.base_url)
    monkeypatch.setenv("LIVINGSEARCH_STANDIN_REQUESTS_PER_SECOND", "1000")
    monkeypatch.setenv("LIVINGSEARCH_RETRY_BUDGET", "0")
    return made_in(tmp_path, standin.base_url)


@flow
def search_at_once() -> RunResult:
    """The search's task with its own retries, but without their delays."""
    impatient = tasks.search.with_options(retry_delay_seconds=0)
    return impatient(SLUG, "pubmed", None, only_if_missing=False)


def test_a_passing_fault_is_tried_again(living: LivingReview, standin: Standin) -> None:
    standin.faults = [Fault(FaultKind.SERVER_502, "esearch", first=1)]
    result = search_at_once()
    assert (result.run_id, result.received) == (2, 74), "the first run failed and counts nowhere"
    assert [r.endpoint for r in standin.requests].count("esearch") == 3


def without_accepted_warnings(living: LivingReview) -> None:
    file = living.context().folder.review_file
    text = file.read_text("utf-8")
    start = text.index("accepted_warnings = [")
    file.write_text(text[:start] + text[text.index("]\n\n", start) + 2 :], "utf-8")


def test_a_query_that_pubmed_alters_is_not_tried_again(living: LivingReview, standin: Standin) -> None:
    without_accepted_warnings(living)
    with pytest.raises(QueryAltered, match="accepted_warnings"):
        search_at_once()
    assert [r.endpoint for r in standin.requests] == ["esearch"]


def test_an_update_whose_source_fails_stays_open_and_says_why(living: LivingReview) -> None:
    without_accepted_warnings(living)
    with pytest.raises(UpdateIncomplete, match=r"pubmed: PubMed did not run the search as it was written"):
        update_review(SLUG, close_now=False)
    counts = review_counts(living.context())
    assert counts.closed == ()
    assert counts.open is not None
    assert counts.open.identified == 0


def test_a_review_that_fails_does_not_keep_the_others_from_their_turn(living: LivingReview, standin: Standin) -> None:
    broken = living.settings.workspace / "a-broken-review"
    broken.mkdir()
    (broken / "review.duckdb").write_bytes(b"x" * 5000)
    with pytest.raises(UpdateIncomplete, match="a-broken-review"):
        update_due_reviews()
    with living.context().store.read() as con:
        assert con.execute("SELECT source FROM run WHERE state = 'complete'").fetchall() == [("pubmed",)]


def test_a_wrong_name_fails_and_changes_nothing(living: LivingReview) -> None:
    with pytest.raises(SourceUnknown, match="declares no source 'scopus'"):
        search_source(SLUG, "scopus")
    assert review_counts(living.context()).open is None


def test_a_search_fills_the_update_and_its_batch_can_be_asked_for_again(living: LivingReview) -> None:
    with pytest.raises(UpdateRefused, match="no batch"):
        publish_batch(SLUG)
    assert search_source(SLUG, "pubmed").received == 74
    update_review(SLUG, close_now=True)
    files = publish_batch(SLUG)
    assert (files.update, files.reports) == (1, 74)
    assert all(path.is_file() for path in (*files.ris, *files.csv, files.counts))


def test_a_scheduled_update_takes_the_inbox_and_goes_on_after_a_bad_file(
    living: LivingReview, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIVINGSEARCH_INBOX_SETTLED_AFTER", "0")
    folder = living.context().folder
    content = (SAMPLES / "base" / "ebsco-cinahl.ris").read_bytes()
    said = f'date_searched = 2023-12-31\nhits = {content.count(b"TY  - ")}\nexported_by = "A librarian"\n'
    said += 'strategy = "as declared"\n'
    for source, export in (("cinahl-ebsco", content), ("embase-ovid", b"no export")):
        (folder.inbox / source).mkdir()
        (folder.inbox / source / "a.ris").write_bytes(export)
        (folder.inbox / source / "a.toml").write_text(said, "utf-8")
    assert update_due_reviews() == [SLUG]
    with living.context().store.read() as con:
        rows = con.execute("SELECT source, update_number FROM run WHERE state = 'complete' ORDER BY run_id").fetchall()
    assert rows == [("cinahl-ebsco", 1), ("pubmed", 1)]
    assert [path.name for path in folder.inbox.rglob("*") if path.is_file()] == []
    assert sorted(path.name for path in folder.rejected.glob("embase-ovid/*/*")) == ["a.ris", "a.toml", "why.txt"]
    rows = table_of(f"{SLUG}-inbox")
    assert [(row["what"], row["became"]) for row in rows] == [
        ("cinahl-ebsco", "imported"),
        ("embase-ovid/a.toml", "rejected"),
    ]


def table_of(key: str) -> list[dict[str, object]]:
    """The rows of the newest table that a flow left under a key."""
    with get_client(sync_client=True) as client:
        wanted = ArtifactFilter(key=ArtifactFilterKey(any_=[key]))
        (found,) = client.read_artifacts(artifact_filter=wanted, sort=ArtifactSort.CREATED_DESC, limit=1)
    rows: list[dict[str, object]] = json.loads(str(found.data))
    return rows


def test_an_export_in_parts_comes_in_with_its_manifest_and_columns(living: LivingReview, tmp_path: Path) -> None:
    parts = [tmp_path / f"part{n}.csv" for n in (1, 2)]
    for n, part in enumerate(parts):
        part.write_text(f"Titel,Jahr\nClock {n},2020\n", "utf-8")
    said = tmp_path / "said.toml"
    said.write_text('date_searched = 2023-12-31\nhits = 3\nexported_by = "A"\nstrategy = "as declared"\n', "utf-8")
    columns = {"Titel": "title", "Jahr": "year"}
    with pytest.raises(ManifestIncomplete, match=r"Missing: platform \("):
        import_export(SLUG, "embase-ovid", parts, manifest=said, columns=columns)
    result = import_export(SLUG, "embase-ovid", parts, said, hits=2, searched_on="Ovid", columns=columns)
    assert (result.received, result.hits, len(result.files)) == (2, 2, 2)
    assert [row["records"] for row in table_of(f"{SLUG}-import")] == [1, 1]


def test_an_export_that_comes_after_its_update_closed_makes_another(
    living: LivingReview, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIVINGSEARCH_INBOX_SETTLED_AFTER", "0")
    update_review(SLUG, close_now=True)
    assert update_due_reviews() == [], "nothing is due"
    inbox = living.context().folder.inbox / "cinahl-ebsco"
    inbox.mkdir()
    for name in ("ebsco-cinahl.ris", "ebsco-cinahl.toml"):
        (inbox / name).write_bytes((SAMPLES / "base" / name).read_bytes())
    assert update_due_reviews() == [SLUG]
    assert review_counts(living.context()).closed[1].sources[4].identified == 50
    assert update_due_reviews() == []


def test_an_update_ends_with_its_report_and_an_event_of_the_review(living: LivingReview) -> None:
    update_review(SLUG, close_now=True)
    with get_client(sync_client=True) as client:
        wanted = ArtifactFilter(key=ArtifactFilterKey(any_=[f"{SLUG}-update"]))
        (report,) = client.read_artifacts(artifact_filter=wanted, sort=ArtifactSort.CREATED_DESC, limit=1)
        assert "## Waiting for a person" in str(report.data)
        asked = {"filter": {"event": {"name": [CLOSED]}, "resource": {"id": [f"livingsearch.review.{SLUG}"]}}}
        for _ in range(60):
            found = client.request("POST", "/events/filter", json=asked).json()["events"]
            if any(one["payload"]["text"] == report.data for one in found):
                break
            time.sleep(0.5)
        else:
            pytest.fail("the server was told of no closed update")
