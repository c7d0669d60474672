"""Searches for the Web of Science Core Collection, as its advanced search takes them.

Rules, as documented by Clarivate ("Search Operators", "Search Rules", "Wildcards", "Web of Science Core Collection
Search Fields", "Advanced Search Field Tags"):

- `TS=` looks in title, abstract, author keywords and Keywords Plus; `TI=`, `AB=`, `AK=`, `KP=` in one of these each.
  Several fields are joined with OR.
- `*` any number of letters, `?` exactly one, `$` none or one; `$` does not work within quotation marks. Three letters
  must stand before `*`, or behind it where it begins a word.
- Phrases stand in double quotation marks. A bare word without a wildcard finds its other forms as well.
- `NEAR/n` in any order, n words between at most; NEAR/0 is side by side. There is no operator that keeps the order, and
  none of its operands may hold AND.
- NEAR binds before NOT, NOT before AND, AND before OR: every group stands in brackets. AND, OR, NOT, NEAR and SAME are
  words only within quotation marks.
- No subject headings. `PY=2010-2020` are years, `DOP=` publication dates, `LD=` days of indexing; `LA=` languages,
  `DT=` types of documents, `PMID=` numbers of PubMed, `UT=` those of Web of Science.
- At most 16,000 terms a search, 49 operators where all fields are searched.
"""

from collections.abc import Mapping
from datetime import date
from typing import ClassVar

from livingsearch.strategy.freetext.placing import Plan
from livingsearch.strategy.freetext.wording import ANY, ONE, OPTIONAL
from livingsearch.strategy.freetext.writer import FreeTextWriter, years
from livingsearch.strategy.loss import LossKind
from livingsearch.strategy.tree import DateRange, Near, Node, Wild, Word

# Field → where it is looked for; TS= is all four of TI, AB, AK and KP.
_TAGS: Mapping[str, tuple[str, ...]] = {
    "title": ("TI",),
    "abstract": ("AB",),
    "author_keywords": ("AK",),
    "keywords": ("AK", "KP"),
    "heading_word": ("KP",),
    "text_word": ("TI", "AB", "AK", "KP"),
    "author": ("AU",),
    "affiliation": ("AD",),
    "journal": ("SO",),
    "identifier": ("DO",),
}
_TOPIC = ("TI", "AB", "AK", "KP")
_NO_HEADINGS = "Web of Science has no subject headings: patterns of them were left out"
_NOTES: Mapping[str, tuple[LossKind, str]] = {
    "keywords": (
        "changed",
        "Web of Science has no index terms: authors' keywords and Keywords Plus stand for keywords",
    ),
    "heading_word": ("changed", "Web of Science has no subject headings: Keywords Plus (KP=) stand for their words"),
    "text_word": (
        "changed",
        "free-text fields differ: TS= (title, abstract, author keywords, Keywords Plus) is the nearest",
    ),
    "subject_heading": ("narrowed", _NO_HEADINGS),
    "subject_heading_major": ("narrowed", _NO_HEADINGS),
}
# Part of TS= that was not asked for → what it is, and what would leave it out.
_EXTRA: Mapping[str, tuple[str, str]] = {
    "KP": ("Keywords Plus (taken from the titles of cited references)", "TI=(…) OR AB=(…) OR AK=(…)"),
    "AK": ("author keywords", "TI=(…) OR AB=(…) OR KP=(…)"),
}
_KINDS: Mapping[str, str] = {
    "article": "Article",
    "journal article": "Article",
    "book": "Book",
    "book chapter": "Book Chapter",
    "book review": "Book Review",
    "conference abstract": "Meeting Abstract",
    "conference paper": "Proceedings Paper",
    "correction": "Correction",
    "erratum": "Correction",
    "published erratum": "Correction",
    "data paper": "Data Paper",
    "editorial": "Editorial Material",
    "editorial material": "Editorial Material",
    "letter": "Letter",
    "meeting abstract": "Meeting Abstract",
    "news": "News Item",
    "note": "Note",
    "proceedings paper": "Proceedings Paper",
    "retracted publication": "Retracted Publication",
    "review": "Review",
}
_FIRST_YEAR, _LAST_YEAR = 1900, 2100


