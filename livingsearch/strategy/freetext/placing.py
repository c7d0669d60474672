"""The first half of writing for Embase.com, Web of Science, Scopus and the Cochrane Library: a tree they can hold.

All four tag groups of terms with a field, quote phrases and have proximity between terms. Here every term gets the
platform's own field labels, the wildcards that it has there, and proximity that it can nest; what was changed on the
way is noted.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

from livingsearch.strategy.dialects import Dialect
from livingsearch.strategy.freetext.wording import forms, plain, shown, words_of
from livingsearch.strategy.loss import Losses, LossKind
from livingsearch.strategy.normal import at_groups, at_leaves, fields_joined, flat
from livingsearch.strategy.tree import (
    And,
    DateRange,
    Heading,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Place,
    Scoped,
    Wild,
    Word,
    walk,
)
from livingsearch.strategy.writing import Writer

TEXT_WORD = ("text_word",)
NOTHING, LANGUAGE, KIND, NUMBER, FOREIGN = "=nothing", "=language", "=kind", "=number", "=foreign "
"""Labels of what is not free text; they begin with `=`."""
_SPECIAL: Mapping[str, str] = {"language": LANGUAGE, "publication_type": KIND, "uid": NUMBER}
_NOTES: Mapping[str, tuple[LossKind, str]] = {
    "author": ("changed", "names of authors are written in another way in each database: check their form"),
    "affiliation": ("changed", "affiliations are written in another way in each database: check them"),
    "journal": ("changed", "titles of journals are written in another way in each database: check them"),
}


@dataclass(frozen=True, slots=True)
class Plan:
    """Where the terms of a set of fields are looked for.

    Args:
        labels: the platform's labels, any of them.
        notes: kind and sentence of each loss that every such term shares.
    """

    labels: tuple[str, ...]
    notes: tuple[tuple[LossKind, str], ...] = ()


class PlacingWriter(Writer):
    """A writer whose prepared tree has one label of the platform at each Scoped, as far out as it goes.

    Args:
        dialect: platform and database written for.
        losses: filled while writing.
    """

    IN_WORD: ClassVar[Mapping[Wild, str]] = {}
    """The platform's wildcards in a bare word."""
    IN_QUOTES: ClassVar[Mapping[Wild, str]] = {}
    """Those that work within quotation marks; none where phrases with wildcards are written in another way."""

    def __init__(self, dialect: Dialect, losses: Losses) -> None:
        super().__init__(dialect, losses)
        self._plans: dict[tuple[str, ...], Plan] = {}
        # Set while a tree is prepared, so that a plain one is not walked over more often than it needs.
        self._grown = self._several_labels = False

    def plan(self, fields: tuple[str, ...]) -> Plan:
        """Labels for fields of free text and their like; asked once for each set of fields."""
        raise NotImplementedError

    def near_problem(self, near: Near) -> str | None:
        """Why the platform cannot write a proximity all of whose parts are words, phrases, Or and Near."""
        return None

    def _without_headings(self, operands: tuple[Node, ...]) -> tuple[Node, ...]:
        """Alternatives without the headings that the platform does not have, as long as others remain."""
        kept = tuple([operand for operand in operands if not isinstance(operand, Heading)])
        if not kept or len(kept) == len(operands):
            return operands
        self._note_left_out([operand for operand in operands if isinstance(operand, Heading)])
        return kept

    def placed_dates(self, dates: DateRange) -> Node:
        """A range of dates, in parts where the platform writes both ends apart."""
        return dates

    def is_bare(self, word: Word) -> bool:
        """Whether a word needs no quotation marks."""
        raise NotImplementedError

    def cleaned(self, words: tuple[Word, ...]) -> tuple[Word, ...]:
        """The words of a term without signs of the platform."""
        return words_of(words)

    def prepared(self, node: Node) -> Node:
        """The tree with fields, wildcards and proximity as the platform has them."""
        self._grown = self._several_labels = False
        node = flat(node)
        if len({inner.fields for inner in walk(node) if isinstance(inner, Scoped)}) > 1:
            # A search of EBSCOhost says its terms once for each field.
            node = fields_joined(flat(at_leaves(node)))
        placed = self._placed(node, None)
        grouped = at_groups(flat(placed) if self._grown else placed)
        return flat(self._one_label(grouped)) if self._several_labels else grouped

    def _placed(self, node: Node, fields: tuple[str, ...] | None) -> Node:
        match node:
            case Scoped(node=inner, fields=own):
                return self._placed(inner, own or fields)
            case Word() | Phrase() | Near():
                return self._placed_leaf(node, fields)
            case And(operands=operands, place=place) | Or(operands=operands, place=place):
                if not operands:
                    return _nothing(place)
                if isinstance(node, Or) and self.dialect.vocabulary is None:
                    operands = self._without_headings(operands)
                parts = tuple([self._placed(operand, fields) for operand in operands])
                if isinstance(node, Or):
                    parts = tuple([part for part in parts if not _is_nothing(part)]) or parts
                self._grown = self._grown or len(parts) < 2 or any([type(part) is type(node) for part in parts])
                return type(node)(parts, place)
            case Not(left=left, right=right):
                return replace(node, left=self._placed(left, fields), right=self._placed(right, fields))
            case Heading(text=text) if self.dialect.vocabulary is None:
                return replace(node, text=plain(text))
            case DateRange():
                self._grown = True
                return self.placed_dates(node)
            case _:
                return node

    def _placed_leaf(self, leaf: Word | Phrase | Near, fields: tuple[str, ...] | None) -> Node:
        if fields is None:
            sentence = f"terms without a field were given the free-text fields of {self.dialect.label}"
            self.losses.add("changed", sentence, leaf.place)
            fields = TEXT_WORD
        plan = self._plans.get(fields)
        if plan is None:
            plan = self._plans[fields] = self._planned(fields)
        texts = tuple([label for label in plan.labels if not label.startswith("=")])
        others = [label for label in plan.labels if label.startswith("=") and label != NOTHING]
        if texts and isinstance(leaf, Near) and (problem := self._unfit(leaf)) is not None:
            kind: LossKind = "changed" if any(isinstance(inner, Not) for inner in walk(leaf)) else "widened"
            self.losses.add(kind, problem, leaf.place, f"{shown(leaf)} → joined with AND")
            self._grown = True
            return self._placed(flat(And(leaf.operands, leaf.place)), fields)
        for kind, sentence in plan.notes:
            self.losses.add(kind, sentence, leaf.place)
        found: list[Node] = []
        if texts:
            term = self.operand(leaf)
            if isinstance(term, Or):
                found.extend([Scoped(form, texts, form.place) for form in term.operands])
            elif term is not None:
                found.append(Scoped(term, texts, leaf.place))
        found.extend([Scoped(leaf, (label,), leaf.place) for label in others])
        self._several_labels = self._several_labels or len(texts) > 1
        if len(found) == 1:
            return found[0]
        self._grown = True
        return Or(tuple(found), leaf.place) if found else _nothing(leaf.place, leaf)

    def _planned(self, fields: tuple[str, ...]) -> Plan:
        """The platform's plan for its fields, with what another platform alone has."""
        foreign = [field for field in fields if ":" in field or field.startswith("date_")]
        own = [field for field in fields if field not in foreign]
        texts = tuple(field for field in own if field not in _SPECIAL)
        plan = self.plan(texts) if texts else Plan(())
        labels = (*plan.labels, *(_SPECIAL[field] for field in own if field in _SPECIAL))
        labels = tuple(dict.fromkeys(label for label in labels if label != NOTHING))
        notes = plan.notes + tuple(_NOTES[field] for field in own if field in _NOTES)
        if foreign and not labels:
            labels = (FOREIGN + plain(foreign[0]),)
        elif foreign:
            names = ", ".join(plain(field) for field in foreign)
            sentence = (
                f"{self.dialect.label} has no field like {names}; the other fields were kept: see what it stood for"
            )
            notes += (("settle", sentence),)
        return Plan(labels or (NOTHING,), notes)

    def _unfit(self, near: Near) -> str | None:
        terms = all([isinstance(operand, Word | Phrase) for operand in near.operands])
        if terms or all(isinstance(inner, Near | Or | Word | Phrase) for inner in walk(near)):
            return self.near_problem(near)
        return (
            f"{self.dialect.label} takes nothing but terms and OR between proximity operators: the parts were joined "
            "with AND, without their distance"
        )

    def operand(self, node: Node) -> Word | Phrase | Near | Or | None:
        """A term with the platform's wildcards.

        Args:
            node: a word, a phrase, or proximity that the platform can write.

        Returns:
            An Or of its forms where there are several; None where no sign of it is left.
        """
        match node:
            case Word(place=place):
                return self._term(node, (node,), place)
            case Phrase(words=words, place=place):
                return self._term(node, words, place)
            case Near(between=0, ordered=True, operands=parts, place=place) if all(
                isinstance(part, Word | Phrase) for part in parts
            ):
                words = tuple([word for part in parts for word in _words(part)])
                return self._term(Phrase(words, place), words, place)
            case Or(operands=operands) | Near(operands=operands):
                ready = [part for operand in operands if (part := self.operand(operand)) is not None]
                if len(ready) == len(operands) and all([new is old for new, old in zip(ready, operands, strict=True)]):
                    return node
                if len(ready) < 2:
                    return ready[0] if ready else None
                whole = flat(replace(node, operands=tuple(ready)))
                return whole if isinstance(whole, Near | Or) else None
            case _:
                raise AssertionError("proximity that is fit holds terms only")

    def _term(self, term: Word | Phrase, words: tuple[Word, ...], place: Place) -> Word | Phrase | Or | None:
        ready = words
        if not all(isinstance(part, Wild) or part.isalnum() for word in words for part in word.parts):
            ready = self._without_signs(words, place)
        if not ready:
            return None
        marks = self.IN_WORD if len(ready) == 1 and self.is_bare(ready[0]) else self.IN_QUOTES or self.IN_WORD
        if all(isinstance(part, str) or part in marks for word in ready for part in word.parts):
            return term if ready is words and words else _whole(ready, place)
        found, changes = forms(ready, marks, self.dialect.label)
        for change in changes:
            self.losses.add(change.kind, change.sentence, place, change.example)
        terms = tuple([_whole(form, place) for form in found])
        return terms[0] if len(terms) == 1 else Or(terms, place)

    def _without_signs(self, words: tuple[Word, ...], place: Place) -> tuple[Word, ...]:
        ready = self.cleaned(words)
        before, after = ("".join([word.text for word in some]) for some in (words, ready))
        if before.replace("’", "'") != after:
            sentence = f"signs that {self.dialect.label} would read as its own were taken out of terms"
            example = f"{shown(Phrase(words)) or '…'} → {shown(Phrase(ready)) or '(left out)'}"
            self.losses.add("changed", sentence, place, example)
        return ready

    def _one_label(self, node: Node) -> Node:
        """The tree with one label at each Scoped: what may stand in any of several is joined with OR where it is right.

        `TI=(a AND b) OR AB=(a AND b)` would not find a in the title with b in the abstract.
        """
        match node:
            case Scoped(node=inner, fields=labels, place=place) if len(labels) > 1:
                if isinstance(inner, And | Not) or (isinstance(inner, Or) and _has_and(inner)):
                    return self._one_label(_pushed(inner, labels))
                return Or(tuple([Scoped(inner, (label,), place) for label in labels]), place)
            case And(operands=operands) | Or(operands=operands):
                return replace(node, operands=tuple([self._one_label(operand) for operand in operands]))
            case Not(left=left, right=right):
                return replace(node, left=self._one_label(left), right=self._one_label(right))
            case _:
                return node


