"""Addresses of the statements of a diagram: a pattern for all of them, and single ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from livingsearch.ledger.diagram import Diagram

_SCHEMES = {"", "http", "https", "mailto"}


def is_address(text: str) -> bool:
    """Whether a reader may be sent there: an address of the web or of mail, or a relative one."""
    try:
        parts = urlsplit(text.strip())
    except ValueError:
        return False
    return bool(text.strip()) and text.isprintable() and parts.scheme.lower() in _SCHEMES


@dataclass(frozen=True, slots=True)
class Links:
    """Where the statements of a diagram lead.

    Attributes:
        pattern: an address with `{box}` in it for the name of the statement, and perhaps `{update}` for the numbers
            of the updates that it counts, such as `2` or `1-3`; None for no address but the single ones.
        single: addresses by the name of a statement, in place of that of the pattern.
    """

    pattern: str | None = None
    single: Mapping[str, str] = field(default_factory=dict)

    def of(self, diagram: Diagram) -> dict[str, str]:
        """The addresses in a diagram.

        Args:
            diagram: its words.

        Returns:
            By the name of the statement in that diagram, where it may have a prefix for the part.
        """
        found = {}
        for name, (statement, updates) in statements_of(diagram).items():
            address = self.single.get(statement)
            if address is None and self.pattern is not None:
                address = self.pattern.replace("{box}", statement).replace("{update}", _numbers(updates))
            if address is not None:
                found[name] = address
        return found


def statements_of(diagram: Diagram) -> dict[str, tuple[str, tuple[int, ...]]]:
    """The statements that count something, by their names in the diagram: name without prefix, and updates."""
    flows = iter(diagram.flows)
    found: dict[str, tuple[str, tuple[int, ...]]] = {}
    for place, tier in enumerate(diagram.tiers, 1):
        updates: tuple[int, ...] = ()
        for part in tier.parts:
            updates = next(flows).updates
            boxes = [box for stream in part.streams for row in stream.rows for box in row]
            number = len(diagram.flows) > 1
            for box in (*boxes, part.included):
                for line in box.lines if box is not None else ():
                    # In a diagram of several parts every name begins with that of its part: `part-2-`.
                    found[line.name] = (line.name.split("-", 2)[2] if number else line.name, updates)
        for box in (tier.previous, tier.total):
            for line in box.lines if box is not None else ():
                found[line.name] = (line.name.removeprefix(f"tier-{place}-"), updates)
    return {name: told for name, told in found.items() if not name.endswith("-heading")}


def _numbers(updates: Sequence[int]) -> str:
    return str(updates[0]) if len(updates) == 1 else f"{updates[0]}-{updates[-1]}" if updates else ""
