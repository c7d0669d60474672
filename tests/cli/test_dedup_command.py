"""`livingsearch dedup`, as a person types it."""

import json
import re
import shlex

import pytest
from test_read_command import Command, command

__all__ = ["command"]


def test_every_example_of_the_help_that_needs_no_review_runs(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    _, text, _ = command("dedup", "--help")
    examples = [e for e in re.findall(r"Example: livingsearch (.+)", text) if "--review" not in e]
    assert len(examples) >= 3
    for example in examples * 2:
        code, out, err = command(*shlex.split(example.strip(" │")))
        assert code == 0, f"{example}: {err}"
        assert out.strip()


def test_the_report_fits_80_columns_and_json_says_the_same(command: Command) -> None:
    files = ("data/samples/base/ovid-medline.ris", "data/samples/base/pubmed.xml")
    code, out, err = command("dedup", *files)
    assert (code, err) == (0, "")
    assert max(map(len, out.splitlines())) <= 80
    found = json.loads(command("dedup", *files, "--json")[1])
    assert f"{found['records']} records: {found['reports']} reports, {found['duplicates']} duplicates" in out
    assert "same_pmid" in out


def test_words_that_do_not_go_together(command: Command) -> None:
    assert command("dedup")[0] == 2
    assert command("dedup", "a.ris", "--review", "b")[0] == 2
    assert command("dedup", "--review", "b", "--to", "c.ris")[0] == 2
    code, _, err = command("dedup", "none.csv", "--groups", "g.csv")
    assert (code, err.count("\n")) == (1, 1)
    assert "none.csv" in err
