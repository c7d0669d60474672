"""Run tools on labelled sets, each in a process of its own, and count what they missed and lost."""

import json
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path

from benchmarks.figures import Figures, Pair, answered, figures, trusting
from benchmarks.measured import Measured, measured
from benchmarks.sets import LabelledSet, pairs_of, rows_of

HERE = Path(__file__).resolve().parent
PEERS = HERE.parent / ".venv-peers" / "bin" / "python"


@dataclass(frozen=True, slots=True)
class Tool:
    """Something that deduplicates a CSV file.

    Attributes:
        name: as printed.
        command: what is run; `{records}` and `{folder}` stand for the file and the folder for results.
        peer: needs the environment of the peers.
        packages: whose versions are told, where the tool does not write them itself.
    """

    name: str
    command: tuple[str, ...]
    peer: bool = False
    packages: tuple[str, ...] = ()

    def on(self, records: Path, folder: Path) -> list[str]:
        """The command for a file and a folder."""
        return [part.replace("{records}", str(records)).replace("{folder}", str(folder)) for part in self.command]


DEDUP = (str(Path(sys.executable).parent / "livingsearch"), "dedup", "{records}")
OURS = Tool(
    "ours",
    (*DEDUP, "--groups", "{folder}/groups.csv", "--queue", "{folder}/queue.csv"),
    packages=("livingsearch", "duckdb", "pyarrow", "rapidfuzz"),
)
PAIRS = Tool("ours, every pair", (*DEDUP, "--pairs", "{folder}/pairs.csv"))
"""The same once more, to say why: not measured."""

TOOLS = (
    OURS,
    Tool("bib-dedupe", (str(PEERS), str(HERE / "peers" / "run_bibdedupe.py"), "{records}", "{folder}"), peer=True),
    Tool("Splink (EM)", (str(PEERS), str(HERE / "peers" / "run_splink.py"), "{records}", "{folder}"), peer=True),
    Tool("same DOI or title", (sys.executable, "-m", "benchmarks.peers.run_doi_or_title", "{records}", "{folder}")),
)


@dataclass(frozen=True, slots=True)
class Count:
    """Figures of a run under one reading of the labels.

    Attributes:
        at_once: what was joined by itself.
        asked: the same after the queue was answered by the labels.
        queue_true: queued pairs that are of one work.
    """

    at_once: Figures
    asked: Figures
    queue_true: int


@dataclass(slots=True)
class Result:
    """What a tool did on a set.

    Attributes:
        tool: its name.
        labelled: the set.
        runs: time and memory of each run.
        strict: figures by the labels as they stand.
        trusting: figures with doubtful pairs taken as the run said.
        queue: pairs left to a person, between different groups.
        versions: of the tool and what it is built on.
        planted: works of a scaled set that were planted near another and joined with it.
        failure: why there is no result.
        reused: the runs are those of an earlier moment.
    """

    tool: str
    labelled: LabelledSet
    runs: list[Measured] = field(default_factory=list)
    strict: Count | None = None
    trusting: Count | None = None
    queue: int = 0
    versions: dict[str, str] = field(default_factory=dict)
    planted: int = 0
    failure: str | None = None
    reused: bool = False

    def median(self, of: str) -> float:
        """Median of `seconds`, `cpu` or `peak` over the runs."""
        return statistics.median(getattr(run, of) for run in self.runs)


def results_in(work: Path, labelled: LabelledSet, tool: str) -> Path:
    """The folder of what a tool wrote of a set."""
    return work / "runs" / labelled.name.replace(",", "").replace(" ", "-") / tool.replace(" ", "-")


