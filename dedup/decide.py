"""From evidence to a verdict, by the rules."""

from collections.abc import Mapping, Sequence

from dedup.rules import ASK, CERTAIN, CONFLICTS, MERGE, RELATED, WEIGHTS, Relation, Rule
from dedup.vetoes import ASKING, BACKED, VETOES, Veto


def _first(rules: Sequence[Rule | Relation | Veto]) -> str:
    """An expression for the name of the first that holds."""
    return "CASE " + " ".join(f"WHEN {rule.when} THEN '{rule.name}'" for rule in rules) + " END"


def _vetoes(strength: str) -> list[Veto]:
    return [veto for veto in VETOES if veto.strength == strength]


def _of(name: str, values: Mapping[str, str]) -> str:
    """An expression for what belongs to a name: conditions are not asked again."""
    return f"CASE {name} " + " ".join(f"WHEN '{known}' THEN {value}" for known, value in values.items()) + " END"


def _words(rules: Sequence[Relation | Veto]) -> dict[str, str]:
    return {rule.name: f"'{rule.words}'" for rule in rules}


def _bonus(rules: Sequence[Rule]) -> dict[str, str]:
    return {rule.name: str(rule.bonus) for rule in rules}


_JUDGED = f"""
WITH weighed AS (
    SELECT *, {CONFLICTS} AS conflicts, {BACKED} AS backed FROM ({{evidence}})
), ruled AS (
    SELECT *, {_first(CERTAIN)} AS certain, {_first(_vetoes("hard"))} AS hard, {_first(_vetoes("soft"))} AS soft,
        {_first(MERGE)} AS merge, {_first(ASK)} AS ask, {_first(RELATED)} AS related
    FROM weighed
)
SELECT *,
    coalesce({_of("certain", _bonus(CERTAIN))}, {_of("merge", _bonus(MERGE))}, 0)
        + {" + ".join(f"{weight} * ({term})" for term, weight in WEIGHTS)} AS score,
    {_of("related", {rule.name: f"'{rule.relation}'" for rule in RELATED})} AS relation,
    coalesce({_of("related", _words(RELATED))}, {_of("hard", _words(_vetoes("hard")))},
        {_of("soft", _words(_vetoes("soft")))}) AS objection,
    CASE WHEN certain IS NOT NULL THEN 'duplicate'
         WHEN hard IS NOT NULL AND related IS NOT NULL THEN 'related'
         WHEN hard IS NOT NULL AND merge IS NOT NULL THEN 'distinct'
         WHEN hard IS NOT NULL THEN NULL
         WHEN merge IS NOT NULL AND soft IS NULL THEN 'duplicate'
         WHEN merge IS NOT NULL OR (ask IS NOT NULL AND (soft IS NULL OR title_same OR soft IN {ASKING}
              OR (soft = 'words_differ' AND journal = 1 AND authors = 1 AND conflicts <= 1)))
         THEN 'possible' END AS outcome,
    CASE WHEN certain IS NOT NULL THEN certain
         WHEN hard IS NOT NULL THEN coalesce(related, hard)
         WHEN soft IS NOT NULL THEN soft
         ELSE coalesce(merge, ask) END AS rule,
    certain IS NOT NULL OR backed OR (first_page = 1 AND journal = 1) AS anchored
FROM ruled
"""  # noqa: S608


def decide(evidence: str) -> str:
    """A query that gives the evidence on pairs and what follows from it.

    Args:
        evidence: the query that gives the evidence.

    Returns:
        To its columns come `outcome` (null where the pair does not match), `rule`, `score`, `hard` (the veto that holds
        through a group, or null), `anchored` (a place or number agrees).
    """
    return _JUDGED.format(evidence=evidence)
