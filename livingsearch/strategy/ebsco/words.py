"""Words of EBSCOhost: their wildcards, and the punctuation that it takes no notice of.

`*` stands for any number of characters, `#` for none or one, `?` for exactly one; none of them may stand first. A
`?` at the end of a word is taken off, a `#` at its end where fewer than three letters stand before it (EBSCO help,
"Wildcard searches"). A `*` that stands alone stands for one word.
"""

import re

from livingsearch.strategy.ebsco.characters import NOTHING
from livingsearch.strategy.ebsco.fields import STOP_WORDS
from livingsearch.strategy.findings import Finding, Severity
from livingsearch.strategy.tree import ANY_ENDING, Near, Phrase, Place, Wild, Word

EDGES = ",;:.!'"
"""Punctuation that is left out at both ends of a word."""
SHORTEST_BEFORE_HASH = 3
"""Letters that must stand before a `#` at the end of a word."""

_PLAIN = re.compile(r"([\w&][\w'&-]*)(\*?)")
_PIECES = re.compile(r"\S+")
_WILD = re.compile(r"([*?#]+)")
_FIRST = "no wildcard can stand first in a word on EBSCOhost; it was left out"
_LAST = "EBSCOhost takes a question mark at the end of a word off: # stands for one more letter or none, * for any"
_HASH = "EBSCOhost takes # at the end of a word off where fewer than three letters stand before it"
_GAP = "* alone stands for exactly one word; it was read as at most one word between its neighbours"
_STOP = (
    "“{}” is a stop word: EBSCOhost takes any single word in its place, in quotation marks as well; databases differ "
    "in which words they stop"
)
_ONLY_STOP = "“{}” is a stop word: EBSCOhost finds nothing for it"


def word_of(text: str, place: Place, findings: list[Finding]) -> Word | None:
    """Reads one word.

    Args:
        text: without spaces, brackets and quotation marks.
        place: of it.
        findings: T006 is added to it.

    Returns:
        The word; None where nothing but punctuation and wildcards is left.
    """
    plain = _PLAIN.fullmatch(text)
    if plain and plain[1][-1] != "'":
        letters, star = plain.groups()
        return Word((letters, ANY_ENDING) if star else (letters,), place)
    letters = text.replace(NOTHING, "").strip(EDGES)
    pieces = [piece for piece in _WILD.split(letters) if piece]
    if pieces and pieces[0][0] in "*?#":
        _note(findings, "error", _FIRST, place, text, letters.lstrip("*?#"))
        del pieces[0]
    if not pieces:
        return None
    _without_lost_ending(pieces, text, place, findings)
    return Word(tuple(_wild(piece) if piece[0] in "*?#" else piece for piece in pieces), place)


def words_of(text: str, start: int, findings: list[Finding]) -> list[Word | None]:
    """Reads the words of a text with spaces.

    Args:
        text: of a phrase.
        start: its offset in the search.
        findings: T006 is added to it.

    Returns:
        The words; None for each `*` that stands alone.
    """
    out: list[Word | None] = []
    for match in _PIECES.finditer(text):
        place = Place(start + match.start(), start + match.end())
        if match[0] == "*":
            out.append(None)
        elif word := word_of(match[0], place, findings):
            out.append(word)
    return out


def joined(words: list[Word | None], place: Place, findings: list[Finding], problematic: str) -> Word | Phrase | Near:
    """A term of words side by side, at least one of them a word.

    Args:
        words: as `words_of` gives them.
        place: of the term.
        findings: R003 and T006 are added to it.
        problematic: the term as it stands.
    """
    segments: list[list[Word]] = [[]]
    gap = widest = 0
    for word in words:
        if word is None:
            gap += 1 if segments[-1] else 0
            continue
        if gap:
            segments.append([])
        widest, gap = max(widest, gap), 0
        segments[-1].append(word)
    _note_stop_words([word for segment in segments for word in segment], place, findings, problematic)
    terms = [segment[0] if len(segment) == 1 else Phrase(tuple(segment), place) for segment in segments]
    if len(terms) == 1:
        return terms[0]
    _note(findings, "warning", _GAP, place, problematic, "")
    return Near(tuple(terms), widest, ordered=True, place=place)


def _without_lost_ending(pieces: list[str], text: str, place: Place, findings: list[Finding]) -> None:
    last = pieces[-1]
    if last[0] not in "*?#" or len(pieces) == 1:
        return
    before = "".join(pieces[:-1])
    kept = last.rstrip("?")
    if kept != last:
        _note(findings, "error", _LAST, place, text, f"{before}{kept}#" if len(before) >= SHORTEST_BEFORE_HASH else "")
    if kept and set(kept) == {"#"} and len(before) < SHORTEST_BEFORE_HASH:
        _note(findings, "error", _HASH, place, text, "")
        kept = ""
    pieces[-1:] = [kept] if kept else []


def _wild(marks: str) -> Wild:
    least = marks.count("?")
    return Wild(least, None if "*" in marks else least + marks.count("#"))


def _note_stop_words(words: list[Word], place: Place, findings: list[Finding], problematic: str) -> None:
    stopped = [word.text for word in words if word.plain and word.text.lower() in STOP_WORDS]
    if stopped and len(stopped) == len(words):
        findings.append(Finding("R003", "error", _ONLY_STOP.format(" ".join(stopped)), place, problematic))
    elif stopped:
        findings.append(Finding("R003", "note", _STOP.format(stopped[0]), place, problematic))


def _note(
    findings: list[Finding], severity: Severity, sentence: str, place: Place, problematic: str, recommended: str
) -> None:
    findings.append(Finding("T006", severity, sentence, place, problematic, recommended))
