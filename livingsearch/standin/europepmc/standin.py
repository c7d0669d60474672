"""The stand-in itself: records, faults and a log behind a server on loopback."""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from threading import Lock, Thread
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

from livingsearch.standin.europepmc.faults import Fault, FaultScript
from livingsearch.standin.europepmc.records import Result
from livingsearch.standin.europepmc.replies import HttpReply, as_json, bent, search_reply, spoiled
from livingsearch.standin.loopback import LoopbackHandler, LoopbackServer

PATH = "/europepmc/webservices/rest/"


@dataclass(frozen=True, slots=True)
class LoggedRequest:
    """A request that the stand-in was sent.

    Args:
        method: GET or POST.
        parameters: as sent.
        agent: the User-Agent header.
        at: seconds on the clock of `time.monotonic`, unless the stand-in was given another.
    """

    method: str
    parameters: Mapping[str, str]
    agent: str
    at: float


@dataclass(frozen=True, slots=True)
class Settings:
    """How a stand-in behaves.

    Args:
        port: to listen on; 0 for any free one.
        longest_url: a GET with a longer address gets 414. An assumption: the real limit is not documented.
        seconds: the clock of the log, never going back.
    """

    port: int = 0
    longest_url: int = 4_000
    seconds: Callable[[], float] = time.monotonic


class EuropePmcStandin:
    """A server on 127.0.0.1 that answers like Europe PMC's search; not verified against the live service.

    Use it as a context manager, or call `start` and `close`. Records and faults may be set while it runs.

    Args:
        records: `core` records, in the order in which searches find them.
        faults: what goes wrong from the start.
        settings: how it behaves.
    """

    def __init__(
        self, records: Iterable[Result], faults: Iterable[Fault] = (), settings: Settings | None = None
    ) -> None:
        self.records: tuple[Result, ...] = tuple(records)
        self._settings = settings or Settings()
        self._script = FaultScript(faults)
        self._log: list[LoggedRequest] = []
        self._lock = Lock()
        self._server: _Server | None = None
        self._thread: Thread | None = None

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
        """What goes wrong at present; setting it starts counting the requests anew."""
        return self._script.faults

    @faults.setter
    def faults(self, faults: Iterable[Fault]) -> None:
        self._script = FaultScript(faults)

    def start(self) -> Self:
        """Begin to listen; returns itself."""
        if self._server is None:
            self._server = _Server(self._settings.port, self._answer, self._settings.longest_url)
            self._thread = Thread(
                target=self._server.serve_forever, args=(0.02,), name="europepmc-standin", daemon=True
            )
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

    def _answer(self, method: str, parameters: Mapping[str, str], agent: str) -> HttpReply:
        with self._lock:
            self._log.append(LoggedRequest(method, dict(parameters), agent, self._settings.seconds()))
        records, struck = self.records, self._script.strike(parameters.get("resultType") == "core")
        content = search_reply(records, parameters, method == "GET")
        for fault in struck:
            content = bent(content, fault, records, parameters)
        reply = HttpReply(as_json(content))
        for fault in struck:
            reply = spoiled(reply, fault)
        return reply


class _Server(LoopbackServer):
    def __init__(self, port: int, answer: Callable[[str, Mapping[str, str], str], HttpReply], longest_url: int) -> None:
        super().__init__(port, _Handler)
        self.answer, self.longest_url = answer, longest_url


class _Handler(LoopbackHandler):
    server: _Server

    def do_GET(self) -> None:
        if len(self.path) > self.server.longest_url:
            self._send(HttpReply(b"", 414))
        else:
            self._serve("search", "")

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "0")
        body = self.rfile.read(int(length) if length.isdigit() else 0)
        self._serve("searchPOST", body.decode("utf-8", "replace"))

    def log_message(self, format: str, *args: Any) -> None:
        """Keep quiet: the stand-in has a log of its own."""

    def _serve(self, module: str, body: str) -> None:
        address = urlsplit(self.path)
        if address.path != PATH + module:
            self._send(HttpReply(b"", 404))
            return
        parameters = dict(parse_qsl(f"{address.query}&{body}", keep_blank_values=True))
        self._send(self.server.answer(self.command, parameters, self.headers.get("User-Agent", "")))

    def _send(self, reply: HttpReply) -> None:
        if reply.wait and self.server.closing.wait(reply.wait):
            self.close_connection = True
            return
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.content_type)
        self.send_header("Content-Length", str(len(reply.body)))
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if reply.broken_off:
            self.close_connection = True
        self.wfile.write(reply.body[: len(reply.body) // 2] if reply.broken_off else reply.body)
        self.wfile.flush()
