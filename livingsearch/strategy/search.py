"""A search as it was read: its lines, and what was noticed on the way."""

from dataclasses import dataclass

from livingsearch.strategy.dialects import Dialect
from livingsearch.strategy.findings import Finding, search_error
from livingsearch.strategy.tree import LineRef, Node, Place, children, rebuilt, walk

MAX_DEPTH = 100
"""Levels of brackets, lines' references counted in; beyond, a search is refused."""
MAX_NODES = 300_000
"""Nodes of a search when every reference is replaced by its line; beyond, a search is refused."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a strategy.

    Args:
        number: by which others refer to it; 1 for a search without numbers.
        node: what it says; its references point to lines above it.
        place: of its text behind the number, in the whole text.
    """

    number: int
    node: Node
    place: Place


@dataclass(frozen=True, slots=True)
class Search:
    """A search as it was read from a text.

    Args:
        text: as given.
        dialect: in which it was read.
        lines: at least one; the last one is what the search finds.
        numbered: whether the text numbers its lines.
        findings: what was noticed while reading, in the order of the text.
    """

    text: str
    dialect: Dialect
    lines: tuple[Line, ...]
    numbered: bool = False
    findings: tuple[Finding, ...] = ()

    @property
    def tree(self) -> Node:
        """What the search finds: its last line with every reference replaced by the line itself."""
        return resolved(self)[self.lines[-1].number]


def refuse_unclear(search: Search) -> None:
    """Refuses a search that was read but cannot be understood, before anything is made of it.

    Args:
        search: as `read_search` gives it.

    Raises:
        SearchTextError: a finding is fatal: an unknown field tag, a slot that a person has to fill.
    """
    for finding in search.findings:
        if finding.severity == "fatal":
            hint = f" (did you mean {finding.recommended}?)" if finding.recommended else ""
            problem = finding.sentence.rstrip(".") + hint
            raise search_error(problem, search.text, finding.place, finding.code)


def resolved(search: Search) -> dict[int, Node]:
    """Every line with its references replaced.

    Args:
        search: its lines refer to lines above them.

    Returns:
        Line's number → tree without LineRef. Lines that are referred to often are shared, not copied.

    Raises:
        SearchTextError: a reference has no line, or the search grows too large or too deep.
    """
    done: dict[int, Node] = {}
    sizes: dict[int, tuple[int, int]] = {}
    for line in search.lines:
        for node in walk(line.node):
            if isinstance(node, LineRef) and node.number not in done:
                problem = f"line {node.number} is referred to here, but no line above has this number"
                raise search_error(problem, search.text, node.place, "L002")
        size, depth = _size_and_depth(line.node, sizes)
        if size > MAX_NODES or depth > MAX_DEPTH:
            why = "the lines that this one refers to make the search" if search.numbered else "this search is nested"
            raise search_error(f"{why} too deep or too large to be read", search.text, line.place)
        sizes[line.number] = (size, depth)
        done[line.number] = replaced(line.node, done)
    return done


def replaced(node: Node, lines: dict[int, Node]) -> Node:
    """A tree with its references replaced by the given lines."""
    if isinstance(node, LineRef):
        return lines[node.number]
    if not any(isinstance(inner, LineRef) for inner in walk(node)):
        return node
    return rebuilt(node, tuple(replaced(child, lines) for child in children(node)))


def _size_and_depth(node: Node, lines: dict[int, tuple[int, int]]) -> tuple[int, int]:
    size, deepest = 0, 0
    waiting = [(node, 1)]
    while waiting:
        node, depth = waiting.pop()
        more, below = lines[node.number] if isinstance(node, LineRef) else (1, 0)
        size, deepest = size + more, max(deepest, depth + below)
        waiting.extend((child, depth + 1) for child in children(node))
    return size, deepest
