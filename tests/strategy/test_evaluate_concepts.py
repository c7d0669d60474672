"""The concepts of a search, and why a record is missed."""

from datetime import date

import pyarrow as pa
import pytest

from livingsearch.strategy.evaluate import Concept, Judgement, concepts_of, matches, why_missed
from livingsearch.strategy.evaluate.concepts import term_text
from livingsearch.strategy.evaluate.missed import missed_sentences
from livingsearch.strategy.tree import (
    And,
    DateRange,
    Heading,
    Limited,
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

TEXT = (
    "('peer$' OR 'expert by experience$' OR 'expert patient$') AND "
    "('personality disorder$' OR 'complex emotional needs$')"
)
FREE = ("title", "abstract", "author_keywords")
DECLARED = (
    ("Personality disorder", ("personality disorder$", "complex emotional needs$")),
    ("Peer support", ("peer$", "expert by experience$", "expert patient$")),
)
LISTS = ("keywords", "languages")


def term(written: str) -> Node:
    """A term of TEXT, its quotation marks within its place."""
    start = TEXT.find(f"'{written}'")
    place = Place(start, start + len(written) + 2) if start >= 0 else Place(0, 0)
    words = tuple(Word.of(word.rstrip("$"), word.endswith("$")) for word in written.split())
    return Word(words[0].parts, place) if len(words) == 1 else Phrase(words, place)


PEER = Or((term("peer$"), term("expert by experience$"), term("expert patient$")))
DISORDER = Or((term("personality disorder$"), term("complex emotional needs$")))
TREE = Scoped(And((PEER, DISORDER)), FREE)
ENGLISH = Scoped(Word.of("english"), ("language",))


def judged(tree: Node, **record: object) -> tuple[Judgement, tuple[str, ...]]:
    columns = {n: pa.array([v], pa.list_(pa.string()) if n in LISTS else None) for n, v in record.items()}
    (judgement,) = why_missed(concepts_of(tree, text=TEXT, declared=DECLARED), pa.table(columns))
    return judgement, missed_sentences("Cawood 2012", judgement, record)


def labels(concepts: tuple[Concept, ...]) -> list[str]:
    return [concept.label for concept in concepts]


def test_concepts_have_the_names_of_the_review_and_the_terms_of_the_text() -> None:
    peer, disorder = concepts_of(TREE, text=TEXT, declared=DECLARED)
    assert (peer.label, disorder.label) == ("concept 1 (Peer support)", "concept 2 (Personality disorder)")
    assert peer.terms == ("peer$", "expert by experience$", "expert patient$")
    assert disorder.shown_terms == '"personality disorder$", "complex emotional needs$"'


def test_without_the_text_terms_are_written_neutrally() -> None:
    peer, _ = concepts_of(TREE, declared=DECLARED)
    assert peer.terms == ("peer*", "expert by experience*", "expert patient*")
    assert peer.name == "Peer support"


@pytest.mark.parametrize(
    ("declared", "names"),
    [
        ((), ["", ""]),
        ((("Other", ("nurse$",)),), ["", ""]),
        ((("Peers", ("peer$", "lay$")),), ["", ""]),
        ((("Peers", ("peer$",)),), ["Peers", ""]),
        ((("One", ("peer$",)), ("Two", ("peer$",))), ["", ""]),
        ((("Peers", ("peer$", "expert by experience$", "expert patient$", "lay worker$")),), ["Peers", ""]),
    ],
)
def test_names_only_where_the_terms_agree(declared: tuple[tuple[str, tuple[str, ...]], ...], names: list[str]) -> None:
    assert [concept.name for concept in concepts_of(TREE, text=TEXT, declared=declared)] == names


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        (PEER, ["concept 1"]),
        (Word.of("peer"), ["concept 1"]),
        (And((PEER, And((DISORDER, Word.of("adult"))))), ["concept 1", "concept 2", "concept 3"]),
        (Limited(And((PEER, DISORDER)), (ENGLISH,)), ["concept 1", "concept 2", "limit 1"]),
        (
            And((PEER, DateRange("date_publication", date(2000, 1, 1), None), ENGLISH)),
            ["concept 1", "limit 1", "limit 2"],
        ),
        (Not(And((PEER, DISORDER)), Word.of("mouse")), ["concept 1", "concept 2", "exclusion 1"]),
        (And((Not(PEER, Word.of("mouse")), DISORDER)), ["concept 1", "exclusion 1", "concept 2"]),
        (Or((And((PEER, DISORDER)), Heading("X"))), ["concept 1"]),
    ],
)
def test_what_the_outermost_and_joins(tree: Node, expected: list[str]) -> None:
    concepts = concepts_of(tree)
    assert labels(concepts) == expected
    records = pa.table({"title": ["peer", "mouse peer personality disorder", "peer personality disorder", "adult"]})
    outcomes = [j.outcome for j in why_missed(concepts, records)]
    assert outcomes == [
        {True: "found", False: "missed", None: "unknown"}[m] for m in matches(tree, records).to_pylist()
    ]


