"""Searches for the tests of the checks, made without any platform's reader."""

import re

from livingsearch.strategy.dialects import Dialect, PlatformName
from livingsearch.strategy.findings import Finding
from livingsearch.strategy.lint.checking import lint
from livingsearch.strategy.search import Line, Search
from livingsearch.strategy.tree import Node, Or, Phrase, Place, Scoped, Wild, Word

TITLES = ("title", "abstract")
_WILD = {"*": Wild(0, None), "$": Wild(0, None), "?": Wild(0, 1), "#": Wild(1, 1)}


def word(text: str, start: int = 0) -> Word:
    """`wom#n$` as a Word; `$2` is limited truncation."""
    parts: list[str | Wild] = []
    for piece in re.findall(r"\$\d|[*$?#]|[^*$?#]+", text):
        if len(piece) == 2 and piece[0] == "$":
            parts.append(Wild(0, int(piece[1])))
        else:
            parts.append(_WILD.get(piece, piece))
    return Word(tuple(parts), Place(start, start + len(text)))


def leaf(text: str, start: int = 0) -> Word | Phrase:
    """`"peer support$"` as a Phrase; one word without quotation marks as a Word."""
    words = tuple(word(m[0], start + m.start()) for m in re.finditer(r"[^\s'\"]+", text))
    place = Place(start, start + len(text))
    return Phrase(words, place) if len(words) > 1 else Word(words[0].parts, words[0].place)


def one_of(
    *terms: str, platform: PlatformName = "ovid", fields: tuple[str, ...] | None = TITLES, database: str | None = None
) -> Search:
    """The terms joined by OR; one alone is no operand of an OR. `term @title` is looked for in that field."""
    text = ""
    nodes: list[Node] = []
    for term in terms:
        said, _, own = term.partition(" @")
        text += " or " if text else ""
        node = leaf(said, len(text))
        text += said
        inner = tuple(own.split(",")) if own else fields
        nodes.append(Scoped(node, inner, Place(len(text) - len(said), len(text))) if inner else node)
    whole = Place(0, len(text))
    return search_of(nodes[0] if len(nodes) == 1 else Or(tuple(nodes), whole), text, platform, database)


def search_of(node: Node, text: str = "", platform: PlatformName = "ovid", database: str | None = None) -> Search:
    """One line."""
    return Search(text, Dialect(platform, database), (Line(1, node, Place(0, len(text))),))


def lines_of(*nodes: Node, platform: PlatformName = "ovid") -> Search:
    """A strategy with lines 1, 2, …, without any text."""
    lines = tuple(Line(number, node, Place(0, 0)) for number, node in enumerate(nodes, 1))
    return Search("", Dialect(platform), lines, numbered=True)


def findings_of(search: Search, code: str, **options: tuple[str, ...]) -> list[Finding]:
    """What the checks say with one code."""
    return [finding for finding in lint(search, **options) if finding.code == code]
