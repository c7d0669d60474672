"""The four endpoints as a client sees them."""

import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from Bio import Entrez
from defusedxml.ElementTree import fromstring
from invented_pubmed import ARTICLES, BOOK, Client, article

from livingsearch.standin import Limits, Standin

ALL = "1:100[uid]"


@pytest.fixture
def small(write: Callable[..., Path]) -> Iterator[Client]:
    """A stand-in whose window is five records, and whose posts hold four."""
    with Standin.of_files([write(*ARTICLES, BOOK)], limits=Limits(window=5, post=4)) as standin:
        client = Client(standin)
        with client.session:
            yield client


def entrez(reply: requests.Response) -> Any:
    return Entrez.read(io.BytesIO(reply.content))


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_search_in_pages(ask: Client, method: str) -> None:
    found = entrez(ask.call("esearch", method, term=ALL, retstart=1, retmax=3))
    assert found["IdList"] == ["6", "5", "4"]
    assert (found["Count"], found["RetMax"], found["RetStart"]) == ("7", "3", "1")


def test_search_gives_twenty_where_nothing_is_said(ask: Client, write: Callable[..., Path]) -> None:
    ask.standin.load([write(*(article(pmid) for pmid in range(1, 31)), name="thirty.xml")])
    assert ask.pmids("plain[ti]") == list(range(30, 10, -1))


def test_biopython_reads_searches_with_every_list(ask: Client) -> None:
    found = entrez(
        ask.call("esearch", term='the nosuchword OR "no such"[ti] OR asthma[mh]', usehistory="y", retmax=10_000)
    )
    assert found["ErrorList"] == {"PhraseNotFound": ["nosuchword"], "FieldNotFound": []}
    assert found["WarningList"]["PhraseIgnored"] == ["the"]
    assert found["WarningList"]["QuotedPhraseNotFound"] == ['"no such"[ti]']
    assert found["WarningList"]["OutputMessage"] == ["Restrictions achieved. start and count adjusted to 0, 9999"]
    assert found["TranslationSet"] == [{"From": "asthma[mh]", "To": '"asthma"[MeSH Terms]'}]
    assert found["QueryKey"] == "1"
    assert found["WebEnv"].startswith("MCID_")


def test_biopython_reads_empty_lists(ask: Client) -> None:
    assert entrez(ask.call("esearch", term="asthma[tiabb]"))["ErrorList"] == {
        "PhraseNotFound": [],
        "FieldNotFound": [],
    }
    nothing = entrez(ask.call("esearch", term="nosuchword"))
    assert nothing["IdList"] == []
    assert nothing["Count"] == "0"


def test_biopython_reads_a_post_and_a_fetch(ask: Client) -> None:
    posted = entrez(ask.call("epost", id="3,30,1,999"))
    fetched = entrez(ask.call("efetch", WebEnv=posted["WebEnv"], query_key=posted["QueryKey"], retmode="xml"))
    assert [str(a["MedlineCitation"]["PMID"]) for a in fetched["PubmedArticle"]] == ["3", "1"]
    assert [str(b["BookDocument"]["PMID"]) for b in fetched["PubmedBookArticle"]] == ["30"]


def test_biopython_reads_the_facts_of_the_database(ask: Client) -> None:
    facts = entrez(ask.call("einfo"))["DbInfo"][0]
    assert facts["Count"] == "7"
    assert facts["DbBuild"] == "Build-2021.03.10.12.00"
    assert facts["LastUpdate"] == "2021/03/10 12:00"
    assert ask.call("einfo", retmode="json").json()["einforesult"]["dbinfo"][0]["count"] == "7"
    assert entrez(ask.session.get(f"{ask.standin.base_url}einfo.fcgi"))["DbList"] == ["pubmed"]


def test_fetch_is_faithful_to_the_byte(ask: Client) -> None:
    reply = ask.call("efetch", "GET", id="6,999,30,1", rettype="abstract", retmode="xml")
    assert reply.headers["Content-Type"] == "text/xml; charset=UTF-8"
    assert reply.text == (
        '<?xml version="1.0" ?>\n<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2025//EN" '
        '"https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">\n<PubmedArticleSet>\n'
        f"{ARTICLES[5]}\n{BOOK}\n{ARTICLES[0]}\n</PubmedArticleSet>"
    )


def test_fetch_of_nothing_known_is_an_empty_set(ask: Client) -> None:
    reply = ask.call("efetch", id="998,999")
    assert reply.status_code == 200
    assert reply.text.endswith("<PubmedArticleSet></PubmedArticleSet>")
    assert entrez(reply) == {"PubmedArticle": [], "PubmedBookArticle": []}


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"id": ""}, "ID list is empty! Possibly it has no correct IDs."),
        ({"id": "abc"}, "ID list is empty! Possibly it has no correct IDs."),
        ({}, "ID list is empty! Possibly it has no correct IDs."),
        ({"id": "1", "rettype": "medline", "retmode": "text"}, "Report 'medline' not found"),
        ({"id": "1", "retmode": "json"}, "Report 'json' not found"),
    ],
)
def test_fetches_that_are_refused(ask: Client, parameters: dict[str, str], words: str) -> None:
    reply = ask.call("efetch", **parameters)
    assert reply.status_code == 400
    assert words in fromstring(reply.content).findtext("ERROR")


def test_fetch_over_history_in_pages(ask: Client) -> None:
    root = ask.search(ALL, usehistory="y", retmax=0)
    assert root.find("IdList/Id") is None
    kept = {"WebEnv": root.findtext("WebEnv"), "query_key": root.findtext("QueryKey")}
    pages = [
        [e.text for e in fromstring(ask.call("efetch", **kept, retstart=s, retmax=3).content).iterfind("*/*/PMID")]
        for s in (0, 3, 6, 9)
    ]
    assert pages == [["30", "6", "5"], ["4", "3", "2"], ["1"], []]


