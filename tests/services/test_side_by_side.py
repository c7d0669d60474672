"""Several processes at work on one review: nobody fails, no row is lost."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from living import EXPORTS, SAMPLES, LivingReview, imported_in, made_in

from livingsearch.ledger.identities import broken_identities
from livingsearch.services.reporting import review_counts
from livingsearch.services.updates import run_update
from livingsearch.standin import Standin

SCRIPT = """
import json, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from living import LivingReview, settings_for
from livingsearch.services.reporting import review_counts
from livingsearch.services.updates import run_update

work, workspace, url, number = sys.argv[2], Path(sys.argv[3]), sys.argv[4], int(sys.argv[5])
living = LivingReview(settings_for(workspace, url))
if work == "update":
    print(json.dumps({"closed": run_update(living.context(), number=number).closed}))
elif work == "import":
    living.import_wave("base", number, only=(sys.argv[6],))
    print(json.dumps({"imported": sys.argv[6]}))
else:
    seen = []
    for _ in range(15):
        counts = review_counts(living.context())
        flow = counts.closed[0] if counts.closed else counts.open
        seen.append(flow.identified if flow else 0)
    print(json.dumps({"seen": seen}))
"""


def started(work: str, living: LivingReview, number: int, *more: str) -> "subprocess.Popen[str]":
    settings = living.settings
    words = [str(Path(__file__).parent.parent), work, str(settings.workspace), settings.eutils_url, str(number), *more]
    return subprocess.Popen(
        [sys.executable, "-c", SCRIPT, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def said(process: "subprocess.Popen[str]") -> dict[str, object]:
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    answer: dict[str, object] = json.loads(out)
    return answer


@pytest.fixture
def living(tmp_path: Path, standin: Standin) -> LivingReview:
    return made_in(tmp_path / "workspace", standin.base_url)


def test_two_updates_and_two_readers_at_once(tmp_path: Path, standin: Standin) -> None:
    living = imported_in(tmp_path, standin.base_url)
    processes = [started(work, living, 1) for work in ("update", "update", "read", "read")]
    answers = [said(p) for p in processes]
    assert [a["closed"] for a in answers[:2]] == [True, True]
    for answer in answers[2:]:
        seen = answer["seen"]
        assert isinstance(seen, list)
        assert seen == sorted(seen), "a reader never sees a half-made state go back"
    counts = review_counts(living.context())
    assert (len(counts.closed), counts.open) == (1, None)
    assert counts.closed[0].identified == 330
    assert broken_identities(counts.closed[0]) == []
    with living.context().store.read() as con:
        runs = con.execute("SELECT source, count(*) FROM run WHERE state = 'complete' GROUP BY source").fetchall()
        assert dict(runs) == {"pubmed": 1, **dict.fromkeys(EXPORTS, 1)}, "PubMed was searched once for both"


def test_four_imports_at_once_lose_no_row(living: LivingReview) -> None:
    processes = [started("import", living, 1, source) for source in EXPORTS]
    for process in processes:
        said(process)
    with living.context().store.read() as con:
        row = con.execute(
            "SELECT count(*), count(DISTINCT record_id), (SELECT count(*) FROM run_record) FROM record"
        ).fetchone()
    assert row == (256, 256, 256)
    assert run_update(living.context(), number=1).closed


def test_samples_are_what_these_tests_say() -> None:
    starts = sum((SAMPLES / "base" / name).read_text("utf-8").count("TY  - ") for name in EXPORTS.values())
    assert starts == 256
