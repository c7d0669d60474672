"""What a record says happened to its publication: retractions, corrections, expressions of concern."""

import re
from collections.abc import Sequence

from connectors.exports.parse import Fields
from connectors.fields import plain

RETRACTED = "retracted"

_LINK_TAGS = {
    "RIN": "RetractionIn",
    "ROF": "RetractionOf",
    "EIN": "ErratumIn",
    "EFR": "ErratumFor",
    "ECI": "ExpressionOfConcernIn",
    "ECF": "ExpressionOfConcernFor",
    "CRI": "CorrectedandRepublishedIn",
    "CRF": "CorrectedandRepublishedFrom",
    "RRI": "RetractedandRepublishedIn",
    "RRF": "RetractedandRepublishedFrom",
    "RPI": "RepublishedIn",
    "RPF": "RepublishedFrom",
    "UIN": "UpdateIn",
    "UOF": "UpdateOf",
}
"""Tags of MEDLINE text, each with the name that PubMed's XML gives the same link."""

_PHRASES = (
    (re.compile(r"^Retract(?:ion|ed) (?:in|by)\b", re.IGNORECASE), "RetractionIn"),
    (re.compile(r"^Retraction of\b", re.IGNORECASE), "RetractionOf"),
    (re.compile(r"^(?:Erratum|Correction|Corrected) in\b", re.IGNORECASE), "ErratumIn"),
    (re.compile(r"^Erratum for\b", re.IGNORECASE), "ErratumFor"),
    (re.compile(r"^Expression of concern in\b", re.IGNORECASE), "ExpressionOfConcernIn"),
)
"""How Ovid writes the same links in N1 and T3."""

_RETRACTED_TYPES = frozenset({"retracted publication", "retracted article", "retracted"})
_RETRACTED_TITLE = re.compile(r"\W{0,2}(?:RETRACTED\b|Retracted(?: article)?\s*[:.\]])")
_RETRACTS = ("RetractionIn", "RetractedandRepublishedIn")
_PMID = re.compile(r"\bPMID:?\s*(\d{1,8})")


def notices_of(fields: Fields, title: str | None, types: Sequence[str]) -> tuple[str, ...]:
    """The notices in a record.

    Args:
        fields: values by tag.
        title: the canonical title; publishers put `RETRACTED:` before it.
        types: the canonical publication types.

    Returns:
        `retracted` where the publication itself is, then each link as its kind and a PMID, or the words
        of the source where it gives no PMID.
    """
    found: list[str] = []
    for tag, kind in () if fields.keys().isdisjoint(_LINK_TAGS) else _LINK_TAGS.items():
        found.extend(_link(kind, value) for value in fields.get(tag, ()))
    for tag in ("N1", "T3"):
        for value in fields.get(tag, ()):
            found.extend(_link(kind, value) for phrase, kind in _PHRASES if phrase.match(value))
    retracted = (
        any(text.lower() in _RETRACTED_TYPES for text in types)
        or _RETRACTED_TITLE.match(title or "") is not None
        or any(notice.startswith(_RETRACTS) for notice in found)
    )
    return tuple(dict.fromkeys([*([RETRACTED] if retracted else []), *found]))


def _link(kind: str, value: str) -> str:
    pmid = _PMID.search(value)
    return f"{kind} {pmid[1] if pmid else plain(value[:300]) or ''}".strip()
