"""Writes searches for EBSCOhost: a field code stands before each group, which is repeated for each field.

`TI (a AND b) OR AB (a AND b)` finds only records with both words in one field. So a group is repeated no further out
than the innermost list of terms that OR joins; AND and NOT stay outside of the fields.
"""

from dataclasses import replace
from typing import ClassVar

from livingsearch.strategy.dialects import Dialect
from livingsearch.strategy.ebsco.fields import (
    DATE_CODES,
    DESCRIPTORS,
    FIELD_OF,
    HEADING_CODES,
    UNWORDED,
    DatabaseFields,
    database_fields,
)
from livingsearch.strategy.ebsco.spelling_out import (
    PLURALS,
    Spelling,
    has_plurals,
    loses_proximity,
    plain_marks,
    shown,
    spelled_out,
    unmarked,
)
from livingsearch.strategy.loss import Losses, LossKind, slot
from livingsearch.strategy.normal import at_groups, at_leaves, flat
from livingsearch.strategy.qualifiers import CODES, code_of
from livingsearch.strategy.tree import (
    And,
    DateRange,
    Heading,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Place,
    Scoped,
    UidRange,
    Vocabulary,
    Word,
    leaves,
)
from livingsearch.strategy.writing import Writer

_CODE_OF = {field: code for code, field in reversed(FIELD_OF.items())}
_WHOLE = UNWORDED | HEADING_CODES.keys() | DATE_CODES.keys()
_OWN = "ebsco:"
_TEXT_WORD = (
    "EBSCOhost has no field of text words as in the search translated: title, abstract, words of subject headings and, "
    "where the database has them, authors' keywords were written"
)
_NO_KEYWORDS = "{} has no documented field of authors' keywords: they were left out"
_CHECK_KEYWORDS = "authors' keywords are looked for in KW: see in the database's own list of fields that {} has it"
_INDEX_KEYWORDS = "SU looks for index terms: authors' keywords are in a field of their own, KW, and are not looked for"
_ALL = "TX looks through all fields, and through full texts and references too where the database holds them"
_HEADING_WORD = "SU was written for words of subject headings: see what it takes in beside them in this database"
_TYPES = "publication types have names of their own in each database: see that this one is in the list of {}"
_DOI = "{} has no documented field of DOIs: they are looked for in all text"
_FOREIGN = "this field has no twin on EBSCOhost: say where to look in the place of the slot"
_FOREIGN_LEFT = "a field without a twin on EBSCOhost was left out, the other fields were written"
_EXPLODED = (
    "EBSCOhost has no sign for exploding a heading of this thesaurus: tick Explode in its thesaurus and put the "
    "narrower headings that it writes where the slot stands"
)
_UNKNOWN_THESAURUS = "the thesaurus of this database is not known here: see that each heading is in it"
_NO_QUALIFIERS = "headings of this thesaurus have no subheadings: the heading was written without"
_UNKNOWN_QUALIFIER = "a subheading without a known code of two letters was left out, and with it all of that heading"
_QUOTES = "quotation marks, wildcards and odd characters in a heading were left out or made plain ones"
_SLASH = "EBSCOhost takes what stands behind a slash for a subheading: see that this heading is found"
_NO_NAME = "nothing is left of this heading on EBSCOhost: put it where the slot stands"
_NO_ENDS = "a range of dates without ends limits nothing: say what is meant where the slot stands"
_OPEN_DATE = "a range of dates that is open at one end: see that EBSCOhost took it as meant when it runs"
_ENTRY = "the day of entry is looked for in EM: see that its form is right in this database"
_CREATED = "EBSCOhost has no day of creation: the day of entry, EM, was written"
_NO_ENTRY = "this database has no documented field for the day of entry: limit it by hand, or compare whole exports"
_NUMBERS = "EBSCOhost has no ranges of accession numbers"
_CODE_LENGTH = 2
_YEAR_START, _YEAR_END = (1, 1), (12, 31)


