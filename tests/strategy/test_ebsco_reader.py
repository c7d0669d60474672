"""What EBSCOhost's searches mean: a table of searches and trees, findings, and what cannot be read."""

import time
from datetime import date

import pytest
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from notation_of_trees import shown

from livingsearch.errors import SearchTextError
from livingsearch.strategy.dialects import Dialect
from livingsearch.strategy.ebsco.reader import read
from livingsearch.strategy.findings import CODES
from livingsearch.strategy.tree import DateRange, Heading, Place, Scoped

CINAHL, MEDLINE, PSYCINFO = Dialect("ebsco", "CINAHL"), Dialect("ebsco", "MEDLINE"), Dialect("ebsco", "APA PsycInfo")

TREES = [
    ("asthma", "asthma"),
    ("asthma*", "asthma*"),
    ("TI asthma", "asthma{ti}"),
    ("TI(asthma OR wheez*)", "(or asthma wheez*){ti}"),
    ("TI (asthma OR wheez*)", "(or asthma wheez*){ti}"),
    ("asthma or copd and child", "(or asthma (and copd child))"),
    ("asthma AND copd NOT child", "(not (and asthma copd) child)"),
    ("a1 OR b1 NOT c1", "(or a1 (not b1 c1))"),
    ('"peer support*"', '"peer support*"'),
    ('"wom?n worker*"', '"wom#n worker*"'),
    ("peer support", '"peer support"'),
    ("TI peer support worker OR lay", '(or "peer support worker"{ti} lay)'),
    ('"peer support" worker*', '"peer support worker*"'),
    ("peer N3 support", "(near3 peer support)"),
    ("peer n3 support", "(near3 peer support)"),
    ("peer W3 support", "(next3 peer support)"),
    ("peer N0 support", "(near0 peer support)"),
    ("peer W0 support", "(next0 peer support)"),
    ("peer N2 support N2 work", "(near2 peer support work)"),
    ("peer N2 support OR lay", "(or (near2 peer support) lay)"),
    ("(peer OR lay) N2 (support OR work*)", "(near2 (or peer lay) (or support work*))"),
    ("TI peer N3 support", "(near3 peer support){ti}"),
    ("TI (peer OR lay) N3 (work OR help)", "(near3 (or peer lay) (or work help)){ti}"),
    ("(TI (case or cases) n5 TI (control or controls))", "(near5 (or case cases) (or control controls)){ti}"),
    ("TI peer N3 AB support", "(and peer{ti} support{ab})"),
    ("TI N95 OR N95", "(or N95{ti} N95)"),
    ("vitamin N deficiency", '"vitamin N deficiency"'),
    ("US policy", '"US policy"'),
    ("AB blood type", '"blood type"{ab}'),
    ("blood AB type", '"blood AB type"'),
    ("(AB OR blood)", "(or AB blood)"),
    ('"AB" OR "and" OR "N3" OR "S1"', "(or AB and N3 S1)"),
    ('MH "Asthma+"', "<cinahl: Asthma+>"),
    ('(MH "Asthma")', "<cinahl: Asthma>"),
    ("MH asthma", "<cinahl: asthma>"),
    ('(MH "Asthma+/DT/TH")', "<cinahl: Asthma/dt/th+>"),
    ('MH "Asthma/Drug Therapy"', "<cinahl: Asthma/drug therapy>"),
    ('MM "Asthma"', "<cinahl: Asthma!>"),
    ('MM "Asthma+"', "<cinahl: Asthma+!>"),
    ('MH ("Asthma+" OR "Pain")', "(or <cinahl: Asthma+> <cinahl: Pain>)"),
    ('MH "Control (Research)+"', "<cinahl: Control (Research)+>"),
    ('MH "Nursing Practice, Research-Based"', "<cinahl: Nursing Practice, Research-Based>"),
    ('MH "Pain*"', "Pain*{subject_heading}"),
    ("MM pain*", "pain*{subject_heading_major}"),
    ("MW pain", "pain{heading_word}"),
    ("MJ pain", "pain{ebsco:MJ}"),
    ("SU pain", "pain{keywords}"),
    ("KW pain", "pain{kw}"),
    ("TX pain", "pain{all}"),
    ('AU "Smith J"', '"Smith J"{author}'),
    ("AU smith, j", '"smith j"{author}'),
    ("AF london", "london{affiliation}"),
    ("SO lancet", "lancet{journal}"),
    ("JN lancet", "lancet{journal}"),
    ('PT "journal article"', '"journal article"{publication_type}'),
    ("LA english", "english{language}"),
    ("LA (english OR german)", "(or english german){language}"),
    ("AN 12345", "12345{uid}"),
    ('ZT "clinical trial"', '"clinical trial"{ebsco:ZT}'),
    ("XB pain", "pain{ebsco:XB}"),
    ("YC N", "N{ebsco:YC}"),
    ("TI (asthma OR AB wheeze)", "(or asthma wheeze{ab}){ti}"),
    ("PY 2010", "[date_publication 2010-01-01..2010-12-31]"),
    ("PY 2010-2020", "[date_publication 2010-01-01..2020-12-31]"),
    ("PY 2010 - 2020", "[date_publication 2010-01-01..2020-12-31]"),
    ("PY 2010-", "[date_publication 2010-01-01..]"),
    ("PY -2020", "[date_publication ..2020-12-31]"),
    ("PY (2010 OR 2012)", "(or [date_publication 2010-01-01..2010-12-31] [date_publication 2012-01-01..2012-12-31])"),
    ("DT 20100301-20201230", "[date_publication 2010-03-01..2020-12-30]"),
    ("DT 201003-202002", "[date_publication 2010-03-01..2020-02-29]"),
    ("EM 20200101-", "[date_entry 2020-01-01..]"),
    ("PY unknown", "unknown{ebsco:PY}"),
    ("DT 20101399", "20101399{ebsco:DT}"),
    ("wom?n", "wom#n"),
    ("colo#r", "colo?r"),
    ("h*matology", "h*matology"),
    ("analy?e*", "analy#e*"),
    ("child?", "child"),
    ("ab#", "ab"),
    ("abc#", "abc?"),
    ("*oxidant", "oxidant"),
    ('"midsummer * dream"', "(next1 midsummer dream)"),
    ("women's", "women's"),
    ("self-harm*", "self-harm*"),
    ("covid-19", "covid-19"),
    ("‘peer work’ OR “lay work”", '(or "peer work" "lay work")'),
    ("pe\u200ber∗", "peer*"),
    ("TI\u00a0asthma", "asthma{ti}"),
    ("cost–benefit", "cost-benefit"),
    ("S1 OR S2", "(or #1 #2)"),
    ("TI S1", "S1{ti}"),
    ("a1 AND NOT b1", "(not a1 b1)"),
    ("(((asthma)))", "asthma"),
    ("TI asthma\nOR\nAB asthma", "(or asthma{ti} asthma{ab})"),
]


