"""Work in processes of their own, which start at once: they come of one in which the service is loaded already."""

import os
import signal
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import NoReturn

_SERVER = get_context("forkserver")
_SERVER.set_forkserver_preload(
    ["pytest", "livingsearch.services.strategies", "livingsearch.services.updates", "livingsearch.standin"]
)
_PATIENCE = 120.0


class Process:
    """A process that does one piece of work.

    Args:
        work: a function of a module.
        given: what it is called with.
    """

    def __init__(self, work: Callable[..., object], *given: object) -> None:
        self._answer, theirs = _SERVER.Pipe(duplex=False)
        self._process: BaseProcess = _SERVER.Process(target=_do, args=(theirs, work, given))
        self._process.start()
        theirs.close()

    def said(self) -> object:
        """What the work came to, once the process has ended by itself."""
        assert self._answer.poll(_PATIENCE), "the process takes too long"
        done, answer = self._answer.recv()
        assert done, answer
        self._end()
        assert self._process.exitcode == 0
        return answer

    def require_killed(self) -> None:
        """Fails unless the process was killed before its work was done."""
        assert self._answer.poll(_PATIENCE), "the process takes too long"
        try:
            _, answer = self._answer.recv()
        except EOFError:
            answer = None
        self._end()
        assert self._process.exitcode == -signal.SIGKILL, answer

    def _end(self) -> None:
        self._process.join(_PATIENCE)
        self._answer.close()


def _do(answer: Connection, work: Callable[..., object], given: tuple[object, ...]) -> None:
    try:
        answer.send((True, work(*given)))
    except BaseException:
        answer.send((False, traceback.format_exc()))


class Dying:
    """A watch and a clock that kill their process without warning at a named moment.

    Args:
        moment: the name of a step, or of that whose progress is told; or `clock N`: the Nth time that the service asks
            for the time, which it does inside its transactions.
    """

    def __init__(self, moment: str) -> None:
        self._moment = moment
        self._left = int(moment.removeprefix("clock ")) if moment.startswith("clock ") else -1

    def step(self, name: str) -> None:
        if name == self._moment:
            _die()

    def progress(self, what: str, done: int, total: int) -> None:
        self.step(what)

    def now(self) -> datetime:
        self._left -= 1
        if self._left == 0:
            _die()
        return datetime.now(UTC)


def _die() -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("unreachable")
