"""The whole flow of updates as of a position in the log: every box of the PRISMA 2020 diagram, made from rows."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

import duckdb

from livingsearch.ledger.at_position import Declared, declared_at, make_tables
from livingsearch.ledger.counts import possible_report_pairs
from livingsearch.ledger.included import IncludedReports, included_at
from livingsearch.ledger.standing import MANY_REASONS, NO_REASON, make_standing
from livingsearch.ledger.together import sum_identification, sum_other, sum_retrieval, sum_screening
from livingsearch.ledger.update_parts import SourceRow, Typed, UpdateParts, parts_of
from livingsearch.ledger.whole_flow import WholeFlow

_SOURCES = """
SELECT c.update_number, c.source, c.source_label, c.source_kind, c.date_searched, c.since, c.records_received,
    coalesce(n.new, 0), coalesce(s.to_screen, 0)
FROM at_counting c
    LEFT JOIN (SELECT update_number, source, count(*) AS new FROM at_first GROUP BY ALL) n USING (update_number, source)
    LEFT JOIN (
        SELECT f.update_number, f.source, count(*) AS to_screen
        FROM at_placed p JOIN at_first f USING (record_id) GROUP BY ALL
    ) s USING (update_number, source)
ORDER BY c.update_number, c.source
"""

_STATES = """
SELECT update_number, other, state, count(*) FROM at_standing GROUP BY ALL
"""

_REASONS = """
SELECT update_number, other, arg_min(reason, report_id), count(*)
FROM at_standing WHERE state = 'excluded' GROUP BY update_number, other, lower(reason)
"""

_CLOSED = """
SELECT update_number, position FROM update_closing WHERE position <= $position
UNION ALL SELECT update_number, max(closing_position) FROM update_reopened
WHERE closing_position <= $position AND position > $position GROUP BY update_number
"""

_TYPED = """
SELECT s.update_number, s.source, n.box, n.label, n.value
FROM (SELECT update_number, arg_max(set_id, position) AS set_id FROM typed_set WHERE position <= $position GROUP BY ALL)
    JOIN typed_set s USING (set_id) JOIN typed_number n USING (set_id)
