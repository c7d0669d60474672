"""Words on reports: what counts, what is a conflict, what is taken back, and what the boxes make of it."""

from datetime import date
from pathlib import Path

import pytest
from made_review import MadeReview, made, review_text

from livingsearch.errors import ScreeningRefused
from livingsearch.ledger.standing import MANY_REASONS, NO_REASON, Standing
from livingsearch.ledger.whole_flow import WholeFlow
from livingsearch.services.screening import say, screening_list, take_back
from livingsearch.services.studies import group, review_studies, ungroup
from livingsearch.services.whole_flows import review_flows


@pytest.fixture(scope="module")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> MadeReview:
    """Two updates closed, nothing screened; each test has works of its own."""
    review = made(tmp_path_factory.mktemp("review"))
    works = [f"w{n}" for n in range(60)]
    review.update(a=works, b=works[:5], cited=["x1", "x2", "w1"])
    review.update(a=works, b=[*works[:5], "later"])
    return review


def standing(review: MadeReview, work: str) -> Standing:
    return screening_list(review.context, reports=[review.name(work)])[0]


def state(review: MadeReview, work: str) -> str:
    return standing(review, work).state


def together(review: MadeReview) -> WholeFlow:
    return review_flows(review.context).together


def test_one_word_settles_and_a_differing_one_is_a_conflict_until_a_consensus(made_once: MadeReview) -> None:
    report = [made_once.name("w10")]
    assert state(made_once, "w10") == "awaiting screening"
    say(made_once.context, report, "exclude", who="Ann")
    assert state(made_once, "w10") == "excluded on title"
    say(made_once.context, report, "include", who="Bob")
    found = standing(made_once, "w10")
    assert (found.state, found.conflict) == ("pending on title", True)
    assert {(w.who, w.word) for w in found.words} == {("Ann", "exclude"), ("Bob", "include")}
    assert [s.report_id for s in screening_list(made_once.context, conflicts=True)] == [found.report_id]
    say(made_once.context, report, "include", who="Ann and Bob", consensus=True)
    assert state(made_once, "w10") == "awaiting retrieval"
    say(made_once.context, report, "exclude", who="Cy")
    assert state(made_once, "w10") == "pending on title", "whoever speaks after the consensus opens it again"
    take_back(made_once.context, report, who="Cy")
    assert state(made_once, "w10") == "awaiting retrieval"


def test_maybe_is_pending_and_beside_another_word_a_conflict(made_once: MadeReview) -> None:
    report = [made_once.name("w11")]
    say(made_once.context, report, "maybe", who="Ann")
    assert (state(made_once, "w11"), standing(made_once, "w11").conflict) == ("pending on title", False)
    say(made_once.context, report, "include", who="Bob")
    assert standing(made_once, "w11").conflict
    say(made_once.context, report, "include", who="ann")
    assert state(made_once, "w11") == "awaiting retrieval", "the same person, whatever the case of letters"


def test_a_word_again_is_not_written_again_and_taking_back_is_exact(made_once: MadeReview) -> None:
    report = [made_once.name("w12")]
    assert say(made_once.context, report, "exclude", who="Ann").said == 1
    before = standing(made_once, "w12")
    again = say(made_once.context, report, "exclude", who="Ann")
    assert (again.said, again.unchanged) == (0, 1)
    say(made_once.context, report, "include", who="Ann")
    take_back(made_once.context, report)
    assert standing(made_once, "w12") == before
    take_back(made_once.context, report)
    assert (state(made_once, "w12"), standing(made_once, "w12").words) == ("awaiting screening", ())
    with pytest.raises(ScreeningRefused, match="none to take back"):
        take_back(made_once.context, report)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([("retrieved",)], "pending"),
        ([("not-retrieved",)], "not retrieved"),
        ([("not-retrieved",), ("include", "fulltext")], "awaiting retrieval"),
        ([("include", "fulltext")], "included"),
        ([("exclude", "fulltext")], "excluded"),
        ([("maybe", "fulltext")], "pending"),
        ([("exclude",), ("include", "fulltext")], "pending on title"),
        ([("maybe",), ("include", "fulltext")], "included"),
        ([("include", "fulltext"), ("exclude", "inclusion")], "excluded"),
        ([("exclude", "fulltext"), ("include", "inclusion")], "pending"),
        ([("include", "inclusion")], "included"),
        ([("automation", "before")], "automation"),
        ([("other", "before")], "other reason"),
        ([("automation", "before"), ("include",)], "pending on title"),
    ],
)
def test_what_stages_make_together(
    words: list[tuple[str, ...]], expected: str, made_once: MadeReview, request: pytest.FixtureRequest
) -> None:
    place = [item.name for item in request.session.items if item.originalname == request.node.originalname].index(
        request.node.name
    )
    work = f"w{20 + place}"
    for word, *stage in words:
        reason = "Wrong population" if word == "exclude" else None
        say(made_once.context, [made_once.name(work)], word, stage=stage[0] if stage else "title", reason=reason)
    assert state(made_once, work) == expected
    flows = review_flows(made_once.context)
    assert flows.told == {}


