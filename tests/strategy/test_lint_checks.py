"""What is said about wildcards, proximity, lines, NOT, fields, headings and limits."""

from datetime import date

import pytest
from lint_searches import findings_of, leaf, lines_of, one_of, search_of, word

from livingsearch.strategy.dialects import Dialect, PlatformName
from livingsearch.strategy.findings import Finding
from livingsearch.strategy.lint.checking import lint
from livingsearch.strategy.search import Line, Search
from livingsearch.strategy.tree import (
    And,
    DateRange,
    Heading,
    Limited,
    LineRef,
    Near,
    Node,
    Not,
    Or,
    Place,
    Scoped,
    UidRange,
)

TITLES = ("title", "abstract")
A, B, C = (Scoped(leaf(text), TITLES) for text in ("alpha$", "beta$", "gamma$"))
ANIMALS, HUMANS = Heading("Animals", "mesh", exploded=True), Heading("Humans", "mesh")
ASTHMA = Heading("Asthma", "mesh", exploded=True)
ENGLISH = Scoped(leaf("english"), ("language",))
SINCE = DateRange("date_publication", date(2000, 1, 1), None)


@pytest.mark.parametrize(
    ("code", "severity", "platform", "term"),
    [
        ("T001", "warning", "ovid", "ab$"),
        ("T001", "warning", "ebsco", "a*"),
        ("T006", "error", "ovid", "$itis"),
        ("T006", "error", "pubmed", "wom?n"),
        ("T006", "error", "ebsco", "#edema"),
        ("T006", "error", "ebsco", "neo$3"),
        ("T006", "error", "scopus", "behavio?r"),
        ("T002", "note", "ovid", '"emotion$ need$"'),
        ("T002", "note", "ebsco", "p*diatric"),
        ("S013", "warning", "ovid", '"asthma OR copd"'),
        ("S013", "warning", "pubmed", '"lung cancer AND smoking"'),
    ],
)
def test_wildcards_and_operators(code: str, severity: str, platform: PlatformName, term: str) -> None:
    (finding,) = findings_of(one_of(term, "other*", platform=platform), code)
    assert (finding.severity, finding.problematic) == (severity, term)


@pytest.mark.parametrize(
    ("code", "platform", "term"),
    [
        ("T001", "ovid", "abc$"),
        ("T001", "ovid", '"vitamin c$"'),
        ("T001", "pubmed", "ab*"),  # its reader says so, as an error
        ("T001", "ovid", "ab$ @journal"),
        ("T006", "ovid", "wom#n"),
        ("T006", "ovid", "behavio?r$3"),
        ("T006", "ebsco", "wom#n"),
        ("T006", "pubmed", "women*"),
        ("T006", "wos", "*edema"),
        ("T002", "ovid", '"emotional need$"'),
        ("T002", "ovid", "wom#n$"),
        ("T002", "pubmed", '"emotion* need*"'),
        ("S013", "ovid", '"health and social care"'),
        ("S013", "ovid", '"AND GATE"'),
        ("S013", "ovid", '"RANDOMIZED AND CONTROLLED"'),
        ("S013", "ovid", '"type OR"'),
    ],
)
def test_wildcards_and_operators_that_are_right(code: str, platform: PlatformName, term: str) -> None:
    assert findings_of(one_of(term, "other*", platform=platform), code) == []


def test_an_operator_inside_quotation_marks_is_put_outside() -> None:
    (finding,) = findings_of(one_of('"lung cancer OR copd"', "x"), "S013")
    assert finding.recommended == '("lung cancer" OR copd)'


@pytest.mark.parametrize(("between", "expected"), [(2, 0), (10, 0), (11, 1), (30, 1)])
def test_words_far_apart(between: int, expected: int) -> None:
    search = search_of(Scoped(Near((word("peer$"), word("support$")), between), TITLES))
    assert len(findings_of(search, "R008")) == expected


@pytest.mark.parametrize(
    ("lines", "numbers"),
    [
        ((A,), []),
        ((A, B, And((LineRef(1), LineRef(2)))), []),
        ((A, B, C, And((LineRef(1), LineRef(2)))), [3]),
        ((A, B), [1, 2]),  # nothing joins them
        ((A, Limited(LineRef(1), (ENGLISH,))), []),
        ((A, B, LineRef(2)), [1]),
    ],
)
def test_lines_that_are_not_used(lines: tuple[Node, ...], numbers: list[int]) -> None:
    said = " ".join(finding.sentence for finding in findings_of(lines_of(*lines), "L001"))
    assert [number for number in range(1, len(lines) + 1) if f"line {number}" in said] == numbers


