"""What a reply of Europe PMC means, by its body first and its status second.

Europe PMC sends errors of its own with status 200, as `errCode` and `errMsg`, and answers a request that it does
not accept, such as an unknown cursor, with nothing but its version. No reason ever quotes a body.
"""

import json
import re
from collections.abc import Mapping

from connectors.web.faults import Fault, Kind, fault_of_status, retry_after

_SMALL = 20_000
"""Bytes up to which a reply is looked through for an error; in a larger one, reading finds it."""


def classify(status: int, headers: Mapping[str, str], body: bytes) -> Fault | None:
    """Judge a reply.

    Args:
        status: of the HTTP reply.
        headers: of the HTTP reply.
        body: as it came.

    Returns:
        The fault, or None where the body may be a page of records; whether it is one, reading shows.
    """
    wait = retry_after(headers)
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


def _by_status(status: int, wait: float | None) -> Fault | None:
    refused = Fault(Kind.REFUSED, f"it does not accept the search (status {status}); correct its syntax")
    return fault_of_status(status, wait, service="is no search service", refused=refused)
