"""What a file is, by its content: names and endings of exports lie too often."""

import re

from connectors.errors import FileEmpty, FormatUnknown

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
_RIS_START = re.compile(
    r"(?:\A|[\r\n])" + _BLANKS + r"(?:\d{1,9}\.[^\S\r\n]*)?TY(?:[^\S\r\n]{2,3}-|[^\S\r\n]-(?=\s|\Z))"
)
_NBIB_START = re.compile(r"(?:\A|[\r\n])\ufeff*PMID-(?=\s|\d|\Z)")
_RIS_LINE = re.compile(r"(?:\A|[\r\n])" + _BLANKS + r"[A-Z][A-Z0-9][^\S\r\n]{2}-(?=\s|\Z)")
_STARTS = {"ris": _RIS_START, "nbib": _NBIB_START}


def refuse_known_binary(content: bytes, name: str) -> None:
    """Refuse what its first bytes give away.

    Args:
        content: the file, whole.
        name: how to call the file in a message.

    Raises:
        FileEmpty: there is nothing in it.
        FormatUnknown: it is a PDF, an archive, an office document, a picture.
    """
    if not content.strip(b"\x00\xef\xbb\xbf\xff\xfe \t\r\n"):
        raise FileEmpty(f"{name} is empty: export the records again and look into the file before handing it in.")
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        tail = next(tail for part, tail in _ZIPPED if part in content)
        raise FormatUnknown(f"{name} {tail}.")
    head = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    for magic, tail in _MAGIC:
        if head.startswith(magic):
            raise FormatUnknown(f"{name} {tail}.")


def sniff(text: str, name: str) -> str:
    """The format of a text, by the record starts in it.

    Args:
        text: the decoded file.
        name: how to call the file in a message.

    Returns:
        `ris` or `nbib`: whichever begins a record first.

    Raises:
        FileEmpty: there is no text in it.
        FormatUnknown: it is something else; the message says what, as far as that can be seen.
    """
    if not text.strip().strip("\ufeff\u200b\x00\x1a").strip():
        raise FileEmpty(f"{name} is empty: export the records again and look into the file before handing it in.")
    head = text[:4000].lstrip("\ufeff \t\r\n")
    for pattern, tail in _MARKUP:
        if re.match(pattern, head, re.IGNORECASE):
            raise FormatUnknown(f"{name} {tail}.")
    ris, nbib = _RIS_START.search(text), _NBIB_START.search(text)
    if ris or nbib:
        return "ris" if ris and (not nbib or ris.start() < nbib.start()) else "nbib"
    if len(_RIS_LINE.findall(text, 0, 1_000_000)) > 1:
        raise FormatUnknown(
            f"{name} has RIS fields but not one TY line, so where its records begin cannot be told: "
            "export it again from the database, not through a tool that drops TY."
        )
    for pattern, tail in _OTHER:
        if re.search(pattern, head, re.MULTILINE):
            raise FormatUnknown(f"{name} {tail}.")
    if _is_table(head):
        raise FormatUnknown(f"{name} is a table (CSV), which this version does not read: {_AGAIN}.")
    raise FormatUnknown(f"{name} is not an export that this version reads (RIS or PubMed's .nbib): {_AGAIN}.")


def count_starts(text: str, form: str) -> int:
    """How many records a text itself begins.

    Counted over the whole text, apart from the reading line by line, so that one checks the other.

    Args:
        text: the decoded file.
        form: `ris` or `nbib`.

    Returns:
        The number of `TY` or `PMID-` lines.
    """
    return sum(1 for _ in _STARTS[form].finditer(text))


def _is_table(head: str) -> bool:
    heading = head.partition("\n")[0]
    return _COLUMN.search(heading) is not None and max(map(heading.count, ",;\t")) > 1
