"""The command line as people type it: examples, tables, JSON, and bad input."""

import contextlib
import io
import json
import os
import re
import resource
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from livingsearch.cli.main import run
from livingsearch.settings import Settings
from livingsearch.standin import Fault, FaultKind, Standin

SLUG = "peer-support-personality-disorder"
ROOT = Path(__file__).parent.parent.parent
SAMPLES = ROOT / "data" / "samples" / "base"
REVIEW_FILE = ROOT / "data" / "reviews" / SLUG / "review.toml"


@dataclass(frozen=True)
class Done:
    """What a command came to."""

    returncode: int
    stdout: str
    stderr: str


@dataclass(frozen=True)
class Terminal:
    """Runs commands from the repository in a workspace of its own."""

    workspace: Path
    url: str

    def __call__(self, *words: str, key: str | None = None) -> Done:
        settings = Settings(
            workspace=self.workspace,
            eutils_url=self.url,
            standin_requests_per_second=1000,
            retry_budget=1,
            threads=1,
            LIVINGSEARCH_API_KEY=key,
        )
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), contextlib.chdir(ROOT):
            code = run(words, settings)
        return Done(code, out.getvalue(), err.getvalue())

    def json(self, *words: str) -> Any:
        done = self(*words, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def process(self, *words: str, largest_file: int) -> Done:
        """The same in a process that may write no file beyond so many bytes."""
        done = subprocess.run(
            [sys.executable, "-m", "livingsearch.cli.main", *words],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=60,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file)),
            env={
                **os.environ,
                "LIVINGSEARCH_WORKSPACE": str(self.workspace),
                "LIVINGSEARCH_EUTILS_URL": self.url,
                # A compiled module that the limit cut off would break every later process.
                "PYTHONDONTWRITEBYTECODE": "1",
            },
        )
        return Done(done.returncode, done.stdout, done.stderr)


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    monkeypatch.setenv("TERM", "dumb")


@pytest.fixture(scope="module")
def standin() -> Iterator[Standin]:
    with Standin.of_files([SAMPLES / "pubmed.xml"]) as running:
        yield running


@pytest.fixture
def terminal(tmp_path: Path, standin: Standin) -> Terminal:
    return Terminal(tmp_path / "workspace", standin.base_url)


@pytest.fixture
def made(terminal: Terminal) -> Terminal:
    assert terminal("init", str(REVIEW_FILE)).returncode == 0
    return terminal


COMMANDS = (
    *("init", "search", "import", "inbox", "update", "dedup", "record", "prisma", "batch", "doctor"),
    *("screen", "unscreen", "screening", "study", "studies", "publish", "reopen"),
)
"""In an order in which their examples can be followed."""


def example_of(terminal: Terminal, command: str) -> list[str]:
    text = terminal(command, "--help").stdout
    found = re.search(r"Example: livingsearch (.+)", text)
    assert found, f"{command} --help shows no example"
    return shlex.split(found[1].strip(" │"))


def test_every_help_text_has_an_example_that_runs(terminal: Terminal) -> None:
    for command in COMMANDS:
        words = example_of(terminal, command)
        assert words[0] == command
        done = terminal(*words)
        assert done.returncode == 0, f"{words}: {done.stderr}"
        assert done.stdout.strip()


def test_the_program_lists_its_commands(terminal: Terminal) -> None:
    text = terminal("--help").stdout
    assert [c for c in COMMANDS if c not in text] == []


def test_json_of_every_command_that_reports(made: Terminal) -> None:
    assert made.json("search", SLUG, "pubmed", "--count") == {"source": "pubmed", "hits": 74}
    imported = made.json(
        "import",
        SLUG,
        "cinahl-ebsco",
        str(SAMPLES / "ebsco-cinahl.ris"),
        "--date-searched",
        "2023-12-31",
        "--hits",
        "50",
    )
    assert (imported["received"], imported["hits"], imported["update"]) == (50, 50, 1)
    updated = made.json("update", SLUG, "--close-now")
    assert updated["closed"] is True
    assert updated["counts"]["identified_databases"] == 124
    deduplicated = made.json("dedup", "--review", SLUG)
    assert deduplicated["compared"] == 0, "update has done it"
    counts = made.json("prisma", SLUG)
    assert counts["updates"][0] == updated["counts"]
    batch = made.json("batch", SLUG)
    assert all(Path(p).is_file() for p in batch["ris"] + batch["csv"])
    checks = made.json("doctor")
    assert all(c["ok"] for c in checks)


