from datetime import date

import pytest

from connectors.errors import MalformedReply
from connectors.pubmed import read_payload
from connectors.pubmed.details import details_of
from connectors.pubmed.details_book import Anchor, Book, ItemList, Label, Section
from connectors.pubmed.details_model import (
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
    Person,
    Term,
)

FULL = """<PubmedArticle><MedlineCitation Status="MEDLINE" IndexingMethod="Automated" Owner="NLM">
<PMID Version="2">12345678</PMID>
<DateCompleted><Year>2021</Year><Month>06</Month><Day>30</Day></DateCompleted>
<DateRevised><Year>2022</Year><Month>Feb</Month><Day>31</Day></DateRevised>
<Article PubModel="Print-Electronic"><ArticleTitle>T</ArticleTitle>
<ELocationID EIdType="doi" ValidYN="N">10.1000/wrong</ELocationID>
<ELocationID EIdType="pii" ValidYN="Y">S0140-6736(20)30183-5</ELocationID>
<AuthorList CompleteYN="N">
<Author ValidYN="Y"><LastName>O'Neil</LastName><ForeName>Ann</ForeName><Initials>A</Initials><Suffix>3rd</Suffix>
<Identifier Source="ORCID">https://orcid.org/000000021825009x</Identifier>
<Identifier Source="GRID">grid.1</Identifier>
<AffiliationInfo><Affiliation>Here &amp; there.</Affiliation></AffiliationInfo>
<AffiliationInfo><Affiliation>CO<sub>2</sub> Institute.</Affiliation></AffiliationInfo></Author>
<Author ValidYN="N"><LastName>Mispelt</LastName></Author>
<Author><CollectiveName>The Group</CollectiveName></Author></AuthorList>
<DataBankList><DataBank><DataBankName>ClinicalTrials.gov</DataBankName><AccessionNumberList>
<AccessionNumber>NCT00000001</AccessionNumber></AccessionNumberList></DataBank></DataBankList>
<GrantList><Grant><GrantID>R01</GrantID><Acronym>MH</Acronym><Agency>NIMH</Agency><Country>United States</Country>
</Grant><Grant><Agency>Wellcome</Agency></Grant><Grant/></GrantList>
<PublicationTypeList><PublicationType UI="D016441">Retracted Publication</PublicationType></PublicationTypeList>
<ArticleDate DateType="Electronic"><Year>2021</Year><Month>03</Month></ArticleDate></Article>
<MedlineJournalInfo><MedlineTA>J</MedlineTA><NlmUniqueID>101</NlmUniqueID></MedlineJournalInfo>
<ChemicalList><Chemical><RegistryNumber>0</RegistryNumber><NameOfSubstance UI="D1">Antibodies</NameOfSubstance>
</Chemical><Chemical><RegistryNumber>EC 1.1</RegistryNumber><NameOfSubstance UI="D2">Enzyme</NameOfSubstance>
</Chemical></ChemicalList>
<SupplMeshList><SupplMeshName Type="Disease" UI="C1">COVID</SupplMeshName></SupplMeshList>
<CommentsCorrectionsList>
<CommentsCorrections RefType="Cites"><RefSource>R</RefSource><PMID Version="1">1</PMID></CommentsCorrections>
<CommentsCorrections RefType="CommentIn"><RefSource>C</RefSource><PMID Version="1">2</PMID></CommentsCorrections>
<CommentsCorrections RefType="RetractionIn"><RefSource>D</RefSource><PMID Version="1">3</PMID><Note>N</Note>
</CommentsCorrections>
<CommentsCorrections RefType="ErratumFor"><RefSource>E</RefSource></CommentsCorrections>
</CommentsCorrectionsList>
<MeshHeadingList><MeshHeading><DescriptorName UI="D3" MajorTopicYN="N" AutoHM="Y">Depression</DescriptorName>
<QualifierName UI="Q1" MajorTopicYN="Y">psychology</QualifierName>
<QualifierName UI="Q2" MajorTopicYN="N">therapy</QualifierName></MeshHeading>
<MeshHeading><DescriptorName UI="D4" MajorTopicYN="N">Humans</DescriptorName></MeshHeading></MeshHeadingList>
<OtherID Source="NLM">PMC1 [Available on 01/01/22]</OtherID>
<OtherAbstract Type="plain-language-summary" Language="eng"><AbstractText Label="WHY">So.</AbstractText></OtherAbstract>
<CoiStatement>None.</CoiStatement>
<InvestigatorList><Investigator><LastName>Watson</LastName><Initials>J</Initials></Investigator></InvestigatorList>
</MedlineCitation><PubmedData><History>
<PubMedPubDate PubStatus="received"><Year>2020</Year><Month>1</Month><Day>2</Day></PubMedPubDate>
<PubMedPubDate PubStatus="entrez"><Year>2021</Year><Month>3</Month><Day>5</Day><Hour>6</Hour><Minute>0</Minute>
</PubMedPubDate></History><PublicationStatus>ppublish</PublicationStatus><ArticleIdList>
<ArticleId IdType="pubmed">12345678</ArticleId><ArticleId IdType="doi">10.1000/wrong</ArticleId>
<ArticleId IdType="mid">NIHMS1</ArticleId></ArticleIdList>
<ReferenceList><Reference><Citation>C</Citation><ArticleIdList><ArticleId IdType="doi">10.1000/ref</ArticleId>
</ArticleIdList></Reference></ReferenceList></PubmedData></PubmedArticle>"""

