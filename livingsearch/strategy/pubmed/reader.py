"""Reads searches in PubMed's syntax: one text, or the numbered lines of its history."""

import re
from typing import get_args

from livingsearch.strategy.dialects import Dialect
from livingsearch.strategy.findings import Finding, search_error
from livingsearch.strategy.grammar import (
    Behind,
    Binding,
    Close,
    Open,
    Operator,
    OperatorName,
    Piece,
    Term,
    tree_of,
)
from livingsearch.strategy.pubmed.characters import cleaned
from livingsearch.strategy.pubmed.fields import Tag
from livingsearch.strategy.pubmed.forms import MOST_WILDCARDS
from livingsearch.strategy.pubmed.groups import note_group_tag, without_mapping_within
from livingsearch.strategy.pubmed.values import ValueReader
from livingsearch.strategy.search import Line, Search
from livingsearch.strategy.tree import LineRef, Node, Place, Word

BINDING = Binding((frozenset(get_args(OperatorName)),), "error", "from left to right", "and")
"""PubMed User Guide: operators are processed from left to right; nothing between two terms is AND."""

_TOKEN = re.compile(
    r"""(?P<quoted>"[^"]*")|(?P<tag>\[[^\[\]"]*\])|(?P<slot>\{\{[^{}\n]*\}\})|(?P<open>\()|(?P<close>\))|(?P<colon>:)"""
    r"""|(?P<ref>\#\d{1,6}(?![^\s()\]]))|(?P<atom>[^\s"\[\](){}:]+|[{}]+)|(?P<odd>["\[\]])"""
)
_OPERATORS: dict[str, OperatorName] = {"AND": "and", "OR": "or", "NOT": "not", "&": "and", "|": "or"}
_HASHED = re.compile(r"[ \t]*#(\d{1,6})(?:[.:)]|(?=[ \t]))[ \t]*(?!(?:AND|OR|NOT)\b)(?=\S)", re.IGNORECASE)
_DOTTED = re.compile(r"[ \t]*(\d{1,6})[.)][ \t]+(?=\S)")
_BARE = re.compile(r"[ \t]*(\d{1,6})[ \t]+(?!(?:AND|OR|NOT)\b)(?=\S)", re.IGNORECASE)
_LEAD = re.compile(r"\s*(?:Search:|Search(?=\s*\()|Query:)\s*", re.IGNORECASE)
_TRAIL = re.compile(r"\s+Sort by: [\w ]*\Z")
_Token = tuple[str | None, int, int]


def read(text: str, dialect: Dialect) -> Search:
    """Reads a search written for PubMed.

    Args:
        text: one search, or lines that begin with `#1`, `1.` or (all of them, counted through) `1`. `Search:` in
            front, as the history shows it, is left out.
        dialect: PubMed.

    Returns:
        Its lines as trees with the fields of `tree.FieldName`, and what was noticed. Words side by side are read as a
        phrase: with a tag PubMed looks them up as such first, without one its mapping decides.

    Raises:
        SearchTextError: it cannot be read.
    """
    findings: list[Finding] = []
    clean = cleaned(text, findings)
    values = ValueReader(clean, text, findings)
    parts, numbered = _lines(clean, text)
    lines = tuple(Line(number, _tree(values, start, end), Place(start, end)) for number, start, end in parts)
    if clean.count("*") > MOST_WILDCARDS:
        sentence = f"PubMed refuses a search with more than {MOST_WILDCARDS} wildcards, as if it were out of order."
        values.say("S001", "error", sentence, Place(0, len(text)))
    findings.sort(key=lambda finding: finding.place.start)
    return Search(text, dialect, lines, numbered, tuple(without_mapping_within(findings)))


