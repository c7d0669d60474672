"""One PubMed record's tree in canonical fields (field by field: NLM, PubmedArticle DTD and its element guide)."""

import re
from collections.abc import Iterable

from connectors.fields import doi_in, issn_in, pages_of, plain, year_in
from connectors.pubmed.nodes import Node
from connectors.record import Record

_NOTICES = frozenset(
    f"{what}{way}"
    for what, ways in {
        "Retraction": ("In", "Of"),
        "RetractedandRepublished": ("In", "From"),
        "CorrectedandRepublished": ("In", "From"),
        "Republished": ("In", "From"),
        "Erratum": ("In", "For"),
        "ExpressionOfConcern": ("In", "For"),
        "Update": ("In", "Of"),
    }.items()
    for way in ways
)
_RETRACTS = frozenset({"RetractionIn", "RetractedandRepublishedIn"})
_PMCID = re.compile(r"PMC\d+", re.IGNORECASE)


def record_of(node: Node) -> Record:
    """The canonical record of a `PubmedArticle` or `PubmedBookArticle`.

    Args:
        node: the element's tree.

    Returns:
        The record; what the element does not say stays empty.
    """
    return _book(node) if node.tag == "PubmedBookArticle" else _article(node)


def _article(node: Node) -> Record:
    citation = node.first("MedlineCitation") or Node("MedlineCitation", "", {})
    article = citation.first("Article") or Node("Article", "", {})
    issue = article.first("Journal/JournalIssue") or Node("JournalIssue", "", {})
    ids = node.all("PubmedData/ArticleIdList/ArticleId")
    pmid = plain(citation.value("PMID"))
    original = plain(article.value("VernacularTitle"))
    types = _texts(article.all("PublicationTypeList/PublicationType"))
    short = plain(citation.value("MedlineJournalInfo/MedlineTA"))
    dated = issue.first("PubDate") or article.first("ArticleDate")
    issns = [*article.all("Journal/ISSN"), *citation.all("MedlineJournalInfo/ISSNLinking")]
    return Record(
        accession=pmid,
        database="PubMed",
        title=_title(article.value("ArticleTitle")) or original,
        title_original=original,
        authors=_authors(article.all("AuthorList")),
        year=_year(dated) or _year(article.first("ArticleDate")),
        date=_date(dated),
        journal=plain(article.value("Journal/Title")) or short,
        journal_abbreviation=plain(article.value("Journal/ISOAbbreviation")) or short,
        volume=plain(issue.value("Volume")),
        issue=plain(issue.value("Issue")),
        pages=_pages(article.first("Pagination")) or _located(article.all("ELocationID"), "pii"),
        doi=_doi(article.all("ELocationID"), ids),
        pmid=pmid,
        pmcid=_pmcid(ids),
        issns=_unique(issn_in(issn.text) for issn in issns),
        abstract=_abstract(article.first("Abstract")),
        keywords=_keywords(citation),
        languages=_texts(article.all("Language")),
        publication_types=types,
        url=_url(pmid),
        notices=_notices(types, citation.all("CommentsCorrectionsList/CommentsCorrections")),
    )


def _book(node: Node) -> Record:
    document = node.first("BookDocument") or Node("BookDocument", "", {})
    book = document.first("Book") or Node("Book", "", {})
    ids = (
        *document.all("ArticleIdList/ArticleId"),
        *node.all("PubmedBookData/ArticleIdList/ArticleId"),
    )
    pmid = plain(document.value("PMID"))
    chapter = _title(document.value("ArticleTitle"))
    whole = _title(book.value("BookTitle"))
    locations = book.all("ELocationID")
    types = _texts(document.all("PublicationType"))
    return Record(
        accession=pmid,
        database="PubMed",
        title=chapter or whole,
        title_original=plain(document.value("VernacularTitle")),
        authors=_authors(document.all("AuthorList")) or _authors(book.all("AuthorList")),
        year=_year(book.first("PubDate")) or _year(document.first("ContributionDate")),
        date=_date(book.first("PubDate")),
        journal=whole if chapter else plain(book.value("CollectionTitle")),
        volume=plain(book.value("Volume")),
        pages=_pages(document.first("Pagination")),
        doi=_doi(locations, ids),
        pmid=pmid,
        pmcid=_pmcid(ids),
        abstract=_abstract(document.first("Abstract")),
        keywords=_keywords(document),
        languages=_texts(document.all("Language")),
        publication_types=types,
        url=_url(pmid),
        notices=_notices(types, ()),
    )