EXPECTED = Details(
    pmid="12345678",
    version="2",
    status="MEDLINE",
    indexing_method="Automated",
    publication_status="ppublish",
    publication_model="Print-Electronic",
    retracted=True,
    history=(
        Moment("received", "2020 1 2", date(2020, 1, 2)),
        Moment("entrez", "2021 3 5", date(2021, 3, 5)),
        Moment("record-completed", "2021 06 30", date(2021, 6, 30)),
        Moment("record-revised", "2022 Feb 31", None),
        Moment("article-electronic", "2021 03", None),
    ),
    headings=(
        Heading(
            Term("Depression", "D3", automatic=True), (Term("psychology", "Q1", major=True), Term("therapy", "Q2"))
        ),
        Heading(Term("Humans", "D4")),
    ),
    supplementary=(Term("COVID", "C1", kind="Disease"),),
    publication_types=(Term("Retracted Publication", "D016441"),),
    corrections=(
        Correction("CommentIn", "2", "C"),
        Correction("RetractionIn", "3", "D", "N"),
        Correction("ErratumFor", None, "E"),
    ),
    people=(
        Person(
            "O'Neil, Ann, 3rd",
            "author",
            identifiers=(Identifier("ORCID", "0000-0002-1825-009X"), Identifier("GRID", "grid.1")),
            affiliations=("Here & there.", "CO2 Institute."),
            initials="A",
        ),
        Person("Mispelt", "author", valid=False),
        Person("The Group", "author", group=True),
        Person("Watson, J", "investigator", initials="J"),
    ),
    authors_complete=False,
    grants=(Grant("R01", "NIMH", "United States", "MH"), Grant(None, "Wellcome", None)),
    chemicals=(Chemical("Antibodies", "D1", None), Chemical("Enzyme", "D2", "EC 1.1")),
    accession_numbers=(Identifier("ClinicalTrials.gov", "NCT00000001"),),
    other_ids=(
        Identifier("doi", "10.1000/wrong", valid=False),
        Identifier("pii", "S0140-6736(20)30183-5"),
        Identifier("doi", "10.1000/wrong"),
        Identifier("mid", "NIHMS1"),
        Identifier("NLM", "PMC1 [Available on 01/01/22]"),
        Identifier("nlm-journal", "101"),
    ),
    other_abstracts=(OtherAbstract("plain-language-summary", "eng", "WHY: So."),),
    conflict_of_interest="None.",
    owner="NLM",
    journal=Journal(abbreviation="J"),
)

BOOK = """<PubmedBookArticle><BookDocument><PMID Version="1">22</PMID><ArticleIdList>
<ArticleId IdType="bookaccession">NBK1</ArticleId><ArticleId IdType="doi">10.1000/chapter</ArticleId></ArticleIdList>
<Book><BookTitle book="b">Whole</BookTitle><PubDate><Year>2009</Year></PubDate><AuthorList Type="editors">
<Author><LastName>Ed</LastName><Initials>I</Initials></Author></AuthorList><Isbn>9781860163593</Isbn>
<ELocationID EIdType="doi">10.1000/book</ELocationID></Book><ArticleTitle>Chapter</ArticleTitle>
<AuthorList Type="authors"><Author><LastName>Writer</LastName></Author></AuthorList>
<PublicationType UI="D016454">Review</PublicationType>
<ContributionDate><Year>2012</Year><Season>Spring</Season></ContributionDate>
<GrantList><Grant><Agency>NIHR</Agency></Grant></GrantList></BookDocument>
<PubmedBookData><History><PubMedPubDate PubStatus="pubmed"><Year>2011</Year><Month>3</Month><Day>18</Day>
</PubMedPubDate></History><PublicationStatus>ppublish</PublicationStatus><ArticleIdList>
<ArticleId IdType="pubmed">22</ArticleId></ArticleIdList></PubmedBookData></PubmedBookArticle>"""


