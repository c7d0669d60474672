"""Persons' words on pairs: in effect at once, above the machine's, and taken back without a trace in the grouping."""

import shutil
from pathlib import Path

import pytest
from effort import chosen, rare
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from living import LivingReview, settings_for
from processes import Process
from small_review import article, close, grouping, review_of, take_in
from work_elsewhere import give_word

from livingsearch.errors import DecisionRefused
from livingsearch.ledger.counts import possible_report_pairs
from livingsearch.services.decisions import decide, undo
from livingsearch.services.doctor import examine
from livingsearch.services.pairs import listed_pairs
from livingsearch.services.reporting import review_counts

# 1 and 2 are one report for the machine, so are 3 and 4; 5 and 6 stand alone.
RECORDS = [
    article(0, accession="1"),
    article(0, accession="2", issue="3"),
    article(1, accession="3"),
    article(1, accession="4", doi="10.5555/x"),
    article(2, accession="5"),
    article(3, accession="6"),
]


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return review_of(tmp_path_factory.mktemp("opened"), RECORDS).settings.workspace


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory, opened: Path) -> Path:
    """The same with update 1 closed."""
    workspace = tmp_path_factory.mktemp("closed") / "w"
    shutil.copytree(opened, workspace)
    close(LivingReview(settings_for(workspace)), 1)
    return workspace


def copied(workspace: Path, to: Path) -> LivingReview:
    shutil.copytree(workspace, to)
    return LivingReview(settings_for(to))


BEFORE = {1: 1, 2: 1, 3: 2, 4: 2, 5: 3, 6: 4}


