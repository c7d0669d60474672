"""The running stand-in: log, reloading, rate limit, faults, records it cannot serve, the command."""

import gzip
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests
from defusedxml.ElementTree import ParseError, fromstring
from invented_pubmed import ARTICLES, BOOK, Client, article

from livingsearch.standin import Fault, FaultKind, RecordFileUnusable, Standin, parse_fault
from livingsearch.standin.__main__ import main


@pytest.fixture
def started(write: Callable[..., Path]) -> Callable[..., Any]:
    """Starts a stand-in with options of its own."""

    @contextmanager
    def start(**options: Any) -> Iterator[Client]:
        with Standin.of_files([write(*ARTICLES, BOOK)], **options) as standin:
            client = Client(standin)
            with client.session:
                yield client

    return start


def statuses(client: Client, endpoint: str, calls: int, **parameters: Any) -> list[int]:
    return [client.call(endpoint, **parameters).status_code for _ in range(calls)]


def test_the_log_masks_the_key(ask: Client) -> None:
    ask.call("esearch", "GET", term="peers", api_key="s3cret", tool="t")
    ask.call("efetch", id=["1", "2"])
    first, second = ask.standin.requests
    assert (first.endpoint, first.method) == ("esearch", "GET")
    assert first.parameters == {"db": "pubmed", "term": "peers", "api_key": "***", "tool": "t"}
    assert (second.endpoint, second.method, second.parameters["id"]) == ("efetch", "POST", "1,2")
    assert first.at <= second.at
    ask.standin.clear_requests()
    assert ask.standin.requests == ()


def test_records_can_be_exchanged_while_it_runs(ask: Client, write: Callable[..., Path]) -> None:
    assert ask.pmids("peers[ti]") == [30, 3]
    ask.standin.load([write(*ARTICLES, article(99, "Peers, again."), name="more.xml")])
    assert ask.pmids("peers[ti]") == [99, 3]
    assert ask.call("efetch", id="30").text.endswith("<PubmedArticleSet></PubmedArticleSet>")


def test_the_later_of_two_versions_counts(ask: Client, write: Callable[..., Path]) -> None:
    old, new = write(article(1, "Old zebra."), name="a.xml"), write(article(1, "New zebra."), name="b.xml")
    ask.standin.load([old, new])
    assert ask.pmids("zebra[ti]") == [1]
    assert ask.pmids("old[ti]") == []


def test_compressed_files_and_byte_order_marks(ask: Client, tmp_path: Path) -> None:
    packed = tmp_path / "packed.xml.gz"
    xml = f"<PubmedArticleSet>{article(7, 'Zebra.')}</PubmedArticleSet>"
    packed.write_bytes(gzip.compress(b"\xef\xbb\xbf" + xml.encode()))
    ask.standin.load([packed])
    assert ask.pmids("zebra[ti]") == [7]


