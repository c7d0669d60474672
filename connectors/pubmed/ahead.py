"""Work done ahead by threads, handed out in order."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

from connectors.web.wire import Halt

T = TypeVar("T")
R = TypeVar("R")


def in_order(tasks: Iterable[T], work: Callable[[T, Halt], R], workers: int) -> Iterator[R]:
    """Do tasks side by side and yield their results in the tasks' order.

    No more than `workers` tasks are under way or finished and not yet yielded, so memory stays bounded however
    slow the caller is. Nothing is started before the first result is asked for.

    Args:
        tasks: taken one by one.
        work: does one of them; heeds what it is told.
        workers: how many at once.

    Yields:
        The results. All threads have ended when this ends, fails or is closed.

    Raises:
        Exception: what `work` raised first in the tasks' order, after the results of all tasks that ended well.
    """
    halt = Halt()
    waiting = iter(tasks)
    pending: deque[Future[R]] = deque()
    pool = ThreadPoolExecutor(workers, thread_name_prefix="pubmed")
    try:
        pending += [pool.submit(work, task, halt) for task in islice(waiting, workers)]
        while pending:
            try:
                result = pending.popleft().result()
            except Exception:
                # What was asked for and comes in full is kept: the source need not be asked for it again.
                halt.no_more.set()
                yield from _ended_well(pending)
                raise
            # After a failure further tasks would be done in vain.
            if not any(_failed(future) for future in pending):
                pending += [pool.submit(work, task, halt) for task in islice(waiting, 1)]
            yield result
            del result
    finally:
        halt.no_more.set()
        halt.at_once.set()
        pool.shutdown(wait=True, cancel_futures=True)


def _ended_well(pending: deque[Future[R]]) -> Iterator[R]:
    while pending:
        future = pending.popleft()
        if future.exception() is None:
            yield future.result()


def _failed(future: Future[R]) -> bool:
    return future.done() and future.exception() is not None
