"""The one way to NCBI's E-utilities: every request is spaced, timed, judged and, where it helps, repeated."""

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import escape
from http.cookiejar import DefaultCookiePolicy
from pathlib import Path
from threading import Event
from types import TracebackType
from typing import Any, NoReturn, Self, TypeVar
from urllib.parse import quote, quote_plus

import requests
from Bio import Entrez
from pydantic import SecretStr

from connectors.errors import (
    ConnectorError,
    HistoryLost,
    MalformedReply,
    RateLimited,
    SourceRefused,
    SourceUnavailable,
)
from connectors.pubmed.classify import Fault, Kind, classify
from connectors.pubmed.rate import Pace
from connectors.pubmed.wire import Abandoned, Patience, Received, no_address, place_of, post

NCBI = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils/"

_SLACK = 1.1
"""Requests exactly a third of a second apart still meet NCBI's limit now and then; Biopython found 0.37 s."""
_FIRST_WAIT, _LONGEST_WAIT = 1.0, 30.0
_SHORTEST_TIMEOUT = 1.0
_DOUBTS = 3
"""Refusals without a known reason, one after the other, that are taken for final."""
_NAP = 0.25
"""Seconds after which a waiting thread looks whether its answer is still wanted."""
_SCRUBBED_FROM = 8
"""Characters from which a key is looked for in replies; a shorter one would be found in ordinary words."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class TransportSettings:
    """How to reach the E-utilities.

    Attributes:
        email: address that NCBI may write to; it asks for one with every request.
        tool: the program's name, likewise.
        base_url: where the utilities (`esearch.fcgi`, …) are.
        api_key: NCBI's key, or None.
        connect_timeout: seconds until the connection must stand.
        read_timeout: seconds that the source may stay silent.
        reply_timeout: seconds that a whole reply may take to come.
        largest_reply: bytes that a reply may have.
        retry_budget: seconds that one request may take in all, with every retry.
        requests_per_second: None for what NCBI allows, 3 or, with a key, 10.

    Raises:
        ValueError: no e-mail address or tool, or a rate that is not above 0.
    """

    email: str
    tool: str = "livingsearch"
    base_url: str = NCBI
    api_key: SecretStr | None = field(default=None, repr=False)
    connect_timeout: float = 10.0
    read_timeout: float = 60.0
    reply_timeout: float = 150.0
    largest_reply: int = 128_000_000
    retry_budget: float = 300.0
    requests_per_second: float | None = None

    def __post_init__(self) -> None:
        if not self.email.strip() or not self.tool.strip():
            raise ValueError("NCBI asks for a tool's name and an e-mail address with every request")
        if self.requests_per_second is not None and self.requests_per_second <= 0:
            raise ValueError("requests_per_second must be above 0")

    @property
    def interval(self) -> float:
        """Seconds between two requests."""
        if self.requests_per_second is not None:
            return 1 / self.requests_per_second
        return _SLACK / (10 if self.api_key else 3)


class Transport:
    """Sends requests to the E-utilities; may be shared between threads.

    Args:
        settings: how to reach them.
        session: sends the requests; one of its own where None, closed by `close`. Threads share it, so it must
            not keep cookies.
        clock: seconds, never running backwards, the same for all processes of the machine.
        sleep: waits so many seconds.
        rate_file: where processes that share a limit space their requests; None for this process alone.
        jitter: a number between two others, so that clients do not come back at the same moment.
    """

    __slots__ = ("_clock", "_jitter", "_owned", "_pace", "_session", "_sleep", "settings")

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
        self._clock, self._sleep = clock, sleep
        self._jitter = jitter or random.SystemRandom().uniform
        self._pace = Pace(settings.interval, clock=clock, sleep=sleep, file=rate_file)

    def __repr__(self) -> str:
        return f"Transport({self.settings!r})"

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

    def ask(
        self, utility: str, params: Mapping[str, str], read: Callable[[bytes], T], *, stopped: Event | None = None
    ) -> tuple[bytes, T]:
        """Send a request, by POST, until it is answered or the budget is used up.

        Args:
            utility: `esearch`, `efetch`, …
            params: without `tool`, `email` and `api_key`, which are added.
            read: what the body has to survive; its MalformedReply is answered by asking again.
            stopped: set by another thread when it no longer wants the answer.

        Returns:
            The body as it came, and what `read` made of it.

        Raises:
            SourceUnavailable: no usable answer within the budget.
            RateLimited: nothing but "too many requests" at the budget's end.
            MalformedReply: replies that cannot be read at the budget's end.
            HistoryLost: a search stored at NCBI has expired.
            SourceRefused: NCBI refused for good.
            Abandoned: `stopped` was set.
        """
        started = self._clock()
        deadline = started + self.settings.retry_budget
        tries = doubts = 0
        while True:
            self._pause(0, stopped)
            self._pace.wait(lambda seconds: self._pause(seconds, stopped))
            outcome = self._attempt(utility, params, read, deadline - self._clock(), stopped)
            if not isinstance(outcome, Fault):
                return outcome
            backoff = min(_LONGEST_WAIT, _FIRST_WAIT * 2**tries) * self._jitter(0.5, 1.0)
            wait = max(backoff, outcome.retry_after or 0.0)
            left = deadline - self._clock()
            if outcome.kind is Kind.TOO_MANY:
                # NCBI counts all requests from one address or key, so the others have to wait as well.
                self._pace.hold(min(left, wait) if left > 0 else wait)
            doubts = doubts + 1 if outcome.kind is Kind.DOUBTFUL else 0
            if outcome.kind in (Kind.REFUSED, Kind.FORGOTTEN) or doubts >= _DOUBTS or left <= 0:
                self._give_up(outcome, self._clock() - started)
            self._pause(min(left, wait), stopped)
            tries = min(tries + 1, 10)

    def _pause(self, seconds: float, stopped: Event | None) -> None:
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

    def _attempt(
        self, utility: str, params: Mapping[str, str], read: Callable[[bytes], T], left: float, stopped: Event | None
    ) -> tuple[bytes, T] | Fault:
        received = self._send(utility, params, max(left, _SHORTEST_TIMEOUT), stopped)
        if isinstance(received, Fault):
            return received
        body = self._without_key(received.body)
        fault = classify(received.status, received.headers, body)
        if fault is not None:
            return fault
        try:
            return body, read(body)
        except MalformedReply as problem:
            return Fault(Kind.GARBAGE, str(problem))

    def _send(self, utility: str, params: Mapping[str, str], left: float, stopped: Event | None) -> Received | Fault:
        settings = self.settings
        key = settings.api_key.get_secret_value() if settings.api_key else None
        # Biopython's own builder, so that parameters look the way NCBI knows from it. It is handed every
        # value that it would else take from its module's globals.
        build: Any = Entrez._build_request
        try:
            request = build(
                settings.base_url.rstrip("/") + f"/{utility}.fcgi",
                {**params, "tool": settings.tool, "email": settings.email, "api_key": key},
                post=True,
            )
        except ValueError:
            return no_address(place_of(settings.base_url))
        patience = Patience(
            connect=min(settings.connect_timeout, left),
            silence=min(settings.read_timeout, left),
            whole=min(settings.reply_timeout, left),
            largest=settings.largest_reply,
        )
        return post(self._session, request.full_url, request.data, patience, self._clock, stopped)

    def _without_key(self, body: bytes) -> bytes:
        key = self.settings.api_key.get_secret_value() if self.settings.api_key else ""
        if len(key) >= _SCRUBBED_FROM:
            for written in {key, escape(key), escape(key, quote=False), quote(key, safe=""), quote_plus(key)}:
                body = body.replace(written.encode(), b"***")
        return body

    def _give_up(self, fault: Fault, elapsed: float) -> NoReturn:
        raise _error_for(fault, f"{elapsed:.0f} s", place_of(self.settings.base_url))


def _error_for(fault: Fault, elapsed: str, place: str) -> ConnectorError:
    if fault.kind is Kind.TOO_MANY:
        return RateLimited(
            f"PubMed kept answering that too many requests arrive, for {elapsed}; nothing was counted. "
            "Run the update again later; if it happens often, enter an NCBI API key or let fewer programs "
            "ask PubMed from this address."
        )
    if fault.kind is Kind.FORGOTTEN:
        return HistoryLost(
            f"PubMed forgot the search before all of it was fetched ({fault.reason}); nothing was counted; "
            "run the update again."
        )
    if fault.kind in (Kind.REFUSED, Kind.DOUBTFUL):
        return SourceRefused(f"PubMed refused the request: {fault.reason}. Nothing was counted.")
    if fault.kind is Kind.GARBAGE:
        return MalformedReply(
            f"PubMed's replies could not be read for {elapsed} (last: {fault.reason.rstrip('.')}, from "
            f"{place}); nothing was counted. Check that no sign-in page or proxy stands in between, then run "
            "the update again."
        )
    return SourceUnavailable(
        f"PubMed did not answer for {elapsed} (last: {fault.reason}, at {place}); nothing was counted; "
        "run the update again later."
    )


def _session() -> requests.Session:
    session = requests.Session()
    # NCBI sends cookies, which say nothing here; a jar that several threads fill and read fails now and then.
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    return session
