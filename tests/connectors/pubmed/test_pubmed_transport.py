import gzip
import logging
import pickle
import socket
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from clock import Clock
from pubmed_loopback import KEY, Answer, Asked, Server
from pydantic import SecretStr

from connectors.errors import (
    ConnectorError,
    HistoryLost,
    MalformedReply,
    RateLimited,
    SourceRefused,
    SourceUnavailable,
)
from connectors.pubmed import Transport, TransportSettings
from connectors.web.wire import Abandoned, Halt

GOOD = b'<?xml version="1.0"?><eSearchResult><Count>0</Count></eSearchResult>'
RATE = b'{"error":"API rate limit exceeded","api-key":"1.2.3.4","count":"4","limit":"3"}'
LOST = b"<eFetchResult><ERROR>Unable to obtain query #1</ERROR></eFetchResult>"
BAD_KEY = b'{"error":"API key invalid","api-key":"' + KEY.encode() + b'"}'


def ask(transport: Transport, **params: str) -> bytes:
    return transport.ask("esearch", {"db": "pubmed", **params}, lambda body: body)[1]


def test_every_request_is_a_post_that_says_who_asks(server: Server, transport: Transport) -> None:
    server.script(GOOD)
    assert ask(transport, term="ä b") == GOOD
    (asked,) = server.asked
    assert (asked.utility, asked.method, asked.query) == ("esearch", "POST", "")
    assert asked.params == {
        "db": "pubmed",
        "term": "ä b",
        "tool": "livingsearch",
        "email": "library@example.org",
        "api_key": KEY,
    }


def test_without_a_key_none_is_sent(server: Server, connect: Callable[..., Transport]) -> None:
    server.script(GOOD)
    ask(connect(server.url, api_key=None))
    assert "api_key" not in server.asked[0].params


@pytest.mark.parametrize(
    "fault",
    [
        Answer(status=500),
        Answer(status=503, body=b"<html>busy</html>"),
        Answer(status=429),
        Answer(RATE),
        Answer(b"<eFetchResult><ERROR>External viewer error Status: Timeout</ERROR></eFetchResult>", 400),
        Answer(b"<html><body>Sign in</body></html>"),
        Answer(GOOD[:-5]),
        Answer(GOOD[:-5], length=len(GOOD)),
        Answer(GOOD[:-5], length=-1),
        Answer(b""),
    ],
)
def test_a_passing_fault_is_outlived(server: Server, transport: Transport, clock: Clock, fault: Answer) -> None:
    server.script(fault, fault, GOOD)
    assert ask(transport) == GOOD
    assert len(server.asked) == 3
    assert [s for s in clock.slept if s > 0.1] == [1.0, 2.0]


def test_retry_after_is_waited_for(server: Server, transport: Transport, clock: Clock) -> None:
    server.script(Answer(RATE, 429, (("Retry-After", "7"),)), GOOD)
    ask(transport)
    assert max(clock.slept) == 7


def test_retry_after_beyond_the_budget_is_cut_to_it(server: Server, transport: Transport, clock: Clock) -> None:
    server.script(Answer(RATE, 429, (("Retry-After", "86400"),)))
    with pytest.raises(RateLimited):
        ask(transport)
    assert clock.now - 1000 == pytest.approx(60, abs=0.01)
    assert len(server.asked) == 2