@pytest.mark.parametrize(("text", "tree"), TREES, ids=[text for text, _ in TREES])
def test_trees(text: str, tree: str) -> None:
    assert shown(read(text, Dialect("ebsco")).lines[-1].node) == tree


@pytest.mark.parametrize(
    ("dialect", "text", "tree"),
    [
        (MEDLINE, 'MH "Asthma+"', "<mesh: Asthma+>"),
        (MEDLINE, 'MH "Asthma+/DT"', "<mesh: Asthma/drug therapy+>"),
        (PSYCINFO, 'DE "Asthma"', "<apa: Asthma>"),
        (PSYCINFO, 'DE ("Asthma" OR "Pain")', "(or <apa: Asthma> <apa: Pain>)"),
        (PSYCINFO, 'MM "Asthma"', "<apa: Asthma!>"),
        (Dialect("ebsco", "ERIC"), 'DE "Students"', "<?: Students>"),
        (Dialect("ebsco"), 'DE "Students"', "<?: Students>"),
        (Dialect("ebsco"), "DE student*", "student*{ebsco:DE}"),
        (Dialect("ebsco"), 'MH "Students"', "<cinahl: Students>"),
    ],
)
def test_the_database_decides_the_thesaurus(dialect: Dialect, text: str, tree: str) -> None:
    assert shown(read(text, dialect).lines[-1].node) == tree


