"""HTTP for the stand-in: loopback only, GET and POST alike, connections kept alive."""

import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from livingsearch.standin.faulty_replies import html_page
from livingsearch.standin.loopback import LoopbackHandler, LoopbackServer
from livingsearch.standin.replies import Manner, Reply

_PIECE = 64
"""Bytes of a dripping reply that come at once."""
_RESET = struct.pack("ii", 1, 0)
"""SO_LINGER for no time at all: closing sends a reset."""

PATH = "/entrez/eutils/"
_ENDPOINTS = ("esearch", "efetch", "epost", "einfo")


@dataclass(frozen=True, slots=True)
class Call:
    """A request as it came.

    Args:
        endpoint: without its suffix.
        method: GET or POST.
        parameters: of address and body; a parameter that comes more than once is joined by commas.
        address: the caller's.
        at: seconds on the server's clock when its first line had come.
    """

    endpoint: str
    method: str
    parameters: dict[str, str]
    address: str
    at: float


class EutilsServer(LoopbackServer):
    """Listens, and asks `answer` for every reply.

    Args:
        port: 0 for any free one.
        answer: makes the reply to a call; called from many threads.
        longest_url: a GET with a longer address gets 414.
        seconds: the clock that tells when calls arrive.
    """

    def __init__(
        self, port: int, answer: Callable[[Call], Reply], longest_url: int, seconds: Callable[[], float]
    ) -> None:
        super().__init__(port, _Handler)
        self.answer, self.longest_url, self.seconds = answer, longest_url, seconds


class _Handler(LoopbackHandler):
    server: EutilsServer

    def parse_request(self) -> bool:
        self.arrived = self.server.seconds()
        return super().parse_request()

    def do_GET(self) -> None:
        if len(self.path) > self.server.longest_url:
            self._send(html_page("Request-URI Too Long", 414))
        else:
            self._serve("")

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "0")
        body = self.rfile.read(int(length) if length.isdigit() else 0)
        self._serve(body.decode("utf-8", "replace"))

    def log_message(self, format: str, *args: Any) -> None:
        """Keep quiet: the stand-in has a log of its own."""

    def _serve(self, body: str) -> None:
        address = urlsplit(self.path)
        endpoint = address.path.removeprefix(PATH).removesuffix(".fcgi")
        if endpoint not in _ENDPOINTS or address.path != f"{PATH}{endpoint}.fcgi":
            self._send(html_page("Not Found", 404))
            return
        parameters: dict[str, str] = {}
        for name, value in parse_qsl(f"{address.query}&{body}", keep_blank_values=True):
            parameters[name] = f"{parameters[name]},{value}" if name in parameters else value
        call = Call(endpoint, self.command, parameters, self.client_address[0], self.arrived)
        self._send(self.server.answer(call))

    def _send(self, reply: Reply) -> None:
        if reply.wait and self.server.closing.wait(reply.wait):
            reply = Reply(b"", manner=Manner.SILENT)
        if reply.manner in (Manner.SILENT, Manner.RESET):
            if reply.manner is Manner.RESET:
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
                # At once: the server's usual way out says goodbye first, and a goodbye is no reset.
                socket.close(self.connection.detach())
            self.close_connection = True
            return
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.content_type)
        self.send_header("Content-Length", str(len(reply.body)))
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if reply.manner is Manner.DRIPPING:
            self._drip(reply)
        elif reply.manner in (Manner.BROKEN_OFF, Manner.STALLED):
            self.close_connection = True
            self.wfile.write(reply.body[: len(reply.body) // 2])
            self.wfile.flush()
            self.server.closing.wait(reply.pause)
        else:
            self.wfile.write(reply.body)
        self.wfile.flush()

    def _drip(self, reply: Reply) -> None:
        for start in range(0, len(reply.body), _PIECE):
            if self.server.closing.wait(reply.pause):
                self.close_connection = True
                return
            self.wfile.write(reply.body[start : start + _PIECE])
            self.wfile.flush()
