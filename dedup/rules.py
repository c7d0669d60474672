"""Rules that merge, rules that ask a person, relations.

All of them are data: a name, the condition in terms of the evidence, and what a librarian reads. The first that
holds, in the order below, gives its name to the verdict.
"""

from dataclasses import dataclass

from dedup.vetoes import PLACED


@dataclass(frozen=True, slots=True)
class Rule:
    """A reason to take two records for one report, or to ask.

    Attributes:
        name: as stored with the verdict.
        when: condition over the evidence.
        bonus: added to the score, so that what is certain is joined first.
    """

    name: str
    when: str
    bonus: int = 0


@dataclass(frozen=True, slots=True)
class Relation:
    """A reason to link two reports that a veto keeps apart.

    Attributes:
        name: as stored with the verdict.
        relation: how they belong together, one of `columns.RELATIONS`.
        when: condition over the evidence.
        words: what a librarian reads.
    """

    name: str
    relation: str
    when: str
    words: str


CONFLICTS = (
    "((doi = -1)::INT + (journal = -1)::INT + (volume = -1)::INT + (first_page = -1)::INT + (authors = -1)::INT"
    " + (issue = -1)::INT + (abstract = -1)::INT + words_differ::INT + (year_gap >= 2)::INT"
    " + (last_page = -1 AND first_page <> -1)::INT)"
)
"""How many fields contradict; counted once a pair, as `conflicts`."""

CERTAIN: tuple[Rule, ...] = (
    Rule("same_accession", "same_identity", 200),
    Rule("identical_fields", "same_content", 100),
)
"""Hold whatever else the records say: it is the same record, or says the same."""

_ALIKE = "(title_same OR (begins AND shorter >= 15) OR title >= 85)"

MERGE: tuple[Rule, ...] = (
    Rule("same_pmid", "pmid = 1 AND (title >= 60 OR title = -1 OR begins) AND conflicts <= 1", 20),
    Rule("same_doi_and_title", f"doi = 1 AND {_ALIKE} AND (first_page >= 0 OR abstract = 1)", 15),
    Rule(
        "title_and_full_place",
        "title_same AND volume = 1 AND first_page = 1 AND last_page = 1 AND journal = 1 AND year_gap <= 1",
        12,
    ),
    Rule(
        "title_volume_page",
        f"title_same AND {PLACED} AND (journal >= 0 OR last_page = 1)"
        " AND NOT (generic AND journal < 1 AND NOT (serial AND authors = 1 AND issue = 1 AND last_page = 1))",
        10,
    ),
    Rule(
        "title_page_journal",
        "title_same AND first_page = 1 AND journal = 1 AND last_page >= 0 AND (volume >= 0 OR year_gap <= 0)"
        " AND (NOT generic OR (serial AND authors = 1 AND year_gap = 0 AND volume >= 0))",
        8,
    ),
    Rule(
        "title_volume_journal",
        "title_same AND volume = 1 AND journal = 1 AND first_page = 0 AND authors >= 0 AND NOT generic",
        6,
    ),
    Rule(
        "title_author_journal",
        "title >= 94 AND title_same AND authors = 1 AND journal = 1 AND volume >= 0 AND first_page >= 0 AND issue >= 0"
        " AND doi >= 0 AND year_gap <= 1 AND NOT generic",
        5,
    ),
    Rule(
        "title_issue_journal",
        "title = 100 AND serial AND volume = 1 AND issue = 1 AND journal = 1 AND authors = 1 AND year_gap = 0"
        " AND conflicts = 0",
        4,
    ),
    Rule(
        "title_author_issue",
        "title = 100 AND longer >= 35 AND authors = 1 AND first_author AND year_gap = 0 AND NOT generic"
        " AND ((volume = 1 AND (issue = 1 OR first_page = 1 OR abstract = 1)) OR (first_page = 1 AND last_page = 1))"
        " AND conflicts - (journal = -1)::INT = 0",
        3,
    ),
    Rule(
        "pages_and_authors",
        f"{PLACED} AND last_page = 1 AND several_pages AND journal = 1 AND authors = 1 AND first_author"
        f" AND year_gap <= 1 AND (issue = 1 OR title >= 80) AND title >= 60 AND conflicts - words_differ::INT = 0"
        " AND NOT generic",
        3,
    ),
    Rule(
        "title_author_volume",
        "title >= 97 AND authors = 1 AND journal = 1 AND volume = 1 AND year_gap <= 1 AND longer >= 40 AND NOT generic"
        " AND ((issue = 1 AND (first_page >= 0 OR near_page OR doi = 1)) OR abstract = 1 OR last_page = 1"
        " OR (near_page AND year_gap = 0 AND issue = 0 AND doi = 0 AND abstract = 0))",
        4,
    ),
    Rule(
        "title_abstract_author",
        "title_same AND abstract = 1 AND authors = 1 AND first_author AND journal >= 0 AND volume >= 0"
        " AND first_page >= 0 AND doi >= 0"
        " AND NOT generic",
        5,
    ),
    Rule(
        "short_title_and_pages",
        "((begins AND shorter >= 15) OR (title_words >= 97 AND title >= 50)) AND first_page = 1 AND last_page = 1"
        " AND journal = 1 AND volume >= 0 AND authors >= 0 AND (NOT generic OR (volume = 1 AND authors = 1))",
        4,
    ),
    Rule(
        "title_author_year",
        "title >= 97 AND longer >= 35 AND authors = 1 AND first_author AND (year_gap = 0"
        " OR (year_gap = 1 AND (volume = 1 OR first_page = 1))) AND conflicts = 0 AND NOT generic",
        2,
    ),
    Rule(
        "title_and_journal",
        "title = 100 AND longer >= 25 AND journal = 1 AND authors = 0 AND year_gap <= 0 AND conflicts = 0"
        " AND NOT generic",
        2,
    ),
    Rule(
        "same_registration",
        "same_registry AND title_same AND only_one = '' AND conflicts = 0",
        6,
    ),
    Rule(
        "same_doi_without_title",
        "title = -1 AND doi = 1 AND conflicts = 0 AND (volume = 1 OR first_page = 1 OR journal = 1 OR authors = 1)",
        6,
    ),
    Rule(
        "place_without_title",
        f"title = -1 AND {PLACED} AND journal = 1 AND authors = 1 AND year_gap <= 1 AND conflicts = 0",
        4,
    ),
)
"""Same report, unless a veto says otherwise."""

