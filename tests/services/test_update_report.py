"""What an update brought, told to the people of a review."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from made_review import SLUG, MadeReview, made

from livingsearch.cli.main import run
from livingsearch.errors import UpdateRefused
from livingsearch.services.screening import say
from livingsearch.services.update_report import update_report
from livingsearch.services.update_report_text import update_report_markdown
from livingsearch.services.updates import begin_update


@pytest.fixture(scope="module")
def review(tmp_path_factory: pytest.TempPathFactory) -> MadeReview:
    """Two updates, then a late link, a split, a retraction, a conflict, a pair for a person, a rejected export."""
    review = made(tmp_path_factory.mktemp("report"))
    review.on("2026-01-05")
    review.update(a=["w1", "w2", "w3", "gone"], b=["w3", "w4"])
    review.on("2026-02-05")
    review.update(a=["w1", "w2", "w3", "y1"], b=["w3", "w4"])
    for who, word in (("Ann", "include"), ("Ben", "exclude")):
        say(review.context, [review.name("w2")], word, who=who)
    review.on("2026-03-02")
    review.link("w1", "y1")
    review.part("b", "w3")
    folder = review.context.folder.rejected / "a" / "20260302"
    folder.mkdir(parents=True)
    (folder / "why.txt").write_text("No export <of any> kind.\n\nNothing of these was imported:\n- a.ris\n", "utf-8")
    with review.context.store.write() as con:
        pair = [
            r for (r,) in con.execute("SELECT record_id FROM record WHERE identity IN ('acc:w2', 'acc:w4')").fetchall()
        ]
        con.execute(
            "INSERT INTO verdict SELECT ?, ?, 'possible', 'near', 0.9, 'title | 97; year differs', NULL, NULL, 'v', "
            "max(position) FROM log",
            pair,
        )
    review.run("a", ["w1", "w2", "w3", "y1", "z*1"], {"w2": "RetractionIn 123"})
    review.compare()
    begin_update(review.context, number=3, due=["a", "c"])
    return review


def test_what_came_late_is_told_with_the_update_in_which_it_came_to_light(review: MadeReview) -> None:
    found = update_report(review.context, 3)
    (late,) = found.late_duplicates
    assert (late.report, late.batch, late.same_as.report) == ("R000006", 2, review.name("w1"))
    assert f"{late.at:%Y-%m-%d}" == "2026-03-02"
    (split,) = found.late_splits
    assert split.was_part_of == review.name("w3")
    assert split.report.sources == ("b",)
    assert update_report(review.context, 2).late_duplicates == ()
    assert update_report(review.context, 1).late_splits == ()


def test_a_closed_update_names_what_its_batch_released(review: MadeReview) -> None:
    found = update_report(review.context, 2)
    assert [(one.report, one.sources) for one in found.new] == [("R000006", ())], "it holds no record any more"
    first = update_report(review.context, 1).new
    assert [one.title for one in first] == [f"Title of {work}" for work in ("w1", "w2", "w3", "gone", "w4")]
    assert first[0].url == review.context.review.report_url("R000001")
    assert [one.record.accession for one in found.changes.vanished] == [None], "made records have no number"


def test_what_waits_for_a_person_is_told(review: MadeReview) -> None:
    waiting = update_report(review.context).waiting
    assert [(pair.one.report, pair.other.report) for pair in waiting.pairs] == [(review.name("w2"), review.name("w4"))]
    assert (waiting.pairs[0].evidence, waiting.pairs_in_all) == ("title | 97; year differs", 1)
    assert [one.report.report for one in waiting.conflicts] == [review.name("w2")]
    assert waiting.conflicts[0].words == ("Ann: include (title)", "Ben: exclude (title)")
    assert [one.source for one in waiting.awaited] == ["c"]
    assert [(one.folder, one.why) for one in waiting.rejected] == [("rejected/a/20260302", "No export <of any> kind.")]
    assert waiting.states["pending on title"] == 1


def test_an_open_update_tells_a_retraction_at_once(review: MadeReview) -> None:
    found = update_report(review.context)
    assert (found.update, found.closed_at, found.new) == (3, None, ())
    assert [(one.report, one.what, one.batch) for one in found.changes.flagged] == [(review.name("w2"), "retracted", 1)]


def test_the_markdown_links_reports_and_lets_no_text_become_markup(review: MadeReview) -> None:
    context = review.context
    text = update_report_markdown(context, update_report(context))
    url = context.review.report_url(review.name("w2"))
    assert text.index("## Retracted or corrected") < text.index("## Found out late") < text.index("## Waiting")
    assert f"| [{review.name('w2')}]({url}) | retracted | 1 | Title of w2 | RetractionIn 123 |" in text
    assert "handed out by update 2, turned out to be [R000001]" in text
    assert "No export \\<of any\\> kind." in text
    assert "title \\| 97; year differs" in text
    assert "until 2026-" in text
    assert "| B (Paper) | not searched |" in text
    columns = {line.count(" | ") for line in text.splitlines() if line.startswith("| ")}
    assert columns == {3, 5, 7}, "rows of each table have as many cells as its head"


def test_a_version_that_waits_is_told_with_the_command_that_approves_it(review: MadeReview) -> None:
    found = update_report(review.context)
    waits = replace(found, waiting=replace(found.waiting, to_approve=(1, 2)))
    told = "version of update 1, 2 (`livingsearch publish made --update 1 --approve --who NAME`)."
    assert told in update_report_markdown(review.context, waits)


def test_long_lists_are_cut_and_say_so(review: MadeReview) -> None:
    context = review.context
    text = update_report_markdown(context, update_report(context, 1), listed=2)
    assert "… and 3 more; `--json` has all." in text
    assert "[R000003]" not in text.split("## New")[1]


def test_the_command_prints_writes_and_gives_json(
    review: MadeReview, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings, file = review.context.settings, tmp_path / "report.md"
    assert run(["report", "update", SLUG, "--update", "2", "--to", str(file)], settings) == 0
    assert file.read_text("utf-8").startswith("# A made review: update 2\n")
    capsys.readouterr()
    assert run(["report", "update", SLUG, "--json"], settings) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["waiting"]["pairs"][0]["evidence"] == "title | 97; year differs"
    with pytest.raises(UpdateRefused, match="no update 9"):
        update_report(review.context, 9)
