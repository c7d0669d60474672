"""Faults of the wire, of chance and of changing results; what the stand-in measures."""

import http.client
import subprocess
import sys
import time
from collections.abc import Iterator
from json import loads
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
import requests
from defusedxml.ElementTree import fromstring

from livingsearch.standin import Fault, FaultKind, Settings, Standin, parse_fault
from livingsearch.standin.faults import FaultScript
from livingsearch.standin.rate import busiest_second

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def standin() -> Iterator[Standin]:
    with Standin.of_generated(40, size=300) as running:
        yield running


def ask(standin: Standin, endpoint: str, timeout: float = 5, **parameters: object) -> requests.Response:
    data = {"db": "pubmed"} | parameters
    return requests.post(f"{standin.base_url}{endpoint}.fcgi", data=data, timeout=timeout)


def search(standin: Standin, term: str = "x", **parameters: object) -> tuple[int, list[int]]:
    root = fromstring(ask(standin, "esearch", term=term, retmax=100, **parameters).content)
    return int(root.findtext("Count")), [int(e.text) for e in root.iterfind("IdList/Id")]


def test_a_connection_is_reset(standin: Standin) -> None:
    standin.faults = [Fault(FaultKind.RESET)]
    with pytest.raises(requests.ConnectionError) as caught:
        ask(standin, "esearch", term="x")
    assert "reset" in str(caught.value).lower()


def test_silence_in_the_middle_of_the_body(standin: Standin) -> None:
    standin.faults = [Fault(FaultKind.STALL, seconds=60)]
    address = urlsplit(standin.base_url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=0.1)
    try:
        connection.request("GET", f"{address.path}esearch.fcgi?" + urlencode({"db": "pubmed", "term": "x"}))
        reply = connection.getresponse()
        whole = int(reply.headers["Content-Length"])
        assert len(reply.read(whole // 2)) == whole // 2
        with pytest.raises(TimeoutError):
            reply.read(1)
    finally:
        connection.close()


def test_a_body_that_drips_is_right_and_slow(standin: Standin) -> None:
    standin.faults = ()
    right = ask(standin, "esearch", term="x").content
    standin.faults = [Fault(FaultKind.DRIP, seconds=0.01)]
    began = time.monotonic()
    dripped = ask(standin, "esearch", term="x").content
    assert time.monotonic() - began > len(right) // 64 * 0.01
    assert len(dripped) == len(right)


def test_an_empty_success(standin: Standin) -> None:
    standin.faults = [Fault(FaultKind.EMPTY)]
    reply = ask(standin, "efetch", id="250")
    assert (reply.status_code, reply.content) == (200, b"")


def test_history_is_lost_also_to_those_who_did_not_use_it(standin: Standin) -> None:
    standin.faults = [Fault(FaultKind.HISTORY_LOST)]
    for endpoint in ("esearch", "efetch"):
        reply = ask(standin, endpoint, term="x", id="250")
        assert reply.status_code == 200
        assert b"<ERROR>Unable to obtain query #1</ERROR>" in reply.content
    assert b'"ERROR":"Unable to obtain query #1"' in ask(standin, "esearch", term="x", retmode="json").content


def test_hits_change_together_with_their_count(standin: Standin) -> None:
    standin.faults = [Fault(FaultKind.CHANGED_HITS, by=3, after=1, first=1)]
    assert search(standin)[0] == 40
    count, pmids = search(standin)
    assert (count, len(pmids), max(pmids)) == (37, 37, 37 * 250)
    assert search(standin)[0] == 40
    standin.faults = [Fault(FaultKind.CHANGED_HITS, pmids=frozenset({250, 500}))]
    assert search(standin, "1:1000[UID]") == (2, [1000, 750])
    standin.faults = [Fault(FaultKind.CHANGED_HITS, by=1_000)]
    assert search(standin) == (0, [])


def strikes(fault: Fault, calls: int = 12, seed: int = 0) -> list[int]:
    script = FaultScript([fault], seed)
    return [n for n in range(1, calls + 1) if script.strike("esearch", {})]


def test_bursts_and_chances() -> None:
    assert strikes(Fault(FaultKind.RATE_429, every=5, run=2)) == [5, 6, 10, 11]
    assert strikes(Fault(FaultKind.RATE_429, every=5, run=2, after=1, first=6)) == [6, 7]
    some = strikes(Fault(FaultKind.DROP, chance=0.3), 1_000)
    assert 250 < len(some) < 350
    assert some == strikes(Fault(FaultKind.DROP, chance=0.3), 1_000)
    assert some != strikes(Fault(FaultKind.DROP, chance=0.3), 1_000, seed=1)
    assert strikes(Fault(FaultKind.DROP, chance=0.0)) == []
    for wrong in ({"chance": 1.5}, {"run": 0}, {"every": 0}):
        with pytest.raises(ValueError, match="="):
            Fault(FaultKind.DROP, **wrong)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("drop::chance 0.25", Fault(FaultKind.DROP, chance=0.25)),
        ("drip=0.1:efetch", Fault(FaultKind.DRIP, "efetch", seconds=0.1)),
        ("stall=9:esearch:first 2", Fault(FaultKind.STALL, "esearch", seconds=9, first=2)),
        ("changed_hits=4::after 3", Fault(FaultKind.CHANGED_HITS, by=4, after=3)),
    ],
)
def test_the_command_line_knows_them(text: str, fault: Fault) -> None:
    assert parse_fault(text) == fault
    for wrong in ("drop::first 0.5", "drop::chance 2", "drop::chance", "reset=3"):
        with pytest.raises(ValueError, match=r"."):
            parse_fault(wrong)


def test_the_busiest_second() -> None:
    assert busiest_second([]) == 0
    assert busiest_second([5.0]) == 1
    assert busiest_second([0.0, 0.5, 1.0, 1.4, 1.49, 9.0]) == 4
    assert busiest_second([3.0, 1.0, 2.0]) == 1


def test_latency_and_arrivals_are_measured() -> None:
    with Standin.of_generated(3, size=300, settings=Settings(latency=0.05)) as standin:
        began = time.monotonic()
        for _ in range(3):
            ask(standin, "esearch", term="x")
        assert time.monotonic() - began >= 0.15
        moments = [request.at for request in standin.requests]
        assert began < moments[0] < moments[1] - 0.04 < moments[2] - 0.08
        assert standin.busiest_second == 3


def test_by_itself_it_serves_made_up_records_and_reports() -> None:
    command = [sys.executable, "-m", "livingsearch.standin", "--generate", "120000", "--size", "5000", "--report"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        found = requests.post(f"{url}esearch.fcgi", data={"db": "pubmed", "term": "x", "retmax": 0}, timeout=20)
        assert b"<Count>120000</Count>" in found.content
        status = Path(f"/proc/{process.pid}/status")
        if status.exists():
            (held,) = (int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM"))
            assert held < 150_000, "kilobytes"
        process.terminate()
        report = loads(process.stdout.read())
    assert (report["requests"], report["busiest_second"], report["seconds"]) == (1, 1, 0)
