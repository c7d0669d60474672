"""Which of PubMed's fields stand for the fields of a tree."""

from dataclasses import dataclass

from livingsearch.strategy.loss import LossKind
from livingsearch.strategy.pubmed.fields import NEUTRAL, OF_OTHERS

Note = tuple[LossKind, str]
_FREE_TEXT = frozenset({"title", "abstract", "author_keywords"})
_WORDS_OF_HEADINGS = frozenset({"keywords", "heading_word"})
_TAG_OF = {fields[0]: tag for tag, fields in NEUTRAL.items() if len(fields) == 1}

_ALSO_KEYWORDS: Note = (
    "widened",
    "PubMed has no field for abstracts alone: [tiab] looks in titles, abstracts and author keywords",
)
_ALL_WORDS: Note = (
    "widened",
    "PubMed has no field for words of subject headings and other keywords: [tw] looks in them, and in titles, "
    "abstracts, author keywords, publication types and names of substances",
)
WHOLE_HEADINGS: Note = (
    "changed",
    "PubMed looks for whole headings in this field, exploded and by their entry terms: look the heading up",
)
_LEFT_OUT: Note = ("narrowed", "PubMed has no such field: it was left out beside the others")
_LIKE_IT: Note = ("changed", "PubMed's field of this kind was taken: look up what it holds")
_NO_FIELD: Note = ("settle", "PubMed has no such field: say where the slot stands what is meant")


@dataclass(frozen=True, slots=True)
class Target:
    """Where PubMed is to look.

    Args:
        tags: any of them; none where PubMed has no such field.
        notes: what that changes.
    """

    tags: tuple[str, ...]
    notes: tuple[Note, ...]


def targets_of(fields: tuple[str, ...]) -> Target:
    """PubMed's tags for a set of fields.

    Args:
        fields: names of `tree.FieldName`, or `platform:tag`.
    """
    rest = dict.fromkeys(fields)
    tags: list[str] = []
    notes: list[Note] = []
    if "all" in rest:
        tags.append("all")
    if _WORDS_OF_HEADINGS & rest.keys():
        notes.append(_ALL_WORDS)
        tags.append("tw")
        rest = {name: None for name in rest if name not in _WORDS_OF_HEADINGS | _FREE_TEXT | {"text_word"}}
    elif rest.keys() >= _FREE_TEXT:
        tags.append("tiab")
        rest = {name: None for name in rest if name not in _FREE_TEXT}
    elif "abstract" in rest:
        tags.append("tiab")
        notes.append(_ALSO_KEYWORDS)
        rest = {name: None for name in rest if name not in _FREE_TEXT}
    for name in rest:
        tag = _TAG_OF.get(name) or OF_OTHERS.get(name)
        if tag is None and name.startswith("pubmed:"):
            tag = name.removeprefix("pubmed:")
        if tag is None:
            notes.append(_LEFT_OUT)
        elif tag not in tags:
            tags.append(tag)
        if name in OF_OTHERS:
            notes.append(_LIKE_IT)
        if tag in ("mh", "majr"):
            notes.append(WHOLE_HEADINGS)
    if not tags:
        notes = [_NO_FIELD]
    return Target(tuple(tags), tuple(dict.fromkeys(notes)))