@pytest.mark.parametrize(
    ("lines", "severities"),
    [
        ((Not(A, B),), ["warning"]),
        ((And((A, Scoped(Not(word("x"), word("y")), TITLES))),), ["warning"]),
        ((Not(Not(A, B, Place(0, 3)), C, Place(0, 5)),), ["warning", "warning"]),
        ((Not(A, Not(ANIMALS, HUMANS)),), ["note"]),
        ((A, Not(ANIMALS, HUMANS), Not(LineRef(1), LineRef(2))), ["note"]),
        ((ANIMALS, HUMANS, Not(LineRef(1), LineRef(2)), A, Not(LineRef(4), LineRef(3))), ["note"]),
        ((Not(A, Not(Heading("Adult"), Heading("Child"))),), ["note"]),
        ((Not(Heading("Adult"), Heading("Child")),), ["warning"]),
        ((Not(A, ANIMALS),), ["warning"]),
        ((And((A, B)),), []),
    ],
)
def test_and_not(lines: tuple[Node, ...], severities: list[str]) -> None:
    assert [finding.severity for finding in findings_of(lines_of(*lines), "R004")] == severities


def test_and_not_says_what_to_look_at() -> None:
    text = "asthma$ not copd$"
    node = Not(leaf("asthma$"), leaf("copd$", 12), Place(0, len(text)))
    (finding,) = findings_of(search_of(node, text), "R004")
    assert "(asthma$) AND (copd$)" in finding.sentence
    assert finding.problematic == text


@pytest.mark.parametrize(
    ("code", "node", "platform", "severities"),
    [
        ("M001", Limited(A, (ENGLISH,)), "ovid", ["note"]),
        ("M001", And((A, ENGLISH)), "pubmed", ["note"]),
        ("M001", A, "ovid", []),
        ("M002", And((A, SINCE)), "pubmed", ["note"]),
        ("M002", And((A, DateRange("date_entry", date(2000, 1, 1), None))), "pubmed", ["warning"]),
        ("M002", And((A, DateRange("date_entry", date(2000, 1, 1), None))), "ovid", ["note"]),
        ("M002", A, "pubmed", []),
    ],
)
def test_limits(code: str, node: Node, platform: PlatformName, severities: list[str]) -> None:
    assert [finding.severity for finding in findings_of(search_of(node, platform=platform), code)] == severities


@pytest.mark.parametrize(
    ("code", "node", "expected"),
    [
        ("H001", And((A, B)), 1),
        ("H001", And((Or((ASTHMA, A)), B)), 1),
        ("H001", And((Or((ASTHMA, A)), Or((ASTHMA, B)))), 0),
        ("H001", And((Or((ASTHMA, A)), ENGLISH, SINCE)), 0),
        ("H001", And((Or((ASTHMA, A)), Scoped(leaf("beta$"), ("text_word",)))), 0),
        ("H001", Not(Or((ASTHMA, A)), B), 0),
        ("H001", And((A, leaf("beta$"))), 1),
        ("H001", Scoped(And((word("alpha$"), word("beta$"))), TITLES), 1),
        ("H002", And((ASTHMA, A)), 1),
        ("H002", And((Or((ASTHMA, Heading("Asthma, Exercise-Induced", "mesh"))), A)), 1),
        ("H002", And((Or((ASTHMA, B)), A)), 0),
        ("H002", And((Or((ASTHMA, B)), HUMANS)), 0),
    ],
)
def test_headings_and_words(code: str, node: Node, expected: int) -> None:
    assert len(findings_of(search_of(node), code)) == expected


def test_concepts_over_several_lines() -> None:
    search = lines_of(ASTHMA, A, Or((LineRef(1), LineRef(2))), B, And((LineRef(3), LineRef(4))))
    (finding,) = findings_of(search, "H001")
    assert "other concepts do" in finding.sentence


@pytest.mark.parametrize("platform", ["wos", "scopus"])
def test_no_headings_are_asked_for_where_there_are_none(platform: PlatformName) -> None:
    assert findings_of(search_of(And((A, B)), platform=platform), "H001") == []


def test_terms_without_a_field_are_one_note() -> None:
    search = one_of("alpha$", "beta$ @title", "gamma$", fields=None)
    (finding,) = findings_of(search, "F003")
    assert "2 terms have no field" in finding.sentence
    assert finding.problematic == "alpha$"
    assert findings_of(search, "F003", default_fields=TITLES) == []
    assert findings_of(one_of("alpha$"), "F003") == []


def test_what_the_reader_said_is_not_said_again() -> None:
    search = one_of("ab$", "alpha$")
    told = Finding("T001", "error", "Said by the reader.", Place(0, 2), "ab")
    search = Search(search.text, search.dialect, search.lines, findings=(told, told))
    assert findings_of(search, "T001") == [told]


def test_findings_come_by_place() -> None:
    search = one_of("rat$", "asthma", "asthma", '"expert by experience$"')
    found = lint(search)
    assert [finding.place.start for finding in found] == sorted(finding.place.start for finding in found)
    assert len(set(found)) == len(found)


@pytest.mark.parametrize(
    "node",
    [
        LineRef(7),
        LineRef(1),
        Or((LineRef(1), LineRef(2))),
        UidRange(None, None),
        Scoped(LineRef(1), TITLES),
        Scoped(Heading(""), TITLES),
        Near((ASTHMA, LineRef(9)), 99),
        And((SINCE, ENGLISH)),
    ],
)
def test_trees_that_no_reader_makes(node: Node) -> None:
    lint(Search("", Dialect("ovid"), (Line(1, node, Place(0, 0)),)))
