"""Trees, and how they are written for databases on Ovid."""

from datetime import date

import pytest

from livingsearch.strategy.dialects import Dialect
from livingsearch.strategy.loss import Losses, LossKind
from livingsearch.strategy.normal import flat, with_fields
from livingsearch.strategy.ovid.reader import read
from livingsearch.strategy.ovid.writer import OvidWriter
from livingsearch.strategy.qualifiers import CODES, EMTREE_CODES, code_of, name_of
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

MEDLINE, EMBASE, PSYCINFO = Dialect("ovid"), Dialect("ovid", "Embase"), Dialect("ovid", "APA PsycInfo")
PUBLISHED = (
    "('peer$' OR 'expert by experience$' OR 'expert patient$') AND ('personality disorder$' OR 'complex emotional "
    "needs$')"
)
WRITTEN = (
    '((peer$ or "expert by experience$" or "expert patient$") and ("personality disorder$" or "complex emotional '
    'needs$"))'
)
A, B, C = Word.of("a"), Word.of("b"), Word.of("c")
TI, AB = ("title",), ("abstract",)
SINCE = DateRange("date_publication", date(2010, 1, 1), None)
CLOSED = DateRange("date_publication", date(2010, 1, 1), date(2012, 12, 31))


def words(text: str) -> Phrase:
    return Phrase(tuple(Word.of(word) for word in text.split()))


def written(node: Node, dialect: Dialect = MEDLINE) -> tuple[str, list[LossKind]]:
    losses = Losses()
    text = OvidWriter(dialect, losses).write(flat(node))
    return text, [loss.kind for loss in losses.report()]


@pytest.mark.parametrize(
    ("database", "tags"),
    [
        (None, ".ti,ab,kf."),
        ("Ovid MEDLINE(R) ALL", ".ti,ab,kf."),
        ("Embase Classic+Embase", ".ti,ab,kf."),
        ("APA PsycInfo", ".ti,ab,id."),
    ],
)
def test_the_published_search(database: str | None, tags: str) -> None:
    tree = with_fields(flat(read(PUBLISHED, MEDLINE).tree), ("title", "abstract", "author_keywords"))
    assert written(tree, Dialect("ovid", database)) == (WRITTEN + tags, [])


