"""Truncation, wildcards, proximity and operators, as each platform takes them."""

from collections.abc import Iterator, Sequence

from livingsearch.strategy.dialects import LABELS, PlatformName
from livingsearch.strategy.findings import Finding
from livingsearch.strategy.lint.checks_terms import quoted
from livingsearch.strategy.lint.terms import Group, Term, shown
from livingsearch.strategy.search import Search
from livingsearch.strategy.tree import ANY_ENDING, Near, Node, Phrase, Wild, Word

_SHORTEST_STEM = 3
_FAR = 10
_ONE, _MAYBE = Wild(1, 1), Wild(0, 1)
_KNOWN: dict[PlatformName, frozenset[Wild]] = {
    "pubmed": frozenset({ANY_ENDING}),
    "ebsco": frozenset({ANY_ENDING, _ONE, _MAYBE}),
    "cochrane": frozenset({ANY_ENDING, _ONE, _MAYBE}),
    "embase": frozenset({ANY_ENDING, _ONE, _MAYBE}),
    "wos": frozenset({ANY_ENDING, _ONE, _MAYBE}),
    "scopus": frozenset({ANY_ENDING, _ONE}),
}
"""Wildcards of each platform; Ovid has them all (`$`, `$n`, `#`, `?`)."""
_BEGINS_OPEN: frozenset[PlatformName] = frozenset({"cochrane", "wos", "scopus"})
"""Platforms where a word may begin with a wildcard."""
_OPERATORS = frozenset({"AND", "OR", "NOT"})


def wildcards(search: Search, group: Group) -> Iterator[Finding]:
    """T001 and T006: stems that are too short, and wildcards that the platform does not have.

    PubMed's own rule (four letters) is its reader's affair.

    Args:
        search: from which the group comes.
        group: any.
    """
    platform = search.dialect.platform
    for term in group.terms:
        for word in term.words:
            if word.plain:
                continue
            yield from _foreign(search, term, word)
            letters = len(word.text)
            # A stem inside a phrase or a proximity search is kept in check by the words beside it.
            alone = len(term.words) == 1 and not term.in_near and term.is_free_text
            if platform != "pubmed" and alone and word.truncated and 0 < letters < _SHORTEST_STEM:
                text = shown(search, term.whole, term.leaf)
                sentence = (
                    f"{quoted(text)} is truncated behind {letters} letter{'s' * (letters > 1)}: it finds every word "
                    "that begins so, which the platform may refuse or cut short. Write more letters, or name the words."
                )
                yield Finding("T001", "warning", sentence, term.whole, text)


def _foreign(search: Search, term: Term, word: Word) -> Iterator[Finding]:
    platform = search.dialect.platform
    known = _KNOWN.get(platform)
    text, label = shown(search, term.whole, term.leaf), LABELS[platform]
    if isinstance(word.parts[0], Wild) and platform not in _BEGINS_OPEN:
        sentence = f"{quoted(text)} begins with a wildcard; on {label} a word has to begin with a letter."
        yield Finding("T006", "error", sentence, term.whole, text)
    elif known is not None and any(isinstance(part, Wild) and part not in known for part in word.parts):
        sentence = f"{label} has no wildcard that does what the one in {quoted(text)} is meant to do: name the words."
        yield Finding("T006", "error", sentence, term.whole, text)


def open_inside(search: Search, groups: tuple[Group, ...]) -> Iterator[Finding]:
    """T002: wildcards for any number of letters elsewhere than at a term's end; one finding for the whole search.

    Ovid and EBSCOhost do what is meant there; PubMed has its own finding.
    """
    if search.dialect.platform == "pubmed":
        return
    found = [term for group in groups for term in group.terms if _is_open_inside(term)]
    if found:
        text = shown(search, found[0].whole, found[0].leaf)
        others = f" (and in {len(found) - 1} more)" if len(found) > 1 else ""
        sentence = (
            f"In {quoted(text)}{others} a wildcard for any number of letters stands before the end. "
            f"{LABELS[search.dialect.platform]} searches it so; not every other platform can."
        )
        place = min((term.whole for term in found), key=lambda place: place.start)
        yield Finding("T002", "note", sentence, place, text)


def _is_open_inside(term: Term) -> bool:
    return any(
        isinstance(part, Wild) and part.most is None
        for word_at, word in enumerate(term.words)
        for part in (word.parts if word_at < len(term.words) - 1 else word.parts[:-1])
    )


def distances(search: Search, nodes: Sequence[Node]) -> Iterator[Finding]:
    """R008: proximity so wide that it comes close to AND.

    Args:
        search: any.
        nodes: all of its lines.
    """
    for node in nodes:
        if isinstance(node, Near) and node.between > _FAR:
            sentence = (
                f"Up to {node.between} words may stand between these: about as many as a sentence has, so that "
                "this finds little less than AND would."
            )
            yield Finding("R008", "note", sentence, node.place, shown(search, node.place))


def operators_inside(search: Search, nodes: Sequence[Node]) -> Iterator[Finding]:
    """S013: AND, OR and NOT in capital letters within a phrase, where they are words."""
    for node in nodes:
        if not isinstance(node, Phrase):
            continue
        names = [word.text for word in node.words[1:-1] if word.text in _OPERATORS]
        if names and any(word.text not in _OPERATORS and not word.text.isupper() for word in node.words):
            text = shown(search, node.place, node)
            sentence = (
                f"{names[0]} stands inside quotation marks and is looked for as a word there; "
                "if it is meant as an operator, each term needs quotation marks of its own."
            )
            yield Finding("S013", "warning", sentence, node.place, text, _unquoted(node, search))


def _unquoted(phrase: Phrase, search: Search) -> str:
    """The phrase cut at its operators, each part in quotation marks where it has several words."""
    parts: list[str] = []
    words: list[str] = []
    for word in phrase.words:
        if word.text in _OPERATORS and word.plain:
            parts += [_in_quotes(words), word.text]
            words = []
        else:
            words.append(shown(search, word.place, word))
    return f"({' '.join([*parts, _in_quotes(words)])})" if words and "" not in parts else ""


def _in_quotes(words: list[str]) -> str:
    return f'"{" ".join(words)}"' if len(words) > 1 else "".join(words)
