"""What PubMed can look for of a word with wildcards.

Its one wildcard is `*`, for any number of characters. Since June 2024 it may stand within words and phrases, more than
once (NLM Tech Bull. 2024 May-Jun;(458):e5); at least four characters of the term must stand before the first one, else
PubMed drops it without a word. Within proximity it has none. What has no twin is written out.
"""

import itertools
from dataclasses import dataclass

from livingsearch.strategy.loss import LossKind
from livingsearch.strategy.pubmed.terms import STOP_WORDS
from livingsearch.strategy.spelling import spelled
from livingsearch.strategy.tree import ANY_ENDING, Wild, Word

LEAST_BEFORE = 4
"""Characters of a term that must stand before its first `*`."""
MOST_WILDCARDS = 256
"""A search with more of them is refused; observed, and said by NLM in June 2024, but not in the User Guide."""
MOST_ALTERNATIVES = 60
"""Forms of one term that are written side by side at most."""
_MOST_PARTS = 20
"""Letters and wildcards in turn that a word is looked at for; no word that a person wrote has more."""

Note = tuple[LossKind, str]
_OPTIONAL, _ONE, _TWO = Wild(0, 1), Wild(1, 1), Wild(2, 2)

_LIMITED: Note = (
    "widened",
    "PubMed has no wildcard for a limited number of characters: * stands in its place and takes any number",
)
_SPELLED: Note = (
    "narrowed",
    "PubMed has no wildcard for a single character: the spellings that make sense were written out; see that none is "
    "missing",
)
_EVERY_LETTER: Note = (
    "narrowed",
    "PubMed has no wildcard for a single character: every letter from a to z was written out; leave out the forms that "
    "are no words, since PubMed reports each word that it does not know",
)
_OPENED: Note = (
    "widened",
    "PubMed has no wildcard for a single character: * stands in its place and takes any number",
)
_SHORT: Note = (
    "narrowed",
    "PubMed needs four characters before *: the word and its plural were written out; add the other endings that are "
    "meant",
)
_HISSING = ("s", "x", "z", "ch", "sh")


@dataclass(frozen=True, slots=True)
class Forms:
    """What to look for instead of some words side by side.

    Args:
        alternatives: each with as many words as there were, without wildcards but for `*`.
        notes: what that changes; none where it finds the same.
    """

    alternatives: tuple[tuple[Word, ...], ...]
    notes: tuple[Note, ...] = ()


def plural(word: str) -> str:
    """The regular plural of an English word; the word itself where it ends in s already."""
    if word.endswith("s"):
        return word
    if word.endswith("y") and len(word) > 1 and word[-2] not in "aeiou":
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(_HISSING) else "s")


def forms_of(words: tuple[Word, ...], *, proximity: bool = False) -> Forms | None:
    """What PubMed can look for of words side by side.

    Args:
        words: one word, or those of a phrase or of a proximity search, with any wildcards.
        proximity: whether they stand in a proximity search, which takes no `*`.

    Returns:
        The forms; None where none can be given, or there are more than MOST_ALTERNATIVES. A truncated word has none
        in proximity: its stem may be no word (`random$ adj2 allocat$`), so that spelling endings out finds nothing.
    """
    if proximity and any(_open_ended(word) for word in words):
        return None
    choices: list[tuple[Word, ...]] = []
    notes: dict[Note, None] = {}
    before, starred, number = 0, False, 1
    for word in words:
        if word.plain:
            choices.append((word,))
            before += len(word.text)
            continue
        found = _without_short(word, before, starred, proximity, notes)
        if not found:
            return None
        choices.append(found)
        number *= len(found)
        if number > MOST_ALTERNATIVES:
            return None
        starred = starred or all(not form.plain for form in found)
        before += min(len(form.text) for form in found)
    return Forms(tuple(itertools.product(*choices)), tuple(notes))


def without_stop_words(alternatives: tuple[tuple[Word, ...], ...]) -> tuple[tuple[Word, ...], ...]:
    """Forms without those that are a stop word alone, which find nothing; all of them where there are no others."""
    kept = tuple(
        [form for form in alternatives if not (len(form) == 1 and form[0].plain and form[0].text.lower() in STOP_WORDS)]
    )
    return kept or alternatives


