"""What every command has to load before it does anything."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from livingsearch.cli.lazily import commands_of
from livingsearch.cli.main import COMMANDS, run
from livingsearch.cli.report import REPORTS

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

MODULES = {*COMMANDS.values(), *REPORTS.values()}


def modules_after(script: str) -> set[str]:
    """The modules that a fresh process has loaded after a script."""
    script += "\nimport sys; print(*sorted(sys.modules), file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    return set(done.stderr.split())


def test_no_command_waits_for_libraries_that_few_need() -> None:
    loaded = modules_after(
        f"from importlib import import_module\nfor name in {set(COMMANDS.values())}: import_module(name)"
    )
    names = {name.partition(".")[0] for name in loaded}
    assert {"livingsearch", "duckdb"} <= names
    assert names & HEAVY == set()


def test_the_program_loads_no_command_before_it_is_asked_for() -> None:
    loaded = modules_after("import livingsearch.cli.main")
    assert loaded & (MODULES | {"duckdb", "numpy", "pyarrow", "requests"}) == set()


def test_each_command_is_added_by_the_module_that_is_named_for_it() -> None:
    for declared in (COMMANDS, REPORTS):
        added = {name: module for module in set(declared.values()) for name in commands_of(module)}
        assert added == declared


def test_help_tells_of_every_command_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--help"]) == 0
    told = re.findall(r"^│ (\w+) ", capsys.readouterr().out, re.MULTILINE)
    assert told == list(COMMANDS)


def test_an_unknown_word_is_answered_with_the_command_that_is_meant(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["dedpu"]) == 2
    assert "Did you mean 'dedup'?" in capsys.readouterr().err


def test_a_table_is_deduplicated_without_what_exports_and_reviews_need(tmp_path: Path) -> None:
    table = tmp_path / "records.csv"
    table.write_text("record_id,title\n1,Peer support for people with personality disorder\n2,Dialogues\n", "utf-8")
    loaded = modules_after(f"from livingsearch.cli.main import run\nassert run(['dedup', {str(table)!r}]) == 0")
    assert {"dedup", "livingsearch.services.dedup_files"} <= loaded
    needless = {"connectors.exports", "connectors.pubmed", "requests", "Bio", "prefect"}
    assert loaded & (needless | {"livingsearch.review", "livingsearch.ledger", "livingsearch.strategy.tree"}) == set()