def _title(text: str | None) -> str | None:
    title = plain(text)
    # NLM's stand-in where there is no title in English.
    return None if title and title.strip("[].").lower() == "not available" else title


def _authors(lists: tuple[Node, ...]) -> tuple[str, ...]:
    written = [part for part in lists if part.attributes.get("Type") != "editors"] or lists
    return tuple(name for part in written for author in part.all("Author") if (name := _name(author)) is not None)


def _name(author: Node) -> str | None:
    if author.attributes.get("ValidYN") == "N":  # a misspelt name; the right one stands beside it
        return None
    family = plain(author.value("LastName"))
    if not family:
        return plain(author.value("CollectiveName"))
    given = plain(author.value("ForeName")) or plain(author.value("Initials"))
    return ", ".join(part for part in (family, given, plain(author.value("Suffix"))) if part)


def _year(dated: Node | None) -> int | None:
    return (year_in(dated.value("Year")) or year_in(dated.value("MedlineDate"))) if dated else None


def _date(dated: Node | None) -> str | None:
    if dated is None:
        return None
    names = ("MedlineDate", "Year", "Month", "Day", "Season")
    return plain(" ".join(text for name in names if (text := dated.value(name))))


def _pages(pagination: Node | None) -> str | None:
    if pagination is None:
        return None
    printed = pages_of(pagination.value("MedlinePgn"))
    return printed or pages_of(pagination.value("StartPage"), pagination.value("EndPage"))


def _located(locations: tuple[Node, ...], kind: str) -> str | None:
    for location in locations:
        valid = location.attributes.get("ValidYN") != "N"
        if valid and location.attributes.get("EIdType") == kind and (text := plain(location.text)):
            return text
    return None


def _doi(locations: tuple[Node, ...], ids: tuple[Node, ...]) -> str | None:
    return doi_in(_located(locations, "doi")) or next(
        (doi for node in ids if node.attributes.get("IdType") == "doi" and (doi := doi_in(node.text))), None
    )


def _pmcid(ids: tuple[Node, ...]) -> str | None:
    for node in ids:
        if node.attributes.get("IdType") == "pmc" and (found := _PMCID.search(node.text)):
            return found[0].upper()
    return None


def _abstract(abstract: Node | None) -> str | None:
    if abstract is None:
        return None
    lines = []
    for part in abstract.all("AbstractText"):
        text, label = plain(part.text), plain(part.attributes.get("Label"))
        if text:
            lines.append(f"{label}: {text}" if label else text)
    return "\n".join(lines) or None


def _keywords(citation: Node) -> tuple[str, ...]:
    own = _texts(citation.all("KeywordList/Keyword"))
    headings = (_heading(heading) for heading in citation.all("MeshHeadingList/MeshHeading"))
    return _unique([*own, *headings])


def _heading(heading: Node) -> str | None:
    """A subject heading as MEDLINE prints it: `Depression/*psychology`, `*` on what is a major topic."""
    terms = [*heading.all("DescriptorName"), *heading.all("QualifierName")]
    return "/".join(
        ("*" if term.attributes.get("MajorTopicYN") == "Y" else "") + text
        for term in terms
        if (text := plain(term.text))
    )


def _notices(types: tuple[str, ...], corrections: tuple[Node, ...]) -> tuple[str, ...]:
    found = [
        f"{kind} {plain(node.value('PMID')) or plain(node.value('RefSource')) or ''}".rstrip()
        for node in corrections
        if (kind := node.attributes.get("RefType", "")) in _NOTICES
    ]
    retracted = "Retracted Publication" in types or any(
        node.attributes.get("RefType") in _RETRACTS for node in corrections
    )
    return _unique([*(["retracted"] if retracted else []), *found])


def _url(pmid: str | None) -> str | None:
    return f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/" if pmid else None


def _texts(nodes: Iterable[Node]) -> tuple[str, ...]:
    return _unique(plain(node.text) for node in nodes)


def _unique(values: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))
