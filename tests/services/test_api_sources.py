"""Any source of the contract is searched by the same service, chosen by its connector in review.toml."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from living import LivingReview, made_in
from pydantic import SecretStr

from connectors import europepmc, pubmed
from connectors.contract import ApiSource
from connectors.errors import QueryAltered, SourceRefused, SourceUnavailable
from connectors.europepmc import EUROPE_PMC, PAGE_SIZE
from livingsearch.errors import ReviewFileError, UpdateRefused
from livingsearch.review import Source
from livingsearch.services.api_sources import CONNECTORS, connector_of
from livingsearch.services.doctor import examine
from livingsearch.services.reporting import review_counts
from livingsearch.services.searches import count_source, search_source
from livingsearch.services.updates import run_update
from livingsearch.settings import NCBI, Settings
from livingsearch.standin import Standin
from livingsearch.standin.europepmc import EuropePmcStandin, Fault, FaultKind, invented

COUNT = PAGE_SIZE + 3
SOURCE = """
[[source]]
slug = "europepmc"
name = "Europe PMC"
kind = "database"
database = "Europe PMC"
platform = "Europe PMC"
connector = "europepmc"
query = 'TITLE:"peer support"'
schedule = "0 6 1 * *"

"""


@pytest.fixture
def europe() -> Iterator[EuropePmcStandin]:
    with EuropePmcStandin(invented(COUNT)) as running:
        yield running


@pytest.fixture
def living(tmp_path: Path, standin: Standin, europe: EuropePmcStandin) -> LivingReview:
    """The example review with Europe PMC among its sources."""
    living = made_in(tmp_path / "workspace", standin.base_url, europepmc_url=europe.base_url, retry_budget=0.0)
    rewrite(living, r"\n(?=\[\[source\]\])", SOURCE)
    return living


def rewrite(living: LivingReview, pattern: str, text: str) -> None:
    file = living.context().folder.review_file
    file.write_text(re.sub(pattern, lambda _: text, file.read_text("utf-8"), count=1, flags=re.S), "utf-8")


def test_europe_pmc_is_searched_and_counts_in_the_update(living: LivingReview, europe: EuropePmcStandin) -> None:
    result = search_source(living.context(), "europepmc")
    assert (result.hits, result.received, result.first_seen, result.not_delivered) == (COUNT, COUNT, COUNT, 0)
    with living.context().store.read() as con:
        files = con.execute(
            "SELECT ordinal, role, name, format, platform FROM run_file WHERE run_id = ? ORDER BY ordinal",
            [result.run_id],
        ).fetchall()
    assert files == [
        (0, "search", "search-count.json", "json", "europepmc"),
        (1, "search", "search-0001.json", "json", "europepmc"),
        (2, "records", "page-0000.json", "json", "europepmc"),
        (3, "records", "page-0001.json", "json", "europepmc"),
    ]
    assert (living.settings.workspace / ".europepmc-rate").exists()
    assert not (living.settings.workspace / ".entrez-rate").exists()
    outcome = run_update(living.context(), number=1, close_now=True)
    assert outcome.closed
    flow = review_counts(living.context()).closed[0]
    assert {one.slug: one.identified for one in flow.sources}["europepmc"] == COUNT


def test_pubmed_keeps_its_replies_under_the_names_they_always_had(living: LivingReview) -> None:
    result = search_source(living.context(), "pubmed")
    with living.context().store.read() as con:
        files = con.execute(
            "SELECT ordinal, role, name, format, platform FROM run_file WHERE run_id = ? ORDER BY ordinal",
            [result.run_id],
        ).fetchall()
    assert files == [
        (0, "search", "esearch-count.xml", "xml", "pubmed"),
        (1, "search", "esearch-0001.xml", "xml", "pubmed"),
        (2, "records", "efetch-0000.xml", "xml", "pubmed"),
    ]


def test_an_outage_of_europe_pmc_is_gone_on_after(living: LivingReview, europe: EuropePmcStandin) -> None:
    europe.faults = [Fault(FaultKind.SERVER_503, after=3)]
    with pytest.raises(SourceUnavailable):
        search_source(living.context(), "europepmc")
    europe.faults = []
    before = len(europe.requests)
    result = search_source(living.context(), "europepmc")
    assert len(europe.requests) - before == 1
    assert result.received == COUNT


def test_a_count_that_changed_meanwhile_makes_it_search_anew(living: LivingReview, europe: EuropePmcStandin) -> None:
    europe.faults = [Fault(FaultKind.SERVER_503, after=3)]
    with pytest.raises(SourceUnavailable):
        search_source(living.context(), "europepmc")
    europe.faults = []
    europe.records = invented(COUNT + 2)
    result = search_source(living.context(), "europepmc")
    assert (result.run_id, result.received) == (3, COUNT + 2)


def test_europe_pmcs_query_is_not_read_as_pubmeds(living: LivingReview, europe: EuropePmcStandin) -> None:
    # PubMed's lint would stop at the colon range and at the fields.
    rewrite(living, re.escape("""'TITLE:"peer support"'"""), "'TITLE:peer AND PUB_YEAR:[2010 TO 2030]'")
    assert count_source(living.context(), "europepmc") == COUNT
    rewrite(living, re.escape("TITLE:peer AND"), "peer*[tiab] AND")
    with pytest.raises(QueryAltered):
        count_source(living.context(), "europepmc")


def test_a_source_without_an_api_is_refused(living: LivingReview) -> None:
    with pytest.raises(UpdateRefused, match="livingsearch import"):
        search_source(living.context(), "embase-ovid")
    with pytest.raises(UpdateRefused, match="count on the platform"):
        count_source(living.context(), "embase-ovid")


@pytest.mark.parametrize("platform", ["Europe PMC", "PubMed"])
def test_europe_pmcs_query_has_to_be_written_down(platform: str, living: LivingReview) -> None:
    rewrite(living, 'platform = "Europe PMC"', f'platform = "{platform}"')
    rewrite(living, re.escape("""query = 'TITLE:"peer support"'\n"""), "")
    with pytest.raises(ReviewFileError, match="no search can be written for Europe PMC; write query"):
        living.context()


def test_the_doctor_asks_every_source_with_an_api(living: LivingReview) -> None:
    told = {check.name: check for check in examine(living.settings, network=True)}
    slug = living.context().review.slug
    assert told[f"{slug}: europepmc"].told == f"{COUNT:,} records now"
    assert told[f"{slug}: pubmed"].ok


def test_every_connector_that_a_review_may_name_is_known(living: LivingReview) -> None:
    named = set(Source.model_fields["connector"].annotation.__args__)  # type: ignore[union-attr]
    assert named == {*CONNECTORS, "file"}
    for name, connector in CONNECTORS.items():
        with connector.open(living.settings) as api:
            assert isinstance(api, ApiSource)
            assert api.name == name
    assert [connector_of(source) is None for source in living.context().review.sources] == [False, False, *[True] * 4]


def test_limits_of_the_settings_reach_the_transports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[europepmc.TransportSettings] = []

    def seen(settings: europepmc.TransportSettings, **more: object) -> europepmc.Transport:
        made.append(settings)
        return real(settings, **more)  # type: ignore[arg-type]

    real = europepmc.Transport
    monkeypatch.setattr(europepmc, "Transport", seen)
    settings = Settings(workspace=tmp_path, reply_timeout=7.0, largest_reply=1234, email="somebody@example.org")
    CONNECTORS["europepmc"].open(settings).close()
    assert made == [
        europepmc.TransportSettings(
            base_url=EUROPE_PMC, email="somebody@example.org", reply_timeout=7.0, largest_reply=1234
        )
    ]


@pytest.mark.parametrize(("url", "rate"), [(NCBI, None), ("http://127.0.0.1:9/", 500.0)])
def test_only_a_stand_in_is_asked_more_often_than_ncbi_allows(
    url: str, rate: float | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[pubmed.TransportSettings] = []

    def seen(settings: pubmed.TransportSettings, **more: object) -> pubmed.Transport:
        made.append(settings)
        return real(settings, **more)  # type: ignore[arg-type]

    real = pubmed.Transport
    monkeypatch.setattr(pubmed, "Transport", seen)
    settings = Settings(
        workspace=tmp_path, eutils_url=url, email="somebody@example.org", standin_requests_per_second=500
    )
    CONNECTORS["entrez"].open(settings).close()
    assert [one.requests_per_second for one in made] == [rate]


def test_ncbi_is_not_asked_without_an_address(tmp_path: Path) -> None:
    key = SecretStr("a-secret-key")
    settings = Settings(workspace=tmp_path, LIVINGSEARCH_API_KEY=key)  # type: ignore[call-arg]
    with pytest.raises(SourceRefused, match="LIVINGSEARCH_EMAIL") as caught:
        CONNECTORS["entrez"].open(settings)
    assert "a-secret-key" not in str(caught.value)
