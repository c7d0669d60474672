"""What an import brought, told again from the database: the same as when it was made."""

import gzip
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from living import SAMPLES, LivingReview, made_in

from livingsearch.errors import ImportRefused
from livingsearch.services.import_reports import import_report
from livingsearch.services.imports import import_export
from livingsearch.services.runs import start_run

SOURCE = "embase-ovid"
GOLDEN = Path(__file__).parent.parent / "connectors" / "exports" / "golden"
DAY = date(2024, 1, 1)


@pytest.fixture
def living(tmp_path: Path) -> LivingReview:
    return made_in(tmp_path / "workspace")


def exports(tmp_path: Path) -> list[Path]:
    """Files of several formats and platforms, packed and not, one with records of the file before."""
    found = [
        SAMPLES / "base" / "ovid-medline.ris",
        SAMPLES / "base" / "pubmed.xml",
        SAMPLES / "base" / "ebsco-cinahl.ris",
    ]
    found += sorted((GOLDEN / "golden").glob("*"))
    packed = tmp_path / "again.ris.gz"
    packed.write_bytes(gzip.compress((SAMPLES / "update" / "ovid-medline.ris").read_bytes()))
    table = tmp_path / "text outside.ris"
    table.write_text("notes\n\nmore notes\nTY  - JOUR\nTI  - ONE\nPY  - 2020\nER  - \n\nbehind\n", "utf-8")
    return [*found, packed, table]


def test_all_that_was_shown_of_many_formats_is_told_again(living: LivingReview, tmp_path: Path) -> None:
    made = import_export(living.context(), SOURCE, exports(tmp_path), date_searched=DAY, accept_mismatch="a test")
    again = import_report(living.context(), made.run_id)
    for first, second in zip(made.files, again.files, strict=True):
        assert second == first
    assert again == made
    assert len(made.files) > 3 and len({file.summary.format for file in made.files}) > 1


def test_what_an_older_program_imported_is_told_but_for_its_notes_by_file(living: LivingReview) -> None:
    file = SAMPLES / "base" / "ovid-medline.ris"
    made = import_export(living.context(), SOURCE, [file], date_searched=DAY, accept_mismatch="a test")
    with living.context().store.write() as con:
        con.execute("DELETE FROM run_file_told")
    (told,) = import_report(living.context(), made.run_id).files
    (first,) = made.files
    assert told == replace(first, summary=replace(first.summary, warnings=()))


def test_runs_that_are_no_complete_import_are_refused(living: LivingReview) -> None:
    context = living.context()
    with pytest.raises(ImportRefused, match="There is no run 1; the last imports are: none"):
        import_report(context, 1)
    with context.store.write() as con:
        con.execute("INSERT INTO review_update VALUES (1, 'a test', now()::TIMESTAMP, 1)")
        for slug, kind in (("pubmed", "search"), (SOURCE, "import")):
            start_run(con, context, update=1, source=context.review.source(slug), kind=kind, date_searched=DAY)
    with pytest.raises(ImportRefused, match="Run 1 is a search of pubmed"):
        import_report(context, 1)
    with pytest.raises(ImportRefused, match="Run 2, an import of embase-ovid, is not complete"):
        import_report(context, 2)
