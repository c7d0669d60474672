"""Searches for Scopus, as its advanced document search takes them.

Rules, as documented by Elsevier ("Scopus Search Guide", "Proximity Operators", "Boolean Operators", "Boolean searches
in Scopus: understanding operator precedence") and by library guides (Copenhagen, Oulu, Galway):

- A field stands before a group: `TITLE-ABS-KEY(…)`. `KEY` is any keyword, `AUTHKEY` the authors' own, `INDEXTERMS`
  those of Scopus and its sources; `ALL` takes in affiliations, funding and references.
- OR was read before AND until 2025, AND before OR since 2026: every group stands in brackets. Exclusion is `AND NOT`.
- `*` any number of letters, `?` exactly one; none or one has no sign. Both work in a phrase in double quotation marks,
  which is a loose one: punctuation does not count. Braces `{…}` are exact and know no wildcards: never written here.
- Words and loose phrases find plurals, possessives and spelling equivalents without being asked.
- `W/n` in any order and `PRE/n` in this order, n words between at most (0 to 255), with OR groups, not with AND;
  another operator or another n within the same expression is refused.
- `PUBYEAR > 2009`, `ORIG-LOAD-DATE > 20191231`, `LANGUAGE(english)`, `DOCTYPE(re)`, `PMID(1)`.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import ClassVar

from livingsearch.strategy.freetext.placing import Plan
from livingsearch.strategy.freetext.wording import ANY, ONE
from livingsearch.strategy.freetext.writer import FreeTextWriter, day_after, years
from livingsearch.strategy.loss import LossKind
from livingsearch.strategy.tree import And, DateRange, Near, Node, Or, Phrase, Wild, Word

# Field → the parts of TITLE-ABS-KEY in which it lies.
_PARTS: Mapping[str, frozenset[str]] = {
    "title": frozenset({"TITLE"}),
    "abstract": frozenset({"ABS"}),
    "author_keywords": frozenset({"AUTHKEY"}),
    "keywords": frozenset({"AUTHKEY", "INDEXTERMS"}),
    "heading_word": frozenset({"INDEXTERMS"}),
    "subject_heading": frozenset({"INDEXTERMS"}),
    "subject_heading_major": frozenset({"INDEXTERMS"}),
    "text_word": frozenset({"TITLE", "ABS", "AUTHKEY", "INDEXTERMS"}),
}
_OTHERS: Mapping[str, str] = {
    "author": "AUTH",
    "affiliation": "AFFIL",
    "journal": "SRCTITLE",
    "identifier": "DOI",
}
_UNVARIED = frozenset({"AUTH", "DOI"})
"""Fields of names and numbers, which have no plural."""
_INDEX_TERMS = "index terms of Scopus (INDEXTERMS) stand for words of headings: they come from several thesauri"
_NOTES: Mapping[str, tuple[LossKind, str]] = {
    "heading_word": ("changed", _INDEX_TERMS),
    "subject_heading": ("changed", _INDEX_TERMS),
    "subject_heading_major": ("changed", _INDEX_TERMS),
    "text_word": (
        "changed",
        "free-text fields differ: TITLE-ABS-KEY (title, abstract, keywords, index terms) is the nearest",
    ),
    "all": ("widened", "ALL looks in affiliations, funding and cited references as well"),
}
_WITH_INDEX_TERMS: tuple[LossKind, str] = (
    "widened",
    "TITLE-ABS-KEY looks in index terms as well; without them it would be TITLE-ABS(…) OR AUTHKEY(…)",
)
_WITH_AUTHOR_KEYWORDS: tuple[LossKind, str] = (
    "widened",
    "TITLE-ABS-KEY looks in author keywords as well; without them it would be TITLE-ABS(…) OR INDEXTERMS(…)",
)
_KINDS: Mapping[str, str] = {
    "article": "ar",
    "journal article": "ar",
    "book": "bk",
    "book chapter": "ch",
    "conference paper": "cp",
    "proceedings paper": "cp",
    "conference review": "cr",
    "data paper": "dp",
    "editorial": "ed",
    "erratum": "er",
    "published erratum": "er",
    "letter": "le",
    "note": "no",
    "retracted publication": "tb",
    "review": "re",
    "short survey": "sh",
}


class ScopusWriter(FreeTextWriter):
    """Writes searches for Scopus."""

    NOT = " AND NOT "
    IN_WORD: ClassVar[Mapping[Wild, str]] = {ANY: "*", ONE: "?"}
    IN_QUOTES: ClassVar[Mapping[Wild, str]] = {ANY: "*", ONE: "?"}
    LINES_APART = True
    MOST_BETWEEN: ClassVar[int] = 255
    # Elsevier names no limit; this is where a search is long enough that a person should be warned.
    LONG: ClassVar[int] = 10_000

    def plan(self, fields: tuple[str, ...]) -> Plan:
        """TITLE-ABS-KEY where title, abstract and keywords are meant, else one field or several."""
        if "all" in fields:
            return Plan(("ALL",), (_NOTES["all"],))
        notes = tuple(_NOTES[field] for field in fields if field in _NOTES)
        others = tuple(_OTHERS[field] for field in fields if field in _OTHERS)
        wanted = frozenset().union(*(_PARTS.get(field, frozenset()) for field in fields))
        keywords = wanted & {"AUTHKEY", "INDEXTERMS"}
        if {"TITLE", "ABS"} <= wanted and keywords:
            if len(keywords) == 1:
                notes += (_WITH_INDEX_TERMS if "AUTHKEY" in keywords else _WITH_AUTHOR_KEYWORDS,)
            return Plan(("TITLE-ABS-KEY", *others), notes)
        if {"TITLE", "ABS"} <= wanted:
            labels: tuple[str, ...] = ("TITLE-ABS",)
        else:
            labels = tuple(label for label in ("TITLE", "ABS") if label in wanted)
            labels += ("KEY",) if len(keywords) == 2 else tuple(keywords)
        return Plan(labels + others, notes)

    def labelled(self, label: str, text: str, inner: Node) -> str:
        """`TITLE(a OR b)`."""
        return f"{label}({text[1:-1] if isinstance(inner, Near) else text})"

    def write(self, node: Node) -> str:
        """The search on one line, with what Scopus adds as a whole."""
        text = super().write(node)
        if len(text) > self.LONG:
            self.losses.add(
                "settle",
                "the search is very long: Scopus names no limit but may refuse it; if it does, run it block by block "
                "and combine the blocks in the search history",
            )
        return text

    def untagged(self, leaf: Word | Phrase | Near) -> str | None:
        """A term; what Scopus adds to it is noted."""
        if not isinstance(leaf, Near):
            words = leaf.words if isinstance(leaf, Phrase) else (leaf,)
            if all(word.plain for word in words) and self.label not in _UNVARIED:
                self.losses.add(
                    "widened",
                    "terms without wildcards find plurals, possessives and spelling equivalents as well",
                    leaf.place,
                )
        return super().untagged(leaf)

    def operand(self, node: Node) -> Word | Phrase | Near | Or | None:
        """Proximity within proximity of the same kind becomes one chain."""
        if isinstance(node, Near):
            chain: list[Node] = []
            for part in node.operands:
                chain.extend(part.operands if isinstance(part, Near) else (part,))
            node = replace(node, operands=tuple(chain))
        return super().operand(node)

    def near_problem(self, near: Near) -> str | None:
        """Another distance or kind within it, or a distance that is too large."""
        if near.between > self.MOST_BETWEEN:
            return f"Scopus takes at most {self.MOST_BETWEEN} words between terms: the parts were joined with AND"
        for part in near.operands:
            if isinstance(part, Near):
                same = (part.between, part.ordered) == (near.between, near.ordered)
                if not same or any(isinstance(inner, Near) for inner in part.operands) or _near_in_or(part):
                    break
            elif _near_in_or(part):
                break
        else:
            return None
        return (
            "Scopus does not take proximity within proximity of another kind or distance: the outer one was written as "
            "AND, without its distance"
        )

    def near_operator(self, near: Near) -> str:
        """N counts the words between."""
        return f"{'PRE' if near.ordered else 'W'}/{near.between}"

    def placed_dates(self, dates: DateRange) -> Node:
        """Both ends apart."""
        if dates.first is None or dates.last is None:
            return dates
        first, last, whole = years(dates)
        if dates.dated == "date_publication" and first == last and whole:
            return dates
        return And((replace(dates, last=None), replace(dates, first=None)), dates.place)

    def dates(self, dates: DateRange) -> str:
        """Years, or days on which records were added; one end, or a whole year."""
        if dates.first is None and dates.last is None:
            return self.undated(dates)
        if dates.dated != "date_publication":
            return self._loaded(dates)
        first, last, _ = years(dates)
        if first is not None:
            return self.whole_years(dates, f"PUBYEAR = {first}" if last is not None else f"PUBYEAR > {first - 1}")
        return self.whole_years(dates, f"PUBYEAR < {(last or 0) + 1}")

    def _loaded(self, dates: DateRange) -> str:
        self.other_days(dates, "ORIG-LOAD-DATE")
        if dates.first is not None:
            before = dates.first if dates.first == date.min else dates.first - timedelta(days=1)
            return f"ORIG-LOAD-DATE > {_digits(before)}"
        return f"ORIG-LOAD-DATE < {_digits(day_after(dates.last or date.max))}"

    def language(self, name: str) -> str:
        """`LANGUAGE(english)`."""
        return f"LANGUAGE({name})" if name.isalpha() else f'LANGUAGE("{name}")'

    def kind(self, name: str) -> str | None:
        """`DOCTYPE(re)`; Scopus knows kinds of documents, not of studies."""
        return f"DOCTYPE({_KINDS[name]})" if name in _KINDS else None

    def number(self, text: str) -> str | None:
        """A PubMed number, or one of Scopus itself."""
        if text.isascii() and text.isdigit() and len(text) <= 8:
            sentence = "accession numbers were taken for PubMed's (PMID): see that they are"
            self.losses.add("changed", sentence, None, f"{text} → PMID({text})")
            return f"PMID({text})"
        return None


def _digits(day: date) -> str:
    return day.isoformat().replace("-", "")


def _near_in_or(node: Node) -> bool:
    """Whether proximity stands in a list of alternatives."""
    waiting = list(node.operands) if isinstance(node, Or | Near) else []
    while waiting:
        part = waiting.pop()
        if isinstance(part, Near):
            return True
        if isinstance(part, Or):
            waiting.extend(part.operands)
    return False
