"""`livingsearch pairs` and `report show`, as a person types them."""

import contextlib
import io
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from living import SLUG, LivingReview, settings_for
from small_review import article, close, grouping, review_of, take_in

from livingsearch.cli.main import run
from livingsearch.services.record_view import record_views

Command = Callable[..., tuple[int, str, str]]

# Reports 1 to 4; 5 and 6 may be one; 7 is a notice on 1.
RECORDS = [
    article(0, accession="1", pmid="101"),
    article(0, accession="2", issue="3", pmid="101"),
    article(1, accession="3", doi="10.5555/a"),
    article(1, accession="4"),
    article(4, accession="5"),
    replace(
        article(4, accession="6"),
        title="Copper kettles and the microbiome of tea lovers of the north",
        volume=None,
        pages=None,
        year=2006,
    ),
    article(0, accession="7", title="Erratum: Salt intake and blood pressure in coastal villages", pages="400"),
]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Update 1 is closed."""
    review = review_of(tmp_path_factory.mktemp("made"), RECORDS)
    close(review, 1)
    return review.settings.workspace


@pytest.fixture
def review(made: Path, tmp_path: Path) -> LivingReview:
    shutil.copytree(made, tmp_path / "w")
    return LivingReview(settings_for(tmp_path / "w"))


@pytest.fixture
def command(review: LivingReview, monkeypatch: pytest.MonkeyPatch) -> Command:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERM", "dumb")

    def call(*words: str) -> tuple[int, str, str]:
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = run([words[0], words[1], SLUG, *words[2:]], review.settings)
        return code, out.getvalue(), err.getvalue()

    return call


def test_the_way_of_one_pair(command: Command, review: LivingReview) -> None:
    before = grouping(review)
    (pair,) = json.loads(command("pairs", "list", "--json")[1])["pairs"]
    assert (pair["x"], pair["y"], pair["rule"], pair["cluster"], pair["changes"]) == (5, 6, "words_differ", 1, 1)
    code, out, _ = command("pairs", "list")
    assert code == 0 and "5-6" in out and "words_differ" in out
    assert max(map(len, out.splitlines())) <= 80
    shown = command("pairs", "show", "5-6")[1]
    assert max(map(len, shown.splitlines())) <= 80
    marked = [line.split()[1] for line in shown.splitlines() if "≠" in line]
    assert marked == ["title", "year"], "what only one of them says does not differ"
    told = " ".join(shown.split())
    assert "Fields: titles alike to " in told and "; 1 year apart; agree: journal, authors" in told
    assert command("pairs", "show", "R000003", "R000004")[1] == shown
    code, out, _ = command("pairs", "decide", "5-6", "duplicate", "--who", "Ann", "--why", "one trial")
    assert code == 0 and "R000004: now part of another report" in out
    assert grouping(review) == before | {6: before[5]}
    assert "No possible duplicates" in command("pairs", "list")[1]
    assert "duplicate says Ann" in " ".join(command("pairs", "list", "--all")[1].split())
    told = command("report", "show", "R000004")[1]
    assert "R000004 is part of R000003 now." in told and "Ann" in told and "one trial" in told
    code, out, _ = command("pairs", "undo", "5-6")
    assert code == 0 and "R000004: a report of its own again" in out
    assert grouping(review) == before
    log = json.loads(command("pairs", "log", "--json")[1])["entries"]
    assert [(e["who"], e["words"], e["standing"]) for e in log] == [
        ("Ann", ["duplicate"], 0),
        (log[1]["who"], ["undone"], 0),
    ]
    assert "one trial" in command("pairs", "log")[1]


def test_whose_word_was_replaced_is_said(command: Command, review: LivingReview) -> None:
    command("pairs", "decide", "5-6", "duplicate", "--who", "Ann")
    assert "Ann" not in command("pairs", "decide", "5-6", "distinct", "--who", "Ann")[1], "her own word"
    out = command("pairs", "decide", "5-6", "duplicate", "--who", "Bo")[1]
    assert "5-6: until now Ann had said distinct." in out
    done = json.loads(command("pairs", "decide", "5-6", "distinct", "--who", "Ann", "--json")[1])
    assert done["replaced"] == [{"pair": [5, 6], "word": "duplicate", "who": "Bo"}]


def test_many_at_once_by_rule_are_asked_about_and_taken_back_as_one(
    command: Command, review: LivingReview, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = grouping(review)
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    code, out, _ = command("pairs", "decide", "--rule", "words_differ", "duplicate")
    assert code != 0 and "1 pair of the rule words_differ" in out
    assert grouping(review) == before, "nobody said yes"
    done = json.loads(command("pairs", "decide", "--rule", "words_differ", "duplicate", "--yes", "--json")[1])
    assert done["pairs"] == [[5, 6]]
    assert command("pairs", "undo", "--entry", str(done["entry"]))[0] == 0
    assert grouping(review) == before
    for _ in range(2):
        code, out, _ = command("pairs", "decide", "--rule", "words_differ", "distinct", "--yes")
        assert code == 0
    assert "Nothing changed" in out
    code, out, err = command("pairs", "decide", "--rule", "words_difer", "duplicate", "--yes")
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert "'words_difer'" in err and "words_differ" in err


def test_a_table_goes_to_a_spreadsheet_and_comes_back(command: Command, review: LivingReview, tmp_path: Path) -> None:
    table = tmp_path / "queue.csv"
    assert command("pairs", "list", "--csv", str(table))[0] == 0
    head, row = table.read_text("utf-8").splitlines()
    assert head.startswith("x,y,decision,why,") and row.startswith("5,6,,,")
    assert "Nothing changed" in command("pairs", "decide", "--from", str(table))[1], "no line is filled"
    table.write_text(f"{head}\n{row.replace('5,6,,,', '5,6,Duplicate,same kettles,')}\n", "utf-8")
    assert command("pairs", "decide", "--from", str(table))[0] == 0
    assert grouping(review)[5] == grouping(review)[6]
    (entry,) = json.loads(command("pairs", "log", "--json")[1])["entries"]
    assert entry["why"] == "same kettles"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("a,b\n1,2\n", "columns x, y and decision"),
        ("x,y,decision\n5,6,maybe\n", "line 2"),
        ("pair,decision\n05-Jun,duplicate\n", "line 2"),
        ("x,y,decision\n5,6,duplicate\n6,5,distinct\n", "line 3"),
        ("x,y,decision\n5,99,duplicate\n", "no record 99"),
        ("x,y,decision\n1,5,duplicate\n5,6,duplicate\n1,6,distinct\n", "cannot be distinct"),
    ],
)
def test_a_table_that_cannot_stand_changes_nothing(
    content: str, words: str, command: Command, review: LivingReview, tmp_path: Path
) -> None:
    before = grouping(review)
    table = tmp_path / "t.csv"
    table.write_text(content, "utf-8")
    code, _, err = command("pairs", "decide", "--from", str(table))
    assert (code, err.count("\n")) == (1, 1)
    assert words in err
    assert grouping(review) == before
    assert json.loads(command("pairs", "log", "--json")[1])["entries"] == []


def test_words_that_name_no_pair_are_refused(command: Command) -> None:
    for words in (("5-99",), ("5-5",), ("R000003-R000003",), ("R000003", "5"), ("5",), ("tea",)):
        code, _, err = command("pairs", "show", *words)
        assert (code, err.count("\n")) == (1, 1), words
    assert command("pairs", "decide", "5-6")[0] == 2
    assert command("pairs", "undo")[0] == 2
    assert command("pairs", "undo", "5-6")[0] == 1
    assert command("report", "show", "R000099")[0] == 1


def test_related_reports_are_told_and_a_report_says_where_its_fields_come_from(
    command: Command, review: LivingReview
) -> None:
    related = json.loads(command("pairs", "related", "--json")[1])["pairs"]
    assert {(p["relation"], tuple(p["reports"])) for p in related} == {("notice", (1, 5))}
    assert "notice" in command("pairs", "related")[1]
    view = json.loads(command("report", "show", "R000002", "--json")[1])
    assert view["dois"] == ["10.5555/a"]
    assert view["accessions"] == ["medline-ovid:3", "medline-ovid:4"]
    assert view["origins"]["doi"] == 3
    assert view["reasons"][0][0] == "3-4"
    (ris,) = review.settings.workspace.rglob("update-001/*.ris")
    notes = [line for line in ris.read_text("utf-8").splitlines() if "related to" in line]
    assert notes == ["N1  - related to: R000005 (notice)", "N1  - related to: R000001 (notice)"]
    (record,) = record_views(review.context(), "7")
    assert record.related == (("R000001", "notice"),)
    out = command("report", "show", "R000001")[1]
    assert "R000005  notice:" in out and "from 2" in out


def test_a_pair_within_one_report_is_listed_as_such(command: Command, review: LivingReview) -> None:
    more = [article(2, accession="8", doi="10.5555/e"), article(2, accession="9", doi="10.5555/f")]
    take_in(review, more, update=2)
    out = " ".join(command("pairs", "list")[1].split())
    assert f"within one report, R{grouping(review)[8]:06}" in out
    assert "one report bears two DOIs: 10.5555/e and 10.5555/f" in out
