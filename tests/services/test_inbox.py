"""The inbox: what is imported, what is put aside with a reason, what stays, and what a killed process leaves."""

import gzip
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from living import SAMPLES, SLUG, LivingReview, at, made_in
from processes import Process
from work_elsewhere import take_drop

from livingsearch.errors import UpdateIncomplete
from livingsearch.services.context import ReviewContext
from livingsearch.services.import_files import opened_as_lying
from livingsearch.services.inbox import InboxOutcome, late_exports, take_inbox
from livingsearch.services.schedule import due_sources
from livingsearch.services.updates import begin_update, finish_update, run_update
from livingsearch.services.watch import Watch

SAID = 'date_searched = 2023-12-31\nhits = {hits}\nexported_by = "A librarian"\nstrategy = "as declared"\n'
CINAHL = (SAMPLES / "base" / "ebsco-cinahl.ris").read_bytes()
HITS = CINAHL.count(b"TY  - ")


def later(living: LivingReview) -> ReviewContext:
    return living.context(now=lambda: datetime.now(UTC) + timedelta(minutes=10))


def dropped(living: LivingReview, source: str, files: dict[str, bytes | str]) -> Path:
    folder = living.context().folder.inbox / source
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def runs(living: LivingReview) -> list[tuple[object, ...]]:
    with living.context().store.read() as con:
        return con.execute(
            "SELECT source, update_number, records_received, exported_by FROM run JOIN run_manifest USING (run_id) "
            "WHERE state = 'complete' ORDER BY run_id"
        ).fetchall()


