"""From pairs to what is found of each: the evidence and what follows from it."""

from dedup.compare import compare
from dedup.decide import decide
from dedup.scratch import Scratch


def judge(space: Scratch, pairs: str, target: str, *, every: bool = False) -> None:
    """Fill a table with the evidence on the pairs of another, and what follows from it.

    Args:
        space: holds `dedup_units` and `dedup_texts`.
        pairs: name of the table of pairs (`x_id` < `y_id`, both units).
        target: name of the table to make.
        every: look also at pairs that cannot match, for what contradicts in them.
    """
    compare(space, pairs, "evidence", every=every)
    decide(space, "evidence", target)
    space.drop("evidence")
