"""On which line of a TOML file each value stands.

`tomllib` gives values without places. This walks over a text that `tomllib` has already accepted, so it needs to
know where things end, not whether they are right.
"""

from bisect import bisect_right
from dataclasses import dataclass

Path = tuple[str | int, ...]
"""Keys and, for arrays, places from 0: `("source", 1, "schedule")`."""

_BARE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")
_ESCAPES = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", '"': '"', "\\": "\\"}


@dataclass(frozen=True, slots=True)
class Span:
    """Lines, from 1.

    Attributes:
        line: of the key, or of the header of a table.
        first: on which the value's own text begins; behind the opening quotation marks of a multi-line string.
        last: on which the value ends.
    """

    line: int
    first: int
    last: int


def locate(text: str) -> dict[Path, Span]:
    """Find the lines of all keys, tables and elements of arrays.

    Args:
        text: TOML that `tomllib` can read.

    Returns:
        For each path its lines. Tables that no header names (`a` in `[a.b]`) get those of the first that does.
    """
    return _Walk(text).run()


def line_of(spans: dict[Path, Span], path: Path) -> int | None:
    """Line of a value or, where it is not in the file, of the innermost table around it; None for the file."""
    for length in range(len(path), 0, -1):
        if span := spans.get(path[:length]):
            return span.line
    return None


class _Walk:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.starts = [0, *(place + 1 for place, character in enumerate(text) if character == "\n")]
        self.spans: dict[Path, Span] = {}
        self.counts: dict[Path, int] = {}

    def run(self) -> dict[Path, Span]:
        table: Path = ()
        while True:
            self._skip_blank()
            if self.at >= len(self.text):
                return self.spans
            table = self._header() if self.text[self.at] == "[" else self._pair(table)

    def _header(self) -> Path:
        line, brackets = self._line(self.at), 2 if self.text.startswith("[[", self.at) else 1
        self.at += brackets
        *outer, last = self._key()
        self.at = self.text.index("]", self.at) + brackets
        path: Path = ()
        for part in outer:
            path = self._innermost((*path, part))
            self._note(path, Span(line, line, line))
        path = (*path, last)
        self._note(path, Span(line, line, line))
        if brackets == 2:
            place = self.counts[path] = self.counts.get(path, -1) + 1
            path = (*path, place)
            self._note(path, Span(line, line, line))
        return path

    def _innermost(self, path: Path) -> Path:
        return (*path, self.counts[path]) if path in self.counts else path

    def _pair(self, table: Path) -> Path:
        line = self._line(self.at)
        *outer, last = self._key()
        self.at = self.text.index("=", self.at) + 1
        path = table
        for part in outer:
            path = (*path, part)
            self._note(path, Span(line, line, line))
        self._value((*path, last), line)
        return table

    def _value(self, path: Path, line: int) -> None:
        self._skip_spaces()
        start = self.at
        first = self._line(start)
        character = self.text[start]
        if character in "\"'":
            first = self._line(self._string())
        elif character == "[":
            self._array(path)
        elif character == "{":
            self._inline_table(path)
        else:
            while self.at < len(self.text) and self.text[self.at] not in ",]}#\r\n":
                self.at += 1
        self._note(path, Span(line, first, self._line(self.at - 1)))

    def _array(self, path: Path) -> None:
        self.at += 1
        place = 0
        while True:
            self._skip_blank(",")
            if self.text[self.at] == "]":
                self.at += 1
                return
            self._value((*path, place), self._line(self.at))
            place += 1

    def _inline_table(self, path: Path) -> None:
        self.at += 1
        while True:
            self._skip_blank(",")
            if self.text[self.at] == "}":
                self.at += 1
                return
            self._pair(path)

    def _string(self) -> int:
        """Step over a string; where its own text begins."""
        quote = self.text[self.at]
        mark = quote * 3 if self.text.startswith(quote * 3, self.at) else quote
        start = self.at = self.at + len(mark)
        while not self.text.startswith(mark, self.at):
            self.at += 2 if quote == '"' and self.text[self.at] == "\\" else 1
        # Up to two quotation marks may stand before the three that end the string.
        while len(mark) == 3 and self.text.startswith(quote, self.at + 3):
            self.at += 1
        self.at += len(mark)
        if len(mark) == 3:
            start += len("\r\n") if self.text.startswith("\r\n", start) else self.text.startswith("\n", start)
        return start

    def _key(self) -> list[str]:
        parts = []
        while True:
            self._skip_spaces()
            start = self.at
            if self.text[start] in "\"'":
                self._string()
                inside = self.text[start + 1 : self.at - 1]
                parts.append(_unescaped(inside) if self.text[start] == '"' else inside)
            else:
                while self.text[self.at] in _BARE:
                    self.at += 1
                parts.append(self.text[start : self.at])
            self._skip_spaces()
            if self.text[self.at] != ".":
                return parts
            self.at += 1

    def _skip_spaces(self) -> None:
        while self.at < len(self.text) and self.text[self.at] in " \t":
            self.at += 1

    def _skip_blank(self, also: str = "") -> None:
        while self.at < len(self.text):
            if self.text[self.at] == "#":
                end = self.text.find("\n", self.at)
                self.at = len(self.text) if end < 0 else end
            elif self.text[self.at] in " \t\r\n" + also:
                self.at += 1
            else:
                return

    def _note(self, path: Path, span: Span) -> None:
        known = self.spans.get(path)
        # `[a]` behind `[a.b]` is where a is spelled out, but the first mention is what a reader meets.
        if known is None:
            self.spans[path] = span

    def _line(self, offset: int) -> int:
        return bisect_right(self.starts, offset)


def _unescaped(inside: str) -> str:
    out, at = "", 0
    while at < len(inside):
        if inside[at] != "\\":
            out, at = out + inside[at], at + 1
        elif inside[at + 1] in "uU":
            digits = 4 if inside[at + 1] == "u" else 8
            out, at = out + chr(int(inside[at + 2 : at + 2 + digits], 16)), at + 2 + digits
        else:
            out, at = out + _ESCAPES[inside[at + 1]], at + 2
    return out