FINDINGS = [
    ("TI asthma", []),
    ("a1 or b1", []),
    ("peer support", [("S011", "warning", '"peer support"')]),
    ("TI peer support", [("S011", "warning", '"peer support"')]),
    ("AU smith j", []),
    ("a1 OR b1 AND c1", [("S004", "warning", "a1 OR (b1 AND c1)")]),
    ("a1 AND NOT b1", [("R004", "note", "NOT")]),
    ("“peer support”", [("S005", "warning", '"peer support"')]),
    ("'peer support'", [("S008", "error", '"peer support"')]),
    ("'peer'", [("S008", "warning", '"peer"')]),
    ("peer∗", [("S006", "error", "peer*")]),
    ("TI\u00a0asthma", [("S010", "warning", " ")]),
    ("as\u00adthma", [("S010", "warning", "")]),
    ("child?", [("T006", "error", "child#")]),
    ("*oxidant", [("T006", "error", "oxidant")]),
    ("ab#", [("T006", "error", "")]),
    ('UK "policy"', [("F001", "fatal", "")]),
    ("TL (asthma)", [("F001", "fatal", "TI")]),
    ("ti (asthma)", [("F001", "warning", "TI")]),
    ("asthma[tiab]", [("F001", "fatal", "(TI asthma OR AB asthma)")]),
    ("asthma[MeSH Terms]", [("F001", "fatal", "")]),
    ("asthma.ti,ab.", [("F001", "fatal", "(TI asthma OR AB asthma)")]),
    ("(asthma OR wheeze).ti.", [("F001", "fatal", "")]),
    ("TI=asthma", [("F001", "fatal", "TI ")]),
    ("exp Asthma/", [("S011", "warning", '"exp Asthma/"'), ("F001", "fatal", '(MH "Asthma+")')]),
    ("peer adj3 work", [("S001", "fatal", "N2")]),
    ("peer NEAR/3 work", [("S001", "fatal", "N3")]),
    ("peer NEXT/3 work", [("S001", "fatal", "W3")]),
    ("face N95 mask", [("S001", "warning", '"N95"')]),
    ("{{words}}", [("S012", "fatal", "")]),
    ("TI peer N3 work", [("F003", "note", "")]),
    ("TI peer N3 AB work", [("F005", "error", "")]),
    ('TI peer N3 MH "Pain"', [("F005", "error", "")]),
    ("TI (asthma OR AB wheeze)", [("F006", "warning", "")]),
    ("TI AB asthma", [("F006", "warning", "")]),
    ('"quality of life"', [("R003", "note", "")]),
    ("of", [("R003", "error", "")]),
    ("PY then", [("S001", "error", "")]),
]


@pytest.mark.parametrize(("text", "expected"), FINDINGS, ids=[text for text, _ in FINDINGS])
def test_findings(text: str, expected: list[tuple[str, str, str]]) -> None:
    found = read(text, Dialect("ebsco")).findings
    assert sorted((f.code, f.severity, f.recommended) for f in found) == sorted(expected)
    assert all(f.code in CODES and text[f.place.start : f.place.end] == f.problematic for f in found)


def test_keywords_in_cinahl_are_doubted() -> None:
    assert [finding.code for finding in read("KW pain", CINAHL).findings] == ["F001"]
    assert read("KW pain", PSYCINFO).findings == ()


def test_plus_behind_a_descriptor_is_doubted() -> None:
    assert [finding.code for finding in read('DE "Pain+"', PSYCINFO).findings] == ["T006"]


REFUSED = [
    ("", "S001", 1),
    ("()", "S001", 1),
    ("(asthma", "S002", 1),
    ("asthma)", "S002", 7),
    ('TI "asthma', "S003", 4),
    ("asthma OR", "S001", 8),
    ("OR asthma", "S001", 1),
    ("asthma AND OR copd", "S001", 12),
    ("TI (OR asthma)", "S001", 5),
    ("asthma (copd)", "S011", 8),
    ("(asthma) copd", "S011", 10),
    ("peer N3", "S011", 0),
    ("S1-S3", "S001", 1),
    ("*", "S001", 1),
    ('MH ""', "S001", 1),
]


@pytest.mark.parametrize(("text", "code", "column"), REFUSED, ids=[text for text, _, _ in REFUSED])
def test_what_cannot_be_read(text: str, code: str, column: int) -> None:
    if not column:
        assert shown(read(text, CINAHL).lines[-1].node) == '"peer N3"'
        return
    with pytest.raises(SearchTextError) as caught:
        read(text, CINAHL)
    assert (caught.value.code, caught.value.column) == (code, column)


