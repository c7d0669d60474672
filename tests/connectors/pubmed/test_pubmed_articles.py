import os
import subprocess
import sys
from pathlib import Path

import pytest

from connectors.errors import MalformedReply
from connectors.pubmed import read_articles, read_payload
from connectors.pubmed.canonical import record_of
from connectors.pubmed.document import parse
from connectors.pubmed.nodes import from_element
from connectors.record import Record

ROOT = Path(__file__).parents[3]

FULL = """<PubmedArticle>
<MedlineCitation Status="MEDLINE" Owner="NLM"><PMID Version="1">12345678</PMID>
<Article PubModel="Print-Electronic"><Journal><ISSN IssnType="Electronic">1234-567X</ISSN>
<JournalIssue CitedMedium="Internet"><Volume>12</Volume><Issue>3 Suppl</Issue>
<PubDate><Year>2021</Year><Month>Mar</Month><Day>05</Day></PubDate></JournalIssue>
<Title>Journal of invented care</Title><ISOAbbreviation>J Invent Care</ISOAbbreviation></Journal>
<ArticleTitle>Peer support for <i>complex</i> needs: p&lt;0.05, CO<sub>2</sub> &amp;
 <mml:math xmlns:mml="http://www.w3.org/1998/Math/MathML"><mml:mi> x </mml:mi> <mml:mo>=</mml:mo>
 <mml:mn>1</mml:mn></mml:math>.</ArticleTitle>
<Pagination><StartPage>123</StartPage><EndPage>129</EndPage><MedlinePgn>123-9</MedlinePgn></Pagination>
<ELocationID EIdType="pii" ValidYN="Y">S1</ELocationID>
<ELocationID EIdType="doi" ValidYN="N">10.1000/wrong</ELocationID>
<ELocationID EIdType="doi" ValidYN="Y">10.1000/Right.1</ELocationID>
<Abstract><AbstractText Label="AIMS" NlmCategory="OBJECTIVE">To <b>see</b>.</AbstractText>
<AbstractText Label="RESULTS">Seen.</AbstractText><AbstractText>Also this.</AbstractText>
<CopyrightInformation>Them.</CopyrightInformation></Abstract>
<AuthorList CompleteYN="Y">
<Author ValidYN="Y"><LastName>O'Neil</LastName><ForeName>Ann Mary</ForeName><Initials>AM</Initials></Author>
<Author ValidYN="N"><LastName>Mispelt</LastName><Initials>X</Initials></Author>
<Author ValidYN="Y"><LastName>Gonz&#225;lez</LastName><Initials>J</Initials><Suffix>Jr</Suffix></Author>
<Author ValidYN="Y"><LastName>Plato</LastName></Author>
<Author ValidYN="Y"><CollectiveName>The <i>Peer</i> Group</CollectiveName></Author>
</AuthorList><Language>ger</Language><Language>eng</Language>
<PublicationTypeList><PublicationType UI="D016428">Journal Article</PublicationType>
<PublicationType UI="D016441">Retracted Publication</PublicationType></PublicationTypeList>
<VernacularTitle>Hilfe f&#252;r Gleiche.</VernacularTitle></Article>
<MedlineJournalInfo><Country>X</Country><MedlineTA>J Inv</MedlineTA><ISSNLinking>7654-3210</ISSNLinking>
</MedlineJournalInfo>
<CommentsCorrectionsList>
<CommentsCorrections RefType="CommentIn"><RefSource>A</RefSource><PMID Version="1">1</PMID></CommentsCorrections>
<CommentsCorrections RefType="RetractionIn"><RefSource>A</RefSource><PMID Version="1">2</PMID></CommentsCorrections>
<CommentsCorrections RefType="ErratumIn"><RefSource>J Invent Care. 2022;1:2</RefSource></CommentsCorrections>
<CommentsCorrections RefType="ExpressionOfConcernIn"><RefSource>A</RefSource><PMID Version="1">4</PMID>
</CommentsCorrections>
<CommentsCorrections RefType="UpdateOf"><RefSource>A</RefSource><PMID Version="1">5</PMID></CommentsCorrections>
</CommentsCorrectionsList>
<MeshHeadingList><MeshHeading><DescriptorName UI="D1" MajorTopicYN="N">Depression</DescriptorName>
<QualifierName UI="Q1" MajorTopicYN="Y">psychology</QualifierName>
<QualifierName UI="Q2" MajorTopicYN="N">therapy</QualifierName></MeshHeading>
<MeshHeading><DescriptorName UI="D2" MajorTopicYN="Y">Peer Group</DescriptorName></MeshHeading></MeshHeadingList>
<KeywordList Owner="NOTNLM"><Keyword MajorTopicYN="Y">peer support</Keyword></KeywordList>
</MedlineCitation>
<PubmedData><PublicationStatus>ppublish</PublicationStatus><ArticleIdList>
<ArticleId IdType="pubmed">12345678</ArticleId><ArticleId IdType="pmc">PMC7654321</ArticleId>
<ArticleId IdType="doi">10.1000/other</ArticleId></ArticleIdList>
<ReferenceList><Reference><Citation>C</Citation><ArticleIdList><ArticleId IdType="doi">10.1000/reference</ArticleId>
<ArticleId IdType="pmc">PMC1</ArticleId></ArticleIdList></Reference></ReferenceList></PubmedData></PubmedArticle>"""

