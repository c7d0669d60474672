"""A person's words on pairs of records: given, taken back, and in effect before the command ends."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import duckdb

from livingsearch.errors import DecisionRefused, IdentityBroken
from livingsearch.services.context import ReviewContext
from livingsearch.services.decisions_agree import Standing, Word, require_consistent
from livingsearch.services.deduplicate import deduplicate_review
from livingsearch.services.pair_names import Pair, pair_name
from livingsearch.store import append_to_log, log_position, utc_naive

_STANDING = """
SELECT x_id, y_id, word, who, instant FROM decision_row_at($position)
"""

_MOVED = """
SELECT e.record_id, p.report_id AS old_report, e.report_id AS new_report
FROM report_event e LEFT JOIN report_event p
    ON p.record_id = e.record_id AND p.position = e.position AND p.event = 'parted'
WHERE e.event = 'joined' AND e.position > $since ORDER BY e.record_id
"""

# Words that the grouping does not follow: there must be none.
_UNHELD = """
SELECT d.x_id, d.y_id, d.word FROM decision_at($position) d
    JOIN member_at($position) x ON x.record_id = d.x_id JOIN member_at($position) y ON y.record_id = d.y_id
WHERE (d.word = 'duplicate') <> (x.report_id = y.report_id)
"""


@dataclass(frozen=True, slots=True)
class Move:
    """A record that came to another report.

    Attributes:
        record: its number.
        old: number of the report that it left; None where it had none.
        new: number of the report that it stands in now.
    """

    record: int
    old: int | None
    new: int


@dataclass(frozen=True, slots=True)
class Replaced:
    """Another person's word that stood until now.

    Attributes:
        pair: on which it was said.
        word: that stood.
        who: said it.
    """

    pair: Pair
    word: str
    who: str


@dataclass(frozen=True, slots=True)
class Decided:
    """What one command of a person came to.

    Attributes:
        entry: by which the log names it; None where nothing changed.
        pairs: pairs whose word changed.
        unchanged: pairs that already had that word, or none that could be taken back.
        moves: records that came to another report.
        retired: numbers of reports that are part of another one now.
        restored: numbers of reports that are reports again.
        added: numbers of reports that are new.
        replaced: words of other persons that no longer stand.
    """

    entry: int | None
    pairs: tuple[Pair, ...]
    unchanged: tuple[Pair, ...]
    moves: tuple[Move, ...] = ()
    retired: tuple[int, ...] = ()
    restored: tuple[int, ...] = ()
    added: tuple[int, ...] = ()
    replaced: tuple[Replaced, ...] = ()


def decide(
    context: ReviewContext,
    words: Mapping[Pair, Word],
    *,
    why: str | None = None,
    who: str | None = None,
    rule: str | None = None,
    reasons: Mapping[Pair, str] | None = None,
) -> Decided:
    """Say of pairs that they are one report, or that they are not; the grouping follows at once.

    Args:
        context: the review.
        words: by pair of records.
        why: kept with each of them.
        who: who says so; the person at work where None.
        rule: that all of them were chosen by, for the log.
        reasons: of single pairs, before `why`.

    Returns:
        What changed.

    Raises:
        DecisionRefused: the words contradict each other or earlier ones, or a record does not exist; nothing was
            changed.
    """
    person = who or context.actor
    with context.store.write() as con:
        _require_known(con, words)
        standing = _standing(con)
        new = {pair: word for pair, word in words.items() if pair not in standing or standing[pair].word != word}
        require_consistent(standing, new, person)
        entry = _append(con, context, new, person, why, {"rule": rule} if rule else {}, reasons or {})
        before = _reports(con)
    said = [(pair, standing[pair]) for pair in new if pair in standing]
    others = tuple(Replaced(pair, earlier.word, earlier.who) for pair, earlier in said if earlier.who != person)
    done = _in_effect(context, entry, before, tuple(new), tuple(pair for pair in words if pair not in new))
    return replace(done, replaced=others)


def undo(
    context: ReviewContext,
    pairs: Sequence[Pair],
    *,
    entry: int | None = None,
    why: str | None = None,
    who: str | None = None,
) -> Decided:
    """Take back the last word on pairs; the one before it stands again, if there was one.

    Args:
        context: the review.
        pairs: of records; with `entry` all of that entry where empty.
        entry: only words that this entry of the log gave and that still stand.
        why: kept with each.
        who: who takes them back; the person at work where None.

    Returns:
        What changed; `unchanged` are pairs on which other words were given since.

    Raises:
        DecisionRefused: there is no word to take back, or one that would stand again contradicts others.
    """
    person = who or context.actor
    with context.store.write() as con:
        standing, position = _standing(con), log_position(con)
        wanted = tuple(pairs)
        if entry is not None:
            rows = con.execute(
                "SELECT x_id, y_id FROM decision WHERE position = ? AND word <> 'undone' ORDER BY decision_id", [entry]
            ).fetchall()
            of_entry = [(int(x), int(y)) for x, y in rows]
            wanted = tuple(pair for pair in of_entry if not pairs or pair in pairs)
            if not wanted:
                raise DecisionRefused(f"Entry {entry} of the log decided on none of these pairs; see 'pairs log'.")
            given = set(
                con.execute(
                    "SELECT x_id, y_id FROM decision_row_at(?) WHERE position = ?",
                    [position, entry],
                ).fetchall()
            )
            back = [pair for pair in wanted if pair in given]
        else:
            back = list(dict.fromkeys(pair for pair in wanted if pair in standing))
        if not back:
            named = ", ".join(map(pair_name, wanted[:5]))
            raise DecisionRefused(f"There is no word to take back on {named}: nobody decided, or it was done already.")
        number = _append(con, context, dict.fromkeys(back, "undone"), person, why, {"of": entry} if entry else {})
        require_consistent(_standing(con), {}, person)
        before = _reports(con)
    return _in_effect(context, number, before, tuple(back), tuple(pair for pair in wanted if pair not in back))


@dataclass(frozen=True, slots=True)
class _Reports:
    """Numbers of reports: those that hold records now, and all that were ever given."""

    in_use: frozenset[int]
    known: frozenset[int]


def _reports(con: duckdb.DuckDBPyConnection) -> _Reports:
    holding = con.execute("SELECT DISTINCT report_id FROM member_at(?)", [log_position(con)]).fetchall()
    given = con.execute("SELECT report_id FROM report").fetchall()
    return _Reports(frozenset(number for (number,) in holding), frozenset(number for (number,) in given))


def _require_known(con: duckdb.DuckDBPyConnection, pairs: Iterable[Pair]) -> None:
    for pair in pairs:
        if pair[0] >= pair[1]:
            raise DecisionRefused(f"{pair[0]}-{pair[1]} is no pair of two records, the older one first.")
    rows = con.execute(
        "SELECT n FROM (SELECT unnest($records::BIGINT[]) AS n) ANTI JOIN record ON record_id = n ORDER BY n LIMIT 1",
        {"records": sorted({record for pair in pairs for record in pair})},
    ).fetchall()
    if rows:
        raise DecisionRefused(f"There is no record {rows[0][0]} in this review; nothing was changed.")


def _standing(con: duckdb.DuckDBPyConnection) -> dict[Pair, Standing]:
    rows = con.execute(_STANDING, {"position": log_position(con)}).fetchall()
    return {(x, y): Standing(word, who, instant) for x, y, word, who, instant in rows}


def _append(
    con: duckdb.DuckDBPyConnection,
    context: ReviewContext,
    words: Mapping[Pair, str],
    who: str,
    why: str | None,
    more: Mapping[str, object],
    reasons: Mapping[Pair, str] | None = None,
) -> int | None:
    if not words:
        return None
    now = context.now()
    detail = {"pairs": len(words), "words": sorted(set(words.values())), **more}
    position = append_to_log(con, "decision", now, who, detail)
    con.execute(
        "INSERT INTO decision SELECT (SELECT coalesce(max(decision_id), 0) FROM decision) + n, x, y, word, $who, "
        "$instant, why, $position FROM (SELECT unnest($xs::BIGINT[]) AS x, unnest($ys::BIGINT[]) AS y, "
        "unnest($words::VARCHAR[]) AS word, unnest($reasons::VARCHAR[]) AS why, "
        "unnest(range(1, len($xs::BIGINT[]) + 1)) AS n)",
        {
            "xs": [x for x, _ in words],
            "ys": [y for _, y in words],
            "words": list(words.values()),
            "who": who,
            "instant": utc_naive(now),
            "reasons": [(reasons or {}).get(pair, why) for pair in words],
            "position": position,
        },
    )
    return position


def _in_effect(
    context: ReviewContext,
    entry: int | None,
    before: _Reports,
    changed: tuple[Pair, ...],
    unchanged: tuple[Pair, ...],
) -> Decided:
    """Group again what the words touch, and say what came of it."""
    # Words that stood already may be those of a command that was ended before it grouped by them.
    deduplicate_review(context)
    if entry is None:
        return Decided(None, (), unchanged)
    with context.store.read() as con:
        moves = [Move(*row) for row in con.execute(_MOVED, {"since": entry}).fetchall()]
        after = _reports(con).in_use
        unheld = con.execute(_UNHELD, {"position": log_position(con)}).fetchall()
    if unheld:
        x, y, word = unheld[0]
        raise IdentityBroken(
            f"The grouping does not follow the word {word!r} on {pair_name((x, y))}: this is a fault of the program; "
            "take the word back with 'pairs undo' and report it."
        )
    return Decided(
        entry,
        changed,
        unchanged,
        tuple(moves),
        retired=tuple(sorted(before.in_use - after)),
        restored=tuple(sorted((after - before.in_use) & before.known)),
        added=tuple(sorted(after - before.known)),
    )
