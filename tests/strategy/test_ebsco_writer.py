"""How searches are written for EBSCOhost, what is lost on the way, and that it reads back."""

from collections.abc import Sequence
from datetime import date

import pytest
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from livingsearch.strategy.balance import check_balance
from livingsearch.strategy.dialects import Dialect
from livingsearch.strategy.ebsco.reader import read
from livingsearch.strategy.ebsco.spelling_out import PLURALS
from livingsearch.strategy.ebsco.writer import EbscoWriter
from livingsearch.strategy.loss import Loss, Losses
from livingsearch.strategy.normal import flat, same_search
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
    Place,
    Scoped,
    UidRange,
    Wild,
    Word,
    walk,
)

CINAHL, MEDLINE, PSYCINFO = Dialect("ebsco", "CINAHL"), Dialect("ebsco", "MEDLINE"), Dialect("ebsco", "APA PsycInfo")
ERIC = Dialect("ebsco", "ERIC")
TI_AB = ("title", "abstract")
TI_AB_KW = ("title", "abstract", "author_keywords")


def written(node: Node, dialect: Dialect = CINAHL) -> tuple[str, tuple[Loss, ...]]:
    """The text and its losses but for that of plurals, which nearly every word has."""
    losses = Losses()
    text = EbscoWriter(dialect, losses).write(flat(node))
    return text, tuple([loss for loss in losses.report() if loss.sentence != PLURALS])


def w(text: str) -> Word:
    """A word; a star at its end is a truncation."""
    return Word.of(text.rstrip("*"), truncated=text.endswith("*"))


def p(text: str) -> Phrase:
    return Phrase(tuple([w(part) for part in text.split()]))


def ti(node: Node) -> Scoped:
    return Scoped(node, ("title",))


PUBLISHED = And(
    (
        Or((w("peer*"), p("expert by experience*"), p("expert patient*"))),
        Or((p("personality disorder*"), p("complex emotional needs*"))),
    )
)
PEERS = '(peer* OR "expert by experience*" OR "expert patient*")'
DISORDERS = '("personality disorder*" OR "complex emotional needs*")'


@pytest.mark.parametrize(
    ("dialect", "kinds"), [(MEDLINE, {"changed"}), (PSYCINFO, set())], ids=lambda value: str(value)[:30]
)
def test_published_search_where_there_are_keywords(dialect: Dialect, kinds: set[str]) -> None:
    text, losses = written(Scoped(PUBLISHED, TI_AB_KW), dialect)
    assert text == (
        f"(TI {PEERS} OR AB {PEERS} OR KW {PEERS}) AND (TI {DISORDERS} OR AB {DISORDERS} OR KW {DISORDERS})"
    )
    assert {loss.kind for loss in losses} == kinds


def test_published_search_in_cinahl_has_no_keywords_and_says_so() -> None:
    text, losses = written(Scoped(PUBLISHED, TI_AB_KW))
    assert text == f"(TI {PEERS} OR AB {PEERS}) AND (TI {DISORDERS} OR AB {DISORDERS})"
    assert [(loss.kind, loss.count) for loss in losses] == [("narrowed", 5)]
    assert losses[0].examples[0] == "peer* → TI peer* OR AB peer*"


def test_fields_are_not_repeated_around_and() -> None:
    """`TI (a AND b) OR AB (a AND b)` would miss a record with one word in its title, the other in its abstract."""
    text, _ = written(Scoped(And((w("asthma"), Not(w("child*"), w("adult*")))), TI_AB))
    assert text == "(TI asthma OR AB asthma) AND ((TI child* OR AB child*) NOT (TI adult* OR AB adult*))"
    wrong = read("TI (asthma AND child*) OR AB (asthma AND child*)", CINAHL).tree
    assert not same_search(wrong, Scoped(And((w("asthma"), w("child*"))), TI_AB))
    mixed = Scoped(Or((w("a1"), And((w("b1"), w("c1"))), w("d1"))), TI_AB)
    text, _ = written(mixed)
    assert text == "TI (a1 OR d1) OR AB (a1 OR d1) OR ((TI b1 OR AB b1) AND (TI c1 OR AB c1))"
    assert same_search(read(text, CINAHL).tree, mixed)


