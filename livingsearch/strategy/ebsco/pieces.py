"""Cuts a query of EBSCOhost into terms, operators, brackets and field codes."""

import re
from dataclasses import dataclass

from livingsearch.strategy.dialects import Dialect
from livingsearch.strategy.ebsco.characters import NOTHING
from livingsearch.strategy.ebsco.fields import (
    ALL_CODES,
    DATE_CODES,
    FIELD_OF,
    HEADING_CODES,
    UNWORDED,
    database_fields,
)
from livingsearch.strategy.ebsco.values import Value, dates_of, heading_of
from livingsearch.strategy.ebsco.words import joined, word_of, words_of
from livingsearch.strategy.findings import Finding, Severity, search_error
from livingsearch.strategy.grammar import Before, Close, Open, Operator, OperatorName, Piece, Term
from livingsearch.strategy.tree import LineRef, Node, Place, Word

_TOKEN = re.compile(r'\{\{[^{}]*\}\}|"[^"]*"|[()"{}]|[^\s()"{}]+')
_BOOLEAN: dict[str, OperatorName] = {"AND": "and", "OR": "or", "NOT": "not"}
_NEAR = re.compile(r"([NW])(\d{1,3})", re.IGNORECASE)
_BARE_NEAR = frozenset(("N", "W"))
_FOREIGN_NEAR = re.compile(r"(adj|near|next|pre|w|n|onear|within)(/?)(\d{1,3})", re.IGNORECASE)
_ORDERED = frozenset(("next", "pre", "onear"))
_REFERENCE = re.compile(r"[S#](\d{1,5})", re.IGNORECASE)
_BARE_REFERENCE = re.compile(r"[0-9]{1,5}")
_RANGE = re.compile(r"[S#]?\d{1,5}-[S#]?\d{1,5}", re.IGNORECASE)
_OVID_TAG = re.compile(r"\.[a-z]{2}(?:,[a-z]{2}){0,20}\.$")
_LONGEST_OVID_TAG = 70
_FOREIGN_CODES = {"tiab": "TI AB", "ti,ab": "TI AB", "ti": "TI", "ab": "AB", "tw": "TX", "mp": "TX", "au": "AU"}
_WIDEST_USUAL = 50
_USUAL_CODES = (*FIELD_OF, *HEADING_CODES, *DATE_CODES)
_GLUED = re.compile(r"([A-Za-z]{2})[=:](.*)", re.DOTALL)
_CODE_LENGTH = 2
_LONGEST_OPERATOR = 3

_SIDE_BY_SIDE = (
    "words side by side without quotation marks: EBSCOhost looks for them within five words of each other or as a "
    "phrase, as the library has set it; they were read as a phrase"
)
_NESTED = "a field code inside the brackets of another one: it is not documented which holds; the inner one was taken"
_SMALL = "field codes are documented in capitals; small letters may be looked for as words"
_WIDE = "between two terms {} is a proximity operator; put it in quotation marks where the word is meant"
_AND_NOT = "AND NOT was read as NOT, which is EBSCOhost's operator"
_FOREIGN_FIELD = "this field tag is of another platform; EBSCOhost writes a field code before the term"
_OVID_HEADING = "a slash behind a subject heading is Ovid's way of writing"
_FOREIGN_OPERATOR = "this proximity operator is of another platform; EBSCOhost writes N or W and a number"
_REFERENCE_AND_WORDS = (
    "words follow a reference to a line without an operator: what they are meant to say cannot be read; join them with "
    "AND, or put the whole in quotation marks where it is a phrase"
)
_OWN_KEYWORDS = "KW is not among the documented fields of this database; it may find nothing"


@dataclass(slots=True)
class _Token:
    text: str
    start: int
    end: int

    @property
    def place(self) -> Place:
        return Place(self.start, self.end)

    @property
    def opens_operand(self) -> bool:
        """Whether a field code may stand before it."""
        return self.text != ")" and self.text.upper() not in _BOOLEAN