@pytest.mark.parametrize(
    ("fault", "error", "words"),
    [
        (Answer(status=500), SourceUnavailable, "did not answer for 60 s (last: its server reported a fault"),
        (Answer(GOOD[:-5]), SourceUnavailable, "cut short"),
        (Answer(GOOD[:-5], length=999), SourceUnavailable, "cut short"),
        (Answer(RATE, 429), RateLimited, "too many requests arrive, for 60 s"),
        (Answer(RATE), RateLimited, "API key"),
        (Answer(b"<html><body>Sign in</body></html>"), MalformedReply, "a web page"),
        (Answer(b"{}"), MalformedReply, "JSON"),
    ],
)
def test_a_fault_that_stays_ends_at_the_budget(
    server: Server, transport: Transport, clock: Clock, fault: Answer, error: type[ConnectorError], words: str
) -> None:
    server.script(fault)
    with pytest.raises(error) as caught:
        ask(transport)
    assert type(caught.value) is error
    assert words in str(caught.value)
    assert "nothing was counted" in str(caught.value)
    assert clock.now - 1000 == pytest.approx(60, abs=0.01)
    assert len(server.asked) > 3


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Answer(BAD_KEY, 400), SourceRefused),
        (Answer(status=302, headers=(("Location", "http://127.0.0.1:9/"),)), SourceRefused),
    ],
)
def test_what_trying_again_cannot_mend_ends_at_once(
    server: Server, transport: Transport, clock: Clock, fault: Answer, error: type[ConnectorError]
) -> None:
    server.script(fault)
    with pytest.raises(error):
        ask(transport)
    assert len(server.asked) == 1


def test_a_refusal_without_a_known_reason_is_asked_three_times(server: Server, transport: Transport) -> None:
    server.script(Answer(b"no", 400), Answer(b"no", 400), GOOD)
    assert ask(transport) == GOOD
    server.asked.clear()
    server.script(Answer(b"no", 400))
    with pytest.raises(SourceRefused, match="does not know"):
        ask(transport)
    assert len(server.asked) == 3


def test_a_search_that_is_said_to_be_forgotten_is_asked_for_three_times(server: Server, transport: Transport) -> None:
    server.script(Answer(LOST), Answer(LOST), GOOD)
    assert ask(transport) == GOOD
    server.asked.clear()
    server.script(Answer(LOST))
    with pytest.raises(HistoryLost):
        ask(transport)
    assert len(server.asked) == 3


def test_a_budget_of_zero_means_one_try(server: Server, connect: Callable[..., Transport]) -> None:
    server.script(Answer(status=500))
    with pytest.raises(SourceUnavailable):
        ask(connect(server.url, retry_budget=0))
    assert len(server.asked) == 1


def test_connection_refused(connect: Callable[..., Transport]) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(SourceUnavailable) as caught:
        ask(connect(f"http://user:word@127.0.0.1:{port}/eutils"))
    assert str(caught.value) == (
        f"PubMed did not answer for 60 s (last: connection refused, at http://127.0.0.1:{port}/…); "
        "nothing was counted; run the update again later."
    )


def test_silence_runs_into_the_read_timeout(connect: Callable[..., Transport]) -> None:
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        url = f"http://127.0.0.1:{mute.getsockname()[1]}/"
        with pytest.raises(SourceUnavailable, match="no reply within"):
            ask(connect(url, read_timeout=0.05, retry_budget=0))


@pytest.mark.parametrize("url", ["eutils", "ftp://127.0.0.1/", "http://", "http://127.0.0.1:x/", "http://a..b/"])
def test_an_address_that_is_none_is_said(connect: Callable[..., Transport], url: str) -> None:
    with pytest.raises(SourceRefused, match="no address"):
        ask(connect(url))


def test_what_the_caller_cannot_read_is_asked_again(server: Server, transport: Transport) -> None:
    server.script(GOOD)
    seen = []

    def read(body: bytes) -> int:
        seen.append(body)
        if len(seen) < 3:
            raise MalformedReply("PubMed's reply is odd.")
        return len(body)

    assert transport.ask("esearch", {}, read) == (GOOD, len(GOOD))


