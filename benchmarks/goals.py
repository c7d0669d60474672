"""What the project set out to reach on labelled sets, and whether it was reached."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.figures import summed
from benchmarks.runs import OURS, Result
from benchmarks.sets import SMALL


@dataclass(frozen=True, slots=True)
class Goal:
    """A limit and what was found.

    Attributes:
        words: what is limited.
        limit: the most that is allowed.
        found: what came out, nothing where a run it needs is missing.
        form: how both are printed.
    """

    words: str
    limit: float
    found: float | None
    form: str = "{:g}"

    def row(self) -> list[str]:
        """The goal as a row of a table."""
        if self.found is None:
            return [self.words, self.form.format(self.limit), "not run", "-"]
        return [
            self.words,
            self.form.format(self.limit),
            self.form.format(self.found),
            "yes" if self.found <= self.limit else "**no**",
        ]


def goals(results: Sequence[Result]) -> list[Goal]:
    """Every goal that such a run can judge; doubtful labels are taken as the run said."""
    ours = [one for one in results if one.tool == OURS.name and one.trusting and one.strict]
    whole = [one for one in ours if one.labelled.kind == "original" and _records(one) >= SMALL]
    bare = [one for one in ours if one.labelled.kind == "stripped"]
    large = [one for one in ours if one.labelled.kind == "scaled"]
    at_once = summed(one.trusting.at_once for one in whole if one.trusting)
    asked = summed(one.trusting.asked for one in whole if one.trusting)
    seeds = sorted({one.labelled.seed or 0 for one in bare})
    by_seed = [
        summed(one.trusting.at_once for one in bare if one.trusting and one.labelled.seed == seed) for seed in seeds
    ]
    found = [
        Goal("sets as they are: lost works (FP)", 0, at_once.lost if whole else None),
        Goal("sets as they are: mixed groups", 0, at_once.mixed if whole else None),
        Goal("sets as they are: missed duplicates (FN)", 8, at_once.missed if whole else None),
        Goal("sets as they are: FN after the queue", 3, asked.missed if whole else None),
        Goal("sets as they are: largest queue, share of a set's records", 0.02, _largest(whole), "{:.1%}"),
        Goal("fields blanked: FN, mean of the seeds' sums", 60, _mean([one.missed for one in by_seed]), "{:.1f}"),
        Goal("fields blanked: FP, mean of the seeds' sums", 5, _mean([one.lost for one in by_seed]), "{:.1f}"),
        Goal("fields blanked: largest queue, share of a set's records", 0.05, _largest(bare), "{:.1%}"),
    ]
    for one in large:
        if one.strict:
            name = one.labelled.name
            found += [
                Goal(f"{name}: mixed groups", 3, one.strict.at_once.mixed),
                Goal(f"{name}: FN", 60, one.strict.at_once.missed),
                Goal(f"{name}: planted near works joined", 0, one.planted),
                Goal(f"{name}: seconds, share of bib-dedupe's", 1 / 60, _ratio(one, results, "bib-dedupe"), "{:.4f}"),
                Goal(f"{name}: seconds, share of Splink's", 1 / 5, _ratio(one, results, "Splink (EM)"), "{:.4f}"),
            ]
    return found


def _records(one: Result) -> int:
    return one.strict.at_once.records if one.strict else 0


def _largest(chosen: Sequence[Result]) -> float | None:
    return max((one.queue / _records(one) for one in chosen), default=None)


def _mean(values: Sequence[int]) -> float | None:
    return statistics.mean(values) if values else None


def _ratio(one: Result, results: Sequence[Result], tool: str) -> float | None:
    for other in results:
        if other.tool == tool and other.labelled.name == one.labelled.name and other.runs:
            return one.median("seconds") / other.median("seconds")
    return None
