"""Searches for Ovid as they are published and pasted, and how they are read."""

import pytest
from notation_of_trees import shown

from livingsearch.errors import SearchTextError
from livingsearch.strategy.dialects import Dialect
from livingsearch.strategy.ovid.reader import read
from livingsearch.strategy.search import Search
from livingsearch.strategy.tree import Place

MEDLINE, EMBASE, PSYCINFO = Dialect("ovid"), Dialect("ovid", "Embase"), Dialect("ovid", "APA PsycInfo")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        # The published search, as printed.
        (
            "('peer$' OR 'expert by experience$' OR 'expert patient$') AND ('personality disorder$' OR 'complex "
            "emotional needs$')",
            '(and (or peer* "expert by experience*" "expert patient*") (or "personality disorder*" "complex emotional '
            'needs*"))',
        ),
        # Words and phrases.
        ("asthma", "asthma"),
        ("peer support", '"peer support"'),
        ('"peer support"', '"peer support"'),
        ('"peer"', "peer"),
        ('peer "support worker$"', '"peer support worker*"'),
        ("'peer$'", "peer*"),
        ("user's guide", '"user\'s guide"'),
        ("patients' rights", '"patients\' rights"'),
        ("'user's rights'.ti.", '"user\'s rights"{ti}'),
        ("e-health", "e-health"),
        ("him/her", "him/her"),
        ("and/or", "and/or"),
        ("2.5 mg", '"2.5 mg"'),
        ("u.s. army", '"u.s army"'),
        ("cancer, breast", '"cancer breast"'),
        ('"or"', "or"),
        ('"search and rescue".ti.', '"search and rescue"{ti}'),
        ("type 2 diabetes.ti.", '"type 2 diabetes"{ti}'),
        ("1 or 2", "(or 1 2)"),
        ("(peer\n  or worker)\n.ti.", "(or peer worker){ti}"),
        # Wildcards.
        ("disease:", "disease*"),
        ("disease: or 10:1", "(or disease* 10:1)"),
        ("nurs$2 or nurs*2", "(or nurs$0-2 nurs$0-2)"),
        ("gene$12", "gene$0-12"),
        ("behavio?r$ or wom#n", "(or behavio?r* wom#n)"),
        ("colo##", "colo$2-2"),
        ("dog#$", "dog$1-None"),
        ("hospital$1", "hospital?"),
        ('"expert$ by experience$"', '"expert* by experience*"'),
        ("therap∗", "therap*"),
        # Operators.
        ("a AND b And c", "(and a b c)"),
        ("a or b and c", "(or a (and b c))"),
        ("a and b not c", "(not (and a b) c)"),
        ("a not b not c", "(not (not a b) c)"),
        ("a and not b", "(not a b)"),
        ("a adj b", '"a b"'),
        ("a adj b adj c", '"a b c"'),
        ("(a or b) adj c", "(next0 (or a b) c)"),
        ("(a adj3 b).ti.", "(near2 a b){ti}"),
        ("a adj3 b.ti,ab.", "(near2 a b){ti,ab}"),
        ("a.ti. adj3 b.ti.", "(near2 a b){ti}"),
        ("a adj03 b", "(near2 a b)"),
        ("a ADJ1 b", "(near0 a b)"),
        ("peer support adj5 (worker$ or staff)", '(near4 "peer support" (or worker* staff))'),
        ("(a adj2 b) adj4 c", "(near3 (near1 a b) c)"),
        ("asthma.ab. /freq=3", "asthma{ovid:ab/freq=3}"),
        ("asthma.ti,ab./FREQ=2 or b", "(or asthma{ovid:ti,ab/freq=2} b)"),
        # Fields.
        ("asthma.ti,ab,kf.", "asthma{ti,ab,kw}"),
        ("asthma.ti,ab,kw.", "asthma{ti,ab,kw}"),
        ("asthma.kf,kw.", "asthma{kw}"),
        ("asthma .TI, AB.", "asthma{ti,ab}"),
        ("asthma.(ti,ab).", "asthma{ti,ab}"),
        ("(asthma.ti)", "asthma{ti}"),
        ("asthma.mp. [mp=title, abstract, heading word (all)]", "asthma{text_word}"),
        ("(a or b).tw. and c.hw.", "(and (or a b){ti,ab} c{heading_word})"),
        ("randomized controlled trial.pt.", '"randomized controlled trial"{publication_type}'),
        ("smith j$.au. and bmj.jn.", '(and "smith j*"{author} bmj{journal})'),
        ("english.lg. or french.la.", "(or english{language} french{language})"),
        ("12345.ui.", "12345{uid}"),
        ("drug therapy.fs. or aspirin.nm.", '(or "drug therapy"{ovid:fs} aspirin{ovid:nm})'),
        ("(a.ti. or b).ab.", "(or a{ti} b){ab}"),
        # Dates as terms.
        ("2010.yr.", "[date_publication 2010-01-01..2010-12-31]"),
        ('("2010" or "2011" or "2012").yr.', "[date_publication 2010-01-01..2012-12-31]"),
        (
            "(201902* or 2020*).dt.",
            "(or [date_create 2019-02-01..2019-02-28] [date_create 2020-01-01..2020-12-31])",
        ),
        ("20190215.ed.", "[date_entry 2019-02-15..2019-02-15]"),
        ("20190231.ed.", "20190231{date_entry}"),
        ("2019*.dt,ez.", "2019*{date_create,ovid:ez}"),
        # Headings.
        ("exp Borderline Personality Disorder/", "<mesh: Borderline Personality Disorder+>"),
        ("*Asthma/", "<mesh: Asthma!>"),
        ("exp *Asthma/dt, th", "<mesh: Asthma/drug therapy/therapy+!>"),
        ("Asthma/dt,th [Drug Therapy, Therapy]", "<mesh: Asthma/drug therapy/therapy>"),
        ("(asthma/ or exp copd/)", "(or <mesh: asthma> <mesh: copd+>)"),
        ('exp "Quality of Life"/', "<mesh: Quality of Life+>"),
        ('exp "Wounds and Injuries"/', "<mesh: Wounds and Injuries+>"),
        ("exp Wounds and Injuries/ or a", "(or <mesh: Wounds and Injuries+> a)"),
        ("Receptors, Adrenergic, beta-2/", "<mesh: Receptors, Adrenergic, beta-2>"),
        ("Asthma.sh.", "<mesh: Asthma>"),
        ("(animal not human).sh.", "(not <mesh: animal> <mesh: human>)"),
        ("exp animals/ not humans.sh.", "(not <mesh: animals+> <mesh: humans>)"),
        ("therap$.sh.", "therap*{subject_heading}"),
        ("exp.ti. or explode", "(or exp{ti} explode)"),
    ],
)
def test_on_one_line(text: str, tree: str) -> None:
    search = read(text, MEDLINE)
    assert shown(search.tree) == tree
    assert not search.numbered


