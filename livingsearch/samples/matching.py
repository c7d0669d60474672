"""The documented search, and the keywords that are assigned where a title lacks its words."""

import re
from collections.abc import Iterable, Mapping

_CONCEPTS: Mapping[str, re.Pattern[str]] = {
    "peer": re.compile(r"\bpeer|\bexpert by experience|\bexpert patient", re.IGNORECASE),
    "disorder": re.compile(r"\bpersonality disorder|\bcomplex emotional needs", re.IGNORECASE),
}

_NEAR_THE_TOPIC = re.compile(r"\b(lived experience|consumer|carer|service user|stigma)", re.IGNORECASE)

_HEADINGS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "pubmed": {
        "peer": ("peer support", "peer support"),
        "disorder": ("personality disorders", "borderline personality disorder"),
    },
    "medline-ovid": {
        "peer": ("Peer Group", "Peer Group"),
        "disorder": ("*Personality Disorders", "*Borderline Personality Disorder"),
    },
    "embase-ovid": {
        "peer": ("peer group", "peer group"),
        "disorder": ("*personality disorder", "*personality disorder"),
    },
    "psycinfo-ovid": {
        "peer": ("*Peer Relations", "*Peer Relations"),
        "disorder": ("*Personality Disorders", "*Borderline Personality Disorder"),
    },
    "cinahl-ebsco": {
        "peer": ("Peer Group", "Peer Group"),
        "disorder": ("Personality Disorders", "Borderline Personality Disorder"),
    },
}


def meets_search(title: str, keywords: Iterable[str]) -> bool:
    """Whether the words of both concepts occur in the title or the keywords."""
    text = "\n".join((title, *keywords))
    return all(pattern.search(text) for pattern in _CONCEPTS.values())


def missing_concepts(title: str) -> frozenset[str]:
    """The concepts of the search that a title does not name."""
    return frozenset(concept for concept, pattern in _CONCEPTS.items() if not pattern.search(title))


def is_on_topic(title: str) -> bool:
    """Whether keywords may be assigned: the title names one concept, or something near both."""
    return len(missing_concepts(title)) < len(_CONCEPTS) or bool(_NEAR_THE_TOPIC.search(title))


def headings(source: str, title: str, concepts: Iterable[str]) -> tuple[str, ...]:
    """Keywords in the wording of a source.

    Args:
        source: slug of the source.
        title: of the work; one that says `borderline` gets the narrower term.
        concepts: those to name.

    Returns:
        One keyword a concept, in a fixed order.
    """
    narrow = int("borderline" in title.lower())
    return tuple(_HEADINGS[source][concept][narrow] for concept in sorted(concepts))
