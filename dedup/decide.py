"""From evidence to a verdict, by the rules."""

from collections.abc import Sequence

from dedup.rules import ASK, CERTAIN, CONFLICTS, MERGE, RELATED, WEIGHTS, Relation, Rule
from dedup.scratch import Scratch
from dedup.vetoes import ASKING, BACKED, VETOES


def _first(rules: Sequence[Rule | Relation], field: str = "name") -> str:
    value = {"bonus": "{0.bonus}"}.get(field, f"'{{0.{field}}}'")
    return "CASE " + " ".join(f"WHEN {rule.when} THEN {value.format(rule)}" for rule in rules) + " END"


def _veto(strength: str, field: str = "name") -> str:
    value = {"name": "'{0.name}'", "words": "'{0.words}'"}[field]
    chosen = [veto for veto in VETOES if veto.strength == strength]
    return "CASE " + " ".join(f"WHEN {veto.when} THEN {value.format(veto)}" for veto in chosen) + " END"


_JUDGED = f"""
WITH ruled AS (
    SELECT *, {_first(CERTAIN)} AS certain, {_veto("hard")} AS hard, {_veto("soft")} AS soft,
        {_first(MERGE)} AS merge, {_first(ASK)} AS ask,
        coalesce({_first(CERTAIN, "bonus")}, {_first(MERGE, "bonus")}, 0)
            + {" + ".join(f"{weight} * ({term})" for term, weight in WEIGHTS)} AS score,
        {_first(RELATED)} AS related, {_first(RELATED, "relation")} AS relation,
        coalesce({_first(RELATED, "words")}, {_veto("hard", "words")}, {_veto("soft", "words")}) AS objection
    FROM dedup_{{source}}
)
SELECT *,
    CASE WHEN certain IS NOT NULL THEN 'duplicate'
         WHEN hard IS NOT NULL AND related IS NOT NULL THEN 'related'
         WHEN hard IS NOT NULL AND merge IS NOT NULL THEN 'distinct'
         WHEN hard IS NOT NULL THEN NULL
         WHEN merge IS NOT NULL AND soft IS NULL THEN 'duplicate'
         WHEN merge IS NOT NULL OR (ask IS NOT NULL AND (soft IS NULL OR title_same OR soft IN {ASKING}
              OR (soft = 'words_differ' AND journal = 1 AND authors = 1 AND {CONFLICTS} <= 1)))
         THEN 'possible' END AS outcome,
    CASE WHEN certain IS NOT NULL THEN certain
         WHEN hard IS NOT NULL THEN coalesce(related, hard)
         WHEN soft IS NOT NULL THEN soft
         ELSE coalesce(merge, ask) END AS rule,
    certain IS NOT NULL OR {BACKED} OR (first_page = 1 AND journal = 1) AS anchored
FROM ruled
"""  # noqa: S608


def decide(space: Scratch, source: str, target: str) -> None:
    """Make a view of the evidence of another table and what follows from it.

    Args:
        space: holds the table of evidence.
        source: its name.
        target: name of the view to make: evidence, `outcome` (null where the pair does not match), `rule`, `score`,
            `hard` (the veto that holds through a group, or null), `anchored` (a place or number agrees).
    """
    space.view(target, _JUDGED.format(source=source))
