"""What comes to light late: every number of a published version that differs is put down to what changed it."""

import json
from dataclasses import asdict
from pathlib import Path

import pytest
from defusedxml.ElementTree import fromstring
from living import settings_for
from made_review import SOURCES, MadeReview, made, review_text

from livingsearch.errors import IdentityBroken, UpdateRefused
from livingsearch.ledger.diagram_text import text_diagram
from livingsearch.ledger.restated_boxes import boxes_of
from livingsearch.ledger.whole_flow_json import canonical, whole_flow_to_dict
from livingsearch.services.archive import write_archive
from livingsearch.services.batches import released_reports
from livingsearch.services.closing import RETRACTED, close_update
from livingsearch.services.corrections import reopen_update, withdraw_run
from livingsearch.services.diagrams import diagram_now, known_diagram
from livingsearch.services.doctor import examine
from livingsearch.services.published_versions import Published, published_version, write_published
from livingsearch.services.publishing import publish
from livingsearch.services.restore import restore_archive
from livingsearch.services.screening import say, screening_list, take_back
from livingsearch.services.update_flows import frozen_flow
from livingsearch.services.whole_flows import Restated, restated_version, review_flows


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> MadeReview:
    """Two updates, screened on their titles and published: the first with 4 reports, the second with 3 more."""
    review = made(tmp_path_factory.mktemp("finished"))
    review.on("2026-01-05")
    review.update(a=["w1", "w2", "w3"], b=["w3", "w4"])
    review.update(a=["w1", "w2", "w3", "y1", "y2"], b=["w3", "w4", "y2", "y3"])
    for work in ("w1", "w2", "y1", "y2"):
        say(review.context, [review.name(work)], "exclude", who="Ann")
    say(review.context, [review.name("w3"), review.name("y3")], "include", stage="fulltext", who="Ann")
    for update in (1, 2):
        publish(review.context, update)
    review.on("2026-03-02")
    return review


@pytest.fixture
def review(finished: MadeReview, tmp_path: Path) -> MadeReview:
    """The same, a test's own."""
    return finished.copied(tmp_path)


def told(review: MadeReview, update: int) -> list[str]:
    """The explanations; the version is as it was, and the identities hold now."""
    found = restated_version(review.context, update)
    assert review_flows(review.context).told == {}
    assert all(one.on is not None or one.sentence.startswith("With what is known") for one in found.explanations)
    explained = boxes_of(found.version.flow)
    for one in found.explanations:
        for change in one.differences:
            assert explained.get(change.box, 0) == change.before
            explained[change.box] = change.after
    left, right = {b: n for b, n in explained.items() if n}, {b: n for b, n in boxes_of(found.now).items() if n}
    assert left == right
    return [one.sentence for one in found.explanations]


def versions(review: MadeReview) -> dict[int, str]:
    with review.context.store.read() as con:
        return {n: canonical(whole_flow_to_dict(published_version(con, n).flow)) for n in (1, 2)}


def test_nothing_new_leaves_a_version_as_it_is(review: MadeReview) -> None:
    assert told(review, 1) == told(review, 2) == []


def test_an_update_does_not_close_over_a_record_that_no_batch_holds(review: MadeReview) -> None:
    review.run("a", ["never compared"])
    context = review.context
    with pytest.raises(IdentityBroken, match="1 reports with counted records stand in no batch"):
        with context.store.write() as con:
            close_update(con, context, 3)
    assert review_flows(review.context).columns[2].screening.awaiting.value == 1


def test_a_late_link_moves_the_later_report_to_duplicates(review: MadeReview) -> None:
    before = versions(review)
    first, second = review.name("w1"), review.name("y1")
    review.link("w1", "y1")
    assert told(review, 1) == []
    assert told(review, 2) == [
        f"Report {first} and {second} turned out to be one on 2026-03-02: update 2 screened 3 → 2, "
        "excluded on title and abstract 2 → 1, duplicates 1 → 2."
    ]
    assert versions(review) == before
    assert said_of(review, second) == "excluded on title"
    review.part("a", "y1", int(second[1:]))
    assert told(review, 1) == told(review, 2) == [], "undone, everything is as it was"


def said_of(review: MadeReview, name: str) -> str:
    """Where the report stands that holds what the named one held."""
    return say(review.context, [name], "exclude", who="Ann").standings[0].state


