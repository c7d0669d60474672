"""Versions of a review's strategy: recorded with the first run under them, told apart, kept for ever."""

import json
import re
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from living import EXPORTS, SAMPLES, SEARCHED, LivingReview, at, made_in
from processes import Process
from work_elsewhere import bring

from livingsearch.cli.show import show_counts, show_update
from livingsearch.errors import StrategyUnknown
from livingsearch.review import queries
from livingsearch.services import imports
from livingsearch.services.doctor import examine
from livingsearch.services.imports import import_export
from livingsearch.services.reporting import flow_for, review_counts
from livingsearch.services.runs import RunResult
from livingsearch.services.strategies import (
    Version,
    current_version,
    strategy_difference,
    strategy_history,
)
from livingsearch.services.strategy_versions import FIRST, NO_REASON, sentences_of
from livingsearch.services.updates import run_update
from livingsearch.strategy.translate import translate

Edit = Callable[[str], str]


@pytest.fixture
def living(tmp_path: Path) -> LivingReview:
    """The example review, nothing behind its PubMed."""
    return made_in(tmp_path / "workspace")


def put(old: str, new: str) -> Edit:
    def change(text: str) -> str:
        assert old in text, old
        return text.replace(old, new, 1)

    return change


def edit(living: LivingReview, *changes: Edit) -> None:
    file = living.context().folder.review_file
    text = file.read_text("utf-8")
    for change in changes:
        text = change(text)
    file.write_text(text, "utf-8")


def brought(living: LivingReview, source: str, wave: str = "base", number: int | None = None) -> RunResult:
    return import_export(
        living.context(), source, [SAMPLES / wave / EXPORTS[source]], date_searched=SEARCHED[wave], update=number
    )


def revised(reason: str, author: str = "A. Librarian") -> Edit:
    """Puts `[search.revision]` into the file, in place of the one that is there."""
    table = f'[search.revision]\nauthor = "{author}"\nreason = "{reason}"\n\n'

    def change(text: str) -> str:
        text = re.sub(r"\[search\.revision\]\n.*\n.*\n\n", "", text)
        return text.replace("[dedup]\n", f"{table}[dedup]\n", 1)

    return change


WIDER = put('"expert patient$"]', '"expert patient$", "lived experience$"]')
"""A change of the strategy that leaves all queries as they are."""
NARROWER = put('"expert patient$", "lived experience$"]', '"expert patient$"]')


def numbers(living: LivingReview) -> list[int]:
    return [version.number for version in strategy_history(living.context())]


def said(result: RunResult) -> list[str]:
    """What a run says of the strategy; the samples have warnings of their own."""
    return [warning for warning in result.warnings if "the strategy" in warning]


def version_of(living: LivingReview) -> dict[int, int]:
    """Version by run."""
    with living.context().store.read() as con:
        return dict(con.execute("SELECT run_id, number FROM run_strategy").fetchall())


def test_init_records_the_first_version(living: LivingReview) -> None:
    (first,) = strategy_history(living.context())
    assert (first.number, first.author, first.reason, first.reason_given) == (1, "test", FIRST, True)
    assert first.strategy.text == living.context().review.search.text
    assert {s.slug for s in first.strategy.sources} == {s.slug for s in living.context().review.sources}
    assert first.review_sha256 == living.context().review.sha256
    assert (first.uses, first.runs) == ((), 0)
    json.dumps(asdict(first), default=str)


SAME: dict[str, Edit] = {
    "comment": put("schema = 1", "# a note\nschema = 1"),
    "title": put('title = "Implementation', 'title = "The implementation'),
    "contact": put("librarian@example.org", "another@example.org"),
    "schedule": put('"0 6 1 * *"', '"0 7 1 * *"'),
    "how long to wait": put("wait_days = 14", "wait_days = 21"),
    "known article": put("[[known]]", '[[known]]\ntitle = "One more"\n\n[[known]]'),
    "framing": put("SPIDER. ", "SPIDER: "),
    "white space behind the query": put("[tiab])\n'''", "[tiab])   \n'''"),
    "order of fields": put('["title", "abstract", "author_keywords"]', '["abstract", "title", "author_keywords"]'),
    "revision alone": revised("Words without a change"),
}


