"""PubMed's syntax read: trees, and what is said before anything is sent."""

import time

import pytest
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from notation_of_trees import shown

from livingsearch.errors import SearchTextError
from livingsearch.strategy.dialects import Dialect
from livingsearch.strategy.findings import CODES, SEVERITIES, Finding
from livingsearch.strategy.pubmed.fields import nearest, tag_named
from livingsearch.strategy.pubmed.reader import read
from livingsearch.strategy.pubmed.terms import STOP_WORDS
from livingsearch.strategy.search import Search

PUBMED = Dialect("pubmed")
RAW = (
    "('peer$' OR 'expert by experience$' OR 'expert patient$') AND "
    "('personality disorder$' OR 'complex emotional needs$')"
)
PUBLISHED = (
    '(peer*[tiab] OR "expert by experience*"[tiab] OR "expert patient*"[tiab]) AND '
    '("personality disorder*"[tiab] OR "complex emotional needs*"[tiab])'
)


B_T = "abcdefghijklmnopqrstvwxyz"
"""Letters of `b#t` but for those of the stop word `but`."""


def search(text: str) -> Search:
    return read(text, PUBMED)


def tree(text: str) -> str:
    return shown(search(text).lines[-1].node)


def found(text: str, code: str) -> list[Finding]:
    return [finding for finding in search(text).findings if finding.code == code]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("asthma", "asthma"),
        ("asthma[ti]", "asthma{ti}"),
        ("asthma [Title]", "asthma{ti}"),
        ("asthma[Title/Abstract]", "asthma{ti,ab,kw}"),
        ("asthma[TIAB]", "asthma{ti,ab,kw}"),
        ("asthma[ tiab ]", "asthma{ti,ab,kw}"),
        ("asthma[Other Term]", "asthma{kw}"),
        ("asthma[Text Word]", "asthma{text_word}"),
        ("asthma[All Fields]", "asthma{all}"),
        ("asthma[tt]", "asthma{pubmed:tt}"),
        ("peer*[tiab]", "peer*{ti,ab,kw}"),
        ("organi*ation*[tiab]", "organi*ation*{ti,ab,kw}"),
        ('"heart attack"[ti]', '"heart attack"{ti}'),
        ('"asthma"[ti]', "asthma{ti}"),
        ("heart attack[ti]", '"heart attack"{ti}'),
        ("heart attack", '"heart attack"'),
        ('"vaccin* schedul*"[tiab]', '"vaccin* schedul*"{ti,ab,kw}'),
        ("self-harm*[tiab]", "self-harm*{ti,ab,kw}"),
        ("Crohn's[ti]", "Crohn's{ti}"),
        ('"hip pain"[tiab:~2]', "(near2 hip pain){ti,ab,kw}"),
        ('"hip pain"[Title:~0]', "(near0 hip pain){ti}"),
        ('"royal hospital"[Affiliation:~1]', "(near1 royal hospital){affiliation}"),
        ('"drug addiction methadone"[ti:~3]', "(near3 drug addiction methadone){ti}"),
        ('"Asthma"[mh]', "<mesh: Asthma+>"),
        ("Asthma[Mesh]", "<mesh: Asthma+>"),
        ('"Asthma"[MeSH Terms:noexp]', "<mesh: Asthma>"),
        ('"Asthma"[mh:NoExp]', "<mesh: Asthma>"),
        ('"Asthma"[majr]', "<mesh: Asthma+!>"),
        ('"Asthma"[MeSH Major Topic:noexp]', "<mesh: Asthma!>"),
        ('"Diabetes Mellitus, Type 2"[mh]', "<mesh: Diabetes Mellitus, Type 2+>"),
        ('"Asthma/drug therapy"[mh]', "<mesh: Asthma/drug therapy+>"),
        ("Asthma/DT[majr:noexp]", "<mesh: Asthma/drug therapy!>"),
        ("asthm*[mh]", "asthm*{subject_heading}"),
        ("therapy[sh]", "therapy{pubmed:sh}"),
        ("english[la]", "english{language}"),
        ('"randomized controlled trial"[Publication Type]', '"randomized controlled trial"{publication_type}'),
        ("smith j[au]", '"smith j*"{author}'),
        ("smith j*[au]", '"smith j*"{author}'),
        ('"smith j"[au]', '"smith j"{author}'),
        ("li j[1au]", '"li j*"{pubmed:1au}'),
        ("smith[au]", "smith{author}"),
        ("smith, john[fau]", '"smith, john"{pubmed:fau}'),
        ('"J Clin Oncol"[ta]', '"J Clin Oncol"{journal}'),
        ("oxford[ad]", "oxford{affiliation}"),
        ("10.1000/x.1-2[aid]", "10.1000/x.1-2{identifier}"),
        ("medline[sb]", "medline{pubmed:sb}"),
        ("humans[Filter]", "humans{pubmed:filter}"),
        ("aspirin[nm]", "aspirin{pubmed:nm}"),
        ("50-78-2[rn]", "50-78-2{pubmed:rn}"),
        ("123456[pmid]", "123456{uid}"),
        ("1:100[uid]", "[uid 1..100]"),
        ("0:100[uid]", "[uid ..100]"),
        ("5:99999999[uid]", "[uid 5..]"),
        ("2010[dp]", "[date_publication 2010-01-01..2010-12-31]"),
        ("2010/02[dp]", "[date_publication 2010-02-01..2010-02-28]"),
        ("2010:2020[dp]", "[date_publication 2010-01-01..2020-12-31]"),
        ("2010 : 2020 [dp]", "[date_publication 2010-01-01..2020-12-31]"),
        ("2010[dp]:2020[dp]", "[date_publication 2010-01-01..2020-12-31]"),
        ("1000:2020[dp]", "[date_publication ..2020-12-31]"),
        ('("2020/01/01"[crdt] : "3000"[crdt])', "[date_create 2020-01-01..]"),
        ('"2010/05"[dp] : "3000"[dp]', "[date_publication 2010-05-01..]"),
        ('"2010/05/03"[Date - Publication]:"2012"[Date - Publication]', "[date_publication 2010-05-03..2012-12-31]"),
        ("2019/12/31:2020/1/5[edat]", "[date_entry 2019-12-31..2020-01-05]"),
        ('"last 5 years"[dp]', '"last 5 years"{date_publication}'),
        ("a[ti] AND b[ti] AND c[ti]", "(and a{ti} b{ti} c{ti})"),
        ("a[ti] OR b[ti] AND c[ti]", "(and (or a{ti} b{ti}) c{ti})"),
        ("a[ti] OR (b[ti] AND c[ti])", "(or a{ti} (and b{ti} c{ti}))"),
        ("a[ti] NOT b[ti] OR c[ti]", "(or (not a{ti} b{ti}) c{ti})"),
        ("a[ti] AND NOT b[ti]", "(not a{ti} b{ti})"),
        ("a[ti] b[ti]", "(and a{ti} b{ti})"),
        ('"a b"[ti] "c d"[ti]', '(and "a b"{ti} "c d"{ti})'),
        ("a[ti] and b[ti] or c[ti]", "(or (and a{ti} b{ti}) c{ti})"),
        ("(asthma OR copd)[tiab]", "(or asthma copd){ti,ab,kw}"),
        ("Search: asthma[ti]", "asthma{ti}"),
        ("Search: asthma[ti] Filters: Clinical Trial, from 2015 - 2020", "asthma{ti}"),
        ("(a[ti] Filters: Humans) AND b[ti]", "(and a{ti} b{ti})"),
        ("water Filters: review[ti]", '"water Filters review"{ti}'),
        ("Search (asthma[ti]) Sort by: Most Recent", "asthma{ti}"),
        ("#1 AND #2", "(and #1 #2)"),
        ('"[18F]FDG"[tiab]', '"18F FDG"{ti,ab,kw}'),
        ("“heart attack”[ti]", '"heart attack"{ti}'),
        ("intervent∗[ti]", "intervent*{ti}"),
        ("post\u2010operative[ti]", "post-operative{ti}"),
        ("asth\u00adma[ti]", "asthma{ti}"),
        ("heart\u00a0attack[ti]", '"heart attack"{ti}'),
        ("peer$", "peer*"),
        ("patient$1[ti]", "patient?{ti}"),
        ("wom#n[ti]", "wom#n{ti}"),
        ("behavio?r[ti]", "behavio?r{ti}"),
        ("{{heading}}", "{{heading}}"),
        (PUBLISHED, None),
    ],
)
def test_trees(text: str, expected: str | None) -> None:
    fields = "{ti,ab,kw}"
    whole = (
        f'(and (or peer*{fields} "expert by experience*"{fields} "expert patient*"{fields}) '
        f'(or "personality disorder*"{fields} "complex emotional needs*"{fields}))'
    )
    assert tree(text) == (expected or whole)


