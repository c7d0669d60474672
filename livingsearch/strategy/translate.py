"""Writes a search for a platform, with the report of what is lost on the way."""

from livingsearch.errors import SearchTextError
from livingsearch.strategy.cochrane.writer import CochraneWriter
from livingsearch.strategy.dialects import VOCABULARY_LABELS, Dialect, PlatformName
from livingsearch.strategy.ebsco.writer import EbscoWriter
from livingsearch.strategy.embase.writer import EmbaseWriter
from livingsearch.strategy.loss import LOSS_KINDS, Losses, Translation, taken_out_reversed
from livingsearch.strategy.normal import at_leaves, fields_joined, flat, has_untagged, same_search, with_fields
from livingsearch.strategy.ovid.writer import OvidWriter
from livingsearch.strategy.pubmed.writer import PubmedWriter
from livingsearch.strategy.reading import read_search
from livingsearch.strategy.scopus.writer import ScopusWriter
from livingsearch.strategy.search import Search, refuse_unclear
from livingsearch.strategy.tree import Heading, Near, Node, Phrase, Scoped, leaves, walk
from livingsearch.strategy.wos.writer import WosWriter
from livingsearch.strategy.writing import Writer

_WRITERS: dict[PlatformName, type[Writer]] = {
    "ovid": OvidWriter,
    "pubmed": PubmedWriter,
    "ebsco": EbscoWriter,
    "embase": EmbaseWriter,
    "wos": WosWriter,
    "scopus": ScopusWriter,
    "cochrane": CochraneWriter,
}
AS_GIVEN = "as it was given, "
"""Begins a loss that comes from how a search was read, not from how it was written."""
NO_FIELD = "F003"
"""Terms without a field have a loss of their own."""
_LONGEST_EXAMPLE = 100
_TEXT_FIELDS = frozenset({"title", "abstract", "author_keywords", "keywords", "heading_word", "text_word", "all"})
_OWN_DEFAULT: dict[PlatformName, str] = {
    "ovid": "its .mp. fields (title, abstract, subject headings, keywords and more, by database)",
    "pubmed": "all fields, with terms of its own added (automatic term mapping)",
    "ebsco": "its default fields (title, abstract, subject headings, authors, source)",
}


def translate(
    search: Search, to: Dialect, *, default_fields: tuple[str, ...] | None, by_line: bool = False
) -> Translation:
    """Writes a search for another platform, or for its own.

    Args:
        search: as `read_search` gives it.
        to: the platform and database to write for.
        default_fields: where terms without a field are looked for; None for what the platform that the search was
            written for does with them.
        by_line: write a numbered list of lines as such; else one search is made of it.

    Returns:
        The text and the loss report.

    Raises:
        SearchTextError: a finding says that the search cannot be understood (an unknown field tag).
    """
    refuse_unclear(search)
    whole = search.tree
    said, losses = Losses(), Losses()
    writer = _WRITERS[to.platform](to, losses)
    if by_line and search.numbered:
        lines = [(line.number, _made_ready(line.node, search, to, default_fields, said)) for line in search.lines]
        text = "\n".join([writer.write_line(number, node) for number, node in lines])
        trees = [node for _, node in lines]
        tree = _made_ready(whole, search, to, default_fields, Losses())
    else:
        tree = _made_ready(whole, search, to, default_fields, said)
        text, trees = writer.write(tree), [tree]
    own = (search.dialect.platform, search.dialect.vocabulary) == (to.platform, to.vocabulary)
    if own and _reads_back(text, to, tree, losses):
        # A writer does not know where a search comes from, and warns of what is the platform's own habit.
        losses = Losses()
    _note_headings(trees, search.dialect, to, losses)
    if {search.dialect.platform, to.platform} == {"ovid", "pubmed"}:
        _note_text_words(trees, losses)
    if to.platform == "pubmed" != search.dialect.platform:
        _note_phrases(trees, losses)
    if search.dialect.platform == "pubmed" != to.platform:
        _note_many_near(trees, losses)
    _note_exact(trees, losses)
    _note_readings(search, said)
    found = [*said.report(), *taken_out_reversed(whole, losses.report())]
    return Translation(to, text, tuple(sorted(found, key=lambda loss: LOSS_KINDS.index(loss.kind))))


