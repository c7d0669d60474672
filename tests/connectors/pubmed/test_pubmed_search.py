import re
from collections.abc import Callable, Sequence

import pytest
from pubmed_loopback import Answer, Asked, Server

from connectors.errors import IncompleteFetch, QueryAltered
from connectors.pubmed import SearchReply, Transport, Warning, check_warnings, count, probe, read_search, search
from connectors.pubmed.search import assembled

QUERY = "peer*[tiab]"


def found(total: int, ids: Sequence[object], extra: str = "", doctype: str = "") -> bytes:
    listed = "".join(f"<Id>{pmid}</Id>\n" for pmid in ids)
    return (
        f'<?xml version="1.0" encoding="UTF-8" ?>\n{doctype}<eSearchResult><Count>{total}</Count>'
        f"<RetMax>{len(ids)}</RetMax><RetStart>0</RetStart><QueryKey>1</QueryKey><WebEnv>MCID_x</WebEnv>"
        f"<IdList>{listed}</IdList><TranslationSet><Translation>     <From>a</From>     <To>&lt;b&gt;</To>"
        '</Translation></TranslationSet><QueryTranslation>"peer*"[Title/Abstract]</QueryTranslation>'
        f"{extra}</eSearchResult>"
    ).encode()


def collection(pmids: Sequence[int], lost: int | None = None) -> Callable[[Asked], Answer]:
    """PubMed holding these PMIDs; leaves one out of every list of ids where `lost` says so."""

    def answer(asked: Asked) -> Answer:
        bounds = re.search(r"AND (\d+):(\d+)\[UID\]$", asked.params["term"])
        low, high = (int(bounds[1]), int(bounds[2])) if bounds else (1, 10**9)
        hits = [pmid for pmid in pmids if low <= pmid <= high]
        shown = [pmid for pmid in hits[: int(asked.params["retmax"])] if pmid != lost]
        return Answer(found(len(hits), shown))

    return answer


def test_a_search_brings_all_that_pubmed_said(server: Server, transport: Transport) -> None:
    server.script(found(2, [11, 12], "<WarningList><PhraseIgnored>the</PhraseIgnored></WarningList>"))
    reply = search(transport, QUERY)
    assert reply == SearchReply(
        count=2,
        ids=("11", "12"),
        query_translation='"peer*"[Title/Abstract]',
        translation_set=(("a", "<b>"),),
        warnings=(Warning("PhraseIgnored", "the"),),
        web_env="MCID_x",
        query_key="1",
        body=reply.body,
    )
    assert reply.body.startswith(b"<?xml")
    (asked,) = server.asked
    assert asked.params["term"] == QUERY
    assert asked.params["retmax"] == "9999"
    assert asked.params["usehistory"] == "y"
    assert "rettype" not in asked.params


def test_a_doctype_of_another_day_is_not_downloaded() -> None:
    doctype = '<!DOCTYPE eSearchResult PUBLIC "x" "https://eutils.ncbi.nlm.nih.gov/eutils/dtd/20990101/esearch.dtd">'
    assert read_search(found(1, [5], doctype=doctype)).ids == ("5",)


def test_count_asks_for_no_ids(server: Server, transport: Transport) -> None:
    server.answer = collection(range(1, 20_001))
    assert count(transport, QUERY) == 20_000
    assert probe(transport, QUERY).ids == ()
    assert {asked.params["retmax"] for asked in server.asked} == {"0"}


def test_too_few_ids_are_asked_for_again_then_given_up(server: Server, transport: Transport) -> None:
    server.script(found(2, [11]), found(2, [11, 12]))
    assert search(transport, QUERY).ids == ("11", "12")
    server.script(found(2, [11, 11]))
    with pytest.raises(IncompleteFetch, match="2 hits but gave 1 PMIDs"):
        search(transport, QUERY)


def test_just_9999_hits_need_one_request(server: Server, transport: Transport) -> None:
    server.answer = collection(range(1, 10_000))
    assert len(search(transport, QUERY).ids) == 9_999
    assert len(server.asked) == 1
    server.answer = collection(range(5_000, 100_000_000, 10_000))
    assert len(search(transport, QUERY).ids) == 10_000
    # The whole, two halves, and its count once more.
    assert len(server.asked) == 1 + 4


def test_more_hits_than_one_request_brings_come_in_slices(server: Server, transport: Transport) -> None:
    pmids = [*range(1, 801), *range(20_000_000, 20_001_200), 41_000_000, 99_999_999]
    server.answer = collection(pmids)
    reply = search(transport, "a OR b", window=999)
    assert sorted(map(int, reply.ids)) == pmids
    assert reply.count == len(pmids)
    assert len(reply.slice_bodies) == len(server.asked) - 2
    assert all(asked.params["term"].startswith("(a OR b) AND ") for asked in server.asked[1:-1])
    assert (server.asked[-1].params["term"], server.asked[-1].params["retmax"]) == ("a OR b", "0")
    again = assembled(read_search(reply.body), [read_search(body) for body in reply.slice_bodies], window=999)
    assert again == reply


def test_a_slice_with_too_few_ids_fails_the_search(server: Server, transport: Transport) -> None:
    server.answer = collection(range(1, 121), lost=70)
    with pytest.raises(IncompleteFetch, match="between PMID"):
        search(transport, QUERY, window=99)


def test_slices_that_do_not_add_up_fail_the_search(server: Server, transport: Transport) -> None:
    server.answer = collection([*range(1, 121), 100_000_001])
    with pytest.raises(IncompleteFetch, match="120 hits in the halves of PMID 1 to 99999999, where 121 were counted"):
        search(transport, QUERY, window=99)


