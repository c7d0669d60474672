"""Why a search misses a record, and through which field it finds one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import pyarrow as pa
import pyarrow.compute as pc

from livingsearch.strategy.evaluate.concepts import Concept
from livingsearch.strategy.evaluate.matching import matches
from livingsearch.strategy.evaluate.plan import TEXT_WORD, columns_of
from livingsearch.strategy.evaluate.words import folded
from livingsearch.strategy.tree import Near, Node, Phrase, Scoped, Word, leaves, walk

Outcome = Literal["found", "missed", "unknown"]
Through = Literal["title", "abstract", "keywords"]
THROUGH: tuple[Through, ...] = ("title", "abstract", "keywords")

_LABELS = {"title": "title", "abstract": "abstract", "keywords": "keywords", "title_original": "original title"}
_WITHOUT: dict[Through, tuple[str, ...]] = {
    "title": ("abstract", "keywords"),
    "abstract": ("keywords",),
    "keywords": (),
}
_SHORTEST_WORD = 4
_MOST_WORDS_SAID = 6


@dataclass(frozen=True, slots=True)
class Held:
    """What becomes of one concept in one record.

    Args:
        concept: of the search.
        holds: whether the record passes it; None where its words do not decide that.
        through: the fields that the concept's words need: `title` where the title alone has them, `abstract` where
            title and abstract do, `keywords` where they stand in keywords only; None unless it is a concept that holds.
    """

    concept: Concept
    holds: bool | None
    through: Through | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """What becomes of one record.

    Args:
        held: one for each concept of the search.
    """

    held: tuple[Held, ...]

    @property
    def outcome(self) -> Outcome:
        """Found where all concepts hold, missed where one does not, else unknown."""
        if any(held.holds is False for held in self.held):
            return "missed"
        return "found" if all(held.holds for held in self.held) else "unknown"

    @property
    def failing(self) -> tuple[Concept, ...]:
        """The concepts for which it is missed."""
        return tuple(held.concept for held in self.held if held.holds is False)

    @property
    def unjudged(self) -> tuple[Concept, ...]:
        """The concepts that its words do not decide."""
        return tuple(held.concept for held in self.held if held.holds is None)

    @property
    def through(self) -> Through | None:
        """The fields that finding it needs; `keywords` where title and abstract alone would not do. None if missed."""
        needed = [held.through for held in self.held if held.through is not None]
        return max(needed, key=THROUGH.index, default=None) if self.outcome == "found" else None


def why_missed(concepts: Sequence[Concept], records: pa.Table) -> tuple[Judgement, ...]:
    """Looks at each concept of a search in each record.

    Args:
        concepts: of the search.
        records: canonical columns by name; meant for hundreds, each becomes an object.

    Returns:
        One judgement a record, in order.
    """
    columns = [_held(concept, records) for concept in concepts]
    return tuple(Judgement(tuple(column[row] for column in columns)) for row in range(records.num_rows))


def missed_sentences(name: str, judgement: Judgement, record: Mapping[str, object]) -> tuple[str, ...]:
    """What is to be said of a record that is not found.

    Args:
        name: of the record, for people.
        judgement: of it.
        record: its canonical fields.

    Returns:
        One sentence for each concept that fails or cannot be judged, without a full stop; none for one that is found.
    """
    told = []
    for held in judgement.held:
        concept = held.concept
        if held.holds is None:
            told.append(f"{name}: {concept.label} cannot be judged by the words of its record ({concept.shown_terms})")
        elif held.holds:
            continue
        elif concept.kind == "exclusion":
            told.append(f"{name} is taken out by NOT: it has a word of {concept.shown_terms}")
        elif concept.kind == "limit":
            told.append(f"{name} lies outside {concept.label}: {concept.shown_terms}")
        else:
            told.append(
                f"{name} misses {concept.label}: no word of {concept.shown_terms} in its {_fields(concept, record)}"
                f"{_said(concept, record)}"
            )
    return tuple(told)


def words_said(concept: Concept, record: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    """Words of a record that single words of a concept's terms find, though none of its terms is found whole.

    Returns:
        Word, folded, and the column that it stands in; each word once, in the order of the record.
    """
    stems = {
        stem
        for node in walk(concept.node)
        for word in _words(node)
        for stem in folded(word.text).split()
        if len(stem) >= _SHORTEST_WORD
    }
    found: dict[str, str] = {}
    for column in columns_of(_fields_of(concept.node)):
        for said in folded(_text(record.get(column))).split():
            if any(said.startswith(stem) for stem in stems):
                found.setdefault(said, column)
    return tuple(found.items())


def _held(concept: Concept, records: pa.Table) -> list[Held]:
    found = matches(concept.node, records)
    if concept.kind != "concept":
        holds = pc.invert(found) if concept.kind == "exclusion" else found
        return [Held(concept, value) for value in holds.to_pylist()]
    by_fields = {
        fields: matches(concept.node, _without(records, columns)).to_pylist() for fields, columns in _WITHOUT.items()
    }
    return [
        Held(concept, value, next((name for name in THROUGH if by_fields[name][row]), None) if value else None)
        for row, value in enumerate(found.to_pylist())
    ]


def _without(records: pa.Table, columns: tuple[str, ...]) -> pa.Table:
    return records.drop_columns([name for name in columns if name in records.column_names])


def _fields(concept: Concept, record: Mapping[str, object]) -> str:
    """`title or keywords (it has no abstract)`."""
    columns = columns_of(_fields_of(concept.node))
    empty = [_label(column) for column in columns if not record.get(column) and column != "title_original"]
    there = [_label(column) for column in columns if record.get(column)]
    if not there:
        return f"record, which has no {_or_list(empty)}" if empty else "record"
    return _or_list(there) + (f" (it has no {_or_list(empty)})" if empty else "")


def _said(concept: Concept, record: Mapping[str, object]) -> str:
    words = words_said(concept, record)
    if not words:
        return ""
    shown = [f"“{word}” ({_label(column)})" for word, column in words[:_MOST_WORDS_SAID]]
    return f"; it does say {', '.join(shown)}" + (" …" if len(words) > _MOST_WORDS_SAID else "")


def _fields_of(node: Node) -> tuple[str, ...]:
    fields = [leaf.fields if isinstance(leaf, Scoped) else TEXT_WORD for leaf in leaves(node)]
    return tuple(dict.fromkeys(name for names in fields for name in names))


def _words(node: Node) -> tuple[Word, ...]:
    match node:
        case Phrase(words=words):
            return words
        case Word():
            return (node,)
        case Near() | _:
            return ()


def _text(value: object) -> str:
    return " ".join(map(str, value)) if isinstance(value, list | tuple) else str(value or "")


def _label(column: str) -> str:
    return _LABELS.get(column, column.replace("_", " "))


def _or_list(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
