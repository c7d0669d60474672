"""Other forms of English words: plural and singular, British and American, joined and not.

Rules first, tables for what no rule gets right (`livingsearch/strategy/word_lists/`). Only words whose other form
is surely a word are given one; of all others nothing is said.
"""

import re
from functools import cache

from livingsearch.strategy.word_lists import table

_ENDING = re.compile(r"([a-z]{4,60})i([sz])(e|ed|es|ing|er|ers|ation|ations|ational|able)")
_SIBILANT = ("s", "x", "z", "ch", "sh")
_VOWELS = "aeiou"


def regular_plural(word: str) -> str:
    """The plural of a noun by rule: `studies`, `syndromes`, `abscesses`."""
    if word.endswith(_SIBILANT):
        return word + "es"
    if word.endswith("y") and word[-2:-1] not in _VOWELS:
        return word[:-1] + "ies"
    return word + "s"


@cache
def _plurals() -> dict[str, str]:
    nouns = table("nouns")
    plurals = {word: regular_plural(word) for word in nouns["regular"]}
    plurals.update(nouns["irregular"])
    return plurals


@cache
def _singulars() -> dict[str, str]:
    return {plural: singular for singular, plural in _plurals().items()}


def plural(word: str) -> str | None:
    """The plural of a noun.

    Args:
        word: in lower case.

    Returns:
        None where the word is not known to be a noun in the singular that is used in the plural as well.
    """
    return _plurals().get(word)


def singular(word: str) -> str | None:
    """The singular of a noun in the plural; None as for `plural`."""
    return _singulars().get(word)


@cache
def _pairs(name: str) -> tuple[tuple[str, str], ...]:
    return tuple((british, american) for british, american in table("spellings")[name])


@cache
def _both_ways(name: str) -> dict[str, str]:
    return {one: other for pair in _pairs(name) for one, other in (pair, pair[::-1])}


@cache
def _anywhere(name: str) -> re.Pattern[str]:
    """What tells, in one pass, whether a word has any of a table's letters; the longer (British) form first."""
    forms = sorted({form for pair in _pairs(name) for form in pair}, key=len, reverse=True)
    return re.compile("|".join(forms))


@cache
def _exceptions(letter: str) -> frozenset[str]:
    return frozenset(table("spellings")[f"always_{letter}"])


def spelling(word: str, *, truncated: bool = False) -> str | None:
    """How a word is spelt on the other side of the Atlantic.

    Args:
        word: in lower case, without wildcards.
        truncated: whether any ending may follow it.

    Returns:
        The other spelling, of the stem where it is one; None where there is none or none is known.
    """
    if (known := _both_ways("words").get(word)) is not None:
        return known
    if truncated and (known := _both_ways("stems").get(word)) is not None and not _is_prefix(known, word):
        return known
    found = _anywhere("starts").match(word)
    if found is not None:
        return _both_ways("starts")[found[0]] + word[found.end() :]
    found = _anywhere("anywhere").search(word)
    if found is not None:
        return word[: found.start()] + _both_ways("anywhere")[found[0]] + word[found.end() :]
    ending = _ENDING.fullmatch(word)
    if ending is None or ending[1].endswith("w") or ending[1] in _exceptions(ending[2]):
        return None
    return f"{ending[1]}i{'z' if ending[2] == 's' else 's'}{ending[3]}"


def _is_prefix(longer: str, shorter: str) -> bool:
    """Whether a truncated `shorter` finds `longer` anyway."""
    return longer.startswith(shorter)


@cache
def _closed() -> dict[tuple[str, str], str]:
    pairs = {}
    for closed, apart in _pairs("joined"):
        first, second = re.split("[- ]", apart)
        pairs[first, second] = closed
    return pairs


@cache
def _apart() -> dict[str, str]:
    return dict(_pairs("joined"))


def closed(first: str, second: str) -> str | None:
    """Two words written as one: `e`, `health` → `ehealth`; None where nobody does."""
    known = _closed().get((first, second))
    if known is None and first in table("spellings")["beginnings"] and len(second) >= 4 and second.isalpha():
        return first + second
    return known


def apart(word: str) -> str | None:
    """A joined word as others write it, with its hyphen or space: `ehealth` → `e-health`; None where nobody does."""
    return _apart().get(word)
