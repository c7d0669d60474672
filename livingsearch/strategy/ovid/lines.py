"""Where the lines of a strategy begin and end, however it was pasted.

Ovid prints a strategy as `1     exp Asthma/ (132456)`, its screen copies as columns divided by tabs, reviews print it
as `1. exp Asthma/`, and word processors break long lines.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from livingsearch.strategy.findings import Finding, search_error
from livingsearch.strategy.ovid.characters import Source

_MARK = re.compile(r"[ \t]*(#?)([0-9]{1,4})(?:([.):])[ \t]*(?=[^\W0-9_]|[*(\"'])|([.):]?[ \t]+))(?=\S)")
_BEGINS_WITH_OPERATOR = re.compile(r"(?:and|or|not|adj[0-9]*)(?![\w/])(?!\s*/)", re.IGNORECASE)
_ENDS_OPEN = re.compile(r"(?:^|[\s()])(?:and|or|not|adj[0-9]*|to|limit|from|exp)$", re.IGNORECASE)
_COUNT = re.compile(r"\(?[0-9][0-9,. ]*\)?")
_HEADERS = (
    "database:",
    "databases:",
    "database(s):",
    "search strategy",
    "search history",
    "searches\t",
    "ovid technologies",
    "# searches",
    "#\tsearches",
    "# ▲",
    "results:",
)
_RULES = frozenset("-=_*~# \t")
_SURE = re.compile(r"[ \t]*(?:exp |\*|[(\"']|[^/\n]{1,80}/(?:\s|$))", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Stretch:
    """One line of the strategy.

    Args:
        number: its own, or 1 where lines have none.
        start: of what it says, in the clean text.
        end: behind it.
    """

    number: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Layout:
    """A strategy cut into lines.

    Args:
        source: the search; numbers of hits are blanked out of its clean text.
        stretches: at least one.
        numbered: whether the text numbers its lines.
    """

    source: Source
    stretches: tuple[Stretch, ...]
    numbered: bool


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of text: where it begins and ends, its number if it may have one, and where the rest begins."""

    start: int
    end: int
    number: int | None
    body: int
    strong: bool


def layout_of(source: Source, findings: list[Finding]) -> Layout:
    """Finds the lines of a strategy.

    Args:
        source: the search.
        findings: L004 is added to it.

    Raises:
        SearchTextError: nothing but headers is there, or two lines have the same number (L004).
    """
    rows = _without_header(list(_rows(source.clean)), source.clean)
    if not rows:
        raise search_error("the search is empty", source.text, source.place(0, len(source.clean)))
    if not _is_numbered(rows, source.clean):
        if rows[0].number == 1:
            place = source.place(rows[0].start, rows[0].body)
            sentence = "The 1 at the beginning was read as a word of the search, not as the number of a line."
            findings.append(Finding("L004", "note", sentence, place, source.text[place.start : place.end].strip()))
        return Layout(source, (Stretch(1, rows[0].start, rows[-1].end),), False)
    blanked = _blanked(source, rows)
    return Layout(blanked, _numbered(blanked, rows, findings), True)


def _rows(text: str) -> Iterator[_Row]:
    start = 0
    while start <= len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        if text[start:end].strip():
            mark = _MARK.match(text, start, end)
            if mark and not _BEGINS_WITH_OPERATOR.match(text, mark.end(), end):
                strong = bool(mark[1] or mark[3]) or len(mark[4] or "") > 1 or "\t" in (mark[4] or "")
                yield _Row(start, end, int(mark[2]), mark.end(), strong)
            else:
                yield _Row(start, end, None, start, False)
        start = end + 1


def _without_header(rows: list[_Row], text: str) -> list[_Row]:
    """The rows without what Ovid prints above a strategy, and without rules."""
    at = 0
    while at < len(rows) and rows[at].number is None and _is_header(text[rows[at].start : rows[at].end]):
        at += 1
    return [row for row in rows[at:] if not set(text[row.start : row.end]) <= _RULES]


def _is_header(row: str) -> bool:
    row = row.strip().lower()
    named = "<" in row and " to " in row and row.endswith(">") and len(row) < 300
    return row.startswith(_HEADERS) or named or set(row) <= _RULES


def _is_numbered(rows: list[_Row], text: str) -> bool:
    first = rows[0]
    if first.number is None:
        return False
    if any(row.number == first.number + 1 for row in rows[1:]):
        return True
    return first.number == 1 and (first.strong or len(rows) > 1 or _SURE.match(text, first.body, first.end) is not None)


def _blanked(source: Source, rows: list[_Row]) -> Source:
    """The search with spaces where numbers of hits stand at the ends of rows."""
    pieces: list[str] = []
    at = 0
    for row in rows:
        kept = _kept(source.clean[row.body : row.end])
        pieces += [source.clean[at : row.body + kept], " " * (row.end - row.body - kept)]
        at = row.end
    pieces.append(source.clean[at:])
    return Source(source.text, "".join(pieces), source.offsets)


def _kept(row: str) -> int:
    """How much of a row is left without the columns behind what it says."""
    if "\t" in row.strip():
        at = row.find("\t", len(row) - len(row.lstrip()))
        while at >= 0:
            end = row.find("\t", at + 1)
            cell = row[at + 1 : len(row) if end < 0 else end].strip()
            if cell and _COUNT.fullmatch(cell) and not _ENDS_OPEN.search(row[max(0, at - 10) : at].rstrip()):
                return at
            at = end
    stripped = row.rstrip()
    before, _, last = stripped.rpartition(" ")
    gap = before.endswith(" ") or last.startswith("(")
    before = before.rstrip()
    if gap and before and _COUNT.fullmatch(last) and last.startswith("(") == last.endswith(")"):
        opened = _ENDS_OPEN.search(before[-10:]) or before.endswith((",", "-", "("))
        return len(row) if opened else len(before)
    return len(row)


def _numbered(source: Source, rows: list[_Row], findings: list[Finding]) -> tuple[Stretch, ...]:
    text = source.clean
    stretches: list[Stretch] = []
    seen: dict[int, None] = {}
    depth = 0
    for row in rows:
        before = ""
        if stretches:
            before = text[max(stretches[-1].start, stretches[-1].end - 40) : stretches[-1].end].rstrip()
        if row.number is None or (stretches and not _begins_line(row, stretches[-1].number, depth, before)):
            stretches[-1] = Stretch(stretches[-1].number, stretches[-1].start, row.end)
            depth += _depth(text, row.start, row.end)
            continue
        place = source.place(row.start, row.body)
        if row.number in seen:
            problem = f"two lines have the number {row.number}, so that references to it are ambiguous"
            raise search_error(problem, source.text, place, "L004")
        if stretches and row.number != stretches[-1].number + 1:
            findings.append(
                Finding(
                    "L004",
                    "warning" if row.number > stretches[-1].number else "error",
                    f"Line {row.number} follows line {stretches[-1].number}: a line is missing or out of place.",
                    place,
                    source.text[place.start : place.end].strip(),
                )
            )
        seen[row.number] = None
        stretches.append(Stretch(row.number, row.body, row.end))
        depth = _depth(text, row.body, row.end)
    return tuple(stretches)


def _begins_line(row: _Row, last: int, depth: int, before: str) -> bool:
    """Whether a row that begins with a number begins a line, rather than going on with the one above."""
    return row.number == last + 1 or not (depth > 0 or _ENDS_OPEN.search(before))


def _depth(text: str, start: int, end: int) -> int:
    return text.count("(", start, end) - text.count(")", start, end)
