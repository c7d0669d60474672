"""PubMed's adapter adds nothing to PubMed's functions and takes nothing away."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from clock import Clock

from connectors import pubmed
from connectors.contract import Announced
from connectors.errors import IncompleteFetch
from connectors.gathering import gather
from connectors.pubmed.source import PubMed
from livingsearch.standin import Fault, FaultKind, Limits, Standin

QUERY = "peer*[ti]"


@pytest.fixture
def standin(tmp_path: Path) -> Iterator[Standin]:
    path = tmp_path / "records.xml"
    path.write_text(
        "<PubmedArticleSet>"
        + "".join(
            f"<PubmedArticle><MedlineCitation><PMID>{number * 1_000_003}</PMID><Article>"
            f"<ArticleTitle>Peer {number}</ArticleTitle></Article></MedlineCitation></PubmedArticle>"
            for number in range(1, 26)
        )
        + "</PubmedArticleSet>",
        "utf-8",
    )
    with Standin.of_files([path], limits=Limits(window=9)) as running:
        yield running


@pytest.fixture
def transport(standin: Standin) -> Iterator[pubmed.Transport]:
    clock = Clock()
    settings = pubmed.TransportSettings(email="a@example.org", base_url=standin.base_url, requests_per_second=1e6)
    with requests.Session() as session:
        session.trust_env = False
        yield pubmed.Transport(settings, session, clock=clock, sleep=clock.sleep)


def test_a_search_in_slices_is_known_again(transport: pubmed.Transport) -> None:
    source = PubMed(transport, batch_size=10, window=9)
    announced = source.search(QUERY)
    direct = pubmed.search(transport, QUERY, window=9)
    assert (announced.count, announced.translation) == (25, direct.query_translation)
    assert [kept.name for kept in announced.replies][:2] == ["esearch-0001.xml", "esearch-0002.xml"]
    assert len(announced.replies) == 1 + len(direct.slice_bodies)
    bodies = [kept.body for kept in announced.replies]
    again = source.recall(QUERY, bodies)
    assert again == announced
    assert [r.accession for _, r in gather(source, QUERY).records] == list(direct.ids)
    with pytest.raises(IncompleteFetch, match="of 25"):
        source.recall(QUERY, bodies[:2])


def test_replies_are_those_of_the_fetch(transport: pubmed.Transport, standin: Standin) -> None:
    source = PubMed(transport, batch_size=4)
    standin.faults = [Fault(FaultKind.MISSING_PMIDS, pmids=frozenset({3_000_009}))]
    announced = source.search("peer*[ti] AND 1:9000027[uid]")
    ours = list(source.fetch(announced))
    direct = list(pubmed.fetch(transport, pubmed.search(transport, announced.query).ids, 4))
    assert [(r.ordinal, r.body, r.undelivered, r.unrequested) for r in ours] == [
        (r.ordinal, r.body, r.undelivered, r.unrequested) for r in direct
    ]
    assert [(r.name, r.settled) for r in ours] == [
        (f"efetch-{r.ordinal:04d}.xml", 0 if r.again else len(r.ids)) for r in direct
    ]
    assert any(r.settled == 0 for r in ours)
    assert sum(r.settled for r in ours) == announced.count == 9


def test_several_workers_bring_the_same(transport: pubmed.Transport) -> None:
    one, many = (gather(PubMed(transport, batch_size=2, window=9, workers=n), QUERY) for n in (1, 4))
    assert one.records == many.records
    assert len(one.records) == 25


def test_what_another_source_announced_is_not_fetched(transport: pubmed.Transport) -> None:
    source = PubMed(transport)
    other = Announced(query=QUERY, count=1)
    with pytest.raises(TypeError, match="not announced by PubMed"):
        next(source.fetch(other))
    with pytest.raises(TypeError):
        source.check(other)
