"""Words and wildcards made ready for the platforms that are only written: Embase.com, Web of Science, Scopus, Cochrane.

What a word holds that such a platform would read as its own sign is taken out, and a wildcard that it does not have
is put into what it has.
"""

import itertools
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass

from livingsearch.strategy.loss import LossKind
from livingsearch.strategy.spelling import spelled
from livingsearch.strategy.tree import ANY_ENDING, And, Heading, Near, Node, Not, Or, Phrase, Wild, Word

ANY, OPTIONAL, ONE = ANY_ENDING, Wild(0, 1), Wild(1, 1)
MOST_SPELLINGS = 8
"""Spellings of one word that a person still reads; beyond, a wider wildcard stands for them."""
MOST_PHRASES = 12
_MOST_ONES = 12
_APOSTROPHES = frozenset("'’‘")
# Signs that one of the platforms reads as a wildcard, a quotation mark or a brace, even within quotation marks.
_TAKEN_OUT = dict.fromkeys(map(ord, '"“”„«»*?${}'), " ") | dict.fromkeys(map(ord, "‘’`´"), "'")


@dataclass(frozen=True, slots=True)
class Change:
    """What was done to a term: kind and sentence of its loss, and the part as `before → after`."""

    kind: LossKind
    sentence: str
    example: str


def words_of(words: Iterable[Word]) -> tuple[Word, ...]:
    """The words without signs that a platform would take for its own.

    Args:
        words: of a term.

    Returns:
        Words with at least one printable sign each; fewer or more than given where signs were taken out. Apostrophes
        are straight and stand within words only.
    """
    ready: list[Word] = []
    for word in words:
        if all(isinstance(part, Wild) or part.isalnum() for part in word.parts):
            ready.append(word)
        else:
            ready.extend(_cut(word))
    return tuple(ready)


def _cut(word: Word) -> list[Word]:
    """The words that are left of one when its taken-out signs are spaces."""
    found: list[list[str | Wild]] = [[]]
    for at, part in enumerate(word.parts):
        if isinstance(part, Wild):
            found[-1].append(part)
            continue
        text = part.translate(_TAKEN_OUT)
        if not text.isprintable():
            text = "".join(c if c.isprintable() else " " for c in text)
        # A wildcard belongs to the letters that it stood with, whatever sign was taken out between them.
        text = text.lstrip(" '") if at else text
        text = text.rstrip(" '") if at + 1 < len(word.parts) else text
        first, *others = text.split(" ")
        found[-1].append(first)
        found.extend([other] for other in others)
    words = []
    for parts in found:
        if parts and isinstance(parts[0], str):
            parts[0] = parts[0].lstrip("'")
        if parts and isinstance(parts[-1], str):
            parts[-1] = parts[-1].rstrip("'")
        kept = tuple(part for part in parts if part != "")
        text = "".join(part for part in kept if isinstance(part, str))
        if text and (len(kept) == 1 or any(c.isalnum() for c in text)):
            words.append(Word(kept, word.place))
    return words


def cut_at_signs(words: Iterable[Word]) -> tuple[Word, ...]:
    """Words cut at all that is neither letter, digit nor apostrophe, as for words that cannot be quoted."""
    ready: list[Word] = []
    for word in words:
        parts = tuple(
            part if isinstance(part, Wild) else "".join(c if c.isalnum() or c == "'" else " " for c in part)
            for part in word.parts
        )
        ready.extend(words_of((Word(parts, word.place),)))
    return tuple(ready)


def shown(node: Node) -> str:
    """A term as a loss or a slot names it: its letters, `*` for any ending, `?` and `#` for open letters."""
    match node:
        case Word():
            words: tuple[Word, ...] = (node,)
        case Phrase():
            words = node.words
        case Heading():
            return plain(node.text)
        case Near() | And() | Or():
            return " … ".join([shown(operand) for operand in node.operands])
        case Not():
            return f"{shown(node.left)} not {shown(node.right)}"
        case _:
            return "…"
    names = {ANY: "*", OPTIONAL: "?", ONE: "#"}
    text = " ".join(
        "".join(names.get(part, f"${part.most or ''}") if isinstance(part, Wild) else part for part in word.parts)
        for word in words
    )
    return plain(text)