@pytest.mark.parametrize(
    ("dialect", "text", "tree"),
    [
        (EMBASE, "exp borderline state/", "<emtree: borderline state+>"),
        (EMBASE, "asthma/dm, si", "<emtree: asthma/disease management/side effect>"),
        (EMBASE, "asthma.tw.", "asthma{ti,ab,ovid:tn}"),
        (EMBASE, "2020$.dc.", "[date_create 2020-01-01..2020-12-31]"),
        (EMBASE, "article.dt.", "article{ovid:dt}"),
        (PSYCINFO, "exp Personality Disorders/", "<apa: Personality Disorders+>"),
        (PSYCINFO, "asthma.ti,ab,id.", "asthma{ti,ab,kw}"),
        (PSYCINFO, "asthma.tw.", "asthma{ti,ab,kw}"),
        (MEDLINE, "asthma.id.", "asthma{ovid:id}"),
        (Dialect("ovid", "Global Health"), "exp asthma/", "<?: asthma+>"),
    ],
)
def test_tags_and_headings_are_those_of_the_database(dialect: Dialect, text: str, tree: str) -> None:
    assert shown(read(text, dialect).tree) == tree


OVID_EXPORT = """Database: Ovid MEDLINE(R) ALL <1946 to May 01, 2024>
Search Strategy:
--------------------------------------------------------------------------------
1     exp Heart/ (52,345)
2     asthma.mp. [mp=title, book title, abstract] (12)
3     (peer$ or
      worker$).ti,ab. (345)
4     1 and (2 or 3) (3)
5     limit 4 to (english language and yr="2010 -Current") (1)
"""


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (
            OVID_EXPORT,
            [
                "<mesh: Heart+>",
                "asthma{text_word}",
                "(or peer* worker*){ti,ab}",
                "(and #1 (or #2 #3))",
                "(limit #4 english{language} [date_publication 2010-01-01..])",
            ],
        ),
        ("1  exp A/\n2  b.ti.\n3  1 or 2", ["<mesh: A+>", "b{ti}", "(or #1 #2)"]),
        ("1. exp A/\n2. b.ti.\n3. 1 or 2", ["<mesh: A+>", "b{ti}", "(or #1 #2)"]),
        ("1.exp A/\n2.b.ti.\n3.(1 or 2)", ["<mesh: A+>", "b{ti}", "(or #1 #2)"]),
        ("#1 exp A/\n#2 b.ti.\n#3 #1 or #2", ["<mesh: A+>", "b{ti}", "(or #1 #2)"]),
        ("#\tSearches\tResults\n1\texp A/\t12345\n2\tb.ti.\t1,234\tAdvanced\n3\t1 or 2\t9", None),
        ("1  exp A/    12345\n2  b.ti.  1,234\n3  1 or 2     9", None),
        ("1  exp A/\r\n2  b.ti.\r\n3  1 or 2\r\n", None),
        ("1 exp A/\n\n2 b.ti.\n-----\n3 1 or 2", None),
        ("1 exp A/", ["<mesh: A+>"]),
        ("1. asthma", ["asthma"]),
        ("1 a\n2 b\n3 c\n4 or/1-3\n5 and/1,3-4", ["a", "b", "c", "(or #1 #2 #3)", "(and #1 #3 #4)"]),
        ("1 a\n2 b\n3 OR / 1-2\n4 or/3", ["a", "b", "(or #1 #2)", "#3"]),
        ("1 a\n2 b\n3 1 not 2\n4 3 and 2019", ["a", "b", "(not #1 #2)", "(and #3 2019)"]),
        ('1 a\n2 "1" or b', ["a", "(or 1 b)"]),
        ("1 a\n2 (2019 or\n2020 or 2021).tw.\n3 1 and 2", ["a", "(or 2019 2020 2021){ti,ab}", "(and #1 #2)"]),
        ('1 a\n2 "national\n   study"/\n3 1 or\n2', ["a", "<mesh: national study>", "(or #1 #2)"]),
        ("5 a\n6 b\n7 5 or 6", ["a", "b", "(or #5 #6)"]),
        ('1 a\n2 limit 1 to yr="2010 - 2020"', ["a", "(limit #1 [date_publication 2010-01-01..2020-12-31])"]),
        ('1 a\n2 limit 1 to yr="2015"', ["a", "(limit #1 [date_publication 2015-01-01..2015-12-31])"]),
        ('1 a\n2 limit 1 to yr="-2015"', ["a", "(limit #1 [date_publication ..2015-12-31])"]),
        ("1 a\n2 Limit 1 to ed=20200101-20201231", ["a", "(limit #1 [date_entry 2020-01-01..2020-12-31])"]),
        ("1 a\n2 limit #1 to dt=20200101-30001231", ["a", "(limit #1 [date_create 2020-01-01..])"]),
        ('1 a\n2 limit 1 to "review articles"', ["a", '(limit #1 "review articles"{ovid:limit})']),
        ("1 a\n2 limit 1 to randomized controlled trial", None),
        ("1 a\n2 limit 1 to (english or french)", ["a", "(limit #1 (or english{language} french{language}))"]),
        (
            '1 a\n2 limit 1 to (English language and humans and "all adult (19 plus years)")',
            ["a", '(limit #1 English{language} humans{ovid:limit} "all adult (19 plus years)"{ovid:limit})'],
        ),
        ("1 a\n2 limit 1 to rd=20200101-20201231", ["a", "(limit #1 rd=20200101-20201231{ovid:limit})"]),
        ("1 a\n2 remove duplicates from 1", ["a", "#1"]),
    ],
)
def test_numbered_lines(text: str, lines: list[str] | None) -> None:
    search = read(text, MEDLINE)
    assert search.numbered
    usual = ["<mesh: A+>", "b{ti}", "(or #1 #2)"]
    if "randomized" in text:
        usual = ["a", '(limit #1 "randomized controlled trial"{publication_type})']
    assert [shown(line.node) for line in search.lines] == (lines or usual)
    assert [line.number for line in search.lines] == sorted(line.number for line in search.lines)


