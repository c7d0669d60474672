"""MeSH headings as PubMed reads and writes them: `"Asthma/drug therapy"[mh]`, `"Asthma"[majr:noexp]`."""

from livingsearch.strategy.pubmed.characters import plain
from livingsearch.strategy.qualifiers import CODES
from livingsearch.strategy.tree import Heading, Place

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
