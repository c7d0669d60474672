"""Judge what was chosen by looking at a set on the sets left out.

    python -m benchmarks.fitting FOLDER [SET …]

Three tables. *Score*: weights and threshold of the additive score are fitted on all sets but one and judged on that
one. *Thresholds*: of a small grid the value is taken that is best on all sets but one. *Rules*: each veto and rule is
switched off in turn; what only one set misses may be made for that set.
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import duckdb
import numpy as np
import pyarrow as pa

import dedup
from benchmarks.figures import Figures, answered, figures, trusting
from benchmarks.records import records_of
from benchmarks.sets import SMALL, LabelledSet, originals
from dedup import block, collection, compare, decide
from dedup.judge import judge
from dedup.members import gather
from dedup.scratch import scratch

FIELDS = ("doi", "pmid", "journal", "volume", "issue", "first_page", "last_page", "authors", "abstract")

KNOBS: tuple[tuple[str, ModuleType, str, str, tuple[int, ...]], ...] = (
    ("same title: ratio at least", compare, "_EVIDENCE", "title >= 94", (90, 92, 94, 96, 98)),
    ("same title: ratio with the same words", compare, "_EVIDENCE", "title >= 88 AND", (84, 88, 92)),
    ("same title: letters of a shared beginning", compare, "_EVIDENCE", "begins AND shorter >= 25", (18, 25, 35)),
    ("abstracts are one text from", compare, "_EVIDENCE", "abstract_ratio >= 80", (70, 80, 90)),
    ("years apart", decide, "_JUDGED", "year_gap >= 3", (2, 3, 4)),
)
"""Thresholds: what they mean, where they stand, their text with the value chosen, other values."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A set, normalised once for all variants."""

    labelled: LabelledSet
    names: list[str]
    truth: dict[str, str]
    normalised: pa.Table
    keys: pa.Table


@dataclass(frozen=True, slots=True)
class Ran:
    """What a variant did on a set."""

    at_once: Figures
    asked: Figures
    queue: int

    @property
    def cost(self) -> int:
        """A lost or mixed work counts as twenty missed duplicates: it is lost for good, those cost a minute each."""
        return self.at_once.missed + 20 * (self.at_once.lost + self.at_once.mixed)


def ready(con: duckdb.DuckDBPyConnection, labelled: LabelledSet) -> Ready:
    """Read and normalise a set."""
    names, records = records_of(labelled.records, labelled.name)
    normalised = dedup.normalise(con, records)
    return Ready(labelled, names, labelled.truth(), normalised, dedup.keys(con, normalised))


def ran(con: duckdb.DuckDBPyConnection, one: Ready) -> Ran:
    """Deduplicate a set with the rules as they now stand."""
    nothing, no_keys = dedup.NORMALISED.empty_table(), dedup.KEYS.empty_table()
    outcome = dedup.deduplicate(con, one.normalised, nothing, one.keys, no_keys)
    group = dict(zip(one.names, outcome.groups["group_id"].to_pylist(), strict=True))
    truth = trusting(one.truth, group, one.labelled.doubtful)
    queue = [
        (one.names[x - 1], one.names[y - 1])
        for x, y, said in zip(
            *(outcome.verdicts[name].to_pylist() for name in ("x_id", "y_id", "outcome")), strict=True
        )
        if said == "possible" and group[one.names[x - 1]] != group[one.names[y - 1]]
    ]
    after = figures(one.names, truth, answered(truth, group, queue))
    return Ran(figures(one.names, truth, group), after, len(queue))


@contextmanager
def instead(module: ModuleType, name: str, old: str, new: str) -> Iterator[int]:
    """Run with a text of the rules replaced; gives how often it stood there."""
    text = getattr(module, name)
    setattr(module, name, text.replace(old, new))
    try:
        yield text.count(old)
    finally:
        setattr(module, name, text)


def rules_table(
    con: duckdb.DuckDBPyConnection, sets: Sequence[Ready], base: Sequence[Ran], say: Callable[[str], None]
) -> str:
    """What each set misses when one veto or rule is switched off."""
    kinds = [("certain", decide.CERTAIN), ("veto", decide.VETOES), ("merge", decide.MERGE), ("ask", decide.ASK)]
    rows = []
    for kind, rules in kinds:
        for rule in rules:
            say(f"without {rule.name}")
            with instead(decide, "_JUDGED", f"WHEN {rule.when} THEN", "WHEN false THEN") as there:
                cells = [
                    changes(before, ran(con, one)) if there else "?" for one, before in zip(sets, base, strict=True)
                ]
            acting = [one.labelled.name for one, cell in zip(sets, cells, strict=True) if cell]
            told = "-" if not acting else f"{acting[0]} only" if len(acting) == 1 else f"{len(acting)} sets"
            rows.append([f"`{rule.name}`", kind, *cells, told])
    return _table(["without", "kind", *(one.labelled.name for one in sets), "acts in"], rows)


