"""What changed between two searches: their terms, the fields of these, and how they are joined."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import get_args

from livingsearch.errors import SearchTextError
from livingsearch.strategy.dialects import Dialect
from livingsearch.strategy.normal import at_leaves, flat, normal
from livingsearch.strategy.plain_text import on_one_line
from livingsearch.strategy.reading import read_search
from livingsearch.strategy.search import Search
from livingsearch.strategy.tree import (
    And,
    FieldName,
    Limited,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Scoped,
    Word,
    leaves,
)

_MOST = 8
_LONGEST = 100
_FREE_TEXT = frozenset(("title", "abstract", "author_keywords", "keywords", "heading_word", "text_word", "all"))


@dataclass(frozen=True, slots=True)
class Given:
    """A search as text.

    Args:
        text: verbatim.
        dialect: its platform and database; None where the platform is unknown.
    """

    text: str
    dialect: Dialect | None


@dataclass(frozen=True, slots=True)
class SearchChange:
    """One way in which a search changed.

    Args:
        added: terms, or lines of a search that cannot be read, that came.
        removed: those that went.
        note: the rest of the sentence, without its full stop.
    """

    added: tuple[str, ...]
    removed: tuple[str, ...]
    note: str


def search_changes(before: Given, after: Given) -> tuple[SearchChange, ...]:
    """How a search changed.

    Args:
        before: the earlier state.
        after: the later state.

    Returns:
        Nothing where the texts are equal. Else terms that came and went, terms that are looked for in other fields,
        terms that are joined differently; or that only the writing differs. Lines where one of the two cannot be
        read.
    """
    if before.text == after.text:
        return ()
    one, other = _read(before), _read(after)
    if one is None or other is None:
        return (_lines(before.text, after.text),)
    old, new = _Terms(one), _Terms(other)
    changes = []
    added = tuple(new.shown[key] for key in new.fields if key not in old.fields)
    removed = tuple(old.shown[key] for key in old.fields if key not in new.fields)
    if added or removed:
        changes.append(SearchChange(added, removed, ""))
    shared = [key for key in new.fields if key in old.fields]
    changes += _moved(old, new, shared)
    if _joined_differently(old, new, frozenset(shared)):
        what = "the terms that stayed are joined" if added or removed else "the same terms, joined"
        changes.append(SearchChange((), (), f"{what} differently by AND, OR, NOT or brackets"))
    return tuple(changes) or (SearchChange((), (), _likeness(old, new)),)


def _read(given: Given) -> Search | None:
    """The search, or None where it cannot be understood."""
    if given.dialect is None:
        return None
    try:
        search = read_search(given.text, given.dialect)
    except SearchTextError:
        return None
    return None if any(finding.severity == "fatal" for finding in search.findings) else search


class _Terms:
    """The terms of a search, each under a key that is the same wherever the same is looked for."""

    def __init__(self, search: Search) -> None:
        self.platform = search.dialect.platform
        self.tree = at_leaves(flat(search.tree))
        self.fields: dict[Node, frozenset[str]] = {}
        self.shown: dict[Node, str] = {}
        for leaf in leaves(self.tree):
            inner = leaf.node if isinstance(leaf, Scoped) else leaf
            text = search.text[inner.place.start : inner.place.end]
            text = " ".join(text.split()) or _bare(inner)
            for key, fields in _keys(leaf):
                self.fields[key] = self.fields.get(key, frozenset()) | fields
                where = f" ({_named(frozenset(key.fields))})" if isinstance(key, Scoped) else ""
                self.shown.setdefault(key, text + where)


def _likeness(old: _Terms, new: _Terms) -> str:
    """What to say of two searches whose terms, fields and joints are the same."""
    if normal(old.tree) != normal(new.tree):
        return "the same terms, but their fields are joined differently"
    untagged = any(isinstance(leaf, Word | Phrase | Near) for leaf in leaves(new.tree))
    if untagged and old.platform != new.platform:
        return "the same terms, but those without a field are looked for elsewhere on another platform"
    return "written differently, finds the same"


def _keys(leaf: Node) -> list[tuple[Node, frozenset[str]]]:
    """What a term goes by, with the fields that it may change and stay the same term.

    In a field such as the language, or an author's name, it is another term than in the title.
    """
    if not isinstance(leaf, Scoped):
        return [(normal(leaf), frozenset())]
    term = normal(leaf.node)
    free = frozenset(name for name in leaf.fields if name in _FREE_TEXT)
    others: list[tuple[Node, frozenset[str]]] = [
        (Scoped(term, (name,)), frozenset()) for name in sorted(set(leaf.fields)) if name not in _FREE_TEXT
    ]
    return [(term, free), *others] if free else others


def _bare(node: Node) -> str:
    """A term in letters, for a part that has no place in the text."""
    match node:
        case Word():
            return "".join(part if isinstance(part, str) else "*" for part in node.parts)
        case Phrase(words=words):
            return " ".join(_bare(word) for word in words)
        case Near(operands=operands):
            return " NEAR ".join(_bare(operand) for operand in operands)
        case _:
            return str(getattr(node, "text", type(node).__name__))


def _moved(old: _Terms, new: _Terms, shared: list[Node]) -> list[SearchChange]:
    """Terms that are looked for elsewhere, together where it is the same change."""
    by_change: dict[tuple[frozenset[str], frozenset[str]], list[str]] = {}
    for key in shared:
        if old.fields[key] != new.fields[key]:
            by_change.setdefault((old.fields[key], new.fields[key]), []).append(new.shown[key])
    changes = []
    for (before, after), terms in by_change.items():
        who = "all terms" if len(terms) == len(new.fields) > 1 else listed(terms)
        verb = "is" if len(terms) == 1 else "are"
        note = f"{who} {verb} now looked for in {_named(after)}, before in {_named(before)}"
        changes.append(SearchChange((), (), note))
    return changes


def _named(fields: frozenset[str]) -> str:
    places = {name: place for place, name in enumerate(get_args(FieldName))}
    names = sorted(fields, key=lambda name: (places.get(name, len(places)), name))
    return ", ".join(name.replace("_", " ") for name in names) or "no field of their own"


def _joined_differently(old: _Terms, new: _Terms, shared: frozenset[Node]) -> bool:
    one, other = _pruned(old.tree, shared), _pruned(new.tree, shared)
    if one is None or other is None:
        return False
    return normal(one) != normal(other)


def _pruned(node: Node, kept: frozenset[Node]) -> Node | None:
    """A tree with only those terms, without their fields."""
    match node:
        case And(operands=operands) | Or(operands=operands):
            parts = [part for operand in operands if (part := _pruned(operand, kept)) is not None]
            return replace(node, operands=tuple(parts)) if parts else None
        case Not(left=left, right=right):
            one, other = _pruned(left, kept), _pruned(right, kept)
            if one is None or other is None:
                return one
            return replace(node, left=one, right=other)
        case Limited():
            return _pruned(flat(node), kept)
        case _:
            keys = tuple(key for key, _ in _keys(node) if key in kept)
            return Or(keys) if keys else None


def listed(items: Sequence[str]) -> str:
    """Things as a sentence lists them: long ones cut, of many the first ones and how many more there are."""
    plain = [on_one_line(item[: 2 * _LONGEST]) for item in items[:_MOST]]
    shown = [item if len(item) <= _LONGEST else f"{item[: _LONGEST - 1]}…" for item in plain]
    more = len(items) - len(shown)
    return ", ".join(shown) + (f" and {more:,} more" if more else "")


def _lines(before: str, after: str) -> SearchChange:
    olds, news = before.splitlines(), after.splitlines()
    added = tuple(line for line in news if line not in set(olds))
    removed = tuple(line for line in olds if line not in set(news))
    note = "compared line by line, as it cannot be read"
    return SearchChange(added, removed, note if added or removed else f"other line breaks or order; {note}")
