"""A published flow beside what is known now, and a sentence for every number that differs.

Both sides are made from rows, record by record: a record whose place in the flow differs is put down to the last change
that touched it. What these changes sum up to is held against the difference of the two flows, so that nothing stays
unexplained in silence.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb

from livingsearch.ledger.at_position import declared_at, make_tables
from livingsearch.ledger.restated_boxes import boxes_of, boxes_of_place
from livingsearch.ledger.standing import make_standing
from livingsearch.ledger.whole_flow import WholeFlow

_PLACES = """
CREATE OR REPLACE TEMP TABLE {name} AS
SELECT x.record_id, c.source, c.source_kind, CASE
        WHEN f.update_number < $update THEN 'already known'
        WHEN p.record_id IS NULL THEN 'duplicate'
        ELSE s.state
    END AS class, if(p.record_id IS NOT NULL AND f.update_number = $update, s.reason, NULL) AS reason,
    coalesce(m.report_id, -x.record_id) AS report_id, b.record_id AS brought_by
FROM at_counting c JOIN run_record x USING (run_id) JOIN at_first f USING (record_id)
    LEFT JOIN at_placed p ON p.record_id = f.record_id
    LEFT JOIN at_standing s ON s.record_id = p.record_id
    LEFT JOIN at_member m ON m.record_id = f.record_id
    LEFT JOIN at_placed b ON b.report_id = coalesce(m.report_id, -x.record_id)
WHERE c.update_number = $update
"""

# The last change between the two positions that touched a record: a withdrawal, an event of its report, a word.
_DIFFERING = """
WITH differing AS (
    SELECT coalesce(o.record_id, n.record_id) AS record_id, coalesce(o.source, n.source) AS source,
        coalesce(o.source_kind, n.source_kind) AS kind, o.class AS class_before, n.class AS class_after,
        o.reason AS reason_before, n.reason AS reason_after, o.report_id AS report_before, n.report_id AS report_after,
        o.brought_by AS bringer_before, n.brought_by AS bringer_after
    FROM places_before o FULL JOIN places_after n USING (record_id)
    WHERE (o.class, o.reason) IS DISTINCT FROM (n.class, n.reason)
),
withdrawn AS (
    SELECT max(w.position) AS position FROM run_withdrawn w JOIN run USING (run_id)
    WHERE w.position > $before AND w.position <= $after AND run.update_number <= $update
),
event AS (
    SELECT report_id, max(position) AS position FROM report_event
    WHERE position > $before AND position <= $after GROUP BY report_id
),
word AS (
    SELECT report_id, max(position) AS position FROM (
        SELECT report_id, position FROM screening
        UNION ALL SELECT s.report_id, u.position FROM screening_undone u JOIN screening s USING (screening_id)
    ) WHERE position > $before AND position <= $after GROUP BY report_id
)
SELECT d.*, w.position AS withdrawn_at, greatest(eb.position, ea.position) AS event_at,
    greatest(wb.position, wa.position) AS word_at,
    (SELECT any_value(report_id) FROM places_before x WHERE x.record_id = d.bringer_after) AS was_of
FROM differing d CROSS JOIN withdrawn w
    LEFT JOIN event eb ON eb.report_id = d.report_before LEFT JOIN event ea ON ea.report_id = d.report_after
    LEFT JOIN word wb ON wb.report_id = d.report_before LEFT JOIN word wa ON wa.report_id = d.report_after