def test_a_file_of_one_bare_record(ask: Client, tmp_path: Path) -> None:
    path = tmp_path / "bare.xml"
    path.write_text(article(7, "Zebra."), encoding="utf-8")
    ask.standin.load([path])
    assert ask.pmids("zebra[ti]") == [7]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no xml",
        b"<PubmedArticleSet><PubmedArticle>",
        b"<PubmedArticleSet><PubmedArticle><MedlineCitation/></PubmedArticle></PubmedArticleSet>",
        b"<PubmedArticleSet><!-- <PubmedArticle></PubmedArticle> --></PubmedArticleSet>",
        b'<?xml version="1.0" encoding="latin-1"?><PubmedArticleSet>\xe9</PubmedArticleSet>',
        b'<!DOCTYPE a [<!ENTITY b "c">]><PubmedArticleSet>&b;</PubmedArticleSet>',
    ],
)
def test_files_that_cannot_be_served(ask: Client, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bad.xml"
    path.write_bytes(content)
    with pytest.raises(RecordFileUnusable, match=r"bad\.xml"):
        ask.standin.load([path])
    assert ask.pmids("peers[ti]") == [30, 3]


def test_no_limit_unless_asked_for(ask: Client) -> None:
    assert statuses(ask, "einfo", 30) == [200] * 30


def test_rate_limit(started: Callable[..., Any]) -> None:
    now = [100.0]
    with started(requests_per_second=3, seconds=lambda: now[0]) as client:
        # The address allows three and the key ten; the two are counted apart.
        assert statuses(client, "einfo", 4) == [200, 200, 200, 429]
        assert statuses(client, "einfo", 11, api_key="k") == [200] * 10 + [429]
        refused = client.call("esearch", term="x")
        assert refused.headers["Retry-After"] == "2"
        assert (refused.headers["X-RateLimit-Limit"], refused.headers["X-RateLimit-Remaining"]) == ("3", "0")
        assert refused.json() == {
            "error": "API rate limit exceeded",
            "api-key": "127.0.0.1",
            "count": "4",
            "limit": "3",
        }
        now[0] += 0.99
        assert client.call("einfo").status_code == 429
        now[0] += 0.01
        again = client.call("einfo")
        assert again.status_code == 200
        assert again.headers["X-RateLimit-Remaining"] == "2"


@pytest.mark.parametrize(
    ("fault", "status", "kind", "words"),
    [
        (Fault(FaultKind.RATE_429), 429, "application/json", '"count":"4","limit":"3"'),
        (Fault(FaultKind.RATE_429, status=200), 200, "application/json", "API rate limit exceeded"),
        (Fault(FaultKind.SERVER_500), 500, "text/html", "Internal Server Error"),
        (Fault(FaultKind.SERVER_502), 502, "text/html", "Bad Gateway"),
        (Fault(FaultKind.TRANSIENT_400), 400, "text/xml", "External viewer error: Empty Response. Bytes read: 0"),
        (Fault(FaultKind.HTML_200), 200, "text/html", "maintenance"),
        (Fault(FaultKind.ERROR_200), 200, "text/xml", "<ERROR>Search Backend failed"),
        (Fault(FaultKind.BAD_KEY_400), 400, "application/json", '"error":"API key invalid","api-key":"k1"'),
    ],
)
def test_faults_that_answer(ask: Client, fault: Fault, status: int, kind: str, words: str) -> None:
    ask.standin.faults = [fault]
    api_key = {"api_key": "k1"} if fault.kind is FaultKind.BAD_KEY_400 else {}
    for endpoint in ("esearch", "efetch", "epost"):
        reply = ask.call(endpoint, term="peers", id="1", **api_key)
        assert reply.status_code == status
        assert reply.headers["Content-Type"].startswith(kind)
        assert words in reply.text


def test_retry_after_can_be_short(ask: Client) -> None:
    ask.standin.faults = [Fault(FaultKind.RATE_429, retry_after=0, first=1)]
    assert ask.call("einfo").headers["Retry-After"] == "0"
    assert ask.call("einfo").status_code == 200


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (Fault(FaultKind.SERVER_502, first=2), [502, 502, 200, 200, 200]),
        (Fault(FaultKind.SERVER_502, every=2), [200, 502, 200, 502, 200]),
        (Fault(FaultKind.SERVER_502, after=3), [200, 200, 200, 502, 502]),
        (Fault(FaultKind.SERVER_502, after=1, first=1), [200, 502, 200, 200, 200]),
        (Fault(FaultKind.SERVER_502), [502] * 5),
        (Fault(FaultKind.SERVER_502, "efetch"), [200] * 5),
    ],
)
def test_which_calls_a_fault_hits(ask: Client, fault: Fault, expected: list[int]) -> None:
    ask.standin.faults = [fault]
    assert statuses(ask, "esearch", 5, term="peers") == expected


def test_faults_one_after_the_other(ask: Client) -> None:
    ask.standin.faults = [Fault(FaultKind.SERVER_502, first=1), Fault(FaultKind.SERVER_500, after=1, first=1)]
    assert statuses(ask, "einfo", 3) == [502, 500, 200]
    assert ask.standin.faults[0].kind is FaultKind.SERVER_502


def test_timeout_holds_the_connection_and_closes_it(ask: Client) -> None:
    ask.standin.faults = [Fault(FaultKind.TIMEOUT, seconds=0.2, first=1)]
    begun = time.monotonic()
    with pytest.raises(requests.ConnectionError):
        ask.call("einfo")
    assert time.monotonic() - begun >= 0.2
    ask.standin.faults = [Fault(FaultKind.TIMEOUT, seconds=30, first=1)]
    with pytest.raises(requests.ReadTimeout):
        requests.get(f"{ask.standin.base_url}einfo.fcgi", timeout=0.1)
    assert ask.call("einfo").status_code == 200


def test_drop_breaks_off_in_the_body(ask: Client) -> None:
    ask.standin.faults = [Fault(FaultKind.DROP, "efetch", first=1)]
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        ask.call("efetch", id="1,2,3")
    assert len(fromstring(ask.call("efetch", id="1,2,3").content)) == 3


def test_truncated_looks_whole_to_http(ask: Client) -> None:
    ask.standin.faults = [Fault(FaultKind.TRUNCATED)]
    reply = ask.call("efetch", id="1,2,3")
    assert int(reply.headers["Content-Length"]) == len(reply.content)
    with pytest.raises(ParseError):
        fromstring(reply.content)


def test_expired_history_is_gone_for_good(ask: Client) -> None:
    ask.standin.faults = [Fault(FaultKind.EXPIRED_HISTORY, "efetch", after=1, first=1)]
    kept = {"WebEnv": ask.search("peers[ti]", usehistory="y").findtext("WebEnv"), "query_key": "1"}
    assert len(fromstring(ask.call("efetch", id="1").content)) == 1
    assert len(fromstring(ask.call("efetch", **kept).content)) == 2
    for _ in range(2):
        reply = ask.call("efetch", **kept)
        assert (reply.status_code, b"Unable to obtain query #1" in reply.content) == (200, True)
    again = ask.search("peers[ti]", usehistory="y").findtext("WebEnv")
    assert len(fromstring(ask.call("efetch", WebEnv=again, query_key="1").content)) == 2


