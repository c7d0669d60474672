"""The rate limit: so many requests within any second, by address or by API key."""

from collections import defaultdict, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from threading import Lock


@dataclass(frozen=True, slots=True)
class Rate:
    """How a request stands to the limit; `count` includes the request itself."""

    count: int
    limit: int

    @property
    def exceeded(self) -> bool:
        """Whether the request has to be refused."""
        return self.count > self.limit


def busiest_second(moments: Iterable[float]) -> int:
    """Most moments within any one second, its beginning included and its end not."""
    within: deque[float] = deque()
    most = 0
    for moment in sorted(moments):
        within.append(moment)
        while moment - within[0] >= 1:
            within.popleft()
        most = max(most, len(within))
    return most


class RateMeter:
    """Counts requests. Safe to use from many threads.

    Args:
        per_second: allowed without an API key, or None for no limit at all.
        per_second_with_key: allowed with one.
        clock: seconds, never going back.
    """

    def __init__(self, per_second: int | None, per_second_with_key: int | None, clock: Callable[[], float]) -> None:
        self._limits = (per_second, per_second_with_key)
        self._clock = clock
        self._lock = Lock()
        self._seen: defaultdict[str, deque[float]] = defaultdict(deque)

    def count(self, address: str, api_key: str, now: float | None = None) -> Rate | None:
        """Count a request; None where there is no limit.

        Args:
            address: the caller's, which counts where there is no key.
            api_key: the caller's key, or an empty string.
            now: when it arrived, if not at this moment.
        """
        limit = self._limits[1] if api_key else self._limits[0]
        if limit is None:
            return None
        with self._lock:
            now, seen = self._clock() if now is None else now, self._seen[api_key or address]
            while seen and now - seen[0] >= 1:
                seen.popleft()
            # A refused request does not count towards the next second, or a patient caller would never get in.
            if len(seen) < limit:
                seen.append(now)
                return Rate(len(seen), limit)
            return Rate(len(seen) + 1, limit)
