"""The page that explains the rules names those that there are, in their order and in their words."""

import re
from pathlib import Path

import pytest

from dedup import ASKING_RULES, CLUSTER_RULES
from dedup.rules import ASK, CERTAIN, MERGE, RELATED
from dedup.vetoes import ASKING, VETOES

PAGE = (Path(__file__).parents[2] / "docs" / "rules.md").read_text("utf-8")


def rows(heading: str) -> list[list[str]]:
    """Cells of the table under a heading, without its own two lines."""
    section = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines() if line[:1] == "|"][
        2:
    ]


def names(heading: str) -> list[str]:
    return [re.sub(r"[*`]", "", row[0]) for row in rows(heading)]


@pytest.mark.parametrize(("heading", "rules"), [("Certain", CERTAIN), ("Merging", MERGE), ("Asking", ASK)])
def test_rules(heading, rules) -> None:
    assert names(heading) == [rule.name for rule in rules]
    assert all(row[1] for row in rows(heading))


@pytest.mark.parametrize(("heading", "strength"), [("Hard vetoes", "hard"), ("Soft vetoes", "soft")])
def test_vetoes(heading, strength) -> None:
    vetoes = [veto for veto in VETOES if veto.strength == strength]
    assert names(heading) == [veto.name for veto in vetoes]
    assert [row[1] for row in rows(heading)] == [veto.words for veto in vetoes]


def test_vetoes_that_ask_are_set_in_bold() -> None:
    assert {name for name, row in zip(names("Soft vetoes"), rows("Soft vetoes"), strict=True) if row[0][0] == "*"} == (
        set(ASKING)
    )


def test_relations() -> None:
    assert names("Relations") == [rule.name for rule in RELATED]
    assert [row[1:] for row in rows("Relations")] == [[rule.words, rule.relation] for rule in RELATED]


def test_groups() -> None:
    assert set(names("Groups")) == {*ASKING_RULES, *CLUSTER_RULES}


def test_the_page_names_nothing_else() -> None:
    sections = re.findall(r"^## (.+)$", PAGE, re.M)
    assert sections == ["Certain", "Merging", "Asking", "Hard vetoes", "Soft vetoes", "Relations", "Groups"]
