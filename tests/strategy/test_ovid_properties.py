"""What holds for every search on Ovid: what is written reads back, nothing breaks, however odd the input."""

import re
from typing import Any

import pytest
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from trees import Drawn, hostile_trees, trees

from livingsearch.errors import SearchTextError
from livingsearch.strategy.balance import check_balance
from livingsearch.strategy.dialects import Dialect
from livingsearch.strategy.findings import CODES
from livingsearch.strategy.loss import Losses
from livingsearch.strategy.normal import flat, same_search
from livingsearch.strategy.ovid.reader import read
from livingsearch.strategy.ovid.writer import OvidWriter
from livingsearch.strategy.tree import And, LineRef, Node, Wild, Word

MEDLINE, EMBASE, PSYCINFO = Dialect("ovid"), Dialect("ovid", "Embase"), Dialect("ovid", "APA PsycInfo")
FIELDS = (
    "title abstract author_keywords heading_word text_word all author affiliation journal publication_type language "
    "identifier uid ovid:fs ovid:nm ovid:ti,ab/freq=3"
).split()
WILDS: dict[str, Any] = {
    "endings": (Wild(0, None), Wild(0, 1), Wild(0, 3), Wild(0, 12), Wild(1, 1), Wild(2, 2), Wild(1, None), Wild(1, 3)),
    "inner": (Wild(0, None), Wild(0, 1), Wild(0, 2), Wild(1, 1), Wild(2, 2), Wild(1, None), Wild(3, 5)),
}
HEADINGS: dict[str, Any] = {
    "headings": (
        *("Asthma", "Quality of Life", "Wounds and Injuries", "Receptors, Adrenergic, beta-2", "Infant, Newborn"),
        *("Proto-Oncogene Proteins p21(ras)", "1,3 beta glucan", "Alzheimer's disease", "Exp", "2", "him/her", "a.b"),
    ),
    "qualifiers": ("drug therapy", "therapy", "epidemiology"),
}
ALL = Drawn(FIELDS, untagged=True, vocabulary="mesh", dates=("date_publication", "date_create"), **WILDS, **HEADINGS)


def written(node: Node, dialect: Dialect) -> tuple[str, set[str]]:
    losses = Losses()
    text = OvidWriter(dialect, losses).write(flat(node))
    return text, {loss.kind for loss in losses.report()}


@settings(deadline=None, max_examples=examples(120))
@given(trees(ALL))
def test_what_is_written_reads_back(tree: Node) -> None:
    text, kinds = written(tree, MEDLINE)
    assert kinds <= {"exact"}
    search = read(text, MEDLINE)
    assert same_search(search.tree, tree)
    assert written(search.tree, MEDLINE)[0] == written(read(written(search.tree, MEDLINE)[0], MEDLINE).tree, MEDLINE)[0]


@settings(deadline=None, max_examples=examples(60))
@given(trees(Drawn(FIELDS[:6], vocabulary="emtree", dates=("date_create",), **WILDS, **HEADINGS)))
def test_in_embase(tree: Node) -> None:
    text, kinds = written(tree, EMBASE)
    assert kinds <= {"exact"}
    assert same_search(read(text, EMBASE).tree, tree)


@settings(deadline=None, max_examples=examples(60))
@given(trees(Drawn(FIELDS[:6], vocabulary="apa", dates=("date_publication", "date_entry"), **WILDS)))
def test_in_psycinfo(tree: Node) -> None:
    text, kinds = written(tree, PSYCINFO)
    assert kinds <= {"exact"}
    assert same_search(read(text, PSYCINFO).tree, tree)


LINES = Drawn(FIELDS[:4], vocabulary="mesh", untagged=True, leaves=5)


@settings(deadline=None, max_examples=40)
@given(
    st.lists(trees(LINES), min_size=3, max_size=3),
    trees(Drawn(FIELDS[:3], references=(1, 2, 3), untagged=True, leaves=6)),
    st.sampled_from([" ", "\t", ". "]),
)
def test_lines_read_back(above: list[Node], last: Node, mark: str) -> None:
    writer = OvidWriter(MEDLINE, Losses())
    nodes = [flat(node) for node in (*above, And((LineRef(1), LineRef(2))), last)]
    lines = [writer.write_line(number, node) for number, node in enumerate(nodes, 1)]
    assert all("\n" not in line for line in lines)
    text = "\n".join(line.replace(" ", mark, 1) for line in lines)
    search = read(text, MEDLINE)
    assert [line.number for line in search.lines] == [*range(1, len(nodes) + 1)]
    assert all(same_search(line.node, node) for line, node in zip(search.lines, nodes, strict=True)), text


