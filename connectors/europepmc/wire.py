"""One request and its whole reply, within limits of time and size; every failure becomes a `Fault`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.client import HTTPException
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import requests
from urllib3 import exceptions as urllib3

from connectors.europepmc.classify import Fault, Kind

_PIECE = 65_536


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How much one reply may cost.

    Attributes:
        connect: seconds until the connection must stand.
        silence: seconds without a byte.
        whole: seconds until the last byte: a reply that drips would else never end.
        most_bytes: largest reply, unpacked.
    """

    connect: float
    silence: float
    whole: float
    most_bytes: int


@dataclass(frozen=True, slots=True)
class Received:
    """A reply that came to its end; whether it is a good one is for `classify` to say."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


def send(
    session: requests.Session, request: Mapping[str, Any], patience: Patience, clock: Callable[[], float]
) -> Received | Fault:
    """Send a request and read the reply.

    Args:
        session: sends it.
        request: `method`, `url` and what else `Session.request` takes.
        patience: how much the reply may cost.
        clock: seconds, never running backwards.

    Returns:
        The reply, or why there is none, in words that hold nothing of the request.
    """
    ends = clock() + patience.whole
    try:
        with session.request(
            **request,
            timeout=(patience.connect, min(patience.silence, patience.whole)),
            allow_redirects=False,
            stream=True,
        ) as response:
            body = _whole(response.raw, patience, lambda: clock() >= ends)
            return body if isinstance(body, Fault) else Received(response.status_code, response.headers, body)
    except (requests.RequestException, urllib3.HTTPError, HTTPException, OSError, UnicodeError) as error:
        # Only words of ours leave this function: the exception holds the address with all it may carry.
        return _fault(error, place_of(str(request["url"])), patience)


def place_of(url: str) -> str:
    """An address as it may be shown: without user, password, path and parameters."""
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "the address in the settings"
    return f"{parts.scheme}://{parts.hostname}{port}/…" if parts.hostname else "the address in the settings"


def _whole(raw: Any, patience: Patience, late: Callable[[], bool]) -> bytes | Fault:
    taken = BytesIO()
    # `read1` returns what has come, where `read` would wait for a whole piece however slowly it drips.
    while piece := raw.read1(_PIECE, decode_content=True):
        taken.write(piece)
        if taken.tell() > patience.most_bytes:
            return Fault(Kind.REFUSED, f"its reply has more than {patience.most_bytes / 1e6:,.0f} MB")
        if late():
            return Fault(Kind.PASSING, f"a reply that was still coming after {patience.whole:.0f} s")
    return taken.getvalue()


def _fault(error: Exception, place: str, patience: Patience) -> Fault:
    if isinstance(error, requests.ConnectTimeout):
        return Fault(Kind.PASSING, f"no connection within {patience.connect:.0f} s")
    if isinstance(error, requests.Timeout | urllib3.TimeoutError | TimeoutError) or "timed out" in str(error).lower():
        return Fault(Kind.PASSING, f"no reply within {min(patience.silence, patience.whole):.0f} s")
    if isinstance(error, requests.exceptions.SSLError | urllib3.SSLError):
        return Fault(Kind.PASSING, "no secure connection")
    if isinstance(error, requests.exceptions.ProxyError):
        return Fault(Kind.PASSING, "the proxy did not connect")
    if isinstance(error, requests.ConnectionError):
        return Fault(Kind.PASSING, "no connection, or one that was lost")
    if isinstance(error, requests.RequestException | UnicodeError | urllib3.LocationValueError):
        return Fault(Kind.REFUSED, f"{place} is no address that requests can be sent to")
    return Fault(Kind.PASSING, "a reply cut short")
