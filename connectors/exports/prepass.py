"""RIS lines to records of tags, before any parser: nothing merged, nothing dropped, order kept.

Parsers of RIS lose data in silence: a missing `ER` merges two records, a missing last one drops the
record, text outside of records disappears. So where records begin and end is settled here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from connectors.record import Remnant

_LINE_END = re.compile(r"\r\n|\n|\r")
_BLANKS = r"(?:[^\S\r\n]|[\ufeff\u200b\x00\x1a])*"
_START = re.compile(
    _BLANKS + r"(?:\d{1,9}\.[^\S\r\n]*)?TY(?:[^\S\r\n]{2,3}-|[^\S\r\n](?P<loose>-)(?=\s|\Z))(?P<value>.*)",
    re.DOTALL,
)
_TAG = re.compile(_BLANKS + r"(?:([A-Z][A-Z0-9]{1,3})[^\S\r\n]{2,3}-|(C1) -(?= Database:))(.*)", re.DOTALL)
_LOOSE_TAG = re.compile(_BLANKS + r"([A-Z][A-Z0-9])[^\S\r\n]-(?=\s|\Z)(.*)", re.DOTALL)
_COUNTER = re.compile(_BLANKS + r"\d{1,9}\.\s*\Z")
_BETWEEN = re.compile(
    r"\s*(?:\d{1,9}\.\s*\Z|<\d{1,9}>|Record #\d|Provider:|Content:|Database:|Link to the )",
)
"""What platforms write between two records; it is never the end of the field before it."""

_GLUED = re.compile(r"(?<=\S)[^\S\r\n]{3,}(?!TY|ER)([A-Z][A-Z0-9])  - ")
_SPACE = re.compile(r"\s")


@dataclass(frozen=True, slots=True)
class TaggedRecord:
    """One record before its tags have a meaning.

    Attributes:
        line: where it begins in the file, from 1.
        pairs: tag and value in the order received; a value's own line breaks are kept.
        lead: text between the record before and this one, counters such as `12.` included.
        ended: whether the file itself ends the record.
    """

    line: int
    pairs: tuple[tuple[str, str], ...]
    lead: str
    ended: bool


@dataclass(frozen=True, slots=True)
class Tagged:
    """What a tagged text holds.

    Attributes:
        records: in the file's order.
        remnants: text outside of records, without blank lines and counters around it.
        tail: all that follows the last record.
        headless: ends of records that had fields but no beginning.
    """

    records: tuple[TaggedRecord, ...]
    remnants: tuple[Remnant, ...]
    tail: str = ""
    headless: int = 0


def lines_of(text: str, first: int = 1) -> Iterator[tuple[int, str]]:
    """Lines, numbered from `first`, split at CRLF, LF and bare CR and at nothing else.

    Web of Science and IEEE write bare CR inside LF files: split at LF alone, every accession number
    stands at the end of another field.
    """
    return enumerate(_LINE_END.split(text), first)


def is_blank(line: str) -> bool:
    """Whether a line shows nothing: white space, byte order marks, NUL, DOS's end of file."""
    return not line.strip().strip("\ufeff\u200b\x00\x1a").strip()


def remnant_of(gap: list[tuple[int, str]]) -> Remnant | None:
    """The text of numbered lines between records.

    Args:
        gap: the lines, blank ones and counters included.

    Returns:
        The lines from the first to the last with text, verbatim; None where there is none.
    """
    telling = [at for at, (_, line) in enumerate(gap) if not (is_blank(line) or _COUNTER.match(line))]
    if not telling:
        return None
    kept = gap[telling[0] : telling[-1] + 1]
    return Remnant(kept[0][0], "\n".join(line for _, line in kept))


