"""Searches that people ask about: those of a review, or one given as text."""

from dataclasses import dataclass

from livingsearch.errors import SearchUnreadable
from livingsearch.review import Review
from livingsearch.strategy.dialects import LABELS, READABLE, Dialect, platform_named

DOCUMENTED = "documented"
DEFAULT_FIELDS = ("title", "abstract", "author_keywords")


@dataclass(frozen=True, slots=True)
class GivenSearch:
    """One search, and what is known of how it is meant.

    Args:
        name: `documented`, a source's slug, or `given`.
        label: for people.
        text: verbatim.
        dialect: the platform and database; None where the platform's searches cannot be read.
        default_fields: where terms without a field are meant to be looked for; None for the platform's own default.
        concepts: names of the question's concepts with their terms, as the review declares them.
    """

    name: str
    label: str
    text: str
    dialect: Dialect | None
    default_fields: tuple[str, ...] | None
    concepts: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def is_readable(self) -> bool:
        """Whether searches of its platform can be read."""
        return self.dialect is not None and self.dialect.platform in READABLE

    @property
    def readable(self) -> Dialect:
        """Its platform and database.

        Raises:
            SearchUnreadable: searches of this platform cannot be read.
        """
        if self.dialect is None or self.dialect.platform not in READABLE:
            known = ", ".join(LABELS[platform] for platform in READABLE)
            raise SearchUnreadable(f"{self.label} is in a syntax that cannot be read; {known} can.")
        return self.dialect


def searches_of_review(review: Review) -> tuple[GivenSearch, ...]:
    """The documented search of a review, then the query of each of its sources."""
    search = review.search
    concepts = tuple((concept.name, concept.terms) for concept in search.concepts)
    platform = platform_named(search.syntax)
    documented = GivenSearch(
        DOCUMENTED,
        "the documented search",
        search.text.strip(),
        Dialect(platform, search.database) if platform else None,
        search.fields,
        concepts,
    )
    queries = []
    for source in review.sources:
        where = platform_named(source.platform)
        dialect = Dialect(where, source.database) if where else None
        queries.append(GivenSearch(source.slug, source.label, source.query.strip(), dialect, None, concepts))
    return (documented, *queries)


def search_named(review: Review, name: str | None) -> GivenSearch:
    """One search of a review.

    Args:
        review: as declared.
        name: a source's slug; None for the documented search.

    Raises:
        SourceUnknown: the review has no such source.
    """
    if name is not None:
        review.source(name)
    return next(given for given in searches_of_review(review) if given.name == (name or DOCUMENTED))


def search_of_text(text: str, dialect: Dialect, default_fields: tuple[str, ...] | None = DEFAULT_FIELDS) -> GivenSearch:
    """A search given as text, outside of any review."""
    return GivenSearch("given", f"this search of {dialect.label}", text.strip("\r\n"), dialect, default_fields)
