"""Vetoes: why two records that look alike are two reports, or may be.

Data, as the rules are: a name, the condition in terms of the evidence, and what a librarian reads. Of several that
hold, the first gives its name.
"""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Veto:
    """A reason why two records that look alike are two reports.

    Attributes:
        name: as stored with the verdict.
        when: condition over the evidence.
        words: what a librarian reads.
        strength: `hard` holds through a whole group; `soft` only asks a person about the pair itself.
    """

    name: str
    when: str
    words: str
    strength: Literal["hard", "soft"] = "hard"


PLACED = "(volume = 1 AND first_page = 1)"
BACKED = f"(doi = 1 OR pmid = 1 OR {PLACED})"
"""A number or a place speaks for the pair; asked once, as `backed`."""
DIFFERENT_DOIS = "different DOIs"
"""Words of a veto, which tell a contradiction under another one too."""

VETOES: tuple[Veto, ...] = (
    Veto("pmid_differs", "pmid = -1", "different PMIDs"),
    Veto("marks_differ", "marks_differ", "one is a notice, reply or comment on the other"),
    Veto(
        "preprint_and_article",
        "only_one = 'preprint' AND other_placed AND doi < 1 AND pmid < 1 AND journal < 1"
        " AND NOT (first_page = 1 AND last_page = 1)",
        "a preprint and an article",
    ),
    Veto("registration_and_report", "only_one = 'registration' AND other_placed", "a registration and a report"),
    Veto(
        "abstract_and_paper",
        "only_one = 'abstract' AND journal = -1 AND volume < 1 AND first_page < 1 AND doi < 1 AND pmid < 1",
        "a congress abstract and a paper in another journal",
    ),
    Veto(
        "review_updated",
        "reviews AND doi < 1 AND pmid < 1 AND year_gap >= 1 AND (issue = -1 OR first_page = -1 OR volume = -1)",
        "another version of a review",
    ),
    Veto("registry_differs", "registry_differs", "different registrations"),
    Veto("parts_differ", "parts_differ", "different parts"),
    Veto("doi_version", "doi_version", "another version of the same DOI"),
    Veto("numbers_differ", "numbers_differ AND NOT backed", "different numbers in the titles"),
    Veto("supplement_page", "supplement AND doi < 1 AND pmid < 1", "a supplement page against a plain page"),
    Veto("years_apart", "year_gap >= 3", "three years or more apart"),
    Veto(
        "doi_differs",
        f"doi = -1 AND NOT ({PLACED} AND journal >= 0 AND authors >= 0 AND last_page >= 0)"
        " AND NOT (first_page = 1 AND journal = 1 AND authors = 1 AND abstract = 1 AND volume >= 0 AND title = 100)",
        DIFFERENT_DOIS,
    ),
    Veto(
        "volume_and_page_differ",
        "volume = -1 AND first_page = -1 AND doi < 1 AND pmid < 1",
        "volume and first page differ",
    ),
    Veto(
        "instalments",
        "volume = -1 AND year_gap >= 1 AND front_page AND last_page < 1 AND doi < 1 AND pmid < 1 AND abstract < 1",
        "first pages of two years",
    ),
    Veto(
        "journal_and_place_differ",
        "journal = -1 AND (volume = -1 OR first_page = -1) AND doi < 1 AND pmid < 1",
        "journal differs, and volume or page",
    ),
    Veto(
        "issue_differs",
        "issue = -1 AND first_page < 1 AND doi < 1 AND pmid < 1 AND NOT (volume = 1 AND authors = 1 AND abstract = 1)",
        "issue differs and no page or DOI agrees",
    ),
    Veto(
        "generic_title",
        "generic AND (first_page = -1 OR volume = -1 OR journal = -1 OR issue = -1 OR authors = -1"
        " OR abstract = -1 OR doi = -1"
        f" OR (year_gap >= 2 AND NOT ({PLACED} AND journal = 1 AND NOT front_page))"
        f" OR (year_gap = 1 AND NOT backed))",
        "a title that many reports bear, and a field that contradicts",
    ),
    Veto(
        "generic_title_on_front_page",
        "generic AND NOT serial AND issue_alone AND front_page AND doi < 1 AND pmid < 1 AND abstract < 1",
        "a title that many issues bear on their first pages, and one record names no issue",
        "soft",
    ),
    Veto(
        "words_opposed",
        f"opposed AND title >= 60 AND NOT (pmid = 1 OR (doi = 1 AND NOT of_congress) OR ({PLACED} AND last_page = 1))",
        "words in the titles that oppose each other",
        "soft",
    ),
    Veto(
        "title_headed",
        "headed AND NOT backed AND first_page < 1",
        "words stand before one title that make another report of it",
        "soft",
    ),
    Veto(
        "title_continued",
        "continued AND NOT backed AND first_page < 1 AND abstract < 1",
        "one title goes on with words that make another report of it",
        "soft",
    ),
    Veto(
        "authors_differ",
        "authors = -1 AND doi < 1 AND pmid < 1 AND NOT several_pages AND abstract < 1",
        "other authors",
        "soft",
    ),
    Veto(
        "thesis_and_article",
        "only_one = 'thesis' AND other_placed AND doi < 1 AND pmid < 1 AND journal < 1",
        "a thesis and an article",
        "soft",
    ),
    Veto(
        "reviews_of_two_years",
        "reviews AND doi < 1 AND pmid < 1 AND year_gap >= 1",
        "perhaps another version of a review",
        "soft",
    ),
    Veto(
        "reports_of_two_years",
        "yearly AND NOT backed AND first_page < 1 AND abstract < 1",
        "perhaps another year of a report that appears regularly",
        "soft",
    ),
    Veto(
        "journals_of_one_family",
        "journals_kin AND NOT backed AND first_page < 1 AND abstract < 1",
        "perhaps two journals, with names much alike",
        "soft",
    ),
    Veto(
        "abstracts_of_one_number",
        "of_congress AND words_differ AND title >= 60 AND pmid < 1 AND abstract < 1",
        "other words in the titles of congress abstracts, which may share a DOI or a page",
        "soft",
    ),
    Veto(
        "words_differ",
        "words_differ AND title >= 60 AND NOT backed AND NOT (first_page = 1 AND last_page = 1)",
        "other words in the titles",
        "soft",
    ),
    Veto("part_alone", "part_alone AND NOT backed", "only one names a part", "soft"),
    Veto("numbers_alone", "numbers_alone AND NOT backed", "only one title has a number", "soft"),
    Veto(
        "numbers_in_title",
        f"numbers_differ AND NOT ({PLACED} AND last_page = 1 AND authors = 1)",
        "different numbers in the titles",
        "soft",
    ),
    Veto("years_two_apart", "year_gap = 2 AND NOT backed", "two years apart", "soft"),
    Veto("author_lists_differ", "lists_differ AND NOT backed", "long lists of authors with few in common", "soft"),
    Veto("abstracts_differ", "abstract = -1 AND NOT backed", "the abstracts are two texts", "soft"),
)
"""In the order in which they are named; only the hard ones hold through a group."""

ASKING = (
    "words_opposed", "title_headed", "title_continued", "authors_differ", "thesis_and_article",
    "reviews_of_two_years", "reports_of_two_years", "journals_of_one_family", "abstracts_of_one_number",
)  # fmt: skip
"""Soft vetoes under which a pair is asked about also where nothing but a rule that asks holds it."""
