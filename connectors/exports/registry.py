"""The table of formats."""

from connectors.exports.formats import Format
from connectors.exports.sniff import require_text, unknown
from connectors.exports.source import Source
from connectors.exports.tagged import NBIB, RIS

FORMATS: tuple[Format, ...] = (RIS, NBIB)
"""In the order in which a file is held against them: those told by few bytes first, those told by little last."""


def format_of(source: Source) -> Format:
    """The format of a file, by its content.

    Args:
        source: the file.

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
    raise unknown(source)
