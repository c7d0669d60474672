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
