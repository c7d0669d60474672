"""`livingsearch read`, as a person types it, and the report of an import."""

import contextlib
import io
import json
import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest
from living import ROOT, SAMPLES, SLUG, made_in, settings_for

from livingsearch.cli.main import run

Command = Callable[..., tuple[int, str, str]]
MEDLINE = "data/samples/base/ovid-medline.ris"


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Runs in a folder of its own that shows the project's data; no review is there."""
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERM", "dumb")
    (tmp_path / "data").symlink_to(ROOT / "data")

    def call(*words: str) -> tuple[int, str, str]:
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), contextlib.chdir(tmp_path):
            code = run(words, settings_for(tmp_path / "workspace"))
        return code, out.getvalue(), err.getvalue()

    return call


def test_every_example_of_the_help_runs(command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    _, text, _ = command("read", "--help")
    examples = re.findall(r"Example: livingsearch (.+)", text)
    assert len(examples) >= 3
    for example in examples * 2:
        code, out, err = command(*shlex.split(example.strip(" │")))
        assert code == 0, f"{example}: {err}"
        assert out.strip()
    assert (tmp_path / "records.csv").exists()
    assert not (tmp_path / "workspace").exists()


def test_a_file_as_a_table_of_80_columns(command: Command) -> None:
    code, out, err = command("read", MEDLINE)
    assert (code, err) == (0, "")
    assert max(map(len, out.splitlines())) <= 80
    for words in ("ris of ovid, utf-8: 74 records", "1992 to 2023", "MEDLINE (74)", "English (74)", "44.6%", "line 24"):
        assert words in out
    assert "…" not in out
    assert "Note: No record has an abstract." in out


def test_json_is_one_object_a_line_and_failures_are_objects_too(command: Command) -> None:
    code, out, err = command("read", MEDLINE, "none.ris", "data/README.md", "data/samples/base/pubmed.xml", "--json")
    assert (code, err) == (1, "")
    told = [json.loads(line) for line in out.splitlines()]
    assert [one["file"] for one in told] == [MEDLINE, "none.ris", "data/README.md", "data/samples/base/pubmed.xml"]
    assert [set(one) == {"file", "error"} for one in told] == [False, True, True, False]
    assert {"file", "format", "platform", "records", "record_starts", "warnings"} <= set(told[0])
    assert told[3]["records"] == told[3]["record_starts"] == 97


def test_a_file_that_cannot_be_read_is_one_line_and_the_others_go_on(command: Command) -> None:
    code, out, err = command("read", "none.ris", "data/README.md", MEDLINE)
    assert code == 1
    assert [line.split(" ")[0:2] for line in err.splitlines()] == [
        ["Error:", "none.ris"],
        ["Error:", "data/README.md:"],
    ]
    assert "74 records" in out


def test_records_go_to_a_table_beside_json(command: Command, tmp_path: Path) -> None:
    code, out, err = command("read", MEDLINE, "--to", "records.csv", "--json")
    assert code == 0
    assert len(out.splitlines()) == 1
    assert "records.csv: 74 records" in err
    assert (tmp_path / "records.csv").read_bytes().startswith(b"file,position,accession,")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--columns", "Titel"), "is no column map"),
        (("--to", MEDLINE), "left alone"),
        (("--to", "nowhere/x.csv"), "nowhere"),
    ],
)
def test_bad_words_are_one_sentence(words: tuple[str, ...], said: str, command: Command) -> None:
    code, out, err = command("read", MEDLINE, *words)
    assert (code, out) == (1, "")
    assert len(err.strip().splitlines()) == 1
    assert said in err


def test_an_import_is_followed_by_its_report(command: Command, tmp_path: Path) -> None:
    made_in(tmp_path / "workspace")
    words = ("import", SLUG, "medline-ovid", str(SAMPLES / "base" / "ovid-medline.ris"), "--date-searched")
    code, out, err = command(*words, "2023-12-31")
    assert code == 0, err
    for text in (
        "74 records, 74 not seen",
        "ovid-medline.ris",
        "1992 to 2023",
        "44.6%",
        "79 lines belong to no record",
    ):
        assert text in out
    assert out.count("No record has an abstract.") == 1
    _, text, _ = command(*words, "2023-12-30", "--json")
    (file,) = json.loads(text)["files"]
    assert (file["file"], file["records"], file["filled"]["doi"]) == ("ovid-medline.ris", 74, 33)
    assert file["first_outside"][0]["line"] == 24