def test_more_hits_than_pmids_end_the_halving(server: Server, transport: Transport) -> None:
    server.script(found(100, range(1, 100)))
    with pytest.raises(IncompleteFetch, match="single PMID"):
        search(transport, QUERY, window=99)


def test_a_slice_that_ignores_its_range_fails_the_search(server: Server, transport: Transport) -> None:
    server.answer = lambda asked: Answer(
        found(100, range(1, 100)) if "UID" not in asked.params["term"] else found(50, range(60_000_000, 60_000_050))
    )
    with pytest.raises(IncompleteFetch, match="not all of that range"):
        search(transport, QUERY, window=99)


def test_hits_that_change_before_the_end_start_the_search_again(server: Server, transport: Transport) -> None:
    few, more = collection(range(1, 121)), collection(range(1, 131))
    server.answer = lambda asked: (more if asked.params["retmax"] == "0" or len(server.asked) > 60 else few)(asked)
    assert search(transport, QUERY, window=99).count == 130
    server.answer = lambda asked: (more if asked.params["retmax"] == "0" else few)(asked)
    with pytest.raises(IncompleteFetch, match=r"4 times \(last: 120 hits at first and 130 at the end"):
        search(transport, QUERY, window=99)


def test_what_a_slice_warns_of_is_not_lost(server: Server, transport: Transport) -> None:
    whole = collection([*range(1, 51), *range(70_000_000, 70_000_060)])
    nothing = b"<WarningList><OutputMessage>No items found.</OutputMessage></WarningList></eSearchResult>"
    ignored = b"<WarningList><PhraseIgnored>by</PhraseIgnored></WarningList></eSearchResult>"

    def answer(asked: Asked) -> Answer:
        extra = ignored if asked.params["term"].endswith("50000001:99999999[UID]") else nothing
        return Answer(
            whole(asked).body.replace(
                b"</eSearchResult>", extra if "UID" in asked.params["term"] else b"</eSearchResult>"
            )
        )

    server.answer = answer
    reply = search(transport, QUERY, window=99)
    assert reply.warnings == (Warning("PhraseIgnored", "by"),)
    with pytest.raises(QueryAltered, match="ignored by"):
        check_warnings(reply)


@pytest.mark.parametrize(
    "body",
    [found(1, ["x"]), found(1, ["٣"]), found(1, ["9" * 5000]), b"<eSearchResult/>", b"<PubmedArticleSet/>"]
    + [b"<eSearchResult><Count>%s</Count><IdList/></eSearchResult>" % count for count in (b"-1", b"9" * 5000, b"1e3")],
)
def test_what_is_no_search_reply_is_asked_again(server: Server, transport: Transport, body: bytes) -> None:
    server.script(body, found(1, [5]))
    assert search(transport, QUERY).ids == ("5",)


def test_a_query_that_pubmed_would_misread_is_never_sent(server: Server, transport: Transport) -> None:
    for run in (search, count, probe):
        with pytest.raises(QueryAltered):
            run(transport, "asthma[tiabb]")
    assert server.asked == []
    server.script(found(1, [5]))
    assert count(transport, "asthma[tiabb]", accepted=["UnknownFieldTag"]) == 1


def warned(extra: str) -> SearchReply:
    return read_search(found(1, [5], extra))


PHRASE = '<WarningList><QuotedPhraseNotFound>"expert by experience*"[tiab]</QuotedPhraseNotFound></WarningList>'


@pytest.mark.parametrize(
    ("extra", "told"),
    [
        ("<ErrorList><Foo/></ErrorList>", "Foo: without a text"),
        ("<WarningList>left out: zz</WarningList>", "WarningList: left out: zz"),
        ("<MessageList><Message>ignored zz</Message></MessageList>", "MessageList: ignored zz"),
        ("<ErrorList><PhraseNotFound>abcXYZ</PhraseNotFound></ErrorList>", "PhraseNotFound: abcXYZ"),
        ("<ErrorList><FieldNotFound>tiabb</FieldNotFound></ErrorList>", "FieldNotFound: tiabb"),
        (PHRASE, 'QuotedPhraseNotFound: "expert by experience*"[tiab]'),
        ("<WarningList><PhraseIgnored>by</PhraseIgnored></WarningList>", "PhraseIgnored: by"),
        (
            "<WarningList><OutputMessage>Restrictions achieved</OutputMessage></WarningList>",
            "OutputMessage: Restrictions achieved",
        ),
        ("<WarningList><NewKind>x</NewKind></WarningList>", "NewKind: x"),
    ],
)
def test_a_warning_stops_the_run_until_it_is_accepted(extra: str, told: str) -> None:
    reply = warned(extra)
    with pytest.raises(QueryAltered) as caught:
        check_warnings(reply, ())
    assert caught.value.warnings == (told,)
    assert f"accepted_warnings = ['{told}']" in str(caught.value)
    assert "No records were taken" in str(caught.value)
    check_warnings(reply, [told])
    check_warnings(reply, [told.partition(":")[0]])


def test_accepting_one_phrase_does_not_accept_another() -> None:
    with pytest.raises(QueryAltered):
        check_warnings(warned(PHRASE), ['QuotedPhraseNotFound: "expert patient*"[tiab]'])
    check_warnings(warned(PHRASE), ['quotedphrasenotfound:"Expert  by experience*"[tiab]'])


def test_nothing_found_is_no_alteration() -> None:
    check_warnings(warned("<WarningList><OutputMessage>No items found.</OutputMessage></WarningList>"))


def test_an_apostrophe_still_gives_a_line_that_toml_reads() -> None:
    with pytest.raises(QueryAltered) as caught:
        check_warnings(warned('<ErrorList><PhraseNotFound>carer\'s "x"</PhraseNotFound></ErrorList>'))
    assert r'accepted_warnings = ["PhraseNotFound: carer' + "'" + r's \"x\""]' in str(caught.value)
