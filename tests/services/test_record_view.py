"""One record with all that is stored of it."""

from pathlib import Path

import pytest
from living import SAMPLES, SEARCHED, LivingReview

from connectors.pubmed.details_model import Correction, Heading, Term
from livingsearch.errors import RecordUnknown, SourceUnknown
from livingsearch.services.deduplicate import deduplicate_review
from livingsearch.services.imports import import_export
from livingsearch.services.record_view import RecordView, record_views
from livingsearch.services.searches import search_source
from livingsearch.standin import Standin

PMID = "90000062"
LATER = """<CommentsCorrectionsList><CommentsCorrections RefType="RetractionIn"><RefSource>JAMA</RefSource>
<PMID Version="1">1</PMID></CommentsCorrections></CommentsCorrectionsList><MeshHeadingList><MeshHeading>
<DescriptorName UI="D3" MajorTopicYN="N">Depression</DescriptorName>
<QualifierName UI="Q1" MajorTopicYN="Y">psychology</QualifierName></MeshHeading></MeshHeadingList>"""


def searched_twice(living: LivingReview, standin: Standin, folder: Path) -> RecordView:
    """The record before and after PubMed gave it headings and a retraction."""
    search_source(living.context(), "pubmed")
    text = (SAMPLES / "base" / "pubmed.xml").read_text("utf-8")
    start = text.index(f">{PMID}<")
    place = text.index("</MedlineJournalInfo>", start) + len("</MedlineJournalInfo>")
    changed = folder / "changed.xml"
    changed.write_text(text[:place] + LATER + text[place:], "utf-8")
    standin.load([changed])
    search_source(living.context(), "pubmed")
    (view,) = record_views(living.context(), PMID)
    return view


def test_a_record_has_its_versions_runs_and_details(living: LivingReview, standin: Standin, tmp_path: Path) -> None:
    view = searched_twice(living, standin, tmp_path)
    assert (view.source, view.accession, view.occurrence, view.form) == ("pubmed", PMID, 1, "pubmed-xml")
    first, second = view.versions
    assert (first.version, first.changed, second.version) == (1, (), 2)
    assert second.changed == ("keywords", "notices")
    assert [[(run.run_id, run.update) for run in version.runs] for version in view.versions] == [[(1, 1)], [(2, 1)]]
    assert (first.fields.notices, second.fields.notices) == ((), ("retracted", "RetractionIn 1"))
    assert view.fields == second.fields
    assert view.details is not None
    assert view.details.retracted
    assert view.details.corrections == (Correction("RetractionIn", "1", "JAMA"),)
    assert view.details.headings == (Heading(Term("Depression", "D3"), (Term("psychology", "Q1", major=True),)),)


def test_a_report_has_an_id_once_compared(living: LivingReview) -> None:
    search_source(living.context(), "pubmed")
    assert record_views(living.context(), PMID)[0].report is None
    deduplicate_review(living.context())
    report = record_views(living.context(), PMID)[0].report
    assert report is not None
    assert report.startswith("R")


def test_a_record_of_an_export_has_fields_only(living: LivingReview) -> None:
    export = SAMPLES / "base" / "ovid-embase.ris"
    import_export(living.context(), "embase-ovid", [export], date_searched=SEARCHED["base"])
    with living.context().store.read() as con:
        accession, title = con.execute("SELECT accession, title FROM record_version LIMIT 1").fetchall()[0]
    (view,) = record_views(living.context(), f" {accession} ", "embase-ovid")
    assert (view.form, view.details, view.fields.title) == ("ris", None, title)
    assert view.versions[0].runs[0].date_searched == SEARCHED["base"]
    with pytest.raises(RecordUnknown, match="from pubmed"):
        record_views(living.context(), accession, "pubmed")


def test_what_no_source_brought_is_refused(living: LivingReview) -> None:
    with pytest.raises(RecordUnknown, match="from any source"):
        record_views(living.context(), "1' OR '1'='1")
    with pytest.raises(SourceUnknown):
        record_views(living.context(), PMID, "scopus")
