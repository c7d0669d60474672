"""How the stand-in cuts text into words: letters and digits, without case or diacritics."""

import re
import unicodedata

_WORD = re.compile(r"[^\W_]+")
# Letters that Unicode does not decompose into a base letter and a mark.
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})

STOP_WORDS = frozenset(
    """a about again all almost also although always among an and another any are as at be because been
    before being between both but by can could did do does done due during each either enough especially
    etc for found from further had has have having here how however i if in into is it its itself just
    kg km made mainly make may mg might ml mm most mostly must nearly neither no nor obtained of often
    on our overall perhaps pmid quite rather really regarding seem seen several should show showed shown
    shows significantly since so some such than that the their theirs them then there therefore these
    they this those through thus to upon various very was we were what when which while with within
    without would""".split()
)
"""PubMed's own list (PubMed User Guide, "Stopwords")."""


def fold(text: str) -> str:
    """The text without case and diacritics."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text)
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return bare.casefold().translate(_LETTERS)


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text, folded; every other character separates, as in PubMed."""
    return tuple(_WORD.findall(fold(text)))


def words_as_written(text: str) -> tuple[str, ...]:
    """The words of a text with their case and diacritics, where folding leaves as many words."""
    written, folded = tuple(_WORD.findall(text)), words_of(text)
    return written if len(written) == len(folded) else folded
