"""Records made comparable, several parts of them at a time."""

from collections.abc import Iterable, Iterator

import pyarrow as pa

from dedup.block import keys
from dedup.crew import Parcel, in_threads
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


def _prepared(space: Scratch, records: Parcel) -> tuple[Parcel, Parcel]:
    normalised = normalise(space.con, records.table)
    return Parcel(normalised), Parcel(keys(space.con, normalised))
