"""Whatever a tree holds, what is written for the four platforms is balanced, and its operators stand between terms."""

import re
import time
from datetime import date

import pytest
from effort import examples
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from livingsearch.strategy.balance import check_balance
from livingsearch.strategy.cochrane.writer import CochraneWriter
from livingsearch.strategy.dialects import Dialect, PlatformName
from livingsearch.strategy.embase.writer import EmbaseWriter
from livingsearch.strategy.loss import Loss, Losses
from livingsearch.strategy.scopus.writer import ScopusWriter
from livingsearch.strategy.tree import (
    And,
    DateRange,
    Heading,
    Limited,
    LineRef,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Scoped,
    UidRange,
    Wild,
    Word,
)
from livingsearch.strategy.wos.writer import WosWriter
from livingsearch.strategy.writing import Writer

WRITERS: dict[PlatformName, type[Writer]] = {
    "embase": EmbaseWriter,
    "wos": WosWriter,
    "scopus": ScopusWriter,
    "cochrane": CochraneWriter,
}
FIELDS = ["title", "abstract", "author_keywords", "keywords", "heading_word", "text_word", "all", "subject_heading"]
FIELDS += ["subject_heading_major", "author", "affiliation", "journal", "publication_type", "language", "identifier"]
FIELDS += ["uid", "date_publication", "ovid:dv", "pubmed:[x(y"]
TEXTS = ["peer", "and", "OR", "not", "Near", "next", "same", "a", "peer-led", "crohn's", "users'", "'tis", "(x", "y)"]
TEXTS += [
    'say"so',
    '"',
    "[tiab]",
    "TS=",
    "x:ti",
    "/exp",
    "#1",
    "{{slot}}",
    "50%",
    "a b",
    "\u00a0",
    "\ud800",
    "*",
    "$x",
    "’",
]
TEXTS += ["review", "english", "eng", "12345", "β-blocker", "W/3", "\n", "“x”", "~", "-", "naïve", "字"]

texts = st.one_of(st.sampled_from(TEXTS), st.text(min_size=1, max_size=6))
wilds = st.one_of(
    st.sampled_from([Wild(0, None), Wild(0, 1), Wild(1, 1), Wild(0, 3), Wild(2, 2), Wild(1, None), Wild(40, 40)])
)
words = st.one_of(
    texts.map(lambda text: Word((text,))),
    st.builds(lambda text, wild: Word((text, wild)), texts, wilds),
    st.builds(lambda a, wild, b: Word((a, wild, b)), texts, wilds, texts),
    st.builds(lambda wild, text, end: Word((wild, text, end)), wilds, texts, wilds),
)
days = st.one_of(st.none(), st.dates(), st.sampled_from([date.min, date.max, date(2020, 1, 1), date(2020, 12, 31)]))
leaves = st.one_of(
    words,
    st.lists(words, min_size=1, max_size=4).map(lambda found: Phrase(tuple(found))),
    st.builds(
        Heading,
        texts,
        st.sampled_from(["mesh", "emtree", "cinahl", "apa", None]),
        st.booleans(),
        st.booleans(),
        st.lists(texts, max_size=2).map(tuple),
    ),
    st.builds(DateRange, st.sampled_from(["date_publication", "date_create", "date_entry"]), days, days),
    st.builds(UidRange, st.one_of(st.none(), st.integers(0, 9)), st.one_of(st.none(), st.integers(0, 9))),
    st.integers(1, 9).map(LineRef),
)


