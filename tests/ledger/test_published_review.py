"""The published review's flow, typed: it meets the identities, and any one of its numbers changed by one breaks one."""

import re
from pathlib import Path

import pytest
from made_review import MadeReview, made

from livingsearch.errors import IdentityBroken, ReviewFileError, TotalsRefused
from livingsearch.ledger.whole_flow import Count, WholeFlow
from livingsearch.ledger.whole_flow_json import whole_flow_from_dict, whole_flow_to_dict
from livingsearch.ledger.whole_identities import breaches
from livingsearch.services.diagrams import diagram_file
from livingsearch.services.publishing import publish
from livingsearch.services.totals import take_totals_back, type_totals
from livingsearch.services.whole_flows import restated_version, review_flows

PUBLISHED = """
update = 1
source = "Begum-Meades et al. 2026, flow diagram"

[identification]
databases = 3962
duplicates = 2127

[screening]
screened = 1835
excluded = 1808

[retrieval]
sought = 27
not_retrieved = 1
assessed = 26
excluded = 14
included = 12

[other]
citation_searching = 1
sought = 1
not_retrieved = 0
assessed = 1
excluded = 0
included = 1

[included]
studies = 13
reports = 13

[total]
studies = 13
"""
NUMBERS = [m.span(1) for m in re.finditer(r"^(?!update)\w+ = (\d+)$", PUBLISHED, re.MULTILINE)]
IDENTITIES = {
    "identification.databases": 2,
    "identification.duplicates": 2,
    "screening.screened": 2,
    "screening.excluded": 3,
    "retrieval.sought": 3,
    "retrieval.not_retrieved": 4,
    "retrieval.assessed": 4,
    "retrieval.excluded": 6,
    "retrieval.included": 6,
    "other.citation_searching": 3,
    "other.sought": 3,
    "other.not_retrieved": 4,
    "other.assessed": 4,
    "other.excluded": 6,
    "other.included": 6,
    "included.studies": 8,
    "included.reports": 6,
    "total.studies": 8,
}


@pytest.fixture(scope="module")
def review(tmp_path_factory: pytest.TempPathFactory) -> MadeReview:
    """The numbers taken in, as those of update 1."""
    review = made(tmp_path_factory.mktemp("review"))
    type_totals(review.context, written(review, PUBLISHED))
    return review


def written(review: MadeReview, text: str) -> Path:
    path = review.folder / "totals.toml"
    path.write_text(text, "utf-8")
    return path


def box_at(place: int) -> str:
    before = PUBLISHED[:place]
    table, name = (
        re.findall(r"^\[(\w+)\]$", before, re.MULTILINE)[-1],
        re.findall(r"^(\w+) = ", before, re.MULTILINE)[-1],
    )
    return f"{table}.{name}"


def flow_of(review: MadeReview) -> WholeFlow:
    return review_flows(review.context).columns[0]


def test_the_published_flow_meets_the_identities(review: MadeReview) -> None:
    flow = flow_of(review)
    assert breaches(flow) == []
    assert flow.identification.identified.value == 3962
    assert flow.screening.screened == Count(1835, "manual", "Begum-Meades et al. 2026, flow diagram")
    assert flow.identification.sources == ()
    assert flow.screening.awaiting == Count(0, "manual", "Begum-Meades et al. 2026, flow diagram")
    assert flow.reports.reasons == ()
    assert flow.new.reports.value == 13
    assert whole_flow_from_dict(whole_flow_to_dict(flow)) == flow


def test_the_published_flow_is_drawn_as_the_paper_prints_it(review: MadeReview) -> None:
    drawn = diagram_file(review.context, update=1, as_of=None, layout=None, form="text", to=None).decode()
    plain = " ".join(drawn.replace("\N{NO-BREAK SPACE}", " ").replace("│", " ").split())
    assert "Split by database not reported." in plain
    for number in ("3,962", "2,127", "1,835", "1,808", "27", "26", "14", "13"):
        assert f"(n = {number}" in plain, number


@pytest.mark.parametrize("by", [-1, 1])
@pytest.mark.parametrize("place", NUMBERS, ids=lambda span: box_at(span[0]))
def test_any_number_changed_by_one_is_refused_with_the_identity(
    place: tuple[int, int], by: int, review: MadeReview
) -> None:
    start, end = place
    value = int(PUBLISHED[start:end]) + by
    before = flow_of(review)
    file = written(review, f"{PUBLISHED[:start]}{value}{PUBLISHED[end:]}")
    if value < 0:
        with pytest.raises(ReviewFileError):
            type_totals(review.context, file)
        return
    with pytest.raises(IdentityBroken, match=f"Identity {IDENTITIES[box_at(start)]}: .*{value:,}"):
        type_totals(review.context, file)
    after = flow_of(review)
    assert whole_flow_to_dict(after) == whole_flow_to_dict(before)


