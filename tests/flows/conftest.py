"""A real Prefect server and worker with the deployments of prefect.yaml: one for all tests, it takes long to start."""

import os
import socket
from collections.abc import Iterator

import pytest
from flow_server import Server, asking_again
from living import ROOT, SAMPLES, LivingReview, imported_in

from flows.serve import serving, serving_environment
from livingsearch.standin import Standin


@pytest.fixture(scope="package")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LivingReview]:
    """The exports have come; PubMed has not been searched."""
    with Standin.of_files([SAMPLES / "base" / "pubmed.xml"]) as standin:
        yield imported_in(tmp_path_factory.mktemp("workspace"), standin.base_url)


@pytest.fixture(scope="package")
def server(served: LivingReview) -> Iterator[Server]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **serving_environment(served.settings.workspace, port),
        "LIVINGSEARCH_EUTILS_URL": served.settings.eutils_url,
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
