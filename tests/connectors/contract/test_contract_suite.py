"""What docs/connectors.md promises of every source."""

import json
import pickle
import re
import traceback
from datetime import date

import pytest
from contract_rigs import PAGE, TITLES, Rig

from connectors.contract import Announced, ApiSource, Reply, Windowed
from connectors.errors import ConnectorError, IncompleteFetch, MalformedReply, QueryAltered, SourceUnavailable
from connectors.fields import plain
from connectors.gathering import Gathered, count, gather, require_all, search_as_probed
from connectors.record import received_table


def names(gathered: Gathered) -> list[str | None]:
    return [record.accession for _, record in gathered.records]


def test_it_is_a_source_that_can_be_declared(rig: Rig) -> None:
    assert isinstance(rig.source, ApiSource)
    assert re.fullmatch(r"[a-z][a-z0-9]*", rig.source.name)
    assert rig.source.label.strip() and rig.source.format in ("json", "xml") and rig.source.platform.islower()


def test_a_window_of_the_source_s_own_dates_holds_all_or_nothing(rig: Rig) -> None:
    if not isinstance(rig.source, Windowed):
        return
    rig.serve(7)
    all_days, no_day = (rig.source.created_since(rig.everything, date(year, 1, 31)) for year in (1801, 2999))
    assert len(gather(rig.source, all_days).records) == 7
    assert count(rig.source, no_day) == 0
    either = rig.source.created_since(f"{rig.nothing} OR {rig.everything}", date(2999, 1, 31))
    assert count(rig.source, either) == 0, "the window holds for the whole query"


@pytest.mark.parametrize("total", [0, 1, PAGE, PAGE + 1, 3 * PAGE, 3 * PAGE + 2])
def test_all_records_come(rig: Rig, total: int) -> None:
    rig.serve(total)
    gathered = gather(rig.source, rig.everything)
    assert count(rig.source, rig.everything) == gathered.announced.count == len(gathered.records) == total
    assert gathered.undelivered == gathered.unrequested == ()
    assert len(set(names(gathered))) == total
    assert sum(reply.settled for reply in gathered.replies) == total


def test_a_search_that_finds_nothing_is_no_error_and_fetches_nothing(rig: Rig) -> None:
    rig.serve(4)
    announced = rig.source.search(rig.nothing)
    before = rig.asked()
    assert announced.count == 0
    assert announced.replies, "a count of nothing needs its evidence too"
    assert list(rig.source.fetch(announced)) == []
    assert rig.asked() == before


def test_the_same_search_brings_the_same_order(rig: Rig) -> None:
    rig.serve(8)
    first, second = gather(rig.source, rig.everything), gather(rig.source, rig.everything)
    assert names(first) == names(second)
    assert [raw.payload for raw, _ in first.records] == [raw.payload for raw, _ in second.records]
    ordinals = [reply.ordinal for reply in first.replies]
    assert ordinals == sorted(ordinals)


def test_replies_are_asked_for_one_by_one(rig: Rig) -> None:
    rig.serve(3 * PAGE)
    announced = rig.source.search(rig.everything)
    before = rig.asked()
    replies = rig.source.fetch(announced)
    assert rig.asked() == before
    next(replies)
    assert rig.asked() == before + 1


def test_replies_have_names_and_numbers_of_their_own(rig: Rig) -> None:
    rig.serve(3 * PAGE)
    gathered = gather(rig.source, rig.everything)
    kept = [*gathered.announced.replies, *gathered.replies]
    assert len({reply.name for reply in kept}) == len(kept)
    assert all(re.fullmatch(r"[a-z0-9-]+\." + rig.source.format, reply.name) for reply in kept)
    assert len({reply.ordinal for reply in gathered.replies}) == len(gathered.replies)
    (probed,) = rig.source.probe(rig.everything).replies
    assert probed.name not in {reply.name for reply in kept}


def test_reading_is_the_same_every_time_and_needs_no_network(rig: Rig) -> None:
    rig.serve(PAGE)
    (reply,) = gather(rig.source, rig.everything).replies
    rig.fault("down")
    before = rig.asked()
    read = rig.source.read(reply.body)
    assert read == rig.source.read(reply.body)
    assert rig.asked() == before
    assert read.record_starts == len(read.records) == PAGE
    assert [raw.position for raw, _ in read.records] == [1, 2, 3]
    assert len({raw.form for raw, _ in read.records}) == 1
    assert received_table(read.records).num_rows == PAGE


