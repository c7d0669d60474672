"""Pairs and groups that a person of the field has judged: `tests/cases`, extended without a line of code.

A file holds one theme; all records come in one call, as they would in a review. `expected` is an
outcome or a list of those that are right: `duplicate`, `possible`, `distinct`, `related:<type>`.
"""

import json
from pathlib import Path

import pytest

import dedup

FOLDER = Path(__file__).parents[1] / "cases"
CASES = {
    path.stem: json.loads(path.read_text("utf-8"))
    for path in sorted(FOLDER.glob("*.json"))
    if path.stem not in ("groups", "known_failing")
}
GROUPS = json.loads((FOLDER / "groups.json").read_text("utf-8"))
KNOWN_FAILING = json.loads((FOLDER / "known_failing.json").read_text("utf-8"))
"""Cases that the rules do not master yet, each with the reason; one that passes fails the test."""

KINDS = {"abstract", "preprint", "notice", "part", "version", "registration"}
OUTCOMES = {"duplicate", "possible", "distinct"} | {f"related:{kind}" for kind in KINDS}
RELATED = "relation" in dedup.VERDICTS.names


def accepted(case) -> set[str]:
    """The outcomes that are right."""
    expected = case["expected"]
    right = {expected} if isinstance(expected, str) else set(expected)
    if not RELATED and any(outcome.startswith("related:") for outcome in right):
        right.add("distinct")
    return right


@pytest.fixture(scope="module")
def judged(normalised, run, groups_of):
    """For every case its records' verdicts and groups, by the names that the case gives them; all in one call."""
    listed = [
        (case["id"], {"a": case["record_a"], "b": case["record_b"]}) for cases in CASES.values() for case in cases
    ]
    listed += [(case["id"], case["records"]) for case in GROUPS]
    places = [(case, name) for case, records in listed for name in records]
    rows = [{"source": f"{case} {name}"} | record for case, records in listed for name, record in records.items()]
    outcome = run(normalised(rows))
    groups: dict[str, dict[str, int]] = {case: {} for case, _ in listed}
    for record, group in groups_of(outcome).items():
        case, name = places[record - 1]
        groups[case][name] = group
    verdicts: dict[str, dict[tuple[str, str], dict]] = {case: {} for case, _ in listed}
    strays = []
    for verdict in outcome.verdicts.to_pylist():
        (case, x), (other, y) = places[verdict["x_id"] - 1], places[verdict["y_id"] - 1]
        if case == other:
            verdicts[case][x, y] = verdict
        else:
            strays.append((case, other, verdict["outcome"], verdict["rule"]))
    return groups, verdicts, strays


def said_of(case, judged) -> tuple[str, str]:
    """Outcome of a pair, and why."""
    groups, verdicts, _ = judged
    verdict = verdicts[case["id"]].get(("a", "b"), {"outcome": "distinct", "rule": None, "evidence": "not compared"})
    said = f"related:{verdict['relation']}" if verdict["outcome"] == "related" else verdict["outcome"]
    if len(set(groups[case["id"]].values())) == 1:
        said = "duplicate"
    return said, f"{verdict['rule']}: {verdict['evidence']}"


def report_of(wrong: dict[str, str], asked: set[str]) -> str:
    """The cases that fail without being known to, and those that are said to fail and pass."""
    known = asked & KNOWN_FAILING.keys()
    mended = [f"{case} passes now: take it out of known_failing.json" for case in sorted(known - wrong.keys())]
    return "\n".join([words for case, words in wrong.items() if case not in known] + mended)


@pytest.mark.parametrize("theme", CASES)
def test_pairs(theme, judged) -> None:
    wrong = {}
    for case in CASES[theme]:
        said, why = said_of(case, judged)
        if said not in accepted(case):
            wrong[case["id"]] = f"{case['id']} ({case['note']}): {said}, expected {case['expected']} [{why}]"
    report = report_of(wrong, {case["id"] for case in CASES[theme]})
    assert not report, report


def test_groups(judged) -> None:
    """What holds of three records and more: bridges, chains, facts about the collection."""
    groups, verdicts, _ = judged
    wrong = {}
    for case in GROUPS:
        labels: dict[int, list[str]] = {}
        for name, group in groups[case["id"]].items():
            labels.setdefault(group, []).append(name)
        found = sorted(map(sorted, labels.values()))
        if found not in [sorted(map(sorted, grouping)) for grouping in case["expected"]]:
            why = [(*pair, v["outcome"], v["rule"]) for pair, v in verdicts[case["id"]].items()]
            wrong[case["id"]] = f"{case['id']} ({case['note']}): {found}, expected {case['expected']} {why}"
    report = report_of(wrong, {case["id"] for case in GROUPS})
    assert not report, report


def test_no_case_touches_another(judged) -> None:
    groups, _, strays = judged
    assert strays == []
    assert sum(len(set(inside.values())) for inside in groups.values()) == len(
        {group for inside in groups.values() for group in inside.values()}
    )


def test_the_cases_are_well_formed() -> None:
    ids = [case["id"] for cases in CASES.values() for case in cases] + [case["id"] for case in GROUPS]
    assert len(ids) == len(set(ids)) >= 120
    assert KNOWN_FAILING.keys() <= set(ids)
    assert all(KNOWN_FAILING.values())
    for cases in CASES.values():
        for case in cases:
            assert case.keys() == {"id", "note", "record_a", "record_b", "expected"}
            assert accepted(case) <= OUTCOMES, case["id"]
            for side in ("record_a", "record_b"):
                assert case[side].keys() <= set(dedup.RECORDS.names) - {"record_id"}, case["id"]
    used = set().union(*(accepted(case) for cases in CASES.values() for case in cases))
    assert used == OUTCOMES


def test_the_groups_are_well_formed() -> None:
    for case in GROUPS:
        assert case.keys() == {"id", "note", "records", "expected"}
        assert len(case["records"]) >= 3
        for grouping in case["expected"]:
            assert sorted(name for group in grouping for name in group) == sorted(case["records"]), case["id"]
