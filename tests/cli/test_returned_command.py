"""Batches for tools and what comes back, on the command line."""

import contextlib
import io
import json
import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest
from living import ROOT, SLUG, LivingReview, made_in

from livingsearch.cli.main import run
from livingsearch.services.updates import run_update

Command = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def living(tmp_path_factory: pytest.TempPathFactory) -> LivingReview:
    """One closed update, of one source."""
    made = made_in(tmp_path_factory.mktemp("workspace"))
    made.import_wave("base", 1, only=("medline-ovid",))
    run_update(made.context(), number=1, close_now=True)
    return made


@pytest.fixture
def command(living: LivingReview, monkeypatch: pytest.MonkeyPatch) -> Command:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERM", "dumb")

    def call(*words: str) -> tuple[int, str, str]:
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), contextlib.chdir(ROOT):
            code = run(words, living.settings)
        return code, out.getvalue(), err.getvalue()

    return call


@pytest.mark.parametrize("name", ["batch", "returned"])
def test_every_example_of_the_help_runs(name: str, command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    _, text, _ = command(name, "--help")
    examples = re.findall(r"Example: livingsearch (.+)", text)
    assert len(examples) >= 3
    for example in examples:
        code, out, err = command(*shlex.split(example.strip(" │")))
        assert code == 0, f"{example}: {err}"
        assert out.strip()


def test_a_batch_for_a_tool_as_text_and_as_json(command: Command) -> None:
    code, out, _ = command("batch", SLUG, "--for", "covidence")
    assert code == 0
    assert "for Covidence, ris" in out
    assert "Our id comes back in: UR, N1" in out
    _, text, _ = command("batch", SLUG, "--for", "covidence", "--format", "nbib", "--json")
    told = json.loads(text)
    assert told["form"] == "nbib"
    assert sum(part["reports"] for part in told["parts"]) == told["reports"] > 0
    assert all(Path(part["path"]).stat().st_size == part["size"] for part in told["parts"])


def test_what_came_back_as_a_table_of_80_columns_and_as_json(command: Command) -> None:
    code, out, err = command("returned", SLUG, "data/returned/rayyan.ris")
    assert code == 0, err
    assert max(map(len, out.splitlines())) <= 80
    for words in ("excluded", "included", "maybe", "Not matched", "A paper that a reviewer added", "Did not come back"):
        assert words in out
    _, text, _ = command("returned", SLUG, "data/returned/rayyan.ris", "--json")
    told = json.loads(text)
    assert told["tool"] == "rayyan"
    assert told["references"] == len(told["matched"]) + len(told["repeated"]) + len(told["unmatched"]) == 10
    assert told["released"] == len(told["matched"]) + len(told["missing"])
    assert told["unmatched"][-1]["payload"].startswith("[[")
    assert {one["how"] for one in told["matched"]} == {"doi", "title"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("batch", SLUG, "--for", "word"), "covidence, rayyan"),
        (("batch", SLUG, "--for", "zotero", "--format", "csv"), "Zotero is not known to take csv"),
        (("returned", SLUG, "none.ris"), "none.ris cannot be read"),
        (("returned", SLUG, "data/README.md"), "Nothing was concluded"),
        (("returned", SLUG, "data/returned/rayyan.ris", "--tool", "x"), "choose one of"),
        (("returned", SLUG, "data/returned/rayyan.ris", "--update", "5"), "no closed update 5"),
    ],
)
def test_bad_words_are_one_sentence(words: tuple[str, ...], said: str, command: Command) -> None:
    code, _, err = command(*words)
    assert code == 1
    assert err.startswith("Error: ")
    assert len(err.strip().splitlines()) == 1
    assert said in err
