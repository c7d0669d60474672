"""The one way to Europe PMC: every request is spaced, timed, limited in size, judged and, where it helps, repeated."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar, Unpack
from urllib.parse import urlencode

import requests

from connectors.europepmc.classify import classify
from connectors.web.faults import Fault
from connectors.web.transport import Limits, Waiting, WebTransport, read_or_fault
from connectors.web.wire import Patience, Received, send

EUROPE_PMC = "https://www.ebi.ac.uk/europepmc/webservices/rest/"

_LONGEST_GET = 1_500
"""Characters of parameters up to which a search goes by GET; longer ones are posted to `searchPOST`."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class TransportSettings(Limits):
    """How to reach Europe PMC, and the limits of a request.

    Attributes:
        base_url: where `search` and `searchPOST` are.
        tool: the program's name, for the User-Agent.
        email: address that Europe PMC may write to, for the User-Agent; it asks for none. Not sent as a
            parameter, because replies repeat those.
        requests_per_second: Europe PMC documents no limit; 2 are polite.

    Raises:
        ValueError: no tool, or a limit that is not above 0.
    """

    base_url: str = EUROPE_PMC
    tool: str = "livingsearch"
    email: str | None = None
    requests_per_second: float = 2.0
    largest_reply: int = 64 * 1024 * 1024

    def __post_init__(self) -> None:
        if not self.tool.strip() or self.requests_per_second <= 0 or self.largest_reply <= 0:
            raise ValueError("a tool's name, and requests_per_second and largest_reply above 0 are needed")


class Transport(WebTransport):
    """Sends requests to Europe PMC; may be shared between threads.

    Args:
        settings: how to reach it.
        session: sends the requests; one of its own where None, closed by `close`. Must not keep cookies.
        waiting: see `connectors.web.transport.WebTransport`.
    """

    __slots__ = ("_headers", "settings")

    label = "Europe PMC"
    when_busy = "let fewer programs ask from this address"

    def __init__(
        self,
        settings: TransportSettings,
        session: requests.Session | None = None,
        **waiting: Unpack[Waiting],
    ) -> None:
        super().__init__(settings, settings.base_url, 1 / settings.requests_per_second, session, **waiting)
        self.settings = settings
        agent = f"{settings.tool} (mailto:{settings.email})" if settings.email else settings.tool
        self._headers = {"User-Agent": "".join(c for c in agent if " " <= c <= "~"), "Accept": "application/json"}

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
        return self.answered(
            lambda patience: self._send(params, patience), lambda received: self._judged(received, read)
        )

    def _judged(self, received: Received, read: Callable[[bytes], T]) -> tuple[bytes, T] | Fault:
        fault = classify(received.status, received.headers, received.body)
        return fault or read_or_fault(received.body, read)

    def _send(self, params: Mapping[str, str], patience: Patience) -> Received | Fault:
        settings = self.settings
        posted = len(urlencode(params)) > _LONGEST_GET
        request = {
            "method": "POST" if posted else "GET",
            "url": settings.base_url.rstrip("/") + ("/searchPOST" if posted else "/search"),
            "data" if posted else "params": dict(params),
            "headers": self._headers,
        }
        return send(self._session, request, patience, self._clock)
