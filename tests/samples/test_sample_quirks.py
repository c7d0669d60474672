"""Each platform's quirks are in the files: one assertion each."""

import re

OVID = ("medline-ovid", "embase-ovid", "psycinfo-ovid")


def values(record, tag):
    return [value for name, value in record if name == tag]


def all_values(records, source, tag, wave="update"):
    return [value for record in records(wave, source) for value in values(record, tag)]


def test_ovid_counts_its_records(text):
    assert all(re.search(r"^1\. \nTY  - ", text("update", source), re.MULTILINE) for source in OVID)


def test_ovid_is_ascii(text):
    assert all(text("update", source).isascii() for source in OVID)


def test_ovid_dates_end_in_slashes(records):
    assert all(re.fullmatch(r"\d{4}//", y) for s in OVID for y in all_values(records, s, "Y1"))


def test_ovid_dois_are_urls(records):
    dois = [doi for source in OVID for doi in all_values(records, source, "DO")]
    assert dois and all(doi.startswith("https://dx.doi.org/10.") for doi in dois)


def test_ovid_ends_records_with_trailing_space(text):
    assert all("\nER  -  \n" in text("update", source) for source in OVID)


def test_ovid_embase_has_text_behind_er(text):
    assert re.search(r"^ER  -  Link to the Ovid Full Text", text("update", "embase-ovid"), re.MULTILINE)


def test_ovid_medline_has_link_lines_outside_of_records(text):
    assert re.search(r"^ER  -  \n\nLink to the Ovid Full Text", text("update", "medline-ovid"), re.MULTILINE)


def test_ovid_writes_the_search_after_the_last_record(text):
    for source in OVID:
        assert "Search Strategy:" in text("update", source).rpartition("\nER  -")[2]


def test_ovid_names_the_segment_in_its_links(records):
    assert all("&D=med" in url or "&D=prem" in url for url in all_values(records, "medline-ovid", "UR"))
    assert all("&D=emed" in url for url in all_values(records, "embase-ovid", "L2"))
    assert all("&D=psyc" in url for url in all_values(records, "psycinfo-ovid", "L2"))


def test_ovid_names_the_database_with_its_span(records):
    names = set(all_values(records, "medline-ovid", "DB"))
    assert names == {"Ovid MEDLINE(R) ALL <1946 to August 15, 2025>"}


def test_medline_has_one_pmid_in_two_segments(records):
    urls = [values(r, "UR")[0] for r in records("base", "medline-ovid") if values(r, "ID") == ["90000097"]]
    assert [re.search("D=([a-z]+)", url)[1] for url in urls] == ["med", "prem"]


def test_medline_has_pubmeds_numbers(records, text):
    pmids = set(re.findall(r"<PMID Version=\"1\">(\d+)<", text("update", "pubmed")))
    assert set(all_values(records, "medline-ovid", "ID")) <= pmids


def test_medline_abbreviates_last_pages(records):
    pages = [(values(r, "SP"), values(r, "EP")) for r in records("update", "medline-ovid")]
    assert any(sp and ep and len(ep[0]) == 1 < len(sp[0]) for sp, ep in pages)


def test_medline_journals_are_full_or_abbreviated(records):
    journals = all_values(records, "medline-ovid", "JF")
    assert {"J Ment Health", "Journal of mental health (Abingdon, England)"} <= set(journals)


def test_embase_writes_dense_names(records):
    assert "Barr K.R." in all_values(records, "embase-ovid", "A1")


def test_embase_leaves_html_entities(records):
    titles = "\n".join(all_values(records, "embase-ovid", "T1"))
    assert "&quot;" in titles and "&#x27;" in titles


def test_embase_has_the_poorer_citation_of_a_work_in_both_lists(records):
    ng = next(r for r in records("update", "embase-ovid") if values(r, "ID") == ["2020900045"])
    assert (values(ng, "VL"), values(ng, "SP"), values(ng, "DO")) == (["1"], [], [])


def test_psycinfo_says_no_specified(records):
    assert "No" in all_values(records, "psycinfo-ovid", "SP")
    assert "Specified" in all_values(records, "psycinfo-ovid", "EP")


