"""Records of a run into the database: named, told apart from what is known, versioned."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from connectors.record import RECEIVED_SCHEMA
from livingsearch.store.faults import writing_faults

# Only the names go through sorting and joins; the records themselves are many times as large.
# The same name again in one run is a further occurrence. They are told apart by content first, so that another
# order of the same records in the next export names them alike.
_NAME = """
CREATE OR REPLACE TEMP TABLE named AS
SELECT position, identity, content_hash,
    row_number() OVER (PARTITION BY identity ORDER BY content_hash, position) AS occurrence
FROM arriving
"""

_NEW_RECORDS = """
INSERT INTO record (record_id, source, identity, occurrence, run_id)
SELECT (SELECT coalesce(max(record_id), 0) FROM record) + row_number() OVER (ORDER BY n.position),
    $source, n.identity, n.occurrence, $run_id
FROM named n ANTI JOIN record r
    ON r.source = $source AND r.identity = n.identity AND r.occurrence = n.occurrence
"""

_KNOWN = """
CREATE OR REPLACE TEMP TABLE matched AS
SELECT n.*, r.record_id, coalesce(v.version, 0) AS last_version,
    v.content_hash IS NOT DISTINCT FROM n.content_hash AS same
FROM named n
    JOIN record r ON r.source = $source AND r.identity = n.identity AND r.occurrence = n.occurrence
    LEFT JOIN (
        SELECT record_id, max(version) AS version, arg_max(content_hash, version) AS content_hash
        FROM record_version GROUP BY record_id
    ) v USING (record_id)
"""

_NEW_VERSIONS = """
INSERT INTO record_version BY NAME
SELECT i.* EXCLUDE (position, identity), m.record_id, m.last_version + 1 AS version, $run_id AS run_id
FROM arriving i JOIN matched m USING (position) WHERE NOT m.same
"""

_RUN_RECORDS = """
INSERT INTO run_record (run_id, position, record_id, version)
SELECT $run_id, position, record_id, last_version + if(same, 0, 1) FROM matched ORDER BY position
"""


@dataclass(frozen=True, slots=True)
class Ingested:
    """What became of a run's records.

    Attributes:
        received: records that the run brought.
        first_seen: of these, not seen in this source before.
        changed: seen before with other metadata.
    """

    received: int
    first_seen: int
    changed: int


@contextmanager
def spooled(path: Path, tables: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """Tables put aside on disk and mapped into memory, so that the system can take the memory back at any time.

    Args:
        path: of the file, overwritten; the caller sees to it that nobody else uses it.
        tables: of `connectors.record.RECEIVED_SCHEMA`.

    Yields:
        All rows, in order; not to be used afterwards.

    Raises:
        StoreFull: no room.
    """
    try:
        with writing_faults(path):
            with pa.OSFile(str(path), "wb") as file, pa.ipc.new_stream(file, RECEIVED_SCHEMA) as writer:
                for table in tables:
                    writer.write_table(table)
            source = pa.memory_map(str(path))
        with source:
            yield pa.ipc.open_stream(source).read_all()
    finally:
        path.unlink(missing_ok=True)


def ingest(con: duckdb.DuckDBPyConnection, arriving: pa.Table, *, run_id: int, source: str) -> Ingested:
    """Takes in the records of one run.

    Args:
        con: inside a write transaction.
        arriving: all records of the run, of `connectors.record.RECEIVED_SCHEMA`.
        run_id: the run.
        source: slug of its source.

    Returns:
        The counts. Every record that arrived has its row in `run_record`.
    """
    con.register("arriving", arriving)
    con.execute(_NAME)
    con.execute(_NEW_RECORDS, {"source": source, "run_id": run_id})
    con.execute(_KNOWN, {"source": source})
    con.execute(_NEW_VERSIONS, {"run_id": run_id})
    con.unregister("arriving")
    con.execute(_RUN_RECORDS, {"run_id": run_id})
    row = con.execute(
        "SELECT count(*), count(*) FILTER (last_version = 0), count(*) FILTER (last_version > 0 AND NOT same) "
        "FROM matched"
    ).fetchone()
    for name in ("named", "matched"):
        con.execute(f"DROP TABLE {name}")
    received, first_seen, changed = row or (0, 0, 0)
    return Ingested(received, first_seen, changed)
