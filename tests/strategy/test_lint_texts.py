"""Searches as people paste them, through the platforms' readers."""

import string

import pytest
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from lint_searches import findings_of, lines_of, search_of

from livingsearch.strategy.dialects import READABLE, Dialect, PlatformName
from livingsearch.strategy.findings import CODES, SEVERITIES
from livingsearch.strategy.lint import lint, lint_text, press_checklist
from livingsearch.strategy.lint.checking import in_order
from livingsearch.strategy.tree import (
    ANY_ENDING,
    And,
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
    Wild,
    Word,
)

PUBLISHED = (
    "('peer$' OR 'expert by experience$' OR 'expert patient$') AND "
    "('personality disorder$' OR 'complex emotional needs$')"
)
PUBMED = (
    '(peer*[tiab] OR "expert by experience*"[tiab] OR "expert patient*"[tiab]) AND '
    '("personality disorder*"[tiab] OR "complex emotional needs*"[tiab])'
)


def test_the_published_search() -> None:
    found = lint_text(PUBLISHED, Dialect("ovid"), default_fields=("title", "abstract", "keywords"))
    said = {(finding.code, finding.problematic): finding for finding in found}
    assert said["R005", "'expert by experience$'"].recommended == '"expert by experience$" or "experts by experience$"'
    assert "peer-reviewed" in said["T005", "'peer$'"].sentence
    assert [code for code, _ in said].count("S008") == 5
    assert not {"R001", "R002", "R003", "R004", "R006", "T001", "L001", "F003"} & {code for code, _ in said}


def test_the_published_search_without_fields() -> None:
    assert [finding.code for finding in lint_text(PUBLISHED, Dialect("ovid"))].count("F003") == 1


@pytest.mark.parametrize(
    ("platform", "text", "code", "problematic", "recommended"),
    [
        ("pubmed", PUBMED, "T005", "peer*[tiab]", None),
        (
            "pubmed",
            PUBMED,
            "R005",
            '"expert by experience*"[tiab]',
            '"expert by experience*"[tiab] OR "experts by experience*"[tiab]',
        ),
        ("pubmed", "child[ti] AND asthma*[ti]", "R005", "child[ti]", "(child[ti] OR children[ti])"),
        ("pubmed", "rat*[tiab] OR mice[tiab]", "T001", None, None),
        ("ebsco", "TI child OR TI children OR TI behaviour*", "R006", "TI behaviour*", "TI behaviour* OR TI behavior*"),
        ("ebsco", "AB ( rat* OR asthma )", "T005", "rat*", "rat OR rats"),
        ("ovid", "1. asthma.ti.\n2. copd.ti.\n3. wheez$.ti.\n4. 1 or 3", "L001", "copd.ti.", ""),
        ("ovid", "(child or asthma$).ti,ab.", "R005", "child", "child or children"),
        ("ovid", "child.ti,ab. and asthma$.ti.", "R005", "child.ti,ab.", "(child.ti,ab. or children.ti,ab.)"),
        ("ovid", "asthma$.ti. not child$.ti.", "R004", "asthma$.ti. not child$.ti.", ""),
        ("ovid", "(peer adj25 support$).ti.", "R008", None, ""),
        ("ebsco", "S1 TI asthma*\nS2 S1 NOT PT editorial", "R004", "S1 NOT PT editorial", ""),
        ("ovid", "1. peer$.ti.\n2. peer support$.ti.\n3. or/1-2", "R001", "peer support$.ti.", ""),
    ],
)
def test_texts(platform: PlatformName, text: str, code: str, problematic: str | None, recommended: str | None) -> None:
    findings = [finding for finding in lint_text(text, Dialect(platform)) if finding.code == code]
    if problematic is not None:
        findings = [finding for finding in findings if finding.problematic == problematic]
    assert len(findings) == 1
    assert recommended is None or findings[0].recommended == recommended


@pytest.mark.parametrize(
    ("platform", "text", "codes", "start"),
    [
        ("ovid", "(asthma or copd", ["S002"], 0),
        ("pubmed", "asthma[ti] AND\n(copd", ["S002"], 15),
        ("pubmed", "“asthma” OR (intervent∗[ti]", ["S005", "S005", "S002", "S006"], 12),
        ("ebsco", "   ", ["S001"], 0),
        ("scopus", "TITLE(x)", ["S001"], 0),
        ("ovid", "asthma\u00a0or (copd", ["S010", "S002"], 10),
        ("ovid", "(child’s) OR", ["S001"], None),
    ],
)
def test_texts_that_cannot_be_read(platform: PlatformName, text: str, codes: list[str], start: int | None) -> None:
    found = lint_text(text, Dialect(platform))
    (fatal,) = (finding for finding in found if finding.severity == "fatal")
    assert sorted(finding.code for finding in found) == sorted(codes)
    assert start is None or fatal.place.start == start


@pytest.mark.parametrize(
    ("platform", "text"),
    [
        ("pubmed", PUBMED),
        (
            "ovid",
            '((peer$ or "expert by experience$" or "expert patient$") and '
            '("personality disorder$" or "complex emotional needs$")).ti,ab,kf.',
        ),
        (
            "ebsco",
            '(TI (peer* OR "expert by experience*" OR "expert patient*") OR AB (peer* OR "expert by experience*" OR '
            '"expert patient*")) AND (TI ("personality disorder*" OR "complex emotional needs*") OR AB ("personality '
            'disorder*" OR "complex emotional needs*"))',
        ),
    ],
)
def test_no_false_alarms_about_the_published_search(platform: PlatformName, text: str) -> None:
    codes = {finding.code for finding in lint_text(text, Dialect(platform))}
    assert {"T005", "R005"} <= codes
    assert not codes & {"R001", "R002", "R004", "R006", "F003", "T001", "S001", "S002", "S004"}


