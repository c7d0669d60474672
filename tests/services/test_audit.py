"""Everything that ever happened to one record, told from rows."""

import json
from collections import Counter

import pytest
from made_review import SLUG, MadeReview, made

from livingsearch.cli.main import run
from livingsearch.errors import RecordUnknown, SourceUnknown
from livingsearch.services.audit import Audit, audit
from livingsearch.services.corrections import reopen_update, withdraw_run
from livingsearch.services.frozen import freeze_released
from livingsearch.services.publishing import publish
from livingsearch.services.screening import say, take_back
from livingsearch.services.studies import group
from livingsearch.services.update_flows import frozen_flow
from livingsearch.store import append_to_log, log_position, utc_naive


@pytest.fixture(scope="module")
def review(tmp_path_factory: pytest.TempPathFactory) -> MadeReview:
    """Three updates in which a work is found twice, screened, published, linked, parted, retracted and lost."""
    review = made(tmp_path_factory.mktemp("audit"))
    review.on("2026-01-05")
    review.update(a=["w1", "w2", "w2"], b=["w1", "w3"])
    context = review.context
    say(context, [review.name("w1")], "include", who="Ann", note="a pilot")
    take_back(context, [review.name("w1")], who="Ann", why="wrong row")
    say(context, [review.name("w1")], "include", stage="fulltext", who="Ben")
    group(context, [review.name("w1")], "PEER", who="Ben")
    publish(context, 1)
    review.on("2026-02-05")
    review.run("a", ["w1", "y1"], {"w1": "RetractionIn 7"})
    wrong = review.run("b", ["w1", "w3"])
    reopen_update(review.context, review.close(), "citation searching")
    review.run("cited", ["z1"])
    review.close()
    with review.context.store.write() as con:
        freeze_released(con)
    with review.context.store.write() as con:
        at = append_to_log(con, "decision", context.now(), "Cy", {})
        found = con.execute(
            "SELECT record_id FROM record WHERE identity IN ('acc:w1', 'acc:y1') ORDER BY ALL"
        ).fetchall()
        pair = [record for (record,) in found]
        con.execute(
            "INSERT INTO decision (decision_id, x_id, y_id, word, who, instant, why, position) "
            "VALUES (1, ?, ?, 'duplicate', 'Cy', ?, 'same trial number', ?)",
            [pair[0], pair[-1], utc_naive(context.now()), at],
        )
        con.execute(
            "INSERT INTO verdict SELECT ?, ?, 'possible', 'near', 0.9, 'title 97', NULL, NULL, 'v', ?",
            [pair[0], pair[-1], at],
        )
    review.link("w1", "y1")
    withdraw_run(review.context, wrong, "another search")
    review.on("2026-03-05")
    review.update(a=["w3"], b=["w3"])
    return review


def sentences(found: Audit, kind: str) -> list[str]:
    return [event.sentence for event in found.events if event.kind == kind]


def test_the_life_of_a_report_is_told_in_order(review: MadeReview) -> None:
    found = audit(review.context, "R000001")
    assert found.position >= max(event.position or 0 for event in found.events)
    assert [e.position for e in found.events] == sorted(e.position or 0 for e in found.events)
    assert all(event.at is not None and event.who for event in found.events)
    assert found.reports == ("R000001", "R000004")
    assert [record.report for record in found.records] == ["R000001"] * 3
    kinds = [event.kind for event in found.events]
    assert kinds.index("returned") < kinds.index("grouped") < kinds.index("counted") < kinds.index("handed out")
    (first, *_) = sentences(found, "returned")
    assert first == "Run 1 of update 1, an import of A (Paper) searched on 2026-01-05, returned " + (
        f"{name_of(found, 'a')} for the first time."
    )
    assert sentences(found, "notice") == [f"{name_of(found, 'a')} says now: RetractionIn 7."]
    assert any("with other metadata, version 2; changed: notices." in told for told in sentences(found, "returned"))
    assert len(sentences(found, "not returned")) == 3, "two records of source a and one of b in update 3"
    assert len(sentences(found, "withdrawn")) == 1
    assert sentences(found, "withdrawn")[0].endswith("was withdrawn: another search.")


def name_of(found: Audit, source: str) -> str:
    """How the first record of a source is called."""
    told = next(e for e in found.events if e.kind == "returned" and e.detail["name"].startswith(source + " "))
    return str(told.detail["name"])


def test_what_people_said_stands_in_it_with_who_and_why(review: MadeReview) -> None:
    found = audit(review.context, "R1")
    assert sentences(found, "screened") == [
        "Ann said of R000001 on title and abstract: include (note: a pilot).",
        "Ben said of R000001 in full text: include.",
        "livingsearch said of R000001 on inclusion: exclude (reason: Retracted; note: RetractionIn 7).",
    ]
    assert sentences(found, "taken back") == [
        "test took back what Ann had said of R000001 on title and abstract: include, because: wrong row."
    ]
    (decision,) = sentences(found, "decision")
    assert decision.startswith("Cy said that ")
    assert decision.endswith(" are duplicates, because: same trial number.")
    assert sentences(found, "verdict")[0].endswith(": possible, by the rule 'near': title 97.")
    assert sentences(found, "study")[0].endswith("(PEER).")
    assert sentences(found, "published") == ["test published update 1, in which R000001 stands as included."]
    assert [told for told in sentences(found, "grouped") if "R000004" in told][-1].endswith(
        "was parted from report R000004."
    )


