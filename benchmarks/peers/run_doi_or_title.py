"""Same DOI or same title, what the simplest tools do: `python -m benchmarks.peers.run_doi_or_title RECORDS.csv FOLDER`.

Titles count as the same by their letters and digits. Writes `groups.csv` and `versions.json` into the folder.
"""

import csv
import json
import platform
import re
import sys
from pathlib import Path

from benchmarks.sets import rows_of


def values(row: dict[str, str]) -> list[str]:
    """What a record shares with its likes."""
    doi = re.findall(r"10\.\d{4,9}/\S+", row.get("doi", "").lower())
    title = re.sub(r"[\W_]+", "", row.get("title", "").lower())
    return [f"doi {found.rstrip('.;,)')}" for found in doi[:1]] + [f"title {title}"] * bool(title)


def main() -> None:
    """Read, run, write."""
    source, folder = Path(sys.argv[1]), Path(sys.argv[2])
    parent: dict[str, str] = {}

    def top(node: str) -> str:
        parent.setdefault(node, node)
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    names = []
    for row in rows_of(source):
        names.append(row["record_id"])
        record = "record " + row["record_id"]
        top(record)
        for value in values(row):
            parent[top(record)] = top(value)
    with (folder / "groups.csv").open("w", newline="", encoding="utf-8") as handle:
        writer = csv.writer(handle)
        writer.writerow(["record_id", "predicted_cluster"])
        writer.writerows((name, top("record " + name)) for name in names)
    (folder / "versions.json").write_text(json.dumps({"python": platform.python_version()}))


if __name__ == "__main__":
    main()