WRITTEN: list[tuple[Node, str, str]] = [
    (ti(w("asthma")), "TI asthma", ""),
    (ti(p("peer support*")), 'TI "peer support*"', ""),
    (ti(Or((w("a1"), w("b1")))), "TI (a1 OR b1)", ""),
    (ti(And((w("a1"), w("b1")))), "TI (a1 AND b1)", ""),
    (Or((ti(w("a1")), ti(w("b1")))), "TI (a1 OR b1)", ""),
    (Scoped(w("a1"), TI_AB), "TI a1 OR AB a1", ""),
    (And((Scoped(w("a1"), TI_AB), ti(w("b1")))), "(TI a1 OR AB a1) AND TI b1", ""),
    (w("asthma"), "asthma", ""),
    (Or((w("a1"), p("b1 c1"))), 'a1 OR "b1 c1"', ""),
    (Not(ti(w("a1")), ti(w("b1"))), "TI (a1 NOT b1)", ""),
    (Not(ti(w("a1")), Scoped(w("b1"), ("abstract",))), "TI a1 NOT AB b1", ""),
    (ti(Near((w("a1"), w("b1")), 3)), "TI (a1 N3 b1)", ""),
    (ti(Near((w("a1"), w("b1")), 3, ordered=True)), "TI (a1 W3 b1)", ""),
    (ti(Near((w("a1"), w("b1"), w("c1")), 0)), "TI (a1 N0 b1 N0 c1)", ""),
    (Scoped(Near((w("a1"), w("b1")), 2), TI_AB), "TI (a1 N2 b1) OR AB (a1 N2 b1)", ""),
    (ti(Near((Or((w("a1"), w("b1"))), p("c1 d1")), 2)), 'TI ((a1 OR b1) N2 "c1 d1")', ""),
    (ti(Near((Near((w("a1"), w("b1")), 1), w("c1")), 5)), "TI ((a1 N1 b1) N5 c1)", ""),
    (ti(Near((And((w("a1"), w("b1"))), w("c1")), 2)), "TI ((a1 AND b1) AND c1)", "widened"),
    (
        ti(Near((Not(w("a1"), w("b1")), w("c1")), 2)),
        "TI ({{words that stand close together}} AND c1)",
        "settle widened",
    ),
    (ti(Word(("behavio", Wild(0, 1), "r"))), "TI behavio#r", ""),
    (ti(Word(("wom", Wild(1, 1), "n"))), "TI wom?n", ""),
    (ti(Word(("patient", Wild(0, 1)))), "TI patient#", ""),
    (ti(Word(("patient", Wild(1, 1)))), "TI patient#", "widened"),
    (ti(Word(("ab", Wild(0, 1)))), "TI ab*", "widened"),
    (ti(Word(("nurs", Wild(0, 3)))), "TI nurs*", "widened"),
    (ti(Word(("a", Wild(0, 3), "b"))), "TI a*b", "widened"),
    (ti(Word(("h", Wild(0, None), "matology"))), "TI h*matology", ""),
    (ti(Word(("analy", Wild(1, 1), "e", ANY_ENDING))), "TI analy?e*", ""),
    (ti(Word((ANY_ENDING, "oxidant"))), "TI {{words for *oxidant}}", "settle"),
    (ti(Phrase((w("big"), Word((Wild(1, 1), "at"))))), "TI {{words for big ?at}}", "settle"),
    (ti(Phrase((Word(("wom", Wild(1, 1), "n")), w("work*")))), 'TI "wom?n work*"', ""),
    (ti(w("and")), 'TI "and"', ""),
    (ti(w("Not")), 'TI "Not"', ""),
    (ti(w("N3")), 'TI "N3"', ""),
    (w("w")),
    (ti(w("S12")), 'TI "S12"', ""),
    (ti(w("AB")), 'TI "AB"', ""),
    (ti(w("uk")), "TI uk", ""),
    (ti(w("and/or")), 'TI "and/or"', ""),
    (ti(w("R&D")), "TI R&D", ""),
    (ti(w("women's")), "TI women's", ""),
    (ti(w("self-harm*")), "TI self-harm*", ""),
    (ti(w("TI=x")), 'TI "TI=x"', ""),
    (ti(w("e.g.")), 'TI "e.g"', "changed"),
    (ti(w('a"b')), 'TI "a b"', "changed"),
    (ti(w("a(b")), 'TI "a b"', "changed"),
    (ti(w("c#")), "TI c", "changed"),
    (ti(w("women’s")), "TI women's", "changed"),
    (ti(w('"')), "TI {{words for }}", "settle changed"),
    (ti(w("[x]")), "TI x", "changed"),
    (Heading("Asthma", "cinahl"), '(MH "Asthma")', ""),
    (Heading("Asthma", "cinahl", exploded=True), '(MH "Asthma+")', ""),
    (Heading("Asthma", "cinahl", major=True), '(MM "Asthma")', ""),
    (Heading("Asthma", "cinahl", exploded=True, major=True), '(MM "Asthma+")', ""),
    (Heading("Asthma", "cinahl", exploded=True, qualifiers=("dt", "TH")), '(MH "Asthma+/DT/TH")', ""),
    (Heading("Asthma", "cinahl", qualifiers=("drug therapy",)), '(MH "Asthma/drug therapy")', ""),
    (Heading("Asthma", "cinahl", qualifiers=("no such",)), '(MH "Asthma")', "widened"),
    (Heading("Control (Research)", "cinahl"), '(MH "Control (Research)")', ""),
    (Heading('As"th*ma', "cinahl"), '(MH "As th ma")', "changed"),
    (Heading("Asthma", "mesh", exploded=True), "{{CINAHL heading for “Asthma”, exploded}}", "settle"),
    (Scoped(w("pain*"), ("subject_heading",)), "MH pain*", ""),
    (Scoped(w("pain*"), ("subject_heading_major",)), "MM pain*", ""),
    (Scoped(w("pain"), ("heading_word",)), "MW pain", ""),
    (Scoped(w("pain"), ("keywords",)), "SU pain", ""),
    (Scoped(w("pain"), ("text_word",)), "TI pain OR AB pain OR MW pain", "changed"),
    (Scoped(w("pain"), ("all",)), "TX pain", "changed"),
    (Scoped(w("smith"), ("author",)), "AU smith", ""),
    (Scoped(w("london"), ("affiliation",)), "AF london", ""),
    (Scoped(w("lancet"), ("journal",)), "SO lancet", ""),
    (Scoped(w("review"), ("publication_type",)), "PT review", "changed"),
    (Scoped(p("journal article"), ("publication_type",)), 'PT "journal article"', "changed"),
    (Scoped(w("english"), ("language",)), "LA english", ""),
    (Scoped(w("123"), ("uid",)), "AN 123", ""),
    (Scoped(w("10.1000/x"), ("identifier",)), 'TX "10.1000/x"', "widened"),
    (Scoped(w("pain"), ("ebsco:MJ",)), "MJ pain", ""),
    (Scoped(w("pain"), ("author_keywords",)), "{{words for “pain”}}", "settle narrowed"),
    (Or((ti(w("pain")), Scoped(w("pain"), ("author_keywords",)))), "TI pain", "narrowed"),
    (Scoped(w("pain"), ("ovid:dv",)), "{{field for pain}}", "settle"),
    (Scoped(w("pain"), ("title", "ovid:dv")), "TI pain", "narrowed"),
    (DateRange("date_publication", date(2010, 1, 1), date(2020, 12, 31)), "PY 2010-2020", ""),
    (DateRange("date_publication", date(2010, 1, 1), date(2010, 12, 31)), "PY 2010", ""),
    (DateRange("date_publication", date(2010, 3, 1), date(2020, 12, 31)), "DT 20100301-20201231", ""),
    (DateRange("date_publication", date(2010, 1, 1), None), "PY 2010-", "changed"),
    (DateRange("date_publication", None, date(2020, 12, 31)), "PY -2020", "changed"),
    (DateRange("date_entry", date(2010, 1, 1), date(2020, 12, 31)), "EM 20100101-20201231", "changed"),
    (DateRange("date_create", date(2010, 1, 1), date(2020, 12, 31)), "EM 20100101-20201231", "changed"),
    (UidRange(1, 5), "{{records of these accession numbers}}", "settle"),
    (
        Limited(ti(w("a1")), (Scoped(w("english"), ("language",)),)),
        "TI a1 AND LA english",
        "",
    ),
    (And((LineRef(1), Or((LineRef(2), LineRef(3))))), "S1 AND (S2 OR S3)", ""),
]
WRITTEN = [row if isinstance(row, tuple) else (ti(row), 'TI "w"', "") for row in WRITTEN]


