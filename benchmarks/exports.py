"""Read 100,000 records of an export and say how long it took and how much memory it needed, beside rispy and Biopython.

    python -m benchmarks.exports [--records N] [--seed N]

The records are made up, some 3 KB each with their abstracts, and written as RIS the way Ovid does and as MEDLINE text,
into a folder that is deleted afterwards. Each reader runs in a process of its own. Ours gives canonical Arrow tables;
the others give dictionaries of what they took from the file. Ends with status 1 where a limit is missed.
"""

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import rispy
from Bio import Medline

from connectors.exports import open_export

MOST_SECONDS, MOST_MEGABYTES, MOST_GROWTH = 30, 1_000, 1.25
WORDS = 20_000


@dataclass(frozen=True, slots=True)
class Made:
    """One made-up record, by the fields that both formats have."""

    number: int
    title: str
    authors: list[str]
    abstract: str
    keywords: list[str]
    journal: str
    address: str


def made_up(count: int, seed: int) -> Iterator[Made]:
    """Records whose words are as frequent as in texts."""
    chance = random.Random(seed)
    letters = "eeeeaaiioonnrrttssllccdduummpphhggbbffyvkw"
    words = ["".join(chance.choices(letters, k=chance.randint(2, 12))) for _ in range(WORDS)]
    bag = chance.choices(words, weights=[1 / (rank + 3) for rank in range(WORDS)], k=200_000)

    def text(length: int) -> str:
        at = chance.randrange(len(bag) - length)
        return " ".join(bag[at : at + length]).capitalize()

    for number in range(1, count + 1):
        sentences = (text(chance.randint(12, 24)) + "." for _ in range(chance.randint(13, 21)))
        yield Made(
            number=number,
            title=text(13) + ".",
            authors=[f"{text(1)}, {chance.choice('ABCDEF')}.{chance.choice('GHIJKL')}." for _ in range(5)],
            abstract="BACKGROUND: " + " ".join(sentences),
            keywords=[text(2) for _ in range(6)],
            journal="Journal of " + text(3),
            address=text(14),
        )


def as_ris(made: Made) -> str:
    """A record as Ovid writes it."""
    number = made.number
    lines = [
        f"{number}. ",
        "TY  - JOUR",
        "DB  - Ovid MEDLINE(R) ALL <1946 to June 20, 2024>",
        f"ID  - {10_000_000 + number}",
        f"T1  - {made.title}",
        *(f"A1  - {name}" for name in made.authors),
        "Y1  - 2021//",
        f"N2  - {made.abstract}",
        *(f"KW  - {word}" for word in made.keywords),
        f"JF  - {made.journal}",
        "JA  - J Example",
        "LA  - English",
        f"VL  - {number % 90 + 1}",
        f"IS  - {number % 12 + 1}",
        f"SP  - {number % 900 + 100}",
        f"EP  - {number % 900 + 109}",
        "CY  - England",
        f"M2  - {made.address}",
        "SN  - 1234-5679",
        "SN  - 2345-6786",
        f"DO  - https://dx.doi.org/10.5555/example.{number}",
        "PT  - Journal Article",
        f"UR  - https://ovidsp.example.invalid/ovidweb.cgi?T=JS&PAGE=fulltext&D=med22&AN={10_000_000 + number}",
        "ER  - ",
        "",
        "",
    ]
    return "\n".join(lines)


def as_nbib(made: Made) -> str:
    """A record as PubMed writes it."""

    def wrapped(tag: str, text: str) -> Iterator[str]:
        lead = f"{tag:<4}- "
        while len(text) > 81:
            at = text.rfind(" ", 0, 81) + 1 or 81
            yield lead + text[:at].rstrip()
            lead, text = "      ", text[at:]
        yield lead + text

    number = made.number
    lines = [
        f"PMID- {10_000_000 + number}",
        "OWN - NLM",
        "STAT- MEDLINE",
        "IS  - 1234-5679 (Electronic)",
        f"VI  - {number % 90 + 1}",
        f"IP  - {number % 12 + 1}",
        "DP  - 2021 Mar 4",
        *wrapped("TI", made.title),
        f"PG  - {number % 900 + 100}-{number % 900 + 109}",
        f"LID - 10.5555/example.{number} [doi]",
        *wrapped("AB", made.abstract),
        *(f"FAU - {name}" for name in made.authors),
        *wrapped("AD", made.address),
        "LA  - eng",
        "PT  - Journal Article",
        "TA  - J Example",
        f"JT  - {made.journal}",
        *(f"OT  - {word}" for word in made.keywords),
        "",
        "",
    ]
    return "\n".join(lines)


