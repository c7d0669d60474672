"""The benchmark counts rightly, names what fails, and loses no work of two labelled sets."""

import csv
import importlib.util
import random
import sys
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

import dedup
from benchmarks import fitting, runs
from benchmarks.figures import answered, figures, summed, trusting
from benchmarks.goals import goals
from benchmarks.measured import Measured, measured
from benchmarks.peers.run_doi_or_title import values
from benchmarks.records import records_of
from benchmarks.results import written
from benchmarks.sets import LabelledSet, blank, originals, rows_of, scaled, stripped

SETS = Path(__file__).resolve().parents[3] / "shared" / "datasets"
beside = pytest.mark.skipif(not SETS.is_dir(), reason="the labelled sets are not beside the repository")

NAMES = list("abcdefghij")
TRUTH = {"a": "1", "b": "1", "c": "1", "d": "2", "e": "2", "f": "3", "g": "4", "h": "5", "i": "5", "j": "6"}
GROUP = {"a": "p", "b": "p", "c": "q", "d": "r", "e": "s", "f": "s", "g": "p", "h": "t", "i": "u", "j": "v"}
QUEUE = [("c", "a"), ("h", "i"), ("h", "j")]


def test_figures_worked_out_by_hand() -> None:
    """Kept are a (p), c (q), d (r), e (s), h (t), i (u), j (v); f hides behind e, g behind a.

    Work 1 keeps a and c: one missed, one found. 2 keeps d and e: one missed. 3 and 4 keep nothing: lost. 5 keeps both:
    one missed. 6 is whole. p holds works 1 and 4, s holds 2 and 3: mixed. Pairs in one group: ab, ag, bg, ef; of one
    work: ab, ac, bc, de, hi; both: ab.
    """
    found = figures(NAMES, TRUTH, GROUP)
    assert (found.records, found.works, found.found) == (10, 6, 1)
    assert (found.missed, found.lost, found.mixed) == (3, 2, 2)
    assert (found.pairs_right, found.pairs_said, found.pairs_true) == (1, 4, 5)
    assert (found.precision, found.recall) == (0.25, 0.2)
    after = figures(NAMES, TRUTH, answered(TRUTH, GROUP, QUEUE))
    assert (after.found, after.missed, after.lost, after.mixed) == (3, 1, 2, 2)
    assert summed([found, after]).missed == 4
    assert figures([], {}, {}).precision is None


def test_doubtful_labels_are_what_the_run_said() -> None:
    doubtful = [("d", "f"), ("e", "f"), ("h", "i"), ("a", "c")]
    told = trusting(TRUTH, GROUP, doubtful)
    assert told["e"] == told["f"] == told["d"]
    assert told["h"] != told["i"]
    assert told["c"] not in (told["a"], told["b"])
    found = figures(NAMES, told, GROUP)
    assert (found.missed, found.lost, found.mixed) == (1, 1, 1)


@beside
def test_the_figures_are_those_of_the_sets_own_script(tmp_path) -> None:
    spec = importlib.util.spec_from_file_location("evaluate", SETS / "evaluate.py")
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    chance = random.Random(3)
    names = [f"r{n}" for n in range(60)]
    for turn in range(5):
        truth = {name: str(chance.randrange(20)) for name in names}
        group = {name: truth[name] if chance.random() < 0.7 else f"x{chance.randrange(12)}" for name in names}
        queue, doubtful = ([tuple(chance.sample(names, 2)) for _ in range(12)] for _ in range(2))
        files = {}
        for file, head, rows in (
            ("records", ["record_id"], [[name] for name in names]),
            ("truth", ["record_id", "cluster_id"], truth.items()),
            ("groups", ["record_id", "predicted_cluster"], group.items()),
            ("queue", ["record_id_a", "record_id_b"], queue),
            ("doubtful", ["record_id_a", "record_id_b"], doubtful),
        ):
            files[file] = tmp_path / f"{file}{turn}.csv"
            with files[file].open("w", newline="") as handle:
                writer = csv.writer(handle)
                writer.writerow(head)
                writer.writerows(rows)
        theirs = script.main(**{name: str(path) for name, path in files.items()})
        told = trusting(truth, group, doubtful)
        for said, ours in (
            (theirs, figures(names, told, group)),
            (theirs["with_queue"], figures(names, told, answered(told, group, queue))),
        ):
            assert (said["TP"], said["FN"], said["FP"]) == (ours.found, ours.missed, ours.lost)
            assert (said["mixed_groups"], said["works"]) == (ours.mixed, ours.works)
            assert said["pair_precision"] == pytest.approx(ours.precision, abs=1e-5)
            assert said["pair_recall"] == pytest.approx(ours.recall, abs=1e-5)


