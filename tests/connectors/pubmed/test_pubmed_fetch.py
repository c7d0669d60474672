import threading
import time
from collections.abc import Callable

import pytest
from clock import Clock
from pubmed_loopback import Answer, Asked, Server

from connectors.errors import IncompleteFetch, MalformedReply, SourceRefused, SourceUnavailable
from connectors.pubmed import Transport, TransportSettings, fetch, read_articles
from connectors.pubmed.fetch import pmids_in


def article(pmid: str) -> str:
    return (
        f'<PubmedArticle><MedlineCitation><PMID Version="1">{pmid}</PMID>'
        "<CommentsCorrectionsList><CommentsCorrections><PMID>777</PMID></CommentsCorrections>"
        "</CommentsCorrectionsList></MedlineCitation></PubmedArticle>"
    )


def book(pmid: str) -> str:
    return f"<PubmedBookArticle><BookDocument><PMID>{pmid}</PMID></BookDocument></PubmedBookArticle>"


def articles(*pmids: str) -> bytes:
    return f"<PubmedArticleSet>{''.join(map(article, pmids))}</PubmedArticleSet>".encode()


def holding(*pmids: str) -> Callable[[Asked], Answer]:
    return lambda asked: Answer(articles(*(p for p in asked.params["id"].split(",") if p in pmids)))


def test_batches_come_one_by_one_as_sent(server: Server, transport: Transport) -> None:
    ids = [str(n) for n in range(1, 6)]
    server.answer = holding(*ids)
    replies = list(fetch(transport, ids, batch_size=2))
    assert [(r.ordinal, r.ids, r.undelivered) for r in replies] == [
        (0, ("1", "2"), ()),
        (2, ("3", "4"), ()),
        (4, ("5",), ()),
    ]
    assert replies[0].body == articles("1", "2")
    assert {asked.method for asked in server.asked} == {"POST"}
    assert server.asked[0].params["db"] == "pubmed"
    assert "WebEnv" not in server.asked[0].params


def test_nothing_is_asked_before_it_is_wanted(server: Server, transport: Transport) -> None:
    server.answer = holding("1", "2")
    replies = fetch(transport, ["1", "2"], batch_size=1)
    assert server.asked == []
    next(replies)
    assert len(server.asked) == 1


def test_batches_that_are_done_are_not_asked_for(server: Server, transport: Transport) -> None:
    server.answer = holding("1", "2", "3")
    assert [r.ordinal for r in fetch(transport, ["1", "2", "3"], batch_size=1, done={0, 1, 4})] == [2]


def test_missing_records_are_asked_for_once_more(server: Server, transport: Transport) -> None:
    server.script(articles("1"), articles("3"))
    again, batch = fetch(transport, ["1", "2", "3"])
    assert (again.ordinal, again.ids, again.again, again.body) == (1, ("2", "3"), True, articles("3"))
    assert (batch.ordinal, batch.ids, batch.again, batch.body) == (0, ("1", "2", "3"), False, articles("1"))
    assert batch.undelivered == ("2",)
    assert again.undelivered == ()
    assert len(server.asked) == 2


@pytest.mark.parametrize(
    "nothing",
    [
        Answer(b"<PubmedArticleSet></PubmedArticleSet>"),
        Answer(b"<eFetchResult><ERROR>ID list is empty! Possibly it has no correct IDs.</ERROR></eFetchResult>", 400),
        Answer(b"ID+list+is+empty!+Possibly+it+has+no+correct+IDs.", 400),
    ],
)
def test_records_that_are_all_gone_are_told(server: Server, transport: Transport, nothing: Answer) -> None:
    server.script(nothing)
    *_, batch = fetch(transport, ["1", "2"])
    assert batch.undelivered == ("1", "2")
    assert read_articles(batch.body).records == ()


def test_a_record_nobody_asked_for_is_told(server: Server, transport: Transport) -> None:
    server.script(articles("1", "9"))
    (batch,) = fetch(transport, ["1"])
    assert batch.unrequested == ("9",)


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"<eFetchResult><ERROR>Unknown</ERROR></eFetchResult>", SourceUnavailable),
        (articles("1")[:-30], SourceUnavailable),
        (b"<PubmedArticleSet><a></PubmedArticleSet>", MalformedReply),
        (b"<GBSet></GBSet>", MalformedReply),
        (articles("1").replace(b"</PubmedArticleSet>", b"<ERROR>x</ERROR></PubmedArticleSet>"), MalformedReply),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><PubmedArticleSet>&b;</PubmedArticleSet>', MalformedReply),
    ],
)
def test_a_reply_without_records_is_outlived_or_told(
    server: Server, transport: Transport, body: bytes, error: type[Exception]
) -> None:
    server.script(body, articles("1"))
    assert [r.body for r in fetch(transport, ["1"])] == [articles("1")]
    server.script(body)
    with pytest.raises(error) as caught:
        list(fetch(transport, ["1"]))
    assert type(caught.value) is error


def test_only_a_records_own_pmid_counts() -> None:
    body = f"<PubmedArticleSet>{book('5')}{article('6')}</PubmedArticleSet>".encode()
    assert pmids_in(body) == ("5", "6")


def test_no_ids_need_no_request(server: Server, transport: Transport) -> None:
    assert list(fetch(transport, [])) == []
    with pytest.raises(ValueError, match="1 or more"):
        next(fetch(transport, ["1"], batch_size=0))
    for workers in (0, 11):
        with pytest.raises(ValueError, match="1 to 10"):
            next(fetch(transport, ["1"], workers=workers))
    for wrong in ("1,2", "", "x", " 1", "٣"):
        with pytest.raises(ValueError, match="digits only"):
            next(fetch(transport, ["1", wrong]))
    assert server.asked == []


