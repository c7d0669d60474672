"""Hands that work at the same time, each on a database of its own, in threads or in other processes."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from mmap import MAP_ANONYMOUS, MAP_PRIVATE, mmap
from multiprocessing import get_context, parent_process
from typing import TypeVar

import duckdb
import numpy as np
import pyarrow as pa

from dedup.ranked import Integers
from dedup.scratch import release, scratch

_T = TypeVar("_T")
AT_ONCE = 50_000
"""Records that make a good part of the work."""

KEYS_AT_ONCE = 500_000
"""Keys that one hand sorts in no time."""

MOST_KEYS = 2_000_000
"""Keys that one hand sorts at once: it takes some 50 bytes for each, and what is larger falls out of the caches."""

PAIRS_AT_ONCE = 120_000
"""Pairs that one hand compares at once: enough to be quick, few enough to keep its memory small."""

RECORDS_SENT, PAIRS_SENT = 25_000, 20_000
"""The same for a hand in another process, to which records travel."""

FEW_PAIRS = 10_000
"""Pairs that are compared before another hand has begun."""

Opened = Callable[[], duckdb.DuckDBPyConnection]


@dataclass(frozen=True, slots=True)
class Parcel:
    """A table on its way to another hand; to another process only what is chosen travels, as an Arrow stream.

    Attributes:
        whole: where it is taken from.
        chosen: places of rows, ascending; all where None. They are picked where the table is read, by the hand that
            wants them.
    """

    whole: pa.Table
    chosen: Integers | None = None

    @property
    def table(self) -> pa.Table:
        """What is inside."""
        return self.whole if self.chosen is None else _rows(self.whole, self.chosen)

    def parts(self, rows: int) -> Iterator["Parcel"]:
        """Parcels of the same, each of so many rows; at least one."""
        chosen = np.arange(self.whole.num_rows) if self.chosen is None else self.chosen
        for begin in range(0, max(len(chosen), 1), rows):
            yield Parcel(self.whole, chosen[begin : begin + rows])

    def __reduce__(self) -> tuple[Callable[[bytes], "Parcel"], tuple[bytes]]:
        return _unpacked, (_stream(self.table).to_pybytes(),)


def _rows(table: pa.Table, places: Integers) -> pa.Table:
    """Rows at ascending places, batch by batch: their columns are never joined to one, which might be too long."""
    batches = table.to_batches()
    begins = np.cumsum([0] + [batch.num_rows for batch in batches])
    cuts = np.searchsorted(places, begins)
    taken = [
        batch.take(pa.array(places[first:end] - begin))
        for batch, begin, first, end in zip(batches, begins, cuts, cuts[1:], strict=False)
        if end > first
    ]
    return pa.Table.from_batches(taken, table.schema)


def _unpacked(stream: bytes) -> Parcel:
    buffer = _room(len(stream))
    with pa.FixedSizeBufferWriter(buffer) as copy:
        copy.write(stream)
    return Parcel(pa.ipc.open_stream(buffer).read_all())


def _room(size: int) -> pa.Buffer:
    """Memory of its own mapping: the system has it back as soon as nothing reads it, whichever thread made it.

    What the allocators of Python and Arrow are given back by another thread, or between other things, they often keep.
    """
    return pa.py_buffer(mmap(-1, max(size, 1), flags=MAP_PRIVATE | MAP_ANONYMOUS))


def packed(table: pa.Table) -> pa.Table:
    """A copy in one piece of memory: what DuckDB hands out takes more than twice as much as it holds."""
    return pa.ipc.open_stream(_stream(table)).read_all()


def _stream(table: pa.Table) -> pa.Buffer:
    """A table as an Arrow stream, in a piece of memory of just its size."""
    counted = pa.MockOutputStream()
    _write(table, counted)
    buffer = _room(counted.size())
    _write(table, pa.FixedSizeBufferWriter(buffer))
    return buffer


def _write(table: pa.Table, sink: pa.NativeFile) -> None:
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)


@dataclass(frozen=True, slots=True)
class Crew:
    """Who shares the work.

    Attributes:
        hands: how many work at the same time.
        pool: where they work.
        opened: opens a database in memory, where it is called.
        at_once: pairs that one hand compares at once.
        records: records that one hand normalises at once, at most.
    """

    hands: int
    pool: Executor
    opened: Opened
    at_once: int = PAIRS_AT_ONCE
    records: int = AT_ONCE

    def share(self, pairs: int, times: int = 1) -> int:
        """How many of some pairs one hand takes at once: all hands get equally many, where they are worth its while.

        Args:
            pairs: all of them; or of records that are looked at one by one, which take no more memory.
            times: as many times more may be taken than are compared in full.
        """
        rounds = max(1, -(-pairs // (self.hands * times * self.at_once)))
        return max(min(FEW_PAIRS, times * self.at_once), -(-pairs // (self.hands * rounds)))

    def each(self, work: Callable[..., _T], given: Iterable[tuple[object, ...]]) -> Iterator[_T]:
        """Results in the order of what is given; no more is prepared than the hands can take up.

        Args:
            work: takes a `Scratch` and then what is given.
            given: arguments.
        """
        waiting: deque[Future[_T]] = deque()
        for arguments in given:
            waiting.append(self.pool.submit(_alone, self.opened, work, arguments))
            if len(waiting) > self.hands:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _alone(opened: Opened, work: Callable[..., _T], arguments: tuple[object, ...]) -> _T:
    with opened() as con, scratch(con) as space:
        # The hands fill the cores; a database that looks for more only keeps them from each other.
        con.execute("SET threads = 1")
        made = work(space, *arguments)
    if parent_process():
        release()
    return made


@contextmanager
def in_threads(hands: int, opened: Opened, at_once: int = PAIRS_AT_ONCE) -> Iterator[Crew]:
    """A crew in this process, ended afterwards.

    Args:
        hands: how many work at the same time.
        opened: opens a database in memory.
        at_once: pairs that one thread compares at once.
    """
    with ThreadPoolExecutor(hands) as pool:
        yield Crew(hands, pool, opened, at_once)


@contextmanager
def in_processes(hands: int, opened: Opened, at_once: int = PAIRS_SENT) -> Iterator[Crew]:
    """A crew of other processes, ended afterwards.

    Args:
        hands: how many work at the same time.
        opened: opens a database in memory; a function that can be sent to another process.
        at_once: pairs that one process compares at once.
    """
    with ProcessPoolExecutor(hands, mp_context=get_context("spawn")) as pool:
        yield Crew(hands, pool, opened, at_once, RECORDS_SENT)
