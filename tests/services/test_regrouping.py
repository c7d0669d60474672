"""What was released stays as it is; where later records or other rules would group it differently, a pair says so."""

from pathlib import Path

import pytest
from living import LivingReview
from small_review import article, close, grouping, review_of, take_in

import dedup
from livingsearch.services.decisions import decide, undo
from livingsearch.services.deduplicate import deduplicate_review
from livingsearch.services.pairs import listed_pairs

BARE = article(0, journal=None, volume=None, pages=None)
CONGRESS = article(0, journal="Acta Congressus Borealis", volume="99", pages="S12")
ARTICLE = article(0)


def waiting(review: LivingReview) -> set[tuple[int, int, str | None]]:
    return {(pair.x, pair.y, pair.rule) for pair in listed_pairs(review.context())[0]}


def standing_verdicts(review: LivingReview) -> list[tuple[object, ...]]:
    with review.context().store.read() as con:
        position = con.execute("SELECT max(position) FROM log").fetchone()
        return con.execute("SELECT x_id, y_id, outcome, rule FROM verdict_at(?) ORDER BY ALL", position).fetchall()


def rewritten(review: LivingReview, *statements: str) -> None:
    """The review as another version of the rules would have left it."""
    with review.context().store.write() as con:
        for statement in statements:
            con.execute(statement)


def test_a_later_record_that_contradicts_a_released_report_asks_to_open_it(tmp_path: Path) -> None:
    """All at once the bare record joins neither of the two; beside them, when it came first, it was joined to one."""
    at_once = review_of(tmp_path / "at once", [BARE, CONGRESS, ARTICLE])
    assert len(set(grouping(at_once).values())) == 3
    review = review_of(tmp_path / "split", [BARE, CONGRESS])
    close(review, 1)
    take_in(review, [ARTICLE], source="embase-ovid", update=2)
    assert grouping(review) == {1: 1, 2: 1, 3: 2}
    assert waiting(review) == {(1, 2, "released_together"), (1, 3, "weak_bridge")}
    (pair,) = [pair for pair in listed_pairs(review.context())[0] if pair.rule == "released_together"]
    assert pair.reports == (1, 1)
    assert pair.evidence is not None
    assert pair.evidence.startswith("released as one report, and would not be joined today")
    assert "records 2 and 3 contradict each other" in pair.evidence
    close(review, 2)
    asked = waiting(review)
    assert asked == {(1, 2, "released_together"), (1, 3, "weak_bridge")}, "it waits on when the second is released"
    # A person opens it: then the records stand as they would have, had they come together.
    decide(review.context(), {(1, 2): "distinct"})
    assert len(set(grouping(review).values())) == 3
    undo(review.context(), [(1, 2)])
    assert grouping(review) == {1: 1, 2: 1, 3: 2}
    assert waiting(review) == asked


def test_an_unreleased_report_is_opened_by_the_machine(tmp_path: Path) -> None:
    review = review_of(tmp_path, [BARE, CONGRESS])
    assert grouping(review) == {1: 1, 2: 1}
    take_in(review, [ARTICLE], source="embase-ovid")
    assert len(set(grouping(review).values())) == 3
    assert {rule for _, _, rule in waiting(review)} == {"weak_bridge"}


@pytest.fixture
def older(tmp_path: Path) -> LivingReview:
    """A closed update whose reports an older rule set made: it joined 5 to 1, and took 4 for another report than 3."""
    records = [
        article(0), article(0, issue="3"), article(1), article(1, doi="10.5555/x"), article(2), article(3),
        article(4), article(4, volume="77", pages="1-9"),
    ]  # fmt: skip
    review = review_of(tmp_path, records)
    assert grouping(review) == {1: 1, 2: 1, 3: 2, 4: 2, 5: 3, 6: 4, 7: 5, 8: 6}
    decide(review.context(), {(5, 6): "duplicate", (7, 8): "duplicate"}, who="Ann")
    rewritten(
        review,
        "INSERT INTO report SELECT 7, max(position) FROM log",
        "INSERT INTO report_event SELECT max(seq) + 1, 'joined', 7, 4, max(instant), max(position) FROM report_event",
        "INSERT INTO report_event SELECT max(seq) + 1, 'joined', 1, 6, max(instant), max(position) FROM report_event",
        "INSERT INTO report_event SELECT max(seq) + 1, 'joined', 1, 5, max(instant), max(position) FROM report_event",
        "UPDATE verdict SET outcome = 'possible', rule = 'old_rule' WHERE x_id = 3 AND y_id = 4",
        "INSERT INTO verdict SELECT * REPLACE (1 AS x_id, 5 AS y_id, 'old_rule' AS rule) FROM verdict WHERE x_id = 1 "
        "AND outcome = 'duplicate'",
    )
    close(review, 1)
    rewritten(
        review,
        "UPDATE verdict SET rule_set = '0'",
        "UPDATE derived SET made_by = '0' WHERE name = 'normalised'",
        "UPDATE log SET detail = json_merge_patch(detail, '{\"rule_set\": \"0\"}') WHERE kind = 'deduplicated'",
    )
    assert grouping(review) == {1: 1, 2: 1, 3: 2, 4: 7, 5: 1, 6: 1, 7: 5, 8: 5}
    return review


def test_other_rules_tell_verdicts_anew_and_leave_reports_and_decisions_alone(older: LivingReview) -> None:
    before = grouping(older)
    with older.context().store.read() as con:
        decided = con.execute("FROM decision ORDER BY ALL").fetchall()
    done = deduplicate_review(older.context())
    assert done.compared == 8, "what was released is compared again"
    assert grouping(older) == before
    assert waiting(older) == {(1, 5, "released_together"), (3, 4, "both_released")}
    with older.context().store.read() as con:
        assert con.execute("FROM decision ORDER BY ALL").fetchall() == decided
        rules = con.execute(
            "SELECT DISTINCT rule_set FROM verdict WHERE position = (SELECT max(position) FROM log)"
        ).fetchall()
    assert rules == [(dedup.RULE_SET,)]
    assert [row for row in standing_verdicts(older) if "old_rule" in row] == []
    assert (1, 2, "duplicate", "title_and_full_place") in standing_verdicts(older), "said as before, and still standing"
    assert deduplicate_review(older.context()).compared == 0, "once"
    # Undone under the new rules, a decision made under the old ones leaves what the machine had.
    undo(older.context(), [(7, 8)])
    assert grouping(older) == before | {8: 6}
    decide(older.context(), {(3, 4): "duplicate", (1, 5): "distinct"})
    assert grouping(older) == before | {4: 2, 5: 4, 6: 4, 8: 6}


def test_a_released_record_whose_metadata_changed_is_compared_again(tmp_path: Path) -> None:
    one = article(0, accession="1", doi="10.5555/a")
    review = review_of(tmp_path, [one, article(0, accession="2", issue="3")])
    close(review, 1)
    assert waiting(review) == set()
    corrected = article(0, accession="2", issue="3", title="Erratum: " + str(one.title))
    take_in(review, [one, corrected], update=2)
    assert grouping(review) == {1: 1, 2: 1}
    assert waiting(review) == {(1, 2, "released_together")}
