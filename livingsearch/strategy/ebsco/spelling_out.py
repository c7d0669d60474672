"""Words, phrases and proximity in the letters of EBSCOhost."""

import re
from dataclasses import dataclass

from livingsearch.strategy.ebsco.characters import NO_LETTERS
from livingsearch.strategy.ebsco.words import EDGES, SHORTEST_BEFORE_HASH
from livingsearch.strategy.lookalikes import APOSTROPHES, HYPHENS
from livingsearch.strategy.loss import LossKind, slot
from livingsearch.strategy.tree import And, Near, Node, Not, Or, Phrase, Wild, Word, walk

# What stands for itself; anything that could be taken for an operator, a field code or a line is quoted.
_BARE = re.compile(r"[^\W_][\w'&#?*-]*")
_TAKEN = re.compile(r"(?i:and|or|not|[nw]\d*|s\d+(?:-s?\d+)?|(?:adj|near|next|pre|within|onear)\d+)|[A-Z]{2}")
_LETTERED = re.compile(rf"[^\s\"()\[\]{{}}*?#{NO_LETTERS}]+")
_PLURAL = re.compile(r"(?:'s|[^suio]s)$", re.IGNORECASE)
_ODD = re.compile(f"[{NO_LETTERS}]")
_PLAIN_MARKS = str.maketrans(dict.fromkeys(APOSTROPHES, "'") | dict.fromkeys(HYPHENS, "-"))

_NO_MARKS = str.maketrans(dict.fromkeys("\"“”„‟«»″＂'‘’()[]{}\0", " "))

LIMITED = "EBSCOhost has no truncation of a limited length: any ending was written"
LIMITED_WITHIN = "EBSCOhost has no wildcard of a limited length within a word: any number of letters was written"
LAST_LETTER = (
    "EBSCOhost takes ? at the end of a word off: # was written, which finds the word without a further letter as well"
)
SHORT = "EBSCOhost takes # off behind fewer than three letters: any ending was written"
LEFT = "EBSCOhost has no wildcard at the beginning of a word: write the words out where the slot stands"
LETTERS = "marks that EBSCOhost takes for wildcards, brackets or punctuation were left out or made plain ones"
NO_WORD = "nothing is left of this word on EBSCOhost: write what is meant where the slot stands"
PLURALS = (
    "EBSCOhost also finds the plural and the possessive of a singular that stands without quotation marks: put the "
    "word in quotation marks where it alone is meant"
)
JOINED = (
    "proximity around AND or NOT is not documented for EBSCOhost: its parts were joined with AND, without proximity"
)


@dataclass(frozen=True, slots=True)
class Spelling:
    """How a term is written.

    Args:
        text: what to paste.
        losses: kind and sentence of each departure.
    """

    text: str
    losses: tuple[tuple[LossKind, str], ...] = ()


def spelled_out(term: Node) -> Spelling:
    """Writes a Word, a Phrase or a Near; the text stands for itself, as N and W bind tighter than AND, OR and NOT."""
    losses: dict[tuple[LossKind, str], None] = {}
    text = _term(term, losses)
    return Spelling(f"({text})" if loses_proximity(term) else text, tuple(losses))


def loses_proximity(term: Node) -> bool:
    """Whether a term is a Near that is written with AND in the place of N or W, and so stands in brackets."""
    return isinstance(term, Near) and any(
        isinstance(inner, And | Not) for operand in term.operands for inner in walk(operand)
    )


def has_plurals(term: Node) -> bool:
    """Whether a term is, or holds, a word that is written without quotation marks and may be a singular."""
    words = [inner for inner in walk(term) if isinstance(inner, Word | Phrase)]
    return any(isinstance(word, Word) and word.plain and _may_be_singular(word.text) for word in words)


def _may_be_singular(text: str) -> bool:
    return text[-1].isalpha() and _PLURAL.search(text) is None and _stands_for_itself(text)


def shown(term: Node) -> str:
    """A term for people, as close to how it was written as can be said without its platform."""
    match term:
        case Word(parts=parts):
            return "".join([part if isinstance(part, str) else _mark(part) for part in parts])
        case Phrase(words=words):
            return f'"{" ".join([shown(word) for word in words])}"'
        case Near(operands=operands, between=between):
            return f" near{between} ".join([shown(operand) for operand in operands])
        case And(operands=operands) | Or(operands=operands):
            name = " AND " if isinstance(term, And) else " OR "
            return f"({name.join([shown(operand) for operand in operands])})"
        case _:
            return "…"


