"""What all tests start from."""

import gc
import os
import sys
from pathlib import Path

import pytest
from effort import examples
from hypothesis import settings
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

# A flow that a test calls by accident fails at once instead of starting a server; tests/flows start their own.
os.environ["PREFECT_SERVER_EPHEMERAL_ENABLED"] = "false"
os.environ["PREFECT_SERVER_ANALYTICS_ENABLED"] = "false"
os.environ["DO_NOT_TRACK"] = "1"
for name in [n for n in os.environ if n.startswith("LIVINGSEARCH_") or n == "NCBI_API_KEY"]:
    del os.environ[name]


class NoPandas:
    """Says at once that there is no pandas.

    DuckDB looks for it at every value that is bound, through all of the path and pytest's hooks.
    """

    @staticmethod
    def find_spec(name: str, path: object = None, target: object = None) -> None:
        if name == "pandas":
            raise ModuleNotFoundError("No module named 'pandas'", name=name)


sys.meta_path.insert(0, NoPandas)  # type: ignore[arg-type]

ROOT = Path(__file__).parent.parent

# Without compiled modules every process that a test starts compiles them all again, which takes longer than the test.
if os.environ.pop("PYTHONDONTWRITEBYTECODE", ""):
    sys.dont_write_bytecode = False
    sys.pycache_prefix = os.environ["PYTHONPYCACHEPREFIX"] = str(ROOT / ".pytest_cache" / "compiled")

# The same examples in every run; HYPOTHESIS_RANDOM=1 looks for new ones.
settings.register_profile("repeatable", derandomize="HYPOTHESIS_RANDOM" not in os.environ, max_examples=examples(100))
settings.load_profile("repeatable")


@pytest.fixture
def root() -> Path:
    """The repository."""
    return ROOT


_LONGEST_FIRST = ("flows", "services", "cli", "dedup")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Puts the files that take long first, so that no worker is left alone with one at the end."""

    def rank(item: pytest.Item) -> int:
        found = (n for n, folder in enumerate(_LONGEST_FIRST) if folder in item.path.parts)
        return next(found, len(_LONGEST_FIRST))

    items.sort(key=rank)


# What the tests are made of stays to the end: looking through it for garbage took an eighth of the time.
gc.disable()


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.enable()


class _FilesApart(LoadFileScheduling):
    """Gives out the tests file by file, but those of flows together: they share a server that takes long to start."""

    def _split_scope(self, nodeid: str) -> str:
        return "tests/flows" if nodeid.startswith("tests/flows/") else str(super()._split_scope(nodeid))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadFileScheduling:
    return _FilesApart(config, log)
