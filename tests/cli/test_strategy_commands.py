"""`livingsearch strategy …` as people type it."""

import contextlib
import io
import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from livingsearch.cli.main import run
from livingsearch.settings import Settings

SLUG = "peer-support-personality-disorder"
ROOT = Path(__file__).parent.parent.parent
REVIEW_FILE = ROOT / "data" / "reviews" / SLUG / "review.toml"
OVID = (
    "('peer$' OR 'expert by experience$' OR 'expert patient$') AND "
    "('personality disorder$' OR 'complex emotional needs$')"
)
PUBMED = (
    '(peer*[tiab] OR "expert by experience*"[tiab] OR "expert patient*"[tiab]) AND '
    '("personality disorder*"[tiab] OR "complex emotional needs*"[tiab])'
)


class Terminal:
    """Runs commands in a workspace of its own; what they print is kept apart."""

    def __init__(self, workspace: Path) -> None:
        self.workspace = workspace

    def __call__(self, *words: str) -> tuple[int, str, str]:
        settings = Settings(workspace=self.workspace, eutils_url="http://127.0.0.1:9", retry_budget=0.1, threads=1)
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), contextlib.chdir(ROOT):
            code = run(words, settings)
        return code, out.getvalue(), err.getvalue()

    def json(self, *words: str) -> Any:
        _, out, _ = self(*words, "--json")
        return json.loads(out)


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    monkeypatch.setenv("TERM", "dumb")


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    return Terminal(tmp_path / "workspace")


@pytest.fixture
def made(terminal: Terminal) -> Terminal:
    assert terminal("init", str(REVIEW_FILE))[0] == 0
    return terminal


def test_the_translation_stands_alone_on_standard_output(terminal: Terminal) -> None:
    code, out, err = terminal("strategy", "translate", "--from", "ovid", "--to", "pubmed", "--search", OVID)
    assert (code, out) == (0, PUBMED + "\n")
    assert "Ovid itself would search its .mp. fields" in err


def test_a_review_is_translated_as_it_documents_its_search(made: Terminal) -> None:
    assert made("strategy", "translate", SLUG, "--to", "pubmed")[1] == PUBMED + "\n"
    texts = {one["platform"]: one["text"] for one in made.json("strategy", "translate", SLUG, "--to", "all")}
    assert list(texts) == ["ovid", "pubmed", "ebsco", "embase", "wos", "scopus", "cochrane"]
    assert texts["pubmed"] == PUBMED


def test_fields_can_be_asked_for(terminal: Terminal) -> None:
    words = ("strategy", "translate", "--from", "ovid", "--search", "peer$")
    assert terminal(*words, "--fields", "title")[1] == "peer*[ti]\n"
    assert terminal(*words, "--fields", "own")[1] == "peer*[tw]\n"
    code, _, err = terminal(*words, "--fields", "titel")
    assert code == 2
    assert "'titel' is no field" in err