# The rows of "Silent damage" in the notes on PubMed, but for `rettype`, which is no part of a search.
@pytest.mark.parametrize(
    ("text", "code", "severity", "problematic", "recommended"),
    [
        ("asthma[tiabb]", "F001", "fatal", "[tiabb]", "[tiab]"),
        ("asthma[foo]", "F001", "fatal", "[foo]", ""),
        ("(asthma OR copd)[tiab]", "F002", "error", "(asthma OR copd)[tiab]", "(asthma[tiab] OR copd[tiab])"),
        ("intervent∗[ti]", "S006", "error", "∗", "*"),
        (
            '"asthma* control"[tiab:~2]',
            "T003",
            "error",
            '"asthma* control"[tiab:~2]',
            "(asthma*[tiab] AND control[tiab])",
        ),
        ('x[ti] OR "body battery"[tiab]', "R007", "note", '"body battery"[tiab]', '"body battery"[tiab:~0]'),
    ],
)
def test_silent_damage(text: str, code: str, severity: str, problematic: str, recommended: str) -> None:
    (finding,) = found(text, code)
    assert (finding.severity, finding.problematic, finding.recommended) == (severity, problematic, recommended)


@pytest.mark.parametrize(
    ("text", "code", "severity", "problematic", "recommended"),
    [
        ("asthma[ab]", "F001", "fatal", "[ab]", "[tiab]"),
        ("asthma[Title/Abstrct]", "F001", "fatal", "[Title/Abstrct]", "[tiab]"),
        ("asthma[tiab:2]", "F001", "fatal", "[tiab:2]", "[tiab]"),
        ("asthma[ti:noexp]", "F001", "fatal", "[ti:noexp]", "[ti]"),
        ("(a1 OR b1[ti])[ab]", "F001", "fatal", "[ab]", "[tiab]"),
        ("(cats)[mh]", "F002", "error", "(cats)[mh]", "cats[mh]"),
        ("((a1 OR b1) AND c1)[ti]", "F002", "error", "((a1 OR b1) AND c1)[ti]", "((a1[ti] OR b1[ti]) AND c1[ti])"),
        ("asthma", "F003", "warning", "asthma", "asthma[tiab]"),
        ("heart attack", "F003", "warning", "heart attack", '"heart attack"[tiab]'),
        ("asthma[mh:~3]", "F005", "error", "asthma[mh:~3]", "asthma[mh]"),
        ('"a1 b1"[tw:~3]', "F005", "error", '"a1 b1"[tw:~3]', '"a1 b1"[tiab:~3]'),
        ("hip pain[tiab:~2]", "F005", "error", "hip pain[tiab:~2]", '"hip pain"[tiab:~2]'),
        ('"hip"[tiab:~2]', "F005", "warning", '"hip"[tiab:~2]', ""),
        ("asthma[ti][tiab]", "F006", "error", "asthma[ti][tiab]", ""),
        ("car*[tiab]", "T001", "error", "car*[tiab]", "(car[tiab] OR cars[tiab])"),
        ('"cat* scratch"[ti]', "T001", "error", '"cat* scratch"[ti]', '("cat scratch"[ti] OR "cats scratch"[ti])'),
        ("wom*n[ti]", "T001", "error", "wom*n[ti]", "(woman[ti] OR women[ti])"),
        ("organi*ation[ti]", "T002", "note", "organi*ation[ti]", ""),
        ("expert* by experience[ti]", "T002", "note", "expert* by experience[ti]", ""),
        ("peer*", "T004", "note", "peer*", ""),
        ('"asthma"', "T004", "note", '"asthma"', ""),
        ("peer$[ti]", "S007", "error", "peer$[ti]", "peer*[ti]"),
        ("wom#n[ti]", "S007", "error", "wom#n[ti]", "(woman[ti] OR women[ti])"),
        ("behavio?r[ti]", "S007", "error", "behavio?r[ti]", "(behavior[ti] OR behaviour[ti])"),
        ("CD4+[ti]", "S007", "error", "CD4+[ti]", "CD4[ti]"),
        ("a1~b1[ti]", "S007", "error", "a1~b1[ti]", '"a1 b1"[ti]'),
        ("hip/groin[ti]", "S007", "note", "hip/groin[ti]", '"hip groin"[ti]'),
        ("'expert patient$'[ti]", "S008", "error", "'expert patient$'[ti]", '"expert patient*"[ti]'),
        ("a1[ti] or b1[ti]", "S009", "error", "or", "OR"),
        ("a1[ti] And b1[ti]", "S009", "warning", "And", "AND"),
        ("a1[ti] AND NOT b1[ti]", "R004", "warning", "AND NOT", "NOT"),
        ("“heart failure[ti] OR b1”", "S005", "warning", "“", '"'),
        ("asth\u00adma[ti]", "S010", "warning", "\u00ad", ""),
        ("heart\u00a0\u00a0attack[ti]", "S010", "note", "\u00a0\u00a0", " "),
        ("a1[ti] b1[ti]", "S011", "note", "a1[ti] b1[ti]", "a1[ti] AND b1[ti]"),
        ("{{heading}}", "S012", "fatal", "{{heading}}", ""),
        (
            "a1[ti] OR b1[ti] AND c1[ti]",
            "S004",
            "error",
            "a1[ti] OR b1[ti] AND c1[ti]",
            "(a1[ti] OR b1[ti]) AND c1[ti]",
        ),
        ("the[tiab]", "R003", "error", "the[tiab]", ""),
        ('"quality of life"[ti]', "R003", "note", '"quality of life"[ti]', ""),
        ("heart attack[ti]", "R007", "warning", "heart attack[ti]", '"heart attack"[ti:~0]'),
        ('"heart attack*"[ti]', "R007", "note", '"heart attack*"[ti]', ""),
        ('"heart attack"[tw]', "R007", "note", '"heart attack"[tw]', ""),
        ("b#t[ti]", "S007", "error", "b#t[ti]", f"({' OR '.join(f'b{c}t[ti]' for c in B_T)})"),
        ('"random* of alloc*"[ti:~2]', "T003", "error", '"random* of alloc*"[ti:~2]', "(random*[ti] AND alloc*[ti])"),
        ('a1[ti] AND "last 5 years"[dp]', "S001", "fatal", '"last 5 years"[dp]', ""),
        ("last 1 year[PDat]", "S001", "fatal", "last 1 year[PDat]", ""),
        ('"Last 90 days"[edat]', "S001", "fatal", '"Last 90 days"[edat]', ""),
        ('"last 2 months"[lr]', "S001", "fatal", '"last 2 months"[lr]', ""),
        (
            "asthma[ti] Filters: Clinical Trial, from 2015 - 2020",
            "S001",
            "fatal",
            "Filters: Clinical Trial, from 2015 - 2020",
            "",
        ),
        ("asthma Filters: Review Sort by: Most Recent", "S001", "fatal", "Filters: Review", ""),
        ("a1[ti] Filters activated: Humans, English", "S001", "fatal", "Filters activated: Humans, English", ""),
        ("(a1[ti] Filters: Humans) AND b1[ti]", "S001", "fatal", "Filters: Humans", ""),
        ("#1 a1[ti] Filters: Humans\n#2 #1 AND b1[ti]", "S001", "fatal", "Filters: Humans", ""),
        ("2010/13[dp]", "S001", "error", "2010/13[dp]", ""),
        (" OR ".join(["peer*[ti]"] * 257), "S001", "error", None, ""),
    ],
)
def test_findings(text: str, code: str, severity: str, problematic: str | None, recommended: str) -> None:
    finding = found(text, code)[0]
    assert (finding.severity, finding.recommended) == (severity, recommended)
    assert finding.problematic == (text if problematic is None else problematic)
    assert text[finding.place.start : finding.place.end] == finding.problematic


