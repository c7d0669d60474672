"""The one way to Europe PMC: every request is spaced, timed, limited in size, judged and, where it helps, repeated."""

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from pathlib import Path
from types import TracebackType
from typing import NoReturn, Self, TypeVar
from urllib.parse import urlencode

import requests

from connectors.errors import ConnectorError, MalformedReply, RateLimited, SourceRefused, SourceUnavailable
from connectors.europepmc.classify import Fault, Kind, classify
from connectors.europepmc.wire import Patience, Received, place_of, send
from connectors.pubmed.rate import Pace

EUROPE_PMC = "https://www.ebi.ac.uk/europepmc/webservices/rest/"

_FIRST_WAIT, _LONGEST_WAIT = 1.0, 30.0
_SHORTEST_TIMEOUT = 1.0
_LONGEST_GET = 1_500
"""Characters of parameters up to which a search goes by GET; longer ones are posted to `searchPOST`."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class TransportSettings:
    """How to reach Europe PMC.

    Attributes:
        base_url: where `search` and `searchPOST` are.
        tool: the program's name, for the User-Agent.
        email: address that Europe PMC may write to, for the User-Agent; it asks for none. Not sent as a
            parameter, because replies repeat those.
        connect_timeout: seconds until the connection must stand.
        read_timeout: seconds that the source may stay silent.
        reply_timeout: seconds that a whole reply may take to come.
        retry_budget: seconds that one request may take in all, with every retry.
        requests_per_second: Europe PMC documents no limit; 2 are polite.
        most_bytes: largest reply that is taken, unpacked.

    Raises:
        ValueError: no tool, or a limit that is not above 0.
    """

    base_url: str = EUROPE_PMC
    tool: str = "livingsearch"
    email: str | None = None
    connect_timeout: float = 10.0
    read_timeout: float = 60.0
    reply_timeout: float = 150.0
    retry_budget: float = 300.0
    requests_per_second: float = 2.0
    most_bytes: int = 64 * 1024 * 1024

    def __post_init__(self) -> None:
        if not self.tool.strip() or self.requests_per_second <= 0 or self.most_bytes <= 0:
            raise ValueError("a tool's name, and requests_per_second and most_bytes above 0 are needed")


class Transport:
    """Sends requests to Europe PMC; may be shared between threads.

    Args:
        settings: how to reach it.
        session: sends the requests; one of its own where None, closed by `close`. Must not keep cookies.
        clock: seconds, never running backwards, the same for all processes of the machine.
        sleep: waits so many seconds.
        rate_file: where processes that share a limit space their requests; None for this process alone.
        jitter: a number between two others, so that clients do not come back at the same moment.
    """

    __slots__ = ("_clock", "_headers", "_jitter", "_owned", "_pace", "_rate_file", "_session", "_sleep", "settings")

    def __init__(
        self,
        settings: TransportSettings,
        session: requests.Session | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        rate_file: Path | None = None,
        jitter: Callable[[float, float], float] | None = None,
    ) -> None:
        self.settings = settings
        self._owned = session is None
        self._session = session if session is not None else _session()
        self._clock, self._sleep, self._rate_file = clock, sleep, rate_file
        self._jitter = jitter or random.SystemRandom().uniform
        self._pace = Pace(1 / settings.requests_per_second, clock=clock, sleep=sleep, file=rate_file)
        agent = f"{settings.tool} (mailto:{settings.email})" if settings.email else settings.tool
        self._headers = {"User-Agent": "".join(c for c in agent if " " <= c <= "~"), "Accept": "application/json"}

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

    def ask(self, params: Mapping[str, str], read: Callable[[bytes], T]) -> tuple[bytes, T]:
        """Send a search until it is answered or the budget is used up.

        Args:
            params: of `search`.
            read: what the body has to survive; its MalformedReply is answered by asking again.

        Returns:
            The body as it came, and what `read` made of it.

        Raises:
            SourceUnavailable: no usable answer within the budget.
            RateLimited: nothing but "too many requests" at the budget's end.
            MalformedReply: replies that cannot be read at the budget's end.
            SourceRefused: Europe PMC refused for good.
        """
        started = self._clock()
        deadline = started + self.settings.retry_budget
        tries = 0
        while True:
            self._wait_for_turn()
            outcome = self._attempt(params, read, deadline - self._clock())
            if not isinstance(outcome, Fault):
                return outcome
            left = deadline - self._clock()
            if outcome.kind is Kind.REFUSED or left <= 0:
                self._give_up(outcome, self._clock() - started)
            backoff = min(_LONGEST_WAIT, _FIRST_WAIT * 2**tries) * self._jitter(0.5, 1.0)
            wait = min(left, max(backoff, outcome.retry_after or 0.0))
            if outcome.kind is Kind.TOO_MANY:
                # Requests are counted by address, so the other processes have to wait as well.
                self._pace.hold(wait)
            self._sleep(wait)
            tries = min(tries + 1, 10)

    def _wait_for_turn(self) -> None:
        try:
            self._pace.wait()
        except SourceUnavailable as fault:
            # The pace knows PubMed only.
            raise SourceUnavailable(
                f"The file that spaces the requests to Europe PMC, {self._rate_file}, cannot be used; nothing was "
                "counted. Make its folder writable, then run the update again."
            ) from fault

    def _attempt(self, params: Mapping[str, str], read: Callable[[bytes], T], left: float) -> tuple[bytes, T] | Fault:
        received = self._send(params, max(left, _SHORTEST_TIMEOUT))
        if isinstance(received, Fault):
            return received
        fault = classify(received.status, received.headers, received.body)
        if fault is not None:
            return fault
        try:
            return received.body, read(received.body)
        except MalformedReply as problem:
            return Fault(Kind.GARBAGE, str(problem))

    def _send(self, params: Mapping[str, str], left: float) -> Received | Fault:
        settings = self.settings
        posted = len(urlencode(params)) > _LONGEST_GET
        request = {
            "method": "POST" if posted else "GET",
            "url": settings.base_url.rstrip("/") + ("/searchPOST" if posted else "/search"),
            "data" if posted else "params": dict(params),
            "headers": self._headers,
        }
        patience = Patience(
            connect=min(settings.connect_timeout, left),
            silence=min(settings.read_timeout, left),
            whole=min(settings.reply_timeout, left),
            most_bytes=settings.most_bytes,
        )
        return send(self._session, request, patience, self._clock)

    def _give_up(self, fault: Fault, elapsed: float) -> NoReturn:
        raise _error_for(fault, f"{elapsed:.0f} s", place_of(self.settings.base_url))


def _session() -> requests.Session:
    session = requests.Session()
    # Threads share it, and nothing of Europe PMC's needs a cookie.
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    return session


def _error_for(fault: Fault, elapsed: str, place: str) -> ConnectorError:
    if fault.kind is Kind.TOO_MANY:
        return RateLimited(
            f"Europe PMC kept answering that too many requests arrive, for {elapsed}; nothing was counted. "
            "Run the update again later; if it happens often, let fewer programs ask from this address."
        )
    if fault.kind is Kind.REFUSED:
        return SourceRefused(f"Europe PMC refused the request: {fault.reason}. Nothing was counted.")
    if fault.kind is Kind.GARBAGE:
        return MalformedReply(
            f"Europe PMC's replies could not be read for {elapsed} (last: {fault.reason.rstrip('.')}, from "
            f"{place}); nothing was counted. Check that no sign-in page or proxy stands in between, then run "
            "the update again."
        )
    return SourceUnavailable(
        f"Europe PMC did not answer for {elapsed} (last: {fault.reason}, at {place}); nothing was counted; "
        "run the update again later."
    )
