"""Searches for Embase.com, Elsevier's own platform of Embase (Embase on Ovid has Ovid's syntax).

Rules, as documented by Elsevier ("Can I use Boolean operators, wildcards and proximity operators in Embase?", "How do
I search in Embase?", "What field codes can I use in Embase?", "What filters or limits can I use in Embase?", and the
older help pages "Boolean Operators" and "Wildcards (truncation)"):

- Operators have no precedence, a search is read from left to right: every group stands in brackets.
- Phrases stand in single quotation marks; double ones do as well and serve where a term has an apostrophe.
- `*` any number of letters, `?` exactly one, `$` none or one. They work within phrases today (published strategies run
  `'premature infant*':ti,ab`); the older help said that they did not. At least three letters are advised before `*`.
- `NEAR/n` in any order and `NEXT/n` in this order count the step to the next word: NEAR/1 is side by side, so n is the
  number of words between plus one. Both take phrases, wildcards, OR groups and each other in brackets.
- Fields stand behind a term or group: `(a OR b):ti,ab,kw`; `kw` are the authors' keywords, `de` index terms.
- `'x'/exp` explodes an Emtree heading, `/de` does not, `/mj` and `/exp/mj` take it as a main topic only.
- `[2010-2020]/py` are years of publication; `[1-1-2020]/sd NOT [1-1-2021]/sd` are records added in 2020 (the form that
  Embase.com writes itself); `[english]/lim` languages; `'review'/it` types of publication.
"""

from collections.abc import Mapping
from datetime import date
from typing import ClassVar

from livingsearch.strategy.freetext.placing import Plan
from livingsearch.strategy.freetext.wording import ANY, ONE, OPTIONAL
from livingsearch.strategy.freetext.writer import FreeTextWriter, day_after, years
from livingsearch.strategy.loss import LossKind
from livingsearch.strategy.tree import DateRange, Heading, Near, Node, Phrase, Wild, Word

_WILDCARDS: Mapping[Wild, str] = {ANY: "*", ONE: "?", OPTIONAL: "$"}
_LABELS: Mapping[str, tuple[str, ...]] = {
    "title": ("ti",),
    "abstract": ("ab",),
    "author_keywords": ("kw",),
    "keywords": ("kw", "de"),
    "heading_word": ("de",),
    "subject_heading": ("de",),
    "subject_heading_major": ("de",),
    "text_word": ("ti", "ab", "kw", "de", "tn"),
    "author": ("au",),
    "affiliation": ("ad",),
    "journal": ("jt",),
    "identifier": ("do",),
}
_ORDER = ("ti", "ab", "kw", "de", "tn", "au", "ad", "jt", "do")
_NOTES: Mapping[str, tuple[LossKind, str]] = {
    "text_word": (
        "changed",
        "free-text fields differ: :ti,ab,kw,de,tn (title, abstract, author keywords, index terms, trade names) is the "
        "nearest",
    ),
    "all": (
        "changed",
        "without a field Embase.com looks everywhere, and adds Emtree terms unless “Map to preferred term” is off",
    ),
    "heading_word": ("changed", "words of headings are looked for in Emtree terms (:de), whose wording is another"),
    "subject_heading": (
        "changed",
        "patterns of headings are looked for in Emtree terms (:de), whose wording is another",
    ),
    "subject_heading_major": (
        "widened",
        "patterns of main headings are looked for in all Emtree terms (:de): words cannot be kept to main topics",
    ),
}
# Publication types of MEDLINE → what Embase has; study types are Emtree terms there, not types of publication.
_KINDS: Mapping[str, str] = {
    "article": "'article'/it",
    "journal article": "'article'/it",
    "book chapter": "'chapter'/it",
    "case reports": "'case report'/de",
    "clinical trial": "'clinical trial'/exp",
    "conference abstract": "'conference abstract'/it",
    "conference paper": "'conference paper'/it",
    "conference review": "'conference review'/it",
    "controlled clinical trial": "'controlled clinical trial'/exp",
    "editorial": "'editorial'/it",
    "erratum": "'erratum'/it",
    "published erratum": "'erratum'/it",
    "letter": "'letter'/it",
    "meta-analysis": "'meta analysis'/exp",
    "meta analysis": "'meta analysis'/exp",
    "note": "'note'/it",
    "observational study": "'observational study'/exp",
    "practice guideline": "'practice guideline'/exp",
    "preprint": "'preprint'/it",
    "randomized controlled trial": "'randomized controlled trial'/exp",
    "review": "'review'/it",
    "systematic review": "'systematic review'/exp",
}
_FIRST_YEAR, _LAST_YEAR = 1800, 2100


