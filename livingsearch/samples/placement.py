"""Which source holds which work, and under what number."""

from collections.abc import Iterable, Mapping

from livingsearch.samples.chance import percent
from livingsearch.samples.matching import is_on_topic, missing_concepts
from livingsearch.samples.works import Work

PUBMED = "pubmed"
MEDLINE = "medline-ovid"
EMBASE = "embase-ovid"
PSYCINFO = "psycinfo-ovid"
CINAHL = "cinahl-ebsco"

SOURCES = (PUBMED, MEDLINE, EMBASE, PSYCINFO, CINAHL)
"""Slugs of the sources, in the order of the truth file."""

_SHARE_BY_FIELD: Mapping[str, Mapping[str, int]] = {
    "psychiatry": {MEDLINE: 90, EMBASE: 85, PSYCINFO: 75, CINAHL: 30},
    "psychology": {MEDLINE: 90, EMBASE: 70, PSYCINFO: 95, CINAHL: 35},
    "nursing": {MEDLINE: 90, EMBASE: 75, PSYCINFO: 60, CINAHL: 95},
    "services": {MEDLINE: 90, EMBASE: 80, PSYCINFO: 60, CINAHL: 75},
    "general": {MEDLINE: 92, EMBASE: 88, PSYCINFO: 25, CINAHL: 35},
    "methods": {MEDLINE: 90, EMBASE: 50, PSYCINFO: 50, CINAHL: 50},
}
"""In a hundred articles of a field's journals, how many each source holds."""

_SOURCES_BY_KIND: Mapping[str, frozenset[str]] = {
    "chapter": frozenset({PSYCINFO}),
    "dissertation": frozenset({PSYCINFO}),
    "report": frozenset({CINAHL}),
}

_LONE_SHARE = 12
"""In a hundred works, how many only one source has: a real database finds what the others do not."""

_WITHOUT_AUTHOR_KEYWORDS = 6
"""In a hundred works, how many have no author keywords in PubMed, so that the search misses them there."""


def export_sources(work: Work) -> frozenset[str]:
    """The sources in which the documented search finds a work.

    Args:
        work: the work.

    Returns:
        Slugs; empty for a work off the topic.
    """
    holders = _holders(work)
    lone = _lone_source(work, holders)
    return frozenset({lone}) if lone else holders


def stands_in_pubmed(work: Work) -> bool:
    """Whether PubMed has the work, found by the search or not."""
    journal = work.citations[0].journal
    return journal is not None and journal.in_pubmed


def has_author_keywords(work: Work) -> bool:
    """Whether the work's record in PubMed carries the assigned keywords."""
    title = work.citations[0].title
    return is_on_topic(title) and bool(missing_concepts(title)) and PUBMED in export_sources(work)


def accession_numbers(works: Iterable[Work]) -> dict[tuple[str, str], str]:
    """Made-up accession numbers, in ranges that no database has reached.

    Args:
        works: all works; PMIDs rise with the year of publication.

    Returns:
        The number by source and work; Ovid MEDLINE has PubMed's.
    """
    numbers = {}
    for rank, work in enumerate(sorted(works, key=lambda work: (work.year, work.id)), 1):
        serial = int(work.id.removeprefix("W"))
        numbers[PUBMED, work.id] = numbers[MEDLINE, work.id] = str(90_000_000 + rank)
        numbers[EMBASE, work.id] = f"{work.year}9{serial:05d}"
        numbers[PSYCINFO, work.id] = f"{work.year}-9{serial:04d}-001"
        numbers[CINAHL, work.id] = f"9000{serial:05d}"
    return numbers


def _holders(work: Work) -> frozenset[str]:
    if not is_on_topic(work.citations[0].title):
        return frozenset()
    journal = work.citations[0].journal
    if journal is None:
        return _SOURCES_BY_KIND.get(work.kind, frozenset())
    shares = _SHARE_BY_FIELD[journal.field]
    # A work whose own reference list is known must stand where cited references are exported.
    holders = {
        source
        for source, share in shares.items()
        if percent(source, work.id) < share or (source == PSYCINFO and work.cited)
    }
    if not journal.in_pubmed:
        return frozenset(holders - {MEDLINE} or {CINAHL})
    title_alone_matches = not missing_concepts(work.citations[0].title)
    if title_alone_matches or work.included or percent("keywords", work.id) >= _WITHOUT_AUTHOR_KEYWORDS:
        holders.add(PUBMED)
    return frozenset(holders)


def _lone_source(work: Work, holders: frozenset[str]) -> str | None:
    # A title that meets the search by itself is found wherever the work stands, and works that two
    # papers cite are the well-known ones.
    if work.included or len(work.citations) > 1 or not missing_concepts(work.citations[0].title):
        return None
    if not holders or percent("apart", work.id) >= _LONE_SHARE:
        return None
    return sorted(holders)[percent("apart-source", work.id) % len(holders)]
