"""EndNote's tagged format (Refer, .enw): `%0 Journal Article`, `%A` an author, and so on.

What the tags mean: EndNote's own import filter for the format. Only files in which `%0` begins every record are
read, as EndNote, Google Scholar and most platforms write them.
"""

import re
from collections.abc import Iterator

from connectors.errors import RecordsLost
from connectors.exports.canonical import canonical
from connectors.exports.databases import database_of
from connectors.exports.found import Found, FoundRecord, Lines, payload_of
from connectors.exports.parse import grouped
from connectors.exports.prepass import is_blank
from connectors.exports.profiles import GENERIC
from connectors.record import Remnant

_TAG = re.compile(r"\ufeff*%([^\s\w]|[0-9A-Za-z])(?:[ \t]+(.*)|\s*\Z)", re.DOTALL)
_START = re.compile(r"\ufeff*%0[ \t]+\S")
_ONCE = frozenset("TD")
"""Tags that a record has once."""
_RIS = {
    "0": "TY",
    "A": "AU",
    "T": "TI",
    "Q": "TT",
    "J": "JF",
    "B": "T2",
    "O": "J2",
    "D": "PY",
    "8": "DA",
    "V": "VL",
    "N": "IS",
    "P": "SP",
    "&": "SP",
    "]": "C7",
    "R": "DO",
    "M": "AN",
    "@": "SN",
    "X": "AB",
    "K": "KW",
    "G": "LA",
    "9": "M3",
    "U": "UR",
    "Z": "N1",
    "2": "C2",
    "~": "DB",
    "W": "DP",
}
"""Tags by the RIS tag in which EndNote writes the same field."""


def is_refer(head: str) -> bool:
    """Whether a text begins as EndNote's tagged format does."""
    first = next((line for line in re.split(r"\r\n|\n|\r", head) if not is_blank(line)), "")
    return bool(_START.match(first))


def read_refer(lines: Lines, name: str) -> Iterator[Found]:
    """Read EndNote's tagged format.

    Args:
        lines: of the file.
        name: how to call it in a message.

    Yields:
        One record a `%0`, whose payload is a JSON list of [tag, value]; text that stands before the first one.

    Raises:
        RecordsLost: a record begins without `%0`.
    """
    began = 0
    pairs: list[tuple[str, list[str]]] = []
    gap: list[tuple[int, str]] = []
    paused = False
    for number, line in lines:
        tag = _TAG.match(line)
        if _START.match(line):
            if pairs:
                yield _found(began, pairs)
            elif gap:
                yield Remnant(gap[0][0], "\n".join(text for _, text in gap).rstrip())
            began, pairs, gap, paused = number, [], [], False
        elif tag and tag[1] in _ONCE and (not began or (paused and any(known[1] == tag[1] for known, _ in pairs))):
            raise RecordsLost(
                f"The record in line {number} of {name} begins without %0, so where records begin cannot be told and "
                "nothing was taken: export the file again, or add the missing line."
            )
        if began and tag:
            pairs.append((f"%{tag[1]}", [(tag[2] or "").strip()]))
        elif began and not is_blank(line):
            pairs[-1][1].append(line.strip())
        elif not began and (gap or not is_blank(line)):
            gap.append((number, line))
        paused = paused or is_blank(line)
    if pairs:
        yield _found(began, pairs)
    elif gap:
        yield Remnant(gap[0][0], "\n".join(text for _, text in gap).rstrip())


def count_refer(lines: Lines) -> int:
    """How many records a text itself begins: its lines `%0` with a type."""
    return sum(line.lstrip("\ufeff")[:2] == "%0" and bool(line.lstrip("\ufeff")[2:].strip()) for _, line in lines)


def _found(line: int, tagged: list[tuple[str, list[str]]]) -> FoundRecord:
    pairs = tuple((tag, "\n".join(lines)) for tag, lines in tagged)
    fields = grouped([(_RIS[tag[1]], value) for tag, value in pairs if tag[1] in _RIS])
    return FoundRecord(line, payload_of(pairs), canonical(fields, GENERIC, database_of(None, fields)))
