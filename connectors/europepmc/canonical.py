"""One record of Europe PMC in canonical fields (field by field: Europe PMC Web Service Reference Guide, `core`)."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from connectors.europepmc.abstract import abstract_of
from connectors.fields import doi_in, issn_in, pages_of, plain, year_in
from connectors.record import Record

DATABASE = "Europe PMC"

_NOTICES = frozenset(
    f"{what} {way}"
    for what, ways in {
        "retraction": ("in", "of"),
        "retracted and republished": ("in", "from"),
        "corrected and republished": ("in", "from"),
        "republished": ("in", "from"),
        "erratum": ("in", "for"),
        "expression of concern": ("in", "for"),
        "update": ("in", "of"),
        "preprint": ("in", "of"),
    }.items()
    for way in ways
)
_RETRACTS = frozenset({"retraction in", "retracted and republished in"})
_PMCID = re.compile(r"PMC\d+", re.IGNORECASE)


def record_of(result: Mapping[str, Any]) -> Record:
    """The canonical record of one element of `resultList.result`.

    Args:
        result: as Europe PMC wrote it; nothing in it is relied on.

    Returns:
        The record; what the element does not say, or says in another form than documented, stays empty.
    """
    source, number = _text(result, "source"), _text(result, "id")
    info = _part(result, "journalInfo")
    journal = _part(info, "journal")
    book = _part(result, "bookOrReportDetails")
    types = _texts(_list(result, "pubTypeList", "pubType"))
    dated = _text(info, "dateOfPublication")
    short = _text(journal, "isoabbreviation", "ISOAbbreviation", "medlineAbbreviation")
    return Record(
        accession=f"{source}:{number}" if source and number else None,
        database=DATABASE,
        title=_text(result, "title"),
        authors=_authors(result),
        year=next(filter(None, map(year_in, _years(result, info, book))), None),
        date=dated or _text(result, "firstPublicationDate"),
        journal=_text(journal, "title") or short or _text(book, "seriesName", "publisher"),
        journal_abbreviation=short,
        volume=_text(info, "volume") or _text(result, "journalVolume"),
        issue=_text(info, "issue") or _text(result, "issue"),
        pages=pages_of(_text(result, "pageInfo")),
        doi=doi_in(_text(result, "doi")),
        pmid=_pmid(result, source, number),
        pmcid=_pmcid(result, number),
        issns=_unique(issn_in(_text(journal, name)) for name in ("issn", "ISSN", "essn", "ESSN")),
        abstract=abstract_of(_string(result.get("abstractText"))),
        keywords=_unique([*_texts(_list(result, "keywordList", "keyword")), *_headings(result)]),
        languages=_texts([result.get("language")]),
        publication_types=types,
        url=f"https://europepmc.org/article/{quote(source)}/{quote(number, safe='')}" if source and number else None,
        notices=_notices(types, _list(result, "commentCorrectionList", "commentCorrection")),
    )


def name_of(result: Mapping[str, Any]) -> str:
    """The name that tells one record of Europe PMC from another: source and number, else a hash of all of it."""
    source, number = _text(result, "source"), _text(result, "id")
    if source and number:
        return f"{source}:{number}"
    return hashlib.sha256(payload_of(result).encode("ascii")).hexdigest()


def payload_of(result: Mapping[str, Any]) -> str:
    """The record whole, as JSON.

    In ASCII: an escape for half a surrogate pair, which JSON can hold, could not be kept as UTF-8 otherwise.
    """
    return json.dumps(result, separators=(",", ":"))


def _authors(result: Mapping[str, Any]) -> tuple[str, ...]:
    listed = _list(result, "authorList", "author")
    names = [_author(author) for author in listed if isinstance(author, dict)]
    if any(names):
        return tuple(name for name in names if name)
    whole = (_text(result, "authorString") or "").removesuffix(".")
    return tuple(name for part in whole.split(", ") if (name := plain(part)))


def _author(author: Mapping[str, Any]) -> str | None:
    family = _text(author, "lastName")
    if not family:
        return _text(author, "collectiveName", "fullName")
    given = _text(author, "firstName", "initials")
    return ", ".join(part for part in (family, given, _text(author, "suffix")) if part)


def _years(result: Mapping[str, Any], info: Mapping[str, Any], book: Mapping[str, Any]) -> list[str | None]:
    return [
        _text(info, "yearOfPublication"),
        _text(result, "pubYear"),
        _text(book, "yearOfPublication"),
        _text(result, "firstPublicationDate"),
    ]


def _headings(result: Mapping[str, Any]) -> Iterable[str]:
    """Subject headings as MEDLINE prints them: `Depression/*psychology`, `*` on what is a major topic."""
    for heading in _list(result, "meshHeadingList", "meshHeading"):
        if isinstance(heading, dict) and (name := _text(heading, "descriptorName")):
            yield "/".join(
                ("*" if _text(part, "majorTopic_YN") == "Y" else "") + text
                for part, text in [
                    (heading, name),
                    *(
                        (qualifier, _text(qualifier, "qualifierName"))
                        for qualifier in _list(heading, "meshQualifierList", "meshQualifier")
                        if isinstance(qualifier, dict)
                    ),
                ]
                if text
            )


def _notices(types: tuple[str, ...], corrections: list[Any]) -> tuple[str, ...]:
    found = []
    retracted = any(kind.casefold() == "retracted publication" for kind in types)
    for correction in corrections:
        kind = (_text(correction, "type") or "").casefold() if isinstance(correction, dict) else ""
        if kind in _NOTICES:
            name = "".join(word if word == "and" else word.capitalize() for word in kind.split())
            found.append(f"{name} {_other(correction)}".rstrip())
            retracted = retracted or kind in _RETRACTS
    return _unique([*(["retracted"] if retracted else []), *found])


def _other(correction: Mapping[str, Any]) -> str:
    number, source = _text(correction, "id"), _text(correction, "source")
    if number:
        return number if source in (None, "MED") else f"{source}:{number}"
    return _text(correction, "reference") or ""


def _pmid(result: Mapping[str, Any], source: str | None, number: str | None) -> str | None:
    told = _text(result, "pmid") or (number if source == "MED" else None)
    return told if told and told.isascii() and told.isdigit() else None


def _pmcid(result: Mapping[str, Any], number: str | None) -> str | None:
    for text in (_text(result, "pmcid"), number):
        if text and (found := _PMCID.fullmatch(text)):
            return found[0].upper()
    return None


def _part(content: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = content.get(name)
    return part if isinstance(part, dict) else {}


def _list(content: Mapping[str, Any], name: str, inner: str) -> list[Any]:
    listed = _part(content, name).get(inner)
    # A list of one comes as its only element from some converters of XML.
    return listed if isinstance(listed, list) else [] if listed is None else [listed]


def _string(value: object) -> str | None:
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else None


def _text(content: Mapping[str, Any], *names: str) -> str | None:
    return next((text for name in names if (text := plain(_string(content.get(name))))), None)


def _texts(values: Iterable[object]) -> tuple[str, ...]:
    return _unique(plain(_string(value)) for value in values)


def _unique(values: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))
