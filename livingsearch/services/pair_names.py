"""What a pair is called: the numbers of its two records, `12-40`, or the ids of two reports, `R000012 R000031`.

A pair's name never changes, whatever list it was read from.
"""

import re
from collections.abc import Iterable, Sequence

import duckdb

from livingsearch.errors import PairUnknown

Pair = tuple[int, int]

_RECORDS = re.compile(r"(\d{1,18})-(\d{1,18})")
_REPORTS = re.compile(r"([Rr]\d{1,18})-([Rr]\d{1,18})")

# Of the pairs between two reports the one that a person is asked about, else the best, else the oldest records.
_BETWEEN = """
WITH x AS (SELECT record_id FROM member_at($position) WHERE report_id = $x),
y AS (SELECT record_id FROM member_at($position) WHERE report_id = $y)
SELECT least(x.record_id, y.record_id), greatest(x.record_id, y.record_id)
FROM x CROSS JOIN y LEFT JOIN verdict_at($position) v
    ON v.x_id = least(x.record_id, y.record_id) AND v.y_id = greatest(x.record_id, y.record_id)
    LEFT JOIN decision_at($position) d USING (x_id, y_id)
ORDER BY d.word IS NULL, v.outcome = 'possible' DESC NULLS LAST, v.score DESC NULLS LAST,
    x.record_id, y.record_id LIMIT 1
"""


def pair_name(pair: Pair) -> str:
    """A pair as people write it, the older record first: `12-40`."""
    return f"{min(pair)}-{max(pair)}"


def pairs_named(con: duckdb.DuckDBPyConnection, words: Sequence[str], position: int) -> list[Pair]:
    """The pairs that words on the command line name.

    Args:
        con: the review's database.
        words: `12-40`, `R000012-R000031`, or two of `12`, `R000012` after each other.
        position: in the log.

    Returns:
        Two record numbers each, the smaller first.

    Raises:
        PairUnknown: a word is no such name, or there is no such record or report.
    """
    pairs: list[Pair] = []
    rest = list(words)
    while rest:
        word = rest.pop(0)
        named = _RECORDS.fullmatch(word) or _REPORTS.fullmatch(word)
        if named:
            pairs.append(_pair(con, named[1], named[2], position))
        elif rest and re.fullmatch(r"[Rr]?\d{1,18}", word) and re.fullmatch(r"[Rr]?\d{1,18}", rest[0]):
            pairs.append(_pair(con, word, rest.pop(0), position))
        else:
            raise PairUnknown(
                f"{word[:60]!r} names no pair: write the numbers of two records, as in 12-40, or two reports, as in "
                "R000012-R000031."
            )
    return pairs


def connected(pairs: Iterable[Pair]) -> dict[int, int]:
    """What pairs lead to, one after the other.

    Returns:
        For each end of a pair the smallest end that can be reached from it.
    """
    above: dict[int, int] = {}

    def top(one: int) -> int:
        while above.setdefault(one, one) != one:
            above[one] = one = above[above[one]]
        return one

    for x, y in pairs:
        low, high = sorted((top(x), top(y)))
        above[high] = low
    return {one: top(one) for one in list(above)}


def report_number(name: str) -> int | None:
    """The number of a report's id, or None where the text is none."""
    found = re.fullmatch(r"[Rr](\d{1,18})", name)
    return int(found[1]) if found else None


def _pair(con: duckdb.DuckDBPyConnection, first: str, second: str, position: int) -> Pair:
    numbers = report_number(first), report_number(second)
    if numbers[0] is None and numbers[1] is None:
        pair = (min(int(first), int(second)), max(int(first), int(second)))
        known = con.execute("SELECT count(*) FROM record WHERE record_id IN (?, ?)", list(pair)).fetchone()
        if pair[0] == pair[1] or known != (2,):
            raise PairUnknown(f"There are no two records {pair[0]} and {pair[1]} in this review.")
        return pair
    if numbers[0] is None or numbers[1] is None:
        raise PairUnknown(f"{first} and {second} are a record and a report; name two records or two reports.")
    row = con.execute(_BETWEEN, {"x": numbers[0], "y": numbers[1], "position": position}).fetchone()
    if numbers[0] == numbers[1] or row is None:
        raise PairUnknown(f"{first} and {second} are not two reports of this review as it stands now.")
    return int(row[0]), int(row[1])
