"""Spacing of requests: no more a second than the source allows, over threads and processes of one machine."""

import threading
from collections.abc import Callable
from pathlib import Path

from connectors.errors import SourceUnavailable

_FORGET = 60.0
"""Seconds ahead up to which a reservation is believed; later ones are leftovers of another boot's clock."""
_LATE = 0.05
"""Seconds after its moment up to which a request still goes out.

An interval with a tenth of slack leaves a tenth of a second in every second; half of it is for waking up late
on a busy machine, half for the way to the source.
"""
_RESERVATIONS = 5
"""Moments that one request may miss; after that it goes out late, so that a busy machine still gets on."""
_WIDTH = 32
"""Characters of the file: always overwritten in full, so that a process killed meanwhile leaves a number."""


class Pace:
    """Hands out moments at which a request may be sent, evenly spaced.

    A token bucket that holds one token: an even spacing never exceeds the rate in any window, which a bucket
    that allows bursts would. A caller that wakes up too late for its moment reserves another one, as its request
    would else crowd in with those that follow.

    Args:
        interval: seconds between two requests; 0 means no limit.
        clock: seconds on a clock that all processes of the machine share.
        sleep: waits so many seconds.
        file: where processes reserve their moments, or None for this process alone. Created when missing.
        label: what people call the source, for messages.
    """

    __slots__ = ("_clock", "_file", "_interval", "_label", "_lock", "_next", "_sleep")

    def __init__(
        self,
        interval: float,
        *,
        clock: Callable[[], float],
        sleep: Callable[[float], None],
        file: Path | None = None,
        label: str = "the source",
    ) -> None:
        self._interval, self._clock, self._sleep, self._file = interval, clock, sleep, file
        self._label = label
        self._lock = threading.Lock()
        self._next = 0.0

    def wait(self, sleep: Callable[[float], None] | None = None) -> None:
        """Return as soon as the next request may be sent.

        Args:
            sleep: waits so many seconds, in the place of the usual one; may raise to give up.

        Raises:
            SourceUnavailable: the file of reservations cannot be used.
        """
        if self._interval <= 0:
            return
        for _ in range(_RESERVATIONS):
            moment = self._change(lambda reserved, now: (reserved, reserved + self._interval))
            delay = moment - self._clock()
            if delay > 0:
                (sleep or self._sleep)(delay)
            if self._clock() - moment <= _LATE:
                return

    def hold(self, seconds: float) -> None:
        """Let nobody who shares the limit send anything for so long: the source said that it is too much.

        Args:
            seconds: from now on; cut to half a minute, after which the source is asked how it is.

        Raises:
            SourceUnavailable: the file of reservations cannot be used.
        """
        if self._interval > 0:
            until = min(max(seconds, 0.0), _FORGET / 2)
            self._change(lambda reserved, now: (now, max(reserved, now + until)))

    def _change(self, step: Callable[[float, float], tuple[float, float]]) -> float:
        """Replace the next free moment; `step` gets it and the present, and gives the result and the next one."""
        with self._lock:
            if self._file is not None:
                return self._change_in(self._file, step)
            result, self._next = self._after(self._next, step)
            return result

    def _change_in(self, file: Path, step: Callable[[float, float], tuple[float, float]]) -> float:
        # Brings redis along where that is installed, and most commands ask no source.
        import portalocker

        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.open("ab").close()
            with file.open("r+b", buffering=0) as handle:
                portalocker.lock(handle, portalocker.LOCK_EX)
                try:
                    result, following = self._after(_number(handle.read(_WIDTH * 2)), step)
                    handle.seek(0)
                    handle.write(repr(following).encode().ljust(_WIDTH))
                    handle.truncate(_WIDTH)
                finally:
                    portalocker.unlock(handle)
        except (OSError, portalocker.LockException) as fault:
            why = getattr(fault, "strerror", None) or type(fault).__name__
            raise SourceUnavailable(
                f"The file that spaces the requests to {self._label}, {file}, cannot be used ({why}); "
                "nothing was counted. Make its folder writable, then run the update again."
            ) from fault
        return result

    def _after(self, reserved: float, step: Callable[[float, float], tuple[float, float]]) -> tuple[float, float]:
        now = self._clock()
        if not now <= reserved <= now + max(_FORGET, 100 * self._interval):
            reserved = now
        return step(reserved, now)


def _number(written: bytes) -> float:
    try:
        return float(written.decode("ascii", "replace"))
    except ValueError:
        return 0.0
