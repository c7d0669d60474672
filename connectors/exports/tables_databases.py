"""Tables that databases write, by their column names.

Sources: Scopus, PubMed, Lens, Dimensions, IEEE Xplore and the Cochrane Library as they write their header lines;
Embase.com's two CSV layouts; Web of Science's tags (Clarivate, Core Collection Field Tags) for tab-delimited files and
its long names for workbooks.

Taken from descriptions, not from real files: what CENTRAL calls its column of numbers on the Cochrane Library, and the
semicolons of Lens and the Cochrane Library. A wrong guess leaves a field empty or a list in one piece; the cells
themselves are always kept.
"""

import re

from connectors.exports.columns import COMMA, EITHER, PMID, SEMICOLON, Layout, profile, take

_NAMES_OF_PUBMED = re.compile(r",\s|\.\Z")
"""`Smith J, Jones KL.`: parted by commas, a full stop after the last."""

WOS_TAGS = profile(
    title="ti",
    authors="af|au|bf|ba",
    groups="ca|gp",
    year="py|ey",
    date="pd",
    journal="so",
    journal_abbreviation="ji|j9",
    volume="vl",
    issue="is",
    first_page="bp",
    last_page="ep",
    article_number="ar",
    doi="di",
    pmid=take("pm", PMID) + take("ut", r"^\s*MEDLINE:(\d{1,8})\s*$"),
    accession="ut",
    issns="sn|ei",
    abstract="ab",
    keywords="de|id",
    languages="la",
    publication_types="dt",
)
"""Web of Science's tags, also of its plain text: AF is the full name where AU has initials, SN and EI are the printed
and the electronic ISSN. D2, the DOI of a whole book, is left out: no chapter of it may be taken for it."""

WOS_LISTS = ("au", "af", "ba", "bf", "ca", "gp", "de", "id", "dt", "la")
"""Tags of Web of Science whose values are parted by semicolons in tables."""

