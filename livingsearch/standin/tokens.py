"""A PubMed query cut into tokens; anything can be cut, as PubMed refuses nothing."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from livingsearch.strategy.tree import Place

TokenKind = Literal["(", ")", ":", "tag", "quoted", "word", "operator"]

_TOKEN = re.compile(
    r"""
    (?P<bracket>[()]) | (?P<colon>:) | \[(?P<tag>[^\]]*)\]?
    | "(?P<quoted>[^"]*)"? | (?P<word>[^\s()\[\]":]+)
    """,
    re.VERBOSE,
)
_STRAIGHT = str.maketrans("“”„", '"""')
_OPERATORS = ("AND", "OR", "NOT")


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the query; `text` comes without quotation marks or square brackets."""

    kind: TokenKind
    text: str
    place: Place


def tokens_of(query: str) -> Iterator[Token]:
    """The tokens of a query, in order; stray closing brackets come too."""
    for found in _TOKEN.finditer(query.translate(_STRAIGHT)):
        place = Place(found.start(), found.end())
        if found["bracket"]:
            yield Token("(" if found["bracket"] == "(" else ")", found["bracket"], place)
        elif found["colon"]:
            yield Token(":", ":", place)
        elif found["tag"] is not None:
            yield Token("tag", found["tag"], place)
        elif found["quoted"] is not None:
            yield Token("quoted", found["quoted"], place)
        else:
            yield Token("operator" if found["word"] in _OPERATORS else "word", found["word"], place)
