"""Collections that come in parts: records made comparable, several parts at a time, and compared."""

from collections.abc import Iterable, Iterator

import duckdb
import pyarrow as pa

from dedup.block import keys
from dedup.buckets import Buckets
from dedup.columns import KEYS, NORMALISED
from dedup.crew import Parcel, in_threads, packed
from dedup.kernel import Outcome, deduplicate
from dedup.normalise import normalise
from dedup.scratch import Scratch


def prepared(parts: Iterable[pa.Table], *, workers: int = 1) -> Iterator[tuple[pa.Table, pa.Table]]:
    """Normalised records and block keys of parts of a collection, in their order.

    Each worker has a database in memory; no more parts are taken than the workers can take up.

    Args:
        parts: tables of `RECORDS`; some 50,000 records make a good part.
        workers: threads.

    Yields:
        A table of `NORMALISED` and one of `KEYS` for every part.

    Raises:
        ColumnsDiffer: a part is not what its schema declares.
    """
    with in_threads(workers) as crew:
        for normalised, held in crew.each(_prepared, ((Parcel(part),) for part in parts)):
            yield normalised.table, held.table


def deduplicate_parts(
    con: duckdb.DuckDBPyConnection, parts: Iterable[pa.Table], *, workers: int = 1, buckets: Buckets | None = None
) -> Outcome:
    """Which records of a collection report the same thing, where nothing is known of it yet.

    Args:
        con: a DuckDB connection to work on; nothing stays on it.
        parts: tables of `RECORDS`; some 50,000 records make a good part.
        workers: threads.
        buckets: processes that share the comparing, as `deduplicate` takes them.

    Raises:
        ColumnsDiffer: a part is not what its schema declares.
        RecordIdsRepeat: a record id stands twice.
    """
    nothing, no_keys = NORMALISED.empty_table(), KEYS.empty_table()
    records, held = [nothing], [no_keys]
    for normalised, part_keys in prepared(parts, workers=workers):
        records.append(normalised)
        held.append(part_keys)
    return deduplicate(con, _joined(records), nothing, _joined(held), no_keys, workers=workers, buckets=buckets)


def _joined(parts: list[pa.Table]) -> pa.Table:
    """The rows of all parts, which leave the list: `deduplicate` gives back what it has read."""
    table = pa.concat_tables(parts)
    parts.clear()
    return table


def _prepared(space: Scratch, records: Parcel) -> tuple[Parcel, Parcel]:
    normalised = normalise(space.con, records.table)
    return Parcel(packed(normalised)), Parcel(packed(keys(space.con, normalised)))
