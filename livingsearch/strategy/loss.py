"""A translated search, and what became of each part of it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from livingsearch.strategy.dialects import Dialect
from livingsearch.strategy.lookalikes import APOSTROPHES, DOUBLE_QUOTES
from livingsearch.strategy.tree import Node, Not, Phrase, Place, children, walk

LossKind = Literal["exact", "widened", "narrowed", "changed", "settle"]
LOSS_KINDS: tuple[LossKind, ...] = ("settle", "narrowed", "changed", "widened", "exact")
"""The worst first.

`exact`: finds the same. `widened`: finds more. `narrowed`: finds less. `changed`: may find more and less.
`settle`: a person has to decide; where it cannot be pasted as it stands, the text holds a slot `{{…}}`.
"""


@dataclass(frozen=True, slots=True)
class Loss:
    """What became of parts of a search that share their fate.

    Args:
        kind: see LOSS_KINDS.
        sentence: what was done and why, for a librarian.
        places: of the parts, in the text translated from; empty where the whole search is meant.
        examples: at most three parts, as `what stood there → what was written`.
        count: how many parts.
    """

    kind: LossKind
    sentence: str
    places: tuple[Place, ...] = ()
    examples: tuple[str, ...] = ()
    count: int = 1


@dataclass(frozen=True, slots=True)
class Translation:
    """A search in the words of a platform.

    Args:
        dialect: the platform and database.
        text: what to paste; several lines where the search is written line by line.
        losses: the loss report, the worst first.
    """

    dialect: Dialect
    text: str
    losses: tuple[Loss, ...]

    @property
    def unsettled(self) -> tuple[Loss, ...]:
        """What a person has to decide before the text may run."""
        return tuple(loss for loss in self.losses if loss.kind == "settle")


class Losses:
    """Gathers what becomes of the parts while a search is written."""

    def __init__(self) -> None:
        self._by_reason: dict[tuple[LossKind, str], tuple[list[Place], list[str]]] = {}

    def add(self, kind: LossKind, sentence: str, place: Place | None = None, example: str = "") -> None:
        """Notes one part.

        Args:
            kind: see LOSS_KINDS.
            sentence: the same sentence for all parts that share their fate; nothing of the single part in it.
            place: of the part.
            example: `what stood there → what was written`.
        """
        places, examples = self._by_reason.setdefault((kind, sentence), ([], []))
        if place is not None:
            places.append(place)
        if example and len(examples) < 3 and example not in examples:
            examples.append(example)

    def report(self) -> tuple[Loss, ...]:
        """All of it, the worst kind first, within a kind in the order in which it came up."""
        rows = [
            Loss(kind, sentence, tuple(places), tuple(examples), max(1, len(places)))
            for (kind, sentence), (places, examples) in self._by_reason.items()
        ]
        return tuple(sorted(rows, key=lambda loss: LOSS_KINDS.index(loss.kind)))


_REVERSED: dict[LossKind, LossKind] = {"widened": "narrowed", "narrowed": "widened"}
_TAKEN_OUT: dict[LossKind, str] = {
    "narrowed": "in what NOT takes out, so that the search finds less",
    "widened": "in what NOT takes out, so that the search finds more",
    "changed": "in what is looked for at one place and taken out by NOT at another",
}
_EITHER = "in what NOT takes out it is the reverse"


def taken_out_reversed(tree: Node, losses: Iterable[Loss]) -> Iterator[Loss]:
    """Losses by what they do to the whole search: a wider term behind NOT takes out more, so that less is found.

    Args:
        tree: the search translated, without references to lines.
        losses: by what became of each term itself.
    """
    if not any(isinstance(node, Not) for node in walk(tree)):
        yield from losses
        return
    kept, taken_out = _places_by_side(tree)
    for loss in losses:
        if loss.kind not in _REVERSED:
            yield loss
            continue
        if not loss.places:
            yield replace(loss, kind="changed", sentence=f"{loss.sentence} ({_EITHER})")
            continue
        sides: dict[LossKind, list[Place]] = {}
        for place in loss.places:
            at = (place.start, place.end)
            reverse: LossKind = "changed" if at in kept else _REVERSED[loss.kind]
            sides.setdefault(reverse if at in taken_out else loss.kind, []).append(place)
        if sides.keys() <= {loss.kind}:
            yield loss
            continue
        for kind, places in sides.items():
            if kind == loss.kind:
                yield replace(loss, places=tuple(places), count=len(places))
            else:
                sentence = f"{loss.sentence} ({_TAKEN_OUT[kind]})"
                yield Loss(kind, sentence, tuple(places), loss.examples, len(places))


def _places_by_side(tree: Node) -> tuple[set[tuple[int, int]], set[tuple[int, int]]]:
    """Places of what a search looks for, and of what it takes out; a line referred to twice may be among both."""
    sides: tuple[set[tuple[int, int]], set[tuple[int, int]]] = (set(), set())
    waiting = [(tree, 0)]
    while waiting:
        node, side = waiting.pop()
        sides[side].add((node.place.start, node.place.end))
        if isinstance(node, Phrase):
            sides[side].update((word.place.start, word.place.end) for word in node.words)
        if isinstance(node, Not):
            waiting += [(node.left, side), (node.right, 1 - side)]
        else:
            waiting += [(child, side) for child in children(node)]
    return sides


_BRACES = str.maketrans("{}", "()")
_MARKS = str.maketrans(dict.fromkeys("{}()[]\"'" + DOUBLE_QUOTES + APOSTROPHES, " "))


def slot(what: str) -> str:
    """A place in a written search that a person has to fill; no platform takes it for a term.

    Args:
        what: e.g. `Emtree heading for “Borderline Personality Disorder”, exploded`.
    """
    return "{{" + what.translate(_BRACES) + "}}"


def safe_in_slot(text: str) -> str:
    """Words of a search as a slot may quote them: without marks that would leave a bracket or quotation open."""
    shown = text if text.isprintable() else "".join([sign if sign.isprintable() else " " for sign in text])
    return " ".join(shown.translate(_MARKS).split())
