"""Versions of a strategy through updates, faults, several processes and newer programs."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from changed_strategy import WIDER, brought, edit, numbers, put, revised, said, version_of
from living import EXPORTS, SAMPLES, SEARCHED, LivingReview, at, made_in
from processes import Process
from work_elsewhere import bring

from livingsearch.cli.show import show_update
from livingsearch.cli.show_counts import show_counts
from livingsearch.errors import StrategyUnknown
from livingsearch.review import queries
from livingsearch.services import imports
from livingsearch.services.doctor import examine
from livingsearch.services.imports import import_export
from livingsearch.services.reporting import flow_for, review_counts
from livingsearch.services.strategies import (
    Version,
    current_version,
    strategy_difference,
    strategy_history,
)
from livingsearch.services.strategy_versions import NO_REASON, sentences_of
from livingsearch.services.updates import run_update
from livingsearch.strategy.translate import translate


@pytest.fixture
def living(tmp_path: Path) -> LivingReview:
    """The example review, nothing behind its PubMed."""
    return made_in(tmp_path / "workspace")


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
