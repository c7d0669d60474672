"""Where terms are looked for, and whether each concept is looked for both as a heading and as words."""

from collections.abc import Iterator
from dataclasses import dataclass

from livingsearch.errors import SearchTextError
from livingsearch.strategy.dialects import VOCABULARY_LABELS
from livingsearch.strategy.findings import Finding
from livingsearch.strategy.lint.checks_terms import quoted
from livingsearch.strategy.lint.terms import FREE_TEXT, Group, shown
from livingsearch.strategy.search import Search
from livingsearch.strategy.tree import And, Heading, Limited, Near, Node, Not, Or, Phrase, Scoped, Word, children

_MOST_NODES = 50_000
_UNKNOWN_TAG = "F001"
_HEADING_WORDS = frozenset(
    {
        "text_word",
        "heading_word",
        "keywords",
        "all",
        "ovid:mp",
    }
)
"""Fields in which words of subject headings are found as well."""
_CHECK_TAGS = frozenset({"animal", "animals", "female", "human", "humans", "male"})
"""Headings that every record has of itself; no concept is made of them."""
_UNTAGGED: dict[str, str] = {
    "ovid": "Ovid looks for them in its .mp. fields, which differ by database, and may offer headings for them",
    "pubmed": "PubMed looks for them in all fields and adds headings and other forms of its own (term mapping)",
    "ebsco": "EBSCOhost looks for them in its default fields, authors and sources among them",
}


def untagged(search: Search, groups: tuple[Group, ...]) -> Iterator[Finding]:
    """F003: terms without a field; one finding for the whole search.

    Args:
        search: from which the groups come.
        groups: as gathered without default fields.
    """
    found = [term for group in groups for term in group.terms if term.fields is None]
    if not found:
        return
    first = min(found, key=lambda term: term.whole.start)
    text = shown(search, first.whole, first.leaf)
    what = f"{len(found)} terms have no field, the first is {quoted(text)}"
    if len(found) == 1:
        what = f"{quoted(text)} has no field"
    does = _UNTAGGED.get(search.dialect.platform, "the platform looks for them in its default fields")
    sentence = f"{what}: {does}. Name the fields, so that the search means the same tomorrow."
    yield Finding("F003", "note", sentence, first.whole, text)


@dataclass(frozen=True, slots=True)
class Concept:
    """What stands between the ANDs of a search.

    Args:
        node: all of it.
        headings: how many subject headings it has.
        check_tags_only: whether those are such as every record has.
        fields: of its words of the text: where each is looked for; None for a word without a field.
        others: of all its other words.
    """

    node: Node
    headings: int
    check_tags_only: bool
    fields: frozenset[tuple[str, ...] | None]
    others: frozenset[tuple[str, ...]]


def concepts_of(search: Search) -> tuple[Concept, ...]:
    """What the search joins with AND, limits, filters and check tags left out.

    None at all where the lines of the search do not fit together.
    """
    try:
        tree = search.tree
    except SearchTextError:
        return ()
    found: list[Concept] = []
    waiting: list[tuple[Node, tuple[str, ...] | None]] = [(tree, None)]
    while waiting:
        node, fields = waiting.pop()
        match node:
            case And(operands=operands):
                waiting.extend((operand, fields) for operand in reversed(operands))
            case Scoped(node=And() | Not() | Limited() | Scoped() as inner, fields=own):
                waiting.append((inner, own))
            case Not(left=inner) | Limited(node=inner):
                waiting.append((inner, fields))
            case Or() | Scoped() | Word() | Phrase() | Near() | Heading():
                concept = _concept(node, fields)
                if "publication_type" in (name for fields_of in concept.others for name in fields_of):
                    continue
                if concept.fields or (concept.headings and not concept.check_tags_only):
                    found.append(concept)
            case _:
                pass
    return tuple(found)


def _concept(node: Node, around: tuple[str, ...] | None) -> Concept:
    headings, seen, tags_only = 0, 0, True
    places: set[tuple[str, ...] | None] = set()
    others: set[tuple[str, ...]] = set()
    waiting = [(node, around)]
    while waiting and seen < _MOST_NODES:
        inner, fields = waiting.pop()
        seen += 1
        if isinstance(inner, Heading):
            headings += 1
            tags_only = tags_only and inner.text.casefold() in _CHECK_TAGS
        elif isinstance(inner, Word | Phrase):
            if fields is None or not FREE_TEXT.isdisjoint(fields):
                places.add(fields)
            else:
                others.add(fields)
        elif isinstance(inner, Scoped):
            waiting.append((inner.node, inner.fields))
        else:
            waiting.extend((child, fields) for child in children(inner))
    return Concept(node, headings, tags_only, frozenset(places), frozenset(others))


def _finds_headings(fields: tuple[str, ...] | None) -> bool:
    """Whether words of subject headings are found there; where no field is named, platforms look at them as well."""
    return fields is None or not _HEADING_WORDS.isdisjoint(fields)


def headings_and_words(search: Search, default_fields: tuple[str, ...] | None) -> Iterator[Finding]:
    """H001 and H002: concepts that are looked for as headings only, or as words only.

    Args:
        search: any.
        default_fields: where terms without a field are looked for; None for what the platform does, which looks at
            headings as well.
    """
    vocabulary = search.dialect.vocabulary
    if vocabulary is None or any(
        finding.code == _UNKNOWN_TAG and finding.severity == "fatal" for finding in search.findings
    ):
        # Whether a term with a mistyped tag is a heading is not known before the tag is put right.
        return
    concepts = concepts_of(search)
    thesaurus = VOCABULARY_LABELS[vocabulary]
    bare = []
    for concept in concepts:
        if concept.headings and not concept.fields:
            text = shown(search, concept.node.place)
            sentence = (
                f"{quoted(text)} looks for subject headings only: records that are not indexed yet, and those of "
                "journals that are never indexed, are missed. Add words of titles and abstracts."
            )
            yield Finding("H002", "note", sentence, concept.node.place, text)
        if not concept.headings and not any(_finds_headings(fields or default_fields) for fields in concept.fields):
            bare.append(concept.node)
    if not bare:
        return
    text = shown(search, bare[0].place)
    if len(bare) == len(concepts):
        sentence = f"No concept of this search uses subject headings: see whether {thesaurus} has some that fit."
    else:
        sentence = f"{quoted(text)} uses no subject headings, other concepts do: see whether {thesaurus} has one."
    yield Finding("H001", "note", sentence, bare[0].place, text)
