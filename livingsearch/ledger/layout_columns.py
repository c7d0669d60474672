"""How wide the columns of a drawing are, and where they stand."""

from dataclasses import dataclass

from livingsearch.ledger.boxes import Box
from livingsearch.ledger.diagram import Tier
from livingsearch.ledger.layout_shapes import BAND_WIDTH, MARGIN, shape_of

PREVIOUS_WIDTH = 200.0
_ACROSS = 30.0
_BETWEEN = 34.0
_BOX_WIDTHS = {1: 330.0, 2: 250.0}
_NARROW = 230.0
_WIDER = (1.0, 1.3, 1.6, 2.0)
_HIGH = 400.0
"""Height that a column is made wider to avoid."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a stream stands.

    Attributes:
        left: edge of its main column.
        main: width of it.
        side: width of the column beside it.
    """

    left: float
    main: float
    side: float

    @property
    def side_left(self) -> float:
        """Edge of the column beside it."""
        return self.left + self.main + _ACROSS

    @property
    def width(self) -> float:
        """Of both columns and the gap."""
        return self.main + _ACROSS + self.side


class Columns:
    """The columns of a tier: as wide as their longest boxes ask for."""

    def __init__(self, tier: Tier) -> None:
        self.tier = tier
        streams = sum(len(part.streams) for part in tier.parts)
        narrow = _BOX_WIDTHS.get(streams + bool(tier.previous), _NARROW)
        self.previous = MARGIN + BAND_WIDTH + 12
        x = self.previous + (PREVIOUS_WIDTH + _BETWEEN if tier.previous else 0)
        self.places: list[list[Place]] = []
        for part in tier.parts:
            self.places.append([])
            for stream in part.streams:
                main = _fitting([row[0] for row in stream.rows], narrow)
                place = Place(x, main, _fitting([row[1] for row in stream.rows], narrow))
                self.places[-1].append(place)
                x += place.width + _BETWEEN
        self.right = x - _BETWEEN


def _fitting(boxes: list[Box | None], narrow: float) -> float:
    """The narrowest width in which no box is very high, or the widest."""
    widths = [narrow * factor for factor in _WIDER]
    return next((w for w in widths if all(shape_of(b, 0, 0, w).height <= _HIGH for b in boxes if b)), widths[-1])