def _lines(clean: str, text: str) -> tuple[list[tuple[int, int, int]], bool]:
    """Number, begin and end of each line, and whether the text numbers them."""
    rows: list[tuple[int, int]] = []
    start = 0
    for row in clean.split("\n"):
        if row.strip():
            rows.append((start, start + len(row)))
        start += len(row) + 1
    if not rows:
        raise search_error("the search is empty; a term is expected", text, Place(0, len(text)))
    pattern = next((p for p in (_HASHED, _DOTTED) if p.match(clean, *rows[0])), None)
    if pattern is None and len(rows) > 1:
        counted = [_BARE.match(clean, *row) for row in rows]
        if all(match and int(match[1]) == at for at, match in enumerate(counted, 1)):
            pattern = _BARE
    if pattern is None:
        return [(1, *_trimmed(clean, 0, len(clean)))], False
    lines: list[tuple[int, int, int]] = []
    seen: set[int] = set()
    for begin, end in rows:
        match = pattern.match(clean, begin, end)
        if match is None:
            number, earlier, _ = lines.pop()
            lines.append((number, earlier, end))
            continue
        number = int(match[1])
        if number in seen:
            raise search_error(f"two lines have the number {number}", text, Place(begin, match.end()), "L004")
        seen.add(number)
        lines.append((number, match.end(), end))
    return [(number, *_trimmed(clean, begin, end)) for number, begin, end in lines], True


def _trimmed(clean: str, start: int, end: int) -> tuple[int, int]:
    lead = _LEAD.match(clean, start, end)
    if lead is not None:
        start = lead.end()
    trail = _TRAIL.search(clean, max(start, end - 100), end)
    return start, trail.start() if trail else end


def _tree(values: ValueReader, start: int, end: int) -> Node:
    tokens: list[_Token] = [(m.lastgroup, m.start(), m.end()) for m in _TOKEN.finditer(values.text, start, end)]
    pieces = _Pieces(values, _without_filters(values, tokens)).all()
    return tree_of(pieces, values.original, BINDING, values.findings, Place(start, end))


def _without_filters(values: ValueReader, tokens: list[_Token]) -> list[_Token]:
    """Leaves out the filters that PubMed lists behind a query (`Filters: Review, from 2015 - 2020`), with a finding.

    Words that a field tag follows are no such list.
    """
    text = values.text
    kept: list[_Token] = []
    at = 0
    while at < len(tokens):
        if not kept or not _begins_filters(text, tokens, at):
            kept.append(tokens[at])
            at += 1
            continue
        end = at
        while end < len(tokens) and _among_filters(text, tokens[end]):
            end += 1
        if end < len(tokens) and tokens[end][0] == "tag":
            kept += tokens[at:end]
            at = end
            continue
        sentence = (
            "Filters that PubMed lists beside the query cannot be read: write them into the query, e.g. "
            "AND clinical trial[pt] AND 2015:2020[dp]."
        )
        values.say("S001", "fatal", sentence, Place(tokens[at][1], tokens[end - 1][2]))
        at = end
    return kept


def _begins_filters(text: str, tokens: list[_Token], at: int) -> bool:
    if not text.startswith("Filters", tokens[at][1]):
        return False
    words = [text[start:end] for _, start, end in tokens[at : at + 3]]
    return words[:2] == ["Filters", ":"] or words in (["Filters", "activated", ":"], ["Filters", "applied", ":"])


def _among_filters(text: str, token: _Token) -> bool:
    kind, start, end = token
    return kind in ("atom", "colon") and text[start:end] not in _OPERATORS


