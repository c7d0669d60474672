"""The kinds of value that a review's file holds, each with the check that says what is allowed."""

import re
import zoneinfo
from datetime import UTC, date, datetime
from difflib import get_close_matches
from typing import Annotated
from urllib.parse import urlsplit

from cronsim import CronSim, CronSimError
from pydantic import AfterValidator, BeforeValidator, Field, PlainValidator, StrictInt

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_CONTACT = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_DOI = re.compile(r"10\.\d{4,9}/\S+")
_WARNING = re.compile(r"[A-Z][A-Za-z]+(: .+)?")
_MAX_SLUG = 60
_MAX_SHOWN = 80


def _filled(text: str) -> str:
    if not text.strip():
        raise ValueError("is empty; text is expected")
    # The newline before closing ''' is how the file is laid out; what a database is sent must not end with it.
    return text.rstrip()


def _one_line(text: str) -> str:
    text = _filled(text).strip()
    if not text.isprintable():
        raise ValueError("must be one line without control characters")
    return text


def _slug(text: str) -> str:
    if not _SLUG.fullmatch(text) or len(text) > _MAX_SLUG:
        raise ValueError(
            f"{shown(text)} is not allowed; lower-case letters a-z, digits and single hyphens between them, at most "
            f'{_MAX_SLUG}, e.g. "medline-ovid"'
        )
    return text


def _contact(text: str) -> str:
    if not _CONTACT.fullmatch(text) or not text.isprintable():
        raise ValueError(f"{shown(text)} is not an e-mail address")
    return text


def _time_zone(text: str) -> str:
    try:
        zoneinfo.ZoneInfo(text)
    except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
        near = get_close_matches(text, sorted(zoneinfo.available_timezones()), 1)
        hint = f"; did you mean {shown(near[0])}?" if near else ""
        problem = f'{shown(text)} is no time zone; an IANA name is expected, e.g. "Europe/London"{hint}'
        raise ValueError(problem) from None
    return text


def _base_url(text: str) -> str:
    problem = f"{shown(text)} is not allowed; an address that begins with https:// or http://, without ? and #"
    try:
        parts = urlsplit(text)
    except ValueError:
        raise ValueError(problem) from None
    strange = any(character.isspace() or not character.isprintable() or character in "?#;<>\"'" for character in text)
    if parts.scheme not in {"http", "https"} or not parts.hostname or strange:
        raise ValueError(problem)
    return text.rstrip("/")


def _schedule(text: str) -> str:
    example = 'five fields (minute hour day month weekday), e.g. "0 6 1 * *": at 6:00 on the first of each month'
    if len(text.split()) != len("minute hour day month weekday".split()):
        raise ValueError(f"{shown(text)} is no schedule; {example}")
    try:
        next(CronSim(text, datetime(2024, 1, 1, tzinfo=UTC)))
    except CronSimError as error:
        raise ValueError(f"{shown(text)} is no schedule ({str(error).lower()}); {example}") from None
    except StopIteration:
        raise ValueError(f"{shown(text)} never falls due; {example}") from None
    return text


def _day(value: object) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise ValueError(f"{shown(value)} is not allowed; a date is expected, e.g. 2025-08-15")


def _first_day(value: object) -> date | None:
    if value == "inception":
        return None
    try:
        return _day(value)
    except ValueError:
        problem = f'{shown(value)} is not allowed; "inception" or a date is expected, e.g. 2000-01-01'
        raise ValueError(problem) from None


def _doi(text: str) -> str:
    if not _DOI.fullmatch(text) or not text.isprintable():
        raise ValueError(f'{shown(text)} is no DOI; write it bare, e.g. "10.1002/pmh.1604"')
    return text.lower()


def _pmid(text: str) -> str:
    if not re.fullmatch("[1-9][0-9]{0,8}", text):
        raise ValueError(f'{shown(text)} is no PMID; digits in quotation marks are expected, e.g. "38044292"')
    return text


def _warning(text: str) -> str:
    if not _WARNING.fullmatch(text):
        raise ValueError(
            f"{shown(text)} is not allowed; the kind of a warning, with or without its text, e.g. "
            '"FieldNotFound" or \'QuotedPhraseNotFound: "expert by experience*"[tiab]\''
        )
    return text


def shown(value: object) -> str:
    """A value of the file as a message quotes it: on one line, not too long, nothing that a terminal obeys.

    Args:
        value: what `tomllib` made of it.

    Returns:
        Text in quotation marks, other values bare.
    """
    try:
        text = str(value)
    except ValueError:  # a whole number of thousands of digits
        return "so long a number"
    text = text if len(text) <= _MAX_SHOWN else text[: _MAX_SHOWN - 3] + "..."
    text = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
    return f'"{text}"' if isinstance(value, str) else text


Text = Annotated[str, AfterValidator(_filled)]
"""Text of one or more lines, as it stands but for white space at its end."""
OneLine = Annotated[str, AfterValidator(_one_line)]
Slug = Annotated[str, AfterValidator(_slug)]
Contact = Annotated[str, AfterValidator(_contact)]
TimeZone = Annotated[str, AfterValidator(_time_zone)]
BaseUrl = Annotated[str, AfterValidator(_base_url)]
Schedule = Annotated[str, AfterValidator(_schedule)]
Day = Annotated[date, BeforeValidator(_day)]
FirstDay = Annotated[date | None, PlainValidator(_first_day)]
"""None stands for `inception`."""
Doi = Annotated[str, AfterValidator(_doi)]
Pmid = Annotated[str, AfterValidator(_pmid)]
Warning_ = Annotated[str, AfterValidator(_warning)]
WaitDays = Annotated[StrictInt, Field(ge=0, le=365)]
