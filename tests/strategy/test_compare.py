"""What changed between two states of a strategy: every difference is told, and told as what it is."""

from dataclasses import replace

import pytest
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from livingsearch.strategy.compare import Change, differences, text_difference
from livingsearch.strategy.compare_searches import Given, listed, search_changes
from livingsearch.strategy.content import (
    Strategy,
    StrategyConcept,
    StrategyLimit,
    StrategySource,
    strategy_from_json,
)
from livingsearch.strategy.dialects import Dialect, PlatformName

BASE = Strategy(
    text="(peer$ or 'expert patient$') and 'personality disorder$'",
    syntax="ovid",
    fields=("abstract", "title"),
    since=None,
    until="2025-08-15",
    languages=("English",),
    concepts=(
        StrategyConcept("Peer support", ("peer$", "expert patient$")),
        StrategyConcept("Disorder", ("personality disorder$",)),
    ),
    limits=(StrategyLimit("English", "No means to translate."),),
    sources=(
        StrategySource("embase", "Embase", "Embase", "Ovid", "file", "peer$.ti,ab. and disorder$.ti,ab."),
        StrategySource("pubmed", "PubMed", "PubMed", "NCBI", "entrez", "peer*[tiab] AND disorder*[tiab]"),
    ),
)


def source(slug: str, **values: str) -> tuple[StrategySource, ...]:
    return tuple(replace(one, **values) if one.slug == slug else one for one in BASE.sources)


CHANGES: list[tuple[str, Strategy, list[Change]]] = [
    ("nothing", BASE, []),
    (
        "a term of the documented search",
        replace(BASE, text="(peer$ or mentor$ or 'expert patient$') and 'personality disorder$'"),
        [Change("search", "", "The documented search: added mentor$.", ("mentor$",))],
    ),
    (
        "one term for another",
        replace(BASE, text="(mentor$ or 'expert patient$') and 'personality disorder$'"),
        [Change("search", "", "The documented search: added mentor$; removed peer$.", ("mentor$",), ("peer$",))],
    ),
    (
        "brackets",
        replace(BASE, text="peer$ or ('expert patient$' and 'personality disorder$')"),
        [
            Change(
                "search",
                "",
                "The documented search: the same terms, joined differently by AND, OR, NOT or brackets.",
            )
        ],
    ),
    (
        "layout",
        replace(BASE, text="'personality disorder$'\n  AND (('expert patient$' OR peer$))"),
        [Change("search", "", "The documented search: written differently, finds the same.")],
    ),
    (
        "syntax",
        replace(BASE, syntax="other"),
        [Change("search", "", "The documented search is now in the syntax other; it was in ovid.")],
    ),
    (
        "fields",
        replace(BASE, fields=("author_keywords", "title")),
        [
            Change(
                "fields",
                "",
                "Fields in which terms without a field are looked for: added author keywords; removed abstract.",
                ("author keywords",),
                ("abstract",),
            )
        ],
    ),
    (
        "dates",
        replace(BASE, since="2000-01-01", until=None),
        [
            Change("dates", "from", "Dates: from 2000-01-01 instead of inception.", ("2000-01-01",), ("inception",)),
            Change("dates", "to", "Dates: to no last day instead of 2025-08-15.", ("no last day",), ("2025-08-15",)),
        ],
    ),
    (
        "languages",
        replace(BASE, languages=()),
        [Change("languages", "", "Languages: removed English.", (), ("English",))],
    ),
    (
        "a concept's terms",
        replace(BASE, concepts=(StrategyConcept("Peer support", ("peer$", "mentor$")), BASE.concepts[1])),
        [
            Change(
                "concept",
                "Peer support",
                "Concept “Peer support”: added mentor$; removed expert patient$.",
                ("mentor$",),
                ("expert patient$",),
            )
        ],
    ),
    (
        "a concept's name",
        replace(BASE, concepts=(replace(BASE.concepts[0], name="Peers"), BASE.concepts[1])),
        [Change("concept", "Peers", "Concept “Peer support” is now called “Peers”.")],
    ),
    (
        "a concept more, one less",
        replace(BASE, concepts=(BASE.concepts[0], StrategyConcept("Setting", ("ward$",)))),
        [
            Change("concept", "Setting", "Concept “Setting” is new: ward$.", ("ward$",)),
            Change(
                "concept",
                "Disorder",
                "Concept “Disorder” is gone: personality disorder$.",
                (),
                ("personality disorder$",),
            ),
        ],
    ),
    (
        "order of concepts",
        replace(BASE, concepts=BASE.concepts[::-1]),
        [Change("concept", "", "The concepts stand in another order.")],
    ),
    (
        "order of terms",
        replace(BASE, concepts=(replace(BASE.concepts[0], terms=BASE.concepts[0].terms[::-1]), BASE.concepts[1])),
        [Change("concept", "Peer support", "Concept “Peer support”: the same terms, listed differently.")],
    ),
    (
        "a limit's reason",
        replace(BASE, limits=(StrategyLimit("English", "No time\nto translate."),)),
        [
            Change(
                "limit",
                "English",
                "Limit “English”: its reason is worded differently: No time to translate.",
            )
        ],
    ),
    (
        "no limit",
        replace(BASE, limits=()),
        [Change("limit", "English", "Limit “English” is gone.", (), ("English",))],
    ),
    (
        "a query",
        replace(BASE, sources=source("pubmed", query="(peer*[tiab] OR mentor*[tiab]) AND disorder*[tiab]")),
        [Change("query", "pubmed", "The query of PubMed (NCBI): added mentor*.", ("mentor*",))],
    ),
    (
        "fields of a query",
        replace(BASE, sources=source("embase", query="(peer$ and disorder$).ti,ab,kf.")),
        [
            Change(
                "query",
                "embase",
                "The query of Embase (Ovid): all terms are now looked for in title, abstract, author keywords, "
                "before in title, abstract.",
            )
        ],
    ),
    (
        "database",
        replace(BASE, sources=source("embase", database="Embase Classic+Embase")),
        [
            Change(
                "source",
                "embase",
                "Source embase: its database is now Embase Classic+Embase; it was Embase.",
                ("Embase Classic+Embase",),
                ("Embase",),
            )
        ],
    ),
    (
        "a source's slug",
        replace(BASE, sources=(replace(BASE.sources[0], slug="embase-ovid"), BASE.sources[1])),
        [
            Change(
                "source",
                "embase-ovid",
                "Source embase is now called embase-ovid: its records are those of another source from here on, and "
                "none of them is already known.",
                ("embase-ovid",),
                ("embase",),
            )
        ],
    ),
    (
        "a source more, one less",
        replace(
            BASE,
            sources=(BASE.sources[0], StrategySource("wos", "Web of Science", "Core", "Web of Science", "file", "x")),
        ),
        [
            Change("source", "wos", "Source wos is new: Core on Web of Science.", ("wos",)),
            Change(
                "source", "pubmed", "Source pubmed is gone: PubMed on NCBI is not searched any more.", (), ("pubmed",)
            ),
        ],
    ),
]