@pytest.mark.parametrize("change", SAME.values(), ids=SAME)
def test_what_does_not_belong_to_the_strategy_makes_no_version(change: Edit, living: LivingReview) -> None:
    edit(living, change)
    result = brought(living, "cinahl-ebsco")
    assert numbers(living) == [1]
    assert said(result) == []


def test_the_order_of_sources_makes_no_version(living: LivingReview) -> None:
    def swapped(text: str) -> str:
        start, middle, end = text.index('[[source]]\nslug = "pubmed"'), text.index('[[source]]\nslug = "medline'), 0
        end = text.index('[[source]]\nslug = "embase')
        return text[:start] + text[middle:end] + text[start:middle] + text[end:]

    edit(living, swapped)
    assert living.context().review.sources[0].slug == "medline-ovid"
    brought(living, "cinahl-ebsco")
    assert numbers(living) == [1]


def without_preferred(text: str) -> str:
    return re.sub(r"preferred = .*\n", "", text)


def with_a_query(text: str) -> str:
    """MEDLINE's query written down: a documented search that cannot be read cannot be translated."""
    return put('platform = "Ovid"\n', "platform = \"Ovid\"\nquery = 'peer$.ti,ab.'\n")(text)


OTHER: dict[str, tuple[Edit, str, str]] = {
    "documented text": (
        put("('peer$' OR", "('peer$' OR 'mentor$' OR"),
        "documented search: added ",
        "+  ('peer$' OR 'mentor$'",
    ),
    "syntax": (
        lambda text: put('"ovid"', '"other"')(with_a_query(text)),
        "now in the syntax other",
        "+Documented search (other)",
    ),
    "fields": (
        put('["title", "abstract", "author_keywords"]', '["title"]'),
        "removed abstract, author keywords",
        "+Fields: title",
    ),
    "from": (
        put('from = "inception"', "from = 2000-01-01"),
        "from 2000-01-01 instead of inception",
        "+From: 2000-01-01",
    ),
    "to": (put("to = 2025-08-15", "to = 2026-01-15"), "to 2026-01-15 instead of 2025-08-15", "+To: 2026-01-15"),
    "languages": (put('= ["English"]', '= ["English", "German"]'), "added German", "+Languages: English, German"),
    "term of a concept": (WIDER, "Concept “Peer support”: added lived experience$", "+  lived experience$"),
    "limit": (put('what = "English"', 'what = "German"'), "Limit “German” is new", "+Limit: German"),
    "name": (put('name = "CINAHL"', 'name = "CINAHL+"'), "its name is now CINAHL+", "+  CINAHL+: CINAHL on EBSCOhost"),
    "database": (
        put('= "CINAHL"\nplatform', '= "CINAHL Ultimate"\nplatform'),
        "Ultimate",
        "+  CINAHL: CINAHL Ultimate",
    ),
    "query": (
        put("(peer*[tiab] OR", "(peer*[tiab] OR mentor*[tiab] OR"),
        "PubMed (NCBI): added mentor*",
        "+  (peer*[tiab] OR m",
    ),
    "database of the documented search": (
        put('# database = "Embase" ', 'database = "Embase" # '),
        "now written for: Embase",
        "+Documented search (ovid, Embase)",
    ),
    "slug": (put('slug = "embase-ovid"', 'slug = "embase"'), "embase-ovid is now called embase", "+Source: embase"),
}


@pytest.mark.parametrize(("change", "words", "line"), OTHER.values(), ids=OTHER)
def test_what_belongs_to_the_strategy_makes_a_version(
    change: Edit, words: str, line: str, living: LivingReview
) -> None:
    edit(living, change, without_preferred)
    assert numbers(living) == [1], "a file that nothing was run with is no version yet"
    told = strategy_difference(living.context(), 1)
    assert (told.before, told.after) == ("version 1", "review.toml as it stands")
    assert words in " ".join(one.sentence for one in told.changes)
    assert any(one.startswith(line) for one in told.text.splitlines()), told.text
    brought(living, "medline-ovid")
    assert numbers(living) == [1, 2]
    assert strategy_difference(living.context(), 2).changes == ()
    assert strategy_difference(living.context(), 1, 2).changes == told.changes


def test_the_reason_is_that_of_the_file(living: LivingReview) -> None:
    edit(living, WIDER, revised("Lived experience was missing"))
    result = brought(living, "medline-ovid")
    second = current_version(living.context())
    assert second is not None
    assert (second.author, second.reason, second.reason_given) == ("A. Librarian", "Lived experience was missing", True)
    assert said(result) == []
    assert second.uses[0].runs == (result.run_id,)


