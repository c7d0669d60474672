"""The words that a wildcard stands for, for platforms that have no such wildcard.

A single open letter is nearly always there for two spellings of one word (`behavio?r`, `randomi#ed`, `wom#n`).
Where its neighbours show which, those spellings are given; else every letter from a to z is.
"""

import itertools
import re
import string
from dataclasses import dataclass

from livingsearch.strategy.tree import Wild, Word

MOST_FORMS = 120
_OPTIONAL, _ONE = Wild(0, 1), Wild(1, 1)

# Letters before and behind an open place → letters that may stand there. The first that fits holds; `$` is the
# word's end. Sources: the usual British and American pairs.
_MAYBE: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"o_r"), "u"),
    (re.compile(r"(?:^|^f|diarrh|^c|^am|^hom|pn|rrh|^man)_e"), "o"),
    (re.compile(r"[a-z]_e(?!d|r|s|$)"), "a"),
    (re.compile(r"l_[a-z]"), "l"),
    (re.compile(r"[^m]m_"), "m"),
    (re.compile(r"g_[im]"), "e"),
    (re.compile(r"_$"), "s"),
)
_EXACTLY: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"practi_e"), "cs"),
    (re.compile(r"[iy]_[eai]"), "sz"),
    (re.compile(r"m_n"), "ae"),
    (re.compile(r"n_e"), "cs"),
    (re.compile(r"gr_y"), "ae"),
    (re.compile(r"_$"), "s"),
)


@dataclass(frozen=True, slots=True)
class Spelled:
    """The forms of a word.

    Args:
        forms: words without wildcards but for a truncation at the end, in the order of the alphabet's choices.
        complete: whether the forms are all that the wildcard takes (letters a to z; digits are not looked at);
            else they are those that make sense.
    """

    forms: tuple[Word, ...]
    complete: bool


def spelled(word: Word) -> Spelled | None:
    """Write a word's single-character wildcards out.

    Args:
        word: any; wildcards for any number of characters at its end stay.

    Returns:
        Its forms; None where a wildcard within it takes more than one character, or there are more than
        MOST_FORMS forms.
    """
    body, ending = (word.parts[:-1], word.parts[-1:]) if word.truncated else (word.parts, ())
    if any(isinstance(part, Wild) and part not in (_OPTIONAL, _ONE) for part in body):
        return None
    choices: list[tuple[str, ...]] = []
    complete, number = True, 1
    for at, part in enumerate(body):
        if isinstance(part, str):
            choices.append((part,))
            continue
        letters, certain = _letters(body, at, open_ended=bool(ending))
        complete = complete and not certain
        choices.append((("",) if part == _OPTIONAL else ()) + tuple(letters))
        number *= len(choices[-1])
        if number > MOST_FORMS:
            return None
    texts = dict.fromkeys("".join(form) for form in itertools.product(*choices))
    return Spelled(tuple(Word((text, *ending), word.place) for text in texts), complete)


def _letters(parts: tuple[str | Wild, ...], at: int, *, open_ended: bool) -> tuple[str, bool]:
    """Letters for an open place, and whether the neighbours showed them."""
    before = "".join(part for part in parts[:at] if isinstance(part, str)).lower()
    behind = "".join(part for part in parts[at + 1 :] if isinstance(part, str)).lower()
    context = f"{before}_{behind}" + ("*" if open_ended else "")
    for pattern, letters in _MAYBE if parts[at] == _OPTIONAL else _EXACTLY:
        if pattern.search(context):
            return letters, True
    return string.ascii_lowercase, False
