"""Subheadings of subject headings: their names and two-letter codes."""

from livingsearch.strategy.tree import Vocabulary

CODES: dict[str, str] = {
    "abnormalities": "ab",
    "administration & dosage": "ad",
    "adverse effects": "ae",
    "agonists": "ag",
    "analogs & derivatives": "aa",
    "analysis": "an",
    "anatomy & histology": "ah",
    "antagonists & inhibitors": "ai",
    "biosynthesis": "bi",
    "blood": "bl",
    "blood supply": "bs",
    "cerebrospinal fluid": "cf",
    "chemical synthesis": "cs",
    "chemically induced": "ci",
    "chemistry": "ch",
    "classification": "cl",
    "complications": "co",
    "congenital": "cn",
    "contraindications": "ct",
    "cytology": "cy",
    "deficiency": "df",
    "diagnosis": "di",
    "diagnostic imaging": "dg",
    "diet therapy": "dh",
    "drug effects": "de",
    "drug therapy": "dt",
    "economics": "ec",
    "education": "ed",
    "embryology": "em",
    "enzymology": "en",
    "epidemiology": "ep",
    "ethics": "es",
    "ethnology": "eh",
    "etiology": "et",
    "genetics": "ge",
    "growth & development": "gd",
    "history": "hi",
    "immunology": "im",
    "injuries": "in",
    "innervation": "ir",
    "instrumentation": "is",
    "isolation & purification": "ip",
    "legislation & jurisprudence": "lj",
    "manpower": "ma",
    "metabolism": "me",
    "methods": "mt",
    "microbiology": "mi",
    "mortality": "mo",
    "nursing": "nu",
    "organization & administration": "og",
    "parasitology": "ps",
    "pathogenicity": "py",
    "pathology": "pa",
    "pharmacokinetics": "pk",
    "pharmacology": "pd",
    "physiology": "ph",
    "physiopathology": "pp",
    "poisoning": "po",
    "prevention & control": "pc",
    "psychology": "px",
    "radiation effects": "re",
    "radiography": "ra",
    "radionuclide imaging": "ri",
    "radiotherapy": "rt",
    "rehabilitation": "rh",
    "secondary": "sc",
    "secretion": "se",
    "standards": "st",
    "statistics & numerical data": "sn",
    "supply & distribution": "sd",
    "surgery": "su",
    "therapeutic use": "tu",
    "therapy": "th",
    "toxicity": "to",
    "transmission": "tm",
    "transplantation": "tr",
    "trends": "td",
    "ultrasonography": "us",
    "ultrastructure": "ul",
    "urine": "ur",
    "utilization": "ut",
    "veterinary": "ve",
    "virology": "vi",
}
"""Qualifiers of MeSH: name → code, the same on Ovid and PubMed.

Those that the National Library of Medicine gave up stay in, because older searches hold them: contraindications,
manpower, radiography, radionuclide imaging, ultrasonography and utilization.
"""

EMTREE_CODES: dict[str, str] = {
    "adverse drug reaction": "ae",
    "clinical trial": "ct",
    "complication": "co",
    "congenital disorder": "cn",
    "diagnosis": "di",
    "disease management": "dm",
    "drug administration": "ad",
    "drug analysis": "an",
    "drug combination": "cb",
    "drug comparison": "cm",
    "drug concentration": "cr",
    "drug development": "dv",
    "drug dose": "do",
    "drug interaction": "it",
    "drug resistance": "dr",
    "drug therapy": "dt",
    "drug toxicity": "to",
    "endogenous compound": "ec",
    "epidemiology": "ep",
    "etiology": "et",
    "pharmaceutics": "pr",
    "pharmacoeconomics": "pe",
    "pharmacokinetics": "pk",
    "pharmacology": "pd",
    "prevention": "pc",
    "radiotherapy": "rt",
    "rehabilitation": "rh",
    "side effect": "si",
    "special situation for pharmacovigilance": "ss",
    "surgery": "su",
    "therapy": "th",
    "unexpected outcome of drug treatment": "uo",
}
"""Subheadings of Emtree: name → code in Embase on Ovid. Routes of administration have codes too, not held here."""

_TABLES: dict[Vocabulary, dict[str, str]] = {"mesh": CODES, "emtree": EMTREE_CODES, "cinahl": {}, "apa": {}}
_NAMES = {vocabulary: {code: name for name, code in table.items()} for vocabulary, table in _TABLES.items()}


def code_of(qualifier: str, vocabulary: Vocabulary | None) -> str | None:
    """The two letters of a subheading.

    Args:
        qualifier: its name or its two letters, in any case.
        vocabulary: the thesaurus; None is read as MeSH.

    Returns:
        The code in lower case; None where the thesaurus has no such subheading.
    """
    wanted = qualifier.casefold().strip()
    table = _TABLES[vocabulary or "mesh"]
    return wanted if wanted in _NAMES[vocabulary or "mesh"] else table.get(wanted)


def name_of(code: str, vocabulary: Vocabulary | None) -> str | None:
    """The name of a subheading, from its two letters; None where the thesaurus has no such code."""
    return _NAMES[vocabulary or "mesh"].get(code.casefold())
