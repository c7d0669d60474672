"""New records against known ones, decisions, releases."""

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pytest

import dedup

SALT = {
    "title": "Salt intake and blood pressure in coastal villages",
    "authors": ["Okonkwo, Ada", "Second, Sam"],
    "year": 2011,
    "journal": "Journal of Coastal Medicine",
    "volume": "12",
    "issue": "3",
    "pages": "123-129",
}


@pytest.fixture(scope="module")
def salt(normalised):
    """Five records of one work, none identical."""
    return normalised(
        [
            SALT,
            SALT | {"pages": "123-9", "issue": None},
            SALT | {"title": "SALT intake & blood pressure in coastal villages: a survey"},
            SALT | {"authors": ["Okonkwo A."], "journal": "J Coast Med"},
            SALT | {"year": 2012, "doi": "10.5555/salt"},
        ]
    )


def of(table: pa.Table, *ids: int) -> pa.Table:
    return table.filter(pc.is_in(table["record_id"], pa.array(ids, pa.int64())))


def rows(outcome: dedup.Outcome, outcome_name: str) -> list[tuple[int, int, str]]:
    return [(v["x_id"], v["y_id"], v["rule"]) for v in outcome.verdicts.to_pylist() if v["outcome"] == outcome_name]


def test_an_update_gives_what_all_at_once_gives(normalised, run, works, groups_of) -> None:
    records = [record for work in works for record in work]
    table = normalised(records)
    at_once = run(table)
    groups = groups_of(at_once)
    assert len(set(groups.values())) == len(works)
    first, second = [i for i in groups if i % 3 != 1], [i for i in groups if i % 3 == 1]
    known = run(of(table, *first))
    later = run(of(table, *second), of(table, *first), groups=list(groups_of(known).items()))
    assert groups_of(later) == groups
    touched = set(second)
    assert all(touched & {v["x_id"], v["y_id"]} for v in later.verdicts.to_pylist())


def test_known_records_are_not_compared_with_each_other(salt, run, groups_of) -> None:
    outcome = run(of(salt, 5), of(salt, 1, 2).slice(0), groups=[(1, 1), (2, 2)])
    assert groups_of(outcome) == {1: 1, 2: 1, 5: 1}
    untouched = run(dedup.NORMALISED.empty_table(), of(salt, 1, 2), groups=[(1, 1), (2, 2)])
    assert groups_of(untouched) == {1: 1, 2: 2}
    assert untouched.verdicts.num_rows == 0


def test_released_groups_are_kept_under_their_smallest_record(salt, normalised, run, groups_of) -> None:
    other = normalised([{"record_id": 9, "title": "Choir singing as breathing therapy"}])
    known = pa.concat_tables([of(salt, 2, 3), other])
    groups = [(2, 77), (3, 99), (9, 77)]
    outcome = run(of(salt, 1), known, groups=groups, released=[(2, 501), (9, 501)])
    assert groups_of(outcome) == {1: 1, 2: 1, 3: 1, 9: 1}
    assert rows(outcome, "possible") == [(2, 9, "released_together")]
    (asked,) = [v["evidence"] for v in outcome.verdicts.to_pylist() if v["outcome"] == "possible"]
    assert asked.startswith("released as one report, and would not be joined today; ")
    assert groups_of(run(of(salt, 1), known, groups=groups)) == {1: 1, 2: 1, 3: 1, 9: 9}, "not released: made anew"
    alone = run(dedup.NORMALISED.empty_table(), known, groups=[(2, 3), (9, 3)])
    assert groups_of(alone) == {2: 2, 3: 3, 9: 2}


def test_different_released_reports_are_never_joined(salt, run, groups_of) -> None:
    outcome = run(of(salt, 3), of(salt, 1, 2), groups=[(1, 1), (2, 2)], released=[(1, 501), (2, 502)])
    groups = groups_of(outcome)
    assert groups[1] != groups[2]
    assert groups[3] in (groups[1], groups[2])
    assert rows(outcome, "possible") == [(1, 2, "both_released")]
    (asked,) = [v["evidence"] for v in outcome.verdicts.to_pylist() if v["outcome"] == "possible"]
    assert "already released as two reports: records 1 and 2" in asked


