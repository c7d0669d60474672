"""How many examples a property is tried on."""

import os


def examples(full: int) -> int:
    """A third of them in the usual run, always the same ones; all in `make fuzz`, which sets EXAMPLES=all."""
    return full if os.environ.get("EXAMPLES") == "all" else max(25, full // 3)


def rare(usual: int, full: int) -> int:
    """The same for what takes seconds an example: a few in the usual run."""
    return full if os.environ.get("EXAMPLES") == "all" else usual
