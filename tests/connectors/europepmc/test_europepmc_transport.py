"""Faults that pass are outlasted; those that stay are told in a sentence."""

import threading
import time
from collections.abc import Callable
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import requests
from clock import Clock
from europepmc_served import EVERYTHING, serving

from connectors.errors import ConnectorError, MalformedReply, RateLimited, SourceRefused, SourceUnavailable
from connectors.europepmc import Transport, TransportSettings
from connectors.europepmc.classify import Kind, classify
from connectors.europepmc.page import read_page
from livingsearch.standin.europepmc import Fault, FaultKind

PASSING = [
    Fault(FaultKind.RATE_429, first=3),
    Fault(FaultKind.SERVER_503, first=3),
    Fault(FaultKind.DROP, first=2),
    Fault(FaultKind.TRUNCATED, first=2),
    Fault(FaultKind.HTML_200, first=1),
    Fault(FaultKind.ERROR_200, first=2, by=503),
    Fault(FaultKind.ERROR_200, first=2, by=429),
    Fault(FaultKind.VERSION_ONLY, first=1),
    Fault(FaultKind.DEEP, first=1, by=100_000),
    Fault(FaultKind.DEEP, first=1, by=60),
]


@pytest.mark.parametrize("fault", PASSING, ids=lambda fault: f"{fault.kind}-{fault.by}")
def test_what_passes_is_outlasted(fault: Fault) -> None:
    with serving(3, fault) as served:
        assert served.source().probe(EVERYTHING).count == 3
        assert len(served.standin.requests) == fault.first + 1
    assert len([s for s in served.clock.slept if s >= 1]) >= fault.first


@pytest.mark.parametrize(
    ("fault", "error", "told"),
    [
        (Fault(FaultKind.RATE_429), RateLimited, "too many requests arrive, for 60 s"),
        (Fault(FaultKind.SERVER_503), SourceUnavailable, "status 503"),
        (Fault(FaultKind.DROP), SourceUnavailable, "cut short"),
        (Fault(FaultKind.TRUNCATED), SourceUnavailable, "cut short"),
        (Fault(FaultKind.HTML_200), MalformedReply, "a web page"),
        (Fault(FaultKind.DEEP, by=100_000), MalformedReply, "nested too deeply"),
        (Fault(FaultKind.ERROR_200, by=503), SourceUnavailable, "does not know"),
        (Fault(FaultKind.ERROR_200, by=404), SourceRefused, "its error 404"),
        (Fault(FaultKind.VERSION_ONLY), SourceUnavailable, "nothing but a version"),
        (Fault(FaultKind.NOT_FOUND_404), SourceRefused, "no search service at that address"),
        (Fault(FaultKind.HUGE, by=3_000_000), SourceRefused, "more than 1 MB"),
    ],
    ids=lambda value: str(getattr(value, "kind", "")),
)
def test_what_stays_is_told(fault: Fault, error: type[ConnectorError], told: str) -> None:
    with serving(3, fault) as served:
        with pytest.raises(error, match=told) as caught:
            served.source(largest_reply=1_000_000).probe(EVERYTHING)
    assert type(caught.value) is error
    assert caught.value.__cause__ is None and caught.value.__context__ is None
    if error is SourceRefused:
        assert len(served.standin.requests) == 1
    else:
        assert served.clock.now == pytest.approx(1060, abs=1)


def test_the_source_says_how_long_to_wait() -> None:
    with serving(3, Fault(FaultKind.RATE_429, first=1, retry_after=17)) as served:
        served.source().probe(EVERYTHING)
    assert max(served.clock.slept) == 17


def test_an_address_without_a_server() -> None:
    clock = Clock()
    for url, error in (
        ("http://user:hidden@127.0.0.1:9/rest/", SourceUnavailable),
        ("nowhere", SourceRefused),
        ("http://user:hidden@[::1/rest", SourceRefused),
    ):
        settings = TransportSettings(base_url=url, retry_budget=5)
        with Transport(settings, clock=clock, sleep=clock.sleep) as transport:
            with pytest.raises(error) as caught:
                transport.ask({"query": "x"}, read_page)
        assert "hidden" not in str(caught.value)


def test_processes_share_their_pace(tmp_path: Path) -> None:
    clock = Clock()
    with serving(1) as served:
        settings = TransportSettings(base_url=served.standin.base_url, requests_per_second=4)
        ways = [
            Transport(settings, served.session, clock=clock, sleep=clock.sleep, rate_file=tmp_path / "rate")
            for _ in range(2)
        ]
        for way in ways * 3:
            way.ask({"query": EVERYTHING}, read_page)
    assert clock.now == pytest.approx(1000 + 5 / 4)


