"""Deduplicate labelled sets, beside the tools that others use, and say what each missed and lost.

    python -m benchmarks.labelled_sets FOLDER [SET …] [--ours] [--errors]

Each tool runs in a process of its own, from the CSV of the records to the CSV of the groups: on every set of the
folder, on the same sets with fields blanked in half of their records, and on a large set made out of them. What is
counted, and how, stands in `benchmarks/README.md`; the results go to `benchmarks/RESULTS.md`.
"""

import argparse
import os
import sys
import tempfile
from collections import Counter
from pathlib import Path

from benchmarks.fitting import report
from benchmarks.results import written
from benchmarks.runs import HERE, OURS, PEERS, TOOLS, Tool, errors_of, line_of, measure, say
from benchmarks.sets import LabelledSet, originals, scaled, stripped


def machine() -> str:
    """What this runs on."""
    model = next(
        (
            line.split(":", 1)[1].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        "unknown processor",
    )
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    return f"{len(os.sched_getaffinity(0))} cores ({model}), {memory:.0f} GB"


def chosen(arguments: argparse.Namespace) -> list[Tool]:
    """The tools that can run; what cannot is named."""
    if arguments.ours:
        return [OURS]
    if not PEERS.exists():
        names = ", ".join(tool.name for tool in TOOLS if tool.peer)
        say(f"Skipped {names}: they are not installed in .venv-peers/; `make .venv-peers/.ready` says why.")
    return [tool for tool in TOOLS if not tool.peer or PEERS.exists()]


def sets_of(arguments: argparse.Namespace, work: Path) -> list[LabelledSet]:
    """The sets to run: the folder's, blanked ones, a large one."""
    whole = originals(arguments.folder, arguments.sets)
    made = list(whole)
    for seed in arguments.seeds:
        made += [one for base in whole if (one := stripped(base, seed, work / "sets", arguments.folder))]
    for size in arguments.scaled:
        large = scaled(size, work / "sets", arguments.folder, PEERS)
        if large is None:
            say(f"Skipped the set of {size:,} records: it takes the folder's scale.py, and the peers' environment.")
        else:
            made.append(large)
    return made


def fitting_tables(arguments: argparse.Namespace, work: Path) -> str:
    """What is judged on the sets left out, made or from earlier."""
    kept = work / "fitting.md"
    if not (arguments.reuse and kept.exists()):
        kept.write_text(report(originals(arguments.folder, arguments.sets), say), "utf-8")
    return kept.read_text("utf-8")


def main() -> None:
    """Read the command line, run, print and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("sets", nargs="*", help="names of sets; all where none is given")
    parser.add_argument("--ours", action="store_true", help="run ours alone on the sets as they are, write no results")
    parser.add_argument("--errors", action="store_true", help="name the pairs that the labels contradict")
    parser.add_argument(
        "--seeds", type=int, nargs="*", default=[7, 8, 9], help="of the blanking; none: no blanked sets"
    )
    parser.add_argument("--scaled", type=int, nargs="*", default=[80_000], help="sizes of large sets; none: none")
    parser.add_argument("--repeat", type=int, default=5, help="runs of each tool on a set; the medians count")
    parser.add_argument("--once-over", type=float, default=1e9, help="do not repeat a run longer than these seconds")
    parser.add_argument("--limit", type=float, default=3_600, help="seconds after which a run is given up")
    parser.add_argument("--fitting", action="store_true", help="also judge what is fitted on the sets left out")
    parser.add_argument(
        "--reuse", action="store_true", help="take the other tools' earlier runs and the tables in --work"
    )
    parser.add_argument("--work", type=Path, help="keep sets and runs in this folder")
    parser.add_argument("--results", type=Path, default=HERE / "RESULTS.md")
    arguments = parser.parse_args()
    if arguments.ours:
        arguments.seeds, arguments.scaled, arguments.repeat = [], [], 1
    with tempfile.TemporaryDirectory(prefix="livingsearch-bench-") as made:
        work = arguments.work or Path(made)
        tools = chosen(arguments)
        load = os.getloadavg()[1]
        results = measure(
            sets_of(arguments, work),
            tools,
            work,
            repeat=arguments.repeat,
            once_over=arguments.once_over,
            limit=arguments.limit,
            reuse=arguments.reuse,
        )
        wrong = {
            result.labelled.name: errors_of(result, work)
            for result in results
            if result.tool == OURS.name and not result.failure and result.labelled.kind != "stripped"
        }
        for result in results:
            print(f"{result.labelled.name:34} {result.tool:18} {line_of(result)}")
            if arguments.errors and result.tool == OURS.name:
                for kind, a, b, why in wrong.get(result.labelled.name, ()):
                    print(f"    {kind} {a} {b}: {why}")
                print("   ", Counter(why for _, _, _, why in wrong.get(result.labelled.name, ())))
        if not arguments.ours:
            tables = fitting_tables(arguments, work) if arguments.fitting else ""
            kept = {str(arguments.folder): "FOLDER", str(arguments.work): "WORK", str(arguments.results): "RESULTS"}
            options = " ".join(kept.get(word, word) for word in sys.argv[1:])
            command = f"python -m benchmarks.labelled_sets {options}"
            written(arguments.results, results, wrong, tables, machine=machine(), load=load, command=command)
            say(f"Wrote {arguments.results}")


if __name__ == "__main__":
    main()
