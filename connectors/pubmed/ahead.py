"""Work done ahead by threads, handed out in order."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from threading import Event
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def in_order(tasks: Iterable[T], work: Callable[[T, Event], R], workers: int) -> Iterator[R]:
    """Do tasks side by side and yield their results in the tasks' order.

    No more than `workers` tasks are under way or finished and not yet yielded, so memory stays bounded however
    slow the caller is. Nothing is started before the first result is asked for.

    Args:
        tasks: taken one by one.
        work: does one of them; should end soon once the event is set.
        workers: how many at once.

    Yields:
        The results. All threads have ended when this ends, fails or is closed.

    Raises:
        Exception: what `work` raised, after the results of all tasks before that one.
    """
    stopped = Event()
    waiting = iter(tasks)
    pending: deque[Future[R]] = deque()
    pool = ThreadPoolExecutor(workers, thread_name_prefix="pubmed")
    try:
        pending += [pool.submit(work, task, stopped) for task in islice(waiting, workers)]
        while pending:
            result = pending.popleft().result()
            # After a failure further tasks would be done in vain.
            if not any(_failed(future) for future in pending):
                pending += [pool.submit(work, task, stopped) for task in islice(waiting, 1)]
            yield result
            del result
    finally:
        stopped.set()
        pool.shutdown(wait=True, cancel_futures=True)


def _failed(future: Future[R]) -> bool:
    return future.done() and future.exception() is not None