def test_an_export_is_taken_again_where_its_query_was_corrected(living: LivingReview) -> None:
    first = brought(living, "embase-ovid")
    assert brought(living, "embase-ovid").repeated
    edit(living, put("query = '''\n((peer$", "query = '''\n((mentor$ or peer$"), revised("Mentors were missing"))
    again = brought(living, "embase-ovid")
    assert not again.repeated
    assert version_of(living) == {first.run_id: 1, again.run_id: 2}


def test_what_is_said_of_a_reason_is_as_it_stands_now(living: LivingReview) -> None:
    edit(living, WIDER)
    assert said(brought(living, "medline-ovid"))
    edit(living, revised("Said too late"))
    assert said(brought(living, "embase-ovid")) == []
    assert said(brought(living, "medline-ovid")) == [], "the same run, told again"
    with living.context().store.read() as con:
        kept = con.execute("SELECT list_distinct(flatten(list(warnings))) FROM run").fetchone()
    assert kept is not None
    assert not [warning for warning in kept[0] if "the strategy" in warning], "they are not the platform's"


def test_without_a_reason_every_run_says_so_until_it_is_given(living: LivingReview) -> None:
    edit(living, WIDER)
    for source in ("medline-ovid", "embase-ovid"):
        (warning,) = said(brought(living, source))
        assert warning.startswith("NO REASON IS GIVEN for version 2 of the strategy")
        assert "[search.revision]" in warning
    second = current_version(living.context())
    assert second is not None
    assert (second.author, second.reason, second.reason_given) == ("test", NO_REASON, False)
    edit(living, revised("Said too late, but said"))
    assert said(brought(living, "psycinfo-ovid")) == []
    given = current_version(living.context())
    assert given is not None
    assert (given.number, given.author, given.reason) == (2, "A. Librarian", "Said too late, but said")
    assert given.instant == second.instant
    assert given.reason_instant is not None
    assert given.reason_instant > given.instant


@pytest.mark.parametrize("again", ["The first reason", "  the FIRST   reason "])
def test_a_reason_serves_for_one_version_only(again: str, living: LivingReview) -> None:
    edit(living, WIDER, revised("The first reason"))
    assert said(brought(living, "medline-ovid")) == []
    edit(living, put("to = 2025-08-15", "to = 2026-01-15"), revised(again, "Somebody else"))
    assert "NO REASON" in said(brought(living, "embase-ovid"))[0]
    assert [v.reason for v in strategy_history(living.context())] == [FIRST, "The first reason", NO_REASON]
    edit(living, put("to = 2026-01-15", "to = 2026-02-15"), revised("The second reason"))
    brought(living, "psycinfo-ovid")
    assert [v.reason for v in strategy_history(living.context())] == [
        FIRST,
        "The first reason",
        NO_REASON,
        "The second reason",
    ]


def test_a_strategy_taken_back_is_a_version_of_its_own(living: LivingReview) -> None:
    brought(living, "medline-ovid")
    edit(living, WIDER, revised("Wider"))
    brought(living, "embase-ovid")
    edit(living, NARROWER, revised("Too many records"))
    brought(living, "psycinfo-ovid")
    first, _, third = strategy_history(living.context())
    assert first.sha256 == third.sha256
    assert version_of(living) == {1: 1, 2: 2, 3: 3}
    assert strategy_difference(living.context(), 1, 3).changes == ()


def test_work_that_began_before_a_change_does_not_take_it_back(living: LivingReview) -> None:
    early = living.context()
    edit(living, WIDER, revised("Wider"))
    brought(living, "medline-ovid")
    file = SAMPLES / "base" / EXPORTS["embase-ovid"]
    import_export(early, "embase-ovid", [file], date_searched=SEARCHED["base"])
    assert numbers(living) == [1, 2]
    assert version_of(living) == {1: 2, 2: 1}


