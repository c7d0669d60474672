"""bib-dedupe, as its documentation runs it: `python run_bibdedupe.py RECORDS.csv FOLDER`.

Writes `groups.csv`, `queue.csv` (what it calls maybe) and `versions.json` into the folder.
"""

import json
import sys
from importlib.metadata import version
from pathlib import Path

import pandas as pd
from bib_dedupe.bib_dedupe import block, cluster, match, prep

COLUMNS = ["title", "author", "year", "journal", "booktitle", "volume", "number", "pages", "doi", "abstract"]
TYPES = {"article", "inproceedings", "book", "misc"}


def main() -> None:
    """Read, run, write."""
    source, folder = Path(sys.argv[1]), Path(sys.argv[2])
    records = pd.read_csv(source, low_memory=False).rename(columns={"record_id": "ID"})
    kinds = records.get("ENTRYTYPE", pd.Series(dtype=str)).astype(str)
    records["ENTRYTYPE"] = kinds if kinds.isin(TYPES).any() else "article"
    records = records[["ID", "ENTRYTYPE", *(name for name in COLUMNS if name in records)]]
    matched = match(block(prep(records, verbosity_level=0), verbosity_level=0), verbosity_level=0)
    grouped = [(name, f"g{number}") for number, group in enumerate(cluster(matched)) for name in group]
    pd.DataFrame(grouped, columns=["record_id", "predicted_cluster"]).to_csv(folder / "groups.csv", index=False)
    asked = matched[matched["duplicate_label"] == "maybe"] if "duplicate_label" in matched else matched.iloc[:0]
    queue = pd.DataFrame({"record_id_a": asked.get("ID_1"), "record_id_b": asked.get("ID_2")})
    queue.to_csv(folder / "queue.csv", index=False)
    versions = {name: version(name) for name in ("bib-dedupe", "pandas", "numpy", "rapidfuzz")}
    (folder / "versions.json").write_text(json.dumps(versions))


if __name__ == "__main__":
    main()