EXPECTED = Record(
    accession="12345678",
    database="PubMed",
    title="Peer support for complex needs: p<0.05, CO2 & x=1.",
    title_original="Hilfe für Gleiche.",
    authors=("O'Neil, Ann Mary", "González, J, Jr", "Plato", "The Peer Group"),
    year=2021,
    date="2021 Mar 05",
    journal="Journal of invented care",
    journal_abbreviation="J Invent Care",
    volume="12",
    issue="3 Suppl",
    pages="123-129",
    doi="10.1000/right.1",
    pmid="12345678",
    pmcid="PMC7654321",
    issns=("1234-567X", "7654-3210"),
    abstract="AIMS: To see.\nRESULTS: Seen.\nAlso this.",
    keywords=("peer support", "Depression/*psychology/therapy", "*Peer Group"),
    languages=("ger", "eng"),
    publication_types=("Journal Article", "Retracted Publication"),
    url="https://pubmed.ncbi.nlm.nih.gov/12345678/",
    notices=(
        "retracted",
        "RetractionIn 2",
        "ErratumIn J Invent Care. 2022;1:2",
        "ExpressionOfConcernIn 4",
        "UpdateOf 5",
    ),
)

BOOK = """<PubmedBookArticle><BookDocument><PMID Version="1">22</PMID><ArticleIdList>
<ArticleId IdType="bookaccession">NBK1</ArticleId><ArticleId IdType="doi">10.1000/book</ArticleId></ArticleIdList>
<Book><Publisher><PublisherName>P</PublisherName></Publisher><BookTitle book="b">The <i>whole</i> book</BookTitle>
<PubDate><Year>2009</Year><Month>02</Month></PubDate>
<AuthorList Type="editors"><Author><LastName>Ed</LastName><ForeName>I T</ForeName></Author></AuthorList>
<CollectionTitle book="c">The series</CollectionTitle></Book>
<ArticleTitle book="b" part="p">One chapter</ArticleTitle><Language>eng</Language>
<AuthorList Type="authors"><Author><LastName>Writer</LastName><ForeName>A</ForeName></Author></AuthorList>
<PublicationType UI="D016454">Review</PublicationType>
<Abstract><AbstractText>Short.</AbstractText></Abstract></BookDocument></PubmedBookArticle>"""

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


def article(inner: str, pmid: str = "7") -> str:
    return (
        f'<PubmedArticle><MedlineCitation><PMID Version="1">{pmid}</PMID><Article>{inner}</Article>'
        "</MedlineCitation></PubmedArticle>"
    )


def in_set(*records: str, doctype: str = "", head: str = HEAD) -> bytes:
    return f"{head}{doctype}<PubmedArticleSet>\n{chr(10).join(records)}\n</PubmedArticleSet>\n".encode()


def only(*inner: str) -> Record:
    ((_, record),) = read_articles(in_set(article("".join(inner)))).records
    return record


def test_every_field_of_an_article() -> None:
    read = read_articles(in_set(FULL))
    assert (read.format, read.platform, read.encoding, read.record_starts) == ("pubmed-xml", "pubmed", "utf-8", 1)
    assert read.warnings == ()
    ((raw, record),) = read.records
    assert record == EXPECTED
    assert (raw.position, raw.form, raw.payload) == (1, "pubmed-xml", FULL)
    assert read_payload(raw.payload) == EXPECTED


