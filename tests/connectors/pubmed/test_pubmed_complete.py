"""Nothing that a record's XML says is dropped: every text and attribute is found in its fields or its details."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from itertools import count
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import Bio.Entrez
import pytest
from pubmed_recorded import RECORDED, recorded, said

from connectors.pubmed import read_payload
from connectors.pubmed.details import Details, details_of
from connectors.record import Record

LEFT_OUT = {
    "ReferenceList": "the literature that the publication cites says nothing about itself",
    "CommentsCorrections[Cites]": "the same, as older records have it",
}
"""Elements that are left out with all that they hold."""
ASIDE = {
    "PubMedPubDate/Hour": "the clock of NCBI's loading is no property of the publication",
    "PubMedPubDate/Minute": "as the hour",
    "PubMedPubDate/Second": "as the hour",
    "Pagination/MedlinePgn": "written out in `Record.pages`; held against the XML by the test of pages",
    "RegistryNumber=0": "PubMed's sign for no number",
    "CommentsCorrections/PMID@Version": "PubMed links to a PMID, whatever version is shown there",
    "ArticleId@IdType=pubmed": "the record's own PMID, which has a field",
    "ArticleDate@DateType": "always Electronic; in the kind of the moment",
    "AuthorList@Type": "in the role of each person",
    "AbstractText@Label": "before a text only; without text a label says nothing",
    "OtherAbstract/AbstractText@NlmCategory": "NLM sorts the parts of the journal's abstract only",
    "MedlineJournalInfo/VernacularTitle": "not in PubMed's format: one recorded file of a test made it up",
    "MedlineJournalInfo/NLMUniqueID": "made up in the same file",
    "@CompleteYN": "a flag, true or false in the details; held against the XML by the tests of details",
    "@ValidYN": "a flag, as above",
    "@MajorTopicYN": "a flag, as above",
    "@AutoHM": "a flag, as above",
    "@EqualContrib": "a flag, as above",
}
"""What need not be found as text, each with the reason why."""
MARKUP = {"b", "i", "u", "sub", "sup", "DispFormula"}

ARTICLE = """<PubmedArticle><MedlineCitation Status="~" Owner="~" VersionID="~" VersionDate="~" IndexingMethod="~">
<PMID Version="~">~</PMID>
<DateCompleted><Year>1991</Year><Month>01</Month><Day>11</Day></DateCompleted>
<DateRevised><Year>1992</Year><Month>02</Month><Day>12</Day></DateRevised>
<Article PubModel="~"><Journal><ISSN IssnType="Electronic">2345-6789</ISSN><JournalIssue CitedMedium="~">
<Volume>~</Volume><Issue>~</Issue><PubDate><Year>2001</Year><Month>~</Month><Day>~</Day></PubDate></JournalIssue>
<Title>~</Title><ISOAbbreviation>~</ISOAbbreviation></Journal><ArticleTitle>~ <i>~</i></ArticleTitle>
<Pagination><StartPage>~</StartPage><EndPage>~</EndPage></Pagination>
<ELocationID EIdType="pii" ValidYN="Y">~</ELocationID><ELocationID EIdType="doi" ValidYN="N">10.1000/~</ELocationID>
<Abstract><AbstractText Label="~" NlmCategory="~">~ <DispFormula><m:math
 xmlns:m="http://www.w3.org/1998/Math/MathML"><m:mi>x</m:mi></m:math></DispFormula></AbstractText>
