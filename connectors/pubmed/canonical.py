"""One PubMed record's tree in canonical fields (field by field: NLM, PubmedArticle DTD and its element guide)."""

import re
from collections.abc import Iterable

from connectors.fields import doi_in, issn_in, pages_of, plain, year_in
from connectors.pubmed.nodes import Node
from connectors.record import Record

_BESIDE = frozenset(
    f"{what}{way}"
    for what, ways in {
        "Associated": ("Dataset", "Publication"),
        "Comment": ("In", "On"),
        "SummaryForPatients": ("In",),
        "OriginalReport": ("In",),
        "Reprint": ("In", "Of"),
        "Cites": ("",),
    }.items()
    for way in ways
)
"""Links that say nothing about whether the publication still stands. All others are notices, so that one which
PubMed invents later is shown rather than lost."""
_RETRACTS = frozenset({"RetractionIn", "RetractedandRepublishedIn"})
_ARTICLE_NUMBER = re.compile(r"[A-Za-z]{0,2}\d{1,8}|[A-Za-z]{3,4}\d{1,4}")
"""What may be an article's number within its volume. A publisher's item number (`pii`) is one (`e004242`, `106057`,
`zsab123`), or the number of the manuscript (`bmjopen-2019-033456`), or journal, volume, issue and number in one
(`jpm10040123`, `S0140-6736(20)30183-5`). Those are long or hold signs; nobody cites them, and taken for pages they
would set a record apart from the same article in other databases. `Details.other_ids` keeps them all."""
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
    types = article.all("PublicationTypeList/PublicationType")
    short = plain(citation.value("MedlineJournalInfo/MedlineTA"))
    printed, electronic = issue.first("PubDate"), article.first("ArticleDate")
    issns = [*article.all("Journal/ISSN"), *citation.all("MedlineJournalInfo/ISSNLinking")]
    return Record(
        accession=pmid,
        database="PubMed",
        title=_title(article.value("ArticleTitle")) or original,
        title_original=original,
        authors=_authors(article.all("AuthorList")),
        year=_year(printed) or _year(electronic),
        date=date_of(printed) or date_of(electronic),
        journal=plain(article.value("Journal/Title")) or short,
        journal_abbreviation=plain(article.value("Journal/ISOAbbreviation")) or short,
        volume=plain(issue.value("Volume")),
        issue=plain(issue.value("Issue")),
        pages=_pages(article.first("Pagination")) or _article_number(article.all("ELocationID")),
        doi=_doi(article.all("ELocationID"), ids),
        pmid=pmid,
        pmcid=_pmcid(ids),
        issns=_unique(issn_in(issn.text) for issn in issns),
        abstract=_in_full(article.all("Abstract")) or _by_others(citation.all("OtherAbstract")),
        keywords=_keywords(citation),
        languages=_texts(article.all("Language")),
        publication_types=_texts(types),
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
    types = document.all("PublicationType")
    return Record(
        accession=pmid,
        database="PubMed",
        title=chapter or whole,
        title_original=plain(document.value("VernacularTitle")),
        authors=_authors(document.all("AuthorList")) or _authors(book.all("AuthorList")),
        year=_year(book.first("PubDate")) or _year(document.first("ContributionDate")),
        date=date_of(book.first("PubDate")) or date_of(document.first("ContributionDate")),
        journal=whole if chapter else plain(book.value("CollectionTitle")),
        volume=plain(book.value("Volume")),
        pages=_pages(document.first("Pagination")),
        # The location is that of the whole book, which no chapter of it may be taken for.
        doi=_doi(() if chapter else book.all("ELocationID"), ids),
        pmid=pmid,
        pmcid=_pmcid(ids),
        abstract=_in_full(document.all("Abstract")),
        keywords=_keywords(document),
        languages=_texts(document.all("Language")),
        publication_types=_texts(types),
        url=_url(pmid),
        notices=_notices(types, ()),
    )


def _title(text: str | None) -> str | None:
    title = plain(text)
    # NLM's stand-in where there is no title in English.
    return None if title and title.strip("[].").lower() == "not available" else title


def _authors(lists: tuple[Node, ...]) -> tuple[str, ...]:
    written = [part for part in lists if part.attributes.get("Type") != "editors"] or lists
    return tuple(
        name
        for part in written
        for author in part.all("Author")
        # Where one is not valid, the right spelling stands beside it.
        if author.attributes.get("ValidYN") != "N" and (name := name_of(author)) is not None
    )


def name_of(author: Node) -> str | None:
    """The name of an author or investigator.

    Args:
        author: the element's tree.

    Returns:
        `Family, Given, Suffix`, a group's name, or None.
    """
    family = plain(author.value("LastName"))
    given = plain(author.value("ForeName")) or plain(author.value("Initials"))
    if not family and (group := plain(author.value("CollectiveName"))):
        return group
    return ", ".join(part for part in (family, given, plain(author.value("Suffix"))) if part) or None


def _year(dated: Node | None) -> int | None:
    return (year_in(dated.value("Year")) or year_in(dated.value("MedlineDate"))) if dated else None


def date_of(dated: Node | None) -> str | None:
    """A date as printed.

    Args:
        dated: the element's tree.

    Returns:
        Its parts in the order of a date, or None.
    """
    if dated is None:
        return None
    names = ("MedlineDate", "Year", "Month", "Day", "Season")
    return plain(" ".join(text for name in names if (text := dated.value(name))))


def _pages(pagination: Node | None) -> str | None:
    if pagination is None:
        return None
    printed = pages_of(pagination.value("MedlinePgn"))
    return printed or pages_of(pagination.value("StartPage"), pagination.value("EndPage"))


def _article_number(locations: tuple[Node, ...]) -> str | None:
    for location in locations:
        valid = location.attributes.get("ValidYN") != "N"
        if valid and location.attributes.get("EIdType") == "pii" and (text := plain(location.text)):
            if _ARTICLE_NUMBER.fullmatch(text):
                return text
    return None


def _doi(locations: tuple[Node, ...], ids: tuple[Node, ...]) -> str | None:
    located = [node for node in locations if node.attributes.get("EIdType") == "doi"]
    # What one list marks as wrong may stand in the other without a mark.
    wrong = {doi_in(node.text) for node in located if node.attributes.get("ValidYN") == "N"}
    listed = [node for node in ids if node.attributes.get("IdType") == "doi"]
    found = (doi_in(node.text) for node in (*located, *listed))
    return next((doi for doi in found if doi and doi not in wrong), None)


def _pmcid(ids: tuple[Node, ...]) -> str | None:
    for kind in ("pmc", "pmcid"):
        for node in ids:
            if node.attributes.get("IdType") == kind and (found := _PMCID.search(node.text)):
                return found[0].upper()
    return None


def abstract_of(abstract: Node) -> str | None:
    """The text of an `Abstract` or `OtherAbstract`.

    Args:
        abstract: the element's tree.

    Returns:
        Its parts on lines of their own, `LABEL: text` where PubMed gives a label, or None.
    """
    lines = []
    for part in abstract.all("AbstractText"):
        text, label = plain(part.text), (plain(part.attributes.get("Label")) or "").rstrip(": ")
        if text:
            lines.append(f"{label}: {text}" if label else text)
    return "\n".join(lines) or None


def _in_full(abstracts: tuple[Node, ...]) -> str | None:
    # The DTD allows one; a second is not dropped all the same.
    return "\n".join(text for abstract in abstracts if (text := abstract_of(abstract))) or None


def _by_others(abstracts: tuple[Node, ...]) -> str | None:
    """Of the abstracts that are not the journal's own the first in English (the DTD's default), else the first."""
    found = sorted(abstracts, key=lambda abstract: abstract.attributes.get("Language", "eng") != "eng")
    return next((text for abstract in found if (text := abstract_of(abstract))), None)


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


def is_retracted(types: tuple[Node, ...], corrections: tuple[Node, ...]) -> bool:
    """Whether a publication was retracted; the notice that retracts another was not.

    Args:
        types: its publication types.
        corrections: its links to comments and corrections.

    Returns:
        True by either of the two signs that PubMed gives.
    """
    return any((plain(node.text) or "").casefold() == "retracted publication" for node in types) or any(
        node.attributes.get("RefType") in _RETRACTS for node in corrections
    )


def _notices(types: tuple[Node, ...], corrections: tuple[Node, ...]) -> tuple[str, ...]:
    found = [
        f"{kind} {plain(node.value('PMID')) or plain(node.value('RefSource')) or ''}".rstrip()
        for node in corrections
        if (kind := plain(node.attributes.get("RefType"))) and kind not in _BESIDE
    ]
    return _unique([*(["retracted"] if is_retracted(types, corrections) else []), *found])


def _url(pmid: str | None) -> str | None:
    return f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/" if pmid else None


def _texts(nodes: Iterable[Node]) -> tuple[str, ...]:
    return _unique(plain(node.text) for node in nodes)


def _unique(values: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))
