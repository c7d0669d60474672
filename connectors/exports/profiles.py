"""Which tag means what, platform by platform: canonical field to tags in order of preference.

The orders come from counting real exports of each platform. A tag's published meaning says little: `T2`
is the journal at Scopus and the original title at Embase.com, `M1` a number here and a list of cited
references there, `ID` an accession number at Ovid and a record counter at EndNote.
"""

import re
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Take:
    """One place to look for a field.

    Attributes:
        tag: the tag.
        pattern: what to take of a value: its first group; values that do not match are passed over.
        database: look only in records of this database.
    """

    tag: str
    pattern: re.Pattern[str] | None = None
    database: str | None = None


def _takes(tags: str) -> tuple[Take, ...]:
    return tuple(Take(tag) for tag in tags.split())


def _take(tag: str, pattern: str, database: str | None = None) -> tuple[Take, ...]:
    return (Take(tag, re.compile(pattern, re.IGNORECASE), database),)


_DOI_ADDRESS = _take("UR", r"doi\.org/(10\.\S+)")
_PMID = r"^\s*(\d{1,8})\s*$"
_LENS_ADDRESS = r"\blens\.org/(\d{3}(?:-\d{3}){3}-\d\d[\dX])"
_EBSCO_NUMBER = r"\bAccession Number:\s*([\w.-]*\w)"


@dataclass(frozen=True, slots=True)
class Profile:
    """How one platform writes each canonical field; the first place that gives something wins.

    Of `keywords` and `issns` all places are taken, of the other lists all values of the first place.
    """

    title: tuple[Take, ...] = _takes("TI T1 CT BT")
    title_original: tuple[Take, ...] = _takes("TT")
    authors: tuple[Take, ...] = _takes("AU A1")
    groups: tuple[Take, ...] = ()
    year: tuple[Take, ...] = _takes("PY Y1 DA")
    date: tuple[Take, ...] = _takes("DA Y1 PY")
    journal: tuple[Take, ...] = _takes("JF T2 JO JA J2")
    journal_abbreviation: tuple[Take, ...] = _takes("JA J2")
    volume: tuple[Take, ...] = _takes("VL VO")
    issue: tuple[Take, ...] = _takes("IS")
    first_page: tuple[Take, ...] = _takes("SP PG")
    last_page: tuple[Take, ...] = _takes("EP")
    article_number: tuple[Take, ...] = _takes("C7")
    doi: tuple[Take, ...] = _takes("DO DI L3") + _DOI_ADDRESS
    pmid: tuple[Take, ...] = (
        _take("PMID", _PMID)
        + _take("C5", _PMID)
        + _take("AN", _PMID, "PubMed")
        + _take("C3", r"\bPUBMED\s+(\d{1,8})\b")
        + _take("UR", r"pubmed(?:\.ncbi\.nlm\.nih\.gov)?/(\d{1,8})\b")
        + _take("N1", r"\bPMID:?\s*(?:NLM)?(\d{1,8})\b")
    )
    pmcid: tuple[Take, ...] = _take("C2", r"^\s*(PMC\d+)\s*$")
    accession: tuple[Take, ...] = (
        _take("AN", r"^(?!\s*rayyan-)(.+)$")
        + _take("U2", r"^\s*(L\d{6,})\s*$")
        + _take("UR", r"embase\.com/.*\bid=(L\d{6,})")
        + _take("UR", r"\beid=(2-s2\.0-\d+)")
        + _take("UR", _LENS_ADDRESS)
        + _take("N1", _EBSCO_NUMBER)
    )
    issns: tuple[Take, ...] = _takes("SN")
    abstract: tuple[Take, ...] = _takes("AB N2")
    keywords: tuple[Take, ...] = _takes("KW")
    languages: tuple[Take, ...] = _takes("LA")
    publication_types: tuple[Take, ...] = _takes("PT") + _take("M3", r"^(?!\s*doi:)(?!\s*10\.)(.+)$")
    url: tuple[Take, ...] = _take("UR", r"(https?://\S+)")
    address: str | None = None
    """Where the platform shows a record, `{}` standing for its accession number, if no tag says it."""


GENERIC = Profile()
"""Reference managers, small databases, files of unknown origin."""

