"""Words with Ovid's wildcards, read and written.

Ovid's help: `$` and `*` stand for any number of characters, with a number behind them for at most so many; `:` does
at the end of a word; `#` is exactly one character, `?` one or none. None of them may be the first character.
"""

import re

from livingsearch.strategy.ovid.characters import usual
from livingsearch.strategy.tree import ANY_ENDING, Phrase, Place, Wild, Word

RESERVED = frozenset({"and", "or", "not", "adj", "exp", "explode", "freq"})
"""Words that Ovid takes for something else unless they stand in quotation marks."""
ADJACENT = re.compile(r"adj([0-9]*)", re.IGNORECASE)
_WILDCARD = re.compile(r"[$*]([0-9]{0,2})|([#?])|:$")
_OPEN = re.compile(r"[$*#?]|:$")
_BARE = re.compile(r"[^\W_](?:[\w&+%-]|'(?=\w)|[$#?])*")
_COLONS = re.compile(r":+(?=\s|\Z)")
_GAP = re.compile(r"\s+(?=[$#?])")
_NOT_LETTERS = re.compile(r'["$*#?\s]+')
_MOST_COUNTED = 99


def word_of(text: str, place: Place) -> Word | None:
    """Reads one word.

    Args:
        text: without spaces; wildcards anywhere.
        place: in the search's text.

    Returns:
        None where nothing but wildcards is there.
    """
    if not _OPEN.search(text):
        return Word((text,), place) if text else None
    parts: list[str | Wild] = []
    at = 0
    for match in _WILDCARD.finditer(text):
        _add(parts, text[at : match.start()])
        at = match.end()
        counted, single = match.groups()
        if single:
            _add(parts, Wild(1, 1) if single == "#" else Wild(0, 1))
        elif not counted or int(counted):
            _add(parts, Wild(0, int(counted) if counted else None))
    _add(parts, text[at:])
    return Word(tuple(parts), place) if any(isinstance(part, str) for part in parts) else None


def _add(parts: list[str | Wild], part: str | Wild) -> None:
    """Adds a part; two of a kind side by side become one (`##` is two characters)."""
    last = parts[-1] if parts else None
    if part == "":
        return
    if isinstance(part, str) and isinstance(last, str):
        parts[-1] = last + part
    elif isinstance(part, Wild) and isinstance(last, Wild):
        most = None if part.most is None or last.most is None else part.most + last.most
        parts[-1] = Wild(part.least + last.least, most)
    else:
        parts.append(part)


class Unwritable(Exception):
    """A word that Ovid has no way to write; the message says what it would have to be, for a person."""


def word_text(word: Word) -> tuple[str, tuple[str, ...]]:
    """Writes one word, without quotation marks.

    Returns:
        Its text, and what was changed: `letters` (characters with another use were left out), `widened` (an open
        place could not be limited as it was).

    Raises:
        Unwritable: an open place at the beginning, or no letter at all.
    """
    letters = word.parts[0]
    if isinstance(letters, str) and letters.isascii() and letters.isalnum():
        if len(word.parts) == 1:
            return letters, ()
        if word.parts[1:] == (ANY_ENDING,):
            return letters + "$", ()
    parts: list[str | Wild] = []
    changed: list[str] = []
    for part in word.parts:
        kept = part
        if isinstance(part, str):
            plain = usual(part)
            kept = _NOT_LETTERS.sub(" ", plain)
            if kept != plain:
                changed.append("letters")
        _add(parts, kept)
    if not any(isinstance(part, str) and part.strip() for part in parts):
        raise Unwritable("a word with at least one letter")
    if isinstance(parts[0], Wild):
        shown = "".join(part if isinstance(part, str) else "…" for part in parts)
        raise Unwritable(f"words that end like “{shown}”, written out one by one")
    out: list[str] = []
    for at, part in enumerate(parts):
        if isinstance(part, str):
            out.append(part)
            continue
        behind = parts[at + 1] if at + 1 < len(parts) else ""
        text, exact = _wildcard(part, str(behind))
        out.append(text)
        if not exact:
            changed.append("widened")
            break
    joined = _GAP.sub("", "".join(out).strip())
    text = _COLONS.sub("", joined).strip()
    if text != joined:
        changed.append("letters")
    if not text.strip("$#? 0123456789") and not text[:1].isdecimal():
        raise Unwritable("a word with at least one letter")
    return text, tuple(changed)


def _wildcard(wild: Wild, behind: str) -> tuple[str, bool]:
    """A wildcard as text, and whether it is exact; where not, what stands behind it has to be left out."""
    ones = "#" * min(wild.least, _MOST_COUNTED)
    digit = behind[:1].isdecimal()
    if wild.most is None:
        return ones + "$", not digit
    more = wild.most - wild.least
    if more > _MOST_COUNTED or wild.least > _MOST_COUNTED:
        return ones + "$", False
    if more == 0:
        return ones, True
    if digit or (more == 1 and behind):
        return ones + "?" * more, True
    return f"{ones}${more}", True


def bare(text: str) -> bool:
    """Whether a written word can stand without quotation marks."""
    return (
        _BARE.fullmatch(text) is not None
        and not text.isdecimal()
        and text.casefold() not in RESERVED
        and not ADJACENT.fullmatch(text)
    )


def words_of(leaf: Word | Phrase) -> tuple[Word, ...]:
    """The words of a word or phrase."""
    return leaf.words if isinstance(leaf, Phrase) else (leaf,)