def test_a_good_drop_is_imported_and_a_bad_one_put_aside_with_the_reason(living: LivingReview) -> None:
    good = dropped(living, "cinahl-ebsco", {"a.ris": CINAHL, "a.toml": SAID.format(hits=HITS)})
    bad = dropped(living, "embase-ovid", {"b.ris": CINAHL[: len(CINAHL) // 2], "b.toml": SAID.format(hits=9)})
    outcome = take_inbox(later(living))
    assert runs(living) == [("cinahl-ebsco", 1, HITS, "A librarian")]
    assert [one.name for one in outcome.rejected] == ["embase-ovid/b.toml"]
    assert list(good.iterdir()) == [] == list(bad.iterdir())
    aside = outcome.rejected[0].folder
    assert sorted(path.name for path in aside.iterdir()) == ["b.ris", "b.toml", "why.txt"]
    assert aside.is_relative_to(living.context().folder.path / "rejected" / "embase-ovid")
    assert (aside / "b.ris").read_bytes() == CINAHL[: len(CINAHL) // 2]
    assert outcome.rejected[0].why in (aside / "why.txt").read_text("utf-8")
    assert take_inbox(later(living)).imported == ()


def test_a_scheduled_update_takes_the_inbox_before_it_searches(living: LivingReview) -> None:
    dropped(living, "cinahl-ebsco", {"a.ris.gz": gzip.compress(CINAHL), "a.ris.toml": SAID.format(hits=HITS)})
    outcome = run_update(later(living), close_now=True)
    assert [run.received for run in outcome.inbox.imported] == [HITS]
    assert outcome.closed and runs(living)[0][:3] == ("cinahl-ebsco", 1, HITS)


def test_what_was_touched_just_now_stays(living: LivingReview) -> None:
    folder = dropped(living, "cinahl-ebsco", {"a.ris": CINAHL, "a.toml": SAID.format(hits=HITS)})
    # A copy that keeps the old time of writing is as young as one that does not.
    os.utime(folder / "a.ris", (0, 0))
    os.utime(folder / "a.toml", (0, 0))
    outcome = take_inbox(living.context())
    assert [left.name for left in outcome.left] == ["cinahl-ebsco/a.toml"]
    assert sorted(path.name for path in folder.iterdir()) == ["a.ris", "a.toml"] and runs(living) == []


@pytest.mark.parametrize(
    ("files", "why"),
    [
        ({"a.ris": CINAHL}, "There is no manifest for a.ris: write a.toml"),
        ({"a.ris": CINAHL, "a.toml": "hits = 3\n"}, "a.toml does not say date_searched, exported_by"),
        ({"a.ris": CINAHL, "a.toml": "hits = -3\n"}, "a.toml, line 1: hits: -3 is not allowed; 0 or more"),
        (
            {"a.ris": CINAHL, "a.toml": "\nhit = 3\n"},
            'a.toml, line 2: hit: is no field of a manifest; did you mean "hits"',
        ),
        ({"a.toml": SAID.format(hits=4)}, "No export lies beside a.toml"),
        ({"manifest.toml": SAID.format(hits=4) + 'files = ["../a.ris"]'}, "the bare name of a file"),
        ({"manifest.toml": SAID.format(hits=4) + 'files = ["b.ris"]'}, "is for b.ris, which does not lie beside it"),
        (
            {"a.ris": CINAHL, "a.toml": SAID.format(hits=HITS + 1)},
            f"showed {HITS + 1} results, but the file holds {HITS}",
        ),
        ({"a.ris": CINAHL, "a.toml": 'source = "embase-ovid"\n' + SAID.format(hits=HITS)}, "lies in the folder of"),
        ({"a.ris": CINAHL, "a.toml": 'platform = "Ovid"\n' + SAID.format(hits=HITS)}, "was made on Ovid"),
    ],
)
def test_a_drop_that_cannot_be_imported_says_why(living: LivingReview, files: dict[str, bytes | str], why: str) -> None:
    folder = dropped(living, "cinahl-ebsco", files)
    rejected = take_inbox(later(living)).rejected
    assert len(rejected) == 1 and why in rejected[0].why
    assert list(folder.iterdir()) == [] and runs(living) == []
    kept = {path.name: path.read_bytes() for path in rejected[0].folder.iterdir() if path.name != "why.txt"}
    assert kept == {name: c.encode() if isinstance(c, str) else c for name, c in files.items()}


def test_links_folders_and_strange_places_are_put_aside_unread(living: LivingReview, tmp_path: Path) -> None:
    secret = tmp_path / "secret.ris"
    secret.write_bytes(CINAHL)
    folder = dropped(living, "cinahl-ebsco", {"a.toml": SAID.format(hits=HITS)})
    (folder / "a.ris").symlink_to(secret)
    (folder / "deeper").mkdir()
    dropped(living, "nobody", {"a.ris": CINAHL, "a.toml": SAID.format(hits=HITS)})
    (folder.parent / "loose.ris").write_bytes(CINAHL)
    (folder.parent / "linked").symlink_to(tmp_path)
    rejected = {one.name: one.why for one in take_inbox(later(living)).rejected}
    assert "a link" in rejected["cinahl-ebsco/a.ris"] and "a folder" in rejected["cinahl-ebsco/deeper"]
    assert "no folder of a source" in rejected["nobody/a.toml"]
    assert {"loose.ris", "linked"} <= set(rejected)
    assert secret.read_bytes() == CINAHL and runs(living) == []


def test_a_second_export_of_a_source_does_not_take_the_place_of_the_first(living: LivingReview) -> None:
    half = CINAHL.index(b"TY  - ", len(CINAHL) // 2)
    first, second = CINAHL[:half], CINAHL[half:]
    counts = [part.count(b"TY  - ") for part in (first, second)]
    said = [SAID.format(hits=n) for n in counts]
    dropped(living, "cinahl-ebsco", {"a.ris": first, "a.toml": said[0], "b.ris": second, "b.toml": said[1]})
    outcome = take_inbox(later(living))
    assert [run.received for run in outcome.imported] == counts[:1]
    assert "would have taken its place" in outcome.rejected[0].why
    whole = SAID.format(hits=HITS) + 'files = ["a.ris", "b.ris"]\n'
    dropped(living, "cinahl-ebsco", {"a.ris": first, "b.ris": second, "manifest.toml": whole})
    assert [run.received for run in take_inbox(later(living)).imported] == [HITS]


def test_a_search_without_results_needs_only_a_manifest(living: LivingReview) -> None:
    folder = dropped(living, "cinahl-ebsco", {"march.toml": SAID.format(hits=0) + 'platform = "EBSCOhost"\n'})
    assert [run.received for run in take_inbox(later(living)).imported] == [0]
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    ("moment", "after"),
    [
        ("file kept: a.ris", "nothing"),
        ("imported from the inbox: cinahl-ebsco/a.toml", "closed"),
        ("run completed: cinahl-ebsco", "export removed"),
    ],
)
def test_a_killed_pass_is_finished_by_the_next_and_imports_once(living: LivingReview, moment: str, after: str) -> None:
    folder = dropped(living, "cinahl-ebsco", {"a.ris": CINAHL, "a.toml": SAID.format(hits=HITS)})
    Process(take_drop, living.settings.workspace, moment).require_killed()
    assert sorted(path.name for path in folder.iterdir()) == ["a.ris", "a.toml"]
    if after == "closed":  # by hand, so that the same drop would now go into the next update
        with living.context().store.write() as con:
            con.execute("INSERT INTO update_closing VALUES (1, now()::TIMESTAMP, '{}', 'x', 1)")
    elif after == "export removed":
        (folder / "a.ris").unlink()
    outcome = take_inbox(later(living))
    assert [run.received for run in outcome.imported] == [HITS] and outcome.rejected == ()
    assert runs(living) == [("cinahl-ebsco", 1, HITS, "A librarian")]
    assert list(folder.iterdir()) == []
    context = living.context()
    assert CINAHL in [path.read_bytes() for path in context.folder.received.iterdir() if path.is_file()]
    assert context.review.slug == SLUG


def test_another_export_under_the_manifest_of_an_imported_one_is_not_thrown_away(living: LivingReview) -> None:
    folder = dropped(living, "cinahl-ebsco", {"a.ris": CINAHL, "a.toml": SAID.format(hits=HITS)})
    written = (folder / "a.toml").stat().st_mtime_ns
    assert take_inbox(later(living)).imported[0].repeated is False
    other = CINAHL.replace(b"T1  - ", b"T1  - Anew: ").replace(b"TI  - ", b"TI  - Anew: ")
    assert other != CINAHL
    dropped(living, "cinahl-ebsco", {"a.ris": other, "a.toml": SAID.format(hits=HITS)})
    os.utime(folder / "a.toml", ns=(written, written))
    assert take_inbox(later(living)).imported[0].repeated is False
    assert len(runs(living)) == 2


class Swapping:
    """Does something at the step of a work whose name begins so."""

    def __init__(self, moment: str, swap: Callable[[], object]) -> None:
        self._moment, self._swap = moment, swap

    def step(self, name: str) -> None:
        if name.startswith(self._moment):
            self._swap()

    def progress(self, what: str, done: int, total: int) -> None:
        pass


def late(living: LivingReview, watch: Watch) -> ReviewContext:
    return living.context(watch, lambda: datetime.now(UTC) + timedelta(minutes=10))


def test_what_takes_the_place_of_a_checked_file_is_not_followed(living: LivingReview, tmp_path: Path) -> None:
    secret = tmp_path / "secret.ris"
    secret.write_bytes(CINAHL)
    dropped(living, "embase-ovid", {"a.ris": b"no export", "a.toml": SAID.format(hits=1)})
    folder = dropped(living, "medline-ovid", {"b.ris": CINAHL, "b.toml": SAID.format(hits=HITS)})

    def swap() -> None:
        (folder / "b.ris").unlink()
        (folder / "b.ris").symlink_to(secret)

    # The first drop's refusal is a moment between the check of the second and its use.
    rejected = take_inbox(late(living, Swapping("rejected from the inbox: embase-ovid", swap))).rejected
    assert [one.name for one in rejected] == ["embase-ovid/a.toml", "medline-ovid/b.toml"]
    assert "b.ris cannot be read: it is a link" in rejected[1].why
    assert secret.read_bytes() == CINAHL and runs(living) == []


def test_a_pipe_is_put_aside_and_nobody_waits_for_it(living: LivingReview) -> None:
    folder = dropped(living, "cinahl-ebsco", {"a.toml": SAID.format(hits=HITS)})
    os.mkfifo(folder / "a.ris")
    os.mkfifo(folder / "b.toml")
    rejected = {one.name: one.why for one in take_inbox(later(living)).rejected}
    assert (
        "no ordinary file" in rejected["cinahl-ebsco/a.ris"] and "no ordinary file" in rejected["cinahl-ebsco/b.toml"]
    )
    with pytest.raises(OSError, match="no ordinary file"):
        opened_as_lying(Path("/dev/zero"))


def test_a_file_put_in_the_place_of_an_imported_one_stays_for_the_next_time(living: LivingReview) -> None:
    folder = dropped(living, "cinahl-ebsco", {"a.ris": CINAHL, "a.toml": SAID.format(hits=HITS)})
    watch = Swapping("run completed: cinahl-ebsco", lambda: (folder / "a.ris").write_bytes(b"another"))
    assert [run.received for run in take_inbox(late(living, watch)).imported] == [HITS]
    assert {path.name: path.read_bytes() for path in folder.iterdir()}["a.ris"] == b"another"
    assert sorted(path.name for path in folder.iterdir()) == ["a.ris", "a.toml"]


def test_what_a_killed_pass_had_taken_aside_is_found_again(living: LivingReview) -> None:
    folder = dropped(living, "cinahl-ebsco", {"a.ris": CINAHL, "a.toml": SAID.format(hits=HITS)})
    (folder / "a.ris").rename(folder / ".taken-a.ris")
    assert [run.received for run in take_inbox(later(living)).imported] == [HITS]
    assert list(folder.iterdir()) == []


def test_the_inbox_is_told_although_a_source_then_fails(tmp_path: Path) -> None:
    living = made_in(tmp_path / "workspace", retry_budget=0.0)
    dropped(living, "cinahl-ebsco", {"a.ris": CINAHL, "a.toml": SAID.format(hits=HITS)})
    told: list[InboxOutcome] = []
    with pytest.raises(UpdateIncomplete):
        run_update(later(living), tell_inbox=told.append)
    assert [run.received for run in told[0].imported] == [HITS]


def test_an_export_is_late_when_its_schedule_came_round_since_its_last_run(living: LivingReview) -> None:
    def seen(day: str) -> tuple[str, ...]:
        # Later than any file of the test, so that all has settled.
        return late_exports(living.context(now=at(day)))

    dropped(living, "cinahl-ebsco", {"a.ris": CINAHL, "a.toml": SAID.format(hits=HITS)})
    dropped(living, "embase-ovid", {"b.ris": CINAHL, "b.toml": "hits = 3"})
    assert seen("2090-02-02T12:00") == ("cinahl-ebsco",), "what cannot be imported makes no update"
    run_update(living.context(now=at("2090-02-02T12:00")), close_now=True)
    dropped(living, "cinahl-ebsco", {"a.ris": CINAHL, "a.toml": SAID.format(hits=HITS)})
    assert seen("2090-02-03T12:00") == (), "early"
    assert seen("2090-04-01T12:00") == ("cinahl-ebsco",)
    # An update that closes without the export does not make it early.
    context = living.context(now=at("2090-04-01T12:00"))
    begin_update(context, due=["cinahl-ebsco"])
    finish_update(context, 2, close_now=True)
    assert due_sources(context) == ("pubmed", "medline-ovid", "embase-ovid", "psycinfo-ovid")
    assert seen("2090-04-02T12:00") == ("cinahl-ebsco",)