_OVID = Profile(
    title=_takes("T1 TI"),
    # Never A2: PsycInfo writes the cited authors there, not editors.
    authors=_takes("A1 AU"),
    year=_takes("Y1 PY Y2"),
    date=_takes("Y1 PY Y2"),
    journal=_takes("JF JA JO"),
    journal_abbreviation=_takes("JA NL"),
    first_page=_takes("SP"),
    doi=_takes("DO") + _DOI_ADDRESS,
    pmid=_take("ID", _PMID, "MEDLINE") + _take("PM", _PMID),
    accession=_takes("ID AN") + _take("L2", r"[?&]AN=([^&\s]+)") + _take("UR", r"[?&]AN=([^&\s]+)"),
    abstract=_takes("N2 AB"),
    # M3 is a classification code here.
    publication_types=_takes("PT"),
    url=_take("UR", r"(https?://\S+)") + _take("L2", r"(https?://\S+)"),
)

_EBSCO = Profile(
    title=_takes("T1 TI"),
    year=_takes("Y1 PY DA"),
    date=_takes("Y1 PY DA"),
    # T2 may hold a series or a section.
    journal=_takes("JF JO T2 JA"),
    journal_abbreviation=_takes("JA"),
    first_page=_takes("SP"),
    doi=_takes("DO L3") + _take("N1", r"\bDOI:\s*(10\.\S+)") + _DOI_ADDRESS,
    pmid=(
        _take("ID", r"^\s*NLM(\d{1,8})\s*$")
        + _take("N1", r"\bPMID:?\s*(?:NLM)?(\d{1,8})\b")
        + _take("AN", r"^\s*(?:NLM)?(\d{1,8})\s*$", "MEDLINE")
        + _take("N1", r"\bAccession Number:\s*(?:NLM)?(\d{1,8})\b", "MEDLINE")
    ),
    # ID comes last: the new interface repeats it for the PMID and the journal's NLM number.
    accession=(
        _takes("AN") + _take("N1", _EBSCO_NUMBER) + _take("UR", r"[?&]AN=([^&\s]+)") + _take("ID", r"^(?!\s*NLM)(.+)$")
    ),
    abstract=_takes("AB N2"),
    languages=_takes("LA") + _take("N1", r"\bLanguage:\s*([^.;]{2,60})[.;]"),
    publication_types=_takes("PT M3") + _take("N1", r"\bPublication Type:\s*([^.]{2,120})\."),
    # Repeats of UR hold ORCIDs and addresses of e-mail.
    url=_take("UR", r"(https?://\S*ebsco\S*)"),
)

_EMBASE_COM = Profile(
    title=_takes("T1 TI"),
    title_original=_takes("T2"),
    authors=_takes("A1 AU"),
    year=_takes("Y1 PY"),
    date=_takes("Y1 PY"),
    journal=_takes("JF JO"),
    journal_abbreviation=_takes("JO"),
    first_page=_takes("SP"),
    doi=_takes("DO L2"),
    pmid=_take("C5", _PMID),
    accession=_take("U2", r"^\s*(L\d+)") + _take("UR", r"\bid=(L\d+)"),
    abstract=_takes("N2 AB"),
    publication_types=_takes("M3"),
    url=_take("UR", r"(https?://\S*embase\.com\S*)"),
)

_PROQUEST = Profile(
    title=_takes("T1 TI"),
    journal=_takes("JF T2 JO"),
    # Two numbers: ProQuest's own, then the database's.
    accession=_take("AN", r"^\s*([^;\s]+)") + _take("UR", r"docview(?:/|%2F)(\d+)"),
    doi=_takes("DO") + _take("L2", r"doi\.org/(10\.\S+)"),
    pmid=(),
)

_PSYCNET = replace(
    _OVID,
    doi=_takes("DO") + _take("M3", r"^\s*doi:\s*(10\.\S+)"),
    pmid=_take("PMID", _PMID),
    journal=_takes("JF JO T2"),
)

_COCHRANE = Profile(
    journal=_takes("JF T2 JA JO"),
    journal_abbreviation=(),
    # 10.1002/central/CN-… names the entry in CENTRAL, not the article.
    doi=_take("DO", r"^(?!.*10\.1002/central/)(.+)$"),
    pmid=_take("C3", r"\bPUBMED\s+(\d{1,8})\b"),
    accession=_takes("AN ID"),
    publication_types=_takes("M3"),
)