def test_the_checked_document_alone_gives_the_same_fields() -> None:
    assert record_of(from_element(parse(FULL.encode()).root.element)) == EXPECTED


@pytest.mark.parametrize(
    "doctype",
    [
        "",
        '<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD" "https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">',
        '<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD" "https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_990101.dtd">',
        '<!DOCTYPE PubmedArticleSet SYSTEM "http://127.0.0.1:9/x.dtd">',
    ],
)
@pytest.mark.parametrize("head", [HEAD, "", "\ufeff" + HEAD])
def test_any_doctype_will_do_and_none_is_downloaded(doctype: str, head: str) -> None:
    read = read_articles(in_set(FULL, doctype=doctype, head=head))
    assert [record for _, record in read.records] == [EXPECTED]
    assert read.warnings == ()


def test_books_keep_their_place_among_articles() -> None:
    read = read_articles(in_set(article("", "1"), BOOK, article("", "3"), BOOK))
    assert [record.pmid for _, record in read.records] == ["1", "22", "3", "22"]
    assert [raw.position for raw, _ in read.records] == [1, 2, 3, 4]
    assert read.records[1][0].payload == BOOK
    assert read.record_starts == 4


def test_every_field_of_a_chapter() -> None:
    read = read_articles(f"<PubmedBookArticleSet>{BOOK}</PubmedBookArticleSet>".encode())
    assert [record for _, record in read.records] == [
        Record(
            accession="22",
            database="PubMed",
            title="One chapter",
            authors=("Writer, A",),
            year=2009,
            date="2009 02",
            journal="The whole book",
            doi="10.1000/book",
            pmid="22",
            abstract="Short.",
            languages=("eng",),
            publication_types=("Review",),
            url="https://pubmed.ncbi.nlm.nih.gov/22/",
        )
    ]


def test_a_whole_book_stands_in_its_series_and_may_have_editors_only() -> None:
    chapter = '<ArticleTitle book="b" part="p">One chapter</ArticleTitle>'
    authors = BOOK[BOOK.index('<AuthorList Type="authors">') : BOOK.index("<PublicationType ")]
    ((_, record),) = read_articles(BOOK.replace(chapter, "").replace(authors, "").encode()).records
    assert (record.title, record.journal, record.authors) == ("The whole book", "The series", ("Ed, I T",))


@pytest.mark.parametrize(
    ("date", "year", "printed"),
    [
        ("<Year>1990</Year><Season>Spring</Season>", 1990, "1990 Spring"),
        ("<MedlineDate>1998 Dec-1999 Jan</MedlineDate>", 1998, "1998 Dec-1999 Jan"),
        ("<MedlineDate>Winter 1975-1976</MedlineDate>", 1975, "Winter 1975-1976"),
        ("<Year>2020</Year>", 2020, "2020"),
    ],
)
def test_dates_of_publication(date: str, year: int, printed: str) -> None:
    record = only(f"<Journal><JournalIssue><PubDate>{date}</PubDate></JournalIssue></Journal>")
    assert (record.year, record.date) == (year, printed)


@pytest.mark.parametrize(
    ("inner", "pages"),
    [
        ("<Pagination><MedlinePgn>e1001-4</MedlinePgn></Pagination>", "e1001-e1004"),
        ("<Pagination><StartPage>10</StartPage><EndPage>12</EndPage></Pagination>", "10-12"),
        ("<Pagination><StartPage>026002</StartPage></Pagination>", "026002"),
        ('<ELocationID EIdType="pii" ValidYN="Y">e0123</ELocationID>', "e0123"),
        ('<ELocationID EIdType="pii" ValidYN="N">e0123</ELocationID>', None),
        ('<ELocationID EIdType="doi">10.1000/x</ELocationID>', None),
        (
            '<ELocationID EIdType="pii">S1551-7144(20)30115-1</ELocationID>'
            '<ELocationID EIdType="pii">106057</ELocationID>',
            "106057",
        ),
        ('<ELocationID EIdType="pii">zsab123</ELocationID>', "zsab123"),
        ('<ELocationID EIdType="pii">m4037</ELocationID>', "m4037"),
    ],
)
def test_pages(inner: str, pages: str | None) -> None:
    assert only(inner).pages == pages


