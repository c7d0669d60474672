"""What is wrong with a review's file, in words that say what is allowed."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from livingsearch.errors import SearchTextError
from livingsearch.review.fields import shown
from livingsearch.review.locate import Path
from livingsearch.review.model import File
from livingsearch.strategy.balance import check_balance


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong.

    Attributes:
        path: of the value, in the file's own names.
        words: what is wrong and what is allowed.
        text_line: line within the value's text, from 1, where the problem lies inside a text.
    """

    path: Path
    words: str
    text_line: int | None = None


EXPECTED: Mapping[str, str] = MappingProxyType(
    {
        "string_type": "text in quotation marks",
        "int_type": "a whole number",
        "bool_type": "true or false",
        "tuple_type": "a list in square brackets",
        "model_type": "a table",
        "dict_type": "a table",
    }
)
"""What is expected, by the kind of error that the model reports."""
_TABLES: Mapping[Path, str] = MappingProxyType(
    {
        ("source",): "[[source]]",
        ("known",): "[[known]]",
        ("search", "concepts"): "[[search.concepts]]",
        ("search", "limits"): "[[search.limits]]",
    }
)
_HEADERS: Mapping[Path, str] = MappingProxyType(
    {("review",): "[review]", ("search",): "[search]", ("dedup",): "[dedup]", ("publish",): "[publish]"}
)


_EXAMPLES: Mapping[Path, str] = MappingProxyType(
    {
        ("schema",): "schema = 1",
        ("review", "slug"): 'slug = "peer-support"',
        ("review", "title"): 'title = "Peer support for ...: a systematic review"',
        ("review", "version"): 'version = "1"',
        ("review", "contact"): 'contact = "librarian@example.org"',
        ("review", "time_zone"): 'time_zone = "Europe/London"',
        ("search", "text"): 'text = """peer$ AND \'personality disorder$\'"""',
        ("search", "syntax"): 'syntax = "ovid"',
        ("search", "fields"): 'fields = ["title", "abstract", "author_keywords"]',
        ("search", "from"): 'from = "inception" or from = 2000-01-01',
        ("search", "concepts", "name"): 'name = "Peer support"',
        ("search", "concepts", "terms"): 'terms = ["peer$"]',
        ("search", "limits", "what"): 'what = "English"',
        ("search", "limits", "reason"): 'reason = "No means to translate"',
        ("search", "peer_review", "who"): 'who = "A second librarian"',
        ("search", "peer_review", "when"): "when = 2025-06-01",
        ("search", "peer_review", "method"): 'method = "PRESS 2015"',
        ("search", "revision", "author"): 'author = "A librarian"',
        ("search", "revision", "reason"): 'reason = "Lived experience was missing among the terms for peers"',
        ("source", "slug"): 'slug = "embase-ovid"',
        ("source", "name"): 'name = "Embase"',
        ("source", "kind"): 'kind = "database" (or register, or other)',
        ("source", "database"): 'database = "Embase Classic+Embase"',
        ("source", "platform"): 'platform = "Ovid"',
        ("source", "connector"): 'connector = "file" (or entrez, or europepmc)',
        ("source", "schedule"): 'schedule = "0 6 1 * *": at 6:00 on the first of each month',
        ("known", "title"): 'title = "Experiences of a Peer Group ..."',
    }
)
"""A line for every field that must be there."""


def shape_problems(error: ValidationError) -> list[Problem]:
    """What the model found: unknown and missing fields, wrong types, values that are not allowed.

    Args:
        error: from validating the file's content as a `File`.

    Returns:
        One problem each.
    """
    return [_problem(one) for one in error.errors(include_url=False)]


def sense_problems(file: File) -> list[Problem]:
    """What only shows once every field is right by itself: names used twice or not declared, searches.

    Args:
        file: the content.

    Returns:
        One problem each.
    """
    slugs = [source.slug for source in file.sources]
    problems = [
        Problem(("source", place, "slug"), f'"{slug}" is the slug of an earlier source; each needs its own')
        for place, slug in enumerate(slugs)
        if slug in slugs[:place]
    ]
    for place, slug in enumerate(file.dedup.preferred):
        path = ("dedup", "preferred", place)
        if slug not in slugs:
            problems.append(Problem(path, f'"{slug}" is no source of this review; {choice(slug, slugs)}'))
        elif slug in file.dedup.preferred[:place]:
            problems.append(Problem(path, f'"{slug}" is named twice'))
    if file.search.until and file.search.since and file.search.until < file.search.since:
        words = f"{file.search.until} is before from = {file.search.since}; a later day is expected"
        problems.append(Problem(("search", "to"), words))
    problems += _balance(("search", "text"), file.search.text)
    for place, source in enumerate(file.sources):
        if source.kind == "other" and source.method is None:
            words = 'is missing; of kind "other" it has one: method = "citation searching" (or websites, organisations)'
            problems.append(Problem(("source", place, "method"), words))
        elif source.kind != "other" and source.method is not None:
            words = f'is only for sources of kind "other", this one is a {source.kind}; leave it out'
            problems.append(Problem(("source", place, "method"), words))
        if source.query is not None:
            problems += _balance(("source", place, "query"), source.query)
    return problems


