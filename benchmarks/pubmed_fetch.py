"""Fetch and read 120,000 records from a stand-in of PubMed and say how long it took and how much memory it needed.

    python -m benchmarks.pubmed_fetch [--records N] [--size BYTES] [--latency SECONDS] [--workers N] [--fetch-only]

The stand-in runs in a process of its own, makes the records up as they are asked for, refuses more than ten requests
a second and measures how close together they came. The client searches in slices, fetches in batches of 200 and reads
every record. Afterwards the same bodies are read again without any fetching, which takes as long as the work cannot
be shortened by fetching faster. Ends with status 1 where a limit is missed.
"""

import argparse
import json
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from connectors import pubmed
from connectors.pubmed.fetch import BATCH, WORKERS, pmids_in
from livingsearch.standin.generated import STEP, generated_record
from livingsearch.standin.replies import article_set

ROOT = Path(__file__).parent.parent
RATE = 10
"""Requests a second that NCBI allows with a key."""
MOST_MEMORY, MOST_TIME = 300, 1.25
QUERY = "peer*[tiab]"


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a run brought and cost."""

    records: int
    requests: int
    seconds: float
    peak: float
    right: bool


@contextmanager
def standin(options: argparse.Namespace) -> Iterator[subprocess.Popen[str]]:
    """A stand-in process; its address is the first line that it prints."""
    command = [sys.executable, "-m", "livingsearch.standin", "--generate", str(options.records)]
    command += [
        "--size",
        str(options.size),
        "--latency",
        str(options.latency),
        "--requests-per-second",
        "3",
        "--report",
    ]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def megabytes() -> float:
    """Most memory that this process ever held."""
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return held / 1e6 if sys.platform == "darwin" else held / 1024


def read(body: bytes) -> tuple[str, ...]:
    """PMIDs of a reply's records, each read in full."""
    return tuple(record.pmid or "" for _, record in pubmed.read_articles(body).records)


def fetched(
    transport: pubmed.Transport, ids: tuple[str, ...], workers: int, reading: Callable[[bytes], tuple[str, ...]]
) -> Fetched:
    """Fetch and read all records; `right` where each came once, in the order of `ids`."""
    started = shown = time.monotonic()
    records, requests, right = 0, 0, True
    for reply in pubmed.fetch(transport, ids, workers=workers):
        requests += 1
        found = reading(reply.body)
        right = right and found == ids[records : records + BATCH] and not reply.undelivered
        records += len(found)
        if time.monotonic() - shown > 5:
            shown = time.monotonic()
            print(
                f"  {records:>9,} of {len(ids):,} records, {shown - started:5.0f} s, peak {megabytes():.0f} MB",
                flush=True,
            )
    return Fetched(records, requests, time.monotonic() - started, megabytes(), right and records == len(ids))


def parsed(ids: tuple[str, ...], size: int, batches: int) -> float:
    """Seconds that reading alone takes for all, from the first `batches` of them."""
    starts = list(range(0, len(ids), BATCH))
    taken, shown = 0.0, time.monotonic()
    for number, start in enumerate(starts[:batches], 1):
        body = article_set(generated_record(int(pmid), size) for pmid in ids[start : start + BATCH]).body
        began = time.monotonic()
        pubmed.read_articles(body)
        taken += time.monotonic() - began
        if time.monotonic() - shown > 5:
            shown = time.monotonic()
            print(f"  {number:>9,} of {len(starts[:batches]):,} batches read alone, {taken:5.0f} s", flush=True)
    return taken * len(starts) / min(batches, len(starts))


def main() -> int:
    """Run it; 0 where all limits were kept."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=120_000)
    parser.add_argument("--size", type=int, default=5_000)
    parser.add_argument("--latency", type=float, default=0.3)
    parser.add_argument("--workers", type=int, default=WORKERS)
    parser.add_argument("--parse-batches", type=int, default=10**9, help="read alone only so many and scale up")
    parser.add_argument("--fetch-only", action="store_true", help="check PMIDs, but do not read the records")
    options = parser.parse_args()

    with tempfile.TemporaryDirectory() as folder, standin(options) as server:
        assert server.stdout is not None
        settings = pubmed.TransportSettings(
            email="benchmark@livingsearch.invalid",
            base_url=server.stdout.readline().strip(),
            api_key=SecretStr("0123456789abcdef0123456789abcdef0123"),
        )
        with pubmed.Transport(settings, rate_file=Path(folder) / "rate") as transport:
            began = time.monotonic()
            reply = pubmed.search(transport, QUERY)
            slices = len(reply.slice_bodies)
            print(f"searched: {reply.count:,} PMIDs in {slices} slices, {time.monotonic() - began:.1f} s", flush=True)
            expected = {str(STEP * n) for n in range(1, options.records + 1)}
            complete = set(reply.ids) == expected and len(reply.ids) == options.records
            run = fetched(transport, reply.ids, options.workers, pmids_in if options.fetch_only else read)
        server.send_signal(signal.SIGINT)
        measured = json.loads(server.communicate()[0])

    alone = 0.0 if options.fetch_only else parsed(reply.ids, options.size, options.parse_batches)
    floor = max(run.requests / RATE, alone)
    checks = {
        f"complete and in order: {run.records:,} records": complete and run.right,
        f"peak memory of the client: {run.peak:.0f} MB (at most {MOST_MEMORY})": run.peak < MOST_MEMORY,
        f"busiest second at the stand-in: {measured['busiest_second']} requests (at most {RATE})": (
            measured["busiest_second"] <= RATE
        ),
        f"wall time: {run.seconds:.1f} s for {run.requests} requests, {run.seconds / floor:.2f} of "
        f"max({run.requests / RATE:.1f} s at the rate, {alone:.1f} s of reading alone) (at most {MOST_TIME})": (
            run.seconds <= MOST_TIME * floor
        ),
    }
    for words, kept in checks.items():
        print(("kept    " if kept else "MISSED  ") + words)
    print(f"        {measured['requests']} requests in all, {measured['seconds']:.1f} s from first to last")
    return 0 if all(checks.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
