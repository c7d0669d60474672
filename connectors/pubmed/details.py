"""Details of a stored PubMed record, read on demand (element by element: NLM, PubmedArticle DTD)."""

from collections.abc import Iterable, Iterator
from datetime import date

from connectors.errors import MalformedReply
from connectors.fields import plain
from connectors.pubmed.canonical import abstract_of, date_of, is_retracted
from connectors.pubmed.delivered import RECORD_PMIDS, SETS
from connectors.pubmed.details_book import book_of
from connectors.pubmed.details_model import (
    AbstractPart,
    Chemical,
    Correction,
    Details,
    Grant,
    Heading,
    Identifier,
    Journal,
    Keyword,
    Moment,
    Note,
    OtherAbstract,
    PubmedObject,
    Term,
)
from connectors.pubmed.details_people import investigators, listed, subjects
from connectors.pubmed.document import parse
from connectors.pubmed.nodes import Node, from_element

__all__ = ["Details", "details_of"]

_MONTHS = {name: number for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}


def details_of(payload: str) -> Details:
    """Details of one stored `RawRecord` of the form `pubmed-xml`.

    Args:
        payload: the record's XML.

    Returns:
        The details, of an article or a book.

    Raises:
        MalformedReply: it is not one PubMed record, or XML that tries something.
    """
    # A lone surrogate is no text; the document says so.
    document = parse(payload.encode("utf-8", "surrogatepass"))
    parts = [document.root] if document.root.tag in RECORD_PMIDS else list(document.children)
    records = [part for part in parts if part.tag in RECORD_PMIDS]
    if document.root.tag not in RECORD_PMIDS and document.root.tag not in SETS:
        raise MalformedReply(f"A stored record is XML of another kind ({document.root.tag[:60]}), not one of PubMed.")
    if len(records) != 1:
        raise MalformedReply(f"A stored PubMed record holds {len(records)} records.")
    node = from_element(records[0].element)
    return _of_book(node) if node.tag == "PubmedBookArticle" else _of_article(node)


def _of_article(node: Node) -> Details:
    citation = node.first("MedlineCitation") or Node("MedlineCitation", "", {})
    article = citation.first("Article") or Node("Article", "", {})
    types = article.all("PublicationTypeList/PublicationType")
    links = citation.all("CommentsCorrectionsList/CommentsCorrections")
    lists = article.all("AuthorList")
    return Details(
        pmid=plain(citation.value("PMID")),
        version=_version(citation),
        status=_attribute(citation, "Status"),
        indexing_method=_attribute(citation, "IndexingMethod"),
        publication_status=plain(node.value("PubmedData/PublicationStatus")),
        publication_model=_attribute(article, "PubModel"),
        retracted=is_retracted(types, links),
        history=(
            *_moments(node.all("PubmedData/History/PubMedPubDate")),
            *_moments(citation.all("DateCreated"), "record-created"),
            *_moments(citation.all("DateCompleted"), "record-completed"),
            *_moments(citation.all("DateRevised"), "record-revised"),
            *_moments(article.all("ArticleDate"), "article-electronic"),
        ),
        headings=tuple(_headings(citation.all("MeshHeadingList/MeshHeading"))),
        supplementary=tuple(_terms(citation.all("SupplMeshList/SupplMeshName"))),
        publication_types=tuple(_terms(types)),
        corrections=tuple(_corrections(links)),
        people=(*listed(lists), *investigators(citation), *subjects(citation)),
        authors_complete=_complete(lists),
        grants=tuple(_grants(article)),
        grants_complete=_complete(article.all("GrantList")),
        chemicals=tuple(_chemicals(citation.all("ChemicalList/Chemical"))),
        accession_numbers=tuple(_accession_numbers(article.all("DataBankList/DataBank"))),
        accession_numbers_complete=_complete(article.all("DataBankList")),
        other_ids=_other_ids(
            (*article.all("ELocationID"), *node.all("PubmedData/ArticleIdList/ArticleId"), *citation.all("OtherID")),
            {"nlm-journal": citation.all("MedlineJournalInfo/NlmUniqueID")},
        ),
        other_abstracts=tuple(_other_abstracts(citation.all("OtherAbstract"))),
        conflict_of_interest=plain(citation.value("CoiStatement")),
        owner=_attribute(citation, "Owner"),
        version_id=_attribute(citation, "VersionID"),
        version_date=_attribute(citation, "VersionDate"),
        journal=_journal(citation, article),
        keywords=tuple(_keywords(citation.all("KeywordList"))),
        abstract_parts=tuple(_abstract_parts(article)),
        copyright=plain(article.value("Abstract/CopyrightInformation")),
        notes=tuple(
            Note(text, _attribute(note, "Owner")) for note in citation.all("GeneralNote") if (text := plain(note.text))
        ),
        citation_subsets=_texts(citation.all("CitationSubset")),
        gene_symbols=_texts(citation.all("GeneSymbolList/GeneSymbol")),
        space_flight_missions=_texts(citation.all("SpaceFlightMission")),
        number_of_references=plain(citation.value("NumberOfReferences")),
        objects=tuple(_objects(node.all("PubmedData/ObjectList/Object"))),
    )


