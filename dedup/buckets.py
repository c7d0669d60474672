"""The work on keys and pairs spread over processes, each of which sees a part of the records.

All rows of a key go to one process, and whatever depends on the whole collection comes with the rows, so that the
parts come to what the whole comes to. The tables travel as Arrow streams; no file is opened.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from typing import TypeVar

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dedup.block import sharing
from dedup.judge import judge
from dedup.members import copy_units
from dedup.scratch import Scratch, scratch

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Buckets:
    """Processes that share the work.

    Attributes:
        number: parts into which the keys are divided.
        processes: how many work at the same time.
        pool: the processes.
        opened: opens a database in memory, in the process that calls it.
        at_once: pairs that one process compares at once; their records travel to it, so few keep its memory small.
    """

    number: int
    processes: int
    pool: ProcessPoolExecutor
    opened: Callable[[], duckdb.DuckDBPyConnection]
    at_once: int = 50_000

    def sharing(self, space: Scratch, cap: int) -> tuple[pa.Table, pa.Table]:
        """What `block.sharing` says, bucket by bucket."""
        select = "SELECT * FROM dedup_keyed WHERE key % $number = $bucket"
        given = (
            (self.opened, _stream(space.read(select, {"number": self.number, "bucket": bucket})), cap)
            for bucket in range(self.number)
        )
        found = [tuple(map(_table, told)) for told in self._each(_shared, given)]
        return pa.concat_tables([pairs for pairs, _ in found]), pa.concat_tables([crowded for _, crowded in found])

    def judged(self, space: Scratch, pairs: str, *, every: bool) -> pa.Table:
        """What `judge` finds of the pairs of a table, part by part."""
        table = space.read(f"SELECT x_id, y_id FROM dedup_{pairs} ORDER BY x_id, y_id")  # noqa: S608

        def parts() -> Iterator[tuple[object, ...]]:
            for begin in range(0, max(table.num_rows, 1), self.at_once):
                part = table.slice(begin, self.at_once)
                ids = np.concatenate([part.column(name).to_numpy() for name in ("x_id", "y_id")])
                copy_units(space, ids, "met")
                texts = space.lent["texts"]
                texts = texts.filter(pc.is_in(texts.column("record_id"), pa.array(ids)))
                yield self.opened, _stream(part), _stream(space.read("FROM dedup_met")), _stream(texts), every

        return pa.concat_tables([_table(told) for told in self._each(_judged, parts())])

    def _each(self, work: Callable[..., _T], given: Iterable[tuple[object, ...]]) -> Iterator[_T]:
        """Results in the order of what is given; no more is prepared than the processes can take up."""
        waiting: deque[Future[_T]] = deque()
        for arguments in given:
            waiting.append(self.pool.submit(work, *arguments))
            if len(waiting) > self.processes:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


@contextmanager
def in_buckets(
    number: int, processes: int, opened: Callable[[], duckdb.DuckDBPyConnection], at_once: int = 50_000
) -> Iterator[Buckets]:
    """Processes for `deduplicate`, ended afterwards.

    Args:
        number: parts into which the keys are divided: the more, the less memory each takes.
        processes: how many work at the same time.
        opened: opens a database in memory; a function that can be sent to another process.
        at_once: pairs that one process compares at once.
    """
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        yield Buckets(number, processes, pool, opened, at_once)


def _shared(opened: Callable[[], duckdb.DuckDBPyConnection], keyed: bytes, cap: int) -> tuple[bytes, bytes]:
    with opened() as con, scratch(con) as space:
        con.execute("SET threads = 1")
        space.keep("keyed", _table(keyed))
        pairs, crowded = sharing(space, cap)
        return _stream(pairs), _stream(crowded)


def _judged(
    opened: Callable[[], duckdb.DuckDBPyConnection], pairs: bytes, units: bytes, texts: bytes, every: bool
) -> bytes:
    with opened() as con, scratch(con) as space:
        con.execute("SET threads = 1")
        for name, stream in (("pairs", pairs), ("units", units), ("texts", texts)):
            space.keep(name, _table(stream))
        judge(space, "pairs", "judged", 1, every=every)
        return _stream(space.read("FROM dedup_judged"))


def _stream(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue().to_pybytes())


def _table(stream: bytes) -> pa.Table:
    return pa.ipc.open_stream(stream).read_all()
