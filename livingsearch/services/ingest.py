"""Records of a run into the database: named, told apart from what is known, versioned."""

from dataclasses import dataclass

import duckdb

from livingsearch.services.spool import Arriving

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

_MATCHED = """
CREATE OR REPLACE TEMP TABLE matched AS
SELECT n.position, r.record_id, coalesce(v.version, 0) AS last_version,
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
SELECT a.* EXCLUDE (position, identity), m.record_id, m.last_version + 1 AS version, $run_id AS run_id
FROM arriving a JOIN matched m USING (position) WHERE NOT m.same
"""

# How many records arrive is not known to the planner, which takes them for one and would keep all of them in memory,
# to look the small table's rows up in. As written, the small table is what is kept.
_AS_WRITTEN = "SET disabled_optimizers = 'join_order,build_side_probe_side'"

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


def ingest(con: duckdb.DuckDBPyConnection, arriving: Arriving, *, run_id: int, source: str) -> Ingested:
    """Takes in the records of one run.

    Args:
        con: inside a write transaction.
        arriving: all records of the run, each with a position of its own; they are read twice.
        run_id: the run.
        source: slug of its source.

    Returns:
        The counts. Every record that arrived has its row in `run_record`.
    """
    _read(con, arriving, _NAME)
    con.execute(_NEW_RECORDS, {"source": source, "run_id": run_id})
    con.execute(_MATCHED, {"source": source})
    # Where the statement fails, the connection ends with its transaction.
    con.execute(_AS_WRITTEN)
    _read(con, arriving, _NEW_VERSIONS, {"run_id": run_id})
    con.execute("RESET disabled_optimizers")
    con.execute(_RUN_RECORDS, {"run_id": run_id})
    row = con.execute(
        "SELECT count(*), count(*) FILTER (last_version = 0), count(*) FILTER (last_version > 0 AND NOT same) "
        "FROM matched"
    ).fetchone()
    for name in ("named", "matched"):
        con.execute(f"DROP TABLE {name}")
    received, first_seen, changed = row or (0, 0, 0)
    return Ingested(received, first_seen, changed)


def _read(con: duckdb.DuckDBPyConnection, arriving: Arriving, sql: str, bound: dict[str, int] | None = None) -> None:
    con.register("arriving", arriving.to_reader())
    con.execute(sql, bound)
    con.unregister("arriving")
