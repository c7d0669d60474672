"""Searches in plain words."""

from datetime import date

import pytest

from livingsearch.strategy.dialects import VOCABULARY_LABELS, Dialect
from livingsearch.strategy.explain import Explanation, explained
from livingsearch.strategy.search import Line, Search
from livingsearch.strategy.tree import (
    ANY_ENDING,
    NOWHERE,
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

FREE = ("title", "abstract", "author_keywords")
OVID = Dialect("ovid")


def w(text: str) -> Word:
    return Word.of(text.rstrip("*"), text.endswith("*"))


def p(text: str) -> Phrase:
    return Phrase(tuple(w(word) for word in text.split()))


def told(*nodes: Node, dialect: Dialect = OVID, fields: tuple[str, ...] | None = None) -> Explanation:
    lines = tuple(Line(number, node, NOWHERE) for number, node in enumerate(nodes, 1))
    return explained(Search("", dialect, lines, len(nodes) > 1), fields)


PEER = Or((w("peer*"), p("expert by experience*"), p("expert patient*")))
DISORDER = Or((p("personality disorder*"), p("complex emotional needs*")))
LEGEND = "“…” at the end of a word stands for any ending, or none."


def test_the_documented_search() -> None:
    assert told(And((PEER, DISORDER)), fields=FREE).text == "\n".join(
        [
            "All of:",
            "  (1) any of, in title, abstract or author keywords: words that begin with “peer” · "
            "the phrase “expert by experience…” · the phrase “expert patient…”",
            "  (2) any of, in title, abstract or author keywords: the phrase “personality disorder…” · "
            "the phrase “complex emotional needs…”",
            LEGEND,
        ]
    )


@pytest.mark.parametrize(
    ("node", "text"),
    [
        (w("peer"), "the word “peer”"),
        (w("peer*"), "words that begin with “peer”"),
        (Word(("peer", Wild(0, 2))), "words of “peer” and at most 2 characters behind it"),
        (Word(("peer", Wild(0, 1))), "words of “peer” and at most 1 character behind it"),
        (Word(("wom", Wild(1, 1), "n")), "words of the form “wom[1 character]n”"),
        (Word(("behavio", Wild(0, 1), "r", ANY_ENDING)), "words of the form “behavio[at most 1 character]r…”"),
        (Word(("p", ANY_ENDING, "y")), "words of the form “p[any characters]y”"),
        (Phrase((w("a"), Word(("b", Wild(2, 3))))), "the phrase “a b[2 to 3 characters]”"),
        (Near((w("peer*"), w("support")), 0), "“peer…” and “support” side by side, in any order"),
        (Near((w("a"), w("b")), 1), "“a” and “b” with at most 1 word between, in any order"),
        (Near((w("a"), w("b")), 2, True), "“a” then “b” with at most 2 words between, in this order"),
        (Near((w("a"), w("b"), w("c")), 2), "“a”, “b” and “c” with at most 2 words between, in any order"),
        (
            Near((PEER, w("b")), 2),
            "(any of “peer…”, “expert by experience…”, “expert patient…”) and “b” with at most 2",
        ),
        (Near((And((w("a"), w("b"))), w("c")), 2), "(each of “a”, “b”) and “c” with"),
        (Near((Near((w("a"), w("b")), 0), w("c")), 2), "(“a” and “b” side by side, in any order) and “c” with"),
    ],
)
def test_terms(node: Node, text: str) -> None:
    (line,) = told(node, fields=("title",)).lines
    assert line.item.text.startswith(text)
    assert line.item.fields == "title"


@pytest.mark.parametrize(
    ("node", "text"),
    [
        (Heading("Peer Group", "mesh"), "the subject heading “Peer Group” (MeSH)"),
        (
            Heading("Peer Group", "cinahl", True),
            f"the subject heading “Peer Group” ({VOCABULARY_LABELS['cinahl']}) and everything",
        ),
        (Heading("X", None, True, True), "the subject heading “X” and everything below it, as a main topic only"),
        (Heading("X", qualifiers=("px", "th")), "the subject heading “X”, with the subheading px or th"),
        (
            DateRange("date_publication", date(2020, 1, 1), date(2025, 8, 15)),
            "published from 2020-01-01 up to 2025-08-15",
        ),
        (DateRange("date_create", date(2020, 1, 1), None), "record created from 2020-01-01"),
        (DateRange("date_entry", None, date(2020, 1, 1)), "record entered up to 2020-01-01"),
        (UidRange(1, 200), "accession number from 1 up to 200"),
        (UidRange(7, 7), "accession number 7"),
        (Scoped(w("english"), ("language",)), "language: english"),
        (Scoped(p("clinical trial*"), ("publication_type",)), "publication type: clinical trial…"),
        (Scoped(w("humans"), ("ovid:limit",)), "limit: humans"),
    ],
)
def test_what_has_no_field(node: Node, text: str) -> None:
    (line,) = told(node).lines
    assert line.item.text.startswith(text)
    assert line.item.fields == ""


@pytest.mark.parametrize(
    ("node", "dialect", "fields"),
    [
        (w("a"), OVID, "the fields that Ovid searches of itself (.mp.:"),
        (w("a"), Dialect("pubmed"), "all fields, with terms that PubMed adds of itself"),
        (w("a"), Dialect("ebsco", "CINAHL"), "the fields that EBSCOhost searches of itself"),
        (w("a"), Dialect("scopus"), "the fields that Scopus searches of itself"),
        (Scoped(w("a"), ("abstract", "ovid:dv")), OVID, "abstract or the field dv of Ovid"),
        (Scoped(w("a"), ("keywords",)), OVID, "keywords (authors' and index terms)"),
        (Scoped(Scoped(w("a"), ("title",)), ("abstract",)), OVID, "title"),
    ],
)
def test_fields(node: Node, dialect: Dialect, fields: str) -> None:
    (line,) = told(node, dialect=dialect).lines
    assert line.item.fields.startswith(fields)


def test_lists_whose_terms_have_fields_of_their_own() -> None:
    node = Or((Scoped(w("a"), ("title",)), Scoped(w("b"), ("abstract",)), Heading("C")))
    assert told(node).text.splitlines() == [
        "Any of:",
        "  (1) the word “a”, in title",
        "  (2) the word “b”, in abstract",
        "  (3) the subject heading “C”",
    ]


def test_one_list_in_two_fields_is_told_once() -> None:
    (line,) = told(Or((Scoped(PEER, ("title",)), Scoped(PEER, ("abstract",))))).lines
    assert (len(line.item.parts), line.item.fields) == (3, "title or abstract")
    both = And((w("a"), w("b")))
    (line,) = told(Or((Scoped(both, ("title",)), Scoped(both, ("abstract",))))).lines
    assert [part.kind for part in line.item.parts] == ["all", "all"], "both words in one field is less"


def test_a_strategy_line_by_line() -> None:
    explanation = told(
        Heading("Peer Group", "mesh", exploded=True),
        Scoped(Or((w("peer*"), w("lay"))), ("title", "abstract")),
        Or((LineRef(1), LineRef(2))),
        Limited(Not(And((LineRef(3), LineRef(1))), LineRef(2)), (Scoped(w("english"), ("language",)),)),
    )
    assert explanation.text.splitlines() == [
        "Line 1: the subject heading “Peer Group” (MeSH) and everything below it",
        "Line 2: Any of, in title or abstract: words that begin with “peer” · the word “lay”",
        "Line 3: Any of: line 1 · line 2",
        "Line 4: All of:",
        "  (1) the first without the second of:",
        "    (1) all of: line 3 · line 1",
        "    (2) line 2",
        "  (2) language: english",
        "The search finds what line 4 finds.",
    ]
    assert [line.number for line in explanation.lines] == [1, 2, 3, 4]


def test_thousands_of_terms_stay_one_list() -> None:
    (line,) = told(Scoped(Or(tuple(w(f"term{n}*") for n in range(2_000))), ("title",))).lines
    assert (len(line.item.parts), line.item.kind, line.item.fields) == (2_000, "any", "title")
