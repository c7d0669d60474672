"""Each veto and rule by its evidence alone."""

import json

import pyarrow as pa
import pytest

import dedup
from dedup.alike import alike, signed, signs
from dedup.beside import COMPARED_BY
from dedup.compare import compare
from dedup.crew import Parcel
from dedup.decide import decide
from dedup.rules import ASK, CERTAIN, MERGE, RELATED
from dedup.scratch import scratch
from dedup.vetoes import VETOES

SILENT = dict.fromkeys(
    ("doi", "pmid", "journal", "volume", "issue", "first_page", "last_page", "authors", "abstract"), 0
)
PLAIN = {
    "title": 100, "title_words": 100, "begins": True, "shorter": 60, "longer": 60, "title_same": True, "year_gap": 0,
    "only_one": "",
} | SILENT  # fmt: skip
FLAGS = (
    "generic", "first_author", "supplement", "same_identity", "same_content", "marks_differ", "noticed",
    "registry_differs", "words_differ", "lists_differ", "serial", "several_pages", "front_page", "near_page",
    "issue_alone", "same_registry", "other_placed", "trial_shared", "reviews", "parts_differ", "part_alone",
    "numbers_differ", "numbers_alone", "doi_version", "doi_shared", "opposed", "headed", "of_congress", "journals_kin",
    "yearly", "continued",
)  # fmt: skip
PLACE = {"volume": 1, "first_page": 1, "last_page": 1, "journal": 1, "authors": 1}
UNLIKE = {"title": 40, "title_words": 40, "begins": False, "title_same": False}
UNTITLED = {"title": -1, "title_words": 0, "begins": False, "title_same": False, "shorter": 0}

