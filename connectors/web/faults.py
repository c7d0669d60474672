"""Why a reply cannot be used, in the terms that all sources with an API share."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from enum import Enum

from connectors.errors import (
    ConnectorError,
    HistoryLost,
    MalformedReply,
    RateLimited,
    SourceRefused,
    SourceUnavailable,
)


class Kind(Enum):
    """What to do about a fault."""

    PASSING = "try again"
    CUT = "try again: the reply broke off"
    TOO_MANY = "try again, slower"
    GARBAGE = "try again; if it stays, the reply cannot be read"
    DOUBTFUL = "try again a few times; if it stays, the request has to change"
    REFUSED = "the request has to change"
    FORGOTTEN = "try again a few times; if it stays, the search has to be run again"


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a reply cannot be used.

    Attributes:
        kind: what to do.
        reason: in words for a librarian, to stand after a colon or in brackets; never quotes a reply.
        retry_after: seconds that the source asked to wait, or None.
    """

    kind: Kind
    reason: str
    retry_after: float | None = None


def fault_of_status(status: int, wait: float | None, *, service: str, refused: Fault) -> Fault | None:
    """What the status of a reply says, whatever its body holds.

    Args:
        status: of the HTTP reply.
        wait: seconds that the source asked to wait, or None.
        service: what should be at the address, after "there is" or "there are": `are no E-utilities`.
        refused: what other statuses from 400 to 499 mean at this source.

    Returns:
        The fault; None for status 200.
    """
    if status == 200:
        return None
    if status == 429:
        return Fault(Kind.TOO_MANY, "too many requests", wait)
    if status == 408 or status >= 500:
        return Fault(Kind.PASSING, f"its server reported a fault, status {status}", wait)
    if 300 <= status < 400:
        return Fault(Kind.REFUSED, f"its address has moved (status {status}); correct it in the settings")
    if status in (401, 403, 407):
        return Fault(Kind.REFUSED, f"access is not allowed from here (status {status})")
    if status == 404:
        return Fault(Kind.REFUSED, f"there {service} at that address (status 404)")
    if status == 414:
        return Fault(Kind.REFUSED, "the search is too long (status 414)")
    return refused if 400 <= status < 500 else Fault(Kind.GARBAGE, f"status {status}")


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that a reply asks to wait, from `Retry-After` as a number or a date (RFC 9110, 10.2.3).

    Args:
        headers: of the HTTP reply.

    Returns:
        The seconds, or None where it says nothing that can be read.
    """
    value = next((v for k, v in headers.items() if k.lower() == "retry-after"), "").strip()
    if re.fullmatch(r"\d{1,6}(?:\.\d+)?", value):
        return float(value)
    sent = next((v for k, v in headers.items() if k.lower() == "date"), "")
    try:
        # Against the reply's own date, so that a clock of ours that is wrong does no harm.
        return max(0.0, (parsedate_to_datetime(value) - parsedate_to_datetime(sent)).total_seconds())
    except (TypeError, ValueError):
        return None


def error_of(fault: Fault, *, label: str, place: str, elapsed: str, when_busy: str) -> ConnectorError:
    """The error that a fault comes to, once asking again does not help.

    Args:
        fault: the last one.
        label: what people call the source.
        place: its address as it may be shown.
        elapsed: for how long it was asked, with the unit.
        when_busy: what to do if it often says that too many requests arrive, to stand after a comma.

    Returns:
        The error, to be raised.
    """
    if fault.kind is Kind.TOO_MANY:
        return RateLimited(
            f"{label} kept answering that too many requests arrive, for {elapsed}; nothing was counted. "
            f"Run the update again later; if it happens often, {when_busy}."
        )
    if fault.kind is Kind.FORGOTTEN:
        return HistoryLost(
            f"{label} forgot the search before all of it was fetched ({fault.reason}); nothing was counted; "
            "run the update again."
        )
    if fault.kind in (Kind.REFUSED, Kind.DOUBTFUL):
        return SourceRefused(f"{label} refused the request: {fault.reason}. Nothing was counted.")
    if fault.kind is Kind.GARBAGE:
        return MalformedReply(
            f"{label}'s replies could not be read for {elapsed} (last: {fault.reason.rstrip('.')}, from "
            f"{place}); nothing was counted. Check that no sign-in page or proxy stands in between, then run "
            "the update again."
        )
    return SourceUnavailable(
        f"{label} did not answer for {elapsed} (last: {fault.reason}, at {place}); nothing was counted; "
        "run the update again later."
    )
