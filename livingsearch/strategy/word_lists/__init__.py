"""Tables about English words that checks and readers of searches use; each is a TOML file with its own account."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def table(name: str) -> dict[str, Any]:
    """The contents of a table.

    Args:
        name: of its file, without `.toml`.
    """
    return tomllib.loads((files(__package__) / f"{name}.toml").read_text("utf-8"))
