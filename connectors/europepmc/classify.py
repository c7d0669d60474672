"""What a reply of Europe PMC means, by its body first and its status second.

Europe PMC sends errors of its own with status 200, as `errCode` and `errMsg`, and answers a request that it does
not accept, such as an unknown cursor, with nothing but its version. No reason ever quotes a body.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from enum import Enum

_SMALL = 20_000
"""Bytes up to which a reply is looked through for an error; in a larger one, reading finds it."""


class Kind(Enum):
    """What to do about a fault."""

    PASSING = "try again"
    TOO_MANY = "try again, slower"
    GARBAGE = "try again; if it stays, the reply cannot be read"
    REFUSED = "the request has to change"


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a reply cannot be used.

    Attributes:
        kind: what to do.
        reason: in words for a librarian, to stand after a colon or in brackets.
        retry_after: seconds that the source asked to wait, or None.
    """

    kind: Kind
    reason: str
    retry_after: float | None = None


def classify(status: int, headers: Mapping[str, str], body: bytes) -> Fault | None:
    """Judge a reply.

    Args:
        status: of the HTTP reply.
        headers: of the HTTP reply.
        body: as it came.

    Returns:
        The fault, or None where the body may be a page of records; whether it is one, reading shows.
    """
    wait = _retry_after(headers)
    if status == 429:
        return Fault(Kind.TOO_MANY, "too many requests", wait)
    told = _told(body)
    if told is not None:
        return Fault(told.kind, told.reason, wait)
    if status != 200:
        return _by_status(status, wait)
    text = body.strip()
    if not text:
        return Fault(Kind.PASSING, "an empty reply", wait)
    if not text.startswith(b"{"):
        start = text[:200].lower()
        page = start.startswith((b"<!doctype html", b"<html"))
        return Fault(Kind.GARBAGE, "a web page" if page else "text that is not JSON", wait)
    if not text.endswith(b"}"):
        return Fault(Kind.PASSING, "a reply cut short", wait)
    return None


def _told(body: bytes) -> Fault | None:
    """The error that a small JSON body tells of."""
    if len(body) > _SMALL or not body.lstrip().startswith(b"{"):
        return None
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return None
    code, message = str(content.get("errCode", "")), str(content.get("errMsg", "")).lower()
    if code == "429" or re.search(r"too many requests|rate limit", message):
        return Fault(Kind.TOO_MANY, "too many requests")
    if re.fullmatch(r"4\d\d", code) and code != "408":
        return Fault(Kind.REFUSED, f"it does not accept the search (its error {code}); correct its syntax")
    if code or message:
        return Fault(Kind.PASSING, "an error that this version does not know")
    if set(content) <= {"version"}:
        return Fault(Kind.PASSING, "a reply with nothing but a version, which says that it did not take the request")
    return None


def _by_status(status: int, wait: float | None) -> Fault:
    if status == 408 or status >= 500:
        return Fault(Kind.PASSING, f"its server reported a fault, status {status}", wait)
    if 300 <= status < 400:
        return Fault(Kind.REFUSED, f"its address has moved (status {status}); correct it in the settings")
    if status in (401, 403, 407):
        return Fault(Kind.REFUSED, f"access is not allowed from here (status {status})")
    if status == 404:
        return Fault(Kind.REFUSED, "there is no search service at that address (status 404)")
    if status == 414:
        return Fault(Kind.REFUSED, "the search is too long (status 414)")
    if 400 <= status < 500:
        return Fault(Kind.REFUSED, f"it does not accept the search (status {status}); correct its syntax")
    return Fault(Kind.GARBAGE, f"status {status}")


def _retry_after(headers: Mapping[str, str]) -> float | None:
    value = next((v for k, v in headers.items() if k.lower() == "retry-after"), "").strip()
    if re.fullmatch(r"\d{1,6}(?:\.\d+)?", value):
        return float(value)
    sent = next((v for k, v in headers.items() if k.lower() == "date"), "")
    try:
        # Against the reply's own date, so that a clock of ours that is wrong does no harm.
        return max(0.0, (parsedate_to_datetime(value) - parsedate_to_datetime(sent)).total_seconds())
    except (TypeError, ValueError):
        return None