DATABASE_TABLES = (
    Layout(
        "scopus",
        frozenset({"title", "eid"}),
        profile(
            title="title",
            title_original="titles in original language|original title",
            authors="authors",
            year="year",
            journal="source title",
            journal_abbreviation="abbreviated source title",
            volume="volume",
            issue="issue",
            first_page="page start",
            last_page="page end",
            article_number="art. no.",
            doi="doi",
            pmid=take("pubmed id", PMID),
            accession="eid",
            issns="issn",
            abstract="abstract",
            keywords="author keywords|index keywords",
            languages="language of original document",
            publication_types="document type",
            url="link",
        ),
        {name: SEMICOLON for name in ("author keywords", "index keywords", "language of original document")},
        database="Scopus",
    ),
    Layout(
        "embase.com",
        frozenset({"title", "author names"}),
        profile(
            title="title",
            title_original="original (non-english) title|original title",
            authors="author names",
            year="publication year|date of publication",
            date="date of publication",
            journal="source title",
            volume="volume",
            issue="issue",
            first_page="first page|pages",
            last_page="last page",
            article_number="article number",
            doi="doi",
            pmid=take("medline pmid", PMID) + take("pmid", PMID),
            accession=take("pui", r"^\s*(L?\d+)\s*$")
            + take("embase accession id", r"^\s*(L?\d+)\s*$")
            + take("embase link", r"\bid=(L\d+)"),
            issns="issn",
            abstract="abstract|original abstract|original non-english abstract",
            keywords="author keywords|emtree drug index terms (major focus)|emtree drug index terms"
            "|emtree medical index terms (major focus)|emtree medical index terms",
            languages="language of article|article language",
            publication_types="publication type",
            url=take("embase link", r"(https?://\S+)"),
        ),
        {
            "author names": EITHER,
            "author keywords": EITHER,
            "emtree drug index terms": COMMA,
            "emtree drug index terms (major focus)": COMMA,
            "emtree medical index terms": COMMA,
            "emtree medical index terms (major focus)": COMMA,
            "language of article": EITHER,
            "article language": EITHER,
        },
        database="Embase",
    ),
    Layout(
        "wos",
        frozenset({"pt", "au", "ti", "so", "ut"}),
        WOS_TAGS,
        {name: SEMICOLON for name in WOS_LISTS},
        plain_text=True,
    ),
    Layout(
        "wos",
        frozenset({"article title", "source title", "ut (unique wos id)"}),
        profile(
            title="article title",
            authors="author full names|authors|book author full names|book authors",
            groups="group authors|book group authors",
            year="publication year|early access date",
            date="publication date",
            journal="source title",
            journal_abbreviation="journal iso abbreviation|journal abbreviation",
            volume="volume",
            issue="issue",
            first_page="start page",
            last_page="end page",
            article_number="article number",
            doi="doi",
            pmid=take("pubmed id", PMID),
            accession="ut (unique wos id)",
            issns="issn|eissn",
            abstract="abstract",
            keywords="author keywords|keywords plus",
            languages="language",
            publication_types="document type",
        ),
        {
            name: SEMICOLON
            for name in (
                *("author full names", "authors", "book author full names", "book authors", "group authors"),
                *("book group authors", "author keywords", "keywords plus", "document type", "language"),
            )
        },
    ),
    Layout(
        "pubmed",
        frozenset({"pmid", "title", "journal/book"}),
        profile(
            title="title",
            authors="authors",
            year="publication year",
            journal="journal/book",
            volume=take("citation", r"\d{4}[^;]{0,20};\s*([^(:;]{1,30})[(:]"),
            issue=take("citation", r"\d{4}[^;]{0,20};[^(:;]{0,30}\(([^)]{1,60})\)"),
            first_page=take("citation", r"\d{4}[^;]{0,20};[^:;]{0,90}:\s*([\w-]{1,40})"),
            doi="doi",
            pmid=take("pmid", PMID),
            pmcid=take("pmcid", r"(PMC\d+)"),
            accession="pmid",
        ),
        {"authors": _NAMES_OF_PUBMED},
        database="PubMed",
    ),
    Layout(
        "lens",
        frozenset({"lens id", "title"}),
        profile(
            title="title",
            authors="author/s",
            year="publication year",
            date="date published",
            journal="source title",
            volume="volume",
            issue="issue number",
            first_page="start page",
            last_page="end page",
            doi="doi",
            pmid=take("pmid", PMID),
            pmcid=take("pmcid", r"(PMC\d+)"),
            accession="lens id",
            issns="issns",
            abstract="abstract",
            keywords="keywords|mesh terms",
            publication_types="publication type",
            url="external url",
        ),
        {name: SEMICOLON for name in ("author/s", "keywords", "mesh terms")},
        database="The Lens",
    ),
    Layout(
        "dimensions",
        frozenset({"publication id", "title", "pubyear"}),
        profile(
            title="title",
            authors="authors",
            year="pubyear|publication date",
            date="publication date|publication date (online)|publication date (print)",
            journal="source title|anthology title",
            volume="volume",
            issue="issue",
            first_page="pagination",
            doi="doi",
            pmid=take("pmid", PMID),
            pmcid=take("pmcid", r"(PMC\d+)"),
            accession="publication id",
            issns="issn",
            abstract="abstract",
            keywords="mesh terms",
            publication_types="publication type|document type",
            url="dimensions url",
        ),
        {name: SEMICOLON for name in ("authors", "mesh terms")},
        database="Dimensions",
    ),
    Layout(
        "cochrane",
        frozenset({"title", "author(s)", "source"}),
        profile(
            title="title",
            authors="author(s)",
            year="year",
            journal="source",
            volume="volume",
            issue="issue",
            first_page="pages",
            doi=take("doi", r"^(?!.*10\.1002/central/)(.+)$"),
            pmid=take("pubmed id", PMID),
            accession="central id|cochrane review id|clinical answer id|id",
            abstract="abstract",
            keywords="keywords",
            publication_types="publication type",
            url="url",
        ),
        {"author(s)": SEMICOLON, "keywords": SEMICOLON},
    ),
    Layout(
        "ieee",
        frozenset({"document title", "publication title"}),
        profile(
            title="document title",
            authors="authors",
            year="publication year|publication_year",
            date="date added to xplore|online date",
            journal="publication title",
            volume="volume",
            issue="issue",
            first_page="start page",
            last_page="end page",
            doi="doi",
            accession=take("pdf link", r"\barnumber=(\d+)"),
            issns="issn",
            abstract="abstract",
            keywords="author keywords|ieee terms|mesh terms",
            publication_types="document identifier",
            url="pdf link",
        ),
        {name: SEMICOLON for name in ("authors", "author keywords", "ieee terms", "mesh terms")},
        database="IEEE Xplore",
    ),
)
"""In order of preference."""
