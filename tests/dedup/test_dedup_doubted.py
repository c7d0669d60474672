"""Groups that hold what one report seldom bears: put to a person, with the reason, and asked once."""

import pyarrow as pa
import pytest

import dedup

PLACED = {
    "title": "Salt intake and blood pressure in coastal villages",
    "authors": ["Okonkwo, Ada", "Second, Sam"],
    "year": 2001,
    "journal": "Journal of Coastal Medicine",
    "volume": "10",
    "pages": "100-108",
}
TWO = [PLACED | {"doi": "10.5555/salt"}, PLACED | {"doi": "10.5555/tlas"}]
# Between the first and the last there is doubt; the one in the middle joins both.
THREE = [
    PLACED | {"title": "Salt and blood pressure in 12 coastal villages", "doi": "10.5555/salt", "pages": "100"},
    PLACED | {"title": "Salt and blood pressure in coastal villages", "abstract": "We asked and measured. " * 9},
    PLACED | {"title": "Salt and blood pressure in 13 coastal villages", "doi": "10.5555/tlas"},
]


def doubted(outcome: dedup.Outcome) -> list[tuple[int, int, str, str, str]]:
    return [
        (v["x_id"], v["y_id"], v["outcome"], v["rule"], v["evidence"].split("; ")[0])
        for v in outcome.verdicts.to_pylist()
        if dedup.DOUBTED in v["evidence"]
    ]


SENTENCE = "one report bears two DOIs: 10.5555/salt and 10.5555/tlas"


def test_the_pair_that_holds_a_group_together_stays_a_duplicate_and_says_why_it_is_doubted(
    normalised, run, groups_of
) -> None:
    outcome = run(normalised(TWO))
    assert groups_of(outcome) == {1: 1, 2: 1}
    assert doubted(outcome) == [(1, 2, "duplicate", "title_and_full_place", SENTENCE)]


def test_a_pair_that_holds_nothing_together_is_queued(normalised, run, groups_of) -> None:
    outcome = run(normalised(THREE))
    assert groups_of(outcome) == {1: 1, 2: 1, 3: 1}
    assert doubted(outcome) == [(1, 3, "possible", "cluster_two_dois", SENTENCE)]
    (queued,) = [v for v in outcome.verdicts.to_pylist() if v["outcome"] == "possible"]
    assert '"doi":-1' in queued["scores"]
    assert doubted(run(normalised(TWO[:1]))) == []


@pytest.mark.parametrize(
    ("field", "values", "rule", "words"),
    [
        ("pmid", ("101", "102"), "cluster_two_pmids", "one report bears two PMIDs: 101 and 102"),
        ("year", (2001, 2004), "cluster_far_years", "one report bears two years, three or more apart: 2001 and 2004"),
    ],
)
def test_what_a_person_joined_is_asked_about_only_where_the_person_did_not_see_it(
    field, values, rule, words, normalised, run, groups_of
) -> None:
    plain = {name: value for name, value in PLACED.items() if name != "year"}
    table = normalised([plain | {field: values[0]}, plain | {"issue": "2"}, plain | {field: values[1]}])
    seen = run(table, together=[(1, 3)])
    assert set(groups_of(seen).values()) == {1}
    assert doubted(seen) == []
    unseen = run(table, together=[(1, 2), (2, 3)])
    assert set(groups_of(unseen).values()) == {1}
    assert doubted(unseen) == [(1, 3, "possible", rule, words)]
    nothing = dedup.NORMALISED.empty_table()
    later = run(nothing, table, groups=[(1, 1), (2, 2), (3, 3)], together=[(1, 2), (2, 3)])
    assert doubted(later) == [(1, 3, "possible", rule, words)], "also of known records that a person joins now"


def test_a_persons_word_ends_the_question_either_way(normalised, run, groups_of) -> None:
    table = normalised(THREE)
    assert doubted(run(table, together=[(1, 3)])) == []
    apart = run(table, apart=[(1, 3)])
    assert doubted(apart) == []
    assert groups_of(apart)[1] != groups_of(apart)[3]


def test_two_known_records_are_not_asked_about_again(normalised, run, groups_of) -> None:
    table = normalised(THREE)
    known, new = table.slice(0, 1), table.slice(1)
    assert doubted(run(new, known)) == [(1, 3, "possible", "cluster_two_dois", SENTENCE)]
    known = pa.concat_tables([table.slice(0, 1), table.slice(2)])
    later = run(table.slice(1, 1), known, groups=[(1, 1), (3, 1)])
    assert set(groups_of(later).values()) == {1}
    assert doubted(later) == []