@pytest.mark.parametrize(
    ("platform", "text"),
    [
        (
            "ovid",
            "1. controlled clinical trial.pt.\n2. randomized.ab.\n3. trial.ab.\n4. or/1-3\n5. asthma$.mp.\n6. 4 and 5",
        ),
        ("pubmed", "(randomized controlled trial[pt] OR randomized[tiab] OR study[tiab]) AND asthma*[tw]"),
    ],
)
def test_a_filter_is_left_as_it_was_published(platform: PlatformName, text: str) -> None:
    assert not {"R005", "R006", "H001"} & {finding.code for finding in lint_text(text, Dialect(platform))}


@pytest.mark.parametrize(
    "text",
    [
        " OR ".join(["peer[tiab]"] * 2000),
        " OR ".join(f'"peer word{n}*"[tiab]' for n in range(2000)),
        '"' + " ".join(["word"] * 10_000) + '"[tiab]',
        "a" * 50_000 + "* OR " + "a" * 49_000 + "[ti]",
        "NOT ".join(["a[ti] "] * 90),
        "(" * 90 + "rats" + ")" * 90,
    ],
)
@pytest.mark.parametrize("platform", READABLE)
def test_long_and_strange_searches_are_borne(platform: PlatformName, text: str) -> None:
    assert all(finding.code in CODES for finding in lint_text(text, Dialect(platform)))


SNIPPETS = tuple(
    "∗|“|’|\u00a0|\ud800|\x00|or|AND | NOT | OR |peer*|adj3|[tiab]|TI |.ti,ab.|1. |2. 1 or |S1 |exp |{{x}}|patient|"
    "rat$|\n3. or/1-2".split("|")
)
WORDS = st.sampled_from(["peer", "patients", "behaviour", "e", "health", "rat", "by", "OR", "", "e-health", "-", "ß"])
PARTS = st.tuples(WORDS.filter(bool), st.sampled_from([None, ANY_ENDING, Wild(0, 1), Wild(1, 1), Wild(0, 3)]))
PLAIN = st.builds(
    lambda parts, first: Word((*((Wild(1, 1),) if first else ()), *(part for part in parts if part is not None))),
    PARTS,
    st.booleans(),
)
LEAVES: st.SearchStrategy[Node] = st.one_of(
    PLAIN,
    st.lists(PLAIN, max_size=4).map(lambda words: Phrase(tuple(words))),
    st.builds(Heading, st.sampled_from(["Animals", "Humans", "", "Asthma"])),
    st.builds(LineRef, st.integers(0, 4)),
)
FIELDS = st.sampled_from([("title",), ("title", "abstract"), ("text_word",), ("language",), ("ovid:xy",), ()])


def grown(nodes: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(nodes, min_size=1, max_size=4).map(tuple)
    return st.one_of(
        st.builds(And, several),
        st.builds(Or, several),
        st.builds(Not, nodes, nodes),
        st.builds(Near, several, st.integers(0, 30)),
        st.builds(Scoped, nodes, FIELDS),
        st.builds(Limited, nodes, several),
    )


TREES = st.recursive(LEAVES, grown, max_leaves=12)


@settings(deadline=None, max_examples=examples(150))
@given(st.lists(TREES, min_size=1, max_size=4), st.sampled_from(READABLE), st.sampled_from([None, ("title",)]))
def test_no_tree_stops_the_checks(trees: list[Node], platform: PlatformName, fields: tuple[str, ...] | None) -> None:
    search = lines_of(*trees, platform=platform)
    found = lint(search, default_fields=fields)
    assert all(finding.code in CODES and finding.severity in SEVERITIES for finding in found)
    assert found == in_order(found)
    assert len(press_checklist(search, found)) == 6


@settings(deadline=None, max_examples=examples(150))
@given(
    st.lists(
        st.sampled_from([*"()\"'[]*$?#:~,./\n ", *SNIPPETS]),
        max_size=25,
    ).map("".join),
    st.sampled_from(READABLE),
)
def test_no_text_stops_the_checks(text: str, platform: PlatformName) -> None:
    for finding in lint_text(text, Dialect(platform)):
        assert finding.code in CODES
        assert 0 <= finding.place.start <= finding.place.end <= len(text)
        assert finding.sentence


@settings(deadline=None, max_examples=examples(60))
@given(st.text(alphabet=string.printable + "∗“”ß–", max_size=60), st.sampled_from(READABLE))
def test_no_junk_stops_the_checks(text: str, platform: PlatformName) -> None:
    lint_text(text, Dialect(platform))


def test_the_order_of_findings_is_that_of_the_text() -> None:
    found = lint_text(PUBLISHED, Dialect("ovid"))
    assert found == in_order(reversed(found))


def test_a_place_beyond_the_text_is_not_shown() -> None:
    search = search_of(Word(("rat", ANY_ENDING), Place(50, 54)), "rat$")
    (finding,) = findings_of(search, "T005")
    assert finding.problematic == "rat$"
