"""Ours, by the kernel itself: `python -m benchmarks.peers.run_ours RECORDS.csv FOLDER [WORKERS]`.

Writes `groups.csv`, `queue.csv`, `verdicts.csv` and `versions.json` into the folder.
"""

import json
import platform
import sys
import time
from importlib.metadata import version
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

import dedup
from benchmarks.records import records_of


def main() -> None:
    """Read, run, write."""
    source, folder = Path(sys.argv[1]), Path(sys.argv[2])
    workers = int(sys.argv[3]) if len(sys.argv) > 3 else 2
    begun = time.perf_counter()
    names, records = records_of(source, "set")
    read = time.perf_counter()
    con = duckdb.connect()
    con.execute(f"SET threads = {workers}")
    normalised = dedup.normalise(con, records)
    keys = dedup.keys(con, normalised)
    made = time.perf_counter()
    nothing, no_keys = dedup.NORMALISED.empty_table(), dedup.KEYS.empty_table()
    outcome = dedup.deduplicate(con, normalised, nothing, keys, no_keys, workers=workers)
    done = time.perf_counter()
    named = pa.array(names)

    def name(column: pa.ChunkedArray) -> pa.ChunkedArray:
        return pc.take(named, pc.subtract(column.combine_chunks(), 1))

    groups, verdicts = outcome.groups, outcome.verdicts
    csv.write_csv(
        pa.table({"record_id": name(groups["record_id"]), "predicted_cluster": groups["group_id"]}),
        folder / "groups.csv",
    )
    told = pa.table(
        {
            "record_id_a": name(verdicts["x_id"]),
            "record_id_b": name(verdicts["y_id"]),
            "outcome": verdicts["outcome"],
            "rule": verdicts["rule"],
            "score": verdicts["score"],
            "evidence": verdicts["evidence"],
        }
    )
    csv.write_csv(told, folder / "verdicts.csv")
    asked = told.filter(pc.equal(told["outcome"], "possible"))
    csv.write_csv(asked.select(["record_id_a", "record_id_b", "rule", "score"]), folder / "queue.csv")
    versions = {name: version(name) for name in ("livingsearch", "duckdb", "pyarrow", "rapidfuzz")}
    versions |= {"rules": dedup.RULE_SET, "python": platform.python_version()}
    (folder / "versions.json").write_text(json.dumps(versions))
    steps = {"read": read - begun, "normalise": made - read, "deduplicate": done - made}
    (folder / "steps.json").write_text(json.dumps(steps | {"capped": outcome.capped.num_rows}))


if __name__ == "__main__":
    main()
