"""Who wrote a file, and which database a record stands in, by the signals in the records themselves."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from connectors.exports.parse import Fields, grouped
from connectors.exports.prepass import TaggedRecord
from connectors.fields import plain


@dataclass(frozen=True, slots=True)
class Signal:
    """What gives a platform away.

    Attributes:
        platform: whose signal it is.
        tag: where to look: a tag, or `lead` for the text before a record.
        pattern: what to find there; the empty one finds the tag's mere presence.
    """

    platform: str
    tag: str
    pattern: re.Pattern[str]


def _signals(*rows: tuple[str, str, str]) -> tuple[Signal, ...]:
    return tuple(Signal(platform, tag, re.compile(pattern, re.IGNORECASE)) for platform, tag, pattern in rows)


_MANAGER_SIGNALS = _signals(
    ("rayyan", "AN", r"^\s*rayyan-"),
    ("citavi", "M4", r"^Citavi"),
    ("refworks", "ID", r"^RefID:"),
    ("eppi", "KW", r"^eppi-reviewer"),
    ("covidence", "NS", r""),
    ("zotero", "DA", r"^\d{4}/\d{0,2}/\d{0,2}/"),
)
"""Reference managers keep the databases' addresses and names, so they are looked for first."""

_PLATFORM_SIGNALS = _signals(
    ("ebsco", "DP", r"^EBSCOhost"),
    ("ebsco", "UR", r"\b(?:search|openurl|research|web\.\w+)\.ebsco(?:host)?\.com"),
    ("embase.com", "U2", r"^\s*L\d{6,}"),
    ("scopus", "UR", r"scopus\.com/.*\beid=2-s2\.0-"),
    ("scopus", "DB", r"^Scopus$"),
    ("wos", "AN", r"^\s*(?:WOS|MEDLINE|BCI|BIOSIS|CCC|KJD|SCIELO|CABI|FSTA|INSPEC|ZOOREC|DRCI|RSCI|PPRN):"),
    ("cochrane", "AN", r"^\s*CN-\d"),
    ("cochrane", "UR", r"cochranelibrary\.com"),
    ("cochrane", "lead", r"^Provider:\s*John Wiley"),
    ("psycnet", "lead", r"^Provider:\s*American Psychological"),
    ("ovid", "L2", r"\bovid|[?&]PAGE=(?:reference|fulltext)"),
    ("ovid", "UR", r"\bovidsp\b|ovidweb\.cgi|access\.ovid\.com"),
    ("ovid", "DB", r"<[^<>]{2,60}>\s*$|^Ovid |^APA Psyc|^EBM Reviews"),
    ("ovid", "C1", r"^Database:"),
    ("proquest", "UR", r"proquest\.com"),
    ("proquest", "DB", r"\bProQuest\b"),
    ("scielo", "DP", r"scielo\.org"),
    ("lilacs", "DP", r"bvsalud\.org"),
    ("ovid", "lead", r"^Link to the Ovid"),
)
"""In order: an early signal is never met in another platform's files, a late one may be."""

_ALIASES = {
    "ovid": "ovid",
    "ovidsp": "ovid",
    "ovidtechnologies": "ovid",
    "wolterskluwerovid": "ovid",
    "ebsco": "ebsco",
    "ebscohost": "ebsco",
    "embase": "embase.com",
    "embasecom": "embase.com",
    "elsevierembase": "embase.com",
    "proquest": "proquest",
    "proquestcentral": "proquest",
    "psycnet": "psycnet",
    "apapsycnet": "psycnet",
    "cochrane": "cochrane",
    "cochranelibrary": "cochrane",
    "wiley": "cochrane",
    "wileycochranelibrary": "cochrane",
    "cochranelibrarywiley": "cochrane",
    "scopus": "scopus",
    "elsevierscopus": "scopus",
    "wos": "wos",
    "webofscience": "wos",
    "webofsciencecorecollection": "wos",
    "clarivatewebofscience": "wos",
    "clarivate": "wos",
    "scielo": "scielo",
    "lilacs": "lilacs",
    "bvs": "lilacs",
    "pubmed": "pubmed",
    "ncbi": "pubmed",
    "endnote": "endnote",
    "zotero": "zotero",
    "mendeley": "mendeley",
    "rayyan": "rayyan",
    "citavi": "citavi",
    "refworks": "refworks",
    "covidence": "covidence",
    "eppi": "eppi",
    "eppireviewer": "eppi",
    "generic": "generic",
}
"""How people name a platform, letters and digits only."""

PLATFORMS = tuple(sorted(set(_ALIASES.values()) - {"generic"}))
"""Platforms and reference managers that can be named."""

MANAGERS = frozenset(
    {"rayyan", "citavi", "refworks", "eppi", "covidence", "zotero", "endnote", "mendeley"},
)
"""Programs that write files of records which they did not hold first."""

_ENOUGH_TAGS = 5
_DIGITS_AFTER_LETTERS = str.maketrans("0123456789", "abcdefghij")


def platform_named(platform: str | None) -> str | None:
    """A platform as this package calls it.

    Args:
        platform: as a person writes it: `Web of Science`, `EBSCOhost`.

    Returns:
        `wos`, `ebsco`, …; None where the name says nothing.
    """
    return _ALIASES.get(re.sub(r"[\W_]", "", platform or "").lower())


def platform_of(record: TaggedRecord) -> str | None:
    """Who wrote a record.

    Args:
        record: with the text before it.

    Returns:
        The platform's or the reference manager's name, or None where nothing tells.
    """
    fields = grouped(record.pairs)
    return (
        _first_signal(_MANAGER_SIGNALS, fields, record.lead)
        or _alphabetical(record, fields)
        or _first_signal(_PLATFORM_SIGNALS, fields, record.lead)
        or _counted_ovid(record, fields)
    )


def _first_signal(signals: Sequence[Signal], fields: Fields, lead: str) -> str | None:
    lines = lead.split("\n") if lead else []
    for signal in signals:
        values = lines if signal.tag == "lead" else fields.get(signal.tag, ())
        if any(signal.pattern.search(value[:2000]) for value in values):
            return signal.platform
    return None


def _alphabetical(record: TaggedRecord, fields: Fields) -> str | None:
    """EndNote and Mendeley sort the tags; EndNote, digits first, closes with a running number in ID."""
    tags = [tag for tag, _ in record.pairs[1:]]
    if len(fields) <= _ENOUGH_TAGS:
        return None
    if tags[-1] == "ID" and record.pairs[-1][1].isdigit() and tags[:-1] == sorted(tags[:-1]):
        return "endnote"
    return "mendeley" if tags == sorted(tags, key=_letters_first) else None


def _letters_first(tag: str) -> str:
    return tag.translate(_DIGITS_AFTER_LETTERS)


def _counted_ovid(record: TaggedRecord, fields: Fields) -> str | None:
    """Older Ovid files name nobody, but number the records and use the first RIS tags."""
    counted = re.search(r"^\s*\d{1,9}\.\s*$", record.lead, re.MULTILINE)
    return "ovid" if counted and {"ID", "T1", "A1"} <= fields.keys() else None


def first_line(values: Sequence[str]) -> str | None:
    """The first line with text of a tag's values, as plain text."""
    for value in values:
        for line in value.split("\n"):
            text = plain(line)
            if text:
                return text
    return None
