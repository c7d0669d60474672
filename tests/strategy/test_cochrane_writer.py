"""Searches for the Cochrane Library, after the help of its search manager."""

from datetime import date

import pytest
from terms_in_short import TIABKW, any_of, s, t, written_by

from livingsearch.strategy.cochrane.writer import CochraneWriter
from livingsearch.strategy.loss import Loss
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
    return written_by(CochraneWriter, "cochrane", node)


PEER, HELP, GROUP = t("peer*"), t("support*"), t("group*")
ROWS: list[tuple[Node, str, set[str]]] = [
    # fields
    (s("peer*", *TIABKW), "peer*:ti,ab,kw", {"widened"}),
    (s("peer*", "title", "abstract"), "peer*:ti,ab", set()),
    (s("peer*", "title", "abstract", "keywords"), "peer*:ti,ab,kw", set()),
    (s("peer*", "heading_word"), "peer*:kw", {"changed"}),
    (s("peer*", "text_word"), "peer*:ti,ab,kw", {"changed"}),
    (t("peer*"), "peer*:ti,ab,kw", {"changed"}),
    (s("peer*", "all"), "peer*", {"widened"}),
    (s("smith", "author"), "smith:au", {"changed"}),
    (s("10.1002/pmh.1604", "identifier"), '"10.1002/pmh.1604":doi', set()),
    (s("boston", "affiliation"), "{{words for “boston”}}", {"changed", "settle"}),
    (s("peer*", "ovid:dv"), "{{peer* in ovid:dv}}", {"settle"}),
    # phrases: no wildcards in quotation marks
    (s("expert patient"), '"expert patient":ti', set()),
    (s("expert patient*"), "(expert NEXT patient*):ti", set()),
    (s("expert by experience*"), "(expert NEXT by NEXT experience*):ti", {"changed"}),
    (s("near death*"), '("near" NEXT death*):ti', set()),
    (s("peer-led"), '"peer-led":ti', set()),
    (s("peer-led*"), "(peer NEXT led*):ti", {"changed"}),
    (s("crohn's disease"), '"crohn\'s disease":ti', set()),
    (s("crohn's disease*"), '("crohn\'s" NEXT disease*):ti', set()),
    (s("and"), '"and":ti', set()),
    (s("next"), '"next":ti', set()),
    (s('say"peer'), '"say peer":ti', {"changed"}),
    # a group that EBSCOhost repeats for each field
    (
        Or((s(any_of("peer*", "expert patient*")), s(any_of("peer*", "expert patient*"), "abstract"))),
        "(peer* OR (expert NEXT patient*)):ti,ab",
        set(),
    ),
    # wildcards
    (s("behavio?r"), "behavio?r:ti", set()),
    (s("wom#n"), "wom?n:ti", {"widened"}),
    (s("peer$2"), "peer*:ti", {"widened"}),
    (s("pe*"), "{{words for pe*}}:ti", {"settle"}),
    (s(Word((Wild(0, None), "depress", Wild(0, None)))), "*depress*:ti", {"settle"}),
    # proximity: n is the number of words between plus one
    (s(Near((PEER, HELP), 2)), "(peer* NEAR/3 support*):ti", set()),
    (s(Near((PEER, HELP), 0)), "(peer* NEAR/1 support*):ti", set()),
    (s(Near((PEER, HELP), 0, ordered=True)), "(peer* NEXT support*):ti", set()),
    (s(Near((any_of("peer*", "user*"), GROUP), 0, ordered=True)), "((peer* OR user*) NEXT group*):ti", set()),
    (s(Near((PEER, HELP), 2, ordered=True)), "(peer* NEAR/3 support*):ti", {"widened"}),
    (s(Near((t("expert patient*"), t("lung cancer")), 1)), '((expert NEXT patient*) NEAR/2 "lung cancer"):ti', set()),
    (s(Near((And((PEER, HELP)), GROUP), 4)), "(peer* AND support* AND group*):ti", {"widened"}),
    # headings
    (
        Heading("Borderline Personality Disorder", "mesh", exploded=True),
        '[mh "Borderline Personality Disorder"]',
        set(),
    ),
    (Heading("Peer Group", "mesh"), '[mh ^"Peer Group"]', set()),
    (Heading("Peer Group", "mesh", exploded=True, major=True), '[mh "Peer Group"[mj]]', set()),
    (Heading("Peer Group", "mesh", major=True), '[mh ^"Peer Group"[mj]]', set()),
    (Heading("Asthma", "mesh", exploded=True, qualifiers=("drug therapy", "th")), '[mh "Asthma"/DT,TH]', set()),
    (Heading("Asthma", "mesh", exploded=True, qualifiers=("hope",)), '[mh "Asthma"]', {"settle"}),
    (Heading("peer group", "emtree"), "{{MeSH heading for “peer group”}}", {"settle"}),
    # limits that are set by hand, where the whole search has them
    (
        And((s("peer*"), DateRange("date_publication", date(2010, 1, 1), None))),
        "peer*:ti AND {{limit by hand 2010-01-01 to …}}",
        {"settle"},
    ),
    (And((s("peer*"), s("english", "language"))), "peer*:ti AND {{limit by hand english}}", {"settle"}),
    (
        Not(And((s("peer*"), DateRange("date_publication", date(2010, 1, 1), None))), s("group*", "abstract")),
        "(peer*:ti NOT group*:ab) AND {{limit by hand 2010-01-01 to …}}",
        {"settle"},
    ),
    (
        Not(s("group*"), And((s("peer*"), s("english", "language")))),
        "group*:ti NOT (peer*:ti AND {{language english}})",
        {"settle"},
    ),
    (DateRange("date_publication", date(2010, 1, 1), None), "{{date publication 2010-01-01 to …}}", {"settle"}),
    (
        Or((s("group*"), And((s("peer*"), DateRange("date_publication", date(2010, 1, 1), None))))),
        "group*:ti OR (peer*:ti AND {{date publication 2010-01-01 to …}})",
        {"settle"},
    ),
    (Or((s("peer*"), s("english", "language"))), "peer*:ti OR {{language english}}", {"settle"}),
    # publication types, numbers
    (s("Randomized Controlled Trial", "publication_type"), '"randomized controlled trial":pt', {"changed"}),
    (s("12345678", "uid"), "{{record 12345678}}", {"settle"}),
    (UidRange(1, 9), "{{records 1 to 9}}", {"settle"}),
    # operators and lines
    (s(Not(PEER, GROUP)), "(peer* NOT group*):ti", set()),
    (s(Or((And((PEER, GROUP)), HELP))), "((peer* AND group*) OR support*):ti", set()),
    (And((LineRef(1), Or((LineRef(2), LineRef(3))))), "#1 AND (#2 OR #3)", set()),
    (And((LineRef(1), s("peer*"))), "#1 AND peer*:ti", {"settle"}),
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
        "((peer* OR (expert NEXT by NEXT experience*) OR (expert NEXT patient*)) AND "
        "((personality NEXT disorder*) OR (complex NEXT emotional NEXT needs*))):ti,ab,kw"
    )
    assert [(loss.kind, loss.count) for loss in losses] == [("changed", 1), ("widened", 5)]


def test_a_limit_set_by_hand_says_how() -> None:
    _, losses = written(And((s("peer*"), DateRange("date_publication", date(2010, 1, 1), date(2020, 12, 31)))))
    assert "Search limits" in losses[0].sentence
    assert losses[0].examples == ("2010-01-01 to 2020-12-31 → {{limit by hand 2010-01-01 to 2020-12-31}}",)