@pytest.mark.parametrize(("after", "expected"), [row[1:] for row in CHANGES], ids=[row[0] for row in CHANGES])
def test_each_change_is_told(after: Strategy, expected: list[Change]) -> None:
    assert list(differences(BASE, after)) == expected
    assert (text_difference(BASE, after) == "") == (not expected)


@pytest.mark.parametrize("after", [row[1] for row in CHANGES], ids=[row[0] for row in CHANGES])
def test_what_is_added_one_way_is_removed_the_other(after: Strategy) -> None:
    there, back = differences(BASE, after), differences(after, BASE)
    assert {(c.kind, item) for c in there for item in c.added} == {(c.kind, item) for c in back for item in c.removed}


SEARCHES: list[tuple[PlatformName, str, str, tuple[str, ...], tuple[str, ...], str]] = [
    ("ovid", "(a or b) and c", "a or (b and c)", (), (), "joined differently by AND"),
    ("ovid", "a not b", "a", (), ("b",), ""),
    ("ovid", "a and b", "a not b", (), (), "joined differently by AND"),
    ("ovid", "a adj3 b", "a adj4 b", ("a adj4 b",), ("a adj3 b",), ""),
    ("ovid", "exp Peer Group/", "Peer Group/", ("Peer Group/",), ("exp Peer Group/",), ""),
    ("ovid", "peer$.ti.", "peer*.ti.", (), (), "finds the same"),
    ("ovid", "1. a\n2. b\n3. 1 and 2", "a and b", (), (), "finds the same"),
    ("ovid", "1. a\n2. b\n3. 1 and 2", "1. a\n2. b or c\n3. 1 and 2", ("c",), (), ""),
    ("pubmed", "a[ti]", "a[tiab]", (), (), "a is now looked for in title, abstract, author keywords, before in title"),
    ("pubmed", "a[ti] AND english[la]", "a[ti]", (), ("english (language)",), ""),
    ("pubmed", "a[tiabb]", "a[tiabx]", ("a[tiabx]",), ("a[tiabb]",), "line by line"),
    ("pubmed", "a[ti] AND (b[ti]", "a[ti] AND b[ti]", ("a[ti] AND b[ti]",), ("a[ti] AND (b[ti]",), "line by line"),
    (
        "ebsco",
        "(TI a AND TI b) OR (AB a AND AB b)",
        "(TI a OR AB a) AND (TI b OR AB b)",
        (),
        (),
        "their fields are joined differently",
    ),
    ("wos", "TI=(a)\nAND\nTI=(b)", "TI=(a)\nAND\nTI=(c)", ("TI=(c)",), ("TI=(b)",), "line by line"),
]