@pytest.mark.parametrize(("node", "text", "kinds"), WRITTEN, ids=[row[1] for row in WRITTEN])
def test_written(node: Node, text: str, kinds: str) -> None:
    out, losses = written(node)
    assert (out, " ".join(loss.kind for loss in losses)) == (text, kinds)
    if not kinds:
        assert same_search(read(out, CINAHL).lines[0].node, node)


BY_DATABASE = [
    (MEDLINE, Heading("Asthma", "mesh", exploded=True, qualifiers=("drug therapy",)), '(MH "Asthma+/DT")', ""),
    (MEDLINE, Heading("Asthma", "mesh", qualifiers=("therapy",)), '(MH "Asthma/TH")', ""),
    (MEDLINE, Heading("Asthma", "cinahl"), "{{MeSH heading for “Asthma”}}", "settle"),
    (MEDLINE, Scoped(w("pain"), ("author_keywords",)), "KW pain", "changed"),
    (MEDLINE, Scoped(w("pain"), ("keywords",)), "SU pain", "narrowed"),
    (MEDLINE, Scoped(w("pain"), ("text_word",)), "TI pain OR AB pain OR MW pain OR KW pain", "changed"),
    (PSYCINFO, Heading("Asthma", "apa"), 'DE "Asthma"', ""),
    (PSYCINFO, Heading("Asthma", "apa", major=True), 'MM "Asthma"', ""),
    (PSYCINFO, Heading("Asthma", "apa", exploded=True), '(DE "Asthma" OR {{DE headings below “Asthma”}})', "settle"),
    (PSYCINFO, Heading("Asthma", "apa", qualifiers=("dt",)), 'DE "Asthma"', "widened"),
    (PSYCINFO, Scoped(w("pain"), ("author_keywords",)), "KW pain", ""),
    (PSYCINFO, Scoped(w("pain"), ("heading_word",)), "SU pain", "changed"),
    (PSYCINFO, Scoped(w("pain"), ("text_word",)), "TI pain OR AB pain OR SU pain OR KW pain", "changed"),
    (PSYCINFO, Scoped(w("10.1000"), ("identifier",)), 'DO "10.1000"', ""),
    (PSYCINFO, DateRange("date_entry", date(2010, 1, 1), None), "{{limit by the day of entry}}", "settle"),
    (ERIC, Heading("Students"), 'DE "Students"', "changed"),
    (Dialect("ebsco"), Heading("Students"), 'DE "Students"', "changed"),
    (Dialect("ebsco"), Heading("Students", major=True), 'MM "Students"', "changed"),
    (
        Dialect("ebsco"),
        Heading("Students", exploded=True),
        '(DE "Students" OR {{DE headings below “Students”}})',
        "settle changed",
    ),
    (Dialect("ebsco"), Scoped(w("student*"), ("ebsco:DE",)), "DE student*", ""),
    (CINAHL, Heading("Students"), "{{CINAHL heading for “Students”}}", "settle"),
    (ERIC, Or((ti(w("student*")), Heading("Students", "mesh"))), "TI student*", "narrowed"),
]


