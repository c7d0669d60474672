"""Tables that reference managers, screening tools and livingsearch itself write, by their column names.

Rayyan parts authors by “and”, as BibTeX does; the others by semicolons (Covidence by its descriptions, no real file
was at hand). livingsearch's batch is known by columns that no other table has, so it stands before Rayyan's, whose
column names it uses.
"""

import re

from connectors.exports.columns import EITHER, PMID, SEMICOLON, Layout, profile, take, takes

_AND = re.compile(r"\sand\s", re.IGNORECASE)

MANAGER_TABLES = (
    Layout(
        "livingsearch",
        frozenset({"key", "recid", "title", "sources", "possible_duplicates"}),
        profile(
            title="title",
            authors="authors",
            year="year",
            journal="journal",
            volume="volume",
            issue="issue",
            first_page="pages",
            doi="doi",
            pmid="pubmed_id",
            accession="recid",
            issns="issn",
            abstract="abstract",
            keywords="keywords",
            languages="language",
            url="url",
        ),
        {name: SEMICOLON for name in ("authors", "keywords", "language")},
        guarded=True,
    ),
    Layout(
        "livingsearch",
        frozenset({"file", "position", "title_original", "journal_abbreviation", "notices"}),
        profile(
            title="title",
            title_original="title_original",
            authors="authors",
            year="year",
            date="date",
            journal="journal",
            journal_abbreviation="journal_abbreviation",
            volume="volume",
            issue="issue",
            first_page="pages",
            doi="doi",
            pmid="pmid",
            pmcid="pmcid",
            accession="accession",
            issns="issns",
            abstract="abstract",
            keywords="keywords",
            languages="languages",
            publication_types="publication_types",
            url="url",
        ),
        {name: SEMICOLON for name in ("authors", "issns", "keywords", "languages", "publication_types")},
        guarded=True,
    ),
    Layout(
        "rayyan",
        frozenset({"key", "title", "year", "month", "day", "journal"}),
        profile(
            title="title",
            authors="authors",
            year="year",
            journal="journal",
            volume="volume",
            issue="issue",
            first_page="pages",
            doi="doi",
            pmid=take("pubmed_id", PMID),
            pmcid=take("pmc_id", r"(PMC\d+)"),
            issns="issn",
            abstract="abstract",
            keywords="keywords",
            languages="language",
            url="url",
        ),
        {"authors": _AND, "keywords": EITHER},
    ),
    Layout(
        "covidence",
        frozenset({"title", "covidence #"}),
        profile(
            title="title",
            authors="authors",
            year="published year",
            date="published month",
            journal="journal",
            volume="volume",
            issue="issue",
            first_page="pages",
            doi="doi",
            accession="accession number",
            abstract="abstract",
        ),
        {"authors": SEMICOLON},
    ),
    Layout(
        "zotero",
        frozenset({"key", "item type", "publication title"}),
        profile(
            title="title",
            authors="author",
            year="publication year|date",
            date="date",
            journal="publication title",
            journal_abbreviation="journal abbreviation",
            volume="volume",
            issue="issue",
            first_page="pages",
            doi=takes("doi") + take("extra", r"\bDOI:\s*(10\.\S+)"),
            pmid=take("extra", r"\bPMID:\s*(\d{1,8})\b"),
            pmcid=take("extra", r"\b(PMC\d+)\b"),
            issns="issn",
            abstract="abstract note",
            keywords="manual tags|automatic tags",
            languages="language",
            publication_types="type",
            url="url",
        ),
        {name: SEMICOLON for name in ("author", "manual tags", "automatic tags")},
    ),
)
"""In order of preference."""
