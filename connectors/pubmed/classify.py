"""What a reply of the E-utilities means, by its body first and its status second.

NCBI sends errors with status 200 and passing faults with status 400, so neither alone says whether to try
again. The patterns are the wordings of recorded replies. No reason ever quotes a body: an error about a key
echoes the key.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from enum import Enum

_LOOKED_AT = 20_000
"""Characters of a body searched for an error: errors stand at the top, records go on for megabytes."""


class Kind(Enum):
    """What to do about a fault."""

    PASSING = "try again"
    CUT = "try again: the reply broke off"
    TOO_MANY = "try again, slower"
    GARBAGE = "try again; if it stays, the reply cannot be read"
    DOUBTFUL = "try again a few times; if it stays, the request has to change"
    REFUSED = "the request has to change"
    FORGOTTEN = "the search has to be run again"


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


_WORDINGS: tuple[tuple[str, Kind, str], ...] = (
    ("api rate limit exceeded", Kind.TOO_MANY, "too many requests"),
    ("api key", Kind.REFUSED, "it does not accept the API key; correct or remove the key in the settings"),
    ("unable to obtain query", Kind.FORGOTTEN, "the stored search has expired"),
    ("'retstart' cannot be larger", Kind.REFUSED, "results past the first 9,999 were asked for at once"),
    ("retrieve history data", Kind.FORGOTTEN, "the stored search has expired"),
    ("uids from history", Kind.FORGOTTEN, "the stored search has expired"),
    ("external viewer error", Kind.PASSING, "its record viewer timed out"),
    ("status: timeout", Kind.PASSING, "its record viewer timed out"),
    ("empty term", Kind.REFUSED, "the search is empty"),
    ("too many uids", Kind.REFUSED, "too many records were asked for at once"),
    ("invalid db name", Kind.REFUSED, "it has no database of that name"),
    ("search backend failed", Kind.PASSING, "its search engine failed"),
)
"""Wordings in lower case, the first that fits decides: `retstart` before `history data`, which follows it."""

_PROLOG = re.compile(
    r"\s*+(?>(?><\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[[^\]]*\])?\s*>)\s*+)*+<([A-Za-z_][\w:.-]*)",
    re.DOTALL | re.IGNORECASE,
)
_XML_ERROR = re.compile(r"<error\b[^>]*>((?:(?!</?error\b).)*+)</error>", re.DOTALL | re.IGNORECASE)
_JSON_ERROR = re.compile(r'"error"\s*:\s*"((?:[^"\\]|\\.)*)"', re.DOTALL | re.IGNORECASE)
_RECORD_ROOTS = frozenset({"PubmedArticleSet", "PubmedBookArticleSet", "PubmedArticle", "PubmedBookArticle"})


def classify(status: int, headers: Mapping[str, str], body: bytes) -> Fault | None:
    """Judge a reply.

    Args:
        status: of the HTTP reply.
        headers: of the HTTP reply.
        body: as it came.

    Returns:
        The fault, or None where the body is whole XML without an error. A reply that says that none of the
        requested records exist is None too: it is an answer.
    """
    text = body[:_LOOKED_AT].decode("utf-8", "replace").lstrip("\ufeff").strip()
    if none_exist(body) and status in (200, 400):
        return None
    wait = _retry_after(headers)
    message = _error_in(text, status)
    if message is not None:
        lowered = message.lower()
        for wording, kind, reason in _WORDINGS:
            if wording in lowered:
                return Fault(kind, reason, wait)
    if status != 200:
        return _by_status(status, wait)
    if message is not None:
        return Fault(Kind.PASSING, "an error that this version does not know", wait)
    return _by_shape(text, body)


def none_exist(body: bytes) -> bool:
    """Whether a reply says that none of the requested records exist."""
    text = body[:_LOOKED_AT].decode("utf-8", "replace")
    root = root_of(text)
    if root in _RECORD_ROOTS:
        return False
    message = _error_in(text.strip(), 400)
    return message is not None and "id list is empty" in message.replace("+", " ").lower()


def root_of(text: str) -> str | None:
    """Name of an XML text's outermost element, or None where it does not get that far."""
    found = _PROLOG.match(text.lstrip("\ufeff"))
    return found[1] if found else None


def _error_in(text: str, status: int) -> str | None:
    if root_of(text) in _RECORD_ROOTS:
        return None
    if text.startswith("{"):
        found = _JSON_ERROR.search(text)
        return found[1] if found else None
    if text.startswith("<"):
        messages = _XML_ERROR.findall(text)
        return " ".join(messages) if messages else None
    return text if status != 200 and text else None


def _by_status(status: int, wait: float | None) -> Fault:
    if status == 429:
        return Fault(Kind.TOO_MANY, "too many requests", wait)
    if status == 408 or status >= 500:
        return Fault(Kind.PASSING, f"its server reported a fault, status {status}", wait)
    if 300 <= status < 400:
        return Fault(Kind.REFUSED, f"its address has moved (status {status}); correct it in the settings")
    if status in (401, 403, 407):
        return Fault(Kind.REFUSED, f"access is not allowed from here (status {status})")
    if status == 404:
        return Fault(Kind.REFUSED, "there are no E-utilities at that address (status 404)")
    if status == 414:
        return Fault(Kind.REFUSED, "the search is too long (status 414)")
    if 400 <= status < 500:
        # NCBI sends passing faults with status 400 too, and an error cut short cannot be recognised.
        return Fault(Kind.DOUBTFUL, f"for a reason that this version does not know (status {status})", wait)
    return Fault(Kind.GARBAGE, f"status {status}")


def _by_shape(text: str, body: bytes) -> Fault | None:
    if not text:
        return Fault(Kind.PASSING, "an empty reply")
    if text[:14].lower() == "<!doctype html":
        return Fault(Kind.GARBAGE, "a web page")
    if not text.startswith("<"):
        return Fault(Kind.GARBAGE, "JSON" if text.startswith("{") else "text that is not XML")
    root = root_of(text)
    if root is None:
        return Fault(Kind.CUT, "a reply cut short")
    if root.lower() == "html":
        return Fault(Kind.GARBAGE, "a web page")
    name = re.escape(root.encode())
    tail = body.rstrip()[-200:]
    if re.search(rb"</" + name + rb"\s*+>(?>\s*+<!--.*?-->)*+$", tail, re.DOTALL):
        return None
    if len(body) < _LOOKED_AT and re.search(rb"<" + name + rb"[^<>]*/>$", tail):
        return None
    return Fault(Kind.CUT, "a reply cut short")


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