def ours(path: Path) -> int:
    """Canonical Arrow tables, each given up for the next."""
    with path.open("rb") as file:
        export = open_export(file, path.name)
        rows = sum(chunk.table.num_rows for chunk in export.chunks(processes=2) if chunk.table is not None)
        assert export.summary().records == rows
    return rows


def rispy_alone(path: Path) -> int:
    """As rispy's own documentation shows it: the whole file as a list of dictionaries."""
    with path.open(encoding="utf-8") as file:
        return len(rispy.load(file))


def biopython(path: Path) -> int:
    """Bio.Medline, one record at a time."""
    with path.open(encoding="utf-8") as file:
        return sum(1 for _ in Medline.parse(file))


READERS: dict[str, tuple[Callable[[Path], int], str]] = {
    "ours": (ours, "ris"),
    "ours, nbib": (ours, "nbib"),
    "rispy": (rispy_alone, "ris"),
    "Bio.Medline": (biopython, "nbib"),
}


def measured(reader: str, path: Path) -> dict[str, float]:
    """What a reader took, in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.exports", "--reader", reader, "--file", str(path)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    result: dict[str, float] = json.loads(done.stdout)
    return result


def read_here(reader: str, path: Path) -> dict[str, float]:
    """Run a reader in this process and measure it."""
    began, before = time.monotonic(), os.times()
    records = READERS[reader][0](path)
    seconds, after = time.monotonic() - began, os.times()
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    # The two processes are there at the same time, so their peaks are added.
    peak = sum(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / unit
    own = after.user + after.system - before.user - before.system
    second = after.children_user + after.children_system - before.children_user - before.children_system
    return {"records": records, "seconds": seconds, "cpu": own + second, "busier": max(own, second), "peak": peak}


def written(folder: Path, count: int, seed: int) -> dict[str, Path]:
    """The same records in both formats."""
    paths = {form: folder / f"{count}.{form}" for form in ("ris", "nbib")}
    with paths["ris"].open("w", encoding="utf-8") as ris, paths["nbib"].open("w", encoding="utf-8") as nbib:
        for made in made_up(count, seed):
            ris.write(as_ris(made))
            nbib.write(as_nbib(made))
    return paths


def main() -> int:
    """Run it; 0 where all limits were kept."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--reader", choices=READERS, help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.reader:
        print(json.dumps(read_here(options.reader, options.file)))
        return 0

    peaks: list[float] = []
    complete = True
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print(f"{'records':>9} {'MB':>6}  {'reader':12} {'seconds':>8} {'CPU':>7} {'busier':>7} {'peak MB':>8}")
        for count in (options.records // 4, options.records // 2, options.records):
            paths = written(folder, count, options.seed)
            for reader, (_, form) in READERS.items():
                if count < options.records and reader != "ours":
                    continue
                found = measured(reader, paths[form])
                size = paths[form].stat().st_size / 1e6
                print(
                    f"{count:>9,} {size:>6.0f}  {reader:12} {found['seconds']:>8.1f} {found['cpu']:>7.1f} "
                    f"{found['busier']:>7.1f} {found['peak']:>8.0f}",
                    flush=True,
                )
                complete = complete and found["records"] == count
                if reader == "ours":
                    peaks.append(found["peak"])
                    seconds = found["seconds"]
            for path in paths.values():
                path.unlink()
    print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    scale = options.records / 100_000
    checks = {
        "every reader found every record": complete,
        f"ours: {seconds:.1f} s (at most {MOST_SECONDS * scale:.0f})": seconds <= MOST_SECONDS * max(scale, 0.1),
        f"ours: {peaks[-1]:.0f} MB (at most {MOST_MEGABYTES:,})": peaks[-1] <= MOST_MEGABYTES,
        f"ours: {peaks[-1] / peaks[0]:.2f} times the memory for 4 times the records (at most {MOST_GROWTH})": (
            peaks[-1] <= MOST_GROWTH * peaks[0]
        ),
    }
    for words, kept in checks.items():
        print(("kept    " if kept else "MISSED  ") + words)
    return 0 if all(checks.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