def groups(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    some = st.lists(inner, min_size=2, max_size=4).map(tuple)
    return st.one_of(
        some.map(And),
        some.map(Or),
        st.builds(Not, inner, inner),
        st.builds(Near, some, st.integers(0, 300), st.booleans()),
        st.builds(Scoped, inner, st.lists(st.sampled_from(FIELDS), min_size=1, max_size=3, unique=True).map(tuple)),
        st.builds(lambda node, limits: Limited(node, (limits,)), inner, inner),
    )


trees = st.recursive(leaves, groups, max_leaves=14)


def written(platform: PlatformName, node: Node) -> tuple[str, tuple[Loss, ...]]:
    losses = Losses()
    return WRITERS[platform](Dialect(platform), losses).write(node), losses.report()


# Quoted text, slots, headings and limits are one term each; the longest alternatives first.
_TOKEN = re.compile(
    r"""
    \s*(?:
      (?P<term>\{\{.*?\}\}(?::[a-z,]+)?|\[mh\ \^?"[^"]*"[A-Z/,]*(?:\[mj\])?\]|\[[^\]\[]*\]/(?:py|sd|lim)
        |PUBYEAR\ [<>=]\ -?\d+|ORIG-LOAD-DATE\ [<>]\ \d+
        |(?:PY|DOP|LD)=[\d/-]+|(?:LA|DT)=(?:"[^"]*"|\w+)|PMID=\d+|UT=\S+?(?=[\s)]|$))
      |(?P<operator>(?:AND\ NOT|AND|OR|NOT|NEXT|(?:NEAR|NEXT|W|PRE)/\d+)(?=\s))
      |(?P<open>(?:[A-Z][A-Z-]*=?)?\()
      |(?P<close>\)(?::[a-z,]+)?)
      |(?P<word>(?:'[^']*'|"[^"]*"|\#\d+|[^\s()'"\[\]{}:=/]+(?:'\w[^\s()'"\[\]{}:=/]*)*)(?::[a-z,]+|(?:/(?:exp|de|mj|it))+)?)
    )
    """,
    re.VERBOSE | re.DOTALL,
)


def check_operators(text: str) -> None:
    """See that terms and operators take turns, and that no brackets hold two kinds of Boolean operators."""
    at, kinds, expected = 0, [set[str]()], "term"
    text = text.rstrip()
    while at < len(text):
        found = _TOKEN.match(text, at)
        assert found is not None, f"not a term: {text[at : at + 40]!r} in {text!r}"
        at = found.end()
        match found.lastgroup:
            case "open":
                assert expected == "term", text
                kinds.append(set())
            case "close":
                assert expected == "operator", text
                kinds.pop()
            case "operator":
                assert expected == "operator", text
                kinds[-1].add(found["operator"].split("/")[0])
                assert len(kinds[-1]) == 1, f"{kinds[-1]} without brackets in {text}"
                expected = "term"
            case _:
                assert expected == "term", text
                expected = "operator"
    assert expected == "operator" and len(kinds) == 1, text


@pytest.mark.parametrize("platform", WRITERS)
@settings(deadline=None, max_examples=examples(150), suppress_health_check=[HealthCheck.too_slow])
@given(node=trees)
def test_any_tree(platform: PlatformName, node: Node) -> None:
    text, losses = written(platform, node)
    check_balance(text)
    check_operators(text)
    assert ("{{" in text) <= any(loss.kind == "settle" for loss in losses), text
    assert "\n" not in text and text.isprintable()
    text.encode()


@pytest.mark.parametrize(
    "wrong", ["a OR", "OR a", "a AND OR b", "a b", "(a OR b", "a AND b OR c", "()", "TS=(a)b", "'a' 'b'", "a:ti:ab"]
)
def test_the_check_sees_what_is_wrong(wrong: str) -> None:
    with pytest.raises(AssertionError):
        check_operators(wrong)


@pytest.mark.parametrize("platform", WRITERS)
@pytest.mark.parametrize("text", TEXTS)
def test_any_word(platform: PlatformName, text: str) -> None:
    for word in (Word((text,)), Word((text, Wild(0, None))), Word(("x", Wild(0, 1), text))):
        for node in (word, Phrase((word, word)), Near((word, Word(("z",))), 2)):
            found, _ = written(platform, And((Scoped(node, ("title",)), Scoped(Word(("end",)), ("title", "abstract")))))
            check_balance(found)
            check_operators(found)
            assert "end" in found


@pytest.mark.parametrize("platform", WRITERS)
def test_two_thousand_terms(platform: PlatformName) -> None:
    terms = [
        Word((f"word{n}", Wild(0, None))) if n % 2 else Phrase((Word(("some",)), Word((f"thing{n}", Wild(0, None)))))
        for n in range(2_000)
    ]
    node = Scoped(And((Or(tuple(terms[:1_000])), Or(tuple(terms[1_000:])))), ("title", "abstract", "author_keywords"))
    begin = time.perf_counter()
    text, _ = written(platform, node)
    assert time.perf_counter() - begin < 1
    assert text.count(" OR ") == 1_998


@pytest.mark.parametrize("platform", WRITERS)
def test_deep_trees(platform: PlatformName) -> None:
    node: Node = Scoped(Word(("end",)), ("title",))
    for n in range(90):
        word = Scoped(Word((f"w{n}",)), ("abstract", "title"))
        node = And((node, word)) if n % 2 else Or((node, word))
    text, _ = written(platform, node)
    check_balance(text)
    check_operators(text)