ORDER BY d.record_id
"""

_MEMBER_BEFORE = """
SELECT record_id, arg_max(report_id, seq) FROM report_event
WHERE event = 'joined' AND position <= $before AND record_id IN (SELECT unnest($records::BIGINT[])) GROUP BY record_id
"""

_LOGGED = (
    "SELECT position, instant, kind, actor, detail FROM log WHERE position IN (SELECT unnest($positions::BIGINT[]))"
)

_WITHDRAWN = """
SELECT w.position, w.run_id, r.source_label, r.update_number, w.why
FROM run_withdrawn w JOIN run r USING (run_id) WHERE w.position > $before AND w.position <= $after
"""

_STUDIED = """
SELECT max(position) FROM study_event WHERE position > $before AND position <= $after
"""


@dataclass(frozen=True, slots=True)
class Difference:
    """A box of which now is known something else.

    Attributes:
        box: in words.
        before: as published.
        after: as known now.
    """

    box: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """What led to differences.

    Attributes:
        on: day (UTC) of the change.
        position: of it in the log; 0 for what nothing explains.
        sentence: what happened, and each box before and after.
        differences: the same as data.
    """

    on: date | None
    position: int
    sentence: str
    differences: tuple[Difference, ...]


def explained(
    con: duckdb.DuckDBPyConnection, update: int, frozen: WholeFlow, now: WholeFlow, preferred: tuple[str, ...]
) -> tuple[Explanation, ...]:
    """Why the flow of an update differs from what was published.

    Args:
        con: the review's database; temporary tables are left on it.
        update: its number.
        frozen: as published.
        now: as derived at a later position.
        preferred: slugs, the best first, where the database does not say.

    Returns:
        In the order in which it happened; the last without a day where something stays unexplained.
    """
    before, after = frozen.position or 0, now.position or 0
    for position, name in ((before, "places_before"), (after, "places_after")):
        make_tables(con, position, declared_at(con, position).preferred or preferred)
        make_standing(con, position)
        con.execute(_PLACES.replace("{name}", name), {"update": update})
    bound = {"before": before, "after": after}
    cursor = con.execute(_DIFFERING, {**bound, "update": update})
    names = [column[0] for column in cursor.description]
    rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    withdrawn = {row[0]: row[1:] for row in con.execute(_WITHDRAWN, bound).fetchall()}
    _find_former_reports(con, rows, before)
    grouped: dict[tuple[int, str], list[dict[str, Any]]] = {}
    for row in rows:
        grouped.setdefault(_cause(row, withdrawn), []).append(row)
    studied = con.execute(_STUDIED, bound).fetchone()
    positions = [position for position, _ in grouped] + [n for n in studied or () if n]
    logged = {row[0]: row[1:] for row in con.execute(_LOGGED, {"positions": positions}).fetchall()}
    return tuple(_explanations(update, frozen, now, grouped, logged, studied[0] if studied else None))


def _find_former_reports(con: duckdb.DuckDBPyConnection, rows: list[dict[str, Any]], before: int) -> None:
    """Which report the record that brings a report now was part of before: another update may have brought it."""
    records = [row["bringer_after"] for row in rows if row["bringer_after"] is not None]
    found = dict(con.execute(_MEMBER_BEFORE, {"before": before, "records": records}).fetchall())
    for row in rows:
        row["was_of"] = found.get(row["bringer_after"], row["was_of"])


def _cause(row: dict[str, Any], withdrawn: Mapping[int, tuple[Any, ...]]) -> tuple[int, str]:
    """The change that a record's other place is put down to: its position, and the beginning of the sentence."""
    counted = {"already known", None}
    if row["withdrawn_at"] and (row["class_before"] in counted) != (row["class_after"] in counted):
        return _withdrawal(row, withdrawn)
    if row["withdrawn_at"] and None in (row["class_before"], row["class_after"]):
        return _withdrawal(row, withdrawn)
    ours, theirs = row["report_before"], row["report_after"]
    if row["event_at"] and row["class_after"] == "duplicate":
        other = theirs if ours != theirs else row["was_of"]
        first, second = sorted((ours, other if other is not None else theirs))
        return row["event_at"], f"report {_name(first)} and {_name(second)} turned out to be one"
    if row["event_at"] and row["class_before"] == "duplicate":
        return row[
            "event_at"
        ], f"a record of report {_name(ours)} turned out to be a report of its own, {_name(theirs)}"
    if row["withdrawn_at"] and "duplicate" in (row["class_before"], row["class_after"]):
        return _withdrawal(row, withdrawn)
    if row["word_at"] and (not row["event_at"] or row["word_at"] > row["event_at"]):
        return row["word_at"], f"from {_state(row, 'before')} to {_state(row, 'after')}"
    if row["event_at"]:
        return row["event_at"], f"what was said of the reports that became {_name(theirs)} counts for it"
    if row["withdrawn_at"]:
        return _withdrawal(row, withdrawn)
    return 0, "the order of preferred sources was changed"