@pytest.mark.parametrize(
    ("node", "text"),
    [
        (A, "a"),
        (words("a b"), '"a b"'),
        (Scoped(A, TI), "a.ti."),
        (Scoped(words("a b"), TI), '"a b".ti.'),
        (Scoped(And((A, B)), TI), "(a and b).ti."),
        (And((Scoped(A, TI), Scoped(B, TI))), "(a and b).ti."),
        (And((Scoped(A, TI), Scoped(B, AB))), "a.ti. and b.ab."),
        (Or((Scoped(A, TI), Scoped(B, TI), Scoped(C, AB))), "(a or b).ti. or c.ab."),
        (Not(Scoped(A, TI), Scoped(Or((B, C)), AB)), "a.ti. not (b or c).ab."),
        (Not(Not(A, B), C), "(a not b) not c"),
        (Not(A, And((B, C))), "a not (b and c)"),
        (And((Or((A, B)), C)), "(a or b) and c"),
        # Words that Ovid takes for something else stand in quotation marks.
        (Or((Word.of("and"), Word.of("ADJ3"), Word.of("exp"))), '"and" or "ADJ3" or "exp"'),
        (Or((Word.of("2019"), Word.of("1"))), '"2019" or "1"'),
        (Or((Word.of("2019", True), Word.of("5-HT"))), "2019$ or 5-HT"),
        (Or((Word.of("user's"), Word.of("users'"))), "user's or \"users'\""),
        (Or((Word.of("x.ti."), Word.of("him/her"), Word.of("(x"))), '"x.ti." or "him/her" or "(x"'),
        # Wildcards.
        (Word(("wom", Wild(1, 1), "n")), "wom#n"),
        (Word(("behavio", Wild(0, 1), "r", Wild(0, None))), "behavio?r$"),
        (Word(("hospital", Wild(0, 1))), "hospital$1"),
        (Word(("nurs", Wild(0, 3))), "nurs$3"),
        (Word(("a", Wild(2, 2))), "a##"),
        (Word(("a", Wild(1, None))), "a#$"),
        (Word(("a", Wild(1, 4), "b")), "a#$3b"),
        (Word(("a", Wild(0, 2), "1")), "a??1"),
        # Proximity.
        (Scoped(Near((A, B), 2), TI), "(a adj3 b).ti."),
        (Near((words("a b"), Or((B, C))), 4), '("a b" adj5 (b or c))'),
        (Near((A, B, C), 0), "(a adj1 b adj1 c)"),
        (Near((Or((A, B)), C), 0, True), "((a or b) adj c)"),
        (Near((Near((A, B), 1), C), 3), "((a adj2 b) adj4 c)"),
        (Scoped(Or((Near((A, B), 2), C)), TI), "((a adj3 b) or c).ti."),
        # Headings.
        (Heading("Asthma", "mesh"), "Asthma/"),
        (Heading("Asthma", "mesh", True, True, ("drug therapy", "TH")), "exp *Asthma/dt, th"),
        (Heading("Wounds and Injuries", "mesh", True), 'exp "Wounds and Injuries"/'),
        (Heading("Quality of Life", "mesh"), "Quality of Life/"),
        (Heading("Receptors, Adrenergic, beta-2", "mesh"), "Receptors, Adrenergic, beta-2/"),
        (Heading("Proto-Oncogene Proteins p21(ras)", "mesh"), '"Proto-Oncogene Proteins p21(ras)"/'),
        (Scoped(Word.of("Asthma"), ("subject_heading_major",)), "*Asthma/"),
        # Fields.
        (Scoped(A, ("keywords",)), "a.kf,hw."),
        (Scoped(A, ("uid",)), "a.ui."),
        (Scoped(A, ("identifier",)), "a.do."),
        (Scoped(A, ("ovid:nm", "ovid:fs")), "a.nm,fs."),
        (Scoped(A, ("ovid:ab/freq=3",)), "a.ab. /freq=3"),
        (Scoped(A, ("title", "ovid:ab/freq=3")), "a.ti. or a.ab. /freq=3"),
        (Scoped(Word.of("english"), ("publication_type",)), "english.pt."),
        # Numbers and dates as terms.
        (UidRange(7, 7), '"7".ui.'),
        (UidRange(7, 9), '("7" or "8" or "9").ui.'),
        (Or((Scoped(A, TI), CLOSED)), 'a.ti. or ("2010" or "2011" or "2012").yr.'),
        (DateRange("date_create", date(2020, 1, 1), date(2020, 12, 31)), "2020$.dt."),
        # Limits.
        (And((Scoped(A, TI), SINCE)), '1 a.ti.\n2 limit 1 to yr="2010 -Current"'),
        (Limited(Scoped(A, TI), (SINCE,)), '1 a.ti.\n2 limit 1 to yr="2010 -Current"'),
        (And((SINCE, A, B)), '1 a and b\n2 limit 1 to yr="2010 -Current"'),
        (And((A, CLOSED)), '1 a\n2 limit 1 to yr="2010 - 2012"'),
        (
            And((A, DateRange("date_publication", date(2015, 1, 1), date(2015, 12, 31)))),
            '1 a\n2 limit 1 to yr="2015"',
        ),
        (
            And((A, DateRange("date_publication", None, date(2015, 12, 31)))),
            '1 a\n2 limit 1 to yr="1000 - 2015"',
        ),
        (
            And((A, DateRange("date_create", date(2020, 3, 1), date(2020, 3, 31)))),
            "1 a\n2 limit 1 to dt=20200301-20200331",
        ),
        (
            And((A, DateRange("date_create", date(2020, 3, 1), None))),
            "1 a\n2 limit 1 to dt=20200301-30001231",
        ),
        (
            And((A, Scoped(Word.of("English"), ("language",)), SINCE, Scoped(Word.of("humans"), ("ovid:limit",)))),
            '1 a\n2 limit 1 to (English language and yr="2010 -Current" and humans)',
        ),
        (
            And((A, Scoped(Or((Word.of("english"), Word.of("french"))), ("language",)))),
            "1 a\n2 limit 1 to (english language or french)",
        ),
        (And((A, Scoped(words("review articles"), ("ovid:limit",)))), '1 a\n2 limit 1 to "review articles"'),
        (Or((And((A, SINCE)), B)), '1 a\n2 limit 1 to yr="2010 -Current"\n3 2 or b'),
        (Not(A, And((B, SINCE))), '1 b\n2 limit 1 to yr="2010 -Current"\n3 a not 2'),
        (Not(A, SINCE), '1 a\n2 limit 1 to yr="2010 -Current"\n3 1 not 2'),
        (Or((A, Scoped(Word.of("french"), ("language",)))), "a or french.lg."),
    ],
)
def test_exactly(node: Node, text: str) -> None:
    assert written(node) == (text, [])