@pytest.fixture
def small(tmp_path) -> LabelledSet:
    """A made-up set: one work twice, one alone, one that its title and the first's DOI join wrongly."""
    folder = tmp_path / "sets" / "made up"
    folder.mkdir(parents=True)
    head = "record_id,author,title,year,journal,volume,number,pages,doi,abstract,isbn"
    (folder / "records.csv").write_text(
        f"{head}\n"
        'one,"Ek, Bo and Ry, Al",Felt slippers and cold millers,2001,Warm Notes,4,2,10-19,10.5555/x.1,,1999-0001\n'
        "two,Ek B.Ry A.,FELT SLIPPERS AND COLD MILLERS.,2001,Warm Notes,4,,10-9,,,\n"
        "three,Om J,Harp music at dawn for tired bakers,2004,Soft Sounds,,1,7-9,,,\n"
        "four,Um K; Pi L,Kelp tea and the sleep of pilots,n. d.,Soft Sounds,9,1,70-79,10.5555/X.1.,,\n",
        "utf-8",
    )
    (folder / "truth.csv").write_text("record_id,cluster_id\none,w1\ntwo,w1\nthree,w2\nfour,w3\n")
    (found,) = originals(tmp_path / "sets")
    return found


def test_records_of_every_style(small) -> None:
    names, records = records_of(small.records, "made up")
    assert names == ["one", "two", "three", "four"]
    assert records.schema == dedup.RECORDS
    assert records["record_id"].to_pylist() == [1, 2, 3, 4]
    assert records["authors"].to_pylist() == [["Ek, Bo", "Ry, Al"], ["Ek B.", "Ry A."], ["Om J"], ["Um K", "Pi L"]]
    assert records["year"].to_pylist() == [2001, 2001, 2004, None]
    assert records["issns"].to_pylist()[0] == ["1999-0001"]
    assert records["volume"].to_pylist()[2] is None


def test_tools_run_in_processes_of_their_own_and_one_that_fails_is_named(small, tmp_path) -> None:
    broken = runs.Tool("broken", (sys.executable, "-c", "raise SystemExit('no such luck')"))
    silent = runs.Tool("silent", (sys.executable, "-c", "pass"))
    simple = runs.TOOLS[-1]
    results = runs.measure([small], [runs.OURS, broken, silent, simple], tmp_path, repeat=2, once_over=0.0, limit=60)
    by_name = {result.tool: result for result in results}
    ours = by_name["ours"]
    assert (ours.strict.at_once.missed, ours.strict.at_once.lost, ours.strict.at_once.mixed) == (0, 0, 0)
    assert ours.versions.keys() == {"livingsearch", "duckdb", "pyarrow", "rapidfuzz"}
    assert len(ours.runs) == 1
    assert ours.runs[0].peak > 50e6
    assert by_name["broken"].failure == "status 1: no such luck"
    assert by_name["silent"].failure == "it wrote no groups"
    assert (by_name[simple.name].strict.at_once.lost, by_name[simple.name].strict.at_once.mixed) == (1, 1)
    assert runs.errors_of(ours, tmp_path) == []
    ((kind, a, b, why),) = runs.errors_of(by_name[simple.name], tmp_path)
    assert (kind, a, b, why) == ("mixed", "one", "four", "no verdict")
    path = tmp_path / "RESULTS.md"
    written(path, results, {small.name: [("missed", "one", "two", "why")]}, "", machine="m", load=0.5, command="c")
    text = path.read_text()
    assert "broken: status 1: no such luck" in text
    assert "| made up | ours | 0 | 0 | 0 | 1.0000 | 1.0000 | 0 (0.0%) | 0 | 0 |" in text
    assert "missed one / two (why)" in text
    assert "| sets as they are: lost works (FP) | 0 | not run | - |" in text
    again = runs.measure([small], [simple], tmp_path, repeat=2, once_over=0.0, limit=60, reuse=True)
    assert (again[0].reused, again[0].strict) == (True, by_name[simple.name].strict)


def test_a_run_that_takes_too_long_is_ended(tmp_path) -> None:
    took = measured([sys.executable, "-c", "import time; time.sleep(60)"], log=tmp_path / "log", limit=0.3)
    assert took.failure == "ended after 0 s without a result"
    assert took.seconds < 30
    assert Measured(1, 1, 1).failure is None


