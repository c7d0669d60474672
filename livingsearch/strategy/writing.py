"""What the writers of all platforms share: operators and brackets, references, slots.

A writer walks over a tree and gives text. What it gives for anything but And, Or and Not stands for itself
(`(a OR b):ti,ab`, `"x y"[tiab]`, `(TI x OR AB x)`), so that only those three ever need brackets around them.
"""

from typing import ClassVar

from livingsearch.strategy.dialects import VOCABULARY_LABELS, Dialect
from livingsearch.strategy.loss import Losses, safe_in_slot, slot
from livingsearch.strategy.tree import (
    And,
    DateRange,
    Heading,
    Limited,
    LineRef,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Scoped,
    UidRange,
    Word,
    walk,
)


class Writer:
    """Writes trees for one platform; each platform has a subclass.

    `write` is what callers use. The methods below it give None where the platform has nothing to look for, which an
    Or leaves out; anywhere else a slot stands in its place.

    Args:
        dialect: platform and database written for.
        losses: filled while writing.
    """

    AND: ClassVar[str] = " AND "
    OR: ClassVar[str] = " OR "
    NOT: ClassVar[str] = " NOT "

    def __init__(self, dialect: Dialect, losses: Losses) -> None:
        self.dialect, self.losses = dialect, losses

    def write(self, node: Node) -> str:
        """The whole search as text on one line, or on several where the platform needs it.

        Args:
            node: flat, every word, phrase and Near in a Scoped unless the platform's own default is meant.
        """
        return self._or_slot(self.written(self.prepared(node)), node)

    def write_line(self, number: int, node: Node) -> str:
        """One line of a strategy written line by line; `node` may refer to lines above."""
        return f"{self.reference_text(number)} {self.write(node)}"

    def prepared(self, node: Node) -> Node:
        """The tree as the platform's way of tagging fields needs it: see `normal.at_leaves` and `at_groups`."""
        raise NotImplementedError

    def written(self, node: Node) -> str | None:
        """Any node."""
        match node:
            case And(operands=operands):
                return self.AND.join([self._part(operand) for operand in operands])
            case Or(operands=operands):
                texts = [(operand, self._bracketed(operand)) for operand in operands]
                kept = [text for _, text in texts if text is not None]
                if kept:
                    self._note_left_out([operand for operand, text in texts if text is None])
                return self.OR.join(kept) if kept else None
            case Not(left=left, right=right):
                return f"{self._part(left)}{self.NOT}{self._part(right)}"
            case Limited():
                raise AssertionError("limits are operands of And in a flat tree")
            case LineRef(number=number):
                return self.reference_text(number)
            case Scoped(node=inner, fields=fields):
                return self.scoped(inner, fields, node)
            case Word() | Phrase() | Near():
                return self.untagged(node)
            case Heading():
                return self.heading(node)
            case DateRange():
                return self.dates(node)
            case UidRange():
                return self.numbers(node)

    def scoped(self, inner: Node, fields: tuple[str, ...], whole: Scoped) -> str | None:
        """What is looked for in fields; `inner` is a leaf or a group, as `prepared` left it."""
        raise NotImplementedError

    def untagged(self, leaf: Word | Phrase | Near) -> str | None:
        """A leaf without a field."""
        raise NotImplementedError

    def heading(self, heading: Heading) -> str | None:
        """A subject heading; `foreign_heading` serves where it is of another thesaurus."""
        raise NotImplementedError

    def dates(self, dates: DateRange) -> str | None:
        """A range of dates."""
        raise NotImplementedError

    def numbers(self, numbers: UidRange) -> str | None:
        """A range of accession numbers."""
        raise NotImplementedError

    def reference_text(self, number: int) -> str:
        """How another line is referred to."""
        return f"#{number}"

    def foreign_heading(self, heading: Heading) -> str | None:
        """What stands for a heading of a thesaurus that the database written for does not use.

        Returns:
            A slot for the heading of the database's own thesaurus; None where it has no thesaurus.
        """
        own = self.dialect.vocabulary
        theirs = VOCABULARY_LABELS[heading.vocabulary] if heading.vocabulary else "another thesaurus"
        if own is None:
            return None
        text = slot(f"{VOCABULARY_LABELS[own]} heading for {described(heading)}")
        self.losses.add(
            "settle",
            f"headings of {theirs} are not those of {VOCABULARY_LABELS[own]}: look each up there and put it where its "
            "slot stands",
            heading.place,
            f"{heading.text} → {text}",
        )
        return text

    def _bracketed(self, node: Node) -> str | None:
        text = self.written(node)
        return f"({text})" if text is not None and isinstance(node, And | Or | Not) else text

    def _part(self, node: Node) -> str:
        """A node that cannot be left out."""
        return self._or_slot(self._bracketed(node), node)

    def _note_left_out(self, operands: list[Node]) -> None:
        """Says that headings were left out; a writer that leaves out anything else says so itself."""
        for operand in operands:
            if not any(isinstance(inner, Heading) for inner in walk(operand)):
                continue
            what = _named(operand)
            self.losses.add(
                "narrowed",
                f"{self.dialect.label} has no subject headings: they were left out of the lists that they stood in; "
                "see that words in titles and abstracts cover them",
                operand.place,
                f"{what} → (left out)",
            )

    def _or_slot(self, text: str | None, node: Node) -> str:
        if text is not None:
            return text
        self.losses.add(
            "settle",
            f"{self.dialect.label} has nothing to look for here, and leaving it out would change the search: say in "
            "words what is meant where the slot stands",
            node.place,
        )
        return slot(f"words for {_named(node)}")


def described(heading: Heading) -> str:
    """A heading and all that was said of it, for a slot: “Asthma”, exploded, as main topic, with subheading therapy."""
    text = f"“{safe_in_slot(heading.text)}”" + ", exploded" * heading.exploded + ", as main topic" * heading.major
    if not heading.qualifiers:
        return text
    return f"{text}, with subheading {' or '.join(safe_in_slot(name) for name in heading.qualifiers)}"


def _named(node: Node) -> str:
    inside = list(walk(node))
    named = [_in_words(inner) for inner in inside if isinstance(inner, Heading)]
    named = named or [_quoted(inner) for inner in inside if isinstance(inner, Word | Phrase)]
    named = [name for name in dict.fromkeys(named) if name != "“”"]
    return ", ".join(named[:3]) + ", …" * (len(named) > 3) if named else "what has no twin here"


def _quoted(leaf: Word | Phrase) -> str:
    words = leaf.words if isinstance(leaf, Phrase) else (leaf,)
    return f"“{safe_in_slot(' '.join([word.text + '…' * (not word.plain) for word in words]))}”"


def _in_words(heading: Heading) -> str:
    """A heading for somebody who looks for words: what is below it and its subheadings are words too."""
    return f"“{'/'.join([safe_in_slot(text) for text in (heading.text, *heading.qualifiers)])}”"
