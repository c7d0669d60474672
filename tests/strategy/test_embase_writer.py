"""Searches for Embase.com, after Elsevier's rules for its own platform."""

from datetime import date

import pytest
from terms_in_short import TIABKW, any_of, s, t, written_by

from livingsearch.strategy.dialects import Dialect
from livingsearch.strategy.embase.writer import EmbaseWriter
from livingsearch.strategy.loss import Loss, Losses
from livingsearch.strategy.tree import (
    And,
    DateRange,
    Heading,
    LineRef,
    Near,
    Node,
    Not,
    Or,
    UidRange,
    Wild,
    Word,
)


def written(node: Node) -> tuple[str, tuple[Loss, ...]]:
    return written_by(EmbaseWriter, "embase", node)


PEER, HELP, GROUP = t("peer"), t("support*"), t("group")
ROWS: list[tuple[Node, str, set[str]]] = [
    # fields
    (s("peer*", *TIABKW), "peer*:ti,ab,kw", set()),
    (s("peer*", "abstract", "title"), "peer*:ti,ab", set()),
    (s("expert patient*", *TIABKW), "'expert patient*':ti,ab,kw", set()),
    (s(any_of("peer*", "expert patient*")), "(peer* OR 'expert patient*'):ti", set()),
    (s("peer", "keywords"), "peer:kw,de", set()),
    (s("peer", "heading_word"), "peer:de", {"changed"}),
    (s("peer", "text_word"), "peer:ti,ab,kw,de,tn", {"changed"}),
    (s("peer", "all"), "peer", {"changed"}),
    (t("peer"), "peer:ti,ab,kw,de,tn", {"changed"}),
    (s("smith j", "author"), "'smith j':au", {"changed"}),
    (s("lancet", "journal"), "lancet:jt", {"changed"}),
    (s("10.1002/pmh.1604", "identifier"), "'10.1002/pmh.1604':do", set()),
    (s("peer", "ovid:dv"), "{{peer in ovid:dv}}", {"settle"}),
    (s("peer", "title", "ovid:dv"), "peer:ti", {"settle"}),
    (Or((s("peer*"), s("group*", "abstract"))), "peer*:ti OR group*:ab", set()),
    # a group that EBSCOhost repeats for each field
    (
        Or((s(any_of("peer*", "expert patient*")), s(any_of("peer*", "expert patient*"), "abstract"))),
        "(peer* OR 'expert patient*'):ti,ab",
        set(),
    ),
    # wildcards
    (s("behavio?r"), "behavio$r:ti", set()),
    (s("wom#n"), "wom?n:ti", set()),
    (s(Word(("organi", Wild(2, 2), "tion"))), "organi??tion:ti", set()),
    (s("peer$2"), "peer*:ti", {"widened"}),
    (s("behavio?r therap*"), "'behavio$r therap*':ti", set()),
    (s("ca*"), "ca*:ti", {"settle"}),
    # quotation marks
    (s("crohn's disease"), '"crohn\'s disease":ti', set()),
    (s("and"), "'and':ti", set()),
    (s("Near"), "'Near':ti", set()),
    (s("peer-led"), "'peer-led':ti", set()),
    (s("(peer)"), '"(peer)":ti', set()),
    (s('say"peer'), "'say peer':ti", {"changed"}),
    (Or((s('"'), s("peer"))), "peer:ti", {"changed"}),
    # proximity: n is the number of words between plus one
    (s(Near((PEER, HELP), 2)), "(peer NEAR/3 support*):ti", set()),
    (s(Near((PEER, HELP), 0)), "(peer NEAR/1 support*):ti", set()),
    (s(Near((PEER, HELP), 1, ordered=True)), "(peer NEXT/2 support*):ti", set()),
    (s(Near((PEER, HELP), 0, ordered=True)), "'peer support*':ti", set()),
    (
        s(Near((any_of("peer", "expert patient"), GROUP), 0, ordered=True)),
        "((peer OR 'expert patient') NEXT/1 group):ti",
        set(),
    ),
    (s(Near((Near((PEER, HELP), 1), GROUP), 4)), "((peer NEAR/2 support*) NEAR/5 group):ti", set()),
    (s(Near((And((PEER, HELP)), GROUP), 4)), "(peer AND support* AND group):ti", {"widened"}),
    # headings
    (Heading("peer group", "emtree", exploded=True), "'peer group'/exp", set()),
    (Heading("schizophrenia", "emtree"), "'schizophrenia'/de", set()),
    (Heading("schizophrenia", "emtree", major=True), "'schizophrenia'/mj", set()),
    (Heading("schizophrenia", "emtree", exploded=True, major=True), "'schizophrenia'/exp/mj", set()),
    (Heading("schizophrenia", "emtree", exploded=True, qualifiers=("dt",)), "'schizophrenia'/exp", {"widened"}),
    (Heading("Peer Group", "mesh", exploded=True), "{{Emtree heading for “Peer Group”, exploded}}", {"settle"}),
    # dates, languages, publication types, numbers
    (DateRange("date_publication", date(2010, 1, 1), date(2020, 12, 31)), "[2010-2020]/py", set()),
    (DateRange("date_publication", date(2010, 3, 1), date(2020, 12, 31)), "[2010-2020]/py", {"widened"}),
    (DateRange("date_publication", date(2010, 1, 1), None), "[2010-2100]/py", {"changed"}),
    (DateRange("date_entry", date(2020, 1, 1), None), "[1-1-2020]/sd", {"changed"}),
    (
        DateRange("date_entry", date(2000, 1, 1), date(2019, 12, 31)),
        "([1-1-2000]/sd NOT [1-1-2020]/sd)",
        {"changed"},
    ),
    (s("English", "language"), "[english]/lim", set()),
    (s(any_of("eng", "fre"), "language"), "([english]/lim OR [french]/lim)", set()),
    (s("Review", "publication_type"), "'review'/it", {"changed"}),
    (s("Randomized Controlled Trial", "publication_type"), "'randomized controlled trial'/exp", {"changed"}),
    (s("Lecture", "publication_type"), "{{publication type lecture}}", {"settle"}),
    (s("12345", "uid"), "{{record 12345}}", {"settle"}),
    (UidRange(1, 999), "{{records 1 to 999}}", {"settle"}),
    # operators
    (Not(s("peer"), s("review")), "(peer NOT review):ti", set()),
    (And((s("a1"), Or((s("b1"), s("c1", "abstract"))))), "a1:ti AND (b1:ti OR c1:ab)", set()),
    (Or((And((s("a1"), s("b1"))), s("c1"))), "((a1 AND b1) OR c1):ti", set()),
    (And((LineRef(1), Or((LineRef(2), LineRef(3))))), "#1 AND (#2 OR #3)", set()),
    (And((s("peer*"), s("eng", "language"))), "peer*:ti AND [english]/lim", set()),
]


@pytest.mark.parametrize(("node", "text", "kinds"), ROWS, ids=[row[1] for row in ROWS])
def test_table(node: Node, text: str, kinds: set[str]) -> None:
    found, losses = written(node)
    assert found == text
    assert {loss.kind for loss in losses} == kinds


def test_the_published_search() -> None:
    peers = any_of("peer*", "expert by experience*", "expert patient*")
    needs = any_of("personality disorder*", "complex emotional needs*")
    text, losses = written(s(And((peers, needs)), *TIABKW))
    assert text == (
        "((peer* OR 'expert by experience*' OR 'expert patient*') AND "
        "('personality disorder*' OR 'complex emotional needs*')):ti,ab,kw"
    )
    assert losses == ()


def test_a_line_refers_to_lines_above() -> None:
    assert EmbaseWriter(Dialect("embase"), Losses()).write_line(3, And((LineRef(1), LineRef(2)))) == "#3 #1 AND #2"
