"""One reply of Europe PMC's search: how many hits, the records of this page, where the next page begins."""

import json
import re
from dataclasses import dataclass, field
from typing import Any, NoReturn
from urllib.parse import unquote, unquote_plus

from connectors.altered import Warning
from connectors.errors import MalformedReply

DEEPEST = 40
"""Levels of lists and objects that a reply may have; real ones have about 10."""

Result = dict[str, Any]
"""One record as Europe PMC wrote it."""


@dataclass(frozen=True, slots=True)
class Page:
    """A reply to a search.

    Attributes:
        count: hits that Europe PMC reports.
        following: mark of the next page, or None where there is no further one.
        results: the records, in order.
        query: the search as Europe PMC repeats it, or None.
        result_type: which kind of record it says that it sends, or None.
        synonym: whether it says that it added synonyms, or None.
    """

    count: int
    following: str | None
    results: tuple[Result, ...] = field(repr=False)
    query: str | None
    result_type: str | None
    synonym: bool | None


def read_page(body: bytes) -> Page:
    """Read a reply.

    Args:
        body: as it came.

    Returns:
        Its content.

    Raises:
        MalformedReply: it is not JSON, is nested too deeply, or is no reply to a search. A reply without a count
            is never taken for one that counts nothing.
    """
    content = parse(body)
    if content.get("errCode") or content.get("errMsg"):
        raise MalformedReply("Europe PMC's reply to a search tells of an error.")
    count = content.get("hitCount")
    listed = content.get("resultList")
    results = listed.get("result") if isinstance(listed, dict) else None
    if type(count) is not int or count < 0 or not isinstance(results, list):
        raise MalformedReply("Europe PMC's reply to a search holds no count, or no list of records.")
    if not all(isinstance(result, dict) for result in results):
        raise MalformedReply("Europe PMC's reply to a search holds records that are no objects.")
    echo = content.get("request")
    echo = echo if isinstance(echo, dict) else {}
    following = content.get("nextCursorMark")
    query, kind, synonym = echo.get("queryString"), echo.get("resultType"), echo.get("synonym")
    return Page(
        count=count,
        following=following if isinstance(following, str) and following else None,
        results=tuple(results),
        query=query if isinstance(query, str) else None,
        result_type=kind if isinstance(kind, str) else None,
        synonym=synonym if isinstance(synonym, bool) else None,
    )


def parse(body: bytes | str) -> Result:
    """One JSON object, checked: nobody else's bytes may exhaust this process.

    Args:
        body: in UTF-8.

    Raises:
        MalformedReply: it is not JSON, not an object, or nested too deeply.
    """
    try:
        text = body.decode("utf-8-sig") if isinstance(body, bytes) else body
        # A number of thousands of digits is refused by Python itself, with a ValueError.
        content = json.loads(text, parse_constant=_refuse)
    except UnicodeDecodeError:
        raise MalformedReply("Europe PMC's reply is not in UTF-8.") from None
    except RecursionError:
        raise MalformedReply("Europe PMC's reply is nested too deeply.") from None
    except ValueError:
        raise MalformedReply("Europe PMC's reply is not JSON.") from None
    if not isinstance(content, dict):
        raise MalformedReply("Europe PMC's reply is JSON, but no object.")
    _require_shallow(content)
    return content


def echo_warnings(page: Page, query: str) -> tuple[Warning, ...]:
    """What Europe PMC says that it ran, where that is not what it was asked.

    Args:
        page: the reply.
        query: as sent.

    Returns:
        `QueryChanged` and `SynonymsAdded`; nothing where the reply does not repeat the request.
    """
    found = []
    if page.query is not None and not _same(query, page.query):
        found.append(Warning("QueryChanged", page.query))
    if page.synonym:
        found.append(Warning("SynonymsAdded", "the search was expanded"))
    return tuple(found)


def _same(sent: str, told: str) -> bool:
    # By GET the echo is the address's own spelling (recorded replies show `%2A` for `*`), by POST it is plain.
    return _folded(sent) in {_folded(told), _folded(unquote(told)), _folded(unquote_plus(told))}


def _folded(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def _require_shallow(content: Result) -> None:
    level: list[Any] = [content]
    for _ in range(DEEPEST):
        level = [
            child
            for item in level
            for child in (item.values() if isinstance(item, dict) else item)
            if isinstance(child, dict | list)
        ]
        if not level:
            return
    raise MalformedReply("Europe PMC's reply is nested too deeply.")
