"""What the parts of a line of an Ovid search mean by themselves: words, quoted words, references to lines."""

import re
from dataclasses import dataclass, field

from livingsearch.errors import SearchTextError
from livingsearch.strategy.dialects import Dialect
from livingsearch.strategy.findings import Finding, Severity, search_error
from livingsearch.strategy.grammar import Term
from livingsearch.strategy.ovid.characters import MOST_OF_A_KIND, Source
from livingsearch.strategy.ovid.fields import Fields
from livingsearch.strategy.ovid.words import word_of
from livingsearch.strategy.tree import And, LineRef, Node, Or, Place, Word

_TAG_INSIDE = re.compile(r"\.([a-z]{2})(?=\.|\Z)", re.IGNORECASE)
_LINE_NUMBER = re.compile(r"#?[0-9]{1,9}")
_JOINING = frozenset({"&", "&&", "+", "|", "||"})
"""Signs that other programs read as operators."""
_SEPARATE = re.compile(r"\S+")
_MOST_LINES = 10_000


@dataclass(frozen=True, slots=True)
class Setting:
    """What a line is read in.

    Args:
        source: the search.
        dialect: of it.
        fields: of its database.
        numbers: of all lines; empty where the search has no numbered lines.
        own: number of the line that is read.
    """

    source: Source
    dialect: Dialect
    fields: Fields
    numbers: frozenset[int]
    own: int


@dataclass(slots=True)
class Item:
    """A part of a run of words.

    Args:
        kind: `word`, `quoted`, `single` (in single quotation marks), `slot`, or `mark` for a
            character between words.
        text: without quotation marks.
        start: in the clean text, with quotation marks.
        end: behind them.
        inside: where `text` begins.
    """

    kind: str
    text: str
    start: int
    end: int
    inside: int


