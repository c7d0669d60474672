"""The appendix as headings, paragraphs, tables and verbatim text: one document, written in several forms."""

from dataclasses import dataclass
from datetime import datetime

from livingsearch.exports.prisma_s import Status


@dataclass(frozen=True, slots=True)
class Subheading:
    """A heading within an item."""

    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Plain text; an empty line in it begins a new paragraph."""

    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of sentences."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with one row of headers.

    Attributes:
        columns: headers.
        rows: cells as text, as many as headers.
        numbers: places of the columns that hold numbers, from 0.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Verbatim:
    """Text as it was run, character for character."""

    text: str


Block = Subheading | Paragraph | Bullets | Table | Verbatim


@dataclass(frozen=True, slots=True)
class Item:
    """One of the 16 items.

    Attributes:
        number: in PRISMA-S.
        title: its short name there.
        status: who filled it.
        filled_by: the same for readers: `automatic`, or the field of review.toml.
        to_do: what a person should write where; None where nothing is missing.
        blocks: what is reported.
    """

    number: int
    title: str
    status: Status
    filled_by: str
    to_do: str | None
    blocks: tuple[Block, ...]

    @property
    def is_missing(self) -> bool:
        """Whether a person has yet to fill it, or a part of it."""
        return self.status == "missing"

    @property
    def filled(self) -> str:
        """Who filled it, or what is to be done."""
        return f"missing: {self.to_do}" if self.to_do else self.filled_by


@dataclass(frozen=True, slots=True)
class Group:
    """The items under one heading of PRISMA-S."""

    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Appendix:
    """The whole appendix.

    Attributes:
        title: of the document.
        review_title: of the review.
        about: names and values for its head.
        groups: of items, in PRISMA-S's order.
        as_of: instant (UTC) of the state that it describes.
        language: of its words.
    """

    title: str
    review_title: str
    about: tuple[tuple[str, str], ...]
    groups: tuple[Group, ...]
    as_of: datetime
    language: str = "en-GB"

    @property
    def items(self) -> tuple[Item, ...]:
        """All items, in order."""
        return tuple(item for group in self.groups for item in group.items)

    @property
    def missing(self) -> tuple[Item, ...]:
        """Items that a person has yet to fill."""
        return tuple(item for item in self.items if item.is_missing)

    @property
    def verdict(self) -> str:
        """One sentence on what is missing."""
        if not self.missing:
            return "All 16 items are filled."
        numbers = ", ".join(str(item.number) for item in self.missing)
        count = len(self.missing)
        return f"{count} of the 16 items {'is' if count == 1 else 'are'} missing: {numbers}."


REFERENCE = (
    "PRISMA-S: Rethlefsen ML, Kirtley S, Waffenschmidt S, et al. PRISMA-S: an extension to the PRISMA Statement for "
    "Reporting Literature Searches in Systematic Reviews. Systematic Reviews 2021;10:39. "
    "doi:10.1186/s13643-020-01542-z"
)
