"""The table of formats."""

from collections.abc import Mapping

from connectors.exports.formats import Format
from connectors.exports.found_formats import (
    BIBTEX,
    EMBASE_ROWS,
    ENDNOTE_XML,
    ISI,
    KNOWN_TABLE,
    PUBMED_XML,
    REFER,
    TABLE,
    XLSX,
)
from connectors.exports.sniff import require_text, unknown
from connectors.exports.source import Source
from connectors.exports.tagged import NBIB, RIS

FORMATS: tuple[Format, ...] = (
    PUBMED_XML,
    ENDNOTE_XML,
    XLSX,
    ISI,
    REFER,
    EMBASE_ROWS,
    KNOWN_TABLE,
    BIBTEX,
    RIS,
    NBIB,
    TABLE,
)
"""In the order in which a file is held against them: those told by few bytes first, those told by little last."""


def format_of(source: Source, columns: Mapping[str, str] | None = None) -> Format:
    """The format of a file, by its content.

    Args:
        source: the file.
        columns: canonical field by column name, where a person gave it; then what is nothing else is a table.

    Returns:
        The first one that recognises it.

    Raises:
        FileEmpty: there is nothing in it.
        FormatUnknown: it is none of them; the message says what it is, as far as that can be seen.
    """
    for form in FORMATS:
        if form.binary and form.recognises(source):
            return form
    require_text(source)
    for form in FORMATS:
        if not form.binary and form.recognises(source):
            return form
    if columns:
        return TABLE
    raise unknown(source)