def test_every_detail_of_an_article() -> None:
    details = details_of(FULL)
    assert details == EXPECTED
    assert details.notice_about == (Correction("ErratumFor", None, "E"),)
    assert [person.orcid for person in details.people] == ["0000-0002-1825-009X", None, None, None]
    assert [heading.major for heading in details.headings] == [True, False]


def test_a_set_of_one_is_a_record_too() -> None:
    assert details_of(f"<PubmedArticleSet>{FULL}</PubmedArticleSet>") == EXPECTED


def test_details_of_a_chapter() -> None:
    assert details_of(BOOK) == Details(
        pmid="22",
        version="1",
        publication_status="ppublish",
        history=(
            Moment("pubmed", "2011 3 18", date(2011, 3, 18)),
            Moment("book-contribution", "2012 Spring", None),
        ),
        publication_types=(Term("Review", "D016454"),),
        people=(Person("Writer", "author"), Person("Ed, I", "editor", initials="I")),
        grants=(Grant(None, "NIHR", None),),
        other_ids=(
            Identifier("bookaccession", "NBK1"),
            Identifier("doi", "10.1000/chapter"),
            Identifier("book-doi", "10.1000/book"),
            Identifier("isbn", "9781860163593"),
        ),
        book=Book(title="Whole", published="2009", anchors=(Anchor("book", "b", None, None),)),
    )


def test_what_pubmed_says_of_a_book() -> None:
    more = BOOK.replace("<BookTitle", "<Publisher><PublisherName>P</PublisherName></Publisher><BookTitle").replace(
        "</Book>",
        "<Edition>2nd</Edition><CollectionTitle>Series</CollectionTitle><Medium>Internet</Medium></Book>"
        '<LocationLabel Type="chapter">3</LocationLabel><Sections><Section><LocationLabel>1</LocationLabel>'
        '<SectionTitle book="b" sec="s">Aims</SectionTitle><Section><SectionTitle>Inner</SectionTitle></Section>'
        "</Section></Sections>"
        '<ItemList ListType="Synonyms"><Item>One</Item><Item> </Item></ItemList>',
    )
    assert details_of(more).book == Book(
        title="Whole",
        collection="Series",
        publisher="P",
        published="2009",
        edition="2nd",
        medium="Internet",
        labels=(Label("chapter", "3"),),
        sections=(
            Section("Aims", Label(None, "1"), Anchor("section", "b", None, "s"), (Section("Inner", None, None),)),
        ),
        items=(ItemList("Synonyms", ("One",)),),
        anchors=(Anchor("book", "b", None, None),),
    )


def test_flags_and_owners_of_an_article() -> None:
    more = FULL.replace(
        "<CoiStatement>",
        '<KeywordList Owner="NASA"><Keyword MajorTopicYN="Y">a</Keyword><Keyword>b</Keyword></KeywordList>'
        '<KeywordList Owner="KIE"><Keyword MajorTopicYN="N">c</Keyword></KeywordList>'
        '<GeneralNote Owner="KIE">n</GeneralNote><CoiStatement>',
    )
    more = more.replace("<GrantList>", '<GrantList CompleteYN="N">').replace("<Author>", '<Author EqualContrib="Y">')
    details = details_of(more)
    assert details.keywords == (Keyword("a", "NASA", True), Keyword("b", "NASA"), Keyword("c", "KIE"))
    assert details.notes == (Note("n", "KIE"),)
    assert (details.grants_complete, details.accession_numbers_complete) == (False, True)
    assert [person.equal for person in details.people] == [False, False, True, False]


def test_a_chapter_takes_no_doi_from_its_book() -> None:
    assert read_payload(BOOK).doi == "10.1000/chapter"
    own = '<ArticleId IdType="doi">10.1000/chapter</ArticleId>'
    assert read_payload(BOOK.replace(own, "")).doi is None
    title = "<ArticleTitle>Chapter</ArticleTitle>"
    assert read_payload(BOOK.replace(own, "").replace(title, "")).doi == "10.1000/book"


