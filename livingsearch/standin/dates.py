"""Dates as PubMed queries write them: a year, a month or a day, with slashes."""

import re
from calendar import monthrange
from datetime import date

_DATE = re.compile(r"^\s*(\d{4})(?:/(\d{1,2}))?(?:/(\d{1,2}))?\s*$")


def period(text: str) -> tuple[date, date] | None:
    """The first and the last day of a year, month or day.

    Args:
        text: `2020`, `2020/05` or `2020/05/31`.

    Returns:
        Both days included, or None where the text is no date.
    """
    found = _DATE.match(text)
    if not found:
        return None
    year, month, day = (int(part) if part else None for part in found.groups())
    try:
        first = date(year or 0, month or 1, day or 1)
        last_month = month or 12
        return first, date(first.year, last_month, day or monthrange(first.year, last_month)[1])
    except ValueError:
        return None