def _mark(wild: Wild) -> str:
    if wild.most is None:
        return "*"
    return "#" if (wild.least, wild.most) == (0, 1) else "?" if (wild.least, wild.most) == (1, 1) else f"${wild.most}"


def _term(term: Node, losses: dict[tuple[LossKind, str], None]) -> str:
    match term:
        case Word():
            letters = _word(term, losses)
            if letters is None:
                return _slot(term)
            return letters if _stands_for_itself(letters) else f'"{letters}"'
        case Phrase(words=words):
            texts = [_word(word, losses) for word in words]
            if None in texts:
                return _slot(term)
            whole = " ".join([text for text in texts if text])
            return whole if " " not in whole and _stands_for_itself(whole) else f'"{whole}"'
        case Near():
            return _near(term, losses)
        case And(operands=operands):
            return " AND ".join([_operand(operand, losses) for operand in operands])
        case Or(operands=operands):
            return " OR ".join([_operand(operand, losses) for operand in operands])
        case _:
            losses["settle", "this cannot stand within proximity on EBSCOhost: say what is meant"] = None
            return slot("words that stand close together")


def _slot(term: Node) -> str:
    return slot(f"words for {unmarked(shown(term))}")


def plain_marks(text: str) -> str:
    """A text with plain hyphens and apostrophes, and blanks in the place of what no word can hold."""
    return _ODD.sub(" ", text.translate(_PLAIN_MARKS))


def unmarked(text: str) -> str:
    """A text without quotation marks and brackets, for slots."""
    return " ".join(text.translate(_NO_MARKS).split())


def _operand(term: Node, losses: dict[tuple[LossKind, str], None]) -> str:
    text = _term(term, losses)
    return f"({text})" if isinstance(term, And | Or | Near) else text


def _near(near: Near, losses: dict[tuple[LossKind, str], None]) -> str:
    if loses_proximity(near):
        losses["widened", JOINED] = None
        operator = " AND "
    else:
        operator = f" {'W' if near.ordered else 'N'}{near.between} "
    return operator.join([_operand(operand, losses) for operand in near.operands])


def _stands_for_itself(letters: str) -> bool:
    return _BARE.fullmatch(letters) is not None and not _TAKEN.fullmatch(letters)


def _word(word: Word, losses: dict[tuple[LossKind, str], None]) -> str | None:
    """The letters and wildcards of a word; None where a person has to write it out."""
    parts = word.parts
    if isinstance(parts[0], Wild):
        losses["settle", LEFT] = None
        return None
    out: list[str] = []
    for at, part in enumerate(parts):
        if isinstance(part, str):
            out.append(_letters(part, losses, first=at == 0, last=at == len(parts) - 1))
        else:
            out.append(_wild(part, losses, before="".join(out), last=at == len(parts) - 1))
    text = "".join(out)
    if not text or text[0] in "*?# ":
        losses["settle", NO_WORD] = None
        return None
    return text


def _letters(text: str, losses: dict[tuple[LossKind, str], None], *, first: bool, last: bool) -> str:
    if text.isalnum():
        return text
    kept = " ".join(_LETTERED.findall(text.translate(_PLAIN_MARKS)))
    if first:
        kept = kept.lstrip(EDGES)
    if last:
        kept = kept.rstrip(EDGES)
    if kept != text:
        losses["changed", LETTERS] = None
    return kept


def _wild(wild: Wild, losses: dict[tuple[LossKind, str], None], *, before: str, last: bool) -> str:
    least, most = wild.least, wild.most
    if most is None:
        if least:
            losses["widened", LIMITED_WITHIN] = None
        return "*"
    if (least, most) == (1, 1) and not last:
        return "?"
    if most == 1:
        if last and len(before) < SHORTEST_BEFORE_HASH:
            losses["widened", SHORT] = None
            return "*"
        if least:
            losses["widened", LAST_LETTER] = None
        return "#"
    if least == most and not last:
        return "?" * most
    losses["widened", LIMITED if last else LIMITED_WITHIN] = None
    return "*"