@pytest.mark.parametrize(
    "text",
    [
        "asthma[tiab]",
        '"water Filters: review"[pt] OR "last 5"[ta]',
        "peer*[ti] OR self-harm*[ti]",
        "Crohn's[ti] OR Crohn’s[ti]",
        '"Diabetes Mellitus, Type 2/drug therapy"[mh]',
        "smith, john[fau] OR 10.1016/s0140-6736[aid]",
        '("2020/01/01"[crdt] : "3000"[crdt]) NOT 2010:2020[dp]',
        '"hip pain"[tiab:~2]',
        " OR ".join(["peer*[ti]"] * 256),
    ],
)
def test_nothing_to_say(text: str) -> None:
    assert search(text).findings == ()


def test_the_documented_string_pasted_raw() -> None:
    """Ovid's quotation marks and truncation: every term is spoken of, and read as it was meant."""
    assert tree(RAW) == tree(PUBLISHED).replace("{ti,ab,kw}", "")
    assert len(found(RAW, "S007")) == len(found(RAW, "S008")) == 5
    better = RAW
    for finding in reversed(found(RAW, "F003")):
        better = better[: finding.place.start] + finding.recommended + better[finding.place.end :]
    assert better == PUBLISHED


def test_recommended_forms_are_clean() -> None:
    """What is recommended against an error is not spoken of as an error itself."""
    texts = [RAW, "car*[tiab]", "wom*n[ti]", '"asthma* control"[tiab:~2]', "(asthma OR copd)[tiab]", "CD4+[ti]"]
    for text in texts:
        for finding in search(text).findings:
            if finding.severity == "error" and finding.recommended:
                again = search(finding.recommended).findings
                assert not [f for f in again if f.severity in ("error", "fatal")], finding


