"""Single terms of a PubMed query, and what PubMed does to those that it cannot use."""

from collections.abc import Callable, Sequence

from livingsearch.standin.dates import period
from livingsearch.standin.tags import ALL_FIELDS, Tag
from livingsearch.standin.tokens import Token
from livingsearch.standin.words import STOP_WORDS, words_as_written, words_of
from livingsearch.strategy.tree import (
    And,
    DateField,
    DateRange,
    Near,
    Node,
    Or,
    Phrase,
    Place,
    Scoped,
    UidRange,
    Word,
)

Known = Callable[[tuple[str, ...], bool, tuple[str, ...]], bool]
"""Whether any record holds these folded words (the last one truncated or not) in these fields."""

DATE_FIELDS: tuple[DateField, ...] = ("date_publication", "date_create", "date_entry")
_WORD_FIELDS = frozenset({"title", "abstract", "author_keywords", "text_word", "affiliation", "all"})
_SHORTEST_STEM = 4


class Terms:
    """Makes leaves of terms, and notes what was lost.

    Args:
        query: the whole query, for quoting from it.
        known: the phrase index.
    """

    def __init__(self, query: str, known: Known) -> None:
        self.query, self.known = query, known
        self.dropped: set[Place] = set()
        self.phrases_not_found: list[str] = []
        self.quoted_not_found: list[str] = []
        self.phrases_ignored: list[str] = []
        self.translations: list[tuple[str, str]] = []

    def untagged(self, run: Sequence[Token], place: Place) -> Node | None:
        """A term without a tag: a quoted phrase, or words that are mapped one by one."""
        if run[0].kind == "quoted":
            return self._quoted(run[0].text, None, place)
        mapped = [self._mapped(token.text, token.place) for token in run]
        return _all_of([node for node in mapped if node is not None])

    def tagged(self, text: str, quoted: bool, tag: Tag, place: Place) -> Node | None:
        """A term with a tag, apart from dates and numbers; None where it holds no word."""
        if tag.between is not None and len(words_of(text)) > 1:
            return self._near(text, tag, tag.between, place)
        if quoted:
            return self._quoted(text, tag, place)
        words, truncated = self._words(text)
        if not words:
            return None
        by_words = tag.fields[0] in _WORD_FIELDS
        if len(words) == 1 and by_words and not truncated and words_of(words[0])[0] in STOP_WORDS:
            return self._not_found(text, tag, place)
        if self.known(words_of(text), truncated, tag.fields):
            self._translate(words, truncated, tag, place)
            leaf = _phrase(words, truncated, place) if len(words) > 1 else Word.of(words[0], truncated, place)
            return Scoped(leaf, tag.fields, place)
        if len(words) == 1 or not by_words:
            return self._not_found(text, tag, place)
        last = len(words) - 1
        return self._each(tuple((word, truncated and at == last) for at, word in enumerate(words)), tag, place)

    def numbers(self, text: str, place: Place) -> Node:
        """The records of one or more PMIDs."""
        parts = words_of(text)
        if not parts or not all(part.isdigit() for part in parts):
            return self._not_found(text, ALL_FIELDS, place)
        numbers = tuple(UidRange(int(part), int(part), place) for part in parts)
        return numbers[0] if len(numbers) == 1 else Or(numbers, place)

    def range_of(self, low: str, high: str, tag: Tag, place: Place) -> Node:
        """The records from `low` to `high`, of a tag for dates or PMIDs."""
        for field in DATE_FIELDS:
            if tag.fields == (field,):
                first, last = period(low), period(high)
                if first and last:
                    return DateRange(field, first[0], last[1], place)
        if tag.fields == ("uid",) and low.strip().isdigit() and high.strip().isdigit():
            return UidRange(int(low), int(high), place)
        return self._not_found(low if low == high else f"{low}:{high}", tag, place)

    def _mapped(self, text: str, place: Place) -> Node | None:
        """Automatic term mapping, in its plainest form: every word, in all fields."""
        words, truncated = self._words(text)
        wanted = []
        for at, word in enumerate(words):
            open_ended = truncated and at == len(words) - 1
            if not open_ended and words_of(word)[0] in STOP_WORDS:
                self.phrases_ignored.append(word)
            else:
                wanted.append((word, open_ended))
        return self._each(tuple(wanted), None, place)

    def _each(self, words: tuple[tuple[str, bool], ...], tag: Tag | None, place: Place) -> Node | None:
        """All the words, wherever they stand; one that no record holds takes the others with it."""
        fields = (tag or ALL_FIELDS).fields
        unknown = [word for word, open_ended in words if not self.known(words_of(word), open_ended, fields)]
        if unknown:
            lost = [self._not_found(word, tag, place) for word in unknown]
            return lost[0]
        leaves = [Word.of(word, open_ended, place) for word, open_ended in words]
        return _all_of([Scoped(leaf, fields, place) for leaf in leaves] if tag else leaves)

    def _quoted(self, text: str, tag: Tag | None, place: Place) -> Node | None:
        words, truncated = self._words(text)
        if not words:
            return None
        fields = (tag or ALL_FIELDS).fields
        if self.known(words_of(text), truncated, fields):
            return Scoped(_phrase(words, truncated, place), fields, place)
        self.quoted_not_found.append(self.query[place.start : place.end])
        if tag is None and not truncated:
            return self._mapped(text, place)
        self.dropped.add(place)
        return Scoped(_phrase(words, truncated, place), fields, place)

    def _near(self, text: str, tag: Tag, between: int, place: Place) -> Node | None:
        if "*" not in text:
            operands = tuple(Word.of(word, place=place) for word in words_as_written(text))
            return Scoped(Near(operands, between, place=place), tag.fields, place)
        # Beside a `*` PubMed drops the proximity and says nothing: the words may stand anywhere.
        return _all_of(
            [
                Scoped(Word.of(word, piece.endswith("*") and len(word) >= _SHORTEST_STEM, place), tag.fields, place)
                for piece in text.split()
                for word in words_as_written(piece)
            ]
        )

    def _words(self, text: str) -> tuple[tuple[str, ...], bool]:
        """The words of a term, and whether its `*` counts; a `*` that does not is noted and ignored."""
        words = words_as_written(text)
        truncated = text.rstrip().endswith("*")
        inner = "*" in text.rstrip().rstrip("*")
        short = truncated and (not words or len(words[-1]) < _SHORTEST_STEM)
        if inner or short:
            self.phrases_ignored.append(text.strip())
        return words, truncated and not short

    def _not_found(self, text: str, tag: Tag | None, place: Place) -> Node:
        self.phrases_not_found.append(text.strip())
        self.dropped.add(place)
        return Scoped(Word.of(text, place=place), (tag or ALL_FIELDS).fields, place)

    def _translate(self, words: tuple[str, ...], truncated: bool, tag: Tag, place: Place) -> None:
        if tag.label in ("MeSH Terms", "MeSH Major Topic") and not truncated:
            shown = f'"{" ".join(words_of(" ".join(words)))}"[{tag.label}]'
            self.translations.append((self.query[place.start : place.end], shown))


def _phrase(words: tuple[str, ...], truncated: bool, place: Place) -> Phrase:
    last = len(words) - 1
    return Phrase(tuple(Word.of(word, truncated and at == last, place) for at, word in enumerate(words)), place)


def _all_of(nodes: Sequence[Node]) -> Node | None:
    if not nodes:
        return None
    if len(nodes) == 1:
        return nodes[0]
    return And(tuple(nodes), Place(nodes[0].place.start, nodes[-1].place.end))
