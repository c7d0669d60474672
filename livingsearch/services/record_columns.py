"""What the columns of a table of records are called, and how their text becomes the fields that are compared.

All of it is SQL over whole columns: a table may hold millions of rows.
"""

import re
from collections.abc import Callable, Iterable, Sequence

FIELDS: dict[str, tuple[str, ...]] = {
    "record_id": ("record_id", "recordid", "id"),
    "title": ("title", "article_title", "primary_title", "ti"),
    "title_original": ("title_original", "original_title"),
    "authors": ("authors", "author", "au"),
    "year": ("year", "publication_year", "date", "py"),
    "journal": ("journal", "journal_name", "secondary_title", "source_title", "booktitle", "book_title"),
    "journal_abbreviation": ("journal_abbreviation", "abbreviated_journal"),
    "volume": ("volume", "vol"),
    "issue": ("issue", "number"),
    "pages": ("pages", "page"),
    "first_page": ("start_page", "first_page", "page_start"),
    "last_page": ("end_page", "last_page", "page_end"),
    "doi": ("doi",),
    "pmid": ("pmid", "pubmed_id", "pubmedid"),
    "issns": ("issns", "issn", "isbn"),
    "abstract": ("abstract", "ab"),
    "publication_types": ("publication_types", "publication_type"),
    "keywords": ("keywords",),
    "languages": ("languages", "language"),
    "url": ("url",),
    "database": ("database",),
}
"""Names that a field's column may have, in small letters and with `_` between words; the first that is filled
counts."""

# A list without semicolons is `A and B`, or names between commas, or `Chen R.Wang Y.` without anything between them.
# Names between commas are told by what stands between two of them: `Smith J, Doe K` and `Smith, J., Doe, K.` are
# two people, `Smith, John` is one.
_VANCOUVER = r"(?:[\p{L}''’.\- ]+ \p{Lu}[\p{Lu}.\- ]{0,5}|(?:\p{Lu}{1,3}\.?[ \-]+)+[\p{L}''’\- ]{2,})"
_INITIALS = r"(?:\p{Lu}[.\-]?\s?){1,5}"
# `Smith, John` or `van der Berg, J`: what stands before the comma or behind it is no name with its initials.
_WORDS = r"[^\s,;&]+(?: [^\s,;&]+)*"
_ONE_NAME = rf"[^\s,;&-]+, {_WORDS}|{_WORDS}, [^\s,;&-]+"

# Between the names of a text (unit separator), and between parts that may hold several (group separator). A text
# is judged as a whole: a pattern inside a lambda would be compiled anew for every 2,048 rows.
_NAMES, _PARTS = r"\x1f", r"\x1d"
# A part that may hold several names: it has two commas, or before its only one stands what may be a whole name, which
# ends without small letters (`Smith J`) or begins with a short word in capitals (`J. Smith`).
_SEVERAL = (
    rf"{_NAMES}[^{_PARTS}]*{_NAMES}|(?:^|{_PARTS}|[^a-z{_PARTS}])[^a-z{_PARTS}]{_NAMES}"
    rf"|(?:^|{_PARTS})[^a-z \-{_PARTS}{_NAMES}][^ \-{_PARTS}{_NAMES}]{{0,3}}[ \-][^{_PARTS}{_NAMES}]*{_NAMES}"
)