@pytest.mark.parametrize(
    "text",
    [
        "#1 asthma[ti]\n#2 copd[ti]\n#3 #1 OR #2",
        "1. asthma[ti]\n2. copd[ti]\n3. #1 OR #2",
        "1 asthma[ti]\n2 copd[ti]\n3 #1 OR #2",
        "1) asthma[ti]\r\n2) copd[ti]\r\n3) #1 OR #2",
        "#1: Search: asthma[ti]\n\n#2: Search: copd[ti]\n#3: Search: #1 OR #2",
        "#1 asthma[ti]\n#2 copd\n[ti]\n#3 #1\n OR #2",
    ],
)
def test_numbered_lines(text: str) -> None:
    read_text = search(text)
    assert read_text.numbered
    assert [(line.number, shown(line.node)) for line in read_text.lines] == [
        (1, "asthma{ti}"),
        (2, "copd{ti}"),
        (3, "(or #1 #2)"),
    ]
    assert shown(read_text.tree) == "(or asthma{ti} copd{ti})"


def test_one_search_on_several_lines_is_not_numbered() -> None:
    read_text = search("asthma[ti]\nOR\ncopd[ti]")
    assert not read_text.numbered
    assert shown(read_text.tree) == "(or asthma{ti} copd{ti})"


@pytest.mark.parametrize(
    ("text", "code", "column"),
    [
        ("", "S001", 1),
        ("  \n ", "S001", 1),
        ("(asthma", "S002", 1),
        ("asthma)", "S002", 7),
        ("asthma[ti", "S002", 7),
        ("asthma]", "S002", 7),
        ('"asthma', "S003", 1),
        ('asthma OR ""', "S003", 11),
        ("asthma OR", "S001", 8),
        ("AND asthma", "S001", 1),
        ("a1 OR AND b1", "S001", 7),
        ("()", "S001", 1),
        ("[ti]", "S001", 1),
        ("a1 OR ?!", "S001", 7),
        ('"*"[ti]', "S001", 1),
        ("(" * 101 + "a" + ")" * 101, "S001", 101),
    ],
)
def test_what_cannot_be_read(text: str, code: str, column: int) -> None:
    with pytest.raises(SearchTextError) as caught:
        search(text)
    assert (caught.value.code, caught.value.column) == (code, column)


