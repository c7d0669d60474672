"""Text from anywhere, made fit to print: nothing invisible, nothing that a file format cannot hold."""

import re
import unicodedata

_UNUSUAL = re.compile(r"[^\x20-\x7e\n\t]")
_BACKTICKS = re.compile("`+")
_LINE_ENDS = re.compile("\r\n?")
_JOINERS = "\u200c\u200d"
"""Format characters that spell words in several scripts; all others only hide text."""
_NO_CHARACTERS = "\ufffe\uffff"
"""XML cannot hold them."""
_HIDDEN = frozenset({"Cc", "Cs", "Cf", "Zl", "Zp"})
# CommonMark lets a backslash stand before any of these. `$`, `^` and `~` mean something to pandoc or GitHub.
_MARKDOWN = re.compile(r"[\\`*\[\]{}<>|~$^&]|(?<!\w)@|(?<![^\W_])_|_(?![^\W_])")
_LINE_START = re.compile(r"(?m)^(#{1,6}(?=\s|$)|[-+=](?=\s|$|[-=])|:(?=\s|-)|\d{1,9}(?=[.)](?:\s|$)))")
_SPACES = re.compile(r"(?m)^[ \t]+")


def visible(text: str) -> str:
    """Text in which every character can be seen and stored.

    Args:
        text: anything, broken surrogates included.

    Returns:
        The text with lines ended by a line feed. A control or format character, a broken surrogate, or a character
        that XML forbids, is written as `⟨U+00AD⟩`.
    """
    return _UNUSUAL.sub(_shown, _LINE_ENDS.sub("\n", text))


def one_line(text: str) -> str:
    """`visible` text on one line, runs of white space as one space."""
    return " ".join(visible(text).split())


def escaped(text: str) -> str:
    """Text that Markdown prints as it stands.

    Args:
        text: plain text of one or more lines.

    Returns:
        `visible` text in which a backslash takes its meaning from whatever has one. Indentation is dropped: four
        spaces would make code of it.
    """
    marked = _MARKDOWN.sub(r"\\\g<0>", _SPACES.sub("", visible(text)))
    return _LINE_START.sub(_escaped_start, marked)


def fenced(text: str) -> str:
    """Text as a fenced block of Markdown, whose fence is longer than any run of backticks in it."""
    shown = visible(text)
    longest = max((len(run) for run in _BACKTICKS.findall(shown)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{shown}\n{fence}"


def _shown(found: re.Match[str]) -> str:
    character = found[0]
    if character in _NO_CHARACTERS or (unicodedata.category(character) in _HIDDEN and character not in _JOINERS):
        return f"⟨U+{ord(character):04X}⟩"
    return character


def _escaped_start(found: re.Match[str]) -> str:
    start = found[1]
    return f"{start}\\" if start.isdigit() else f"\\{start}"