def dotted(path: Path) -> str:
    """A path as a person reads it; places in lists count from 1: `source[2].schedule` is the second source's."""
    name = ""
    for part in path:
        name += f"[{part + 1}]" if isinstance(part, int) else f".{_key(part)}" if name else _key(part)
    return name


def _key(name: str) -> str:
    return name if re.fullmatch("[A-Za-z0-9_-]{1,80}", name) else shown(name)


def _balance(path: Path, text: str) -> list[Problem]:
    try:
        check_balance(text)
    except SearchTextError as error:
        where = f"in line {error.line}, column {error.column} of the search" if "\n" in text.strip() else ""
        where = where or f"at column {error.column} of the search"
        return [Problem(path, f"{error.problem} ({where})", error.line)]
    return []


def _problem(error: Mapping[str, Any]) -> Problem:
    path: Path = tuple(error["loc"])
    kind: str = error["type"]
    make = _WORDS.get(kind)
    if make is not None:
        return Problem(path, make(path, error))
    if kind in EXPECTED:
        return Problem(path, wrong_type(path, error["input"], EXPECTED[kind]))
    return Problem(path, f"{shown(error['input'])} is not allowed: {error['msg']}")


def _unknown(path: Path, error: Mapping[str, Any]) -> str:
    allowed = _allowed(path[:-1])
    return f"is no field of a review's file; {choice(str(path[-1]), allowed)}"


def _missing(path: Path, error: Mapping[str, Any]) -> str:
    form = tuple(part for part in path if isinstance(part, str))
    header = _HEADERS.get(form) or _TABLES.get(form)
    return f"is missing; a table {header} is expected" if header else f"is missing; e.g. {_EXAMPLES[form]}"


def _not_listed(path: Path, error: Mapping[str, Any]) -> str:
    allowed = [one.strip("'") for one in error["ctx"]["expected"].replace(" or ", ", ").split(", ")]
    if not isinstance(error["input"], str):
        return f"{shown(error['input'])} is not allowed; expected: {', '.join(allowed)}"
    return f"{shown(error['input'])} is not allowed; {choice(error['input'], allowed)}"


def _too_short(path: Path, error: Mapping[str, Any]) -> str:
    return f"is empty; at least one {_TABLES.get(path, 'entry')} is expected"


def _range(path: Path, error: Mapping[str, Any]) -> str:
    return f"{shown(error['input'])} is not allowed; 0 to 365 days"


def _own_words(path: Path, error: Mapping[str, Any]) -> str:
    return str(error["ctx"]["error"])


_WORDS: Mapping[str, Callable[[Path, Mapping[str, Any]], str]] = MappingProxyType(
    {
        "extra_forbidden": _unknown,
        "missing": _missing,
        "literal_error": _not_listed,
        "too_short": _too_short,
        "less_than_equal": _range,
        "greater_than_equal": _range,
        "value_error": _own_words,
    }
)


def wrong_type(path: Path, found: object, expected: str) -> str:
    """That a value is of another kind than expected."""
    header = _TABLES.get(path)
    if header and isinstance(found, dict):
        return f"is a single table; write {header}, with two brackets, above each one"
    return f"is {_kind(found)}; {expected} is expected"


def _kind(found: object) -> str:
    match found:
        case bool():
            return f"{str(found).lower()} without quotation marks"
        case int() | float():
            return f"the number {shown(found)}"
        case str():
            return f"the text {shown(found)}"
        case list():
            return "a list"
        case dict():
            return "a table"
        case _:
            return f"{found}, without quotation marks"


def choice(name: str, allowed: list[str]) -> str:
    """What is allowed, and which of it was probably meant."""
    near = get_close_matches(name.lower(), allowed, 1)
    hint = f'did you mean "{near[0]}"? ' if near else ""
    return f"{hint}allowed: {', '.join(allowed)}"


def _allowed(path: Path) -> list[str]:
    model: type[BaseModel] = File
    for part in path:
        if isinstance(part, str):
            field = next(one for name, one in model.model_fields.items() if part in (name, one.alias))
            model = _model_within(field.annotation) or model
    return [field.alias or name for name, field in model.model_fields.items()]


def _model_within(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((model for part in get_args(annotation) if (model := _model_within(part))), None)
