"""A methods section whose every number is derived."""

import json
import re
from datetime import date
from pathlib import Path

import pytest
from living import SLUG, LivingReview, made_in, updated_in
from made_review import MadeReview, made
from small_review import article, close, review_of

from livingsearch.cli.main import run
from livingsearch.errors import UpdateRefused
from livingsearch.services.decisions import decide
from livingsearch.services.methods import methods
from livingsearch.services.pairs import listed_pairs
from livingsearch.services.reporting import review_counts
from livingsearch.services.screening import say

_NUMBER = re.compile(r"(?<![\w.*/-])\d[\d,]*(?![\w.*/-]*\d)")


@pytest.fixture(scope="module")
def living(tmp_path_factory: pytest.TempPathFactory) -> LivingReview:
    return updated_in(tmp_path_factory.mktemp("methods") / "workspace")


def test_the_numbers_are_those_of_the_ledger(living: LivingReview) -> None:
    found, total = methods(living.context()), review_counts(living.context()).total
    assert total is not None
    said = {figure.what: figure.value for figure in found.figures}
    assert said["records identified"] == total.identified
    assert said["records already known"] == total.already_known
    assert said["records removed as duplicates"] == total.duplicates
    assert said["records that await screening"] == total.to_screen
    assert sum(value for what, value in said.items() if what.startswith("records from ")) == total.identified
    with living.context().store.read() as con:
        assert con.execute("SELECT count(*) FROM record").fetchall() == [(said["records held"],)]
    assert all(figure.derived_from for figure in found.figures)


def test_every_number_in_the_paragraphs_of_counts_says_where_it_comes_from(living: LivingReview) -> None:
    found = methods(living.context())
    told = [int(n.replace(",", "")) for n in _NUMBER.findall(" ".join((found.paragraphs[1], found.paragraphs[3])))]
    boxes = [figure.value for figure in found.figures if figure.derived_from.startswith(("flow", "run.hits"))]
    assert told == boxes


def test_as_of_an_earlier_update_it_says_what_was_known_then(living: LivingReview) -> None:
    first = review_counts(living.context()).closed[0]
    found = methods(living.context(), 1)
    assert found.updates == (1,)
    assert {f.what: f.value for f in found.figures}["records identified"] == first.identified
    assert "It was repeated" not in found.paragraphs[0]
    assert "already known" not in {figure.what for figure in found.figures}


def test_what_nobody_said_is_named(living: LivingReview) -> None:
    missing = methods(living.context()).missing
    assert "search.peer_review: who read the strategy before it ran" in missing
    assert not [one for one in missing if one.startswith("review.registration")], "the file gives one"


def test_without_a_closed_update_there_is_nothing_to_report(tmp_path: Path) -> None:
    with pytest.raises(UpdateRefused, match="no methods to report"):
        methods(made_in(tmp_path).context())


@pytest.fixture(scope="module")
def review(tmp_path_factory: pytest.TempPathFactory) -> MadeReview:
    """Screened to the end, with a source that was left out of the second update."""
    review = made(tmp_path_factory.mktemp("made"))
    review.on("2026-01-05")
    review.update(a=["w1", "w2"], b=["w2", "w3"], c=[], r=["t1"])
    review.on("2026-02-05")
    review.update(a=["w1", "w2", "w4"], c=["w4"], r=["t1"])
    say(review.context, [review.name("w1"), review.name("w3")], "exclude", who="Ann")
    say(review.context, [review.name("w2")], "include", stage="fulltext", who="Ann")
    say(review.context, [review.name("t1")], "exclude", stage="fulltext", reason="wrong outcome", who="Ann")
    return review


def test_screening_is_told_as_far_as_it_has_come(review: MadeReview) -> None:
    told = methods(review.context).paragraphs[3]
    assert told == (
        "Screened on title and abstract: 4 records, 2 of them excluded. Sought: 2 reports, 0 of them not retrieved, 2 "
        "assessed in full text, 1 of these excluded. Unfinished: 1 awaiting screening. The review includes 1 study in "
        "1 report."
    )
    assert "Not searched: B (Paper) in update 2." in methods(review.context).paragraphs[0]


def test_a_day_before_the_second_update_knows_nothing_of_it(review: MadeReview) -> None:
    assert methods(review.context, date(2026, 1, 31)).updates == (1,)


def test_the_command_writes_text_or_every_number_as_json(
    living: LivingReview, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "methods.md"
    assert run(["report", "methods", SLUG, "--to", str(file)], living.settings) == 0
    assert "Not said yet, in `review.toml`" in file.read_text("utf-8")
    capsys.readouterr()
    assert run(["report", "methods", SLUG, "--as-of", "1", "--json"], living.settings) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["updates"], len(told["figures"]) > 10) == ([1], True)


def test_pairs_of_both_kinds_that_a_person_is_asked_about_are_counted(tmp_path: Path) -> None:
    """Whether two reports are one, and whether one report may be several; a word given since takes none away."""
    records = [
        article(0, accession="1", doi="10.5555/one", issue="3"),
        article(0, accession="2", doi="10.5555/two", issue="3"),
        article(1, accession="3"),
        article(1, accession="4", volume=None, pages=None, year=2004, journal=None),
        article(2, accession="5"),
        article(2, accession="6", volume=None, pages=None, year=2005, journal=None),
    ]
    living = review_of(tmp_path, records)
    close(living, 1)

    def counted() -> tuple[int, int, int]:
        said = {figure.what: figure.value for figure in methods(living.context()).figures}
        kinds = ("pairs called duplicates", "pairs that a person was asked about", "pairs that wait for a person")
        return said[kinds[0]], said[kinds[1]], said[kinds[2]]

    waiting, _ = listed_pairs(living.context())
    assert {(pair.x, pair.y, pair.outcome) for pair in waiting} == {
        (1, 2, "duplicate"),
        (3, 4, "possible"),
        (5, 6, "possible"),
    }
    assert counted() == (1, 3, 3)
    decide(living.context(), {(3, 4): "duplicate"})
    assert counted() == (1, 3, 2)
