"""Lines that are not used, AND NOT, and limits: what cuts records off without a trace in the terms."""

from collections.abc import Iterator, Sequence

from livingsearch.strategy.findings import Finding
from livingsearch.strategy.lint.checks_terms import quoted
from livingsearch.strategy.lint.terms import shown
from livingsearch.strategy.normal import at_leaves
from livingsearch.strategy.search import Search
from livingsearch.strategy.tree import DateRange, Heading, LineRef, Node, Not, Scoped, leaves, walk

_ANIMALS = frozenset({"animal", "animals", "nonhuman", "animal experiment", "animal model"})
_HUMANS = frozenset({"human", "humans", "human experiment"})
_MOST_STEPS = 50
_LONGEST_SHOWN = 60


def unused(search: Search, nodes: Sequence[Node]) -> Iterator[Finding]:
    """L001: lines whose records are no part of the result, which is the last line's.

    Args:
        search: with its lines numbered or not.
        nodes: all of its lines.
    """
    if len(search.lines) < 2:
        return
    used = {node.number for node in nodes if isinstance(node, LineRef)}
    last = search.lines[-1]
    if not any(isinstance(node, LineRef) for node in walk(last.node)):
        text = shown(search, last.place)
        sentence = (
            f"The result of the search is its last line, and line {last.number} uses none of the lines above it. "
            "A line that joins them is missing."
        )
        yield Finding("L001", "warning", sentence, last.place, text)
    for line in search.lines[:-1]:
        if line.number not in used:
            text = shown(search, line.place)
            sentence = f"No line refers to line {line.number}: what {quoted(text)} finds is no part of the result."
            yield Finding("L001", "warning", sentence, line.place, text)


def and_not(search: Search, nodes: Sequence[Node]) -> Iterator[Finding]:
    """R004: every AND NOT but the one within `animals not humans`, or `child not adult` where NOT takes that out."""
    lines = {line.number: line.node for line in search.lines}
    taken_out = {id(_followed(node.right, lines)) for node in nodes if isinstance(node, Not)}
    for node in nodes:
        if not isinstance(node, Not) or _is_animals_only(node, lines):
            continue
        if id(node) in taken_out and _is_headings_only(node, lines):
            continue
        text = shown(search, node.place)
        if _is_headings_only(node.right, lines):
            sentence = (
                "NOT takes out records indexed with the one and not with the other (animals and not humans), in the "
                "usual form that keeps what is about both. Records that are not indexed yet stay in."
            )
            yield Finding("R004", "note", sentence, node.place, text)
            continue
        if _is_publication_type(node.right):
            sentence = (
                "NOT takes out these publication types. A record may have several of them, or a wrong one: see "
                "that no report of a study goes with them."
            )
            yield Finding("R004", "note", sentence, node.place, text)
            continue
        left, right = shown(search, node.left.place), shown(search, node.right.place)
        both = f"({left}) AND ({right})" if 0 < len(left) + len(right) <= _LONGEST_SHOWN else "what AND finds instead"
        sentence = (
            "NOT also drops the relevant records that mention both, as studies that compare the two do. "
            f"Look at {both} first."
        )
        yield Finding("R004", "warning", sentence, node.place, text)


def _is_publication_type(node: Node) -> bool:
    return all(isinstance(leaf, Scoped) and "publication_type" in leaf.fields for leaf in leaves(at_leaves(node)))


def _is_animals_only(node: Node, lines: dict[int, Node]) -> bool:
    """Whether this is `animals not humans`, however it refers to the two."""
    node = _followed(node, lines)
    if not isinstance(node, Not):
        return False
    left, right = _followed(node.left, lines), _followed(node.right, lines)
    return _names_one_of(left, _ANIMALS) and _names_one_of(right, _HUMANS)


def _is_headings_only(node: Node, lines: dict[int, Node]) -> bool:
    """Whether this is `X not Y` of subject headings alone, however it refers to the two."""
    node = _followed(node, lines)
    if not isinstance(node, Not):
        return False
    if _is_animals_only(node, lines):
        return True
    sides = (_followed(node.left, lines), _followed(node.right, lines))
    return all(isinstance(leaf, Heading) for side in sides for leaf in leaves(side))


def _followed(node: Node, lines: dict[int, Node]) -> Node:
    for _ in range(_MOST_STEPS):
        if isinstance(node, LineRef) and node.number in lines:
            node = lines[node.number]
        elif isinstance(node, Scoped):
            node = node.node
        else:
            break
    return node


def _names_one_of(node: Node, names: frozenset[str]) -> bool:
    return any(isinstance(inner, Heading) and inner.text.casefold() in names for inner in walk(node))


def limits(search: Search, nodes: Sequence[Node]) -> Iterator[Finding]:
    """M001 and M002: limits to languages and dates, each named once where it begins."""
    languages: list[Node] = []
    dates: list[DateRange] = []
    for node in nodes:
        if isinstance(node, Scoped) and "language" in node.fields:
            languages.append(node)
        elif isinstance(node, DateRange):
            dates.append(node)
    if languages:
        text = shown(search, languages[0].place)
        sentence = (
            "The search is limited by language: relevant reports in others are never seen, nor counted. Say why in the "
            "methods, or set them aside when screening."
        )
        yield Finding("M001", "note", sentence, languages[0].place, text)
    for found in dates:
        entered = found.dated == "date_entry" and search.dialect.platform == "pubmed"
        sentence = (
            "PubMed gives a record that it adds more than a year after publication the day of publication as its entry "
            "date, so that this limit misses late additions; the date of creation [crdt] does not."
            if entered
            else "The search is limited by date: say why in the methods, and which of the record's dates is meant."
        )
        yield Finding("M002", "warning" if entered else "note", sentence, found.place, shown(search, found.place))
