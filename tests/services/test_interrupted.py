"""A process killed at any moment leaves the last committed state; running it again finishes the job."""

import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from living import SAMPLES, LivingReview, made_in, settings_for

from livingsearch.ledger.flow import Flow
from livingsearch.ledger.identities import broken_identities
from livingsearch.services.reporting import review_counts
from livingsearch.services.updates import run_update
from livingsearch.standin import Standin

MOMENTS = [
    "update opened",
    "run started: pubmed",
    "reply kept: pubmed 0",
    "run completed: pubmed",
    "deduplicated",
    "update closed",
    # Inside transactions: while the run is entered, when it is completed, when reports are written, when it closes.
    "clock 3",
    "clock 5",
    "clock 7",
    "clock 9",
]


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with Standin.of_files([SAMPLES / "base" / "pubmed.xml"]) as standin:
        yield standin.base_url


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory, url: str) -> Path:
    """A workspace in which all exports have come and PubMed has not been searched."""
    workspace = tmp_path_factory.mktemp("imported")
    made_in(workspace, url).import_wave("base", 1)
    return workspace


@pytest.fixture(scope="module")
def undisturbed(imported: Path, tmp_path_factory: pytest.TempPathFactory, url: str) -> Flow:
    return finished(copied(imported, tmp_path_factory.mktemp("undisturbed")), url)


def copied(workspace: Path, target: Path) -> Path:
    shutil.copytree(workspace, target, dirs_exist_ok=True)
    return target


def finished(workspace: Path, url: str) -> Flow:
    living = LivingReview(settings_for(workspace, url))
    assert run_update(living.context(), number=1).closed
    return review_counts(living.context()).closed[0]


@pytest.mark.parametrize("moment", MOMENTS)
def test_an_update_killed_and_run_again_counts_as_if_undisturbed(
    moment: str, imported: Path, undisturbed: Flow, tmp_path: Path, url: str
) -> None:
    workspace = copied(imported, tmp_path)
    script = Path(__file__).parent / "killed_update.py"
    killed = subprocess.run(
        [sys.executable, str(script), str(workspace), url, moment], capture_output=True, text=True, timeout=60
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    again = finished(workspace, url)
    assert broken_identities(again) == []
    assert comparable(again) == comparable(undisturbed)


def comparable(flow: Flow) -> Flow:
    """A flow without its place in the log and in time, which the interruption does change."""
    return replace(flow, position=0, closed_at=None)
