"""Brackets, operators and field tags of any platform, made into trees."""

import pytest

from livingsearch.errors import SearchTextError
from livingsearch.strategy.findings import Finding, underlined
from livingsearch.strategy.grammar import Before, Behind, Binding, Close, Open, Operator, Piece, Term, tree_of
from livingsearch.strategy.search import MAX_DEPTH
from livingsearch.strategy.tree import And, Near, Node, Not, Or, Place, Scoped, Word

LEVELS = Binding((frozenset({"near"}), frozenset({"not"}), frozenset({"and"}), frozenset({"or"})), "warning", "x")
ROW = Binding((frozenset({"near"}), frozenset({"and", "or", "not"})), "error", "from left to right", "and")
SPECIAL = {"(": Open, ")": Close}


def pieces_of(text: str) -> list[Piece]:
    """Words, `and or not nearN`, brackets, `ti:` in front, `.ti` behind; blanks between all of them."""
    pieces: list[Piece] = []
    at = 0
    for token in text.split(" "):
        place = Place(at, at + len(token))
        at += len(token) + 1
        if token in SPECIAL:
            pieces.append(SPECIAL[token](place))
        elif token in ("and", "or", "not"):
            pieces.append(Operator(token, place))
        elif token.startswith("near"):
            pieces.append(Operator("near", place, int(token[4:])))
        elif token.endswith(":"):
            pieces.append(Before((token[:-1],), place))
        elif token.startswith("."):
            pieces.append(Behind((token[1:],), place))
        elif token:
            pieces.append(Term(Word.of(token, place=place), place))
    return pieces


def read(text: str, binding: Binding = LEVELS) -> tuple[Node, list[Finding]]:
    findings: list[Finding] = []
    return tree_of(pieces_of(text), text, binding, findings, Place(0, len(text))), findings


A, B, C, D = (Word.of(letter) for letter in "abcd")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a", A),
        ("( a )", A),
        ("a and b and c", And((A, B, C))),
        ("a or b or c", Or((A, B, C))),
        ("a and b or c", Or((And((A, B)), C))),
        ("a or b and c", Or((A, And((B, C))))),
        ("a not b not c", Not(Not(A, B), C)),
        ("a and b not c", And((A, Not(B, C)))),
        ("a near2 b near2 c", Near((A, B, C), 2)),
        ("a near2 b near3 c", Near((Near((A, B), 2), C), 3)),
        ("a or b near1 c or d", Or((A, Near((B, C), 1), D))),
        ("( a or b ) and c", And((Or((A, B)), C))),
        ("( a or b ) .ti and c", And((Scoped(Or((A, B)), ("ti",)), C))),
        ("ti: ( a or b ) and c", And((Scoped(Or((A, B)), ("ti",)), C))),
        ("ti: a or b", Or((Scoped(A, ("ti",)), B))),
        ("a or b .ti", Or((A, Scoped(B, ("ti",))))),
    ],
)
def test_operators_bind_as_the_platform_says(text: str, tree: Node) -> None:
    assert read(text)[0] == tree


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a or b and c", And((Or((A, B)), C))),
        ("a and b or c", Or((And((A, B)), C))),
        ("a and b and c not d", Not(And((A, B, C)), D)),
        ("a b", And((A, B))),
        ("a or b c", And((Or((A, B)), C))),
    ],
)
def test_operators_of_one_level_are_read_from_left_to_right(text: str, tree: Node) -> None:
    assert read(text, ROW)[0] == tree


@pytest.mark.parametrize(
    ("text", "binding", "recommended"),
    [
        ("a and b or c", LEVELS, "(a and b) or c"),
        ("a or b and c not d", LEVELS, "a or (b and (c not d))"),
        ("a or b and c", ROW, "(a or b) and c"),
    ],
)
def test_a_mixture_is_noted_with_the_brackets_it_lacks(text: str, binding: Binding, recommended: str) -> None:
    findings = [finding for finding in read(text, binding)[1] if finding.code == "S004"]
    assert [finding.recommended for finding in findings] == [recommended]
    assert findings[0].severity == binding.mixed


@pytest.mark.parametrize("text", ["a and b not c", "a or b or c", "( a or b ) and c", "a near2 b and c"])
def test_what_reads_the_same_either_way_is_no_mixture(text: str) -> None:
    assert read(text)[1] == []


@pytest.mark.parametrize(
    ("text", "column", "code", "words"),
    [
        ("( a and b", 1, "S002", "never closed"),
        ("a )", 3, "S002", "closes nothing"),
        ("( )", 1, "S001", "hold nothing"),
        ("and a", 1, "S001", "“and” stands at the beginning; a term is expected before it"),
        ("a and", 3, "S001", "nothing stands behind “and”; a term is expected"),
        ("a and or b", 7, "S001", "“or” stands behind “and”; a term is expected before it"),
        ("a b", 3, "S011", "“a” and “b” stand side by side; AND or OR is expected between them"),
        (".ti a", 1, "S001", "stands behind no term"),
        ("ti: and a", 1, "S001", "followed by an operator"),
        ("a and ti:", 7, "S001", "nothing stands behind this field tag"),
    ],
)
def test_what_cannot_be_read_is_named(text: str, column: int, code: str, words: str) -> None:
    with pytest.raises(SearchTextError) as caught:
        read(text)
    assert (caught.value.line, caught.value.column, caught.value.code) == (1, column, code)
    assert words in str(caught.value)
    assert "^" in caught.value.underlined


def test_places_cover_tags_and_brackets() -> None:
    text = "a and ti: ( b or c )"
    tree = read(text)[0]
    assert isinstance(tree, And)
    assert text[tree.operands[1].place.start : tree.operands[1].place.end] == "ti: ( b or c )"


def test_brackets_within_each_other_have_an_end() -> None:
    deep = "( " * MAX_DEPTH + "a" + " )" * MAX_DEPTH
    assert read(deep)[0] == A
    with pytest.raises(SearchTextError, match="within each other"):
        read("( " * (MAX_DEPTH + 1) + "a")


def test_many_terms_are_one_node() -> None:
    tree = read(" or ".join(["a"] * 20_000))[0]
    assert isinstance(tree, Or)
    assert len(tree.operands) == 20_000


@pytest.mark.parametrize(
    ("text", "place", "shown"),
    [
        ("ab cd", Place(3, 5), "ab cd\n   ^^"),
        ("x\nab cd\ny", Place(2, 4), "ab cd\n^^"),
        ("ab", Place(2, 2), "ab\n  ^"),
        ("ab\ncd", Place(1, 5), "ab\n ^"),
    ],
)
def test_a_place_is_underlined(text: str, place: Place, shown: str) -> None:
    assert underlined(text, place) == shown


def test_a_long_line_is_shown_around_the_place() -> None:
    shown, marks = underlined("x" * 500 + "HERE" + "y" * 500, Place(500, 504)).split("\n")
    assert len(shown) <= 102
    assert shown[marks.index("^") : marks.rindex("^") + 1] == "HERE"
