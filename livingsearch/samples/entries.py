"""What each source says about a work: the facts, before any platform's style."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from livingsearch.samples import matching
from livingsearch.samples.chance import percent
from livingsearch.samples.names import Author
from livingsearch.samples.placement import (
    CINAHL,
    EMBASE,
    MEDLINE,
    PSYCINFO,
    PUBMED,
    SOURCES,
    accession_numbers,
    export_sources,
    has_author_keywords,
    stands_in_pubmed,
)
from livingsearch.samples.works import Citation, Journal, Work

BASE = "base"
UPDATE = "update"
WAVES = (BASE, UPDATE)

LAST_BASE_YEAR = 2023
"""Year of publication of the newest works in the base wave."""

_ONLINE_FIRST_IN_BASE = frozenset({(PUBMED, "W061"), (EMBASE, "W062")})
"""Records whose volume, issue and pages are filled in between the waves."""

_GONE_IN_UPDATE = frozenset({(PSYCINFO, "W127")})
"""Records that a source has dropped between the waves."""

_TWICE_IN_MEDLINE = "W004"
"""The work that Ovid returns from two segments of MEDLINE."""

_DOI_SHARE = {PUBMED: 95, MEDLINE: 90, EMBASE: 90, PSYCINFO: 85, CINAHL: 65}


ASSIGNED = "Keywords assigned by livingsearch.samples, not by the database."
"""The note in every sample record that has keywords."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One record of one source.

    Attributes:
        source: slug.
        accession: number in the source.
        occurrence: 2 for the second record of one number, else 1.
        work: id of the work.
        kind: of publication.
        authors: those named.
        complete: False where `et al` hides the rest.
        year: as the source gives it.
        title: as the reference prints it.
        title_original: in the language of the publication; mostly empty.
        headline_case: whether `title` is in headline case.
        journal: None for what is no article.
        volume: empty where the source has none.
        issue: empty where the source has none.
        first_page: or the article number; empty where the source has none.
        last_page: empty for an article number.
        doi: empty where the source has none.
        pmid: empty for what PubMed does not hold.
        keywords: in the source's wording.
        ahead_of_print: whether volume, issue and pages are still to come.
        filled_in: whether they came between the waves.
        cited: references of the work.
    """

    source: str
    accession: str
    occurrence: int
    work: str
    kind: str
    authors: tuple[Author, ...]
    complete: bool
    year: int
    title: str
    title_original: str
    headline_case: bool
    journal: Journal | None
    volume: str
    issue: str
    first_page: str
    last_page: str
    doi: str
    pmid: str
    keywords: tuple[str, ...]
    ahead_of_print: bool
    filled_in: bool
    cited: tuple[str, ...]

    @property
    def matches(self) -> bool:
        """Whether the search finds the words of both concepts in title or keywords."""
        return matching.meets_search(self.title, self.keywords)


def entries_of(works: Iterable[Work], wave: str) -> dict[str, tuple[Entry, ...]]:
    """All records of a wave.

    Args:
        works: all works; those of later years are left out of the base wave.
        wave: `base` or `update`.

    Returns:
        By source, the newest first.
    """
    works = tuple(works)
    accessions = accession_numbers(works)
    found: dict[str, list[Entry]] = {source: [] for source in SOURCES}
    for work in sorted(works, key=lambda work: (-work.year, work.id)):
        if wave == BASE and work.year > LAST_BASE_YEAR:
            continue
        holders = export_sources(work) | ({PUBMED} if stands_in_pubmed(work) else set())
        for source in SOURCES:
            if source not in holders or (wave == UPDATE and (source, work.id) in _GONE_IN_UPDATE):
                continue
            pmid = accessions[PUBMED, work.id] if stands_in_pubmed(work) else ""
            entry = _entry(work, source, accessions[source, work.id], pmid)
            if (source, work.id) in _ONLINE_FIRST_IN_BASE:
                entry = _ahead_of_print(entry) if wave == BASE else replace(entry, filled_in=True)
            found[source].append(entry)
            if source == MEDLINE and work.id == _TWICE_IN_MEDLINE:
                # The segment of records in process has no index terms yet.
                found[source].append(replace(entry, occurrence=2, keywords=()))
    return {source: tuple(entries) for source, entries in found.items()}


def _entry(work: Work, source: str, accession: str, pmid: str) -> Entry:
    # Where two lists print one work, Embase has the poorer version.
    citation = work.citations[-1 if source == EMBASE else 0]
    first_page, last_page = _pages(work, source, citation)
    return Entry(
        source=source,
        accession=accession,
        occurrence=1,
        work=work.id,
        kind=work.kind,
        authors=citation.authors,
        complete=citation.complete,
        year=_year(work, source),
        title=citation.title,
        title_original=citation.title_original,
        headline_case=citation.headline_case,
        journal=citation.journal,
        volume=citation.volume,
        issue=_issue(work, source, citation),
        first_page=first_page,
        last_page=last_page,
        doi=citation.doi if percent(f"doi-{source}", work.id) < _DOI_SHARE[source] else "",
        pmid=pmid,
        keywords=_keywords(work, source),
        ahead_of_print=False,
        filled_in=False,
        cited=work.cited if source == PSYCINFO else (),
    )


def _ahead_of_print(entry: Entry) -> Entry:
    return replace(entry, volume="", issue="", first_page="", last_page="", ahead_of_print=True)


def _keywords(work: Work, source: str) -> tuple[str, ...]:
    title = work.citations[0].title
    if source != PUBMED:
        return matching.headings(source, title, ("disorder", "peer"))
    if not has_author_keywords(work):
        return ()
    return matching.headings(source, title, matching.missing_concepts(title))


def _year(work: Work, source: str) -> int:
    journal = work.citations[0].journal
    if source in (PUBMED, MEDLINE) or journal is None or journal.online or work.year >= LAST_BASE_YEAR:
        return work.year
    draw = percent(f"year-{source}", work.id)
    return work.year - (draw < 3) + (draw >= 98)


def _issue(work: Work, source: str, citation: Citation) -> str:
    if (source, work.id) in _ONLINE_FIRST_IN_BASE:
        return citation.issue
    if source in (EMBASE, CINAHL) and percent(f"issue-{source}", work.id) < 8:
        return ""
    return citation.issue if source == EMBASE else citation.issue.lstrip("0")


def _pages(work: Work, source: str, citation: Citation) -> tuple[str, str]:
    # Pages of an online journal that count from 1 are the article's own; NLM often leaves them out.
    own_count = citation.journal is not None and citation.journal.online and citation.first_page == "1"
    if own_count and source in (PUBMED, MEDLINE) and percent("own-pages", work.id) < 50:
        return "", ""
    return citation.first_page, citation.last_page
