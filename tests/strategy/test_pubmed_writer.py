"""PubMed's syntax written: what is pasted, what is said to be lost, and that it reads back."""

from datetime import date

import pytest
from effort import examples
from hypothesis import given, note, settings
from hypothesis import strategies as st
from search_query.parser import parse

from livingsearch.strategy.balance import check_balance
from livingsearch.strategy.dialects import Dialect
from livingsearch.strategy.loss import Loss, Losses
from livingsearch.strategy.normal import flat, same_search
from livingsearch.strategy.pubmed.reader import read
from livingsearch.strategy.pubmed.writer import PubmedWriter
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

PUBMED = Dialect("pubmed")
TIAB = ("title", "abstract", "author_keywords")
WILDS = {"*": ANY_ENDING, "?": Wild(0, 1), "#": Wild(1, 1)}


def word(text: str) -> Word:
    """`wom#n`, `behavio?r*`, `nurs$2` as a word."""
    parts: list[str | Wild] = []
    for at, c in enumerate(text):
        if c in WILDS:
            parts.append(WILDS[c])
        elif c == "$":
            parts.append(Wild(0, int(text[at + 1])))
        elif at and text[at - 1] == "$":
            continue
        elif parts and isinstance(parts[-1], str):
            parts[-1] += c
        else:
            parts.append(c)
    return Word(tuple(parts))


def leaf(text: str) -> Word | Phrase:
    words = tuple(word(part) for part in text.split())
    return words[0] if len(words) == 1 else Phrase(words)


def scoped(text: str, *fields: str) -> Scoped:
    return Scoped(leaf(text), fields or TIAB)


def any_of(*texts: str) -> Or:
    return Or(tuple(leaf(text) for text in texts))


def near(between: int, *operands: Node, ordered: bool = False, fields: tuple[str, ...] = TIAB) -> Scoped:
    return Scoped(Near(operands, between, ordered), fields)


def written(node: Node) -> tuple[str, tuple[Loss, ...]]:
    losses = Losses()
    return PubmedWriter(PUBMED, losses).write(flat(node)), losses.report()


def kinds(losses: tuple[Loss, ...]) -> str:
    return " ".join(dict.fromkeys(loss.kind for loss in losses if loss.kind != "exact"))


def test_the_published_search() -> None:
    peers = any_of("peer*", "expert by experience*", "expert patient*")
    disorders = any_of("personality disorder*", "complex emotional needs*")
    assert written(Scoped(And((peers, disorders)), TIAB)) == (
        '(peer*[tiab] OR "expert by experience*"[tiab] OR "expert patient*"[tiab]) AND '
        '("personality disorder*"[tiab] OR "complex emotional needs*"[tiab])',
        (),
    )


PD = "Borderline Personality Disorder"