def changes(before: Ran, after: Ran) -> str:
    """Differences of two runs in words, nothing where there is none."""
    told = [
        ("FN", after.at_once.missed - before.at_once.missed),
        ("FP", after.at_once.lost - before.at_once.lost),
        ("mixed", after.at_once.mixed - before.at_once.mixed),
        ("queue", after.queue - before.queue),
        ("asked FN", after.asked.missed - before.asked.missed),
    ]
    return ", ".join(f"{name} {number:+d}" for name, number in told if number)


def thresholds_table(
    con: duckdb.DuckDBPyConnection, sets: Sequence[Ready], base: Sequence[Ran], say: Callable[[str], None]
) -> str:
    """For each threshold and each set left out: the value best on the others, and what it does on the set."""
    rows = []
    for words, module, name, text, grid in KNOBS:
        current = next(value for value in grid if str(value) in text)
        found: dict[int, list[Ran]] = {current: list(base)}
        for value in grid:
            if value == current:
                continue
            say(f"{words} {value}")
            with instead(module, name, text, text.replace(str(current), str(value))) as there:
                if there:
                    found[value] = [ran(con, one) for one in sets]
        for left, one in enumerate(sets):
            others = {value: sum(r.cost for at, r in enumerate(runs) if at != left) for value, runs in found.items()}
            best = min(others, key=lambda value: (others[value], abs(value - current)))
            mine, chosen = found[current][left], found[best][left]
            rows.append(
                [words, current, one.labelled.name, best, _short(mine), _short(chosen)]
                if len(found) > 1
                else [words, current, one.labelled.name, "not found in the rules", _short(mine), ""]
            )
    head = ["threshold", "chosen", "set left out", "best on the others", "FN/FP/mixed, chosen", "FN/FP/mixed, best"]
    return _table(head, rows)


def _short(one: Ran) -> str:
    return f"{one.at_once.missed}/{one.at_once.lost}/{one.at_once.mixed}"


@dataclass(frozen=True, slots=True)
class Pairs:
    """Compared pairs of a set that no hard veto keeps apart."""

    features: np.ndarray
    same: np.ndarray
    merged: np.ndarray
    clean: np.ndarray
    score: np.ndarray


FEATURES = (
    "title",
    "title exactly",
    "generic",
    *(f"{name} {word}" for name in FIELDS for word in ("agrees", "contradicts")),
    "years apart",
)
POSITIVE = {"title", "title exactly", *(f"{name} agrees" for name in FIELDS)}


_READ = ("x_id", "y_id", "outcome", "score", "hard", "certain", "title", "generic", "year_gap", *FIELDS)


def pairs_of_set(con: duckdb.DuckDBPyConnection, one: Ready) -> Pairs:
    """The evidence on a set's pairs, and whether the labels call them one work; doubtful records are left out."""
    with scratch(con) as space:
        tables = {"new": one.normalised, "known": dedup.NORMALISED.empty_table()}
        tables |= {"new_keys": one.keys, "known_keys": dedup.KEYS.empty_table()}
        tables |= {"groups": dedup.STORED_GROUPS.empty_table(), "released": dedup.RELEASED.empty_table()}
        tables |= dict.fromkeys(("together", "apart", "asked"), dedup.DECIDED.empty_table())
        for name, table in tables.items():
            space.lend(name, table)
        gather(space, tables["new"], tables["known"], collection.learn(space, ("new",)))
        pairs, _ = block.pairs(space, 60)
        judge(space, pairs, "judged", columns=_READ)
        judged = space.read("FROM dedup_judged WHERE hard IS NULL OR certain IS NOT NULL ORDER BY x_id, y_id")
    doubtful = {name for pair in one.labelled.doubtful for name in pair}
    ends = [[one.names[record - 1] for record in judged[name].to_pylist()] for name in ("x_id", "y_id")]
    kept = np.array([x not in doubtful and y not in doubtful for x, y in zip(*ends, strict=True)], dtype=bool)
    same = np.array([one.truth[x] == one.truth[y] for x, y in zip(*ends, strict=True)], dtype=bool)
    states = {name: np.array(judged[name].to_pylist(), dtype=float) for name in FIELDS}
    title = np.array(judged["title"].to_pylist(), dtype=float)
    gap = np.clip(np.array(judged["year_gap"].to_pylist(), dtype=float), 0, 3)
    columns = [np.clip(title - 60, 0, 40) / 40, title >= 100, np.array(judged["generic"].to_pylist(), dtype=float)]
    for name in FIELDS:
        columns += [states[name] == 1, states[name] == -1]
    features = np.column_stack([*columns, gap]).astype(float)
    clean = np.all([state >= 0 for state in states.values()], axis=0) & (gap < 2)
    merged = np.array([outcome == "duplicate" for outcome in judged["outcome"].to_pylist()], dtype=bool)
    score = np.array(judged["score"].to_pylist(), dtype=float)
    return Pairs(features[kept], same[kept], merged[kept], clean[kept], score[kept])


