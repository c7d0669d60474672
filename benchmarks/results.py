"""Write what the tools did on the labelled sets as `RESULTS.md`."""

import statistics
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.figures import summed
from benchmarks.goals import goals
from benchmarks.runs import OURS, Count, Result
from benchmarks.sets import rows_of

HERE = Path(__file__).resolve().parent
Errors = Mapping[str, Sequence[tuple[str, str, str, str]]]
NAMED = 25
"""Pairs of a set that are named one by one; of more, only the reasons are counted."""

HEAD = """# Deduplication of labelled sets: results

Written by `{command}`; do not edit. What is counted stands in [README.md](README.md).

- Date: {date}. Machine: {machine}; load before the run {load:.1f}.
- Versions: {versions}.
- Each tool runs in a process of its own, from the CSV of the records to that of the groups, start included. Seconds \
and CPU seconds (of all cores) are medians of {runs}; above a load of a core or two only CPU seconds mean something. \
Peak is the resident memory of the process and its descendants together.
- FN: duplicates kept. FP: works of which no record is kept. Mixed: groups that hold several works. Precision and \
recall: of pairs in one group. Queue: pairs left to a person, and their share of the records. FN, asked: what is \
missed when each queued pair is answered by the labels.
"""


def written(
    path: Path,
    results: Sequence[Result],
    wrong: Errors,
    fitting: str,
    *,
    machine: str,
    load: float,
    command: str,
) -> None:
    """Write the results.

    Args:
        path: `RESULTS.md`.
        results: every tool on every set.
        wrong: where the labels contradict ours, by set.
        fitting: the tables of what is judged on the sets left out, or nothing.
        machine: what it ran on.
        load: of the machine before.
        command: what was typed.
    """
    original = [one for one in results if one.labelled.kind == "original"]
    bare = [one for one in results if one.labelled.kind == "stripped"]
    large = [one for one in results if one.labelled.kind == "scaled"]
    parts = [
        HEAD.format(
            command=command.strip(),
            date=f"{datetime.now(UTC):%Y-%m-%d}",
            machine=machine,
            load=load,
            versions=_versions(results),
            runs=_runs(results),
        ),
        _goals(results),
        _original(original),
        _stripped(bare),
        _scaled(large),
        _speed(original + large),
        _wrong(results, wrong),
        _labels(),
        fitting,
        _failures(results),
    ]
    path.write_text("\n".join(part.rstrip() + "\n" for part in parts if part), "utf-8")


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(map(str, row)) + " |" for row in rows]) + "\n"


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.4f}"


def _versions(results: Sequence[Result]) -> str:
    told: dict[str, dict[str, str]] = {}
    for one in results:
        told.setdefault(one.tool, one.versions)
    return "; ".join(f"{tool}: {', '.join(f'{k} {v}' for k, v in all_of.items())}" for tool, all_of in told.items())


def _runs(results: Sequence[Result]) -> str:
    counts = {len(one.runs) for one in results if one.runs and one.labelled.kind != "stripped"}
    return (
        f"{max(counts)} runs (fewer where the tables say so)" if len(counts) > 1 else f"{max(counts, default=0)} run(s)"
    )


def _columns(count: Count, queue: int) -> list[object]:
    before, after = count.at_once, count.asked
    return [
        before.missed,
        before.lost,
        before.mixed,
        _share(before.precision),
        _share(before.recall),
        f"{queue} ({queue / before.records:.1%})",
        after.missed,
        after.lost,
    ]


COLUMNS = ("FN", "FP", "mixed", "precision", "recall", "queue", "FN, asked", "FP, asked")


def _counted(results: Sequence[Result], reading: str) -> list[list[object]]:
    rows: list[list[object]] = []
    for one in results:
        count: Count | None = getattr(one, reading)
        rows.append([one.labelled.name, one.tool, *(_columns(count, one.queue) if count else ["no result"] + [""] * 7)])
    tools = list(dict.fromkeys(one.tool for one in results))
    for tool in tools:
        counts = [
            (getattr(one, reading), one) for one in results if one.tool == tool and one.labelled.name != "special_cases"
        ]
        if len(counts) > 1 and all(count for count, _ in counts):
            both = Count(
                summed(count.at_once for count, _ in counts),
                summed(count.asked for count, _ in counts),
                sum(count.queue_true for count, _ in counts),
            )
            rows.append(["**sum**", f"**{tool}**", *_columns(both, sum(one.queue for _, one in counts))])
    return rows


def _goals(results: Sequence[Result]) -> str:
    head = ("goal", "at most", "found", "met")
    text = "## Goals\n\nOurs, by itself where no queue is named. Doubtful labels are taken as the run said.\n\n"
    return text + _table(head, [goal.row() for goal in goals(results)])


def _original(results: Sequence[Result]) -> str:
    if not results:
        return ""
    head = ("set", "tool", *COLUMNS)
    text = "## The sets as they are\n\nThe sum leaves out `special_cases`, twelve records picked for being hard.\n\n"
    text += "Doubtful labels taken as the run said:\n\n" + _table(head, _counted(results, "trusting"))
    return text + "\nAll labels as they stand:\n\n" + _table(head, _counted(results, "strict"))