def _of_book(node: Node) -> Details:
    document = node.first("BookDocument") or Node("BookDocument", "", {})
    book = document.first("Book") or Node("Book", "", {})
    types = document.all("PublicationType")
    lists = (*document.all("AuthorList"), *book.all("AuthorList"))
    ids = (
        *document.all("ArticleIdList/ArticleId"),
        *node.all("PubmedBookData/ArticleIdList/ArticleId"),
    )
    whole = {f"book-{location.attributes.get('EIdType', '')}": (location,) for location in book.all("ELocationID")}
    return Details(
        pmid=plain(document.value("PMID")),
        version=_version(document),
        publication_status=plain(node.value("PubmedBookData/PublicationStatus")),
        retracted=is_retracted(types, ()),
        history=(
            *_moments(node.all("PubmedBookData/History/PubMedPubDate")),
            *_moments(document.all("DateRevised"), "record-revised"),
            *_moments(document.all("ContributionDate"), "book-contribution"),
            *_moments(book.all("BeginningDate"), "book-beginning"),
            *_moments(book.all("EndingDate"), "book-ending"),
        ),
        publication_types=tuple(_terms(types)),
        people=(*listed(lists), *investigators(document), *investigators(book)),
        authors_complete=_complete(lists),
        grants=tuple(_grants(document)),
        grants_complete=_complete(document.all("GrantList")),
        other_ids=_other_ids(ids, {**whole, "isbn": book.all("Isbn"), "report": book.all("ReportNumber")}),
        keywords=tuple(_keywords(document.all("KeywordList"))),
        abstract_parts=tuple(_abstract_parts(document)),
        copyright=plain(document.value("Abstract/CopyrightInformation")),
        objects=tuple(_objects(node.all("PubmedBookData/ObjectList/Object"))),
        book=book_of(document, date_of(book.first("PubDate"))),
    )


def _attribute(node: Node, name: str) -> str | None:
    return plain(node.attributes.get(name))


def _version(holder: Node) -> str | None:
    pmid = holder.first("PMID")
    return _attribute(pmid, "Version") if pmid else None


def _moments(nodes: Iterable[Node], kind: str | None = None) -> Iterator[Moment]:
    for node in nodes:
        parts = [plain(node.value(name)) for name in ("Year", "Month", "Day")]
        text = " ".join(part for part in (*parts, plain(node.value("Season"))) if part)
        if text:
            yield Moment(kind or _attribute(node, "PubStatus") or "", text, _day(parts))


def _day(parts: list[str | None]) -> date | None:
    year, month, day = parts
    if not (year and month and day):
        return None
    try:
        return date(int(year), _MONTHS.get(month[:3].lower()) or int(month), int(day))
    except (ValueError, OverflowError):
        return None


def _term(node: Node) -> Term | None:
    name = plain(node.text)
    if not name:
        return None
    flags = node.attributes
    major, automatic = (flags.get(flag) == "Y" for flag in ("MajorTopicYN", "AutoHM"))
    return Term(name, _attribute(node, "UI"), major, automatic, _attribute(node, "Type"))


def _terms(nodes: Iterable[Node]) -> Iterator[Term]:
    return (term for node in nodes if (term := _term(node)))


