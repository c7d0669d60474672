"""The words of the boxes: PRISMA's own, and numbers that are typed, missing or unfinished are told apart."""

import pytest
from whole_flows import CASES, PAPER, missing, paper, series

from livingsearch.ledger.diagram import diagram_of
from livingsearch.ledger.whole_flow import Count, WholeFlow
from livingsearch.ledger.wording import n_equals

OFFICIAL = {
    "new": {
        "identified": ["Records identified from:", "Databases", "Registers"],
        "removed": [
            "Records removed before screening:",
            "Duplicate records removed",
            "Records marked as ineligible by automation tools",
            "Records removed for other reasons",
        ],
        "screening": ["Records screened"],
        "records-excluded-box": ["Records excluded"],
        "sought-box": ["Reports sought for retrieval"],
        "not-retrieved-box": ["Reports not retrieved"],
        "assessed-box": ["Reports assessed for eligibility"],
        "reports-excluded-box": ["Reports excluded"],
        "included": ["Studies included in review", "Reports of included studies"],
    },
    "other": {
        "other-identified": ["Records identified from:", "Websites", "Organisations", "Citation searching"],
        "other-sought-box": ["Reports sought for retrieval"],
        "other-not-retrieved-box": ["Reports not retrieved"],
        "other-assessed-box": ["Reports assessed for eligibility"],
        "other-reports-excluded-box": ["Reports excluded"],
    },
    "updated": {
        "previous": [
            "Studies included in previous version of review",
            "Reports of studies included in previous version of review",
        ],
        "included": ["New studies included in review", "Reports of new included studies"],
        "total": ["Total studies included in review", "Reports of total included studies"],
    },
}


def words(flows: tuple[WholeFlow, ...], layout: str) -> dict[str, list[str]]:
    """The text of each box without its numbers, marks and what data brought."""
    return {
        box.name: [line.text.partition(" (n")[0].rstrip("¹") for line in box.lines if "source-" not in line.name]
        for box in diagram_of(flows, layout).boxes()
    }


def numbers(flow: WholeFlow, layout: str) -> dict[str, str]:
    return {
        line.name: line.text.partition("(n\xa0=\xa0")[2].replace("\xa0", " ")
        for box in diagram_of([flow], layout).boxes()
        for line in box.lines
        if not line.heading
    }


def test_wording_of_a_new_review() -> None:
    assert words((paper(),), "new") == OFFICIAL["new"]
    assert words((paper(),), "new-other") == OFFICIAL["new"] | OFFICIAL["other"]
    stream = diagram_of([paper()], "new-other").tiers[0].parts[0].streams
    assert [s.header for s in stream] == [
        "Identification of studies via databases and registers",
        "Identification of studies via other methods",
    ]


def test_wording_of_an_updated_review() -> None:
    flow = series()[1]
    shown = words((flow,), "updated-other")
    for name, box in (OFFICIAL["new"] | OFFICIAL["other"] | OFFICIAL["updated"]).items():
        if "reports-excluded" not in name:
            assert shown[name] == box
    assert shown["reports-excluded-box"][0] == "Reports excluded"
    streams = diagram_of([flow], "updated-other").tiers[0].parts[0].streams
    assert [s.header for s in streams] == [
        "Identification of new studies via databases and registers",
        "Identification of new studies via other methods",
    ]


def test_the_published_flow_as_the_paper_prints_it() -> None:
    shown = {name: text.rstrip("†").rstrip(")") for name, text in numbers(paper(), "new-other").items()}
    assert shown == {
        "databases": "3,962",
        "registers": "0",
        "duplicates": "2,127",
        "automation": "0",
        "other-reasons": "0",
        "screened": "1,835",
        "records-excluded": "1,808",
        "sought": "27",
        "not-retrieved": "1",
        "assessed": "26",
        "reports-excluded": "14",
        "websites": "0",
        "organisations": "0",
        "citation-searching": "1",
        "other-sought": "1",
        "other-not-retrieved": "0",
        "other-assessed": "1",
        "other-reports-excluded": "0",
        "included-studies": "13",
        "included-reports": "13",
    }
    notes = diagram_of([paper()], "new-other").notes
    assert notes == (f"† Typed, not derived from records: {PAPER}.", "Split by database not reported.")


def test_typed_numbers_have_a_mark_and_derived_ones_none() -> None:
    assert all(text.endswith(")†") for text in numbers(paper(), "new-other").values())
    assert not any("†" in text for text in numbers(series()[0], "new-other").values())


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (Count(0), "(n = 0)"),
        (Count(None, "not reported"), "(n = not reported)"),
        (Count(1234567), "(n = 1,234,567)"),
        (Count(7, "manual", "A; B"), "(n = 7)†‡"),
        (Count(7, "manual", "B"), "(n = 7)‡"),
        (Count(7, "manual", "A; B and C"), "(n = 7)†§"),
        (Count(7, "manual"), "(n = 7)¶"),
    ],
)
def test_numbers(count: Count, shown: str) -> None:
    marks = {"A": "†", "B": "‡", "B and C": "§", "": "¶"}
    assert n_equals(count, marks).replace("\xa0", " ") == shown


def test_unfinished_work_is_said_and_finished_work_adds_no_line() -> None:
    under_way = numbers(missing()[-1], "updated")
    assert under_way["awaiting"] == "60)"
    assert under_way["undecided"] == "3)"
    assert under_way["awaiting-retrieval"] == "2)"
    assert under_way["pending"] == "1)"
    assert not {"awaiting", "undecided", "awaiting-retrieval", "pending"} & set(numbers(series()[1], "updated"))


def test_missing_is_not_zero() -> None:
    shown = numbers(missing()[0], "new")
    assert shown["databases"] == "not reported)"
    assert shown["registers"] == "0)"
    assert shown["screened"] == "not reported)"
    assert shown["records-excluded"] == "0)†"
    assert shown["included-reports"] == "not reported)"


def test_already_known_are_split_in_a_footnote() -> None:
    flow = series()[1]
    found = flow.identification
    diagram = diagram_of([flow], "updated")
    (line,) = [line for box in diagram.boxes() for line in box.lines if line.name == "duplicates"]
    assert line.text.startswith("Duplicate records removed¹ ")
    assert diagram.notes[0] == (
        "¹ Of these, already known (the same source returned them in an earlier update): "
        f"{found.already_known.value:,}; other duplicates: {found.duplicates.value:,}."
    )
    several = diagram_of(CASES["14-databases"], "columns").notes[0]
    assert several.count(" and ") == 4
    assert "Base search" not in several


def test_a_number_without_a_box_is_said_below() -> None:
    notes = [note.replace("\xa0", " ") for note in diagram_of([paper()], "new").notes]
    assert (
        "Not in these boxes, records identified via other methods: "
        "websites (n = 0), organisations (n = 0), citation searching (n = 1)." in notes
    )


def test_studies_that_left_are_named_in_the_total() -> None:
    assert numbers(series()[2], "updated")["removed-studies"] == "1)"
    assert "removed-studies" not in numbers(series()[1], "updated")
    assert "no previous" not in diagram_of(series(), "combined").notes
    combined = {line.name: line.text for box in diagram_of(series(), "combined").boxes() for line in box.lines}
    assert combined["removed-studies"].endswith("1)")


def test_sources_that_were_not_searched() -> None:
    (line,) = [x for b in diagram_of([series()[1]], "updated").boxes() for x in b.lines if "Embase.com" in x.text]
    assert line.text == "Embase.com: not searched in this update"
