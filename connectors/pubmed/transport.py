"""The one way to NCBI's E-utilities: every request is spaced, timed, judged and, where it helps, repeated."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any, TypeVar, Unpack
from urllib.parse import quote, quote_plus

import requests
from Bio import Entrez
from pydantic import SecretStr

from connectors.pubmed.classify import classify
from connectors.web.faults import Fault
from connectors.web.transport import Limits, Waiting, WebTransport, read_or_fault
from connectors.web.wire import Halt, Patience, Received, no_address, place_of, send

NCBI = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils/"

_INTERVAL, _INTERVAL_WITH_KEY = 1.18 / 3, 1.1 / 10
"""Requests exactly a third of a second apart still meet NCBI's limit now and then (Biopython waits 0.37 s): on their
way they crowd together. Without a key there is no hurry, so they get more room."""
_SCRUBBED_FROM = 8
"""Characters from which a key is looked for in replies; a shorter one would be found in ordinary words."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class TransportSettings(Limits):
    """How to reach the E-utilities, and the limits of a request.

    Attributes:
        email: address that NCBI may write to; it asks for one with every request.
        tool: the program's name, likewise.
        base_url: where the utilities (`esearch.fcgi`, …) are.
        api_key: NCBI's key, or None.
        requests_per_second: None for what NCBI allows, 3 or, with a key, 10.

    Raises:
        ValueError: no e-mail address or tool, or a rate that is not above 0.
    """

    email: str
    tool: str = "livingsearch"
    base_url: str = NCBI
    api_key: SecretStr | None = field(default=None, repr=False)
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
        return _INTERVAL_WITH_KEY if self.api_key else _INTERVAL


class Transport(WebTransport):
    """Sends requests to the E-utilities; may be shared between threads.

    Args:
        settings: how to reach them.
        session: sends the requests; one of its own where None, closed by `close`. Threads share it, so it must
            not keep cookies.
        waiting: see `connectors.web.transport.WebTransport`.
    """

    __slots__ = ("settings",)

    label = "PubMed"
    when_busy = "enter an NCBI API key or let fewer programs ask PubMed from this address"

    def __init__(
        self,
        settings: TransportSettings,
        session: requests.Session | None = None,
        **waiting: Unpack[Waiting],
    ) -> None:
        super().__init__(settings, settings.base_url, settings.interval, session, **waiting)
        self.settings = settings

    def __repr__(self) -> str:
        return f"Transport({self.settings!r})"

    def ask(
        self, utility: str, params: Mapping[str, str], read: Callable[[bytes], T], *, halt: Halt | None = None
    ) -> tuple[bytes, T]:
        """Send a request, by POST, until it is answered or the budget is used up.

        Args:
            utility: `esearch`, `efetch`, …
            params: without `tool`, `email` and `api_key`, which are added.
            read: what the body has to survive; its MalformedReply is answered by asking again.
            halt: by which another thread says that it no longer wants the answer.

        Returns:
            The body as it came, and what `read` made of it.

        Raises:
            SourceUnavailable: no usable answer within the budget.
            RateLimited: nothing but "too many requests" at the budget's end.
            MalformedReply: replies that cannot be read at the budget's end.
            HistoryLost: a search stored at NCBI has expired.
            SourceRefused: NCBI refused for good.
            Abandoned: `halt` says so.
        """
        return self.answered(
            lambda patience: self._send(utility, params, patience, halt),
            lambda received: self._judged(received, read),
            halt.no_more if halt else None,
        )

    def _judged(self, received: Received, read: Callable[[bytes], T]) -> tuple[bytes, T] | Fault:
        body = self._without_key(received.body)
        return classify(received.status, received.headers, body) or read_or_fault(body, read)

    def _send(self, utility: str, params: Mapping[str, str], patience: Patience, halt: Halt | None) -> Received | Fault:
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
        form = {
            "method": "POST",
            "url": request.full_url,
            "data": request.data,
            "headers": {"Content-Type": "application/x-www-form-urlencoded"},
        }
        return send(self._session, form, patience, self._clock, halt.at_once if halt else None)

    def _without_key(self, body: bytes) -> bytes:
        key = self.settings.api_key.get_secret_value() if self.settings.api_key else ""
        if len(key) >= _SCRUBBED_FROM:
            for written in {key, escape(key), escape(key, quote=False), quote(key, safe=""), quote_plus(key)}:
                body = body.replace(written.encode(), b"***")
        return body
