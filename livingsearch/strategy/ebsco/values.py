"""Subject headings and dates as EBSCOhost writes them."""

import calendar
import re
from dataclasses import dataclass, replace
from datetime import date

from livingsearch.strategy.dialects import Dialect
from livingsearch.strategy.ebsco.fields import DATE_CODES, HEADING_CODES, database_fields
from livingsearch.strategy.ebsco.words import words_of
from livingsearch.strategy.findings import Finding
from livingsearch.strategy.qualifiers import CODES, name_of
from livingsearch.strategy.tree import DateRange, Heading, Node, Phrase, Place, Scoped, Word

_CODES = {code.lower() for code in CODES.values()}
_WILDCARD = re.compile(r"[*?#]")
_SHORT_CODE = 2
_DATES = re.compile(r"(\d{4,8})?(-)?(\d{4,8})?")
_NOT_EXPLODED = (
    "+ is documented for MH and MM: whether it takes in the narrower headings here is not; EBSCOhost's thesaurus "
    "screen writes them out"
)


@dataclass(frozen=True, slots=True)
class Value:
    """What stands behind a field code whose field holds whole values.

    Args:
        text: without quotation marks.
        code: the field code.
        place: of both.
        problematic: both, as they stand.
    """

    text: str
    code: str
    place: Place
    problematic: str


def heading_of(value: Value, dialect: Dialect, findings: list[Finding]) -> Node | None:
    """Reads what stands behind MH, MM or DE: `Asthma+/DT/TH`; with a wildcard a pattern that headings fit.

    Args:
        value: the heading.
        dialect: tells the thesaurus.
        findings: T006 is added to it.

    Returns:
        The heading; None where there is no text.
    """
    major = HEADING_CODES[value.code]
    # CINAHL, which is taken where no database is named, has no DE: it is a descriptor of a database that nobody named.
    unnamed = value.code == "DE" and dialect.database is None
    vocabulary = None if unnamed else dialect.vocabulary
    if _WILDCARD.search(value.text) and (pattern := _words(value, findings)):
        field = "ebsco:DE" if unnamed else "subject_heading_major" if major else "subject_heading"
        return Scoped(pattern, (field,), value.place)
    name, *rest = value.text.split("/")
    qualifiers = [part.strip() for part in rest]
    if not all(_is_qualifier(part) for part in qualifiers):
        name, qualifiers = value.text, []
    exploded = name.rstrip().endswith("+")
    if exploded and (unnamed or not database_fields(dialect).explodes):
        findings.append(Finding("T006", "warning", _NOT_EXPLODED, value.place, value.problematic))
    name = " ".join(name.rstrip().rstrip("+").split())
    if not name:
        return None
    named = tuple([name_of(part, vocabulary) or part.lower() for part in qualifiers])
    return Heading(name, vocabulary, exploded, major, named, value.place)


def _words(value: Value, findings: list[Finding]) -> Word | Phrase | None:
    noted: list[Finding] = []
    words = [word for word in words_of(value.text, value.place.start, noted) if word is not None]
    findings.extend(replace(finding, place=value.place, problematic=value.problematic) for finding in noted)
    if not words:
        return None
    return words[0] if len(words) == 1 else Phrase(tuple(words), value.place)


def _is_qualifier(part: str) -> bool:
    return part.lower() in CODES or part.lower() in _CODES or (len(part) == _SHORT_CODE and part.isupper())


def dates_of(value: Value, findings: list[Finding]) -> Node | None:
    """Reads what stands behind PY, DT or EM: `2010`, `2010-2020`, `2010-`, with months or days `201006`, `20100630`.

    Args:
        value: the date or dates.
        findings: S001 is added to it where it is no date.

    Returns:
        The range, or the words in the field of that code; None where there is no text.
    """
    match = _DATES.fullmatch("".join(value.text.split()))
    if match and (match[1] or match[3]):
        first, dash, last = match.groups()
        if not dash:
            last = first
        low, high = _day(first, last=False), _day(last, last=True)
        if (low is not None or not first) and (high is not None or not last):
            return DateRange(DATE_CODES[value.code], low, high, value.place)
    words = _words(value, [])
    if words is None:
        return None
    sentence = "this is no date that EBSCOhost knows: years, or days as 20100630, with a hyphen between two of them"
    findings.append(Finding("S001", "error", sentence, value.place, value.problematic))
    return Scoped(words, (f"ebsco:{value.code}",), value.place)


def _day(digits: str | None, *, last: bool) -> date | None:
    """The first or last day of a year, a month or a day."""
    if not digits or len(digits) % 2:
        return None
    year, month, day = int(digits[:4]), int(digits[4:6] or 0), int(digits[6:8] or 0)
    if not month and len(digits) == 4:
        month = 12 if last else 1
    if not (1 <= year and 1 <= month <= 12):
        return None
    longest = calendar.monthrange(year, month)[1]
    if len(digits) < 8:
        day = longest if last else 1
    return date(year, month, day) if 1 <= day <= longest else None
