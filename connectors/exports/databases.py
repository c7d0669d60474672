"""Which database a record stands in: a platform carries many, and one file may hold records of several."""

import re
from collections.abc import Sequence

from connectors.exports.parse import Fields
from connectors.exports.platforms import first_line
from connectors.fields import plain

_OVID_CODE = re.compile(r"[?&]D=([A-Za-z]+)\d*", re.IGNORECASE)
_OVID_CODES = (
    ("med", "MEDLINE"),
    ("prem", "MEDLINE"),
    ("pmnm", "MEDLINE"),
    ("ppez", "MEDLINE"),
    ("mes", "MEDLINE"),
    ("psy", "PsycInfo"),
    ("cctr", "CENTRAL"),
    ("coch", "Cochrane Database of Systematic Reviews"),
    ("cab", "CAB Abstracts"),
    ("cagh", "Global Health"),
    ("em", "Embase"),
    ("oem", "Embase"),
    ("eric", "ERIC"),
    ("amed", "AMED"),
    ("hmic", "HMIC"),
    ("ovft", "Journals@Ovid"),
)
"""How the code in Ovid's addresses begins; digits after it name a segment of years."""

_EBSCO_CODES = {
    "aph": "Academic Search Premier",
    "a9h": "Academic Search Complete",
    "asn": "Academic Search Ultimate",
    "asx": "Academic Search Elite",
    "bth": "Business Source Complete",
    "c8h": "CINAHL",
    "rzh": "CINAHL",
    "cin20": "CINAHL",
    "ccm": "CINAHL Complete",
    "cul": "CINAHL Ultimate",
    "jlh": "CINAHL with Full Text",
    "cmedm": "MEDLINE",
    "mdc": "MEDLINE Complete",
    "mnh": "MEDLINE",
    "mdl": "MEDLINE",
    "psyh": "PsycInfo",
    "pdh": "PsycArticles",
    "eric": "ERIC",
    "ehh": "Education Research Complete",
    "ecn": "EconLit",
    "i3h": "SPORTDiscus",
    "s3h": "SPORTDiscus with Full Text",
    "sph": "SPORTDiscus with Full Text",
    "sih": "SocINDEX",
    "egh": "GreenFILE",
    "8gh": "GreenFILE",
    "awh": "Alt HealthWatch",
}
"""EBSCO's short names in DB and in the address; others are kept as they stand."""

_EBSCO_ADDRESS = re.compile(r"[?&]db=(\w+)", re.IGNORECASE)
_SEGMENT = re.compile(r"\s*<[^<>]*>\s*$")
_STRAY_DATABASE = re.compile(r"^(?:C1  ?- )?\s*Database:\s*(.+)$", re.MULTILINE)
_PREFIX = re.compile(r"^(?:Ovid|OVID|EBM Reviews\s*-)\s+")
_NAMES = (
    (re.compile(r"^(?:Ovid )?MEDLINE(?:\(R\)|®)?(?!\s+(?:Complete|Ultimate|with))", re.IGNORECASE), "MEDLINE"),
    (re.compile(r"^(?:APA )?PsycInfo", re.IGNORECASE), "PsycInfo"),
    (re.compile(r"^(?:APA )?PsycArticles", re.IGNORECASE), "PsycArticles"),
    (re.compile(r"^Cochrane Central|^CENTRAL\b"), "CENTRAL"),
    (re.compile(r"^Embase", re.IGNORECASE), "Embase"),
    (re.compile(r"^(?:NLM$|PubMed)", re.IGNORECASE), "PubMed"),
)
"""One name where sources write several; the years that Ovid adds change from week to week."""


_ONE_DATABASE = {
    "ieee": "IEEE Xplore",
    "lens": "The Lens",
    "dimensions": "Dimensions",
    "openalex": "OpenAlex",
    "googlescholar": "Google Scholar",
}
"""Platforms that are their only database."""


def database_of(platform: str | None, fields: Fields, around: Sequence[str] = ()) -> str | None:
    """The database that a record says it comes from.

    Args:
        platform: who wrote the record.
        fields: its values by tag.
        around: text before and after it in the file, and before the first record.

    Returns:
        The database's name without segment or years, or None where nothing tells.
    """
    match platform:
        case "ovid":
            return _on_ovid(fields, around)
        case "ebsco":
            return _on_ebsco(fields)
        case "embase.com":
            names = [_named(value) for value in fields.get("DB", ())]
            return next((name for name in names if name != "Embase"), None) if "Embase" not in names else "Embase"
        case "scopus":
            return "Scopus"
        case "wos":
            return "MEDLINE" if _starts(fields, "AN", "MEDLINE:") else "Web of Science"
        case "cochrane":
            return "CENTRAL" if _starts(fields, "AN", "CN-") else "Cochrane Library"
        case "psycnet":
            return _stated(around) or "PsycInfo"
        case "pubmed":
            return "PubMed"
        case _ if platform in _ONE_DATABASE:
            return _ONE_DATABASE[platform]
        case _:
            stated = first_line(fields.get("DB", ())) or first_line(fields.get("DP", ()))
            return None if stated is None or stated.startswith("http") else _named(stated)


def _on_ovid(fields: Fields, around: Sequence[str]) -> str | None:
    for value in (*fields.get("L2", ()), *fields.get("UR", ()), *around[1:2]):
        code = _OVID_CODE.search(value)
        for prefix, name in _OVID_CODES:
            if code and code[1].lower().startswith(prefix):
                return name
    named = first_line(fields.get("DB", ()))
    if named:
        return _named(named)
    return _stated([value for value in fields.get("C1", ()) if value.startswith("Database:")]) or _stated(around)


def _on_ebsco(fields: Fields) -> str | None:
    named = first_line(fields.get("DB", ()))
    if named and named not in _EBSCO_CODES and not re.fullmatch(r"[a-z0-9]{2,8}", named):
        return _named(named)
    addresses = (_EBSCO_ADDRESS.search(value) for value in fields.get("UR", ()))
    code = named or next((found[1].lower() for found in addresses if found), None)
    return _EBSCO_CODES.get(code, code) if code else None


def _stated(texts: Sequence[str]) -> str | None:
    for text in texts:
        found = _STRAY_DATABASE.search(text)
        if found:
            return _named(found[1])
    return None


def _named(text: str) -> str | None:
    text = _PREFIX.sub("", _SEGMENT.sub("", plain(text) or ""))
    for pattern, name in _NAMES:
        if pattern.match(text):
            return name
    return text or None


def _starts(fields: Fields, tag: str, prefix: str) -> bool:
    return any(value.strip().upper().startswith(prefix) for value in fields.get(tag, ()))
