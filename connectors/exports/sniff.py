"""What a file is, by its content: names and endings of exports lie too often."""

import re
from collections.abc import Iterator

from connectors.errors import FileEmpty, FormatUnknown
from connectors.exports.source import Source

_AGAIN = "export the records again as RIS"

_MAGIC = (
    (b"%PDF-", "is a PDF, not an export: " + _AGAIN),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "is an old Excel or Word document, not an export: " + _AGAIN),
    (b"{\\rtf", "is a rich text document, not an export: " + _AGAIN),
    (b"\x1f\x8b", "is a compressed archive: unpack it and hand in the export that it holds"),
    (b"7z\xbc\xaf\x27\x1c", "is a compressed archive: unpack it and hand in the export that it holds"),
    (b"Rar!", "is a compressed archive: unpack it and hand in the export that it holds"),
    (b"\x89PNG", "is a picture, not an export: " + _AGAIN),
    (b"\xff\xd8\xff", "is a picture, not an export: " + _AGAIN),
    (b"SQLite format 3\x00", "is a database file (perhaps a reference manager's), not an export: " + _AGAIN),
)
"""First bytes and what to say of the file."""

_ZIPPED = (
    (b"xl/", "is an Excel workbook: " + _AGAIN),
    (b"word/", "is a Word document: " + _AGAIN),
    (b"", "is a ZIP archive: unpack it and hand in the export that it holds"),
)

_MARKUP = (
    (
        r"<!doctype html|<html\b|<head\b|<body\b",
        "is a web page, perhaps a login or error page saved in place of the export: " + _AGAIN,
    ),
    (
        r"<\?xml[^>]*>\s*(?:<!DOCTYPE\s+Pubmed|<Pubmed)|<!DOCTYPE\s+Pubmed|<Pubmed(?:Book)?Article",
        "is PubMed's XML: let the PubMed connector run the search, or save the result on PubMed as "
        "“PubMed” or “Citation manager” (.nbib) file",
    ),
    (r"<\?xml|<xml\b", "is an XML file, which this version does not read: " + _AGAIN),
)
"""How a text of markup begins; such a text is refused even where it holds lines of RIS."""

_OTHER = (
    (r"^\s*<\d+\.?>\.?\s*$", "is Ovid's plain text format, which drops what RIS keeps: export again as RIS"),
    (r"^\s*@\w+\s*[{(]\s*\S", "is BibTeX, which this version does not read: " + _AGAIN),
    (r"^FN (?:Clarivate|Thomson|ISI)", "is Web of Science's plain text format: " + _AGAIN),
    (r"^%0 [A-Z]", "is EndNote's tagged format (Refer): " + _AGAIN),
    (r"\A[\[{]\s*[\"{\[]", "is JSON, not an export: " + _AGAIN),
)
"""Formats of text that this version knows by sight and does not read."""

_COLUMN = re.compile(r"\b(?:title|authors?|doi|abstract)\b", re.IGNORECASE)
_BLANKS = r"(?:[^\S\r\n]|[\ufeff\u200b\x00\x1a])*"
_TY = re.compile(r"TY(?:[^\S\r\n]{2,3}-|[^\S\r\n]-(?=\s|\Z))")
_BEFORE_TY = re.compile(_BLANKS + r"(?:\d{1,9}\.[^\S\r\n]*)?")
_PMID = re.compile(r"PMID-(?=\s|\d|\Z)")
_BEFORE_PMID = re.compile("\ufeff*")
_RIS_LINE = re.compile(r"(?:\A|[\r\n])" + _BLANKS + r"[A-Z][A-Z0-9][^\S\r\n]{2}-(?=\s|\Z)")
_NOTHING = b"\x00\xef\xbb\xbf\xff\xfe \t\r\n"
_NO_TEXT = "\ufeff\u200b\x00\x1a"


def ris_starts(text: str) -> Iterator[int]:
    """Where lines stand that begin a RIS record.

    Found over the whole text, apart from the reading line by line, so that one checks the other.

    Args:
        text: whole lines.

    Yields:
        Places of the lines' first characters, in order.
    """
    return _line_starts(text, _TY, _BEFORE_TY)


def nbib_starts(text: str) -> Iterator[int]:
    """Where lines stand that begin a record of MEDLINE text; see `ris_starts`."""
    return _line_starts(text, _PMID, _BEFORE_PMID)


def _line_starts(text: str, word: re.Pattern[str], before: re.Pattern[str]) -> Iterator[int]:
    passed = 0
    for found in word.finditer(text):
        at = found.start()
        begin = max(text.rfind("\n", passed, at), text.rfind("\r", passed, at)) + 1
        # Without a line end since the last word this one stands within the same line.
        if (begin or passed == 0) and before.fullmatch(text, begin, at):
            yield begin
        passed = at


def require_text(source: Source) -> None:
    """Refuse what its first bytes, or its whole emptiness, give away.

    Args:
        source: the file.

    Raises:
        FileEmpty: there is nothing in it.
        FormatUnknown: it is a PDF, an archive, an office document, a picture, a web page, unknown XML.
    """
    file = source.binary()
    if not any(piece.strip(_NOTHING) for piece in iter(lambda: file.read(1 << 20), b"")):
        raise _empty(source)
    if source.head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        tail = next(tail for part, tail in _ZIPPED if part in source.head or part in source.tail)
        raise FormatUnknown(f"{source.name} {tail}.")
    head = source.head[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    for magic, tail in _MAGIC:
        if head.startswith(magic):
            raise FormatUnknown(f"{source.name} {tail}.")
    if not any(piece.strip().strip(_NO_TEXT).strip() for piece in source.text()):
        raise _empty(source)
    beginning = _beginning(source)
    for pattern, tail in _MARKUP:
        if re.match(pattern, beginning, re.IGNORECASE):
            raise FormatUnknown(f"{source.name} {tail}.")


def first_form(source: Source) -> str | None:
    """Which kind of record a text begins first.

    Args:
        source: a text.

    Returns:
        `ris`, `nbib`, or None where it begins neither.
    """
    for text in source.whole_lines():
        ris, nbib = next(ris_starts(text), None), next(nbib_starts(text), None)
        if ris is not None or nbib is not None:
            return "ris" if nbib is None or (ris is not None and ris < nbib) else "nbib"
    return None


def unknown(source: Source) -> FormatUnknown:
    """What to say of a text that is no export which this version reads.

    Args:
        source: a text.

    Returns:
        The error; its sentence names the format, as far as that can be seen.
    """
    name, head = source.name, _beginning(source)
    if sum(1 for _ in _RIS_LINE.finditer(next(source.text(), ""))) > 1:
        return FormatUnknown(
            f"{name} has RIS fields but not one TY line, so where its records begin cannot be told: "
            "export it again from the database, not through a tool that drops TY."
        )
    for pattern, tail in _OTHER:
        if re.search(pattern, head, re.MULTILINE):
            return FormatUnknown(f"{name} {tail}.")
    if _is_table(head):
        return FormatUnknown(f"{name} is a table (CSV), which this version does not read: {_AGAIN}.")
    return FormatUnknown(f"{name} is not an export that this version reads (RIS or PubMed's .nbib): {_AGAIN}.")


def _beginning(source: Source) -> str:
    return source.beginning[:4000].lstrip("\ufeff \t\r\n")


def _empty(source: Source) -> FileEmpty:
    return FileEmpty(f"{source.name} is empty: export the records again and look into the file before handing it in.")


def _is_table(head: str) -> bool:
    heading = head.partition("\n")[0]
    return _COLUMN.search(heading) is not None and max(map(heading.count, ",;\t")) > 1