EXPECTED = [
    # what differs from a pair that agrees in its title and is silent otherwise, outcome, rule
    ({"same_identity": True, "pmid": -1}, "duplicate", "same_accession"),
    ({"same_content": True, "generic": True}, "duplicate", "identical_fields"),
    (PLACE | {"pmid": -1}, "distinct", "pmid_differs"),
    (PLACE | {"marks_differ": True}, "distinct", "marks_differ"),
    (PLACE | {"registry_differs": True}, "distinct", "registry_differs"),
    (PLACE | {"parts_differ": True, "generic": True}, "distinct", "parts_differ"),
    (PLACE | {"parts_differ": True}, "related", "parts_of_a_series"),
    (PLACE | {"doi": -1, "doi_version": True, "generic": True}, "distinct", "doi_version"),
    (PLACE | {"doi": -1, "doi_version": True}, "related", "versions_of_a_review"),
    (PLACE | {"marks_differ": True, "noticed": True}, "related", "notice_and_article"),
    ({"journal": 1, "authors": -1, "marks_differ": True, "noticed": True}, "related", "notice_and_article"),
    (UNLIKE | {"journal": 1, "authors": 1, "marks_differ": True, "noticed": True}, None, None),
    ({"journal": 1, "authors": 1, "numbers_differ": True}, "distinct", "numbers_differ"),
    (PLACE | {"first_page": -1, "last_page": 0, "supplement": True, "abstract": 1}, "distinct", "supplement_page"),
    (PLACE | {"year_gap": 3}, "distinct", "years_apart"),
    ({"doi": 1, "year_gap": 3}, "distinct", "years_apart"),
    ({"doi": -1, "journal": 1, "volume": 1, "authors": 1}, "distinct", "doi_differs"),
    (PLACE | {"volume": -1, "first_page": -1, "last_page": 0, "pmid": 1}, "possible", "same_pmid_contradicted"),
    (PLACE | {"doi": -1}, "duplicate", "title_and_full_place"),
    (PLACE | {"doi": -1, "authors": -1}, "distinct", "doi_differs"),
    ({"doi": -1, "first_page": 1, "journal": 1, "authors": 1, "abstract": 1}, "duplicate", "title_page_journal"),
    ({"journal": -1, "volume": -1, "first_page": 1, "authors": 1}, None, None),
    ({"volume": 1, "journal": 1, "issue": -1, "authors": 1}, "distinct", "issue_differs"),
    (PLACE | {"generic": True, "front_page": True, "year_gap": 2}, "distinct", "generic_title"),
    (PLACE | {"generic": True, "year_gap": 2}, "duplicate", "title_volume_page"),
    (PLACE | {"volume": -1, "year_gap": 1, "front_page": True, "last_page": 0}, None, None),
    (PLACE | {"volume": -1, "year_gap": 0, "front_page": True, "last_page": 0}, "duplicate", "title_page_journal"),
    (PLACE | {"generic": True, "front_page": True, "issue_alone": True}, "possible", "generic_title_on_front_page"),
    (PLACE | {"journal": 0, "only_one": "preprint", "other_placed": True, "first_page": 0, "last_page": 0},
     "related", "preprint_and_article"),
    (PLACE | UNLIKE | {"journal": 0, "only_one": "preprint", "other_placed": True, "first_page": 0}, None, None),
    (PLACE | {"only_one": "preprint", "other_placed": True}, "duplicate", "title_and_full_place"),
    ({"only_one": "registration", "other_placed": True, "authors": 1}, "related", "registration_and_results"),
    (UNLIKE | {"only_one": "registration", "other_placed": True, "trial_shared": True, "authors": -1},
     "related", "registration_and_results"),
    (UNLIKE | {"only_one": "registration", "other_placed": True}, None, None),
    (PLACE | {"only_one": "registration", "other_placed": True, "authors": -1}, "distinct", "registration_and_report"),
    ({"only_one": "abstract", "journal": -1, "authors": 1}, "related", "abstract_and_paper"),
    ({"only_one": "abstract", "journal": -1, "volume": 1, "authors": 1}, "possible", "title_alike"),
    (PLACE | {"only_one": "abstract", "first_page": -1, "supplement": True, "last_page": 0}, "related",
     "abstract_and_paper"),
    (PLACE | {"reviews": True, "year_gap": 2, "issue": -1, "first_page": 0, "last_page": 0}, "related",
     "review_and_update"),
    (PLACE | {"reviews": True, "year_gap": 1, "first_page": -1, "last_page": 0, "title": 86, "title_same": False,
     "begins": False}, None, None),
    ({"journal": 1, "authors": 1, "volume": 1, "title": 97, "opposed": True}, "possible", "words_opposed"),
    (PLACE | {"title": 97, "opposed": True}, "duplicate", "title_and_full_place"),
    ({"doi": 1, "title": 97, "opposed": True, "of_congress": True}, "possible", "words_opposed"),
    ({"journal": 1, "authors": 1, "volume": 1, "headed": True}, "possible", "title_headed"),
    ({"journal": 1, "authors": 1, "volume": 1, "continued": True}, "possible", "title_continued"),
    (PLACE | {"continued": True}, "duplicate", "title_and_full_place"),
    ({"only_one": "thesis", "other_placed": True, "authors": 1, "first_author": True}, "possible",
     "thesis_and_article"),
    (PLACE | {"only_one": "thesis", "other_placed": True}, "duplicate", "title_and_full_place"),
    ({"yearly": True, "journal": 1, "authors": 1, "year_gap": 1}, "possible", "reports_of_two_years"),
    (PLACE | {"yearly": True, "year_gap": 1}, "duplicate", "title_and_full_place"),
    (PLACE | {"headed": True}, "duplicate", "title_and_full_place"),
    (PLACE | {"authors": -1, "issue": 1}, "possible", "authors_differ"),
    (PLACE | {"authors": -1, "issue": 1, "several_pages": True}, "duplicate", "title_and_full_place"),
    ({"reviews": True, "year_gap": 1, "journal": 1, "authors": 1}, "possible", "reviews_of_two_years"),
    ({"journals_kin": True, "authors": 1, "first_author": True}, "possible", "journals_of_one_family"),
    ({"doi": 1, "first_page": 1, "title": 90, "of_congress": True, "words_differ": True}, "possible",
     "abstracts_of_one_number"),
    ({"journal": 1, "authors": 1, "words_differ": True}, "possible", "words_differ"),
    (PLACE | {"words_differ": True}, "duplicate", "title_and_full_place"),
    ({"journal": 1, "authors": 1, "lists_differ": True}, "possible", "author_lists_differ"),
    ({"journal": 1}, "duplicate", "title_and_journal"),
    ({"journal": 1, "year_gap": 1}, "possible", "title_alike"),
    ({"same_registry": True}, "duplicate", "same_registration"),
    ({"serial": True, "generic": True, "volume": 1, "issue": 1, "journal": 1, "authors": 1}, "duplicate",
     "title_issue_journal"),
    ({"generic": True, "volume": 1, "issue": 1, "journal": 1, "authors": 1}, "possible", "generic_title_same_issue"),
    ({"journal": -1, "volume": 1, "issue": 1, "authors": 1, "first_author": True}, "duplicate", "title_author_issue"),
    (PLACE | UNLIKE | {"title": 65, "issue": 1, "several_pages": True, "first_author": True}, "duplicate",
     "pages_and_authors"),
    ({"authors": 1, "journal": 1, "volume": 1, "first_page": -1, "near_page": True}, "duplicate",
     "title_author_volume"),
    ({"authors": 1, "journal": 1, "volume": 1, "first_page": -1}, "possible", "title_alike"),
    ({"authors": 1, "journal": 1, "volume": 1, "issue": 1, "first_page": -1}, "possible", "title_alike"),
    (UNTITLED | {"doi": 1, "year_gap": 0, "journal": 1}, "duplicate", "same_doi_without_title"),
    (UNTITLED | {"doi": 1}, "possible", "same_doi_no_title"),
    (UNTITLED | {"volume": 1, "first_page": 1, "journal": 1}, "possible", "place_no_title"),
    (UNTITLED | {"abstract": 1, "authors": 1}, "possible", "text_no_title"),
    (PLACE | {"volume": 0, "first_page": 0, "last_page": 0, "title": 60, "title_same": False, "shorter": 20},
     "possible", "short_title_alike"),
    ({"doi": 1, "first_page": -1, "journal": 1, "authors": 1}, "possible", "same_doi_other_title"),
    (PLACE | {"generic": True, "authors": -1}, "distinct", "generic_title"),
    (PLACE | {"generic": True}, "duplicate", "title_and_full_place"),
    ({"journal": 1, "authors": 1, "part_alone": True}, "possible", "part_alone"),
    ({"journal": 1, "authors": 1, "numbers_alone": True}, "possible", "numbers_alone"),
    ({"doi": 1, "numbers_differ": True}, "possible", "numbers_in_title"),
    ({"volume": 1, "journal": 1, "year_gap": 2}, "possible", "years_two_apart"),
    ({"authors": 1, "journal": 1, "abstract": -1}, "possible", "abstracts_differ"),
    ({"pmid": 1}, "duplicate", "same_pmid"),
    ({"doi": 1}, "duplicate", "same_doi_and_title"),
    (PLACE, "duplicate", "title_and_full_place"),
    ({"volume": 1, "first_page": 1, "year_gap": 2}, "duplicate", "title_volume_page"),
    ({"first_page": 1, "journal": 1}, "duplicate", "title_page_journal"),
    ({"volume": 1, "journal": 1}, "duplicate", "title_volume_journal"),
    ({"authors": 1, "journal": 1}, "duplicate", "title_author_journal"),
    ({"authors": 1, "journal": 1, "volume": 1, "first_page": -1, "issue": 1, "near_page": True}, "duplicate",
     "title_author_volume"),
    ({"abstract": 1, "authors": 1, "year_gap": 2, "first_page": 0}, "possible", "years_two_apart"),
    ({"abstract": 1, "authors": 1}, "possible", "title_alike"),
    ({"abstract": 1, "authors": 1, "first_author": True, "year_gap": 1}, "duplicate", "title_abstract_author"),
    (PLACE | {"volume": 0, "title": 55, "title_same": False}, "duplicate", "short_title_and_pages"),
    ({"authors": 1, "first_author": True}, "duplicate", "title_author_year"),
    ({"authors": 1, "first_author": True, "year_gap": -1}, "possible", "title_alike"),
    (PLACE | UNTITLED, "duplicate", "place_without_title"),
    (UNLIKE | {"doi": 1, "title": 70}, "possible", "same_doi_other_title"),
    (UNLIKE | {"pmid": 1}, "possible", "same_pmid_contradicted"),
    (PLACE | UNLIKE, "possible", "place_other_title"),
    ({"title": 82, "title_same": False, "begins": False, "journal": 1, "authors": 1}, "possible", "title_alike"),
    ({"volume": -1, "first_page": -1, "journal": 1, "authors": 1}, None, None),
    ({}, "possible", "title_alone"),
    ({"longer": 30}, None, None),
    (UNTITLED | {"journal": 1, "volume": 1, "issue": 1}, None, None),
]  # fmt: skip


