"""Pairs that a person of the field has judged: `cases.json`, to which more can be added without a line of code."""

import json
from pathlib import Path

import pytest

CASES = json.loads((Path(__file__).parent / "cases.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def outcomes(normalised, run, groups_of) -> dict[str, str]:
    """What the kernel says of each case; all in one batch, as they would come in a review."""
    records = [case[side] | {"source": side} for case in CASES for side in ("record_a", "record_b")]
    outcome = run(normalised(records))
    groups = groups_of(outcome)
    asked = {(v["x_id"], v["y_id"]) for v in outcome.verdicts.to_pylist() if v["outcome"] == "possible"}
    said = {}
    for number, case in enumerate(CASES):
        pair = (2 * number + 1, 2 * number + 2)
        joined = groups[pair[0]] == groups[pair[1]]
        said[case["id"]] = "duplicate" if joined else "possible" if pair in asked else "distinct"
    assert len(set(groups.values())) == len(records) - list(said.values()).count("duplicate")
    return said


def test_the_cases_are_well_formed() -> None:
    assert len(CASES) >= 40
    assert len({case["id"] for case in CASES}) == len(CASES)
    assert {case["expected"] for case in CASES} == {"duplicate", "possible", "distinct"}
    assert all(case.keys() == {"id", "note", "record_a", "record_b", "expected"} for case in CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_case(case, outcomes) -> None:
    assert outcomes[case["id"]] == case["expected"], case["note"]
