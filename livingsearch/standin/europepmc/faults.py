"""Faults on demand: what is to go wrong, on which requests."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from threading import Lock


class FaultKind(StrEnum):
    """What can go wrong; described in documentation or by people who met it, or what anybody could send."""

    RATE_429 = "rate_429"
    SERVER_503 = "server_503"
    NOT_FOUND_404 = "not_found_404"
    DROP = "drop"
    """The connection is closed in the middle of the body, whose length had been announced."""
    TRUNCATED = "truncated"
    """The body is cut, and the announced length agrees with the cut."""
    SLOW = "slow"
    """The answer is right and comes `seconds` late."""
    HTML_200 = "html_200"
    ERROR_200 = "error_200"
    """`errCode` (the fault's `by`) and `errMsg` with status 200."""
    VERSION_ONLY = "version_only"
    """Nothing but a version, with status 200: what an unknown cursor gets."""
    CHANGED_COUNT = "changed_count"
    """`hitCount` is `by` more (or, below zero, less) than there are."""
    NO_HITS = "no_hits"
    """An empty answer where there are hits."""
    EMPTY_PAGE = "empty_page"
    """The count is right, the list empty, the mark the one sent."""
    EARLY_END = "early_end"
    """The page is right and has no mark of a next one."""
    REPEATED_CURSOR = "repeated_cursor"
    """The next page's mark is the one that was sent."""
    FIRST_CURSOR = "first_cursor"
    """The next page's mark leads back to the second page."""
    MISSING_RECORD = "missing_record"
    """The page leaves its last record out."""
    RECORD_TWICE = "record_twice"
    """The page's last record is the first one of all."""
    LITE_RECORDS = "lite_records"
    """Records of another kind than asked for, which the echo admits."""
    SYNONYMS = "synonyms"
    """The echo says that synonyms were added."""
    OTHER_QUERY = "other_query"
    """The echo holds another query."""
    DEEP = "deep"
    """JSON nested `by` levels deep."""
    HUGE = "huge"
    """`by` bytes of JSON."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong.

    Args:
        kind: what.
        records: True for requests of whole records only, False for counts only, None for both.
        first: only on the first so many requests to which it applies; None for always.
        after: spare so many at the beginning.
        by: see the kinds.
        seconds: how long to wait (slow).
        retry_after: the header's seconds (rate_429, server_503); None for none.
    """

    kind: FaultKind
    records: bool | None = None
    first: int | None = None
    after: int = 0
    by: int = 1
    seconds: float = 0.2
    retry_after: int | None = None

    def strikes(self, call: int) -> bool:
        """Whether it happens on the `call`-th request that it applies to, from 1."""
        return call > self.after and (self.first is None or call <= self.after + self.first)


class FaultScript:
    """Faults with their own count of requests each. Safe to use from many threads."""

    def __init__(self, faults: Iterable[Fault] = ()) -> None:
        self.faults = tuple(faults)
        self._calls = [0] * len(self.faults)
        self._lock = Lock()

    def strike(self, records: bool) -> tuple[Fault, ...]:
        """Count a request and tell which faults hit it."""
        struck = []
        with self._lock:
            for number, fault in enumerate(self.faults):
                if fault.records in (None, records):
                    self._calls[number] += 1
                    if fault.strikes(self._calls[number]):
                        struck.append(fault)
        return tuple(struck)
