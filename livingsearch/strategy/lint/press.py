"""The checklist for the peer review of search strategies, PRESS 2015, as far as a machine can fill it in.

Six elements, each with questions in our own words. Source: McGowan J, Sampson M, Salzwedel DM, Cogo E, Foerster V,
Lefebvre C. PRESS Peer Review of Electronic Search Strategies: 2015 Guideline Statement. J Clin Epidemiol 2016;75:40-46.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from livingsearch.strategy.findings import Finding
from livingsearch.strategy.search import Search
from livingsearch.strategy.tree import DateRange, Near, Node, Not, Scoped, walk

_TICK = "a person must tick"


@dataclass(frozen=True, slots=True)
class Question:
    """A question of the checklist and what is known about its answer.

    Args:
        text: for the person who reviews the search.
        codes: of findings that speak to it; none where only a person can answer.
        status: `checked: 2 findings`, `checked: nothing found` or `a person must tick`.
        findings: how many of the search's findings speak to it.
    """

    text: str
    codes: tuple[str, ...]
    status: str
    findings: int = 0

    @property
    def by_machine(self) -> bool:
        """Whether it was checked, as far as that goes; a person may still see more."""
        return bool(self.codes)


@dataclass(frozen=True, slots=True)
class Element:
    """One of the six elements of PRESS 2015.

    Args:
        number: from 1.
        name: as the statement has it.
        questions: in the order of the checklist.
    """

    number: int
    name: str
    questions: tuple[Question, ...]

    @property
    def findings(self) -> int:
        """How many answers of the machine are findings; one that speaks to two questions counts twice."""
        return sum(question.findings for question in self.questions)


# Element → question and the codes that speak to it. A code may speak to several questions.
_CHECKLIST: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    (
        "Translation of the research question",
        (
            ("Does the search say what the research question asks?", ""),
            ("Is it clear which concepts it is made of?", ""),
            ("Are there neither too many nor too few concepts (PICO elements) in it?", ""),
            ("Is any concept searched too narrowly or too broadly?", ""),
            ("Does it bring back a number of records that fits the question?", ""),
            ("Is whatever is unusual or complicated in it explained?", ""),
        ),
    ),
    (
        "Boolean and proximity operators",
        (
            ("Are AND, OR and NOT, and proximity, used as the platform reads them?", "S009 S011 S013 F005 T003"),
            ("Do brackets hold together what belongs together?", "S002 S004"),
            ("Where NOT is used, does it take out anything that is wanted?", "R004"),
            ("Would proximity or a phrase be more precise than AND, or less narrow than a phrase?", ""),
            ("Is the distance of each proximity search right: neither too wide nor too close?", "R008"),
        ),
    ),
    (
        "Subject headings",
        (
            ("Do the subject headings fit the concepts?", ""),
            ("Is a relevant heading missing, a former one included?", ""),
            ("Is a heading too broad or too narrow, or of no use?", ""),
            ("Is each heading exploded where narrower ones belong to it, and only there?", ""),
            ("Are headings restricted to main topics, or to subheadings, only where that is meant and explained?", ""),
            ("Is every concept looked for both as a heading and as words?", "H001 H002"),
        ),
    ),
    (
        "Text word searching",
        (
            ("Does it have the spelling variants: British and American, with and without hyphen?", "R006"),
            ("Does it have the synonyms and opposites that authors use?", ""),
            ("Are plural and singular there, and truncation at the right letter?", "R005 T001 T002 T004"),
            ("Does a truncation take in words that are not meant?", "T005"),
            ("Are abbreviations and acronyms there, with their full forms, and unambiguous?", ""),
            ("Are words specific enough, and none of them needless or a stop word?", "R001 R002 R003"),
            (
                "Are the right fields searched: no term without one, and none in a field that cannot answer?",
                "F003 F004",
            ),
            ("Does the platform find each phrase as it stands?", "R007"),
            ("Should long lists of words be divided over several lines?", ""),
        ),
    ),
    (
        "Spelling, syntax and line numbers",
        (
            ("Are there spelling mistakes?", ""),
            (
                "Is every character what it looks like, and the syntax that of this platform?",
                "S001 S003 S005 S006 S007 S008 S010 S012 T006 F001 F002 F006",
            ),
            ("Are line numbers in order, and does every line refer to the right ones?", "L002 L003 L004"),
            ("Is every line used?", "L001"),
        ),
    ),
    (
        "Limits and filters",
        (
            ("Are the limits and filters right, and do they fit the question and this database?", "M001 M002"),
            ("Is a limit or filter missing that would help?", ""),
            ("Are published filters cited, and used as they were published?", ""),
        ),
    ),
)
# Questions that ask about something the search may not have at all, and how its trees tell.
_NOTHING_TO_ASK: dict[str, str] = {
    "R004": "checked: the search has no NOT",
    "R008": "checked: the search has no proximity",
    "M001 M002": "checked: no limit to dates or languages",
}


def press_checklist(search: Search, findings: Iterable[Finding]) -> tuple[Element, ...]:
    """The checklist for one search.

    Args:
        search: any.
        findings: of `lint` about it.

    Returns:
        The six elements; every finding of a code of CODES speaks to one question at least.
    """
    counts = Counter(finding.code for finding in findings)
    missing = _missing(search)
    return tuple(
        Element(number, name, tuple(_answered(text, codes, counts, missing) for text, codes in questions))
        for number, (name, questions) in enumerate(_CHECKLIST, 1)
    )


def _answered(text: str, codes: str, counts: Counter[str], missing: frozenset[str]) -> Question:
    names = tuple(codes.split())
    if not names:
        return Question(text, (), _TICK)
    number = sum(counts[name] for name in names)
    if number:
        return Question(text, names, f"checked: {number} finding{'s' * (number > 1)}", number)
    return Question(text, names, _NOTHING_TO_ASK[codes] if codes in missing else "checked: nothing found")


def _missing(search: Search) -> frozenset[str]:
    """Keys of _NOTHING_TO_ASK that hold for this search."""
    has: set[str] = set()
    for line in search.lines:
        for node in walk(line.node):
            has |= _kinds(node)
    return frozenset(_NOTHING_TO_ASK.keys() - has)


def _kinds(node: Node) -> set[str]:
    if isinstance(node, Not):
        return {"R004"}
    if isinstance(node, Near):
        return {"R008"}
    if isinstance(node, DateRange) or (isinstance(node, Scoped) and "language" in node.fields):
        return {"M001 M002"}
    return set()