@pytest.mark.parametrize(
    ("dialect", "node", "text", "kinds"), BY_DATABASE, ids=[f"{row[0].database}: {row[2]}" for row in BY_DATABASE]
)
def test_databases_differ(dialect: Dialect, node: Node, text: str, kinds: str) -> None:
    out, losses = written(node, dialect)
    assert (out, " ".join(loss.kind for loss in losses)) == (text, kinds)
    if not kinds:
        assert same_search(read(out, dialect).tree, node)


@pytest.mark.parametrize(
    ("node", "terms"),
    [
        (Or((ti(w("nurse")), ti(w("class")), w("virus"))), ["nurse", "class", "virus"]),
        (Or((ti(w("nurses")), ti(w("nurse*")), ti(w("women's")), ti(w("2019")))), []),
        (Or((ti(p("peer worker")), ti(w("and")), ti(w("AB")))), []),
        (Scoped(w("nurse"), TI_AB), ["nurse"]),
        (ti(Near((w("nurse"), w("care*")), 2)), ["nurse N2 care*"]),
        (ti(Near((p("nurse aid"), w("care*")), 2)), []),
        (Or((Scoped(w("smith"), ("author",)), Scoped(w("english"), ("language",)))), []),
        (Or((Scoped(w("pain"), ("subject_heading",)), Heading("Pain", "cinahl"))), []),
    ],
)
def test_plurals_of_singulars_without_quotation_marks(node: Node, terms: list[str]) -> None:
    losses = Losses()
    EbscoWriter(CINAHL, losses).write(flat(node))
    found = [loss for loss in losses.report() if loss.sentence == PLURALS]
    assert [(loss.kind, list(loss.examples)) for loss in found] == ([("widened", terms)] if terms else [])