def test_a_title_that_pubmed_does_not_have_is_the_original_one() -> None:
    record = only("<ArticleTitle>[Not Available].</ArticleTitle>", "<VernacularTitle>Hilfe.</VernacularTitle>")
    assert (record.title, record.title_original) == ("Hilfe.", "Hilfe.")


def test_a_retraction_notice_is_not_itself_retracted() -> None:
    notice = FULL.replace("Retracted Publication", "Retraction of Publication").replace("RetractionIn", "RetractionOf")
    ((_, record),) = read_articles(notice.encode()).records
    assert "retracted" not in record.notices
    assert "RetractionOf 2" in record.notices


def test_a_retraction_is_seen_without_the_publication_type() -> None:
    ((_, record),) = read_articles(FULL.replace("Retracted Publication", "Letter").encode()).records
    assert record.notices[:2] == ("retracted", "RetractionIn 2")


def test_an_article_that_says_nothing() -> None:
    ((_, record),) = read_articles(b"<PubmedArticle/>").records
    assert record == Record(database="PubMed")


def test_unknown_markup_costs_one_record_its_check_and_no_record_a_field() -> None:
    new = FULL.replace("<Volume>", '<Novelty x="1">n</Novelty><Volume>').replace("12345678", "9")
    read = read_articles(in_set(FULL, new, BOOK))
    assert [record.pmid for _, record in read.records] == ["12345678", "9", "22"]
    assert read.records[1][1].volume == "12"
    assert read.warnings == (
        "1 of 3 records hold markup that this version's description of PubMed's format does not know (PMID 9); "
        "their fields were read without that check.",
    )


@pytest.mark.parametrize(
    "extra",
    [
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="https://a.nlm.nih.gov/b"',
        ' xmlns:x="urn:x" x:y="1"',
    ],
)
def test_schemas_and_namespaces_of_others_are_no_obstacle(extra: str) -> None:
    read = read_articles(in_set(FULL.replace("<PubmedArticle>", f"<PubmedArticle{extra}>")))
    assert [record for _, record in read.records] == [EXPECTED]
    assert len(read.warnings) == 1


def test_what_stands_beside_the_records_is_kept() -> None:
    read = read_articles(in_set(FULL, "<DeleteCitation><PMID>1</PMID></DeleteCitation>"))
    (remnant,) = read.remnants
    assert remnant.text == "<DeleteCitation><PMID>1</PMID></DeleteCitation>"
    assert in_set(FULL, remnant.text).decode().splitlines()[remnant.line - 1] == remnant.text


def test_payloads_are_cut_right_whatever_the_tags_look_like() -> None:
    odd = '<PubmedArticle><MedlineCitation Status="a/>"/></PubmedArticle >'
    read = read_articles(in_set("<PubmedArticle/>", odd, '<PubmedArticle a="é>" />', "<PubmedArticle></PubmedArticle>"))
    assert [raw.payload for raw, _ in read.records] == [
        "<PubmedArticle/>",
        odd,
        '<PubmedArticle a="é>" />',
        "<PubmedArticle></PubmedArticle>",
    ]


@pytest.mark.parametrize("encoding", ["iso-8859-1", "latin1", "utf-16", "utf8", "u8"])
def test_other_encodings_are_read(encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?>{article("<ArticleTitle>Für</ArticleTitle>")}'
    read = read_articles(text.encode(encoding))
    assert (read.encoding, read.records[0][1].title) == (encoding, "Für")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"<html></html>",
        b"\xff\xfe\xff",
        b"\xe4\xf6",
        b'<?xml version="1.0" encoding="klingon"?><a/>',
        b'<?xml version="1.0" encoding="zlib"?><a/>',
        b'<?xml version="1.0" encoding="utf-7"?><PubmedArticle/>',
        b'<?xml version="1.0" encoding="rot13"?><PubmedArticle/>',
        b'<?xml version="1.0" encoding="unicode_escape"?><PubmedArticle/>',
        in_set(FULL)[:-30],
        b"<eFetchResult><ERROR>Unable to obtain query #1</ERROR></eFetchResult>",
        b"<PubmedArticleSet>&nbsp;</PubmedArticleSet>",
        b'<!DOCTYPE a [<!ENTITY b "c">]><PubmedArticleSet>&b;</PubmedArticleSet>',
        b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><PubmedArticleSet>&b;</PubmedArticleSet>',
        b"<PubmedArticle>" + b"<i>" * 5000 + b"</i>" * 5000 + b"</PubmedArticle>",
        b"<PubmedArticleSet>\x00</PubmedArticleSet>",
    ],
)
def test_what_holds_no_records_is_refused(body: bytes) -> None:
    with pytest.raises(MalformedReply):
        read_articles(body)


