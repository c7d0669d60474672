"""Sources to hold against the contract: each with a server of its own, and faults under common names."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import requests
from clock import Clock
from pydantic import SecretStr

from connectors import europepmc, pubmed
from connectors.contract import ApiSource
from connectors.pubmed.source import PubMed
from livingsearch.standin import Fault, FaultKind, Standin
from livingsearch.standin.europepmc import EuropePmcStandin, invented
from livingsearch.standin.europepmc import Fault as EuropePmcFault
from livingsearch.standin.europepmc import FaultKind as EuropePmcKind

PAGE = 3
"""Records a reply, so that a handful needs several."""

UNRELATED = "Peerless and unrelated"
"""PubMed reports words that stand in no record at all, so one is always there."""

KEY = "0123456789abcdef0123456789abcdef0123"
PASSWORD = "open-sesame-4711"
TITLES = (
    "Peer support, näive & <plain>",
    "Peer work für Müller",
    "Peer 心理支持",
    "Peer β-study",
    "Peer \u05e9\u05dc\u05d5\u05dd",
)


@dataclass
class Rig:
    """A source and its server.

    `serve(n)` puts n records there that `everything` finds; `fault(name)` makes requests fail: `busy` (too many
    requests, twice), `down` (always), `cut` (replies cut short, always), `breaks` (down after the first reply
    with records), `withholds` (a record is announced and not handed out), `` (none). `warned()` gives a search of
    which the source says that it altered it.
    """

    source: ApiSource
    serve: Callable[[int], None]
    fault: Callable[[str], None]
    asked: Callable[[], int]
    warned: Callable[[], str]
    everything: str
    nothing: str
    misread: str
    """A query that the source is known to misread."""
    secrets: tuple[str, ...]
    clock: Clock = field(default_factory=Clock)


@contextmanager
def pubmed_rig(folder: Path) -> Iterator[Rig]:
    def load(count: int) -> None:
        articles = "".join(_article(number) for number in range(1, count + 1))
        path = folder / "records.xml"
        path.write_text(f"<PubmedArticleSet>{articles}{_article(9999, UNRELATED)}</PubmedArticleSet>", "utf-8")
        standin.load([path])

    def fail(name: str) -> None:
        standin.faults = {
            "": [],
            "busy": [Fault(FaultKind.RATE_429, first=2)],
            "down": [Fault(FaultKind.SERVER_502)],
            "cut": [Fault(FaultKind.TRUNCATED)],
            "breaks": [Fault(FaultKind.SERVER_502, endpoint="efetch", after=1)],
            "withholds": [Fault(FaultKind.MISSING_PMIDS, pmids=frozenset({2}))],
        }[name]

    first = folder / "first.xml"
    first.write_text(f"<PubmedArticleSet>{_article(9999, UNRELATED)}</PubmedArticleSet>", "utf-8")
    clock = Clock()
    with Standin.of_files([first]) as standin, _session() as session:
        settings = pubmed.TransportSettings(
            email="library@example.org", base_url=standin.base_url, api_key=SecretStr(KEY), retry_budget=60
        )
        transport = pubmed.Transport(settings, session, clock=clock, sleep=clock.sleep, jitter=lambda low, high: high)
        with PubMed(transport, batch_size=PAGE) as source:
            yield Rig(
                source=source,
                serve=load,
                fault=fail,
                asked=lambda: len(standin.requests),
                warned=lambda: '(peer*[ti] OR "no such phrase"[ti]) NOT unrelated[ti]',
                everything="peer*[ti] NOT unrelated[ti]",
                nothing="peer*[ti] NOT peer*[ti]",
                misread="peer[tiabb]",
                secrets=(KEY,),
                clock=clock,
            )


@contextmanager
def europepmc_rig(folder: Path) -> Iterator[Rig]:
    kinds = EuropePmcKind

    def load(count: int) -> None:
        standin.records = tuple(
            {**record, "title": TITLES[number % len(TITLES)]} for number, record in enumerate(invented(count))
        )

    def fail(name: str) -> None:
        standin.faults = {
            "": [],
            "busy": [EuropePmcFault(kinds.RATE_429, first=2, retry_after=2)],
            "down": [EuropePmcFault(kinds.SERVER_503)],
            "cut": [EuropePmcFault(kinds.TRUNCATED)],
            "breaks": [EuropePmcFault(kinds.SERVER_503, records=True, after=1)],
            "withholds": [EuropePmcFault(kinds.MISSING_RECORD, records=True)],
        }[name]

    def warned() -> str:
        standin.faults = [EuropePmcFault(kinds.SYNONYMS)]
        return "TITLE:peer"

    clock = Clock()
    with EuropePmcStandin([]) as standin, _session() as session:
        address = urlsplit(standin.base_url)
        settings = europepmc.TransportSettings(
            base_url=address._replace(netloc=f"reader:{PASSWORD}@{address.netloc}").geturl(), retry_budget=60
        )
        transport = europepmc.Transport(
            settings, session, clock=clock, sleep=clock.sleep, jitter=lambda low, high: high
        )
        with europepmc.EuropePmc(transport, page_size=PAGE) as source:
            yield Rig(
                source=source,
                serve=load,
                fault=fail,
                asked=lambda: len(standin.requests),
                warned=warned,
                everything="TITLE:peer",
                nothing="TITLE:zzyzx",
                misread="TITLE:peer∗",
                secrets=(PASSWORD,),
                clock=clock,
            )


@contextmanager
def _session() -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False
        yield session


def _article(number: int, title: str | None = None) -> str:
    title = (title or TITLES[number % len(TITLES)]).replace("&", "&amp;").replace("<", "&lt;")
    return (
        f'<PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM"><PMID Version="1">{number}</PMID>'
        '<Article PubModel="Print"><Journal><JournalIssue CitedMedium="Internet"><PubDate><Year>2020</Year></PubDate>'
        f"</JournalIssue><Title>Inv</Title></Journal><ArticleTitle>{title}</ArticleTitle></Article>"
        "<MedlineJournalInfo><MedlineTA>Inv</MedlineTA></MedlineJournalInfo></MedlineCitation><PubmedData><History>"
        '<PubMedPubDate PubStatus="entrez"><Year>2020</Year><Month>5</Month><Day>1</Day></PubMedPubDate></History>'
        "</PubmedData></PubmedArticle>"
    )
