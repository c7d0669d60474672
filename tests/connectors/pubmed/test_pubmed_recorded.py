"""Every recorded reply, and every recorded record field by field, against a second reading of the same XML."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from xml.etree import ElementTree

import pytest
from pubmed_recorded import RECORDED, ROOTS, recorded, replies, root_of, said, texts

from connectors.errors import MalformedReply
from connectors.pubmed import read_articles, read_payload, read_search
from connectors.pubmed.canonical import record_of
from connectors.pubmed.classify import Kind, classify
from connectors.pubmed.delivered import pmids_in
from connectors.pubmed.details import Details
from connectors.pubmed.document import parse
from connectors.pubmed.nodes import from_element
from connectors.record import Record

pytestmark = pytest.mark.skipif(RECORDED is None, reason="no recorded replies in ../shared/eutils")

FAULTS = {
    "any_400_bad_key.json": Kind.REFUSED,
    "any_429_rate_limit.json": Kind.TOO_MANY,
    "efetch_200_expired_webenv.xml": Kind.FORGOTTEN,
    "efetch_200_history_lost_sra.xml": Kind.FORGOTTEN,
    "efetch_400_history_retstart.xml": Kind.REFUSED,
    "efetch_400_transient_timeout.xml": Kind.PASSING,
    "einfo4.xml": Kind.CUT,
    "epost2.xml": Kind.REFUSED,
    "epost3.xml": Kind.PASSING,
    "esearch_200_empty_term.json": Kind.REFUSED,
    "esearch_200_expired_webenv.json": Kind.FORGOTTEN,
    "esearch_200_past_window.json.raw": Kind.REFUSED,
    "esearch_json_captures_pubmed-filters.json": Kind.GARBAGE,
    "esummary8.xml": Kind.PASSING,
    "esummary_200_invalid_uid.json": Kind.PASSING,
    "esummary_200_too_many_uids.json": Kind.REFUSED,
    "pubmed3.html": Kind.GARBAGE,
    "MedlinePlainImporterTestInvalidFormat.xml": Kind.GARBAGE,
}
"""What each recorded fault is; all other recorded replies are none, by their outside."""
NONE_EXIST = {
    "efetch_200_unknown_pmid_empty_set.xml",
    "efetch_400_empty_id_list.txt",
    "efetch_400_empty_id_list.xml",
}
BESIDE = {"Cites", "CommentIn", "CommentOn"}


def bag(text: str | None) -> Counter[str]:
    """Letters and digits: what is left whatever one does with spaces, signs and the order within formulas."""
    return Counter(c for c in unicodedata.normalize("NFC", text or "") if c.isalnum())


Check = Callable[[ElementTree.Element, Record, Details], None]


def of_article(check: Check) -> Callable[[], None]:
    def test() -> None:
        looked_at = [one for one in recorded() if one[1].tag == "PubmedArticle"]
        assert len(looked_at) >= 22
        for name, element, record, details in looked_at:
            try:
                check(element, record, details)
            except AssertionError as problem:
                raise AssertionError(f"{name}, PMID {record.pmid}: {problem}") from problem

    return test


def test_every_reply_is_read_or_classified() -> None:
    read = Counter[str]()
    for reply in replies():
        fault = classify(reply.status, {}, reply.body)
        assert (fault.kind if fault else None) == FAULTS.get(reply.name), reply.name
        root = root_of(reply.body)
        tag = root.tag if root is not None else ""
        for reader, roots in ((read_articles, ROOTS), (read_search, {"eSearchResult"})):
            if tag in roots or (reader is read_articles and reply.name in NONE_EXIST):
                reader(reply.body)
                read[reader.__name__] += 1
            else:
                with pytest.raises(MalformedReply):
                    reader(reply.body)
        read["faults" if fault else "others"] += 1
    assert len(replies()) >= 90
    assert read["faults"] == len(FAULTS)
    assert read["read_articles"] >= 23
    assert read["read_search"] >= 11


def test_recorded_files_that_are_no_replies_are_refused() -> None:
    bodies = {reply.body for reply in replies()}
    others = [path for path in sorted(RECORDED.rglob("*") if RECORDED else ()) if path.is_file()]
    others = [path for path in others if path.parent.name != "cassettes" and path.read_bytes() not in bodies]
    assert len(others) > 50
    for path in others:
        for reader in (read_articles, read_search, pmids_in):
            with pytest.raises(MalformedReply):
                reader(path.read_bytes())


def test_searches_give_what_their_xml_says() -> None:
    for reply in replies():
        root = root_of(reply.body)
        if root is None or root.tag != "eSearchResult":
            continue
        found = read_search(reply.body)
        assert found.count == int(root.findtext("Count") or ""), reply.name
        assert list(found.ids) == texts(root, "IdList/Id"), reply.name
        assert found.query_translation == said(root.find("QueryTranslation")), reply.name
        warned = " ".join(warning.text for warning in found.warnings)
        for path in ("ErrorList/*", "WarningList/*"):
            assert all(text in warned for text in texts(root, path)), reply.name


def test_records_are_stored_as_received_and_read_alike_each_way() -> None:
    for reply in replies():
        root = root_of(reply.body)
        if root is None or root.tag not in ROOTS:
            continue
        read = read_articles(reply.body)
        assert len(read.records) == read.record_starts, reply.name
        assert [record.pmid or "" for _, record in read.records] == list(pmids_in(reply.body)), reply.name
        for raw, record in read.records:
            assert raw.payload in reply.body.decode()
            assert read_payload(raw.payload) == record
            assert record_of(from_element(parse(raw.payload.encode()).root.element)) == record, reply.name


def _titles(element: ElementTree.Element, record: Record, _: Details) -> None:
    assert bag(record.title) == bag(said(element.find(".//Article/ArticleTitle")))
    assert record.title is None or "<" not in record.title
    assert record.title_original == (said(element.find(".//Article/VernacularTitle")) or None)


def _journal(element: ElementTree.Element, record: Record, _: Details) -> None:
    assert (record.journal or "") == said(element.find(".//Journal/Title"))
    short = said(element.find(".//ISOAbbreviation")) or said(element.find(".//MedlineTA"))
    assert (record.journal_abbreviation or "") == short
    assert (record.volume or "", record.issue or "") == (
        said(element.find(".//JournalIssue/Volume")),
        said(element.find(".//JournalIssue/Issue")),
    )
    issns = texts(element, ".//Journal/ISSN") + texts(element, ".//ISSNLinking")
    assert list(record.issns) == list(dict.fromkeys(issns))


def _authors(element: ElementTree.Element, record: Record, details: Details) -> None:
    listed = element.findall(".//Article/AuthorList/Author")
    valid = [author for author in listed if author.get("ValidYN") != "N"]
    for name, author in zip(record.authors, valid, strict=True):
        for part in ("LastName", "ForeName", "Suffix", "CollectiveName"):
            assert said(author.find(part)) in name
    others = element.findall(".//InvestigatorList/Investigator")
    subjects = [node for node in element.findall(".//PersonalNameSubject") if said(node)]
    roles = ["author"] * len(listed) + ["investigator"] * len(others) + ["subject"] * len(subjects)
    assert [person.role for person in details.people] == roles
    for person, node in zip(details.people, [*listed, *others, *subjects], strict=True):
        assert list(person.affiliations) == texts(node, ".//Affiliation")
        assert person.valid == (node.get("ValidYN") != "N")
        assert person.group == (node.find("CollectiveName") is not None)
        digits = [re.sub(r"\D", "", text) for text in texts(node, "Identifier[@Source='ORCID']")]
        assert [re.sub(r"\D", "", found.value) for found in person.identifiers] == digits
        assert bool(person.orcid) == bool(digits)


def _dates(element: ElementTree.Element, record: Record, details: Details) -> None:
    printed = element.find(".//JournalIssue/PubDate")
    words = " ".join(texts(printed, "*")).split() if printed is not None else []
    assert (record.date or "").split() == words
    assert record.year == (int(re.findall(r"\d{4}", " ".join(words))[0]) if words else None)
    wanted = [(node.get("PubStatus"), texts(node, "*")[:3]) for node in element.findall(".//History/PubMedPubDate")]
    for path, kind in (
        ("DateCreated", "record-created"),
        ("DateCompleted", "record-completed"),
        ("DateRevised", "record-revised"),
        ("Article/ArticleDate", "article-electronic"),
    ):
        wanted += [(kind, texts(node, "*")) for node in element.findall(f"MedlineCitation/{path}")]
    assert [(moment.kind, moment.text.split()) for moment in details.history] == wanted
    for moment in details.history:
        assert moment.on is not None
        assert moment.on.year == int(moment.text[:4])


def _pages(element: ElementTree.Element, record: Record, _: Details) -> None:
    pagination = said(element.find(".//Article/Pagination/MedlinePgn"))
    first, _, last = pagination.partition("-")
    first = first or said(element.find(".//Article/Pagination/StartPage"))
    last = last or said(element.find(".//Article/Pagination/EndPage"))
    if first:
        assert record.pages is not None
        assert record.pages.split("-")[0] == first
        assert record.pages.endswith(last or first)
        assert re.fullmatch(r"\w+(?:-\w+)?", record.pages)
    else:
        # An electronic journal's article number stands there instead.
        assert (record.pages or "") == said(element.find(".//Article/ELocationID[@EIdType='pii']"))


def _doi_and_ids(element: ElementTree.Element, record: Record, details: Details) -> None:
    located = texts(element, "MedlineCitation/Article/ELocationID[@EIdType='doi']")
    listed = texts(element, "PubmedData/ArticleIdList/ArticleId[@IdType='doi']")
    assert (record.doi or "") == next(iter(located + listed), "").lower()
    pmc = texts(element, "PubmedData/ArticleIdList/ArticleId[@IdType='pmc']")
    assert record.pmcid == next(iter(pmc), None)
    wanted = {
        (node.get("EIdType") or node.get("IdType") or node.get("Source"), said(node))
        for path in ("MedlineCitation/Article/ELocationID", "PubmedData/ArticleIdList/ArticleId", ".//OtherID")
        for node in element.findall(path)
        if node.get("IdType") != "pubmed"
    } | {("nlm-journal", text) for text in texts(element, ".//NlmUniqueID")}
    assert {(found.source, found.value) for found in details.other_ids} == wanted


def _abstract(element: ElementTree.Element, record: Record, _: Details) -> None:
    parts = [part for part in element.findall(".//Article/Abstract/AbstractText") if said(part)]
    lines = record.abstract.split("\n") if record.abstract else []
    for line, part in zip(lines, parts, strict=True):
        label = part.get("Label")
        assert not label or line.startswith(f"{label}: ")
        assert bag(line) == bag((label or "") + said(part))


def _keywords(element: ElementTree.Element, record: Record, details: Details) -> None:
    headings = []
    for node in element.findall(".//MeshHeadingList/MeshHeading"):
        headings.append("/".join(("*" if term.get("MajorTopicYN") == "Y" else "") + said(term) for term in node))
    wanted = texts(element, ".//KeywordList/Keyword") + headings
    assert list(record.keywords) == list(dict.fromkeys(wanted))
    as_data = [
        [(said(term), term.get("UI"), term.get("MajorTopicYN") == "Y") for term in node]
        for node in element.findall(".//MeshHeadingList/MeshHeading")
    ]
    assert [
        [(term.name, term.ui, term.major) for term in (heading.descriptor, *heading.qualifiers)]
        for heading in details.headings
    ] == as_data


def _types_and_languages(element: ElementTree.Element, record: Record, details: Details) -> None:
    types = element.findall(".//PublicationTypeList/PublicationType")
    assert list(record.publication_types) == [said(node) for node in types]
    assert [(term.name, term.ui) for term in details.publication_types] == [
        (said(node), node.get("UI") or None) for node in types
    ]
    assert list(record.languages) == texts(element, ".//Article/Language")


def _notices(element: ElementTree.Element, record: Record, details: Details) -> None:
    links = [node for node in element.findall(".//CommentsCorrections") if node.get("RefType") != "Cites"]
    assert [(link.kind, link.pmid, link.citation) for link in details.corrections] == [
        (node.get("RefType"), node.findtext("PMID"), said(node.find("RefSource"))) for node in links
    ]
    wanted = [f"{node.get('RefType')} {node.findtext('PMID')}" for node in links if node.get("RefType") not in BESIDE]
    assert list(record.notices) == wanted
    assert not details.retracted


def _the_rest(element: ElementTree.Element, record: Record, details: Details) -> None:
    citation = element.find("MedlineCitation")
    assert citation is not None
    assert (details.pmid, details.status) == (record.pmid, citation.get("Status"))
    assert details.indexing_method == citation.get("IndexingMethod")
    assert (details.publication_status or "") == said(element.find("PubmedData/PublicationStatus"))
    grants = [[said(node.find(name)) for name in ("GrantID", "Agency")] for node in element.findall(".//Grant")]
    assert [[grant.number, grant.agency] for grant in details.grants] == grants
    chemicals = [
        (said(node.find("NameOfSubstance")), said(node.find("RegistryNumber")))
        for node in element.findall(".//Chemical")
    ]
    assert [(chemical.name, chemical.registry or "0") for chemical in details.chemicals] == chemicals
    assert (details.conflict_of_interest or "") == said(citation.find("CoiStatement"))


def _minimal_aside(check: Check) -> Check:
    def checked(element: ElementTree.Element, record: Record, details: Details) -> None:
        if element.find("MedlineCitation/PMID") is None:
            assert (record, details) == (Record(database="PubMed"), Details())
        else:
            check(element, record, details)

    return checked


test_titles = of_article(_minimal_aside(_titles))
test_journals = of_article(_minimal_aside(_journal))
test_authors_and_their_identifiers = of_article(_minimal_aside(_authors))
test_dates = of_article(_minimal_aside(_dates))
test_pages = of_article(_minimal_aside(_pages))
test_dois_and_other_identifiers = of_article(_minimal_aside(_doi_and_ids))
test_abstracts_and_their_labels = of_article(_minimal_aside(_abstract))
test_keywords_and_headings_with_their_flags = of_article(_minimal_aside(_keywords))
test_types_and_languages = of_article(_minimal_aside(_types_and_languages))
test_notices = of_article(_minimal_aside(_notices))
test_status_grants_and_substances = of_article(_minimal_aside(_the_rest))


def test_books() -> None:
    books = [one for one in recorded() if one[1].tag == "PubmedBookArticle"]
    assert len(books) == 4
    for name, element, record, details in books:
        document = element.find("BookDocument")
        assert document is not None
        chapter, whole = said(document.find("ArticleTitle")), said(document.find("Book/BookTitle"))
        assert (record.title or "") == (chapter or whole), name
        assert (record.journal or "") == (whole if chapter else said(document.find("Book/CollectionTitle"))), name
        people = [node for node in document.iter("Author")]
        assert len(record.authors) == len(details.people) == len(people), name
        assert bag(" ".join(record.authors)) == sum(
            (bag(said(node.find(part))) for node in people for part in ("LastName", "ForeName", "CollectiveName")),
            Counter[str](),
        )
        assert [list(person.affiliations) for person in details.people] == [
            texts(node, "AffiliationInfo/Affiliation") for node in people
        ]
        assert (record.date or "").split() == texts(document, "Book/PubDate/*"), name
        assert list(record.languages) == texts(document, "Language"), name
        assert list(record.publication_types) == texts(document, "PublicationType"), name
        assert bag(record.abstract) == bag(
            "".join((node.get("Label") or "") + said(node) for node in document.findall("Abstract/AbstractText"))
        )
        kept = {found.value for found in details.other_ids}
        assert kept >= {*texts(document, "ArticleIdList/ArticleId"), *texts(document, "Book/Isbn")}, name
        assert kept >= set(texts(document, "Book/ELocationID")), name
        assert len(details.history) == len(
            element.findall(".//PubMedPubDate") + document.findall("DateRevised") + document.findall("ContributionDate")
        )