@dataclass(slots=True)
class Terms:
    """Makes nodes of the parts of a line.

    Args:
        setting: what the line is read in.
        findings: what is noticed is added to it.
    """

    setting: Setting
    findings: list[Finding]
    _spaces: int = field(default=0, init=False)

    def place(self, start: int, end: int) -> Place:
        """Where a part of the clean text stands in the text as given."""
        return self.setting.source.place(start, end)

    def error(self, problem: str, start: int, end: int, code: str = "S001") -> SearchTextError:
        """The error for a part of the clean text."""
        return search_error(problem, self.setting.source.text, self.place(start, end), code)

    def note(self, code: str, severity: Severity, sentence: str, place: Place, recommended: str = "") -> None:
        """Adds a finding; of those about spaces (S007) not more than a person reads."""
        if code == "S007":
            self._spaces += 1
            if self._spaces > MOST_OF_A_KIND:
                return
        shown = self.setting.source.text[place.start : place.end]
        self.findings.append(Finding(code, severity, sentence, place, shown, recommended))

    def words_of(self, item: Item) -> list[Word]:
        """The words of a part; none where Ovid takes all of it for spaces."""
        place = self.place(item.start, item.end)
        if item.kind == "slot":
            sentence = "This slot has to be filled before the search can run."
            self.note("S012", "fatal", sentence, place)
            return [Word((item.text,), place)]
        if item.kind == "mark":
            self.note("S007", "note", "Ovid takes this character for a space.", place, " ")
            return []
        if item.kind == "word":
            if item.text.isalnum():
                return [Word((item.text,), place)]
            return self._bare_word(item, place)
        if item.kind == "single":
            self.single_quotes(item, place)
        words = []
        for part in _SEPARATE.finditer(item.text):
            start = item.inside + part.start()
            word = self._letters(part[0], self.place(start, start + len(part[0])))
            if word is not None:
                words.append(word)
        if not words:
            raise self.error("these quotation marks hold nothing; a term is expected", item.start, item.end)
        return words

    def _bare_word(self, item: Item, place: Place) -> list[Word]:
        inside = _TAG_INSIDE.search(item.text)
        if inside and inside[1].lower() in self.setting.fields.read:
            sentence = (
                f"“{inside[0]}” looks like a field tag, but letters or another tag follow: Ovid's tags are written "
                "like .ti,ab. and end the term."
            )
            self.note("F001", "fatal", sentence, place)
        if not any(character.isalnum() or character in "$*#?" for character in item.text):
            if item.text in _JOINING:
                sentence = (
                    "Ovid takes this character for a space, so that the words beside it are one phrase: write AND or "
                    "OR where that is meant."
                )
                self.note("S007", "warning", sentence, place)
            else:
                self.note("S007", "note", "Ovid takes this character for a space.", place, " ")
            return []
        word = self._letters(item.text, place)
        return [word] if word is not None else []

    def _letters(self, text: str, place: Place) -> Word | None:
        word = word_of(text, place)
        if word is None:
            raise search_error(
                "a wildcard stands alone; Ovid needs letters before it", self.setting.source.text, place, "T006"
            )
        if not isinstance(word.parts[0], str):
            sentence = (
                "Ovid has no truncation at the beginning of a word: a wildcard may not be its first character. Write "
                "the words out."
            )
            self.note("T006", "error", sentence, place)
        return word

    def single_quotes(self, item: Item, place: Place) -> None:
        """Notes a phrase in single quotation marks."""
        several = len(item.text.split()) > 1
        sentence = (
            "Ovid's quotation marks are double ones; single ones were read as if they were. Words side by side are a "
            "phrase anyway."
        )
        self.note("S008", "warning", sentence, place, f'"{item.text}"' if several else item.text)

    def reference(self, text: str, place: Place) -> LineRef | None:
        """The line that a number stands for; None for a number that is a term."""
        number = int(text.lstrip("#"))
        setting = self.setting
        if not setting.numbers:
            if text.startswith("#"):
                problem = f"{text} refers to a line, but this search has no numbered lines"
                raise search_error(problem, setting.source.text, place, "L002")
            return None
        if text.startswith("#") or number <= setting.own or number in setting.numbers:
            self._no_line_below(number, place)
            return LineRef(number, place)
        return None

    def begins_with_line(self, text: str) -> int | None:
        """The line above that the first of several words may stand for."""
        if not _LINE_NUMBER.fullmatch(text):
            return None
        number = int(text.lstrip("#"))
        return number if number < self.setting.own and number in self.setting.numbers else None

    def _no_line_below(self, number: int, place: Place) -> None:
        if number >= self.setting.own and number in self.setting.numbers:
            which = "itself" if number == self.setting.own else f"line {number} below it"
            problem = f"line {self.setting.own} refers to {which}; only lines above a line can be referred to"
            raise search_error(problem, self.setting.source.text, place, "L003")

    def lines(self, text: str, place: Place) -> Term:
        """The lines that `or/1-3,5` stands for."""
        name, _, rest = text.partition("/")
        if not self.setting.numbers:
            problem = f"{text} refers to lines, but this search has no numbered lines"
            raise search_error(problem, self.setting.source.text, place, "L002")
        numbers: dict[int, None] = {}
        for part in rest.split(","):
            first, _, last = part.partition("-")
            low, high = int(first[:9]), int((last or first)[:9])
            if high < low or high > _MOST_LINES:
                problem = (
                    f"{part.strip()} is no range of lines; two numbers such as 1-5 are expected, the smaller first"
                )
                raise search_error(problem, self.setting.source.text, place, "L002")
            for number in range(low, high + 1):
                self._no_line_below(number, place)
                if number not in self.setting.numbers:
                    problem = f"line {number} is referred to here, but no line above has this number"
                    raise search_error(problem, self.setting.source.text, place, "L002")
                numbers[number] = None
        references: tuple[Node, ...] = tuple(LineRef(number, place) for number in numbers)
        if len(references) == 1:
            return Term(references[0], place)
        return Term((Or if name.strip().lower() == "or" else And)(references, place), place)
