"""`livingsearch report prisma-s` as people type it."""

import contextlib
import io
import json
import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest
from docx import Document
from living import SLUG, LivingReview, made_in

from livingsearch.cli.main import run
from livingsearch.services.updates import run_update

Command = Callable[..., tuple[int, str, str]]


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    monkeypatch.setenv("TERM", "dumb")


@pytest.fixture(scope="module")
def living(tmp_path_factory: pytest.TempPathFactory) -> LivingReview:
    """A review with one closed update; PubMed could not be searched."""
    made = made_in(tmp_path_factory.mktemp("closed") / "workspace", retry_budget=0.05)
    made.import_wave("base", 1, only=("medline-ovid", "cinahl-ebsco"))
    run_update(made.context(), number=1, close_now=True)
    return made


@pytest.fixture
def command(living: LivingReview) -> Command:
    def typed(*words: str) -> tuple[int, str, str]:
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = run(words, living.settings)
        return code, out.getvalue(), err.getvalue()

    return typed


def test_the_example_of_the_help_text_runs(command: Command, living: LivingReview) -> None:
    code, text, _ = command("report", "prisma-s", "--help")
    found = re.search(r"Example: livingsearch (.+)", text)
    assert found
    code, out, err = command(*shlex.split(found[1].strip(" │")))
    assert code == 0, err
    reports = living.context().folder.path / "reports"
    for name in ("prisma-s.md", "prisma-s.docx", "search-records.json"):
        assert str(reports / name) in out
        assert (reports / name).stat().st_size > 1_000


def test_the_table_names_who_filled_what(command: Command, living: LivingReview, tmp_path: Path) -> None:
    code, out, _ = command("report", "prisma-s", SLUG, "--out", str(tmp_path / "a" / "b"))
    assert code == 0
    assert re.search(r"^ *1 +Database name +automatic", out, re.MULTILINE)
    assert re.search(
        r'^ *4 +Online resources and browsing +missing: put it into \[search.reporting\] browsing = "…"',
        out,
        re.MULTILINE,
    )
    assert "of the 16 items are missing: " in out
    assert str(living.context().folder.review_file) in out
    assert Document(str(tmp_path / "a" / "b" / "prisma-s.docx")).tables
    markdown = (tmp_path / "a" / "b" / "prisma-s.md").read_text("utf-8")
    assert markdown.startswith("# Search report by PRISMA-S\n")


def test_json(command: Command, tmp_path: Path) -> None:
    code, out, _ = command("report", "prisma-s", SLUG, "--update", "1", "--out", str(tmp_path), "--json")
    assert code == 0
    told = json.loads(out)
    assert (told["review"], told["update"]) == (SLUG, 1)
    assert [one["number"] for one in told["items"]] == list(range(1, 17))
    assert told["missing"] == [one["number"] for one in told["items"] if one["status"] == "missing"]
    assert all((one["to_do"] is None) == (one["status"] != "missing") for one in told["items"])
    records = json.loads(Path(told["files"]["records"]).read_text("utf-8"))
    assert [record["source"] for record in records] == ["medline-ovid", "cinahl-ebsco"]


def test_the_table_fits_a_terminal_of_80_columns(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    _, out, _ = command("report", "prisma-s", SLUG, "--out", str(tmp_path))
    assert max(len(line) for line in out.splitlines() if "/" not in line) <= 80


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("no-such-review",), "no-such-review"),
        ((SLUG, "--update", "7"), "there are: 1"),
        ((SLUG, "--out", "/proc/none/below"), "/proc/none/below"),
    ],
)
def test_what_cannot_be_done_is_told_in_one_line(words: tuple[str, ...], told: str, command: Command) -> None:
    code, out, err = command("report", "prisma-s", *words)
    assert (code, out) == (1, "")
    assert err.startswith("Error: ")
    assert len(err.splitlines()) == 1
    assert told in err


def test_words_that_are_no_command(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("")
    assert command("report")[0] == 2
    assert command("report", "prisma-s", SLUG, "--update", "0")[0] == 2
    assert command("report", "prisma-s", SLUG, "--out", str(file))[0] == 2
