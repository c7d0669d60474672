"""A second process that works while this one does other work.

It is started by its module's name and talks over its standard input and output, so it never runs the program's own
main module again, as multiprocessing's does. Whatever happens to it, its caller can do the same work alone.
"""

import gc
import os
import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

from connectors.errors import FileRefused

_LENGTH = 8
_SECONDS_TO_END = 5
_AHEAD = 2
"""Jobs that the second process has at once, so that it never waits for the next one."""

T = TypeVar("T")
Job = tuple[Callable[..., Any], tuple[Any, ...]]
"""A function that pickle finds by its name, and its arguments."""


class HelperLost(Exception):
    """The second process does not answer; the work that it was given has to be done again."""


class Helper:
    """A second process; made by `helper`.

    Args:
        process: with pipes for standard input and output.
    """

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self._process = process
        # Writing to a pipe waits for its reader, so a thread does it.
        self._thread = ThreadPoolExecutor(1, "helper")

    def begin(self, job: Job) -> "Future[Any]":
        """Let it do something; jobs are done in the order in which they were begun.

        Args:
            job: to do.

        Returns:
            The result, or the error of `do`, when it is there.
        """
        return self._thread.submit(self.do, job)

    def end(self) -> None:
        """End the process, whatever it does."""
        self._process.kill()
        self._thread.shutdown(cancel_futures=True)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        self._process.wait(_SECONDS_TO_END)

    def do(self, job: Job) -> Any:
        """Let it do something and wait; one call at a time.

        Args:
            job: to do.

        Returns:
            What the job gives.

        Raises:
            FileRefused: the job raised it.
            HelperLost: the job did not come to an end for any other reason.
        """
        to, back = self._process.stdin, self._process.stdout
        try:
            if to is None or back is None:
                raise OSError("no pipe")
            _send(to, job)
            refused, result = _received(back)
        except (OSError, EOFError, ValueError, pickle.PickleError, AttributeError, ImportError) as error:
            raise HelperLost(str(error)) from error
        if refused:
            raise result
        return result


@contextmanager
def helper() -> Iterator[Helper | None]:
    """Start a second process and end it afterwards.

    Yields:
        The process, or None where none can be started.
    """
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path or os.getcwd() for path in sys.path)}
    command = [sys.executable, "-m", "connectors.exports.helper"]
    try:
        # Nothing but this very Python and this very module.
        process = subprocess.Popen(  # noqa: S603
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment
        )
    except (OSError, ValueError):
        yield None
        return
    second = Helper(process)
    try:
        yield second
    finally:
        second.end()


def done_in_order(items: Iterable[T], job: Callable[[T], Job], second: Helper | None) -> Iterator[tuple[T, Any]]:
    """Do a job for each item, in this process and in a second one.

    Args:
        items: taken as they are needed, a few ahead.
        job: what to do for an item; asked when the item is taken.
        second: the other process, or None.

    Yields:
        Each item and what its job gave, in the order of the items.

    Raises:
        FileRefused: a job raised it.
    """
    waiting: deque[tuple[T, Job, Future[Any] | None, Any]] = deque()

    def first() -> tuple[T, Any]:
        nonlocal second
        item, (work, args), coming, result = waiting.popleft()
        if coming is not None:
            try:
                result = coming.result()
            except HelperLost:
                second, result = None, work(*args)
        return item, result

    for item in items:
        work, args = job(item)
        given = [entry[2] for entry in waiting if entry[2] is not None and not entry[2].done()]
        if second is not None and len(given) < _AHEAD:
            waiting.append((item, (work, args), second.begin((work, args)), None))
        else:
            waiting.append((item, (work, args), None, work(*args)))
        while waiting and (waiting[0][2] is None or waiting[0][2].done() or len(waiting) > 2 * _AHEAD):
            yield first()
    while waiting:
        yield first()


def main() -> None:
    """Do what standard input says, until it ends."""
    # The parsed records hold no cycles, and this process lives for one file.
    gc.disable()
    back = os.fdopen(os.dup(1), "wb")
    # What a library might print must not stand among the answers.
    os.dup2(2, 1)
    while True:
        try:
            work, args = _received(sys.stdin.buffer)
        except EOFError:
            return
        try:
            answer = (False, work(*args))
        except FileRefused as refusal:
            answer = (True, refusal)
        _send(back, answer)


def _send(pipe: Any, what: object) -> None:
    data = pickle.dumps(what, pickle.HIGHEST_PROTOCOL)
    pipe.write(len(data).to_bytes(_LENGTH, "big"))
    pipe.write(data)
    pipe.flush()


def _received(pipe: Any) -> Any:
    length = pipe.read(_LENGTH)
    if len(length) < _LENGTH:
        raise EOFError
    data = pipe.read(int.from_bytes(length, "big"))
    # Both ends are this program; nothing of a file is unpickled, only what was read from it.
    return pickle.loads(data)  # noqa: S301


if __name__ == "__main__":
    main()
