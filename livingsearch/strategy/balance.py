"""Whether the brackets and quotation marks of a search pair up, on any platform."""

from livingsearch.errors import SearchTextError
from livingsearch.strategy.tree import line_and_column

_OPENS = {"(": ")", "[": "]"}
_CLOSES = {")": "(", "]": "["}
_DOUBLE = frozenset('"“”„')
_SINGLE = frozenset("'‘’")


def check_balance(text: str) -> None:
    """See that every bracket and every quotation mark has its partner.

    Brackets inside quotation marks do not count. A single quotation mark delimits a phrase where it stands
    before a phrase or behind one (`'expert by experience$'`); within a word or behind one (`user's`,
    `users'`) it is an apostrophe.

    Args:
        text: the whole search, in any platform's syntax.

    Raises:
        SearchTextError: the search is empty, or a bracket or quotation mark has no partner; line and column
            are those of the mark that was left alone.
    """
    if not text.strip():
        raise SearchTextError("the search is empty", 1, 1)
    opened: list[int] = []
    at = 0
    while at < len(text):
        mark = text[at]
        if mark in _DOUBLE:
            at = _end_of_double(text, at)
        elif mark in _SINGLE and _opens_phrase(text, at):
            at = _end_of_single(text, at)
        elif mark in _SINGLE and _closes_phrase(text, at):
            raise _error("the single quotation mark here closes a phrase that was never opened", text, at)
        elif mark in _OPENS:
            opened.append(at)
        elif mark in _CLOSES:
            _close(text, opened, at)
        at += 1
    if opened:
        raise _error(f"the bracket {text[opened[-1]]} opened here is never closed", text, opened[-1])


def _close(text: str, opened: list[int], at: int) -> None:
    mark = text[at]
    if not opened:
        raise _error(f"the bracket {mark} here closes nothing: none was opened before it", text, at)
    partner = text[opened.pop()]
    if partner != _CLOSES[mark]:
        raise _error(f"the bracket {mark} here stands where {_OPENS[partner]} is expected", text, at)


def _end_of_double(text: str, start: int) -> int:
    for at in range(start + 1, len(text)):
        if text[at] in _DOUBLE:
            return at
    raise _error("the quotation mark opened here is never closed", text, start)


def _end_of_single(text: str, start: int) -> int:
    for at in range(start + 1, len(text)):
        if text[at] not in _SINGLE or _within_word(text, at):
            continue
        # A second opening mark means that the first phrase's closing one is missing: pairing the two would
        # hide the mistake and quote the operators between them.
        if _opens_phrase(text, at):
            break
        return at
    raise _error(
        "the single quotation mark opened here is never closed (if it is an apostrophe, leave it out)",
        text,
        start,
    )


def _within_word(text: str, at: int) -> bool:
    return text[at - 1 : at].isalnum() and text[at + 1 : at + 2].isalnum()


def _opens_phrase(text: str, at: int) -> bool:
    before, after = text[at - 1 : at] if at else "", text[at + 1 : at + 2]
    return (not before or before.isspace() or before in "([,:=") and bool(after) and after not in ")] \t\r\n"


def _closes_phrase(text: str, at: int) -> bool:
    before = text[at - 1 : at] if at else ""
    return bool(before) and not before.isspace() and not before.isalnum() and before not in "([,:="


def _error(problem: str, text: str, at: int) -> SearchTextError:
    return SearchTextError(problem, *line_and_column(text, at))