def test_conflicting_words_of_linked_reports_go_to_a_person(review: MadeReview) -> None:
    review.link("w3", "y1")
    found = screening_list(review.context, conflicts=True)
    assert [(f"R{one.report_id:06d}", one.state) for one in found] == [(review.name("w3"), "pending on title")]
    assert "update 1 sought 1 → 0" in "".join(told(review, 1))
    say(review.context, [review.name("w3")], "include", who="Ann", consensus=True)
    assert screening_list(review.context, conflicts=True) == []
    assert [one for one in told(review, 1) if "sought" in one] == []


def test_a_consensus_before_the_link_does_not_settle_what_it_could_not_see(review: MadeReview) -> None:
    say(review.context, [review.name("w1")], "exclude", who="Both", consensus=True)
    say(review.context, [review.name("y2")], "include", who="Cy", consensus=True)
    review.link("w1", "y2")
    assert [one.state for one in screening_list(review.context, conflicts=True)] == ["pending on title"]


def test_a_split_record_awaits_screening_and_the_next_batch_hands_it_out(review: MadeReview) -> None:
    parted = review.part("b", "w3")
    assert told(review, 1) == [
        f"A record of report {review.name('w3')} turned out to be a report of its own, R{parted:06d} on 2026-03-02: "
        "update 1 duplicates 1 → 0, awaiting screening 1 → 2."
    ]
    assert told(review, 2) == []
    number = review.update(a=["w1", "w2", "w3", "y1", "y2"], b=["w3", "w4", "y2", "y3", "z1"])
    with review.context.store.read() as con:
        assert (frozen_flow(con, number).to_screen, released_reports(con, number)) == (1, 2)
    assert review_flows(review.context).columns[2].screening.awaiting.value == 1
    say(review.context, [f"R{parted:06d}"], "exclude")
    assert f"A record of report {review.name('w3')}" in told(review, 1)[0]


def test_changed_metadata_and_vanished_records_change_no_count_of_a_version(review: MadeReview) -> None:
    review.run("a", ["w1", "w3", "y1", "y2"], {"w1": "ErratumIn 2026"})
    review.run("b", ["w3"])
    review.close()
    assert told(review, 1) == told(review, 2) == []
    third = review_flows(review.context).columns[2]
    assert (third.identification.identified.value, third.identification.already_known.value) == (5, 5)


def test_a_retracted_study_goes_out_with_the_next_version(review: MadeReview) -> None:
    before = versions(review)
    review.run("a", ["w1", "w2", "w3", "y1", "y2"], {"w3": "retracted 2026"})
    third = review.close()
    flows = review_flows(review.context)
    column = flows.columns[2]
    assert column.previous is not None and column.total is not None
    assert (column.previous.studies.value, column.removed_studies.value, column.total.studies.value) == (2, 1, 1)
    assert [(one.text, one.reports.value) for one in flows.together.reports.reasons] == [(RETRACTED, 1)]
    assert publish(review.context, third).published is not None
    assert versions(review) == before
    found = told(review, 1)
    assert "reports included 1 → 0" in found[0] and f"excluded as {RETRACTED!r} 0 → 1" in found[0]
    # A person may know better.
    take_back(review.context, [review.name("w3")], who="livingsearch")
    assert told(review, 1) == []


def test_a_retraction_is_told_where_the_study_is_included_later(review: MadeReview) -> None:
    review.run("a", ["w1", "w2", "w3", "y1", "y2", "z1"], {"z1": "retracted 2026"})
    third = review.close()
    say(review.context, [review.name("z1")], "include", stage="fulltext")
    assert f"{review.name('z1')} is included and was retracted." in publish(review.context, third).told


def test_a_source_added_later_is_not_in_the_earlier_columns(review: MadeReview) -> None:
    review.edit(review_text([("new", "database"), *SOURCES]))
    review.update(a=["w1"], new=["w2", "n1"])
    columns = review_flows(review.context).columns
    assert [[s.slug for s in column.identification.sources] for column in columns] == [
        ["a", "b", "c", "r"],
        ["a", "b", "c", "r"],
        ["new", "a", "b", "c", "r"],
    ]
    third = {s.slug: s for s in columns[2].identification.sources}
    assert (third["new"].already_known.value, third["new"].duplicates.value, third["new"].to_screen.value) == (0, 1, 1)
    assert [s.searched for s in third.values()] == [True, True, False, False, False]
    assert told(review, 1) == told(review, 2) == []