class _Pieces:
    """Makes terms, operators and brackets of the tokens of one line."""

    def __init__(self, values: ValueReader, tokens: list[_Token]) -> None:
        self.values, self.tokens = values, tokens
        self.pieces: list[Piece] = []
        self.at = 0

    def all(self) -> list[Piece]:
        text, original, pieces = self.values.text, self.values.original, self.pieces
        tokens = self.tokens
        while self.at < len(tokens):
            kind, start, end = tokens[self.at]
            match kind:
                case "open":
                    pieces.append(Open(Place(start, end)))
                    self.at += 1
                case "close":
                    pieces.append(Close(Place(start, end)))
                    self.at += 1
                case "ref":
                    place = Place(start, end)
                    pieces.append(Term(LineRef(int(text[start + 1 : end]), place), place))
                    self.at += 1
                case "tag":
                    self._stray_tag(start, end)
                    self.at += 1
                case "colon":
                    self.values.say("S007", "warning", "PubMed makes a space of this colon.", Place(start, end), " ")
                    self.at += 1
                case "odd" if text[start] == '"':
                    problem = "the quotation mark here has no partner"
                    raise search_error(problem, original, Place(start, end), "S003")
                case "odd":
                    problem = f"the square bracket {text[start]} here has no partner"
                    raise search_error(problem, original, Place(start, end), "S002")
                case "atom" if text[start:end].upper() in _OPERATORS:
                    self._operator(start, end)
                    self.at += 1
                case _:
                    self._term()
        return pieces

    def _operator(self, start: int, end: int) -> None:
        written = self.values.text[start:end]
        name = _OPERATORS[written.upper()]
        place = Place(start, end)
        last = self.pieces[-1] if self.pieces else None
        if written != name.upper():
            sentence = "PubMed asks for operators in capital letters; in small ones they may count as words."
            self.values.say("S009", "warning" if name == "and" else "error", sentence, place, name.upper())
        if name == "not" and isinstance(last, Operator) and last.name == "and":
            whole = Place(last.place.start, end)
            self.pieces[-1] = Operator(name, whole)
            self.values.say("R004", "warning", "PubMed's operator is NOT alone.", whole, "NOT")
            return
        self.pieces.append(Operator(name, place))

    def _stray_tag(self, start: int, end: int) -> None:
        last = self.pieces[-1] if self.pieces else None
        tag = self.values.tag(start, end)
        if isinstance(last, Term) and not isinstance(last.node, LineRef):
            sentence = "A second field tag: which one PubMed takes is not documented. The first one was read."
            self.values.say("F006", "error", sentence, Place(last.place.start, end))
            return
        if tag is not None and isinstance(last, Close | Term):
            note_group_tag(self.values, self.pieces, tag, Place(start, end))
        self.pieces.append(Behind(tag.fields if tag else (), Place(start, end)))
        if tag is None and isinstance(last, Close | Term):
            self.pieces.pop()

    def _term(self) -> None:
        """A value and its tag, or a range between two of them."""
        values = self.values
        kind, inner, place = self._value()
        if kind == "slot":
            values.say("S012", "fatal", "A person has to fill this in before the search can run.", place)
            self.pieces.append(Term(Word.of(values.text[place.start : place.end], place=place), place))
            self._skip_tag()
            return
        tag, tag_end = self._tag()
        if self._kind() == "colon" and self._kind(1) in ("quoted", "atom"):
            before = self.at
            self.at += 1
            _, inner_last, place_last = self._value()
            tag_last, end = self._tag()
            dated = tag_last or tag
            if dated is not None:
                whole = Place(place.start, end or place_last.end)
                first, last = (values.text[part.start : part.end] for part in (inner, inner_last))
                node = values.range(first, last, dated, whole)
                if node is not None:
                    self.pieces.append(Term(node, whole))
                    return
            self.at = before
        place = Place(place.start, tag_end or place.end)
        node = values.value(inner, place, tag, quoted=kind == "quoted", unknown_tag=tag is None and tag_end > 0)
        self.pieces.append(Term(node, place))

    def _value(self) -> tuple[str | None, Place, Place]:
        """Kind, text without and place with quotation marks of what stands here; words in a row are one value."""
        tokens, text = self.tokens, self.values.text
        kind, start, end = tokens[self.at]
        self.at += 1
        if kind == "quoted":
            if not text[start + 1 : end - 1].strip():
                problem = "these quotation marks hold nothing; a term is expected"
                raise search_error(problem, self.values.original, Place(start, end), "S003")
            return kind, Place(start + 1, end - 1), Place(start, end)
        if kind == "atom":
            while self.at < len(tokens):
                colon = tokens[self.at][0] == "colon" and self.at + 1 < len(tokens)
                following, begin, stop = tokens[self.at + colon]
                if following != "atom" or text[begin:stop].upper() in _OPERATORS:
                    break
                end = stop
                self.at += 1 + colon
        place = Place(start, end)
        return kind, place, place

    def _tag(self) -> tuple[Tag | None, int]:
        """The tag that stands here and where it ends; no tag and 0 where none does."""
        if self._kind() != "tag":
            return None, 0
        _, start, end = self.tokens[self.at]
        self.at += 1
        return self.values.tag(start, end), end

    def _skip_tag(self) -> None:
        if self._kind() == "tag":
            self.at += 1

    def _kind(self, ahead: int = 0) -> str | None:
        at = self.at + ahead
        return self.tokens[at][0] if at < len(self.tokens) else None