_SCOPUS = Profile(
    journal=_takes("T2 JF J2"),
    journal_abbreviation=_takes("J2 JA"),
    doi=_takes("DO"),
    pmid=_take("C2", _PMID),
    accession=_take("UR", r"\beid=(2-s2\.0-\d+)"),
    publication_types=_takes("M3"),
)

_WOS = Profile(
    journal=_takes("T2 JF"),
    journal_abbreviation=_takes("JI J9"),
    doi=_takes("DO DI"),
    pmid=_take("PM", _PMID) + _take("AN", r"^\s*MEDLINE:(\d{1,8})\s*$"),
    accession=_takes("AN UT"),
    publication_types=_takes("PT M3"),
)

# TT is the translation here, TI the original.
_BVS = replace(GENERIC, title_original=(), accession=_takes("ID C8 AN"), journal=_takes("JF JO T2"))

# Y1 is the day as printed, PY the bare year.
_IEEE = replace(
    GENERIC,
    date=_takes("Y1 PY"),
    journal=_takes("T2 JO"),
    journal_abbreviation=(),
    volume=_takes("VL VO"),
    accession=_take("UR", r"ieeexplore\.ieee\.org/(?:abstract/)?document/(\d+)"),
)

# Assumed, as no file was at hand: of articles, the same places as of patents.
_LENS = replace(
    GENERIC,
    accession=_take("ID", r"^\s*(\d{3}(?:-\d{3}){3}-\d\d[\dX])\s*$") + _take("UR", _LENS_ADDRESS),
    journal=_takes("JF T2 JO"),
)

# Assumed, as no file was at hand: the common tags, and the publication's number in its address only.
_DIMENSIONS = replace(
    GENERIC, accession=_take("UR", r"dimensions\.ai/details/publication/(pub\.\d+)"), journal=_takes("T2 JF JO")
)

# C1 holds affiliations between the authors.
_OPENALEX = replace(
    GENERIC,
    accession=_take("UR", r"\bopenalex\.org/(W\d+)") + _take("ID", r"\b(W\d{4,})\s*$"),
    journal=_takes("T2 JF JO"),
)

_GOOGLE_SCHOLAR = replace(
    GENERIC, title=_takes("T1 TI"), authors=_takes("A1 AU"), accession=(), journal=_takes("JO T2 JF")
)

_MEDLINE_TEXT = Profile(
    title=_takes("TI BTI"),
    title_original=_takes("TT"),
    authors=_takes("FAU AU FED ED"),
    groups=_takes("CN"),
    year=_takes("DP DEP"),
    date=_takes("DP DEP"),
    journal=_takes("JT TA"),
    journal_abbreviation=_takes("TA"),
    volume=_takes("VI"),
    issue=_takes("IP"),
    first_page=_takes("PG"),
    last_page=(),
    article_number=_take("LID", r"^([^\[\]]+)$"),
    doi=_take("LID", r"^(.+)\[doi\]\s*$") + _take("AID", r"^(.+)\[doi\]\s*$"),
    pmid=_take("PMID", _PMID),
    pmcid=_take("PMC", r"(PMC\d+)"),
    accession=_takes("PMID"),
    issns=_takes("IS"),
    abstract=_takes("AB OAB"),
    keywords=_takes("OT MH"),
    publication_types=_takes("PT"),
    url=(),
    address="https://pubmed.ncbi.nlm.nih.gov/{}/",
)

PROFILES = {
    "ovid": _OVID,
    "ebsco": _EBSCO,
    "embase.com": _EMBASE_COM,
    "proquest": _PROQUEST,
    "psycnet": _PSYCNET,
    "cochrane": _COCHRANE,
    "scopus": _SCOPUS,
    "wos": _WOS,
    "scielo": _BVS,
    "lilacs": _BVS,
    "ieee": _IEEE,
    "lens": _LENS,
    "dimensions": _DIMENSIONS,
    "openalex": _OPENALEX,
    "googlescholar": _GOOGLE_SCHOLAR,
    "pubmed": _MEDLINE_TEXT,
    "endnote": GENERIC,
    "zotero": GENERIC,
    "mendeley": GENERIC,
    "refworks": GENERIC,
    "citavi": GENERIC,
    "rayyan": GENERIC,
    "covidence": GENERIC,
    "eppi": GENERIC,
}
"""By platform and reference manager; what nobody is known to have written is read with `GENERIC`."""
