"""How many examples a property is tried on."""

import os
from collections.abc import Sequence
from typing import TypeVar

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

_T = TypeVar("_T")


def examples(full: int) -> int:
    """A third of them in the usual run, always the same ones; all in `make fuzz`, which sets EXAMPLES=all."""
    return full if os.environ.get("EXAMPLES") == "all" else max(25, full // 3)


def rare(usual: int, full: int) -> int:
    """The same for what takes seconds an example: a few in the usual run."""
    return full if os.environ.get("EXAMPLES") == "all" else usual


ALL = os.environ.get("EXAMPLES") == "all"
FEW = settings(
    max_examples=30 if ALL else 3,
    derandomize="HYPOTHESIS_RANDOM" not in os.environ,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    # What fails is shrunk by hundreds of runs: only where they were asked for.
    phases=[phase for phase in Phase if ALL or phase not in (Phase.shrink, Phase.explain)],
)
"""For what takes seconds: a few examples in the usual run, thirty with EXAMPLES=all."""

TWO = settings(FEW, max_examples=FEW.max_examples if ALL else 2)
"""For what takes many seconds."""


def chosen(usual: Sequence[_T], every: st.SearchStrategy[_T]) -> st.SearchStrategy[_T]:
    """A few examples that have it all in them in the usual run; with EXAMPLES=all whatever a strategy makes."""
    return every if ALL else st.sampled_from(usual)
