"""Reads a search in the syntax of its platform."""

from collections.abc import Callable

from livingsearch.errors import SearchTextError
from livingsearch.strategy.dialects import LABELS, READABLE, Dialect, PlatformName
from livingsearch.strategy.ebsco.reader import read as read_ebsco
from livingsearch.strategy.ovid.reader import read as read_ovid
from livingsearch.strategy.pubmed.reader import read as read_pubmed
from livingsearch.strategy.search import Search, resolved

_READERS: dict[PlatformName, Callable[[str, Dialect], Search]] = {
    "ovid": read_ovid,
    "pubmed": read_pubmed,
    "ebsco": read_ebsco,
}


def read_search(text: str, dialect: Dialect) -> Search:
    """Reads a search.

    Args:
        text: as documented; one line or a numbered list of lines.
        dialect: a platform of READABLE and the database searched there.

    Returns:
        Its lines as trees, and what was noticed while reading. Every reference has its line, and the whole is of a
        size and depth that can be worked with.

    Raises:
        SearchTextError: it cannot be read; the message says where, what was found and what was expected.
    """
    reader = _READERS.get(dialect.platform)
    if reader is None:
        known = ", ".join(LABELS[platform] for platform in READABLE)
        raise SearchTextError(f"searches of {LABELS[dialect.platform]} cannot be read, only those of {known}", 1, 1)
    if not text.strip():
        raise SearchTextError("the search is empty", 1, 1)
    search = reader(text, dialect)
    resolved(search)
    return search
