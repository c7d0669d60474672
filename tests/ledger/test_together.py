"""Flows of several updates as row sums."""

from dataclasses import replace

from whole_flows import missing, paper, series

from livingsearch.ledger.together import REASON_UNKNOWN, together
from livingsearch.ledger.whole_flow import NOT_REPORTED, Count


def test_boxes_are_row_sums() -> None:
    flows = series()
    summed = together(flows, "All")
    assert summed.label == "All"
    assert summed.updates == (1, 2, 3, 4)
    for box in ("databases", "registers", "already_known", "duplicates", "automation", "other_reasons"):
        parts = [getattr(f.identification, box).value for f in flows]
        assert getattr(summed.identification, box) == Count(sum(parts))
    for source in summed.identification.sources:
        parts = [s.identified.value for f in flows for s in f.identification.sources if s.slug == source.slug]
        assert source.identified == Count(sum(parts))
    assert sum(s.identified.value for s in summed.identification.sources if s.kind == "database") == (
        summed.identification.databases.value
    )
    assert sum(r.reports.value for r in summed.reports.reasons) == summed.reports.excluded.value
    assert summed.other is not None
    assert summed.other.citation_searching == Count(12)
    assert summed.new.studies == Count(12)
    assert summed.removed_studies == Count(1)
    assert summed.total == flows[-1].total
    assert summed.as_of == flows[-1].as_of
    assert summed.possible_pairs == flows[-1].possible_pairs


def test_one_flow_stays_itself() -> None:
    flow = series()[1]
    assert together([flow], "Latest") == replace(flow, label="Latest")


def test_a_first_version_has_no_total_unless_a_study_left() -> None:
    flows = series()
    assert together(flows[:2], "x").total is None
    assert together(flows[:3], "x").total == flows[2].total
    assert together(flows[1:3], "x").previous == flows[1].previous


def test_what_one_update_did_not_report_is_not_reported_together() -> None:
    summed = together(missing(), "x")
    assert summed.identification.databases == NOT_REPORTED
    assert summed.screening.screened == NOT_REPORTED
    assert summed.screening.excluded.origin == "manual"
    assert summed.new.studies == Count(12)


def test_sums_by_source_never_hide_an_update_without_a_split() -> None:
    summed = together((paper(), *series()[1:]), "x")
    assert [s.kind for s in summed.identification.sources] == ["register"]
    reasons = {r.text: r.reports for r in summed.reports.reasons}
    assert reasons[REASON_UNKNOWN].value == 14
    assert sum(count.value for count in reasons.values()) == summed.reports.excluded.value