@pytest.fixture(scope="module")
def judged(con):
    """Verdicts on the rows above; `wide` has the columns and types that `compare` makes."""
    with scratch(con) as space:
        rows = []
        for number, (differs, _, _) in enumerate(EXPECTED):
            rows.append(PLAIN | dict.fromkeys(FLAGS, False) | differs | {"x_id": number, "y_id": number + 1})
        space.lend("evidence", pa.Table.from_pylist(rows))
        return space.read(f"SELECT * FROM ({decide('FROM dedup_evidence')}) ORDER BY x_id").to_pylist()


@pytest.mark.parametrize("number", range(len(EXPECTED)))
def test_the_rule_that_holds(judged, number) -> None:
    differs, outcome, rule = EXPECTED[number]
    row = judged[number]
    assert row["outcome"] == outcome, (differs, row["rule"])
    if outcome:
        assert row["rule"] == rule


def test_every_rule_and_veto_is_met_by_a_case(judged) -> None:
    met = {row[kind] for row in judged for kind in ("rule", "hard", "soft", "merge", "certain", "ask", "related")}
    assert {rule.name for rule in (*CERTAIN, *VETOES, *MERGE, *ASK, *RELATED)} <= met


def test_the_score_is_monotone(con) -> None:
    fields = list(SILENT)
    rows = [PLAIN | dict.fromkeys(FLAGS, False) | {"x_id": 0, "y_id": 1}]
    for number, field in enumerate(fields, 1):
        rows += [rows[0] | {field: said, "x_id": number, "y_id": 100 + said} for said in (-1, 1)]
    with scratch(con) as space:
        space.lend("evidence", pa.Table.from_pylist(rows))
        judged = space.read(decide("FROM dedup_evidence"))
        found = {(r["x_id"], r["y_id"] - 100): r["score"] for r in judged.to_pylist()}
    for number in range(1, len(fields) + 1):
        assert found[number, -1] < found[0, -99] < found[number, 1]