def test_two_lines_of_one_number() -> None:
    with pytest.raises(SearchTextError, match="two lines have the number 1"):
        search("#1 asthma[ti]\n#1 copd[ti]")


def test_tags() -> None:
    assert tag_named("title/abstract") == tag_named("TIAB")
    tag = tag_named("Title/Abstract:~12")
    assert tag is not None
    assert (tag.name, tag.between, tag.has_proximity) == ("tiab", 12, True)
    for unknown in ("ab", "", "tiab:", "tiab:~", "tiab:~x", "tiab:~99999", "ti:noexp", "tiab:~²"):
        assert tag_named(unknown) is None
    assert [nearest(text) for text in ("tiba", "languag", "mesh term", "zzzz", "x" * 100_000)] == [
        "tiab",
        "la",
        "mh",
        "",
        "",
    ]


def test_stop_words() -> None:
    assert len(STOP_WORDS) == 133
    assert {"by", "of", "the", "without"} <= STOP_WORDS
    assert "not" not in STOP_WORDS


PIECES = (
    "AND| OR | NOT |[tiab]|[mh]|[ti:~2]|{{|}}|2010:2020[dp]|#1|1.|\ud800|\u200b|\u00ad|∗|“|”|’|–|\u00a0|é|Search:|"
    '\n#2 |"a b"|a*|[dp]|[uid]'
).split("|")
HOSTILE = st.lists(
    st.sampled_from([*"()[]\"'*$?#~+-.,:/&|{}<>=!\n\r\t\x00ab1 ", *PIECES]),
    max_size=40,
).map("".join)


