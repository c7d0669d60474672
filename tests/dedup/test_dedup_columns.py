import pickle

import pyarrow as pa
import pytest

import dedup
from connectors.record import RECORD_SCHEMA
from dedup.errors import ColumnsDiffer, DecisionsContradict, DedupError, RecordIdsRepeat


def test_the_columns_wanted_are_those_of_the_canonical_record() -> None:
    own = {"record_id", "source", "identity"}
    for field in dedup.RECORDS:
        if field.name not in own:
            assert field.type == RECORD_SCHEMA.field(field.name).type, field.name
    assert own.isdisjoint(RECORD_SCHEMA.names)


def test_a_lacking_column_is_named(con) -> None:
    with pytest.raises(ColumnsDiffer, match="lacks source"):
        dedup.normalise(con, pa.table({"record_id": [1]}))
    with pytest.raises(ColumnsDiffer, match="normalised"):
        dedup.keys(con, dedup.RECORDS.empty_table())


def test_a_column_of_another_type_is_refused(con) -> None:
    table = dedup.RECORDS.empty_table().set_column(5, "authors", pa.array([], pa.list_(pa.int64())))
    broken = table.append_column("more", pa.array([], pa.string())).set_column(
        0, "record_id", pa.array([], pa.string())
    )
    assert dedup.normalise(con, broken).num_rows == 0
    with pytest.raises(ColumnsDiffer, match=r"record_id|parse"):
        row = {name: None for name in dedup.RECORDS.names} | {"record_id": "one"}
        schema = dedup.RECORDS.set(0, pa.field("record_id", pa.string()))
        dedup.normalise(con, pa.Table.from_pylist([row], schema=schema))


def test_record_ids_are_unique(normalised, run) -> None:
    table = normalised([{"title": "One and the same number on two rows"}])
    with pytest.raises(RecordIdsRepeat, match="1"):
        run(table, table)


def test_a_pair_has_one_last_word(normalised, run) -> None:
    table = normalised([{"title": "A title"}, {"title": "Another title"}])
    with pytest.raises(DecisionsContradict, match="1 and 2"):
        run(table, together=[(1, 2)], apart=[(2, 1)])


@pytest.mark.parametrize(
    "error", [ColumnsDiffer("new", "it lacks x"), RecordIdsRepeat([1, 2]), DecisionsContradict([(1, 2)])]
)
def test_errors_travel_between_processes(error: DedupError) -> None:
    copy = pickle.loads(pickle.dumps(error))
    assert (type(copy), str(copy), vars(copy)) == (type(error), str(error), vars(error))


def test_nothing_in_nothing_out(con, run) -> None:
    empty = dedup.NORMALISED.empty_table()
    outcome = run(empty)
    assert (outcome.verdicts.num_rows, outcome.groups.num_rows, outcome.capped.num_rows) == (0, 0, 0)
    assert outcome.verdicts.schema == dedup.VERDICTS
    assert outcome.groups.schema == dedup.GROUPS
    assert outcome.capped.schema == dedup.CAPPED
    assert dedup.keys(con, empty).schema == dedup.KEYS