def test_line_by_line() -> None:
    writer = EbscoWriter(CINAHL, Losses())
    nodes: Sequence[Node] = (
        Scoped(w("asthma"), TI_AB),
        Heading("Asthma", "cinahl", exploded=True),
        Or((LineRef(1), LineRef(2))),
        LineRef(3),
    )
    text = "\n".join([writer.write_line(number, node) for number, node in enumerate(nodes, start=1)])
    assert text == 'S1 TI asthma OR AB asthma\nS2 (MH "Asthma+")\nS3 S1 OR S2\nS4 S3'
    search = read(text, CINAHL)
    assert search.numbered
    assert same_search(search.tree, Or((nodes[0], nodes[1])))


def test_losses_name_each_term_once_with_its_place() -> None:
    """Repeating a group for each field must not count its terms twice."""
    word = Word(("nurs", Wild(0, 2)), Place(5, 10))
    near = Near((Word(("care", Wild(0, 2)), Place(20, 26)), Word(("plan",), Place(30, 34))), 2, place=Place(20, 34))
    tree = Or((Scoped(word, ("title", "abstract"), Place(5, 17)), Scoped(near, TI_AB, Place(19, 42))))
    text, losses = written(tree)
    assert text == "TI (nurs* OR care* N2 plan) OR AB (nurs* OR care* N2 plan)"
    assert [(loss.count, loss.places) for loss in losses] == [(2, (Place(5, 17), Place(19, 42)))]
    assert losses[0].examples[0] == "nurs$2 → nurs*"


WORDS = st.sampled_from(
    ["asthma", "peer", "and", "OR", "near", "n3", "W", "S1", "TI", "uk", "MH", "women's", "self-harm", "R&D", "10",
     "a/b", "x=y", "été", "covid-19", "of", "PY", "adj3", "exp"]
)  # fmt: skip
WORD = st.builds(
    lambda text, inner, ending: Word(tuple([text, *([inner, "q"] if inner else []), *([ending] if ending else [])])),
    WORDS,
    st.sampled_from([None, None, Wild(0, 1), Wild(1, 1), ANY_ENDING]),
    st.sampled_from([None, None, ANY_ENDING]),
)
PHRASE = st.lists(WORD, min_size=2, max_size=4).map(lambda words: Phrase(tuple(words)))
TERM = WORD | PHRASE
NEAR_PART = TERM | st.lists(TERM, min_size=2, max_size=3).map(lambda terms: Or(tuple(terms)))
NEAR = st.builds(
    lambda parts, between, ordered: Near(tuple(parts), between, ordered),
    st.lists(NEAR_PART, min_size=2, max_size=3),
    st.integers(0, 30),
    st.booleans(),
)
FIELDS = st.sampled_from([("title",), TI_AB, ("heading_word",), ("author",), ("ebsco:MJ",), ("abstract", "ebsco:XB")])
DATE = st.builds(
    lambda year, month, more: DateRange("date_publication", date(year, month, 1), date(year + more, 12, 31)),
    st.integers(1900, 2030),
    st.sampled_from([1, 5]),
    st.integers(0, 9),
)
HEADING = st.builds(
    Heading,
    st.sampled_from(["Asthma", "Control (Research)", "Nursing Practice, Research-Based", "Crohn's Disease", "AND"]),
    st.just("cinahl"),
    st.booleans(),
    st.booleans(),
    st.sampled_from([(), ("dt",), ("th", "dt")]),
)
LEAF = TERM | NEAR
TREE = st.recursive(
    LEAF | HEADING | DATE,
    lambda inner: (
        st.lists(inner, min_size=2, max_size=4).map(lambda nodes: And(tuple(nodes)))
        | st.lists(inner, min_size=2, max_size=4).map(lambda nodes: Or(tuple(nodes)))
        | st.builds(Not, inner, inner)
        | st.builds(Scoped, inner, FIELDS)
    ),
    max_leaves=12,
)