def plain(text: str) -> str:
    """Text that may stand in a slot: without brackets, quotation marks and signs that nobody sees.

    Apostrophes stay within words.
    """
    kept = "".join([" " if c in '()[]{}"“”„' or not c.isprintable() else c for c in text])
    if not _APOSTROPHES.isdisjoint(kept):
        around = f" {kept} "
        kept = "".join(
            [
                " " if c in _APOSTROPHES and not (around[at].isalnum() and around[at + 2].isalnum()) else c
                for at, c in enumerate(kept)
            ]
        )
    return " ".join(kept.split())


def spelling_of(word: Word, marks: Mapping[Wild, str]) -> str:
    """A word in a platform's signs; `marks` has each of its wildcards."""
    return "".join(marks[part] if isinstance(part, Wild) else part for part in word.parts)


def forms(words: tuple[Word, ...], marks: Container[Wild], label: str) -> tuple[list[tuple[Word, ...]], list[Change]]:
    """A term in forms whose wildcards a platform has.

    Args:
        words: of the term.
        marks: the wildcards that the platform has there.
        label: the platform, for sentences.

    Returns:
        The forms, any of which is meant, and what was changed on the way.
    """
    changes: list[Change] = []
    choices = [_forms_of(word, marks, label, changes) for word in words]
    number = 1
    for choice in choices:
        number *= len(choice)
    if number > MOST_PHRASES and len(words) > 1:
        changes = [Change("widened", _limited(label), f"{shown(Phrase(words))} → *")]
        choices = [
            choice if len(choice) == 1 else (_widened(word),) for choice, word in zip(choices, words, strict=True)
        ]
    return list(itertools.product(*choices)), changes


def _limited(label: str) -> str:
    return f"{label} has no such wildcard (a limited number of letters): * was written, which leaves any number open"


def _widened(word: Word) -> Word:
    """A word with `*` for each of its wildcards."""
    return Word(_without_repeats([ANY if isinstance(part, Wild) else part for part in word.parts]), word.place)


def _without_repeats(parts: list[str | Wild]) -> tuple[str | Wild, ...]:
    return tuple(part for at, part in enumerate(parts) if not (part == ANY and at and parts[at - 1] == ANY))


def _forms_of(word: Word, marks: Container[Wild], label: str, changes: list[Change]) -> tuple[Word, ...]:
    if all(isinstance(part, str) or part in marks for part in word.parts):
        return (word,)
    parts: list[str | Wild] = []
    wider = False
    for part in word.parts:
        if isinstance(part, str) or part in marks or part in (OPTIONAL, ONE):
            parts.append(part)
        elif part.least == part.most and ONE in marks and part.least <= _MOST_ONES:
            parts.extend([ONE] * part.least)
        else:
            parts.append(ANY)
            wider = True
    tried = Word(_without_repeats(parts), word.place)
    if wider:
        changes.append(Change("widened", _limited(label), f"{shown(word)} → {shown(tried)}"))
    if all(isinstance(part, str) or part in marks for part in tried.parts):
        return (tried,)
    return _spelled_out(tried, marks, label, changes)


def _spelled_out(word: Word, marks: Container[Wild], label: str, changes: list[Change]) -> tuple[Word, ...]:
    """A word whose single open letters have no sign on the platform."""
    found = spelled(word)
    if found is not None and not found.complete and len(found.forms) <= MOST_SPELLINGS:
        changes.append(
            Change(
                "narrowed",
                f"{label} has no wildcard for such an open letter: the usual spellings were written, other letters in "
                "that place are not looked for",
                f"{shown(word)} → {' OR '.join([shown(form) for form in found.forms])}",
            )
        )
        return found.forms
    if ONE in marks and word.parts.count(OPTIONAL) <= 3:
        choices: list[tuple[str | Wild, ...]] = [("", ONE) if part == OPTIONAL else (part,) for part in word.parts]
        return tuple(Word(_joined(choice), word.place) for choice in itertools.product(*choices))
    wide = _widened(word)
    changes.append(Change("widened", _limited(label), f"{shown(word)} → {shown(wide)}"))
    return (wide,)


def _joined(parts: Iterable[str | Wild]) -> tuple[str | Wild, ...]:
    """Parts without empty text, texts side by side made one."""
    joined: list[str | Wild] = []
    for part in parts:
        last = joined[-1] if joined else None
        if isinstance(part, str) and isinstance(last, str):
            joined[-1] = last + part
        elif part != "":
            joined.append(part)
    return tuple(joined)