def test_every_number_is_tried() -> None:
    assert {box_at(start) for start, _ in NUMBERS} == set(IDENTITIES)
    assert len(NUMBERS) == len(IDENTITIES)


def test_the_same_numbers_again_change_nothing(review: MadeReview) -> None:
    again = type_totals(review.context, written(review, PUBLISHED))
    assert (again.unchanged, again.numbers) == (True, len(NUMBERS))


def test_a_reason_for_each_excluded_report(review: MadeReview) -> None:
    reasons = '[retrieval.reason]\n"Wrong population" = 9\n"No peer support" = {}\n'
    text = PUBLISHED.replace("[other]", reasons + "\n[other]", 1)
    with pytest.raises(IdentityBroken, match=r"Identity 5: .* = 13, but reports excluded = 14"):
        type_totals(review.context, written(review, text.format(4)))
    flow = type_totals(review.context, written(review, text.format(5))).flow
    assert [(one.text, one.reports.value) for one in flow.reports.reasons] == [
        ("Wrong population", 9),
        ("No peer support", 5),
    ]
    type_totals(review.context, written(review, PUBLISHED))


def test_the_split_by_database_must_add_up(review: MadeReview) -> None:
    split = "[identification.database]\nMEDLINE = 2000\nEmbase = {}\n"
    text = PUBLISHED.replace("[screening]", split + "\n[screening]", 1)
    with pytest.raises(IdentityBroken, match="Identity 1: records by database = 3,961"):
        type_totals(review.context, written(review, text.format(1961)))
    flow = type_totals(review.context, written(review, text.format(1962))).flow
    assert [(column.label, column.identified.value) for column in flow.identification.sources] == [
        ("MEDLINE", 2000),
        ("Embase", 1962),
    ]
    type_totals(review.context, written(review, PUBLISHED))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("update = 1\n[screening]\nscreened = 1\n", "source: who counted is expected"),
        ("update = 0\nsource = 'x'\n[screening]\nscreened = 1\n", "update: the number of the update"),
        ("update = 1\nsource = 'x'\n[screening]\nscreend = 1\n", "line 4: screening.screend: is no box of screening"),
        ("update = 1\nsource = 'x'\n[screening]\nscreened = -1\n", "line 4: .*a whole number from 0"),
        ("update = 1\nsource = 'x'\n[screening]\nscreened = true\n", "a whole number from 0"),
        ("update = 1\nsource = 'x'\n[screenings]\nscreened = 1\n", "line 3: screenings: is no table of totals"),
        ("update = 1\nsource = 'x'\n", "holds no number"),
        ("update = 1\nsource = 'x'\n[retrieval.reason]\n'Wrong' = 'x'\n", "a name and a number are expected"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_with_its_line(text: str, words: str, review: MadeReview) -> None:
    with pytest.raises(ReviewFileError, match=words):
        type_totals(review.context, written(review, text))


def test_typed_screening_beside_derived_identification(tmp_path: Path) -> None:
    review = made(tmp_path)
    review.update(a=["w1", "w2", "w3"], b=["w3"])
    text = "update = 1\nsource = 'Covidence'\n[screening]\nscreened = 3\nexcluded = 2\npending = {}\n"
    text += "[retrieval]\nsought = 1\nnot_retrieved = 0\nassessed = 1\nexcluded = 1\n"
    with pytest.raises(IdentityBroken, match="Identity 3"):
        type_totals(review.context, written(review, text.format(1)))
    typed = type_totals(review.context, written(review, text.format(0)))
    assert typed.flow.identification.databases == Count(4)
    assert typed.flow.screening.screened == Count(3, "manual", "Covidence")
    assert typed.flow.new.reports == Count(0)
    take_totals_back(review.context, 1)
    assert flow_of(review).screening.awaiting == Count(3)
    with pytest.raises(TotalsRefused, match="No numbers are typed"):
        take_totals_back(review.context, 1)


def test_studies_of_typed_updates_are_the_next_ones_previous(tmp_path: Path) -> None:
    review = made(tmp_path)
    type_totals(review.context, written(review, PUBLISHED))
    review.close()
    publish(review.context, 1)
    with pytest.raises(TotalsRefused, match="was published"):
        type_totals(review.context, written(review, PUBLISHED.replace("2026", "2027")))
    review.update(a=["w1"])
    flows = review_flows(review.context)
    second = flows.columns[1]
    assert second.previous is not None and second.total is not None
    assert (second.previous.studies.value, second.previous.studies.origin) == (13, "manual")
    assert (second.total.studies.value, second.new.studies.value) == (13, 0)
    assert flows.told == {}
    assert restated_version(review.context, 1).explanations == ()