def run_of(tool: Tool, labelled: LabelledSet, folder: Path, limit: float) -> Measured:
    """Run a tool on a set; its results are in the folder afterwards."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    run = measured(
        tool.on(labelled.records, folder),
        log=folder / "log.txt",
        limit=limit,
        environment={"PYTHONPATH": str(HERE.parent)},
    )
    if run.failure is None and not (folder / "groups.csv").exists():
        return Measured(run.seconds, run.cpu, run.peak, "it wrote no groups")
    return run


def runs_in(folder: Path) -> list[Measured]:
    """Earlier runs whose results the folder holds."""
    path = folder / "runs.json"
    return [Measured(**run) for run in json.loads(path.read_text())] if path.exists() else []


def grouping_of(names: Sequence[str], folder: Path) -> dict[str, str]:
    """The predicted group of every record; one that is not named stands alone."""
    said = {name: "group " + label for name, label in pairs_of(folder / "groups.csv")}
    return {name: said.get(name, "alone " + name) for name in names}


def judge(result: Result, names: Sequence[str], truth: dict[str, str], folder: Path) -> None:
    """Fill in the figures of a result from what the tool wrote."""
    group = grouping_of(names, folder)
    queue = [pair for pair in pairs_of(folder / "queue.csv") if group[pair[0]] != group[pair[1]]]
    result.queue = len(queue)
    result.strict = count(names, truth, group, queue)
    told = trusting(truth, group, result.labelled.doubtful)
    result.trusting = count(names, told, group, queue) if result.labelled.doubtful else result.strict
    if (folder / "versions.json").exists():
        result.versions = json.loads((folder / "versions.json").read_text())
    if result.labelled.kind == "scaled":
        result.planted = planted(truth, group)


def count(names: Sequence[str], truth: dict[str, str], group: dict[str, str], queue: Iterable[Pair]) -> Count:
    """Figures before and after the queue is answered."""
    queue = list(queue)
    return Count(
        figures(names, truth, group),
        figures(names, truth, answered(truth, group, queue)),
        sum(truth[a] == truth[b] for a, b in queue),
    )


def planted(truth: dict[str, str], group: dict[str, str]) -> int:
    """Pairs of works that share a group and stand next to each other: a near work is planted behind its model."""
    works: dict[str, set[int]] = {}
    for name, label in group.items():
        works.setdefault(label, set()).add(int(truth[name].lstrip("w")))
    return sum(work + 1 in inside for inside in works.values() for work in inside)


def measure(
    labelled: Sequence[LabelledSet],
    tools: Sequence[Tool],
    work: Path,
    *,
    repeat: int,
    once_over: float,
    limit: float,
    reuse: bool = False,
) -> list[Result]:
    """Run every tool on every set.

    Args:
        labelled: the sets.
        tools: what is compared.
        work: folder for what the tools write.
        repeat: runs of a tool on an original or scaled set; blanked sets run once. The tools take turns.
        once_over: a run that took longer than these seconds is not repeated.
        limit: seconds after which a run is given up.
        reuse: run ours alone; of other tools take what they wrote into the folder before, and the time it took then.
    """
    found = []
    for number, one in enumerate(labelled, 1):
        results = {
            tool.name: Result(tool.name, one, versions={name: version(name) for name in tool.packages})
            for tool in tools
        }
        names, truth = one.names(), one.truth()
        for turn in range(1 if one.kind == "stripped" else repeat):
            for tool in tools:
                result = results[tool.name]
                if result.failure or (turn and result.runs[-1].seconds > once_over):
                    continue
                folder = results_in(work, one, tool.name)
                if reuse and tool is not OURS:
                    result.runs, result.reused = runs_in(folder), True
                    if not result.runs:
                        result.failure = "not run: no earlier run was kept"
                    elif not turn:
                        judge(result, names, truth, folder)
                    continue
                run = run_of(tool, one, folder, limit)
                if run.failure:
                    result.failure = run.failure
                else:
                    result.runs.append(run)
                    (folder / "runs.json").write_text(json.dumps([asdict(run) for run in result.runs]))
                    if not turn:
                        judge(result, names, truth, folder)
                say(f"[{number}/{len(labelled)}] {one.name}, {tool.name}: {line_of(result)}")
        found += results.values()
    return found


def line_of(result: Result) -> str:
    """A result in one line."""
    if result.failure or not result.strict or not result.trusting:
        return f"no result: {result.failure}"
    before, after = result.trusting.at_once, result.trusting.asked
    return (
        f"missed {before.missed}, lost {before.lost}, mixed {before.mixed}, queue {result.queue}"
        f" ({result.queue / before.records:.1%}), then missed {after.missed}; {result.runs[-1].seconds:.1f} s,"
        f" {result.runs[-1].cpu:.1f} s CPU, {result.runs[-1].peak / 1e6:.0f} MB"
    )


def say(text: str) -> None:
    """Show progress, apart from what is printed as the result."""
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


def errors_of(result: Result, work: Path) -> list[tuple[str, str, str, str]]:
    """Where the labels contradict a run: what is wrong, two record names, and what was said of them."""
    one = result.labelled
    folder = results_in(work, one, result.tool)
    names = one.names()
    group = grouping_of(names, folder)
    truth = trusting(one.truth(), group, one.doubtful)
    said = {}
    if result.tool == OURS.name:
        told = folder.parent / "pairs"
        told.mkdir(exist_ok=True)
        subprocess.run(PAIRS.on(one.records, told), check=True, capture_output=True)
        for row in rows_of(told / "pairs.csv"):
            said[row["record_id_a"], row["record_id_b"]] = (row["outcome"], row["rule"])
    across: dict[tuple[str, str], tuple[str, str]] = {}
    for (a, b), verdict in said.items():
        across.setdefault((min(group[a], group[b]), max(group[a], group[b])), verdict)
    found = []
    for kind, outer, inner in (("missed", truth, group), ("mixed", group, truth)):
        first: dict[str, str] = {}
        seen: set[tuple[str, str]] = set()
        for name in names:
            model = first.setdefault(outer[name], name)
            if inner[model] != inner[name] and (outer[name], inner[name]) not in seen:
                seen.add((outer[name], inner[name]))
                groups = (min(group[model], group[name]), max(group[model], group[name]))
                outcome, rule = said.get((model, name)) or said.get((name, model)) or across.get(groups) or ("", "")
                found.append((kind, model, name, f"{outcome}: {rule}" if outcome else "no verdict"))
    return found