def letters_before_wildcard(words: tuple[Word, ...]) -> int | None:
    """How many characters of a term stand before its first wildcard; None where it has none."""
    before = 0
    for word in words:
        for part in word.parts:
            if isinstance(part, Wild):
                return before
            before += len(part)
    return None


def _without_short(
    word: Word, before: int, starred: bool, proximity: bool, notes: dict[Note, None]
) -> tuple[Word, ...] | None:
    """Forms of one word behind `before` characters of its term; `starred` if a `*` stands there already."""
    if len(word.parts) > _MOST_PARTS:
        return None
    choices: list[tuple[str | Wild, ...]] = []
    number, letters = 1, before
    for at, part in enumerate(word.parts):
        if isinstance(part, str):
            choices.append((part,))
            letters += len(part)
            continue
        may_star = not proximity and (starred or letters >= LEAST_BEFORE)
        found = _instead_of(word, at, may_star, notes)
        if found is None:
            return None
        choices.append(found)
        number *= len(found)
        if number > MOST_ALTERNATIVES:
            return None
    out: list[Word] = []
    for parts in itertools.product(*choices):
        form = Word(_merged(parts), word.place)
        if form.plain or (not proximity and (starred or before + _first_wild(form) >= LEAST_BEFORE)):
            out.append(form)
            continue
        endings = _endings(form)
        if endings is None:
            return None
        notes[_SPELLED if len(form.parts) > 2 else _SHORT] = None
        out.extend(endings)
    return tuple(dict.fromkeys(out))


def _instead_of(word: Word, at: int, may_star: bool, notes: dict[Note, None]) -> tuple[str | Wild, ...] | None:
    """What stands in the place of one wildcard of a word: letters, or `*`; None where nothing can."""
    wild = word.parts[at]
    if wild == ANY_ENDING:
        return (ANY_ENDING,)
    if wild not in (_OPTIONAL, _ONE, _TWO):
        notes[_LIMITED] = None
        return (ANY_ENDING,)
    front = "".join([part for part in word.parts[:at] if isinstance(part, str)])
    behind = "".join([part for part in word.parts[at + 1 :] if isinstance(part, str)])
    alone = tuple([part for part in (front, wild, behind) if part])
    if word.truncated:
        alone += (ANY_ENDING,)
    found = spelled(Word(alone)) if front or behind else None
    if word.truncated and behind and (found is None or found.complete):
        # Known spellings of the word itself say more than all letters: woman* and women* for wom#n$.
        known = spelled(Word(alone[:-1]))
        found = known if known is not None and not known.complete else found
    if (found is None or found.complete) and may_star:
        notes[_OPENED] = None
        return (ANY_ENDING,)
    if found is None:
        return None
    notes[_EVERY_LETTER if found.complete else _SPELLED] = None
    return tuple([form.text[len(front) : len(form.text) - len(behind)] for form in found.forms])


def _merged(parts: tuple[str | Wild, ...]) -> tuple[str | Wild, ...]:
    """Texts beside each other as one, and `*` beside `*` as well."""
    out: list[str | Wild] = []
    for part in parts:
        last = out[-1] if out else None
        if isinstance(part, str) and isinstance(last, str):
            out[-1] = last + part
        elif part and part != last:
            out.append(part)
    return tuple(out)


def _endings(word: Word) -> tuple[Word, ...] | None:
    """A word and its plural instead of any ending, or known spellings instead of `*` in its midst."""
    if len(word.parts) == 2 and word.truncated:
        stem = word.text
        return tuple(Word((text,), word.place) for text in dict.fromkeys((stem, plural(stem))))
    inner = word.parts[:-1] if word.truncated else word.parts
    for single in (_OPTIONAL, _ONE):
        tried = tuple(single if isinstance(part, Wild) else part for part in inner)
        found = spelled(Word(tried, word.place))
        if found is not None and not found.complete and not word.truncated:
            return found.forms
    return None


def _open_ended(word: Word) -> bool:
    """Whether a wildcard stands for any or several characters, or for one at the word's end."""
    wild = [part for part in word.parts if isinstance(part, Wild)]
    return word.parts[-1] in (_OPTIONAL, _ONE) or any(part not in (_OPTIONAL, _ONE, _TWO) for part in wild)


def _first_wild(word: Word) -> int:
    """How many letters stand before a word's first wildcard; all of them where it has none."""
    before = letters_before_wildcard((word,))
    return len(word.text) if before is None else before