def _withdrawal(row: dict[str, Any], withdrawn: Mapping[int, tuple[Any, ...]]) -> tuple[int, str]:
    run_id, label, update, why = withdrawn[row["withdrawn_at"]]
    return row["withdrawn_at"], f"run {run_id} ({label}, update {update}) was withdrawn ({why})"


def _state(row: dict[str, Any], when: str) -> str:
    reason = row[f"reason_{when}"]
    return f"{row[f'class_{when}']}" + (f" ({reason})" if reason else "")


def _explanations(
    update: int,
    frozen: WholeFlow,
    now: WholeFlow,
    grouped: Mapping[tuple[int, str], list[dict[str, Any]]],
    logged: Mapping[int, tuple[Any, ...]],
    studied: int | None,
) -> Iterator[Explanation]:
    running, target = boxes_of(frozen), boxes_of(now)
    for (position, what), rows in sorted(grouped.items(), key=lambda one: one[0]):
        delta: Counter[str] = Counter()
        for row in rows:
            for box in boxes_of_place(row, "before"):
                delta[box] -= 1
            for box in boxes_of_place(row, "after"):
                delta[box] += 1
        reports = delta["reports included"] + delta["reports included (other methods)"]
        studies = target.get("new studies", 0) - running.get("new studies", 0)
        # Each report is a study of its own unless people say otherwise, which is told apart below.
        delta["new studies"] = max(min(studies, reports), 0) if reports > 0 else min(max(studies, reports), 0)
        changes = tuple(_applied(running, delta))
        if not changes:
            continue
        on = logged[position][0].date() if position in logged else None
        yield Explanation(on, position, _sentence(update, on, what, rows, changes), changes)
    yield from _of_studies(update, running, target, logged, studied)
    left = tuple(
        Difference(box, running.get(box, 0), target.get(box, 0))
        for box in dict.fromkeys([*running, *target])
        if running.get(box, 0) != target.get(box, 0)
    )
    if left:
        sentence = f"Nothing in the log explains this; run 'livingsearch doctor': update {update} {_told(left)}."
        yield Explanation(None, 0, sentence, left)


def _of_studies(
    update: int,
    running: dict[str, int],
    target: Mapping[str, int],
    logged: Mapping[int, tuple[Any, ...]],
    at: int | None,
) -> Iterator[Explanation]:
    """Studies follow from what became of reports, from their grouping, and from what earlier updates brought."""
    changes = tuple(
        _applied(running, Counter({"new studies": target.get("new studies", 0) - running.get("new studies", 0)}))
    )
    if changes:
        on = logged[at][0].date() if at is not None and at in logged else None
        why = f"on {on}, reports were put into other studies" if on else "reports came in or were taken out"
        yield Explanation(on, at or 0, f"{why[0].upper()}{why[1:]}: update {update} {_told(changes)}.", changes)
    names = ["studies taken out"]
    names += [f"{when} {what}" for when in ("previous", "total") for what in ("studies", "reports")]
    changes = tuple(_applied(running, Counter({box: target.get(box, 0) - running.get(box, 0) for box in names})))
    if changes:
        told = f"With what is known now of all updates up to {update}: {_told(changes)}."
        yield Explanation(None, 0, told, changes)


def _applied(running: dict[str, int], delta: Counter[str]) -> Iterator[Difference]:
    for box, by in delta.items():
        if by:
            value = running.get(box, 0)
            running[box] = value + by
            yield Difference(box, value, value + by)


def _sentence(
    update: int, on: date | None, what: str, rows: list[dict[str, Any]], changes: tuple[Difference, ...]
) -> str:
    day = f" on {on}" if on else ""
    if what.startswith("from "):
        names = sorted({_name(row["report_after"]) for row in rows})
        shown = ", ".join(names[:5]) + (f" and {len(names) - 5:,} more" if len(names) > 5 else "")
        what = f"{len(names):,} report{'s' if len(names) > 1 else ''} went {what} ({shown})"
    return f"{what[0].upper()}{what[1:]}{day}: update {update} {_told(changes)}."


def _told(changes: tuple[Difference, ...]) -> str:
    shown = [one for one in changes if not one.box.startswith("identified in ")]
    return ", ".join(f"{one.box} {one.before:,} → {one.after:,}" for one in shown)


def _name(report_id: int | None) -> str:
    return "that was never compared" if report_id is None or report_id < 0 else f"R{report_id:06d}"
