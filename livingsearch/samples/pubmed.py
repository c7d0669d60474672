"""PubMed's records as EFetch returns them."""

import xml.etree.ElementTree as ET
from collections.abc import Iterable

from livingsearch.samples import titles
from livingsearch.samples.chance import percent
from livingsearch.samples.entries import ASSIGNED, LAST_BASE_YEAR, Entry
from livingsearch.samples.names import Author
from livingsearch.samples.ris import quarter

_HEAD = (
    '<?xml version="1.0" ?>\n'
    '<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2025//EN" '
    '"https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">\n'
    "<PubmedArticleSet>\n"
)

_LAST_MONTH_OF_THIS_YEAR = {2025: 7}
"""Months that a year has had on the day of the latest search."""

_TYPES_BY_WORDS = (
    ("meta-analysis", "Meta-Analysis", "D017418"),
    ("systematic review", "Systematic Review", "D000078182"),
    ("controlled trial", "Randomized Controlled Trial", "D016449"),
)


def write(entries: Iterable[Entry]) -> bytes:
    """One reply of EFetch.

    Args:
        entries: records of PubMed, in the file's order.

    Returns:
        The reply's bytes: UTF-8, one article a line.
    """
    articles = (ET.tostring(_article(entry), encoding="unicode") for entry in entries)
    return (_HEAD + "\n".join(articles) + "\n</PubmedArticleSet>\n").encode("utf-8")


def _article(entry: Entry) -> ET.Element:
    root = ET.Element("PubmedArticle")
    online = entry.journal is not None and entry.journal.online
    status = "Publisher" if entry.ahead_of_print else "PubMed-not-MEDLINE" if online else "MEDLINE"
    citation = ET.SubElement(root, "MedlineCitation", Status=status, Owner="NLM")
    _leaf(citation, "PMID", entry.accession, Version="1")
    _date(citation, "DateRevised", *_revised(entry), padded=True)
    _describe(ET.SubElement(citation, "Article", PubModel=_model(entry, online)), entry, online)
    journal = ET.SubElement(citation, "MedlineJournalInfo")
    _leaf(journal, "MedlineTA", entry.journal.abbreviation if entry.journal else "")
    if entry.keywords:
        keywords = ET.SubElement(citation, "KeywordList", Owner="NOTNLM")
        for keyword in entry.keywords:
            _leaf(keywords, "Keyword", keyword, MajorTopicYN="N")
        _leaf(citation, "GeneralNote", ASSIGNED, Owner="NOTNLM")
    _add_history(ET.SubElement(root, "PubmedData"), entry, online)
    return root


def _describe(article: ET.Element, entry: Entry, online: bool) -> None:
    journal = ET.SubElement(article, "Journal")
    issue = ET.SubElement(journal, "JournalIssue", CitedMedium="Internet" if online else "Print")
    if entry.volume:
        _leaf(issue, "Volume", entry.volume)
    if entry.issue:
        _leaf(issue, "Issue", entry.issue)
    published = ET.SubElement(issue, "PubDate")
    months = quarter(entry)[1]
    if months:
        _leaf(published, "MedlineDate", f"{entry.year} {months}")
    else:
        _leaf(published, "Year", str(entry.year))
    if entry.journal:
        _leaf(journal, "Title", entry.journal.nlm_title)
        _leaf(journal, "ISOAbbreviation", entry.journal.abbreviation)
    _leaf(article, "ArticleTitle", _title(entry))
    if entry.first_page or not entry.doi:
        _add_pages(ET.SubElement(article, "Pagination"), entry)
    if entry.doi:
        _leaf(article, "ELocationID", entry.doi, EIdType="doi", ValidYN="Y")
    authors = ET.SubElement(article, "AuthorList", CompleteYN="Y" if entry.complete else "N")
    for author in entry.authors:
        _add_author(authors, author)
    _leaf(article, "Language", "fre" if entry.title_original else "eng")
    types = ET.SubElement(article, "PublicationTypeList")
    _leaf(types, "PublicationType", "Journal Article", UI="D016428")
    for words, name, identifier in _TYPES_BY_WORDS:
        if words in entry.title.lower():
            _leaf(types, "PublicationType", name, UI=identifier)
    if entry.title_original:
        original = titles.sentence_case(entry.title_original, headline=True, capital_after_colon=False)
        _leaf(article, "VernacularTitle", titles.with_full_stop(original))


def _title(entry: Entry) -> str:
    title = titles.sentence_case(entry.title, headline=entry.headline_case, capital_after_colon=False)
    if percent("pubmed-curly", entry.work) < 30:
        title = titles.curly(title)
    return f"[{title}]." if entry.title_original else titles.with_full_stop(title)


def _add_pages(pagination: ET.Element, entry: Entry) -> None:
    if not entry.first_page:
        # The schema wants pages or a DOI: PubMed writes an empty element where it has neither.
        _leaf(pagination, "MedlinePgn", "")
        return
    _leaf(pagination, "StartPage", entry.first_page)
    if entry.last_page:
        _leaf(pagination, "EndPage", entry.last_page)
    _leaf(pagination, "MedlinePgn", "-".join(filter(None, (entry.first_page, _short_last(entry)))))


def _short_last(entry: Entry) -> str:
    first, last = entry.first_page, entry.last_page
    if len(first) != len(last):
        return last
    while len(last) > 1 and first[0] == last[0]:
        first, last = first[1:], last[1:]
    return last


def _add_author(authors: ET.Element, author: Author) -> None:
    element = ET.SubElement(authors, "Author", ValidYN="Y")
    if author.is_group:
        _leaf(element, "CollectiveName", author.family)
        return
    _leaf(element, "LastName", author.family)
    _leaf(element, "ForeName", " ".join(author.initials))
    _leaf(element, "Initials", "".join(author.initials).replace("-", ""))


def _add_history(data: ET.Element, entry: Entry, online: bool) -> None:
    history = ET.SubElement(data, "History")
    for status in ("entrez", "pubmed"):
        _date(history, "PubMedPubDate", *_entered(entry), PubStatus=status)
    state = "aheadofprint" if entry.ahead_of_print else "epublish" if online else "ppublish"
    _leaf(data, "PublicationStatus", state)
    identifiers = ET.SubElement(data, "ArticleIdList")
    _leaf(identifiers, "ArticleId", entry.accession, IdType="pubmed")
    if entry.doi:
        _leaf(identifiers, "ArticleId", entry.doi, IdType="doi")


def _entered(entry: Entry) -> tuple[int, int, int]:
    months = _LAST_MONTH_OF_THIS_YEAR.get(entry.year, 12)
    return entry.year, 1 + percent("month", entry.work) % months, 1 + percent("day", entry.work) % 28


def _revised(entry: Entry) -> tuple[int, int, int]:
    year, month, day = _entered(entry)
    # No date of a record may lie after the day of the wave's search.
    return (year + 1, month, day) if entry.filled_in or year < LAST_BASE_YEAR else (year, month, day)


def _model(entry: Entry, online: bool) -> str:
    if online:
        return "Electronic"
    return "Print-Electronic" if entry.doi else "Print"


def _date(
    parent: ET.Element, tag: str, year: int, month: int, day: int, padded: bool = False, **attributes: str
) -> None:
    # PubMed pads the dates of the citation, but not those of its history.
    element = ET.SubElement(parent, tag, attributes)
    for name, value in (("Year", year), ("Month", month), ("Day", day)):
        _leaf(element, name, f"{value:02d}" if padded else str(value))


def _leaf(parent: ET.Element, tag: str, text: str, **attributes: str) -> None:
    ET.SubElement(parent, tag, attributes).text = text
