"""The syntax tree of a Boolean search, the same for every platform.

::

    Node
    ├── And, Or     two or more operands
    ├── Not         left AND NOT right
    ├── Near        operands with at most so many words between them
    ├── Scoped      what is looked for in certain fields
    ├── Limited     what is cut down to dates, languages, publication types
    ├── LineRef     the result of another line of the same strategy
    ├── Word        a single word; letters and wildcards
    ├── Phrase      words in this order, side by side
    ├── Heading     a subject heading of a thesaurus
    ├── DateRange   both ends included
    └── UidRange    accession numbers, both ends included

A word without a Scoped around it is untagged: what the platform makes of it is the platform's affair
(PubMed maps it to terms by itself). Places take no part in comparisons: two trees are equal where they are
built the same, wherever their text stood. `livingsearch.strategy.normal` says when two trees mean the same.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

FieldName = Literal[
    "title",
    "abstract",
    "author_keywords",
    "keywords",
    "heading_word",
    "text_word",
    "all",
    "subject_heading",
    "subject_heading_major",
    "author",
    "affiliation",
    "journal",
    "publication_type",
    "language",
    "identifier",
    "uid",
    "date_publication",
    "date_create",
    "date_entry",
]
"""Fields that more than one platform has.

`author_keywords` are the authors' own, `keywords` whoever assigned them; `heading_word` is a word of a subject
heading, `subject_heading` a whole one that is looked for by a pattern (else there is Heading); `text_word` is
where the platform looks for free text of itself (Ovid's .mp., PubMed's [tw]); `identifier` is a DOI.
A field that only one platform has is written `platform:tag`, e.g. `ovid:dv`.
"""
DateField = Literal["date_publication", "date_create", "date_entry"]
Vocabulary = Literal["mesh", "emtree", "cinahl", "apa"]


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
class Wild:
    """Characters that are left open.

    Args:
        least: how many there are at least: 0, or 1 for a character that must stand there.
        most: how many at most; None for any number. Ovid's `$` is (0, None), `$2` is (0, 2), `?` is (0, 1), `#`
            is (1, 1).
    """

    least: int
    most: int | None


ANY_ENDING = Wild(0, None)


@dataclass(frozen=True, slots=True)
class Word:
    """One word: its letters as written, and the wildcards among them.

    Args:
        parts: letters and wildcards in turn; no empty text, no two texts side by side, at least one text.
        place: in the search's text.
    """

    parts: tuple[str | Wild, ...]
    place: Place = field(default=NOWHERE, compare=False)

    @staticmethod
    def of(text: str, truncated: bool = False, place: Place = NOWHERE) -> "Word":
        """A word without wildcards but for any ending, where `truncated`."""
        return Word((text, ANY_ENDING) if truncated else (text,), place)

    @property
    def text(self) -> str:
        """Its letters alone."""
        return "".join(part for part in self.parts if isinstance(part, str))

    @property
    def truncated(self) -> bool:
        """Whether any ending may follow."""
        return self.parts[-1] == ANY_ENDING

    @property
    def plain(self) -> bool:
        """Whether it has no wildcard."""
        return all(isinstance(part, str) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that stand side by side in this order; two or more, but in what a stand-in reads."""

    words: tuple[Word, ...]
    place: Place = field(default=NOWHERE, compare=False)

    @property
    def truncated(self) -> bool:
        """Whether any ending may follow its last word."""
        return self.words[-1].truncated


@dataclass(frozen=True, slots=True)
class Near:
    """Operands that stand close together.

    Args:
        operands: two or more, each a Word, a Phrase, or And, Or, Near of such.
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
    """What is looked for in the named fields, in any of them; the innermost Scoped around a word holds.

    Args:
        node: any node; headings, ranges and references to lines inside it keep to themselves.
        fields: names of FieldName, or `platform:tag`.
        place: in the search's text, the tag included.
    """

    node: "Node"
    fields: tuple[str, ...]
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Heading:
    """A subject heading.

    Args:
        text: as the thesaurus writes it, without marks of the platform.
        vocabulary: the thesaurus; None where the source's database is not known.
        exploded: with everything below it.
        major: only where it is a main topic of the record.
        qualifiers: subheadings (`drug therapy`, or the two letters), any of them; none for all.
        place: in the search's text.
    """

    text: str
    vocabulary: Vocabulary | None = None
    exploded: bool = False
    major: bool = False
    qualifiers: tuple[str, ...] = ()
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
class LineRef:
    """The result of another line, by its number."""

    number: int
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Limited:
    """What `node` finds and every limit keeps.

    Args:
        node: what is limited.
        limits: DateRange, or Scoped in `language`, `publication_type` or a field of the platform (`ovid:limit`).
        place: in the search's text.
    """

    node: "Node"
    limits: "tuple[Node, ...]"
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


Node = And | Or | Not | Near | Scoped | Limited | LineRef | Word | Phrase | Heading | DateRange | UidRange


def children(node: Node) -> tuple[Node, ...]:
    """The nodes that a node holds directly, in the order of its text; the words of a phrase are none."""
    match node:
        case And(operands=operands) | Or(operands=operands) | Near(operands=operands):
            return operands
        case Not(left=left, right=right):
            return (left, right)
        case Scoped(node=inner):
            return (inner,)
        case Limited(node=inner, limits=limits):
            return (inner, *limits)
        case _:
            return ()


def rebuilt(node: Node, parts: tuple[Node, ...]) -> Node:
    """A node with other children.

    Args:
        node: any node.
        parts: what takes the place of `children(node)`, as many.
    """
    match node:
        case And() | Or() | Near():
            return replace(node, operands=parts)
        case Not():
            return replace(node, left=parts[0], right=parts[1])
        case Scoped():
            return replace(node, node=parts[0])
        case Limited():
            return replace(node, node=parts[0], limits=parts[1:])
        case _:
            return node


def walk(node: Node) -> Iterator[Node]:
    """A node and all below it, in the order of the text."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(children(node)))


def leaves(node: Node) -> Iterator[Node]:
    """The parts of a search that no Boolean operator, field or limit holds together, in the order of its text."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        if isinstance(node, And | Or | Not | Limited) or (
            isinstance(node, Scoped) and not isinstance(node.node, Word | Phrase | Near)
        ):
            waiting.extend(reversed(children(node)))
        else:
            yield node
