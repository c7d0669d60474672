"""Values by tag to the canonical record, by a platform's profile."""

import re
from collections.abc import Iterator

from connectors.exports.authors import names_of
from connectors.exports.notices import notices_of
from connectors.exports.parse import Fields
from connectors.exports.profiles import Profile, Take
from connectors.fields import doi_in, issn_in, pages_of, plain, year_in
from connectors.record import Record

_LONGEST = 2_000
"""Characters of a value in which a number, an address or a name is looked for."""

_NO_PAGE = frozenset(
    "no|no.|specified|n.pag|n.pag.|no pagination|no pagination specified|not specified|none|np|n/a|na|-".split("|")
)
_NO_PAGES = re.compile(r"(?i)\s*n\.?pag\.?\s*(?:-\s*n\.?pag\.?\s*)?")
_RIGHTS = re.compile(r"(?:\[ABSTRACT FROM (?:AUTHOR|PUBLISHER)\]\s*)?Copyright of .{1,300}? is the property of ")
_DATABASE_RIGHTS = re.compile(r"\s*\(?(?:APA )?Psyc(?:Info|INFO) Database Record \(c\) .{0,80}$")
_LABEL = re.compile(r" (?<=[.?!)\]] )(?=[A-Z][A-Z/&,' -]{3,60}: )")
_LABELLED_LINE = re.compile(r"[A-Z][\w/&,' -]{2,60}: ")
_ISSN_BETWEEN = re.compile(r"[,;\s]+")
_UNUSABLE = re.compile(r"[?&#%/=]")


def canonical(fields: Fields, profile: Profile, database: str | None) -> Record:
    """One record in canonical fields.

    Args:
        fields: values by tag.
        profile: how the platform writes each field.
        database: the database that the record stands in.

    Returns:
        The record; what the source does not give is None or empty.
    """

    def lines(takes: tuple[Take, ...]) -> Iterator[str]:
        return _plain_values(fields, takes, database)

    def one(takes: tuple[Take, ...]) -> str | None:
        return _first(fields, takes, database)

    title = one(profile.title)
    year = next((year for year in map(year_in, lines(profile.year)) if year), None)
    types = _all_of_first(fields, profile.publication_types, database)
    pmid = one(profile.pmid)
    original = one(profile.title_original)
    accession = _accession(one(profile.accession))
    url = next(_values(fields, profile.url, database), None)
    return Record(
        accession=accession,
        database=database,
        title=title,
        title_original=original if original != title else None,
        authors=names_of(
            (
                *_all_of_first(fields, profile.authors, database),
                *_all_of_first(fields, profile.groups, database),
            )
        ),
        year=year,
        date=_date(one(profile.date), year),
        journal=one(profile.journal),
        journal_abbreviation=one(profile.journal_abbreviation),
        volume=one(profile.volume),
        issue=one(profile.issue),
        pages=_pages(lines(profile.first_page), lines(profile.last_page), lines(profile.article_number)),
        doi=next((doi for doi in map(doi_in, _values(fields, profile.doi, database)) if doi), None),
        pmid=pmid.lstrip("0") or None if pmid else None,
        pmcid=(one(profile.pmcid) or "").upper() or None,
        issns=_issns(lines(profile.issns)),
        abstract=_abstract(fields, profile, database),
        keywords=_keywords(fields, profile, database),
        languages=_unique(_all_of_first(fields, profile.languages, database)),
        publication_types=_unique(types),
        url=profile.address.format(accession) if profile.address and accession else url,
        notices=notices_of(fields, title, types),
    )


def _values(fields: Fields, takes: tuple[Take, ...], database: str | None) -> Iterator[str]:
    """What the places hold, in order of preference, untouched."""
    for take in takes:
        if take.database and take.database != database:
            continue
        for value in fields.get(take.tag, ()):
            if take.pattern is None:
                yield value[:_LONGEST]
                continue
            found = take.pattern.search(value if take.tag == "N1" else value[:_LONGEST])
            if found:
                yield found[1]


