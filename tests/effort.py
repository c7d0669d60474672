"""How many examples a property is tried on."""

import os

from hypothesis import HealthCheck, Phase, settings


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