ORDER BY s.update_number, n.ordinal
"""


def whole_flow_at(
    con: duckdb.DuckDBPyConnection,
    updates: int | Iterable[int],
    position: int,
    declared: Declared | None = None,
    *,
    prepared: bool = False,
) -> WholeFlow:
    """The flow of an update, or of several together, as of a position in the log.

    Args:
        con: the review's database; temporary tables are left on it.
        updates: their numbers.
        position: rows after it are not seen.
        declared: what the review's file says, where no run recorded it yet.
        prepared: whether the tables of `make_tables` are there for that position.

    Returns:
        Every box, each number with its origin.
    """
    wanted = (updates,) if isinstance(updates, int) else tuple(updates)
    return whole_flows_at(con, [wanted], position, declared, prepared=prepared)[0]


def whole_flows_at(
    con: duckdb.DuckDBPyConnection,
    wanted: Sequence[tuple[int, ...]],
    position: int,
    declared: Declared | None = None,
    *,
    prepared: bool = False,
) -> list[WholeFlow]:
    """Several flows as of one position: the rows are read once.

    Args:
        con: as for `whole_flow_at`.
        wanted: the updates of each flow.
        position: rows after it are not seen.
        declared: as for `whole_flow_at`.
        prepared: as for `whole_flow_at`.

    Returns:
        One flow each, in the order asked.
    """
    present = declared_at(con, position)
    if not present.sources and declared is not None:
        present = declared
    if not prepared:
        make_tables(con, position, present.preferred)
    make_standing(con, position)
    parts = update_parts_at(con, position, present, {n for numbers in wanted for n in numbers})
    included = included_at(con, position)
    pairs = len(possible_report_pairs(con, position=position, prepared=True))
    row = con.execute("SELECT instant FROM log WHERE position = ?", [position]).fetchone()
    as_of = row[0].replace(tzinfo=UTC) if row else None
    flows = []
    for numbers in wanted:
        chosen = [parts[n] for n in sorted(set(numbers))]
        flows.append(_flow(present.title, chosen, included, pairs, as_of, position))
    return flows


def update_parts_at(
    con: duckdb.DuckDBPyConnection, position: int, present: Declared, updates: set[int]
) -> dict[int, UpdateParts]:
    """The boxes of updates, from the temporary tables of a position.

    Args:
        con: with the tables of `make_tables` and `make_standing`.
        position: in the log.
        present: what the review's file said there.
        updates: their numbers.

    Returns:
        By number.
    """
    closed = dict(con.execute(_CLOSED, {"position": position}).fetchall())
    runs: dict[int, dict[str, tuple[object, ...]]] = {}
    for update, slug, *rest in con.execute(_SOURCES).fetchall():
        runs.setdefault(update, {})[slug] = tuple(rest)
    states: dict[int, dict[tuple[bool, str], int]] = {}
    for update, other, state, n in con.execute(_STATES).fetchall():
        states.setdefault(update, {})[(other, state)] = n
    reasons: dict[int, dict[bool, dict[str, int]]] = {}
    for update, other, text, n in con.execute(_REASONS).fetchall():
        reasons.setdefault(update, {}).setdefault(other, {})[text] = n
    typed: dict[int, tuple[str, dict[tuple[str, str], int]]] = {}
    for update, source, box, label, value in con.execute(_TYPED, {"position": position}).fetchall():
        typed.setdefault(update, (source, {}))[1][(box, label)] = value
    found = {}
    for update in sorted(updates):
        then = declared_at(con, closed[update]) if update in closed else present
        rows = _source_rows(then if then.sources else present, runs.get(update, {}))
        numbers = Typed(*typed[update]) if update in typed else None
        found[update] = parts_of(update, rows, states.get(update, {}), reasons.get(update, {}), numbers)
    return found


def _source_rows(declared: Declared, runs: dict[str, tuple[object, ...]]) -> list[SourceRow]:
    """Sources in the order of the file; those that are not declared any more come last."""
    named = {s.slug: s for s in declared.sources}
    rows = []
    for slug in [*named, *(slug for slug in runs if slug not in named)]:
        method = named[slug].method if slug in named else None
        if slug in runs:
            label, kind, day, since, identified, new, to_screen = runs[slug]
            rows.append(
                SourceRow(slug, label, kind, method, True, day, since, identified, new, to_screen)  # type: ignore[arg-type]
            )
        else:
            rows.append(SourceRow(slug, named[slug].label, named[slug].kind, method, False))
    return rows


def _flow(
    title: str,
    parts: list[UpdateParts],
    included: IncludedReports,
    pairs: int,
    as_of: datetime | None,
    position: int,
) -> WholeFlow:
    numbers = tuple(one.update for one in parts)
    counted = included.counted(numbers)
    return WholeFlow(
        review_title=title,
        label=_label(numbers),
        updates=numbers,
        as_of=as_of,
        position=position,
        identification=sum_identification([one.identification for one in parts]),
        screening=sum_screening([one.screening for one in parts]),
        reports=sum_retrieval([one.reports for one in parts]),
        other=sum_other([one.other for one in parts if one.other]),
        previous=counted.previous,
        new=counted.new,
        removed_studies=counted.removed_studies,
        total=counted.total,
        possible_pairs=pairs,
        notes=tuple(_notes(parts, counted.notes)),
    )


def _label(numbers: tuple[int, ...]) -> str:
    if len(numbers) == 1:
        return "Base search" if numbers[0] == 1 else f"Update {numbers[0]}"
    if not numbers:
        return "No update"
    run = numbers == tuple(range(numbers[0], numbers[-1] + 1))
    told = f"{numbers[0]}-{numbers[-1]}" if run else ", ".join(map(str, numbers))
    return f"Updates {told}"


def _notes(parts: list[UpdateParts], more: tuple[str, ...]) -> Iterable[str]:
    for one in parts:
        where = f" in update {one.update}" if len(parts) > 1 else ""
        for label, since in one.windows:
            yield f"{label}: only records that it took up since {since} were searched{where}."
        if one.other and not (one.typed and one.typed.has("other")) and (aside := one.other.set_aside.value):
            told = [f"known, or found in a database too: {one.other_known:,}"]
            if rest := aside - one.other_known:
                told.append(f"excluded on their title, or waiting for a word on it: {rest:,}")
            yield f"Records by other methods that were not sought{where}: {aside:,} ({'; '.join(told)})."
    reasons = {
        r.text for one in parts for r in (*one.reports.reasons, *(one.other.reports.reasons if one.other else ()))
    }
    if MANY_REASONS in reasons:
        yield f"{MANY_REASONS}: reviewers exclude these reports and name different reasons."
    if NO_REASON in reasons:
        yield f"{NO_REASON}: these reports were excluded in full text without one."
    yield from more