def test_a_changed_order_of_sources_leaves_the_past_alone(review: MadeReview) -> None:
    review.edit(review_text(reversed(SOURCES)))
    review.update(a=["w1"])
    assert told(review, 1) == told(review, 2) == []
    assert [check.told for check in examine(review.context.settings, ("made",)) if not check.ok] == []


def test_a_withdrawn_import_counts_nowhere_and_frozen_counts_stay(review: MadeReview) -> None:
    before = versions(review)
    with review.context.store.read() as con:
        frozen = frozen_flow(con, 1)
    done = withdraw_run(review.context, 2, "the export of another search")
    assert (done.source, done.records, done.update, done.closed, done.counts_now) == ("b", 2, 1, True, None)
    with pytest.raises(UpdateRefused, match="withdrawn before"):
        withdraw_run(review.context, 2, "again")
    with review.context.store.read() as con:
        assert frozen_flow(con, 1) == frozen
    assert versions(review) == before
    assert told(review, 1) == [
        "Run 2 (B (Paper), update 1) was withdrawn (the export of another search) on 2026-03-02: "
        "update 1 identified 5 → 3, duplicates 1 → 0, awaiting screening 1 → 0."
    ]
    assert "was withdrawn" in told(review, 2)[0]
    columns = review_flows(review.context).columns
    assert [c.identification.identified.value for c in columns] == [3, 9]
    assert not next(s for s in columns[0].identification.sources if s.slug == "b").searched
    assert [check.told for check in examine(review.context.settings, ("made",)) if not check.ok] == []


def test_an_earlier_run_counts_again_when_the_one_that_replaced_it_is_withdrawn(review: MadeReview) -> None:
    review.run("a", ["w1", "z1"])
    wrong = review.run("a", ["q1", "q2"])
    review.compare()
    assert withdraw_run(review.context, wrong, "wrong file").counts_now == wrong - 1
    third = review.close()
    with review.context.store.read() as con:
        rows = con.execute("SELECT report_id FROM batch_report WHERE update_number = ?", [third]).fetchall()
    assert rows == [(review.report("z1"),)]
    assert review_flows(review.context).told == {}


def test_what_a_withdrawn_run_had_brought_first_is_new_to_the_next(review: MadeReview) -> None:
    wrong = review.run("a", ["z1", "z2"])
    third = review.close()
    say(review.context, [review.name("z1")], "exclude")
    withdraw_run(review.context, wrong, "another strategy")
    review.update(a=["w1", "z1", "z3"])
    columns = review_flows(review.context).columns
    assert columns[third - 1].identification.identified.value == 0
    fourth = columns[third]
    assert (fourth.identification.already_known.value, fourth.screening.screened.value) == (1, 1)
    assert fourth.screening.awaiting.value == 1
    assert review_flows(review.context).told == {}


def test_an_update_is_opened_again_before_it_is_published(review: MadeReview) -> None:
    with pytest.raises(UpdateRefused, match="was published"):
        reopen_update(review.context, 2, "late export")
    third = review.update(a=["w1", "z1"])
    say(review.context, [review.name("z1")], "include", stage="fulltext")
    folder = review.context.folder.batch(third)
    folder.mkdir(parents=True)
    (folder / "kept.txt").write_text("kept", "utf-8")
    as_closed = review_flows(review.context, third).columns[-1]
    kept = reopen_update(review.context, third, "citation searching")
    assert kept is not None and (kept / "kept.txt").exists() and not folder.exists()
    with pytest.raises(UpdateRefused, match="is not closed"):
        publish(review.context, third)
    review.run("cited", ["x1", "z1"])
    assert review.close() == third
    with review.context.store.read() as con:
        assert released_reports(con, third) == 2
    now = review_flows(review.context).columns[-1]
    assert now.other is not None and as_closed.other is not None
    assert (now.other.reports.sought.value, as_closed.other.reports.sought.value) == (1, 0)
    assert now.new.reports.value == 1
    review.update(a=["w1"])
    with pytest.raises(UpdateRefused, match="Update 4 came after update 3"):
        reopen_update(review.context, third, "too late")
    assert [check.told for check in examine(review.context.settings, ("made",)) if not check.ok] == []