def test_a_stored_record_is_one() -> None:
    with pytest.raises(MalformedReply, match="holds 2"):
        read_payload(in_set(FULL, BOOK).decode())


def test_a_home_that_cannot_be_written_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file, so that no folder can be made in it")
    code = (
        "import sys\nfrom connectors.pubmed import read_articles\n"
        "print(read_articles(sys.stdin.buffer.read()).warnings)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        input=in_set(FULL),
        cwd=ROOT,
        env={**os.environ, "HOME": str(tmp_path / "home")},
        capture_output=True,
        check=True,
    )
    assert done.stdout.decode().strip() == "()"


def test_a_doi_that_pubmed_marks_as_wrong_is_not_taken_from_its_other_list() -> None:
    wrong = FULL.replace("10.1000/Right.1", "10.1000/wrong").replace("10.1000/other", "10.1000/WRONG")
    assert read_payload(wrong).doi is None
    assert read_payload(FULL.replace("10.1000/Right.1", "none")).doi == "10.1000/other"


@pytest.mark.parametrize(
    "number",
    [
        "S0140-6736(20)30183-5",
        "S0140673620301835",
        "10.1000/x",
        "0140-6736(20)30183-X",
        "bmjopen-2019-033456",
        "jpm10040123",
        "jcm9010123",
        "CIRCULATIONAHA.119.041234",
        "00005792-202001010-00012",
        "s12345-020-01234-5",
    ],
)
def test_a_publishers_number_of_the_item_is_no_page(number: str) -> None:
    assert only(f'<ELocationID EIdType="pii">{number}</ELocationID>').pages is None


def test_an_abstract_by_others_stands_in_for_the_journals_own() -> None:
    others = (
        '<OtherAbstract Type="Publisher" Language="ger"><AbstractText>Kurz.</AbstractText></OtherAbstract>'
        '<OtherAbstract Type="PIP"><AbstractText Label="AIM:">Short.</AbstractText></OtherAbstract></MedlineCitation>'
    )
    with_both = FULL.replace("</MedlineCitation>", others)
    assert read_payload(with_both) == EXPECTED
    start, end = with_both.index("<Abstract>"), with_both.index("</Abstract>")
    without = with_both[:start] + with_both[end + len("</Abstract>") :]
    assert read_payload(without).abstract == "AIM: Short."
    assert read_payload(without.replace(' Type="PIP"', ' Type="PIP" Language="fre"')).abstract == "Kurz."


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        ("<m:mfrac><m:mn>2</m:mn><m:mn>3</m:mn></m:mfrac>", "2/3"),
        ("<m:mfrac><m:mrow><m:mi>a</m:mi><m:mo>+</m:mo><m:mn>1</m:mn></m:mrow><m:mi>b</m:mi></m:mfrac>", "(a+1)/b"),
        ('<m:mfrac linethickness="0"><m:mi>n</m:mi><m:mi>k</m:mi></m:mfrac>', "n k"),
        ("<m:mi>f</m:mi><m:mfenced><m:mi>x</m:mi><m:mi>y</m:mi></m:mfenced>", "f(x,y)"),
        ('<m:mfenced open="[" close="]" separators=""><m:mi>x</m:mi><m:mi>y</m:mi></m:mfenced>', "[xy]"),
        ("<m:msqrt><m:mn>2</m:mn></m:msqrt>", "√2"),
        ("<m:mroot><m:mrow><m:mi>x</m:mi><m:mo>+</m:mo><m:mn>1</m:mn></m:mrow><m:mn>3</m:mn></m:mroot>", "3√(x+1)"),
        ("<m:mtable><m:mtr><m:mtd><m:mn>1</m:mn></m:mtd><m:mtd><m:mn>0</m:mn></m:mtd></m:mtr></m:mtable>", "1 0"),
        ("<m:mi>x</m:mi><m:annotation>tex</m:annotation>", "x"),
        ("<m:msup><m:mn>10</m:mn><m:mn>6</m:mn></m:msup>", "10^6"),
        ("<m:msup><m:mn>10</m:mn><m:mrow><m:mo>−</m:mo><m:mn>6</m:mn></m:mrow></m:msup>", "10^−6"),
        ("<m:msubsup><m:mi>x</m:mi><m:mn>1</m:mn><m:mn>2</m:mn></m:msubsup>", "x1^2"),
        ("<m:msup><m:mi>x</m:mi><m:mn>2</m:mn></m:msup>", "x2"),
        ("<m:msub><m:mn>10</m:mn><m:mn>2</m:mn></m:msub>", "102"),
    ],
)
def test_formulas_keep_what_makes_them_other_numbers(formula: str, text: str) -> None:
    math = f'<m:math xmlns:m="http://www.w3.org/1998/Math/MathML">{formula}</m:math>'
    assert only(f"<ArticleTitle>So {math} it <b>is</b>.</ArticleTitle>").title == f"So {text} it is."