def test_query_keys_count_within_an_environment(ask: Client) -> None:
    first = ask.search("asthma[mh]", usehistory="y")
    webenv = first.findtext("WebEnv")
    second = ask.search("peers[ti]", usehistory="y", WebEnv=webenv)
    posted = fromstring(ask.call("epost", id="1", WebEnv=webenv).content)
    assert [e.findtext("QueryKey") for e in (first, second, posted)] == ["1", "2", "3"]
    assert second.findtext("WebEnv") == posted.findtext("WebEnv") == webenv
    assert ask.search("peers[ti]", usehistory="y").findtext("WebEnv") != webenv
    assert ask.pmids("", WebEnv=webenv, query_key="2") == [30, 3]
    assert ask.pmids("diagnosis[ti]", WebEnv=webenv, query_key="2") == [3]


@pytest.mark.parametrize("endpoint", ["esearch", "efetch"])
def test_an_unknown_environment_is_a_success_with_an_error_inside(ask: Client, endpoint: str) -> None:
    reply = ask.call(endpoint, WebEnv="MCID_gone", query_key="1")
    assert reply.status_code == 200
    assert fromstring(reply.content).findtext("ERROR") == "Unable to obtain query #1"


def test_the_history_can_be_forgotten(ask: Client) -> None:
    webenv = ask.search("asthma", usehistory="y").findtext("WebEnv")
    ask.standin.history.forget()
    assert b"Unable to obtain query #1" in ask.call("efetch", WebEnv=webenv, query_key="1").content


def test_an_empty_term(ask: Client) -> None:
    assert ask.search(" ").findtext("ERROR") == "Empty term and query_key - nothing todo"
    assert ask.json("") == {"ERROR": "Empty term and query_key - nothing todo"}


def test_a_start_past_the_window(ask: Client) -> None:
    root = ask.search("asthma", retstart=9_999)
    assert (root.findtext("ERROR") or "").startswith(
        "Search Backend failed: Exception:\n'retstart' cannot be larger than 9998. For PubMed, ESearch can only "
        "retrieve the first 9,999 records"
    )
    assert ask.search("asthma", retstart=9_998).findtext("RetMax") == "0"
    reply = ask.call("esearch", term="asthma", retstart=9_999, retmode="json")
    assert reply.status_code == 200
    with pytest.raises(json.JSONDecodeError, match="Invalid control character"):
        json.loads(reply.text)
    assert "larger than 9998" in json.loads(reply.text, strict=False)["esearchresult"]["ERROR"]


def test_the_window_cuts_pages(small: Client) -> None:
    found = small.json(ALL, retmax="100")
    assert (found["count"], found["retmax"]) == ("7", "5")
    assert found["warninglist"]["outputmessages"] == [
        "Restrictions achieved. start and count adjusted to 0, 5",
    ]
    assert small.json(ALL, retstart="4", retmax="2")["warninglist"]["outputmessages"] == [
        "Restrictions achieved. start and count adjusted to 4, 1",
    ]
    assert "warninglist" not in small.json(ALL, retmax="5")


def test_history_past_the_window_is_refused(small: Client) -> None:
    root = small.search(ALL, usehistory="y")
    kept = {"WebEnv": root.findtext("WebEnv"), "query_key": "1"}
    assert fromstring(small.call("efetch", **kept, retstart=4, retmax=9).content).findtext("*/*/PMID") == "3"
    reply = small.call("efetch", **kept, retstart=5)
    assert reply.status_code == 400
    assert reply.text.startswith("<eFetchResult><ERROR>Search backend cannot retrieve history data. Reason: ")


def test_slices_by_number_reach_what_the_window_hides(small: Client) -> None:
    assert small.json(f"({ALL}) AND 1:5[UID]", retmax="5")["idlist"] == ["5", "4", "3", "2", "1"]
    assert small.json(f"({ALL}) AND 6:100[UID]", retmax="5")["idlist"] == ["30", "6"]


@pytest.mark.parametrize(
    ("ids", "errors"),
    [
        ("", ["Empty ID list; Nothing to store"]),
        (
            "x,-",
            [
                "Empty ID list; Nothing to store",
                "Some IDs have invalid value and were omitted. Maximum ID value 18446744073709551615",
            ],
        ),
        ("1,2,3,4,5", ["Too many UIDs in request. Maximum number of UIDs is 4."]),
    ],
)
def test_posts_that_are_refused(small: Client, ids: str, errors: list[str]) -> None:
    root = fromstring(small.call("epost", id=ids).content)
    assert [element.text for element in root.iterfind("ERROR")] == errors


def test_a_post_names_ids_that_are_none(ask: Client) -> None:
    posted = entrez(ask.call("epost", id="1,abc"))
    assert posted["InvalidIdList"] == ["abc"]
    assert posted["QueryKey"] == "1"


def test_another_database(ask: Client) -> None:
    for endpoint in ("esearch", "efetch", "epost"):
        reply = ask.call(endpoint, db="nothing", term="x", id="1")
        assert fromstring(reply.content).findtext("ERROR") == "Invalid db name specified: nothing"


def test_addresses_that_lead_nowhere(ask: Client) -> None:
    assert ask.call("elink", id="1").status_code == 404
    assert ask.session.get(ask.standin.base_url.replace("/entrez", "")).status_code == 404


def test_a_long_address_is_refused_and_a_long_body_is_not(ask: Client) -> None:
    term = " OR ".join(["peers[ti]"] * 500)
    assert ask.call("esearch", "GET", term=term).status_code == 414
    assert ask.call("esearch", "POST", term=term).status_code == 200