@pytest.mark.parametrize(
    ("node", "expected", "lost"),
    [
        (scoped("asthma"), "asthma[tiab]", ""),
        (scoped("asthma", "title"), "asthma[ti]", ""),
        (scoped("asthma", "author_keywords"), "asthma[ot]", ""),
        (scoped("asthma", "text_word"), "asthma[tw]", ""),
        (scoped("asthma", "all"), "asthma[all]", ""),
        (scoped("asthma", "author_keywords", "title"), "asthma[ot] OR asthma[ti]", ""),
        (scoped("asthma", "text_word", "author"), "asthma[tw] OR asthma[au]", ""),
        (scoped("asthma", *TIAB, "affiliation"), "asthma[tiab] OR asthma[ad]", ""),
        (scoped("asthma", "title", "abstract"), "asthma[tiab]", "widened"),
        (scoped("asthma", "abstract"), "asthma[tiab]", "widened"),
        (scoped("asthma", "keywords"), "asthma[tw]", "widened"),
        (scoped("asthma", "title", "abstract", "keywords"), "asthma[tw]", "widened"),
        (scoped("asthma", "heading_word"), "asthma[tw]", "widened"),
        (scoped("asthma", "pubmed:tt"), "asthma[tt]", ""),
        (scoped("aspirin", "ovid:nm"), "aspirin[nm]", "changed"),
        (scoped("aspirin", *TIAB, "ovid:dv"), "aspirin[tiab]", "narrowed"),
        (scoped("aspirin", "ovid:dv"), "{{aspirin in ovid:dv}}", "settle"),
        (scoped("asthma*", "subject_heading"), "asthma*[mh]", ""),
        (scoped("asthma", "subject_heading"), "asthma[mh]", "changed"),
        (leaf("asthma"), "asthma", ""),
        (leaf("heart attack*"), '"heart attack*"', ""),
        (scoped("english", "language"), "english[la]", ""),
        (scoped("review", "publication_type"), '"review"[pt]', ""),
        (scoped("randomized controlled trial", "publication_type"), '"randomized controlled trial"[pt]', ""),
        (scoped("wom#n*"), "woman*[tiab] OR women*[tiab]", "narrowed"),
        (scoped("smith j", "author"), '"smith j"[au]', ""),
        (scoped("smith j*", "author"), "smith j[au]", ""),
        (scoped("li j*", "author"), "li j[au]", ""),
        (scoped("smith", "author"), "smith[au]", ""),
        (scoped("smith, john", "pubmed:fau"), "smith, john[fau]", ""),
        (scoped("J Clin Oncol", "journal"), '"J Clin Oncol"[ta]', ""),
        (Scoped(Word.of("10.1016/S0140-6736(20)3"), ("identifier",)), '"10.1016/S0140-6736(20)3"[aid]', ""),
        (scoped("123456", "uid"), "123456[uid]", ""),
        (scoped("self-harm*"), "self-harm*[tiab]", ""),
        (scoped("Crohn's"), "Crohn's[tiab]", ""),
        (scoped("and"), '"and"[tiab]', "narrowed"),
        (scoped("NOT"), '"NOT"[tiab]', ""),
        (scoped("signs and symptoms"), '"signs and symptoms"[tiab]', ""),
        (Scoped(Word.of("CD4+"), TIAB), "CD4[tiab]", "changed"),
        (Scoped(Word.of("hip/groin"), TIAB), '"hip groin"[tiab]', "changed"),
        (Scoped(Word.of('say "x" (y) [z]'), TIAB), '"say x y z"[tiab]', "changed"),
        (Or((Scoped(Word.of("+"), TIAB), scoped("asthma"))), "asthma[tiab]", "narrowed"),
        (Word.of("{{heading}}"), "{{heading}}", "settle"),
        (Scoped(Word.of("{{heading}}"), ("title", "author")), "{{heading}}", "settle"),
        # Wildcards.
        (scoped("organi*ation*"), "organi*ation*[tiab]", ""),
        (scoped("personal* disorder*"), '"personal* disorder*"[tiab]', ""),
        (scoped("a bcd* efg*"), '"a bcd* efg*"[tiab]', ""),
        (scoped("behavio?r"), "behavior[tiab] OR behaviour[tiab]", "narrowed"),
        (scoped("behavio?r*"), "behavior*[tiab] OR behaviour*[tiab]", "narrowed"),
        (scoped("wom#n"), "woman[tiab] OR women[tiab]", "narrowed"),
        (scoped("an?emi* child*"), '"anemi* child*"[tiab] OR "anaemi* child*"[tiab]', "narrowed"),
        (scoped("patient$1"), "patient[tiab] OR patients[tiab]", "narrowed"),
        (scoped("patient#"), "patients[tiab]", "narrowed"),
        (scoped("nurs$2"), "nurs*[tiab]", "widened"),
        (scoped("xqvw?z"), "xqvw*z[tiab]", "widened"),
        (
            scoped("an?esthesiolog#qt"),
            "anesthesiolog*qt[tiab] OR anaesthesiolog*qt[tiab]",
            "narrowed widened",
        ),
        (scoped("xqv#w"), " OR ".join(f"xqv{c}w[tiab]" for c in "abcdefghijklmnopqrstuvwxyz"), "narrowed"),
        (
            scoped("b#t", "title"),
            " OR ".join(f"b{c}t[ti]" for c in "abcdefghijklmnopqrstvwxyz"),
            "narrowed",
        ),
        (scoped("b#t", "author"), " OR ".join(f"b{c}t[au]" for c in "abcdefghijklmnopqrstuvwxyz"), "narrowed"),
        (scoped("car*"), "car[tiab] OR cars[tiab]", "narrowed"),
        (scoped("car* crash*"), '"car crash*"[tiab] OR "cars crash*"[tiab]', "narrowed"),
        (scoped("cry*", "title"), "cry[ti] OR cries[ti]", "narrowed"),
        (scoped("wom*n"), "woman[tiab] OR women[tiab]", "narrowed"),
        (scoped("*itis"), "{{the forms of $itis that are meant}}", "settle"),
        (leaf("car*"), "car OR cars", "narrowed"),
        # Proximity.
        (near(2, word("hip"), word("pain")), '"hip pain"[tiab:~2]', ""),
        (near(0, word("hip"), word("pain"), fields=("title",)), '"hip pain"[ti:~0]', ""),
        (near(3, word("oxford"), word("hospital"), fields=("affiliation",)), '"oxford hospital"[ad:~3]', ""),
        (near(2, word("hip"), word("pain"), ordered=True), '"hip pain"[tiab:~2]', "widened"),
        (near(2, word("hip"), word("pain"), fields=("abstract",)), '"hip pain"[tiab:~2]', "widened"),
        (near(2, word("hip"), word("pain"), fields=("text_word",)), '"hip pain"[tiab:~2]', "narrowed"),
        (near(2, word("hip"), word("pain"), fields=("journal",)), "hip[ta] AND pain[ta]", "widened"),
        (Near((word("hip"), word("pain")), 2), '"hip pain"[tiab:~2]', "narrowed"),
        (
            near(2, any_of("hip", "knee"), any_of("pain", "ache")),
            '"hip pain"[tiab:~2] OR "hip ache"[tiab:~2] OR "knee pain"[tiab:~2] OR "knee ache"[tiab:~2]',
            "",
        ),
        (near(2, word("personality"), word("disorder*")), "personality[tiab] AND disorder*[tiab]", "widened"),
        (near(1, word("random*"), word("allocat*")), "random*[tiab] AND allocat*[tiab]", "widened"),
        (near(4, word("peer"), word("support*")), "peer[tiab] AND support*[tiab]", "widened"),
        (
            near(4, any_of("peer", "consumer*"), word("support")),
            "(peer[tiab] OR consumer*[tiab]) AND support[tiab]",
            "widened",
        ),
        (near(4, leaf("expert patient*"), word("support")), '"expert patient*"[tiab] AND support[tiab]', "widened"),
        (near(4, word("nurs$2"), word("support")), "nurs*[tiab] AND support[tiab]", "widened"),
        (near(2, word("wom#n"), word("pain")), '"woman pain"[tiab:~2] OR "women pain"[tiab:~2]', "narrowed"),
        (
            near(2, word("tumo?r"), word("pain")),
            '"tumor pain"[tiab:~2] OR "tumour pain"[tiab:~2]',
            "narrowed",
        ),
        (near(2, word("peer"), word("interven*")), "peer[tiab] AND interven*[tiab]", "widened"),
        (near(2, leaf("heart attack"), word("pain")), '"heart attack pain"[tiab:~2]', "changed"),
        (near(2, word("a1"), word("b1"), word("c1")), '"a1 b1 c1"[tiab:~2]', "changed"),
        (near(2, Near((word("a1"), word("b1")), 5), word("c1")), '"a1 b1 c1"[tiab:~5]', "changed"),
        (
            near(2, any_of(*[f"a{n}" for n in range(8)]), any_of(*[f"b{n}" for n in range(8)])),
            "("
            + " OR ".join(f"a{n}[tiab]" for n in range(8))
            + ") AND ("
            + " OR ".join(f"b{n}[tiab]" for n in range(8))
            + ")",
            "widened",
        ),
        # Headings.
        (Heading(PD, "mesh", True), f'"{PD}"[mh]', ""),
        (Heading(PD, "mesh"), f'"{PD}"[mh:noexp]', ""),
        (Heading(PD, "mesh", True, True), f'"{PD}"[majr]', ""),
        (Heading(PD, "mesh", False, True), f'"{PD}"[majr:noexp]', ""),
        (Heading("Asthma", "mesh", True, False, ("dt",)), '"Asthma/drug therapy"[mh]', ""),
        (Heading("Asthma", "mesh", True, False, ("drug therapy",)), '"Asthma/drug therapy"[mh]', ""),
        (
            Heading("Asthma", "mesh", True, False, ("drug therapy", "su")),
            '"Asthma/drug therapy"[mh] OR "Asthma/surgery"[mh]',
            "widened",
        ),
        (Heading("Asthma", "mesh", True, False, ("th",)), '"Asthma/therapy"[mh]', "widened"),
        (Heading("Asthma", "mesh", False, False, ("th",)), '"Asthma/therapy"[mh:noexp]', ""),
        (Heading("Asthma", "mesh", True, True, ("Diagnosis",)), '"Asthma/Diagnosis"[majr]', "widened"),
        (Heading("Asthma", "mesh", True, False, ("nursing",)), '"Asthma/nursing"[mh]', ""),
        (Heading("Asthma", "mesh", True, False, ("xyz",)), '"Asthma/xyz"[mh]', "changed"),
        (Heading(PD, "emtree", True), "{{MeSH heading for “Borderline Personality Disorder”, exploded}}", "settle"),
        # Dates, numbers, lines.
        (DateRange("date_publication", date(2010, 1, 1), date(2020, 12, 31)), "2010:2020[dp]", ""),
        (DateRange("date_publication", date(2010, 1, 1), date(2010, 12, 31)), "2010[dp]", ""),
        (DateRange("date_publication", date(2010, 1, 1), None), "2010:3000[dp]", ""),
        (DateRange("date_publication", None, date(2010, 12, 31)), "1000:2010[dp]", ""),
        (DateRange("date_create", date(2020, 3, 1), None), '("2020/03/01"[crdt] : "3000"[crdt])', ""),
        (
            DateRange("date_entry", date(2020, 3, 1), date(2020, 3, 9)),
            '("2020/03/01"[edat] : "2020/03/09"[edat])',
            "",
        ),
        (scoped("2019", "date_publication"), "2019[dp]", ""),
        (scoped("2019*", "date_publication"), "2019[dp]", ""),
        (scoped("202*", "date_publication"), "2020:2029[dp]", ""),
        (scoped("201#", "date_publication"), "2010:2019[dp]", ""),
        (scoped("20*", "date_create"), "2000:2099[crdt]", ""),
        (scoped("201905*", "date_entry"), '("2019/05/01"[edat] : "2019/05/31"[edat])', ""),
        (scoped("20190517", "date_entry"), '("2019/05/17"[edat] : "2019/05/17"[edat])', ""),
        (Scoped(any_of("2019*", "202*"), ("date_publication",)), "2019[dp] OR 2020:2029[dp]", ""),
        (scoped("201?", "date_publication"), "2010:2019[dp]", ""),
        (scoped("2*", "date_publication"), "{{range of dates for 2$}}", "settle"),
        (scoped("201913*", "date_create"), "{{range of dates for 201913$}}", "settle"),
        (scoped("last 5 years", "date_publication"), "{{range of dates for last 5 years}}", "settle"),
        (UidRange(1, 100), "1:100[uid]", ""),
        (UidRange(None, None), "0:99999999[uid]", ""),
        (And((LineRef(1), LineRef(2))), "#1 AND #2", ""),
        (Not(scoped("a1"), any_of("b1", "c1")), "a1[tiab] NOT (b1 OR c1)", ""),
        (Not(scoped("a1"), Not(scoped("b1"), scoped("c1"))), "a1[tiab] NOT (b1[tiab] NOT c1[tiab])", ""),
        (
            Limited(
                scoped("a1"), (DateRange("date_publication", date(2010, 1, 1), None), scoped("english", "language"))
            ),
            "a1[tiab] AND 2010:3000[dp] AND english[la]",
            "",
        ),
        (And((scoped("a1"), scoped("behavio?r"))), "a1[tiab] AND (behavior[tiab] OR behaviour[tiab])", "narrowed"),
        (Or((scoped("a1"), scoped("behavio?r"))), "a1[tiab] OR behavior[tiab] OR behaviour[tiab]", "narrowed"),
    ],
)
def test_each_is_written(node: Node, expected: str, lost: str) -> None:
    text, losses = written(node)
    assert text == expected
    assert kinds(losses) == lost
    check_balance(text)


