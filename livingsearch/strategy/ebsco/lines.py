"""A search history of EBSCOhost, or a single search: which line stands where.

A history is copied from the screen, printed, or typed: `S1`, the query, often the limiters, the interface and the
number of results behind it, and the latest line first.
"""

import re
from dataclasses import dataclass

from livingsearch.strategy.findings import Finding, Severity
from livingsearch.strategy.tree import Place

_HEADER = re.compile(r"(#|s#|id|no\.?|line|search id)[#\s|]*(query|search|terms?|searches|strategy)\b.*", re.IGNORECASE)
_NUMBERED = re.compile(r"[ ]{0,20}(S|s|#|)(\d{1,5})(?:[.):]|(?=[ \t]|$))[ \t]*")
_ONGOING = re.compile(r"(?:AND|OR|NOT|[NW]\d{0,3})(?![^\s(])|\)|$", re.IGNORECASE)
_UNFINISHED = re.compile(r"(?:\bAND|\bOR|\bNOT|\b[NW]\d{1,3}|\()$", re.IGNORECASE)
_COLUMN = re.compile(
    r"(?:^|\t| {2})(?:Search Screen|Interface) ?-"
    r"|(?:^|(?<=[\s)]))(?P<set>Expanders|Limiters|Search modes|Narrow by [A-Za-z]{1,30}:?) ?[-:]",
    re.MULTILINE | re.IGNORECASE,
)
_LIMITING = ("limiters", "narrow")
_LIMITERS = (
    "limiters stand beside the query and cannot be read: write them into it, such as AND PY 2010-2020 AND LA english"
)
_SET_ASIDE = "expanders and search modes beside the queries are no part of them and were passed over"
_USUAL_MODE = "Boolean/Phrase"
_SHORTEST_GAP = 2


@dataclass(frozen=True, slots=True)
class RawLine:
    """One line's number and the offsets of its query."""

    number: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class History:
    """The lines of a text.

    Args:
        text: as given, with blanks in the place of whatever is no query.
        lines: in the order of their numbers.
        numbered: whether the text numbers its lines.
        bare: whether other lines are referred to by their number alone, without an S.
    """

    text: str
    lines: tuple[RawLine, ...]
    numbered: bool
    bare: bool = False


def history_of(text: str, findings: list[Finding]) -> History:
    """Cuts a text into its lines.

    Args:
        text: with straight quotation marks.
        findings: L004 is added to it, and S001 for what stands in the history but not in its queries.
    """
    rows = _rows(text)
    starts, mark = _starts(text, rows)
    kept = list(text)
    if not starts:
        for start, end in rows:
            _blank_columns(text, kept, start, end, findings)
        return History("".join(kept), (RawLine(1, 0, len(text)),), numbered=False)
    lines: list[RawLine] = []
    for (number, start), (_, following) in zip(starts, [*starts[1:], (0, len(text))], strict=True):
        end = following if following == len(text) else text.rfind("\n", start, following)
        lines.append(RawLine(number, start, max(start, end)))
    for start, end in rows:
        if end > lines[0].start:
            begin = max(start, lines[0].start)
            _blank_count(text, kept, begin, _blank_columns(text, kept, begin, end, findings))
    in_order = tuple(_in_order(lines, text, findings))
    return History("".join(kept), in_order, numbered=True, bare=not mark)


def _rows(text: str) -> list[tuple[int, int]]:
    rows, start = [], 0
    for part in text.split("\n"):
        rows.append((start, start + len(part)))
        start += len(part) + 1
    return rows


def _starts(text: str, rows: list[tuple[int, int]]) -> tuple[list[tuple[int, int]], str]:
    """Number and start of the query of each numbered line, and the mark before numbers; none for a single search."""
    starts: list[tuple[int, int]] = []
    mark = ""
    unfinished = False
    for start, end in rows:
        row = text[start:end]
        if not row.strip():
            continue
        match = _NUMBERED.match(row)
        if match is not None and match.end() < len(row) and _ONGOING.match(row, match.end()):
            match = None
        if match is not None and not (starts and (unfinished or match[1].upper() != mark)):
            mark = match[1].upper()
            starts.append((int(match[2]), start + match.end()))
        elif not starts and not _HEADER.fullmatch(row.strip()):
            return [], ""
        unfinished = _UNFINISHED.search(row.rstrip()[-5:]) is not None
    numbers = [number for number, _ in starts]
    if len(starts) == 1 and (numbers != [1] or not mark):
        return [], ""
    if not mark and sorted(numbers) != list(range(1, len(numbers) + 1)):
        return [], ""
    return starts, mark


def _blank_columns(text: str, kept: list[str], start: int, end: int, findings: list[Finding]) -> int:
    """Blanks what a history shows beside a query; gives back where that begins."""
    columns = _columns(text, start, end)
    if not columns:
        return end
    named = [column for column in columns if column["set"]]
    limiting = [column for column in named if column["set"].lower().startswith(_LIMITING)]
    if limiting:
        _note(_LIMITERS, "fatal", text, limiting[0].start("set"), end, findings)
    for column in named:
        if column["set"].lower() == "search modes" and _USUAL_MODE not in text[column.end() : end]:
            sentence = f"this line was searched in another mode than {_USUAL_MODE}; it is read as if in that one"
            _note(sentence, "error", text, column.start("set"), end, findings)
            break
    else:
        if named and not limiting and not any(finding.sentence == _SET_ASIDE for finding in findings):
            _note(_SET_ASIDE, "note", text, named[0].start("set"), end, findings)
    begin = columns[0].start()
    kept[begin:end] = " " * (end - begin)
    return begin


def _columns(text: str, start: int, end: int) -> list[re.Match[str]]:
    """The columns of a row; what stands in quotation marks is none."""
    columns = []
    quoted, at = False, start
    for match in _COLUMN.finditer(text, start, end):
        quoted ^= bool(text.count('"', at, match.start()) % 2)
        at = match.start()
        if not quoted:
            columns.append(match)
    return columns


def _note(sentence: str, severity: Severity, text: str, start: int, end: int, findings: list[Finding]) -> None:
    shown = text[start:end].partition("\t")[0].rstrip()
    findings.append(Finding("S001", severity, sentence, Place(start, start + len(shown)), shown))


def _blank_count(text: str, kept: list[str], start: int, end: int) -> None:
    """Blanks the number of results at the end of a row."""
    at = end
    while at > start and text[at - 1].isspace():
        at -= 1
    last = at
    while at > start and (text[at - 1].isdigit() or text[at - 1] in ",.()"):
        at -= 1
    gap = at
    while gap > start and text[gap - 1] in " \t":
        gap -= 1
    digits = text[at:last].strip("()").replace(",", "").replace(".", "")
    wide = at - gap >= _SHORTEST_GAP or "\t" in text[gap:at] or (gap == start and text[start - 1 : start] == "\n")
    if digits.isdigit() and wide:
        kept[at:last] = " " * (last - at)


def _in_order(lines: list[RawLine], text: str, findings: list[Finding]) -> list[RawLine]:
    seen: set[int] = set()
    highest = 0
    for line in lines:
        place = Place(line.start, line.end)
        shown = text[line.start : line.end].strip()
        if line.number in seen:
            sentence = f"two lines have the number {line.number}: a reference to it means the later one"
            findings.append(Finding("L004", "error", sentence, place, shown))
        elif line.number < highest:
            sentence = "a line stands behind one of a higher number: they are read in the order of their numbers"
            findings.append(Finding("L004", "note", sentence, place, shown))
        seen.add(line.number)
        highest = max(highest, line.number)
    return sorted(lines, key=lambda line: line.number)
