"""Possible duplicates as a table that persons fill in a spreadsheet, and the table read back."""

import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path

from livingsearch.errors import DecisionRefused
from livingsearch.exports.table import guarded
from livingsearch.services.decisions_agree import Word
from livingsearch.services.live_reports import report_name
from livingsearch.services.pair_names import Pair
from livingsearch.services.pairs import ListedPair

COLUMNS = (
    "x", "y", "decision", "why", "cluster", "report_a", "report_b", "title_a", "title_b", "source_a", "source_b",
    "rule", "score", "evidence", "changes", "who", "when",
)  # fmt: skip
"""`x`, `y`, `decision` and `why` are read back; `decision` is empty where nobody has decided. The records' numbers
stand in two columns, since a spreadsheet would make a day of 1-2."""

_MOST = 1 << 26
_WORDS: dict[str, Word] = {"duplicate": "duplicate", "distinct": "distinct"}


def pairs_csv(pairs: Iterable[ListedPair]) -> Iterator[bytes]:
    """The table, line by line, UTF-8.

    Args:
        pairs: in the order wanted.
    """
    yield (",".join(COLUMNS) + "\r\n").encode()
    for pair in pairs:
        said = pair.said
        cells = (
            str(pair.x),
            str(pair.y),
            said.word if said else "",
            (said.why or "") if said else "",
            str(pair.cluster or ""),
            *(report_name(report) for report in pair.reports),
            *pair.titles,
            *pair.sources,
            pair.rule or "",
            "" if pair.score is None else f"{pair.score:g}",
            pair.evidence or "",
            str(pair.changes),
            said.who if said else "",
            f"{said.when:%Y-%m-%d %H:%M}" if said else "",
        )
        out = io.StringIO()
        csv.writer(out).writerow([guarded(cell) for cell in cells])
        yield out.getvalue().encode()


def decisions_in(path: Path) -> dict[Pair, tuple[Word, str | None]]:
    """What a filled table says of pairs.

    Args:
        path: CSV with the columns `x` and `y` (or `pair`) and `decision`, perhaps `why`; others are left alone.

    Returns:
        By pair the word and the reason; lines without a decision are left out.

    Raises:
        DecisionRefused: it is no such table, or a line cannot be understood; the message has its number.
    """
    try:
        if path.stat().st_size > _MOST:
            raise DecisionRefused(f"{path} is larger than {_MOST:,} bytes, so it is no table of decisions.")
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise DecisionRefused(f"{path} cannot be read: {error.strerror or error}.") from error
    except UnicodeDecodeError as error:
        raise DecisionRefused(f"{path} is not UTF-8; save the table as CSV in UTF-8.") from error
    head = text.partition("\n")[0]
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count), strict=True)
    found: dict[Pair, tuple[Word, str | None]] = {}
    try:
        names = {(name or "").strip().lower(): name for name in rows.fieldnames or ()}
        if "decision" not in names or not ("pair" in names or {"x", "y"} <= names.keys()):
            raise DecisionRefused(f"{path} needs the columns x, y and decision; 'pairs list --csv FILE' writes them.")
        for row in rows:
            _take(found, {short: str(row[name] or "").strip() for short, name in names.items()}, path, rows.line_num)
    except csv.Error as error:
        raise DecisionRefused(f"{path}, line {rows.line_num}: {error}; nothing was decided.") from error
    return found


def _take(found: dict[Pair, tuple[Word, str | None]], row: dict[str, str], path: Path, line: int) -> None:
    if not row["decision"]:
        return
    named = (row.get("pair") or f"{row.get('x', '')}-{row.get('y', '')}").lstrip("'")
    ends = named.split("-")
    word = _WORDS.get(row["decision"].lower())
    if word is None:
        raise DecisionRefused(f"{path}, line {line}: {row['decision'][:40]!r} is neither duplicate nor distinct.")
    if len(ends) != 2 or not all(end.isascii() and end.isdigit() and len(end) < 19 for end in ends):
        raise DecisionRefused(
            f"{path}, line {line}: {named[:40]!r} is no pair such as 12-40; was it turned into a day?"
        )
    pair = (min(map(int, ends)), max(map(int, ends)))
    if pair in found and found[pair][0] != word:
        raise DecisionRefused(f"{path}, line {line}: {named} is decided twice, and differently.")
    found[pair] = (word, row.get("why") or None)