MACROS: tuple[str, ...] = (
    # The semicolon of `&uuml;` ends no name.
    r"""read_entities(x) AS CASE WHEN NOT contains(x, '&') THEN x ELSE
        regexp_replace(regexp_replace(replace(replace(x, '&amp;', '&'), '&#38;', '&'),
        '&([A-Za-z])[A-Za-z]{1,7};', '\1', 'g'), '&#[0-9A-Za-z]{1,7};', '', 'g') END""",
    r"""parted_by_commas(x) AS regexp_replace(trim(x, ', '), ',\s+', chr(31), 'g')""",
    rf"""parted_by_and(x) AS parted_by_commas(
        regexp_replace(replace(x, ' and ', chr(29)), '[, ]*{_PARTS}[, ]*', chr(29), 'g'))""",
    rf"""read_commas(t) AS CASE
        WHEN NOT contains(t, chr(31)) THEN [t]
        WHEN regexp_matches(t || chr(31), '^(?:{_VANCOUVER}{_NAMES})+$') THEN string_split(t, chr(31))
        WHEN NOT regexp_matches(t, '{_NAMES}[^{_NAMES}]*{_NAMES}') THEN [replace(t, chr(31), ', ')]
        WHEN regexp_matches(t || chr(31), '^(?:[^{_NAMES}]*{_NAMES}{_INITIALS}{_NAMES})+$')
            THEN string_split(regexp_replace(t, '{_NAMES}([^{_NAMES}]*)({_NAMES}|$)', ', \1\2', 'g'), chr(31))
        WHEN regexp_matches(t || chr(31), '^(?:[^ {_NAMES}]* [^{_NAMES}]*{_NAMES})+$') THEN string_split(t, chr(31))
        ELSE [replace(t, chr(31), ', ')] END""",
    rf"""read_ands(t) AS CASE
        WHEN NOT regexp_matches(t, '{_SEVERAL}') THEN string_split(replace(t, chr(31), ', '), chr(29))
        ELSE flatten(list_transform(string_split(t, chr(29)), lambda n: read_commas(n))) END""",
    r"""read_plain_list(x) AS CASE
        WHEN contains(x, ';') THEN list_transform(string_split(x, ';'), lambda n: regexp_replace(n, '^\s*and\s', ''))
        WHEN contains(x, ' and ') THEN read_ands(parted_by_and(x))
        WHEN contains(x, ', ') THEN read_commas(parted_by_commas(replace(trim(x, ', '), ', & ', ', ')))
        ELSE string_split(regexp_replace(x, '\.(\p{L}{2})', '.' || chr(31) || '\1', 'g'), chr(31)) END""",
    # The commonest forms need no work on single names, which would take most of the time of the reading.
    rf"""read_authors(x) AS CASE WHEN contains(x, ' and ') AND NOT contains(x, '&') AND NOT contains(x, ';')
            AND contains(string_split(x, ' and ')[-1], ', ')
        THEN string_split(x, ' and ')
        WHEN NOT contains(x, ' and ') AND regexp_matches(x, '^(?:{_ONE_NAME})$') THEN [x]
        WHEN contains(x, ' and ') AND regexp_matches(x, '^(?:{_ONE_NAME}|{_WORDS})(?: and (?:{_ONE_NAME}|{_WORDS}))*$')
            AND NOT regexp_matches(x, '^and | and$| and and |, and ') THEN string_split(x, ' and ')
        ELSE list_filter(list_transform(read_plain_list(read_entities(x)),
        lambda n: trim(n)), lambda n: n <> '') END""",
    r"read_list(x) AS list_filter(list_transform(string_split(x, ';'), lambda n: trim(n)), lambda n: n <> '')",
    # `trim` goes through the whole text, whatever stands at its ends.
    r"""read_said(x) AS CASE
        WHEN x <> 'NA' AND x[1] BETWEEN '!' AND '~' AND x[-1] BETWEEN '!' AND '~' THEN x
        WHEN trim(x) NOT IN ('', 'NA') THEN trim(x) END""",
)
"""`CREATE MACRO` statements without their first two words."""

_READ: dict[str, str] = {
    "authors": "coalesce(read_authors({}), [])",
    "year": r"try_cast(nullif(regexp_extract({}, '(?:18|19|20)\d\d'), '') AS INTEGER)",
    "issns": r"coalesce(regexp_extract_all(upper({}), '\b\d{{4}}-?\d{{3}}[\dX]\b'), [])",
    "publication_types": "coalesce(read_list({}), [])",
    "keywords": "coalesce(read_list({}), [])",
    "languages": "coalesce(read_list({}), [])",
}


def plain_name(column: str) -> str:
    """A column's name in small letters, with `_` between its words."""
    return re.sub(r"[\s_\-]+", "_", column.strip().lower()).strip("_")


def columns_of(names: Sequence[str]) -> dict[str, list[int]]:
    """Which columns hold which field.

    Args:
        names: of the columns, in order.

    Returns:
        For each field that has a column the places of its columns, from 0, the preferred one first.
    """
    places: dict[str, int] = {}
    for place, name in enumerate(names):
        places.setdefault(plain_name(name), place)
    found = {field: [places[a] for a in aliases if a in places] for field, aliases in FIELDS.items()}
    return {field: at for field, at in found.items() if at}


def fields_in_sql(
    found: dict[str, list[int]], column: Callable[[int], str], *, abstract_length: int | None
) -> dict[str, str]:
    """Expressions that give what is said of the fields; `read_in_sql` reads it.

    Args:
        found: from `columns_of`.
        column: a column's name in SQL, by its place.
        abstract_length: letters kept of an abstract; all where None.

    Returns:
        For each field but `record_id`, which is never changed, an expression; `NULL` where it has no column.
    """
    made = {}
    for name in FIELDS:
        if name in ("record_id", "first_page", "last_page"):
            continue
        said = _said(found.get(name, []), column)
        if name == "pages" and "first_page" in found:
            ends = [_said(found.get(end, []), column) for end in ("first_page", "last_page")]
            said = f"coalesce({said}, concat_ws('-', {', '.join(ends)}))"
        if name == "abstract" and abstract_length:
            said = f"left({said}, {abstract_length})"
        made[name] = said
    return made


def read_in_sql(fields: Iterable[str]) -> dict[str, str]:
    """Expressions that read fields from columns of their names, which hold what is said of them.

    In a query of their own: a macro works out its argument anew wherever it names it.
    """
    return {name: _READ.get(name, "{}").format(name) for name in fields}


def _said(places: Sequence[int], column: Callable[[int], str]) -> str:
    read = [f"read_said({column(place)})" for place in places]
    return f"coalesce({', '.join(read)})" if len(read) > 1 else read[0] if read else "NULL::VARCHAR"