@pytest.mark.parametrize(("platform", "before", "after", "added", "removed", "note"), SEARCHES)
def test_searches_are_compared_by_what_they_find(
    platform: PlatformName, before: str, after: str, added: tuple[str, ...], removed: tuple[str, ...], note: str
) -> None:
    (change,) = search_changes(Given(before, Dialect(platform)), Given(after, Dialect(platform)))
    assert (change.added, change.removed) == (added, removed)
    assert note in change.note
    assert bool(change.note) == bool(note)


def test_terms_without_a_field_are_not_the_same_on_another_platform() -> None:
    one, other = Given("a and b", Dialect("ovid")), Given("a AND b", Dialect("pubmed"))
    (change,) = search_changes(one, other)
    assert "looked for elsewhere" in change.note
    tagged = search_changes(Given("a.ti. and b.ti.", Dialect("ovid")), Given("a[ti] AND b[ti]", Dialect("pubmed")))
    assert [one.note for one in tagged] == ["written differently, finds the same"]


def test_a_search_of_an_unknown_platform_is_compared_by_lines() -> None:
    (change,) = search_changes(Given("a\nb", None), Given("b\na", None))
    assert (change.added, change.removed) == ((), ())
    assert "order" in change.note


def test_many_terms_are_cut_in_the_sentence_and_whole_in_the_data() -> None:
    terms = " or ".join(f"term{n}$" for n in range(2_000))
    (change,) = differences(BASE, replace(BASE, text=f"({terms} or {BASE.text[1:]}"))
    assert len(change.added) == 2_000
    assert change.sentence.endswith("and 1,992 more.")
    assert listed(["a", "b"]) == "a, b"
    assert listed(["x" * 5_000]) == "x" * 99 + "…"


def test_a_sentence_and_a_diff_hold_nothing_that_a_terminal_obeys_or_hides() -> None:
    after = replace(BASE, text="(peer\x1b[31m", concepts=(StrategyConcept("C", ("a\x1bb\u200b", "c\nd")),))
    for change in differences(BASE, after):
        assert change.sentence.isprintable(), change
    assert all(line.isprintable() for line in text_difference(BASE, after).splitlines())
    assert r"peer\x1b[31m" in text_difference(BASE, after)


DEEP = "(" * 95 + "a or b" + ")" * 95


@pytest.mark.parametrize("text", [DEEP, "(" * 5_000, " not ".join(f"w{n}" for n in range(3_000)), "a\n" * 5_000])
def test_searches_of_any_build_are_compared(text: str) -> None:
    one, other = Given(text, Dialect("ovid")), Given(text + " or c", Dialect("ovid"))
    assert search_changes(one, other)
    assert len(differences(replace(BASE, text=text), BASE)[0].sentence) < 2_000


texts = st.text(st.sampled_from("ab\n é“"), max_size=6)
slugs = st.sampled_from(["a", "b", "c"])
strategies = st.builds(
    Strategy,
    text=st.sampled_from(["a", "a or b", "a and b", "(a", "b or a"]),
    syntax=st.sampled_from(["ovid", "other"]),
    fields=st.sampled_from([("title",), ("abstract", "title")]),
    since=st.sampled_from([None, "2000-01-01"]),
    until=st.sampled_from([None, "2025-01-01"]),
    languages=st.sampled_from([(), ("English",), ("English", "German")]),
    concepts=st.lists(
        st.builds(StrategyConcept, slugs, st.lists(texts, max_size=2).map(tuple)),
        max_size=3,
        unique_by=lambda c: c.name,
    ).map(tuple),
    limits=st.lists(st.builds(StrategyLimit, slugs, texts), max_size=2, unique_by=lambda c: c.what).map(tuple),
    sources=st.lists(
        st.builds(
            StrategySource,
            slugs,
            texts,
            texts,
            st.sampled_from(["Ovid", "Nowhere"]),
            st.just("file"),
            st.sampled_from(["a", "a or b", "b or a", "(a", "a\nb"]),
        ),
        max_size=3,
        unique_by=lambda s: s.slug,
    ).map(lambda found: tuple(sorted(found, key=lambda s: s.slug))),
)


@settings(deadline=None, max_examples=examples(200))
@given(strategies, strategies)
def test_a_change_is_told_exactly_where_there_is_one(one: Strategy, other: Strategy) -> None:
    assert (differences(one, other) == ()) == (one == other)
    assert differences(one, one) == ()
    for change in differences(one, other):
        assert change.sentence.endswith(".") or change.kind == "limit"


@settings(deadline=None, max_examples=examples(100))
@given(strategies)
def test_a_strategy_comes_back_from_json(one: Strategy) -> None:
    assert strategy_from_json(one.json) == one
    assert strategy_from_json(one.json).sha256 == one.sha256
