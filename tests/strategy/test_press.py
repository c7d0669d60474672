"""The PRESS 2015 checklist, filled in as far as a machine can."""

from lint_searches import leaf, one_of, search_of

from livingsearch.strategy.findings import CODES
from livingsearch.strategy.lint.checking import lint
from livingsearch.strategy.lint.press import Element, Question, press_checklist
from livingsearch.strategy.search import Search
from livingsearch.strategy.tree import Not


def checklist(search: Search) -> tuple[Element, ...]:
    return press_checklist(search, lint(search))


def question(elements: tuple[Element, ...], code: str) -> Question:
    (found,) = (q for element in elements for q in element.questions if code in q.codes)
    return found


def test_the_six_elements() -> None:
    assert [(element.number, element.name) for element in checklist(one_of("asthma"))] == [
        (1, "Translation of the research question"),
        (2, "Boolean and proximity operators"),
        (3, "Subject headings"),
        (4, "Text word searching"),
        (5, "Spelling, syntax and line numbers"),
        (6, "Limits and filters"),
    ]


def test_every_code_speaks_to_a_question() -> None:
    spoken = {code for element in checklist(one_of("asthma")) for q in element.questions for code in q.codes}
    assert spoken == set(CODES)


def test_findings_are_counted_where_they_belong() -> None:
    elements = checklist(one_of("rat$", "cat$", "asthma"))
    assert question(elements, "T005").status == "checked: 2 findings"
    assert question(elements, "T005").findings == 2
    assert question(elements, "R005").status == "checked: nothing found"
    assert elements[3].findings >= 2


def test_what_only_a_person_can_say() -> None:
    first = checklist(one_of("asthma"))[0]
    assert {q.status for q in first.questions} == {"a person must tick"}
    assert not any(q.by_machine for q in first.questions)


def test_what_the_search_does_not_have() -> None:
    assert question(checklist(one_of("asthma")), "R004").status == "checked: the search has no NOT"
    with_not = checklist(search_of(Not(leaf("asthma"), leaf("copd"))))
    assert question(with_not, "R004").status == "checked: 1 finding"
    assert question(with_not, "M001").status == "checked: no limit to dates or languages"