def test_an_update_that_waits_says_for_what_and_its_table_fits_80_columns(
    made: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = made("update", SLUG)
    assert done.returncode == 0
    for source in ("medline-ovid", "embase-ovid", "psycinfo-ovid", "cinahl-ebsco"):
        assert f"Waiting for {source} until" in done.stdout
    assert "open" in done.stdout
    monkeypatch.setenv("COLUMNS", "80")
    done = made("update", SLUG, "--close-now")
    lines = [line for line in done.stdout.splitlines() if "/" not in line]
    assert max(map(len, lines)) <= 80
    assert "not searched" in done.stdout


def test_prisma_draws_the_diagram(counted: Terminal, tmp_path: Path) -> None:
    svg = tmp_path / "flow.svg"
    done = counted("prisma", SLUG, "--update", "1", "--diagram", "--svg", str(svg))
    assert "Records identified from:" in done.stdout
    assert svg.read_text("utf-8").startswith("<")


def state_of(terminal: Terminal) -> object:
    """All counts, and which files were received."""
    received = sorted(p.name for p in (terminal.workspace / SLUG / "received").glob("*"))
    return terminal.json("prisma", SLUG), received


@pytest.fixture(scope="module")
def closed_workspace(tmp_path_factory: pytest.TempPathFactory, standin: Standin) -> Path:
    """A review with one closed update."""
    terminal = Terminal(tmp_path_factory.mktemp("closed"), standin.base_url)
    file = str(SAMPLES / "ovid-medline.ris")
    assert terminal("init", str(REVIEW_FILE)).returncode == 0
    assert terminal("import", SLUG, "medline-ovid", file, "--date-searched", "2023-12-31").returncode == 0
    assert terminal("update", SLUG, "--close-now").returncode == 0
    return terminal.workspace


@pytest.fixture
def counted(terminal: Terminal, closed_workspace: Path) -> Terminal:
    """A copy of it, so that a changed count would show."""
    shutil.copytree(closed_workspace, terminal.workspace)
    return terminal


def refused(done: Done, *words: str) -> None:
    assert done.returncode == 1, done
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("Error: ")
    for word in words:
        assert word in lines[0]


BAD_FILES: dict[str, tuple[bytes | None, str]] = {
    "missing.ris": (None, "cannot be read"),
    "empty.ris": (b"", "empty"),
    "blank.ris": (b" \r\n\n", "empty"),
    "paper.ris": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n", "PDF"),
    "page.ris": (b"<!DOCTYPE html><html><body>Your session has expired</body></html>", "web page"),
    "archive.ris": (b"PK\x03\x04" + bytes(60), "damaged archive"),
    "text.ris": (b"These are my notes about the search.\n", "RIS"),
}


def test_files_that_are_no_exports_are_refused(counted: Terminal, tmp_path: Path) -> None:
    before = state_of(counted)
    for name, (content, word) in BAD_FILES.items():
        file = tmp_path / name
        if content is not None:
            file.write_bytes(content)
        done = counted("import", SLUG, "cinahl-ebsco", str(file), "--date-searched", "2024-01-01")
        refused(done, name, word)
    assert state_of(counted) == before


def test_unknown_names_are_refused_and_the_known_ones_listed(counted: Terminal) -> None:
    before = state_of(counted)
    file = str(SAMPLES / "ovid-medline.ris")
    refused(counted("search", SLUG, "scopus"), "scopus", "pubmed")
    refused(counted("import", SLUG, "scopus", file, "--date-searched", "2024-01-01"), "scopus", "medline-ovid")
    refused(counted("search", SLUG, "medline-ovid"), "livingsearch import")
    refused(counted("update", "no-such-review"), "no-such-review", SLUG)
    refused(counted("update", "../../etc"), "../../etc")
    refused(counted("batch", SLUG, "--update", "7"), "7")
    refused(counted("init", str(REVIEW_FILE)), "already")
    assert state_of(counted) == before


def test_an_unbalanced_search_in_the_review_file_is_refused_with_its_line(counted: Terminal, tmp_path: Path) -> None:
    before = state_of(counted)
    copy = counted.workspace / SLUG / "review.toml"
    good = copy.read_text("utf-8")
    bad = good.replace('"complex emotional needs*"[tiab])', '"complex emotional needs*"[tiab]')
    assert bad != good
    line = next(n for n, text in enumerate(bad.splitlines(), 1) if "[tiab]" in text)
    copy.write_text(bad, "utf-8")
    refused(counted("update", SLUG), f"line {line}", "source[1].query", "bracket")
    copy.write_text(good, "utf-8")
    assert state_of(counted) == before
    other = tmp_path / "review.toml"
    other.write_text(bad.replace(SLUG, "another-review"), "utf-8")
    refused(counted("init", str(other)), f"line {line}")
    assert not (counted.workspace / "another-review").exists()


def test_ncbi_down(counted: Terminal) -> None:
    before = state_of(counted)
    down = Terminal(counted.workspace, "http://127.0.0.1:9/entrez/eutils/")
    refused(down("search", SLUG, "pubmed"), "PubMed", "nothing was counted")
    done = down("update", SLUG)
    refused(done, "pubmed", "stays open")
    assert counts_of_closed(counted) == before_closed(before)


def test_an_update_closed_without_a_source_that_failed_says_so(counted: Terminal) -> None:
    down = Terminal(counted.workspace, "http://127.0.0.1:9/entrez/eutils/")
    done = down("update", SLUG, "--close-now", "--number", "2")
    assert done.returncode == 0
    assert "Closed without pubmed: PubMed did not answer" in done.stdout


def test_ncbi_answering_429_for_ever(counted: Terminal) -> None:
    before = state_of(counted)
    with Standin.of_files([SAMPLES / "pubmed.xml"], faults=[Fault(FaultKind.RATE_429)]) as busy:
        angry = Terminal(counted.workspace, busy.base_url)
        refused(angry("search", SLUG, "pubmed"), "too many requests")
    assert counts_of_closed(counted) == before_closed(before)


@pytest.mark.parametrize("largest_file", [1_000, 20_000, 60_000])
def test_a_full_disk_while_searching(largest_file: int, counted: Terminal) -> None:
    before = state_of(counted)
    refused(counted.process("search", SLUG, "pubmed", largest_file=largest_file), "No room")
    assert counts_of_closed(counted) == before_closed(before)
    assert list((counted.workspace / SLUG).rglob(".spool*")) == []
    assert counted("search", SLUG, "pubmed").returncode == 0, "with room again it goes on"


def test_a_full_disk_while_importing(counted: Terminal) -> None:
    before = counted.json("prisma", SLUG)
    words = ("import", SLUG, "cinahl-ebsco", str(SAMPLES / "ebsco-cinahl.ris"), "--date-searched", "2024-01-01")
    refused(counted.process(*words, largest_file=1_000), "No room")
    assert counted.json("prisma", SLUG) == before
    assert counted(*words).returncode == 0, "with room again it goes on"


def test_ncbi_without_an_e_mail_address_is_not_asked(counted: Terminal) -> None:
    live = Terminal(counted.workspace, "https://eutils.ncbi.nlm.nih.gov/entrez/eutils/")
    refused(live("search", SLUG, "pubmed"), "LIVINGSEARCH_EMAIL")


def test_a_setting_that_cannot_be_used_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LIVINGSEARCH_RETRY_BUDGET", "for ever")
    assert run(["doctor"]) == 1
    assert capsys.readouterr().err.startswith("Error: The environment variable LIVINGSEARCH_RETRY_BUDGET")


def test_the_workspace_can_be_named_on_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--workspace", str(tmp_path), "init", str(REVIEW_FILE)]) == 0
    assert (tmp_path / SLUG / "review.duckdb").exists()
    assert run(["--workspace", str(tmp_path), "prisma", SLUG]) == 1
    assert "no update" in capsys.readouterr().err


def test_the_api_key_shows_nowhere(counted: Terminal) -> None:
    key = "0123456789abcdef0123456789abcdef0123"
    down = Terminal(counted.workspace, "http://127.0.0.1:9/entrez/eutils/")
    done = down("search", SLUG, "pubmed", key=key)
    working = counted("search", SLUG, "pubmed", key=key)
    assert working.returncode == 0
    assert key not in done.stdout + done.stderr + working.stdout + working.stderr
    for path in counted.workspace.rglob("*"):
        if path.is_file():
            assert key.encode() not in path.read_bytes(), path


def counts_of_closed(terminal: Terminal) -> object:
    counts = terminal.json("prisma", SLUG)
    return [u for u in counts["updates"] if u["closed_at"]], counts["total"]


def before_closed(state: object) -> object:
    counts = state[0]
    return counts["updates"], counts["total"]