def test_a_pace_file_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    settings = TransportSettings(base_url="http://127.0.0.1:9/")
    with Transport(settings, rate_file=tmp_path) as transport:
        with pytest.raises(SourceUnavailable, match="requests to Europe PMC") as caught:
            transport.ask({"query": "x"}, read_page)
    assert "PubMed" not in str(caught.value)


@pytest.mark.parametrize("wrong", [{"tool": " "}, {"requests_per_second": 0}, {"largest_reply": 0}])
def test_settings_that_make_no_sense(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="needed"):
        TransportSettings(**wrong)


@contextmanager
def answering(write: Callable[[BaseHTTPRequestHandler], None]):
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            try:
                write(self)
            except ConnectionError:
                pass

        def log_message(self, format: str, *args: object) -> None:
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.daemon_threads = True
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{http.server_port}/"
    finally:
        http.shutdown()
        thread.join()
        http.server_close()


def asking(url: str, **settings: object) -> None:
    with requests.Session() as session:
        session.trust_env = False
        values = {"retry_budget": 0.4, "requests_per_second": 1e6, **settings}
        Transport(TransportSettings(base_url=url, **values), session).ask({"query": "x"}, read_page)


def test_a_reply_that_drips_for_ever_is_given_up() -> None:
    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000000")
        handler.end_headers()
        for _ in range(100):
            handler.wfile.write(b" ")
            handler.wfile.flush()
            time.sleep(0.05)

    started = time.monotonic()
    with answering(drip) as url, pytest.raises(SourceUnavailable, match="still coming"):
        asking(url, reply_timeout=0.3)
    assert time.monotonic() - started < 3


def test_a_small_reply_that_unpacks_to_a_large_one_is_refused() -> None:
    import gzip

    packed = gzip.compress(b'{"a":"' + b"0" * 50_000_000 + b'"}')

    def bomb(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Encoding", "gzip")
        handler.send_header("Content-Length", str(len(packed)))
        handler.end_headers()
        handler.wfile.write(packed)

    assert len(packed) < 100_000
    with answering(bomb) as url, pytest.raises(SourceRefused, match="more than 1 MB"):
        asking(url, largest_reply=1_000_000)


def test_a_redirect_is_not_followed() -> None:
    def redirect(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(302)
        handler.send_header("Location", "http://127.0.0.1:9/")
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    with answering(redirect) as url, pytest.raises(SourceRefused, match="has moved"):
        asking(url)


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (200, b'{"hitCount":0,"resultList":{"result":[]}}', None),
        (200, b"", Kind.PASSING),
        (200, b"  \n", Kind.PASSING),
        (200, b"<html>", Kind.GARBAGE),
        (200, b"ok", Kind.GARBAGE),
        (200, b'{"hitCount":', Kind.PASSING),
        (200, b'{"version":"6.9"}', Kind.PASSING),
        (200, b'{"version":"6.9","errCode":404,"errMsg":"x"}', Kind.REFUSED),
        (200, b'{"version":"6.9","errCode":"400"}', Kind.REFUSED),
        (200, b'{"hitCount":0,"errCode":404,"resultList":{"result":[]}}', Kind.REFUSED),
        (200, b'{"errMsg":"Too many requests"}', Kind.TOO_MANY),
        (200, b'{"errMsg":"?"}', Kind.PASSING),
        (500, b'{"errCode":400}', Kind.REFUSED),
        (204, b"", Kind.GARBAGE),
        (302, b"", Kind.REFUSED),
        (401, b"", Kind.REFUSED),
        (408, b"", Kind.PASSING),
        (414, b"", Kind.REFUSED),
        (422, b"", Kind.REFUSED),
        (429, b'{"hitCount":0}', Kind.TOO_MANY),
        (502, b"<html>", Kind.PASSING),
    ],
)
def test_a_reply_is_judged_by_its_body_first(status: int, body: bytes, kind: Kind | None) -> None:
    fault = classify(status, {}, body)
    assert (fault.kind if fault else None) is kind


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("7", 7.0), ("Fri, 02 Jan 2026 10:00:09 GMT", 9.0), ("soon", None), ("-5", None), ("9" * 5000, None)],
)
def test_retry_after(value: str, seconds: float | None) -> None:
    fault = classify(429, {"retry-after": value, "Date": "Fri, 02 Jan 2026 10:00:00 GMT"}, b"")
    assert fault is not None and fault.retry_after == seconds
