"""A search in plain words: what it finds, as an outline."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from livingsearch.strategy.dialects import LABELS, VOCABULARY_LABELS, Dialect, PlatformName
from livingsearch.strategy.normal import at_leaves, fields_joined, flat
from livingsearch.strategy.search import Search, refuse_unclear
from livingsearch.strategy.tree import (
    NOWHERE,
    And,
    DateRange,
    Heading,
    Limited,
    LineRef,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Place,
    Scoped,
    UidRange,
    Wild,
    Word,
)

Kind = Literal["all", "any", "without", "text", "heading", "limit", "line"]

_FIELDS: dict[str, str] = {
    "title": "title",
    "abstract": "abstract",
    "author_keywords": "author keywords",
    "keywords": "keywords (authors' and index terms)",
    "heading_word": "words of subject headings",
    "text_word": "the free-text fields (title, abstract, keywords, words of subject headings)",
    "all": "all fields",
    "subject_heading": "subject headings",
    "subject_heading_major": "subject headings that are main topics",
    "author": "authors",
    "affiliation": "affiliations",
    "journal": "journal",
    "publication_type": "publication type",
    "language": "language",
    "identifier": "identifiers (DOI)",
    "uid": "accession number",
}
_UNTAGGED: dict[PlatformName, str] = {
    "ovid": "the fields that Ovid searches of itself (.mp.: title, abstract, subject headings, keywords and more)",
    "pubmed": "all fields, with terms that PubMed adds of itself (automatic term mapping)",
    "ebsco": "the fields that EBSCOhost searches of itself (title, abstract, subject headings, authors, source)",
}
_DATED = {"date_publication": "published", "date_create": "record created", "date_entry": "record entered"}
_OPEN = "…"
_LEGEND = "“…” at the end of a word stands for any ending, or none."


@dataclass(frozen=True, slots=True)
class Item:
    """A part of a search in plain words.

    Args:
        kind: `all`, `any` and `without` have parts; the others say everything in `text`.
        text: what this part finds; for `all`, `any` and `without` the heading of its parts.
        fields: in which a term, or every term of a list, is looked for; empty where the parts say it themselves, or
            where no field is meant.
        parts: in the order of the search; of `without` the first is what is kept, the second what is taken out.
        place: in the search's text.
    """

    kind: Kind
    text: str
    fields: str = ""
    parts: "tuple[Item, ...]" = ()
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class ExplainedLine:
    """One line of a strategy in plain words."""

    number: int
    item: Item


@dataclass(frozen=True, slots=True)
class Explanation:
    """A search in plain words.

    Args:
        lines: as the search has them; the last one is what it finds.
        numbered: whether the search numbers its lines.
        open_endings: whether a word with an open ending occurs, so that `…` needs explaining.
    """

    lines: tuple[ExplainedLine, ...]
    numbered: bool
    open_endings: bool

    @property
    def text(self) -> str:
        """The outline as plain text."""
        out: list[str] = []
        for line in self.lines:
            head = f"Line {line.number}: " if self.numbered else ""
            out += _rendered(line.item, head, 0)
        if self.numbered and len(self.lines) > 1:
            out.append(f"The search finds what line {self.lines[-1].number} finds.")
        return "\n".join([*out, _LEGEND] if self.open_endings else out)


def explained(search: Search, default_fields: Sequence[str] | None = None) -> Explanation:
    """Says what a search finds.

    Args:
        search: as `read_search` gives it.
        default_fields: where terms without a field are looked for; None for what the platform does with them.

    Raises:
        SearchTextError: a finding says that the search cannot be understood (an unknown field tag).
    """
    refuse_unclear(search)
    outline = _Outline(search.dialect, default_fields)
    lines = tuple(
        ExplainedLine(line.number, outline.item(fields_joined(flat(at_leaves(flat(line.node))))))
        for line in search.lines
    )
    return Explanation(lines, search.numbered, outline.open_endings)


class _Outline:
    def __init__(self, dialect: Dialect, default_fields: Sequence[str] | None) -> None:
        self.open_endings = False
        self._dialect = dialect
        self._default = (
            _fields(default_fields)
            if default_fields is not None
            else _UNTAGGED.get(dialect.platform, f"the fields that {LABELS[dialect.platform]} searches of itself")
        )

    def item(self, node: Node, fields: str | None = None) -> Item:
        """A node, looked for in the given fields where it says none of its own."""
        match node:
            case Scoped(node=inner, fields=own):
                return self._limit(inner, own, node.place) or self.item(inner, _fields(own))
            case And(operands=operands):
                return Item("all", "all of", "", self._parts(operands, fields), node.place)
            case Or(operands=operands):
                parts = self._parts(operands, fields)
                return parts[0] if len(parts) == 1 else _any_of(parts, node.place)
            case Limited(node=inner, limits=limits):
                return Item("all", "all of", "", self._parts((inner, *limits), fields), node.place)
            case Not(left=left, right=right):
                return Item(
                    "without", "the first without the second of", "", self._parts((left, right), fields), node.place
                )
            case Word() | Phrase() | Near():
                return Item("text", self._leaf(node), fields or self._default, place=node.place)
            case Heading():
                return Item("heading", _heading(node), place=node.place)
            case DateRange(dated=dated, first=first, last=last):
                return Item("limit", f"{_DATED[dated]} {_between(first, last)}", place=node.place)
            case UidRange(first=low, last=high):
                return Item("limit", f"accession number {_between(low, high)}", place=node.place)
            case LineRef(number=number):
                return Item("line", f"line {number}", place=node.place)

    def _parts(self, nodes: tuple[Node, ...], fields: str | None) -> tuple[Item, ...]:
        return tuple([self.item(node, fields) for node in nodes])

    def _limit(self, node: Node, fields: tuple[str, ...], place: Place) -> Item | None:
        """A language, a publication type or a limit of the platform; None for anything else."""
        if len(fields) != 1 or not isinstance(node, Word | Phrase):
            return None
        (field,) = fields
        label = {"language": "language", "publication_type": "publication type"}.get(field)
        if field.endswith(":limit"):
            label = "limit"
        return Item("limit", f"{label}: {self._pattern(node)}", place=place) if label else None

    def _leaf(self, leaf: Word | Phrase | Near) -> str:
        match leaf:
            case Word():
                return self._word(leaf)
            case Phrase():
                return f"the phrase “{self._pattern(leaf)}”"
            case Near(operands=operands, between=between, ordered=ordered):
                names = [self._near_operand(operand) for operand in operands]
                return _close(names, between, ordered)

    def _word(self, word: Word) -> str:
        *body, ending = word.parts
        plain_body = "".join([part for part in body if isinstance(part, str)])
        if word.plain:
            return f"the word “{word.text}”"
        if isinstance(ending, Wild) and len(plain_body) and all(isinstance(part, str) for part in body):
            if word.truncated:
                return f"words that begin with “{plain_body}”"
            return f"words of “{plain_body}” and {_characters(ending)} behind it"
        return f"words of the form “{self._pattern(word)}”"

    def _near_operand(self, node: Node) -> str:
        match node:
            case Word() | Phrase():
                return f"“{self._pattern(node)}”"
            case Scoped(node=inner):
                return self._near_operand(inner)
            case Or(operands=operands):
                return f"(any of {', '.join([self._near_operand(operand) for operand in operands])})"
            case And(operands=operands):
                return f"(each of {', '.join([self._near_operand(operand) for operand in operands])})"
            case Near():
                return f"({self._leaf(node)})"
            case Not(left=left, right=right):
                return f"({self._near_operand(left)} without {self._near_operand(right)})"
            case _:
                return self.item(node).text

    def _pattern(self, leaf: Word | Phrase) -> str:
        words = leaf.words if isinstance(leaf, Phrase) else (leaf,)
        return " ".join(["".join(self._part(word, at) for at in range(len(word.parts))) for word in words])

    def _part(self, word: Word, at: int) -> str:
        part = word.parts[at]
        if isinstance(part, str):
            return part
        if at == len(word.parts) - 1 and word.truncated:
            self.open_endings = True
            return _OPEN
        return f"[{_characters(part)}]"


def _any_of(parts: tuple[Item, ...], place: Place) -> Item:
    """A list; the fields that all its terms share stand at the list."""
    fields = {part.fields for part in parts}
    if len(fields) == 1 and "" not in fields:
        bare = tuple([replace(part, fields="") for part in parts])
        return Item("any", "any of", fields.pop(), bare, place)
    return Item("any", "any of", "", parts, place)


def _fields(names: Iterable[str]) -> str:
    return _or_list([_FIELDS.get(name) or _own_field(name) for name in names])


def _own_field(name: str) -> str:
    platform, _, tag = name.partition(":")
    label = next((label for known, label in LABELS.items() if known == platform), platform)
    return f"the field {tag or platform} of {label}" if tag else name.replace("_", " ")


def _heading(heading: Heading) -> str:
    thesaurus = f" ({VOCABULARY_LABELS[heading.vocabulary]})" if heading.vocabulary else ""
    text = f"the subject heading “{heading.text}”{thesaurus}"
    if heading.exploded:
        text += " and everything below it"
    if heading.qualifiers:
        text += f", with the subheading {_or_list(heading.qualifiers)}"
    return text + (", as a main topic only" if heading.major else "")


def _close(names: list[str], between: int, ordered: bool) -> str:
    order = "in this order" if ordered else "in any order"
    if len(names) == 2 and not ordered:
        text = " and ".join(names)
    else:
        text = " then ".join(names) if ordered else f"{', '.join(names[:-1])} and {names[-1]}"
    if between == 0:
        return f"{text} side by side, {order}"
    return f"{text} with at most {between} {'word' if between == 1 else 'words'} between, {order}"


def _characters(wild: Wild) -> str:
    if wild.most is None:
        return f"{wild.least} or more characters" if wild.least else "any characters"
    if wild.least == wild.most:
        return "1 character" if wild.most == 1 else f"{wild.most} characters"
    if wild.least == 0:
        return "at most 1 character" if wild.most == 1 else f"at most {wild.most} characters"
    return f"{wild.least} to {wild.most} characters"


def _between(first: date | int | None, last: date | int | None) -> str:
    if first is not None and first == last:
        return f"{first}"
    said = ([f"from {first}"] if first is not None else []) + ([f"up to {last}"] if last is not None else [])
    return " ".join(said) or "at any time"


def _or_list(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}" if names else "no field"


def _rendered(item: Item, head: str, depth: int) -> list[str]:
    """An item as lines: groups of groups number their parts, groups of terms stand on one line."""
    indent = "  " * depth
    where = f", in {item.fields}" if item.fields else ""
    if not item.parts:
        return [f"{indent}{head}{item.text}{where}"]
    title = item.text if head.endswith(") ") else item.text[0].upper() + item.text[1:]
    lone = {part.kind for part in item.parts} <= ({"line"} if item.kind == "all" else {"text", "heading", "line"})
    if lone and item.kind != "without" and not any(part.fields for part in item.parts):
        return [f"{indent}{head}{title}{where}: {' · '.join([part.text for part in item.parts])}"]
    out = [f"{indent}{head}{title}{where}:"]
    for number, part in enumerate(item.parts, 1):
        out += _rendered(part, f"({number}) ", depth + 1)
    return out