def test_a_missed_record_is_told_its_concept_and_what_it_says_instead() -> None:
    judgement, told = judged(
        TREE,
        title="Open access support groups",
        abstract="Peer groups for disordered personalities",
        keywords=["Needs"],
    )
    assert judgement.outcome == "missed"
    assert [concept.name for concept in judgement.failing] == ["Personality disorder"]
    assert judgement.through is None
    assert told == (
        'Cawood 2012 misses concept 2 (Personality disorder): no word of "personality disorder$", '
        '"complex emotional needs$" in its title, abstract or keywords; it does say “disordered” (abstract), '
        "“needs” (keywords)",
    )


def test_a_record_that_lacks_fields_is_told_so() -> None:
    _, told = judged(TREE, title="Peer work", abstract=None, keywords=[])
    assert told == (
        'Cawood 2012 misses concept 2 (Personality disorder): no word of "personality disorder$", '
        '"complex emotional needs$" in its title (it has no abstract or keywords)',
    )
    _, told = judged(Scoped(PEER, ("abstract",)), title="Peer work")
    assert told[0].endswith("in its record, which has no abstract")


def test_a_long_list_of_terms_is_shortened() -> None:
    tree = Scoped(Or(tuple(Word.of(f"term{n}") for n in range(9))), ("title",))
    _, told = judged(tree, title="x")
    assert told == (
        'Cawood 2012 misses concept 1: no word of "term0", "term1", "term2", "term3", "term4", "term5" and 3 more '
        "in its title",
    )


@pytest.mark.parametrize(
    ("record", "through"),
    [
        ({"title": "Peers and personality disorder", "abstract": "x", "keywords": ["peer"]}, "title"),
        ({"title": "Peers", "abstract": "personality disorders", "keywords": ["personality disorder"]}, "abstract"),
        ({"title": "Peers", "abstract": None, "keywords": ["Personality Disorders"]}, "keywords"),
        ({"title": "x", "keywords": ["Personality Disorders", "Peer Group"]}, "keywords"),
    ],
)
def test_through_which_fields_a_record_is_found(record: dict[str, object], through: str) -> None:
    judgement, told = judged(TREE, **record)
    assert (judgement.outcome, judgement.through, told) == ("found", through, ())


def test_limits_exclusions_and_what_cannot_be_judged() -> None:
    tree = Not(Limited(PEER, (ENGLISH, DateRange("date_publication", date(2000, 1, 1), None))), Word.of("mouse"))
    judgement, told = judged(tree, title="Peer mouse", languages=["ger"], year=None)
    assert judgement.outcome == "missed"
    assert labels(judgement.unjudged) == ["limit 2"]
    assert told == (
        'Cawood 2012 lies outside limit 1: "english"',
        'Cawood 2012: limit 2 cannot be judged by the words of its record ("2000-01-01 to …")',
        'Cawood 2012 is taken out by NOT: it has a word of "mouse"',
    )
    judgement, told = judged(Heading("Peer Group"), title="Peer")
    assert judgement.outcome == "unknown"
    assert told == ('Cawood 2012: concept 1 cannot be judged by the words of its record ("Peer Group")',)


@pytest.mark.parametrize(
    ("node", "text"),
    [
        (Word(("wom", Wild(1, 1), "n")), "wom_n"),
        (Word(("behavio", Wild(0, 1), "r")), "behavio?r"),
        (Word(("peer", Wild(0, 2))), "peer*2"),
        (Near((Word.of("a"), Or((Word.of("b"), Word.of("c")))), 2), "a near/2 b | c"),
        (DateRange("date_entry", None, date(2020, 1, 1)), "… to 2020-01-01"),
    ],
)
def test_neutral_notation(node: Node, text: str) -> None:
    assert term_text(node) == text