@pytest.mark.parametrize(
    ("node", "dialect", "text", "kinds"),
    [
        (Scoped(A, ("text_word",)), MEDLINE, "a.mp.", ["exact"]),
        (Scoped(Word.of("a", True), ("subject_heading_major",)), MEDLINE, "a$.sh.", ["widened"]),
        (Scoped(A, ("ebsco:ZW",)), MEDLINE, "{{field like ZW for a}}", ["settle"]),
        (Scoped(A, ("pubmed:sb",)), EMBASE, "{{field like sb for a}}", ["settle"]),
        (
            And((Scoped(words("smith j"), ("pubmed:1au",)), Scoped(B, TI))),
            MEDLINE,
            "{{field like 1au for smith j}} and b.ti.",
            ["settle"],
        ),
        (
            Scoped(Or((A, Word.of("b", True), C, Word.of("d"))), ("pubmed:tt",)),
            MEDLINE,
            "{{field like tt for a, b$, c …}}",
            ["settle"],
        ),
        (Scoped(A, ("date_create",)), PSYCINFO, "{{dates for a}}", ["settle"]),
        (Scoped(A, ("pubmed:rn",)), MEDLINE, "a.rn.", ["changed"]),
        (Scoped(A, ("pubmed:sh",)), MEDLINE, "a.fs.", ["changed"]),
        # Dates that are none.
        (Scoped(words("last 5 years"), ("date_publication",)), MEDLINE, "{{dates for last 5 years}}", ["settle"]),
        (Scoped(Word.of("soon"), ("date_entry",)), MEDLINE, "{{dates for soon}}", ["settle"]),
        (Scoped(Word.of("20190101"), ("date_publication",)), MEDLINE, "{{dates for 20190101}}", ["settle"]),
        (Scoped(Word.of("2019"), ("date_publication",)), MEDLINE, '"2019".yr.', []),
        (Scoped(Word.of("2019", True), ("date_publication",)), MEDLINE, "2019$.yr.", []),
        (Scoped(Word.of("201", True), ("date_publication",)), MEDLINE, "201$.yr.", []),
        (Scoped(Word.of("20190231"), ("date_entry",)), MEDLINE, '"20190231".ed.', []),
        (Scoped(Word.of("2019", True), ("date_create", "ovid:ez")), MEDLINE, "2019$.dt,ez.", []),
        (Scoped(A, ("pubmed:nm",)), MEDLINE, "a.nm.", ["changed"]),
        (Scoped(A, ("title", "ebsco:zz")), MEDLINE, "a.ti.", ["narrowed"]),
        (Scoped(A, ("uid",)), EMBASE, "a.an.", []),
        (Near((A, B), 2, True), MEDLINE, "(a adj3 b)", ["widened"]),
        (Near((A, B), 200), MEDLINE, "(a adj99 b)", ["narrowed"]),
        (Near((A, And((B, C))), 2), MEDLINE, "(a adj3 (b and c))", ["changed"]),
        (Word(("vitamin", Wild(0, None), "3")), MEDLINE, "vitamin$", ["widened"]),
        (
            Word((Wild(0, None), "aemia")),
            MEDLINE,
            "{{words that end like “…aemia”, written out one by one}}",
            ["settle"],
        ),
        (Word.of('a"b$'), MEDLINE, '"a b"', ["changed"]),
        (Word.of('"'), MEDLINE, "{{a word with at least one letter}}", ["settle"]),
        (Heading("Asthma"), MEDLINE, "{{MeSH heading for “Asthma”}}", ["settle"]),
        (Heading("Asthma"), Dialect("ovid", "Global Health"), "Asthma/", []),
        (Heading("Asthma", "mesh", True), EMBASE, "{{Emtree heading for “Asthma”, exploded}}", ["settle"]),
        (Heading("Asthma", "mesh"), Dialect("ovid", "Global Health"), "{{heading for “Asthma”}}", ["settle"]),
        (Heading("asthma", "emtree", qualifiers=("side effect",)), EMBASE, "asthma/si", []),
        (Heading("Asthma", "mesh", qualifiers=("magic",)), MEDLINE, "Asthma/", ["widened"]),
        (Heading("Asthma", "mesh", qualifiers=("magic", "th")), MEDLINE, "Asthma/th", ["narrowed"]),
        (Heading("Asthma", "apa", qualifiers=("therapy",)), PSYCINFO, "Asthma/", ["widened"]),
        (
            And((A, DateRange("date_publication", date(2010, 5, 3), None))),
            MEDLINE,
            '1 a\n2 limit 1 to yr="2010 -Current"',
            ["widened"],
        ),
        (
            And((A, DateRange("date_entry", date(2010, 5, 3), None))),
            MEDLINE,
            "1 a\n2 limit 1 to ed=20100503-30001231",
            ["changed"],
        ),
        (
            And((A, DateRange("date_entry", date(2010, 5, 3), None))),
            PSYCINFO,
            "1 a\n2 limit 1 to up=20100503-30001231",
            [],
        ),
        (
            And((A, DateRange("date_create", date(2010, 5, 3), None))),
            PSYCINFO,
            "a and {{records created from 2010-05-03}}",
            ["settle"],
        ),
        (Or((A, SINCE)), MEDLINE, "a or {{records published from 2010-01-01}}", ["settle"]),
        (UidRange(1, 900), MEDLINE, "{{accession numbers from 1 to 900}}", ["settle"]),
        (UidRange(1, None), MEDLINE, "{{accession numbers from 1 to the last}}", ["settle"]),
        (Or((A, Scoped(Word.of("humans"), ("ovid:limit",)))), MEDLINE, "a or {{limit to humans}}", ["settle"]),
    ],
)
def test_with_losses(node: Node, dialect: Dialect, text: str, kinds: list[LossKind]) -> None:
    assert written(node, dialect) == (text, kinds)


