"""Replies to a search, right or spoiled; HTTP stands elsewhere."""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote

from livingsearch.standin.europepmc.faults import Fault, FaultKind
from livingsearch.standin.europepmc.query import QueryUnreadable, matcher_of
from livingsearch.standin.europepmc.records import Result

VERSION = "6.9"
MOST = 1_000
JSON, HTML = "application/json;charset=UTF-8", "text/html;charset=UTF-8"


@dataclass(frozen=True, slots=True)
class HttpReply:
    """What goes back over HTTP.

    Args:
        body: bytes.
        status: of HTTP.
        content_type: of the body.
        headers: further ones.
        wait: seconds before it is sent.
        broken_off: whether the connection closes in the middle of the body.
    """

    body: bytes
    status: int = 200
    content_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)
    wait: float = 0
    broken_off: bool = False


def search_reply(records: Sequence[Result], parameters: Mapping[str, str], encoded: bool) -> dict[str, Any]:
    """The answer to a search.

    Args:
        records: all there are, in the order in which they are found.
        parameters: as sent.
        encoded: whether the echo spells the request as in an address, which a GET's does.

    Returns:
        The reply's content; nothing but a version where a parameter is not accepted.
    """
    size = parameters.get("pageSize", "25")
    mark = parameters.get("cursorMark", "*")
    kind = parameters.get("resultType", "lite")
    start = _start(mark)
    if start is None or not size.isdecimal() or kind not in ("idlist", "lite", "core"):
        return {"version": VERSION}
    query = parameters.get("query", "")
    try:
        test = matcher_of(query)
    except QueryUnreadable:
        return {"version": VERSION, "errCode": 400, "errMsg": "Invalid query"}
    found = [record for record in records if test(record)]
    page = found[start : start + min(int(size), MOST)]
    content: dict[str, Any] = {"version": VERSION, "hitCount": len(found)}
    if start + len(page) < len(found):
        content["nextCursorMark"] = mark_of(start + len(page))
    content["request"] = {
        "queryString": quote(query, safe="") if encoded else query,
        "resultType": kind,
        "cursorMark": quote(mark, safe="") if encoded else mark,
        "pageSize": min(int(size), MOST),
        "sort": "",
        "synonym": parameters.get("synonym", "").lower() == "true",
    }
    content["resultList"] = {"result": [_shown(record, kind) for record in page]}
    return content


def mark_of(start: int) -> str:
    """The mark of a page that begins behind so many records."""
    return base64.b64encode(b"standin:%d" % start).decode()


def bent(
    content: dict[str, Any], fault: Fault, records: Sequence[Result], parameters: Mapping[str, str]
) -> dict[str, Any]:
    """A reply's content with one fault in it; kinds that spoil the bytes leave it as it is."""
    if "hitCount" not in content:
        return content
    content = {**content, "request": dict(content["request"]), "resultList": dict(content["resultList"])}
    shown = list(content["resultList"]["result"])
    match fault.kind:
        case FaultKind.CHANGED_COUNT:
            content["hitCount"] = max(0, content["hitCount"] + fault.by)
        case FaultKind.NO_HITS:
            content["hitCount"], shown = 0, []
            content.pop("nextCursorMark", None)
        case FaultKind.EMPTY_PAGE:
            content["nextCursorMark"], shown = parameters.get("cursorMark", "*"), []
        case FaultKind.EARLY_END:
            content.pop("nextCursorMark", None)
        case FaultKind.REPEATED_CURSOR:
            content["nextCursorMark"] = parameters.get("cursorMark", "*")
        case FaultKind.FIRST_CURSOR:
            content["nextCursorMark"] = mark_of(int(parameters.get("pageSize", "25")))
        case FaultKind.MISSING_RECORD:
            shown = shown[:-1]
        case FaultKind.RECORD_TWICE:
            shown = [*shown[:-1], dict(records[0])]
        case FaultKind.LITE_RECORDS:
            content["request"]["resultType"] = "lite"
        case FaultKind.SYNONYMS:
            content["request"]["synonym"] = True
        case FaultKind.OTHER_QUERY:
            content["request"]["queryString"] = "another query"
        case _:
            pass
    content["resultList"]["result"] = shown
    return content


def spoiled(reply: HttpReply, fault: Fault) -> HttpReply:
    """The reply with one fault in it; kinds that bend the content were at work before and leave it as it is."""
    headers = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
    match fault.kind:
        case FaultKind.RATE_429:
            return replace(_page("Too Many Requests", 429), headers=headers)
        case FaultKind.SERVER_503:
            return replace(_page("Service Unavailable", 503), headers=headers)
        case FaultKind.NOT_FOUND_404:
            return _page("Not Found", 404)
        case FaultKind.DROP:
            return replace(reply, broken_off=True)
        case FaultKind.TRUNCATED:
            return replace(reply, body=reply.body[: len(reply.body) * 2 // 3])
        case FaultKind.SLOW:
            return replace(reply, wait=reply.wait + fault.seconds)
        case FaultKind.HTML_200:
            return _page("Europe PMC - maintenance", 200)
        case FaultKind.ERROR_200:
            return HttpReply(as_json({"version": VERSION, "errCode": fault.by, "errMsg": "It went wrong"}))
        case FaultKind.VERSION_ONLY:
            return HttpReply(as_json({"version": VERSION}))
        case FaultKind.DEEP:
            return HttpReply(b'{"hitCount":' + b"[" * fault.by + b"]" * fault.by + b"}")
        case FaultKind.HUGE:
            return HttpReply(b'{"hitCount":"' + b"0" * fault.by + b'"}')
        case _:
            return reply


def as_json(content: Mapping[str, Any]) -> bytes:
    """The content as it goes over the wire."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def _start(mark: str) -> int | None:
    if mark == "*":
        return 0
    try:
        name, _, number = base64.b64decode(mark, validate=True).decode("ascii").partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return int(number) if name == "standin" and number.isdecimal() else None


def _shown(record: Result, kind: str) -> Result:
    if kind == "core":
        return record
    names = ("id", "source", "pmid", "pmcid") if kind == "idlist" else ("id", "source", "pmid", "pmcid", "doi", "title")
    return {name: record[name] for name in names if name in record}


def _page(title: str, status: int) -> HttpReply:
    body = f"<!DOCTYPE html>\n<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>\n"
    return HttpReply(body.encode(), status, HTML)
