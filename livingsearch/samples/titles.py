"""Titles in the letter cases and characters that the platforms write."""

import re
import unicodedata

_PROPER_NAMES = (
    "Australia",
    "Axis",
    "Collaborative Longitudinal Personality Disorders Study",
    "Delphi",
    "McLean Screening Instrument",
    "National Institute of Health",
    "New South Wales",
    "Nottingham",
    "United Kingdom",
    "Zanarini Rating Scale",
)

_SMALL_WORDS = frozenset("a an and as at but by for from in into nor of on or over the to vs with".split())

_TOKEN = re.compile(r"\w+(?:['’]\w+)*|\W+")

_UNFOLDABLE = str.maketrans({"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "ß": "ss", "—": "-", "–": "-", "‘": "'", "’": "'"})


def sentence_case(title: str, *, headline: bool, capital_after_colon: bool) -> str:
    """A title in sentence case.

    Args:
        title: as the reference list prints it.
        headline: whether the list writes in headline case; if not, only the word after a colon changes.
        capital_after_colon: whether a subtitle begins with a capital.

    Returns:
        The title; acronyms and proper names keep their capitals.
    """
    tokens = []
    begins = True
    for token in _TOKEN.findall(title):
        if token[0].isalnum():
            word = token.lower() if headline and not _is_acronym(token) else token
            tokens.append(word[0].upper() + word[1:] if begins else word)
            begins = False
            continue
        tokens.append(token)
        begins = begins or bool(re.search(r"[?!.] ", token)) or (capital_after_colon and ":" in token)
    text = "".join(tokens)
    for name in _PROPER_NAMES:
        text = re.sub(re.escape(name), name, text, flags=re.IGNORECASE)
    return text


def headline_case(title: str) -> str:
    """A title with capitals on all words but the small ones."""
    tokens = []
    begins = True
    for token in _TOKEN.findall(title):
        if not token[0].isalnum():
            tokens.append(token)
            begins = begins or bool(re.search(r"[:?!.—] ?", token))
        elif _is_acronym(token):
            tokens.append(token)
            begins = False
        else:
            word = token.lower()
            tokens.append(word if word in _SMALL_WORDS and not begins else word[0].upper() + word[1:])
            begins = False
    return "".join(tokens)


def with_full_stop(title: str) -> str:
    """A title that ends in a full stop, unless it ends a sentence by itself."""
    return title if title.endswith(("?", "!", ".")) else f"{title}."


def ascii_only(text: str) -> str:
    """Text without diacritics, long dashes and curly quotes, as Ovid exports it."""
    folded = unicodedata.normalize("NFKD", text.translate(_UNFOLDABLE))
    return "".join(char for char in folded if not unicodedata.combining(char))


def curly(text: str) -> str:
    """Text with typographic apostrophes and quotes."""
    text = re.sub(r"(?<!\w)'(?=\w)", "‘", text).replace("'", "’")
    return re.sub(r'(?<!\w)"(?=\w)', "“", text).replace('"', "”")


def _is_acronym(word: str) -> bool:
    return sum(char.isupper() for char in word) > 1 or any(char.isdigit() for char in word)
