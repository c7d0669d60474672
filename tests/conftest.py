"""What all tests start from."""

import os
from pathlib import Path

import pytest

# A flow that a test calls by accident fails at once instead of starting a server; tests/flows start their own.
os.environ["PREFECT_SERVER_EPHEMERAL_ENABLED"] = "false"
os.environ["PREFECT_SERVER_ANALYTICS_ENABLED"] = "false"
os.environ["DO_NOT_TRACK"] = "1"
for name in [n for n in os.environ if n.startswith("LIVINGSEARCH_") or n == "NCBI_API_KEY"]:
    del os.environ[name]

ROOT = Path(__file__).parent.parent


@pytest.fixture
def root() -> Path:
    """The repository."""
    return ROOT
