"""What faults of a source come to in the database: the complete right result, or a failure with nothing counted."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from living import LivingReview, made_in

from connectors.errors import (
    ConnectorError,
    HistoryLost,
    IncompleteFetch,
    MalformedReply,
    RateLimited,
    SourceRefused,
    SourceUnavailable,
)
from livingsearch.services.changes import record_changes
from livingsearch.services.reporting import review_counts
from livingsearch.services.searches import PASSING, search_source
from livingsearch.services.updates import run_update
from livingsearch.standin import Fault, FaultKind, Standin
from livingsearch.standin.generated import STEP

COUNT, BATCHES = 410, 3
"""So many that no batch is as small as what a source may keep back for good."""
FEW = 40


@pytest.fixture
def living(tmp_path: Path, pubmed: Standin) -> LivingReview:
    return reviewed(tmp_path / "workspace", pubmed.base_url)


@pytest.fixture(scope="module")
def small() -> Iterator[Standin]:
    with Standin.of_generated(FEW, size=300) as running:
        yield running


@pytest.fixture
def few(tmp_path: Path, small: Standin) -> Iterator[LivingReview]:
    """The review on a PubMed whose records come in one batch."""
    small.faults = ()
    yield reviewed(tmp_path / "workspace", small.base_url)
    small.faults = ()


def reviewed(workspace: Path, url: str) -> LivingReview:
    living = made_in(workspace, url, retry_budget=0.0)
    file = living.context().folder.review_file
    before, _, rest = file.read_text("utf-8").partition("query = '''")
    file.write_text(f"{before}query = '''peer*[tiab]'''{rest.partition(chr(39) * 3)[2]}", "utf-8")
    return living


def withheld(*numbers: int) -> Fault:
    return Fault(FaultKind.MISSING_PMIDS, pmids=frozenset(STEP * n for n in numbers))


def counted(living: LivingReview) -> tuple[int, int]:
    """Records, and runs that count."""
    with living.context().store.read() as con:
        row = con.execute(
            "SELECT (SELECT count(*) FROM run_record), (SELECT count(*) FROM run WHERE state = 'complete')"
        ).fetchone()
    assert row
    return row


@pytest.mark.parametrize("by", [30, FEW])
@pytest.mark.parametrize("after", [0, 1])
def test_a_smaller_count_that_agrees_with_itself_is_not_believed(
    few: LivingReview, small: Standin, by: int, after: int
) -> None:
    small.faults = [Fault(FaultKind.CHANGED_HITS, by=by, after=after, first=1)]
    result = search_source(few.context(), "pubmed")
    assert (result.hits, result.received) == (FEW, FEW)


def test_hits_that_never_agree_fail_the_search(few: LivingReview, small: Standin) -> None:
    small.faults = [Fault(FaultKind.CHANGED_HITS, by=30, every=2)]
    with pytest.raises(IncompleteFetch, match="counted 40 records and then announced 10"):
        search_source(few.context(), "pubmed")
    assert counted(few) == (0, 0)


def test_records_that_are_not_handed_out_are_named_and_have_not_vanished(few: LivingReview, small: Standin) -> None:
    search_source(few.context(), "pubmed")
    run_update(few.context(), number=1, close_now=True)
    small.faults = [withheld(3, 7)]
    result = search_source(few.context(), "pubmed")
    told = f"announced 40 records and did not hand out 2 of them, which count nowhere: {STEP * 3}, {STEP * 7}."
    assert any(warning.endswith(told) for warning in result.warnings)
    run_update(few.context(), number=2, close_now=True)
    (column,) = [c for c in record_changes(few.context(), 2).sources if c.source == "pubmed"]
    assert (column.vanished, column.withheld, column.already_known) == (0, 2, 38)
    assert record_changes(few.context(), 2).vanished == ()
    assert [t.vanished for t in review_counts(few.context()).turnover[2] if t.source == "pubmed"] == [0]


def test_too_many_missing_records_fail_the_search(few: LivingReview, small: Standin) -> None:
    small.faults = [withheld(*range(1, 7))]
    with pytest.raises(IncompleteFetch, match="did not hand out 6 of 40"):
        search_source(few.context(), "pubmed")
    assert counted(few) == (0, 0)


OUTAGES = {
    "bad gateway": (Fault(FaultKind.SERVER_502), SourceUnavailable),
    "too many": (Fault(FaultKind.RATE_429), RateLimited),
    "page of maintenance": (Fault(FaultKind.HTML_200), MalformedReply),
    "cut": (Fault(FaultKind.TRUNCATED), SourceUnavailable),
    "forgotten": (Fault(FaultKind.HISTORY_LOST), HistoryLost),
    "nothing of a batch": (Fault(FaultKind.MISSING_PMIDS, nth=1), IncompleteFetch),
}


@pytest.mark.parametrize("name", OUTAGES)
def test_an_outage_counts_nothing_and_the_next_run_goes_on(living: LivingReview, pubmed: Standin, name: str) -> None:
    fault, error = OUTAGES[name]
    pubmed.faults = [Fault(**{**{f: getattr(fault, f) for f in ("kind", "nth")}, "endpoint": "efetch", "after": 1})]
    with pytest.raises(ConnectorError) as caught:
        search_source(living.context(), "pubmed")
    assert type(caught.value) is error
    assert isinstance(caught.value, PASSING)
    assert counted(living) == (0, 0)
    pubmed.faults = ()
    pubmed.clear_requests()
    result = search_source(living.context(), "pubmed")
    assert (result.received, result.not_delivered) == (COUNT, 0)
    # The reply that came is kept, whichever batch it is of: all of them are asked for at once.
    assert [request.endpoint for request in pubmed.requests] == ["efetch"] * (BATCHES - 1)
    assert counted(living) == (COUNT, 1)


def test_a_refusal_counts_nothing_and_the_next_run_begins_anew(living: LivingReview, pubmed: Standin) -> None:
    pubmed.faults = [Fault(FaultKind.BAD_KEY_400, endpoint="efetch", after=1)]
    with pytest.raises(SourceRefused):
        search_source(living.context(), "pubmed")
    assert counted(living) == (0, 0)
    pubmed.faults = ()
    pubmed.clear_requests()
    assert search_source(living.context(), "pubmed").received == COUNT
    assert [request.endpoint for request in pubmed.requests].count("efetch") == BATCHES
