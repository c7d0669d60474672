"""From pairs to what is found of each: the evidence and what follows from it, a part of the pairs at a time."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Protocol, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dedup.alike import SIGNS_OF, TITLES_OF, alike, ends_of, places_of, signed, signs
from dedup.beside import COMPARED_BY
from dedup.compare import compare
from dedup.crew import PAIRS_AT_ONCE, Crew, Parcel, packed
from dedup.decide import decide
from dedup.members import those
from dedup.scratch import Scratch
from dedup.sharing import Met
from dedup.wording import SENTENCE

_T = TypeVar("_T")


class Each(Protocol):
    """Does a piece of work for all that is given, as `Crew.each` does."""

    def __call__(self, work: Callable[..., _T], given: Iterable[tuple[object, ...]]) -> Iterator[_T]:
        """Results in the order of what is given."""


JUDGED = (
    "x_id", "y_id", "outcome", "rule", "score", "certain", "hard", "anchored", "relation", "objection", "title", "doi",
    "pmid", "first_author", "authors", "year_gap", "journal", "volume", "issue", "first_page", "abstract", "scores",
)  # fmt: skip
"""What is kept of a pair: what groups are made of, and its scores."""


def judge(
    space: Scratch,
    pairs: Met,
    target: str,
    *,
    every: bool = False,
    crew: Crew | None = None,
    columns: Sequence[str] = JUDGED,
    before: int = 0,
) -> list[pa.Array]:
    """Add to a table the evidence on pairs, and what follows from it.

    Sentences are long and read once: they stay out of the database, which would hold them twice as large.

    Args:
        space: holds what `members.gather` made.
        pairs: of units.
        target: name of the table, one row a pair; it need not be there.
        every: look also at pairs that cannot match, for what contradicts in them.
        crew: who shares the work, where it is much.
        columns: what is kept, of all that `compare` and `decide` find; `place` counts the rows, and `fresh` says
            whether a pair is looked at for the first time.
        before: rows that the table has already.

    Returns:
        What a librarian reads of the pairs, in the order of the rows added.
    """
    share = crew.share if crew else _all_at_once
    number = len(pairs.numbers)
    each = crew.each if crew and number > share(number) else _here(space)
    met = pairs.records()
    records = those(space, met, SIGNS_OF).parts(share(len(met)))
    made = pa.concat_tables([part.table for part in each(signs, ((part,) for part in records))]).combine_chunks()
    looked = (
        (Parcel(signed(part, made)), those(space, ends_of(part), TITLES_OF), every)
        for part in pairs.parts(share(number, LOOKED_AT_ONCE))
    )
    # Most pairs go no further than their titles: all fields are gathered of the others only.
    kept = pa.concat_tables([part.table for part in each(alike, looked)])
    del looked, made
    closer = (
        (Parcel(part), those(space, ends_of(part), COMPARED_BY), _texts(space, part), columns)
        for part in _parts(kept, share(kept.num_rows))
    )
    sentences = []
    for found in _gathered(each(_judged, closer), KEPT_AT_ONCE):
        rows = pa.concat_tables([judged.table for judged, _ in found])
        places = pa.array(np.arange(before, before + rows.num_rows))
        space.append(target, rows.append_column("place", places).append_column("fresh", _fresh(space, rows)))
        before += rows.num_rows
        sentences += [chunk for _, told in found for chunk in told.table.column("sentence").chunks]
    return sentences


LOOKED_AT_ONCE = 3
"""Times as many pairs are looked at in one go as are compared in full: they take less memory."""

KEPT_AT_ONCE = 200_000
"""Rows, at least, that are added to a table at once: DuckDB copies fewer than fill one of its groups twice."""


def _all_at_once(pairs: int, times: int = 1) -> int:
    return times * PAIRS_AT_ONCE


def _here(space: Scratch) -> Each:
    def each(work: Callable[..., _T], given: Iterable[tuple[object, ...]]) -> Iterator[_T]:
        return (work(space, *arguments) for arguments in given)

    return each


def _parts(table: pa.Table, at_once: int) -> Iterator[pa.Table]:
    """Slices of a table, at least one."""
    return (table.slice(begin, at_once) for begin in range(0, max(table.num_rows, 1), at_once))


def _gathered(found: Iterable[tuple[Parcel, Parcel]], rows: int) -> Iterator[list[tuple[Parcel, Parcel]]]:
    """What `_judged` finds, for so many pairs at least; the last are fewer."""
    part: list[tuple[Parcel, Parcel]] = []
    for one in found:
        part.append(one)
        if sum(judged.whole.num_rows for judged, _ in part) >= rows:
            yield part
            part = []
    if part:
        yield part


def _fresh(space: Scratch, pairs: pa.Table) -> pa.Array:
    """Of every pair whether nobody has looked at it yet: one record is new, or their group has been opened again."""
    present = space.lent["present"]
    x, y = (pa.array(places) for places in places_of(pairs, present))
    fresh, opened = (present.column(name).combine_chunks() for name in ("fresh", "opened"))
    together = pc.fill_null(pc.equal(opened.take(x), opened.take(y)), False)
    return pc.or_(pc.or_(fresh.take(x), fresh.take(y)), together)


def _texts(space: Scratch, pairs: pa.Table) -> Parcel:
    """Abstracts of pairs that have two and may be one report: they are long and seldom read."""
    title = pairs.column("title").to_numpy()
    alike = ((title >= 60) | (title < 0)) & pairs.column("two_texts").to_numpy().astype(bool)
    return those(space, ends_of(pairs.filter(pa.array(alike))), ("record_id", "abstract"))


def _judged(
    space: Scratch, pairs: Parcel, records: Parcel, texts: Parcel, columns: Sequence[str]
) -> tuple[Parcel, Parcel]:
    decided = decide(compare(space, pairs.table, records.table, texts.table))
    made = space.read(f"SELECT {', '.join(columns)}, {SENTENCE} AS sentence FROM ({decided})")  # noqa: S608
    space.take_back("flat")
    return Parcel(made.select(columns)), Parcel(packed(made.select(["sentence"])))