def _nothing(place: Place, leaf: Word | Phrase | Near | None = None) -> Node:
    """What is not looked for; a slot in its place names it."""
    return Scoped(leaf or Word(("nothing",), place), (NOTHING,), place)


def _is_nothing(node: Node) -> bool:
    return isinstance(node, Scoped) and node.fields == (NOTHING,)


def _whole(words: tuple[Word, ...], place: Place) -> Word | Phrase:
    return Word(words[0].parts, place) if len(words) == 1 else Phrase(words, place)


def _words(node: Node) -> tuple[Word, ...]:
    return node.words if isinstance(node, Phrase) else (node,) if isinstance(node, Word) else ()


def _has_and(node: Node) -> bool:
    return any(isinstance(inner, And | Not) for inner in walk(node))


def _pushed(node: Node, labels: tuple[str, ...]) -> Node:
    """A group with its labels at its operands; those of an Or that can stay together do."""
    match node:
        case And(operands=operands):
            return replace(node, operands=tuple([Scoped(operand, labels, operand.place) for operand in operands]))
        case Not(left=left, right=right):
            return replace(node, left=Scoped(left, labels, left.place), right=Scoped(right, labels, right.place))
        case Or(operands=operands):
            together = tuple([operand for operand in operands if not _has_and(operand)])
            apart = [Scoped(operand, labels, operand.place) for operand in operands if _has_and(operand)]
            if not together:
                return replace(node, operands=tuple(apart))
            group = together[0] if len(together) == 1 else replace(node, operands=together)
            return replace(node, operands=(Scoped(group, labels, node.place), *apart))
        case _:
            return Scoped(node, labels, node.place)
