"""What a search asks of a record besides its words: dates, numbers, languages."""

from collections.abc import Iterable
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from livingsearch.strategy.evaluate.words import folded

# Name of a language, the codes of MEDLINE and ISO 639 that stand for it.
_LANGUAGES: tuple[tuple[str, ...], ...] = (
    ("arabic", "ara", "ar"),
    ("bulgarian", "bul", "bg"),
    ("catalan", "cat", "ca"),
    ("chinese", "chi", "zho", "zh"),
    ("croatian", "hrv", "scr", "hr"),
    ("czech", "cze", "ces", "cs"),
    ("danish", "dan", "da"),
    ("dutch", "dut", "nld", "nl"),
    ("english", "eng", "en"),
    ("estonian", "est", "et"),
    ("finnish", "fin", "fi"),
    ("french", "fre", "fra", "fr"),
    ("german", "ger", "deu", "de"),
    ("greek", "gre", "ell", "el"),
    ("hebrew", "heb", "he"),
    ("hindi", "hin", "hi"),
    ("hungarian", "hun", "hu"),
    ("icelandic", "ice", "isl", "is"),
    ("indonesian", "ind", "id"),
    ("italian", "ita", "it"),
    ("japanese", "jpn", "ja"),
    ("korean", "kor", "ko"),
    ("latvian", "lav", "lv"),
    ("lithuanian", "lit", "lt"),
    ("norwegian", "nor", "no"),
    ("persian", "per", "fas", "fa"),
    ("polish", "pol", "pl"),
    ("portuguese", "por", "pt"),
    ("romanian", "rum", "ron", "ro"),
    ("russian", "rus", "ru"),
    ("serbian", "srp", "scc", "sr"),
    ("slovak", "slo", "slk", "sk"),
    ("slovenian", "slv", "sl"),
    ("spanish", "spa", "es"),
    ("swedish", "swe", "sv"),
    ("thai", "tha", "th"),
    ("turkish", "tur", "tr"),
    ("ukrainian", "ukr", "uk"),
    ("vietnamese", "vie", "vi"),
)
_FORMS_OF: dict[str, tuple[str, ...]] = {form: forms for forms in _LANGUAGES for form in forms}

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_FORMS = [form for at, name in enumerate(_MONTHS, 1) for form in (str(at), f"{at:02}", name)]
# A whole date and nothing behind it: of `2021/07//Jul-Sep2021` or `2021 Jan-Feb` only the year is certain.
_PRINTED = (
    r"^\s*(?P<year>[12]\d{3})(?:[-/ .]+(?P<month>\d{1,2}|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec))[a-z]*"
    r"(?:[-/ .]+(?P<day>\d{1,2}))?)?[-/ .]*$"
)
_MONTH, _YEAR = 100, 10_000
_LAST_MONTH, _LAST_DAY = 12, 31
_NUMBER = r"^\d{1,18}$"


def language_forms(text: str) -> tuple[str, ...]:
    """A language as sources write it: `english`, `eng`, `en`.

    Args:
        text: its name in English, or a code.

    Returns:
        All forms; the folded text alone where nothing is known of it.
    """
    name = folded(text).strip()
    return _FORMS_OF.get(name, (name,))


def published(dates: pa.Array, years: pa.Array, first: date | None, last: date | None) -> pa.Array:
    """Which records were published between two days, as far as their dates tell.

    Args:
        dates: as printed.
        years: whole numbers.
        first: included; None for an open beginning.
        last: included; None for an open end.

    Returns:
        Booleans; null where a record gives no date, or a year or month that lies only partly between the two days.
    """
    parts = pc.extract_regex(pc.utf8_lower(dates), _PRINTED)
    year = _numbers(pc.struct_field(parts, "year"))
    month = pc.add(pc.divide(pc.index_in(pc.struct_field(parts, "month"), pa.array(_MONTH_FORMS)), 3), 1)
    day = _numbers(pc.struct_field(parts, "day"))
    month, day = month.cast(pa.int64()), pc.if_else(pc.is_valid(month), day, None)
    said = years.cast(pa.int64())
    low = pc.add(pc.multiply(_least(year, said), _YEAR), pc.add(pc.multiply(_or(month, 1), _MONTH), _or(day, 1)))
    high = pc.add(
        pc.multiply(_most(year, said), _YEAR),
        pc.add(pc.multiply(_or(month, _LAST_MONTH), _MONTH), _or(day, _LAST_DAY)),
    )
    begin = _as_number(first) if first else 0
    end = _as_number(last) if last else _YEAR * _YEAR
    within = pc.and_(pc.greater_equal(low, begin), pc.less_equal(high, end))
    outside = pc.or_(pc.less(high, begin), pc.greater(low, end))
    return pc.if_else(within, True, pc.if_else(outside, False, pa.scalar(None, pa.bool_())))


def numbered(numbers: pa.Array, first: int | None, last: int | None) -> pa.Array:
    """Which records have a number between two, both included.

    Args:
        numbers: digits.
        first: None for an open beginning.
        last: None for an open end.

    Returns:
        Booleans; null where a record has no number.
    """
    values = _numbers(numbers)
    held = pc.if_else(pc.is_valid(values), True, pa.scalar(None, pa.bool_()))
    if first is not None:
        held = pc.and_(held, pc.greater_equal(values, _bounded(first)))
    if last is not None:
        held = pc.and_(held, pc.less_equal(values, _bounded(last)))
    return held


def any_kleene(parts: Iterable[pa.Array]) -> pa.Array:
    """Or of one or more columns; unknown where nothing is true and something unknown."""
    whole, *others = parts
    for part in others:
        whole = pc.or_kleene(whole, part)
    return whole


def all_kleene(parts: Iterable[pa.Array]) -> pa.Array:
    """And of one or more columns; unknown where nothing is false and something unknown."""
    whole, *others = parts
    for part in others:
        whole = pc.and_kleene(whole, part)
    return whole


def _numbers(texts: pa.Array) -> pa.Array:
    texts = texts.cast(pa.string())
    return pc.if_else(pc.match_substring_regex(texts, _NUMBER), texts, pa.scalar(None, pa.string())).cast(pa.int64())


def _least(one: pa.Array, other: pa.Array) -> pa.Array:
    return pc.min_element_wise(one, other)


def _most(one: pa.Array, other: pa.Array) -> pa.Array:
    return pc.max_element_wise(one, other)


def _or(values: pa.Array, instead: int) -> pa.Array:
    return pc.fill_null(values, instead)


def _bounded(number: int) -> int:
    """Within what a column of numbers can be compared with; no record's number lies beyond."""
    return max(-1, min(number, 10**18))


def _as_number(day: date) -> int:
    return day.year * _YEAR + day.month * _MONTH + day.day