@pytest.mark.parametrize("text", ["1 year follow up.ti.", "2019 ncov.ti.", "5-HT or 5-FU", "1 or 2", "3.5 mg"])
def test_a_number_at_the_beginning_does_not_make_a_list(text: str) -> None:
    assert not read(text, MEDLINE).numbered


def found(search: Search) -> list[tuple[str, str, str, str]]:
    return [(f.code, f.severity, f.problematic, f.recommended) for f in search.findings]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("'peer$' or b", [("S008", "warning", "'peer$'", "peer$")]),
        ("'peer support'", [("S008", "warning", "'peer support'", '"peer support"')]),
        ("a and b or c", [("S004", "warning", "a and b or c", "(a and b) or c")]),
        ("a not b and c", [("S004", "warning", "a not b and c", "")]),
        ("x or (a not b and c)", [("S004", "warning", "(a not b and c)", "")]),
        ("(a not b) and c", []),
        ("a and not b", [("R004", "warning", "and not", "not")]),
        ("“peer”.ti.", [("S005", "warning", "“", '"'), ("S005", "warning", "”", '"')]),
        ("user’s", []),
        ("‘peer’", [("S005", "note", "‘", "'"), ("S008", "warning", "‘peer’", "peer"), ("S005", "note", "’", "'")]),
        ("peer∗.ti.", [("S006", "error", "∗", "*")]),
        ("e–health", [("S010", "note", "–", "-")]),
        ("a\u00a0b", [("S010", "note", "\u00a0", " ")]),
        ("asth\u200bma.ti.", [("S010", "warning", "\u200b", "")]),
        ("a, b", [("S007", "note", ",", " ")]),
        ("a - b", [("S007", "note", "-", " ")]),
        ("{{heading}} or a", [("S012", "fatal", "{{heading}}", "")]),
        ("a.tiab.", [("F001", "fatal", ".tiab.", ".ti,ab.")]),
        ("a.tiab", [("F001", "fatal", ".tiab", ".ti,ab.")]),
        ("a.ti,abs. or b.xq.", [("F001", "fatal", ".ti,abs.", ".ti,ab."), ("F001", "fatal", ".xq.", "")]),
        ("a.ti.ab.", [("F001", "fatal", "a.ti", "")]),
        ("a.ti,ab,kw.", [("F004", "warning", ".ti,ab,kw.", ".ti,ab,kf.")]),
        ("Stress Disorders, Post-Traumatic/", []),
        (
            "exp Wounds and Injuries/",
            [("S013", "warning", "Wounds and Injuries", '"Wounds and Injuries"')],
        ),
        ("*glycaemia.ti.", [("T006", "error", "*glycaemia", "")]),
        ("1. a\n3. b\n4. c", [("L004", "warning", "3.", "")]),
        ("1 year.ti.", [("L004", "note", "1", "")]),
        ("1 a\n5 b\n3 1 or a", [("L004", "warning", "5", ""), ("L004", "error", "3", "")]),
        ("1 a\n2 remove duplicates from 1", [("R002", "note", "remove duplicates from 1", "")]),
    ],
)
def test_findings(text: str, expected: list[tuple[str, str, str, str]]) -> None:
    assert found(read(text, MEDLINE)) == expected


