"""A whole flow in the terms of the recount, to hold one against the other."""

from livingsearch.ledger.whole_flow import Count, Retrieval, WholeFlow


def counted(flow: WholeFlow) -> dict[str, int]:
    """The numbers of a flow over one update, zeros left out."""
    found, screening = flow.identification, flow.screening
    boxes = {
        "identified": found.identified,
        "known": found.already_known,
        "duplicates": found.duplicates,
        "automation": found.automation,
        "other reason": found.other_reasons,
        "awaiting screening": screening.awaiting,
        "excluded on title": screening.excluded,
        "pending on title": screening.pending,
        **_reports(flow.reports, ""),
        "new reports": flow.new.reports,
        "new studies": flow.new.studies,
    }
    if flow.other:
        by = (flow.other.websites, flow.other.organisations, flow.other.citation_searching)
        boxes["identified (other)"] = Count(sum(one.value or 0 for one in by))
        boxes |= _reports(flow.other.reports, " (other)")
    if flow.previous and flow.total:
        boxes |= {
            "previous studies": flow.previous.studies,
            "previous reports": flow.previous.reports,
            "removed studies": flow.removed_studies,
            "total studies": flow.total.studies,
            "total reports": flow.total.reports,
        }
    return {box: count.value for box, count in boxes.items() if count.value}


def recounted(counts: dict[str, int]) -> dict[str, int]:
    """A recount without what a flow has no box for."""
    return {
        box: n for box, n in counts.items() if box not in ("known (other)", "duplicates (other)", "set aside (other)")
    }


def _reports(reports: Retrieval, where: str) -> dict[str, Count]:
    return {
        f"not retrieved{where}": reports.not_retrieved,
        f"awaiting retrieval{where}": reports.awaiting,
        f"pending{where}": reports.pending,
        f"excluded{where}": reports.excluded,
        f"included{where}": reports.included,
        **{f"reason {one.text}{where}": one.reports for one in reports.reasons},
    }
