"""Ranges of dates and of record numbers, as PubMed reads and writes them."""

import calendar
import re
from datetime import date

from livingsearch.strategy.tree import DateField, DateRange, Place, UidRange, Wild, Word

TAG_OF: dict[DateField, str] = {"date_publication": "dp", "date_create": "crdt", "date_entry": "edat"}
DATE_FIELDS: dict[str, DateField] = {tag: dated for dated, tag in TAG_OF.items()}
OPEN_FIRST, OPEN_LAST = 1000, 3000
"""Years by which PubMed's own date filter leaves an end open (`1000/1/1`, `3000/12/12`)."""
OPEN_UID = 99_999_999
_LONGEST_RELATIVE = 60
_DATE = re.compile(r"(\d{4})(?:[/-](\d{1,2})(?:[/-](\d{1,2}))?)?\Z", re.ASCII)
# The begin of a year, or a year with its month or its day, as other platforms write them.
_DIGITS = re.compile(r"(?:1[5-9]|2[01])(?:\d{0,2}|\d{4}|\d{6})\Z", re.ASCII)
_RELATIVE = re.compile(
    r"(?:in the )?(?:last|past)(?: \d{1,6})? (?:days?|weeks?|months?|years?)\Z", re.IGNORECASE | re.ASCII
)
_UID = re.compile(r"\d{1,9}\Z", re.ASCII)


def days_of(text: str) -> tuple[date, date] | None:
    """The first and last day that a date stands for.

    Args:
        text: `2010`, `2010/05`, `2010/05/31`.

    Returns:
        Both days; None where it is no date. What lies beyond the calendar counts as its last year.
    """
    match = _DATE.match(text.strip())
    if match is None:
        return None
    year, month, day = (int(part) if part else None for part in match.groups())
    if not year:
        year = 1
    if month is None:
        return date(year, 1, 1), date(year, 12, 31)
    if not 1 <= month <= 12:
        return None
    last = calendar.monthrange(year, month)[1]
    if day is None:
        return date(year, month, 1), date(year, month, last)
    return (date(year, month, day), date(year, month, day)) if 1 <= day <= last else None


def date_range(dated: DateField, first: str, last: str, place: Place) -> DateRange | None:
    """A range between two dates as they are written; None where one of them is none."""
    start, end = days_of(first), days_of(last)
    if start is None or end is None:
        return None
    return DateRange(
        dated,
        None if start[0].year <= OPEN_FIRST else start[0],
        None if end[1].year >= OPEN_LAST else end[1],
        place,
    )


def is_relative(text: str) -> bool:
    """Whether a date is counted back from the day of the search: `last 5 years`."""
    return len(text) < _LONGEST_RELATIVE and _RELATIVE.match(" ".join(text.split())) is not None


def range_of_word(dated: DateField, word: Word, place: Place) -> DateRange | None:
    """The days that a word in a field of dates stands for.

    Args:
        dated: the field.
        word: `2019`, `20190517`, or its begin and a wildcard: `2019*`, `202*`, `201#`, `201905*`.
        place: of the term.

    Returns:
        The range; None where the digits make no day, month, year, decade or century.
    """
    if word.plain:
        found = date_range(dated, word.text, word.text, place)
        if found is not None:
            return found
    digits = word.text
    if not isinstance(word.parts[0], str) or len(word.parts) > 2 or not _DIGITS.match(digits):
        return None
    left_open = word.parts[1] if len(word.parts) == 2 else None
    missing = max(0, 4 - len(digits))
    if isinstance(left_open, Wild):
        if left_open.least > missing or (left_open.most is not None and left_open.most < missing):
            return None
    elif missing:
        return None
    if missing:
        return date_range(dated, digits + "0" * missing, digits + "9" * missing, place)
    text = "/".join(part for part in (digits[:4], digits[4:6], digits[6:]) if part)
    return date_range(dated, text, text, place)


def uid_range(first: str, last: str, place: Place) -> UidRange | None:
    """A range between two record numbers as they are written; None where one of them is none."""
    if not (_UID.match(first.strip()) and _UID.match(last.strip())):
        return None
    low, high = int(first), int(last)
    return UidRange(low or None, None if high >= OPEN_UID else high, place)


def date_range_text(dates: DateRange) -> str:
    """A range as it is pasted: `2010:2020[dp]` for whole years, else each end with its tag."""
    tag = TAG_OF[dates.dated]
    first, last = dates.first, dates.last
    starts_year = first is None or (first.month, first.day) == (1, 1)
    ends_year = last is None or (last.month, last.day) == (12, 31)
    if starts_year and ends_year:
        years = (first.year if first else OPEN_FIRST, last.year if last else OPEN_LAST)
        low, high = (f"{year:04}" for year in years)
        return f"{low}[{tag}]" if low == high else f"{low}:{high}[{tag}]"
    ends = (_day(first) if first else str(OPEN_FIRST), _day(last) if last else str(OPEN_LAST))
    return f'("{ends[0]}"[{tag}] : "{ends[1]}"[{tag}])'


def uid_range_text(numbers: UidRange) -> str:
    """A range of record numbers as it is pasted."""
    high = OPEN_UID if numbers.last is None else numbers.last
    return f"{numbers.first or 0}:{high}[uid]"


def _day(day: date) -> str:
    return f"{day.year:04}/{day.month:02}/{day.day:02}"
