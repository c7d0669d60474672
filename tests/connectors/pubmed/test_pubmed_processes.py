"""Eight processes that search at once stay together under PubMed's limit."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from pubmed_loopback import KEY

from livingsearch.standin import Standin

ROOT = Path(__file__).parents[3]
PROCESSES = 8
WORKERS = f"""
import os, sys
from pathlib import Path
from pydantic import SecretStr
from connectors.pubmed import Transport, TransportSettings, search

url, rate_file, searches, key = sys.argv[1:]
settings = TransportSettings(email="library@example.org", base_url=url, api_key=SecretStr(key) if key else None)

def work():
    with Transport(settings, rate_file=Path(rate_file)) as transport:
        for _ in range(int(searches)):
            if search(transport, "peer*[tiab]").count != 24:
                return 1
    return 0

# Forked, so that eight of them need not read the same modules.
children = []
for _ in range({PROCESSES}):
    child = os.fork()
    if not child:
        os._exit(work())
    children.append(child)
sys.exit(max(os.waitpid(child, 0)[1] for child in children) != 0)
"""


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks")
@pytest.mark.parametrize(("key", "limit", "searches"), [("", 3, 2), (KEY, 10, 5)])
def test_eight_processes_stay_together_under_the_limit(tmp_path: Path, key: str, limit: int, searches: int) -> None:
    with Standin.of_generated(24) as standin:
        command = [sys.executable, "-c", WORKERS, standin.base_url, str(tmp_path / "rate"), str(searches), key]
        subprocess.run(command, cwd=ROOT, check=True, timeout=60)
        moments = [request.at for request in standin.requests]
        busiest = standin.busiest_second
    assert len(moments) == PROCESSES * searches
    assert busiest <= limit
    # Nor are they held up for nothing.
    assert max(moments) - min(moments) < len(moments) / limit * 1.5 + 2
