"""Decisions of a screening tool's file, taken over."""

from pathlib import Path

import pytest
from made_review import MadeReview, made

from livingsearch.errors import ReturnRefused, ScreeningRefused
from livingsearch.services.returned_words import record_back, take_file_back
from livingsearch.services.screening import say, screening_list
from livingsearch.services.whole_flows import review_flows

WORKS = ("w1", "w2", "w3", "w4", "w5", "w6")


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> MadeReview:
    """One closed update with six reports."""
    review = made(tmp_path_factory.mktemp("finished"))
    review.update(a=list(WORKS))
    return review


@pytest.fixture
def review(finished: MadeReview, tmp_path: Path) -> MadeReview:
    """The same, a test's own."""
    return finished.copied(tmp_path)


def rayyan(review: MadeReview, votes: dict[str, str], name: str = "rayyan.ris") -> Path:
    """A file as Rayyan exports it: a note with what each person said."""
    lines = []
    for work, note in votes.items():
        url = f"https://livingsearch.invalid/made/reports/{review.name(work) if work in WORKS else 'none'}"
        lines += ["TY  - JOUR", f"TI  - Title of {work}", f"UR  - {url}", f"N1  - {note}", "ER  - ", ""]
    path = review.folder / name
    path.write_text("\n".join(lines), "utf-8")
    return path


def vote(reason: str | None = None, **said: str) -> str:
    told = ", ".join(f'"{who}"=>"{word}"' for who, word in said.items())
    return f"RAYYAN-INCLUSION: {{{told}}}" + (f" | RAYYAN-EXCLUSION-REASONS: {reason}" if reason else "")


def states(review: MadeReview) -> dict[str, str]:
    names = {report: work for work, report in review.reports(WORKS).items()}
    return {names[one.report_id]: one.state for one in screening_list(review.context)}


VOTES = {
    "w1": vote("wrong population", Ann="Excluded", Bob="Excluded"),
    "w2": vote(Ann="Included", Bob="Excluded"),
    "w3": vote(Ann="Included"),
    "w4": vote(Ann="Maybe"),
    "w5": "a note without a decision",
    "stranger": vote(Ann="Included"),
}


def test_each_persons_word_is_taken_over_and_all_references_are_accounted_for(review: MadeReview) -> None:
    file = rayyan(review, VOTES)
    taken = record_back(review.context, file)
    assert (taken.stage, taken.said, taken.unchanged, taken.silent, taken.conflicts) == ("title", 6, 0, 1, 1)
    assert states(review) == {
        "w1": "excluded on title",
        "w2": "pending on title",
        "w3": "awaiting retrieval",
        "w4": "pending on title",
        "w5": "awaiting screening",
        "w6": "awaiting screening",
    }
    context = review.context
    with context.store.read() as con:
        row = con.execute("FROM returned_file").fetchone()
        assert row is not None
        return_id, sha256, name, tool, _, stage, total, matched, repeated, unmatched, said, unchanged, silent, *_ = row
        assert (return_id, name, tool, stage) == (1, "rayyan.ris", "rayyan", "title")
        assert total == matched + repeated + unmatched == 6
        assert (said, unchanged, silent) == (6, 0, 1)
        assert con.execute("SELECT reference, decision FROM returned_unmatched").fetchall() == [(6, "included")]
        words = con.execute("SELECT DISTINCT return_id, who, reason FROM screening ORDER BY ALL").fetchall()
    assert (1, "Ann", "wrong population") in words and (1, "Bob", "wrong population") in words
    assert context.received.read(sha256) == file.read_bytes()
    assert review_flows(context).told == {}


def test_the_same_file_again_writes_nothing_and_a_newer_one_what_is_new(review: MadeReview) -> None:
    record_back(review.context, rayyan(review, VOTES))
    again = record_back(review.context, rayyan(review, VOTES))
    assert (again.said, again.unchanged, again.return_id) == (0, 6, None)
    newer = record_back(review.context, rayyan(review, {**VOTES, "w2": vote(Ann="Excluded", Bob="Excluded")}))
    assert (newer.said, newer.unchanged, newer.return_id) == (1, 5, 2)
    assert states(review)["w2"] == "excluded on title"


def test_a_consensus_is_not_undone_by_the_file_that_it_settled(review: MadeReview) -> None:
    record_back(review.context, rayyan(review, VOTES))
    say(review.context, [review.name("w2")], "include", who="Both", consensus=True)
    record_back(review.context, rayyan(review, VOTES))
    assert states(review)["w2"] == "awaiting retrieval"


def test_a_whole_file_is_taken_back(review: MadeReview) -> None:
    say(review.context, [review.name("w3")], "exclude", who="Ann")
    before = states(review)
    taken = record_back(review.context, rayyan(review, VOTES))
    assert taken.return_id is not None
    assert take_file_back(review.context, taken.return_id, "the wrong project") == 6
    assert states(review) == before
    with pytest.raises(ScreeningRefused, match="No word of a file 1"):
        take_file_back(review.context, 1)


def test_a_list_is_the_word_of_the_tool_or_of_who_is_named(review: MadeReview) -> None:
    plain = dict.fromkeys(("w1", "w2"), "x")
    with pytest.raises(ReturnRefused, match="holds no decision on any report"):
        record_back(review.context, rayyan(review, plain, "list.ris"))
    file = rayyan(review, plain, "review_1_excluded_ris_20260101.ris")
    taken = record_back(review.context, file, "covidence")
    assert (taken.stage, taken.said) == ("fulltext", 2)
    found = screening_list(review.context, states=("excluded",))
    assert [(one.words[0].who, one.reason) for one in found] == [("Covidence", "Reason not given")] * 2
    record_back(review.context, rayyan(review, plain, "list.ris"), listed="included", stage="title", who="Cy")
    assert {word.who for one in screening_list(review.context, states=("excluded",)) for word in one.words} == {
        "Covidence",
        "Cy",
    }


def test_a_report_that_stands_twice_with_two_decisions_is_a_conflict(review: MadeReview) -> None:
    first = rayyan(review, {"w1": vote(Ann="Included")}).read_text("utf-8")
    second = rayyan(review, {"w1": vote(Ann="Excluded")}).read_text("utf-8")
    file = review.folder / "twice.ris"
    file.write_text(first + "\n" + second, "utf-8")
    taken = record_back(review.context, file)
    assert (taken.conflicts, taken.file.references) == (1, 2)
    assert [one.conflict for one in screening_list(review.context, reports=[review.name("w1")])] == [True]
