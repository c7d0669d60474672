"""What the columns of a table mean: by a known layout, or by a map that a person gives; never by position."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from connectors.errors import ColumnsUnknown
from connectors.exports.parse import Fields
from connectors.exports.profiles import Profile, Take

SEMICOLON = re.compile(";")
COMMA = re.compile(",")
EITHER = re.compile("[;,]")
_GUARDED = re.compile("'+[=+\\-@＝＋－＠]")
_SHOWN = 40

MAPPABLE = (
    "title",
    "title_original",
    "authors",
    "year",
    "date",
    "journal",
    "journal_abbreviation",
    "volume",
    "issue",
    "pages",
    "first_page",
    "last_page",
    "article_number",
    "doi",
    "pmid",
    "pmcid",
    "issns",
    "abstract",
    "keywords",
    "languages",
    "publication_types",
    "accession",
    "url",
)
"""What a person may call a column of a table that is not known here."""


@dataclass(frozen=True, slots=True)
class Layout:
    """A table whose columns are understood.

    Attributes:
        platform: who writes such tables; None for a map that a person gave.
        signature: columns that give it away, in lower case.
        profile: canonical field to columns, in lower case.
        separators: column to what stands between the values of one cell.
        database: the database that its records stand in, where all stand in one.
        plain_text: whether quotation marks are ordinary characters.
        guarded: whether cells may begin with an apostrophe against being run as formulas.
    """

    platform: str | None
    signature: frozenset[str]
    profile: Profile
    separators: Mapping[str, re.Pattern[str]] = field(default_factory=dict)
    database: str | None = None
    plain_text: bool = False
    guarded: bool = False


def takes(*columns: str) -> tuple[Take, ...]:
    """Places in order of preference, one a column."""
    return tuple(Take(column) for column in columns)


def take(column: str, pattern: str) -> tuple[Take, ...]:
    """A column of which only the first group of the pattern counts."""
    return (Take(column, re.compile(pattern, re.IGNORECASE)),)


def profile(**columns: str | tuple[Take, ...]) -> Profile:
    """A profile in which nothing is taken that is not named; names of columns are parted by `|`."""
    empty: dict[str, tuple[Take, ...]] = {name: () for name in _PLACES}
    named = {name: takes(*value.split("|")) if isinstance(value, str) else value for name, value in columns.items()}
    return Profile(address=None, **{**empty, **named})


_PLACES = (
    "title",
    "title_original",
    "authors",
    "groups",
    "year",
    "date",
    "journal",
    "journal_abbreviation",
    "volume",
    "issue",
    "first_page",
    "last_page",
    "article_number",
    "doi",
    "pmid",
    "pmcid",
    "accession",
    "issns",
    "abstract",
    "keywords",
    "languages",
    "publication_types",
    "url",
)
PMID = r"^\s*(\d{1,8})(?:\.0)?\s*$"


def normal(column: str) -> str:
    """A column's name as it is compared: in lower case, single blanks, no marks around it."""
    return " ".join(column.replace("\ufeff", "").replace("\u200b", "").split()).strip("\"'").casefold()


def layout_of(header: Sequence[str], layouts: Sequence[Layout]) -> Layout | None:
    """The layout of a header line.

    Args:
        header: column names as they stand.
        layouts: known ones, in order of preference.

    Returns:
        The first known layout whose signature is among them, or None.
    """
    names = {normal(name) for name in header}
    return next((layout for layout in layouts if layout.signature <= names), None)


def layout_from(columns: Mapping[str, str]) -> Layout:
    """The layout that a person describes.

    Args:
        columns: canonical field by column name; see `MAPPABLE`.

    Returns:
        The layout; several columns may stand for one field, the first that holds something is taken.

    Raises:
        ColumnsUnknown: a field of that name does not exist, or no column is called the title.
    """
    wrong = sorted(set(columns.values()) - set(MAPPABLE))
    if wrong:
        raise ColumnsUnknown(
            f"A column cannot be mapped to “{wrong[0][:_SHOWN]}”: say one of {', '.join(MAPPABLE)}.", tuple(columns)
        )
    if "title" not in columns.values():
        raise ColumnsUnknown("The column map names no title: say which column holds the titles.", tuple(columns))
    places: dict[str, list[str]] = {}
    for column, name in columns.items():
        places.setdefault("first_page" if name == "pages" else name, []).append(normal(column))
    patterns: dict[str, str | tuple[Take, ...]] = {
        name: tuple(place for column in found for place in take(column, PMID)) if name == "pmid" else "|".join(found)
        for name, found in places.items()
    }
    lists = (*places.get("keywords", ()), *places.get("languages", ()), *places.get("publication_types", ()))
    return Layout(
        None,
        frozenset(normal(column) for column in columns),
        profile(**patterns),
        {name: SEMICOLON for name in (*lists, *places.get("authors", ()))},
    )


def fields_of(pairs: Sequence[tuple[str, str]], layout: Layout) -> Fields:
    """Values by column of one row.

    Args:
        pairs: column name and cell.
        layout: of the table.

    Returns:
        Values by normalised column name, lists parted; empty cells are left out.
    """
    fields: dict[str, list[str]] = {}
    for column, cell in pairs:
        name = normal(column)
        text = cell[1:] if layout.guarded and _GUARDED.match(cell) else cell
        separator = layout.separators.get(name)
        values = [part.strip() for part in separator.split(text)] if separator else [text]
        values = [value for value in values if value.strip()]
        if values:
            fields.setdefault(name, []).extend(values)
    return fields


def unknown(name: str, header: Sequence[str], columns: Mapping[str, str] | None = None) -> ColumnsUnknown:
    """The error for a table that needs a map, or another one.

    Args:
        name: how to call the file in a message.
        header: its column names.
        columns: the map that a person gave.
    """
    names = ("".join(c if c.isprintable() else " " for c in column[:_SHOWN]).strip() for column in header[:60])
    shown = ", ".join(text or "(no name)" for text in names) + (", …" if len(header) > 60 else "")
    there = {normal(column) for column in header}
    missing = [column for column in columns or () if normal(column) not in there]
    if missing:
        return ColumnsUnknown(
            f"The column map names “{missing[0][:_SHOWN]}”, which is no column of {name} ({shown}).", tuple(header)
        )
    return ColumnsUnknown(
        f"{name} is a table whose columns are not known here ({shown}): say which column is which field, at least the "
        f"title; fields are {', '.join(MAPPABLE)}.",
        tuple(header),
    )
