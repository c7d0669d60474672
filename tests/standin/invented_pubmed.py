"""A small PubMed of invented records, and a client that speaks plain HTTP to its stand-in."""

from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import Element

import requests
from defusedxml.ElementTree import fromstring

from livingsearch.standin import Standin

SET_BEGINS = (
    '<?xml version="1.0" ?>\n<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2025//EN" '
    '"https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">\n<PubmedArticleSet>\n'
)


def article(
    pmid: int,
    title: str = "A plain title.",
    abstract: str = "",
    keywords: tuple[str, ...] = (),
    headings: tuple[tuple[str, str], ...] = (),
    other_abstract: str = "",
    author: tuple[str, str, str] = ("Roe", "Ann B", "AB"),
    journal: str = "J Inv Facts",
    kind: str = "Journal Article",
    language: str = "eng",
    published: str = "<Year>2019</Year><Month>May</Month>",
    created: str = "2019/06/01",
    entered: str = "2019/06/01",
) -> str:
    """One PubmedArticle; texts are XML as they stand."""

    def day(text: str) -> str:
        year, month, number = text.split("/")
        return f"<Year>{year}</Year><Month>{int(month)}</Month><Day>{int(number)}</Day>"

    mesh = "".join(
        f'<MeshHeading><DescriptorName UI="D1" MajorTopicYN="{major}">{name}</DescriptorName></MeshHeading>'
        for name, major in headings
    )
    words = "".join(f'<Keyword MajorTopicYN="N">{word}</Keyword>' for word in keywords)
    return (
        f'<PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM"><PMID Version="1">{pmid}</PMID>'
        f'<Article PubModel="Print"><Journal><JournalIssue CitedMedium="Internet"><PubDate>{published}</PubDate>'
        f"</JournalIssue><Title>Journal of Invented Facts</Title><ISOAbbreviation>{journal}</ISOAbbreviation>"
        f"</Journal><ArticleTitle>{title}</ArticleTitle>"
        + (f"<Abstract><AbstractText>{abstract}</AbstractText></Abstract>" if abstract else "")
        + f'<AuthorList CompleteYN="Y"><Author ValidYN="Y"><LastName>{author[0]}</LastName><ForeName>{author[1]}'
        f"</ForeName><Initials>{author[2]}</Initials></Author></AuthorList><Language>{language}</Language>"
        f'<PublicationTypeList><PublicationType UI="D2">{kind}</PublicationType></PublicationTypeList></Article>'
        f"<MedlineJournalInfo><MedlineTA>{journal}</MedlineTA></MedlineJournalInfo>"
        + (f"<MeshHeadingList>{mesh}</MeshHeadingList>" if mesh else "")
        + (
            f'<OtherAbstract Type="Publisher" Language="ger"><AbstractText>{other_abstract}</AbstractText>'
            "</OtherAbstract>"
            if other_abstract
            else ""
        )
        + (f'<KeywordList Owner="NOTNLM">{words}</KeywordList>' if words else "")
        + '</MedlineCitation><PubmedData><History><PubMedPubDate PubStatus="entrez">'
        f'{day(created)}</PubMedPubDate><PubMedPubDate PubStatus="pubmed">{day(entered)}</PubMedPubDate></History>'
        f'<PublicationStatus>ppublish</PublicationStatus><ArticleIdList><ArticleId IdType="pubmed">{pmid}</ArticleId>'
        f'<ArticleId IdType="doi">10.9999/inv.{pmid}</ArticleId></ArticleIdList><ReferenceList><Reference>'
        '<Citation>Elsewhere.</Citation><ArticleIdList><ArticleId IdType="doi">10.9999/cited</ArticleId>'
        "</ArticleIdList></Reference></ReferenceList></PubmedData></PubmedArticle>"
    )


BOOK = (
    '<PubmedBookArticle><BookDocument><PMID Version="1">30</PMID><ArticleIdList>'
    '<ArticleId IdType="bookaccession">NBK30</ArticleId></ArticleIdList><Book><Publisher><PublisherName>Inv'
    "</PublisherName></Publisher><BookTitle>Peers in a book</BookTitle><PubDate><Year>2012</Year></PubDate></Book>"
    "<ArticleTitle>Chapter on zebras</ArticleTitle><Language>eng</Language><Abstract><AbstractText>Nothing."
    '</AbstractText></Abstract></BookDocument><PubmedBookData><History><PubMedPubDate PubStatus="pubmed">'
    "<Year>2012</Year><Month>3</Month><Day>4</Day></PubMedPubDate></History><PublicationStatus>ppublish"
    '</PublicationStatus><ArticleIdList><ArticleId IdType="pubmed">30</ArticleId></ArticleIdList></PubmedBookData>'
    "</PubmedBookArticle>"
)

ARTICLES = (
    article(
        1,
        "Peer workers &amp; personality disorders: a <i>trial</i>.",
        "Peer-led help was given to adults.",
        created="2020/01/01",
    ),
    article(2, "Expert patients in borderline personality disorder.", created="2020/02/01", entered="2015/05/05"),
    article(
        3,
        "Peers without a diagnosis.",
        "Asthma inhalers were counted. Control of asthma was poor.",
        keywords=("complex emotional needs",),
        published="<Year>2020</Year><Month>12</Month><Day>31</Day>",
    ),
    article(
        4,
        "Café owners' lungs.",
        "Asthma control by peers.",
        headings=(("Asthma", "Y"), ("Humans", "N")),
        author=("Müller", "Jörg K", "JK"),
        language="ger",
        kind="Review",
        published="<MedlineDate>2018 Nov-Dec</MedlineDate>",
    ),
    article(
        5,
        "An intervention that intervenes.",
        other_abstract="Asthma und Lunge.",
        headings=(("Personality Disorders", "N"), ("Asthma, Exercise-Induced", "N")),
        journal="Arch Made Up",
        published="<Year>2021</Year>",
        created="2021/03/03",
    ),
    article(6, "Intervent, a brand of fan.", "[18F]FDG, e-mail and the user's peeling paint."),
)


class Client:
    """Asks a stand-in over HTTP."""

    def __init__(self, standin: Standin) -> None:
        self.standin = standin
        self.session = requests.Session()

    def call(self, endpoint: str, method: str = "POST", **parameters: Any) -> requests.Response:
        parameters = {"db": "pubmed"} | parameters
        filled = {"params": parameters} if method == "GET" else {"data": parameters}
        url = f"{self.standin.base_url}{endpoint}.fcgi"
        return self.session.request(method, url, timeout=10, **filled)

    def search(self, term: str, **parameters: Any) -> Element:
        reply = self.call("esearch", term=term, **parameters)
        assert reply.status_code == 200
        root: Element = fromstring(reply.content)
        return root

    def json(self, term: str, **parameters: Any) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.call("esearch", term=term, retmode="json", **parameters).json()
        return found["esearchresult"]

    def pmids(self, term: str, **parameters: Any) -> list[int]:
        return [int(element.text or "") for element in self.search(term, **parameters).iterfind("IdList/Id")]
