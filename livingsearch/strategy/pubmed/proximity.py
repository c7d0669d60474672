"""Proximity in PubMed: plain words in quotation marks, in any order, `"hip pain"[tiab:~2]`.

The number is how many words may stand between; what it counts for three words or more is not documented. There is no
order, no wildcard and no list within (PubMed User Guide, "Proximity search").
"""

import itertools
from dataclasses import dataclass

from livingsearch.strategy.loss import LossKind
from livingsearch.strategy.pubmed.forms import MOST_ALTERNATIVES, forms_of
from livingsearch.strategy.pubmed.terms import text_words
from livingsearch.strategy.tree import Near, Node, Or, Phrase, Scoped, Word

Note = tuple[LossKind, str]
_FREE_TEXT = frozenset({"title", "abstract", "author_keywords"})
_BROADER = frozenset({"text_word", "all", "keywords", "heading_word"})

_ORDER: Note = ("widened", "PubMed's proximity takes words in any order")
_SEVERAL: Note = (
    "changed",
    "PubMed does not say what it counts between three words or more: compare what it finds with and without",
)
_LOOSE: Note = (
    "changed",
    "PubMed has no phrases within proximity: their words need not stand side by side, and count towards the distance",
)
_NESTED: Note = ("changed", "PubMed has no proximity within proximity: the largest distance was taken for all words")
_CUT: Note = (
    "changed",
    "PubMed makes spaces of some characters of these words: what they join was looked for as words of their own",
)
_TIAB: Note = (
    "widened",
    "PubMed has proximity in [tiab], [ti] and [ad] only: [tiab] looks in titles, abstracts and author keywords",
)
_TIAB_ONLY: Note = (
    "narrowed",
    "PubMed has proximity in [tiab], [ti] and [ad] only: titles, abstracts and author keywords are searched, subject "
    "headings and other fields are not",
)


@dataclass(frozen=True, slots=True)
class Spread:
    """Proximity as a list of plain words each.

    Args:
        rows: each the words of one proximity search; any of them.
        between: how many words may stand between.
        notes: what that changes.
    """

    rows: tuple[tuple[Word, ...], ...]
    between: int
    notes: tuple[Note, ...]


def proximity_tag(fields: tuple[str, ...]) -> tuple[str | None, Note | None]:
    """Where PubMed can look for proximity instead of these fields, and what that changes; no tag where nowhere."""
    wanted = set(fields)
    if wanted == {"title"}:
        return "ti", None
    if wanted == {"affiliation"}:
        return "ad", None
    if wanted == _FREE_TEXT:
        return "tiab", None
    if wanted <= _FREE_TEXT:
        return "tiab", _TIAB
    if wanted <= _FREE_TEXT | _BROADER:
        return "tiab", _TIAB_ONLY
    return None, None


def spread(near: Near) -> Spread | None:
    """Multiplies a proximity search out.

    Args:
        near: its operands may be words with wildcards, phrases, lists of such, and proximity again.

    Returns:
        The rows; None where an operand holds what proximity cannot, truncation included, or there are more than
        MOST_ALTERNATIVES.
    """
    notes: dict[Note, None] = {}
    if near.ordered:
        notes[_ORDER] = None
    distances = [near.between]
    choices = [_choices(operand, notes, distances) for operand in near.operands]
    number = 1
    for choice in choices:
        number *= len(choice)
        if not 0 < number <= MOST_ALTERNATIVES:
            return None
    rows = [tuple(itertools.chain.from_iterable(row)) for row in itertools.product(*choices)]
    if any(len(row) > len(near.operands) for row in rows) or len(near.operands) > 2:
        notes[_SEVERAL] = None
    return Spread(tuple(dict.fromkeys(rows)), max(distances), tuple(notes))


def _choices(operand: Node, notes: dict[Note, None], distances: list[int]) -> list[tuple[Word, ...]]:
    """The words that may stand for one operand; none where proximity cannot take it."""
    match operand:
        case Scoped(node=inner):
            return _choices(inner, notes, distances)
        case Word() | Phrase():
            words = (operand,) if isinstance(operand, Word) else operand.words
            forms = forms_of(words, proximity=True)
            if forms is None:
                return []
            notes.update(dict.fromkeys(forms.notes))
            if len(words) > 1:
                notes[_LOOSE] = None
            return [row for form in forms.alternatives if (row := _cut(form, notes))]
        case Or(operands=operands):
            found = [_choices(inner, notes, distances) for inner in operands]
            return [row for rows in found for row in rows] if all(found) else []
        case Near(operands=operands, between=between):
            notes[_NESTED] = None
            distances.append(between)
            found = [_choices(inner, notes, distances) for inner in operands]
            if any(not rows or len(rows) > MOST_ALTERNATIVES for rows in found):
                return []
            product = itertools.islice(itertools.product(*found), MOST_ALTERNATIVES + 1)
            return [tuple(itertools.chain.from_iterable(row)) for row in product]
        case _:
            return []


def _cut(words: tuple[Word, ...], notes: dict[Note, None]) -> tuple[Word, ...]:
    out: list[Word] = []
    for word in words:
        texts = text_words([word.text.replace("*", " ")])
        if texts != [word.text]:
            notes[_CUT] = None
        out += [Word((text,), word.place) for text in texts]
    return tuple(out)
