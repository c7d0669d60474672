"""A loopback server that answers as scripted, and a clock that only sleeping moves."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl

KEY = "0123456789abcdef0123456789abcdef0123"


@dataclass(frozen=True)
class Answer:
    body: bytes = b""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    length: int | None = None
    """Content-Length to claim; the body's own where None, no header at all where negative."""


@dataclass
class Asked:
    utility: str
    params: dict[str, str]
    method: str
    query: str


@dataclass
class Server:
    url: str
    answer: Callable[[Asked], Answer]
    asked: list[Asked] = field(default_factory=list)

    def script(self, *answers: Answer | bytes) -> None:
        """Give these answers in turn, the last one for ever."""
        ready = [a if isinstance(a, Answer) else Answer(a) for a in answers]
        turn = iter(range(10**6))
        self.answer = lambda asked: ready[min(next(turn), len(ready) - 1)]


@contextmanager
def serving() -> Iterator[Server]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            path, _, query = self.path.partition("?")
            data = self.rfile.read(int(self.headers["Content-Length"])).decode()
            utility = path.rsplit("/", 1)[-1].removesuffix(".fcgi")
            asked = Asked(utility, dict(parse_qsl(data)), self.command, query)
            server.asked.append(asked)
            answer = server.answer(asked)
            self.send_response(answer.status)
            for name, value in answer.headers:
                self.send_header(name, value)
            length = len(answer.body) if answer.length is None else answer.length
            if length >= 0:
                self.send_header("Content-Length", str(length))
            self.end_headers()
            self.wfile.write(answer.body)

        do_GET = do_POST

        def log_message(self, format: str, *args: object) -> None:
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server = Server(f"http://127.0.0.1:{http.server_port}/eutils/", lambda asked: Answer())
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        http.shutdown()
        thread.join()
        http.server_close()
