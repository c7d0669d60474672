"""A small review file in which all is well, and what breaks it."""

from collections.abc import Callable
from pathlib import Path

VALID = """\
schema = 1
[review]
slug = "small"
title = "A small review"
version = "1"
contact = "someone@example.org"
time_zone = "Europe/Berlin"

[search]
text = '''
peer$ and
"personality disorder$"
'''
syntax = "ovid"
fields = ["title", "abstract"]
from = "inception"
to = 2025-08-15
[[search.concepts]]
name = "Peers"
terms = [
  "peer$",
  "expert patient$",
]
[[source]]
slug = "pubmed"
name = "PubMed"
kind = "database"
database = "PubMed"
platform = "NCBI"
connector = "entrez"
query = "peer*[tiab]"
schedule = "0 6 1 * *"
[[source]]
slug = "embase-ovid"
name = "Embase"
kind = "database"
database = "Embase"
platform = "Ovid"
connector = "file"
query = "peer$.ti,ab."
schedule = "0 6 * * MON"
wait_days = 30
accepted_warnings = ["FieldNotFound"]
[dedup]
preferred = ["pubmed", "embase-ovid"]
[publish]
approval = false
[[known]]
title = "An article"
doi = "10.1000/ABC"
pmid = "123"
"""


def put(old: str, new: str, occurrence: int = 1) -> Callable[[str], str]:
    def change(text: str) -> str:
        parts = text.split(old)
        assert len(parts) > occurrence, old
        return old.join(parts[:occurrence]) + new + old.join(parts[occurrence:])

    return change


def write(folder: Path, text: str | bytes) -> Path:
    path = folder / "review.toml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path
