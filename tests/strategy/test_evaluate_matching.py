"""Which records a search finds: a table of searches and records, and a slow matcher of its own for comparison."""

import unicodedata
from datetime import date

import pyarrow as pa
import pytest
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from livingsearch.strategy.evaluate import matches
from livingsearch.strategy.tree import (
    ANY_ENDING,
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

LISTS = {"authors", "keywords", "languages", "publication_types"}
ONE, MAYBE, TWO = Wild(1, 1), Wild(0, 1), Wild(0, 2)


def w(text: str) -> Word:
    """A word; `*` at its end for any ending."""
    return Word.of(text.rstrip("*"), text.endswith("*"))


def p(text: str) -> Phrase:
    return Phrase(tuple(w(word) for word in text.split()))


def term(text: str) -> Node:
    return p(text) if " " in text else w(text)


def near(between: int, *operands: str | Node, ordered: bool = False) -> Near:
    return Near(tuple(term(o) if isinstance(o, str) else o for o in operands), between, ordered)


def either(*terms: str) -> Or:
    return Or(tuple(term(t) for t in terms))


def ti(node: Node) -> Scoped:
    return Scoped(node, ("title",))


def within(field: str, text: str) -> Scoped:
    return Scoped(term(text), (field,))


def table(*records: dict[str, object]) -> pa.Table:
    names = dict.fromkeys(name for record in records for name in record)
    kinds = {
        name: pa.list_(pa.string()) if name in LISTS else pa.int32() if name == "year" else pa.string()
        for name in names
    }
    return pa.table({n: pa.array([r.get(n) for r in records], kind) for n, kind in kinds.items()})


def judged(node: Node, **record: object) -> bool | None:
    (answer,) = matches(node, table(record)).to_pylist()
    return answer


TEXT = [
    (w("peer"), "A peer worker", True),
    (w("peer"), "Peers at work", False),
    (w("peer*"), "Peers at work", True),
    (w("peer*"), "PEER", True),
    (w("peer*"), "compeer", False),
    (w("peer*"), "peer-support", True),
    (w("peer*"), "co-peer", True),
    (w("Peer"), "peer", True),
    (w("peer"), "(peer)", True),
    (w("peer"), "peer.", True),
    (w("peer"), "", False),
    (w("muller"), "Müller’s work", True),
    (w("Müller"), "MULLER", True),
    (w("mu*"), "Mu\u0308ller", True),
    (w("soren"), "Søren", True),
    (w("strasse"), "Straße", True),
    (w("efficacy"), "e\ufb03cacy", True),
    (w("b12"), "B₁₂", True),
    (w("cooperate"), "co\u00adoperate", True),
    (w("β"), "the β-blocker", True),
    (w("精神"), "精神 障害", True),
    (p("personality disorder*"), "Personality disorders", True),
    (p("personality disorder*"), "personality   disorder", True),
    (p("personality disorder*"), "personality, disorder", True),
    (p("personality disorder*"), "personality-disorder", True),
    (p("personality disorder*"), "personality\ndisorder", True),
    (p("personality disorder*"), "personality or disorder", False),
    (p("personality disorder"), "personality disorders", False),
    (p("personality* disorder"), "personality-type disorder", False),
    (p("personal* disorder"), "personality disorder", True),
    (p("alcohol & drugs"), "Alcohol & Drugs", True),
    (w("follow-up"), "follow up", True),
    (w("follow-up"), "follow‐up", True),
    (w("follow-up"), "followup", False),
    (p("service user's"), "a service user’s view", True),
    (p("service user's"), "a service users view", False),
    (w("user's"), "user s", True),
    (w("c++"), "C language", True),
    (w("&"), "this & that", None),
    (Word(("wom", ONE, "n")), "women", True),
    (Word(("wom", ONE, "n")), "womn", False),
    (Word(("behavio", MAYBE, "r")), "behavior", True),
    (Word(("behavio", MAYBE, "r")), "behaviour", True),
    (Word(("behavio", MAYBE, "r")), "behaviouur", False),
    (Word(("peer", TWO)), "peers", True),
    (Word(("peer", TWO)), "peering", False),
    (Word((ANY_ENDING, "ology")), "psychology", True),
    (Word(("p", ANY_ENDING, "y")), "psychology", True),
    (Word(("p", ANY_ENDING, "y")), "p psycho", False),
    (Word(("na", ONE, "ve")), "naïve", True),
    (near(0, "peer", "support"), "support peer", True),
    (near(0, "peer", "support"), "support of a peer", False),
    (near(2, "peer", "support"), "support of a peer", True),
    (near(1, "peer", "support"), "support of a peer", False),
    (near(2, "peer", "support", ordered=True), "support of a peer", False),
    (near(2, "peer", "support", ordered=True), "peer and lay support", True),
    (near(1, "peer*", either("support*", "expert patient*")), "expert patients as peers", True),
    (near(1, "peer*", either("support*", "expert patient*")), "patients as peers", False),
    (near(3, near(0, "peer", "led"), "group"), "group that is led (peer)", True),
    (near(1, And((w("lived"), w("peer"))), "expert"), "lived expert peer", True),
    (near(0, And((w("lived"), w("peer"))), "expert"), "lived and expert peer", False),
    (near(1, Or((w("x"), And((w("lived"), w("peer"))))), "expert"), "x expert", True),
    (near(1, Not(w("lived"), w("peer")), "expert"), "lived expert", None),
    (near(2, "a", "b", "c"), "c x a b", True),
    (near(2, "a", "b", "c"), "c x y a z b", None),
    (near(2, "a", "b", "c"), "c x y z a b", False),
    (near(1, "a", "b", "c", "d", ordered=True), "a x b y c d", None),
    (near(1, *"abcde"), "e d c b a", None),
    (near(400, "a", "b"), "a b", None),
    (And((w("peer"), w("group"))), "group of a peer", True),
    (And((w("peer"), w("group"))), "group", False),
    (Not(w("peer"), w("group")), "a peer group", False),
    (Not(w("peer"), w("group")), "a peer", True),
    (Or((w("peer"), Heading("Peer Group"))), "a peer", True),
    (Or((w("peer"), Heading("Peer Group"))), "group", None),
    (And((w("peer"), Heading("Peer Group"))), "group", False),
    (And((w("peer"), Heading("Peer Group"))), "peer", None),
    (Not(w("peer"), Heading("Peer Group")), "peer", None),
    (Not(Heading("Peer Group"), w("peer")), "peer", False),
]


@pytest.mark.parametrize(("node", "title", "expected"), TEXT)
def test_words_in_a_title(node: Node, title: str, expected: bool | None) -> None:
    assert judged(ti(node), title=title) is expected
    assert judged(node, title=title) is expected, "without a field: title, abstract, keywords"


KEYWORDS = ["Peer Group", "personality", "Disorders", "Depression/th [Therapy]", "Stigma -- Prevention"]
FIELDS = [
    (within("title", "peer"), {"abstract": "peer"}, False),
    (within("title", "peer"), {"title_original": "peer"}, False),
    (w("peer"), {"title_original": "peer"}, True),
    (within("abstract", "peer"), {"abstract": "peer"}, True),
    (within("abstract", "peer support"), {"abstract": "AIM: a peer\nSUPPORT: none"}, True),
    (p("peer support"), {"title": "peer", "abstract": "support"}, False),
    (near(1, "peer", "support"), {"title": "peer", "abstract": "support"}, False),
    (And((w("peer"), w("support"))), {"title": "peer", "abstract": "support"}, True),
    (Scoped(And((w("peer"), w("support"))), ("title", "abstract")), {"title": "peer", "abstract": "support"}, True),
    (within("author_keywords", "peer group"), {"keywords": KEYWORDS}, True),
    (within("keywords", "peer"), {"keywords": KEYWORDS}, True),
    (within("keywords", "personality disorder*"), {"keywords": KEYWORDS}, False),
    (Scoped(near(3, "personality", "disorders"), ("keywords",)), {"keywords": KEYWORDS}, False),
    (within("heading_word", "peer"), {"keywords": KEYWORDS}, True),
    (within("heading_word", "nurse"), {"keywords": KEYWORDS}, None),
    (within("subject_heading", "peer*"), {"keywords": KEYWORDS}, True),
    (within("subject_heading", "group"), {"keywords": KEYWORDS}, None),
    (Heading("Peer Group"), {"keywords": KEYWORDS}, True),
    (Heading("peer group", "mesh", exploded=True), {"keywords": KEYWORDS}, True),
    (Heading("Group"), {"keywords": KEYWORDS}, None),
    (Heading("Depression"), {"keywords": KEYWORDS}, True),
    (Heading("Stigma"), {"keywords": KEYWORDS}, True),
    (Heading("Peer Group", major=True), {"keywords": KEYWORDS}, None),
    (Heading("Peer Group", major=True), {"keywords": ["*Peer Group"]}, True),
    (Heading("Depression", major=True), {"keywords": ["Depression/*psychology"]}, True),
    (Heading("Depression", major=True), {"keywords": ["Depression", "*Stigma"]}, None),
    (within("subject_heading_major", "depress*"), {"keywords": ["*Depression/therapy"]}, True),
    (Heading("Peer Group", qualifiers=("psychology",)), {"keywords": KEYWORDS}, None),
    (within("all", "barr"), {"authors": ["Barr, K. R."]}, True),
    (within("author", "barr"), {"authors": ["Barr, K. R."]}, True),
    (within("author", "barr kr"), {"authors": ["Barr, K. R."]}, True),
    (within("author", "barr k"), {"authors": ["Barr, Karlen R."]}, True),
    (within("author", "barr kr"), {"authors": ["Barr, Karlen R."]}, True),
    (within("author", "barr kt"), {"authors": ["Barr, K. R.", "Townsend, K. T."]}, False),
    (within("author", "begum-meades r"), {"authors": ["Begum-Meades, Rahima"]}, True),
    (within("author", "barr"), {"title": "Barr"}, None),
    (within("journal", "mental health"), {"journal": "Personality and Mental Health"}, True),
    (within("journal", "lancet"), {"journal": "Personality and Mental Health"}, False),
    (within("publication_type", "review"), {"publication_types": ["Journal Article", "Review"]}, True),
    (within("publication_type", "review"), {"publication_types": ["Systematic Review"]}, False),
    (within("publication_type", "review"), {"publication_types": []}, None),
    (within("language", "english"), {"languages": ["eng"]}, True),
    (within("language", "eng"), {"languages": ["English"]}, True),
    (within("language", "english"), {"languages": ["fre", "en"]}, True),
    (within("language", "english"), {"languages": ["French"]}, False),
    (within("language", "english"), {"title": "x"}, None),
    (within("identifier", "10.1002/pmh.1604"), {"doi": "10.1002/pmh.1604"}, True),
    (within("identifier", "10.1002/pmh.160"), {"doi": "10.1002/pmh.1604"}, False),
    (within("uid", "123"), {"pmid": "123"}, True),
    (within("uid", "123"), {"accession": "4"}, False),
    (within("affiliation", "london"), {"title": "london"}, None),
    (within("ovid:dv", "london"), {"title": "london"}, None),
    (Scoped(w("peer"), ("title", "ovid:dv")), {"title": "peer"}, True),
    (UidRange(1, 200), {"pmid": "200"}, True),
    (UidRange(1, 200), {"pmid": "201"}, False),
    (UidRange(-(10**30), 10**30), {"pmid": "201"}, True),
    (UidRange(10**30, None), {"pmid": "201"}, False),
    (UidRange(None, 200), {"accession": "PSY"}, None),
    (DateRange("date_publication", date(2020, 1, 1), None), {"year": 2020}, True),
    (DateRange("date_publication", date(2020, 1, 1), None), {"year": 2019}, False),
    (DateRange("date_publication", None, date(2025, 8, 15)), {"year": 2025}, None),
    (DateRange("date_publication", None, date(2025, 8, 15)), {"year": 2025, "date": "2025 Aug 15"}, True),
    (DateRange("date_publication", None, date(2025, 8, 15)), {"year": 2025, "date": "2025-08-16"}, False),
    (DateRange("date_publication", None, date(2025, 8, 15)), {"year": 2025, "date": "2025/07"}, True),
    (DateRange("date_publication", None, date(2025, 8, 15)), {"year": 2025, "date": "2025 August"}, None),
    (DateRange("date_publication", None, date(2025, 8, 15)), {"year": 2025, "date": "2025/07//Jul-Sep2025"}, None),
    (DateRange("date_publication", None, date(2025, 8, 15)), {"date": "2024 Winter", "year": 2024}, True),
    (DateRange("date_publication", None, date(2025, 8, 15)), {"date": "2024", "year": 2026}, None),
    (DateRange("date_publication", None, None), {"title": "x"}, None),
    (DateRange("date_entry", date(2020, 1, 1), None), {"year": 2020}, None),
    (Limited(w("peer"), (within("language", "english"),)), {"title": "peer", "languages": ["eng"]}, True),
    (Limited(w("peer"), (within("language", "english"),)), {"title": "peer", "languages": ["ger"]}, False),
]


@pytest.mark.parametrize(("node", "record", "expected"), FIELDS)
def test_fields_of_a_record(node: Node, record: dict[str, object], expected: bool | None) -> None:
    assert judged(node, **record) is expected


def test_nothing_to_look_at() -> None:
    assert matches(w("peer"), table({"title": "x"}).slice(0, 0)).to_pylist() == []
    assert matches(w("peer"), pa.table({"record_id": [1, 2]})).to_pylist() == [False, False]
    assert matches(w("peer"), pa.table({"title": pa.nulls(2)})).to_pylist() == [False, False]


def test_separators_in_the_text_do_no_harm() -> None:
    records = table({"title": "a\x1eb\x1fc", "keywords": ["x\x1fy", None, "z\x1e"]}, {"title": "b c"})
    assert matches(p("b c"), records).to_pylist() == [True, True]
    assert matches(within("keywords", "x y"), records).to_pylist() == [True, False]


def test_many_records_in_pieces_and_threads_keep_their_order() -> None:
    titles = [f"peer {n}" if n % 3 else f"ünder {n}" for n in range(30_000)]
    records = pa.concat_tables([pa.table({"title": titles[:7]}), pa.table({"title": titles[7:]})])
    for workers in (1, 3):
        assert matches(w("peer"), records, workers=workers).to_pylist() == [n % 3 > 0 for n in range(30_000)]
    assert matches(w("peer"), records.slice(1, 5)).to_pylist() == [True, True, False, True, True]


def test_other_types_of_columns() -> None:
    records = pa.table(
        {"title": pa.array(["peer", None], pa.large_string()), "year": pa.array([2020, None], pa.int64())}
    )
    assert matches(w("peer"), records).to_pylist() == [True, False]
    words = pa.table({"title": pa.array(["peer", "x"]).dictionary_encode()})
    assert matches(w("peer"), words).to_pylist() == [True, False]


def test_thousands_of_terms() -> None:
    node = Or(tuple(term(f"term{n} alpha*") if n % 2 else w(f"term{n}*") for n in range(5_000)))
    records = table({"title": "term4998x"}, {"title": "term4999 alphabet"}, {"title": "xterm4998 term, alpha"})
    assert matches(node, records).to_pylist() == [True, True, False]


def test_hostile_proximity_is_unknown_and_quick() -> None:
    node: Node = w("a")
    for _ in range(60):
        node = Near((node, w("b")), 3)
    assert judged(node, title="a b") is None
    spread = Near(tuple(And(tuple(w(f"w{n}") for n in range(40))) for _ in range(4)), 3)
    assert judged(spread, title="a b") is None


def test_a_shared_line_is_looked_for_once() -> None:
    node: Node = either("peer", "support")
    for _ in range(40):
        node = Or((node, And((node, node))))
    assert judged(node, title="peer") is True


def test_a_reference_has_to_be_resolved() -> None:
    with pytest.raises(ValueError, match="line 3"):
        judged(LineRef(3), title="x")


# A matcher of its own: words as lists, no expressions, no columns.

VOCABULARY = ("peer", "peers", "support", "Müller", "co-worker", "user's", "ab", "abc", "b")
LEAF_WORDS = st.one_of(
    st.sampled_from(VOCABULARY).map(lambda text: Word((text,))),
    st.sampled_from(("pe", "peer", "a", "su", "mul", "co-w")).map(lambda text: Word((text, ANY_ENDING))),
    st.sampled_from((Word(("p", ONE, "er")), Word(("peer", MAYBE)), Word(("a", TWO)), Word(("a", ANY_ENDING, "c")))),
)
LEAVES = st.one_of(
    LEAF_WORDS,
    st.lists(LEAF_WORDS, min_size=2, max_size=3).map(lambda words: Phrase(tuple(words))),
    st.tuples(LEAF_WORDS, LEAF_WORDS, st.integers(0, 3), st.booleans()).map(lambda t: Near(t[:2], t[2], t[3])),
    st.sampled_from(("peer", "Support")).map(Heading),
)
FIELD_SETS = st.sampled_from((("title",), ("abstract",), ("keywords",), ("title", "abstract"), ("text_word",)))


def deeper(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return st.one_of(
        several.map(And),
        several.map(Or),
        st.tuples(inner, inner).map(lambda pair: Not(*pair)),
        st.tuples(inner, FIELD_SETS).map(lambda pair: Scoped(*pair)),
    )


TREES = st.recursive(LEAVES, deeper, max_leaves=8)
SAID = st.lists(st.sampled_from((*VOCABULARY, "of", "β", "—", "x, ")), max_size=7).map(" ".join)
RECORDS = st.lists(
    st.fixed_dictionaries({"title": SAID, "abstract": st.none() | SAID, "keywords": st.lists(SAID, max_size=3)}),
    min_size=1,
    max_size=6,
)


def words_in(text: str) -> list[str]:
    marks = "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))
    return "".join(c if c.isalnum() or c in "\ue000\ue001\ue002\ue003" else " " for c in marks).split()


def fits(pattern: str, word: str) -> bool:
    if not pattern:
        return not word
    if pattern[0] < "\ue000":
        return word[:1] == pattern[0] and fits(pattern[1:], word[1:])
    least, most = {"\ue000": (0, 99), "\ue001": (1, 1), "\ue002": (0, 1), "\ue003": (0, 2)}[pattern[0]]
    return any(fits(pattern[1:], word[n:]) for n in range(least, min(most, len(word)) + 1))


def spans(leaf: Node, words: list[str]) -> set[tuple[int, int]]:
    if isinstance(leaf, Near):
        one, other = (spans(operand, words) for operand in leaf.operands)
        forward = {(a, d) for a, b in one for c, d in other if b <= c <= b + leaf.between}
        back = {(c, b) for a, b in one for c, d in other if d <= a <= d + leaf.between}
        return forward if leaf.ordered else forward | back
    marks = {ANY_ENDING: "\ue000", ONE: "\ue001", MAYBE: "\ue002", TWO: "\ue003"}
    parts = leaf.words if isinstance(leaf, Phrase) else (leaf,)
    assert all(isinstance(part, Word) for part in parts)
    written = " ".join("".join(x if isinstance(x, str) else marks[x] for x in word.parts) for word in parts)  # type: ignore[union-attr]
    patterns = words_in(written)
    size = len(patterns)
    return {
        (at, at + size)
        for at in range(len(words) - size + 1)
        if all(fits(q, word) for q, word in zip(patterns, words[at : at + size], strict=True))
    }


def slowly(node: Node, fields: tuple[str, ...], record: dict[str, object]) -> bool | None:
    match node:
        case Scoped(node=inner, fields=own):
            return slowly(inner, own, record)
        case And(operands=operands):
            answers = [slowly(operand, fields, record) for operand in operands]
            return False if False in answers else None if None in answers else True
        case Or(operands=operands):
            answers = [slowly(operand, fields, record) for operand in operands]
            return True if True in answers else None if None in answers else False
        case Not(left=left, right=right):
            a, b = slowly(left, fields, record), slowly(right, fields, record)
            return False if a is False or b is True else None if a is None or b is None else True
        case Heading(text=text):
            return True if [text.lower()] in [words_in(k) for k in record["keywords"]] else None  # type: ignore[attr-defined]
        case _:
            looked = ("title", "abstract", "keywords") if fields == ("text_word",) else fields
            texts = [t for name in looked for t in (record[name] if name == "keywords" else [record[name] or ""])]  # type: ignore[union-attr]
            return any(spans(node, words_in(text)) for text in texts)


@settings(deadline=None, max_examples=examples(200))
@given(TREES, RECORDS)
def test_agrees_with_the_slow_matcher(node: Node, records: list[dict[str, object]]) -> None:
    expected = [slowly(node, ("text_word",), record) for record in records]
    assert matches(node, table(*records)).to_pylist() == expected
