import logging
import pickle
import socket
import traceback
from collections.abc import Callable

import pytest
import requests
from pubmed_loopback import KEY, Answer, Clock, Server
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
        (Answer(b"no", 400), SourceRefused),
        (Answer(status=302, headers=(("Location", "http://127.0.0.1:9/"),)), SourceRefused),
        (Answer(LOST), HistoryLost),
    ],
)
def test_what_trying_again_cannot_mend_ends_at_once(
    server: Server, transport: Transport, clock: Clock, fault: Answer, error: type[ConnectorError]
) -> None:
    server.script(fault)
    with pytest.raises(error):
        ask(transport)
    assert len(server.asked) == 1


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


@pytest.mark.parametrize("url", ["eutils", "ftp://127.0.0.1/", "http://", "http://127.0.0.1:x/"])
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
