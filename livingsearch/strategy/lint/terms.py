"""The terms of a search in the groups in which they stand for each other: the operands of one OR, however written."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from livingsearch.strategy.search import Search
from livingsearch.strategy.tree import (
    NOWHERE,
    And,
    Limited,
    LineRef,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Place,
    Scoped,
    Wild,
    Word,
    children,
)

FREE_TEXT = frozenset(
    {"title", "abstract", "author_keywords", "keywords", "heading_word", "text_word", "all", "ovid:mp"}
)
"""Fields in which words are looked for, not names, dates or codes."""
_MOST_JOINED = 20_000
"""Terms that references bring into groups of other lines, all groups together; of a search made to grow, no more."""
_QUOTES = ("'", '"', "“", "‘")
_SIGNS: dict[str, dict[Wild, str]] = {
    "ovid": {Wild(0, None): "$", Wild(0, 1): "?", Wild(1, 1): "#"},
    "ebsco": {Wild(0, None): "*", Wild(0, 1): "#", Wild(1, 1): "?"},
}


@dataclass(frozen=True, slots=True)
class Term:
    """A word or phrase of a search.

    Args:
        leaf: as it stands in the tree.
        words: its words; one for a Word.
        fields: where it is looked for; None where nothing is said.
        whole: its place with the field tag that is its own alone.
        in_or: whether it is an operand of an OR, so that another one may be put beside it without brackets.
        in_near: whether it is part of a proximity search.
    """

    leaf: Word | Phrase
    words: tuple[Word, ...]
    fields: tuple[str, ...] | None
    whole: Place
    in_or: bool
    in_near: bool

    @property
    def is_free_text(self) -> bool:
        """Whether it is looked for as a word of the text."""
        return self.fields is None or any(name in FREE_TEXT for name in self.fields)


@dataclass(slots=True)
class Group:
    """Terms any of which will do.

    Args:
        terms: in the order of the text; of other lines where the OR refers to them.
        nears: proximity searches among the operands, with their fields and places.
        lines: numbers of the lines that were taken in.
        excluded: whether NOT takes out what they find.
    """

    terms: list[Term] = field(default_factory=list)
    nears: list[tuple[Near, tuple[str, ...] | None, Place]] = field(default_factory=list)
    lines: set[int] = field(default_factory=set)
    excluded: bool = False

    @property
    def is_filter(self) -> bool:
        """Whether it is a filter for study designs, which is to be used as it was published."""
        return any(term.fields is not None and "publication_type" in term.fields for term in self.terms)


@dataclass(frozen=True, slots=True)
class _Visit:
    node: Node
    fields: tuple[str, ...] | None
    whole: Place | None = None
    group: Group | None = None
    in_or: bool = False
    in_near: bool = False
    excluded: bool = False


def groups_of(search: Search, default_fields: tuple[str, ...] | None = None) -> tuple[Group, ...]:
    """The groups of a search.

    A line that is an operand of another line's OR belongs to the group there. A term that is no operand of an OR
    is a group of its own. What limits (languages, publication types) say is left out.

    Args:
        search: as read.
        default_fields: where terms without a field are looked for; None where nothing is known of it.
    """
    above = {line.number: line.node for line in search.lines}
    position = {line.number: at for at, line in enumerate(search.lines)}
    groups: list[Group] = []
    taken: set[int] = set()
    left = _MOST_JOINED
    for at in reversed(range(len(search.lines))):
        if search.lines[at].number in taken:
            continue
        waiting = [_Visit(search.lines[at].node, default_fields)]
        while waiting:
            visit = waiting.pop()
            if isinstance(visit.node, LineRef):
                wanted = visit.node.number
                group = visit.group
                if group is None or wanted in group.lines or position.get(wanted, at) >= at or left <= 0:
                    continue
                if not _joins(above[wanted]):
                    continue
                left -= 1 + len(children(above[wanted]))
                group.lines.add(wanted)
                taken.add(wanted)
                waiting.append(_Visit(above[wanted], default_fields, None, group, False, False))
                continue
            waiting.extend(reversed(list(_parts(visit, groups))))
    return tuple(groups)


def _joins(node: Node) -> bool:
    """Whether a line is an OR or a single term, which another OR may take in."""
    while isinstance(node, Scoped | Limited):
        node = node.node
    return isinstance(node, Or | Word | Phrase | Near | LineRef)


def _parts(visit: _Visit, groups: list[Group]) -> Iterator[_Visit]:
    """Puts a term into its group, or gives the nodes to look at next."""
    node, group = visit.node, visit.group
    match node:
        case Or(operands=operands):
            if group is None:
                group = Group(excluded=visit.excluded)
                groups.append(group)
            for operand in operands:
                yield _Visit(operand, visit.fields, None, group, True, visit.in_near, visit.excluded)
        case Scoped(node=inner, fields=fields):
            own = node.place if isinstance(inner, Word | Phrase | Near) else None
            yield _Visit(inner, fields, own, group, visit.in_or, visit.in_near, visit.excluded)
        case Limited(node=inner):
            yield _Visit(inner, visit.fields, None, group, False, visit.in_near, visit.excluded)
        case Word() | Phrase():
            words = (node,) if isinstance(node, Word) else node.words
            if not words:
                return
            term = Term(node, words, visit.fields, visit.whole or node.place, visit.in_or, visit.in_near)
            if group is None:
                group = Group(excluded=visit.excluded)
                groups.append(group)
            group.terms.append(term)
        case Near(operands=operands):
            if group is not None:
                group.nears.append((node, visit.fields, visit.whole or node.place))
            for operand in operands:
                yield _Visit(operand, visit.fields, None, None, False, True, visit.excluded)
        case And(operands=operands):
            for operand in operands:
                yield _Visit(operand, visit.fields, None, None, False, visit.in_near, visit.excluded)
        case Not(left=left, right=right):
            yield _Visit(left, visit.fields, excluded=visit.excluded)
            yield _Visit(right, visit.fields, excluded=True)


def shown(search: Search, place: Place, leaf: Word | Phrase | None = None) -> str:
    """A part of a search as it stands in its text; written anew where the tree came from elsewhere."""
    if place != NOWHERE and place.end <= len(search.text):
        return search.text[place.start : place.end]
    if leaf is None:
        return ""
    words = (leaf,) if isinstance(leaf, Word) else leaf.words
    return " ".join(rendered(word, search.dialect.platform) for word in words)


def rendered(word: Word, platform: str) -> str:
    """A word with the wildcards of its platform."""
    signs = _SIGNS.get(platform, {})
    out = []
    for part in word.parts:
        if isinstance(part, str):
            out.append(part)
        else:
            limited = f"${part.most}" if platform == "ovid" and part.most else "*"
            out.append(signs.get(part, limited))
    return "".join(out)


def with_also(
    search: Search, term: Term, at: int, others: tuple[str, ...], *, instead: bool = False, last: int | None = None
) -> str:
    """A term with others beside it that differ in one word, or in a few side by side.

    Args:
        search: from which the term comes.
        term: any.
        at: which of its words differs.
        others: texts that take the place of that word, `*` for any ending.
        instead: whether they replace the term; else they stand behind it.
        last: the last of the words that differ; None for one only.

    Returns:
        `a or b`, with brackets where they are needed, tags and quotation marks as the term has them.
    """
    last = at if last is None else last
    text, place = search.text, term.whole
    start, end = term.words[at].place.start, term.words[last].place.end
    if place.start <= start < end <= place.end <= len(text):
        before, behind = text[place.start : start], text[end : place.end]
    else:
        before = "".join(rendered(w, search.dialect.platform) + " " for w in term.words[:at])
        behind = "".join(" " + rendered(w, search.dialect.platform) for w in term.words[last + 1 :])
    sign = _truncation_sign(shown(search, term.words[last].place, term.words[last]), search.dialect.platform)
    whole = shown(search, place, term.leaf)
    if before.count("'") == behind.count("'") == 1:
        # A pair, not an apostrophe; Ovid, PubMed and EBSCOhost have double ones only.
        before, behind = before.replace("'", '"'), behind.replace("'", '"')
        whole = before + text[start:end] + behind
    quoted = before.rstrip()[-1:] in _QUOTES or len(term.words) > 1
    own = () if instead else (whole,)
    forms = [f'"{other}"' if " " in other and not quoted else other for other in others]
    texts = [*own, *(f"{before}{form.replace('*', sign)}{behind}" for form in forms)]
    operator = " or " if search.dialect.platform == "ovid" else " OR "
    joined = operator.join(texts)
    return joined if term.in_or or len(texts) == 1 else f"({joined})"


def _truncation_sign(word: str, platform: str) -> str:
    if platform == "ovid":
        return "*" if "*" in word or "$" not in word else "$"
    return "*"