@pytest.mark.parametrize(
    ("number", "node", "text"),
    [
        (1, Heading("Asthma", "mesh", True), "1 exp Asthma/"),
        (3, Or((LineRef(1), LineRef(2))), "3 1 or 2"),
        (4, Or((LineRef(1), LineRef(2), LineRef(3))), "4 or/1-3"),
        (6, And((LineRef(1), LineRef(2), LineRef(3), LineRef(5))), "6 and/1-3,5"),
        (6, And((LineRef(1), LineRef(3), LineRef(5))), "6 1 and 3 and 5"),
        (6, And((Or((LineRef(1), LineRef(2), LineRef(3))), Word.of("1"))), '6 (1 or 2 or 3) and "1"'),
        (4, Not(LineRef(3), LineRef(1)), "4 3 not 1"),
        (4, And((LineRef(3), SINCE)), '4 limit 3 to yr="2010 -Current"'),
        (1, And((A, CLOSED)), '1 a and ("2010" or "2011" or "2012").yr.'),
        (1, And((A, SINCE)), "1 a and {{records published from 2010-01-01}}"),
        (4, And((LineRef(3), LineRef(2), CLOSED)), '4 3 and 2 and ("2010" or "2011" or "2012").yr.'),
    ],
)
def test_lines(number: int, node: Node, text: str) -> None:
    assert OvidWriter(MEDLINE, Losses()).write_line(number, flat(node)) == text


def test_losses_say_where_and_what() -> None:
    losses = Losses()
    tree = read("1 asthma.ti.\n2 limit 1 to dt=20200101-20200131\n3 2 and *glycaemia.ti.", MEDLINE).tree
    OvidWriter(PSYCINFO, losses).write(flat(tree))
    report = losses.report()
    assert [loss.kind for loss in report] == ["settle", "settle"]
    assert all(loss.places and loss.examples for loss in report)


def test_qualifiers() -> None:
    assert len(set(CODES.values())) == len(CODES)
    assert len(set(EMTREE_CODES.values())) == len(EMTREE_CODES)
    assert all(len(code) == 2 and name_of(code, "mesh") == name for name, code in CODES.items())
    assert (code_of("Drug Therapy", "mesh"), code_of("DT", None), code_of("zz", "mesh")) == ("dt", "dt", None)
    assert (name_of("si", "emtree"), name_of("si", "mesh"), name_of("dt", "apa")) == ("side effect", None, None)
