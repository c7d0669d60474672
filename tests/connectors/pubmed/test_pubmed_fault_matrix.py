"""Every fault on every call: the complete right result, or a clear failure with nothing taken for complete."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import pytest
from pubmed_loopback import KEY
from pubmed_standin import reaching

from connectors.errors import (
    ConnectorError,
    HistoryLost,
    IncompleteFetch,
    MalformedReply,
    RateLimited,
    SourceRefused,
    SourceUnavailable,
)
from connectors.pubmed import Reply, Transport, fetch, probe, search
from connectors.pubmed.fetch import pmids_in
from livingsearch.standin import Fault, FaultKind, Standin

QUERY = "peer*[tiab]"
COUNT, WINDOW, BATCH, STEP = 24, 9, 6, 4_000_000
IDS = tuple(str(STEP * n) for n in range(1, COUNT + 1))
PATIENCE, SHORT, SHORTEST = 10, 0.15, 0.04
"""Seconds for a reply: usually, and where the fault is a slow one that passes or stays."""


@pytest.fixture(scope="module")
def standin() -> Iterator[Standin]:
    with Standin.of_generated(COUNT, size=300, step=STEP) as running:
        yield running


@dataclass(frozen=True)
class Call:
    """A call of the connector and which of its requests the fault is aimed at.

    Args:
        run: makes the call; hands each reply on as soon as it is yielded.
        endpoint: of the requests aimed at.
        after: requests of that endpoint before the one aimed at.
        before: another fault that leads to the request aimed at.
    """

    run: Callable[[Transport, list[Reply]], object]
    endpoint: str
    after: int = 0
    before: tuple[Fault, ...] = ()


def probed(transport: Transport, taken: list[Reply]) -> object:
    reply = probe(transport, QUERY)
    return reply.count, reply.query_translation, reply.warnings


def searched(transport: Transport, taken: list[Reply]) -> object:
    reply = search(transport, QUERY)
    return reply.count, reply.ids, reply.warnings


def sliced(transport: Transport, taken: list[Reply]) -> object:
    reply = search(transport, QUERY, window=WINDOW)
    return reply.count, tuple(sorted(reply.ids, key=int)), reply.warnings


def fetching(workers: int = 1, done: tuple[int, ...] = ()) -> Callable[[Transport, list[Reply]], object]:
    def run(transport: Transport, taken: list[Reply]) -> object:
        for reply in fetch(transport, IDS, BATCH, done, workers=workers):
            taken.append(reply)
        return pmids(taken), [pmid for reply in taken for pmid in reply.undelivered]

    return run


def pmids(replies: list[Reply]) -> list[str]:
    """Records by batch, those that came late where they would have stood."""
    held = [(reply.ordinal // 2, pmid) for reply in replies for pmid in pmids_in(reply.body)]
    return [pmid for _, pmid in sorted(held, key=lambda entry: (entry[0], int(entry[1])))]


LOST = Fault(FaultKind.MISSING_PMIDS, pmids=frozenset({STEP}), first=1)
SLICES = 8
"""Requests of the sliced search, its second count among them."""
CALLS = {
    "probe": Call(probed, "esearch"),
    "search": Call(searched, "esearch"),
    "sliced search, whole": Call(sliced, "esearch"),
    "sliced search, slice": Call(sliced, "esearch", SLICES // 2),
    "sliced search, second count": Call(sliced, "esearch", SLICES - 1),
    "fetch, first batch": Call(fetching(), "efetch"),
    "fetch, third batch": Call(fetching(), "efetch", 2),
    "fetch, re-ask": Call(fetching(), "efetch", 1, (LOST,)),
    "fetch, going on": Call(fetching(done=(0, 4)), "efetch", 1),
    "fetch, three at once": Call(fetching(workers=3), "efetch", 1),
}
FAULTS: dict[str, tuple[Fault, type[ConnectorError] | None]] = {
    "429": (Fault(FaultKind.RATE_429), RateLimited),
    "429 as success": (Fault(FaultKind.RATE_429, status=200), RateLimited),
    "500": (Fault(FaultKind.SERVER_500), SourceUnavailable),
    "502": (Fault(FaultKind.SERVER_502), SourceUnavailable),
    "503": (Fault(FaultKind.SERVER_502, status=503), SourceUnavailable),
    "silence": (Fault(FaultKind.TIMEOUT, seconds=60), SourceUnavailable),
    "silence in the body": (Fault(FaultKind.STALL, seconds=60), SourceUnavailable),
    "slow drip": (Fault(FaultKind.DRIP, seconds=0.02), SourceUnavailable),
    "connection reset": (Fault(FaultKind.RESET), SourceUnavailable),
    "connection lost in the body": (Fault(FaultKind.DROP), SourceUnavailable),
    "truncated": (Fault(FaultKind.TRUNCATED), SourceUnavailable),
    "empty": (Fault(FaultKind.EMPTY), SourceUnavailable),
    "transient 400": (Fault(FaultKind.TRANSIENT_400), SourceUnavailable),
    "error as success": (Fault(FaultKind.ERROR_200), SourceUnavailable),
    "web page": (Fault(FaultKind.HTML_200), MalformedReply),
    "history lost": (Fault(FaultKind.HISTORY_LOST), HistoryLost),
    "key refused": (Fault(FaultKind.BAD_KEY_400), SourceRefused),
    "late": (Fault(FaultKind.SLOW, seconds=0.01), None),
}
AT_ONCE = (SourceRefused,)
"""Errors that asking again cannot mend."""
SLOW = (FaultKind.TIMEOUT, FaultKind.STALL, FaultKind.DRIP)
every_cell = pytest.mark.parametrize(
    ("call", "fault"), [pytest.param(CALLS[c], FAULTS[f], id=f"{c}-{f}") for c in CALLS for f in FAULTS]
)


@pytest.fixture(scope="module")
def usual() -> dict[int, int]:
    """Requests of each call where nothing goes wrong."""
    return {}


@pytest.fixture(scope="module")
def right(standin: Standin, usual: dict[int, int]) -> dict[int, object]:
    """What each call brings where nothing goes wrong."""
    standin.faults = ()
    found = {}
    for call in CALLS.values():
        standin.clear_requests()
        with reaching(standin.base_url) as transport:
            found[id(call)] = call.run(transport, [])
        usual[id(call)] = len(standin.requests)
        if call.run is sliced:
            assert len(standin.requests) == SLICES, len(standin.requests)
    return found


def aimed(call: Call, fault: Fault, **rule: int) -> list[Fault]:
    return [*call.before, replace(fault, endpoint=call.endpoint, after=call.after, **rule)]


@every_cell
def test_a_passing_fault_leaves_the_complete_right_result(
    standin: Standin,
    right: dict[int, object],
    usual: dict[int, int],
    call: Call,
    fault: tuple[Fault, type[ConnectorError] | None],
) -> None:
    what, error = fault
    times = 1 if what.kind in SLOW else 2
    standin.clear_requests()
    standin.faults = aimed(call, what, first=times)
    patience = SHORT if what.kind in SLOW else PATIENCE
    with reaching(standin.base_url, read_timeout=patience, reply_timeout=patience, retry_budget=1e5) as transport:
        if error in AT_ONCE:
            with pytest.raises(error):
                call.run(transport, [])
        else:
            assert call.run(transport, []) == right[id(call)]
            struck = 0 if error is None else times
            expected = usual[id(call)] + len(call.before) + struck
            # A short reply that drips is there in time.
            spared = (0, struck) if what.kind is FaultKind.DRIP else (0,)
            assert expected - len(standin.requests) in spared, "each strike cost one request more"


@every_cell
def test_a_fault_that_stays_is_a_clear_failure_that_loses_nothing(
    standin: Standin, right: dict[int, object], call: Call, fault: tuple[Fault, type[ConnectorError] | None]
) -> None:
    what, error = fault
    standin.faults = aimed(call, what)
    taken: list[Reply] = []
    patience = SHORTEST if what.kind in SLOW else PATIENCE
    with reaching(standin.base_url, read_timeout=patience, reply_timeout=patience, retry_budget=1.5) as transport:
        if error is None:
            assert call.run(transport, taken) == right[id(call)]
            return
        with pytest.raises(ConnectorError) as caught:
            call.run(transport, taken)
        assert type(caught.value) is error
        assert KEY not in str(caught.value)
        assert "othing was counted" in str(caught.value)

        # What was yielded before is whole, in order, and enough to go on with.
        own = [reply.ordinal // 2 for reply in taken if not reply.again]
        before = [n for n in range(COUNT // BATCH) if 2 * n not in done_of(call)][: len(own)]
        if call is CALLS["fetch, three at once"]:
            # The one that was spared may stand behind others that failed.
            assert len(own) == call.after
            before = own
        assert own == before
        assert all(pmids([r for r in taken if r.ordinal // 2 == n]) == wanted(n) for n in before)
        if call.endpoint == "efetch":
            standin.faults = ()
            done = {reply.ordinal for reply in taken} | set(done_of(call))
            taken += fetch(transport, IDS, BATCH, done)
            assert pmids(taken) == [p for n in range(COUNT // BATCH) if 2 * n not in done_of(call) for p in wanted(n)]


def done_of(call: Call) -> tuple[int, ...]:
    return (0, 4) if call is CALLS["fetch, going on"] else ()


def wanted(number: int) -> list[str]:
    return list(IDS[number * BATCH : (number + 1) * BATCH])


@pytest.mark.parametrize("workers", [1, 3])
@pytest.mark.parametrize("after", [0, 2, 3])
def test_records_left_out_once_come_when_asked_again(standin: Standin, workers: int, after: int) -> None:
    standin.faults = [Fault(FaultKind.MISSING_PMIDS, nth=2, after=after, first=1)]
    with reaching(standin.base_url) as transport:
        found, undelivered = fetching(workers)(transport, [])
    assert sorted(found, key=int) == list(IDS)
    assert undelivered == []


@pytest.mark.parametrize("workers", [1, 3])
def test_records_left_out_for_good_are_named(standin: Standin, workers: int) -> None:
    gone = {STEP, STEP * 8, STEP * COUNT}
    standin.faults = [Fault(FaultKind.MISSING_PMIDS, pmids=frozenset(gone))]
    with reaching(standin.base_url) as transport:
        found, undelivered = fetching(workers)(transport, [])
    assert found == [pmid for pmid in IDS if int(pmid) not in gone]
    assert undelivered == [pmid for pmid in IDS if int(pmid) in gone]


COUNTED = [name for name, call in CALLS.items() if call.run in (searched, sliced)]


@pytest.mark.parametrize("by", [-3, 3, 1_000])
@pytest.mark.parametrize("name", COUNTED)
def test_a_count_that_is_wrong_is_outlived_or_told(
    standin: Standin, right: dict[int, object], name: str, by: int
) -> None:
    call = CALLS[name]
    with reaching(standin.base_url) as transport:
        standin.faults = aimed(call, Fault(FaultKind.WRONG_COUNT, by=by), first=1)
        assert call.run(transport, []) == right[id(call)]
        standin.faults = aimed(call, Fault(FaultKind.WRONG_COUNT, by=by))
        with pytest.raises(IncompleteFetch, match="nothing was counted"):
            call.run(transport, [])


@pytest.mark.parametrize("after", range(SLICES))
def test_hits_that_change_while_slices_are_read_start_the_search_again(standin: Standin, after: int) -> None:
    """Fewer from some request on; then more from some request on."""
    with reaching(standin.base_url) as transport:
        standin.faults = [Fault(FaultKind.CHANGED_HITS, by=3, after=after)]
        assert sliced(transport, [])[:2] == (COUNT - 3, IDS[:-3])  # type: ignore[index]
        standin.faults = [Fault(FaultKind.CHANGED_HITS, by=3, first=after)]
        # The smaller search needs fewer requests, so that a late change comes after its end.
        assert sliced(transport, [])[:2] in ((COUNT, IDS), (COUNT - 3, IDS[:-3]))  # type: ignore[index]


def test_hits_that_never_stop_changing_fail_the_search(standin: Standin) -> None:
    standin.clear_requests()
    standin.faults = [Fault(FaultKind.CHANGED_HITS, by=3, every=2)]
    with reaching(standin.base_url) as transport, pytest.raises(IncompleteFetch, match=r"changed .* 4 times"):
        sliced(transport, [])
    assert len(standin.requests) <= 4 * SLICES
