"""Import as a person types it: what the manifest says, what is typed, and what is asked for."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from living import SAMPLES, SLUG, LivingReview, made_in

from livingsearch.cli.main import run
from livingsearch.services.import_rows import NO_HITS

CINAHL = (SAMPLES / "base" / "ebsco-cinahl.ris").read_bytes()
HITS = CINAHL.count(b"TY  - ")
SAID = (
    f'source = "cinahl-ebsco"\ndate_searched = 2023-12-31\nhits = {HITS}\nexported_by = "A librarian"\n'
    'strategy = "as declared"\n'
)


@pytest.fixture
def living(tmp_path: Path) -> LivingReview:
    return made_in(tmp_path / "workspace")


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "a.ris"
    path.write_bytes(CINAHL)
    return path


def kept(living: LivingReview) -> list[tuple[object, ...]]:
    with living.context().store.read() as con:
        return con.execute(
            "SELECT date_searched::VARCHAR, hits_reported, exported_by, strategy FROM run JOIN run_manifest "
            "USING (run_id) ORDER BY run_id"
        ).fetchall()


def test_the_manifest_beside_the_export_says_what_is_not_typed(
    living: LivingReview, export: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    export.with_suffix(".toml").write_text(SAID, "utf-8")
    strategy = export.with_name("search.txt")
    strategy.write_text("S1 peer*\nS2 S1 AND TI group\n", "utf-8")
    words = ["import", SLUG, "cinahl-ebsco", str(export), "--json"]
    assert run([*words, "--exported-by", "Another", "--strategy", str(strategy)], living.settings) == 0
    assert json.loads(capsys.readouterr().out)["hits"] == HITS
    assert kept(living) == [("2023-12-31", HITS, "Another", "S1 peer*\nS2 S1 AND TI group")]


@pytest.mark.parametrize(
    ("said", "typed", "why"),
    [
        (None, [], "Missing: date_searched (day of the search: --date-searched 2025-08-15); hits ("),
        (None, [], "exported_by (who searched and exported: --exported-by 'A librarian'); strategy ("),
        (None, ["--date-searched", "2023-12-31", "--hits", "not-shown"], "Missing: exported_by ("),
        (SAID.replace(f"hits = {HITS}", 'hits = "many"'), [], 'hits: "many" is not allowed; a whole number, or "not'),
        (SAID, ["--hits", str(HITS + 3)], f"showed {HITS + 3} results, but the file holds {HITS} records"),
        (SAID.replace("cinahl", "medline"), [], "says that the source is medline-ebsco"),
        (SAID + 'hints = "x"\n', [], "a.toml, line 6: hints: is no field of a manifest"),
        (SAID + 'files = ["a.ris", "b.ris"]\n', [], "names b.ris too"),
        (
            SAID + "[columns]\nTitel = 3\n",
            [],
            "a.toml, line 7: columns.Titel: is the number 3; text in quotation marks",
        ),
    ],
)
def test_what_is_wrong_or_missing_is_said_and_nothing_comes_in(
    living: LivingReview,
    export: Path,
    capsys: pytest.CaptureFixture[str],
    said: str | None,
    typed: list[str],
    why: str,
) -> None:
    if said is not None:
        export.with_suffix(".toml").write_text(said, "utf-8")
    assert run(["import", SLUG, "cinahl-ebsco", str(export), *typed], living.settings) == 1
    assert why in capsys.readouterr().err
    assert kept(living) == []


def test_two_manifests_for_one_import_are_refused(
    living: LivingReview, export: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    export.with_suffix(".toml").write_text(SAID, "utf-8")
    export.with_name("manifest.toml").write_text(SAID + 'files = ["a.ris"]\n', "utf-8")
    assert run(["import", SLUG, "cinahl-ebsco", str(export)], living.settings) == 1
    assert "write one manifest.toml" in capsys.readouterr().err


def test_a_terminal_is_asked_for_what_is_missing(living: LivingReview, export: Path) -> None:
    ours, theirs = pty.openpty()
    words = [sys.executable, "-m", "livingsearch.cli.main", "import", SLUG, "cinahl-ebsco", str(export), "--json"]
    environment = {**os.environ, "LIVINGSEARCH_WORKSPACE": str(living.settings.workspace)}
    with subprocess.Popen(words, stdin=theirs, stderr=theirs, stdout=subprocess.PIPE, env=environment) as process:
        os.close(theirs)
        os.write(ours, f"yesterday\n2023-12-31\nmany\n{HITS}\nA librarian\nno-such-file\nas-declared\n".encode())
        try:
            output, _ = process.communicate(timeout=60)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
    told = b""
    try:
        while piece := os.read(ours, 4096):
            told += piece
    except OSError:  # a terminal whose other side is closed
        pass
    os.close(ours)
    assert process.returncode == 0, told
    assert b"write the day as 2025-08-15" in told and b"Results that the platform showed" in told
    assert json.loads(output)["hits"] == HITS
    assert b"no-such-file cannot be read" in told and b"Platform that was searched" not in told
    query = living.context().review.source("cinahl-ebsco").query
    assert kept(living) == [("2023-12-31", HITS, "A librarian", query)]


def test_that_a_platform_shows_no_hits_is_said_and_kept(
    living: LivingReview, export: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    export.with_suffix(".toml").write_text(SAID, "utf-8")
    words = ["import", SLUG, "cinahl-ebsco", str(export), "--json"]
    assert run([*words, "--hits", "not-shown"], living.settings) == 0
    first = json.loads(capsys.readouterr().out)
    assert first["hits"] is None and first["warnings"].count(NO_HITS) == 1
    export.with_suffix(".toml").write_text(SAID.replace(f"hits = {HITS}", 'hits = "not shown"'), "utf-8")
    assert run(words, living.settings) == 0
    again = json.loads(capsys.readouterr().out)
    assert again["repeated"] is True and (again["warnings"], again["files"]) == (first["warnings"], first["files"])


def test_a_file_that_tells_neither_platform_nor_strategy_needs_both_said(
    living: LivingReview, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "a.csv"
    table.write_text('title,authors\nOne,"Doe, J"\n', "utf-8")
    said = ["--date-searched", "2023-12-31", "--hits", "1", "--exported-by", "A librarian"]
    words = ["import", SLUG, "cinahl-ebsco", str(table), "--columns", "title=title,authors=authors", *said]
    assert run(words, living.settings) == 1
    missing = capsys.readouterr().err
    assert "Missing: platform (" in missing and "strategy (" in missing and "hits (" not in missing
    assert run([*words, "--strategy", "as-declared", "--searched-on", "EBSCOhost"], living.settings) == 0


def test_the_report_of_an_import_is_told_again_from_the_database(
    living: LivingReview, export: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    export.with_suffix(".toml").write_text(SAID, "utf-8")
    assert run(["import", SLUG, "cinahl-ebsco", str(export)], living.settings) == 0
    shown = capsys.readouterr().out
    assert f"the platform showed: {HITS} results; exported by: A librarian" in shown
    assert run(["report", "import", SLUG, "1"], living.settings) == 0
    assert capsys.readouterr().out == shown
    assert run(["report", "import", SLUG, "1", "--json"], living.settings) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["declared"]["strategy_from"], told["files"][0]["filled"]["title"]) == ("declared", HITS)
    assert run(["report", "prisma-s", SLUG], living.settings) == 0
    appendix = (living.context().folder.path / "reports" / "prisma-s.md").read_text("utf-8")
    assert appendix.count("Run as it was declared, as the exporting person says (run 1).") == 1
    capsys.readouterr()
    assert run(["report", "import", SLUG, "7"], living.settings) == 1
    assert "There is no run 7; the last imports are: 1." in capsys.readouterr().err