def test_a_line_of_a_strategy() -> None:
    assert PubmedWriter(PUBMED, Losses()).write_line(3, And((LineRef(1), LineRef(2)))) == "#3 #1 AND #2"


def test_losses_show_what_became_of_a_part() -> None:
    (loss,) = written(scoped("behavio?r"))[1]
    assert loss.examples == ("behavio?r → behavior OR behaviour",)
    (loss,) = written(scoped("asthma", "title", "abstract"))[1]
    assert loss.examples == ("asthma in title, abstract → asthma[tiab]",)
    (loss,) = written(near(1, word("random*"), word("allocat*")))[1]
    assert loss.examples == ("random$ adj2 allocat$ → random* AND allocat*",)
    (loss,) = written(near(1, any_of("peer", "expert patient"), word("support*")))[1]
    assert loss.examples == ('(peer or expert patient) adj2 support$ → (peer OR "expert patient") AND support*',)
    (loss,) = written(scoped("peer*", "title", "abstract"))[1]
    assert loss.examples == ("peer$ in title, abstract → peer*[tiab]",)
    (loss,) = written(Heading("Asthma", "mesh", True, False, ("th",)))[1]
    assert loss.examples == ('Asthma/th → "Asthma/therapy"[mh]',)


def test_more_wildcards_than_pubmed_takes() -> None:
    assert kinds(written(Or(tuple(scoped(f"peer{n}*") for n in range(256))))[1]) == ""
    assert kinds(written(Or(tuple(scoped(f"peer{n}*") for n in range(257))))[1]) == "settle"


