"""Run a search page by page, from mark to mark, and account for every record.

Marks can be used again at any time, so a walk goes on where another one stopped. Europe PMC cannot be asked for
records by a list made beforehand; what tells that all came is that its count stays the same on every page and as
many different records arrive. Others have met counts that were never reached (github.com/ContentMine/getpapers,
issues 153 and 162): such a search fails here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from connectors.errors import IncompleteFetch, MalformedReply
from connectors.europepmc.canonical import name_of
from connectors.europepmc.page import Page, read_page
from connectors.europepmc.transport import Transport

PAGE_SIZE = 500
"""Records a page; Europe PMC allows 1,000. A page of 500 is 2 to 5 MB."""

MOST = 1_000
FIRST = "*"
"""Mark of the first page."""

_TRIES = 2


@dataclass(frozen=True, slots=True)
class Step:
    """One page of a walk.

    Attributes:
        number: from 0.
        body: as it came.
        records: how many it holds.
    """

    number: int
    body: bytes = field(repr=False)
    records: int


def look(transport: Transport, query: str) -> tuple[bytes, Page]:
    """Ask for the count, with one record's name.

    Args:
        transport: the way to Europe PMC.
        query: in its syntax.

    Returns:
        The reply as it came, and what it says. No hits are believed only when they are told twice: a server in
        trouble can answer so.

    Raises:
        IncompleteFetch: no hits at first, and some when asked again.
        ConnectorError: see `Transport.ask`.
    """
    body, page = transport.ask(_params(query, FIRST, "idlist", 1), read_page)
    if page.count == 0:
        body, page = transport.ask(_params(query, FIRST, "idlist", 1), read_page)
        if page.count:
            raise IncompleteFetch(
                f"Europe PMC reported no hits and then {page.count:,}; nothing was counted; run the update again later."
            )
    return body, page


def walk(
    transport: Transport, query: str, count: int, page_size: int = PAGE_SIZE, done: Mapping[int, bytes] | None = None
) -> Iterator[Step]:
    """Fetch all records of a search.

    Args:
        transport: the way to Europe PMC.
        query: in its syntax.
        count: how many records were announced.
        page_size: records a page, at most 1,000.
        done: pages that are kept already, by number; those from the first on without a gap are read instead of
            being asked for.

    Yields:
        Each page as soon as it is checked; never a page twice, and none of `done` that could be read.

    Raises:
        ValueError: a page size out of bounds.
        IncompleteFetch: the count changed, the marks ended or went in a circle before all records were there, a
            record came twice, or more came than were announced.
        ConnectorError: see `Transport.ask`.
    """
    if not 1 <= page_size <= MOST:
        raise ValueError(f"page_size must be from 1 to {MOST}")
    names: set[str] = set()
    marks = {FIRST}
    mark, number = FIRST, 0
    while len(names) < count:
        kept = (done or {}).get(number)
        if kept is None:
            body, page, problem = _asked(transport, query, mark, page_size, count, names, marks)
        else:
            body, page = kept, read_page(kept)
            problem = _problem(page, count, names, marks)
        if problem:
            raise IncompleteFetch(f"{problem}; nothing was counted; run the update again later.")
        names.update(map(name_of, page.results))
        if kept is None:
            yield Step(number, body, len(page.results))
        if page.following is not None:
            mark = page.following
            marks.add(mark)
        number += 1


def _asked(
    transport: Transport, query: str, mark: str, page_size: int, count: int, names: set[str], marks: set[str]
) -> tuple[bytes, Page, str | None]:
    for _ in range(_TRIES):
        body, page = transport.ask(_params(query, mark, "core", page_size), _read_core)
        problem = _problem(page, count, names, marks)
        if problem is None:
            break
    return body, page, problem


def _read_core(body: bytes) -> Page:
    page = read_page(body)
    if page.result_type not in (None, "core"):
        raise MalformedReply("Europe PMC sent another kind of records than it was asked for.")
    return page


def _problem(page: Page, count: int, names: set[str], marks: set[str]) -> str | None:
    if page.count != count:
        return f"Europe PMC reported {count:,} hits, then {page.count:,} in the middle of the search"
    came = [name_of(result) for result in page.results]
    twice = _first_twice(came, names)
    if twice is not None:
        return f"Europe PMC gave the record {twice[:40]} twice among {count:,} hits"
    total = len(names) + len(came)
    if total > count:
        return f"Europe PMC reported {count:,} hits but gave {total:,} records"
    if total < count:
        if not came or page.following is None:
            return f"Europe PMC reported {count:,} hits but ended after {total:,} records"
        if page.following in marks:
            return f"Europe PMC reported {count:,} hits but went in a circle after {total:,} records"
    return None


def _first_twice(came: list[str], names: set[str]) -> str | None:
    seen: set[str] = set()
    for name in came:
        if name in names or name in seen:
            return name
        seen.add(name)
    return None


def _params(query: str, mark: str, kind: str, size: int) -> dict[str, str]:
    return {
        "query": query,
        "resultType": kind,
        "format": "json",
        "synonym": "FALSE",
        "cursorMark": mark,
        "pageSize": str(size),
    }