FIVE = "1 a.ti.\n2 b.ti.\n3 c.ti.\n4 d.ti.\n5 or/1-4\n"


@pytest.mark.parametrize(
    ("line", "expected", "tree"),
    [
        ("6. 5 use medall", [("use", "5 use medall")], "#5"),
        ("6 (5 use medall) or (4 use emez)", [("use", "5 use medall"), ("use", "4 use emez")], "(or #5 #4)"),
        ("6 2 and 5 use ppez", [("use", "5 use ppez")], "(and #2 #5)"),
        ("6 5 keep humans", [("words", "5 keep humans")], "#5"),
        ("6 2 week wait or x.ti.", [("words", "2 week wait")], "(or #2 x{ti})"),
        # In a field, or within proximity, the number is a word; so it is where no line above has it.
        ("6 2 week wait.ti.", [], '"2 week wait"{ti}'),
        ("6 (2 week or 3 month).ti,ab.", [], '(or "2 week" "3 month"){ti,ab}'),
        ("6 ((2 week or x) and 3 month).ti.", [], '(and (or "2 week" x) "3 month"){ti}'),
        ("6 2 week adj3 wait.ti.", [], '(near2 "2 week" wait){ti}'),
        ("6 9 month wait", [], '"9 month wait"'),
        ('6 "2 week wait"', [], '"2 week wait"'),
    ],
)
def test_words_behind_the_number_of_a_line(line: str, expected: list[tuple[str, str]], tree: str) -> None:
    search = read(FIVE + line, MEDLINE)
    fatal = [finding for finding in search.findings if finding.severity == "fatal"]
    assert [(finding.sentence.split()[0], finding.problematic) for finding in fatal] == expected
    assert shown(search.lines[-1].node) == tree