def _first(fields: Fields, takes: tuple[Take, ...], database: str | None) -> str | None:
    """The first of `_plain_values`, for which no generators are set going: most fields are read by it."""
    for take in takes:
        values = fields.get(take.tag)
        if values is None or (take.database and take.database != database):
            continue
        for value in values:
            if take.pattern is not None:
                found = take.pattern.search(value if take.tag == "N1" else value[:_LONGEST])
                text = plain(found[1]) if found else None
            else:
                text = plain(value[:_LONGEST])
            if text:
                return text
    return None


def _plain_values(fields: Fields, takes: tuple[Take, ...], database: str | None) -> Iterator[str]:
    for value in _values(fields, takes, database):
        text = plain(value)
        if text:
            yield text


def _all_of_first(fields: Fields, takes: tuple[Take, ...], database: str | None) -> tuple[str, ...]:
    """All values, one a line, of the first place that has any."""
    for take in takes:
        values = _values_by_line(fields, (take,), database)
        if values:
            return values
    return ()


def _values_by_line(fields: Fields, takes: tuple[Take, ...], database: str | None) -> tuple[str, ...]:
    texts: list[str] = []
    for take in takes:
        if take.database and take.database != database:
            continue
        for value in fields.get(take.tag, ()):
            for line in value.split("\n") if "\n" in value else (value,):
                found = take.pattern.search(line) if take.pattern else None
                text = plain(found[1] if found else line) if found or not take.pattern else None
                if text:
                    texts.append(text)
    return tuple(texts)


def _unique(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))


def _accession(text: str | None) -> str | None:
    if text is None:
        return None
    text = text.strip().rstrip(".")
    # An address or a sentence is kept as it stands; Scopus's numbers are known in lower case.
    if _UNUSABLE.search(text) or " " in text or text.lower().startswith("2-s2.0-"):
        return text or None
    return text.upper() or None


def _date(text: str | None, year: int | None) -> str | None:
    text = (text or "").strip(" /")
    if not text:
        return None
    return text if year is None or year_in(text) else f"{year} {text}"


def _pages(first: Iterator[str], last: Iterator[str], article: Iterator[str]) -> str | None:
    def told(texts: Iterator[str]) -> str | None:
        return next((t for t in texts if t.lower() not in _NO_PAGE and not _NO_PAGES.fullmatch(t)), None)

    return pages_of(told(first), told(last)) or told(article)


def _issns(texts: Iterator[str]) -> tuple[str, ...]:
    found = (issn_in(part) for text in texts for part in _ISSN_BETWEEN.split(text))
    return tuple(dict.fromkeys(issn for issn in found if issn))


def _keywords(fields: Fields, profile: Profile, database: str | None) -> tuple[str, ...]:
    # An asterisk marks the main topics; the same heading comes with and without it.
    words = (text.lstrip("*").lstrip() for text in _values_by_line(fields, profile.keywords, database))
    return tuple(dict.fromkeys(word for word in words if word))


def _abstract(fields: Fields, profile: Profile, database: str | None) -> str | None:
    """The first abstract; later ones are copyright notices and other languages."""
    for take in profile.abstract:
        for value in fields.get(take.tag, ()):
            text = _without_rights(_with_labels_on_lines(value))
            if text:
                return text
    return None


def _with_labels_on_lines(value: str) -> str:
    parts: list[list[str]] = []
    for line in value.split("\n"):
        text = plain(line)
        if not text:
            continue
        # A line that starts with no label only continues the one before.
        if parts and not _LABELLED_LINE.match(text):
            parts[-1].append(text)
        else:
            parts.append([text])
    texts = (" ".join(part) for part in parts)
    return "\n".join(_LABEL.sub("\n", text) if ": " in text else text for text in texts)


def _without_rights(text: str) -> str | None:
    found = _RIGHTS.search(text) if " is the property of " in text else None
    if found:
        text = text[: found.start()]
    if "Database Record (c)" in text:
        text = _DATABASE_RIGHTS.sub("", text)
    return text.strip() or None
