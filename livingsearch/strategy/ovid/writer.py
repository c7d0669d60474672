"""Writes searches for Ovid: one line, or, where the search is limited, as many lines as its limits need.

Ovid limits the result of a line, not a term: `1 asthma.ti.`, `2 limit 1 to yr="2010 -Current"`.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from livingsearch.strategy.dialects import Dialect
from livingsearch.strategy.loss import Losses, safe_in_slot, slot
from livingsearch.strategy.normal import at_groups, at_leaves, flat
from livingsearch.strategy.ovid.dates import years_text
from livingsearch.strategy.ovid.fields import NEAR_TWINS, fields_of
from livingsearch.strategy.ovid.headings import heading_name, heading_text
from livingsearch.strategy.ovid.limits import OTHER, written_limit
from livingsearch.strategy.ovid.shaping import COUNT, counts_apart, dates_shown, excerpt, only_dates, ranges_of_lines
from livingsearch.strategy.ovid.words import Unwritable, bare, word_text, words_of
from livingsearch.strategy.tree import (
    And,
    DateRange,
    Heading,
    LineRef,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Place,
    Scoped,
    UidRange,
    Word,
    walk,
)
from livingsearch.strategy.writing import Writer, described

_OWN_TAG = re.compile(r"ovid:[a-z][a-z0-9_]*(?:,[a-z][a-z0-9_]*)*(?:/freq=[0-9]+)?")
_FARTHEST = 99
_MOST_NUMBERS = 50


class OvidWriter(Writer):
    """Writes trees for a database on Ovid."""

    AND: ClassVar[str] = " and "
    OR: ClassVar[str] = " or "
    NOT: ClassVar[str] = " not "

    def __init__(self, dialect: Dialect, losses: Losses) -> None:
        super().__init__(dialect, losses)
        self.fields = fields_of(dialect)

    def write(self, node: Node) -> str:
        """The search; on several numbered lines where it is limited and refers to no lines itself."""
        leaves = self._leaves(node)
        limited = any(self._limit(inner) is not None for inner in walk(leaves))
        if not limited:
            return self._on_one_line(leaves)
        if any(isinstance(inner, LineRef) for inner in walk(leaves)):
            return self._limited_line(leaves)
        lines: list[str] = []
        last = self._on_lines(leaves, lines)
        if not isinstance(last, LineRef):
            lines.append(self._on_one_line(last))
        return "\n".join([f"{at} {line}" for at, line in enumerate(lines, 1)]) if len(lines) > 1 else lines[0]

    def prepared(self, node: Node) -> Node:
        """Fields around groups, as far out as they go."""
        return at_groups(self._leaves(node))

    def _leaves(self, node: Node) -> Node:
        return flat(counts_apart(at_leaves(flat(node))))

    def _on_one_line(self, leaves: Node) -> str:
        node = at_groups(leaves)
        return self._or_slot(self.written(node), node)

    def _limited_line(self, leaves: Node) -> str:
        """`limit 3 to …` where a line of its own suffices; else limits become terms, or slots."""
        if isinstance(leaves, And):
            limits = [operand for operand in leaves.operands if self._limit(operand) is not None]
            rest = [operand for operand in leaves.operands if self._limit(operand) is None]
            if limits and len(rest) == 1 and isinstance(rest[0], LineRef):
                return self._limit_line(rest[0].number, limits)
        return self._on_one_line(leaves)

    def _on_lines(self, node: Node, lines: list[str]) -> Node:
        """Puts what is limited, and each limit, on lines of their own.

        Returns:
            What is left, with references to those lines.
        """
        match node:
            case And(operands=operands):
                limits = [operand for operand in operands if self._limit(operand) is not None]
                rest = [self._on_lines(operand, lines) for operand in operands if self._limit(operand) is None]
                if not limits or not rest:
                    return And(tuple([*limits, *rest]), node.place)
                number = self._numbered(flat(And(tuple(rest), node.place)), lines)
                lines.append(self._limit_line(number, limits))
                return LineRef(len(lines))
            case Or(operands=operands):
                return Or(tuple([self._on_lines(operand, lines) for operand in operands]), node.place)
            case Not(left=left, right=right) if self._limit(right) is not None:
                number = self._numbered(self._on_lines(left, lines), lines)
                lines.append(self._limit_line(number, [right]))
                return Not(LineRef(number), LineRef(len(lines)), node.place)
            case Not(left=left, right=right):
                return Not(self._on_lines(left, lines), self._on_lines(right, lines), node.place)
            case _:
                return node

    def _numbered(self, node: Node, lines: list[str]) -> int:
        if isinstance(node, LineRef):
            return node.number
        lines.append(self._on_one_line(node))
        return len(lines)

    def _limit(self, node: Node) -> str | None:
        limit = written_limit(node, self.fields) if isinstance(node, DateRange | Scoped | Or) else None
        return limit[0] if limit else None

    def _limit_line(self, number: int, limits: Sequence[Node]) -> str:
        texts = []
        for node in limits:
            limit = written_limit(node, self.fields)
            if limit is None:
                raise AssertionError("only limits are written as such")
            text, exact = limit
            texts.append(text)
            if isinstance(node, DateRange) and node.dated == "date_entry":
                self._note_entry(node, text)
            if not exact:
                self.losses.add(
                    "widened",
                    "Ovid limits dates of publication by whole years: the months and days of these dates were left out",
                    node.place,
                    f"{dates_shown(node)} → {text}",
                )
        whole = " and ".join(dict.fromkeys(texts))
        return f"limit {number} to {f'({whole})' if len(set(texts)) > 1 else whole}"

    def _note_entry(self, dates: DateRange, text: str) -> None:
        if self.fields.database == "medline":
            self.losses.add(
                "changed",
                "a date of entry was written as Ovid's own (.ed.); where PubMed's date of entry (EDAT) is meant, Ovid "
                "has it in .ez.",
                dates.place,
                f"{dates_shown(dates)} → {text}",
            )

    def write_line(self, number: int, node: Node) -> str:
        """One numbered line; many references to lines in a row as `or/1-5`.

        Ovid's help shows `or/1-5` as a whole line only, so that it is not written within brackets.
        """
        if isinstance(node, And | Or) and len(node.operands) > 2:
            numbers = [operand.number for operand in node.operands if isinstance(operand, LineRef)]
            if len(numbers) == len(node.operands) and (ranges := ranges_of_lines(numbers)):
                return f"{number} {'or' if isinstance(node, Or) else 'and'}/{ranges}"
        return f"{number} {self._limited_line(self._leaves(node))}"

    def reference_text(self, number: int) -> str:
        """Ovid's lines are referred to by their bare numbers."""
        return str(number)

    def scoped(self, inner: Node, fields: tuple[str, ...], whole: Scoped) -> str | None:
        """A term or group with its tags behind it."""
        if fields == OTHER:
            limit = written_limit(whole, self.fields)
            what = limit[0] if limit else "limit"
            self.losses.add(
                "settle",
                "Ovid limits whole lines, and this limit stands where no line of its own can be made: apply it by hand",
                whole.place,
                what,
            )
            return slot(f"limit to {what}")
        if fields == ("subject_heading_major",) and isinstance(inner, Word | Phrase):
            words = words_of(inner)
            if all(word.plain for word in words):
                text = " ".join(word.text for word in words)
                return self.heading(Heading(text, self.dialect.vocabulary, major=True, place=whole.place))
        if any(name.startswith("date_") for name in fields) and not only_dates(inner, fields):
            return self._dates_slot(inner, whole)
        tag = self._tag(fields, whole)
        if tag is None:
            return self._field_slot(inner, fields, whole)
        match inner:
            case Word() | Phrase():
                text = self._term(inner)
            case Near():
                text = self._near(inner)
            case _:
                written = self.written(inner)
                if written is None:
                    return None
                text = f"({written})" if isinstance(inner, And | Or | Not) else written
        return text + tag

    def untagged(self, leaf: Word | Phrase | Near) -> str | None:
        """A leaf in Ovid's default fields."""
        return self._near(leaf) if isinstance(leaf, Near) else self._term(leaf)

    def heading(self, heading: Heading) -> str | None:
        """`exp *Asthma/dt`."""
        own = self.dialect.vocabulary
        heading = replace(heading, text=heading_name(heading.text))
        if own is None and heading.vocabulary is not None:
            text = slot(f"heading for {described(heading)}")
            self.losses.add(
                "settle",
                f"the thesaurus of {self.dialect.label} is not known here: look each heading up there and put it where "
                "its slot stands",
                heading.place,
                f"{heading.text} → {text}",
            )
            return text
        if heading.vocabulary != own:
            return self.foreign_heading(heading)
        return heading_text(heading, own, self.losses)

    def dates(self, dates: DateRange) -> str | None:
        """Dates where no limit can be set: whole years one by one, else a slot."""
        text = years_text(dates, self.fields)
        if text is not None:
            if dates.dated == "date_entry":
                self._note_entry(dates, text)
            return text
        text = slot(f"records {dates_shown(dates)}")
        self.losses.add(
            "settle",
            "Ovid has limits to dates for whole lines only, and whole years as terms; of these dates neither can be "
            f"said in {self.dialect.label} at this place",
            dates.place,
            f"{dates_shown(dates)} → {text}",
        )
        return text

    def numbers(self, numbers: UidRange) -> str | None:
        """Accession numbers, one by one where they are few."""
        tag = self.fields.written["uid"][0]
        first, last = numbers.first, numbers.last
        if first is not None and last is not None and 0 <= last - first < _MOST_NUMBERS:
            texts = [f'"{number}"' for number in range(first, last + 1)]
            return f"({' or '.join(texts)}).{tag}." if len(texts) > 1 else f"{texts[0]}.{tag}."
        text = slot(f"accession numbers from {'the first' if first is None else first} to {last or 'the last'}")
        self.losses.add(
            "settle",
            "Ovid searches accession numbers one by one, not from one to another: settle which are meant",
            numbers.place,
            f"{first}-{last} → {text}",
        )
        return text

    def _term(self, leaf: Word | Phrase) -> str:
        texts: list[str] = []
        for word in words_of(leaf):
            try:
                text, changed = word_text(word)
            except Unwritable as problem:
                return self._unwritable(str(problem), leaf.place)
            self._note_word(word, text, changed)
            texts.append(text)
        joined = " ".join(" ".join(texts).split())
        return joined if len(texts) == 1 and bare(joined) else f'"{joined}"'

    def _note_word(self, word: Word, text: str, changed: tuple[str, ...]) -> None:
        if "letters" in changed:
            self.losses.add(
                "changed",
                "characters that mean something else on Ovid were left out of words",
                word.place,
                f"{word.text} → {text}",
            )
        if "widened" in changed:
            self.losses.add(
                "widened",
                "Ovid cannot say how many characters are open before a digit, or more than 99 of them: any ending was "
                "written",
                word.place,
                f"{word.text} → {text}",
            )

    def _unwritable(self, what: str, place: Place) -> str:
        text = slot(what)
        self.losses.add(
            "settle",
            "Ovid has no wildcard at the beginning of a word, and no term without letters: write out what is meant",
            place,
            text,
        )
        return text

    def _near(self, near: Near) -> str:
        adjacent = near.ordered and near.between == 0
        if near.ordered and near.between > 0:
            self.losses.add(
                "widened",
                "Ovid's adj with a number finds the words in any order",
                near.place,
                f"in this order, {near.between} words between → adj{near.between + 1}",
            )
        if near.between >= _FARTHEST:
            self.losses.add(
                "narrowed", f"Ovid's adj goes up to adj{_FARTHEST}", near.place, f"{near.between} words between"
            )
        if any(isinstance(inner, And | Not) for inner in walk(near)):
            self.losses.add(
                "changed",
                "AND or NOT stands within proximity; Ovid's help says nothing of it: try whether Ovid takes it",
                near.place,
            )
        operator = " adj " if adjacent else f" adj{min(near.between + 1, _FARTHEST)} "
        return f"({operator.join([self._near_part(operand) for operand in near.operands])})"

    def _near_part(self, node: Node) -> str:
        match node:
            case Word() | Phrase():
                return self._term(node)
            case Near():
                return self._near(node)
            case _:
                return self._part(node)

    def _tag(self, fields: tuple[str, ...], whole: Scoped) -> str | None:
        """The tags of fields, as `.ti,ab.`; None where Ovid has none of them."""
        tags: dict[str, None] = {}
        foreign: list[str] = []
        for name in fields:
            if _OWN_TAG.fullmatch(name):
                tags.update(dict.fromkeys([name.removeprefix("ovid:")]))
            elif name in self.fields.written:
                tags.update(dict.fromkeys(self.fields.written[name]))
            elif name in NEAR_TWINS:
                tags[NEAR_TWINS[name]] = None
                self._note_near_twin(name, whole)
            else:
                foreign.append(name)
        if not tags:
            return None
        self._note_fields(fields, foreign, whole)
        names, _, number = ",".join(tags).partition(COUNT)
        return f".{names}. {COUNT}{number}" if number else f".{names}."

    def _field_slot(self, inner: Node, fields: tuple[str, ...], whole: Scoped) -> str:
        names = ", ".join(dict.fromkeys(name.rpartition(":")[2].replace("_", " ") for name in fields))
        text = slot(f"field like {safe_in_slot(names)} for {excerpt(inner)}")
        self.losses.add(
            "settle",
            f"{self.dialect.label} has no twin of these fields: say where to look in the place of each slot",
            whole.place,
            text,
        )
        return text

    def _dates_slot(self, inner: Node, whole: Scoped) -> str:
        text = slot(f"dates for {excerpt(inner)}")
        self.losses.add(
            "settle",
            "fields of dates hold years, months and days in digits on Ovid: say which are meant in the place of the "
            "slot",
            whole.place,
            text,
        )
        return text

    def _note_near_twin(self, name: str, whole: Scoped) -> None:
        self.losses.add(
            "changed",
            "fields that Ovid has in nearly the same way: see in the database's guide whether it finds what is meant",
            whole.place,
            f"{name.partition(':')[2]} → .{NEAR_TWINS[name]}.",
        )

    def _note_fields(self, fields: tuple[str, ...], foreign: list[str], whole: Scoped) -> None:
        if foreign:
            names = ", ".join(name.replace("_", " ") for name in foreign)
            self.losses.add(
                "narrowed",
                f"{self.dialect.label} has no field for {names}: the terms are looked for in the other fields",
                whole.place,
            )
        if "text_word" in fields:
            self.losses.add(
                "exact",
                ".mp. takes in fields that Ovid chose for this database (title, abstract, headings, keywords and "
                "more); they differ from database to database",
            )
        if "subject_heading_major" in fields:
            self.losses.add(
                "widened",
                "Ovid has no field for words of main headings: all headings (.sh.) are searched",
                whole.place,
            )
