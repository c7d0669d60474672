"""The deployments of prefect.yaml on a real server: a scheduled run, and one that a person asks for."""

import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import requests
from flow_server import Server
from living import ROOT, SAMPLES, SLUG, LivingReview, declared_counts

from flows import updates
from livingsearch.ledger.identities import broken_identities
from livingsearch.services.reporting import review_counts

pytestmark = pytest.mark.slow


def test_the_deployments_are_those_of_the_design(server: Server) -> None:
    found = server.deployments()
    assert set(found) == {"scheduled-updates", "update-review", "search-source", "import-export", "publish-batch"}
    daily = found["scheduled-updates"]
    assert [s["schedule"]["cron"] for s in daily["schedules"]] == ["0 5 * * *"]
    strategies = {n: d["concurrency_options"]["collision_strategy"] for n, d in found.items()}
    assert strategies.pop("scheduled-updates") == "CANCEL_NEW"
    assert set(strategies.values()) == {"ENQUEUE"}
    assert {d["global_concurrency_limit"]["limit"] for d in found.values()} == {1}


def test_a_scheduled_run_closes_the_update(server: Server, served: LivingReview) -> None:
    deployment = server.deployments()["scheduled-updates"]["id"]
    soon = [{"active": True, "schedule": {"interval": 3600, "anchor_date": in_seconds(6)}}]
    server.post(f"/deployments/{deployment}/schedules", soon)
    run = server.finished(lambda: [r for r in server.runs(deployment) if r["state_type"] != "SCHEDULED"])
    assert (run["state_type"], run["auto_scheduled"]) == ("COMPLETED", True)
    flow = review_counts(served.context()).closed[0]
    assert {c.slug: c.identified for c in flow.sources} == declared_counts("base")
    assert broken_identities(flow) == []
    left = server.post(
        "/artifacts/filter", {"artifacts": {"flow_run_id": {"any_": [run["id"], *subflows(server, run)]}}}
    )
    artifacts = {a["key"]: a for a in left}
    assert {f"{SLUG}-counts", f"{SLUG}-flow", f"{SLUG}-batch"} <= set(artifacts)
    assert "330" in artifacts[f"{SLUG}-counts"]["data"]
    assert "progress" in {a["type"] for a in left}, "a long fetch shows its progress"


def subflows(server: Server, run: dict[str, Any]) -> list[str]:
    """Ids of the flow runs that a run started."""
    wanted = {"flow_runs": {"parent_flow_run_id": {"any_": [run["id"]]}}}
    return [found["id"] for found in server.post("/flow_runs/filter", wanted)]


def test_a_person_asks_for_an_update(server: Server, served: LivingReview) -> None:
    served.import_wave("update", 2, only=("medline-ovid",))
    deployment = server.deployments()["update-review"]["id"]
    updated = server.run_and_wait(deployment, {"review": SLUG, "number": 2, "close_now": True})
    assert updated["state_type"] == "COMPLETED"
    flow = review_counts(served.context()).closed[1]
    columns = {c.slug: (c.identified, c.already_known) for c in flow.sources if c.searched}
    assert columns == {"pubmed": (74, 74), "medline-ovid": (80, 74)}
    assert broken_identities(flow) == []


EXPORT = str(SAMPLES / "update" / "ovid-medline.ris")
ASKED: dict[str, dict[str, Any]] = {
    "scheduled-updates": {},
    "update-review": {"review": SLUG, "number": 2, "due": ["pubmed"]},
    "search-source": {"review": SLUG, "source": "pubmed", "overlap": 30},
    "import-export": {
        "review": SLUG,
        "source": "medline-ovid",
        "files": [EXPORT],
        "date_searched": "2025-08-15",
        "hits": 80,
        "exported_by": "A librarian",
    },
    "publish-batch": {"review": SLUG, "update": 1},
}
REFUSED: dict[str, dict[str, Any]] = {
    "update-review": {},
    "search-source": {"review": SLUG},
    "import-export": ASKED["import-export"] | {"hits": -1},
    "publish-batch": {"review": SLUG, "update": "last"},
}


def test_every_deployment_takes_what_its_flow_takes(server: Server) -> None:
    deployments = server.deployments()
    for name, parameters in ASKED.items():
        file, function = deployments[name]["entrypoint"].split(":")
        assert (Path(deployments[name]["path"] or ROOT) / file).samefile(updates.__file__)
        taken = getattr(updates, function).validate_parameters(parameters)
        assert server.run_later(deployments[name]["id"], parameters)["parameters"] == parameters
        if name == "import-export":
            assert (taken["files"], taken["date_searched"]) == ([Path(EXPORT)], date(2025, 8, 15))
    for name, parameters in REFUSED.items():
        with pytest.raises(requests.HTTPError, match=r"4\d\d Client Error"):
            server.run_later(deployments[name]["id"], parameters)


def in_seconds(seconds: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + seconds))
