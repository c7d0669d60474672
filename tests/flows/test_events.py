"""What a flow tells automations of an update; nothing is sent here."""

from pathlib import Path

import pytest
import yaml
from made_review import MadeReview, made
from prefect.events.schemas.automations import AutomationCore
from prefect.events.schemas.events import Event

from flows import events
from flows.events import ReviewEvent, events_of
from livingsearch.services.update_report import update_report
from livingsearch.services.update_report_text import update_report_markdown

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def review(tmp_path_factory: pytest.TempPathFactory) -> MadeReview:
    review = made(tmp_path_factory.mktemp("events"))
    review.on("2026-01-05")
    review.update(a=["w1", "w2", "w3"])
    review.on("2026-02-05")
    review.update(a=["w1", "w2", "w3", "y1"])
    review.link("w1", "y1")
    review.run("a", ["w1", "w2", "w3", "y1"], {"w2": "RetractionIn 7", "w3": "ErratumIn 8"})
    return review


def told(review: MadeReview, update: int) -> tuple[ReviewEvent, ...]:
    report = update_report(review.context, update)
    return events_of(report, update_report_markdown(review.context, report))


def test_an_open_update_is_told_as_waiting_and_nothing_else(review: MadeReview) -> None:
    (event,) = told(review, 3)
    assert event.name == events.WAITING
    assert (event.payload["retracted"], event.payload["late_duplicates"]) == (1, 1)


def test_a_closed_update_tells_each_late_duplicate_and_each_retraction(review: MadeReview) -> None:
    assert [event.name for event in told(review, 2)] == [events.CLOSED]
    review.close()
    closed, late, retracted = told(review, 3)
    assert closed.payload["text"].startswith("# A made review: update 3")
    assert closed.resource == {
        "prefect.resource.id": "livingsearch.review.made",
        "prefect.resource.name": "A made review",
    }
    assert (late.payload["report"], late.payload["same_as"]) == ("R000004", "R000001")
    assert late.payload["url"].endswith("/reports/R000001")
    assert (retracted.name, retracted.payload["report"]) == (events.RETRACTED, review.name("w2"))
    assert retracted.payload["notices"] == ["RetractionIn 7"], "a correction is no retraction"
    again = told(review, 3)
    assert [event.id for event in again] == [closed.id, late.id, retracted.id]
    assert len({event.id for event in again}) == 3


def test_the_documented_automation_is_one_and_waits_for_these_events(review: MadeReview) -> None:
    text = (ROOT / "docs" / "operating.md").read_text("utf-8")
    (written,) = yaml.safe_load(text.split("```yaml\n")[1].split("```")[0])["automations"]
    automation = AutomationCore.model_validate(written)
    assert {events.RETRACTED, events.LATE_DUPLICATE} == automation.trigger.expect  # type: ignore[union-attr]
    late = told(review, 3)[1]
    sent = Event(event=late.name, resource=late.resource, related=list(late.related), payload=late.payload, id=late.id)
    assert automation.trigger.match.matches(sent.resource)  # type: ignore[union-attr]
    assert sent.resource.name == "A made review"
    for name in (events.CLOSED, events.WAITING, events.LATE_DUPLICATE, events.RETRACTED):
        assert f"`{name}`" in text
