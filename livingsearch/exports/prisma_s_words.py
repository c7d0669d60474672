"""Sentences and forms of words that several items share."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from livingsearch.exports.prisma_s_document import Block, Item, Paragraph


def minute(instant: datetime) -> str:
    """`2025-08-15 06:00 UTC`."""
    return f"{instant:%Y-%m-%d %H:%M} UTC"


def day(when: date | None) -> str:
    """`2025-08-15`; `not searched` where there is none."""
    return when.isoformat() if when else "not searched"


def number(count: int | None) -> str:
    """`2,141`; `not noted` where nobody knows."""
    return "not noted" if count is None else f"{count:,}"


def listed(words: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def numbered(what: str, numbers: Iterable[int]) -> str:
    """`run 3`, `runs 3, 5 and 8`."""
    given = [str(one) for one in numbers]
    return f"{what}{'' if len(given) == 1 else 's'} {listed(given)}"


def say_so(field: str, otherwise: str) -> str:
    """What a person is asked to write into `[search.reporting]`.

    Args:
        field: of that table.
        otherwise: when the fair answer is that it was not done, e.g. `If nothing was browsed`.
    """
    return f'put it into [search.reporting] {field} = "…". {otherwise}, write so.'


def by_person(item: int, title: str, field: str, given: str | None, to_do: str, known: Sequence[Block]) -> Item:
    """An item that a person fills in `[search.reporting]`.

    Args:
        item: its number.
        title: its short name.
        field: of that table.
        given: what stands there; None where nothing does.
        to_do: what to write where, if nothing does.
        known: what the program can add.
    """
    where = f"review.toml, [search.reporting] {field}"
    if given is None:
        return Item(item, title, "missing", where, to_do, tuple(known))
    status, filled = ("both", f"{where}; automatic") if known else ("person", where)
    return Item(item, title, "both" if status == "both" else "person", filled, None, (Paragraph(given), *known))
