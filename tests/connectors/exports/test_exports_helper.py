"""The second process: the same records in the same order with it, without it, and when it dies."""

import io
import operator
import os
from collections.abc import Callable
from dataclasses import replace

import pyarrow as pa
import pytest

from connectors.errors import FileRefused, RecordsLost
from connectors.exports.formats import Asked
from connectors.exports.helper import Helper, HelperLost, Job, done_in_order, helper
from connectors.exports.parse import parse_ris
from connectors.exports.prepass import TaggedRecord
from connectors.exports.source import Source
from connectors.exports.tagged import RIS

CONTENT = b"".join(
    b"TY  - JOUR\nTI  - Tea %d\n%sER  - \n" % (n, b"DB  - Scopus\n" if n > 100 else b"") for n in range(200)
)
SHARED = replace(RIS, most_records=7, least_shared=0)


def table(processes: int) -> pa.Table:
    source = Source(io.BytesIO(CONTENT), "a.ris")
    chunks = list(SHARED.chunks(source, Asked(processes=processes, first_position=3)))
    assert [chunk.tally.records for chunk in chunks] == [7] * 28 + [4]
    return pa.concat_tables([chunk.table for chunk in chunks])


def test_two_processes_give_what_one_gives() -> None:
    alone, shared = table(1), table(2)
    assert alone == shared
    assert shared["position"].to_pylist() == list(range(3, 203))


def in_turn(job: Callable[[int], Job], second: Helper | None) -> list[int]:
    return [result for _, result in done_in_order(range(20), job, second)]


def test_what_a_lost_process_had_is_done_here() -> None:
    with helper() as second:
        assert second is not None
        second._process.kill()
        assert in_turn(lambda number: (operator.add, (number, 1)), second) == list(range(1, 21))


def test_process_that_cannot_do_the_work_is_lost_and_not_waited_for() -> None:
    with helper() as second:
        assert second is not None
        with pytest.raises(HelperLost):
            second.do((os._exit, (1,)))


def test_refusals_come_back_as_they_are() -> None:
    broken = [TaggedRecord(7, (("TY", "JOUR"), ("TY", "BOOK")), "", True)]
    with helper() as second:
        assert second is not None
        with pytest.raises(RecordsLost, match="line 7 of"):
            second.do((parse_ris, (broken, "a.ris")))
        # It is still there.
        assert second.do((operator.add, (1, 2))) == 3


def test_an_iteration_that_is_given_up_ends_the_process() -> None:
    with helper() as second:
        assert second is not None
        results = done_in_order(range(20), lambda number: (operator.add, (number, 1)), second)
        assert next(results) == (0, 1)
        process = second._process
    assert process.returncode is not None
    assert not issubclass(HelperLost, FileRefused)
