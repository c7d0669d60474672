"""Collections that come in parts: records made comparable, several parts at a time, and compared."""

from collections.abc import Iterable, Iterator

import duckdb
import pyarrow as pa

from dedup.block import keys
from dedup.columns import KEYS, NORMALISED
from dedup.crew import Crew, Parcel, packed
from dedup.kernel import Outcome, deduplicate
from dedup.normalise import normalise
from dedup.scratch import Scratch


def prepared(crew: Crew, parts: Iterable[pa.Table]) -> Iterator[tuple[pa.Table, pa.Table]]:
    """Normalised records and block keys of parts of a collection, in their order.

    No more parts are taken than the crew can take up; those that are too large for one hand are cut.

    Args:
        crew: who makes them.
        parts: tables of `RECORDS`, of some `AT_ONCE` records.

    Yields:
        A table of `NORMALISED` and one of `KEYS` for every part or piece of one.

    Raises:
        ColumnsDiffer: a part is not what its schema declares.
    """
    pieces = (part.slice(begin, crew.records) for part in parts for begin in range(0, part.num_rows, crew.records))
    for normalised, held in crew.each(_prepared, ((Parcel(piece),) for piece in pieces)):
        yield normalised.table, held.table


def deduplicate_parts(
    con: duckdb.DuckDBPyConnection, crew: Crew, parts: Iterable[pa.Table], *, buckets: int = 1
) -> Outcome:
    """Which records of a collection report the same thing, where nothing is known of it yet.

    Args:
        con: a DuckDB connection to work on; nothing stays on it.
        crew: who normalises and compares.
        parts: tables of `RECORDS`, of some `AT_ONCE` records.
        buckets: as `deduplicate` takes them.

    Raises:
        ColumnsDiffer: a part is not what its schema declares.
        RecordIdsRepeat: a record id stands twice.
    """
    nothing, no_keys = NORMALISED.empty_table(), KEYS.empty_table()
    records, held = [nothing], [no_keys]
    for normalised, part_keys in prepared(crew, parts):
        records.append(normalised)
        held.append(part_keys)
    return deduplicate(con, _joined(records), nothing, _joined(held), no_keys, crew=crew, buckets=buckets)


def _joined(parts: list[pa.Table]) -> pa.Table:
    """The rows of all parts, which leave the list: `deduplicate` gives back what it has read."""
    table = pa.concat_tables(parts)
    parts.clear()
    return table


def _prepared(space: Scratch, records: Parcel) -> tuple[Parcel, Parcel]:
    normalised = normalise(space.con, records.table)
    return Parcel(packed(normalised)), Parcel(packed(keys(space.con, normalised)))
