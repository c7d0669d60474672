"""What tests ask of Prefect's API."""

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry


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

    def run_later(self, deployment: str, parameters: dict[str, Any]) -> dict[str, Any]:
        """A run that is taken in and would begin in years."""
        later = {"type": "SCHEDULED", "state_details": {"scheduled_time": "2099-01-01T00:00:00Z"}}
        wanted = {"parameters": parameters, "state": later}
        made: dict[str, Any] = self.post(f"/deployments/{deployment}/create_flow_run", wanted)
        return made

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