@pytest.mark.parametrize("body", [b"", b"{}", b"<a/>", b"\xff\xfe", b"[" * 100_000, b'{"a":' * 100_000, b"null"])
def test_what_is_no_reply_is_not_read_as_an_empty_one(rig: Rig, body: bytes) -> None:
    with pytest.raises(MalformedReply):
        rig.source.read(body)


def test_all_scripts_survive(rig: Rig) -> None:
    rig.serve(len(TITLES))
    gathered = gather(rig.source, rig.everything)
    found = {(record.title or "").rstrip(".") for _, record in gathered.records}
    assert found == {plain(title) for title in TITLES}


def test_a_fetch_goes_on_where_it_was_stopped(rig: Rig) -> None:
    rig.serve(3 * PAGE + 1)
    whole = gather(rig.source, rig.everything)
    announced = rig.source.search(rig.everything)
    rig.fault("breaks")
    kept: dict[int, Reply] = {}
    with pytest.raises(SourceUnavailable):
        for reply in rig.source.fetch(announced):
            kept[reply.ordinal] = reply
    assert len(kept) == 1
    rig.fault("")
    before = rig.asked()
    again = rig.source.recall(rig.everything, [reply.body for reply in announced.replies])
    assert (again.count, again.query) == (announced.count, announced.query)
    assert rig.asked() == before, "what was announced is known from the kept replies"
    rest = list(rig.source.fetch(again, {number: reply.body for number, reply in kept.items()}))
    assert rig.asked() == before + 3
    assert not {reply.ordinal for reply in rest} & set(kept)
    replies = sorted([*kept.values(), *rest], key=lambda reply: reply.ordinal)
    records = [pair for reply in replies for pair in rig.source.read(reply.body).records]
    assert [record for _, record in records] == [record for _, record in whole.records]


def test_nothing_is_asked_when_all_is_done(rig: Rig) -> None:
    rig.serve(2 * PAGE)
    gathered = gather(rig.source, rig.everything)
    before = rig.asked()
    assert list(rig.source.fetch(gathered.announced, {r.ordinal: r.body for r in gathered.replies})) == []
    assert rig.asked() == before


def test_replies_of_another_search_are_not_recalled(rig: Rig) -> None:
    rig.serve(2)
    for replies in ([], [b"{}"], [b"<a/>"]):
        with pytest.raises(MalformedReply):
            rig.source.recall(rig.everything, replies)


def test_a_busy_source_is_waited_for(rig: Rig) -> None:
    rig.serve(PAGE)
    rig.fault("busy")
    assert len(gather(rig.source, rig.everything).records) == PAGE
    assert sum(rig.clock.slept) >= 2


@pytest.mark.parametrize("name", ["down", "cut"])
def test_a_fault_that_stays_ends_in_a_typed_error_without_secrets(rig: Rig, name: str) -> None:
    rig.serve(PAGE)
    announced = rig.source.search(rig.everything)
    rig.fault(name)
    for call in (
        lambda: rig.source.probe(rig.everything),
        lambda: rig.source.search(rig.everything),
        lambda: list(rig.source.fetch(announced)),
    ):
        with pytest.raises(ConnectorError) as caught:
            call()
        shown = "".join(traceback.format_exception(caught.value)) + repr(caught.value.args)
        assert not [secret for secret in rig.secrets if secret in shown]
        assert str(caught.value).endswith(".") and "\n" not in str(caught.value)
        assert "update again" in str(caught.value)


def test_kept_replies_hold_no_secrets(rig: Rig) -> None:
    rig.serve(PAGE)
    gathered = gather(rig.source, rig.everything)
    for reply in [*gathered.announced.replies, *gathered.replies]:
        assert not [secret for secret in rig.secrets if secret.encode() in reply.body]
    assert not [secret for secret in rig.secrets if secret in repr(gathered.announced) + repr(gathered.replies)]


