"""Two of the labelled sets: no work may be lost."""

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SETS = ROOT.parent / "shared" / "datasets"


@pytest.fixture(scope="module")
def bench():
    spec = importlib.util.spec_from_file_location("labelled_sets", ROOT / "benchmarks" / "labelled_sets.py")
    module = importlib.util.module_from_spec(spec)
    import sys

    sys.modules["labelled_sets"] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules["labelled_sets"]


@pytest.mark.skipif(not SETS.is_dir(), reason="the labelled sets are not beside the repository")
@pytest.mark.parametrize(("name", "missed"), [("copper", 1), ("diabetes", 2)])
def test_no_work_is_lost(bench, name, missed) -> None:
    names, group, verdicts, _ = bench.run(SETS / name, 2)
    doubtful = bench.pairs_of(SETS / name / "doubtful.csv")
    truth = bench.trusting(dict(bench.pairs_of(SETS / name / "truth.csv")), group, doubtful)
    found = bench.figures(names, truth, group)
    assert (found.lost, found.mixed) == (0, 0)
    assert found.missed <= missed
    assert sum(v["outcome"] == "possible" for v in verdicts) <= len(names) * 0.02


def test_authors_of_every_style(bench) -> None:
    assert bench.authors_of("Zuna, R E and Wang, S S") == ["Zuna, R E", "Wang, S S"]
    assert bench.authors_of("Chen R.Wang Y.Liang L.") == ["Chen R.", "Wang Y.", "Liang L."]
    assert bench.authors_of("Connelly K. A.Desjardins J.") == ["Connelly K. A.", "Desjardins J."]
    assert bench.authors_of("Smith J; Doe A") == ["Smith J", "Doe A"]
    assert bench.authors_of("") == []


def test_the_convention_of_counting(bench) -> None:
    truth = {"a": "1", "b": "1", "c": "2", "d": "3"}
    assert bench.figures("abcd", truth, {"a": 1, "b": 1, "c": 3, "d": 4}) == bench.Figures(0, 0, 0)
    assert bench.figures("abcd", truth, {"a": 1, "b": 2, "c": 1, "d": 4}) == bench.Figures(1, 1, 1)