def test_tags_of_other_databases_are_told_of() -> None:
    assert found(read("a.ti,ab,kf.", PSYCINFO)) == [("F001", "error", ".ti,ab,kf.", ".ti,ab,id.")]


@pytest.mark.parametrize(
    ("text", "place", "code", "problem"),
    [
        ("  ", (1, 1), "S001", "the search is empty"),
        ("Database: x <1946 to now>", (1, 1), "S001", "the search is empty"),
        ("(a or b", (1, 1), "S002", "never closed"),
        ("a or b)", (1, 7), "S002", "closes nothing"),
        ("()", (1, 1), "S001", "these brackets hold nothing"),
        ('a or "b', (1, 6), "S003", "never closed"),
        ("a or 'b c", (1, 6), "S003", "never closed"),
        ('""', (1, 1), "S001", "hold nothing"),
        ("a or", (1, 3), "S001", "nothing stands behind"),
        ("or a", (1, 1), "S001", "a term is expected before it"),
        ("adj3 b", (1, 1), "S001", "a term is expected before it"),
        ("a adj0 b", (1, 3), "S001", "a number from 1 to 99"),
        ("a adj100 b", (1, 3), "S001", "a number from 1 to 99"),
        ("a adj3 exp b/", (1, 8), "F005", "between words and phrases only"),
        ("1 a\n2 b\n3 1 adj3 2", (3, 3), "F005", "between words and phrases only"),
        ("a.ti. adj3 b.ab.", (1, 1), "F005", "one field tag behind all"),
        ("exp Asthma", (1, 1), "S001", "no / stands behind the heading"),
        ("exp Asthma.ti.", (1, 1), "S001", "no / stands behind the heading"),
        ("exp Asthma and exp Copd/", (1, 1), "S001", 'exp "Wounds and Injuries"/'),
        ("exp Asthma or wheez$.ti. or Copd/", (1, 1), "S001", "no / stands behind the heading"),
        ("therap$/", (1, 1), "T002", "cannot be truncated"),
        ("a or /", (1, 6), "S001", "this slash ends no subject heading"),
        ("asthma[tiab]", (1, 7), "S001", "square brackets are no field tag"),
        ("a ]", (1, 3), "S002", "no partner"),
        (".ti.", (1, 1), "S001", "stands behind no term"),
        ("a or $", (1, 6), "T006", "a wildcard stands alone"),
        ("(a or b) c", (1, 10), "S011", "stand side by side"),
        ("exp a/ exp b/", (1, 8), "S011", "stand side by side"),
        ("a.ti.\nb.ti.", (2, 1), "S011", "stand side by side"),
        ("#1 or #2", (1, 1), "L002", "no numbered lines"),
        ("or/1-2", (1, 1), "L002", "no numbered lines"),
        ("1 a\n2 b\n3 1 or #7", (3, 8), "L002", "no line above"),
        ("1 a\n2 b\n3 or/1-7", (3, 3), "L003", "line 3 refers to itself"),
        ("1 a\n2 b\n3 or/2-1", (3, 3), "L002", "the smaller first"),
        ("1 a\n2 3 and 1\n3 b", (2, 3), "L003", "only lines above"),
        ("1 a\n2 2 or 1", (2, 3), "L003", "refers to itself"),
        ("1 a\n1 b", (2, 1), "L004", "two lines have the number 1"),
        ("1 a\n2 1.ti.", (2, 3), "S001", "a field tag stands behind the number of line 1"),
        ("1 a\n2 limit 1 to", (2, 3), "S001", "nothing stands behind this limit"),
        ('1 a\n2 limit 1 to yr="soon"', (2, 14), "S001", "is not a range of years"),
        ("1 a\n2 limit 9 to humans", (2, 9), "L002", "no line above"),
        ("1 a\n2 from 1 keep 1-10", (2, 3), "S001", "picks single records by hand"),
        ("1 a\n2 ..dedup 1", (2, 3), "S001", "..dedup is a command"),
        ("1 a\n2 ..l/ 1 yr=2010-2020", (2, 3), "S001", "..l is a command"),
        ("a freq=3", (1, 3), "S001", "freq= is expected behind a field tag"),
        ("(" * 101 + "a" + ")" * 101, (1, 101), "S001", "more than 100 brackets"),
        ("a not b" + " not c" * 100, (1, 1), "S001", "more than 100 operators"),
    ],
)
def test_errors(text: str, place: tuple[int, int], code: str, problem: str) -> None:
    with pytest.raises(SearchTextError) as caught:
        _ = read(text, MEDLINE).tree
    assert problem in str(caught.value)
    assert (caught.value.line, caught.value.column) == place
    assert caught.value.code == code


