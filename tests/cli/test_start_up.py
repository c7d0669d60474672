"""What every command has to load before it does anything."""

import subprocess
import sys

HEAVY = {
    # Read single formats, or write them.
    *("openpyxl", "bibtexparser", "pylatexenc"),
    *("docx", "lxml", "vl_convert"),
    # Of the flows, and of locks.
    *("prefect", "fastapi", "sqlalchemy", "portalocker", "redis"),
    # Of tests and single checks.
    *("search_query", "fontTools", "PIL", "hypothesis", "pandas"),
}
"""Libraries that only few commands need: they are loaded where they are used."""


def test_no_command_waits_for_libraries_that_few_need() -> None:
    script = "import livingsearch.cli.main, sys; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    names = set(loaded.stdout.split())
    assert {"livingsearch", "duckdb"} <= names
    assert names & HEAVY == set()