ASK: tuple[Rule, ...] = (
    Rule("same_doi_other_title", "doi = 1 AND title >= 60"),
    Rule("same_doi_no_title", "title = -1 AND doi = 1 AND conflicts = 0"),
    Rule("same_pmid_contradicted", "pmid = 1"),
    Rule("place_no_title", f"title = -1 AND {PLACED} AND journal = 1 AND conflicts = 0"),
    Rule("text_no_title", "title = -1 AND abstract = 1 AND authors = 1 AND conflicts = 0"),
    Rule(
        "place_other_title",
        f"{PLACED} AND last_page = 1 AND journal = 1 AND authors = 1 AND year_gap <= 1 AND title < 80 AND NOT generic",
    ),
    Rule(
        "title_alike",
        "title >= 80 AND authors >= 0 AND conflicts <= 1 AND NOT generic"
        " AND (title_same OR journal = 1 OR first_page = 1 OR doi = 1) AND NOT (authors = 0 AND journal < 1)",
    ),
    Rule(
        "short_title_alike",
        "begins AND shorter >= 15 AND authors = 1 AND journal = 1 AND conflicts = 0 AND NOT generic",
    ),
    Rule(
        "generic_title_same_issue",
        "title = 100 AND generic AND volume = 1 AND issue = 1 AND journal = 1 AND authors = 1 AND year_gap = 0"
        " AND conflicts = 0",
    ),
    Rule("title_alone", "title = 100 AND longer >= 40 AND conflicts = 0 AND NOT generic"),
)
"""Perhaps the same report: a person looks."""

_KIN = "title_same AND NOT generic AND (journal = 1 OR authors = 1)"

RELATED: tuple[Relation, ...] = (
    Relation("notice_and_article", "notice", f"marks_differ AND noticed AND {_KIN}", "a notice, reply or comment"),
    Relation(
        "parts_of_a_series",
        "part",
        "parts_differ AND NOT marks_differ AND title >= 85 AND NOT generic AND (journal = 1 OR authors = 1)",
        "parts of one series",
    ),
    Relation(
        "registration_and_results",
        "registration",
        "only_one = 'registration' AND (trial_shared OR (title_same AND NOT generic AND authors >= 0))",
        "a registration and what came of it",
    ),
    Relation(
        "preprint_and_article",
        "preprint",
        "only_one = 'preprint' AND (title_same OR title >= 85) AND authors = 1 AND NOT marks_differ AND NOT generic",
        "a preprint and its article",
    ),
    Relation(
        "versions_of_a_review", "version", f"doi_version AND NOT marks_differ AND {_KIN}", "versions of one review"
    ),
    Relation(
        "review_and_update",
        "version",
        "reviews AND title_same AND authors >= 0 AND journal >= 0 AND NOT marks_differ AND NOT generic",
        "a review and its update",
    ),
    Relation(
        "abstract_and_paper",
        "abstract",
        "only_one = 'abstract' AND title_same AND NOT words_differ AND authors = 1 AND NOT marks_differ"
        " AND NOT parts_differ AND NOT generic",
        "a congress abstract and its paper",
    ),
)
"""Two reports that belong together; only where a hard veto keeps them apart."""

WEIGHTS: tuple[tuple[str, float], ...] = (
    ("title / 10.0", 1),
    ("doi", 6),
    ("pmid", 8),
    ("first_page", 4),
    ("last_page", 2),
    ("volume", 3),
    ("issue", 1),
    ("journal", 2),
    ("authors", 3),
    ("abstract", 3),
    ("-least(greatest(year_gap, 0), 3)", 1.5),
)
"""Monotone and additive: agreement adds, contradiction subtracts, silence does neither. The score orders the pairs
of a group; it overrides no veto."""
