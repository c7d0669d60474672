"""Which units share a key: keys are numbers, and numbers are sorted."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from dedup.ranked import Integers, each, found_among, joined, numbered, parted, places_among, repeated

YEARS_APART = 3
"""Years between two records from which on a veto stands against all that a page or a text says for them."""


@dataclass(frozen=True, slots=True)
class Shared:
    """Who shares keys.

    Attributes:
        pairs: numbers of pairs (see `numbers_of`), some of them several times.
        crowded: `key`, `unit`, `fresh`, `records` (how many a unit stands for) of keys that too many share.
    """

    pairs: Integers
    crowded: pa.Table


@dataclass(frozen=True, slots=True)
class Met:
    """Pairs of records that met, which may be hundreds of millions: eight bytes each.

    Attributes:
        ids: of all records that there are, ascending.
        numbers: of pairs (see `numbers_of`), each once, ascending: so by `x_id` and `y_id`.
    """

    ids: Integers
    numbers: Integers

    @classmethod
    def of(cls, pairs: pa.Table) -> "Met":
        """The pairs of a table of `x_id` and `y_id`, each once."""
        ends = [pairs.column(name).to_numpy() for name in ("x_id", "y_id")]
        ids = each(np.concatenate(ends))
        return cls(ids, each(numbers_of(ids, *ends)))

    def parts(self, pairs: int) -> Iterator[pa.Table]:
        """Tables of `x_id` and `y_id`, of so many pairs; at least one."""
        for some in _pieces(self.numbers, pairs):
            x, y = self._places(some)
            yield pa.table({"x_id": self.ids[x], "y_id": self.ids[y]})

    def among(self, records: Integers) -> Iterator[pa.Table]:
        """Tables of `x_id` and `y_id` of those whose records are both among some; at least one."""
        chosen: npt.NDArray[np.bool_] = np.zeros(len(self.ids), bool)
        chosen[np.searchsorted(self.ids, records)] = True
        for some in _pieces(self.numbers):
            x, y = self._places(some)
            kept = chosen[x] & chosen[y]
            yield pa.table({"x_id": self.ids[x[kept]], "y_id": self.ids[y[kept]]})

    def records(self) -> Integers:
        """The ids of those that stand in pairs, ascending."""
        met: npt.NDArray[np.bool_] = np.zeros(len(self.ids), bool)
        for some in _pieces(self.numbers):
            for end in self._places(some):
                met[end] = True
        return self.ids[met]

    def _places(self, numbers: Integers) -> tuple[Integers, Integers]:
        """Where the records of pairs stand among the ids."""
        return parted(numbers, len(self.ids))


def numbers_of(ids: Integers, x_id: Integers, y_id: Integers) -> Integers:
    """One number for each pair of records, which are sorted as pairs are.

    Args:
        ids: of all records that there are, ascending.
        x_id: those that come first in pairs.
        y_id: the others.
    """
    return joined(places_among(ids, x_id), places_among(ids, y_id), len(ids))


def collected(parts: list[Integers]) -> Integers:
    """All numbers of some parts, each once, ascending; the parts leave their list, so that nothing stands twice."""
    numbers = np.empty(sum(map(len, parts)), np.int64)
    end = len(numbers)
    while parts:
        part = parts.pop()
        numbers[end - len(part) : end] = part
        end -= len(part)
    numbers.sort()
    kept = 0
    for some in _pieces(numbers):
        new = some[np.diff(some, prepend=numbers[kept - 1] if kept else -1) != 0]
        numbers[kept : kept + len(new)] = new
        kept += len(new)
    return numbers[:kept]


def _pieces(numbers: Integers, size: int = 1_000_000) -> Iterator[Integers]:
    """Pieces of numbers, at least one."""
    return (numbers[begin : begin + size] for begin in range(0, max(len(numbers), 1), size))


def sharing(keys: pa.Table, members: pa.Table, cap: int) -> Shared:
    """Pairs of units that share a key, new with new and new with known, and who shares a key with too many.

    Under an odd key those do not meet whose years are far apart: it is one that speaks only for records of near years.

    Args:
        keys: rows of `KEYS`: all that hold one of these keys.
        members: `record_id` (ascending), `unit`, `fresh`, `year`; other records than these do not count.
        cap: how many units may share a key.
    """
    ids, unit_of = (members.column(name).to_numpy() for name in ("record_id", "unit"))
    fresh = members.column("fresh").to_numpy().astype(bool)
    year = members.column("year").fill_null(0).to_numpy()
    record, key, number = _repeated(keys)
    place, present = found_among(ids, record)
    units = places_among(ids, unit_of[place[present]])
    number, unit, records = _counted(number[present], units, len(ids))
    begins = np.flatnonzero(np.diff(number, prepend=-1))
    sizes = np.diff(np.append(begins, len(number)))
    size = np.repeat(sizes, sizes)
    common = size > cap
    crowd = {"key": key[number[common]], "unit": ids[unit[common]], "fresh": fresh[unit[common]]}
    usable = (size > 1) & ~common
    # Those of a key stand one after the other: each meets the next, the one after it, and so on.
    behind = (np.repeat(begins + sizes, sizes) - np.arange(1, len(number) + 1))[usable]
    number, unit = number[usable], unit[usable]
    odd = (key[number] & 1).astype(bool)
    found, one = [], np.arange(len(number))
    for apart in range(1, cap):
        one = one[behind[one] >= apart]
        if not len(one):
            break
        x, y = unit[one], unit[one + apart]
        met = (fresh[x] | fresh[y]) & ~(odd[one] & _far(year[x], year[y]))
        found.append(joined(x[met], y[met], len(ids)))
    return Shared(each(np.concatenate(found or [_NONE])), pa.table(crowd | {"records": records[common]}))


def _repeated(keys: pa.Table) -> tuple[Integers, Integers, Integers]:
    """Rows whose key stands more than once: their record, the keys in ascending order, and the place of theirs.

    Perhaps a few others are among them, whose keys have one holder.
    """
    record, key = (keys.column(name).to_numpy() for name in ("record_id", "key"))
    # Most keys have one holder and make no pair.
    rows = repeated(key)
    once, number = numbered(key[rows])
    return record[rows], once, number


def _counted(number: Integers, unit: Integers, units: int) -> tuple[Integers, Integers, Integers]:
    """Every unit under every key once, and how many records it stands for there."""
    held = np.sort(joined(number, unit, units))
    begins = np.flatnonzero(np.diff(held, prepend=-1))
    number, unit = parted(held[begins], units)
    return number, unit, np.diff(np.append(begins, len(held)))


def _far(x: npt.NDArray[np.int32], y: npt.NDArray[np.int32]) -> npt.NDArray[np.bool_]:
    return np.asarray((x > 0) & (y > 0) & (np.abs(x - y) >= YEARS_APART))


_NONE = np.empty(0, np.int64)
