"""Who wrote a file, and which database a record stands in, by the signals in the records themselves."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from connectors.exports.parse import Fields
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
    # Databases of the APA have the same name at Ovid and ProQuest.
    ("proquest", "UR", r"proquest\.com"),
    ("ovid", "DB", r"<[^<>]{2,60}>\s*$|^Ovid |^APA Psyc|^EBM Reviews"),
    ("ovid", "C1", r"^Database:"),
    ("proquest", "DB", r"\bProQuest\b"),
    ("scielo", "DP", r"scielo\.org"),
    ("lilacs", "DP", r"bvsalud\.org"),
    ("lens", "ID", r"^\s*\d{3}(?:-\d{3}){3}-\d\d[\dX]\s*$"),
    ("lens", "UR", r"^\s*https?://(?:www\.)?lens\.org/\d{3}-"),
    ("dimensions", "UR", r"app\.dimensions\.ai/details/publication/pub\."),
    ("dimensions", "N1", r"^\s*Exported from https?://app\.dimensions\.ai"),
    ("openalex", "UR", r"\bopenalex\.org/W\d"),
    ("ovid", "lead", r"^Link to the Ovid"),
)
"""In order: an early signal is never met in another platform's files, a late one may be.

No export of Lens and Dimensions was at hand. What is assumed of Lens: its number stands in ID and in an address of
lens.org in UR, as in exports of its patents and in exports that went through Citavi. Of Dimensions: the publication's
address in UR, and the sentence in N1 that its BibTeX has in `note`.
"""


@dataclass(frozen=True, slots=True)
class Shape:
    """The order of the tags of a platform that names itself nowhere.

    Attributes:
        platform: whose records have it.
        pattern: the tags after TY, each followed by a blank.
    """

    platform: str
    pattern: re.Pattern[str]


_SHAPES = (
    Shape("ieee", re.compile(r"TI T2 SP EP (?:AU )*PY (?:KW )*DO JO IS SN VO VL JA Y1 (?:AB )?")),
    Shape("googlescholar", re.compile(r"T1 (?:A1 )+(?:JO )?(?:VL )?(?:IS )?(?:SP )?(?:EP )?(?:SN )?Y1 (?:PB )?")),
    Shape(
        "openalex",
        re.compile(r"TI PY (?:(?:PB|SN|T2|DO|UR|DA) )*(?:AU )*AU C1 (?:(?:AU|C1) )*LA (?:(?:KW|VL|IS|SP|EP|AB) )*"),
    ),
)
"""The whole of a record has to fit: a few tags alone would take other files for theirs."""

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
    "ieee": "ieee",
    "ieeexplore": "ieee",
    "lens": "lens",
    "lensorg": "lens",
    "thelens": "lens",
    "dimensions": "dimensions",
    "dimensionsai": "dimensions",
    "digitalsciencedimensions": "dimensions",
    "openalex": "openalex",
    "googlescholar": "googlescholar",
    "scholar": "googlescholar",
    "bvsalud": "lilacs",
    "vhl": "lilacs",
    "virtualhealthlibrary": "lilacs",
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


def platform_of(record: TaggedRecord, fields: Fields) -> str | None:
    """Who wrote a record.

    Args:
        record: with the text before it.
        fields: its values by tag.

    Returns:
        The platform's or the reference manager's name, or None where nothing tells.
    """
    return (
        _first_signal(_MANAGER_SIGNALS, fields, record.lead)
        or _alphabetical(record, fields)
        or _first_signal(_PLATFORM_SIGNALS, fields, record.lead)
        or _counted_ovid(record, fields)
        or _shaped(record)
    )


def _first_signal(signals: Sequence[Signal], fields: Fields, lead: str) -> str | None:
    lines = lead.split("\n") if lead else []
    for signal in signals:
        for value in lines if signal.tag == "lead" else fields.get(signal.tag, ()):
            if signal.pattern.search(value[:2000]):
                return signal.platform
    return None


def _alphabetical(record: TaggedRecord, fields: Fields) -> str | None:
    """EndNote and Mendeley sort the tags; EndNote, digits first, closes with a running number in ID."""
    if len(fields) <= _ENOUGH_TAGS:
        return None
    tags = [tag for tag, _ in record.pairs[1:]]
    if tags[-1] == "ID" and record.pairs[-1][1].isdigit() and _in_order(tags[:-1]):
        return "endnote"
    return "mendeley" if _in_order(tag.translate(_DIGITS_AFTER_LETTERS) for tag in tags) else None


def _in_order(tags: Iterable[str]) -> bool:
    return all(before <= after for before, after in pairwise(tags))


def _shaped(record: TaggedRecord) -> str | None:
    tags = "".join(f"{tag} " for tag, _ in record.pairs[1:200])
    return next((shape.platform for shape in _SHAPES if shape.pattern.fullmatch(tags)), None)


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