def test_an_update_says_which_versions_its_sources_ran_under(living: LivingReview) -> None:
    brought(living, "medline-ovid", number=1)
    run_update(living.context(), number=1, close_now=True)
    brought(living, "medline-ovid", "update", number=2)
    edit(living, WIDER, revised("Lived experience was missing"))
    result = brought(living, "embase-ovid", number=2)
    (warning,) = said(result)
    assert warning.startswith("Update 2 mixes versions of the strategy: embase-ovid was run under version 2, others")
    assert "version 1 (medline-ovid)" in warning
    open_ = review_counts(living.context()).strategies[2]
    assert [(use.number, use.since_update, use.sources) for use in open_] == [
        (1, 1, ("medline-ovid",)),
        (2, 2, ("embase-ovid",)),
    ]
    assert sentences_of(open_) == (
        "Sources of this update were run under different versions of the strategy:",
        "Strategy version 1 since update 1 (first version): medline-ovid",
        "Strategy version 2 since update 2 (Lived experience was missing): embase-ovid",
    )
    again = brought(living, "medline-ovid", "base", number=2)
    assert said(again) == []
    outcome = run_update(living.context(), number=2, close_now=True)
    assert sentences_of(outcome.strategies) == ("Strategy version 2 since update 2 (Lived experience was missing)",)
    history = strategy_history(living.context())
    assert [(v.updates, v.runs) for v in history] == [((1, 2), 3), ((2,), 3)], "a search that failed is a run too"
    assert [(use.update, use.runs, use.complete, use.sources) for use in history[1].uses] == [
        (2, (4, 5, 6), 2, ("embase-ovid", "medline-ovid", "pubmed"))
    ]


def test_what_a_closed_update_says_of_its_strategy_stays(living: LivingReview) -> None:
    edit(living, WIDER)
    brought(living, "medline-ovid", number=1)
    outcome = run_update(living.context(), number=1, close_now=True)
    assert outcome.batch is not None
    counts = outcome.batch.counts
    before = counts.read_bytes()
    (said,) = json.loads(before)["strategies"]
    assert (said["number"], said["since_update"], said["reason"]) == (2, 1, NO_REASON)
    frozen = review_counts(living.context()).closed
    edit(living, revised("Given after the closing"))
    brought(living, "medline-ovid", "update", number=2)
    counts.unlink()
    assert run_update(living.context(), number=1).closed
    assert counts.read_bytes() == before
    counted = review_counts(living.context())
    assert counted.closed == frozen
    assert [use.reason for use in counted.strategies[1]] == [NO_REASON]
    assert [use.reason for use in counted.strategies[2]] == ["Given after the closing"]


class Stopped(Exception):
    """Instead of a kill."""


def clock_that_stops(after: int) -> Callable[[], datetime]:
    left = after

    def now() -> datetime:
        nonlocal left
        left -= 1
        if left < 0:
            raise Stopped
        return datetime(2026, 1, 1, tzinfo=UTC)

    return now


def test_a_version_and_its_run_enter_together_or_not_at_all(living: LivingReview) -> None:
    edit(living, WIDER, revised("Wider"))
    file = SAMPLES / "base" / EXPORTS["medline-ovid"]
    stopped = 0
    for calls in range(1, 40):
        context = living.context(now=clock_that_stops(calls))
        try:
            import_export(context, "medline-ovid", [file], date_searched=SEARCHED["base"])
        except Stopped:
            stopped += 1
            assert (numbers(living), version_of(living)) == ([1], {})
        else:
            break
    assert stopped > 5
    assert (numbers(living), version_of(living)) == ([1, 2], {1: 2})


def test_a_run_that_cannot_be_entered_leaves_no_version(living: LivingReview, monkeypatch: pytest.MonkeyPatch) -> None:
    edit(living, WIDER)

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("no")

    monkeypatch.setattr(imports, "ingest", broken)
    with pytest.raises(RuntimeError):
        brought(living, "medline-ovid")
    assert (numbers(living), version_of(living)) == ([1], {})


def test_a_process_killed_while_it_records_a_version_leaves_none(living: LivingReview) -> None:
    edit(living, WIDER, revised("Wider"))
    Process(bring, living.settings.workspace, "medline-ovid", "clock 3").require_killed()
    assert (numbers(living), version_of(living)) == ([1], {})
    brought(living, "medline-ovid")
    assert (numbers(living), version_of(living)) == ([1, 2], {1: 2})


def test_two_processes_record_a_change_once(living: LivingReview) -> None:
    edit(living, WIDER, revised("Wider"))
    both = [Process(bring, living.settings.workspace, source) for source in ("medline-ovid", "embase-ovid")]
    for one in both:
        one.said()
    assert (numbers(living), version_of(living)) == ([1, 2], {1: 2, 2: 2})


