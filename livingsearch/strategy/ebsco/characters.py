"""Characters that word processors and web pages put in the place of what EBSCOhost reads.

What comes out has the same length, so that every place in it is one of the text as given.
"""

import re
from functools import partial

from livingsearch.strategy.findings import Finding, Severity
from livingsearch.strategy.lookalikes import APOSTROPHES, ASTERISKS, DOUBLE_QUOTES, HYPHENS, INVISIBLE, SPACES
from livingsearch.strategy.tree import Place

NOTHING = "\0"
"""Stands for an invisible character; the words leave it out."""

_UNSEEN = INVISIBLE + "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff"
"""With control characters and halves of characters, for a class of a regular expression."""

NO_LETTERS = f"{DOUBLE_QUOTES}{ASTERISKS}{SPACES}{_UNSEEN}"
"""What no word holds, for a class of a regular expression."""

_ODD = re.compile(f"[{DOUBLE_QUOTES}{APOSTROPHES}{ASTERISKS}{SPACES}{_UNSEEN}{HYPHENS}]")
_PAIR = re.compile(f'[{DOUBLE_QUOTES}][^{DOUBLE_QUOTES}"\n]*[{DOUBLE_QUOTES}]|[{DOUBLE_QUOTES}]')
_RUNS: tuple[tuple[re.Pattern[str], str, str, Severity, str], ...] = (
    (re.compile(f"[{APOSTROPHES}]+"), "S005", "'", "note", "a curly apostrophe was read as a straight one"),
    (re.compile(f"[{SPACES}]+"), "S010", " ", "warning", "an unusual space was read as a common one"),
    (re.compile(f"[{_UNSEEN}]+"), "S010", NOTHING, "warning", "an invisible character was left out"),
    (re.compile(f"[{HYPHENS}]+"), "S010", "-", "warning", "a dash was read as a hyphen"),
)
"""Characters, code, what each is read as, severity, sentence."""
_STAR = re.compile(f"[{ASTERISKS}]+")
_QUOTED_SINGLY = re.compile(r"(?<![^\s(])'(?=[^\s'])[^'\"()\n]*'(?![^\s)])")
_SLOT = re.compile(r"(\{\{[^{}]*\}\})")
_QUOTED = re.compile(r'("[^"]*")')
_LONGEST_WORD = 100

_STRAIGHT = {
    **dict.fromkeys(map(ord, DOUBLE_QUOTES), '"'),
    **dict.fromkeys(map(ord, ASTERISKS), "*"),
}
_CURLY = "curly or foreign quotation marks: EBSCOhost documents straight ones only; they were read as such"
_FAKE_STAR = "this character only looks like *: EBSCOhost would not truncate here; it was read as *"
_SINGLY = "single quotation marks make no phrase on EBSCOhost: write double ones; they were read as such"


def cleaned(text: str, findings: list[Finding]) -> str:
    """The text as it was meant, every character in its place; slots are left alone.

    Args:
        text: as given.
        findings: S005, S006, S008 and S010 are added to it.
    """
    if not _ODD.search(text):
        return _with_double_quotes(text, findings) if "'" in text else text
    parts = _SLOT.split(text)
    at = 0
    for number, part in enumerate(parts):
        if number % 2 == 0:
            parts[number] = _straightened(part, at, findings)
        at += len(part)
    return _with_double_quotes("".join(parts), findings)


def _straightened(text: str, offset: int, findings: list[Finding]) -> str:
    for match in _PAIR.finditer(text):
        place = Place(offset + match.start(), offset + match.end())
        findings.append(Finding("S005", "warning", _CURLY, place, match[0], match[0].translate(_STRAIGHT)))
    for match in _STAR.finditer(text):
        start = max(text.rfind(mark, max(0, match.start() - _LONGEST_WORD), match.start()) for mark in ' \t\n("') + 1
        start = max(start, match.start() - _LONGEST_WORD)
        word = text[start : match.end()]
        place = Place(offset + start, offset + match.end())
        findings.append(Finding("S006", "error", _FAKE_STAR, place, word, word.translate(_STRAIGHT)))
    text = text.translate(_STRAIGHT)
    for pattern, code, replacement, severity, sentence in _RUNS:
        for match in pattern.finditer(text):
            place = Place(offset + match.start(), offset + match.end())
            shown = "" if replacement is NOTHING else replacement * len(match[0])
            findings.append(Finding(code, severity, sentence, place, match[0], shown))
        text = pattern.sub(partial(_repeated, replacement), text)
    return text


def _repeated(replacement: str, match: re.Match[str]) -> str:
    return replacement * len(match[0])


def _with_double_quotes(text: str, findings: list[Finding]) -> str:
    """Phrases in single quotation marks in double ones; within double ones they are apostrophes."""
    parts = _QUOTED.split(text)
    at = 0
    for number, part in enumerate(parts):
        if number % 2 == 0 and "'" in part:
            for match in _QUOTED_SINGLY.finditer(part):
                place = Place(at + match.start(), at + match.end())
                severity: Severity = "error" if " " in match[0][1:-1].strip() else "warning"
                findings.append(Finding("S008", severity, _SINGLY, place, match[0], _doubled(match)))
            parts[number] = _QUOTED_SINGLY.sub(_doubled, part)
        at += len(part)
    return "".join(parts)


def _doubled(match: re.Match[str]) -> str:
    return f'"{match[0][1:-1]}"'