LETTERS = st.text("abcdefghij", min_size=4, max_size=8)
TEXT_FIELDS = st.sampled_from([TIAB, ("title",), ("author_keywords",), ("text_word",), ("all",), ("pubmed:tt",)])
PLAIN = LETTERS.map(Word.of)
TRUNCATED = st.builds(Word.of, LETTERS, st.booleans())
PHRASES = st.lists(TRUNCATED, min_size=2, max_size=4).map(lambda words: Phrase(tuple(words)))
NEARS = st.builds(
    lambda words, between, fields: Scoped(Near(tuple(words), between), fields),
    st.lists(PLAIN, min_size=2, max_size=2),
    st.integers(0, 20),
    st.sampled_from([TIAB, ("title",), ("affiliation",)]),
)
DAYS = st.one_of(st.none(), st.dates(date(1900, 1, 1), date(2030, 12, 31)))
HEADINGS = st.builds(
    Heading,
    LETTERS.map(str.title),
    st.just("mesh"),
    st.booleans(),
    st.booleans(),
    st.lists(st.sampled_from(["drug therapy", "nursing", "genetics"]), max_size=2, unique=True).map(tuple),
)
EXACT_LEAVES = st.one_of(
    TRUNCATED,
    PHRASES,
    st.builds(Scoped, st.one_of(TRUNCATED, PHRASES), TEXT_FIELDS),
    st.builds(lambda w: Scoped(w, ("title", "author_keywords")), TRUNCATED),
    st.builds(
        Scoped,
        st.one_of(PLAIN, st.lists(PLAIN, min_size=2, max_size=3).map(lambda words: Phrase(tuple(words)))),
        st.sampled_from(["language", "publication_type", "journal", "affiliation", "pubmed:sb"]).map(lambda f: (f,)),
    ),
    st.builds(Scoped, PLAIN, st.just(("author",))),
    NEARS,
    HEADINGS,
    st.builds(DateRange, st.sampled_from(["date_publication", "date_create", "date_entry"]), DAYS, DAYS),
    st.builds(
        UidRange,
        st.one_of(st.none(), st.integers(1, 10**7)),
        st.one_of(st.none(), st.integers(1, 10**7)),
    ),
)