def lines(text: str) -> list[tuple[int, str]]:
    search = read(text, CINAHL)
    assert search.numbered
    return [(line.number, shown(line.node)) for line in search.lines]


HISTORIES = [
    "S1 TI asthma\nS2 AB asthma\nS3 S1 OR S2",
    "S1  TI asthma\t1,234\nS2  AB asthma\t567\nS3  S1 OR S2\t1,500",
    "S1 TI asthma    (1,234)\nS2 AB asthma    (567)\nS3 s1 or s2  (1500)",
    "#  Query  Results\nS1  TI asthma  1,234\nS2  AB asthma  567\nS3  S1 OR S2  1,500",
    "S3  S1 OR S2  1,500\nS2  AB asthma  567\nS1  TI asthma  1,234",
    "1. TI asthma\n2. AB asthma\n3. 1 OR 2",
    "1 TI asthma\n2 AB asthma\n3 S1 OR S2",
    "#1 TI asthma\n#2 AB asthma\n#3 #1 OR #2",
    "S1\nTI asthma\nS2\nAB asthma\nS3\nS1 OR\nS2\n",
    (
        "#\tQuery\tLimiters/Expanders\tLast Run Via\tResults\n"
        "S1\tTI asthma\tExpanders - Apply equivalent subjects\nSearch modes - Boolean/Phrase\t"
        "Interface - EBSCOhost Research Databases\nSearch Screen - Advanced Search\tDatabase - CINAHL\t1,234\n"
        "S2\tAB asthma\t12\nS3\tS1 OR S2\t1,240"
    ),
]


@pytest.mark.parametrize("text", HISTORIES)
def test_histories(text: str) -> None:
    assert lines(text) == [(1, "asthma{ti}"), (2, "asthma{ab}"), (3, "(or #1 #2)")]


def test_lines_of_several_rows() -> None:
    text = 'S1 TI (asthma\nOR wheez*)\nS2 (MH "Asthma+")\n\nS3 S1\nOR S2'
    assert lines(text) == [(1, "(or asthma wheez*){ti}"), (2, "<cinahl: Asthma+>"), (3, "(or #1 #2)")]


def test_a_search_that_begins_with_a_reference_is_no_list() -> None:
    search = read("S1 OR S2", CINAHL)
    assert not search.numbered
    assert shown(search.lines[0].node) == "(or #1 #2)"
    assert not read("S100 protein", CINAHL).numbered
    assert not read("2 arm trial", CINAHL).numbered


BESIDE = [
    (
        "S1 TI asthma\nS2 S1 Limiters - Published Date: 20100101-20201231; English Language",
        [("fatal", "Limiters - Published Date: 20100101-20201231; English Language")],
    ),
    ("S1\tTI asthma\tLimiters - English Language\t12\nS2\tS1\t12", [("fatal", "Limiters - English Language")]),
    ("S1 TI asthma limiters: English\nS2 S1", [("fatal", "limiters: English")]),
    ("S1 TI asthma\nS2 S1 Narrow by Language: - english", [("fatal", "Narrow by Language: - english")]),
    ("S1 TI asthma Expanders - Related words Limiters - English\nS2 S1", [("fatal", "Limiters - English")]),
    ("TI asthma Limiters - English", [("fatal", "Limiters - English")]),
    (
        "S1 TI asthma Expanders - Related words\nS2 S1 Search modes - Boolean/Phrase",
        [("note", "Expanders - Related words")],
    ),
    ("S1 TI asthma Search modes - SmartText\nS2 S1", [("error", "Search modes - SmartText")]),
    ('TI "Limiters - x"', []),
    ("limiters OR expanders", []),
]


@pytest.mark.parametrize(("text", "expected"), BESIDE, ids=[text for text, _ in BESIDE])
def test_what_stands_beside_the_query_is_not_read_as_words(text: str, expected: list[tuple[str, str]]) -> None:
    search = read(text, CINAHL)
    assert [(finding.severity, finding.problematic) for finding in search.findings] == expected
    assert {finding.code for finding in search.findings} <= {"S001"}
    assert all(text[f.place.start : f.place.end] == f.problematic for f in search.findings)
    if "S2" in text:
        assert [shown(line.node) for line in search.lines] == ["asthma{ti}", "#1"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("S1 TI asthma\nS2 S1 from 2010", ["S1 from 2010"]),
        ("S1 TI asthma\nS2 (S1 English) OR #1 humans", ["S1 English", "#1 humans"]),
        ("S1 TI asthma\nS2 TI S1 protein", []),
        ('S1 TI asthma\nS2 "S1 protein"', []),
        ("S1 TI asthma\nS2 S1 AND protein", []),
    ],
)
def test_words_behind_a_reference_are_refused(text: str, expected: list[str]) -> None:
    fatal = [finding for finding in read(text, CINAHL).findings if finding.severity == "fatal"]
    assert [(finding.code, finding.problematic) for finding in fatal] == [("S001", shown) for shown in expected]


