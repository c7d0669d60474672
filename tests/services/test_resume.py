"""A search that was stopped from outside goes on from the replies that were kept, and ends as if undisturbed."""

import re
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NoReturn

import pytest
from living import LivingReview, made_in
from processes import Process
from work_elsewhere import update

from connectors.errors import IncompleteFetch, SourceRefused, SourceUnavailable
from livingsearch.services.runs import RunResult
from livingsearch.services.searches import search_source
from livingsearch.standin import Fault, FaultKind, Standin
from livingsearch.standin.generated import GeneratedIndex

COUNT, BATCHES = 410, 3
QUERY = "peer*[tiab]"


def reviewed(workspace: Path, url: str) -> LivingReview:
    living = made_in(workspace, url, retry_budget=0.0)
    rewrite(living, r"query = '''.*?'''", f"query = '''{QUERY}'''")
    return living


def rewrite(living: LivingReview, pattern: str, text: str) -> None:
    file = living.context().folder.review_file
    changed = re.sub(pattern, lambda _: text, file.read_text("utf-8"), count=1, flags=re.S)
    file.write_text(changed, "utf-8")


@pytest.fixture(scope="module")
def undisturbed(
    tmp_path_factory: pytest.TempPathFactory, generated: Standin
) -> tuple[RunResult, list[tuple[object, ...]]]:
    living = reviewed(tmp_path_factory.mktemp("undisturbed"), generated.base_url)
    result = search_source(living.context(), "pubmed")
    return result, held(living, result.run_id)


@pytest.fixture
def living(tmp_path: Path, pubmed: Standin) -> LivingReview:
    return reviewed(tmp_path / "workspace", pubmed.base_url)


def held(living: LivingReview, run_id: int) -> list[tuple[object, ...]]:
    """A run's records and files in order."""
    with living.context().store.read() as con:
        records = con.execute(
            "SELECT position, identity, content_hash FROM run_record JOIN record USING (record_id) "
            "JOIN record_version USING (record_id, version) WHERE run_record.run_id = ? ORDER BY position",
            [run_id],
        ).fetchall()
        files = con.execute(
            "SELECT ordinal, role, name, sha256 FROM run_file WHERE run_id = ? AND role = 'records' ORDER BY ordinal",
            [run_id],
        ).fetchall()
    return [*records, *files]


def counted(result: RunResult) -> RunResult:
    return replace(result, run_id=0, warnings=())


def asked(standin: Standin) -> list[str]:
    return [request.endpoint for request in standin.requests]


class Stopping:
    """Ends the process, as far as the service can tell, once a step is done."""

    def __init__(self, step: str) -> None:
        self.last = step

    def step(self, name: str) -> None:
        if name == self.last:
            self.end()

    def progress(self, what: str, done: int, total: int) -> None:
        """Lets it go on."""

    def end(self) -> NoReturn:
        raise KeyboardInterrupt


def stop(living: LivingReview, batch: int, now: datetime | None = None) -> None:
    clock = (lambda: now) if now else (lambda: datetime.now(UTC))
    with pytest.raises(KeyboardInterrupt):
        search_source(living.context(Stopping(f"reply kept: pubmed {2 * batch}"), clock), "pubmed")


@pytest.fixture(scope="module")
def stopped_workspace(tmp_path_factory: pytest.TempPathFactory, generated: Standin) -> Path:
    workspace = tmp_path_factory.mktemp("stopped")
    stop(reviewed(workspace, generated.base_url), 1)
    return workspace


@pytest.fixture
def stopped(stopped_workspace: Path, living: LivingReview) -> LivingReview:
    """The review after a search that was stopped with one batch left to come."""
    shutil.copytree(stopped_workspace, living.settings.workspace, dirs_exist_ok=True)
    return living


@pytest.mark.parametrize("batch", [0, 1])
def test_a_killed_search_asks_only_for_what_is_missing(
    batch: int,
    living: LivingReview,
    pubmed: Standin,
    undisturbed: tuple[RunResult, list[tuple[object, ...]]],
) -> None:
    Process(update, living.settings.workspace, pubmed.base_url, f"reply kept: pubmed {2 * batch}").require_killed()
    pubmed.clear_requests()
    result = search_source(living.context(), "pubmed", update=1)
    assert asked(pubmed) == ["efetch"] * (BATCHES - batch - 1)
    assert counted(result) == counted(undisturbed[0])
    assert held(living, result.run_id) == undisturbed[1]
    sentence = f"It goes on from run 1, which was stopped: {200 * (batch + 1)} of {COUNT} records"
    assert any(warning.startswith(sentence) for warning in result.warnings)


def test_a_search_stopped_when_all_had_come_asks_nothing(
    living: LivingReview, pubmed: Standin, undisturbed: tuple[RunResult, list[tuple[object, ...]]]
) -> None:
    stop(living, BATCHES - 1)
    pubmed.clear_requests()
    result = search_source(living.context(), "pubmed")
    assert asked(pubmed) == []
    assert counted(result) == counted(undisturbed[0])


def test_a_reply_that_lacks_among_the_kept_ones_is_asked_for(
    stopped: LivingReview, pubmed: Standin, undisturbed: tuple[RunResult, list[tuple[object, ...]]]
) -> None:
    with stopped.context().store.write() as con:
        con.execute("DELETE FROM run_file WHERE name = 'efetch-0000.xml'")
    pubmed.clear_requests()
    result = search_source(stopped.context(), "pubmed")
    assert asked(pubmed) == ["efetch"] * (BATCHES - 1)
    assert counted(result) == counted(undisturbed[0])
    assert held(stopped, result.run_id) == undisturbed[1]


