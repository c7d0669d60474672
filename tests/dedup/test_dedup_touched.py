"""What new records touch of a stored collection, and that the rest of it changes nothing."""

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pytest

import dedup

STORED = dedup.Stored("a collection's records", "kept_keys", "kept_groups", "kept_released")


def of(table: pa.Table, ids: set[int]) -> pa.Table:
    return table.filter(pc.is_in(table["record_id"], pa.array(sorted(ids), pa.int64())))


@pytest.fixture
def store(con):
    """Keep a collection in tables of its own connection: records, keys, groups, released reports."""
    base = duckdb.connect()

    def keep(records: pa.Table, groups: dict[int, int], released: bool = False) -> duckdb.DuckDBPyConnection:
        ids = [pa.array(column, pa.int64()) for column in (list(groups), list(groups.values()))]
        named = {
            STORED.records: records,
            STORED.keys: dedup.keys(con, records),
            STORED.groups: pa.table(ids, schema=dedup.STORED_GROUPS),
            "kept_released": pa.table(ids if released else [c.slice(0, 0) for c in ids], schema=dedup.RELEASED),
        }
        for name, table in named.items():
            base.register("given", table)
            base.execute(f'CREATE OR REPLACE TABLE "{name}" AS FROM given')
            base.unregister("given")
        return base

    yield keep
    left = base.execute("SELECT table_name FROM duckdb_tables() WHERE table_name LIKE 'dedup_%'").fetchall()
    assert left == []
    base.close()


def compared(con, base, new, **words) -> dedup.Outcome:
    keys = dedup.keys(con, new)
    met = dedup.touched(base, new, keys, STORED, **words)
    return dedup.deduplicate(
        con, new, met.records, keys, met.keys, groups=met.groups, released=met.released, facts=met.facts, **words
    )


def test_what_is_touched_gives_what_everything_gives(con, store, normalised, run, works, groups_of) -> None:
    table = normalised([record for work in works for record in work])
    ids = set(range(1, table.num_rows + 1))
    new = {number for number in ids if number % 3 == 1 and number < 13}
    known = run(of(table, ids - new))
    base = store(of(table, ids - new), groups_of(known))
    whole = run(of(table, new), of(table, ids - new), groups=list(groups_of(known).items()))
    part = compared(con, base, of(table, new))
    assert part.verdicts == whole.verdicts
    assert set(groups_of(part)) < set(groups_of(whole))
    assert groups_of(part).items() <= groups_of(whole).items()


def test_stored_tables_may_hold_the_new_records_too(con, store, normalised, run, works, groups_of) -> None:
    table = normalised([record for work in works[:2] for record in work])
    base = store(table, {1: 1, 2: 1, 4: 4, 5: 4})
    outcome = compared(con, base, of(table, {3, 6}))
    assert groups_of(outcome) == {1: 1, 2: 1, 3: 1, 4: 4, 5: 4, 6: 4}


def test_whole_groups_and_decided_records_come_along(con, store, normalised, works, groups_of) -> None:
    table = normalised([record for work in works[:3] for record in work])
    base = store(of(table, set(range(2, 10))), {2: 7, 9: 7, 3: 3, 4: 4, 5: 5}, released=True)
    new = of(table, {1})
    apart = pa.table([[5], [6]], schema=dedup.DECIDED)
    met = dedup.touched(base, new, dedup.keys(con, new), STORED, apart=apart)
    assert met.records["record_id"].to_pylist() == [2, 3, 5, 6, 9]
    assert sorted(met.groups["record_id"].to_pylist()) == [2, 3, 5, 9]
    assert set(met.released["report"].to_pylist()) == {3, 5, 7}


def test_what_the_whole_collection_tells_is_told(con, store, normalised, groups_of) -> None:
    twin = {"title": "Salt intake and blood pressure in coastal villages", "authors": ["Okonkwo, Ada"], "source": "x"}
    twin |= {"year": 2011, "journal": "Journal of Coastal Medicine", "volume": "12"}
    unlike = [
        {"title": f"{'abcdefghijklmnopqrstuvwxyz'[n % 26] * 30} {n // 26}", "issue": str(n + 1), "source": "x"}
        for n in range(60)
    ]
    table = normalised([*unlike, twin | {"issue": "71"}, twin | {"issue": "75"}])
    base = store(of(table, set(range(1, 61))), {n: n for n in range(1, 61)})
    outcome = compared(con, base, of(table, {61, 62}))
    assert groups_of(outcome) == {61: 61, 62: 61}
