"""Readings of single fields that every way in needs: DOI, PMID, pages, year, plain text."""

import html
import re
import unicodedata

_DOI = re.compile(r"10\.\d{4,9}/\S+", re.IGNORECASE)
_TAG = re.compile(
    r"</?(?:i|b|u|em|strong|bold|italic|su[bp]|scp?|underline|p|br|span|h\d|jats:[a-z-]+)"
    r"""(?:\s+[\w:.-]+\s*=\s*(?:"[^"<>]*"|'[^'<>]*'))*\s*/?>""",
    re.IGNORECASE,
)
"""A tag holds nothing but its name and attributes: in `a<b and c>d` there is none."""
_POWER = re.compile(r"(?<=\d)((?:</(?:sub|i|b|u|em)>)?)<sup\s*>\s*(?=[-+\u2212\u2013]?\d)", re.IGNORECASE)
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00ad]")
"""Without the separators of lines and paragraphs, which part words like any white space."""
_YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d|21\d\d)(?!\d)")
_PAGE = re.compile(r"^([A-Za-z]*)(\d{1,18})([A-Za-z]*)$")
_ENDLESS_ENTITY = re.compile(r"&#(?=\d{100})")


def plain(text: str | None) -> str | None:
    """Text on one line: entities resolved, inline markup, control and zero-width characters gone.

    A raised number behind a number keeps a sign, as `106` is not what `10<sup>6</sup>` says: it becomes `10^6`,
    and `10<sup>-6</sup>` becomes `10^-6`. Everything else that is raised or lowered just loses its markup (`CO2`,
    `m2`), because that is how other databases write it, and titles are compared with theirs.

    Args:
        text: as the source wrote it.

    Returns:
        The text in Unicode NFC, or None where nothing is left.
    """
    if not text:
        return None
    if "&" in text:
        text = _unescaped(_unescaped(text))
    if "<" in text:
        text = _TAG.sub("", _POWER.sub(r"\1^", text))
    if not text.isascii():
        text = _INVISIBLE.sub("", unicodedata.normalize("NFC", text))
    if not text.isprintable():
        text = "".join(c if c.isprintable() else " " for c in text)
    # Nothing printable but the blank is white space.
    return (" ".join(text.split()) if "  " in text else text.strip(" ")) or None


def doi_in(text: str | None) -> str | None:
    """The first DOI in a text, bare and in lower case, without what usually trails it."""
    if not text:
        return None
    found = _DOI.search(_unescaped(text).replace("%2F", "/").replace("%2f", "/"))
    if not found:
        return None
    doi = found.group().rstrip(".,;:'\"]}>")
    while doi.endswith(")") and doi.count("(") < doi.count(")"):
        doi = doi[:-1].rstrip(".,;")
    return doi.lower()


def year_in(text: str | None) -> int | None:
    """The first plausible year of publication (1500-2199) in a text."""
    found = _YEAR.search(text or "")
    return int(found.group()) if found else None


def pages_of(first: str | None, last: str | None = None) -> str | None:
    """Pages as `first-last`.

    Args:
        first: the first page, a whole range (`123-9`, `123--129`), or an article number.
        last: the last page where it stands apart; may be abbreviated (`9` for `129`).

    Returns:
        The range with its last page written out, a single page, or None.
    """
    first, last = plain(first), plain(last)
    if first and not last:
        parts = re.split(r"\s*(?:--|[-‐‑‒–—−])\s*", first)
        if len(parts) == 2 and all(parts):
            first, last = parts
    if not first:
        return last
    if not last or last == first:
        return first
    a, b = _PAGE.match(first), _PAGE.match(last)
    if a and b and not a[3] and not b[3] and b[1].lower() in ("", a[1].lower()):
        digits = b[2]
        if len(digits) < len(a[2]):
            digits = a[2][: len(a[2]) - len(digits)] + digits
        if int(digits) >= int(a[2]):
            last = a[1] + digits
        if last == first:
            return first
    return f"{first}-{last}"


def issn_in(text: str | None) -> str | None:
    """The first ISSN in a text as `1234-567X`."""
    found = re.search(r"(?<![\dX])(\d{4})-?(\d{3}[\dXx])(?![\d])", text or "")
    return f"{found[1]}-{found[2].upper()}" if found else None


def _unescaped(text: str) -> str:
    # Python refuses to read a number of thousands of digits, so such an entity is left as it stands.
    return html.unescape(_ENDLESS_ENTITY.sub("&amp;#", text))