def test_missing_pmids(ask: Client) -> None:
    def fetched() -> list[str | None]:
        return [e.text for e in fromstring(ask.call("efetch", id="1,2,3,4,5").content).iterfind("*/*/PMID")]

    ask.standin.faults = [Fault(FaultKind.MISSING_PMIDS, pmids=frozenset({2, 4}))]
    assert fetched() == ["1", "3", "5"]
    ask.standin.faults = [Fault(FaultKind.MISSING_PMIDS, nth=3)]
    assert fetched() == ["1", "2", "4", "5"]
    assert ask.pmids("1:2[uid]") == [2, 1]


@pytest.mark.parametrize(("by", "count"), [(3, "5"), (-1, "1"), (-9, "0")])
def test_wrong_count(ask: Client, by: int, count: str) -> None:
    ask.standin.faults = [Fault(FaultKind.WRONG_COUNT, by=by)]
    found = ask.json("peers[ti]")
    assert (found["count"], found["idlist"]) == (count, ["30", "3"])


def test_slow_and_latency(started: Callable[..., Any]) -> None:
    with started(latency=0.05, faults=[Fault(FaultKind.SLOW, seconds=0.2, first=1)]) as client:
        took = []
        for _ in range(2):
            begun = time.monotonic()
            assert client.call("einfo").status_code == 200
            took.append(time.monotonic() - begun)
    assert took[0] >= 0.25
    assert 0.05 <= took[1] < took[0]


def test_closing_ends_what_still_waits(write: Callable[..., Path]) -> None:
    standin = Standin.of_files([write(*ARTICLES)], faults=[Fault(FaultKind.TIMEOUT, seconds=60)]).start()
    failed: list[Exception] = []

    def ask() -> None:
        try:
            requests.get(f"{standin.base_url}einfo.fcgi", timeout=30)
        except requests.RequestException as error:
            failed.append(error)

    asking = threading.Thread(target=ask)
    asking.start()
    while not standin.requests:
        time.sleep(0.01)
    begun = time.monotonic()
    standin.close()
    asking.join()
    assert time.monotonic() - begun < 20
    assert len(failed) == 1
    standin.close()
    with pytest.raises(RuntimeError, match="not running"):
        _ = standin.base_url


def test_many_clients_at_once(ask: Client) -> None:
    ask.standin.faults = [Fault(FaultKind.SERVER_502, every=4)]

    def one(number: int) -> int:
        with requests.Session() as session:
            url = f"{ask.standin.base_url}esearch.fcgi"
            data = {"db": "pubmed", "term": "peers[ti]", "usehistory": "y"}
            return [session.post(url, data=data, timeout=10).status_code for _ in range(10)].count(502)

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(one, range(8))) == 20
    assert len(ask.standin.requests) == 80


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("server_502", Fault(FaultKind.SERVER_502)),
        ("rate_429:efetch:first 2", Fault(FaultKind.RATE_429, "efetch", first=2)),
        ("drop:esearch:every 3", Fault(FaultKind.DROP, "esearch", every=3)),
        ("slow::after 4", Fault(FaultKind.SLOW, after=4)),
        ("html_200:epost:always", Fault(FaultKind.HTML_200, "epost")),
        ("missing_pmids", Fault(FaultKind.MISSING_PMIDS, nth=2)),
        ("missing_pmids=5", Fault(FaultKind.MISSING_PMIDS, nth=5)),
        ("timeout=60:efetch", Fault(FaultKind.TIMEOUT, "efetch", seconds=60)),
        ("wrong_count=-2", Fault(FaultKind.WRONG_COUNT, by=-2)),
    ],
)
def test_faults_of_the_command_line(text: str, fault: Fault) -> None:
    assert parse_fault(text) == fault


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("flood", "known are rate_429"),
        ("drop:elink", "known are esearch"),
        ("drop::sometimes", "none of: always"),
        ("drop::every 0", "none of: always"),
        ("slow=soon", "no number that slow can have"),
        ("drop=3", "drop takes no number"),
    ],
)
def test_faults_that_cannot_be_read(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        parse_fault(text)


def test_a_fault_that_never_comes_round_is_refused() -> None:
    with pytest.raises(ValueError, match="counted from 1"):
        Fault(FaultKind.DROP, every=0)


def test_the_command(write: Callable[..., Path]) -> None:
    path = write(*ARTICLES)
    command = [sys.executable, "-m", "livingsearch.standin", "--records", str(path), "--fault", "server_502::first 1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        url = process.stdout.readline().strip()
        assert url.startswith("http://127.0.0.1:")
        assert url.endswith("/entrez/eutils/")
        asked = [requests.get(f"{url}einfo.fcgi", timeout=10).status_code for _ in range(2)]
        process.terminate()
        assert process.wait(10) == 0
        assert process.stderr.read() == ""
    assert asked == [502, 200]


def test_the_command_says_what_is_wrong(
    write: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--records", str(tmp_path / "absent.xml")]) == 2
    assert "absent.xml" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["--records", str(write(*ARTICLES)), "--fault", "flood"])
    assert "unknown fault 'flood'" in capsys.readouterr().err
