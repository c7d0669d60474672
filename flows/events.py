"""Events of a review, on which Prefect's automations mail or call: an update's report, a late duplicate, a retraction.

The resource of each is the review, `livingsearch.review.<slug>`, whose name is the review's title.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from prefect.events import emit_event

from livingsearch.services.update_report_data import UpdateReport

CLOSED = "livingsearch.update.closed"
WAITING = "livingsearch.update.waiting"
LATE_DUPLICATE = "livingsearch.report.late-duplicate"
RETRACTED = "livingsearch.report.retracted"

_LONGEST_TEXT = 100_000
"""Characters of the report in an event; the server takes events of 1.5 MB."""


@dataclass(frozen=True, slots=True)
class ReviewEvent:
    """An event before it is sent.

    Attributes:
        name: of the four above.
        id: the same for the same thing, however often a flow runs.
        resource: the review.
        related: the report that it is about, where it is about one.
        payload: what an automation can write into a mail.
    """

    name: str
    id: UUID
    resource: dict[str, str]
    related: tuple[dict[str, str], ...]
    payload: dict[str, Any]


def events_of(report: UpdateReport, text: str) -> tuple[ReviewEvent, ...]:
    """The events of an update's report.

    Late duplicates and retractions are told once their update is closed: until then a run may be replaced or withdrawn,
    and what it said with it. The event of an update that waits has their numbers and the report that names them.

    Args:
        report: of the update.
        text: the same as Markdown.

    Returns:
        One of the update, then one a late duplicate, then one a retracted report.
    """
    review, update = report.review, report.update
    resource = {"prefect.resource.id": f"livingsearch.review.{review}", "prefect.resource.name": report.title}

    def event(name: str, key: object, payload: dict[str, Any], about: str | None = None) -> ReviewEvent:
        related = () if about is None else (_related(review, about),)
        shown = {"review": review, "update": update, **payload}
        return ReviewEvent(name, uuid5(NAMESPACE_URL, f"{name}/{review}/{update}/{key}"), resource, related, shown)

    summary = {
        "title": report.title,
        "records": report.flow.identified,
        "new_to_screen": report.flow.to_screen,
        "late_duplicates": len(report.late_duplicates),
        "retracted": sum(one.what == "retracted" for one in report.changes.flagged),
        "vanished": len(report.changes.vanished),
        "changed": len(report.changes.changed),
        "possible_duplicates": report.waiting.pairs_in_all,
        "awaited": [one.source for one in report.waiting.awaited],
        "text": text if len(text) <= _LONGEST_TEXT else text[:_LONGEST_TEXT] + "\n… (cut)",
    }
    if report.closed_at is None:
        return (event(WAITING, report.position, summary),)
    return (
        event(CLOSED, report.closed_at.isoformat(), summary),
        *(
            event(
                LATE_DUPLICATE,
                f"{one.report}/{one.position}",
                {
                    "report": one.report,
                    "same_as": one.same_as.report,
                    "title": one.same_as.title,
                    "url": one.same_as.url,
                    "batch": one.batch,
                    "on": f"{one.at:%Y-%m-%d}",
                },
                one.report,
            )
            for one in report.late_duplicates
        ),
        *(
            event(
                RETRACTED,
                f"{one.report}/{'; '.join(one.notices)}",
                {"report": one.report, "title": one.title, "notices": list(one.notices), "batch": one.batch},
                one.report,
            )
            for one in report.changes.flagged
            if one.what == "retracted"
        ),
    )


def send(events: Iterable[ReviewEvent]) -> None:
    """Hands events to Prefect, which sends them in the background."""
    for one in events:
        emit_event(one.name, one.resource, related=list(one.related), payload=one.payload, id=one.id)


def _related(review: str, report: str) -> dict[str, str]:
    return {
        "prefect.resource.id": f"livingsearch.report.{review}.{report}",
        "prefect.resource.role": "report",
        "prefect.resource.name": report,
    }
