"""Every form of a batch: the golden text, and that any text comes back as the same fields."""

import csv
import io
import re
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring
from effort import examples
from hypothesis import example, given, settings
from reports import REPORTS, WHOLE, bare

from connectors.exports import read_export
from livingsearch.exports import FORMS
from livingsearch.exports.nbib import initials_of
from livingsearch.exports.report import NO_TITLE, BatchReport, bare_doi, each_line, one_line
from livingsearch.exports.ris import address_of, notes_of
from livingsearch.exports.table import unguarded

ENDNOTE = """\
<?xml version="1.0" encoding="UTF-8" ?>
<xml><records>
<record>
<source-app name="livingsearch">livingsearch</source-app>
<rec-number>123</rec-number>
<ref-type name="Journal Article">17</ref-type>
<contributors><authors><author>Barr, Karlen R.</author>\
<author>Kokanović, Renata</author>\
<author>Royal College of Psychiatrists</author></authors></contributors>
<titles><title>Peer support for borderline personality disorder: a qualitative study</title>\
<secondary-title>Advances in Mental Health</secondary-title></titles>
<periodical><full-title>Advances in Mental Health</full-title><abbr-1>Adv Ment Health</abbr-1></periodical>
<pages>74-85</pages>
<volume>20</volume>
<number>1</number>
<keywords><keyword>Peer support</keyword><keyword>Borderline Personality Disorder/therapy</keyword></keywords>
<dates><year>2022</year></dates>
<isbn>1838-7357; 1837-4905</isbn>
<accession-num>pubmed:34567890</accession-num>
<label>R000123</label>
<abstract>AIM: To ask. METHODS: We asked.</abstract>
<notes>recid:R000123 | update: 2 | pmid: 34567890 | sources: PubMed (NCBI); Embase (Ovid) | \
accessions: pubmed:34567890; embase-ovid:2014 | possible duplicates: R000007; R000099 | notices: retracted</notes>
<urls><related-urls><url>https://example.org/reports/R000123</url></related-urls></urls>
<electronic-resource-num>10.1080/18387357.2021.1997097</electronic-resource-num>
<remote-database-name>PubMed (NCBI); Embase (Ovid)</remote-database-name>
<language>eng</language>
</record>
</records></xml>
"""
"""As written, but for line ends between the elements and the style around each text."""

NBIB = """\
PMID- 34567890
IS  - 1838-7357
IS  - 1837-4905
VI  - 20
IP  - 1
DP  - 2022
TI  - Peer support for borderline personality disorder: a qualitative study
PG  - 74-85
LID - 10.1080/18387357.2021.1997097 [doi]
AB  - AIM: To ask. METHODS: We asked.
FAU - Barr, Karlen R.
AU  - Barr KR
FAU - Kokanović, Renata
AU  - Kokanović R
CN  - Royal College of Psychiatrists
LA  - eng
PT  - Journal Article
PT  - Case Reports
TA  - Adv Ment Health
JT  - Advances in Mental Health
OT  - Peer support
OT  - Borderline Personality Disorder/therapy
AID - 10.1080/18387357.2021.1997097 [doi]
GN  - recid:R000123
GN  - update: 2
GN  - pmid: 34567890
GN  - sources: PubMed (NCBI); Embase (Ovid)
GN  - accessions: pubmed:34567890; embase-ovid:2014
GN  - possible duplicates: R000007; R000099
GN  - notices: retracted
GN  - https://example.org/reports/R000123
"""

STYLE = re.compile(r'</?style(?: face="normal" font="default" size="100%")?>')


def written(form: str, reports: list[BatchReport]) -> bytes:
    return b"".join(FORMS[form].pieces(reports))


def test_endnote_xml_of_a_whole_report() -> None:
    text = written("endnote-xml", [WHOLE]).decode()
    assert STYLE.sub("", text) == re.sub(r"(?<=<record>)\n|\n(?=<(?!/records|xml>|record>))", "", ENDNOTE)
    styled = len(re.findall("<style ", text))
    assert styled == len(re.findall(r"[^>\n]</style>", text)) == 22, "every text but types and numbers is styled"


def test_endnote_names_the_type() -> None:
    (record,) = fromstring(written("endnote-xml", [bare(1, publication_types=("Dissertation",))])).iter("record")
    assert [(e.get("name"), e.text) for e in record.iter("ref-type")] == [("Thesis", "32")]


def test_nbib_of_a_whole_report() -> None:
    assert written("nbib", [WHOLE]).decode() == NBIB


def test_nbib_records_are_parted_by_a_blank_line_and_never_get_an_invented_pmid() -> None:
    assert written("nbib", [bare(1), bare(2)]).decode().split("\n\n")[1].startswith("PMID- \nTI  - ")