class EbscoWriter(Writer):
    """Writes trees for a database on EBSCOhost."""

    AND: ClassVar[str] = " AND "
    OR: ClassVar[str] = " OR "
    NOT: ClassVar[str] = " NOT "

    def __init__(self, dialect: Dialect, losses: Losses) -> None:
        super().__init__(dialect, losses)
        self._fields: DatabaseFields = database_fields(dialect)
        self._database = dialect.database or "CINAHL"
        self._spelled: dict[int, tuple[Node, Spelling]] = {}
        self._places: dict[tuple[int, int], Place] = {}
        self._of_words = True

    def prepared(self, node: Node) -> Node:
        """Every field code before a group of its own: see the module."""
        self._spelled = {}
        self._places = {
            (leaf.node.place.start, leaf.node.place.end): leaf.place
            for leaf in leaves(node)
            if isinstance(leaf, Scoped)
        }
        return self._by_field(at_groups(flat(at_leaves(node))))

    def reference_text(self, number: int) -> str:
        """`S3`."""
        return f"S{number}"

    def scoped(self, inner: Node, fields: tuple[str, ...], whole: Scoped) -> str | None:
        """`TI peer*`, `TI (peer* OR lay)`; fields are codes by now."""
        if not fields:
            return None
        (code,) = fields
        if code == _FOREIGN:
            return slot(f"field for {_excerpt(inner)}")
        self._of_words = code not in _WHOLE
        text = self.written(inner)
        self._of_words = True
        if text is None:
            return None
        group = isinstance(inner, And | Or | Not) or (isinstance(inner, Near) and not loses_proximity(inner))
        return f"{code} ({text})" if group else f"{code} {text}"

    def untagged(self, leaf: Word | Phrase | Near) -> str | None:
        """A term without a field code."""
        return self._spelling(leaf)

    def heading(self, heading: Heading) -> str | None:
        """`(MH "Asthma+/DT")`, `(MM "Asthma")`, `DE "Asthma"`."""
        fields, own = self._fields, self.dialect.vocabulary
        if heading.vocabulary is None and self.dialect.database is None:
            fields, own = DESCRIPTORS, None
        if heading.vocabulary != own:
            return self.foreign_heading(_balanced(heading))
        name = " ".join(plain_marks(heading.text).translate(_UNQUOTED).split()).rstrip("+ ")
        if not name:
            self._note("settle", _NO_NAME, heading.place)
            return slot("subject heading")
        if name != heading.text:
            self._note("changed", _QUOTES, heading.place, heading.text, name)
        if "/" in name:
            self._note("changed", _SLASH, heading.place, heading.text)
        if own is None:
            self._note("changed", _UNKNOWN_THESAURUS, heading.place)
        code = fields.major if heading.major else fields.heading
        plus = "+" * (heading.exploded and fields.explodes)
        text = f'{code} "{name}{plus}{self._qualifiers(heading, fields)}"'
        if heading.exploded and not fields.explodes:
            text = f"({text} OR {slot(f'{code} headings below “{unmarked(name)}”')})"
            self._note("settle", _EXPLODED, heading.place, heading.text, text)
            return text
        return f"({text})" if fields.explodes else text

    def dates(self, dates: DateRange) -> str | None:
        """`PY 2010-2020` for whole years, else `DT 20100301-20201231`; `EM` for the day of entry."""
        code = "DT"
        if dates.dated != "date_publication":
            if not self._fields.entry_date:
                text = slot("limit by the day of entry")
                self._note("settle", _NO_ENTRY, dates.place, "", text)
                return text
            code = "EM"
            self._note("changed", _ENTRY if dates.dated == "date_entry" else _CREATED, dates.place)
        first, last = dates.first, dates.last
        if first is None and last is None:
            self._note("settle", _NO_ENDS, dates.place)
            return slot("dates")
        if first is None or last is None:
            self._note("changed", _OPEN_DATE, dates.place)
        whole_years = (first is None or (first.month, first.day) == _YEAR_START) and (
            last is None or (last.month, last.day) == _YEAR_END
        )
        if whole_years and code == "DT":
            low, high = (f"{day.year:04}" if day else "" for day in (first, last))
            return f"PY {low}" if low == high else f"PY {low}-{high}"
        low, high = (f"{day.year:04}{day.month:02}{day.day:02}" if day else "" for day in (first, last))
        return f"{code} {low}-{high}"

    def numbers(self, numbers: UidRange) -> str | None:
        """There is nothing to write but a slot."""
        text = slot("records of these accession numbers")
        self._note("settle", _NUMBERS, numbers.place, "", text)
        return text

    def _by_field(self, node: Node) -> Node:
        match node:
            case And(operands=operands):
                return _joined(And, [self._by_field(operand) for operand in operands], node.place)
            case Or(operands=operands):
                return _joined(Or, [self._by_field(operand) for operand in operands], node.place)
            case Not(left=left, right=right):
                return Not(self._by_field(left), self._by_field(right), node.place)
            case Scoped(node=inner, fields=fields):
                return _repeated(inner, self._codes(fields, inner))
            case _:
                return node

    def _codes(self, fields: tuple[str, ...], inner: Node) -> tuple[str, ...]:
        """Codes of fields, each once, in the order of the fields; what they cannot say is noted for each term."""
        codes: dict[str, None] = {}
        notes: dict[tuple[LossKind, str], None] = {}
        foreign = 0
        for field in fields:
            found = self._codes_of(field, notes)
            foreign += found is None
            codes.update(dict.fromkeys(found or ()))
        if foreign:
            notes["narrowed", _FOREIGN_LEFT] = None
            if not codes:
                del notes["narrowed", _FOREIGN_LEFT]
                notes["settle", _FOREIGN] = None
                codes[_FOREIGN] = None
        if notes:
            written = [code for code in codes if code != _FOREIGN]
            for leaf in leaves(inner):
                before = shown(leaf)
                after = " OR ".join([f"{code} {before}" for code in written]) or (
                    "(left out)" if not codes else "a slot"
                )
                for kind, sentence in notes:
                    self._note(kind, sentence, leaf.place, before, after)
        return tuple(codes)

    def _codes_of(self, field: str, notes: dict[tuple[LossKind, str], None]) -> tuple[str, ...] | None:
        """None where EBSCOhost has nothing like the field."""
        own = self._fields
        keywords = ("KW",) if own.keywords != "no" else ()
        match field:
            case "text_word":
                notes["changed", _TEXT_WORD] = None
                return ("TI", "AB", own.heading_word, *keywords)
            case "author_keywords":
                if not keywords:
                    notes["narrowed", _NO_KEYWORDS.format(self._database)] = None
                elif own.keywords == "check":
                    notes["changed", _CHECK_KEYWORDS.format(self._database)] = None
                return keywords
            case "keywords":
                if keywords:
                    notes["narrowed", _INDEX_KEYWORDS] = None
                return ("SU",)
            case "heading_word":
                if own.heading_word == "SU":
                    notes["changed", _HEADING_WORD] = None
                return (own.heading_word,)
            case "all":
                notes["changed", _ALL] = None
                return ("TX",)
            case "subject_heading":
                return (own.heading,)
            case "subject_heading_major":
                return (own.major,)
            case "publication_type":
                notes["changed", _TYPES.format(self._database)] = None
                return ("PT",)
            case "identifier" if self.dialect.vocabulary != "apa":
                notes["widened", _DOI.format(self._database)] = None
                return ("TX",)
            case _ if field.startswith(_OWN):
                return (field.removeprefix(_OWN),)
            case _:
                return (_CODE_OF[field],) if field in _CODE_OF else None

    def _qualifiers(self, heading: Heading, fields: DatabaseFields) -> str:
        if not heading.qualifiers:
            return ""
        if not fields.qualifiers:
            self._note(
                "widened", _NO_QUALIFIERS, heading.place, f"{heading.text}/{heading.qualifiers[0]}", heading.text
            )
            return ""
        codes = [_qualifier(name, self.dialect.vocabulary) for name in heading.qualifiers]
        if None in codes:
            self._note(
                "widened", _UNKNOWN_QUALIFIER, heading.place, f"{heading.text}/{heading.qualifiers[0]}", heading.text
            )
            return ""
        return "".join([f"/{code}" for code in codes])

    def _spelling(self, leaf: Node) -> str:
        known = self._spelled.get(id(leaf))
        if known is None:
            spelling = spelled_out(leaf)
            self._spelled[id(leaf)] = (leaf, spelling)
            for kind, sentence in spelling.losses:
                self._note(kind, sentence, leaf.place, shown(leaf), spelling.text)
            if self._of_words and has_plurals(leaf):
                self._note("widened", PLURALS, leaf.place, spelling.text)
            return spelling.text
        return known[1].text

    def _note(self, kind: LossKind, sentence: str, place: Place, before: str = "", after: str = "") -> None:
        example = f"{before} → {after}" if before and after else before or after
        self.losses.add(kind, sentence, self._places.get((place.start, place.end), place), example)


