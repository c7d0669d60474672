"""Field codes of EBSCOhost and its databases.

Sources: EBSCO's help pages on field codes, CINAHL and PsycInfo; lists of searchable fields that libraries print from
the databases' own help. No page lists the fields of all databases: where a code is not documented for a database,
`DatabaseFields.keywords` says so and the writer asks for a check.
"""

from dataclasses import dataclass
from typing import Literal

from livingsearch.strategy.dialects import Dialect
from livingsearch.strategy.tree import DateField, FieldName

FIELD_OF: dict[str, FieldName] = {
    "TI": "title",
    "AB": "abstract",
    "KW": "author_keywords",
    "SU": "keywords",
    "MW": "heading_word",
    "TX": "all",
    "AU": "author",
    "AF": "affiliation",
    "SO": "journal",
    "JN": "journal",
    "PT": "publication_type",
    "LA": "language",
    "AN": "uid",
    "DO": "identifier",
}
"""Code → field that other platforms have as well."""

OWN_CODES = frozenset(
    "AA AG AI AR BN CA CC CN CS CT DN FM GE GR IA IB ID IN IP IS IT JT KP MA MC MD MJ MT NM NU PB PG PL PM PO RC RF RN "
    "RV SB SC SE SN ST TC TM TP TT UI VI XB YC ZT ZU ZW ZY".split()
)
"""Codes that have no twin elsewhere; their field is `ebsco:XX`."""

HEADING_CODES: dict[str, bool] = {"MH": False, "MM": True, "DE": False}
"""Code of a whole subject heading → whether it must be a main topic."""

DATE_CODES: dict[str, DateField] = {"PY": "date_publication", "DT": "date_publication", "EM": "date_entry"}

ALL_CODES = frozenset({*FIELD_OF, *OWN_CODES, *HEADING_CODES, *DATE_CODES})

UNWORDED = frozenset(("AU", "AF", "SO", "JN", "JT", "PT", "LA", "AN", "AR", "CA", "PB", "ZT", "DO"))
"""Codes of fields that hold names: words side by side are one name there."""

STOP_WORDS = frozenset(
    "a also an and are as at be because been but by for from has have however if in is not of on or p so than that the "
    "their there these this to was were whatever whether which with would".split()
)
"""Words that EBSCOhost never looks for, in quotation marks neither: any single word may stand in their place.

EBSCO help, "How are phrases searched?"; databases have further ones of their own.
"""


@dataclass(frozen=True, slots=True)
class DatabaseFields:
    """What a database on EBSCOhost has.

    Args:
        heading: code of a whole subject heading.
        major: code of one that is a main topic.
        explodes: whether `+` behind a heading takes in what stands below it; else the thesaurus screen writes the
            narrower headings out.
        heading_word: code of a word of a subject heading.
        keywords: whether authors' keywords are in KW: `check` where nothing in print says so.
        qualifiers: whether headings have subheadings.
        entry_date: whether the day of entry is in EM.
    """

    heading: Literal["MH", "DE"]
    major: Literal["MM"]
    explodes: bool
    heading_word: Literal["MW", "SU"]
    keywords: Literal["yes", "no", "check"]
    qualifiers: bool
    entry_date: bool


_CINAHL = DatabaseFields("MH", "MM", True, "MW", "no", True, True)
_MEDLINE = DatabaseFields("MH", "MM", True, "MW", "check", True, True)
# KW are the "key concepts" of PsycInfo: mostly the authors' keywords, else APA's.
_PSYCINFO = DatabaseFields("DE", "MM", False, "SU", "yes", False, False)
_OTHER = DatabaseFields("DE", "MM", False, "SU", "check", False, False)


DESCRIPTORS = _OTHER
"""What is known of a database whose headings are in DE and that nobody named."""


def database_fields(dialect: Dialect) -> DatabaseFields:
    """What the database of an EBSCOhost dialect has; CINAHL where none is named."""
    match dialect.vocabulary:
        case "cinahl":
            return _CINAHL
        case "mesh":
            return _MEDLINE
        case "apa":
            return _PSYCINFO
        case _:
            return _OTHER
