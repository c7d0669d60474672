"""Words, phrases and proximity as regular expressions of RE2 over folded text.

RE2 takes time linear in the text whatever the expression. Folded text begins and ends with a space, so that a word
is its letters between spaces.
"""

import itertools
import re
from collections.abc import Sequence

from livingsearch.strategy.evaluate.words import LETTER, VALUE, folded
from livingsearch.strategy.tree import And, Near, Node, Not, Or, Phrase, Scoped, Wild, Word

WIDEST = 250
"""Words between the operands of Near; beyond, RE2 takes no expression."""
_MOST_IN_ANY_ORDER = 4
_MOST_SPREAD_OUT = 32
_LONGEST = 100_000
_OPEN_END = f"{LETTER}*"


class CannotJudge(Exception):
    """A part of a search that the words of a record do not decide."""


def text_pattern(leaf: Word | Phrase | Near) -> str:
    """What finds a word, a phrase or a pair of close operands anywhere in a folded text.

    Raises:
        CannotJudge: nothing of it is a letter or a digit, or it is a Near that needs `near_as_nodes` first.
    """
    return _between_spaces(_core(leaf))


def value_pattern(leaf: Word | Phrase) -> str:
    """What finds a word or phrase where it is a whole value of a list, or with an open end the beginning of one.

    Raises:
        CannotJudge: nothing of it is a letter or a digit.
    """
    core = _core(leaf)
    begin = f"(?:^|{VALUE}) +{core}"
    return begin if core.endswith(_OPEN_END) else f"{begin} +(?:{VALUE}|$)"


def author_pattern(leaf: Word | Phrase) -> str:
    """What finds a name in `Family, Given` names, by initials where the search gives such.

    `barr kr` finds `Barr, Karlen R.` and `Barr, K. R.`; `barr k` finds both as well, `barr` every Barr.

    Raises:
        CannotJudge: nothing of it is a letter or a digit.
    """
    words = leaf.words if isinstance(leaf, Phrase) else (leaf,)
    last = folded(words[-1].text).split()
    if len(words) == 1 or not words[-1].plain or len(last) != 1 or len(last[0]) > 3:
        return text_pattern(leaf)
    family = _core(Phrase(words[:-1]))
    given = " +".join([initial + _OPEN_END for initial in last[0]])
    return f" {family} +(?:{given}|{last[0]}{_OPEN_END})"


def near_as_nodes(near: Near) -> And | Or | Near:
    """A step towards a Near without And within: `(a AND b) NEAR c` is `(a NEAR c) AND (b NEAR c)`.

    Returns:
        The same Near where it needs no step, else And or Or of several; each of these may need a step more.

    Raises:
        CannotJudge: it holds Not, or grows beyond all measure.
    """
    for at, operand in enumerate(near.operands):
        mixed = _distributed(operand)
        if mixed is None:
            continue
        kind, parts = mixed
        if len(parts) > _MOST_SPREAD_OUT:
            raise CannotJudge
        before, behind = near.operands[:at], near.operands[at + 1 :]
        return kind(tuple([Near((*before, part, *behind), near.between, near.ordered) for part in parts]))
    return near


def near_patterns(near: Near) -> tuple[str, str | None]:
    """What finds operands close together within a folded text.

    Of three operands and more, some platforms allow `between` words in all, others as many between each two.

    Args:
        near: without And and Not.

    Returns:
        What finds it by any reading, and what finds it by the wider one; None where both are one.

    Raises:
        CannotJudge: nothing of an operand is a letter or a digit, or the words between are too many, or there are
            too many operands in any order.
    """
    cores = [_core(operand) for operand in near.operands]
    count = len(cores)
    if near.between > WIDEST or (count > _MOST_IN_ANY_ORDER and not near.ordered):
        raise CannotJudge
    orders = [tuple(cores)] if near.ordered else list(dict.fromkeys(itertools.permutations(cores)))
    wide = _in_orders(orders, [[near.between] * (count - 1)])
    if count == 2 or near.between == 0:
        return wide, None
    return _in_orders(orders, _shares(near.between, count - 1)), wide


def _shares(between: int, gaps: int) -> list[list[int]]:
    """Ways of dividing words among gaps; with more than two gaps only the even one, which finds less."""
    if gaps == 2:
        return [[first, between - first] for first in range(between + 1)]
    return [[between // gaps] * gaps]


def _in_orders(orders: Sequence[tuple[str, ...]], shares: Sequence[list[int]]) -> str:
    if len(orders) * len(shares) * sum(map(len, orders[0])) > _LONGEST:
        raise CannotJudge
    forms = []
    for cores in orders:
        for share in shares:
            pieces = [cores[0]]
            for gap, core in zip(share, cores[1:], strict=True):
                pieces += [_gap(gap), core]
            forms.append("".join(pieces))
    return _between_spaces(_any(forms))


def _gap(between: int) -> str:
    return f"(?: +{LETTER}+){{0,{between}}} +" if between else " +"


def _core(node: Node) -> str:
    """What finds a node between two spaces."""
    match node:
        case Word(parts=parts):
            return _word(parts)
        case Phrase(words=words):
            cores = [core for word in words if (core := _letters(word.parts))]
            if not cores:
                raise CannotJudge
            return " +".join(cores)
        case Scoped(node=inner):
            return _core(inner)
        case Or(operands=operands):
            return _any([_core(operand) for operand in operands])
        case Near():
            sure, wide = near_patterns(node)
            if wide is not None:
                raise CannotJudge
            return sure.strip(" ")
        case _:
            raise CannotJudge


def _word(parts: tuple[str | Wild, ...]) -> str:
    core = _letters(parts)
    if not core:
        raise CannotJudge
    return core


def _letters(parts: tuple[str | Wild, ...]) -> str:
    """A word; empty where nothing of it is a letter or a digit."""
    pieces, said = [], False
    for at, part in enumerate(parts):
        if isinstance(part, Wild):
            pieces.append(_wild(part))
            continue
        text = folded(part)
        text = text.lstrip(" ") if at == 0 else text
        text = text.rstrip(" ") if at == len(parts) - 1 else text
        said = said or bool(text.strip(" "))
        # Folded text has no character that RE2 reads as anything but itself.
        pieces.append(re.sub(" +", " +", text))
    return "".join(pieces) if said else ""


def _wild(wild: Wild) -> str:
    if wild.most is None:
        return f"{LETTER}*" if wild.least == 0 else f"{LETTER}{{{min(wild.least, WIDEST)},}}"
    return f"{LETTER}{{{min(wild.least, WIDEST)},{min(wild.most, WIDEST)}}}"


def _any(forms: list[str]) -> str:
    return forms[0] if len(forms) == 1 else f"(?:{'|'.join(forms)})"


def _between_spaces(core: str) -> str:
    # Whatever follows an open end, it is found; to look for the next space would only take time.
    return f" {core}" if core.endswith(_OPEN_END) else f" {core} "


def _distributed(operand: Node) -> tuple[type[And] | type[Or], tuple[Node, ...]] | None:
    """The parts that a Near goes to one by one; None where the operand is one expression."""
    match operand:
        case Scoped(node=inner):
            return _distributed(inner)
        case And(operands=operands):
            return And, operands
        case Or(operands=operands) if any(_distributed(inner) for inner in operands):
            return Or, operands
        case Near(operands=operands) if any(_distributed(inner) for inner in operands):
            node = near_as_nodes(operand)
            return None if isinstance(node, Near) else (type(node), node.operands)
        case Not():
            raise CannotJudge
        case _:
            return None
