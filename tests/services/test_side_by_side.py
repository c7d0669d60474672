"""Several processes at work on one review: nobody fails, no row is lost."""

from pathlib import Path

import pytest
from living import EXPORTS, SAMPLES, LivingReview, imported_in, made_in
from processes import Process
from work_elsewhere import bring, seen, update

from livingsearch.ledger.identities import broken_identities
from livingsearch.services.reporting import review_counts
from livingsearch.services.updates import run_update
from livingsearch.standin import Standin


@pytest.fixture
def living(tmp_path: Path, standin: Standin) -> LivingReview:
    return made_in(tmp_path / "workspace", standin.base_url)


def test_two_updates_and_two_readers_at_once(tmp_path: Path, standin: Standin) -> None:
    living = imported_in(tmp_path, standin.base_url)
    updates = [Process(update, tmp_path, standin.base_url) for _ in range(2)]
    readers = [Process(seen, tmp_path, 15) for _ in range(2)]
    assert [process.said() for process in updates] == [True, True]
    for reader in readers:
        numbers = reader.said()
        assert isinstance(numbers, list)
        assert numbers == sorted(numbers), "a reader never sees a half-made state go back"
    counts = review_counts(living.context())
    assert (len(counts.closed), counts.open) == (1, None)
    assert counts.closed[0].identified == 330
    assert broken_identities(counts.closed[0]) == []
    with living.context().store.read() as con:
        runs = con.execute("SELECT source, count(*) FROM run WHERE state = 'complete' GROUP BY source").fetchall()
        assert dict(runs) == {"pubmed": 1, **dict.fromkeys(EXPORTS, 1)}, "PubMed was searched once for both"


def test_four_imports_at_once_lose_no_row(living: LivingReview) -> None:
    for process in [Process(bring, living.settings.workspace, source) for source in EXPORTS]:
        process.said()
    with living.context().store.read() as con:
        row = con.execute(
            "SELECT count(*), count(DISTINCT record_id), (SELECT count(*) FROM run_record) FROM record"
        ).fetchone()
    assert row == (256, 256, 256)
    assert run_update(living.context(), number=1).closed


def test_samples_are_what_these_tests_say() -> None:
    starts = sum((SAMPLES / "base" / name).read_text("utf-8").count("TY  - ") for name in EXPORTS.values())
    assert starts == 256