@given(TREE)
@settings(deadline=None, max_examples=examples(250))
def test_what_is_written_reads_back(tree: Node) -> None:
    text, losses = written(tree)
    assert [loss for loss in losses if loss.kind != "exact"] == []
    search = read(text, CINAHL)
    assert [finding for finding in search.findings if finding.code not in ("R003", "S004")] == []
    assert same_search(search.tree, tree)
    again, _ = written(search.tree)
    assert same_search(read(again, CINAHL).tree, tree)


ODD = st.text(st.sampled_from("ab\"“”'’()[]{}*?#∗ \t\n\0\u00a0\u200b\ud800-–,;:.!=/&é") | st.characters(), min_size=1)
ODD_WORD = st.builds(
    lambda first, more: Word((*first, *[part for pair in more for part in pair])),
    st.tuples(ODD) | st.tuples(st.just(ANY_ENDING), ODD),
    st.lists(st.tuples(st.builds(Wild, st.integers(0, 2), st.sampled_from([None, 2, 3])), ODD), max_size=2),
)
ODD_LEAF = (
    ODD_WORD
    | st.lists(ODD_WORD, min_size=1, max_size=3).map(lambda words: Phrase(tuple(words)))
    | st.builds(Heading, ODD, st.sampled_from([None, "mesh", "cinahl", "apa"]), st.booleans(), st.booleans())
    | st.builds(UidRange, st.none() | st.integers(), st.none())
    | st.just(DateRange("date_create", None, None))
)
ODD_FIELDS = st.lists(
    st.sampled_from(["title", "author_keywords", "keywords", "text_word", "all", "identifier", "ovid:dv", "ebsco:MJ"]),
    min_size=1,
    max_size=3,
).map(tuple)
ODD_TREE = st.recursive(
    ODD_LEAF,
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3).map(lambda nodes: And(tuple(nodes)))
        | st.lists(inner, min_size=1, max_size=3).map(lambda nodes: Or(tuple(nodes)))
        | st.builds(Not, inner, inner)
        | st.builds(Scoped, inner, ODD_FIELDS)
        | st.lists(ODD_WORD, min_size=2, max_size=3).map(lambda nodes: Near(tuple(nodes), 2))
    ),
    max_leaves=8,
)


@given(ODD_TREE, st.sampled_from([CINAHL, MEDLINE, PSYCINFO, ERIC, Dialect("ebsco")]))
@settings(deadline=None, max_examples=examples(250))
def test_whatever_the_tree_holds_the_text_is_balanced_and_can_be_read(tree: Node, dialect: Dialect) -> None:
    text, losses = written(tree, dialect)
    outside = text.replace("'", "")
    check_balance(outside)
    assert text.count('"') % 2 == 0 or "{{" in text
    read(text, dialect)
    # No reader makes a word with a blank in it.
    words = [word for node in walk(tree) for word in (node.words if isinstance(node, Phrase) else (node,))]
    if not losses and not any(isinstance(word, Word) and " " in word.text for word in words):
        assert same_search(read(text, dialect).tree, tree)


@pytest.mark.parametrize(
    "node",
    [
        Scoped(PUBLISHED, TI_AB),
        ti(Or((w("asthma"), w("wheez*")))),
        And((ti(w("asthma")), Scoped(p("peer support"), ("abstract",)))),
    ],
)
def test_another_parser_takes_it(node: Node) -> None:
    """CoLRev's search-query as a second opinion; it is not a dependency."""
    parser = pytest.importorskip("search_query.parser")
    text, _ = written(node)
    parsed = parser.parse(text, platform="ebscohost")
    theirs = parsed.to_string()
    assert sum(1 for leaf in ("peer", "asthma", "personality") if leaf in theirs) >= 1
    assert same_search(read(theirs, CINAHL).tree, node)