def test_numbers_out_of_order_and_twice() -> None:
    assert [f.code for f in read("S2 TI a1\nS1 TI b1\nS3 S1 OR S2", CINAHL).findings] == ["L004"]
    assert [f.severity for f in read("S1 TI a1\nS1 TI b1", CINAHL).findings] == ["error"]


def test_a_reference_without_a_line() -> None:
    with pytest.raises(SearchTextError, match="line 7"):
        assert read("S1 TI asthma\nS2 S1 OR S7", CINAHL).tree


def test_places_are_those_of_the_text() -> None:
    text = 'asthma OR (TI “peer support” AND MH "Pain+") AND PY 2010-2012'
    node = read(text, CINAHL).lines[0].node
    found: list[str] = []

    def visit(inner: object) -> None:
        if isinstance(inner, Scoped | Heading | DateRange):
            found.append(text[inner.place.start : inner.place.end])
            return
        for part in getattr(inner, "operands", ()):
            visit(part)

    visit(node)
    assert found == ["TI “peer support”", 'MH "Pain+"', "PY 2010-2012"]


def test_dates_are_days() -> None:
    assert read("DT 2010-201202", CINAHL).lines[0].node == DateRange(
        "date_publication", date(2010, 1, 1), date(2012, 2, 29), Place(0, 0)
    )


BITS = [
    "TI", "AB ", "MH", "DE", "PY", "LA ", "AU", "KW", "ZZ", "ti", "(", ")", "(", ")", '"', '"', "“", "”", "'", "’", "*",
    "?", "#", "∗", "{{", "}}", "{{x}}", "[tiab]", ".ti,ab.", "[", "]", " AND ", " OR ", " NOT ", " N3 ", " W0 ", " n",
    " adj3 ", "NEAR/2", "S1", "S2 ", "s3", "#1", "1 ", "1. ", "\n", "\t", "  ", "\u00a0", "\u200b", "\0", "\ud800", "–",
    "/", "/DT", "+", "-", "2010", "2010-2020", "20100101-", "asthma", "peer", "of", "é", "ﬁ", "İ", "\u0660", "=", ":",
    "Limiters - x", "Search modes - y", "# Query", "1,234",
]  # fmt: skip


@given(st.lists(st.sampled_from(BITS), max_size=30).map("".join) | st.text(max_size=60))
@settings(deadline=None, max_examples=examples(400))
def test_nothing_but_its_own_error_comes_out(text: str) -> None:
    for dialect in (CINAHL, PSYCINFO):
        try:
            search = read(text, dialect)
        except SearchTextError:
            continue
        for finding in search.findings:
            assert finding.code in CODES
            assert 0 <= finding.place.start <= finding.place.end <= len(text)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 100_000,
        '"' * 100_001,
        "a" * 100_000,
        "a* " * 33_000,
        "a b N1 c N2 " * 8_000 + "d",
        "TI a N1 TI b N2 " * 6_000 + "TI c",
        "a AND b NOT " * 8_000 + "c",
        "[" * 100_000,
        "{{" * 50_000,
        "“" * 100_000,
        " 'a" * 33_000,
        "S1 a" + " " * 100_000 + "1",
        "\n".join(f"S{number} a  1" for number in range(1, 8_000)),
        "\0" * 100_000,
        "\u00a0a" * 50_000,
        'MH "' + "/AB" * 33_000 + '"',
        "TI=" * 33_000,
        "1" * 100_000 + "x",
        "a" * 50_000 + "∗" * 50_000,
    ],
    ids=range(19),
)
def test_junk_is_dealt_with_at_once(text: str) -> None:
    start = time.process_time()
    try:
        read(text, CINAHL)
    except SearchTextError:
        pass
    assert time.process_time() - start < 3