def test_a_date_of_the_electronic_article_where_no_issue_has_one() -> None:
    electronic = '<ArticleDate DateType="Electronic"><Year>2024</Year><Month>02</Month><Day>03</Day></ArticleDate>'
    empty = "<Journal><JournalIssue><PubDate></PubDate></JournalIssue></Journal>"
    assert [(r.year, r.date) for r in (only(electronic), only(empty, electronic))] == [(2024, "2024 02 03")] * 2


@pytest.mark.parametrize("tag", ["b", "i", "u", "sub", "sup"])
def test_a_title_that_is_all_markup(tag: str) -> None:
    payload = article(f"<ArticleTitle><{tag}>Vox</{tag}><{tag}>el</{tag}></ArticleTitle>")
    assert read_payload(payload).title == "Voxel"
    assert record_of(from_element(parse(payload.encode()).root.element)).title == "Voxel"


@pytest.mark.parametrize(
    ("xml", "title"),
    [
        ("when a&lt;b and c&gt;d", "when a<b and c>d"),
        ("n&lt;i or m&gt;j", "n<i or m>j"),
        ("&lt;u, v&gt;", "<u, v>"),
        ("r&lt;p and r&gt;q", "r<p and r>q"),
        ("IL-2R&lt;sup&gt;hi&lt;/sup&gt;", "IL-2Rhi"),
        ("one\u2028two\u2029three", "one two three"),
        ("10<sup>6</sup> cells, 10<sup>-6</sup> M, CO<sub>2</sub>, m<sup>2</sup>", "10^6 cells, 10^-6 M, CO2, m2"),
        ("x<sub>1</sub><sup>2</sup>, 10<sup> 6</sup>, 5 <sup>13</sup>C", "x1^2, 10^6, 5 13C"),
        ("10&lt;sup&gt;6&lt;/sup&gt; cells", "10^6 cells"),
        ("<sup>13</sup>C and x<sub>1</sub><sup>a</sup>", "13C and x1a"),
    ],
)
def test_literal_signs_and_raised_numbers_in_titles(xml: str, title: str) -> None:
    payload = article(f"<ArticleTitle>{xml}</ArticleTitle>")
    assert read_payload(payload).title == title
    assert record_of(from_element(parse(payload.encode()).root.element)).title == title


@pytest.mark.parametrize(
    ("name", "inner", "expected"),
    [
        ("abstract", "<Abstract><AbstractText>{}</AbstractText></Abstract>", "1\n2"),
        ("authors", "<AuthorList><Author><LastName>{}</LastName></Author></AuthorList>", ("1", "2")),
        (
            "publication_types",
            '<PublicationTypeList><PublicationType UI="D1">{}</PublicationType></PublicationTypeList>',
            ("1", "2"),
        ),
    ],
)
def test_nothing_is_lost_where_an_element_repeats_that_should_not(
    name: str, inner: str, expected: str | tuple[str, ...]
) -> None:
    strange = article("".join(inner.format(number) for number in (1, 2)))
    read = read_articles(in_set(FULL, strange, BOOK))
    assert getattr(read.records[1][1], name) == expected
    assert [record for _, record in (read.records[0], read.records[2])] == [EXPECTED, read_payload(BOOK)]
    assert len(read.warnings) == 1
    assert "1 of 3 records" in read.warnings[0]
    assert "(PMID 7)" in read.warnings[0]
