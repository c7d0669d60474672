"""The second half of writing for Embase.com, Web of Science, Scopus and the Cochrane Library: trees as text."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import ClassVar

from livingsearch.strategy.freetext.placing import FOREIGN, KIND, LANGUAGE, NOTHING, NUMBER, PlacingWriter
from livingsearch.strategy.freetext.wording import ANY, plain, shown, spelling_of, words_of
from livingsearch.strategy.loss import slot
from livingsearch.strategy.normal import has_reference
from livingsearch.strategy.tree import (
    And,
    DateRange,
    Heading,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Scoped,
    UidRange,
    Wild,
    Word,
    walk,
)

# Codes of MEDLINE → names, as the platforms have them.
_LANGUAGES: Mapping[str, str] = {
    "ara": "arabic",
    "chi": "chinese",
    "cze": "czech",
    "dan": "danish",
    "dut": "dutch",
    "eng": "english",
    "fin": "finnish",
    "fre": "french",
    "ger": "german",
    "gre": "greek",
    "heb": "hebrew",
    "hun": "hungarian",
    "ita": "italian",
    "jpn": "japanese",
    "kor": "korean",
    "nor": "norwegian",
    "per": "persian",
    "pol": "polish",
    "por": "portuguese",
    "rus": "russian",
    "spa": "spanish",
    "swe": "swedish",
    "tur": "turkish",
}


class FreeTextWriter(PlacingWriter):
    """A writer for a platform that tags groups; each of the four has a subclass with its tables."""

    RESERVED: ClassVar[frozenset[str]] = frozenset({"and", "or", "not", "near", "next", "same"})
    """Words in lower case that the platform reads as operators unless they are quoted."""
    LEAST_ROOT: ClassVar[int] = 0
    """Letters that the platform demands of a word with `*`."""
    LINES_APART: ClassVar[bool] = False
    """Whether a line holds references or terms, not both."""

    label = ""
    """Where the terms that are being written are looked for."""

    def labelled(self, label: str, text: str, inner: Node) -> str:
        """`text`, which is `inner` without its field, in the field of a label."""
        raise NotImplementedError

    def near_operator(self, near: Near) -> str:
        """The operator that stands between the operands."""
        raise NotImplementedError

    def language(self, name: str) -> str | None:
        """A language, by its English name in lower case; None where the platform cannot look for it."""
        raise NotImplementedError

    def kind(self, name: str) -> str | None:
        """A publication type by its name in MEDLINE, in lower case; None where there is none like it."""
        raise NotImplementedError

    def number(self, text: str) -> str | None:
        """An accession number of another database; None where it cannot be looked for."""
        return None

    def write(self, node: Node) -> str:
        """The whole search on one line."""
        self.note_lines_apart(node)
        tree = self.prepared(node)
        return self._or_slot(self.written(tree), tree)

    def note_lines_apart(self, node: Node) -> None:
        """Notes a line that holds references and terms where the platform does not take both."""
        terms = Word | Phrase | Heading
        if self.LINES_APART and has_reference(node) and any(isinstance(inner, terms) for inner in walk(node)):
            self.losses.add(
                "settle",
                f"{self.dialect.label} does not take references to lines and terms in one line: put the terms on a "
                "line of their own and refer to that",
                node.place,
            )

    def scoped(self, inner: Node, fields: tuple[str, ...], whole: Scoped) -> str | None:
        """What is looked for in one label of the platform."""
        (label,) = fields
        if not label.startswith("="):
            self.label = label
            text = self.written(inner)
            return None if text is None else self.labelled(label, text, inner)
        if label == NOTHING:
            return None
        known: Mapping[str, Callable[[Node], str]] = {
            LANGUAGE: self._language,
            KIND: self._kind,
            NUMBER: self._number,
        }
        return self._each(inner, known[label] if label in known else self._foreign(label))

    def _each(self, node: Node, one: Callable[[Node], str]) -> str:
        """A group whose terms are written one by one."""
        match node:
            case And(operands=operands) | Or(operands=operands):
                operator = self.AND if isinstance(node, And) else self.OR
                return f"({operator.join([self._each(operand, one) for operand in operands])})"
            case Not(left=left, right=right):
                return f"({self._each(left, one)}{self.NOT}{self._each(right, one)})"
            case _:
                return one(node)

    def _language(self, leaf: Node) -> str:
        name = shown(leaf).lower()
        name = _LANGUAGES.get(name, name)
        text = self.language(name) if name.replace(" ", "").isalpha() else None
        if text is not None:
            return text
        problem = f"this language cannot be looked for on {self.dialect.label}: see what it stood for"
        return self._settled(leaf, problem, f"language {name}")

    def _kind(self, leaf: Node) -> str:
        name = shown(leaf).lower()
        text = self.kind(name)
        if text is not None:
            self.losses.add(
                "changed",
                f"publication types are {self.dialect.label}'s own, given by other indexers and often one to a record: "
                "see that they mean the same",
                leaf.place,
                f"{name} → {text}",
            )
            return text
        problem = f"{self.dialect.label} has no such publication type: say in words or in its own types what is meant"
        return self._settled(leaf, problem, f"publication type {name}")

    def _number(self, leaf: Node) -> str:
        text = self.number(shown(leaf))
        if text is not None:
            return text
        problem = f"accession numbers of another database cannot be looked for on {self.dialect.label}"
        return self._settled(leaf, problem, f"record {shown(leaf)}")

    def _foreign(self, label: str) -> Callable[[Node], str]:
        field = label.removeprefix(FOREIGN)
        problem = f"{self.dialect.label} has no field like {field}: say what is meant where the slot stands"
        return lambda leaf: self._settled(leaf, problem, f"{shown(leaf)} in {field}")

    def _settled(self, node: Node, sentence: str, what: str) -> str:
        """A slot, noted as one that a person has to fill."""
        text = slot(plain(what))
        self.losses.add("settle", sentence, node.place, f"{shown(node)} → {text}")
        return text

    def untagged(self, leaf: Word | Phrase | Near) -> str | None:
        """A term without its field."""
        match leaf:
            case Word():
                return self.word(leaf)
            case Phrase():
                return self.phrase(leaf)
            case Near(operands=operands):
                return f"({f' {self.near_operator(leaf)} '.join([self._part(operand) for operand in operands])})"

    def is_bare(self, word: Word) -> bool:
        """Whether a word needs no quotation marks."""
        if not all(isinstance(part, Wild) or part.isalnum() for part in word.parts):
            return False
        return len(word.parts) > 1 or word.text.lower() not in self.RESERVED

    def word(self, word: Word) -> str:
        """A single word, quoted where the platform would read something else in it."""
        if self.too_short((word,)):
            return self.short(word)
        if self.is_bare(word):
            return spelling_of(word, self.IN_WORD)
        return self.quoted(spelling_of(word, self.IN_QUOTES))

    def phrase(self, phrase: Phrase) -> str:
        """Words side by side, in quotation marks."""
        if self.too_short(phrase.words):
            return self.short(phrase)
        return self.quoted(" ".join([spelling_of(word, self.IN_QUOTES) for word in phrase.words]))

    def quoted(self, text: str) -> str:
        """Text in the platform's quotation marks."""
        return f'"{text}"'

    def too_short(self, words: tuple[Word, ...]) -> bool:
        """Whether one of the words has fewer letters beside its `*` than the platform takes."""
        return any([ANY in word.parts and self.root(word) < self.LEAST_ROOT for word in words])

    def root(self, word: Word) -> int:
        """Letters that count as the root of a word with `*`."""
        return root(word)

    def short(self, leaf: Word | Phrase) -> str:
        """A slot for words that the platform cannot truncate so early."""
        problem = (
            f"{self.dialect.label} takes * only in words of at least {self.LEAST_ROOT} letters: name the words that "
            "are meant where the slot stands"
        )
        return self._settled(leaf, problem, f"words for {shown(leaf)}")

    def heading(self, heading: Heading) -> str | None:
        """A subject heading of another thesaurus; platforms with one of their own say more."""
        return self.foreign_heading(replace(heading, text=plain(heading.text)))

    @staticmethod
    def heading_text(heading: Heading) -> str:
        """A heading of the platform's own thesaurus without signs that would end its quotation marks."""
        return " ".join([word.text for word in words_of((Word((heading.text,)),))])

    def numbers(self, numbers: UidRange) -> str | None:
        """Accession numbers are those of the database searched before."""
        first, last = numbers.first or "…", numbers.last or "…"
        text = slot(f"records {first} to {last}")
        sentence = (
            f"ranges of accession numbers are those of the database searched before: {self.dialect.label} has none"
        )
        self.losses.add("settle", sentence, numbers.place, f"{first}:{last} → {text}")
        return text

    def undated(self, dates: DateRange) -> str:
        """A slot for dates that the platform cannot look for."""
        text = slot(f"{dates.dated.replace('_', ' ')} {dates.first or '…'} to {dates.last or '…'}")
        sentence = f"{self.dialect.label} cannot look for these dates: limit the results by hand"
        self.losses.add("settle", sentence, dates.place, f"→ {text}")
        return text

    def whole_years(self, dates: DateRange, text: str) -> str:
        """`text`, which has the years of a range, with a note where it has more than these."""
        if not years(dates)[2]:
            sentence = "publication dates are limited by whole years: days and months were left out"
            self.losses.add("widened", sentence, dates.place, f"{dates.first or '…'} to {dates.last or '…'} → {text}")
        return text

    def other_days(self, dates: DateRange, field: str) -> None:
        """Notes that days of entry are those of another database."""
        self.losses.add(
            "changed",
            f"entry dates ({field}) are the days on which {self.dialect.label} took a record in, not those of the "
            "database searched before",
            dates.place,
        )

    def closed_end(self, dates: DateRange, first: int, last: int, text: str) -> None:
        """Notes that a year stands for an open end of a range."""
        if dates.first is None or dates.last is None:
            self.losses.add(
                "changed",
                f"no open end of a range is documented: {first} or {last} stands for it; should that be refused, put "
                "the first or the current year",
                dates.place,
                f"{dates.first or '…'} to {dates.last or '…'} → {text}",
            )


def root(word: Word) -> int:
    """Letters before the first `*` of a word, or behind it where it begins the word; open letters count."""
    parts = word.parts[1:] if word.parts[0] == ANY else word.parts
    end = parts.index(ANY) if ANY in parts else len(parts)
    return sum([len(part) if isinstance(part, str) else part.least for part in parts[:end]])


def years(dates: DateRange) -> tuple[int | None, int | None, bool]:
    """The years that a range of days touches, and whether it is made of whole years."""
    first, last = dates.first, dates.last
    begins = first is None or (first.month, first.day) == (1, 1)
    ends = last is None or (last.month, last.day) == (12, 31)
    return None if first is None else first.year, None if last is None else last.year, begins and ends


def day_after(day: date) -> date:
    """The next day; the calendar's last one has none and is its own."""
    return day if day == date.max else day + timedelta(days=1)
