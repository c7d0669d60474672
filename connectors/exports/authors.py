"""Names of authors as sources write them, to `Family, Given`."""

import re
from collections.abc import Iterable

_INITIALS = r"(?:[^\W\d_]\.[ -]?){1,5}"
_DOTTED_LAST = re.compile(rf"([^,.;]{{2,80}}?) ({_INITIALS})")
_DOTTED_FIRST = re.compile(rf"({_INITIALS})\s?([^,.;]{{2,80}})")
_BARE_LAST = re.compile(r"([^,.;]{2,80}?) ([A-Z](?:[ -]?[A-Z]){0,3})")
_ONLY_INITIALS = re.compile(r"(?:[^\W\d_]\.?[ -]?){1,4}")
_AND = re.compile(r"\s+(?:and|&)\s+", re.IGNORECASE)
_LEADING_AND = re.compile(r"^(?:and|&)\s+", re.IGNORECASE)
_GROUP_WORDS = re.compile(
    r"\b(?:group|study|team|consortium|committee|network|society|association|organi[sz]ation|institute"
    r"|university|college|collaboration|collaborators|investigators|trial|program(?:me)?|department"
    r"|ministry|agency|council|federation|foundation|centre|center|panel|board|task force|union|office)\b",
    re.IGNORECASE,
)
_NOBODY = frozenset(
    {
        "anonymous",
        "anon",
        "no authorship indicated",
        "et al",
        "et al.",
        "no author",
        "[no author name available]",
        "[anonymous]",
    }
)
_LONGEST_LIST = 20_000


def names_of(values: Iterable[str]) -> tuple[str, ...]:
    """Authors in canonical form, in order.

    Args:
        values: the source's author fields, one-line text. One may hold a whole list.

    Returns:
        `Family, Given` for people whose parts can be told apart, every other name (a group's above all) as
        it came. Placeholders such as “Anonymous” are left out.
    """
    names = (canonical_name(part) for value in values for part in _parts(value))
    return tuple(name for name in names if name and name.lower() not in _NOBODY)


def canonical_name(name: str) -> str:
    """One name as `Family, Given`.

    Args:
        name: `Barr K.R.`, `K. R. Barr`, `Barr KR`, `Barr, Karen R.` or a group's name.

    Returns:
        `Barr, K.R.`; the name as it came where its parts cannot be told apart.
    """
    name = name.strip().strip(";").strip()
    if "," in name:
        family, _, given = name.partition(",")
        return f"{family.strip()}, {given.strip()}" if given.strip() else family.strip()
    if _GROUP_WORDS.search(name):
        return name
    found = _DOTTED_LAST.fullmatch(name)
    if found:
        return f"{found[1].strip()}, {found[2].strip()}"
    found = _DOTTED_FIRST.fullmatch(name)
    if found:
        return f"{found[2].strip()}, {found[1].strip()}"
    found = _BARE_LAST.fullmatch(name)
    if found and _is_family(found[1]):
        return f"{found[1].strip()}, {found[2]}"
    return name


def is_group(name: str) -> bool:
    """Whether a name holds a word that only names of groups have: `Study Group`, `Ministry`."""
    return _GROUP_WORDS.search(name) is not None


def _is_family(text: str) -> bool:
    return len(text.split()) <= 4 and any(c.islower() for c in text)


def _parts(value: str) -> list[str]:
    """A field's names; more than one only where that cannot be read otherwise."""
    if len(value) > _LONGEST_LIST:
        return [value]
    if ";" in value:
        return [part for part in (part.strip() for part in value.split(";")) if part]
    pieces = [part for part in (part.strip() for part in value.split(",")) if part]
    if 1 < len(pieces) < 4 and " " not in pieces[0]:
        return [value]
    if _GROUP_WORDS.search(value):
        return [value]
    if len(pieces) > 1:
        listed = [name for piece in pieces for name in _AND.split(piece)]
        listed = [_LEADING_AND.sub("", name) for name in listed]
        if all(_family_and_initials(name) for name in listed):
            return listed
        # `Smith, J., Jones, K. L.`: family names and initials by turns.
        pieces = [_LEADING_AND.sub("", piece) for piece in pieces]
        families, givens = pieces[::2], pieces[1::2]
        if len(pieces) >= 4 and len(families) == len(givens):
            told_apart = all(_ONLY_INITIALS.fullmatch(given) for given in givens)
            if told_apart and not any(_ONLY_INITIALS.fullmatch(family) for family in families):
                return [f"{family}, {given}" for family, given in zip(families, givens, strict=True)]
        return [value]
    both = _AND.split(value)
    if len(both) > 1 and all(_family_and_initials(name) for name in both):
        return both
    return [value]


def _family_and_initials(name: str) -> bool:
    if _DOTTED_LAST.fullmatch(name):
        return True
    found = _BARE_LAST.fullmatch(name)
    return found is not None and _is_family(found[1])