def test_places_are_those_of_the_text_as_given() -> None:
    text = "\u200b1 a\u200ba.ti.  12\n2 “b\u200b c”.ab."
    search = read(text, MEDLINE)
    assert [text[line.place.start : line.place.end] for line in search.lines] == ["a\u200ba.ti.  12", "“b\u200b c”.ab."]
    assert text[search.lines[1].node.place.start : search.lines[1].node.place.end] == "“b\u200b c”.ab."
    assert search.findings[0].place == Place(0, 1)


def test_of_one_kind_a_hundred_findings_are_enough() -> None:
    assert len(read(", a" * 5_000, MEDLINE).findings) == 100


@pytest.mark.parametrize("text", ["limit 1 to yr=2010", "limit 5 to english language", "remove duplicates from 1"])
def test_a_command_without_its_line(text: str) -> None:
    with pytest.raises(SearchTextError, match="no numbered lines") as raised:
        read(text, Dialect("ovid"))
    assert raised.value.code == "L002"


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("1 or 2", ["1", "2"]),
        ("(asthma.ti. and 7) or 8", ["7", "8"]),
        ("1 asthma.ti.\n2 copd.ti.\n3 1 or 9", ["9"]),
        ("1 asthma.ti.\n2 copd.ti.\n3 1 and (2 or 2020)", ["2020"]),
    ],
)
def test_a_number_that_is_no_line(text: str, numbers: list[str]) -> None:
    found = [finding for finding in read(text, Dialect("ovid")).findings if finding.code == "L002"]
    assert [(finding.severity, finding.problematic) for finding in found] == [("fatal", number) for number in numbers]


@pytest.mark.parametrize(
    "text", ["(1 or 2).ti.", '"1" or asthma.ti.', "type adj2 1", "1 adj type", "2015.yr.", "vitamin 12"]
)
def test_numbers_to_look_for(text: str) -> None:
    assert not [finding for finding in read(text, Dialect("ovid")).findings if finding.code == "L002"]


@pytest.mark.parametrize("sign", ["&", "+", "||"])
def test_signs_that_join_nothing_on_ovid(sign: str) -> None:
    search = read(f"asthma {sign} copd.ti.", Dialect("ovid"))
    assert shown(search.tree) == '"asthma copd"{ti}'
    assert [(finding.code, finding.severity) for finding in search.findings] == [("S007", "warning")]
