"""Searches for the Web of Science Core Collection, after Clarivate's rules."""

from datetime import date

import pytest
from terms_in_short import TIABKW, any_of, s, t, written_by

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
from livingsearch.strategy.wos.writer import WosWriter


def written(node: Node) -> tuple[str, tuple[Loss, ...]]:
    return written_by(WosWriter, "wos", node)


PEER, HELP, GROUP = t("peer*"), t("support*"), t("group*")
ROWS: list[tuple[Node, str, set[str]]] = [
    # fields
    (s("peer*", *TIABKW), "TS=(peer*)", {"widened"}),
    (s("peer*", "title", "abstract", "keywords"), "TS=(peer*)", {"changed"}),
    (s("peer*"), "TI=(peer*)", set()),
    (s("peer*", "title", "abstract"), "TI=(peer*) OR AB=(peer*)", set()),
    (s("peer*", "title", "author_keywords"), "TI=(peer*) OR AK=(peer*)", set()),
    (s("peer*", "author_keywords"), "AK=(peer*)", set()),
    (s("peer*", "keywords"), "AK=(peer*) OR KP=(peer*)", {"changed"}),
    (s("peer*", "heading_word"), "KP=(peer*)", {"changed"}),
    (s("peer*", "text_word"), "TS=(peer*)", {"changed"}),
    (t("peer*"), "TS=(peer*)", {"changed"}),
    (s("peer*", "all"), "ALL=(peer*)", set()),
    (s("smith j*", "author"), 'AU=("smith j*")', {"changed"}),
    (s("10.1002/pmh.1604", "identifier"), 'DO=("10.1002/pmh.1604")', set()),
    (s("peer*", "subject_heading"), "{{words for “peer…”}}", {"narrowed", "settle"}),
    (Or((s("peer*", "subject_heading"), s("peer*"))), "TI=(peer*)", {"narrowed"}),
    (s("peer*", "ebsco:TX"), "{{peer* in ebsco:TX}}", {"settle"}),
    # one tag holds one field: groups are distributed, never `TI=(a AND b) OR AB=(a AND b)`
    (
        s(And((any_of("peer*", "user*"), t("group*"))), "title", "abstract"),
        "(TI=(peer* OR user*) OR AB=(peer* OR user*)) AND (TI=(group*) OR AB=(group*))",
        set(),
    ),
    (
        s(Not(t("peer*"), t("group*")), "title", "abstract"),
        "(TI=(peer*) OR AB=(peer*)) NOT (TI=(group*) OR AB=(group*))",
        set(),
    ),
    (
        s(Or((And((t("peer*"), t("group*"))), t("user*"))), "title", "abstract"),
        "TI=(user*) OR AB=(user*) OR ((TI=(peer*) OR AB=(peer*)) AND (TI=(group*) OR AB=(group*)))",
        set(),
    ),
    (s(And((t("peer*"), t("group*")))), "TI=(peer* AND group*)", set()),
    # a group that EBSCOhost repeats for each field
    (
        Or((s(any_of("peer*", "expert patient*")), s(any_of("peer*", "expert patient*"), "abstract"))),
        'TI=(peer* OR "expert patient*") OR AB=(peer* OR "expert patient*")',
        set(),
    ),
    # wildcards
    (s("peer"), "TI=(peer)", {"widened"}),
    (s("behavio?r"), "TI=(behavio$r)", set()),
    (s("wom#n"), "TI=(wom?n)", set()),
    (s("peer$2"), "TI=(peer*)", {"widened"}),
    (s("behavio?r therap*"), 'TI=("behavior therap*" OR "behaviour therap*")', {"narrowed"}),
    (s("pe*"), "TI=({{words for pe*}})", {"settle"}),
    (s("peer wo*"), "TI=({{words for peer wo*}})", {"settle"}),
    (s(Word((Wild(0, None), "oxide"))), "TI=(*oxide)", set()),
    (s(Word((Wild(0, None), "ox"))), "TI=({{words for *ox}})", {"settle"}),
    (s(Word(("l", Wild(1, 1), "chee", Wild(0, 1)))), "TI=(l?chee$)", set()),
    # quotation marks
    (s("expert patient"), 'TI=("expert patient")', set()),
    (s("same"), 'TI=("same")', set()),
    (s("OR"), 'TI=("OR")', set()),
    (s("near"), 'TI=("near")', set()),
    (s("peer-led"), 'TI=("peer-led")', set()),
    (s("crohn's disease"), 'TI=("crohn\'s disease")', set()),
    (s("TS=(x)"), 'TI=("TS=(x)")', set()),
    (s('say"peer'), 'TI=("say peer")', {"changed"}),
    # proximity: n is the number of words between
    (s(Near((PEER, HELP), 2)), "TI=(peer* NEAR/2 support*)", set()),
    (s(Near((PEER, HELP), 0)), "TI=(peer* NEAR/0 support*)", set()),
    (s(Near((PEER, HELP), 2, ordered=True)), "TI=(peer* NEAR/2 support*)", {"widened"}),
    (s(Near((PEER, HELP), 0, ordered=True)), 'TI=("peer* support*")', set()),
    (s(Near((any_of("peer*", "expert patient*"), GROUP), 3)), 'TI=((peer* OR "expert patient*") NEAR/3 group*)', set()),
    (s(Near((And((PEER, HELP)), GROUP), 3)), "TI=(peer* AND support* AND group*)", {"widened"}),
    (
        s(Near((PEER, HELP), 1), "title", "abstract"),
        "TI=(peer* NEAR/1 support*) OR AB=(peer* NEAR/1 support*)",
        set(),
    ),
    # headings: left out of lists, a slot elsewhere
    (Or((Heading("Peer Group", "mesh"), s("peer*"))), "TI=(peer*)", {"narrowed"}),
    (
        And((Or((s("user*"), Heading("Peer Group", "mesh"), s("peer*"))), s("group*", "abstract"))),
        "TI=(user* OR peer*) AND AB=(group*)",
        {"narrowed"},
    ),
    (And((Or((Heading("Peer Group", "mesh"), s("peer*"))), s("group*"))), "TI=(peer* AND group*)", {"narrowed"}),
    (
        And((Heading("Peer Group", "mesh"), s("peer*"))),
        "{{words for “Peer Group”}} AND TI=(peer*)",
        {"settle"},
    ),
    # dates, languages, publication types, numbers
    (DateRange("date_publication", date(2010, 1, 1), date(2020, 12, 31)), "PY=2010-2020", set()),
    (DateRange("date_publication", date(2010, 1, 1), date(2010, 12, 31)), "PY=2010", set()),
    (DateRange("date_publication", None, date(2020, 12, 31)), "PY=1900-2020", {"changed"}),
    (DateRange("date_publication", date(2010, 3, 1), date(2020, 6, 30)), "DOP=2010-03-01/2020-06-30", {"changed"}),
    (DateRange("date_entry", date(2020, 1, 1), date(2020, 12, 31)), "LD=2020-01-01/2020-12-31", {"changed"}),
    (s("english", "language"), "LA=English", set()),
    (s(any_of("eng", "ger"), "language"), "(LA=English OR LA=German)", set()),
    (s("review", "publication_type"), "DT=Review", {"changed"}),
    (s("Editorial", "publication_type"), 'DT="Editorial Material"', {"changed"}),
    (
        s("randomized controlled trial", "publication_type"),
        "{{publication type randomized controlled trial}}",
        {"settle"},
    ),
    (s("12345678", "uid"), "PMID=12345678", {"changed"}),
    (s("WOS:000123", "uid"), "UT=WOS:000123", set()),
    (UidRange(None, 999), "{{records … to 999}}", {"settle"}),
    # operators
    (And((s("aaa*"), Or((s("bbb*"), s("ccc*", "abstract"))))), "TI=(aaa*) AND (TI=(bbb*) OR AB=(ccc*))", set()),
    (And((LineRef(1), Not(LineRef(2), LineRef(3)))), "#1 AND (#2 NOT #3)", set()),
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
        'TS=((peer* OR "expert by experience*" OR "expert patient*") AND '
        '("personality disorder*" OR "complex emotional needs*"))'
    )
    assert [(loss.kind, loss.count) for loss in losses] == [("widened", 5)]
    assert "Keywords Plus" in losses[0].sentence and "TI=(…) OR AB=(…) OR AK=(…)" in losses[0].sentence


def test_all_fields_take_49_operators() -> None:
    def kinds(number: int) -> set[str]:
        return {loss.kind for loss in written(s(any_of(*[f"word{n}*" for n in range(number)]), "all"))[1]}

    assert kinds(50) == set()
    assert kinds(51) == {"settle"}


def test_a_search_takes_16_000_terms() -> None:
    def kinds(number: int) -> set[str]:
        return {loss.kind for loss in written(s(any_of(*[f"word{n}*" for n in range(number)])))[1]}

    assert kinds(16_000) == set()
    assert kinds(16_001) == {"settle"}
