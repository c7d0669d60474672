"""Which units share a key: keys are numbers, and numbers are sorted."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from dedup.ranked import Integers, each

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


def numbers_of(ids: Integers, x_id: Integers, y_id: Integers) -> Integers:
    """One number for each pair of records, which are sorted as pairs are.

    Args:
        ids: of all records that there are, ascending.
        x_id: those that come first in pairs.
        y_id: the others.
    """
    return np.searchsorted(ids, x_id) * len(ids) + np.searchsorted(ids, y_id)


def pairs_of(ids: Integers, numbers: Integers) -> pa.Table:
    """`x_id` and `y_id` of numbers that `numbers_of` gave."""
    records = max(len(ids), 1)
    return pa.table({"x_id": ids[numbers // records], "y_id": ids[numbers % records]})


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
    place = np.searchsorted(ids, record)
    present = np.asarray(ids[np.minimum(place, len(ids) - 1)] == record) if len(ids) else np.zeros(len(place), bool)
    units = np.searchsorted(ids, unit_of)[place[present]]
    number, unit, records = _counted(number[present], units, len(ids))
    begins = np.flatnonzero(np.diff(number, prepend=-1))
    sizes = np.diff(np.append(begins, len(number)))
    size = np.repeat(sizes, sizes)
    common = size > cap
    crowd = {"key": key[number[common]], "unit": ids[unit[common]], "fresh": fresh[unit[common]]}
    usable = (size > 1) & ~common
    number, unit = number[usable], unit[usable]
    odd = (key[number] & 1).astype(bool)
    found = []
    for apart in range(1, cap):
        same = np.flatnonzero(number[apart:] == number[:-apart]) if apart < len(number) else _NONE
        if not len(same):
            break
        x, y = unit[same], unit[same + apart]
        met = (fresh[x] | fresh[y]) & ~(odd[same] & _far(year[x], year[y]))
        found.append(x[met] * len(ids) + y[met])
    return Shared(each(np.concatenate(found or [_NONE])), pa.table(crowd | {"records": records[common]}))


def _repeated(keys: pa.Table) -> tuple[Integers, Integers, Integers]:
    """Rows whose key stands more than once: their record, the keys in ascending order, and the place of theirs."""
    record, key = (keys.column(name).to_numpy() for name in ("record_id", "key"))
    order = np.argsort(key)
    ordered = key[order]
    begins = np.diff(ordered, prepend=ordered[:1] - 1) > 0
    number = np.empty(len(order), np.int64)
    number[order] = np.cumsum(begins) - 1
    # Most keys have one holder and make no pair.
    several = np.empty(len(order), bool)
    several[order] = ~(begins & np.append(begins[1:], True)[: len(begins)])
    return record[several], ordered[begins], number[several]


def _counted(number: Integers, unit: Integers, units: int) -> tuple[Integers, Integers, Integers]:
    """Every unit under every key once, and how many records it stands for there."""
    held = np.sort(number * max(units, 1) + unit)
    begins = np.flatnonzero(np.diff(held, prepend=-1))
    number, unit = np.divmod(held[begins], max(units, 1))
    return number, unit, np.diff(np.append(begins, len(held)))


def _far(x: npt.NDArray[np.int32], y: npt.NDArray[np.int32]) -> npt.NDArray[np.bool_]:
    return np.asarray((x > 0) & (y > 0) & (np.abs(x - y) >= YEARS_APART))


_NONE = np.empty(0, np.int64)