def test_details_of_a_record_that_says_nothing() -> None:
    assert details_of("<PubmedArticle/>") == details_of("<PubmedBookArticle/>") == Details()


@pytest.mark.parametrize(
    ("kind", "type_", "retracted", "notice"),
    [
        ("RetractionIn", "Journal Article", True, False),
        ("RetractedandRepublishedIn", "Journal Article", True, False),
        ("RetractedandRepublishedFrom", "Journal Article", False, False),
        ("RetractionOf", "Retraction of Publication", False, True),
        ("ErratumIn", "Journal Article", False, False),
        ("ErratumFor", "Published Erratum", False, True),
        ("ExpressionOfConcernIn", "Journal Article", False, False),
        ("ExpressionOfConcernFor", "Expression of Concern", False, True),
        ("UpdateIn", "Journal Article", False, False),
        ("UpdateOf", "RETRACTED PUBLICATION", True, False),
        ("WithdrawnSomehowIn", "Journal Article", False, False),
    ],
)
def test_what_happened_to_a_publication(kind: str, type_: str, retracted: bool, notice: bool) -> None:
    payload = (
        "<PubmedArticle><MedlineCitation><Article><PublicationTypeList>"
        f"<PublicationType>{type_}</PublicationType></PublicationTypeList></Article><CommentsCorrectionsList>"
        f'<CommentsCorrections RefType="{kind}"><RefSource>J</RefSource><PMID>9</PMID></CommentsCorrections>'
        "</CommentsCorrectionsList></MedlineCitation></PubmedArticle>"
    )
    details = details_of(payload)
    assert (details.retracted, bool(details.notice_about)) == (retracted, notice)
    assert read_payload(payload).notices == ((("retracted",) if retracted else ()) + (f"{kind} 9",))


@pytest.mark.parametrize(
    "payload",
    [
        "",
        "{}",
        "<html></html>",
        "<eFetchResult><ERROR>x</ERROR></eFetchResult>",
        f"<other>{FULL}</other>",
        f"<PubmedArticleSet>{FULL}{BOOK}</PubmedArticleSet>",
        "<PubmedArticleSet></PubmedArticleSet>",
        FULL[:-5],
        '<!DOCTYPE a [<!ENTITY b "c">]><PubmedArticle>&b;</PubmedArticle>',
        '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><PubmedArticle>&b;</PubmedArticle>',
        "<PubmedArticle>" + "<i>" * 5000 + "</i>" * 5000 + "</PubmedArticle>",
        "<PubmedArticle>\ud800</PubmedArticle>",
    ],
)
def test_what_is_no_record_is_refused(payload: str) -> None:
    with pytest.raises(MalformedReply):
        details_of(payload)


@pytest.mark.parametrize("number", ["0", "13", "x", "²", "9" * 5000, "-1", "\u0663"])
def test_a_date_that_is_none_keeps_its_words(number: str) -> None:
    payload = (
        '<PubmedArticle><PubmedData><History><PubMedPubDate PubStatus="entrez"><Year>2020</Year>'
        f"<Month>{number}</Month><Day>40</Day></PubMedPubDate></History></PubmedData></PubmedArticle>"
    )
    (moment,) = details_of(payload).history
    assert (moment.text, moment.on) == (f"2020 {number} 40", None)


@pytest.mark.parametrize(
    ("author", "name"),
    [
        ("<ForeName>Madonna</ForeName>", "Madonna"),
        ("<LastName>Plato</LastName><CollectiveName>Group</CollectiveName>", "Plato"),
        ("<CollectiveName>Group</CollectiveName><Initials>G</Initials>", "Group"),
        ("<LastName>King</LastName><ForeName>Martin</ForeName><Suffix>3rd</Suffix>", "King, Martin, 3rd"),
    ],
)
def test_names(author: str, name: str) -> None:
    listed = f"<Article><AuthorList><Author>{author}</Author></AuthorList></Article>"
    payload = f"<PubmedArticle><MedlineCitation>{listed}</MedlineCitation></PubmedArticle>"
    assert read_payload(payload).authors == (name,)
    assert [(person.name, person.group) for person in details_of(payload).people] == [(name, name == "Group")]
