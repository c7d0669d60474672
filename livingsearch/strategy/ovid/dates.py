"""Dates on Ovid: as terms (`2010.yr.`, `(2019$ or 2020$).dt.`) and as limits (`yr="2010 -Current"`)."""

import calendar
import re
from datetime import date

from livingsearch.strategy.ovid.fields import Fields
from livingsearch.strategy.tree import ANY_ENDING, DateField, DateRange, Node, Or, Place, Word

FIRST_YEAR, LAST_YEAR = 1000, 3000
"""Years that stand for an open end where Ovid needs a number."""
MOST_YEARS = 60
_PREFIX = re.compile(r"([0-9]{4})(?:-?([0-9]{2})(?:-?([0-9]{2}))?)?")
_YEARS = re.compile(r"([0-9]{4})?\s*(?:-\s*([0-9]{4}|current|present)?)?", re.IGNORECASE)
_DAYS = re.compile(r"([0-9]{4,8})\s*(?:[-:]\s*([0-9]{4,8}))?")


def ranges_of(dated: DateField, node: Node, place: Place) -> Node | None:
    """The dates that a term in a field of dates stands for.

    Args:
        dated: the field.
        node: what is looked for in it: a year, month or day, or an Or of such, those of a field of days truncated.
        place: of the whole term.

    Returns:
        A DateRange, or an Or of several where there are gaps; None where the term is not a date as such.
    """
    spans = []
    for leaf in node.operands if isinstance(node, Or) else (node,):
        span = _span(dated, leaf)
        if span is None:
            return None
        spans.append(span)
    joined: list[tuple[date, date]] = []
    for first, last in sorted(spans):
        if joined and first.toordinal() <= joined[-1][1].toordinal() + 1:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    found = tuple(DateRange(dated, first, last, place) for first, last in joined)
    return found[0] if len(found) == 1 else Or(found, place)


def _span(dated: DateField, leaf: Node) -> tuple[date, date] | None:
    if not isinstance(leaf, Word) or not isinstance(leaf.parts[0], str):
        return None
    if not (leaf.plain or leaf.parts[1:] == (ANY_ENDING,)):
        return None
    text = leaf.parts[0]
    if dated == "date_publication" and (len(text) != 4 or not leaf.plain):
        return None
    if dated != "date_publication" and leaf.plain != (len(text) >= 8):
        return None
    return _days(text)


def _days(text: str) -> tuple[date, date] | None:
    """First and last day of a year, month or day given by its digits."""
    match = _PREFIX.fullmatch(text)
    if match is None:
        return None
    year, month, day = (int(digits) if digits else None for digits in match.groups())
    try:
        if year is None or year < FIRST_YEAR:
            return None
        first = date(year, month or 1, day or 1)
        last_month = month or 12
        return first, date(year, last_month, day or calendar.monthrange(year, last_month)[1])
    except (ValueError, calendar.IllegalMonthError):
        return None


def limit_of(dated: DateField, value: str, place: Place) -> DateRange | None:
    """The dates of a limit.

    Args:
        dated: the field that the limit speaks of.
        value: `2010 -Current`, `2010 - 2020`, `2015`, `20200101-20201231`.
        place: of the limit.

    Returns:
        None where the value is none of these.
    """
    value = value.strip()
    if dated == "date_publication":
        match = _YEARS.fullmatch(value)
        if match is None or not value.strip(" -"):
            return None
        first, last = match.groups()
        if last is None and "-" not in value:
            last = first
        named = last is not None and last.isdecimal()
        begin, end = _days(first or ""), _days(last or "")
        if (first and begin is None) or (named and end is None):
            return None
        return _opened(dated, begin[0] if begin else None, end[1] if end else None, place)
    match = _DAYS.fullmatch(value)
    if match is None:
        return None
    begin, end = _days(match[1]), _days(match[2] or match[1])
    return _opened(dated, begin[0], end[1], place) if begin and end else None


def _opened(dated: DateField, first: date | None, last: date | None, place: Place) -> DateRange:
    """A range whose ends are open where they stand at FIRST_YEAR or LAST_YEAR."""
    return DateRange(
        dated,
        None if first is not None and first.year <= FIRST_YEAR else first,
        None if last is not None and last.year >= LAST_YEAR else last,
        place,
    )


def limit_text(dates: DateRange, fields: Fields) -> tuple[str, bool] | None:
    """A range of dates as a limit.

    Returns:
        Its text, and whether it is exact (a limit to publication dates goes by whole years); None where the database
        has no such date, or the range has no end, or one in no year that Ovid could have.
    """
    tags = fields.written.get(dates.dated)
    ends = [day for day in (dates.first, dates.last) if day is not None]
    if not tags or not ends or not all(FIRST_YEAR < day.year < LAST_YEAR for day in ends):
        return None
    if dates.dated != "date_publication":
        first = f"{dates.first:%Y%m%d}" if dates.first else f"{FIRST_YEAR}0101"
        last = f"{dates.last:%Y%m%d}" if dates.last else f"{LAST_YEAR}1231"
        return f"{tags[0]}={first}-{last}", True
    begin = str(dates.first.year) if dates.first else str(FIRST_YEAR)
    if dates.last is None:
        text = f"{begin} -Current"
    elif dates.first is not None and dates.first.year == dates.last.year:
        text = begin
    else:
        text = f"{begin} - {dates.last.year}"
    return f'yr="{text}"', whole_years(dates)


def whole_years(dates: DateRange) -> bool:
    """Whether a range begins and ends with a year."""
    begins = dates.first is None or (dates.first.month, dates.first.day) == (1, 1)
    return begins and (dates.last is None or (dates.last.month, dates.last.day) == (12, 31))


def years_text(dates: DateRange, fields: Fields) -> str | None:
    """A range of whole years, closed at both ends, as a term: `("2010" or "2011").yr.`; else None."""
    tags = fields.written.get(dates.dated)
    if not tags or dates.first is None or dates.last is None or not whole_years(dates):
        return None
    years = range(dates.first.year, dates.last.year + 1)
    if not 0 < len(years) <= MOST_YEARS or dates.first.year < FIRST_YEAR:
        return None
    texts = [f'"{year}"' if dates.dated == "date_publication" else f"{year}$" for year in years]
    return f"({' or '.join(texts)}).{tags[0]}." if len(texts) > 1 else f"{texts[0]}.{tags[0]}."
