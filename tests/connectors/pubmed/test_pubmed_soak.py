"""Eight hundred batches while everything goes wrong now and then."""

import pytest
from pubmed_standin import reaching

from connectors.pubmed import fetch
from connectors.pubmed.fetch import pmids_in
from livingsearch.standin import Fault, FaultKind, Standin
from livingsearch.standin.generated import STEP
from livingsearch.standin.standin import Settings

BATCHES, BATCH = 800, 2
IDS = tuple(str(STEP * n) for n in range(1, BATCHES * BATCH + 1))
FAULTS = (
    Fault(FaultKind.RATE_429, every=150, run=5),
    Fault(FaultKind.RATE_429, chance=0.01, status=200),
    Fault(FaultKind.SERVER_500, chance=0.01),
    Fault(FaultKind.SERVER_502, chance=0.02),
    Fault(FaultKind.TRANSIENT_400, chance=0.01),
    Fault(FaultKind.ERROR_200, chance=0.01),
    Fault(FaultKind.HTML_200, chance=0.01),
    Fault(FaultKind.EMPTY, chance=0.01),
    Fault(FaultKind.TRUNCATED, chance=0.02),
    Fault(FaultKind.DROP, chance=0.02),
    Fault(FaultKind.RESET, chance=0.01),
    Fault(FaultKind.STALL, chance=0.005, seconds=60),
    Fault(FaultKind.TIMEOUT, chance=0.005, seconds=60),
    Fault(FaultKind.DRIP, chance=0.005, seconds=0.05),
    Fault(FaultKind.MISSING_PMIDS, every=50, nth=2),
)


@pytest.mark.slow
def test_eight_hundred_requests_with_random_faults_end_with_all_records() -> None:
    settings = Settings(faults=FAULTS, seed=11)
    with (
        Standin.of_generated(len(IDS), size=300, settings=settings) as standin,
        reaching(standin.base_url, read_timeout=0.5, reply_timeout=0.5, retry_budget=1e4) as transport,
    ):
        replies = list(fetch(transport, IDS, BATCH, workers=4))
        asked = len(standin.requests)

    own = [reply for reply in replies if not reply.again]
    assert [reply.ordinal for reply in own] == [2 * n for n in range(BATCHES)]
    assert [reply.undelivered for reply in own] == [()] * BATCHES
    assert [reply.ids for reply in own] == [IDS[n : n + BATCH] for n in range(0, len(IDS), BATCH)]
    held = [(reply.ordinal // 2, int(pmid)) for reply in replies for pmid in pmids_in(reply.body)]
    assert tuple(str(pmid) for _, pmid in sorted(held)) == IDS
    again = len(replies) - BATCHES
    assert again > 8
    assert asked > BATCHES + again + 80, "faults did happen"