def test_a_search_goes_on_after_outages_one_after_the_other(
    living: LivingReview, pubmed: Standin, undisturbed: tuple[RunResult, list[tuple[object, ...]]]
) -> None:
    stop(living, 0)
    pubmed.faults = [Fault(FaultKind.SERVER_502, endpoint="efetch")]
    with pytest.raises(SourceUnavailable):
        search_source(living.context(), "pubmed")
    pubmed.faults = ()
    pubmed.clear_requests()
    result = search_source(living.context(), "pubmed")
    assert asked(pubmed) == ["efetch"] * (BATCHES - 1)
    assert counted(result) == counted(undisturbed[0])
    assert held(living, result.run_id) == undisturbed[1]
    with living.context().store.read() as con:
        assert con.execute("SELECT state FROM run ORDER BY run_id").fetchall() == [
            ("failed",),
            ("failed",),
            ("complete",),
        ]


def test_records_named_as_not_delivered_are_taken_over(living: LivingReview, pubmed: Standin) -> None:
    newest = max(GeneratedIndex(COUNT).pmids)
    pubmed.faults = [Fault(FaultKind.MISSING_PMIDS, pmids=frozenset({newest}))]
    stop(living, 1)
    pubmed.clear_requests()
    result = search_source(living.context(), "pubmed")
    assert asked(pubmed) == ["efetch"] * (BATCHES - 2)
    assert (result.hits, result.received, result.not_delivered) == (COUNT, COUNT - 1, 1)


@pytest.mark.parametrize("hours", [-1, 25])
def test_a_search_of_another_day_is_asked_anew(hours: int, living: LivingReview, pubmed: Standin) -> None:
    now = datetime.now(UTC)
    stop(living, 1, now - timedelta(hours=hours))
    pubmed.clear_requests()
    result = search_source(living.context(now=lambda: now), "pubmed")
    assert asked(pubmed) == ["esearch", "esearch", *["efetch"] * BATCHES]
    assert result.received == COUNT
    assert not any("goes on from" in warning for warning in result.warnings)


def test_going_on_again_and_again_does_not_make_a_search_younger(living: LivingReview, pubmed: Standin) -> None:
    now = datetime.now(UTC)
    stop(living, 0, now - timedelta(hours=25))
    stop(living, 1, now - timedelta(hours=2))
    pubmed.clear_requests()
    search_source(living.context(now=lambda: now), "pubmed")
    assert asked(pubmed)[0] == "esearch"


def test_another_query_is_asked_anew(stopped: LivingReview, pubmed: Standin) -> None:
    rewrite(stopped, re.escape(QUERY), "peer*[ti]")
    pubmed.clear_requests()
    search_source(stopped.context(), "pubmed")
    assert asked(pubmed)[0] == "esearch"


def test_another_address_is_asked_anew(stopped: LivingReview, pubmed: Standin) -> None:
    elsewhere = pubmed.base_url.replace("127.0.0.1", "localhost")
    assert elsewhere != pubmed.base_url
    pubmed.clear_requests()
    search_source(LivingReview(stopped.settings.model_copy(update={"eutils_url": elsewhere})).context(), "pubmed")
    assert asked(pubmed)[0] == "esearch"


def test_a_refusal_is_not_gone_on_with(living: LivingReview, pubmed: Standin) -> None:
    pubmed.faults = [Fault(FaultKind.BAD_KEY_400, endpoint="efetch", after=2)]
    with pytest.raises(SourceRefused):
        search_source(living.context(), "pubmed")
    pubmed.faults = ()
    pubmed.clear_requests()
    search_source(living.context(), "pubmed")
    assert asked(pubmed)[0] == "esearch"


@pytest.mark.parametrize("role", ["search", "records"])
def test_a_lost_reply_makes_it_search_anew(role: str, stopped: LivingReview, pubmed: Standin) -> None:
    context = stopped.context()
    with context.store.read() as con:
        row = con.execute("SELECT sha256 FROM run_file WHERE role = ? ORDER BY ordinal DESC", [role]).fetchone()
    assert row is not None
    (context.received.folder / row[0]).unlink()
    pubmed.clear_requests()
    result = search_source(stopped.context(), "pubmed")
    assert "esearch" in asked(pubmed)
    assert result.received == COUNT


def test_numbers_that_do_not_come_out_even_make_it_search_anew(stopped: LivingReview, pubmed: Standin) -> None:
    with stopped.context().store.write() as con:
        con.execute("UPDATE run_file SET records = records - 1 WHERE name = 'efetch-0002.xml'")
    pubmed.clear_requests()
    result = search_source(stopped.context(), "pubmed")
    assert asked(pubmed) == ["efetch", "esearch", "esearch", *["efetch"] * BATCHES]
    assert result.received == COUNT
    with stopped.context().store.read() as con:
        assert con.execute("SELECT error FROM run WHERE run_id = 2").fetchone() == (
            "PubMed announced 410 records and accounted for 409; nothing was counted, run the search again.",
        )


def test_a_search_whose_numbers_never_come_out_even_fails(living: LivingReview, pubmed: Standin) -> None:
    pubmed.faults = [Fault(FaultKind.WRONG_COUNT)]
    with pytest.raises(IncompleteFetch):
        search_source(living.context(), "pubmed")