def _note_readings(search: Search, losses: Losses) -> None:
    """Says where the search as it was given is not what its own platform would look for."""
    for finding in search.findings:
        if finding.severity not in ("error", "warning") or finding.code == NO_FIELD:
            continue
        shown = " → ".join([_cut(text) for text in (finding.problematic, finding.recommended) if text])
        losses.add(
            "changed",
            f"{AS_GIVEN}{search.dialect.label} may not take this as meant ({finding.code}): {finding.sentence}",
            finding.place,
            shown,
        )


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_EXAMPLE else f"{text[: _LONGEST_EXAMPLE - 1]}…"


def _reads_back(text: str, dialect: Dialect, tree: Node, losses: Losses) -> bool:
    """Whether a search written for the platform that it came from reads back as the same; not asked if all is exact."""
    kinds = {loss.kind for loss in losses.report()}
    if not kinds - {"exact"} or "settle" in kinds:
        return False
    try:
        again = read_search(text, dialect)
        return same_search(again.tree, tree)
    except SearchTextError:
        return False


def _made_ready(
    node: Node, search: Search, to: Dialect, default_fields: tuple[str, ...] | None, losses: Losses
) -> Node:
    node = flat(node)
    if not has_untagged(node):
        return fields_joined(flat(at_leaves(node)))
    own = _OWN_DEFAULT[search.dialect.platform]
    label = search.dialect.label
    if default_fields is not None:
        names = ", ".join(name.replace("_", " ") for name in default_fields)
        losses.add(
            "changed",
            f"terms without a field are looked for in {names}, as asked for; {label} itself would search {own}",
        )
        return fields_joined(flat(at_leaves(with_fields(node, default_fields))))
    if search.dialect.platform == to.platform:
        return fields_joined(flat(at_leaves(node)))
    losses.add("changed", f"terms without a field: {label} searches {own}; the nearest was written")
    return fields_joined(flat(at_leaves(with_fields(node, ("text_word",)))))


def _note_headings(trees: list[Node], source: Dialect, to: Dialect, losses: Losses) -> None:
    headings = [node for tree in trees for node in walk(tree) if isinstance(node, Heading) and node.vocabulary]
    if headings and source.database is None and source.platform in ("ovid", "ebsco") and source.vocabulary:
        thesaurus = VOCABULARY_LABELS[source.vocabulary]
        losses.add(
            "exact" if to.vocabulary == source.vocabulary else "changed",
            f"the database searched before was not named: its subject headings were read as those of {thesaurus}",
        )


def _note_text_words(trees: list[Node], losses: Losses) -> None:
    """Ovid's .mp. and PubMed's [tw] are each other's nearest, and name different fields."""
    for tree in trees:
        for node in walk(tree):
            if isinstance(node, Scoped) and "text_word" in node.fields:
                losses.add(
                    "changed",
                    "Ovid's .mp. and PubMed's [tw] are each other's nearest, but do not look in the same fields; those "
                    "of .mp. depend on the database",
                    node.place,
                )


def _note_phrases(trees: list[Node], losses: Losses) -> None:
    for tree in trees:
        for leaf in leaves(tree):
            if isinstance(leaf, Scoped) and isinstance(leaf.node, Phrase) and not _TEXT_FIELDS.isdisjoint(leaf.fields):
                losses.add(
                    "changed",
                    "PubMed looks phrases up in its phrase index and leaves out one that is not there: heed its "
                    "warnings when the search runs",
                    leaf.place,
                )


def _note_many_near(trees: list[Node], losses: Losses) -> None:
    for tree in trees:
        for node in walk(tree):
            if isinstance(node, Near) and len(node.operands) > 2:
                losses.add(
                    "widened",
                    "PubMed counts all words that stand between three or more terms together, other platforms those "
                    "between each two",
                    node.place,
                )


def _note_exact(trees: list[Node], losses: Losses) -> None:
    """Counts the terms that nothing but exact losses speak of."""
    terms = [leaf.place for tree in trees for leaf in leaves(tree)]
    spoken_of = [place for loss in losses.report() if loss.kind != "exact" for place in loss.places]
    touched = {(place.start, place.end) for place in spoken_of}
    exact = sum((place.start, place.end) not in touched for place in terms)
    if exact:
        losses.add("exact", f"{exact} of {len(terms)} terms were written as they are, operators and brackets as well")
