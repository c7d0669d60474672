"""What a grouping missed and lost, by the convention of Rathbone 2015 and Hair 2023.

One record is kept per predicted group, the first of the file. Of a work with k records of which s are kept: where
s >= 1, s - 1 duplicates are missed (FN) and k - s found (TP); where s = 0 the work is lost (FP). FP is blind to two
works that are joined and each keep a stray copy, so groups that hold several works are counted beside it. Pairwise
figures are over the transitive closure of the groups.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TypeVar

Pair = tuple[str, str]
Label = TypeVar("Label")


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of one grouping against the labels.

    Attributes:
        records: how many there are.
        works: how many the labels tell apart.
        found: duplicates removed (TP).
        missed: duplicates kept (FN).
        lost: works of which no record is kept (FP).
        mixed: groups that hold several works.
        pairs_right: pairs of one work in one group.
        pairs_said: pairs in one group.
        pairs_true: pairs of one work.
    """

    records: int
    works: int
    found: int
    missed: int
    lost: int
    mixed: int
    pairs_right: int
    pairs_said: int
    pairs_true: int

    @property
    def precision(self) -> float | None:
        """Share of the pairs in one group that are of one work."""
        return self.pairs_right / self.pairs_said if self.pairs_said else None

    @property
    def recall(self) -> float | None:
        """Share of the pairs of one work that are in one group."""
        return self.pairs_right / self.pairs_true if self.pairs_true else None


def figures(names: Sequence[str], truth: Mapping[str, str], group: Mapping[str, object]) -> Figures:
    """Count.

    Args:
        names: the records in the order of the file.
        truth: the work of each.
        group: the predicted group of each.
    """
    seen: set[object] = set()
    size: Counter[str] = Counter()
    kept: Counter[str] = Counter()
    works: defaultdict[object, Counter[str]] = defaultdict(Counter)
    for name in names:
        work, label = truth[name], group[name]
        size[work] += 1
        kept[work] += label not in seen
        seen.add(label)
        works[label][work] += 1
    return Figures(
        records=len(names),
        works=len(size),
        found=sum(count - max(kept[work], 1) for work, count in size.items()),
        missed=sum(max(count - 1, 0) for count in kept.values()),
        lost=sum(kept[work] == 0 for work in size),
        mixed=sum(len(inside) > 1 for inside in works.values()),
        pairs_right=sum(_pairs(count) for inside in works.values() for count in inside.values()),
        pairs_said=sum(_pairs(sum(inside.values())) for inside in works.values()),
        pairs_true=sum(map(_pairs, size.values())),
    )


def _pairs(count: int) -> int:
    return count * (count - 1) // 2


def trusting(truth: Mapping[str, str], group: Mapping[str, object], doubtful: Iterable[Pair]) -> dict[str, str]:
    """The labels, with those of doubtful pairs set to what the run said of them."""
    told = dict(truth)
    for a, b in doubtful:
        old = told[b]
        if group[a] == group[b]:
            told.update({name: told[a] for name, work in told.items() if work == old})
        elif told[a] == old:
            apart = {name for name, work in told.items() if work == old and group[name] == group[b]}
            told.update(dict.fromkeys(apart, f"apart:{a}:{b}"))
    return told


def answered(truth: Mapping[str, str], group: Mapping[str, Label], queue: Iterable[Pair]) -> dict[str, Label]:
    """The groups after every queued pair that is truly of one work has been joined."""
    parent: dict[Label, Label] = {label: label for label in group.values()}

    def top(label: Label) -> Label:
        while parent[label] != label:
            parent[label] = parent[parent[label]]
            label = parent[label]
        return label

    for a, b in queue:
        if truth[a] == truth[b]:
            parent[top(group[a])] = top(group[b])
    return {name: top(label) for name, label in group.items()}


def summed(several: Iterable[Figures]) -> Figures:
    """The figures of several sets together."""
    rows = [asdict(one) for one in several]
    return Figures(**{name: sum(row[name] for row in rows) for name in Figures.__slots__})
