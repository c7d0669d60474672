"""Batches for each tool, and what comes back from them, on the example review."""

import csv
import hashlib
import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from living import LivingReview, made_in, updated_in
from openpyxl import Workbook
from table_habits import TABLE_HABITS
from tool_habits import HABITS, records_of, without

from connectors.errors import FileRefused
from livingsearch.errors import ReturnRefused, UpdateRefused
from livingsearch.services.batch_reports import batch_reports
from livingsearch.services.batches import FORM_NAMES, TOOL_NAMES, write_batch, write_for_tool
from livingsearch.services.returned import read_back
from livingsearch.services.update_flows import frozen_flow


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> LivingReview:
    """Both updates done."""
    return updated_in(tmp_path_factory.mktemp("workspace"))


def state(living: LivingReview) -> dict[str, str]:
    """All files of the review but locks, by their hashes."""
    root = living.context().folder.path
    files = (p for p in root.rglob("*") if p.is_file() and p.parent.name != "locks")
    return {p.relative_to(root).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def test_the_reports_are_the_same_however_many_are_read_at_once(finished: LivingReview) -> None:
    context = finished.context()
    with context.store.read() as con:
        flow = frozen_flow(con, 1)
        together = list(batch_reports(con, context, flow))
        assert [list(batch_reports(con, context, flow, at_once=n)) for n in (30, 47)] == [together, together]
    assert len(together) == flow.to_screen > 90
    assert [report.report_id for report in together] == sorted({report.report_id for report in together})


@pytest.mark.parametrize("update", [1, 2])
@pytest.mark.parametrize("tool", TOOL_NAMES)
def test_a_batch_for_a_tool_holds_every_report_and_is_the_same_again(
    tool: str, update: int, finished: LivingReview
) -> None:
    first = write_for_tool(finished.context(), update, tool)
    kept = [part.path.read_bytes() for part in first.parts]
    assert write_for_tool(finished.context(), update, tool) == first
    assert [part.path.read_bytes() for part in first.parts] == kept
    assert sum(part.reports for part in first.parts) == first.reports > 0
    assert sum(content.count(b"recid:") for content in kept) == first.reports
    assert all(f"update-{update:03d}-for-{tool}" in part.path.name for part in first.parts)


@pytest.mark.parametrize("form", FORM_NAMES)
def test_a_batch_in_a_form_lies_beside_the_released_one(form: str, finished: LivingReview) -> None:
    released = write_batch(finished.context(), 1)
    files = write_for_tool(finished.context(), 1, None, form)
    assert files.parts[0].path.parent == released.counts.parent
    assert write_batch(finished.context(), 1) == released, "the released files are still told apart"
    if form in ("ris", "csv"):
        same = released.ris if form == "ris" else released.csv
        assert files.parts[0].path.read_bytes() == same[0].read_bytes()


def test_what_a_tool_does_not_take_or_is_unknown_is_refused(finished: LivingReview) -> None:
    before = state(finished)
    for tool, form, words in (
        ("asreview", "endnote-xml", "ASReview is not known to take endnote-xml; of these forms it takes: ris, csv"),
        ("word", None, "'word'; choose one of: covidence, rayyan"),
        (None, "docx", "'docx'; choose one of: ris, csv"),
    ):
        with pytest.raises(UpdateRefused, match=words):
            write_for_tool(finished.context(), 1, tool, form)
    with pytest.raises(UpdateRefused, match="no closed update 7"):
        write_for_tool(finished.context(), 7, "rayyan")
    assert state(finished) == before


@pytest.mark.parametrize("habit", list(HABITS))
def test_a_batch_comes_back_whole_and_nothing_is_written(habit: str, finished: LivingReview, tmp_path: Path) -> None:
    ours = write_batch(finished.context(), 1).ris[0].read_text("utf-8")
    file = tmp_path / f"{habit}.ris"
    file.write_text(HABITS[habit](records_of(ours)), "utf-8")
    before = state(finished)
    result = read_back(finished.context(), file)
    assert state(finished) == before
    assert len(result.matched) == result.released == result.references > 90
    assert (result.repeated, result.unmatched, result.missing, result.updates) == ((), (), (), (1,))
    assert {one.how for one in result.matched} == {"id"}
    tools = {"eppi": "eppi-reviewer", "rispy_itself": None}
    assert result.tool == tools.get(habit, habit)
    if habit in ("rayyan", "asreview"):
        assert {one.decision for one in result.matched} >= {"included", "excluded"}
    if habit == "rayyan":
        assert all(one.who == ("Emily",) and not one.notes for one in result.matched)
        assert all((one.reason is None) == (one.decision != "excluded") for one in result.matched)


@pytest.mark.parametrize("lost", [("UR", "N1", "AN"), ("UR", "N1", "AN", "DO")])
def test_without_ids_no_report_of_the_example_is_taken_for_another(
    lost: tuple[str, ...], finished: LivingReview, tmp_path: Path
) -> None:
    ours = records_of(write_batch(finished.context(), 1).ris[0].read_text("utf-8"))
    ids = [next(value for tag, value in record if tag == "N1").removeprefix("recid:") for record in ours]
    file = tmp_path / "z.ris"
    file.write_text(HABITS["zotero"]([without(*lost)(record) for record in ours]), "utf-8")
    result = read_back(finished.context(), file)
    assert [one.report_id for one in result.matched] == [ids[one.position - 1] for one in result.matched]
    assert len(result.matched) + len(result.unmatched) == len(ours)
    assert len(result.unmatched) <= 8
    assert all(one.why and one.payload for one in result.unmatched)


def test_every_form_comes_back_as_it_was_written(finished: LivingReview) -> None:
    for form in FORM_NAMES:
        file = write_for_tool(finished.context(), 2, None, form).parts[0].path
        result = read_back(finished.context(), file)
        assert (len(result.matched), result.unmatched, result.missing) == (result.released, (), ())
        assert result.form == {"endnote-xml": "endnote-xml"}.get(form, form)


def rows_of_ours(living: LivingReview) -> list[dict[str, str]]:
    with write_batch(living.context(), 1).csv[0].open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def table(rows: list[dict[str, str]], delimiter: str = ",") -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def workbook(rows: list[dict[str, str]]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(rows[0]))
    for row in rows:
        # A year is a number in a workbook, as pandas writes it.
        sheet.append([int(cell) if name == "year" and cell else cell for name, cell in row.items()])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def packed(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("_dot_", "."), content)
    return out.getvalue()


@pytest.mark.parametrize("form", [table, workbook], ids=["csv", "xlsx"])
@pytest.mark.parametrize("habit", list(TABLE_HABITS))
def test_a_table_comes_back_and_every_reference_is_matched_or_named(
    habit: str, form: Callable[[list[dict[str, str]]], bytes], finished: LivingReview, tmp_path: Path
) -> None:
    rows = rows_of_ours(finished)
    file = tmp_path / ("review_7_excluded_csv_20240101.csv" if habit == "covidence" else "returned.csv")
    file.write_bytes(form([TABLE_HABITS[habit](n, row) for n, row in enumerate(rows)]))
    result = read_back(finished.context(), file)
    assert result.references == len(rows) == len(result.matched) + len(result.unmatched)
    assert not result.repeated
    assert all(one.report_id == rows[one.position - 1]["recid"] for one in result.matched), "none is another's"
    assert result.tool == habit.removesuffix("_1")
    if habit == "covidence":
        # It keeps none of our ids: what is only a title with a twin stays with a person.
        assert len(result.unmatched) <= 8
        assert all(one.why for one in result.unmatched)
        assert set(result.decisions) == {"excluded"}
        return
    assert (result.unmatched, result.missing) == ((), ())
    assert {one.how for one in result.matched} == {"id"}
    expected = {"zotero": {"none"}, "rayyan": {"included", "excluded", "maybe"}}
    expected |= {"distillersr": {"included", "excluded", "maybe"}}
    assert set(result.decisions) == expected.get(habit, {"included", "excluded", "none"})


def bibtex(rows: list[dict[str, str]], note: str = "") -> str:
    """As Zotero and Rayyan write it: notes in one field, TeX's own characters escaped, but not in addresses."""

    def texed(text: str) -> str:
        return re.sub(r"([&%$#_])", r"\\\1", text)

    entries = []
    for n, row in enumerate(rows, 1):
        values = {
            "title": f"{{{texed(row['title'])}}}",
            "author": texed(row["authors"].replace("; ", " and ")),
            "year": row["year"],
            "journal": texed(row["journal"]),
            "doi": row["doi"],
            "url": row["url"],
            "note": texed(row["notes"]) + note,
        }
        lines = "".join(f"  {name} = {{{value}}},\n" for name, value in values.items() if value)
        entries.append(f"@article{{key{n},\n{lines}}}\n")
    return "\n".join(entries)


def test_bibtex_comes_back_with_the_decisions_in_its_notes(finished: LivingReview, tmp_path: Path) -> None:
    rows = rows_of_ours(finished)
    file = tmp_path / "library.bib"
    for note, tool, decision in (
        ("", None, "none"),
        (' | RAYYAN-INCLUSION: {"Ann"=>"Included"} | RAYYAN-LABELS: later', "rayyan", "included"),
    ):
        file.write_text(bibtex(rows, note), "utf-8")
        result = read_back(finished.context(), file)
        assert (result.form, result.tool, result.decisions) == ("bibtex", tool, {decision: len(rows)})
        assert [one.report_id for one in result.matched] == [row["recid"] for row in rows]
        assert {one.how for one in result.matched} == {"id"}


def test_endnote_writes_our_xml_anew(finished: LivingReview, tmp_path: Path) -> None:
    ours = write_for_tool(finished.context(), 1, "endnote", "endnote-xml").parts[0].path.read_text("utf-8")
    theirs = ours.replace(
        '<source-app name="livingsearch">livingsearch</source-app>',
        '<database name="My.enl" path="C:\\My.enl">My.enl</database><source-app name="EndNote" version="20.2">EndNote'
        "</source-app>",
    )
    theirs = re.sub(r"<rec-number>\d+</rec-number>", "<rec-number>7</rec-number>", theirs)
    theirs = re.sub(r"(recid:R\d+) \| ", r'\1</style><style face="bold" font="default" size="100%"> | ', theirs)
    file = tmp_path / "My.xml"
    file.write_text(theirs, "utf-8")
    result = read_back(finished.context(), file, listed="included")
    assert (result.tool, result.form, result.missing, result.unmatched) == ("endnote", "endnote-xml", (), ())
    assert {one.how for one in result.matched} == {"id"}
    assert result.decisions == {"included": result.released}


def test_an_archive_of_rayyan_is_its_table_and_the_log_is_named(finished: LivingReview, tmp_path: Path) -> None:
    rows = [TABLE_HABITS["rayyan"](n, row) for n, row in enumerate(rows_of_ours(finished))]
    log = b"article_id,key,value,user_id,created_at\n1,included,1,7,2024-01-01\n"
    file = tmp_path / "rayyan.zip"
    file.write_bytes(packed(articles_dot_csv=table(rows), customizations_log_dot_csv=log))
    result = read_back(finished.context(), file)
    assert (result.tool, result.form, len(result.matched), result.missing) == ("rayyan", "csv", len(rows), ())
    (remark,) = result.remarks
    assert remark.startswith("Passed over: rayyan.zip: customizations_log.csv")


def test_parts_of_an_archive_are_counted_on_and_keep_their_lists(finished: LivingReview, tmp_path: Path) -> None:
    rows = [TABLE_HABITS["covidence"](n, row) for n, row in enumerate(rows_of_ours(finished))]
    file = tmp_path / "lists.zip"
    file.write_bytes(
        packed(
            review_7_select_csv_1_dot_csv=table(rows[:30]),
            review_7_irrelevant_csv_1_dot_csv=table(rows[30:]),
        )
    )
    result = read_back(finished.context(), file)
    positions = [one.position for one in (*result.matched, *result.unmatched)]
    assert sorted(positions) == list(range(1, len(rows) + 1))
    assert {(one.position <= 30, one.decision) for one in result.matched} == {(True, "included"), (False, "excluded")}


def test_an_archive_without_an_export_is_refused_and_a_damaged_part_too(finished: LivingReview, tmp_path: Path) -> None:
    file = tmp_path / "x.zip"
    file.write_bytes(packed(notes_dot_txt=b"These are my notes."))
    with pytest.raises(FileRefused, match=r"notes\.txt.*Nothing was concluded"):
        read_back(finished.context(), file)
    good = table([TABLE_HABITS["rayyan"](n, row) for n, row in enumerate(rows_of_ours(finished))])
    file.write_bytes(packed(a_dot_csv=good, b_dot_csv=good + b'"x","an "open" quote"\n'))
    with pytest.raises(FileRefused, match="breaks the quoting"):
        read_back(finished.context(), file)


def test_reports_of_several_batches_and_of_one(finished: LivingReview, tmp_path: Path) -> None:
    both = [record for update in (1, 2) for record in records_of(_ris(finished, update))]
    second = len(records_of(_ris(finished, 2)))
    file = tmp_path / "both.ris"
    file.write_text(HABITS["covidence"](both[3:]), "utf-8")
    result = read_back(finished.context(), file)
    assert (result.updates, len(result.missing), result.unmatched) == ((1, 2), 3, ())
    alone = read_back(finished.context(), file, update=2)
    assert (alone.updates, len(alone.matched), alone.missing) == ((2,), second, ())
    assert len(alone.unmatched) == len(both) - 3 - second
    assert all(re.fullmatch(r"it is R\d+, of the batch of update 1", one.why) for one in alone.unmatched)


def _ris(living: LivingReview, update: int) -> str:
    return write_batch(living.context(), update).ris[0].read_text("utf-8")


def test_the_list_of_covidence_and_what_a_person_says(finished: LivingReview, tmp_path: Path) -> None:
    content = HABITS["covidence"](records_of(_ris(finished, 2)))
    file = tmp_path / "review_1_irrelevant_ris_20240101.ris"
    file.write_text(content, "utf-8")
    (decision,) = {(one.decision, one.stage) for one in read_back(finished.context(), file).matched}
    assert decision == ("excluded", "title and abstract")
    told = read_back(finished.context(), file, listed="included")
    assert {(one.decision, one.stage) for one in told.matched} == {("included", "full text")}
    assert told.decisions == {"included": len(told.matched)}


def test_text_outside_of_references_and_a_guessed_encoding_are_said(finished: LivingReview, tmp_path: Path) -> None:
    file = tmp_path / "old.ris"
    file.write_bytes("TY  - JOUR\nTI  - Café\nER  - \n\nExported by Zoë\n".encode("cp1252"))
    result = read_back(finished.context(), file)
    assert result.remarks == (
        "The file was read as cp1252; check the accents.",
        "Text that belongs to no reference begins in line 5.",
    )
    assert (result.updates, result.released, result.missing) == ((), 0, ())
    assert [one.title for one in result.unmatched] == ["Café"]


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda c, f: read_back(c, f / "none.ris"), ReturnRefused, "cannot be read"),
        (lambda c, f: read_back(c, f), ReturnRefused, "cannot be read"),
        (lambda c, f: read_back(c, f / "x.ris", tool="word"), ReturnRefused, "choose one of: covidence"),
        (lambda c, f: read_back(c, f / "x.ris", listed="best"), ReturnRefused, "choose one of: included"),
        (lambda c, f: read_back(c, f / "x.ris", update=9), UpdateRefused, "no closed update 9"),
        (lambda c, f: read_back(c, f / "notes.txt"), FileRefused, "Nothing was concluded"),
    ],
)
def test_what_cannot_be_read_back_is_refused(
    call: Callable[..., object], error: type[Exception], words: str, finished: LivingReview, tmp_path: Path
) -> None:
    (tmp_path / "x.ris").write_text("TY  - JOUR\nTI  - a\nER  - \n")
    (tmp_path / "notes.txt").write_text("These are my notes.")
    with pytest.raises(error, match=words):
        call(finished.context(), tmp_path)


def test_nothing_can_come_back_before_a_batch_is_released(tmp_path: Path) -> None:
    (tmp_path / "x.ris").write_text("TY  - JOUR\nTI  - a\nER  - \n")
    with pytest.raises(UpdateRefused, match="no batch can come back"):
        read_back(made_in(tmp_path / "workspace").context(), tmp_path / "x.ris")