@pytest.mark.parametrize("state", ["opened", "closed"])
def test_a_duplicate_joins_two_reports_and_keeps_the_oldest_id(
    state: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    review = copied(request.getfixturevalue(state), tmp_path / "w")
    assert grouping(review) == BEFORE
    done = decide(review.context(), {(4, 5): "duplicate"}, why="same trial")
    assert grouping(review) == BEFORE | {5: 2}
    assert (done.retired, done.restored, done.added) == ((3,), (), ())
    done = undo(review.context(), [(4, 5)])
    assert grouping(review) == BEFORE
    assert (done.retired, done.restored, done.added) == ((), (3,), ())


@pytest.mark.parametrize("state", ["opened", "closed"])
def test_a_distinct_parts_one_report_and_the_new_id_rests_after_an_undo(
    state: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    review = copied(request.getfixturevalue(state), tmp_path / "w")
    assert decide(review.context(), {(1, 2): "distinct"}).added == (5,)
    assert grouping(review) == BEFORE | {2: 5}
    assert undo(review.context(), [(1, 2)]).retired == (5,)
    assert grouping(review) == BEFORE
    assert decide(review.context(), {(1, 2): "distinct"}).restored == (5,), "an id is never given to something else"
    assert grouping(review) == BEFORE | {2: 5}


def test_frozen_counts_stay_and_a_parted_report_goes_out_with_the_next_batch(closed: Path, tmp_path: Path) -> None:
    review = copied(closed, tmp_path / "w")
    before = review_counts(review.context()).closed
    files = {p: p.read_bytes() for p in (tmp_path / "w").rglob("update-001/*")}
    assert files
    decide(review.context(), {(4, 5): "duplicate", (1, 2): "distinct"})
    assert review_counts(review.context()).closed == before
    assert {p: p.read_bytes() for p in (tmp_path / "w").rglob("update-001/*")} == files
    more = [article(5, accession="7", doi="10.5555/a"), article(5, accession="8", doi="10.5555/A.b", pmid="9")]
    take_in(review, more, source="embase-ovid", update=2)
    close(review, 2)
    assert review_counts(review.context()).closed[0] == before[0]
    with review.context().store.read() as con:
        released = con.execute("SELECT report_id FROM batch_report WHERE update_number = 2 ORDER BY 1").fetchall()
    assert released == [(grouping(review)[2],), (grouping(review)[7],)]
    assert all(check.ok for check in examine(review.settings, (), network=False) if "count" in check.name)
    (ris,) = (tmp_path / "w").rglob("update-002/*.ris")
    assert "N1  - other numbers: doi:10.5555/" in ris.read_text("utf-8"), "every DOI of a report is kept"
    done = undo(review.context(), [(4, 5), (1, 2)])
    assert {n: r for n, r in grouping(review).items() if n < 7} == BEFORE
    assert done.restored == (3,)


def test_what_was_said_before_the_release_is_taken_back_after_it(opened: Path, tmp_path: Path) -> None:
    review = copied(opened, tmp_path / "w")
    decide(review.context(), {(4, 5): "duplicate", (1, 2): "distinct"})
    said = BEFORE | {5: 2, 2: 5}
    assert grouping(review) == said
    close(review, 1)
    assert grouping(review) == said
    undo(review.context(), [(4, 5)])
    assert grouping(review) == BEFORE | {2: 5}
    undo(review.context(), [(1, 2)])
    assert grouping(review) == BEFORE


def test_a_record_that_comes_later_follows_the_machines_group_when_persons_part_it(
    closed: Path, tmp_path: Path
) -> None:
    review = copied(closed, tmp_path / "w")
    decide(review.context(), {(4, 5): "duplicate"})
    take_in(review, [article(2, accession="7", issue="9")], source="embase-ovid", update=2)
    assert grouping(review) == BEFORE | {5: 2, 7: 2}
    close(review, 2)
    undo(review.context(), [(4, 5)])
    assert grouping(review) == BEFORE | {7: 3}, "it came to record 5, whose report is one again"


def test_words_outrank_the_machine_also_in_the_middle_of_a_released_group(closed: Path, tmp_path: Path) -> None:
    review = copied(closed, tmp_path / "w")
    decide(review.context(), {(2, 6): "duplicate", (1, 6): "distinct"})
    groups = grouping(review)
    assert groups[2] == groups[6] != groups[1]
    undo(review.context(), [(2, 6), (1, 6)])
    assert grouping(review) == BEFORE


def test_contradicting_words_are_refused_and_change_nothing(closed: Path, tmp_path: Path) -> None:
    review = copied(closed, tmp_path / "w")
    decide(review.context(), {(1, 3): "duplicate"}, who="Ann")
    decide(review.context(), {(3, 5): "duplicate"}, who="Ben")
    groups = grouping(review)
    with pytest.raises(DecisionRefused) as refused:
        decide(review.context(), {(1, 5): "distinct"})
    text = str(refused.value)
    for told in ("1-5", "1-3 (Ann, ", "3-5 (Ben, ", "pairs undo"):
        assert told in text
    assert len(text.splitlines()) == 1
    assert grouping(review) == groups
    with pytest.raises(DecisionRefused):
        decide(review.context(), {(5, 6): "duplicate", (1, 6): "distinct"})
    with pytest.raises(DecisionRefused):
        undo(review.context(), [(5, 6)])
    assert grouping(review) == groups


def test_an_undo_brings_back_the_word_before_unless_it_contradicts_others_now(opened: Path, tmp_path: Path) -> None:
    review = copied(opened, tmp_path / "w")
    decide(review.context(), {(1, 2): "distinct"}, who="Ann")
    first = grouping(review)
    assert decide(review.context(), {(1, 2): "distinct"}, who="Ben").unchanged == ((1, 2),)
    decide(review.context(), {(1, 2): "duplicate"}, who="Ben")
    assert grouping(review) == BEFORE
    undo(review.context(), [(1, 2)])
    assert grouping(review) == first
    decide(review.context(), {(1, 2): "duplicate"}, who="Ben")
    decide(review.context(), {(2, 3): "duplicate", (1, 3): "duplicate"}, who="Ben")
    with pytest.raises(DecisionRefused, match=r"1-2 \(Ann"):
        undo(review.context(), [(1, 2)])


def test_one_command_is_taken_back_as_a_whole_but_for_what_was_said_since(closed: Path, tmp_path: Path) -> None:
    review = copied(closed, tmp_path / "w")
    entry = decide(review.context(), {(4, 5): "duplicate", (1, 2): "distinct", (5, 6): "distinct"}).entry
    decide(review.context(), {(1, 2): "duplicate"})
    done = undo(review.context(), [], entry=entry)
    assert (set(done.pairs), done.unchanged) == ({(4, 5), (5, 6)}, ((1, 2),))
    assert grouping(review) == BEFORE
    with pytest.raises(DecisionRefused):
        undo(review.context(), [], entry=entry)
    with pytest.raises(DecisionRefused):
        undo(review.context(), [], entry=1)


PAIRS = st.tuples(st.integers(1, 6), st.integers(1, 6)).filter(lambda p: p[0] < p[1])
# The second word parts what the first one reached into: a group that was released.
WORDS = [((2, 6), "duplicate"), ((1, 6), "distinct")]
STEPS = chosen([WORDS], st.lists(st.tuples(PAIRS, st.sampled_from(["duplicate", "distinct"])), min_size=1, max_size=3))


@settings(max_examples=rare(1, 30), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, released=chosen([True], st.booleans()), order=st.randoms(use_true_random=False))
def test_words_hold_and_taking_them_back_in_any_order_restores_the_grouping(
    steps: list[tuple[tuple[int, int], str]],
    released: bool,
    order: "object",
    opened: Path,
    closed: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    review = copied(closed if released else opened, tmp_path_factory.mktemp("p") / "w")
    said: list[tuple[tuple[int, int], dict[int, int]]] = []
    for pair, word in steps:
        before = grouping(review)
        try:
            done = decide(review.context(), {pair: word})  # type: ignore[dict-item]
        except DecisionRefused:
            assert grouping(review) == before
            continue
        after = grouping(review)
        assert (after[pair[0]] == after[pair[1]]) == (word == "duplicate")
        if done.pairs:
            undo(review.context(), [pair])
            assert grouping(review) == before, "undone at once"
            decide(review.context(), {pair: word})  # type: ignore[dict-item]
            assert grouping(review) == after, "said again"
            said.append((pair, before))
    order.shuffle(said)  # type: ignore[attr-defined]
    waiting = [pair for pair, _ in said]
    while waiting:
        refused = []
        for pair in waiting:
            try:
                undo(review.context(), [pair])
            except DecisionRefused:
                refused.append(pair)
        assert len(refused) < len(waiting), "some word can always be taken back"
        waiting = refused
    assert grouping(review) == BEFORE


# One report for the machine; 1 and 3 bear two DOIs, and the record between them holds them together.
DOUBTED = [
    article(0, accession="1", title="Salt and blood pressure in 12 coastal villages", doi="10.5555/a", pages="100"),
    article(0, accession="2", title="Salt and blood pressure in coastal villages"),
    article(0, accession="3", title="Salt and blood pressure in 13 coastal villages", doi="10.5555/b"),
    article(1, accession="4", doi="10.5555/c"),
    article(1, accession="5", doi="10.5555/d"),
]


def test_a_report_that_bears_two_dois_waits_for_a_word_and_counts_as_one(tmp_path: Path) -> None:
    review = review_of(tmp_path, DOUBTED)
    before = grouping(review)
    assert before == {1: 1, 2: 1, 3: 1, 4: 2, 5: 2}

    def waiting() -> set[tuple[int, int, str | None, bool, int]]:
        found, total = listed_pairs(review.context())
        assert total == len(found)
        return {(p.x, p.y, p.outcome, "bears two DOIs" in (p.evidence or ""), p.changes) for p in found}

    assert waiting() == {(1, 3, "possible", True, 0), (4, 5, "duplicate", True, 0)}
    with review.context().store.read() as con:
        assert possible_report_pairs(con, position=1_000_000) == [], "nothing waits between two reports"
    decide(review.context(), {(1, 3): "duplicate", (4, 5): "duplicate"})
    assert grouping(review) == before
    assert waiting() == set()
    decide(review.context(), {(1, 3): "distinct", (4, 5): "distinct"})
    groups = grouping(review)
    assert groups[1] != groups[3] and groups[4] != groups[5]
    assert not waiting() & {(1, 3, "possible", True, 0), (4, 5, "duplicate", True, 0)}
    undo(review.context(), [(1, 3), (4, 5)])
    undo(review.context(), [(1, 3), (4, 5)])
    assert grouping(review) == before
    assert waiting() == {(1, 3, "possible", True, 0), (4, 5, "duplicate", True, 0)}


# Inside the transaction of the word, between it and that of the grouping, inside that one.
@pytest.mark.parametrize(("moment", "given"), [("clock 1", False), ("comparing records", True), ("clock 3", True)])
def test_a_word_whose_process_is_killed_is_given_or_not_and_is_taken_back_whole(
    moment: str, given: bool, closed: Path, tmp_path: Path
) -> None:
    review = copied(closed, tmp_path / "w")
    Process(give_word, tmp_path / "w", moment, (4, 5), "duplicate").require_killed()
    assert grouping(review) == BEFORE
    decided = [(pair.x, pair.y) for pair in listed_pairs(review.context(), decided=True)[0] if pair.said]
    assert decided == ([(4, 5)] if given else [])
    # The same command again finishes it: no word is there twice.
    again = decide(review.context(), {(4, 5): "duplicate"})
    assert (again.pairs, again.unchanged) == (((), ((4, 5),)) if given else (((4, 5),), ()))
    assert grouping(review) == BEFORE | {5: 2}
    undo(review.context(), [(4, 5)])
    assert grouping(review) == BEFORE
    with pytest.raises(DecisionRefused):
        undo(review.context(), [(4, 5)])
