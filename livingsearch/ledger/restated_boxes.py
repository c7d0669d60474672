"""The boxes of a flow by their names in words: of a whole flow, and of one record by its place in it."""

from collections.abc import Iterator, Mapping
from typing import Any

from livingsearch.ledger.whole_flow import Count, Retrieval, WholeFlow

_STATE_BOXES: Mapping[str, tuple[str, ...]] = {
    "already known": ("already known",),
    "duplicate": ("duplicates",),
    "automation": ("removed by automation tools",),
    "other reason": ("removed for other reasons",),
    "awaiting screening": ("awaiting screening",),
    "excluded on title": ("screened", "excluded on title and abstract"),
    "pending on title": ("screened", "pending on title and abstract"),
    "not retrieved": ("screened", "sought", "not retrieved"),
    "awaiting retrieval": ("screened", "sought", "awaiting retrieval"),
    "pending": ("screened", "sought", "assessed", "pending in full text"),
    "excluded": ("screened", "sought", "assessed", "excluded in full text"),
    "included": ("screened", "sought", "assessed", "reports included"),
}


def boxes_of(flow: WholeFlow) -> dict[str, int]:
    """The numbers of a flow by box, in words; what was not reported is left out."""
    found, screening = flow.identification, flow.screening
    counts: dict[str, Count] = {
        "identified": found.identified,
        "already known": found.already_known,
        "duplicates": found.duplicates,
        "removed by automation tools": found.automation,
        "removed for other reasons": found.other_reasons,
        "awaiting screening": screening.awaiting,
        "screened": screening.screened,
        "excluded on title and abstract": screening.excluded,
        "pending on title and abstract": screening.pending,
        **_boxes_of_reports(flow.reports, ""),
        "new studies": flow.new.studies,
        "studies taken out": flow.removed_studies,
    }
    for column in found.sources:
        counts[f"identified in {column.slug}"] = column.identified
    if flow.other:
        by = (flow.other.websites, flow.other.organisations, flow.other.citation_searching)
        counts["identified by other methods"] = Count(sum(one.value or 0 for one in by))
        counts |= _boxes_of_reports(flow.other.reports, " (other methods)")
        counts["not sought (other methods)"] = flow.other.set_aside
    for included, name in ((flow.previous, "previous"), (flow.total, "total")):
        if included:
            counts |= {f"{name} studies": included.studies, f"{name} reports": included.reports}
    return {box: count.value for box, count in counts.items() if count.value is not None}


def boxes_of_place(row: Mapping[str, Any], when: str) -> Iterator[str]:
    """The boxes in which one record counts.

    Args:
        row: its source, kind of source, state (`class_before`, `class_after`) and reason.
        when: `before` or `after`.
    """
    state = row[f"class_{when}"]
    if state is None:
        return
    if row["kind"] == "other":
        yield "identified by other methods"
        found = _STATE_BOXES.get(state, ())
        sought = "sought" in found
        if not sought:
            yield "not sought (other methods)"
        boxes = [f"{box} (other methods)" for box in found if sought and box != "screened"]
    else:
        yield "identified"
        yield f"identified in {row['source']}"
        boxes = list(_STATE_BOXES[state])
    yield from boxes
    if state == "excluded":
        where = " (other methods)" if row["kind"] == "other" else ""
        yield f"excluded as {row[f'reason_{when}']!r}{where}"


def _boxes_of_reports(reports: Retrieval, where: str) -> dict[str, Count]:
    return {
        f"sought{where}": reports.sought,
        f"not retrieved{where}": reports.not_retrieved,
        f"awaiting retrieval{where}": reports.awaiting,
        f"assessed{where}": reports.assessed,
        f"pending in full text{where}": reports.pending,
        f"excluded in full text{where}": reports.excluded,
        f"reports included{where}": reports.included,
        **{f"excluded as {one.text!r}{where}": one.reports for one in reports.reasons},
    }