class EmbaseWriter(FreeTextWriter):
    """Writes searches for Embase.com."""

    IN_WORD = _WILDCARDS
    IN_QUOTES = _WILDCARDS
    ADVISED_ROOT: ClassVar[int] = 3

    def plan(self, fields: tuple[str, ...]) -> Plan:
        """All labels of the fields in one list; none at all where every field is meant."""
        notes = tuple(_NOTES[field] for field in fields if field in _NOTES)
        if "all" in fields:
            return Plan(("",), (_NOTES["all"],))
        wanted = {label for field in fields for label in _LABELS.get(field, ())}
        return Plan((",".join([label for label in _ORDER if label in wanted]),), notes)

    def labelled(self, label: str, text: str, inner: Node) -> str:
        """`'x y':ti,ab`, `(a OR b):ti,ab`."""
        closed = text if isinstance(inner, Word | Phrase | Near) else f"({text})"
        return f"{closed}:{label}" if label else closed

    def quoted(self, text: str) -> str:
        """Single quotation marks; double ones around an apostrophe, or where a sign at an edge makes them unclear."""
        edges = (text[:1] + text[-1:]).strip("*?$")
        clear = not edges or edges.isalnum()
        return f"'{text}'" if clear and "'" not in text else f'"{text}"'

    def word(self, word: Word) -> str:
        """A word, with a hint where its truncation may be refused."""
        if ANY in word.parts and self.root(word) < self.ADVISED_ROOT:
            self.losses.add(
                "settle",
                "Embase.com advises three letters before * and may refuse fewer: see whether the term runs",
                word.place,
            )
        return super().word(word)

    def near_operator(self, near: Near) -> str:
        """N counts the step to the next word."""
        return f"{'NEXT' if near.ordered else 'NEAR'}/{near.between + 1}"

    def heading(self, heading: Heading) -> str | None:
        """An Emtree heading; one of another thesaurus has another name in Emtree."""
        text = self.heading_text(heading)
        if heading.vocabulary != "emtree" or not text:
            return super().heading(heading)
        if heading.qualifiers:
            self.losses.add(
                "widened",
                "subheadings were left out: Embase.com writes them by the kind of heading "
                "('x'/exp/dm_dt for diseases, /dd_ for drugs)",
                heading.place,
                f"{text}/{', '.join(heading.qualifiers)} → {text}",
            )
        ending = ("/exp/mj" if heading.major else "/exp") if heading.exploded else ("/mj" if heading.major else "/de")
        return self.quoted(text) + ending

    def dates(self, dates: DateRange) -> str:
        """Years of publication, or days on which records were added."""
        if dates.first is None and dates.last is None:
            return self.undated(dates)
        if dates.dated == "date_publication":
            first, last, _ = years(dates)
            text = self.whole_years(dates, f"[{first or _FIRST_YEAR}-{last or _LAST_YEAR}]/py")
            self.closed_end(dates, _FIRST_YEAR, _LAST_YEAR, text)
            return text
        self.other_days(dates, "/sd")
        since = f"{_day(dates.first or date(_FIRST_YEAR, 1, 1))}/sd"
        return since if dates.last is None else f"({since}{self.NOT}{_day(day_after(dates.last))}/sd)"

    def language(self, name: str) -> str:
        """`[english]/lim`."""
        return f"[{name}]/lim"

    def kind(self, name: str) -> str | None:
        """A type of publication or, for types of study, an Emtree heading."""
        return _KINDS.get(name)


def _day(day: date) -> str:
    return f"[{day.day}-{day.month}-{day.year}]"