def test_closings_taken_back_and_what_was_released_are_told(review: MadeReview) -> None:
    found = audit(review.context, "w1", source="a")
    closings = [e for e in found.events if e.kind == "counted" and e.detail["update_number"] == 2]
    (opened,) = [e for e in found.events if e.kind == "reopened"]
    assert [e.detail["counted_as"] for e in closings] == ["already known"] * 2
    assert (closings[0].position or 0) < (opened.position or 0) < (closings[1].position or 0)
    assert opened.sentence == (
        "test opened update 2 again, because: citation searching; what it had counted when it closed on 2026-02-05 was "
        "taken back."
    )
    (kept,) = sentences(found, "kept")
    assert kept.startswith(f"{name_of(found, 'a')} was released and stays in the group of R000001 with 1 more, ")
    late = next(e for e in audit(review.context, "z1").events if e.kind == "handed out")
    assert late.position == closings[1].position


_TOLD_AS = {
    "batch_report": "handed out",
    "decision": "decision",
    "frozen_member": "kept",
    "published": "published",
    "record": "returned",
    "record_version": "returned",
    "report_event": "grouped",
    "run_record": "returned",
    "screening": "screened",
    "study_event": "study",
    "verdict": "verdict",
}
_UNTOLD = {
    "report": "an id and the position at which it came to be; report_event says the same with the record",
    "run_file": "records is a count",
}


def test_every_table_that_holds_a_record_or_report_is_told(review: MadeReview) -> None:
    """A table of a new migration belongs into one of the two lists, with an event of its own or a reason."""
    with review.context.store.read() as con:
        tables = con.execute(
            "SELECT DISTINCT table_name FROM duckdb_columns() "
            "WHERE NOT internal AND database_name = current_database() "
            "AND (regexp_matches(column_name, '(^|_)(record|report|member)s?(_ids?)?$') AND data_type LIKE '%INT%' "
            "OR column_name IN ('x_id', 'y_id') OR data_type LIKE '%INT[]')"
        ).fetchall()
    assert {name for (name,) in tables} - {"of_later"} == {*_TOLD_AS, *_UNTOLD}
    told = {event.kind for event in audit(review.context, "R000001").events}
    assert told >= set(_TOLD_AS.values())


def test_what_a_closing_counted_adds_up_to_its_frozen_counts(review: MadeReview) -> None:
    context, counted = review.context, Counter[tuple[int, str]]()
    for report in ("R000001", "R000002", "R000003"):
        taken_back = {
            e.detail["update_number"]: e.position for e in audit(context, report).events if e.kind == "reopened"
        }
        for event in audit(context, report).events:
            if event.kind == "counted" and (event.position or 0) > taken_back.get(event.detail["update_number"], 0):
                counted[event.detail["update_number"], event.detail["counted_as"]] += 1
    with context.store.read() as con:
        flows = [frozen_flow(con, update) for update in (1, 2, 3)]
    frozen = Counter[tuple[int, str]]()
    for flow in flows:
        frozen[flow.updates[0], "already known"] = flow.already_known
        frozen[flow.updates[0], "duplicate"] = flow.duplicates
        frozen[flow.updates[0], "new to screen"] = flow.to_screen
    assert +counted == +frozen


def test_one_record_is_asked_for_by_its_number(review: MadeReview) -> None:
    found = audit(review.context, "w1", source="b")
    assert [(record.source, record.report) for record in found.records] == [("b", "R000001")]
    assert len({record.source for record in audit(review.context, "w1").records}) == 2
    assert [r.occurrence for r in audit(review.context, "w2").records] == [1, 2]
    with pytest.raises(RecordUnknown, match="'R000999'"):
        audit(review.context, "R000999")
    with pytest.raises(RecordUnknown, match="of a"):
        audit(review.context, "nothing", source="a")
    with pytest.raises(SourceUnknown):
        audit(review.context, "w1", source="scopus")


def test_tables_of_later_migrations_are_told_too(review: MadeReview) -> None:
    with review.context.store.write() as con:
        con.execute("CREATE TABLE of_later (x_id BIGINT, told VARCHAR, position BIGINT)")
        con.execute("INSERT INTO of_later VALUES (1, 'kept', ?), (99, 'of another', 1)", [log_position(con)])
    assert sentences(audit(review.context, "R000001"), "elsewhere") == [
        f"of_later: x_id 1, told kept, position {audit(review.context, 'R000001').position}."
    ]


def test_the_command_tells_it_in_lines_and_as_json(review: MadeReview, capsys: pytest.CaptureFixture[str]) -> None:
    settings = review.context.settings
    assert run(["report", "audit", SLUG, "R000001"], settings) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3 + len(audit(review.context, "R000001").events)
    assert run(["report", "audit", SLUG, "w3", "--source", "b", "--json"], settings) == 0
    told = json.loads(capsys.readouterr().out)
    assert {event["kind"] for event in told["events"]} >= {"returned", "grouped", "counted", "withdrawn"}
