"""A search is walked to its very end, or fails."""

import pytest
from europepmc_served import EVERYTHING, serving

from connectors.errors import ConnectorError, IncompleteFetch, MalformedReply, QueryAltered, SourceUnavailable
from connectors.europepmc import EuropePmc, Transport, TransportSettings
from connectors.europepmc.walk import walk
from connectors.gathering import gather
from livingsearch.standin.europepmc import Fault, FaultKind, Settings, invented


def test_what_is_sent() -> None:
    with serving(5) as served:
        gather(served.source(), EVERYTHING)
        probe, _, *pages = served.standin.requests
    assert dict(probe.parameters) == {
        "query": EVERYTHING,
        "resultType": "idlist",
        "format": "json",
        "synonym": "FALSE",
        "cursorMark": "*",
        "pageSize": "1",
    }
    assert [page.parameters["cursorMark"] == "*" for page in pages] == [True, False]
    assert {(page.method, page.parameters["resultType"], page.parameters["pageSize"]) for page in pages} == {
        ("GET", "core", "4")
    }


def test_a_long_search_is_posted() -> None:
    query = " OR ".join(f"TITLE:peer{n}*" for n in range(300)) + " OR TITLE:peer"
    with serving(5) as served:
        assert len(gather(served.source(), query).records) == 5
        assert {asked.method for asked in served.standin.requests} == {"POST"}
        assert {asked.parameters["query"] for asked in served.standin.requests} == {query}


def test_a_program_says_who_it_is_but_not_in_what_replies_repeat() -> None:
    with serving(1) as served:
        gather(served.source(tool="livingsearch", email="library@example.org"), EVERYTHING)
        assert {asked.agent for asked in served.standin.requests} == {"livingsearch (mailto:library@example.org)"}
        assert all("email" not in asked.parameters for asked in served.standin.requests)


def test_requests_are_spaced() -> None:
    with serving(9) as served:
        gather(served.source(requests_per_second=2), EVERYTHING)
        assert len(served.standin.requests) == 5
    assert served.clock.now == pytest.approx(1000 + 4 * 0.5)


@pytest.mark.parametrize(
    ("kind", "by", "told"),
    [
        (FaultKind.CHANGED_COUNT, 1, "10 hits, then 11"),
        (FaultKind.CHANGED_COUNT, -1, "10 hits, then 9"),
        (FaultKind.NO_HITS, 0, "10 hits, then 0"),
        (FaultKind.EMPTY_PAGE, 0, "ended after 4 records"),
        (FaultKind.EARLY_END, 0, "ended after 8 records"),
        (FaultKind.REPEATED_CURSOR, 0, "in a circle after 8 records"),
        (FaultKind.FIRST_CURSOR, 0, "in a circle after 8 records"),
        (FaultKind.RECORD_TWICE, 0, "gave the record MED:1 twice"),
    ],
)
def test_a_source_that_contradicts_itself_fails_the_search(kind: FaultKind, by: int, told: str) -> None:
    with serving(10) as served:
        source = served.source()
        announced = source.search(EVERYTHING)
        served.standin.faults = [Fault(kind, records=True, after=1, by=by)]
        came = []
        with pytest.raises(IncompleteFetch, match=told) as caught:
            for reply in source.fetch(announced):
                came.append(reply.settled)
        assert came == [4]
        assert "nothing was counted; run the update again" in str(caught.value)
        served.standin.faults = [Fault(kind, records=True, after=1, first=1, by=by)]
        assert sum(reply.settled for reply in source.fetch(announced)) == 10, "once is asked again"


def test_records_that_never_come_fail_the_search() -> None:
    with serving(10, Fault(FaultKind.MISSING_RECORD, records=True)) as served:
        with pytest.raises(IncompleteFetch, match="10 hits but ended after 7 records"):
            gather(served.source(), EVERYTHING)


def test_more_records_than_announced_fail_the_search() -> None:
    with serving(10) as served:
        source = served.source(page_size=100)
        announced = source.search(EVERYTHING)
        served.standin.records = invented(12)
        served.standin.faults = [Fault(FaultKind.CHANGED_COUNT, records=True, by=-2)]
        with pytest.raises(IncompleteFetch, match="10 hits but gave 12 records"):
            list(source.fetch(announced))


@pytest.mark.parametrize("stays", [False, True])
def test_no_hits_are_believed_when_told_twice(stays: bool) -> None:
    with serving(3, Fault(FaultKind.NO_HITS, first=None if stays else 1)) as served:
        source = served.source()
        if stays:
            assert source.search(EVERYTHING).count == 0
            assert len(served.standin.requests) == 2
        else:
            with pytest.raises(IncompleteFetch, match="no hits and then 3"):
                source.search(EVERYTHING)