@pytest.mark.parametrize(
    ("author", "short"),
    [
        ("Barr, Karlen R.", "Barr KR"),
        ("Durand, Jean-Paul", "Durand JP"),
        ("de la Cruz, M.", "de la Cruz M"),
        ("X, ", "X"),
    ],
)
def test_initials(author: str, short: str) -> None:
    assert initials_of(author) == short


@pytest.mark.parametrize("form", list(FORMS))
def test_no_form_begins_with_a_byte_order_mark_and_the_same_batch_gives_the_same_bytes(form: str) -> None:
    once = written(form, [WHOLE, bare(2)])
    assert not once.startswith(b"\xef\xbb\xbf")
    assert once == written(form, [WHOLE, bare(2)])
    once.decode("utf-8")


def texts_of(record: Element, path: str) -> list[str]:
    return ["".join(found.itertext()) for found in record.findall(path)]


@settings(max_examples=examples(100), deadline=None)
@given(REPORTS)
@example([bare(1, title="]]></record>", authors=("<b>&amp;", '"')), bare(2, abstract="\ufffe\uffff\x00\x0b")])
def test_any_text_is_well_formed_xml_and_comes_back(reports: list[BatchReport]) -> None:
    records = list(fromstring(written("endnote-xml", reports)).iter("record"))
    assert len(records) == len(reports)
    for record, report in zip(records, reports, strict=True):
        assert texts_of(record, "titles/title") == [one_line(report.title or "") or NO_TITLE]
        assert texts_of(record, "contributors/authors/author") == each_line(report.authors)
        assert texts_of(record, "keywords/keyword") == each_line(report.keywords)
        assert texts_of(record, "abstract") == each_line([report.abstract or ""])
        assert texts_of(record, "pages") == each_line([report.pages or ""])
        assert texts_of(record, "electronic-resource-num") == each_line([bare_doi(report.doi or "")])
        assert texts_of(record, "dates/year") == ([] if report.year is None else [str(report.year)])
        assert texts_of(record, "notes") == [" | ".join(notes_of(report))]
        assert texts_of(record, "urls/related-urls/url") == [address_of(report)]
        assert texts_of(record, "label") == [report.report_id]


def nbib_fields(text: str) -> list[dict[str, list[str]]]:
    """The records of MEDLINE text, read in the plainest way."""
    records: list[dict[str, list[str]]] = []
    for line in text.split("\n"):
        if not line:
            continue
        assert line[4:6] == "- ", line
        if line.startswith("PMID"):
            records.append({})
        records[-1].setdefault(line[:4].strip(), []).append(line[6:])
    return records


@settings(max_examples=examples(100), deadline=None)
@given(REPORTS)
@example([bare(1, title="a\nPMID- 9\n"), bare(2, pmid="\r\n")])
def test_any_text_comes_back_from_nbib(reports: list[BatchReport]) -> None:
    records = nbib_fields(written("nbib", reports).decode())
    assert len(records) == len(reports)
    for record, report in zip(records, reports, strict=True):
        authors = each_line(report.authors)
        assert record["PMID"] == [one_line(report.pmid or "")]
        assert record["TI"] == [one_line(report.title or "") or NO_TITLE]
        assert record.get("FAU", []) == [name for name in authors if ", " in name]
        assert record.get("CN", []) == [name for name in authors if ", " not in name]
        assert record.get("AB", []) == each_line([report.abstract or ""])
        assert record.get("OT", []) == each_line(report.keywords)
        assert record["GN"] == [*notes_of(report), address_of(report)]


@settings(max_examples=examples(60), deadline=None)
@given(REPORTS)
def test_our_own_reader_finds_every_report_of_ris_and_nbib(reports: list[BatchReport]) -> None:
    if not reports:
        return
    for form in ("ris", "nbib"):
        read = read_export(written(form, reports), f"batch.{form}")
        assert read.record_starts == len(reports)
        assert all(
            f"recid:{report.report_id}" in raw.payload for (raw, _), report in zip(read.records, reports, strict=True)
        )


@settings(max_examples=examples(60), deadline=None)
@given(REPORTS)
def test_every_cell_of_csv_comes_back(reports: list[BatchReport]) -> None:
    rows = list(csv.DictReader(io.StringIO(written("csv", reports).decode(), newline="")))
    assert len(rows) == len(reports)
    for row, report in zip(rows, reports, strict=True):
        assert unguarded(row["authors"]) == "; ".join(each_line(report.authors))
        assert unguarded(row["abstract"]) == one_line(report.abstract or "")
        assert unguarded(row["keywords"]) == "; ".join(each_line(report.keywords))
        assert row["notes"] == " | ".join(notes_of(report))
