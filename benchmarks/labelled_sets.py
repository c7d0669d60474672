"""Run the deduplication over labelled sets and print what it missed and what it lost.

    python benchmarks/labelled_sets.py FOLDER [SET …] [--out FOLDER] [--workers N] [--errors]

FOLDER holds one folder a set with `records.csv` (record_id, author, title, year, journal, …) and `truth.csv`
(record_id, cluster_id), perhaps `doubtful.csv` (record_id_a, record_id_b: the label is taken to be what the run
said). One record is kept per predicted group, the first of the file: a work of which s records are kept counts s - 1
missed (FN), or one lost work (FP) where s is 0; `mixed` are groups that hold several works. `queue` are pairs left to
a person, `then` what is missed when each of those is answered rightly.
"""

import argparse
import csv
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

import dedup

_GLUED = re.compile(r"(?<=\.)(?=[^\W\d_][^\W\d_]+)")


def authors_of(text: str) -> list[str]:
    """Names of one author field: `A and B`, `A; B`, or `Chen R.Wang Y.` without separators."""
    if " and " in text or ", " in text:
        names = text.split(" and ")
    elif ";" in text:
        names = text.split(";")
    else:
        names = _GLUED.split(text)
    return [name.strip() for name in names if name.strip()]


def records_of(path: Path, source: str) -> tuple[list[str], pa.Table]:
    """Names of the records of a CSV file, and the records; ids count from 1."""
    csv.field_size_limit(sys.maxsize)
    with path.open(newline="", encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    made = []
    for number, row in enumerate(rows, 1):
        said = {name: (row.get(name) or "").strip() or None for name in row}
        year = re.search(r"(?:18|19|20)\d\d", said.get("year") or "")
        made.append(
            {
                "record_id": number,
                "source": source,
                "identity": None,
                "title": said.get("title"),
                "authors": authors_of(said.get("author") or ""),
                "year": int(year.group()) if year else None,
                "journal": said.get("journal") or said.get("booktitle"),
                "volume": said.get("volume"),
                "issue": said.get("number") or said.get("issue"),
                "pages": said.get("pages"),
                "doi": said.get("doi"),
                "issns": re.findall(r"\b\d{4}-?\d{3}[\dXx]\b", said.get("isbn") or ""),
                "abstract": said.get("abstract"),
            }
        )
    return [row["record_id"] for row in rows], pa.Table.from_pylist(
        [{name: row.get(name) for name in dedup.RECORDS.names} for row in made], schema=dedup.RECORDS
    )


@dataclass(frozen=True, slots=True)
class Figures:
    """What a grouping missed and lost."""

    missed: int
    lost: int
    mixed: int


def figures(names: Iterable[str], truth: dict[str, str], group: dict[str, int]) -> Figures:
    """Count by the convention in the module's docstring."""
    kept, seen = set(), set()
    members: defaultdict[str, list[str]] = defaultdict(list)
    works: defaultdict[int, set[str]] = defaultdict(set)
    for name in names:
        if group[name] not in seen:
            seen.add(group[name])
            kept.add(name)
        members[truth[name]].append(name)
        works[group[name]].add(truth[name])
    missed = lost = 0
    for inside in members.values():
        count = sum(name in kept for name in inside)
        missed, lost = missed + max(count - 1, 0), lost + (count == 0)
    return Figures(missed, lost, sum(len(inside) > 1 for inside in works.values()))


def trusting(truth: dict[str, str], group: dict[str, int], doubtful: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The labels, with those of doubtful pairs set to what the run said of them."""
    truth = dict(truth)
    for a, b in doubtful:
        old = truth[b]
        if group[a] == group[b]:
            truth.update({name: truth[a] for name, label in truth.items() if label == old})
        elif truth[a] == old:
            truth.update({n: f"apart:{a}:{b}" for n, label in truth.items() if label == old and group[n] == group[b]})
    return truth


def pairs_of(path: Path) -> list[tuple[str, str]]:
    """The first two columns of a CSV file, or nothing where it is absent."""
    if not path.exists():
        return []
    with path.open(newline="", encoding="utf-8") as handle:
        return [(row[0], row[1]) for row in list(csv.reader(handle))[1:]]


def run(folder: Path, workers: int) -> tuple[list[str], dict[str, int], list[dict[str, object]], float]:
    """Deduplicate one set: names in the file's order, groups, verdicts, seconds without the reading."""
    names, records = records_of(folder / "records.csv", folder.name)
    con = duckdb.connect()
    con.execute(f"SET threads = {workers}")
    begun = time.perf_counter()
    normalised = dedup.normalise(con, records)
    new_keys = dedup.keys(con, normalised)
    made = time.perf_counter()
    outcome = dedup.deduplicate(
        con, normalised, dedup.NORMALISED.empty_table(), new_keys, dedup.KEYS.empty_table(), workers=workers
    )
    seconds = time.perf_counter() - begun
    print(f"  normalised in {made - begun:.2f} s, {outcome.capped.num_rows} capped keys", file=sys.stderr)
    group = dict(zip(names, outcome.groups.column("group_id").to_pylist(), strict=True))
    return names, group, outcome.verdicts.to_pylist(), seconds


def measure(folder: Path, workers: int, out: Path | None, errors: bool) -> None:
    """Run one set and print its line."""
    names, group, verdicts, seconds = run(folder, workers)
    truth = trusting(dict(pairs_of(folder / "truth.csv")), group, pairs_of(folder / "doubtful.csv"))
    queue = [
        (names[v["x_id"] - 1], names[v["y_id"] - 1])  # type: ignore[operator]
        for v in verdicts
        if v["outcome"] == "possible"
    ]
    found = figures(names, truth, group)
    asked = dict(group)
    for a, b in queue:
        if truth[a] == truth[b]:
            old, new = asked[b], asked[a]
            asked.update({name: new for name, label in asked.items() if label == old})
    then = figures(names, truth, asked)
    print(
        f"{folder.name:20} {len(names):7} records  missed {found.missed:4}  lost {found.lost:3}  mixed {found.mixed:3}"
        f"  queue {len(queue):4} ({len(queue) / len(names):.1%})  then {then.missed:4}  {seconds:6.2f} s"
    )
    if out:
        out.mkdir(parents=True, exist_ok=True)
        _write(out / f"{folder.name}.groups.csv", ["record_id", "predicted_cluster"], group.items())
        _write(out / f"{folder.name}.queue.csv", ["record_id_a", "record_id_b"], queue)
    if errors:
        _explain(names, truth, group, verdicts)


def _write(path: Path, head: list[str], rows: Iterable[tuple[object, ...]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.writer(handle)
        writer.writerow(head)
        writer.writerows(rows)


def _explain(names: list[str], truth: dict[str, str], group: dict[str, int], verdicts: list[dict[str, object]]) -> None:
    """Print the verdicts that the labels contradict, and how often each rule was right."""
    tally: Counter[tuple[object, object, bool]] = Counter()
    for v in verdicts:
        a, b = names[v["x_id"] - 1], names[v["y_id"] - 1]  # type: ignore[operator]
        tally[v["outcome"], v["rule"], truth[a] == truth[b]] += 1
        if (truth[a] == truth[b]) != (v["outcome"] == "duplicate") and (group[a] == group[b]) != (truth[a] == truth[b]):
            print(f"    {v['outcome']:9} {v['rule']:26} {a} {b}: {v['evidence']}")
    for (outcome, rule, right), count in sorted(tally.items(), key=str):
        print(f"    {outcome!s:9} {rule!s:26} {'one work' if right else 'two works':9} {count:6}")


def main() -> None:
    """Read the command line and run the sets named, or all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("sets", nargs="*")
    parser.add_argument("--out", type=Path, help="write groups and queue of every set into this folder")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--errors", action="store_true", help="print the verdicts that the labels contradict")
    arguments = parser.parse_args()
    for path in sorted(arguments.folder.iterdir()):
        if (path / "truth.csv").exists() and (not arguments.sets or path.name in arguments.sets):
            measure(path, arguments.workers, arguments.out, arguments.errors)


if __name__ == "__main__":
    main()
