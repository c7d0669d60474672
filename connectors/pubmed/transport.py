"""The one way to NCBI's E-utilities: every request is spaced, timed, judged and, where it helps, repeated."""

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, NoReturn, Self, TypeVar
from urllib.parse import urlsplit

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

NCBI = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils/"

_SLACK = 1.1
"""Requests exactly a third of a second apart still meet NCBI's limit now and then; Biopython found 0.37 s."""
_FIRST_WAIT, _LONGEST_WAIT = 1.0, 30.0
_SHORTEST_TIMEOUT = 1.0
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
        session: sends the requests; one of its own where None, closed by `close`.
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
        self._session = session if session is not None else requests.Session()
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

    def ask(self, utility: str, params: Mapping[str, str], read: Callable[[bytes], T]) -> tuple[bytes, T]:
        """Send a request, by POST, until it is answered or the budget is used up.

        Args:
            utility: `esearch`, `efetch`, …
            params: without `tool`, `email` and `api_key`, which are added.
            read: what the body has to survive; its MalformedReply is answered by asking again.

        Returns:
            The body as it came, and what `read` made of it.

        Raises:
            SourceUnavailable: no usable answer within the budget.
            RateLimited: nothing but "too many requests" at the budget's end.
            MalformedReply: replies that cannot be read at the budget's end.
            HistoryLost: a search stored at NCBI has expired.
            SourceRefused: NCBI refused for good.
        """
        started = self._clock()
        deadline = started + self.settings.retry_budget
        tries = 0
        while True:
            self._pace.wait()
            outcome = self._attempt(utility, params, read, deadline - self._clock())
            if not isinstance(outcome, Fault):
                return outcome
            left = deadline - self._clock()
            if outcome.kind in (Kind.REFUSED, Kind.FORGOTTEN) or left <= 0:
                self._give_up(outcome, self._clock() - started)
            backoff = min(_LONGEST_WAIT, _FIRST_WAIT * 2**tries) * self._jitter(0.5, 1.0)
            self._sleep(min(left, max(backoff, outcome.retry_after or 0.0)))
            tries = min(tries + 1, 10)

    def _attempt(
        self, utility: str, params: Mapping[str, str], read: Callable[[bytes], T], left: float
    ) -> tuple[bytes, T] | Fault:
        received = self._send(utility, params, max(left, _SHORTEST_TIMEOUT))
        if isinstance(received, Fault):
            return received
        body = self._without_key(received.content)
        fault = classify(received.status_code, received.headers, body)
        if fault is not None:
            return fault
        try:
            return body, read(body)
        except MalformedReply as problem:
            return Fault(Kind.GARBAGE, str(problem))

    def _send(self, utility: str, params: Mapping[str, str], left: float) -> requests.Response | Fault:
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
            return _no_address(_place(settings.base_url))
        timeout = (min(settings.connect_timeout, left), min(settings.read_timeout, left))
        try:
            return self._session.post(
                request.full_url,
                data=request.data,
                headers={"Content-Type": "application/x-www-form-urlencoded"},
                timeout=timeout,
                # A redirect would carry the key to an address that nobody entered.
                allow_redirects=False,
            )
        except requests.RequestException as error:
            # Only words of ours leave this function: the exception holds the request, and that the key.
            return _connection_fault(error, _place(settings.base_url), timeout)

    def _without_key(self, body: bytes) -> bytes:
        key = self.settings.api_key.get_secret_value().encode() if self.settings.api_key else b""
        return body.replace(key, b"***") if len(key) >= _SCRUBBED_FROM else body

    def _give_up(self, fault: Fault, elapsed: float) -> NoReturn:
        raise _error_for(fault, f"{elapsed:.0f} s", _place(self.settings.base_url))


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
    if fault.kind is Kind.REFUSED:
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


def _connection_fault(error: requests.RequestException, place: str, timeout: tuple[float, float]) -> Fault:
    causes = _causes(error)
    if isinstance(error, requests.ConnectTimeout):
        return Fault(Kind.PASSING, f"no connection within {timeout[0]:.0f} s")
    if isinstance(error, requests.Timeout) or "timed out" in str(error).lower():
        return Fault(Kind.PASSING, f"no reply within {timeout[1]:.0f} s")
    if isinstance(error, requests.exceptions.SSLError):
        return Fault(Kind.PASSING, "no secure connection")
    if isinstance(error, requests.exceptions.ProxyError):
        return Fault(Kind.PASSING, "the proxy did not connect")
    if isinstance(error, requests.exceptions.ChunkedEncodingError | requests.exceptions.ContentDecodingError):
        return Fault(Kind.PASSING, "a reply cut short")
    if isinstance(error, requests.ConnectionError):
        if any(isinstance(cause, ConnectionRefusedError) for cause in causes):
            return Fault(Kind.PASSING, "connection refused")
        if any(type(cause).__name__ in ("NameResolutionError", "gaierror") for cause in causes):
            return Fault(Kind.PASSING, "the server's name is unknown here")
        return Fault(Kind.PASSING, "connection lost")
    return _no_address(place)


def _no_address(place: str) -> Fault:
    return Fault(Kind.REFUSED, f"{place} is no address that requests can be sent to")


def _causes(error: BaseException) -> list[BaseException]:
    found: list[BaseException] = []
    waiting: list[object] = [error]
    while waiting:
        item = waiting.pop()
        if isinstance(item, BaseException) and item not in found:
            found.append(item)
            waiting += [item.__cause__, item.__context__, getattr(item, "reason", None), *item.args]
    return found


def _place(url: str) -> str:
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "the address in the settings"
    return f"{parts.scheme}://{parts.hostname}{port}/…" if parts.hostname else "the address in the settings"
