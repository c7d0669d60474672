"""One request and its whole reply, within limits of time and size; every failure becomes a `Fault`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.client import HTTPException
from io import BytesIO
from threading import Event
from typing import Any
from urllib.parse import urlsplit

import requests
from urllib3 import exceptions as urllib3

from connectors.web.faults import Fault, Kind

_PIECE = 65_536


class Abandoned(Exception):
    """Nobody wants the answer any more; never leaves the connector."""


@dataclass(frozen=True, slots=True)
class Halt:
    """What one thread tells those that ask a source for it.

    Attributes:
        no_more: set when no further try may begin; a reply that is on its way is still wanted.
        at_once: set when nothing is wanted any more.
    """

    no_more: Event = field(default_factory=Event)
    at_once: Event = field(default_factory=Event)


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How much one reply may cost.

    Attributes:
        connect: seconds until the connection must stand.
        silence: seconds without a byte.
        whole: seconds until the last byte: a reply that drips would else never end.
        largest: bytes, unpacked.
    """

    connect: float
    silence: float
    whole: float
    largest: int


@dataclass(frozen=True, slots=True)
class Received:
    """A reply that came to its end; whether it is a good one is for `classify` to say."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


def send(
    session: requests.Session,
    request: Mapping[str, Any],
    patience: Patience,
    clock: Callable[[], float],
    stopped: Event | None = None,
) -> Received | Fault:
    """Send a request and read the reply.

    Args:
        session: sends it.
        request: `method`, `url` and what else `Session.request` takes; may hold the API key.
        patience: how much the reply may cost.
        clock: seconds, never running backwards.
        stopped: set when the answer is no longer wanted.

    Returns:
        The reply, or why there is none, in words that hold nothing of the request.

    Raises:
        Abandoned: `stopped` was set meanwhile.
    """
    ends = clock() + patience.whole
    try:
        with session.request(
            **request,
            timeout=(patience.connect, min(patience.silence, patience.whole)),
            # A redirect would carry the key to an address that nobody entered.
            allow_redirects=False,
            stream=True,
        ) as response:
            body = _whole(response.raw, patience, lambda: clock() >= ends, stopped)
            return body if isinstance(body, Fault) else Received(response.status_code, response.headers, body)
    except (requests.RequestException, urllib3.HTTPError, HTTPException, OSError, UnicodeError) as error:
        # Only words of ours leave this function: the exception holds the request, and that the key.
        return _fault(error, place_of(str(request["url"])), patience)


def place_of(url: str) -> str:
    """An address as it may be shown: without user, password, path and parameters."""
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "the address in the settings"
    return f"{parts.scheme}://{parts.hostname}{port}/…" if parts.hostname else "the address in the settings"


def no_address(place: str) -> Fault:
    """The fault of an address that nothing can be sent to."""
    return Fault(Kind.REFUSED, f"{place} is no address that requests can be sent to")


def _whole(raw: Any, patience: Patience, late: Callable[[], bool], stopped: Event | None) -> bytes | Fault:
    taken = BytesIO()
    # `read1` returns what has come, where `read` would wait for a whole piece however slowly it drips.
    while piece := raw.read1(_PIECE, decode_content=True):
        taken.write(piece)
        if taken.tell() > patience.largest:
            size = f"{patience.largest / 1e6:,.0f} MB"
            return Fault(Kind.REFUSED, f"its reply has more than {size}; fewer records have to be asked for at once")
        if late():
            return Fault(Kind.CUT, f"a reply that was still coming after {patience.whole:.0f} s")
        if stopped is not None and stopped.is_set():
            raise Abandoned
    return taken.getvalue()


def _fault(error: Exception, place: str, patience: Patience) -> Fault:
    causes = _causes(error)
    if isinstance(error, requests.ConnectTimeout):
        return Fault(Kind.PASSING, f"no connection within {patience.connect:.0f} s")
    if isinstance(error, requests.Timeout | urllib3.TimeoutError | TimeoutError) or "timed out" in str(error).lower():
        return Fault(Kind.PASSING, f"no reply within {min(patience.silence, patience.whole):.0f} s")
    if isinstance(error, requests.exceptions.SSLError | urllib3.SSLError):
        return Fault(Kind.PASSING, "no secure connection")
    if isinstance(error, requests.exceptions.ProxyError):
        return Fault(Kind.PASSING, "the proxy did not connect")
    if isinstance(error, requests.ConnectionError):
        if any(isinstance(cause, ConnectionRefusedError) for cause in causes):
            return Fault(Kind.PASSING, "connection refused")
        if any(type(cause).__name__ in ("NameResolutionError", "gaierror") for cause in causes):
            return Fault(Kind.PASSING, "the server's name is unknown here")
        return Fault(Kind.PASSING, "connection lost")
    if isinstance(error, requests.RequestException | urllib3.LocationValueError | UnicodeError):
        return no_address(place)
    # From here on the head of a reply had come.
    if any(isinstance(cause, ConnectionError) for cause in causes):
        return Fault(Kind.CUT, "connection lost")
    return Fault(Kind.CUT, "a reply cut short")


def _causes(error: BaseException) -> list[BaseException]:
    found: list[BaseException] = []
    waiting: list[object] = [error]
    while waiting:
        item = waiting.pop()
        if isinstance(item, BaseException) and item not in found:
            found.append(item)
            waiting += [item.__cause__, item.__context__, getattr(item, "reason", None), *item.args]
    return found
