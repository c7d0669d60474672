"""Search 120,000 records through the command line, from a stand-in of PubMed into a review's database.

    python -m benchmarks.pubmed_search [--records N] [--size BYTES] [--latency SECONDS]

Ends with status 1 where a limit is missed.
"""

import argparse
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.pubmed_fetch import QUERY, RATE, ROOT, standin

MOST_MEMORY = 2_000
SLUG = "peer-support-personality-disorder"
_MEASURED = (
    "import resource, sys; from livingsearch.cli.main import main\n"
    "try: main()\n"
    "finally: print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)"
)


def review_file(folder: Path) -> Path:
    """The example review, PubMed searched for everything that the stand-in makes up."""
    text = (ROOT / "data" / "reviews" / SLUG / "review.toml").read_text("utf-8")
    changed = re.sub(r"(connector = \"entrez\"\nquery = )'''.*?'''", rf"\g<1>'{QUERY}'", text, count=1, flags=re.S)
    file = folder / "review.toml"
    file.write_text(changed, "utf-8")
    return file


def main() -> int:
    """Run it; 0 where all limits were kept."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=120_000)
    parser.add_argument("--size", type=int, default=5_000)
    parser.add_argument("--latency", type=float, default=0.3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, standin(options) as server:
        assert server.stdout is not None
        environment = {
            **os.environ,
            "LIVINGSEARCH_WORKSPACE": folder + "/workspace",
            "LIVINGSEARCH_EUTILS_URL": server.stdout.readline().strip(),
            "LIVINGSEARCH_API_KEY": "0123456789abcdef0123456789abcdef0123",
        }
        command = [sys.executable, "-c", _MEASURED]
        init = [*command, "init", str(review_file(Path(folder)))]
        subprocess.run(init, env=environment, cwd=ROOT, check=True, capture_output=True)
        began = time.monotonic()
        search = [*command, "search", SLUG, "pubmed", "--json"]
        done = subprocess.run(search, env=environment, cwd=ROOT, check=True, capture_output=True, text=True)
        seconds = time.monotonic() - began
        server.send_signal(signal.SIGINT)
        measured = json.loads(server.communicate()[0])
    received = json.loads(done.stdout)["received"]
    peak = int(done.stderr.split()[-1]) / 1024
    checks = {
        f"in the database: {received:,} of {options.records:,} records": received == options.records,
        f"busiest second at the stand-in: {measured['busiest_second']} requests (at most {RATE})": (
            measured["busiest_second"] <= RATE
        ),
        f"peak memory: {peak:,.0f} MB (at most {MOST_MEMORY:,})": peak < MOST_MEMORY,
    }
    for words, kept in checks.items():
        print(("kept    " if kept else "MISSED  ") + words)
    print(f"        {seconds:.1f} s, {measured['requests']} requests")
    return 0 if all(checks.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
