"""Web of Science's plain text (.ciw, savedrecs.txt): tags of two characters, wrapped lines indented by three blanks.

What the tags mean: Clarivate, Core Collection Field Tags. In AU, AF and the other lists of names every line is a
name; in all other fields a further line continues the sentence. `PT` begins a record, `ER` ends it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from connectors.errors import RecordsLost
from connectors.exports.canonical import canonical
from connectors.exports.found import Found, FoundRecord, Lines, Said, counted, payload_of
from connectors.exports.parse import Fields
from connectors.exports.prepass import is_blank
from connectors.exports.tables_databases import WOS_LISTS, WOS_TAGS
from connectors.record import Remnant

_FRAME = re.compile(r"[\ufeff\u200b\s]*(?:FN (?:Clarivate|Thomson|ISI)|VR \d|EF\s*\Z)")
_SAYS_NOTHING = re.compile(
    r"[\ufeff\u200b\s]*(?:FN (?:Clarivate(?: Analytics)?|Thomson(?: Reuters| ISI)?|ISI)"
    r"(?: Web of Science| Web of Knowledge| Export Format)?\W{0,3}|VR \d\.\d|EF)\s*\Z"
)
_TAG = re.compile(r"\ufeff*([A-Z][A-Z0-9])(?: (.*)|\s*\Z)", re.DOTALL)
_RIS = re.compile(r"\ufeff*[A-Z][A-Z0-9]  - ")
_START = re.compile(r"\ufeff*PT [A-Z]")
_ONE_A_LINE = frozenset({"AU", "AF", "BA", "BF", "CA", "GP", "BE", "C1", "C3", "CR", "RP", "AD", "ED", "IV"})

_OF_RECORDS = frozenset({"AU", "TI", "SO", "UT", "AB", "PY", "ER"})


@dataclass(slots=True)
class _Open:
    """The record being read."""

    line: int
    pairs: list[tuple[str, list[str]]] = field(default_factory=list)


def is_isi(head: str) -> bool:
    """Whether a text begins as Web of Science's plain text does.

    Args:
        head: its first lines.
    """
    first = next((line for line in re.split(r"\r\n|\n|\r", head) if not is_blank(line)), "")
    return bool(_FRAME.match(first)) or bool(_START.match(first) and re.search(r"(?:\A|[\r\n])(?:AU|TI|UT|SO) ", head))


def read_isi(lines: Lines, name: str) -> Iterator[Found]:
    """Read Web of Science's plain text.

    Args:
        lines: of the file.
        name: how to call it in a message.

    Yields:
        One record a `PT`, whose payload is a JSON list of [tag, value] with the value's own line breaks; text that
        belongs to none; at the end what a librarian should know.

    Raises:
        RecordsLost: there are fields outside of records, since a `PT` line is missing.
    """
    record: _Open | None = None
    gap: list[tuple[int, str]] = []
    unended = 0
    for number, line in lines:
        tag = _TAG.match(line)
        if _START.match(line) and tag:
            if record:
                unended += 1
                yield _found(record)
            yield from _remnant(gap, name)
            record = _Open(number, [("PT", [tag[2].strip()])])
        elif tag and tag[1] == "ER" and record:
            yield _found(record)
            record = None
            if tag[2] and not is_blank(tag[2]):
                gap.append((number, tag[2]))
        elif record is None or _FRAME.match(line):
            if record:
                # A second file behind the first one, or the end of one whose last record has no ER.
                unended += 1
                yield _found(record)
                record = None
            if not _SAYS_NOTHING.match(line):
                gap.append((number, line))
        elif tag:
            record.pairs.append((tag[1], [(tag[2] or "").strip()]))
        else:
            record.pairs[-1][1].append(line.strip())
    if record:
        unended += 1
        yield _found(record)
    yield from _remnant(gap, name)
    if unended:
        yield Said(f"{counted(unended, 'record')} lacked an ER line.")


def count_isi(lines: Lines) -> int:
    """How many records a text itself begins: its lines `PT` and a capital letter."""
    return sum(line.lstrip("\ufeff")[:3] == "PT " and line.lstrip("\ufeff")[3:4].isupper() for _, line in lines)


def isi_fields(pairs: tuple[tuple[str, str], ...]) -> Fields:
    """Values by tag in lower case, as `tables_databases.WOS_TAGS` names them.

    Args:
        pairs: tag and value as received.
    """
    fields: dict[str, list[str]] = {}
    for tag, value in pairs:
        name = tag.lower()
        if tag in _ONE_A_LINE:
            values = value.split("\n")
        elif name in WOS_LISTS:
            values = [part.strip() for part in " ".join(value.split("\n")).split(";")]
        else:
            values = [" ".join(value.split("\n"))]
        values = [value for value in values if value]
        if values:
            fields.setdefault(name, []).extend(values)
    return fields


def _found(record: _Open) -> FoundRecord:
    pairs = tuple((tag, "\n".join(lines).strip("\n")) for tag, lines in record.pairs)
    fields = isi_fields(pairs)
    number = next(iter(fields.get("ut", ())), "")
    database = "MEDLINE" if number.upper().startswith("MEDLINE:") else "Web of Science"
    return FoundRecord(record.line, payload_of(pairs), canonical(fields, WOS_TAGS, database))


def _remnant(gap: list[tuple[int, str]], name: str) -> Iterator[Remnant]:
    telling = [at for at, (_, line) in enumerate(gap) if not is_blank(line)]
    if telling:
        kept = gap[telling[0] : telling[-1] + 1]
        tags = {found[1] for _, line in kept if (found := _TAG.match(line)) and not _RIS.match(line)}
        if len(tags & _OF_RECORDS) > 1:
            raise RecordsLost(
                f"{name} has fields outside of its records from line {kept[0][0]} on (a PT line is missing), so "
                "nothing was taken: export it again, or add the missing line."
            )
        yield Remnant(kept[0][0], "\n".join(line for _, line in kept))
    gap.clear()
