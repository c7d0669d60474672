"""Start the stand-in by itself: `python -m livingsearch.standin --records FILE.xml`."""

import argparse
import signal
import sys
from collections.abc import Sequence
from threading import Event
from types import FrameType

from livingsearch.standin.faults import Fault, FaultKind, parse_fault
from livingsearch.standin.records import RecordFileUnusable
from livingsearch.standin.standin import Standin


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
    parser.add_argument(
        "--records", action="append", required=True, metavar="FILE", help="PubmedArticleSet XML; repeatable"
    )
    parser.add_argument("--port", type=int, default=0, help="0, the default, takes any free one")
    parser.add_argument(
        "--fault",
        action="append",
        type=_fault,
        default=[],
        metavar="KIND[=NUMBER][:endpoint[:first N|every N|after N|always]]",
        help=f"repeatable; kinds: {', '.join(FaultKind)}",
    )
    parser.add_argument("--latency", type=float, default=0, metavar="SECONDS", help="for every reply")
    parser.add_argument("--requests-per-second", type=int, metavar="N", help="limit without an API key (with one: 10)")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> int:
    """Serve until interrupted; returns the exit status: 0, or 2 where the records cannot be served."""
    chosen = _arguments(argv)
    try:
        standin = Standin.of_files(
            chosen.records,
            port=chosen.port,
            faults=chosen.fault,
            requests_per_second=chosen.requests_per_second,
            latency=chosen.latency,
        )
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
    return 0


if __name__ == "__main__":
    sys.exit(main())