def test_identical_records_do_not_join_released_reports(normalised, run, groups_of) -> None:
    table = normalised([SALT, SALT, SALT])
    outcome = run(of(table, 3), of(table, 1, 2), groups=[(1, 1), (2, 2)], released=[(1, 501), (2, 502)])
    assert groups_of(outcome) == {1: 1, 2: 2, 3: 1}
    assert rows(outcome, "possible") == [(1, 2, "both_released")]


def test_a_person_joins_released_reports(salt, run, groups_of) -> None:
    outcome = run(
        of(salt, 3), of(salt, 1, 2), groups=[(1, 1), (2, 2)], released=[(1, 501), (2, 502)], together=[(1, 2)]
    )
    assert set(groups_of(outcome).values()) == {1}


def test_apart_holds_through_the_group(salt, run, groups_of) -> None:
    outcome = run(salt, apart=[(2, 1)])
    groups = groups_of(outcome)
    assert groups[1] != groups[2]
    assert set(groups.values()) == {1, 2}
    assert (1, 2) not in {(v["x_id"], v["y_id"]) for v in outcome.verdicts.to_pylist()}


def test_apart_opens_a_stored_group(salt, run, groups_of) -> None:
    outcome = run(dedup.NORMALISED.empty_table(), salt, groups=[(i, 1) for i in range(1, 6)], apart=[(1, 2)])
    groups = groups_of(outcome)
    assert groups[1] != groups[2]
    assert set(groups.values()) == {1, 2}


def test_a_group_that_only_a_person_joined_holds_beside_a_parting(salt, normalised, run, groups_of) -> None:
    other = normalised([{"record_id": 9, "title": "Choir singing as breathing therapy", "year": 1990}])
    known = pa.concat_tables([of(salt, 1, 2), other])
    outcome = run(
        dedup.NORMALISED.empty_table(), known, groups=[(1, 1), (2, 1), (9, 1)], apart=[(1, 2)], together=[(2, 9)]
    )
    assert groups_of(outcome) == {1: 1, 2: 2, 9: 2}


def test_identical_records_parted_by_a_person_stay_parted(normalised, run, groups_of) -> None:
    table = normalised([SALT, SALT, SALT])
    groups = groups_of(run(table, apart=[(1, 3)]))
    assert groups[1] != groups[3]


def test_together_outranks_a_veto(normalised, run, groups_of) -> None:
    table = normalised([SALT | {"pmid": "1"}, SALT | {"pmid": "2"}])
    assert groups_of(run(table)) == {1: 1, 2: 2}
    assert rows(run(table), "distinct") == [(1, 2, "pmid_differs")]
    assert groups_of(run(table, together=[(1, 2)])) == {1: 1, 2: 1}


def test_the_same_accession_is_the_same_record(normalised, run, groups_of) -> None:
    twice = {"source": "embase", "identity": "acc:1"}
    table = normalised(
        [
            SALT | twice,
            {"title": "Quite another title after a correction"} | twice,
            SALT | twice | {"source": "medline"},
        ]
    )
    outcome = run(table)
    assert groups_of(outcome) == {1: 1, 2: 1, 3: 1}
    assert (1, 2, "same_accession") in rows(outcome, "duplicate")


def test_a_record_between_two_that_contradict_joins_the_better_one(normalised, run, groups_of) -> None:
    abstract = {"pages": "S57", "volume": "40", "journal": "Annals of Calm", "year": 2011, "issue": "Suppl 1"}
    table = normalised([SALT, SALT | abstract, SALT | abstract | {"pages": "S57-S58", "authors": ["Okonkwo A."]}])
    assert groups_of(run(table)) == {1: 1, 2: 2, 3: 2}


