"""How wide the columns of a drawing are, and where they stand."""

from dataclasses import dataclass

from livingsearch.ledger.boxes import Box
from livingsearch.ledger.diagram import Tier
from livingsearch.ledger.layout_shapes import BAND_WIDTH, MARGIN, shape_of

PREVIOUS_WIDTH = 200.0
WIDEST = 1670.0
"""Printed on A4 across, text of 14 units is 6.6 points high: small, and still read."""
_ACROSS = 30.0
_BETWEEN = 34.0
_BOX_WIDTHS = {1: 330.0, 2: 250.0, 3: 215.0}
_NARROW = 190.0
_OTHER = 0.8
"""Boxes of other methods say less: they are so much narrower where they stand beside others."""
_WIDER = (1.0, 1.3, 1.6, 2.0)
_HIGH = 400.0
"""Height that a column is made wider to avoid, as long as the drawing is not wider than `WIDEST`."""


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
        self.previous = MARGIN + BAND_WIDTH + 12
        for widest in reversed(_WIDER):
            self.places, self.right = self._placed([factor for factor in _WIDER if factor <= widest])
            if self.right + MARGIN <= WIDEST:
                break

    def _placed(self, factors: list[float]) -> tuple[list[list[Place]], float]:
        """Where the streams stand, each column widened by one of these factors, and where the last one ends."""
        streams = sum(len(part.streams) for part in self.tier.parts) + bool(self.tier.previous)
        narrow = _BOX_WIDTHS.get(streams, _NARROW)
        x = self.previous + (PREVIOUS_WIDTH + _BETWEEN if self.tier.previous else 0)
        places: list[list[Place]] = []
        for part in self.tier.parts:
            places.append([])
            for stream in part.streams:
                width = narrow if stream.main else narrow * _OTHER
                main, side = (_fitting([row[n] for row in stream.rows], width, factors) for n in (0, 1))
                places[-1].append(Place(x, main, side))
                x += places[-1][-1].width + _BETWEEN
        return places, x - _BETWEEN


def _fitting(boxes: list[Box | None], narrow: float, factors: list[float]) -> float:
    """The narrowest width in which no box is very high, or the widest."""
    widths = [narrow * factor for factor in factors]
    return next((w for w in widths if all(shape_of(b, 0, 0, w).height <= _HIGH for b in boxes if b)), widths[-1])
