"""Values of BibTeX to plain text: delimiters, abbreviations, LaTeX's accents and signs.

Only what is known to be LaTeX is translated, piece by piece. A whole value is never given to a LaTeX reader: `50% of
patients` would end at the per cent sign, `$5 to $10` would become a formula.
"""

import logging
import re
from collections.abc import Mapping
from functools import lru_cache

# What cannot be translated is kept as it stands; a line in the log would tell nobody who handed in the file.
_LOGGER = logging.getLogger("pylatexenc")
_LOGGER.addHandler(logging.NullHandler())
_LOGGER.propagate = False

MONTHS = {
    name[:3].lower(): name
    for name in (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    )
}
"""Abbreviations that every BibTeX style defines."""

_LONGEST = 1_000_000
_ACCENT = re.compile(
    r"""\\(?:["'`^~=.]|[uvHcdbkrtG](?![A-Za-z]))[ \t]{0,3}"""
    r"(?:\{[ \t]{0,3}(?:\\?[A-Za-z]{1,2})?[ \t]{0,3}\}|\\[ij](?![A-Za-z])|[A-Za-z])"
)
_FORMAT = re.compile(
    r"\\(?:textit|textbf|textrm|textsc|textsf|texttt|textsuperscript|textsubscript|emph|mathrm|mathbf|mathit|mbox|text"
    r"|it|bf|em|rm|sc|sl|tt|url|href)(?![A-Za-z])[ \t]{0,3}"
)
_ESCAPED = re.compile(r"\\([%&#_${}])")
_SPACING = re.compile(r"\\[ ,;/-]")
_SIGN = re.compile(r"\\[A-Za-z]{1,30}(?![A-Za-z])(?:\{\}|[ \t])?")
_FORMULA = re.compile(r"\$([^$\n]{1,60})\$")
_IS_FORMULA = re.compile(r"[\\^_{]|\A[A-Za-z]\Z|\A[<>=≤≥ ]")
_KEPT = 0xE000
"""Where escaped signs wait in the private area of Unicode until everything around them is translated."""


def without_latex(text: str) -> str:
    """Plain text of a value.

    Args:
        text: as written in the file, without its delimiters.

    Returns:
        The text with accents and signs in Unicode and without grouping braces. What is not known stays.
    """
    if not any(mark in text for mark in "\\{}$~`'-"):
        return text
    if len(text) > _LONGEST:
        return text
    if "\\" in text:
        text = text.replace("\\\\", " ")
        text = _ACCENT.sub(lambda found: _latex(found[0]), text)
        text = _ESCAPED.sub(lambda found: chr(_KEPT + ord(found[1])), text)
        text = _SPACING.sub(lambda found: "" if found[0] in ("\\-", "\\/") else " ", text)
        text = _FORMAT.sub("", text)
    if "$" in text:
        text = _FORMULA.sub(lambda found: _formula(found[1]) if _IS_FORMULA.search(found[1]) else found[0], text)
    if "\\" in text:
        text = _SIGN.sub(lambda found: _sign(found[0]), text)
    text = text.replace("{", "").replace("}", "").replace("~", " ")
    text = text.replace("``", "“").replace("''", "”")
    return "".join(chr(ord(c) - _KEPT) if _KEPT <= ord(c) < _KEPT + 128 else c for c in text)


def value_of(written: str, abbreviations: Mapping[str, str]) -> tuple[str, list[str]]:
    """A field's value without its delimiters, still in LaTeX.

    Args:
        written: `{…}`, `"…"`, a number, an abbreviation, or several of these joined by `#`.
        abbreviations: what `@string` defines, by name in lower case.

    Returns:
        The value, and the names of abbreviations that nobody defined, which stand for themselves in it.
    """
    pieces: list[str] = []
    undefined: list[str] = []
    for piece in _joined(written):
        if len(piece) > 1 and piece[0] + piece[-1] in ("{}", '""'):
            pieces.append(piece[1:-1])
        elif piece.isdigit() or not piece:
            pieces.append(piece)
        else:
            name = piece.lower()
            known = abbreviations.get(name, MONTHS.get(name))
            if known is None:
                undefined.append(piece)
            pieces.append(piece if known is None else known)
    return "".join(pieces), undefined


def _joined(written: str) -> list[str]:
    """The pieces between `#` outside of braces and quotation marks."""
    if "#" not in written:
        return [written.strip()]
    pieces, depth, quoted, begin = [], 0, False, 0
    for found in re.finditer(r'(?<!\\)[{}"#]', written):
        mark = found[0]
        if mark == "{":
            depth += 1
        elif mark == "}":
            depth -= 1
        elif mark == '"' and depth == 0:
            quoted = not quoted
        elif mark == "#" and depth == 0 and not quoted:
            pieces.append(written[begin : found.start()].strip())
            begin = found.end()
    return [*pieces, written[begin:].strip()]


def _formula(text: str) -> str:
    return _latex(f"${text}$") if "\\" in text else re.sub(r"[\^_{}]", "", text)


def _sign(text: str) -> str:
    plain = _latex(text.rstrip(" \t"))
    # A name that pylatexenc does not know gives nothing: the text is kept instead.
    blank = " " if text[-1] in " \t" and (not plain or text.startswith("\\text")) else ""
    return (plain or text) + (blank if plain else "")


@lru_cache(maxsize=4096)
def _latex(text: str) -> str:
    # Takes long to load; see `connectors.exports.bibtex`.
    from pylatexenc.latex2text import LatexNodes2Text

    try:
        return str(LatexNodes2Text(math_mode="text", keep_comments=True).latex_to_text(text))
    except Exception:
        # A fragment that only looks like LaTeX stays as it is.
        return text
