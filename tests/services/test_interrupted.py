"""A process killed at any moment leaves the last committed state; running it again finishes the job."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from living import SAMPLES, LivingReview, closed_in, imported_in
from processes import Process
from work_elsewhere import update

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
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Flow:
    return review_counts(closed_in(tmp_path_factory.mktemp("undisturbed")).context()).closed[0]


def finished(living: LivingReview) -> Flow:
    assert run_update(living.context(), number=1).closed
    return review_counts(living.context()).closed[0]


@pytest.mark.parametrize("moment", MOMENTS)
def test_an_update_killed_and_run_again_counts_as_if_undisturbed(
    moment: str, undisturbed: Flow, tmp_path: Path, url: str
) -> None:
    living = imported_in(tmp_path, url)
    Process(update, tmp_path, url, moment).require_killed()
    again = finished(living)
    assert broken_identities(again) == []
    assert comparable(again) == comparable(undisturbed)


def comparable(flow: Flow) -> Flow:
    """A flow without its place in the log and in time, which the interruption does change."""
    return replace(flow, position=0, closed_at=None)
