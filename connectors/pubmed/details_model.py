"""What PubMed says about a record beyond the canonical fields, as data."""

from dataclasses import dataclass
from datetime import date

from connectors.pubmed.details_book import Book

_NOTICES = frozenset({"RetractionOf", "PartialRetractionOf", "ErratumFor", "ExpressionOfConcernFor"})
"""Links by which a publication says that it is itself the notice about another."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A date in the life of the record or its publication.

    Attributes:
        kind: PubMed's word (`received`, `accepted`, `epublish`, `entrez`, `medline`, …), or `record-created`,
            `record-completed`, `record-revised`, `article-electronic`, `book-contribution`, `book-beginning`,
            `book-ending`.
        text: year, month and day as PubMed writes them, with spaces between.
        on: the day, or None where `text` is no day of the calendar.
    """

    kind: str
    text: str
    on: date | None


@dataclass(frozen=True, slots=True)
class Term:
    """A term of a vocabulary.

    Attributes:
        name: as printed.
        ui: its identifier in MeSH (`D003863`), or None.
        major: whether it is a main topic of the publication.
        automatic: whether an algorithm and no person gave it.
        kind: `Geographic` of a heading; `Disease`, `Protocol`, `Organism`, … of a supplementary term; or None.
    """

    name: str
    ui: str | None = None
    major: bool = False
    automatic: bool = False
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Heading:
    """A subject heading.

    Attributes:
        descriptor: the main heading.
        qualifiers: its subheadings, in order.
    """

    descriptor: Term
    qualifiers: tuple[Term, ...] = ()

    @property
    def major(self) -> bool:
        """Whether the heading, or one of its subheadings, is a main topic."""
        return self.descriptor.major or any(qualifier.major for qualifier in self.qualifiers)


@dataclass(frozen=True, slots=True)
class Correction:
    """A link to a comment, correction, retraction or the like.

    Attributes:
        kind: PubMed's word: `RetractionIn` on the retracted article, `RetractionOf` on its notice, …
        pmid: of the other publication, or None.
        citation: of the other publication, or None.
        note: what PubMed adds, or None.
    """

    kind: str
    pmid: str | None
    citation: str | None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Identifier:
    """A name of something in somebody's system.

    Attributes:
        source: whose (`ORCID`, `pii`, `mid`, `bookaccession`, `isbn`, …).
        value: as given; an ORCID iD as `0000-0000-0000-0000`.
        valid: False where PubMed itself marks it as wrong.
    """

    source: str
    value: str
    valid: bool = True


@dataclass(frozen=True, slots=True)
class Person:
    """An author, editor or investigator, or somebody whom the publication is about.

    Attributes:
        name: `Family, Given, Suffix`, or a group's name.
        role: `author`, `editor`, `investigator` or `subject`.
        group: whether it is a group's name.
        valid: False for a spelling that PubMed has corrected; the right one stands beside it.
        identifiers: ORCID iDs and others.
        affiliations: texts, in order.
        affiliation_ids: identifiers of the institutions.
        initials: as PubMed writes them beside the name, or None.
        equal: whether the authors marked so contributed alike.
        members: name of the list of investigators that a group points to or an investigator stands in, or None.
    """

    name: str
    role: str
    group: bool = False
    valid: bool = True
    identifiers: tuple[Identifier, ...] = ()
    affiliations: tuple[str, ...] = ()
    affiliation_ids: tuple[Identifier, ...] = ()
    initials: str | None = None
    equal: bool = False
    members: str | None = None

    @property
    def orcid(self) -> str | None:
        """The person's ORCID iD, or None."""
        return next((found.value for found in self.identifiers if found.source.upper() == "ORCID"), None)


@dataclass(frozen=True, slots=True)
class Grant:
    """Money named in the record: its number, the agency and its country; None for what is not told."""

    number: str | None
    agency: str | None
    country: str | None
    acronym: str | None = None


@dataclass(frozen=True, slots=True)
class Chemical:
    """A substance: its name, MeSH identifier, and CAS, UNII or EC number (None where PubMed writes 0)."""

    name: str
    ui: str | None
    registry: str | None


@dataclass(frozen=True, slots=True)
class OtherAbstract:
    """An abstract beside the journal's own: who wrote it, its language, text as in `Record.abstract`, and rights."""

    kind: str
    language: str | None
    text: str
    copyright: str | None = None


@dataclass(frozen=True, slots=True)
class AbstractPart:
    """A part of the journal's abstract: its label as printed, and NLM's category (`METHODS`, …)."""

    label: str | None
    category: str | None