def _stripped(results: Sequence[Result]) -> str:
    if not results:
        return ""
    rows = []
    bases = list(dict.fromkeys(one.labelled.base for one in results))
    seeds = sorted({one.labelled.seed for one in results if one.labelled.seed is not None})
    for tool in dict.fromkeys(one.tool for one in results):
        mine = [one for one in results if one.tool == tool]
        for reading, words in (("trusting", "apart"), ("strict", "as they stand")):
            if any(getattr(one, reading) is None for one in mine):
                continue
            for base in [*bases, None]:
                chosen = [one for one in mine if base in (one.labelled.base, None)]
                by_seed = [[getattr(one, reading) for one in chosen if one.labelled.seed == seed] for seed in seeds]
                sums = [summed(count.at_once for count in counts) for counts in by_seed]
                asked = [summed(count.asked for count in counts) for counts in by_seed]
                queues = [sum(one.queue for one in chosen if one.labelled.seed == seed) for seed in seeds]
                shares = [queue / one.records for queue, one in zip(queues, sums, strict=True)]
                if base is not None and reading == "strict":
                    continue
                rows.append(
                    [
                        base or "**all together**",
                        tool,
                        words,
                        *(_mean(getattr(one, name) for one in sums) for name in ("missed", "lost", "mixed")),
                        f"{_mean(queues)} ({statistics.mean(shares):.1%})",
                        _mean(one.missed for one in asked),
                        ", ".join(f"{one.missed}/{one.lost}" for one in sums),
                    ]
                )
    seeds_named = ", ".join(map(str, seeds))
    head = ("set", "tool", "doubtful labels", "FN", "FP", "mixed", "queue", "FN, asked", "FN/FP by seed")
    return (
        f"## With fields blanked in half of the records\n\nMeans over seeds {seeds_named}; one run each.\n\n"
        + _table(head, rows)
    )


def _mean(values: Iterable[int]) -> str:
    return f"{statistics.mean(values):.1f}".removesuffix(".0")


def _scaled(results: Sequence[Result]) -> str:
    if not results:
        return ""
    rows = [
        [
            one.labelled.name,
            one.tool,
            *(_columns(one.strict, one.queue) if one.strict else ["no result"] + [""] * 7),
            one.planted if one.strict else "",
        ]
        for one in results
    ]
    text = (
        "## Large sets made out of them\n\nPlanted: near works (another part, an erratum, a reply, a congress abstract,"
        " the same title in another year) that were put into one group with the work they were planted beside.\n\n"
    )
    return text + _table(("set", "tool", *COLUMNS, "planted"), rows)


def _speed(results: Sequence[Result]) -> str:
    ours = {one.labelled.name: one for one in results if one.tool == OURS.name and one.runs}
    rows = []
    for one in results:
        if not one.runs:
            continue
        base = ours.get(one.labelled.name)
        ratio = f"{one.median('seconds') / base.median('seconds'):.1f}" if base else "-"
        work = f"{one.median('cpu') / base.median('cpu'):.1f}" if base else "-"
        rows.append(
            [
                one.labelled.name,
                one.tool,
                f"{one.median('seconds'):.1f}",
                ratio,
                f"{one.median('cpu'):.1f}",
                work,
                f"{one.median('peak') / 1e6:,.0f}",
                f"{len(one.runs)}{' earlier' if one.reused else ''}",
            ]
        )
    head = ("set", "tool", "seconds", "times ours", "CPU s", "times ours", "peak MB", "runs")
    return "## Time and memory\n\n" + _table(head, rows) if rows else ""


def _wrong(results: Sequence[Result], wrong: Errors) -> str:
    text = "## Where the labels contradict ours\n\n"
    for name, pairs in wrong.items():
        if not pairs:
            text += f"- {name}: nowhere.\n"
        elif len(pairs) <= NAMED:
            listed = "; ".join(f"{kind} {a} / {b} ({why})" for kind, a, b, why in pairs)
            text += f"- {name}: {listed}.\n"
        else:
            tally = Counter((kind, why) for kind, _, _, why in pairs)
            listed = "; ".join(f"{count} × {kind} ({why})" for (kind, why), count in tally.most_common())
            mixed = "; ".join(f"{a} / {b}" for kind, a, b, _ in pairs if kind == "mixed")
            text += f"- {name}: {listed}.{' Mixed: ' + mixed + '.' if mixed else ''}\n"
    return text if results else ""


def _labels() -> str:
    rows = [
        [row["set"], row["record_id_a"], row["record_id_b"], row["why"]] for row in rows_of(HERE / "wrong_labels.csv")
    ]
    return (
        "## Labels that look wrong\n\nNone of them is coded around. Those marked `doubtful` stand in the sets' own"
        " `doubtful.csv`.\n\n" + _table(("set", "record", "record", "what it looks like"), rows)
    )


def _failures(results: Sequence[Result]) -> str:
    failed = [f"- {one.labelled.name}, {one.tool}: {one.failure}" for one in results if one.failure]
    return "## Runs without a result\n\n" + "\n".join(failed) + "\n" if failed else ""