@pytest.mark.parametrize(
    "fault",
    [Answer(BAD_KEY, 400), Answer(BAD_KEY), Answer(KEY.encode(), 500), Answer(KEY.encode()), Answer(GOOD, length=999)],
)
def test_the_key_is_nowhere(
    server: Server, transport: Transport, fault: Answer, caplog: pytest.LogCaptureFixture
) -> None:
    server.script(fault)
    with caplog.at_level(logging.DEBUG), pytest.raises(ConnectorError) as caught:
        ask(transport)
    told = [
        str(caught.value),
        repr(caught.value),
        repr(transport),
        repr(transport.settings),
        caplog.text,
        "".join(traceback.format_exception(caught.value)),
    ]
    assert not [text for text in told if KEY in text]
    assert KEY.encode() not in pickle.dumps(caught.value)
    # Tools that show an error show what led to it, too: the request, with the key in its body.
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


def test_a_key_that_a_reply_echoes_is_not_stored(server: Server, transport: Transport) -> None:
    server.script(b"<eSearchResult><q>" + KEY.encode() + b"</q></eSearchResult>")
    assert ask(transport) == b"<eSearchResult><q>***</q></eSearchResult>"


def test_settings_say_what_is_wrong() -> None:
    with pytest.raises(ValueError, match="e-mail"):
        TransportSettings(email=" ")
    with pytest.raises(ValueError, match="above 0"):
        TransportSettings(email="a@b", requests_per_second=0)


def test_ncbi_allows_three_a_second_or_ten_with_a_key() -> None:
    assert 1 / 3 < TransportSettings(email="a@b").interval < 0.4
    assert 0.1 < TransportSettings(email="a@b", api_key=SecretStr(KEY)).interval < 0.12
    assert TransportSettings(email="a@b", requests_per_second=4).interval == 0.25


def test_a_session_handed_in_stays_open() -> None:
    class Session(requests.Session):
        closed = False

        def close(self) -> None:
            self.closed = True
            super().close()

    session = Session()
    with Transport(TransportSettings(email="a@b"), session):
        pass
    assert not session.closed
    session.close()


def test_a_key_that_a_reply_writes_otherwise_is_not_stored(server: Server, connect: Callable[..., Transport]) -> None:
    odd = "key & <more>/0123"
    server.script(b"<eSearchResult><q>key &amp; &lt;more&gt;/0123 key+%26+%3Cmore%3E%2F0123</q></eSearchResult>")
    assert ask(connect(server.url, api_key=SecretStr(odd))) == b"<eSearchResult><q>*** ***</q></eSearchResult>"


