"""`livingsearch report changes` as people type it."""

import contextlib
import io
import json
import re
import shlex
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from living import SLUG, LivingReview, made_in

from livingsearch.cli.main import run
from livingsearch.cli.show_changes import difference
from livingsearch.services.changes import FieldChange
from livingsearch.services.imports import import_export
from livingsearch.services.updates import begin_update, finish_update

Command = Callable[..., tuple[int, str, str]]
HOSTILE = "[bold red]Peer[/] support \x1b[31m and \x9b31m \u202e wards [/nothing]"


@pytest.fixture(autouse=True)
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERM", "dumb")


def ris(number: int, **more: str) -> str:
    fields = {
        "DB": "Embase",
        "ID": f"{2020000000 + number}",
        "T1": f"Peer support in ward {number}: what was found there and in {number * 7} others",
        "A1": f"Barr{number} K.",
        "Y1": f"{1980 + number}//",
        "JF": "Journal of Wards",
        "VL": str(number),
        "SP": str(number * 20),
        **more,
    }
    return "TY  - JOUR\n" + "".join(f"{tag}  - {value}\n" for tag, value in fields.items()) + "ER  - \n\n"


def updated(living: LivingReview, number: int, *records: str) -> None:
    file = living.settings.workspace / f"{number}.ris"
    file.write_text("".join(records), "utf-8")
    day = date(2024, 1, number)
    arguments = {"update": number, "platform": "ovid", "accept_mismatch": "a test"}
    import_export(living.context(), "embase-ovid", [file], date_searched=day, **arguments)  # type: ignore[arg-type]
    begin_update(living.context(), number=number, due=["embase-ovid"])
    assert finish_update(living.context(), number).closed


@pytest.fixture(scope="module")
def living(tmp_path_factory: pytest.TempPathFactory) -> LivingReview:
    """Of 40 records, 13 change, one of which is retracted, 14 vanish; one is new."""
    made = made_in(tmp_path_factory.mktemp("changes") / "workspace")
    updated(made, 1, *(ris(n) for n in range(40)))
    notice = "Retraction in: J Wards. 2025. PMID: 39000001"
    updated(
        made,
        2,
        ris(0, T1=HOSTILE),
        ris(1, N1=notice),
        *(ris(n, IS="4", AB=f"{'long ' * 100}{n}") for n in range(2, 13)),
        *(ris(n) for n in range(13, 26)),
        ris(40),
    )
    return made


@pytest.fixture
def command(living: LivingReview) -> Command:
    def typed(*words: str) -> tuple[int, str, str]:
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = run(words, living.settings)
        return code, out.getvalue(), err.getvalue()

    return typed


def test_the_example_of_the_help_text_runs(command: Command) -> None:
    _, text, _ = command("report", "changes", "--help")
    found = re.search(r"Example: livingsearch (.+)", text)
    assert found
    words = " ".join(re.findall(r"[\w-]+", " ".join(text[found.start(1) :].split())))
    code, out, err = command(*shlex.split(words))
    assert code == 0, err
    assert out.startswith("Changes of update 2, closed 20")


def test_retractions_come_first_and_all_fits_80_columns(command: Command) -> None:
    _, out, _ = command("report", "changes", SLUG, "--update", "2")
    assert max(len(line) for line in out.splitlines()) <= 80
    places = [
        out.index(words) for words in ("Retracted or corrected", "Records by source", "Vanished: 14", "Changed: 13")
    ]
    assert places == sorted(places)
    assert "RetractionIn 39000001" in out[: places[1]]
    assert re.search(r"R\d{6} +1 +retracted +Peer support in ward 1:", out)
    assert re.search(r"Embase \(Ovid\) +40 +27 +26 +1 +0 +14 +13", out)


def test_long_lists_are_cut_on_screen_and_whole_as_json(command: Command) -> None:
    _, out, _ = command("report", "changes", SLUG)
    assert "… and 4 more; --json has all." in out
    assert "… and 3 more; --json has all." in out
    _, text, _ = command("report", "changes", SLUG, "--json")
    told = json.loads(text)
    assert (told["review"], told["update"], len(told["vanished"]), len(told["changed"])) == (SLUG, 2, 14, 13)
    assert told["flagged"][0]["batch"] == 1
    assert told["sources"][0]["vanished"] == 14
    hostile = next(c for c in told["changed"] if c["record"]["accession"] == "2020000000")
    assert [f["field"] for f in hostile["fields"]] == ["title"]


def test_text_of_a_source_gives_the_terminal_no_orders(command: Command) -> None:
    _, out, _ = command("report", "changes", SLUG)
    assert "[bold red]Peer[/] support" in out
    assert [c for c in out if not c.isprintable() and c != "\n"] == []


def test_a_first_update_says_that_there_is_nothing_to_compare(command: Command) -> None:
    code, out, _ = command("report", "changes", SLUG, "--update", "1")
    assert code == 0
    assert "its first counted search" in out
    assert "No report was retracted or corrected since it was last seen" in out


def test_an_update_that_is_not_there_is_refused(command: Command) -> None:
    code, out, err = command("report", "changes", SLUG, "--update", "7")
    assert (code, out) == (1, "")
    assert err == f"Error: There is no update 7 of {SLUG} to show changes of (there are: 1, 2).\n"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (FieldChange("year", ("2020",), ("2021",)), "“2020” → “2021”"),
        (FieldChange("doi", (), ("10.1/x",)), "(nothing) → “10.1/x”"),
        (FieldChange("keywords", ("a", "b"), ("b", "c")), "+ c; - a"),
        (FieldChange("keywords", ("a", "b"), ("b", "a")), "in another order"),
        (FieldChange("keywords", ("a", "b"), ("c", "d", "e", "f")), "+ c; + d; + e; and 3 more"),
        (FieldChange("issue", ("1",), ("12",)), "“1” → “12”"),
    ],
)
def test_a_difference_in_little_room(change: FieldChange, told: str) -> None:
    assert difference(change) == told


def test_a_long_text_is_shown_where_it_differs() -> None:
    told = difference(FieldChange("abstract", (f"{'x' * 500} men",), (f"{'x' * 500} women {'y' * 500}",)))
    assert "men" in told
    assert "women" in told
    assert len(told) < 160


def test_a_review_without_updates_has_none_to_show(tmp_path: Path) -> None:
    out = io.StringIO()
    with contextlib.redirect_stderr(out):
        assert run(["report", "changes", SLUG], made_in(tmp_path / "new").settings) == 1
    assert "There is no update" in out.getvalue()
