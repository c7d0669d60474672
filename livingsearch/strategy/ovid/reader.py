"""Reads searches as they are written for Ovid: on one line, or as a numbered list of lines.

Sources: Ovid's help on advanced searching (command line syntax, truncation, adjacency, limits); for the order of
operators, which Ovid's own help does not give, the training pages of CIAP, New South Wales: AND before NOT, OR last.
"""

import re
from dataclasses import replace

from livingsearch.strategy.dialects import Dialect
from livingsearch.strategy.findings import Finding, search_error
from livingsearch.strategy.grammar import Binding, Close, Open, Operator, Piece, Term, tree_of
from livingsearch.strategy.normal import at_leaves, flat
from livingsearch.strategy.ovid.characters import Source, source_of
from livingsearch.strategy.ovid.dates import ranges_of
from livingsearch.strategy.ovid.fields import fields_of
from livingsearch.strategy.ovid.limits import limits_of
from livingsearch.strategy.ovid.lines import Stretch, layout_of
from livingsearch.strategy.ovid.pieces import Cutter
from livingsearch.strategy.ovid.terms import Setting
from livingsearch.strategy.search import MAX_DEPTH, Line, Search
from livingsearch.strategy.tree import (
    And,
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
    Vocabulary,
    Word,
    children,
    rebuilt,
    walk,
)

_BINDING = Binding(
    (frozenset({"near"}), frozenset({"and"}), frozenset({"not"}), frozenset({"or"})),
    "warning",
    "AND before NOT and OR last",
)
_COMMANDS = re.compile(r"\s*(?:(?:limit|remove|from)\s|\.\.[a-z])", re.IGNORECASE)
_DOTTED = re.compile(r"\s*\.\.[a-z]{1,20}(?![\w.])", re.IGNORECASE)
_LIMIT = re.compile(r"\s*limit\s+(#?[0-9]{1,9})\s+to\s", re.IGNORECASE)
_LIMIT_WITHOUT = re.compile(r"\s*limit\s+#?[0-9]{1,9}(?:\s+to)?\s*\Z", re.IGNORECASE)
_DUPLICATES = re.compile(r"\s*remove\s+duplicates\s+from\s+(#?[0-9]{1,9})\s*\Z", re.IGNORECASE)
_KEEP = re.compile(r"\s*from\s+#?[0-9]{1,9}\s+keep\s", re.IGNORECASE)


def read(text: str, dialect: Dialect) -> Search:
    """Reads a search for Ovid.

    Args:
        text: as documented: on one line or several, or a numbered list of lines as Ovid prints or shows it.
        dialect: Ovid and the database searched there.

    Returns:
        Its lines, and what was noticed.

    Raises:
        SearchTextError: it cannot be read.
    """
    findings: list[Finding] = []
    layout = layout_of(source_of(text, findings), findings)
    source, fields = layout.source, fields_of(dialect)
    numbers = frozenset(stretch.number for stretch in layout.stretches) if layout.numbered else frozenset()
    lines = []
    for stretch in layout.stretches:
        setting = Setting(source, dialect, fields, numbers, stretch.number)
        node = _read_line(setting, stretch, findings)
        lines.append(Line(stretch.number, node, source.place(stretch.start, stretch.end)))
    findings.sort(key=lambda finding: finding.place.start)
    return Search(text, dialect, tuple(lines), layout.numbered, tuple(findings))


def _read_line(setting: Setting, stretch: Stretch, findings: list[Finding]) -> Node:
    source = setting.source
    within = source.place(stretch.start, stretch.end)
    if not setting.numbers:
        _refuse_lone_command(source, stretch)
    command = _command(setting, stretch, findings, within) if setting.numbers else None
    if command is not None:
        return command
    cutter = Cutter(setting, findings)
    cutter.cut(stretch.start, stretch.end)
    pieces = cutter.pieces
    if len(pieces) == 1 and isinstance(pieces[0], Term):
        return pieces[0].node
    _note_not_and(pieces, source, findings)
    node = tree_of(pieces, source.text, _BINDING, findings, within)
    _refuse_depth(node, source, within)
    return _settled(node, setting) if cutter.to_settle else node


def _command(setting: Setting, stretch: Stretch, findings: list[Finding], within: Place) -> Node | None:
    """Lines that work on another line: `limit 7 to …`, `remove duplicates from 7`."""
    source = setting.source
    clean, start, end = source.clean, stretch.start, stretch.end
    if not _COMMANDS.match(clean, start, end):
        return None
    if match := _LIMIT.match(clean, start, end):
        reference = _referred(match, source)
        return Limited(reference, limits_of(source, match.end(), end, setting.fields, findings), within)
    if _LIMIT_WITHOUT.match(clean, start, end):
        problem = 'nothing stands behind this limit; limits are written like limit 7 to yr="2010 -Current"'
        raise search_error(problem, source.text, within)
    if match := _DUPLICATES.match(clean, start, end):
        reference = _referred(match, source)
        sentence = (
            f"Removing duplicates is no part of the search; this line was read as line {reference.number} itself."
        )
        findings.append(Finding("R002", "note", sentence, within, source.text[within.start : within.end]))
        return reference
    if match := _DOTTED.match(clean, start, end):
        problem = (
            f"{match[0].strip()} is a command of Ovid's and no part of a search; limits are written like limit 7 to "
            'yr="2010 -Current", other commands are left out'
        )
        raise search_error(problem, source.text, within)
    if _KEEP.match(clean, start, end):
        problem = "this line picks single records by hand, which no search can say again; a search is expected"
        raise search_error(problem, source.text, within)
    return None


