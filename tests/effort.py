"""How many examples a property is tried on."""

import os


def examples(full: int) -> int:
    """A third of them in the usual run, always the same ones; all in `make fuzz`, which sets EXAMPLES=all."""
    return full if os.environ.get("EXAMPLES") == "all" else max(25, full // 3)