@contextmanager
def wired(*replies: tuple[bytes, ...]) -> Iterator[tuple[str, list[int]]]:
    """A server that sends these pieces, one reply a request, 20 ms apart, and then hangs up; counts connections."""
    connections: list[int] = []
    turn = iter(replies)

    def serve(listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            connections.append(0)
            with connection, connection.makefile("rb") as lines:
                while request := list(iter(lines.readline, b"\r\n")) if lines.peek(1) else []:
                    (length,) = (int(line[15:]) for line in request if line.startswith(b"Content-Length:"))
                    lines.read(length)
                    connections[-1] += 1
                    pieces = next(turn, ())
                    for piece in pieces:
                        try:
                            connection.sendall(piece)
                        except OSError:
                            break
                        time.sleep(0.02)
                    if not pieces or b"close" in pieces[0]:
                        break

    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        thread = threading.Thread(target=serve, args=(listener,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/", connections
        listener.shutdown(socket.SHUT_RDWR)
    thread.join(5)


def head(length: int | None, *more: bytes) -> bytes:
    lines = [b"HTTP/1.1 200 OK", *more] + ([] if length is None else [b"Content-Length: %d" % length])
    return b"\r\n".join(lines) + b"\r\n\r\n"


def real(url: str, **settings: object) -> Transport:
    values = {"email": "a@b", "requests_per_second": 1e6, "retry_budget": 0, **settings}
    return Transport(TransportSettings(base_url=url, **values))


def test_a_reply_that_drips_ends_at_its_time() -> None:
    with wired((head(1_000), *[b"<"] * 1_000)) as (url, _), real(url, reply_timeout=0.15) as transport:
        began = time.monotonic()
        with pytest.raises(SourceUnavailable, match="still coming after"):
            ask(transport)
        assert time.monotonic() - began < 1


def test_a_reply_without_end_is_not_taken() -> None:
    body = b"<a>" + b" " * 5_000
    with wired((head(None, b"Connection: close") + body,)) as (url, _), real(url, largest_reply=4_000) as transport:
        with pytest.raises(SourceRefused, match="fewer records"):
            ask(transport)


def test_a_small_reply_that_unpacks_to_a_huge_one_is_not_taken() -> None:
    bomb = gzip.compress(b"<a>" + b" " * 3_000_000 + b"</a>")
    with wired((head(len(bomb), b"Content-Encoding: gzip") + bomb,)) as (url, _):
        with real(url, largest_reply=100_000) as transport, pytest.raises(SourceRefused, match="fewer records"):
            ask(transport)


@pytest.mark.parametrize(
    "pieces",
    [
        (head(len(GOOD)) + GOOD[:5], GOOD[5:]),
        (head(None, b"Connection: close"), GOOD),
        (head(None, b"Transfer-Encoding: chunked"), b"%x\r\n%s\r\n" % (len(GOOD), GOOD), b"0\r\n\r\n"),
        (head(len(gzip.compress(GOOD)), b"Content-Encoding: gzip"), gzip.compress(GOOD)),
    ],
)
def test_a_reply_comes_whole_however_it_is_sent(pieces: tuple[bytes, ...]) -> None:
    with wired(pieces) as (url, _), real(url) as transport:
        assert ask(transport) == GOOD


@pytest.mark.parametrize(
    "pieces",
    [
        (head(len(GOOD), b"Connection: close") + GOOD[:-1],),
        (head(None, b"Connection: close") + GOOD[:-1],),
        (head(None, b"Transfer-Encoding: chunked", b"Connection: close") + b"%x\r\n%s" % (len(GOOD), GOOD),),
        (head(99, b"Content-Encoding: gzip", b"Connection: close") + gzip.compress(GOOD)[:-4],),
        (head(4, b"Content-Encoding: gzip", b"Connection: close") + b"what",),
        (b"nonsense close\r\n\r\n",),
    ],
)
def test_a_reply_that_breaks_off_is_no_reply(pieces: tuple[bytes, ...]) -> None:
    with wired(pieces, (head(len(GOOD)) + GOOD,)) as (url, _):
        with real(url) as transport, pytest.raises(SourceUnavailable) as caught:
            ask(transport)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


def test_one_connection_serves_many_requests_and_keeps_no_cookies() -> None:
    reply = (head(len(GOOD), b"Set-Cookie: ncbi_sid=1; Path=/") + GOOD,)
    with wired(*[reply] * 3) as (url, connections), real(url) as transport:
        for _ in range(3):
            ask(transport)
        assert connections == [3]
        assert not transport._session.cookies


def test_an_answer_that_nobody_wants_is_given_up(server: Server, transport: Transport, clock: Clock) -> None:
    halt = Halt()

    def answer(asked: Asked) -> Answer:
        halt.no_more.set()
        return Answer(status=500)

    server.answer = answer
    for _ in range(2):
        with pytest.raises(Abandoned):
            transport.ask("esearch", {}, lambda body: body, halt=halt)
    assert len(server.asked) == 1
    assert clock.slept == []


def test_too_many_requests_hold_up_all_that_share_the_limit(
    server: Server, connect: Callable[..., Transport], clock: Clock, tmp_path: Path
) -> None:
    one, other = (
        connect(server.url, rate_file=tmp_path / "rate", requests_per_second=10, retry_budget=budget)
        for budget in (0, 60)
    )
    server.script(Answer(RATE, 429, (("Retry-After", "7"),)), GOOD)
    with pytest.raises(RateLimited):
        ask(one)
    began = clock.now
    ask(other)
    assert clock.now - began == 7