<AbstractText Label="~" NlmCategory="~">~</AbstractText><CopyrightInformation>~</CopyrightInformation></Abstract>
<AuthorList CompleteYN="N" Type="authors"><Author ValidYN="Y" EqualContrib="Y"><LastName>~</LastName>
<ForeName>~</ForeName><Initials>~</Initials><Suffix>~</Suffix><Identifier Source="~">~</Identifier>
<AffiliationInfo><Affiliation>~ <sub>~</sub></Affiliation><Identifier Source="~">~</Identifier></AffiliationInfo>
<AffiliationInfo><Affiliation>~</Affiliation></AffiliationInfo></Author>
<Author ValidYN="N"><LastName>~</LastName><Initials>~</Initials></Author>
<Author><CollectiveName Investigators="~">~</CollectiveName></Author></AuthorList>
<Language>~</Language><Language>~</Language>
<DataBankList CompleteYN="N"><DataBank><DataBankName>~</DataBankName><AccessionNumberList>
<AccessionNumber>~</AccessionNumber><AccessionNumber>~</AccessionNumber></AccessionNumberList></DataBank></DataBankList>
<GrantList CompleteYN="N"><Grant><GrantID>~</GrantID><Acronym>~</Acronym><Agency>~</Agency><Country>~</Country></Grant>
<Grant><Agency>~</Agency></Grant></GrantList>
<PublicationTypeList><PublicationType UI="~">~</PublicationType><PublicationType UI="~">~</PublicationType>
</PublicationTypeList><VernacularTitle>~</VernacularTitle>
<ArticleDate DateType="Electronic"><Year>1993</Year><Month>03</Month><Day>13</Day></ArticleDate></Article>
<MedlineJournalInfo><Country>~</Country><MedlineTA>~</MedlineTA><NlmUniqueID>~</NlmUniqueID>
<ISSNLinking>8765-4321</ISSNLinking></MedlineJournalInfo>
<ChemicalList><Chemical><RegistryNumber>~</RegistryNumber><NameOfSubstance UI="~">~</NameOfSubstance></Chemical>
<Chemical><RegistryNumber>0</RegistryNumber><NameOfSubstance UI="~">~</NameOfSubstance></Chemical></ChemicalList>
<SupplMeshList><SupplMeshName Type="~" UI="~">~</SupplMeshName></SupplMeshList>
<CitationSubset>~</CitationSubset><CitationSubset>~</CitationSubset>
<CommentsCorrectionsList><CommentsCorrections RefType="~"><RefSource>~</RefSource><PMID Version="~">~</PMID>
<Note>~</Note></CommentsCorrections></CommentsCorrectionsList>
<GeneSymbolList><GeneSymbol>~</GeneSymbol><GeneSymbol>~</GeneSymbol></GeneSymbolList>
<MeshHeadingList><MeshHeading><DescriptorName UI="~" MajorTopicYN="Y" AutoHM="Y" Type="~">~</DescriptorName>
<QualifierName UI="~" MajorTopicYN="N" AutoHM="Y">~</QualifierName><QualifierName UI="~">~</QualifierName></MeshHeading>
</MeshHeadingList><NumberOfReferences>~</NumberOfReferences>
<PersonalNameSubjectList><PersonalNameSubject><LastName>~</LastName><ForeName>~</ForeName><Initials>~</Initials>
<Suffix>~</Suffix></PersonalNameSubject></PersonalNameSubjectList>
<OtherID Source="~">~</OtherID>
<OtherAbstract Type="~" Language="~"><AbstractText Label="~" NlmCategory="~">~</AbstractText>
<CopyrightInformation>~</CopyrightInformation></OtherAbstract>
<KeywordList Owner="~"><Keyword MajorTopicYN="Y">~</Keyword><Keyword MajorTopicYN="N">~</Keyword></KeywordList>
<KeywordList Owner="~"><Keyword>~</Keyword></KeywordList><CoiStatement>~</CoiStatement>
<SpaceFlightMission>~</SpaceFlightMission><SpaceFlightMission>~</SpaceFlightMission>
<InvestigatorList ID="~"><Investigator ValidYN="Y"><LastName>~</LastName><ForeName>~</ForeName>
<Initials>~</Initials><Suffix>~</Suffix><Identifier Source="~">~</Identifier><AffiliationInfo>
<Affiliation>~</Affiliation></AffiliationInfo></Investigator></InvestigatorList>
<InvestigatorList><Investigator><LastName>~</LastName></Investigator></InvestigatorList>
<GeneralNote Owner="~">~</GeneralNote><GeneralNote Owner="~">~</GeneralNote></MedlineCitation>
<PubmedData><History><PubMedPubDate PubStatus="~"><Year>1994</Year><Month>04</Month><Day>14</Day><Hour>6</Hour>
<Minute>7</Minute><Second>8</Second></PubMedPubDate></History><PublicationStatus>~</PublicationStatus>
<ArticleIdList><ArticleId IdType="doi">10.1000/~</ArticleId><ArticleId IdType="pmc">PMC7654321</ArticleId>
<ArticleId IdType="~">~</ArticleId></ArticleIdList>
<ObjectList><Object Type="~"><Param Name="~">~</Param><Param Name="~">~</Param></Object></ObjectList>
</PubmedData></PubmedArticle>"""

UNDATED = """<PubmedArticle><MedlineCitation Status="~"><PMID Version="~">~</PMID><Article PubModel="~"><Journal>
<JournalIssue CitedMedium="~"><PubDate><MedlineDate>2001 ~</MedlineDate></PubDate></JournalIssue></Journal>
<ArticleTitle>~</ArticleTitle><Pagination><MedlinePgn>~</MedlinePgn></Pagination></Article>
<MedlineJournalInfo><MedlineTA>~</MedlineTA></MedlineJournalInfo></MedlineCitation></PubmedArticle>"""

CHAPTER = """<PubmedBookArticle><BookDocument><PMID Version="~">~</PMID><ArticleIdList>
<ArticleId IdType="~">~</ArticleId></ArticleIdList><Book><Publisher><PublisherName>~ <b>~</b></PublisherName>
<PublisherLocation>~</PublisherLocation></Publisher><BookTitle book="~" part="~" sec="~">~</BookTitle>
<PubDate><Year>2009</Year><Season>~</Season></PubDate>
<BeginningDate><Year>1993</Year><Month>05</Month><Day>15</Day></BeginningDate>
<EndingDate><Year>1995</Year><Season>~</Season></EndingDate>
<AuthorList Type="editors" CompleteYN="Y"><Author><LastName>~</LastName><Initials>~</Initials></Author></AuthorList>
<InvestigatorList><Investigator><LastName>~</LastName></Investigator></InvestigatorList>
<Volume>~</Volume><VolumeTitle>~</VolumeTitle><Edition>~</Edition>
<CollectionTitle book="~" part="~" sec="~">~</CollectionTitle><Isbn>~</Isbn><Isbn>~</Isbn>
<ELocationID EIdType="doi">10.1000/~</ELocationID><Medium>~</Medium><ReportNumber>~</ReportNumber></Book>
<LocationLabel Type="~">~</LocationLabel><LocationLabel Type="~">~</LocationLabel>
<ArticleTitle book="~" part="~" sec="~">~</ArticleTitle><VernacularTitle>~</VernacularTitle>
<Pagination><StartPage>~</StartPage></Pagination><Language>~</Language>
<AuthorList Type="authors"><Author><LastName>~</LastName><ForeName>~</ForeName></Author></AuthorList>
<InvestigatorList><Investigator><LastName>~</LastName></Investigator></InvestigatorList>
<PublicationType UI="~">~</PublicationType><Abstract><AbstractText Label="~" NlmCategory="~">~</AbstractText>
<CopyrightInformation>~</CopyrightInformation></Abstract>
<Sections><Section><LocationLabel Type="~">~</LocationLabel><SectionTitle book="~" part="~" sec="~">~</SectionTitle>
<Section><SectionTitle>~</SectionTitle></Section></Section><Section><SectionTitle>~</SectionTitle></Section></Sections>
<KeywordList Owner="~"><Keyword>~</Keyword></KeywordList>
<ContributionDate><Year>1996</Year><Month>06</Month></ContributionDate>
<DateRevised><Year>1997</Year><Month>07</Month><Day>17</Day></DateRevised>
<GrantList><Grant><GrantID>~</GrantID><Agency>~</Agency></Grant></GrantList>
<ItemList ListType="~"><Item>~</Item><Item>~</Item></ItemList><ItemList ListType="~"><Item>~</Item></ItemList>
</BookDocument><PubmedBookData><History><PubMedPubDate PubStatus="~"><Year>1998</Year><Month>08</Month><Day>18</Day>
</PubMedPubDate></History><PublicationStatus>~</PublicationStatus><ArticleIdList>
<ArticleId IdType="~">~</ArticleId></ArticleIdList>
<ObjectList><Object Type="~"><Param Name="~">~</Param></Object></ObjectList></PubmedBookData></PubmedBookArticle>"""


class Said(NamedTuple):
    path: str
    text: str
    formula: bool = False


def every_word_another(template: str) -> str:
    """The template with a word of its own for each `~`, so that none can be found by chance."""
    numbers = count(1001)
    return re.sub("~", lambda _: f"w{next(numbers)}w", template)


def leaves(element: ElementTree.Element, above: str = "") -> Iterator[Said]:
    path = f"{above}/{element.tag}"
    if element.tag in LEFT_OUT or f"{element.tag}[{element.get('RefType')}]" in LEFT_OUT:
        return
    is_text = not len(element) or any(child.tag in MARKUP or child.tag.startswith("{") for child in element)
    text = said(element) if is_text or (element.text or "").strip() else ""
    if text:
        yield Said(path, text, any(inner.tag.startswith("{") for inner in element.iter()))
    for name, value in element.attrib.items():
        # A label goes in front of a text.
        if value and not (name == "Label" and not text):
            yield Said(f"{path}@{name}", value)
    for child in () if text else element:
        yield from leaves(child, path)


def values(value: object) -> Iterator[str]:
    """All texts of a dataclass, whatever it is made of."""
    if is_dataclass(value):
        for field in fields(value):
            yield from values(getattr(value, field.name))
    elif isinstance(value, tuple):
        for one in value:
            yield from values(one)
    elif isinstance(value, str | int | date) and not isinstance(value, bool):
        yield str(value)


def is_aside(one: Said) -> bool:
    return any(f"{one.path}={one.text}".endswith(end) or one.path.endswith(end) for end in ASIDE)


def squeezed(text: str) -> str:
    # The service that gave an iD goes without saying.
    bare = re.sub(r"^https?://orcid\.org/", "", unicodedata.normalize("NFC", text))
    return "".join(c for c in bare.casefold() if c.isalnum())


def in_words(text: str) -> str:
    words = re.findall(r"[^\W_]+", text.casefold())
    return f" {' '.join(words)} "


def lost(element: ElementTree.Element, record: Record, details: Details) -> list[Said]:
    """What is in the XML and nowhere in the two."""
    kept = [*values(record), *values(details)]
    whole = "\n".join(squeezed(value) for value in kept)
    words = "\n".join(in_words(value) for value in kept)
    bags = [Counter(squeezed(value)) for value in kept]
    missing = []
    for one in leaves(element):
        text = squeezed(one.text)
        if one.formula:
            # Parts of a formula may change places.
            found = any(not Counter(text) - bag for bag in bags)
        else:
            # Few letters are found anywhere, so they have to be words there.
            found = in_words(one.text) in words if len(text) < 10 else text in whole
        if text and not found and not is_aside(one):
            missing.append(one)
    return missing


@pytest.mark.parametrize("template", [ARTICLE, UNDATED, CHAPTER])
def test_everything_that_a_record_can_say_is_kept(template: str) -> None:
    payload = every_word_another(template)
    assert lost(ElementTree.fromstring(payload), read_payload(payload), details_of(payload)) == []


@pytest.mark.parametrize("template", [ARTICLE, CHAPTER])
def test_what_is_lost_would_be_seen(template: str) -> None:
    element = ElementTree.fromstring(every_word_another(template))
    seen = {one.path for one in lost(element, Record(), Details())}
    assert seen == {one.path for one in leaves(element) if not is_aside(one)}


def test_the_records_above_say_all_that_the_description_knows() -> None:
    dtd = max((Path(Bio.Entrez.__file__).parent / "DTDs").glob("pubmed_[0-9]*.dtd")).read_text("utf-8")
    dtd = re.sub("<!--.*?-->", "", dtd, flags=re.DOTALL).replace("%booklinkatts;", "book CDATA part CDATA sec CDATA")
    here = [element for text in (ARTICLE, UNDATED, CHAPTER) for element in ElementTree.fromstring(text).iter()]
    used = {element.tag for element in here}
    used |= {f"{element.tag}@{name}" for element in here for name in element.attrib}
    known = set(re.findall(r"<!ELEMENT\s+(\w+)", dtd))
    for holder, rest in re.findall(r"<!ATTLIST\s+(\w+)([^>]*)>", dtd):
        known |= {f"{holder}@{name}" for name in re.findall(r"(\w+)\s+(?:CDATA|IDREF|ID|\()", rest)}
    beside = {"PubmedArticleSet", "PubmedBookArticleSet", "BookDocumentSet", "DeleteCitation", "DeleteDocument"}
    cited = {"ReferenceList", "Reference", "Citation"}
    # Declared, but no element of a record holds them.
    unused = {"ContractNumber", "URL", "URL@lang", "URL@Type"}
    assert known - used - beside - cited - unused - MARKUP == set()


@pytest.mark.skipif(RECORDED is None, reason="no recorded replies in ../shared/eutils")
def test_nothing_of_a_recorded_record_is_lost() -> None:
    looked_at = 0
    for name, element, record, details in recorded():
        if element.find("*/PMID") is None:
            continue
        looked_at += sum(1 for _ in leaves(element))
        assert lost(element, record, details) == [], (name, record.pmid)
    assert looked_at > 3000


@pytest.mark.skipif(RECORDED is None, reason="no recorded replies in ../shared/eutils")
def test_every_exclusion_is_met_and_has_a_reason() -> None:
    made_up = [one for text in (ARTICLE, UNDATED, CHAPTER) for one in leaves(ElementTree.fromstring(text))]
    met: Iterable[Said] = [*made_up, *(one for _, element, _, _ in recorded() for one in leaves(element))]
    assert all(len(reason) > 10 for reason in (*ASIDE.values(), *LEFT_OUT.values()))
    unmet = [end for end in ASIDE if not any(f"{m.path}={m.text}".endswith(end) or m.path.endswith(end) for m in met)]
    assert unmet == []
