"""Which terms find all that another term finds.

Terms are kept in dictionaries by what they have letter for letter and by how their first open word begins, so that
asking takes about as long for two thousand terms as for two.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache

from livingsearch.strategy.tree import Wild, Word

Folded = tuple[str | Wild, ...]
"""The parts of a word in one case."""
_LONGEST = 12
"""Words of a phrase; longer ones are neither kept nor asked for."""
_LONGEST_WORD = 80
_MOST_CANDIDATES = 64
_MOST_SHAPES = 24
"""Ways in which the open words are spread over phrases of one length; terms of further ones cover nothing here."""
_WIDER: dict[str, frozenset[str]] = {
    "all": frozenset({"title", "abstract", "author_keywords", "keywords", "heading_word", "text_word"}),
    "text_word": frozenset({"title", "abstract"}),
    "keywords": frozenset({"author_keywords"}),
}
"""Field → fields that it takes in on every platform."""


def folded(words: Iterable[Word]) -> tuple[Folded, ...]:
    """The words of a term in one case, those with a hyphen cut in two, as the indexes of the platforms do."""
    out: list[Folded] = []
    for word in words:
        if len(word.parts) == 1 and isinstance(word.parts[0], str) and "-" not in word.parts[0]:
            out.append((word.parts[0].casefold(),))
            continue
        current: list[str | Wild] = []
        for part in word.parts:
            if isinstance(part, Wild):
                current.append(part)
                continue
            pieces = part.casefold().split("-")
            if pieces[0]:
                current.append(pieces[0])
            for piece in pieces[1:]:
                if current:
                    out.append(tuple(current))
                current = [piece] if piece else []
        if current:
            out.append(tuple(current))
    return tuple(out)


def fields_cover(wide: tuple[str, ...] | None, narrow: tuple[str, ...] | None) -> bool:
    """Whether whatever is looked for in `narrow` is looked for in `wide` as well; None covers itself only."""
    if wide == narrow:
        return True
    if wide is None or narrow is None:
        return False
    return all(name in wide or any(name in _WIDER.get(other, ()) for other in wide) for name in narrow)


@lru_cache(maxsize=4096)
def word_covers(wide: Folded, narrow: Folded) -> bool:
    """Whether every word that `narrow` stands for is one that `wide` stands for; some such are not recognised."""
    if wide == narrow:
        return True
    if len(wide) == 1:
        return False
    head, first = wide[0], narrow[0]
    if len(wide) == 2 and isinstance(head, str) and wide[1] == Wild(0, None):
        return isinstance(first, str) and first.startswith(head)
    if sum(len(part) if isinstance(part, str) else 1 for part in (*wide, *narrow)) > 2 * _LONGEST_WORD:
        return False
    return _absorbs(_tokens(wide), _tokens(narrow))


def _tokens(word: Folded) -> list[str | Wild]:
    return [token for part in word for token in ([part] if isinstance(part, Wild) else part)]


def _absorbs(wide: list[str | Wild], narrow: list[str | Wild]) -> bool:
    """Walks through both at once; `states` are the places in `narrow` that the beginning of `wide` may reach."""
    states = {0}
    for token in wide:
        if isinstance(token, str):
            states = {at + 1 for at in states if at < len(narrow) and narrow[at] == token}
        elif token.most is None:
            least = min(states, default=len(narrow) + 1) + token.least
            states = set(range(least, len(narrow) + 1))
        else:
            states = {reached for at in states for reached in _steps(token, narrow, at)}
        if not states:
            return False
    return len(narrow) in states


def _steps(wild: Wild, narrow: list[str | Wild], at: int) -> Iterator[int]:
    most = wild.most or 0
    if wild.least == 0:
        yield at
    for count in range(1, most + 1):
        end = at + count
        if end > len(narrow) or isinstance(narrow[end - 1], Wild):
            break
        if count >= wild.least:
            yield end
    if at < len(narrow):
        other = narrow[at]
        if isinstance(other, Wild) and other.most is not None and other.least >= wild.least and other.most <= most:
            yield at + 1


class Covering:
    """The terms of one group.

    Args:
        terms: words and fields of each, by which they are numbered from 0.
    """

    def __init__(self, terms: Iterable[tuple[tuple[Folded, ...], tuple[str, ...] | None]]) -> None:
        self._terms = list(terms)
        self._plain: dict[tuple[Folded, ...], list[int]] = {}
        self._open: dict[tuple[tuple[int, ...], tuple[Folded, ...]], dict[str, list[int]]] = {}
        self._shapes: dict[int, dict[tuple[int, ...], None]] = {}
        for number, (words, _) in enumerate(self._terms):
            if not 0 < len(words) <= _LONGEST:
                continue
            wild = tuple([at for at, word in enumerate(words) if len(word) > 1 or isinstance(word[0], Wild)])
            shapes = self._shapes.setdefault(len(words), {})
            if wild not in shapes and len(shapes) >= _MOST_SHAPES:
                continue
            shapes[wild] = None
            if not wild:
                self._plain.setdefault(words, []).append(number)
                continue
            fixed = tuple([word for at, word in enumerate(words) if at not in wild])
            by_stem = self._open.setdefault((wild, fixed), {})
            by_stem.setdefault(_stem(words[wild[0]]), []).append(number)

    def covering(self, words: tuple[Folded, ...], fields: tuple[str, ...] | None) -> Iterator[int]:
        """Numbers of the terms that find whatever these words in these fields find, each once; itself included.

        Args:
            words: of a word or phrase, as `folded` gives them.
            fields: where they are looked for.
        """
        if len(words) > _LONGEST:
            return
        seen: set[int] = set()
        for number in self._candidates(words):
            if number not in seen:
                seen.add(number)
                if fields_cover(self._terms[number][1], fields):
                    yield number

    def covers(self, words: tuple[Folded, ...], fields: tuple[str, ...] | None) -> bool:
        """Whether any term finds whatever these words in these fields find."""
        return next(self.covering(words, fields), None) is not None

    def _candidates(self, words: tuple[Folded, ...]) -> Iterator[int]:
        for length, shapes in self._shapes.items():
            for start in range(len(words) - length + 1):
                span = words[start : start + length]
                for wild in shapes:
                    if not wild:
                        yield from self._plain.get(span, ())[:_MOST_CANDIDATES]
                        continue
                    fixed = tuple([word for at, word in enumerate(span) if at not in wild]) if length > 1 else ()
                    by_stem = self._open.get((wild, fixed))
                    if by_stem is not None:
                        yield from self._open_ones(by_stem, span, wild)

    def _open_ones(
        self, by_stem: dict[str, list[int]], span: tuple[Folded, ...], wild: tuple[int, ...]
    ) -> Iterator[int]:
        stem = _stem(span[wild[0]])
        for end in range(len(stem) + 1):
            for number in by_stem.get(stem[:end], ())[:_MOST_CANDIDATES]:
                own = self._terms[number][0]
                if all(word_covers(own[at], span[at]) for at in wild):
                    yield number


def _stem(word: Folded) -> str:
    return word[0][:_LONGEST_WORD] if isinstance(word[0], str) else ""