def fitted(features: np.ndarray, same: np.ndarray) -> np.ndarray:
    """Weights of a logistic regression, the constant last; a weight of the wrong sign is set to nought and left out."""
    used = np.ones(features.shape[1], dtype=bool)
    while True:
        x = np.column_stack([features[:, used], np.ones(len(features))])
        weights, ridge = np.zeros(x.shape[1]), np.full(x.shape[1], 1.0)
        ridge[-1] = 1e-6
        for _ in range(50):
            chance = 1 / (1 + np.exp(-np.clip(x @ weights, -30, 30)))
            slope = x.T @ (chance - same) + ridge * weights
            bend = (x * (chance * (1 - chance) + 1e-9)[:, None]).T @ x + np.diag(ridge)
            step = np.linalg.solve(bend, slope)
            weights -= step
            if np.abs(step).max() < 1e-6:
                break
        full = np.zeros(features.shape[1])
        full[used] = weights[:-1]
        wrong = np.array([full[at] * (1 if name in POSITIVE else -1) < 0 for at, name in enumerate(FEATURES)])
        if not wrong.any():
            return np.append(full, weights[-1])
        used &= ~wrong


def score_table(con: duckdb.DuckDBPyConnection, sets: Sequence[Ready], say: Callable[[str], None]) -> str:
    """For each set left out: weights and threshold from the others, and what they join in the set."""
    found = []
    for one in sets:
        say(f"evidence of {one.labelled.name}")
        found.append(pairs_of_set(con, one))
    rows = []
    for left, one in enumerate(sets):
        others = [pairs for at, pairs in enumerate(found) if at != left]
        weights = fitted(np.vstack([p.features for p in others]), np.concatenate([p.same for p in others]))
        here = found[left]
        for words, points in (
            ("fitted on the others", lambda p, w=weights: p.features @ w[:-1] + w[-1]),
            ("ours", lambda p: p.score),
        ):
            least = max((points(p)[~p.same & p.clean].max(initial=-np.inf) for p in others), default=-np.inf)
            above = (points(here) > least) & here.clean
            more = above & ~here.merged
            rows.append(
                [
                    one.labelled.name,
                    words,
                    int(here.same.sum()),
                    f"{(here.merged & here.same).sum()} / {(here.merged & ~here.same).sum()}",
                    f"{(above & here.same).sum()} / {(above & ~here.same).sum()}",
                    f"{(more & here.same).sum()} / {(more & ~here.same).sum()}",
                ]
            )
    head = ["set left out", "weights", "true pairs", "rules: true / false", "score alone", "score beyond the rules"]
    return _table(head, rows)


def _table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(map(str, row)) + " |" for row in rows]) + "\n"


def report(labelled: Sequence[LabelledSet], say: Callable[[str], None]) -> str:
    """The three tables as Markdown; doubtful labels are taken as the run said, doubtful records fit nothing.

    Args:
        labelled: sets as they are; those of a few records are left out.
        say: shows progress.
    """
    con = duckdb.connect()
    con.execute("SET threads = 2")
    sets = [one for each in labelled if len((one := ready(con, each)).names) >= SMALL]
    if len(sets) < 2:
        return ""
    base = [ran(con, one) for one in sets]
    parts = [
        "## Judged on the sets left out\n",
        "### The additive score\n",
        "Pairs of records that are not identical and that no veto keeps apart. Weights and threshold come from the"
        " other sets: the lowest threshold above which they hold no false pair without a contradiction."
        " *Beyond the rules* is what the score would join that the rules do not.\n",
        score_table(con, sets, say),
        "### Thresholds\n",
        "Of each grid the value that costs the other sets least; a lost or mixed work counts as twenty missed.\n",
        thresholds_table(con, sets, base, say),
        "### Each veto and rule switched off\n",
        "What changes in each set; nothing where nothing does. A rule that acts in one set only has been seen to help"
        " there and nowhere else.\n",
        rules_table(con, sets, base, say),
    ]
    return "\n".join(parts)


def main() -> None:
    """Read the command line and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("sets", nargs="*")
    arguments = parser.parse_args()
    print(report(originals(arguments.folder, arguments.sets), lambda text: print(text, file=sys.stderr)))


if __name__ == "__main__":
    main()