def _refuse_lone_command(source: Source, stretch: Stretch) -> None:
    """A line that works on another one says nothing without it: its words are no phrase to look for."""
    for pattern in (_LIMIT, _DUPLICATES):
        if match := pattern.match(source.clean, stretch.start, stretch.end):
            shown = " ".join(match[0].split())
            problem = f"“{shown}” works on line {match[1].lstrip('#')}, but this search has no numbered lines"
            raise search_error(problem, source.text, source.place(*match.span()), "L002")


def _referred(match: re.Match[str], source: Source) -> LineRef:
    return LineRef(int(match[1].lstrip("#")), source.place(*match.span(1)))


def _note_not_and(pieces: list[Piece], source: Source, findings: list[Finding]) -> None:
    """Adds S004 where AND follows NOT in the same brackets: sources do not agree on what Ovid reads first."""
    if not any(isinstance(piece, Operator) and piece.name == "not" for piece in pieces):
        return
    groups: list[tuple[int, set[str], bool]] = [(0, set(), False)]
    for piece in pieces:
        start, names, odd = groups[-1]
        match piece:
            case Open(place=place):
                groups.append((place.start, set(), False))
            case Close(place=place):
                if len(groups) > 1:
                    groups.pop()
                    _add_not_and(start, place.end, names, odd, source, findings)
            case Operator(name=name):
                groups[-1] = (start, names | {name}, odd or (name == "and" and "not" in names))
    if pieces and len(groups) == 1:
        start, names, odd = groups[0]
        _add_not_and(pieces[0].place.start, pieces[-1].place.end, names, odd, source, findings)


def _add_not_and(start: int, end: int, names: set[str], odd: bool, source: Source, findings: list[Finding]) -> None:
    if odd and "or" not in names:
        sentence = "AND follows NOT without brackets; it was read before NOT. Put brackets where they are meant."
        place = Place(start, end)
        findings.append(Finding("S004", "warning", sentence, place, source.text[start:end]))


def _refuse_depth(node: Node, source: Source, within: Place) -> None:
    waiting = [(node, 1)]
    while waiting:
        node, depth = waiting.pop()
        if depth > MAX_DEPTH:
            problem = f"more than {MAX_DEPTH} operators or brackets stand within each other here"
            raise search_error(problem, source.text, within)
        waiting.extend([(child, depth + 1) for child in children(node)])


def _settled(node: Node, setting: Setting) -> Node:
    """The tree with what can only be said of whole terms: `adj` as a phrase, dates, headings named by `.sh.`."""
    inner = children(node)
    if inner:
        parts = tuple([_settled(child, setting) for child in inner])
        if any(part is not child for part, child in zip(parts, inner, strict=True)):
            node = rebuilt(node, parts)
    match node:
        case Near():
            return _near(node, setting.source)
        case Scoped(node=term, fields=("date_publication" | "date_create" | "date_entry" as dated,)):
            return ranges_of(dated, flat(term), node.place) or node
        case Scoped(fields=("subject_heading",)):
            return _headings(at_leaves(node), setting.dialect.vocabulary)
        case _:
            return node


def _headings(node: Node, vocabulary: Vocabulary | None) -> Node:
    """Whole headings in the place of plain terms with `.sh.`."""
    match node:
        case Scoped(node=Word() | Phrase() as leaf, fields=("subject_heading",)):
            words = leaf.words if isinstance(leaf, Phrase) else (leaf,)
            if not all(word.plain for word in words):
                return node
            return Heading(" ".join(word.text for word in words), vocabulary, place=node.place)
        case And() | Or() | Not():
            return rebuilt(node, tuple(_headings(child, vocabulary) for child in children(node)))
        case _:
            return node


def _near(node: Near, source: Source) -> Node:
    """Proximity as the tree wants it: words within one set of fields, `adj` between plain words a phrase."""
    operands = node.operands
    scopes = {operand.fields if isinstance(operand, Scoped) else None for operand in operands}
    last = operands[-1]
    if isinstance(last, Scoped) and scopes <= {None, last.fields}:
        # One tag for all, or one at the end, which Ovid takes for the whole: (home adj3 help).ti., home adj3 help.ti.
        unscoped = tuple(operand.node if isinstance(operand, Scoped) else operand for operand in operands)
        return Scoped(_near(replace(node, operands=unscoped), source), last.fields, node.place)
    for operand in operands:
        for inner in walk(operand):
            if not isinstance(inner, Word | Phrase | And | Or | Not | Near):
                problem = (
                    "adj stands between words and phrases only, with one field tag behind all of them, as in "
                    "(peer adj3 support).ti,ab."
                )
                raise search_error(problem, source.text, inner.place, "F005")
    if node.ordered and all(isinstance(operand, Word | Phrase) for operand in operands):
        words = tuple(
            word
            for operand in operands
            for word in (operand.words if isinstance(operand, Phrase) else (operand,))
            if isinstance(word, Word)
        )
        return Phrase(words, node.place)
    return node
