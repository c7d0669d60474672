"""`livingsearch record` as people type it."""

import contextlib
import io
import json
import re
from pathlib import Path

import pytest
from living import SAMPLES, SLUG, LivingReview, made_in

from livingsearch.cli.main import run
from livingsearch.services.searches import search_source
from livingsearch.standin import Standin

PMID = "90000062"
MORE = """<CommentsCorrectionsList><CommentsCorrections RefType="ErratumIn"><RefSource>[red]JAMA[/]</RefSource>
<PMID Version="1">1</PMID></CommentsCorrections></CommentsCorrectionsList><MeshHeadingList><MeshHeading>
<DescriptorName UI="D3" MajorTopicYN="N">Depression</DescriptorName>
<QualifierName UI="Q1" MajorTopicYN="Y">psychology</QualifierName></MeshHeading></MeshHeadingList>"""


@pytest.fixture(scope="module")
def living(tmp_path_factory: pytest.TempPathFactory) -> LivingReview:
    """Searched once, one record richer than in the samples."""
    folder = tmp_path_factory.mktemp("record")
    text = (SAMPLES / "base" / "pubmed.xml").read_text("utf-8")
    place = text.index("</MedlineJournalInfo>", text.index(f">{PMID}<")) + len("</MedlineJournalInfo>")
    file = Path(folder) / "pubmed.xml"
    file.write_text(text[:place] + MORE + text[place:], "utf-8")
    with Standin.of_files([file]) as standin:
        made = made_in(folder / "workspace", standin.base_url)
        search_source(made.context(), "pubmed")
    return made


def shown(living: LivingReview, *words: str) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run(["record", SLUG, *words], living.settings)
    return code, out.getvalue(), err.getvalue()


def test_fields_details_and_versions_are_shown(living: LivingReview, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERM", "dumb")
    code, out, err = shown(living, PMID)
    assert (code, err) == (0, "")
    assert out.startswith(f"pubmed {PMID}, report not compared yet\n")
    for name, told in (
        ("pages", "319-328"),
        ("headings", r"Depression \[D3\]/\*psychology \[Q1\]"),
        ("corrections", r"ErratumIn: PMID 1; \[red\]JAMA\[/\]"),
        ("history", "entrez 2017-10-15"),
        ("status", "MEDLINE"),
        ("Version 1", "run 1 of update 1, searched "),
    ):
        assert re.search(rf"^{name} +{told}", out, re.MULTILINE), name
    assert max(map(len, out.splitlines())) <= 80


def test_json_has_everything(living: LivingReview) -> None:
    code, out, _ = shown(living, PMID, "--source", "pubmed", "--json")
    ((one,), told) = (json.loads(out)["records"], json.loads(out))
    assert (code, told["review"], one["form"]) == (0, SLUG, "pubmed-xml")
    assert one["details"]["headings"][0]["qualifiers"][0]["major"] is True
    assert [run["run_id"] for run in one["versions"][0]["runs"]] == [1]
    assert one["versions"][0]["fields"] == one["fields"]


def test_an_unknown_record_is_one_sentence(living: LivingReview) -> None:
    code, out, err = shown(living, "7")
    assert (code, out) == (1, "")
    assert err.startswith("Error: No record '7' came from any source")