def _headings(nodes: Iterable[Node]) -> Iterator[Heading]:
    for node in nodes:
        for descriptor in _terms(node.all("DescriptorName")[:1]):
            yield Heading(descriptor, tuple(_terms(node.all("QualifierName"))))


def _corrections(nodes: Iterable[Node]) -> Iterator[Correction]:
    for node in nodes:
        kind = _attribute(node, "RefType") or ""
        if kind != "Cites":
            texts = (plain(node.value(name)) for name in ("PMID", "RefSource", "Note"))
            yield Correction(kind, *texts)


def _complete(lists: Iterable[Node]) -> bool:
    return all(part.attributes.get("CompleteYN") != "N" for part in lists)


def _grants(holder: Node) -> Iterator[Grant]:
    for node in holder.all("GrantList/Grant"):
        texts = [plain(node.value(name)) for name in ("GrantID", "Agency", "Country", "Acronym")]
        if any(texts):
            yield Grant(*texts)


def _chemicals(nodes: Iterable[Node]) -> Iterator[Chemical]:
    for node in nodes:
        number = plain(node.value("RegistryNumber"))
        for term in _terms(node.all("NameOfSubstance")[:1]):
            yield Chemical(term.name, term.ui, None if number == "0" else number)


def _accession_numbers(nodes: Iterable[Node]) -> Iterator[Identifier]:
    for node in nodes:
        bank = plain(node.value("DataBankName")) or ""
        for number in node.all("AccessionNumberList/AccessionNumber"):
            if value := plain(number.text):
                yield Identifier(bank, value)


def _other_ids(nodes: Iterable[Node], named: dict[str, tuple[Node, ...]]) -> tuple[Identifier, ...]:
    sources = [(_source(node), node) for node in nodes]
    sources += [(source, node) for source, found in named.items() for node in found]
    return tuple(
        dict.fromkeys(
            Identifier(source, value, node.attributes.get("ValidYN") != "N")
            for source, node in sources
            if source != "pubmed" and (value := plain(node.text))
        )
    )


def _source(node: Node) -> str:
    # An `ArticleId` without its type is a PMID by the DTD.
    return next((text for name in ("EIdType", "IdType", "Source") if (text := _attribute(node, name))), "pubmed")


def _other_abstracts(nodes: Iterable[Node]) -> Iterator[OtherAbstract]:
    for node in nodes:
        if text := abstract_of(node):
            owner = plain(node.value("CopyrightInformation"))
            yield OtherAbstract(_attribute(node, "Type") or "", _attribute(node, "Language"), text, owner)


def _journal(citation: Node, article: Node) -> Journal | None:
    issue = article.first("Journal/JournalIssue")
    issns = [((_attribute(node, "IssnType") or "").lower(), node.text) for node in article.all("Journal/ISSN")]
    issns += [("linking", node.text) for node in citation.all("MedlineJournalInfo/ISSNLinking")]
    journal = Journal(
        country=plain(citation.value("MedlineJournalInfo/Country")),
        abbreviation=plain(citation.value("MedlineJournalInfo/MedlineTA")),
        medium=_attribute(issue, "CitedMedium") if issue else None,
        issns=tuple(Identifier(kind, text) for kind, issn in issns if (text := plain(issn))),
    )
    return None if journal == Journal() else journal


def _keywords(lists: Iterable[Node]) -> Iterator[Keyword]:
    for part in lists:
        for node in part.all("Keyword"):
            if text := plain(node.text):
                yield Keyword(text, _attribute(part, "Owner"), node.attributes.get("MajorTopicYN") == "Y")


def _abstract_parts(holder: Node) -> Iterator[AbstractPart]:
    for node in holder.all("Abstract/AbstractText"):
        label, category = _attribute(node, "Label"), _attribute(node, "NlmCategory")
        if label or category:
            yield AbstractPart(label, category)


def _objects(nodes: Iterable[Node]) -> Iterator[PubmedObject]:
    for node in nodes:
        named = ((_attribute(param, "Name") or "", plain(param.text) or "") for param in node.all("Param"))
        yield PubmedObject(_attribute(node, "Type") or "", tuple(named))


def _texts(nodes: Iterable[Node]) -> tuple[str, ...]:
    return tuple(text for node in nodes if (text := plain(node.text)))