def test_reasons_in_full_text_are_one_a_report(made_once: MadeReview) -> None:
    works = ["w40", "w41", "w42"]
    with pytest.raises(ScreeningRefused, match="needs its one primary reason"):
        say(made_once.context, [made_once.name("w40")], "exclude", stage="fulltext")
    for work, who, reason in (
        ("w40", "Ann", "Wrong design"),
        ("w40", "Bob", "wrong DESIGN"),
        ("w41", "Ann", "Wrong design"),
        ("w41", "Bob", "No data"),
        ("w42", "Ann", "Wrong design"),
    ):
        say(made_once.context, [made_once.name(work)], "exclude", stage="fulltext", who=who, reason=reason)
    assert [standing(made_once, work).reason for work in works] == ["Wrong design", MANY_REASONS, "Wrong design"]
    reasons = {one.text: one.reports.value for one in together(made_once).reports.reasons}
    assert reasons["Wrong design"] == 2
    assert reasons[MANY_REASONS] == 1
    assert NO_REASON not in reasons
    assert review_flows(made_once.context).told == {}


def test_other_methods_have_a_column_of_their_own(tmp_path: Path) -> None:
    review = made(tmp_path)
    review.update(a=["w1", "w2"], cited=["x1", "x2", "x3", "w1"])
    say(review.context, [review.name("x2")], "include", stage="fulltext")
    say(review.context, [review.name("x3")], "exclude", who="Ann")
    flow = review_flows(review.context).columns[0]
    assert flow.other is not None
    assert (flow.other.citation_searching.value, flow.other.set_aside.value) == (4, 2)
    assert (flow.other.reports.sought.value, flow.other.reports.awaiting.value) == (2, 1)
    assert flow.identification.identified.value == 2
    assert flow.screening.awaiting.value == 2
    assert (flow.reports.sought.value, flow.new.reports.value) == (0, 1)
    assert any("not sought: 2 (known, or found in a database too: 1; excluded on their title" in n for n in flow.notes)
    assert review_flows(review.context).told == {}
    # A database that brings it later is a duplicate: the earlier update keeps the report.
    review.update(a=["w1", "w2", "x2"])
    second = review_flows(review.context).columns[1]
    assert (second.identification.already_known.value, second.identification.duplicates.value) == (2, 1)
    assert second.other is not None
    assert (second.other.citation_searching.value, second.other.reports.sought.value) == (0, 0)


def test_studies_and_their_reports(tmp_path: Path) -> None:
    review = made(tmp_path)
    review.update(a=["w1", "w2", "w3"])
    names = [review.name(work) for work in ("w1", "w2", "w3")]
    say(review.context, names, "include", stage="fulltext")
    review.on("2026-02-01")
    study_id = group(review.context, names[:2], "Barr 2020")
    assert group(review.context, [names[1], names[2]]) == study_id, "the study that one of them had takes the other in"
    flow = review_flows(review.context).columns[0]
    assert (flow.new.studies.value, flow.new.reports.value) == (1, 3)
    ungroup(review.context, [names[0]])
    studies = review_studies(review.context)
    assert [(s.study_id, s.name, len(s.reports)) for s in studies] == [(None, None, 1), (study_id, "Barr 2020", 2)]
    review.update(a=["w1", "w2", "w3", "w4"])
    say(review.context, [review.name("w4")], "include", stage="fulltext")
    group(review.context, [review.name("w4"), names[2]])
    second = review_flows(review.context).columns[1]
    assert second.previous is not None and second.total is not None
    assert (second.new.studies.value, second.new.reports.value) == (0, 1), "a new report of a study that is there"
    assert (second.previous.studies.value, second.total.studies.value, second.total.reports.value) == (2, 2, 4)
    assert len(review_studies(review.context, date(2026, 1, 31))) == 3
    with pytest.raises(ScreeningRefused, match="a study of its own already"):
        ungroup(review.context, [names[0]])


def test_as_of_a_day_or_an_update_never_changes(tmp_path: Path) -> None:
    review = made(tmp_path)
    review.update(a=["w1", "w2", "w3"])
    say(review.context, [review.name("w1")], "exclude")
    first = review_flows(review.context, date(2026, 1, 1))
    closing = review_flows(review.context, 1)
    review.on("2026-02-01")
    say(review.context, [review.name("w2")], "include")
    take_back(review.context, [review.name("w1")])
    review.update(b=["w3", "w4"])
    review.edit(review_text([("b", "database"), ("a", "database"), ("new", "database")]))
    review.link("w3", "w2")
    assert review_flows(review.context, date(2026, 1, 1)) == first
    assert review_flows(review.context, 1) == closing
    assert [column.slug for column in first.columns[0].identification.sources] == ["a", "b", "c", "r"]
    assert screening_list(review.context, as_of=1)[0].state == "awaiting screening"


@pytest.mark.parametrize(
    ("reports", "word", "options", "words"),
    [
        (["R999"], "include", {}, "There is no report R000999"),
        (["work"], "include", {}, "'work' is no id of a report"),
        (["w1"], "perhaps", {}, "'perhaps' cannot be said at the stage 'title'"),
        (["w1"], "include", {"stage": "abstract"}, "No stage is called 'abstract'"),
        (["w1"], "include", {"who": "  "}, "The name of who says it is empty"),
        (["open"], "include", {}, "stands in no batch yet"),
    ],
)
def test_what_cannot_be_said_is_refused_and_nothing_is_written(
    reports: list[str], word: str, options: dict[str, str], words: str, made_once: MadeReview
) -> None:
    if "open" not in made_once.works():
        made_once.run("b", ["open"])
        made_once.compare()
    names = [made_once.name(one) if one in ("w1", "open") else one for one in reports]
    with pytest.raises(ScreeningRefused, match=words):
        say(made_once.context, [made_once.name("w1"), *names], word, **options)  # type: ignore[arg-type]
    assert state(made_once, "w1") == "awaiting screening"
