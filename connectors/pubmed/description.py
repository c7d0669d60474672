"""PubMed's own description of its records, to tell markup that it does not know.

Biopython brings the description along; only its package's files are read here, never what came from outside.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element
from xml.parsers import expat

from Bio import Entrez

_FOLDER = Path(Entrez.__file__).parent / "DTDs"
_MANY = (expat.model.XML_CQUANT_REP, expat.model.XML_CQUANT_PLUS)
_NAMESPACED = "{"


@dataclass(frozen=True, slots=True)
class Description:
    """What may stand in what.

    Attributes:
        children: names of the elements that an element may hold, by its name.
        once: those of them that it may hold once only.
    """

    children: Mapping[str, frozenset[str]]
    once: Mapping[str, frozenset[str]]

    def knows(self, record: Element) -> bool:
        """Whether all markup of a record is known; formulas are taken as they are.

        Args:
            record: an article or book, from a checked document.
        """
        for element in record.iter():
            if not len(element) or element.tag[0] == _NAMESPACED:
                continue
            tags = [child.tag for child in element if child.tag[0] != _NAMESPACED]
            allowed = self.children.get(element.tag)
            if allowed is None or not allowed.issuperset(tags):
                return False
            if len(set(tags)) < len(tags) and any(
                count > 1 and tag in self.once[element.tag] for tag, count in Counter(tags).items()
            ):
                return False
        return True


@cache
def newest_description() -> Description:
    """The newest description that Biopython comes with."""
    newest = max(path.name for path in _FOLDER.glob("pubmed_[0-9]*.dtd"))
    models: dict[str, Any] = {}
    parser = expat.ParserCreate()
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_ALWAYS)
    parser.ElementDeclHandler = models.__setitem__

    def included(context: str, base: str | None, system: str | None, public: str | None) -> int:
        # Names are those in the package's own files; some are written as addresses.
        content = (_FOLDER / (system or newest).rsplit("/", 1)[-1]).read_bytes()
        parser_of_it = parser.ExternalEntityParserCreate(context)
        parser_of_it.Parse(content, True)
        return 1

    parser.ExternalEntityRefHandler = included
    parser.Parse(f'<!DOCTYPE PubmedArticleSet SYSTEM "{newest}"><PubmedArticleSet/>', True)
    names = {tag: list(_names(model, False)) for tag, model in models.items()}
    return Description(
        {tag: frozenset(name for name, _ in found) for tag, found in names.items()},
        {tag: _once(found) for tag, found in names.items()},
    )


def _names(model: Any, repeated: bool) -> Iterator[tuple[str, bool]]:
    """Elements that a content model names, each with whether it may repeat there."""
    _, quantity, name, parts = model
    repeated = repeated or quantity in _MANY
    if name is not None:
        yield name, repeated
    for part in parts:
        yield from _names(part, repeated)


def _once(found: list[tuple[str, bool]]) -> frozenset[str]:
    times = Counter(name for name, _ in found)
    return frozenset(name for name, repeated in found if not repeated and times[name] == 1)
