"""The syntax tree of a Boolean search, the same for every platform.

::

    Node
    ├── And, Or     two or more operands
    ├── Not         left AND NOT right
    ├── Scoped      a leaf that is looked for in certain fields
    ├── Word        a single word, perhaps truncated
    ├── Phrase      words in this order, side by side; the last one perhaps truncated
    ├── Near        operands with at most so many words between them
    ├── DateRange   both ends included
    └── UidRange    accession numbers, both ends included

A leaf without a Scoped around it is untagged: what the platform makes of it is the platform's affair
(PubMed maps it to terms by itself). Places take no part in comparisons: two trees are equal where they mean
the same, wherever their text stood.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

FieldName = Literal[
    "title",
    "abstract",
    "keywords",
    "subject_heading",
    "subject_heading_major",
    "text_word",
    "author",
    "journal",
    "publication_type",
    "language",
    "affiliation",
    "identifier",
    "uid",
    "date_publication",
    "date_create",
    "date_entry",
    "all",
]
DateField = Literal["date_publication", "date_create", "date_entry"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a part of the search stands in its text.

    Args:
        start: offset of the first character, from 0.
        end: offset behind the last character.
    """

    start: int
    end: int

    def line_and_column(self, text: str) -> tuple[int, int]:
        """Where this place begins in `text`, as (line, column), both from 1."""
        return line_and_column(text, self.start)


NOWHERE = Place(0, 0)


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    """Turn an offset into what a person looks for.

    Args:
        text: the search.
        offset: from 0.

    Returns:
        Line and column, both from 1.
    """
    before = text[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1


@dataclass(frozen=True, slots=True)
class Word:
    """One word, as written; `truncated` where any ending may follow."""

    text: str
    truncated: bool = False
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that stand side by side in this order; `truncated` speaks of the last one."""

    words: tuple[str, ...]
    truncated: bool = False
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Near:
    """Operands that stand close together.

    Args:
        operands: two or more.
        between: how many other words may stand between them at most: Ovid's `adj3` is 2, PubMed's `:~2` is 2.
        ordered: whether they must come in this order.
        place: in the search's text.
    """

    operands: "tuple[Node, ...]"
    between: int
    ordered: bool = False
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Scoped:
    """A leaf that is looked for in the named fields, in any of them."""

    leaf: Word | Phrase | Near
    fields: tuple[FieldName, ...]
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class DateRange:
    """Records whose date lies between two days, both included; None leaves that end open."""

    dated: DateField
    first: date | None
    last: date | None
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class UidRange:
    """Records whose accession number lies between two numbers, both included; None leaves that end open."""

    first: int | None
    last: int | None
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class And:
    """All operands."""

    operands: "tuple[Node, ...]"
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Or:
    """Any operand."""

    operands: "tuple[Node, ...]"
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Not:
    """What `left` finds and `right` does not."""

    left: "Node"
    right: "Node"
    place: Place = field(default=NOWHERE, compare=False)


Leaf = Scoped | Word | Phrase | Near | DateRange | UidRange
Node = And | Or | Not | Leaf


def leaves(node: Node) -> Iterator[Leaf]:
    """The parts of a search that no Boolean operator holds together, in the order of its text."""
    match node:
        case And(operands=operands) | Or(operands=operands):
            for operand in operands:
                yield from leaves(operand)
        case Not(left=left, right=right):
            yield from leaves(left)
            yield from leaves(right)
        case _:
            yield node
