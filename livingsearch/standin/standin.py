"""The stand-in itself: records, faults and a log behind a server on loopback."""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from os import PathLike
from pathlib import Path
from threading import Lock, Thread
from types import TracebackType
from typing import Self

from livingsearch.standin.endpoints import Endpoints, Limits
from livingsearch.standin.faults import Fault, FaultKind, FaultScript
from livingsearch.standin.faulty_replies import rate_refusal, spoiled
from livingsearch.standin.generated import STEP, GeneratedIndex
from livingsearch.standin.history import History
from livingsearch.standin.index import Index, Lookup
from livingsearch.standin.rate import RateMeter, busiest_second
from livingsearch.standin.records import read_records
from livingsearch.standin.replies import Reply
from livingsearch.standin.server import PATH, Call, EutilsServer

MASK = "***"


@dataclass(frozen=True, slots=True)
class LoggedRequest:
    """A request that the stand-in was sent.

    Args:
        endpoint: `esearch`, `efetch`, `epost` or `einfo`.
        method: GET or POST.
        parameters: as sent; the API key is masked.
        at: when its first line came, in seconds on the clock of `time.monotonic`, unless the stand-in was given
            another.
    """

    endpoint: str
    method: str
    parameters: Mapping[str, str]
    at: float


@dataclass(frozen=True, slots=True)
class Settings:
    """How a stand-in behaves.

    Args:
        port: to listen on; 0 for any free one.
        faults: what goes wrong from the start.
        requests_per_second: allowed to a caller without an API key (NCBI: 3); None for no limit to anybody.
        requests_per_second_with_key: allowed with a key.
        latency: seconds that every reply takes at least.
        seed: of the die for faults with a chance.
        limits: of searches, posts and addresses.
        clock: the present in UTC.
        seconds: the clock of the rate limit and the log, never going back.
    """

    port: int = 0
    faults: tuple[Fault, ...] = ()
    requests_per_second: int | None = None
    requests_per_second_with_key: int = 10
    latency: float = 0
    seed: int = 0
    limits: Limits = field(default_factory=Limits)
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    seconds: Callable[[], float] = time.monotonic


class Standin:
    """A server on 127.0.0.1 that answers like NCBI's E-utilities, out of PubMed records from files or made up.

    Use it as a context manager, or call `start` and `close`. Everything may be changed while it runs.

    Args:
        index: the records.
        settings: how it behaves.
    """

    def __init__(self, index: Lookup, settings: Settings | None = None) -> None:
        self._settings = settings or Settings()
        limited = self._settings.requests_per_second
        self._meter = RateMeter(
            limited,
            None if limited is None else self._settings.requests_per_second_with_key,
            self._settings.seconds,
        )
        self.history = History()
        self._endpoints = Endpoints(index, self.history, self._settings.limits, self._settings.clock)
        self._script = FaultScript(self._settings.faults, self._settings.seed)
        self._log: list[LoggedRequest] = []
        self._lock = Lock()
        self._server: EutilsServer | None = None
        self._thread: Thread | None = None

    @classmethod
    def of_files(
        cls,
        files: Iterable[str | PathLike[str]],
        *,
        port: int = 0,
        faults: Iterable[Fault] = (),
        requests_per_second: int | None = None,
        requests_per_second_with_key: int = 10,
        latency: float = 0,
        limits: Limits | None = None,
        clock: Callable[[], datetime] | None = None,
        seconds: Callable[[], float] = time.monotonic,
    ) -> Self:
        """A stand-in over PubmedArticleSet files; the options are those of `Settings`.

        Raises:
            RecordFileUnusable: a file holds no PubMed records in UTF-8.
        """
        settings = Settings(
            port,
            tuple(faults),
            requests_per_second,
            requests_per_second_with_key,
            latency,
            limits=limits or Limits(),
            seconds=seconds,
        )
        return cls(_index(files), replace(settings, clock=clock) if clock else settings)

    @classmethod
    def of_generated(cls, count: int, *, size: int = 5_000, step: int = STEP, settings: Settings | None = None) -> Self:
        """A stand-in over records that are made when they are asked for; see `GeneratedIndex`.

        Args:
            count: how many.
            size: bytes of each, roughly.
            step: from one PMID to the next.
            settings: how it behaves.
        """
        return cls(GeneratedIndex(count, size, step), settings)

    @property
    def base_url(self) -> str:
        """Where it listens, with a slash at the end.

        Raises:
            RuntimeError: it has not been started, or is closed.
        """
        if self._server is None:
            raise RuntimeError("the stand-in is not running: use it as a context manager or call start()")
        return f"http://127.0.0.1:{self._server.server_address[1]}{PATH}"

    @property
    def requests(self) -> tuple[LoggedRequest, ...]:
        """What it was asked so far, in the order in which it came."""
        with self._lock:
            return tuple(self._log)

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What goes wrong at present; setting it starts counting the calls anew."""
        return self._script.faults

    @faults.setter
    def faults(self, faults: Iterable[Fault]) -> None:
        self._script = FaultScript(faults, self._settings.seed)

    @property
    def busiest_second(self) -> int:
        """Most requests that arrived within any one second."""
        return busiest_second(request.at for request in self.requests)

    def clear_requests(self) -> None:
        """Forget what it was asked."""
        with self._lock:
            self._log.clear()

    def load(self, files: Iterable[str | PathLike[str]]) -> None:
        """Serve the records of these files from now on, instead of those before.

        Raises:
            RecordFileUnusable: a file holds no PubMed records in UTF-8; the old ones stay.
        """
        self._endpoints.replace(_index(files))

    def start(self) -> Self:
        """Begin to listen; returns itself."""
        if self._server is None:
            self._server = EutilsServer(
                self._settings.port, self._answer, self._settings.limits.url, self._settings.seconds
            )
            self._thread = Thread(target=self._server.serve_forever, args=(0.02,), name="standin", daemon=True)
            self._thread.start()
        return self

    def close(self) -> None:
        """Stop listening and end all connections; nothing happens where it does not run."""
        server, thread = self._server, self._thread
        self._server = self._thread = None
        if server is not None and thread is not None:
            server.close()
            thread.join()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _answer(self, call: Call) -> Reply:
        api_key = call.parameters.get("api_key", "")
        shown = call.parameters | ({"api_key": MASK} if "api_key" in call.parameters else {})
        with self._lock:
            self._log.append(LoggedRequest(call.endpoint, call.method, shown, call.at))
        rate = self._meter.count(call.address, api_key, call.at)
        if rate and rate.exceeded:
            return rate_refusal(rate, api_key or call.address)

        struck = self._script.strike(call.endpoint, call.parameters)
        for fault in struck:
            if fault.kind is FaultKind.EXPIRED_HISTORY:
                self.history.forget(call.parameters.get("WebEnv"))
        reply = self._endpoints.reply(call.endpoint, call.parameters, struck)
        if rate:
            headers = {
                "X-RateLimit-Limit": str(rate.limit),
                "X-RateLimit-Remaining": str(rate.limit - rate.count),
            }
            reply = replace(reply, headers=headers)
        for fault in struck:
            reply = spoiled(reply, fault, call.endpoint, call.parameters)
        return replace(reply, wait=reply.wait + self._settings.latency)


def _index(files: Iterable[str | PathLike[str]]) -> Index:
    return Index(read_records([Path(file) for file in files]))
