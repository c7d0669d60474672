"""Requests to a source, each repeated until there is an answer or the patience is used up."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from pathlib import Path
from threading import Event
from types import TracebackType
from typing import ClassVar, Self, TypedDict, TypeVar

import requests

from connectors.errors import MalformedReply
from connectors.web.faults import Fault, Kind, error_of
from connectors.web.pace import Pace
from connectors.web.wire import Abandoned, Patience, Received, place_of

_FIRST_WAIT, _LONGEST_WAIT = 1.0, 30.0
_SHORTEST_TIMEOUT = 1.0
_DOUBTS = 3
"""Refusals without a known reason, or searches said to be forgotten, one after the other, that are taken for final."""
_NAP = 0.25
"""Seconds after which a waiting thread looks whether its answer is still wanted."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a request may cost.

    Attributes:
        connect_timeout: seconds until the connection must stand.
        read_timeout: seconds that the source may stay silent.
        reply_timeout: seconds that a whole reply may take to come.
        largest_reply: bytes that a reply may have, unpacked.
        retry_budget: seconds that one request may take in all, with every retry.
    """

    connect_timeout: float = 10.0
    read_timeout: float = 60.0
    reply_timeout: float = 150.0
    largest_reply: int = 128_000_000
    retry_budget: float = 300.0

    def patience(self, left: float) -> Patience:
        """What one try may cost.

        Args:
            left: seconds until the budget is used up.
        """
        left = max(left, _SHORTEST_TIMEOUT)
        return Patience(
            connect=min(self.connect_timeout, left),
            silence=min(self.read_timeout, left),
            whole=min(self.reply_timeout, left),
            largest=self.largest_reply,
        )


class Waiting(TypedDict, total=False):
    """How a transport waits: what `WebTransport` takes by these names, for those that hand it on."""

    clock: Callable[[], float]
    sleep: Callable[[float], None]
    rate_file: Path | None
    jitter: Callable[[float, float], float] | None


class WebTransport:
    """Asks one source; may be shared between threads. A source's own transport builds and judges the requests.

    Args:
        limits: of a request.
        base_url: of the source; only what `place_of` leaves of it is ever shown.
        interval: seconds between two requests.
        session: sends the requests; one of its own where None, closed by `close`. Threads share it, so it must
            not keep cookies.
        clock: seconds, never running backwards, the same for all processes of the machine.
        sleep: waits so many seconds.
        rate_file: where processes that share a limit space their requests; None for this process alone.
        jitter: a number between two others, so that clients do not come back at the same moment.
    """

    __slots__ = ("_clock", "_jitter", "_limits", "_owned", "_pace", "_place", "_session", "_sleep")

    label: ClassVar[str]
    """What people call the source."""
    when_busy: ClassVar[str]
    """What to do if it often says that too many requests arrive."""

    def __init__(
        self,
        limits: Limits,
        base_url: str,
        interval: float,
        session: requests.Session | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        rate_file: Path | None = None,
        jitter: Callable[[float, float], float] | None = None,
    ) -> None:
        self._limits, self._place = limits, place_of(base_url)
        self._owned = session is None
        self._session = session if session is not None else _session()
        self._clock, self._sleep = clock, sleep
        self._jitter = jitter or random.SystemRandom().uniform
        self._pace = Pace(interval, clock=clock, sleep=sleep, file=rate_file, label=self.label)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the session where the transport opened it."""
        if self._owned:
            self._session.close()

    def answered(
        self,
        send: Callable[[Patience], Received | Fault],
        judge: Callable[[Received], tuple[bytes, T] | Fault],
        stopped: Event | None = None,
    ) -> tuple[bytes, T]:
        """Send a request until it is answered or the budget is used up.

        Args:
            send: sends it once.
            judge: the body to keep and what was read of it, or what is wrong with the reply.
            stopped: set by another thread when it no longer wants the answer.

        Returns:
            What `judge` returned.

        Raises:
            SourceUnavailable: no usable answer within the budget.
            RateLimited: nothing but "too many requests" at the budget's end.
            MalformedReply: replies that cannot be read at the budget's end.
            HistoryLost: a search stored at the source has expired.
            SourceRefused: the source refused for good.
            Abandoned: `stopped` was set.
        """
        started = self._clock()
        deadline = started + self._limits.retry_budget
        tries = doubts = 0
        while True:
            self.pause(0, stopped)
            self._pace.wait(lambda seconds: self.pause(seconds, stopped))
            received = send(self._limits.patience(deadline - self._clock()))
            outcome = received if isinstance(received, Fault) else judge(received)
            if not isinstance(outcome, Fault):
                return outcome
            backoff = min(_LONGEST_WAIT, _FIRST_WAIT * 2**tries) * self._jitter(0.5, 1.0)
            wait = max(backoff, outcome.retry_after or 0.0)
            left = deadline - self._clock()
            if outcome.kind is Kind.TOO_MANY:
                # Sources count all requests from one address or key, so the others have to wait as well.
                self._pace.hold(min(left, wait) if left > 0 else wait)
            doubts = doubts + 1 if outcome.kind in (Kind.DOUBTFUL, Kind.FORGOTTEN) else 0
            if outcome.kind is Kind.REFUSED or doubts >= _DOUBTS or left <= 0:
                elapsed = f"{self._clock() - started:.0f} s"
                raise error_of(outcome, label=self.label, place=self._place, elapsed=elapsed, when_busy=self.when_busy)
            self.pause(min(left, wait), stopped)
            tries = min(tries + 1, 10)

    def pause(self, seconds: float, stopped: Event | None = None) -> None:
        """Wait.

        Args:
            seconds: so long.
            stopped: ends it early.

        Raises:
            Abandoned: `stopped` was set.
        """
        if stopped is None:
            if seconds > 0:
                self._sleep(seconds)
            return
        ends = self._clock() + seconds
        while not stopped.is_set() and (left := ends - self._clock()) > 0:
            # Never so short that a clock of limited precision would stand still.
            self._sleep(min(max(left, 1e-4), _NAP))
        if stopped.is_set():
            raise Abandoned


def read_or_fault(body: bytes, read: Callable[[bytes], T]) -> tuple[bytes, T] | Fault:
    """A body and what was read of it; a fault where it cannot be read.

    Args:
        body: of a reply that nothing else is wrong with.
        read: what it has to survive; its MalformedReply becomes the fault.
    """
    try:
        return body, read(body)
    except MalformedReply as problem:
        return Fault(Kind.GARBAGE, str(problem))


def _session() -> requests.Session:
    session = requests.Session()
    # A jar of cookies that several threads fill and read fails now and then, and no source here needs one.
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    return session
