"""Start the stand-in by itself: `python -m livingsearch.standin --records FILE.xml`."""

import argparse
import json
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from threading import Event
from types import FrameType

from livingsearch.standin.faults import Fault, FaultKind, parse_fault
from livingsearch.standin.index import Index
from livingsearch.standin.records import RecordFileUnusable, read_records
from livingsearch.standin.standin import Settings, Standin


def _fault(text: str) -> Fault:
    try:
        return parse_fault(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m livingsearch.standin",
        description="Serve PubMed records on 127.0.0.1 the way NCBI's E-utilities do. Prints its address.",
    )
    served = parser.add_mutually_exclusive_group(required=True)
    served.add_argument("--records", action="append", metavar="FILE", help="PubmedArticleSet XML; repeatable")
    served.add_argument("--generate", type=int, metavar="N", help="make N records up as they are asked for")
    parser.add_argument("--size", type=int, default=5_000, metavar="BYTES", help="of a record that is made up")
    parser.add_argument("--port", type=int, default=0, help="0, the default, takes any free one")
    parser.add_argument(
        "--fault",
        action="append",
        type=_fault,
        default=[],
        metavar="KIND[=NUMBER][:endpoint[:first N|every N|after N|chance SHARE|always]]",
        help=f"repeatable; kinds: {', '.join(FaultKind)}",
    )
    parser.add_argument("--latency", type=float, default=0, metavar="SECONDS", help="for every reply")
    parser.add_argument("--requests-per-second", type=int, metavar="N", help="limit without an API key (with one: 10)")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="of the die for faults with a chance")
    parser.add_argument(
        "--report", action="store_true", help="when stopped, print how many requests came and how close together"
    )
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> int:
    """Serve until interrupted; returns the exit status: 0, or 2 where the records cannot be served."""
    chosen = _arguments(argv)
    settings = Settings(
        port=chosen.port,
        faults=tuple(chosen.fault),
        requests_per_second=chosen.requests_per_second,
        latency=chosen.latency,
        seed=chosen.seed,
    )
    try:
        if chosen.generate is not None:
            standin = Standin.of_generated(chosen.generate, size=chosen.size, settings=settings)
        else:
            standin = Standin(Index(read_records([Path(file) for file in chosen.records])), settings)
    except (OSError, RecordFileUnusable) as error:
        sys.stderr.write(f"Error: {error}\n")
        return 2
    stopped = Event()

    def stop(number: int, frame: FrameType | None) -> None:
        stopped.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    with standin:
        sys.stdout.write(f"{standin.base_url}\n")
        sys.stdout.flush()
        stopped.wait()
    if chosen.report:
        sys.stdout.write(_report(standin) + "\n")
    return 0


def _report(standin: Standin) -> str:
    requests = standin.requests
    return json.dumps(
        {
            "requests": len(requests),
            "busiest_second": standin.busiest_second,
            "seconds": requests[-1].at - requests[0].at if requests else 0,
        }
    )


if __name__ == "__main__":
    sys.exit(main())