def test_lines_are_kept_where_asked_for(terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "search.txt"
    file.write_text("1  peer$.ti.\n2  lay.ti.\n3  1 or 2\n", "utf-8")
    words = ("strategy", "translate", "--from", "ovid", "--file", str(file))
    assert terminal(*words)[1] == "peer*[ti] OR lay[ti]\n"
    assert terminal(*words, "--lines")[1] == "#1 peer*[ti]\n#2 lay[ti]\n#3 #1 OR #2\n"


def test_lint_tells_what_is_wrong_and_how_it_ends(terminal: Terminal) -> None:
    code, out, _ = terminal("strategy", "lint", "--from", "pubmed", "--search", "(asthma OR copd)[tiab]")
    assert code == 1
    assert "F002 error" in out
    assert "→ (asthma[tiab] OR copd[tiab])" in out
    assert terminal("strategy", "lint", "--from", "pubmed", "--search", "asthma[tiab]")[0] == 0


def test_lint_of_a_review_looks_at_every_search_it_can_read(made: Terminal) -> None:
    code, out, _ = made("strategy", "lint", SLUG, "--press")
    assert code == 0
    for heading in ("The documented search", "PubMed (NCBI)", "MEDLINE (Ovid)", "CINAHL (EBSCOhost)"):
        assert f"{heading}: " in out
    assert out.count("PRESS 6.") == 1
    assert "4 findings (PubMed (NCBI))" in out
    found = made.json("strategy", "lint", SLUG)
    assert found[0]["search"] == "documented"
    assert {"R005", "T005"} <= {finding["code"] for finding in found[0]["findings"]}


def test_the_checklist_as_json(made: Terminal) -> None:
    found = made.json("strategy", "lint", SLUG, "--press")
    assert [len(one["press"]) for one in found] == [6] * 6
    assert "press" not in made.json("strategy", "lint", SLUG)[0]


def test_what_translating_refuses_is_not_explained(terminal: Terminal) -> None:
    for command in ("translate", "explain"):
        code, out, err = terminal("strategy", command, "--from", "pubmed", "--search", "asthma[tiabb]")
        assert (code, out) == (1, "")
        assert "did you mean [tiab]?" in err


def test_examples_fit_on_a_line_of_a_narrow_terminal(made: Terminal) -> None:
    for command in ("lint", "translate", "explain", "diff", "history"):
        text = made("strategy", command, "--help")[1]
        assert len(text[text.index("Example: ") :].splitlines()[0].rstrip()) <= 78


def test_explain_says_what_is_found_and_which_articles_are(made: Terminal) -> None:
    code, out, _ = made("strategy", "explain", SLUG)
    assert code == 0
    assert "words that begin with “peer”" in out
    assert "0 of 13 known articles found by the words of their records" in out


def test_history_and_difference_of_a_strategy(made: Terminal) -> None:
    code, out, _ = made("strategy", "history", SLUG)
    assert code == 0
    assert out.startswith("Version 1, ")
    file = made.workspace / SLUG / "review.toml"
    file.write_text(file.read_text("utf-8").replace("'expert patient$'", "'lay worker$'"), "utf-8")
    code, out, _ = made("strategy", "diff", SLUG)
    assert code == 0
    assert "version 1 → review.toml as it stands" in out
    assert "lay worker$" in out
    assert made.json("strategy", "diff", SLUG)["changes"]
    code, _, err = made("strategy", "diff", SLUG, "7")
    assert code == 1
    assert "no version 7" in err


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--from", "ovid", "--search", "(peer$ and (lay"), 1, "the bracket ( opened here is never closed"),
        (("--from", "pubmed", "--search", "asthma[tiabb]"), 1, "did you mean [tiab]?"),
        (("--from", "ovid", "--search", "  "), 1, "the search is empty"),
        (("--from", "ovid", "--file", "nowhere.txt"), 1, "nowhere.txt cannot be read"),
        (("--from", "scopus", "--search", "TITLE(x)"), 2, "one of ovid, pubmed, ebsco is expected"),
        (("--from", "altavista", "--search", "x"), 2, "is no platform that serves here"),
        (("--search", "x"), 2, "--from says which syntax"),
        ((), 2, "name a review"),
        (("--from", "ovid", "--search", "x", "--to", "altavista"), 2, "is no platform that serves here"),
        (("nobody",), 1, "nobody"),
        (("--from", "ovid", "--search", "exp Asthma/\x1b[31m"), 1, "line 1, column"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(terminal: Terminal, words: tuple[str, ...], code: int, said: str) -> None:
    done, out, err = terminal("strategy", "translate", *words)
    assert (done, out) == (code, "")
    assert said in err
    assert "\x1b" not in err
    assert "Traceback" not in err


def test_the_place_of_an_error_is_underlined(terminal: Terminal) -> None:
    lines = terminal("strategy", "translate", "--from", "ovid", "--search", "(peer$ and (lay")[2].splitlines()
    assert lines[-2:] == ["(peer$ and (lay", "           ^"]


@pytest.mark.parametrize("command", ["lint", "translate", "explain", "diff", "history"])
def test_every_help_text_has_an_example_that_runs(made: Terminal, command: str) -> None:
    file = made.workspace / SLUG / "review.toml"
    file.write_text(file.read_text("utf-8").replace("'expert patient$'", "'lay worker$'"), "utf-8")
    found = re.search(r"Example: livingsearch (.+)", made("strategy", command, "--help")[1])
    assert found
    assert made(*shlex.split(found[1].strip(" │")))[0] == 0
