"""The stand-in's lenient reading of a PubMed query.

Like PubMed it refuses nothing: what it cannot use it ignores, sometimes with a warning and sometimes without.
It shares no code with the parser of the service, so that neither hides the other's mistakes.

Rules and where they come from: operators in capitals, read from left to right; truncation with four leading
characters or more, last word only; a quoted phrase has to be in the phrase index (PubMed User Guide). That an
unknown tag, and a tag on a group, vanish without a word; that proximity vanishes beside `*`; that a tagged
phrase which is not in the index matches nothing and shows only as a quoted phrase not found: replies of the
real service.
"""

from dataclasses import dataclass

from livingsearch.standin.tags import Tag, tag_of
from livingsearch.standin.terms import DATE_FIELDS, Known, Terms
from livingsearch.standin.tokens import Token, tokens_of
from livingsearch.strategy.tree import And, Node, Not, Or, Place


@dataclass(frozen=True)
class Reading:
    """What the stand-in made of a query.

    Args:
        tree: None where nothing is left to search.
        dropped: places of leaves that match nothing whatever the records say.
        phrases_not_found: words that no record holds.
        quoted_not_found: quoted phrases that no record holds, as written with quotes and tag.
        phrases_ignored: stop words, and terms whose `*` was ignored.
        tag_ignored: whether a tag vanished; no list names it.
        translations: terms (from, to) that were mapped.
    """

    tree: Node | None
    dropped: frozenset[Place]
    phrases_not_found: tuple[str, ...]
    quoted_not_found: tuple[str, ...]
    phrases_ignored: tuple[str, ...]
    tag_ignored: bool
    translations: tuple[tuple[str, str], ...]


def read_query(query: str, known: Known) -> Reading:
    """Read a query the way PubMed does.

    Args:
        query: the term of an ESearch call.
        known: the phrase index.

    Returns:
        The tree that will be evaluated and everything that was lost on the way.
    """
    reader = _Reader(query, known)
    tree = reader.expression(depth=0)
    return Reading(
        tree,
        frozenset(reader.terms.dropped),
        tuple(dict.fromkeys(reader.terms.phrases_not_found)),
        tuple(dict.fromkeys(reader.terms.quoted_not_found)),
        tuple(dict.fromkeys(reader.terms.phrases_ignored)),
        reader.tag_ignored,
        tuple(reader.terms.translations),
    )


class _Reader:
    def __init__(self, query: str, known: Known) -> None:
        self.terms = Terms(query, known)
        self.tokens = list(tokens_of(query))
        self.at = 0
        self.tag_ignored = False

    def expression(self, depth: int) -> Node | None:
        """Operands from left to right, up to the bracket that closes this level."""
        left: Node | None = None
        operator = "AND"
        while token := self._next():
            if token.kind == ")":
                if depth:
                    break
            elif token.kind == "operator":
                operator = token.text
            else:
                operand = self._operand(token, depth)
                if operand is not None:
                    left = operand if left is None else _joined(left, operator, operand)
                operator = "AND"
        return left

    def _operand(self, token: Token, depth: int) -> Node | None:
        if token.kind == "(":
            group = self.expression(depth + 1)
            while self._peek("tag"):
                self._next()
                self.tag_ignored = True
            return group
        if token.kind == "quoted":
            return self._tagged([token])
        if token.kind == "word":
            return self._tagged(self._run_of_words(token))
        # A colon or a tag without a term before it says nothing to PubMed.
        self.tag_ignored = self.tag_ignored or token.kind == "tag"
        return None

    def _run_of_words(self, first: Token) -> list[Token]:
        """All bare words up to a tag or operator; a word that begins a range is left for itself."""
        run = [first]
        while True:
            if self._peek("word"):
                run.append(self._take())
            elif self._peek(":") and self._range_tag(self.at + 1):
                if len(run) > 1:
                    run.pop()
                    self.at -= 1
                return run
            elif self._peek(":") and self._peek("word", 1):
                self._next()
            else:
                return run

    def _tagged(self, run: list[Token]) -> Node | None:
        tag, place = self._tag(run[0].place.start, run[-1].place.end)
        if self._peek(":"):
            range_tag = self._range_tag(self.at + 1) or tag
            if range_tag and _rangeable(range_tag) and self._peek_any(("word", "quoted"), 1):
                self._next()
                high = self._take()
                _, whole = self._tag(place.start, high.place.end)
                return self.terms.range_of(run[-1].text, high.text, range_tag, whole)
        text = " ".join(token.text for token in run)
        if tag is None:
            return self.terms.untagged(run, place)
        if tag.fields[0] in DATE_FIELDS:
            return self.terms.range_of(text, text, tag, place)
        if tag.fields == ("uid",):
            return self.terms.numbers(text, place)
        return self.terms.tagged(text, run[0].kind == "quoted", tag, place)

    def _tag(self, start: int, end: int) -> tuple[Tag | None, Place]:
        """The tag that follows, if any, and the place of the term with it."""
        if not self._peek("tag"):
            return None, Place(start, end)
        token = self._take()
        tag = tag_of(token.text)
        self.tag_ignored = self.tag_ignored or tag is None
        return tag, Place(start, token.place.end)

    def _range_tag(self, at: int) -> Tag | None:
        """The tag of a range's upper end, where the tokens at `at` are one."""
        if len(self.tokens) > at + 1 and self.tokens[at].kind in ("word", "quoted"):
            tag = tag_of(self.tokens[at + 1].text) if self.tokens[at + 1].kind == "tag" else None
            return tag if tag and _rangeable(tag) else None
        return None

    def _next(self) -> Token | None:
        if self.at >= len(self.tokens):
            return None
        return self._take()

    def _take(self) -> Token:
        self.at += 1
        return self.tokens[self.at - 1]

    def _peek(self, kind: str, ahead: int = 0) -> bool:
        return self._peek_any((kind,), ahead)

    def _peek_any(self, kinds: tuple[str, ...], ahead: int) -> bool:
        return self.at + ahead < len(self.tokens) and self.tokens[self.at + ahead].kind in kinds


def _rangeable(tag: Tag) -> bool:
    return tag.fields[0] in DATE_FIELDS or tag.fields == ("uid",)


def _joined(left: Node, operator: str, right: Node) -> Node:
    place = Place(left.place.start, right.place.end)
    if operator == "NOT":
        return Not(left, right, place)
    kind = Or if operator == "OR" else And
    before = left.operands if isinstance(left, kind) else (left,)
    return kind((*before, right), place)
