"""Search histories that a platform writes into its exports."""

import re
from dataclasses import dataclass
from itertools import zip_longest

_HISTORY_HEAD = re.compile(r"(?m)^(?:[A-Z][A-Z0-9] {1,2}- )?(?:Database: (?P<edition>.+)\n)?Search Strategy:[ \t]*$")
_HISTORY_END = re.compile(r"(?m)^\*{5,}[ \t]*$")


@dataclass(frozen=True, slots=True)
class History:
    """A search history within an export.

    Attributes:
        text: as the platform wrote it.
        edition: the database with its dates of coverage; None where it names none.
    """

    text: str
    edition: str | None


def histories_in(text: str) -> list[History]:
    """Search histories in the text of an export that belongs to no record, as Ovid writes them.

    Args:
        text: lines that stand together.

    Returns:
        One each, from the database's name to the row of asterisks or the end.
    """
    heads = list(_HISTORY_HEAD.finditer(text))
    found = []
    for head, following in zip_longest(heads, heads[1:]):
        part = text[head.start() : following.start() if following else None]
        end = _HISTORY_END.search(part)
        edition = head["edition"]
        found.append(History(part[: end.start() if end else len(part)].rstrip(), edition and edition.strip()))
    return found