@st.composite
def trees(draw: st.DrawFn, leaves: st.SearchStrategy[Node], depth: int = 3) -> Node:
    """Leaves under And, Or, Not and Limited; now and then a field around a group."""
    kind = draw(st.integers(0, 9)) if depth else 9
    inner = trees(leaves, depth - 1)
    if kind < 2:
        return And(tuple(draw(st.lists(inner, min_size=2, max_size=3))))
    if kind < 4:
        return Or(tuple(draw(st.lists(inner, min_size=2, max_size=3))))
    if kind == 4:
        return Not(draw(inner), draw(inner))
    if kind == 5:
        return Limited(draw(inner), (UidRange(1, 9),))
    if kind == 6:
        grouped = st.lists(st.one_of(TRUNCATED, PHRASES), min_size=2, max_size=3)
        return Scoped(Or(tuple(draw(grouped))), draw(TEXT_FIELDS))
    return draw(leaves)


@given(trees(EXACT_LEAVES))
@settings(deadline=None, max_examples=examples(200))
def test_what_pubmed_can_express_reads_back(node: Node) -> None:
    text, losses = written(node)
    assert kinds(losses) == ""
    back = read(text, PUBMED)
    assert same_search(back.tree, node), text
    assert not [finding for finding in back.findings if finding.severity in ("error", "fatal")], text


