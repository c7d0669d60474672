"""The text of PubMed's single terms: words, phrases and proximity, with their tags."""

import re
from collections.abc import Iterable, Sequence

from livingsearch.strategy.pubmed.characters import plain
from livingsearch.strategy.tree import Word

OPERATORS = frozenset({"AND", "OR", "NOT"})
# What makes up a word: PubMed turns all other characters into spaces. The apostrophe and the hyphen it turns into
# spaces as well, but what they join is looked for as a phrase, as in the records.
WORD = re.compile(r"[^\s!\"%&()+,./:;<=>@\[\\\]^`{|}~]+")
_UNQUOTED = re.compile(r"[^\s\"()\[\]:{}#&|]+\Z")
_SLOT = re.compile(r"\{\{[^{}]*\}\}\Z")

STRAY = re.compile(r"(?<![^\W_])'|'(?![^\W_])")
"""A single quotation mark that is no apostrophe."""
_SPACES = str.maketrans("$?#", "   ")

STOP_WORDS = frozenset(
    (
        "a about again all almost also although always among an and another any are as at be because been before being "
        "between both but by can could did do does done due during each either enough especially etc for found from "
        "further had has have having here how however i if in into is it its itself just kg km made mainly make may mg "
        "might ml mm most mostly must nearly neither no nor obtained of often on our overall perhaps pmid quite rather "
        "really regarding seem seen several should show showed shown shows significantly since so some such than that "
        "the their theirs them then there therefore these they this those through thus to upon use used using various "
        "very was we were what when which while with within without would"
    ).split()
)
"""PubMed User Guide, "Stopwords": alone, each finds nothing; within a phrase it is matched by the phrase index only."""


def text_words(texts: Iterable[str]) -> list[str]:
    """Words of free text, with `*` for their wildcards, cut where PubMed makes spaces."""
    cut = [STRAY.sub(" ", plain(text).translate(_SPACES)) for text in texts]
    found = [part.strip("-") for text in cut for part in WORD.findall(text)]
    return [text for text in found if text.strip("*")]


def is_slot(text: str) -> bool:
    """Whether a word is a place that a person has to fill."""
    return text.startswith("{{") and _SLOT.match(text) is not None


def word_text(word: Word) -> str:
    """A word with `*` for its wildcards, which take any number of characters; one among its letters is a space."""
    return "".join([part.replace("*", " ") if isinstance(part, str) else "*" for part in word.parts])


def term_text(words: Iterable[Word], tag: str = "", *, quoted: bool = False) -> str:
    """A term as it is pasted.

    Args:
        words: one, or those of a phrase; their wildcards are `*`.
        tag: with its square brackets; empty for none.
        quoted: whether to write quotation marks where they could be left out.
    """
    return joined([word_text(word) for word in words], tag, quoted=quoted)


def joined(texts: Sequence[str], tag: str, *, quoted: bool) -> str:
    """As `term_text`, of words that are text already."""
    text = " ".join(texts)
    if len(texts) > 1 or quoted or not _UNQUOTED.match(text) or text.upper() in OPERATORS:
        text = f'"{text}"'
    return text + tag


def alternatives_text(terms: Iterable[str]) -> str:
    """Terms of which any will do, in brackets where there are several."""
    texts = list(terms)
    return texts[0] if len(texts) == 1 else f"({' OR '.join(texts)})"
