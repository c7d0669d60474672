"""The platforms whose searches are read or written, and the thesaurus of the database searched there."""

from dataclasses import dataclass
from typing import Literal, get_args

from livingsearch.strategy.tree import Vocabulary

PlatformName = Literal["ovid", "pubmed", "ebsco", "embase", "wos", "scopus", "cochrane"]
PLATFORMS: tuple[PlatformName, ...] = get_args(PlatformName)
READABLE: tuple[PlatformName, ...] = ("ovid", "pubmed", "ebsco")
"""Platforms whose searches are read; all are written."""

LABELS: dict[PlatformName, str] = {
    "ovid": "Ovid",
    "pubmed": "PubMed",
    "ebsco": "EBSCOhost",
    "embase": "Embase.com",
    "wos": "Web of Science",
    "scopus": "Scopus",
    "cochrane": "Cochrane Library",
}
VOCABULARY_LABELS: dict[Vocabulary, str] = {
    "mesh": "MeSH",
    "emtree": "Emtree",
    "cinahl": "CINAHL",
    "apa": "APA Thesaurus",
}

# How people and exports call a platform, in lower case and without anything but letters and digits.
_NAMES: dict[str, PlatformName] = {
    "ovid": "ovid",
    "ovidsp": "ovid",
    "wolterskluwer": "ovid",
    "pubmed": "pubmed",
    "ncbi": "pubmed",
    "entrez": "pubmed",
    "ncbipubmed": "pubmed",
    "ebsco": "ebsco",
    "ebscohost": "ebsco",
    "embase": "embase",
    "embasecom": "embase",
    "elsevierembase": "embase",
    "wos": "wos",
    "webofscience": "wos",
    "clarivate": "wos",
    "webofscienceclarivate": "wos",
    "scopus": "scopus",
    "cochrane": "cochrane",
    "cochranelibrary": "cochrane",
    "central": "cochrane",
    "wiley": "cochrane",
}
# Words in the name of a database, and its thesaurus; the first that fits.
_THESAURI: tuple[tuple[str, Vocabulary], ...] = (
    ("embase", "emtree"),
    ("emtree", "emtree"),
    ("cinahl", "cinahl"),
    ("psyc", "apa"),
    ("apa", "apa"),
    ("medline", "mesh"),
    ("pubmed", "mesh"),
    ("central", "mesh"),
    ("cochrane", "mesh"),
    ("mesh", "mesh"),
)
_USUAL: dict[PlatformName, Vocabulary | None] = {
    "ovid": "mesh",
    "pubmed": "mesh",
    "ebsco": "cinahl",
    "embase": "emtree",
    "wos": None,
    "scopus": None,
    "cochrane": "mesh",
}


@dataclass(frozen=True, slots=True)
class Dialect:
    """A platform and the database searched there.

    Args:
        platform: whose syntax it is.
        database: as the platform calls it; None for the one that the platform is most used for (Ovid MEDLINE,
            CINAHL on EBSCOhost).
    """

    platform: PlatformName
    database: str | None = None

    @property
    def label(self) -> str:
        """`CINAHL on EBSCOhost`, `PubMed`."""
        name = LABELS[self.platform]
        return f"{self.database} on {name}" if self.database and self.database != name else name

    @property
    def vocabulary(self) -> Vocabulary | None:
        """The thesaurus of its subject headings; None where it has none, or where the database is unheard of."""
        if self.platform in ("pubmed", "cochrane"):
            return "mesh"
        if self.platform in ("wos", "scopus"):
            return None
        if self.database is None:
            return _USUAL[self.platform]
        name = self.database.lower()
        return next((thesaurus for part, thesaurus in _THESAURI if part in name), None)


def platform_named(text: str) -> PlatformName | None:
    """The platform that people mean by a name.

    Args:
        text: such as `EBSCOhost`, `Web of Science`, `NCBI`.

    Returns:
        Its name here; None where nothing is known of it.
    """
    return _NAMES.get("".join(c for c in text.lower() if c.isalnum()))
