"""The connector of docs/connectors.md, taken from its text, and a server for it."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType
from urllib.parse import parse_qs, urlsplit

import requests
from clock import Clock
from contract_rigs import PAGE, PASSWORD, TITLES, Rig

DOCS = Path(__file__).parents[3] / "docs" / "connectors.md"


def example() -> str:
    """The one block of Python in the page."""
    _, _, rest = DOCS.read_text("utf-8").partition("\n```python\n")
    code, _, rest = rest.partition("\n```\n")
    assert code and "```python" not in rest
    return code


class Catalogue:
    """What the server knows and does wrong."""

    def __init__(self) -> None:
        self.count, self.asked, self.pages, self.fault, self.notes = 0, 0, 0, "", []

    def answer(self, query: str, start: int, size: int) -> tuple[int, bytes]:
        self.asked += 1
        self.pages += size > 1
        if self.fault == "busy" and self.asked <= 2:
            return 429, b""
        if self.fault == "down" or (self.fault == "breaks" and self.pages > 1):
            return 503, b""
        total = self.count if query.startswith("peer") else 0
        numbers = range(start + 1, min(start + size, total) + 1)
        items = [{"no": n, "title": TITLES[n % len(TITLES)], "year": 2020} for n in numbers]
        if self.fault == "withholds" and size > 1:
            items = items[1:]
        body = json.dumps({"total": total, "notes": self.notes, "items": items}).encode()
        return 200, body[: len(body) // 2] if self.fault == "cut" else body


@contextmanager
def example_rig(folder: Path) -> Iterator[Rig]:
    module = ModuleType("shelf")
    exec(compile(example(), str(DOCS), "exec"), module.__dict__)
    catalogue, clock = Catalogue(), Clock()

    def serve(count: int) -> None:
        catalogue.count = count

    def fail(name: str) -> None:
        catalogue.fault, catalogue.asked, catalogue.pages = name, catalogue.asked if name != "busy" else 0, 0

    def warned() -> str:
        catalogue.notes = ["a stop word was left out"]
        return "peer"

    with _serving(catalogue.answer) as port, requests.Session() as session:
        session.trust_env = False
        url = f"http://reader:{PASSWORD}@127.0.0.1:{port}/items"
        transport = module.ShelfTransport(url, session, clock=clock, sleep=clock.sleep, jitter=lambda low, high: high)
        with module.Shelf(transport, page_size=PAGE) as source:
            yield Rig(
                source=source,
                serve=serve,
                fault=fail,
                asked=lambda: catalogue.asked,
                warned=warned,
                everything="peer",
                nothing="zzyzx",
                misread="peer[tiab]",
                secrets=(PASSWORD,),
                clock=clock,
            )


@contextmanager
def _serving(answer: Callable[[str, int, int], tuple[int, bytes]]) -> Iterator[int]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
            status, body = answer(asked["q"], int(asked["from"]), int(asked["size"]))
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield http.server_port
    finally:
        http.shutdown()
        thread.join()
        http.server_close()
