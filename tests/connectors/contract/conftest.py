"""The sources that are held against the contract: a new one adds its rig here."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from contract_example import example_rig
from contract_rigs import Rig, europepmc_rig, pubmed_rig

RIGS = {"pubmed": pubmed_rig, "europepmc": europepmc_rig, "example": example_rig}


@pytest.fixture(params=sorted(RIGS))
def rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rig]:
    with RIGS[request.param](tmp_path) as ready:
        yield ready
