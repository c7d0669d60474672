"""Searches for Scopus, after Elsevier's rules for it."""

from datetime import date

import pytest
from terms_in_short import TIABKW, any_of, s, t, written_by

from livingsearch.strategy.loss import Loss
from livingsearch.strategy.scopus.writer import ScopusWriter
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
    return written_by(ScopusWriter, "scopus", node)


PEER, HELP, GROUP = t("peer*"), t("support*"), t("group*")
ROWS: list[tuple[Node, str, set[str]]] = [
    # fields
    (s("peer*", *TIABKW), "TITLE-ABS-KEY(peer*)", {"widened"}),
    (s("peer*", "title", "abstract", "keywords"), "TITLE-ABS-KEY(peer*)", set()),
    (s("peer*", "title", "abstract"), "TITLE-ABS(peer*)", set()),
    (s("peer*", "title", "abstract", "heading_word"), "TITLE-ABS-KEY(peer*)", {"changed", "widened"}),
    (s("peer*"), "TITLE(peer*)", set()),
    (s("peer*", "abstract"), "ABS(peer*)", set()),
    (s("peer*", "author_keywords"), "AUTHKEY(peer*)", set()),
    (s("peer*", "keywords"), "KEY(peer*)", set()),
    (s("peer*", "heading_word"), "INDEXTERMS(peer*)", {"changed"}),
    (s("peer*", "subject_heading"), "INDEXTERMS(peer*)", {"changed"}),
    (s("peer*", "title", "author_keywords"), "TITLE(peer*) OR AUTHKEY(peer*)", set()),
    (s("peer*", "title", "keywords"), "TITLE(peer*) OR KEY(peer*)", set()),
    (s("peer*", "text_word"), "TITLE-ABS-KEY(peer*)", {"changed"}),
    (t("peer*"), "TITLE-ABS-KEY(peer*)", {"changed"}),
    (s("peer*", "all"), "ALL(peer*)", {"widened"}),
    (s("smith*", "author"), "AUTH(smith*)", {"changed"}),
    (s("10.1002/pmh.1604*", "identifier"), 'DOI("10.1002/pmh.1604*")', set()),
    (s("peer*", "ovid:dv"), "{{peer* in ovid:dv}}", {"settle"}),
    (
        s(And((any_of("peer*", "user*"), t("group*"))), "title", "author_keywords"),
        "(TITLE(peer* OR user*) OR AUTHKEY(peer* OR user*)) AND (TITLE(group*) OR AUTHKEY(group*))",
        set(),
    ),
    # a group that EBSCOhost repeats for each field
    (
        Or((s(any_of("peer*", "expert patient*")), s(any_of("peer*", "expert patient*"), "abstract"))),
        'TITLE-ABS(peer* OR "expert patient*")',
        set(),
    ),
    # wildcards
    (s("peer"), "TITLE(peer)", {"widened"}),
    (s("wom#n"), "TITLE(wom?n)", set()),
    (s(Word(("sawt", Wild(2, 2), "th"))), "TITLE(sawt??th)", set()),
    (s("behavio?r*"), "TITLE(behavior* OR behaviour*)", {"narrowed"}),
    (s("behavio?r therap*"), 'TITLE("behavior therap*" OR "behaviour therap*")', {"narrowed"}),
    (s(Or((t("behavio?r*"), t("peer*")))), "TITLE(behavior* OR behaviour* OR peer*)", {"narrowed"}),
    (s("xq?z*"), "TITLE(xqz* OR xq?z*)", set()),
    (s("peer$2"), "TITLE(peer*)", {"widened"}),
    # quotation marks
    (s("expert patient*"), 'TITLE("expert patient*")', set()),
    (s("expert patient"), 'TITLE("expert patient")', {"widened"}),
    (s("and"), 'TITLE("and")', {"widened"}),
    (s("Not"), 'TITLE("Not")', {"widened"}),
    (s("peer-led*"), 'TITLE("peer-led*")', set()),
    (s("crohn's*"), 'TITLE("crohn\'s*")', set()),
    (s("pre/3*"), 'TITLE("pre/3*")', set()),
    (s("{peer}*"), "TITLE(peer*)", {"changed"}),
    # proximity: n is the number of words between
    (s(Near((PEER, HELP), 2)), "TITLE(peer* W/2 support*)", set()),
    (s(Near((PEER, HELP), 0)), "TITLE(peer* W/0 support*)", set()),
    (s(Near((PEER, HELP), 2, ordered=True)), "TITLE(peer* PRE/2 support*)", set()),
    (s(Near((PEER, HELP), 0, ordered=True)), 'TITLE("peer* support*")', set()),
    (s(Near((any_of("peer*", "expert patient*"), GROUP), 3)), 'TITLE((peer* OR "expert patient*") W/3 group*)', set()),
    (s(Near((Near((PEER, HELP), 2), GROUP), 2)), "TITLE(peer* W/2 support* W/2 group*)", set()),
    (s(Near((Near((PEER, HELP), 2), GROUP), 5)), "TITLE((peer* W/2 support*) AND group*)", {"widened"}),
    (s(Near((Near((PEER, HELP), 2, ordered=True), GROUP), 2)), "TITLE((peer* PRE/2 support*) AND group*)", {"widened"}),
    (s(Near((And((PEER, HELP)), GROUP), 3)), "TITLE(peer* AND support* AND group*)", {"widened"}),
    (s(Near((PEER, HELP), 300)), "TITLE(peer* AND support*)", {"widened"}),
    # headings
    (Or((Heading("Peer Group", "mesh"), s("peer*"))), "TITLE(peer*)", {"narrowed"}),
    (Heading("Peer Group", "mesh"), "{{words for “Peer Group”}}", {"settle"}),
    (
        Or((Heading("Peer Group", "mesh", exploded=True), Heading("Peer Influence", "mesh"))),
        "{{words for “Peer Group”, “Peer Influence”}}",
        {"settle"},
    ),
    # dates, languages, publication types, numbers
    (DateRange("date_publication", date(2010, 1, 1), date(2020, 12, 31)), "PUBYEAR > 2009 AND PUBYEAR < 2021", set()),
    (DateRange("date_publication", date(2010, 1, 1), None), "PUBYEAR > 2009", set()),
    (DateRange("date_publication", None, date(2020, 12, 31)), "PUBYEAR < 2021", set()),
    (DateRange("date_publication", date(2010, 1, 1), date(2010, 12, 31)), "PUBYEAR = 2010", set()),
    (DateRange("date_publication", date(2010, 3, 1), None), "PUBYEAR > 2009", {"widened"}),
    (
        DateRange("date_create", date(2020, 1, 1), date(2020, 12, 31)),
        "ORIG-LOAD-DATE > 20191231 AND ORIG-LOAD-DATE < 20210101",
        {"changed"},
    ),
    (
        And((s("peer*"), DateRange("date_publication", date(2010, 1, 1), date(2020, 12, 31)))),
        "TITLE(peer*) AND PUBYEAR > 2009 AND PUBYEAR < 2021",
        set(),
    ),
    (s("English", "language"), "LANGUAGE(english)", set()),
    (s("review", "publication_type"), "DOCTYPE(re)", {"changed"}),
    (s("Clinical Trial", "publication_type"), "{{publication type clinical trial}}", {"settle"}),
    (s("12345678", "uid"), "PMID(12345678)", {"changed"}),
    (UidRange(1, None), "{{records 1 to …}}", {"settle"}),
    # operators: always brackets, whatever binds first
    (s(Not(PEER, GROUP)), "TITLE(peer* AND NOT group*)", set()),
    (s(And((Not(PEER, GROUP), HELP))), "TITLE((peer* AND NOT group*) AND support*)", set()),
    (s(Or((And((PEER, GROUP)), HELP))), "TITLE((peer* AND group*) OR support*)", set()),
    (
        And((s("peer*"), Or((s("user*"), s("group*", "abstract"))))),
        "TITLE(peer*) AND (TITLE(user*) OR ABS(group*))",
        set(),
    ),
    (And((LineRef(1), LineRef(2))), "#1 AND #2", set()),
    (And((LineRef(1), s("peer*"))), "#1 AND TITLE(peer*)", {"settle"}),
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
        'TITLE-ABS-KEY((peer* OR "expert by experience*" OR "expert patient*") AND '
        '("personality disorder*" OR "complex emotional needs*"))'
    )
    assert [(loss.kind, loss.count) for loss in losses] == [("widened", 5)]
    assert "index terms" in losses[0].sentence and "TITLE-ABS(…) OR AUTHKEY(…)" in losses[0].sentence


def test_plurals_are_named_once() -> None:
    _, losses = written(s(any_of("peer", "user", "expert patient")))
    assert [(loss.kind, loss.count) for loss in losses] == [("widened", 3)]


def test_a_very_long_search_is_named() -> None:
    assert {loss.kind for loss in written(s(any_of(*[f"word{n}*" for n in range(2_000)])))[1]} == {"settle"}
