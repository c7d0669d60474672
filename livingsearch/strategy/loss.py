"""A translated search, and what became of each part of it."""

from dataclasses import dataclass
from typing import Literal

from livingsearch.strategy.dialects import Dialect
from livingsearch.strategy.tree import Place

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


_BRACES = str.maketrans("{}", "()")
_MARKS = str.maketrans(dict.fromkeys("{}()[]\"'“”", " "))


def slot(what: str) -> str:
    """A place in a written search that a person has to fill; no platform takes it for a term.

    Args:
        what: e.g. `Emtree heading for “Borderline Personality Disorder”, exploded`.
    """
    return "{{" + what.translate(_BRACES) + "}}"


def safe_in_slot(text: str) -> str:
    """Words of a search as a slot may quote them: without marks that would leave a bracket or quotation open."""
    return " ".join(text.translate(_MARKS).split())
