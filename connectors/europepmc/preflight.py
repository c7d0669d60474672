"""What Europe PMC would take for something else, found before anything is sent.

Europe PMC answers a search that it cannot make sense of with a number like any other, and has no list of
warnings. Held are signs of another platform's syntax and characters that only look like an operator.
"""

import re
from collections.abc import Collection, Iterator

from connectors.altered import Warning, altered, not_accepted
from connectors.look_alikes import look_alikes

_QUOTED = re.compile(r'"[^"]*"')
_BRACKETED = re.compile(r"(\S?)\[([^\[\]]*)\]")
_RANGE = re.compile(r"\s*\S+\s+TO\s+\S+\s*")
_OVID_FIELDS = re.compile(r"\.(?:mp|ti|ab|tw|kw|kf|sh|hw|pt|af)(?:,[a-z]{2})*\.", re.IGNORECASE)

_Finding = tuple[Warning, str]


def preflight(query: str, accepted: Collection[str] = ()) -> None:
    """Hold a query that Europe PMC would misread.

    Args:
        query: in Europe PMC's syntax.
        accepted: kinds (`ForeignFieldTag`) or single findings (`ForeignFieldTag: [tiab]`) to let pass.

    Raises:
        QueryAltered: with a sentence a finding.
    """
    found: dict[Warning, str] = {}
    for rule in (_empty, _look_alikes, _unbalanced, _foreign_fields):
        for warning, sentence in rule(query):
            found.setdefault(warning, sentence)
    rest = not_accepted(found, accepted)
    if rest:
        raise altered(" ".join(found[warning] for warning in rest), rest)


def _empty(query: str) -> Iterator[_Finding]:
    if not query.strip():
        yield Warning("EmptyQuery", "nothing to search"), "The search is empty."


def _look_alikes(query: str) -> Iterator[_Finding]:
    return look_alikes(query, "Europe PMC", harmless=("'", "[", "]"))


def _unbalanced(query: str) -> Iterator[_Finding]:
    if query.count('"') % 2:
        yield Warning("Unbalanced", '"'), "A quotation mark has no partner."
        return
    depth = lowest = 0
    for char in _QUOTED.sub(" ", query):
        depth += (char == "(") - (char == ")")
        lowest = min(lowest, depth)
    if depth or lowest < 0:
        yield Warning("Unbalanced", "( )"), "A bracket has no partner."


def _foreign_fields(query: str) -> Iterator[_Finding]:
    bare = _QUOTED.sub('""', query)
    for match in _BRACKETED.finditer(bare):
        if match[1] != ":" or not _RANGE.fullmatch(match[2]):
            tag = f"[{match[2]}]"
            yield (
                Warning("ForeignFieldTag", tag),
                f"{tag} is no syntax of Europe PMC: a field stands before its term, as in TITLE:peer, and a range "
                "as in PUB_YEAR:[2020 TO 2024].",
            )
    for match in _OVID_FIELDS.finditer(bare):
        yield (
            Warning("ForeignFieldTag", match[0]),
            f"{match[0]} is Ovid's syntax; Europe PMC's fields stand before the term, as in TITLE:peer.",
        )
