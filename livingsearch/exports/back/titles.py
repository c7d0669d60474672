"""Titles, authors and years held against each other, for references that have lost every identifier."""

import re
import unicodedata
from collections.abc import Iterable

from livingsearch.exports.report import NO_TITLE

_INITIALS = re.compile(r"(?:[\s,]+(?:[A-Z]\.?-?){1,4})+\s*\Z")

_LONGEST = 1_000
"""Letters of a title or name that are looked at: comparing takes time that grows with the square of the length."""

_KINDS = frozenset(
    "erratum errata corrigendum correction corrected retraction retracted withdrawn withdrawal reply response "
    "comment comments commentary letter editorial protocol preprint abstract".split()
)
"""Words that make another document of the same title."""

_ROMAN = frozenset("i ii iii iv v vi vii viii ix x".split())


def normal_title(title: str | None) -> str:
    """A title as words of small letters and digits without accents; empty where there is none.

    Args:
        title: as read, or what stands where a report has no title.
    """
    text = _normal(title)
    return "" if text == _normal(NO_TITLE) else text


def may_be_same(one: str, other: str) -> bool:
    """Whether nothing in two normal titles says that they name two documents.

    Args:
        one: a normal title.
        other: likewise.

    Returns:
        False where numbers, numerals (Part I, Part II) or words such as "erratum", "reply", "protocol" stand in
        one of them only.
    """
    return _telling(one) == _telling(other)


def years_apart(one: int | None, other: int | None) -> int | None:
    """How far two years lie apart: online and in print differ by one. None where one is missing."""
    return None if one is None or other is None else abs(one - other)


def same_first_author(one: Iterable[str], other: Iterable[str]) -> bool | None:
    """Whether the first authors share a part of the family name. None where one is missing."""
    first, second = _family(one), _family(other)
    return None if not first or not second else bool(first & second)


def _normal(text: str | None) -> str:
    decomposed = unicodedata.normalize("NFKD", (text or "")[:_LONGEST].casefold())
    kept = (c if c.isalnum() else " " for c in decomposed if not unicodedata.combining(c))
    return " ".join("".join(kept).split())


def _telling(title: str) -> list[str]:
    words = title.split()
    return sorted(w for w in words if w in _KINDS or w in _ROMAN or any(c.isdigit() for c in w))


def _family(authors: Iterable[str]) -> frozenset[str]:
    first = next(iter(authors), "")[:_LONGEST]
    family = first.partition(",")[0] if "," in first else _INITIALS.sub("", first)
    return frozenset(word for word in _normal(family).split() if len(word) > 1)
