"""What is due when, in the review's own time zone."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from living import EXPORTS, LivingReview, at, closed_in

from livingsearch.errors import UpdateIncomplete
from livingsearch.services.schedule import due_sources, has_unfinished_update, last_due_before
from livingsearch.services.searches import search_source
from livingsearch.services.updates import begin_update, finish_update, run_update

LONDON = ZoneInfo("Europe/London")


@pytest.mark.parametrize(
    ("schedule", "now", "expected"),
    [
        ("0 6 1 * *", "2026-03-15T12:00", "2026-03-01T06:00"),
        ("0 6 1 * *", "2026-03-01T06:00", "2026-03-01T06:00"),
        ("0 6 1 * *", "2026-03-01T05:59", "2026-02-01T06:00"),
        ("0 6 * * *", "2026-07-01T05:30", "2026-07-01T05:00"),
        ("30 4 * * 1", "2026-11-23T15:00", "2026-11-23T04:30"),
    ],
)
def test_the_last_time_a_schedule_came_round(schedule: str, now: str, expected: str) -> None:
    found = last_due_before(schedule, datetime.fromisoformat(now).replace(tzinfo=UTC), LONDON)
    assert found is not None
    assert found.astimezone(UTC) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


def test_everything_is_due_at_first_and_nothing_after_it_came(living: LivingReview, tmp_path: Path) -> None:
    assert due_sources(living.context()) == ("pubmed", *EXPORTS)
    closed = closed_in(tmp_path / "closed")
    assert due_sources(closed.context()) == ()
    assert not has_unfinished_update(closed.context())


def test_a_source_is_due_again_when_its_schedule_comes_round(living: LivingReview) -> None:
    run_update(living.context(now=at("2026-02-10T12:00")), number=1, close_now=True)
    assert "pubmed" not in due_sources(living.context(now=at("2026-02-28T12:00")))
    assert "pubmed" in due_sources(living.context(now=at("2026-03-01T06:01")))


def test_a_failed_run_leaves_its_source_due(tmp_path: Path, living: LivingReview) -> None:
    down = LivingReview(living.settings.model_copy(update={"eutils_url": "http://127.0.0.1:9/", "retry_budget": 0.1}))
    with pytest.raises(UpdateIncomplete, match="pubmed"):
        run_update(down.context(), number=1)
    assert "pubmed" in due_sources(living.context())
    assert has_unfinished_update(living.context())


def test_an_export_that_never_comes_opens_no_update_after_another(living: LivingReview) -> None:
    run_update(living.context(now=at("2026-01-01T12:00")), number=1)
    assert run_update(living.context(now=at("2026-01-15T12:00")), number=1).closed
    late = living.context(now=at("2026-01-20T12:00"))
    assert due_sources(late) == ()
    assert not has_unfinished_update(late)
    assert "medline-ovid" in due_sources(living.context(now=at("2026-04-01T07:00")))


def test_what_a_person_brings_ahead_of_schedule_is_not_closed_over_night(living: LivingReview) -> None:
    run_update(living.context(), number=1, close_now=True)
    living.import_wave("base", 2, only=("medline-ovid",))
    assert due_sources(living.context()) == ()
    assert not has_unfinished_update(living.context()), "it waits for its person, or for a source to fall due"
    begin_update(living.context(), due=["pubmed"])
    assert has_unfinished_update(living.context())


def test_an_export_is_awaited_from_the_day_it_fell_due(living: LivingReview) -> None:
    begin_update(living.context(now=at("2026-01-01T12:00")), due=["pubmed"])
    begin_update(living.context(now=at("2026-01-20T12:00")), due=["medline-ovid"])
    search_source(living.context(), "pubmed", update=1)
    outcome = finish_update(living.context(now=at("2026-01-20T13:00")), 1)
    assert [a.source for a in outcome.awaited] == ["medline-ovid"]
    assert outcome.awaited[0].until == at("2026-02-03T12:00")()
