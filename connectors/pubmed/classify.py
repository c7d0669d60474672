"""What a reply of the E-utilities means, by its body first and its status second.

NCBI sends errors with status 200 and passing faults with status 400, so neither alone says whether to try
again. The patterns are the wordings of recorded replies. No reason ever quotes a body: an error about a key
echoes the key.
"""

import re
from collections.abc import Mapping

from connectors.web.faults import Fault, Kind, fault_of_status, retry_after

_LOOKED_AT = 20_000
"""Characters of a body searched for an error: errors stand at the top, records go on for megabytes."""


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
_ERROR_FIRST = re.compile(r"[^<>]*+>\s*+<error\b[^<>]*+>([^<]*+)</error>", re.IGNORECASE)
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
    wait = retry_after(headers)
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
    prolog = _PROLOG.match(text)
    if prolog and prolog[1] in _RECORD_ROOTS:
        # Words of a record prove nothing; an error stands in the place of the first.
        found = _ERROR_FIRST.match(text, prolog.end())
        return found[1] if found else None
    if text.startswith("{"):
        found = _JSON_ERROR.search(text)
        return found[1] if found else None
    if text.startswith("<"):
        messages = _XML_ERROR.findall(text)
        return " ".join(messages) if messages else None
    return text if status != 200 and text else None


def _by_status(status: int, wait: float | None) -> Fault | None:
    # NCBI sends passing faults with status 400 too, and an error cut short cannot be recognised.
    doubtful = Fault(Kind.DOUBTFUL, f"for a reason that this version does not know (status {status})", wait)
    return fault_of_status(status, wait, service="are no E-utilities", refused=doubtful)


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