def test_the_evidence_has_the_columns_that_the_rules_name(con, normalised) -> None:
    made = normalised([{"title": "Salt and pressure in villages"}, {"title": "Salt and pressure in valleys"}])
    facts = dict.fromkeys(("serial", "shared", "counter"), pa.array([False] * 2))
    records = pa.table(dict(zip(made.column_names, made.columns, strict=True)) | facts)
    pairs = pa.table({"x_id": [1], "y_id": [2]})
    with scratch(con) as space:
        looked = signed(pairs, signs(space, Parcel(records)).table)
        kept = alike(space, Parcel(looked), Parcel(records), True).table
        evidence = compare(space, kept, records.select(COMPARED_BY), records.select(["record_id", "abstract"]))
        (row,) = space.read(evidence).to_pylist()
    assert set(row) == {"x_id", "y_id", "words", "scores", *PLAIN, *FLAGS}
    assert None not in row.values()


def test_what_two_records_leave_out_they_have_not_in_common(con, normalised) -> None:
    records = normalised([{"title": "Salt and pressure in villages"}, {"title": "Choirs, sleep and winter light"}])
    with scratch(con) as space:
        looked = signed(pa.table({"x_id": [1], "y_id": [2]}), signs(space, Parcel(records)).table)
        assert alike(space, Parcel(looked), Parcel(records), False).table.num_rows == 0
    (row,) = looked.to_pylist()
    assert {name for name, said in row.items() if said is True} == {"near"}


def test_every_relation_is_a_declared_one() -> None:
    assert {rule.relation for rule in RELATED} <= set(dedup.RELATIONS)


def test_scores_name_the_fields_that_both_records_fill(normalised, run) -> None:
    base = {"title": "Salt and pressure in villages of the coast", "authors": ["Okonkwo, Ada"], "year": 2001}
    placed = base | {"journal": "Journal of Salt", "volume": "4", "pages": "10-19", "doi": "10.5555/salt.1"}
    rows = [placed, placed | {"issue": "2", "pages": "10-18"}, placed, base | {"source": "other", "abstract": "Salt."}]
    said = {(v["x_id"], v["y_id"]): json.loads(v["scores"]) for v in run(normalised(rows)).verdicts.to_pylist()}
    every = {"title": 100, "title_words": 100, "doi": 1, "journal": 1, "volume": 1, "first_page": 1, "year_gap": 0,
             "authors": 1}  # fmt: skip
    assert said[1, 2] == every | {"last_page": 0}, "one page more or less is no contradiction"
    assert said[1, 3] == every | {"last_page": 1}, "the third is the first again and was not compared"
    assert said[1, 4] == {"title": 100, "title_words": 100, "year_gap": 0, "authors": 1}


def test_a_relation_is_told_of_related_pairs_only(normalised, run) -> None:
    base = {"title": "Salt and pressure in villages of the coast", "authors": ["Okonkwo, Ada"], "year": 2001,
            "journal": "Journal of Salt", "volume": "4", "pages": "10-19"}  # fmt: skip
    notice = base | {"title": "Erratum: " + base["title"], "pages": "99"}
    verdicts = run(normalised([base, base | {"issue": "1"}, notice])).verdicts.to_pylist()
    assert [(v["outcome"], v["relation"]) for v in verdicts] == [
        ("duplicate", None), ("related", "notice"), ("related", "notice")
    ]  # fmt: skip