def test_a_version_that_is_not_there(living: LivingReview) -> None:
    for numbers_asked in ((7, None), (1, 2), (0, 1)):
        with pytest.raises(StrategyUnknown, match="recorded are: 1"):
            strategy_difference(living.context(), *numbers_asked)


def test_the_doctor_holds_runs_against_their_versions(living: LivingReview) -> None:
    def told() -> tuple[bool, str]:
        (check,) = [c for c in examine(living.settings) if c.name.endswith(": strategy")]
        return check.ok, check.told

    brought(living, "medline-ovid")
    edit(living, WIDER)
    brought(living, "embase-ovid")
    assert told() == (True, "2 version(s), every run has the query of its own; no reason was given for version 2")
    with living.context().store.write() as con:
        con.execute("UPDATE run SET query = 'another' WHERE run_id = 2")
    assert told() == (False, "run 2 has another query of embase-ovid than version 2")
    with living.context().store.write() as con:
        con.execute("UPDATE strategy_version SET content = replace(content, 'English', 'French') WHERE number = 1")
    assert told() == (False, "version 1 is not what was recorded")
    with living.context().store.write() as con:
        con.execute("UPDATE strategy_version SET content = '{}' WHERE number = 1")
    assert not told()[0]


def test_instants_come_from_the_clock(tmp_path: Path) -> None:
    living = made_in(tmp_path)
    edit(living, WIDER, revised("Wider"))
    context = living.context(now=at("2026-02-03T04:05"))
    file = SAMPLES / "base" / EXPORTS["medline-ovid"]
    import_export(context, "medline-ovid", [file], date_searched=SEARCHED["base"])
    version: Version | None = current_version(context)
    assert version is not None
    assert version.instant == datetime(2026, 2, 3, 4, 5, tzinfo=UTC)


def test_a_newer_program_that_translates_otherwise_makes_a_version_and_says_so(
    living: LivingReview, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert strategy_history(living.context())[0].translated == ("medline-ovid",)
    monkeypatch.setattr(
        queries, "translate", lambda *words, **more: replace(translate(*words, **more), text="peer$.mp.")
    )
    assert said(brought(living, "embase-ovid")) == []
    second = current_version(living.context())
    assert second is not None
    assert second.author.startswith("livingsearch ")
    assert second.reason == f"{second.author} writes the translation of the documented search differently"
    assert {c.where for c in strategy_difference(living.context(), 1, 2).changes} == {"medline-ovid"}


def test_a_query_that_is_written_down_as_it_was_translated_makes_no_version(living: LivingReview) -> None:
    query = living.context().review.source("medline-ovid").query
    edit(living, put('platform = "Ovid"\n', f"platform = \"Ovid\"\nquery = '''{query}'''\n"))
    assert not living.context().review.source("medline-ovid").translated
    brought(living, "embase-ovid")
    assert numbers(living) == [1]


def test_a_changed_search_takes_its_translations_along(living: LivingReview) -> None:
    edit(living, put("('peer$' OR", "('peer$' OR 'mentor$' OR"), revised("Mentors"))
    brought(living, "medline-ovid")
    with living.context().store.read() as con:
        row = con.execute("SELECT query FROM run").fetchone()
    assert row is not None and row[0].startswith("((peer$ or mentor$ or ")
    kinds = [(c.kind, c.where, c.added) for c in strategy_difference(living.context(), 1, 2).changes]
    assert kinds == [("search", "", ("'mentor$'",)), ("query", "medline-ovid", ("mentor$",))]


def test_people_are_shown_the_version(living: LivingReview, capsys: pytest.CaptureFixture[str]) -> None:
    edit(living, WIDER, revised("Lived experience\\nwas \\u001b[31mmissing"))
    brought(living, "medline-ovid", number=1)
    context = living.context()
    outcome = run_update(context, number=1, close_now=True)
    counts = review_counts(context)
    sentence = r"Strategy version 2 since update 1 (Lived experience was \x1b[31mmissing)"
    show_counts(counts, None)
    assert sentence in capsys.readouterr().out
    flow = flow_for(counts, 1)
    show_update(outcome, flow, (), as_json=False)
    assert sentence in capsys.readouterr().out
    show_update(outcome, flow, (), as_json=True)
    (use,) = json.loads(capsys.readouterr().out)["strategies"]
    assert (use["number"], use["since_update"], use["sources"]) == (2, 1, ["medline-ovid"])