def test_a_bare_record_between_two_that_contradict_is_asked_about(normalised, run, groups_of) -> None:
    abstract = {"pages": "S57", "volume": "40", "journal": "Annals of Calm", "issue": None}
    bare = {"journal": None, "volume": None, "issue": None, "pages": None}
    outcome = run(normalised([SALT, SALT | abstract, SALT | bare]))
    assert groups_of(outcome) == {1: 1, 2: 2, 3: 3}
    assert rows(outcome, "possible") == [(1, 3, "weak_bridge"), (2, 3, "weak_bridge")]


def test_a_supplement_doi_is_no_evidence(normalised, run, groups_of) -> None:
    shared = {"doi": "10.5555/supplement", "year": 2017, "journal": "Joint and Snow", "volume": "60"}
    table = normalised(
        [
            {"title": "Choir singing as breathing therapy in asthma", "pages": "S299"} | shared,
            {"title": "Hospital gardens and length of stay", "pages": "S259"} | shared,
            {"title": "Walking groups for widowed men", "pages": "S548"} | shared,
        ]
    )
    outcome = run(table)
    assert groups_of(outcome) == {1: 1, 2: 2, 3: 3}
    assert outcome.verdicts.num_rows == 0


def test_an_export_counter_is_no_issue(normalised, run, groups_of) -> None:
    def export(number: int, counter: int) -> dict[str, object]:
        return SALT | {
            "title": f"{'abcdefghijklmnopqrstuvwxyz'[number % 26] * 30} {number // 26}",
            "issue": str(counter),
        }

    unlike = [export(number, number + 1) | {"volume": str(number), "pages": str(number)} for number in range(60)]
    twins = [SALT | {"pages": None, "issue": "71", "source": "x"}, SALT | {"pages": None, "issue": "75", "source": "x"}]
    table = normalised([dict(row, source="x") for row in unlike] + twins)
    assert groups_of(run(table))[62] == 61


def test_common_keys_are_capped_and_named(normalised, run) -> None:
    table = normalised([SALT | {"authors": [f"{'abcdefgh'[n]}name, A."], "pages": str(n)} for n in range(8)])
    assert run(table, key_cap=60).capped.num_rows == 0
    capped = run(table, key_cap=4).capped.to_pylist()
    assert capped
    assert {row["records"] for row in capped} == {8}


def test_evidence_is_readable(normalised, run) -> None:
    table = normalised(
        [SALT | {"doi": "10.5555/salt"}, SALT | {"doi": "10.5555/SALT", "pages": "123-9", "journal": None}]
    )
    (verdict,) = run(table).verdicts.to_pylist()
    assert verdict["evidence"] == (
        "same DOI; title 100; first author same; year 2011; volume 12; pages 123-129 = 123-9"
    )


def test_nothing_stays_on_the_connection_after_an_error(salt) -> None:
    con = duckdb.connect()
    keys = dedup.keys(con, salt)
    pairs = pa.table({"x_id": [1], "y_id": [2]})
    with pytest.raises(dedup.errors.DecisionsContradict):
        dedup.deduplicate(con, salt, of(salt), keys, keys.slice(0, 0), together=pairs, apart=pairs)
    assert con.execute("SELECT count(*) FROM information_schema.tables").fetchall() == [(0,)]


def test_years_that_differ_by_one_meet_under_a_common_key(normalised, run, groups_of) -> None:
    base = {"title": "Salt intake and blood pressure in coastal villages", "journal": "Journal of Salt"}
    rows = [
        base | {"authors": [author], "year": year}
        for author, year in (
            ("Okonkwo, Ada", 2009), ("Rossi, Carla", 2009), ("Tanaka, Yuki", 2009), ("Smith, John", 2009),
            ("Nguyen, Lan", 2010), ("Nguyen, L.", 2011),
        )
    ]  # fmt: skip
    groups = groups_of(run(normalised(rows), key_cap=3))
    assert groups[5] == groups[6], "no key but the title's brings them together"