def test_a_record_that_is_withheld_is_named_or_fails_the_fetch(rig: Rig) -> None:
    rig.serve(PAGE + 1)
    announced = rig.source.search(rig.everything)
    rig.fault("withholds")
    try:
        replies = list(rig.source.fetch(announced))
    except IncompleteFetch as error:
        assert "nothing was counted" in str(error)
        return
    received = sum(len(rig.source.read(reply.body).records) for reply in replies)
    assert received == PAGE
    assert sum(len(reply.undelivered) for reply in replies) == 1
    assert sum(reply.settled for reply in replies) == PAGE + 1


def test_a_query_known_to_be_misread_is_not_sent(rig: Rig) -> None:
    before = rig.asked()
    for call in (rig.source.probe, rig.source.search):
        with pytest.raises(QueryAltered) as caught:
            call(rig.misread)
    assert rig.asked() == before
    rig.serve(1)
    rig.source.probe(rig.misread, caught.value.warnings)
    assert rig.asked() > before


def test_a_warning_holds_the_search_until_it_is_accepted(rig: Rig) -> None:
    rig.serve(PAGE)
    query = rig.warned()
    announced = rig.source.search(query)
    assert announced.warnings and announced.replies, "the evidence comes before the judgement"
    with pytest.raises(QueryAltered) as caught:
        rig.source.check(announced)
    assert set(caught.value.warnings) <= set(announced.warnings)
    assert "accepted_warnings = [" in str(caught.value)
    with pytest.raises(QueryAltered):
        count(rig.source, query)
    with pytest.raises(QueryAltered):
        gather(rig.source, query)
    rig.source.check(announced, caught.value.warnings)
    rig.source.check(announced, [warning.partition(":")[0].upper() for warning in caught.value.warnings])
    assert len(gather(rig.source, query, caught.value.warnings).records) == PAGE
    recalled = rig.source.recall(query, [reply.body for reply in announced.replies])
    assert recalled.warnings == announced.warnings


def test_what_was_announced_is_plain_data(rig: Rig) -> None:
    rig.serve(2)
    announced = rig.source.search(rig.everything)
    assert pickle.loads(pickle.dumps(announced)) == announced
    json.dumps([announced.query, announced.count, announced.translation, announced.warnings])


@pytest.mark.parametrize(("received", "undelivered", "unrequested"), [(9, 0, 0), (11, 0, 0), (10, 1, 0), (10, 0, 1)])
def test_numbers_that_do_not_add_up_are_refused(received: int, undelivered: int, unrequested: int) -> None:
    require_all("X", 10, 10)
    require_all("X", 10, 9, undelivered=1)
    require_all("X", 10, 11, unrequested=1)
    with pytest.raises(IncompleteFetch, match="X announced 10 records"):
        require_all("X", 10, received, undelivered, unrequested)


def test_one_count_alone_is_not_believed(rig: Rig) -> None:
    rig.serve(5)
    probed = rig.source.probe(rig.everything)
    rig.serve(2)
    assert search_as_probed(rig.source, probed).count == 2, "asked again, it says the same"
    rig.serve(0)
    assert search_as_probed(rig.source, rig.source.probe(rig.everything)).count == 0
    counts = iter([5, 1, 5, 1, 5, 1])

    class Wavering:
        """The source, with other records at each look."""

        label = rig.source.label

        def probe(self, query: str, accepted: object = ()) -> Announced:
            rig.serve(next(counts))
            return rig.source.probe(query)

        def search(self, query: str, accepted: object = ()) -> Announced:
            rig.serve(next(counts))
            return rig.source.search(query)

    wavering = Wavering()
    with pytest.raises(IncompleteFetch, match="counted 5 records and then announced 1"):
        search_as_probed(wavering, wavering.probe(rig.everything))


def test_a_search_of_which_nothing_comes_is_refused() -> None:
    require_all("X", 0, 0)
    for announced in (1, 2, 3):
        with pytest.raises(IncompleteFetch, match=f"did not hand out any of the {announced} records"):
            require_all("X", announced, 0, undelivered=announced)


@pytest.mark.parametrize(("announced", "missing"), [(74, 4), (300, 4), (1_000, 11), (120_000, 1_201)])
def test_more_missing_than_deleted_records_explain_is_refused(announced: int, missing: int) -> None:
    require_all("X", announced, announced - missing + 1, undelivered=missing - 1)
    with pytest.raises(IncompleteFetch, match=f"X did not hand out {missing:,} of {announced:,} records"):
        require_all("X", announced, announced - missing, undelivered=missing)