def test_fields_are_blanked_in_half_of_the_records_by_seed(tmp_path, small) -> None:
    assert stripped(small, 7, tmp_path, tmp_path) is None
    source, head = tmp_path / "records.csv", "record_id,author,title,year,journal,volume,number,pages,doi,abstract"
    row = "a,t,2001,j,1,2,3-4,10.5555/x,text"
    source.write_text(head + "\n" + "".join(f"{n},{row}\n" for n in range(1, 401)))
    targets = [tmp_path / f"{name}.csv" for name in ("first", "again", "other")]
    for target, seed in zip(targets, (7, 7, 8), strict=True):
        blank(source, target, seed)
    assert targets[0].read_text() == targets[1].read_text() != targets[2].read_text()
    rows = list(rows_of(targets[0]))
    whole = sum(all(row.values()) for row in rows)
    assert len(rows) == 400
    assert 160 <= whole <= 240
    assert all(row["title"] and row["record_id"] for row in rows)
    assert scaled(100, tmp_path, tmp_path, Path(sys.executable)) is None


def test_same_doi_or_title() -> None:
    assert values({"title": "A B-c!", "doi": "https://doi.org/10.5555/X."}) == ["doi 10.5555/x", "title abc"]
    assert values({"title": "", "doi": "n/a"}) == []


def test_a_rule_switched_off_is_missed(small) -> None:
    con = duckdb.connect()
    one = fitting.ready(con, small)
    before = fitting.ran(con, one)
    assert fitting.changes(before, before) == ""
    with fitting.instead(fitting.decide, "_JUDGED", "THEN 'duplicate'", "THEN NULL") as there:
        without = fitting.ran(con, one)
    assert there > 0
    assert "FN +1" in fitting.changes(before, without)
    assert fitting.ran(con, one) == before
    pairs = fitting.pairs_of_set(con, one)
    assert (pairs.same.tolist(), pairs.merged.tolist()) == ([True], [True])


def test_what_is_varied_stands_in_the_rules() -> None:
    for words, module, name, text, grid in fitting.KNOBS:
        assert text in getattr(module, name), words
        assert any(str(value) in text for value in grid), words
    for rules in (fitting.decide.CERTAIN, fitting.decide.VETOES, fitting.decide.MERGE, fitting.decide.ASK):
        assert all(f"WHEN {rule.when} THEN" in fitting.decide._JUDGED for rule in rules)


@beside
@pytest.mark.parametrize(("name", "missed"), [("copper", 1), ("diabetes", 2)])
def test_no_work_is_lost(name, missed) -> None:
    (labelled,) = originals(SETS, [name])
    con = duckdb.connect()
    found = fitting.ran(con, fitting.ready(con, labelled))
    assert (found.at_once.lost, found.at_once.mixed) == (0, 0)
    assert found.at_once.missed <= missed
    assert found.queue <= found.at_once.records * 0.02


def test_goals_are_met_or_not(tmp_path) -> None:
    def result(tool, kind, missed, seconds, **words) -> runs.Result:
        one = figures(NAMES, TRUTH, GROUP)
        one = replace(one, records=1_000, missed=missed, lost=0, mixed=0)
        counted = runs.Count(one, replace(one, missed=missed // 2), 0)
        labelled = LabelledSet(kind, kind, tmp_path, base="a", seed=7)
        return runs.Result(tool, labelled, [Measured(seconds, seconds, 1)], counted, counted, **words)

    found = {
        goal.words: goal.row()
        for goal in goals(
            [
                result("ours", "original", 8, 1, queue=21),
                result("ours", "stripped", 61, 1, queue=50),
                result("ours", "scaled", 60, 2, planted=1),
                result("bib-dedupe", "scaled", 0, 120),
                result("Splink (EM)", "scaled", 0, 9),
            ]
        )
    }
    assert found["sets as they are: missed duplicates (FN)"][2:] == ["8", "yes"]
    assert found["sets as they are: FN after the queue"][2:] == ["4", "**no**"]
    assert found["sets as they are: largest queue, share of a set's records"][1:] == ["2.0%", "2.1%", "**no**"]
    assert found["fields blanked: FN, mean of the seeds' sums"][3] == "**no**"
    assert found["fields blanked: largest queue, share of a set's records"][3] == "yes"
    assert found["scaled: planted near works joined"][3] == "**no**"
    assert found["scaled: seconds, share of bib-dedupe's"][1:] == ["0.0167", "0.0167", "yes"]
    assert found["scaled: seconds, share of Splink's"][3] == "**no**"
