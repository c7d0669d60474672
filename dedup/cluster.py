"""Join the pairs into groups, never across a veto or a decision."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt

from dedup.ranked import Integers, found_among, numbered

Pairs = tuple[Integers, Integers]
Pair = tuple[int, int]
NOTHING: Pairs = (np.empty(0, np.int64), np.empty(0, np.int64))
Bar = Literal["apart", "veto", "both_released"]


@dataclass(frozen=True, slots=True)
class Refusal:
    """An edge that would have joined what stays apart.

    Attributes:
        pair: the edge.
        bar: what stood against it.
        between: the pair that contradicts, one record in either group.
    """

    pair: Pair
    bar: Bar
    between: Pair


@dataclass(slots=True)
class Clusters:
    """Groups that grow by joining two; each knows whom it must not be joined with."""

    _parent: dict[int, int] = field(default_factory=dict)
    _size: dict[int, int] = field(default_factory=dict)
    _bars: dict[int, dict[int, tuple[Bar, Pair]]] = field(default_factory=dict)
    _labels: dict[int, dict[int, int]] = field(default_factory=dict)

    def root(self, unit: int) -> int:
        """The unit that stands for the group of another."""
        parent = self._parent
        parent.setdefault(unit, unit)
        top = unit
        while parent[top] != top:
            top = parent[top]
        while parent[unit] != top:
            parent[unit], unit = top, parent[unit]
        return top

    def bar(self, kind: Bar, pairs: Iterable[Pair]) -> None:
        """Keep the groups of these pairs apart from now on; pairs inside one group change nothing."""
        for x, y in pairs:
            a, b = self.root(x), self.root(y)
            if a != b:
                self._bars.setdefault(a, {}).setdefault(b, (kind, (x, y)))
                self._bars.setdefault(b, {}).setdefault(a, (kind, (x, y)))

    def label(self, labels: Iterable[Pair]) -> None:
        """Mark units with the report that was released with them."""
        for unit, label in labels:
            self._labels.setdefault(self.root(unit), {}).setdefault(label, unit)

    def join(self, pair: Pair, *, by_person: bool = False) -> Refusal | None:
        """Join two groups, or say why not."""
        a, b = self.root(pair[0]), self.root(pair[1])
        if a == b:
            return None
        barred = self._bars.get(a, {}).get(b)
        if barred:
            return Refusal(pair, *barred)
        left, right = self._labels.get(a, {}), self._labels.get(b, {})
        if not by_person and not (left.keys() <= right.keys() or right.keys() <= left.keys()):
            between = (left[min(left.keys() - right.keys())], right[min(right.keys() - left.keys())])
            return Refusal(pair, "both_released", (min(between), max(between)))
        self._merge(a, b)
        return None

    def _merge(self, a: int, b: int) -> None:
        weight = {root: self._size.get(root, 1) + len(self._bars.get(root, {})) for root in (a, b)}
        if (weight[a], -a) < (weight[b], -b):
            a, b = b, a
        self._parent[b] = a
        self._size[a] = self._size.get(a, 1) + self._size.pop(b, 1)
        for label, unit in self._labels.pop(b, {}).items():
            self._labels.setdefault(a, {}).setdefault(label, unit)
        for other, reason in self._bars.pop(b, {}).items():
            del self._bars[other][b]
            if other != a:
                self._bars.setdefault(a, {}).setdefault(other, reason)
                self._bars[other].setdefault(a, reason)


def components(*edges: Pairs) -> Pairs:
    """Units that edges connect, each with the smallest unit it is connected to.

    Args:
        edges: the two ends of each edge, in any number of lists.

    Returns:
        The units in ascending order, and for each the smallest of its component.
    """
    ends = np.concatenate([pair[end] for end in (0, 1) for pair in edges])
    units, places = numbered(ends)
    x, y = np.split(places, 2)
    label = np.arange(len(units))
    while True:
        # Either end takes the smaller label, then every label the label of the unit that it names.
        lower = np.minimum(label[x], label[y])
        if np.array_equal(lower, label[x]) and np.array_equal(lower, label[y]):
            return units, units[label]
        np.minimum.at(label, label[x], lower)
        np.minimum.at(label, label[y], lower)
        while not np.array_equal(above := label[label], label):
            label = above


@dataclass(frozen=True, slots=True)
class Grouping:
    """What the edges came to.

    Attributes:
        units: those in a group of several, in ascending order, and some that stand alone.
        groups: the smallest unit of each one's group.
        refused: edges that join nothing.
    """

    units: Integers
    groups: Integers
    refused: list[Refusal]

    def group_of(self, units: Integers) -> Integers:
        """The groups of units; one that no edge touches is its own."""
        return _group_of(self.units, self.groups, units)


def cluster(
    edges: Pairs,
    *,
    best_first: Callable[[Integers], Integers],
    stored: Pairs,
    together: Pairs,
    apart: Pairs,
    vetoes: Pairs,
    released: Pairs,
) -> Grouping:
    """Join the ends of edges, under constraints.

    Most components hold nothing that contradicts: they are groups. Only in the others the order of the edges matters,
    and they are joined one by one.

    Args:
        edges: duplicates.
        best_first: puts the places of some of them in order, the best first; the order decides, so it must not depend
            on the order of rows.
        stored: pairs that stand in one group from earlier.
        together: pairs that a person called duplicates; they hold against vetoes and releases.
        apart: pairs that a person called distinct; they hold against everything.
        vetoes: pairs with a hard veto.
        released: units and the report released with them.
    """
    units, groups = components(edges, stored, together)
    contested = np.sort(
        np.concatenate(
            [_inside(units, groups, apart), _inside(units, groups, vetoes), _with_two_reports(units, groups, released)]
        )
    )
    if not len(contested):
        return Grouping(units, groups, [])

    def places(pairs: Pairs) -> Integers:
        return np.flatnonzero(_member(contested, _group_of(units, groups, pairs[0])))

    def among(pairs: Pairs) -> list[Pair]:
        return _at(pairs, places(pairs))

    joined, refused = join_one_by_one(
        _at(edges, best_first(places(edges))),
        stored=among(stored),
        together=among(together),
        apart=among(apart),
        vetoes=among(vetoes),
        released=among(released),
    )
    groups = groups.copy()
    parted = np.flatnonzero(_member(contested, groups))
    groups[parted] = [joined.get(unit, unit) for unit in units[parted].tolist()]
    return Grouping(units, groups, refused)


def _at(pairs: Pairs, places: Integers) -> list[Pair]:
    return list(zip(*(end[places].tolist() for end in pairs), strict=True))


def _member(among: Integers, values: Integers) -> npt.NDArray[np.bool_]:
    return found_among(among, values)[1]


def _group_of(units: Integers, groups: Integers, asked: Integers) -> Integers:
    """The groups of units; one that no edge touches is its own."""
    places, known = found_among(units, asked)
    found = asked.copy()
    found[known] = groups[places[known]]
    return found


def _inside(units: Integers, groups: Integers, pairs: Pairs) -> Integers:
    """Groups that hold both ends of a pair."""
    x, y = (_group_of(units, groups, end) for end in pairs)
    return np.asarray(x[x == y], np.int64)


def _with_two_reports(units: Integers, groups: Integers, released: Pairs) -> Integers:
    """Groups that hold units of different reports."""
    group, report = _group_of(units, groups, released[0]), released[1]
    order = np.lexsort((report, group))
    group, report = group[order], report[order]
    return np.asarray(group[1:][(group[1:] == group[:-1]) & (report[1:] != report[:-1])], np.int64)


def join_one_by_one(
    edges: Iterable[Pair],
    *,
    stored: Iterable[Pair],
    together: Iterable[Pair],
    apart: Iterable[Pair],
    vetoes: Iterable[Pair],
    released: Iterable[Pair],
) -> tuple[Mapping[int, int], list[Refusal]]:
    """Greedy union under constraints, edge after edge.

    Args:
        edges: duplicates, the best first.
        stored: as `cluster` takes them, as tuples.
        together: the same.
        apart: the same.
        vetoes: the same.
        released: the same.

    Returns:
        For every unit its group's smallest unit, and the edges refused.
    """
    edges, stored, together, apart = list(edges), list(stored), sorted(together), sorted(apart)
    clusters = Clusters()
    for pair in stored:
        clusters.join(pair)
    clusters.bar("apart", apart)
    clusters.label(sorted(released))
    clusters.bar("veto", sorted(vetoes))
    refused = [clusters.join(pair) for pair in edges]
    if together:
        # What a person joins are the machine's groups, whole: a veto between two of their records does not part them.
        inside = [pair for pair in edges if clusters.root(pair[0]) == clusters.root(pair[1])]
        clusters = Clusters()
        for pair in stored:
            clusters.join(pair)
        clusters.bar("apart", apart)
        refused += [clusters.join(pair, by_person=True) for pair in (*together, *inside)]
    smallest: dict[int, int] = {}
    units = sorted(clusters._parent)
    for unit in units:
        smallest.setdefault(clusters.root(unit), unit)
    return {unit: smallest[clusters.root(unit)] for unit in units}, [r for r in refused if r]