def split_ris(text: str, first_line: int = 1) -> Tagged:
    """Cut a RIS text into records.

    Tolerates what real exports do: counters and blanks before `TY`, a missing `ER`, text after `ER`,
    wrapped lines, four-letter tags, two fields glued into one line.

    Args:
        text: the decoded file, or a part of it that begins at its beginning or with a record.
        first_line: number of the text's first line in the file.

    Returns:
        Its records, and all text that belongs to none.
    """
    reading = _Reading()
    for number, line in lines_of(text, first_line):
        tag, value = _tag_of(line, reading.loose)
        start = _START.match(line) if tag is None or tag == "TY" else None
        if start:
            reading.close(ended=False)
            reading.open(number, start["value"], loose=start["loose"] is not None)
        elif tag == "ER":
            reading.end(number, value)
        elif not reading.inside:
            reading.gap.append((number, line))
            reading.tagged_outside |= tag is not None
        elif tag is None:
            reading.fields[-1][1].append((number, line))
        else:
            reading.fields.append((tag, [(number, value)]))
    reading.close(ended=False)
    reading.keep_gap()
    tail = "\n".join(line for _, line in reading.gap)
    return Tagged(tuple(reading.records), tuple(reading.remnants), tail, reading.headless)


def _tag_of(line: str, loose: bool) -> tuple[str | None, str]:
    found = _TAG.match(line)
    if found:
        return found[1] or found[2], found[3]
    found = _LOOSE_TAG.match(line) if loose else None
    return (found[1], found[2]) if found else (None, line)


@dataclass(slots=True)
class _Reading:
    """State between two lines."""

    inside: bool = False
    loose: bool = False
    began: int = 0
    lead: str = ""
    fields: list[tuple[str, list[tuple[int, str]]]] = field(default_factory=list)
    gap: list[tuple[int, str]] = field(default_factory=list)
    tagged_outside: bool = False
    records: list[TaggedRecord] = field(default_factory=list)
    remnants: list[Remnant] = field(default_factory=list)
    headless: int = 0

    def open(self, number: int, value: str, *, loose: bool) -> None:
        self.keep_gap()
        self.lead = "\n".join(line for _, line in self.gap)
        self.gap = []
        self.inside, self.loose, self.began, self.tagged_outside = True, loose, number, False
        self.fields = [("TY", [(number, value)])]

    def close(self, *, ended: bool) -> None:
        if not self.inside:
            return
        last = self.fields[-1][1]
        peeled: list[tuple[int, str]] = []
        # Without ER the counter or header of the next record looks like a wrapped line of this one.
        while not ended and len(last) > 1 and (is_blank(last[-1][1]) or _BETWEEN.match(last[-1][1])):
            peeled.append(last.pop())
        self.gap = peeled[::-1]
        pairs: list[tuple[str, str]] = []
        for tag, lines in self.fields:
            value = _joined(lines)
            if "  - " in value:
                pairs.extend(_unglued(tag, value))
            else:
                pairs.append((tag, value))
        self.records.append(TaggedRecord(self.began, tuple(pairs), self.lead, ended))
        self.inside, self.fields = False, []

    def end(self, number: int, value: str) -> None:
        if self.inside:
            self.close(ended=True)
        elif self.tagged_outside:
            self.headless += 1
        self.tagged_outside = False
        if not is_blank(value):
            self.gap.append((number, value.strip()))

    def keep_gap(self) -> None:
        remnant = remnant_of(self.gap)
        if remnant:
            self.remnants.append(remnant)


def _joined(lines: list[tuple[int, str]]) -> str:
    if len(lines) == 1:
        return lines[0][1].strip()
    return "\n".join(line.strip() for _, line in lines).strip()


def _unglued(tag: str, value: str) -> Iterator[tuple[str, str]]:
    """Part fields that Rayyan writes into one line: `UR  - https://…     U2  - L123`."""
    begin = 0
    for found in _GLUED.finditer(value):
        piece = value[begin : found.start()]
        # Only an address or a number is followed by a glued field; five blanks in a sentence are blanks.
        if not piece or _SPACE.search(piece):
            break
        yield tag, piece
        tag, begin = found[1], found.end()
    yield tag, value[begin:].strip()