_UNQUOTED = str.maketrans(dict.fromkeys('"*?#{}', " "))


def _qualifier(name: str, vocabulary: Vocabulary | None) -> str | None:
    """Two capitals; CINAHL takes subheadings by their full name as well, and has codes of its own for some."""
    if len(name) == _CODE_LENGTH and name.isascii() and name.isalpha():
        return name.upper()
    if vocabulary == "cinahl":
        return name if name.lower() in CODES else None
    code = code_of(name, vocabulary)
    return code.upper() if code else None


def _balanced(heading: Heading) -> Heading:
    """For a slot: brackets and quotation marks stay only where they have their partners."""
    text = heading.text
    fits = text.count("(") == text.count(")") and not set(text) & set("\"“”„‟«»″＂[]'‘’\0")
    return heading if fits else replace(heading, text=unmarked(text))


def _excerpt(node: Node) -> str:
    terms = [unmarked(shown(leaf)) for leaf in leaves(node)]
    return ", ".join(terms[:3]) + " …" * (len(terms) > 3)


def _repeated(inner: Node, codes: tuple[str, ...]) -> Node:
    """A group once for each code, but AND and NOT outside of them; with a single code there is no need."""
    if len(codes) <= 1:
        return Scoped(inner, codes, inner.place)
    match inner:
        case And(operands=operands):
            return _joined(And, [_repeated(operand, codes) for operand in operands], inner.place)
        case Not(left=left, right=right):
            return Not(_repeated(left, codes), _repeated(right, codes), inner.place)
        case Or(operands=operands):
            terms = tuple([operand for operand in operands if not isinstance(operand, And | Not)])
            groups = [_repeated(operand, codes) for operand in operands if isinstance(operand, And | Not)]
            if groups and terms:
                groups.insert(0, _repeated(terms[0] if len(terms) == 1 else Or(terms, inner.place), codes))
            if groups:
                return _joined(Or, groups, inner.place)
    return Or(tuple([Scoped(inner, (code,), inner.place) for code in codes]), inner.place)


def _joined(kind: type[And] | type[Or], parts: list[Node], place: Place) -> Node:
    """And of And and Or of Or are one; parts stay the very same objects, so that each term is spelled out once."""
    operands: list[Node] = []
    for part in parts:
        operands.extend(part.operands if isinstance(part, And | Or) and type(part) is kind else (part,))
    return kind(tuple(operands), place)
