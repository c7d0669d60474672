"""Damaged exports: each is read whole or refused with a sentence.

    python tests/fuzz_exports.py [--files N] [--seed N]

reads N damaged files, keeps those that break a rule in `.tmp/fuzz/`, and ends with status 1 if there are any.
"""

import argparse
import io
import json
import re
import resource
import signal
import sys
import time
import traceback
from collections import Counter
from dataclasses import replace
from pathlib import Path
from random import Random

import pyarrow as pa
from mutations import mutated

from connectors.errors import FileRefused
from connectors.exports import Summary, open_export
from connectors.exports.formats import Asked
from connectors.exports.source import Source
from connectors.exports.tagged import NBIB, RIS
from connectors.record import Remnant

GOLDEN = Path(__file__).parent / "connectors" / "exports" / "golden"
SEEDS = [path.read_bytes() for path in sorted(GOLDEN.iterdir()) if path.suffix != ".json"]
MOST_SECONDS, MOST_MEGABYTES = 20, 1_000
KEPT = Path(".tmp/fuzz")

_UNSEEN = re.compile(r"[\s\ufeff\u200b\x00\x1a]+")
_NO_TEXT = re.compile(r"(?:\d{1,9}\.)?(?:ER-?)?")
_STARTS = {
    "ris": re.compile(r"[\s\ufeff\u200b\x00\x1a]*(?:\d{1,9}\.\s*)?TY(?:\s{2,3}-|\s-(?:\s|\Z))"),
    "nbib": re.compile(r"\ufeff*PMID-(?:\s|\d|\Z)"),
}


def outcome(content: bytes) -> str:
    """Read a file and hold what came out against its text, line by line.

    Returns:
        The format, or the kind of refusal.

    Raises:
        AssertionError: something was lost, or a refusal is no sentence.
    """
    try:
        export = open_export(io.BytesIO(content), "a.ris")
        chunks = list(export.chunks())
    except FileRefused as refusal:
        assert str(refusal).isprintable() and str(refusal).endswith("."), repr(str(refusal))
        return type(refusal).__name__
    summary = export.summary()
    tables = [chunk.table for chunk in chunks if chunk.table is not None]
    positions = [position for table in tables for position in table["position"].to_pylist()]
    assert positions == list(range(1, summary.record_starts + 1))
    assert summary.records == summary.record_starts
    for tagged in (RIS, NBIB):
        if summary.format == tagged.name:
            # Cut into the smallest blocks it comes out the same.
            one_by_one = replace(tagged, most_records=1).chunks(Source(io.BytesIO(content), "a.ris"), Asked())
            small = list(one_by_one)
            assert pa.concat_tables([chunk.table for chunk in small]) == pa.concat_tables(tables)
            assert [p for chunk in small for p in chunk.remnants] == [p for chunk in chunks for p in chunk.remnants]
    if summary.format in _STARTS and summary.encoding in ("utf-8", "utf-8-sig") and _is_utf_8(content):
        payloads = [payload for table in tables for payload in table["payload"].to_pylist()]
        assert_nothing_lost(content, summary, payloads, [part for chunk in chunks for part in chunk.remnants])
    return summary.format


def assert_nothing_lost(content: bytes, summary: Summary, payloads: list[str], remnants: list[Remnant]) -> None:
    """Every line of a text is in a record or among the remnants, and every record start made a record."""
    lines = re.split(r"[\r\n]", content.decode(summary.encoding))
    start = _STARTS[summary.format]
    assert sum(start.match(line) is not None for line in lines) == summary.records
    pairs = [pair for payload in payloads for pair in json.loads(payload)]
    kept = _UNSEEN.sub("", "".join(f"{tag}-{value}" for tag, value in pairs) + "".join(part.text for part in remnants))
    for line in lines:
        text = _UNSEEN.sub("", line)
        text = re.sub(r"^\d{1,9}\.(?=TY-)", "", text)
        # What follows ER on its line is kept without the tag.
        text = text.removeprefix("ER-") if text not in kept else text
        assert _NO_TEXT.fullmatch(text) or text in kept, line[:200]


def _is_utf_8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def damaged(seed: int) -> bytes:
    """The damaged file of a number."""
    return mutated(Random(seed), SEEDS)


def _hang(signum: int, frame: object) -> None:
    raise AssertionError(f"still reading after {MOST_SECONDS} s")


def main() -> int:
    """Run it; 0 where every file kept the rules."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1_000_000)
    options = parser.parse_args()
    outcomes: Counter[str] = Counter()
    shown = began = time.monotonic()
    signal.signal(signal.SIGALRM, _hang)
    for number in range(options.seed, options.seed + options.files):
        content = damaged(number)
        signal.alarm(MOST_SECONDS)
        try:
            outcomes[outcome(content)] += 1
        except Exception:
            outcomes["BROKEN"] += 1
            KEPT.mkdir(parents=True, exist_ok=True)
            (KEPT / f"{number}.bin").write_bytes(content)
            (KEPT / f"{number}.txt").write_text(traceback.format_exc(), "utf-8")
            sys.stdout.write(f"{KEPT / str(number)}.bin: {traceback.format_exc().splitlines()[-1][:300]}\n")
        finally:
            signal.alarm(0)
        if time.monotonic() - shown > 10:
            shown = time.monotonic()
            sys.stdout.write(f"  {number - options.seed + 1:>7,} of {options.files:,}, {shown - began:.0f} s\n")
            sys.stdout.flush()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)
    for kind, count in sorted(outcomes.items()):
        sys.stdout.write(f"{kind:16} {count:>7,}\n")
    sys.stdout.write(f"{time.monotonic() - began:.0f} s, peak memory {peak:.0f} MB (at most {MOST_MEGABYTES:,})\n")
    return 0 if not outcomes["BROKEN"] and peak <= MOST_MEGABYTES else 1


if __name__ == "__main__":
    sys.exit(main())
