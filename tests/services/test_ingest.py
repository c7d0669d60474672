"""Records of a run into the database: nothing lost, the same record recognised, changes versioned."""

from collections.abc import Iterator
from dataclasses import replace

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.record import RawRecord, Record, received_table
from livingsearch.services.ingest import Ingested, ingest
from livingsearch.store.migrate import migrate, migrations


@pytest.fixture(scope="module")
def shared() -> Iterator[duckdb.DuckDBPyConnection]:
    """A database for tests that leave nothing behind."""
    connection = database()
    yield connection
    connection.close()


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    connection = database()
    yield connection
    connection.close()


def database() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(config={"threads": 1})
    migrate(connection, migrations())
    return connection


def took_in(con: duckdb.DuckDBPyConnection, run_id: int, records: list[Record], source: str = "medline") -> Ingested:
    raw = [(RawRecord(n, "ris", "[]"), record) for n, record in enumerate(records, 1)]
    return ingest(con, received_table(raw), run_id=run_id, source=source)


A = Record(accession="1", title="Peer work", authors=("Barr, K",), year=2020)
B = Record(accession="2", title="Other work", year=2021)
NAMELESS = Record(title="No number", authors=("Lee, A",), year=2001)


def rows(con: duckdb.DuckDBPyConnection, query: str) -> list[tuple[object, ...]]:
    return con.execute(query).fetchall()


def test_new_records_get_ids_in_order(con: duckdb.DuckDBPyConnection) -> None:
    assert took_in(con, 1, [A, B, NAMELESS]) == Ingested(3, 3, 0)
    assert [r[0] for r in rows(con, "SELECT record_id FROM run_record ORDER BY position")] == [1, 2, 3]
    assert rows(con, "SELECT identity FROM record WHERE record_id = 1") == [("acc:1",)]


def test_the_same_records_again_are_no_new_ones(con: duckdb.DuckDBPyConnection) -> None:
    took_in(con, 1, [A, B, NAMELESS])
    assert took_in(con, 2, [NAMELESS, B, A]) == Ingested(3, 0, 0)
    assert rows(con, "SELECT count(*) FROM record") == [(3,)]
    assert rows(con, "SELECT count(*) FROM run_record") == [(6,)]


def test_other_metadata_under_the_same_name_is_a_new_version(con: duckdb.DuckDBPyConnection) -> None:
    took_in(con, 1, [A, B])
    assert took_in(con, 2, [replace(A, pages="1-9"), B]) == Ingested(2, 0, 1)
    assert rows(con, "SELECT version, pages FROM record_version WHERE record_id = 1 ORDER BY version") == [
        (1, None),
        (2, "1-9"),
    ]
    assert rows(con, "SELECT version FROM run_record WHERE run_id = 2 ORDER BY position") == [(2,), (1,)]


def test_the_same_name_in_two_sources_is_two_records(con: duckdb.DuckDBPyConnection) -> None:
    took_in(con, 1, [A], "medline")
    assert took_in(con, 2, [A], "pubmed") == Ingested(1, 1, 0)


def test_the_same_name_twice_in_one_run_is_two_occurrences(con: duckdb.DuckDBPyConnection) -> None:
    other = replace(A, database="prem")
    assert took_in(con, 1, [A, other]) == Ingested(2, 2, 0)
    assert took_in(con, 2, [other, A]) == Ingested(2, 0, 0), "in whatever order they come"
    assert rows(con, "SELECT occurrence FROM record ORDER BY 1") == [(1,), (2,)]


RECORDS = st.lists(
    st.builds(
        Record,
        accession=st.sampled_from([None, "1", "2", "3"]),
        title=st.sampled_from(["a", "b"]),
        pages=st.sampled_from([None, "1-2"]),
    ),
    max_size=6,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(runs=st.lists(RECORDS, min_size=1, max_size=4))
def test_count_in_is_count_out_whatever_comes(shared: duckdb.DuckDBPyConnection, runs: list[list[Record]]) -> None:
    con = shared
    con.execute("BEGIN")
    try:
        for run_id, records in enumerate(runs, 1):
            result = took_in(con, run_id, records)
            assert result.received == len(records)
            assert rows(con, f"SELECT count(*), count(DISTINCT record_id) FROM run_record WHERE run_id = {run_id}") == [
                (len(records), len(records))
            ]
            again = took_in(con, 100 + run_id, records)
            assert (again.first_seen, again.changed) == (0, 0)
        lost = rows(con, "SELECT * FROM run_record ANTI JOIN record_version USING (record_id, version)")
        assert lost == []
    finally:
        con.execute("ROLLBACK")
