"""The example review in a workspace of the test's own, and a stand-in for PubMed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from living import SAMPLES, LivingReview, made_in

from livingsearch.standin import Standin


@pytest.fixture
def standin() -> Iterator[Standin]:
    with Standin.of_files([SAMPLES / "base" / "pubmed.xml"]) as running:
        yield running


@pytest.fixture
def living(tmp_path: Path, standin: Standin) -> LivingReview:
    return made_in(tmp_path / "workspace", standin.base_url)


@pytest.fixture(scope="module")
def generated() -> Iterator[Standin]:
    with Standin.of_generated(410, size=300) as running:
        yield running


@pytest.fixture
def pubmed(generated: Standin) -> Iterator[Standin]:
    """The generated stand-in without faults."""
    generated.faults = ()
    generated.clear_requests()
    yield generated
    generated.faults = ()