class Cutter:
    """Cuts one query.

    Args:
        text: the whole search, cleaned.
        dialect: whose database decides what headings mean.
        bare: whether lines are referred to by their number alone.
        findings: added to.
    """

    def __init__(self, text: str, dialect: Dialect, *, bare: bool, findings: list[Finding]) -> None:
        self._text, self._dialect, self._bare, self._findings = text, dialect, bare, findings
        self._pieces: list[Piece] = []
        self._run: list[_Token] = []
        self._code: _Token | None = None
        self._groups: list[tuple[str | None, bool]] = []
        self._in_tag = False

    def pieces(self, start: int, end: int) -> list[Piece]:
        """The pieces between two offsets.

        Raises:
            SearchTextError: a quotation mark without a partner, or a range of lines.
        """
        self._pieces, self._run, self._code, self._groups = [], [], None, [(None, False)]
        self._in_tag = False
        tokens = [_Token(match[0], *match.span()) for match in _TOKEN.finditer(self._text, start, end)]
        for at, token in enumerate(tokens):
            following = tokens[at + 1] if at + 1 < len(tokens) else None
            first = token.text[0]
            if first == "(":
                self._open(token)
            elif first == ")":
                self._close(token)
            elif token.text == '"':
                problem = "this quotation mark has no partner"
                raise search_error(problem, self._text, token.place, "S003")
            elif first == '"' or (len(token.text) > _CODE_LENGTH and token.text.startswith("{{")):
                self._run.append(token)
            elif token.text not in "{}":
                self._word(token, following)
        self._end_run()
        return self._pieces

    def _note(self, code: str, severity: Severity, sentence: str, place: Place, recommended: str = "") -> None:
        shown = self._text[place.start : place.end]
        self._findings.append(Finding(code, severity, sentence, place, shown, recommended))

    def _open(self, token: _Token) -> None:
        self._end_run()
        self._in_tag = False
        code, scoped = self._groups[-1]
        if self._code:
            code, scoped = self._code.text.upper(), True
            self._code = None
        self._groups.append((code, scoped))
        self._pieces.append(Open(token.place))

    def _close(self, token: _Token) -> None:
        self._end_run()
        self._in_tag, self._code = False, None
        self._pieces.append(Close(token.place))
        if len(self._groups) > 1:
            self._groups.pop()

    def _expects_term(self) -> bool:
        last = self._pieces[-1] if self._pieces else None
        return not self._run and (last is None or isinstance(last, Operator | Open | Before))

    def _word(self, token: _Token, following: _Token | None) -> None:
        text = token.text.replace(NOTHING, "") if NOTHING in token.text else token.text
        if not text:
            return
        if len(text) <= _LONGEST_OPERATOR and (name := _BOOLEAN.get(text.upper())):
            self._boolean(name, token)
        elif self._expects_term():
            if len(text) == _CODE_LENGTH and following is not None and self._is_code(text, token, following):
                return
            if (glued := _GLUED.fullmatch(text)) and glued[1].upper() in ALL_CODES:
                self._note("F001", "fatal", _FOREIGN_FIELD, Place(token.start, token.start + 3), glued[1].upper() + " ")
                rest = glued[2].strip(NOTHING)
                if rest:
                    self._run.append(_Token(rest, token.end - len(rest), token.end))
                return
            self._append(token, text)
        elif following is not None and following.text != ")" and (near := self._proximity(text, token)):
            self._end_run()
            self._pieces.append(near)
        else:
            self._append(token, text)

    def _append(self, token: _Token, text: str) -> None:
        """Takes a word into the run; tags of other platforms are cut off."""
        if self._in_tag or "[" in text:
            at = 0 if self._in_tag else token.text.index("[")
            self._in_tag = "]" not in token.text[at:]
        elif text[-1] == "." and (tag := _OVID_TAG.search(token.text[-_LONGEST_OVID_TAG:])):
            at = len(token.text) - len(tag[0])
        elif text[-1] == "/" and len(text) > 1:
            whole = Place(self._run[0].start if self._run else token.start, token.end)
            self._note("F001", "fatal", _OVID_HEADING, whole, self._as_heading(self._text[whole.start : whole.end]))
            at = len(token.text)
        else:
            at = len(token.text)
        if at:
            self._run.append(_Token(token.text[:at], token.start, token.start + at))
        if at < len(token.text) and token.text[at] in "[.":
            last = self._run[-1] if self._run else _Token("", token.start + at, token.start + at)
            code = _FOREIGN_CODES.get(token.text[at:].strip("[].").lower(), "")
            place = Place(last.start, token.end)
            better = " OR ".join([f"{name} {last.text}" for name in code.split() if last.text])
            self._note("F001", "fatal", _FOREIGN_FIELD, place, f"({better})" if " OR " in better else better)

    def _as_heading(self, text: str) -> str:
        words = text.rstrip("/").replace('"', "").split()
        exploded = len(words) > 1 and words[0].lower() == "exp"
        name = " ".join(words[exploded:])
        fields = database_fields(self._dialect)
        return f'({fields.heading} "{name}{"+" * exploded}")' if name else ""

    def _boolean(self, name: OperatorName, token: _Token) -> None:
        before = self._pieces[-1] if self._pieces and not self._run else None
        self._end_run()
        self._in_tag = False
        if name == "not" and isinstance(before, Operator) and before.name == "and":
            place = Place(before.place.start, token.end)
            self._note("R004", "note", _AND_NOT, place, "NOT")
            self._pieces[-1] = Operator("not", place)
        else:
            self._pieces.append(Operator(name, token.place))

    def _proximity(self, text: str, token: _Token) -> Operator | None:
        if len(text) < _CODE_LENGTH:
            return None
        if near := _NEAR.fullmatch(text):
            if int(near[2]) > _WIDEST_USUAL:
                self._note("S001", "warning", _WIDE.format(text.upper()), token.place, f'"{text}"')
            return Operator("near", token.place, int(near[2]), near[1] in "Ww")
        if foreign := _FOREIGN_NEAR.fullmatch(text):
            name = foreign[1].lower()
            between = max(0, int(foreign[3]) - (name == "adj"))
            ordered = name in _ORDERED
            self._note("S001", "fatal", _FOREIGN_OPERATOR, token.place, f"{'W' if ordered else 'N'}{between}")
            return Operator("near", token.place, between, ordered)
        return None

    def _is_code(self, text: str, token: _Token, following: _Token) -> bool:
        """Whether a word of two letters is a field code; if so, it is dealt with."""
        upper = text.upper()
        marked = following.text[0] in '("'
        if not (text.isalpha() and following.opens_operand and (text == upper or marked)):
            return False
        if upper not in ALL_CODES:
            if text != upper or not (marked and text.isascii()):
                return False
            problem = f"{text} is no field code of EBSCOhost: the platform would look for it as a word, or find nothing"
            self._note("F001", "fatal", problem, token.place, _nearest(text))
            return True
        if text != upper:
            self._note("F001", "warning", _SMALL, token.place, upper)
        if self._groups[-1][1] or self._code or (self._pieces and isinstance(self._pieces[-1], Before)):
            self._note("F006", "warning", _NESTED, token.place)
        if upper == "KW" and self._dialect.database and database_fields(self._dialect).keywords == "no":
            self._note("F001", "warning", _OWN_KEYWORDS, token.place)
        self._code = _Token(upper, token.start, token.end)
        if upper not in HEADING_CODES and upper not in DATE_CODES:
            self._pieces.append(Before((FIELD_OF.get(upper, f"ebsco:{upper}"),), token.place))
        return True

    def _end_run(self) -> None:
        run = self._run
        if not run:
            return
        self._run = []
        code = self._code.text if self._code else self._groups[-1][0]
        start = run[0].start
        if self._code and (code in HEADING_CODES or code in DATE_CODES):
            start = self._code.start
        place = Place(start, run[-1].end)
        node = self._term(run, code, Place(run[0].start, run[-1].end))
        self._code = None
        if node is not None:
            self._pieces.append(Term(node, place))

    def _term(self, run: list[_Token], code: str | None, place: Place) -> Node | None:
        if code in HEADING_CODES or code in DATE_CODES:
            text = " ".join([token.text.strip('"') for token in run]).replace(NOTHING, "").strip()
            start = self._code.start if self._code else place.start
            value = Value(text, code or "", Place(start, place.end), self._text[start : place.end])
            if code in HEADING_CODES:
                return heading_of(value, self._dialect, self._findings)
            return dates_of(value, self._findings)
        if len(run) == 1 and run[0].text[0] not in '"{':
            return self._single(run[0], code, place)
        return self._several(run, code, place)

    def _single(self, token: _Token, code: str | None, place: Place) -> Node:
        text = token.text
        if code is None:
            if reference := _REFERENCE.fullmatch(text):
                return LineRef(int(reference[1]), place)
            if self._bare and _BARE_REFERENCE.fullmatch(text):
                return LineRef(int(text), place)
            if _RANGE.fullmatch(text) and (self._bare or text[0] in "Ss#"):
                problem = "ranges of lines are not known on EBSCOhost: write S1 OR S2 OR S3"
                raise search_error(problem, self._text, place)
        word = word_of(text, place, self._findings)
        if word is None:
            problem = "nothing but punctuation and wildcards stands here; a term is expected"
            raise search_error(problem, self._text, place)
        return joined([word], place, self._findings if code not in UNWORDED else [], text)

    def _several(self, run: list[_Token], code: str | None, place: Place) -> Node:
        words: list[Word | None] = []
        for token in run:
            if token.text[0] == "{":
                sentence = "a person has to put a term where this slot stands"
                self._note("S012", "fatal", sentence, token.place)
                words.append(Word((token.text,), token.place))
            elif token.text[0] == '"':
                words += words_of(token.text[1:-1], token.start + 1, self._findings)
            else:
                words += words_of(token.text, token.start, self._findings)
        if all(word is None for word in words):
            problem = "nothing but punctuation and wildcards stands here; a term is expected"
            raise search_error(problem, self._text, place)
        shown = self._text[place.start : place.end]
        if len(run) > 1 and code is None and _REFERENCE.fullmatch(run[0].text):
            self._note("S001", "fatal", _REFERENCE_AND_WORDS, place)
        elif len(run) > 1 and code not in UNWORDED:
            quoted = '"' + " ".join(shown.replace('"', " ").split()) + '"'
            sentence = _SIDE_BY_SIDE
            if any(token.text.upper() in _BARE_NEAR for token in run[1:-1]):
                sentence += "; N and W need a number to be operators"
            self._note("S011", "warning", sentence, place, quoted)
        return joined(words, place, self._findings if code not in UNWORDED else [], shown)


def _nearest(tag: str) -> str:
    """The usual code that shares a letter with an unknown one; none is nearer than that with two letters."""
    sharing = [code for place in (0, 1) for code in _USUAL_CODES if code[place] == tag[place]]
    return sharing[0] if sharing else ""
