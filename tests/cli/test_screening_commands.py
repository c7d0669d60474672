"""Screening, totals, publishing and corrections on the command line."""

import contextlib
import io
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from living import settings_for
from made_review import SLUG, MadeReview, made, review_text

from livingsearch.cli.main import run

Command = Callable[..., str]


@pytest.fixture(scope="module")
def review(tmp_path_factory: pytest.TempPathFactory) -> MadeReview:
    """One closed update of five reports; the tests go on from one another."""
    review = made(tmp_path_factory.mktemp("review"), review_text(approval=True))
    review.update(a=["w1", "w2", "w3", "w4"], b=["w4", "w5"])
    return review


@pytest.fixture
def command(review: MadeReview, monkeypatch: pytest.MonkeyPatch) -> Command:
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("TERM", "dumb")

    def call(*words: str, code: int = 0) -> str:
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            assert run(words, settings_for(review.folder)) == code, err.getvalue()
        return out.getvalue() + err.getvalue()

    return call


def test_a_review_is_screened_published_and_restated(review: MadeReview, command: Command, tmp_path: Path) -> None:
    told = command("screen", SLUG, "R000001", "R000002", "exclude", "--who", "Ann")
    assert told.count("excluded on title") == 2 and "title: exclude, Ann" in told and "2 reports" in told
    command("screen", SLUG, "R000002", "include", "--who", "Bob")
    assert "pending on title, conflict" in command("screening", SLUG, "--conflicts")
    assert "in force already" in command("screen", SLUG, "R000001", "exclude", "--who", "Ann")
    assert "excluded on title" in command("unscreen", SLUG, "R000002", "--who", "Bob", "--why", "a slip")
    told = command("screen", SLUG, "R000003", "exclude", "--stage", "fulltext", code=1)
    assert "needs its one primary reason" in told
    command("screen", SLUG, "R000003", "R000004", "include", "--stage", "fulltext")
    assert "study S0001" in command("study", SLUG, "R000003", "R000004", "--name", "Barr 2020")
    assert re.search(r"S0001\s+Barr 2020\s+R000003", command("studies", SLUG))
    assert json.loads(command("studies", SLUG, "--json"))[0]["study"] == "S0001"
    whole = command("prisma", SLUG, "--whole")
    assert re.search(r"Records screened\s+4", whole) and re.search(r"New studies included\s+1", whole)
    told = command("publish", SLUG, "--update", "1")
    assert "Reports awaiting screening: 1." in told and "waits for approval" in told
    told = command("publish", SLUG, "--update", "1", "--approve", "--who", "A. Reviewer")
    assert "was published by A. Reviewer" in told and "made-update-001-flow.svg" in told
    assert "Reports assessed for eligibility" in command("prisma", SLUG, "--diagram")
    assert "published already and is never edited" in command("publish", SLUG, "--update", "1", code=1)
    assert "Nothing that is known now changes" in command("restated", SLUG, "--update", "1")
    command("screen", SLUG, "R000005", "exclude")
    told = command("restated", SLUG, "--update", "1")
    assert "1 report went from awaiting screening to excluded on title (R000005)" in told
    assert "awaiting screening 1 → 0" in told
    restated = json.loads(command("restated", SLUG, "--update", "1", "--json"))
    assert restated["published"]["screening"]["awaiting"]["value"] == 1
    assert restated["restated"]["screening"]["awaiting"]["value"] == 0
    told = command("withdraw", SLUG, "2", "--why", "another search")
    assert "Run 2 (b, 2 records) counts in update 1 no more." in told and "not searched" in told
    assert "was published, so it stays closed" in command("reopen", SLUG, "--update", "1", "--why", "late", code=1)
    ok = json.loads(command("doctor", SLUG, "--json"))
    assert all(check["ok"] for check in ok), ok
    assert any("1 version(s) derived again: equal" in check["told"] for check in ok)


def test_as_of_takes_a_day_or_an_update(command: Command) -> None:
    closing = json.loads(command("prisma", SLUG, "--as-of", "1", "--json"))
    assert closing["updates"][0]["screening"]["awaiting"]["value"] == 5
    assert "(n = 5)" in command("prisma", SLUG, "--as-of", "1", "--diagram")
    assert "was open by 2020-01-01" in command("prisma", SLUG, "--as-of", "2020-01-01", code=1)
    assert "neither a date" in command("prisma", SLUG, "--as-of", "yesterday", code=2)
    assert "R000001" in command("screening", SLUG, "--as-of", "1", "--state", "awaiting screening")


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--links", "https://example.org/{box}/{page}"], "need {box} where the name of a box belongs"),
        (["--links", "https://example.org/"], "need {box} where the name of a box belongs"),
        (["--links", "javascript:{box}"], "is no address to link to"),
        (["--link", "screened"], "is not of the form BOX=ADDRESS"),
        (["--link", "everything=a.html"], "The diagram has no 'everything' to link; it has: databases,"),
        (["--link", "screened=a.html", "--format", "text"], "Links are kept in svg and csv only"),
    ],
)
def test_links_that_cannot_be_are_refused(command: Command, tmp_path: Path, options: list[str], told: str) -> None:
    assert told in command("prisma", SLUG, "--to", str(tmp_path / "flow.svg"), *options, code=1)
    assert not (tmp_path / "flow.svg").exists()


def test_links_are_written_into_svg_and_csv(command: Command, tmp_path: Path) -> None:
    options = ("--links", "https://example.org/{update}?box={box}&a=1", "--link", "databases=found.html")
    for name, address in (("a.svg", "?box=screened&amp;a=1"), ("a.csv", "?box=screened&a=1")):
        command("prisma", SLUG, "--to", str(tmp_path / name), "--update", "1", *options)
        drawn = (tmp_path / name).read_text("utf-8")
        assert f"https://example.org/1{address}" in drawn and "found.html" in drawn
    command("prisma", SLUG, "--svg", str(tmp_path / "b.svg"), "--update", "1", *options)
    assert 'href="found.html"' in (tmp_path / "b.svg").read_text("utf-8")
    assert "add --to FILE.svg" in command("prisma", SLUG, *options, code=1)


def test_totals_are_taken_in_and_back(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "totals.toml"
    file.write_text("update = 2\nsource = 'Covidence'\n[screening]\nscreened = 0\nexcluded = 0\n", "utf-8")
    assert "2 numbers of update 2 taken in" in command("totals", SLUG, str(file))
    told = command("prisma", SLUG, "--whole", "--update", "2")
    assert "0*" in told and "* typed by a person: Covidence" in told
    file.write_text("update = 2\nsource = 'Covidence'\n[screening]\nscreened = 1\nexcluded = 1\n", "utf-8")
    assert "Identity 2" in command("totals", SLUG, str(file), code=1)
    assert "was taken back" in command("totals", SLUG, "--take-back", "2")
    assert "Name a file" in command("totals", SLUG, code=2)