@given(st.one_of(st.text(max_size=60), HOSTILE))
@settings(deadline=None, max_examples=examples(300))
def test_nothing_but_search_text_errors(text: str) -> None:
    try:
        result = search(text)
    except SearchTextError as error:
        assert error.code in CODES
        return
    assert result.text == text
    for finding in result.findings:
        assert finding.code in CODES
        assert finding.severity in SEVERITIES
        assert text[finding.place.start : finding.place.end] == finding.problematic
        assert finding.place.start <= finding.place.end <= len(text)
    starts = [finding.place.start for finding in result.findings]
    assert starts == sorted(starts)


@pytest.mark.parametrize(
    "junk",
    [
        "(" * 100_000,
        '"' * 99_999,
        "a\u00a0" * 50_000,
        "a[zz] OR " * 10_000 + "b",
        "(a)[ti] OR " * 9_000 + "b",
        "a[zz" * 25_000,
        "{{" * 50_000,
        "1:" * 50_000,
        "\ud800 " * 50_000,
        "a*b?" * 25_000,
        "a?b#c$ " * 9_000,
        "'a b' OR " * 9_000 + "c",
        "∗“" * 50_000,
        "#1 OR " * 15_000 + "#1",
        "\n".join(f"#{number} a[ti]" for number in range(1, 8_000)),
        "a Filters: " * 9_000 + "b[ti]",
        "a[ti] Filters: " * 7_000,
        '"last ' + "5" * 99_000 + ' years"[dp]',
    ],
    ids=range(18),
)
def test_a_hundred_kilobytes_of_junk_are_quick(junk: str) -> None:
    start = time.perf_counter()
    try:
        search(junk)
    except SearchTextError as error:
        assert len(error.underlined) < 500
    assert time.perf_counter() - start < 5
