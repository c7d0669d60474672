"""MeSH headings as PubMed reads and writes them: `"Asthma/drug therapy"[mh]`, `"Asthma"[majr:noexp]`."""

from livingsearch.strategy.pubmed.characters import plain
from livingsearch.strategy.qualifiers import CODES
from livingsearch.strategy.tree import Heading, Place

# Source: NLM, "MeSH Qualifier Hierarchies"; qualifiers that were given up are left out.
NARROWER: dict[str, tuple[str, ...]] = {
    "adverse effects": ("poisoning", "toxicity"),
    "analysis": ("blood", "cerebrospinal fluid", "isolation & purification", "urine"),
    "anatomy & histology": ("blood supply", "cytology", "embryology", "innervation"),
    "chemistry": ("agonists", "analogs & derivatives", "antagonists & inhibitors", "chemical synthesis"),
    "complications": ("secondary",),
    "cytology": ("ultrastructure",),
    "diagnosis": ("diagnostic imaging", "pathology"),
    "embryology": ("abnormalities",),
    "epidemiology": ("ethnology", "mortality"),
    "etiology": (
        *("chemically induced", "complications", "congenital", "embryology", "genetics", "immunology"),
        *("microbiology", "parasitology", "transmission"),
    ),
    "metabolism": (
        *("biosynthesis", "blood", "cerebrospinal fluid", "deficiency", "enzymology", "pharmacokinetics", "urine"),
    ),
    "microbiology": ("virology",),
    "organization & administration": (
        *("economics", "legislation & jurisprudence", "standards", "supply & distribution", "trends"),
    ),
    "pharmacology": (
        *("administration & dosage", "adverse effects", "agonists", "antagonists & inhibitors", "pharmacokinetics"),
    ),
    "physiology": (*("genetics", "growth & development", "immunology", "metabolism", "physiopathology", "secretion"),),
    "statistics & numerical data": ("epidemiology", "supply & distribution"),
    "surgery": ("transplantation",),
    "therapeutic use": ("administration & dosage", "adverse effects", "poisoning"),
    "therapy": (
        *("diet therapy", "drug therapy", "nursing", "prevention & control", "radiotherapy", "rehabilitation"),
        "surgery",
    ),
}
"""Qualifier → those below it, not all: PubMed searches them along with it where the heading is exploded."""

_NAME_OF = {code.lower(): name.lower() for name, code in CODES.items()}
_DROPPED = str.maketrans({"[": " ", "]": " ", '"': " ", "*": " ", "/": " "})


def heading_of(text: str, *, exploded: bool, major: bool, place: Place) -> Heading:
    """A heading from what stands before its tag.

    Args:
        text: the heading, and behind `/` a qualifier, by its name or by its two letters.
        exploded: whether those below it are searched as well.
        major: whether only main topics count.
        place: in the search's text.
    """
    name, _, qualifier = text.partition("/")
    qualifier = " ".join(qualifier.split())
    qualifiers = (qualifier_name(qualifier),) if qualifier else ()
    return Heading(" ".join(name.split()), "mesh", exploded, major, qualifiers, place)


def qualifier_name(qualifier: str) -> str:
    """A qualifier's full name; what was given where it is not one of MeSH's."""
    return _NAME_OF.get(qualifier.lower(), qualifier)


def is_known(qualifier: str) -> bool:
    """Whether MeSH has this qualifier."""
    name = qualifier_name(qualifier).lower()
    return name in _NAME_OF.values()


def has_narrower(qualifier: str) -> bool:
    """Whether PubMed searches others along with this qualifier."""
    return qualifier_name(qualifier).lower() in NARROWER


def heading_text(heading: Heading, qualifier: str) -> str | None:
    """A heading as it is pasted, with one qualifier or none; None where it has no name."""
    tag = ("majr" if heading.major else "mh") + ("" if heading.exploded else ":noexp")
    name, part = heading_name(heading.text), heading_name(qualifier_name(qualifier))
    if not name:
        return None
    return f'"{name}/{part}"[{tag}]' if part else f'"{name}"[{tag}]'


def heading_name(text: str) -> str:
    """A heading's or qualifier's name without the characters that have a meaning in PubMed."""
    return " ".join(plain(text).translate(_DROPPED).split())
