"""The work on keys and pairs spread over a crew, each of whom sees a part of the records.

All rows of a key go to one hand, and whatever depends on the whole collection comes with the rows, so that the parts
come to what the whole comes to. The tables travel as Arrow; no file is opened.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from dedup import block
from dedup.crew import Crew, Opened, Parcel, in_processes
from dedup.judge import judge
from dedup.members import show, those
from dedup.scratch import Scratch

AT_ONCE = 50_000
"""Pairs that one hand compares at once: enough to be quick, few enough to keep its memory small."""


@dataclass(frozen=True, slots=True)
class Buckets:
    """Parts of the work, and who does them.

    Attributes:
        number: parts into which the keys are divided.
        crew: who does them.
        at_once: pairs that one hand compares at once.
    """

    number: int
    crew: Crew
    at_once: int = AT_ONCE

    def sharing(self, space: Scratch, cap: int) -> tuple[pa.Table, pa.Table]:
        """What `block.sharing` says, bucket by bucket."""
        select = "SELECT * FROM dedup_keyed WHERE key % $number = $bucket"
        given = (
            (Parcel(space.read(select, {"number": self.number, "bucket": bucket})), cap)
            for bucket in range(self.number)
        )
        pairs, capped = zip(*self.crew.each(_shared, given), strict=True)
        return pa.concat_tables([part.table for part in pairs]), pa.concat_tables([part.table for part in capped])


def judge_parts(crew: Crew, at_once: int, space: Scratch, pairs: str, target: str, *, every: bool) -> None:
    """Do what `judge` does, part by part.

    Args:
        crew: who does the parts.
        at_once: pairs of one part.
        space: holds what `members.gather` made.
        pairs: name of the table of pairs.
        target: name of the table to make.
        every: look also at pairs that cannot match.
    """
    table = space.read(f"SELECT x_id, y_id FROM dedup_{pairs} ORDER BY x_id, y_id")  # noqa: S608

    def parts() -> Iterator[tuple[object, ...]]:
        for begin in range(0, max(table.num_rows, 1), at_once):
            part = table.slice(begin, at_once)
            ids = np.concatenate([part.column(name).to_numpy() for name in ("x_id", "y_id")])
            yield Parcel(part), Parcel(those(space, ids)), every

    for judged in crew.each(_judged, parts()):
        space.append(target, judged.table)


@contextmanager
def in_buckets(number: int, processes: int, opened: Opened, at_once: int = AT_ONCE) -> Iterator[Buckets]:
    """Processes for `deduplicate`, ended afterwards.

    Args:
        number: parts into which the keys are divided: the more, the less memory each takes.
        processes: how many work at the same time.
        opened: opens a database in memory; a function that can be sent to another process.
        at_once: pairs that one process compares at once.
    """
    with in_processes(processes, opened) as crew:
        yield Buckets(number, crew, at_once)


def _shared(space: Scratch, keyed: Parcel, cap: int) -> tuple[Parcel, Parcel]:
    space.keep("keyed", keyed.table)
    pairs, capped = block.sharing(space, cap)
    return Parcel(pairs), Parcel(capped)


def _judged(space: Scratch, pairs: Parcel, present: Parcel, every: bool) -> Parcel:
    space.keep("pairs", pairs.table)
    show(space, present.table)
    judge(space, "pairs", "judged", 1, every=every)
    return Parcel(space.read("FROM dedup_judged"))