IDS = [str(n) for n in range(1, 41)]


def threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("pubmed")]


@pytest.mark.parametrize("workers", [2, 4, 10])
def test_several_at_once_bring_the_same_in_the_same_order(server: Server, transport: Transport, workers: int) -> None:
    def answer(asked: Asked) -> Answer:
        first = int(asked.params["id"].split(",")[0])
        time.sleep(0.02 if first % 3 else 0)
        # Some come only when asked again, one never.
        again = "," not in asked.params["id"]
        return Answer(articles(*(p for p in asked.params["id"].split(",") if p != "7" and (again or int(p) % 5))))

    server.answer = answer
    alone = list(fetch(transport, IDS, batch_size=4))
    assert list(fetch(transport, IDS, batch_size=4, workers=workers)) == alone
    some = list(fetch(transport, IDS, batch_size=4, done={0, 6, 18}, workers=workers))
    assert some == [reply for reply in alone if reply.ordinal // 2 not in (0, 3, 9)]
    assert threads() == []


def test_no_more_are_fetched_ahead_than_there_are_workers(server: Server, transport: Transport) -> None:
    server.answer = holding(*IDS)
    replies = fetch(transport, IDS, batch_size=1, workers=3)
    assert server.asked == []
    for taken in range(1, 6):
        next(replies)
        time.sleep(0.05)
        assert len(server.asked) == taken + 3
    replies.close()
    assert threads() == []
    assert len(server.asked) == 8


def test_a_failure_comes_after_all_that_stands_before_it(server: Server, transport: Transport) -> None:
    def answer(asked: Asked) -> Answer:
        if asked.params["id"] == "6":
            return Answer(status=403)
        time.sleep(0.03)
        return holding(*IDS)(asked)

    server.answer = answer
    taken = []
    with pytest.raises(SourceRefused):
        for reply in fetch(transport, IDS, batch_size=1, workers=4):
            taken.append(reply.ordinal)
    assert taken[:5] == [0, 2, 4, 6, 8]
    assert 10 not in taken
    assert threads() == []
    # Nothing further was begun once it had failed.
    assert len(server.asked) <= 9


def test_replies_under_way_when_one_fails_are_waited_for(server: Server) -> None:
    under_way, refused = threading.Barrier(4), threading.Event()

    def answer(asked: Asked) -> Answer:
        (number,) = asked.params["id"].split(",")
        under_way.wait(timeout=30)
        if number == "1":
            refused.set()
            return Answer(status=403)
        refused.wait(timeout=30)
        time.sleep(0.05)
        # One does not come, and the next try at it would be in vain.
        return Answer(status=500) if number == "3" else holding(*IDS)(asked)

    server.answer = answer
    taken = []
    with Transport(TransportSettings(email="a@b", base_url=server.url, requests_per_second=1000)) as transport:
        with pytest.raises(SourceRefused):
            for reply in fetch(transport, IDS, batch_size=1, workers=4):
                taken.append(reply.ordinal)
    assert taken == [2, 6]
    assert sorted(asked.params["id"] for asked in server.asked) == ["1", "2", "3", "4"]
    assert threads() == []


@pytest.mark.parametrize("fault", [Answer(status=500), Answer(status=429, headers=(("Retry-After", "30"),))])
def test_closing_does_not_wait_for_tries_to_come(server: Server, fault: Answer) -> None:
    server.answer = lambda asked: Answer(articles("1")) if asked.params["id"] == "1" else fault
    with Transport(TransportSettings(email="a@b", base_url=server.url, requests_per_second=50)) as transport:
        replies = fetch(transport, IDS, batch_size=1, workers=3)
        next(replies)
        time.sleep(0.1)
        began = time.monotonic()
        replies.close()
        assert time.monotonic() - began < 0.6
    assert threads() == []


@pytest.mark.parametrize(("batch", "missing", "fails"), [(4, 3, False), (4, 4, True), (50, 5, False), (50, 6, True)])
def test_a_large_part_of_a_batch_is_never_missing_for_a_good_reason(
    server: Server, transport: Transport, batch: int, missing: int, fails: bool
) -> None:
    ids = [str(n) for n in range(1, 2 * batch + 1)]
    server.answer = holding(*ids[missing:])
    replies = fetch(transport, ids, batch_size=batch)
    if fails:
        with pytest.raises(IncompleteFetch, match=f"did not hand out {missing} of {batch} records"):
            list(replies)
    else:
        assert [r.undelivered for r in replies if not r.again] == [tuple(ids[:missing]), ()]


def test_a_record_that_comes_twice_is_asked_for_again(server: Server, transport: Transport) -> None:
    server.script(Answer(articles("1", "1", "2")), Answer(articles("1", "2")))
    (reply,) = fetch(transport, ["1", "2"])
    assert (reply.body, reply.undelivered) == (articles("1", "2"), ())
    server.script(Answer(articles("1", "1", "2")))
    with pytest.raises(MalformedReply, match="holds the record 1 more than once"):
        list(fetch(transport, ["1", "2"]))


def test_missing_records_are_given_a_moment(server: Server, transport: Transport, clock: Clock) -> None:
    server.script(Answer(articles("1")), Answer(articles("2")))
    before = clock.now
    again, batch = fetch(transport, ["1", "2"])
    assert (again.again, batch.undelivered) == (True, ())
    assert clock.now - before >= 1.0