def test_psycinfo_lists_cited_references_and_their_authors(records):
    citing = [r for r in records("update", "psycinfo-ovid") if values(r, "M1")]
    assert len(citing) == 1
    assert len(values(citing[0], "M1")) == 60
    assert "Asad S, Chreim S" in values(citing[0], "A2")[0]


def test_psycinfo_may_write_a_field_behind_er(text):
    assert re.search(r"^ER  -  \nNL  - ", text("update", "psycinfo-ovid"), re.MULTILINE)


def test_ebsco_ends_lines_with_crlf(text):
    exported = text("update", "cinahl-ebsco")
    assert exported.count("\r\n") == exported.count("\n")


def test_ebsco_has_the_doi_in_l3_only(records):
    assert all_values(records, "cinahl-ebsco", "L3")
    assert not all_values(records, "cinahl-ebsco", "DO")


def test_ebsco_dates_name_the_quarter(records):
    assert any(re.fullmatch(r"\d{4}/07//Jul-Sep\d{4}", y) for y in all_values(records, "cinahl-ebsco", "Y1"))


def test_ebsco_repeats_the_accession_number_in_its_note(records):
    for record in records("update", "cinahl-ebsco"):
        assert f"Accession Number: {values(record, 'ID')[0]}." in values(record, "N1")[0]


def test_ebsco_has_the_pmid_in_its_note(records):
    assert any("PMID: NLM9000" in note for note in all_values(records, "cinahl-ebsco", "N1"))


def test_ebsco_names_platform_and_database(records):
    assert all("db=ccm" in url for url in all_values(records, "cinahl-ebsco", "UR"))
    assert set(all_values(records, "cinahl-ebsco", "DP")) == {"EBSCOhost"}
    assert set(all_values(records, "cinahl-ebsco", "DB")) == {"CINAHL Ultimate"}


def test_ebsco_writes_npag_for_article_numbers(records):
    assert "N.PAG" in all_values(records, "cinahl-ebsco", "SP")


def test_ebsco_abbreviates_journals(records):
    assert "J Ment Health" in all_values(records, "cinahl-ebsco", "JO")


def test_ebsco_writes_typographic_characters(records):
    titles = "\n".join(all_values(records, "cinahl-ebsco", "T1"))
    assert "’" in titles and "\N{HYPHEN}" in titles


def test_ovid_drops_diacritics_that_pubmed_keeps(text):
    assert "Høgh Egmos" in text("update", "pubmed")
    assert "Hogh Egmos" in text("update", "medline-ovid")


def test_titles_come_in_two_cases(text):
    assert "Using peer workers with lived experience" in text("update", "medline-ovid")
    assert "Using Peer Workers with Lived Experience" in text("update", "cinahl-ebsco")


def test_some_years_differ_by_one(records, table):
    # The made-up numbers of Embase and PsycInfo begin with the year of publication.
    shifted = {
        int(values(record, "Y1")[0][:4]) - int(values(record, "ID")[0][:4])
        for source in ("embase-ovid", "psycinfo-ovid")
        for record in records("update", source)
    }
    assert shifted == {-1, 0, 1}


def test_some_dois_are_missing(records):
    with_doi = [bool(values(r, "DO")) for r in records("update", "psycinfo-ovid")]
    assert {True, False} == set(with_doi)


def test_pubmed_marks_incomplete_author_lists(text):
    assert '<AuthorList CompleteYN="N">' in text("update", "pubmed")


def test_pubmed_brackets_a_translated_title(text):
    assert re.search(
        r"<ArticleTitle>\[Validation of the QFS .*?\]\.</ArticleTitle>.*?<Language>fre</Language>"
        r".*?<VernacularTitle>Validation du questionnaire",
        text("update", "pubmed"),
    )


def test_pubmed_may_have_a_free_date(text):
    assert re.search(r"<MedlineDate>\d{4} Jul-Sep</MedlineDate>", text("update", "pubmed"))


def test_pubmed_has_its_doctype_and_no_issn(text):
    served = text("update", "pubmed")
    assert '"https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">' in served.split("\n")[1]
    assert "<ISSN" not in served
