"""Small changes of a tree, and of lists of lines, before they are written for Ovid."""

from livingsearch.strategy.loss import safe_in_slot
from livingsearch.strategy.ovid.words import words_of
from livingsearch.strategy.tree import (
    And,
    DateRange,
    Node,
    Not,
    Or,
    Phrase,
    Scoped,
    Word,
    children,
    leaves,
    rebuilt,
    walk,
)

COUNT = "/freq="
"""Between the tags and the number in the name of a field in which words are counted: `ovid:ab/freq=3`."""
_SHOWN = 3
_YEAR, _DAY = 4, 8


def counts_apart(node: Node) -> Node:
    """The same search with fields in which words are counted (`/freq=3`) apart from others.

    Args:
        node: with Scoped at its leaves.
    """
    match node:
        case Scoped(node=inner, fields=fields) if len(fields) > 1 and any(COUNT in name for name in fields):
            alone: list[Node] = [Scoped(inner, (name,), node.place) for name in fields if COUNT in name]
            others = tuple(name for name in fields if COUNT not in name)
            return Or((Scoped(inner, others, node.place), *alone) if others else tuple(alone), node.place)
        case And() | Or() | Not():
            return rebuilt(node, tuple([counts_apart(child) for child in children(node)]))
        case _:
            return node


def only_dates(node: Node, fields: tuple[str, ...]) -> bool:
    """Whether all that is looked for in a field of dates is digits, truncated or not: `2019`, `201902$`."""
    longest = _YEAR if "date_publication" in fields else _DAY
    return all(
        isinstance(leaf, Word) and isinstance(leaf.parts[0], str) and _digits(leaf, longest) for leaf in leaves(node)
    )


def _digits(word: Word, longest: int) -> bool:
    text = "".join([part for part in word.parts if isinstance(part, str)])
    return text.isascii() and text.isdigit() and _YEAR - (not word.plain) <= len(text) <= longest


def excerpt(node: Node) -> str:
    """The first terms of a group, for slots."""
    terms = []
    for leaf in leaves(node):
        words = [word for inner in walk(leaf) if isinstance(inner, Word | Phrase) for word in words_of(inner)]
        terms.append(safe_in_slot(" ".join([_shown(word) for word in words])))
    return ", ".join(terms[:_SHOWN]) + " …" * (len(terms) > _SHOWN)


def _shown(word: Word) -> str:
    return "".join([part if isinstance(part, str) else "$" for part in word.parts])


def dates_shown(node: Node) -> str:
    """A range of dates for people."""
    if not isinstance(node, DateRange):
        raise AssertionError("only dates are shown as such")
    name = {"date_publication": "published", "date_create": "created", "date_entry": "entered"}[node.dated]
    ends = (f" from {node.first}" if node.first else "") + (f" to {node.last}" if node.last else "")
    return name + (ends or " at any time")


def ranges_of_lines(numbers: list[int]) -> str | None:
    """Numbers of lines as `1-3,5`; None where no three of them follow each other."""
    ordered = sorted(set(numbers))
    runs: list[list[int]] = []
    for number in ordered:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    if max(map(len, runs)) < 3:
        return None
    return ",".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)