ANY_TEXT = st.one_of(
    LETTERS,
    st.sampled_from(["and", "OR", "not", "near", "the", "#1", "{{x}}", "1.", "a'b", "'x", "-", "CD4+", "(", "]", '"']),
    st.text(max_size=5).filter(bool),
)
WILD = st.one_of(
    st.sampled_from([ANY_ENDING, Wild(0, 1), Wild(1, 1), Wild(2, 2)]),
    st.integers(2, 5).map(lambda most: Wild(0, most)),
)
ANY_WORD = st.one_of(
    ANY_TEXT.map(Word.of),
    st.builds(lambda a, w: Word((a, w)), ANY_TEXT, WILD),
    st.builds(lambda a, w, b: Word((a, w, b)), ANY_TEXT, WILD, ANY_TEXT),
    st.builds(lambda a, w, b, v: Word((a, w, b, v)), LETTERS, WILD, LETTERS, WILD),
    st.builds(lambda w, b: Word((w, b)), WILD, ANY_TEXT),
)
ANY_PHRASE = st.lists(ANY_WORD, min_size=2, max_size=3).map(lambda words: Phrase(tuple(words)))
FIELD = st.sampled_from(
    "title abstract author_keywords keywords heading_word text_word all subject_heading author affiliation journal "
    "publication_type language identifier uid date_publication ovid:dv ebsco:xx pubmed:sb".split()
)
FIELDS = st.lists(FIELD, min_size=1, max_size=4, unique=True).map(tuple)


@st.composite
def operands(draw: st.DrawFn, depth: int = 2) -> Node:
    kind = draw(st.integers(0, 5)) if depth else 5
    if kind > 2:
        return draw(st.one_of(ANY_WORD, ANY_PHRASE))
    nodes = tuple(draw(st.lists(operands(depth - 1), min_size=2, max_size=3)))
    return Near(nodes, draw(st.integers(0, 9)), draw(st.booleans())) if kind == 0 else [Or, And][kind - 1](nodes)


ANY_NEAR = st.builds(
    lambda nodes, n, o: Near(tuple(nodes), n, o),
    st.lists(operands(), min_size=2, max_size=3),
    st.integers(0, 9),
    st.booleans(),
)
ANY_LEAF = st.one_of(
    ANY_WORD,
    ANY_PHRASE,
    ANY_NEAR,
    st.builds(Scoped, st.one_of(ANY_WORD, ANY_PHRASE, ANY_NEAR), FIELDS),
    st.builds(
        Heading,
        ANY_TEXT,
        st.sampled_from([None, "mesh", "emtree"]),
        st.booleans(),
        st.booleans(),
        st.lists(ANY_TEXT, max_size=2).map(tuple),
    ),
    st.builds(DateRange, st.sampled_from(["date_publication", "date_create", "date_entry"]), DAYS, DAYS),
)


@given(trees(ANY_LEAF))
@settings(deadline=None, max_examples=examples(300))
def test_anything_else_is_reported(node: Node) -> None:
    """Balanced, readable, and either the same search or said not to be."""
    text, losses = written(node)
    note(text)
    check_balance(text)
    back = read(text, PUBMED)
    if not kinds(losses):
        assert same_search(back.tree, node), text


@pytest.mark.parametrize(
    "node",
    [
        Scoped(And((any_of("peer*", "expert patient*"), any_of("personality disorder*", "bpd"))), TIAB),
        And((Heading(PD, "mesh", True), Not(scoped("asthma", "title"), scoped("review", "publication_type")))),
        And((near(2, word("hip"), word("pain")), scoped("english", "language"))),
        Or((scoped("asthma", "all"), scoped("oxford", "affiliation"), scoped("J Clin Oncol", "journal"))),
    ],
)
def test_a_second_parser_reads_it(node: Node) -> None:
    text = written(node)[0]
    assert parse(text, platform="pubmed").to_string().count("[") == text.count("[")