@pytest.mark.parametrize(
    ("kind", "warning"),
    [
        (FaultKind.SYNONYMS, "SynonymsAdded: the search was expanded"),
        (FaultKind.OTHER_QUERY, "QueryChanged: another query"),
    ],
)
def test_an_echo_of_another_search_holds_the_run(kind: FaultKind, warning: str) -> None:
    with serving(3, Fault(kind)) as served:
        source = served.source()
        announced = source.search(EVERYTHING)
        assert announced.warnings == (warning,)
        with pytest.raises(QueryAltered, match="did not run the search as it was written"):
            source.check(announced)
        source.check(announced, [warning])


@pytest.mark.parametrize(
    "query", [EVERYTHING, 'TITLE:"peer support" OR AUTH:"Müller J"', "TITLE:peer  AND\n(心理 OR 100%)"]
)
def test_an_echo_of_the_same_search_is_none(query: str) -> None:
    with serving(3) as served:
        for text in (query, f"({query}) OR " + " OR ".join(f"KW:w{n}" for n in range(300))):
            announced = served.source().search(text)
            assert announced.warnings == ()


def test_lite_records_are_not_taken_for_whole_ones() -> None:
    with serving(3, Fault(FaultKind.LITE_RECORDS, records=True)) as served:
        with pytest.raises(MalformedReply, match="another kind of records"):
            gather(served.source(), EVERYTHING)


def test_a_mark_that_is_forgotten_fails_the_search() -> None:
    with serving(10, Fault(FaultKind.VERSION_ONLY, records=True, after=1)) as served:
        with pytest.raises(SourceUnavailable, match="nothing but a version"):
            gather(served.source(), EVERYTHING)


def test_kept_pages_that_do_not_fit_any_more_fail_the_search() -> None:
    with serving(10) as served:
        source = served.source()
        kept = {reply.ordinal: reply.body for reply in gather(source, EVERYTHING).replies}
        served.standin.records = invented(11)
        with pytest.raises(IncompleteFetch):
            list(source.fetch(source.search(EVERYTHING), {0: kept[0]}))
        with pytest.raises(MalformedReply):
            list(source.fetch(source.search(EVERYTHING), {0: b"{}"}))


def test_pages_kept_behind_a_gap_are_fetched_only_where_they_are_missing() -> None:
    with serving(10) as served:
        source = served.source()
        whole = gather(source, EVERYTHING)
        kept = {reply.ordinal: reply.body for reply in whole.replies if reply.ordinal != 1}
        before = len(served.standin.requests)
        assert [reply.ordinal for reply in source.fetch(whole.announced, kept)] == [1]
        assert len(served.standin.requests) == before + 1


@pytest.mark.parametrize("size", [0, 1001])
def test_page_sizes_out_of_bounds(size: int) -> None:
    with serving(1) as served, pytest.raises(ValueError, match="page_size"):
        next(walk(served.transport(), EVERYTHING, 1, size))


def test_thousands_of_records_come_once_each() -> None:
    with serving(2_345) as served:
        gathered = gather(served.source(page_size=500), EVERYTHING)
    names = [record.accession for _, record in gathered.records]
    assert len(names) == len(set(names)) == 2_345
    assert [reply.settled for reply in gathered.replies] == [500, 500, 500, 500, 345]


def test_every_kind_of_fault_ends_in_an_error_or_in_all_that_was_announced() -> None:
    with serving(10) as served:
        for kind in FaultKind:
            for after in (0, 1):
                served.standin.faults = [Fault(kind, records=True, after=after, by=400, seconds=0.01)]
                try:
                    gathered = gather(served.source(), EVERYTHING)
                except ConnectorError as error:
                    assert str(error).endswith("."), kind
                else:
                    assert kind in (FaultKind.SLOW, FaultKind.SYNONYMS, FaultKind.OTHER_QUERY)
                    assert len(gathered.records) == gathered.announced.count == 10


def test_the_address_limit_of_a_get_is_never_met() -> None:
    with serving(2, settings=Settings(longest_url=1_700)) as served:
        for words in (1, 20, 60, 100, 200):
            query = " OR ".join(["TITLE:peer", *(f'KW:"stopgap ß{n}"' for n in range(words))])
            assert served.source().probe(query).count == 2


def test_a_source_of_its_own_session_can_be_closed() -> None:
    with serving(1) as served:
        settings = TransportSettings(base_url=served.standin.base_url)
        with EuropePmc(Transport(settings, clock=served.clock, sleep=served.clock.sleep)) as source:
            assert source.probe(EVERYTHING).count == 1
