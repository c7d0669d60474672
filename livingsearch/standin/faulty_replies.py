"""What a fault makes of a reply."""

import json
from collections.abc import Mapping
from dataclasses import replace

from livingsearch.standin.faults import Fault, FaultKind
from livingsearch.standin.rate import Rate
from livingsearch.standin.replies import HTML, JSON, XML, Manner, Reply, bare_error, error_reply

_PAGE = "<!DOCTYPE html>\n<html><head><title>{title}</title></head>\n<body><h1>{title}</h1></body></html>\n"


def html_page(title: str, status: int = 200) -> Reply:
    """A page meant for people."""
    return Reply(_PAGE.format(title=title).encode(), HTML, status)


def rate_refusal(rate: Rate, caller: str, status: int = 429, retry_after: int = 2) -> Reply:
    """The refusal of a request beyond the rate limit.

    Args:
        rate: what was counted.
        caller: API key or address, which the body echoes.
        status: 429, or 200 for the variant that looks like a success.
        retry_after: seconds of the header.
    """
    body = {
        "error": "API rate limit exceeded",
        "api-key": caller,
        "count": str(rate.count),
        "limit": str(rate.limit),
    }
    headers = {
        "Retry-After": str(retry_after),
        "X-RateLimit-Limit": str(rate.limit),
        "X-RateLimit-Remaining": "0",
    }
    return Reply(_compact(body), JSON, status, headers)


def spoiled(reply: Reply, fault: Fault, endpoint: str, parameters: Mapping[str, str]) -> Reply:
    """The reply with one fault in it.

    Args:
        reply: the right one, or one that another fault has spoiled already.
        fault: what goes wrong; kinds that bend the content (missing PMIDs, wrong count, changed hits, expired
            history) were at work before and leave it as it is.
        endpoint: whose reply it is.
        parameters: of the call.
    """
    caller = parameters.get("api_key", "")
    match fault.kind:
        case FaultKind.RATE_429:
            limit = 10 if caller else 3
            refused = Rate(limit + 1, limit)
            return rate_refusal(refused, caller or "203.0.113.7", fault.status or 429, fault.retry_after)
        case FaultKind.SERVER_500:
            return html_page("Internal Server Error", fault.status or 500)
        case FaultKind.SERVER_502:
            return html_page("Bad Gateway", fault.status or 502)
        case FaultKind.TIMEOUT:
            return replace(reply, wait=fault.seconds, manner=Manner.SILENT)
        case FaultKind.SLOW:
            return replace(reply, wait=reply.wait + fault.seconds)
        case FaultKind.DROP:
            return replace(reply, manner=Manner.BROKEN_OFF)
        case FaultKind.STALL:
            return replace(reply, manner=Manner.STALLED, pause=fault.seconds)
        case FaultKind.DRIP:
            return replace(reply, manner=Manner.DRIPPING, pause=fault.seconds)
        case FaultKind.RESET:
            return replace(reply, manner=Manner.RESET)
        case FaultKind.EMPTY:
            return Reply(b"", XML, fault.status or 200)
        case FaultKind.TRUNCATED:
            return replace(reply, body=reply.body[: len(reply.body) * 2 // 3])
        case FaultKind.TRANSIENT_400:
            message = " Error: External viewer error: Empty Response. Bytes read: 0 Status: Timeout"
            return bare_error(message, fault.status or 400)
        case FaultKind.HTML_200:
            return html_page("NCBI - Site maintenance", fault.status or 200)
        case FaultKind.ERROR_200:
            as_json = parameters.get("retmode") == "json"
            return error_reply(endpoint, "Search Backend failed: Database is not available", as_json=as_json)
        case FaultKind.HISTORY_LOST:
            message = f"Unable to obtain query #{parameters.get('query_key') or 1}"
            return error_reply(endpoint, message, as_json=parameters.get("retmode") == "json")
        case FaultKind.BAD_KEY_400:
            body = {"error": "API key invalid", "api-key": caller, "type": "invalid", "status": "unknown"}
            return Reply(_compact(body), JSON, fault.status or 400)
        case FaultKind.MISSING_PMIDS | FaultKind.WRONG_COUNT | FaultKind.CHANGED_HITS | FaultKind.EXPIRED_HISTORY:
            return reply


def _compact(body: Mapping[str, str]) -> bytes:
    return (json.dumps(body, separators=(",", ":")) + "\n").encode()