@dataclass(frozen=True, slots=True)
class Keyword:
    """A keyword: its text, whose it is (`NOTNLM`: the authors'), whether it is a main topic."""

    text: str
    owner: str | None
    major: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """A remark on the record, and whose it is."""

    text: str
    owner: str | None


@dataclass(frozen=True, slots=True)
class Journal:
    """The journal beyond its name; None or empty where PubMed says nothing.

    Attributes:
        country: of publication.
        abbreviation: MEDLINE's, which may differ from the ISO one.
        medium: of the issue that is cited: `Print` or `Internet`.
        issns: as given; `print`, `electronic` or `linking` as source.
    """

    country: str | None = None
    abbreviation: str | None = None
    medium: str | None = None
    issns: tuple[Identifier, ...] = ()


@dataclass(frozen=True, slots=True)
class PubmedObject:
    """Something else that PubMed links to the record: its type, and parameters by name."""

    kind: str
    parameters: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Details:
    """A record beyond its canonical fields; empty where PubMed says nothing.

    Attributes:
        pmid: digits.
        version: of the record under its PMID.
        status: how far indexing is (`MEDLINE`, `In-Process`, `Publisher`, …).
        indexing_method: `Manual`, `Automated`, `Curated`, or None.
        publication_status: `ppublish`, `epublish`, `aheadofprint`, or None.
        publication_model: `Print`, `Print-Electronic`, `Electronic-eCollection`, …, or None.
        retracted: whether this publication was retracted; False for the notice that retracts another.
        history: dates, in PubMed's order.
        headings: of MeSH, in order.
        supplementary: diseases, protocols, organisms outside of the main headings.
        publication_types: with their identifiers.
        corrections: all links but those to the literature that it cites.
        people: authors, editors and investigators, in order.
        authors_complete: False where PubMed itself left authors out.
        grants: in order.
        chemicals: in order.
        accession_numbers: of trials and data sets, the registry as source (`ClinicalTrials.gov`).
        other_ids: all identifiers of the publication but its PMID.
        other_abstracts: translations, plain-language summaries, abstracts by others.
        conflict_of_interest: as printed, or None.
        accession_numbers_complete: False where PubMed itself left some out.
        grants_complete: False where PubMed itself left some out.
        owner: who is responsible for the record (`NLM`, `NASA`, …), or None.
        version_id: of a version of the publication, or None.
        version_date: of that version, or None.
        journal: beyond its name, or None.
        keywords: in order, as `Record.keywords` has them, with owners and flags.
        abstract_parts: of a labelled abstract.
        copyright: of the abstract, or None.
        notes: in order.
        citation_subsets: `IM`, `AIM`, `N`, …
        gene_symbols: of records of 1991 to 1995.
        space_flight_missions: with data from space.
        number_of_references: as given until 2010, or None.
        objects: what else PubMed links.
        book: of a book or chapter; None of an article.
    """

    pmid: str | None = None
    version: str | None = None
    status: str | None = None
    indexing_method: str | None = None
    publication_status: str | None = None
    publication_model: str | None = None
    retracted: bool = False
    history: tuple[Moment, ...] = ()
    headings: tuple[Heading, ...] = ()
    supplementary: tuple[Term, ...] = ()
    publication_types: tuple[Term, ...] = ()
    corrections: tuple[Correction, ...] = ()
    people: tuple[Person, ...] = ()
    authors_complete: bool = True
    grants: tuple[Grant, ...] = ()
    chemicals: tuple[Chemical, ...] = ()
    accession_numbers: tuple[Identifier, ...] = ()
    other_ids: tuple[Identifier, ...] = ()
    other_abstracts: tuple[OtherAbstract, ...] = ()
    conflict_of_interest: str | None = None
    accession_numbers_complete: bool = True
    grants_complete: bool = True
    owner: str | None = None
    version_id: str | None = None
    version_date: str | None = None
    journal: Journal | None = None
    keywords: tuple[Keyword, ...] = ()
    abstract_parts: tuple[AbstractPart, ...] = ()
    copyright: str | None = None
    notes: tuple[Note, ...] = ()
    citation_subsets: tuple[str, ...] = ()
    gene_symbols: tuple[str, ...] = ()
    space_flight_missions: tuple[str, ...] = ()
    number_of_references: str | None = None
    objects: tuple[PubmedObject, ...] = ()
    book: Book | None = None

    @property
    def notice_about(self) -> tuple[Correction, ...]:
        """Links to the publications about which this one is a retraction, erratum or expression of concern."""
        return tuple(link for link in self.corrections if link.kind in _NOTICES)