class WosWriter(FreeTextWriter):
    """Writes searches for the Web of Science Core Collection."""

    IN_WORD: ClassVar[Mapping[Wild, str]] = {ANY: "*", ONE: "?", OPTIONAL: "$"}
    IN_QUOTES: ClassVar[Mapping[Wild, str]] = {ANY: "*", ONE: "?"}
    LEAST_ROOT = 3
    MOST_TERMS: ClassVar[int] = 16_000
    MOST_OPERATORS_IN_ALL: ClassVar[int] = 49

    def plan(self, fields: tuple[str, ...]) -> Plan:
        """One tag where one holds all, TS= where title, abstract and keywords are meant, else several."""
        if "all" in fields:
            return Plan(("ALL",))
        notes = tuple(_NOTES[field] for field in fields if field in _NOTES)
        wanted = {tag for field in fields for tag in _TAGS.get(field, ())}
        others = tuple(tag for tag in ("AU", "AD", "SO", "DO") if tag in wanted)
        if {"TI", "AB"} <= wanted and wanted & {"AK", "KP"}:
            for tag, (extra, exact) in _EXTRA.items():
                if tag not in wanted:
                    notes += (("widened", f"TS= looks in {extra} as well; without them it would be {exact}"),)
            return Plan(("TS", *others), notes)
        tags = tuple(tag for tag in _TOPIC if tag in wanted) + others
        return Plan(tags, notes)

    def labelled(self, label: str, text: str, inner: Node) -> str:
        """`TS=(a OR b)`."""
        return f"{label}=({_open(text, inner)})"

    def write(self, node: Node) -> str:
        """The search on one line, with what Web of Science adds or refuses as a whole."""
        text = super().write(node)
        operators = sum(text.count(operator) for operator in (self.AND, self.OR, self.NOT, " NEAR/"))
        if operators >= self.MOST_TERMS:
            self.losses.add(
                "settle",
                f"more than {self.MOST_TERMS:,} terms: Web of Science takes no longer search, cut it into several",
            )
        if "ALL=(" in text and operators > self.MOST_OPERATORS_IN_ALL:
            self.losses.add(
                "settle",
                f"more than {self.MOST_OPERATORS_IN_ALL} operators: Web of Science takes no more of them where all "
                "fields (ALL=) are searched, cut the search into several",
            )
        return text

    def word(self, word: Word) -> str:
        """A word; bare and without a wildcard it finds its other forms."""
        text = super().word(word)
        if word.plain and not text.startswith('"'):
            self.losses.add(
                "widened",
                "words without quotation marks and wildcards find their other forms (plural, spelling) as well, unless "
                "“Exact search” is on",
                word.place,
            )
        return text

    def too_short(self, words: tuple[Word, ...]) -> bool:
        """Three letters in text; names of authors may end after the first letter of an initial."""
        return self.label != "AU" and super().too_short(words)

    def near_operator(self, near: Near) -> str:
        """N counts the words between; the order is lost."""
        text = f"NEAR/{near.between}"
        if near.ordered:
            sentence = "Web of Science has no proximity that keeps the order: NEAR finds the words in any"
            self.losses.add("widened", sentence, near.place, f"→ {text}")
        return text

    def dates(self, dates: DateRange) -> str:
        """Years, days of publication, or days of indexing."""
        if dates.first is None and dates.last is None:
            return self.undated(dates)
        first, last, whole = years(dates)
        if dates.dated == "date_publication" and whole:
            text = f"PY={first}" if first == last else f"PY={first or _FIRST_YEAR}-{last or _LAST_YEAR}"
        else:
            begin, end = dates.first or date(_FIRST_YEAR, 1, 1), dates.last or date(_LAST_YEAR, 12, 31)
            tag = "DOP" if dates.dated == "date_publication" else "LD"
            text = f"{tag}={begin.isoformat()}/{end.isoformat()}"
            if tag == "LD":
                self.other_days(dates, "LD=")
            else:
                sentence = "publication dates (DOP=) may lack day or month in a record: see what the range leaves out"
                self.losses.add("changed", sentence, dates.place, f"→ {text}")
        self.closed_end(dates, _FIRST_YEAR, _LAST_YEAR, text)
        return text

    def language(self, name: str) -> str:
        """`LA=English`."""
        return f"LA={name.title()}" if name.isalpha() else f'LA="{name.title()}"'

    def kind(self, name: str) -> str | None:
        """`DT=Review`; Web of Science knows kinds of documents, not of studies."""
        found = _KINDS.get(name)
        return None if found is None else f"DT={found}" if found.isalpha() else f'DT="{found}"'

    def number(self, text: str) -> str | None:
        """A PubMed number, or one of Web of Science itself."""
        if text.isascii() and text.isdigit() and len(text) <= 8:
            self.losses.add(
                "changed",
                "accession numbers were taken for PubMed's (PMID=): see that they are",
                None,
                f"{text} → PMID={text}",
            )
            return f"PMID={text}"
        return f"UT={text}" if text.upper().startswith("WOS:") and text[4:].isalnum() else None


def _open(text: str, inner: Node) -> str:
    """A term's text without the brackets that stand around it already."""
    return text[1:-1] if isinstance(inner, Near) else text
