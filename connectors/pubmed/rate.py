"""Spacing of requests: no more a second than the source allows, over threads and processes of one machine."""

import threading
from collections.abc import Callable
from pathlib import Path

import portalocker

from connectors.errors import SourceUnavailable

_FORGET = 60.0
"""Seconds ahead up to which a reservation is believed; later ones are leftovers of another boot's clock."""


class Pace:
    """Hands out moments at which a request may be sent, evenly spaced.

    A token bucket that holds one token: an even spacing never exceeds the rate in any window, which a bucket
    that allows bursts would.

    Args:
        interval: seconds between two requests; 0 means no limit.
        clock: seconds on a clock that all processes of the machine share.
        sleep: waits so many seconds.
        file: where processes reserve their moments, or None for this process alone. Created when missing.
    """

    __slots__ = ("_clock", "_file", "_interval", "_lock", "_next", "_sleep")

    def __init__(
        self,
        interval: float,
        *,
        clock: Callable[[], float],
        sleep: Callable[[float], None],
        file: Path | None = None,
    ) -> None:
        self._interval, self._clock, self._sleep, self._file = interval, clock, sleep, file
        self._lock = threading.Lock()
        self._next = 0.0

    def wait(self) -> None:
        """Return as soon as the next request may be sent.

        Raises:
            SourceUnavailable: the file of reservations cannot be used.
        """
        if self._interval <= 0:
            return
        with self._lock:
            delay = self._reserve() if self._file is None else self._reserve_in(self._file)
        if delay > 0:
            self._sleep(delay)

    def _reserve(self) -> float:
        delay, self._next = self._after(self._next)
        return delay

    def _reserve_in(self, file: Path) -> float:
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            with file.open("a+", encoding="ascii", errors="replace") as handle:
                portalocker.lock(handle, portalocker.LOCK_EX)
                try:
                    handle.seek(0)
                    delay, following = self._after(_number(handle.read(64)))
                    handle.seek(0)
                    handle.truncate()
                    handle.write(repr(following))
                    handle.flush()
                finally:
                    portalocker.unlock(handle)
        except (OSError, portalocker.LockException) as fault:
            why = getattr(fault, "strerror", None) or type(fault).__name__
            raise SourceUnavailable(
                f"The file that spaces the requests to PubMed, {file}, cannot be used ({why}); "
                "nothing was counted. Make its folder writable, then run the update again."
            ) from fault
        return delay

    def _after(self, reserved: float) -> tuple[float, float]:
        now = self._clock()
        if not now <= reserved <= now + max(_FORGET, 100 * self._interval):
            reserved = now
        return reserved - now, reserved + self._interval


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
