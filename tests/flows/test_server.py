"""A real Prefect server and worker with the deployments of prefect.yaml: a scheduled and ad-hoc runs."""

import os
import socket
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
from living import ROOT, SAMPLES, SLUG, LivingReview, declared_counts, imported_in
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from flows.serve import serving, serving_environment
from livingsearch.ledger.identities import broken_identities
from livingsearch.services.reporting import review_counts
from livingsearch.standin import Standin

pytestmark = pytest.mark.slow


def asking_again() -> requests.Session:
    """A session that asks again, as Prefect's own client does, where SQLite was locked: that answers 503."""
    session = requests.Session()
    again = Retry(total=8, backoff_factor=0.2, status_forcelist=[503], allowed_methods=None)
    session.mount("http://", HTTPAdapter(max_retries=again))
    return session


@dataclass(frozen=True)
class Server:
    """Prefect's API."""

    url: str
    session: requests.Session

    def post(self, path: str, body: object) -> Any:
        answer = self.session.post(f"{self.url}{path}", json=body, timeout=20)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def deployments(self) -> dict[str, dict[str, Any]]:
        return {d["name"]: d for d in self.post("/deployments/filter", {})}

    def runs(self, deployment: str) -> list[dict[str, Any]]:
        wanted = {"deployments": {"id": {"any_": [deployment]}}, "sort": "EXPECTED_START_TIME_ASC"}
        found: list[dict[str, Any]] = self.post("/flow_runs/filter", wanted)
        return found

    def run_and_wait(self, deployment: str, parameters: dict[str, Any]) -> dict[str, Any]:
        wanted = {"parameters": parameters, "idempotency_key": str(uuid.uuid4())}
        made = self.post(f"/deployments/{deployment}/create_flow_run", wanted)
        return self.finished(lambda: [r for r in self.runs(deployment) if r["id"] == made["id"]])

    def finished(self, runs: Callable[[], list[dict[str, Any]]], patience: float = 240) -> dict[str, Any]:
        """The first of these runs to end."""
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            ended = [r for r in runs() if r["state_type"] in ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")]
            if ended:
                return ended[0]
            time.sleep(0.5)
        raise AssertionError(f"no run ended within {patience} s: {[(r['name'], r['state_type']) for r in runs()]}")


@pytest.fixture(scope="module")
def living(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LivingReview]:
    """The exports have come; PubMed has not been searched."""
    with Standin.of_files([SAMPLES / "base" / "pubmed.xml"]) as standin:
        yield imported_in(tmp_path_factory.mktemp("workspace"), standin.base_url)


@pytest.fixture(scope="module")
def server(living: LivingReview) -> Iterator[Server]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **serving_environment(living.settings.workspace, port),
        "LIVINGSEARCH_EUTILS_URL": living.settings.eutils_url,
        "LIVINGSEARCH_THREADS": "1",
        "PREFECT_SERVER_SERVICES_SCHEDULER_LOOP_SECONDS": "2",
        "PREFECT_SERVER_SERVICES_SCHEDULER_RECENT_DEPLOYMENTS_LOOP_SECONDS": "2",
        "PREFECT_WORKER_QUERY_SECONDS": "1",
        "PREFECT_LOGGING_LEVEL": "WARNING",
    }
    environment.pop("PREFECT_SERVER_EPHEMERAL_ENABLED", None)
    before = os.getcwd()
    os.chdir(ROOT)
    try:
        with serving(environment), asking_again() as session:
            yield Server(environment["PREFECT_API_URL"], session)
    finally:
        os.chdir(before)


def test_the_deployments_are_those_of_the_design(server: Server) -> None:
    found = server.deployments()
    assert set(found) == {"scheduled-updates", "update-review", "search-source", "import-export", "publish-batch"}
    daily = found["scheduled-updates"]
    assert [s["schedule"]["cron"] for s in daily["schedules"]] == ["0 5 * * *"]
    strategies = {n: d["concurrency_options"]["collision_strategy"] for n, d in found.items()}
    assert strategies.pop("scheduled-updates") == "CANCEL_NEW"
    assert set(strategies.values()) == {"ENQUEUE"}
    assert {d["global_concurrency_limit"]["limit"] for d in found.values()} == {1}


def test_a_scheduled_run_closes_the_update(server: Server, living: LivingReview) -> None:
    deployment = server.deployments()["scheduled-updates"]["id"]
    soon = [{"active": True, "schedule": {"interval": 3600, "anchor_date": in_seconds(6)}}]
    server.post(f"/deployments/{deployment}/schedules", soon)
    run = server.finished(lambda: [r for r in server.runs(deployment) if r["state_type"] != "SCHEDULED"])
    assert (run["state_type"], run["auto_scheduled"]) == ("COMPLETED", True)
    flow = review_counts(living.context()).closed[0]
    assert {c.slug: c.identified for c in flow.sources} == declared_counts("base")
    assert broken_identities(flow) == []
    artifacts = {a["key"]: a for a in server.post("/artifacts/latest/filter", {})}
    assert {f"{SLUG}-counts", f"{SLUG}-flow", f"{SLUG}-batch"} <= set(artifacts)
    assert "330" in artifacts[f"{SLUG}-counts"]["data"]
    progress = server.post("/artifacts/filter", {"artifacts": {"type": {"any_": ["progress"]}}})
    assert progress, "a long fetch shows its progress"


def test_ad_hoc_runs_search_import_and_update(server: Server, living: LivingReview) -> None:
    deployments = {name: d["id"] for name, d in server.deployments().items()}
    searched = server.run_and_wait(deployments["search-source"], {"review": SLUG, "source": "pubmed"})
    file = str(SAMPLES / "update" / "ovid-medline.ris")
    imported = server.run_and_wait(
        deployments["import-export"],
        {
            "review": SLUG,
            "source": "medline-ovid",
            "files": [file],
            "date_searched": "2025-08-15",
            "hits": 80,
            "exported_by": "A librarian",
        },
    )
    updated = server.run_and_wait(deployments["update-review"], {"review": SLUG, "number": 2, "close_now": True})
    assert [r["state_type"] for r in (searched, imported, updated)] == ["COMPLETED"] * 3
    flow = review_counts(living.context()).closed[1]
    columns = {c.slug: (c.identified, c.already_known) for c in flow.sources if c.searched}
    assert columns == {"pubmed": (74, 74), "medline-ovid": (80, 74)}
    assert broken_identities(flow) == []


def in_seconds(seconds: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + seconds))


def test_the_repository_is_where_deployments_run(server: Server) -> None:
    for deployment in server.deployments().values():
        assert (Path(deployment["path"] or ROOT) / deployment["entrypoint"].split(":")[0]).exists()
