"""The stand-in's index: which records hold a word, a phrase, a value or a date in given fields."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Protocol

from livingsearch.standin.records import StoredRecord
from livingsearch.strategy.tree import DateField

_TEXT_WORD: tuple[str, ...] = (
    "title",
    "abstract",
    "author_keywords",
    "subject_heading",
    "publication_type",
)
_ALL: tuple[str, ...] = (
    *_TEXT_WORD,
    "author",
    "journal",
    "language",
    "affiliation",
    "identifier",
    "uid",
)
# Fields whose values are matched whole, not word by word.
_WHOLE: frozenset[str] = frozenset(
    {
        "subject_heading",
        "subject_heading_major",
        "author",
        "journal",
        "publication_type",
        "language",
        "identifier",
        "uid",
    }
)


class Lookup(Protocol):
    """What the endpoints look up; `Index` says what each call means."""

    @property
    def records(self) -> Mapping[int, StoredRecord]:
        """The records by PMID."""
        ...

    @property
    def pmids(self) -> tuple[int, ...]:
        """All PMIDs, ascending."""
        ...

    def term(self, words: tuple[str, ...], truncated: bool, fields: tuple[str, ...]) -> set[int]:
        """Records with a word, phrase or value."""
        ...

    def near(self, words: tuple[str, ...], between: int, fields: tuple[str, ...]) -> set[int]:
        """Records with words close together."""
        ...

    def dated(self, field: DateField, first: date | None, last: date | None) -> set[int]:
        """Records of some days."""
        ...

    def numbered(self, first: int | None, last: int | None) -> set[int]:
        """Records of a range of PMIDs."""
        ...


class Index:
    """What can be looked up in one set of records; never changed after it is built.

    Args:
        records: the records by PMID.
    """

    def __init__(self, records: Mapping[int, StoredRecord]) -> None:
        self.records = records
        self.pmids = tuple(sorted(records))
        postings: defaultdict[str, list[int]] = defaultdict(list)
        for pmid, record in records.items():
            for word in {word for text in record.texts.values() for word in text.split()}:
                postings[word].append(pmid)
        self._postings = dict(postings)
        self._vocabulary = sorted(postings)

    def term(self, words: tuple[str, ...], truncated: bool, fields: tuple[str, ...]) -> set[int]:
        """Records that hold these words side by side, in this order, in one of the fields.

        Args:
            words: folded; in a field of values (headings, authors, journals …) they have to be a whole value.
            truncated: whether the last word may go on.
            fields: canonical names.

        Returns:
            PMIDs.
        """
        found: set[int] = set()
        if not words:
            return found
        for field in fields:
            said = " ".join(words)
            if field == "author":
                # Initials need not be complete: "smith j" finds "smith jk", "smith" finds every Smith.
                open_ended = truncated or (len(words) > 1 and len(words[-1]) < 3)
                found |= self._holding(words, open_ended, (field,), f"\n {said}" + ("" if open_ended else " "))
            elif field in _WHOLE:
                found |= self._holding(words, truncated, (field,), f"\n {said}" + ("" if truncated else " \n"))
            else:
                found |= self._holding(words, truncated, _expanded(field), f" {said}" + ("" if truncated else " "))
        return found

    def near(self, words: tuple[str, ...], between: int, fields: tuple[str, ...]) -> set[int]:
        """Records that hold all these words close together, in any order, within one text of one field.

        Args:
            words: folded.
            between: how many other words may stand among them at most.
            fields: canonical names.

        Returns:
            PMIDs.
        """
        names = [name for field in fields for name in _expanded(field)]
        return {
            pmid
            for pmid in self._candidates(words, False)
            for texts in (self.records[pmid].texts,)
            if any(
                _close_together(line.split(), words, between)
                for name in names
                for line in texts.get(name, "").split("\n")
            )
        }

    def dated(self, field: DateField, first: date | None, last: date | None) -> set[int]:
        """Records with a date of that kind between two days, both included; None leaves an end open."""
        low, high = first or date.min, last or date.max
        return {
            pmid
            for pmid, record in self.records.items()
            if any(low <= day <= high for day in record.dates.get(field, ()))
        }

    def numbered(self, first: int | None, last: int | None) -> set[int]:
        """Records whose PMID lies between two numbers, both included; None leaves an end open."""
        return {p for p in self.pmids if (first is None or first <= p) and (last is None or p <= last)}

    def _holding(self, words: tuple[str, ...], truncated: bool, names: tuple[str, ...], needle: str) -> set[int]:
        return {
            pmid
            for pmid in self._candidates(words, truncated)
            for texts in (self.records[pmid].texts,)
            if any(needle in texts.get(name, "") for name in names)
        }

    def _candidates(self, words: tuple[str, ...], truncated: bool) -> set[int]:
        whole = words[:-1] if truncated else words
        sets: list[Iterable[int]] = [self._postings.get(word, ()) for word in whole]
        if truncated:
            sets.append(self._starting(words[-1]))
        found = set(sets[0])
        return found.intersection(*sets[1:])

    def _starting(self, stem: str) -> set[int]:
        found: set[int] = set()
        for word in self._vocabulary[bisect_left(self._vocabulary, stem) :]:
            if not word.startswith(stem):
                break
            found.update(self._postings[word])
        return found


def _expanded(field: str) -> tuple[str, ...]:
    return _ALL if field == "all" else _TEXT_WORD if field == "text_word" else (field,)


def _close_together(text: list[str], words: tuple[str, ...], between: int) -> bool:
    """Whether a stretch of `text` holds all `words` and at most `between` others."""
    span = len(words) + between
    return any(
        all(text[start : start + span].count(word) >= words.count(word) for word in words)
        for start, word_here in enumerate(text)
        if word_here in words
    )
