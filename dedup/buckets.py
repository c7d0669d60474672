"""The work on keys and pairs spread over a crew, each of whom sees a part of the records.

All rows of a key go to one hand, and whatever depends on the whole collection comes with the rows, so that the parts
come to what the whole comes to. The tables travel as Arrow; no file is opened.
"""

from collections.abc import Iterator

import pyarrow as pa

from dedup.alike import ends_of
from dedup.crew import Crew, Parcel
from dedup.judge import judge
from dedup.members import show, those
from dedup.scratch import Scratch
from dedup.sharing import Shared, sharing


def share_keys(crew: Crew, number: int, keys: pa.Table, members: pa.Table, cap: int) -> Shared:
    """What `sharing` says, bucket by bucket.

    Args:
        crew: who does them.
        number: parts into which the keys are divided: the more, the less memory each takes.
        keys: as `sharing` takes them.
        members: the same.
        cap: the same.
    """
    # The lowest bit of a key says what kind it is.
    bucket = (keys.column("key").to_numpy() >> 1) % number
    given = ((Parcel(keys.filter(pa.array(bucket == place))), Parcel(members), cap) for place in range(number))
    parts = list(crew.each(_shared, given))
    pairs, crowded = ([part.table for part in some] for some in zip(*parts, strict=True))
    return Shared(pa.concat_tables(pairs), pa.concat_tables(crowded))


def judge_parts(crew: Crew, space: Scratch, pairs: str, target: str, *, every: bool) -> None:
    """Do what `judge` does, part by part.

    Args:
        crew: who does the parts.
        space: holds what `members.gather` made.
        pairs: name of the table of pairs.
        target: name of the table to make.
        every: look also at pairs that cannot match.
    """
    table = space.read(f"SELECT x_id, y_id FROM dedup_{pairs} ORDER BY x_id, y_id")  # noqa: S608

    def parts() -> Iterator[tuple[object, ...]]:
        for begin in range(0, max(table.num_rows, 1), crew.at_once):
            part = table.slice(begin, crew.at_once)
            yield Parcel(part), Parcel(those(space, ends_of(part))), every

    for judged in crew.each(_judged, parts()):
        space.append(target, judged.table)


def _shared(space: Scratch, keys: Parcel, members: Parcel, cap: int) -> tuple[Parcel, Parcel]:
    found = sharing(keys.table, members.table, cap)
    return Parcel(found.pairs), Parcel(found.crowded)


def _judged(space: Scratch, pairs: Parcel, present: Parcel, every: bool) -> Parcel:
    space.keep("pairs", pairs.table)
    show(space, present.table)
    judge(space, "pairs", "judged", every=every)
    return Parcel(space.read("FROM dedup_judged"))