@settings(deadline=None, max_examples=examples(100))
@given(
    hostile_trees([*FIELDS, "keywords", "subject_heading_major", "date_entry", "ovid:limit", 'ovid:")', "ebsco:x"]),
    st.sampled_from([MEDLINE, EMBASE, PSYCINFO, Dialect("ovid", "Global Health")]),
)
def test_any_tree_is_written_in_balance(tree: Node, dialect: Dialect) -> None:
    text, kinds = written(tree, dialect)
    check_balance(re.sub(r"\{\{.*?\}\}", "slot", text))
    assert "settle" in kinds or "{{" not in text.replace('"{{', "")
    try:
        read(text, dialect)
    except SearchTextError as problem:
        # Proximity of headings or dates, which is nonsense, cannot be read back, nor a word without any letter, nor
        # a frequency of several fields.
        assert problem.code in ("F005", "T006", "S011"), text


@pytest.mark.parametrize("text", ["$3", "3", "12$"])
def test_digits_behind_an_open_end_are_widened(text: str) -> None:
    losses = Losses()
    assert OvidWriter(MEDLINE, losses).write(Word(("vitamin", Wild(0, None), "3"))) == "vitamin$"
    assert [loss.kind for loss in losses.report()] == ["widened"]


CHUNKS = (
    *("asthma", "peer$", "wom#n", "a?b", "nurs$2", "$", "*", "#", "?", ":", "'", '"', "(", ")", "[", "]", "{{", "}}"),
    *("and", "OR", "not", "adj", "adj3", "adj0", "adj999", "exp ", "*Asthma/", "Asthma/dt, th", "/", "//", "/ freq=3"),
    *(
        ".ti.",
        ".ti,ab.",
        ".mp. [mp=title]",
        ".zz.",
        ".ti",
        ".(ti,ab).",
        ".yr.",
        ".dt.",
        ".sh.",
        ".",
        ",",
        ";",
        "..",
        "&",
    ),
    *(
        "1",
        "2",
        "#1",
        "#9",
        "or/1-2",
        "and/1,3-9",
        "or/9-1",
        "2019",
        "\n",
        "\n1 ",
        "\n2. ",
        "\n3\t",
        "\t12,345",
        "  99",
    ),
    *("limit 1 to ", 'yr="2010 -Current"', "english language", "remove duplicates from 1", "Database: x\n", "----\n"),
    *(" ", " ", "\t", "\u00a0", "\u200b", "\ud800", "\x00", "“", "”", "‘", "’", "∗", "–", "é", "漢", "\r\n", "\u2028"),
)


@settings(deadline=None, max_examples=examples(200))
@given(st.lists(st.sampled_from(CHUNKS), max_size=30).map("".join), st.sampled_from([MEDLINE, EMBASE, PSYCINFO]))
def test_nothing_but_a_search_text_error_comes_out(text: str, dialect: Dialect) -> None:
    try:
        search = read(text, dialect)
        _ = search.tree
    except SearchTextError as problem:
        assert problem.line >= 1
        assert problem.column >= 1
        assert problem.code in CODES
        return
    for finding in search.findings:
        assert finding.code in CODES
        assert 0 <= finding.place.start <= finding.place.end <= len(text)


@settings(deadline=None, max_examples=examples(100))
@given(st.text(max_size=60))
def test_any_text_at_all(text: str) -> None:
    try:
        read(text, MEDLINE)
    except SearchTextError as problem:
        assert str(problem)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 50_000,
        ")" * 50_000,
        '"' * 50_001,
        "'a " * 20_000,
        "a not " * 10_000 + "b",
        "(a adj3 " * 90 + "b" + ")" * 90,
        "or/1-999999999",
        "1 a\n2 or/1-999999999",
        "1 a\n" + "\n".join(f"{number} {number - 1}" for number in range(2, 2_000)),
        "{{" * 20_000,
        "[" * 20_000,
        "a.ti,ab" * 10_000,
        "a/aa," * 10_000,
        "1 a\n2 limit 1 to " + "(" * 20_000,
        "1 a\n2 limit 1 to " + "english and " * 10_000,
        "\t5" * 20_000,
        "\u200b" * 50_000,
        "$" * 50_000,
        "1 a\n" * 10_000,
    ],
    ids=lambda text: text[:12],
)
def test_junk_of_any_length_is_quick(text: str) -> None:
    try:
        _ = read(text, MEDLINE).tree
    except SearchTextError as problem:
        assert len(problem.underlined) < 500