def assert_drawn_as_frozen(review: MadeReview, version: Published) -> None:
    """Its diagrams lie beside it, say its counts, stay as they were printed, and are made anew where they are lost."""
    svg, text = write_published(review.context, version.update).diagrams
    printed = svg.read_bytes(), text.read_bytes()
    metadata = fromstring(printed[0]).find(".//{http://www.w3.org/2000/svg}metadata")
    assert metadata is not None
    assert json.loads(metadata.text or "") == [whole_flow_to_dict(version.flow)]
    assert "Studies included in review (n = 1)" in printed[1].decode()
    text.write_text("as printed", "utf-8")
    svg.unlink()
    with pytest.raises(UpdateRefused, match="published already"):
        publish(review.context, version.update)
    assert (svg.read_bytes(), text.read_bytes()) == (printed[0], b"as printed")


def test_a_diagram_goes_as_far_as_anything_is_known(review: MadeReview) -> None:
    third = review.update(a=["w1", "z1"])
    with review.context.store.read() as con:
        closed = frozen_flow(con, third)
        batch = text_diagram(known_diagram(con, review.context, closed, closed.position))
        first = frozen_flow(con, 1)
        fresh = text_diagram(known_diagram(con, review.context, first, first.position))
    assert "Studies included in previous version of review (n = 2)" in " ".join(batch.split("│")[1].split())
    assert "Reports sought" not in fresh and "Records awaiting screening (n = 4)" in fresh
    assert "Reports sought for retrieval (n = 1)" in text_diagram(diagram_now(review.context, first), 200)


def test_a_version_is_published_once_and_written_to_the_same_bytes(review: MadeReview) -> None:
    with pytest.raises(UpdateRefused, match="published already and is never edited"):
        publish(review.context, 1)
    path = write_published(review.context, 1).version
    kept = path.read_bytes()
    review.link("w1", "y1")
    assert write_published(review.context, 1).version.read_bytes() == kept
    with review.context.store.read() as con:
        version = published_version(con, 1)
    assert review.context.received.sha256(kept) == version.sha256
    assert_drawn_as_frozen(review, version)
    as_frozen = restated_version(review.context, 1, version.published_at.date())
    assert isinstance(as_frozen, Restated)
    assert {**asdict(as_frozen.now), "as_of": None, "position": None} == {
        **asdict(version.flow),
        "as_of": None,
        "position": None,
    }


def test_a_person_approves_what_was_proposed(tmp_path: Path) -> None:
    review = made(tmp_path, review_text(approval=True))
    with pytest.raises(UpdateRefused, match="is not closed"):
        publish(review.context, 1)
    review.update(a=["w1"])
    with pytest.raises(UpdateRefused, match="was not proposed yet"):
        publish(review.context, 1, approve=True, who="Ann")
    proposed = publish(review.context, 1)
    assert proposed.published is None
    assert proposed.told == ("Reports awaiting screening: 1.",)
    assert publish(review.context, 1).published is None
    with review.context.store.read() as con:
        assert con.execute("SELECT count(*) FROM publication_proposed").fetchone() == (1,)
    say(review.context, [review.name("w1")], "exclude")
    with pytest.raises(UpdateRefused, match="have changed since it was proposed"):
        publish(review.context, 1, approve=True, who="Ann")
    publish(review.context, 1)
    done = publish(review.context, 1, approve=True, who="Ann").published
    assert done is not None
    assert (done.who, done.approved, done.flow.screening.excluded.value) == ("Ann", True, 1)


@pytest.mark.parametrize("same", ["Ann Ode\u0301n", "  ann  od\u00e9N "])
def test_who_proposed_does_not_approve_unless_the_review_says_so(tmp_path: Path, same: str) -> None:
    review = made(tmp_path, review_text(approval=True))
    review.update(a=["w1"])
    publish(review.context, 1, who="Ann Od\u00e9n")
    with pytest.raises(UpdateRefused, match=r"proposed the version of update 1, so another person approves it: .*NAME"):
        publish(review.context, 1, approve=True, who=same)
    review.edit(review_text(approval=True).replace("approval = true", "approval = true\nself_approval = true"))
    assert publish(review.context, 1, approve=True, who=same).published is not None


def test_a_version_of_an_archive_without_diagrams_is_drawn_when_it_is_restored(
    review: MadeReview, tmp_path: Path
) -> None:
    files = write_published(review.context, 2)
    drawn = [path.read_bytes() for path in files.diagrams]
    for path in files.diagrams:
        path.unlink()
    archive = write_archive(review.context, tmp_path / "old.zip").path
    restored = restore_archive(settings_for(tmp_path / "elsewhere"), archive, name="again")
    folder = restored.folder / "published"
    assert [(folder / path.name.replace("made", "again")).read_bytes() for path in files.diagrams] == drawn
