"""Pairs of records as persons look at them: the queue of possible duplicates, related ones, what was decided."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Literal

import duckdb

import dedup
from livingsearch.errors import DecisionRefused
from livingsearch.services.context import ReviewContext
from livingsearch.services.pair_names import connected
from livingsearch.store import log_position

State = Literal["waiting", "decided", "related"]

# What the machine says of pairs; of those on which a person spoke also what it said before that.
_PAIRS = """
WITH decided AS (SELECT * FROM decision_row_at($position)),
last AS (
    SELECT x_id, y_id, arg_max({
        'outcome': outcome, 'rule': rule, 'score': score, 'evidence': evidence, 'relation': relation
    }, position) AS said
    FROM verdict SEMI JOIN decided USING (x_id, y_id)
    WHERE outcome <> 'withdrawn' AND position <= $position GROUP BY x_id, y_id
),
told AS (
    SELECT x_id, y_id, outcome, rule, score, evidence, relation
    FROM verdict_at($position) ANTI JOIN decided USING (x_id, y_id) WHERE {said}
    UNION ALL
    SELECT d.x_id, d.y_id, said.outcome, said.rule, said.score, said.evidence, said.relation
    FROM decided d LEFT JOIN last USING (x_id, y_id)
),
titled AS (
    SELECT record_id, arg_max(coalesce(title, ''), version) AS title FROM record_version
    WHERE record_id IN (SELECT unnest([x_id, y_id]) FROM told) GROUP BY record_id
),
counted AS (
    SELECT DISTINCT report_id FROM first_counted_at($position) JOIN member_at($position) USING (record_id)
)
SELECT t.x_id, t.y_id, t.outcome, t.rule, t.score, t.evidence, t.relation, mx.report_id, my.report_id,
    (mx.report_id <> my.report_id AND mx.report_id IN (FROM counted) AND my.report_id IN (FROM counted))::INTEGER
        AS changes,
    rx.source, ry.source, vx.title, vy.title, d.word, d.who, d.instant, d.why, d.position
FROM told t
    JOIN member_at($position) mx ON mx.record_id = t.x_id JOIN member_at($position) my ON my.record_id = t.y_id
    JOIN record rx ON rx.record_id = t.x_id JOIN record ry ON ry.record_id = t.y_id
    JOIN titled vx ON vx.record_id = t.x_id
    JOIN titled vy ON vy.record_id = t.y_id
    LEFT JOIN decided d ON d.x_id = t.x_id AND d.y_id = t.y_id
WHERE {which}
ORDER BY t.score DESC NULLS LAST, t.x_id, t.y_id
"""

# Two records of one report wait where the two show that it may be several: by a rule of their own, or because they are
# called duplicates all the same.
_CLUSTER = f"rule IN {dedup.CLUSTER_RULES}"
_DOUBTED = f"outcome = 'duplicate' AND contains(evidence, '{dedup.DOUBTED}')"

_WHICH: dict[State, tuple[str, str]] = {
    "waiting": (
        f"outcome = 'possible' OR ({_DOUBTED})",
        f"d.word IS NULL AND (mx.report_id = my.report_id) = (t.outcome = 'duplicate' OR t.{_CLUSTER})",
    ),
    "decided": ("false", "d.word IS NOT NULL"),
    "related": ("outcome = 'related'", "d.word IS NULL AND mx.report_id <> my.report_id"),
}

_MERGED = """
SELECT x_id, y_id FROM verdict_at($position) v
    JOIN member_at($position) mx ON mx.record_id = x_id JOIN member_at($position) my ON my.record_id = y_id
WHERE v.rule = $rule AND v.outcome IN ('possible', 'duplicate')
    AND (x_id, y_id) NOT IN (SELECT (x_id, y_id) FROM decision_at($position))
ORDER BY x_id, y_id
"""

_RULES = "SELECT DISTINCT rule FROM verdict WHERE outcome IN ('possible', 'duplicate') ORDER BY rule"

_LOG = """
SELECT d.position, any_value(d.instant), any_value(d.who), any_value(d.why), count(*), list(DISTINCT d.word ORDER BY
    d.word), list(d.x_id || '-' || d.y_id ORDER BY d.decision_id), any_value(l.detail->>'rule'),
    try_cast(any_value(l.detail->>'of') AS BIGINT), count(s.x_id)
FROM decision d JOIN log l USING (position)
    LEFT JOIN decision_row_at($position) s ON s.x_id = d.x_id AND s.y_id = d.y_id AND s.decision_id = d.decision_id
GROUP BY d.position ORDER BY d.position
"""


@dataclass(frozen=True, slots=True)
class Said:
    """A person's word on a pair.

    Attributes:
        word: `duplicate` or `distinct`.
        who: said so.
        when: UTC.
        why: as given.
        entry: of the log.
    """

    word: str
    who: str
    when: datetime
    why: str | None
    entry: int


@dataclass(frozen=True, slots=True)
class ListedPair:
    """A pair in a list.

    Attributes:
        x: number of the older record.
        y: number of the other one.
        outcome: what the machine says; None where it never compared them.
        rule: by which it says so.
        score: how much the two agree; orders pairs, means nothing by itself.
        evidence: the machine's sentence.
        relation: how the two belong together, of related pairs.
        reports: numbers of the reports that they stand in; twice the same where one report may be several.
        changes: by how many the reports to screen become fewer if they are one.
        sources: that returned them.
        titles: of the two.
        said: a person's word.
        cluster: number of the group of reports that possible pairs connect, from 1; 0 outside of the queue.
    """

    x: int
    y: int
    outcome: str | None
    rule: str | None
    score: float | None
    evidence: str | None
    relation: str | None
    reports: tuple[int, int]
    changes: int
    sources: tuple[str, str]
    titles: tuple[str, str]
    said: Said | None
    cluster: int = 0


@dataclass(frozen=True, slots=True)
class LogEntry:
    """What one command of a person said of pairs.

    Attributes:
        entry: by which it is named.
        when: UTC.
        who: said so.
        why: as given.
        words: the words in it; `undone` took some back.
        pairs: their names.
        rule: that they were chosen by.
        of: the entry that was taken back.
        standing: how many of its words stand now.
    """

    entry: int
    when: datetime
    who: str
    why: str | None
    words: tuple[str, ...]
    pairs: tuple[str, ...]
    rule: str | None
    of: int | None
    standing: int


def listed_pairs(
    context: ReviewContext, *, decided: bool = False, rule: str | None = None, limit: int | None = None
) -> tuple[list[ListedPair], int]:
    """Pairs that may be duplicates, and pairs within one report that show it may be several.

    The queue's order: groups of connected reports, the one with the most likely pair first, of equals the one that
    changes most counts; inside a group the most likely pair first. Decided pairs come behind, the newest first.

    Args:
        context: the review.
        decided: also those on which a person has decided.
        rule: only those of one rule.
        limit: so many at most.

    Returns:
        The pairs, and how many there are without the limit.
    """
    with context.store.read() as con:
        waiting = _clustered(pairs_in(con, "waiting"))
        settled = pairs_in(con, "decided") if decided else []
    settled.sort(key=lambda pair: (-(pair.said.entry if pair.said else 0), pair.x, pair.y))
    chosen = [pair for pair in [*waiting, *settled] if rule in (None, pair.rule)]
    return chosen[:limit], len(chosen)


def related_pairs(context: ReviewContext) -> list[ListedPair]:
    """Pairs of reports that belong together and are not one, by the kind of their relation; each two reports once."""
    with context.store.read() as con:
        found = pairs_in(con, "related")
    first = {(pair.relation or "", min(pair.reports), max(pair.reports)): pair for pair in reversed(found)}
    return [first[key] for key in sorted(first)]


def pairs_of_rule(context: ReviewContext, rule: str) -> list[tuple[int, int]]:
    """Pairs that the machine merged or asks about by a rule, and on which nobody has decided.

    Raises:
        DecisionRefused: no pair was ever merged or asked about by such a rule.
    """
    with context.store.read() as con:
        rules = [name for (name,) in con.execute(_RULES).fetchall()]
        if rule not in rules:
            known = f"known are {', '.join(rules)}" if rules else "there is no pair yet"
            raise DecisionRefused(f"No pair of this review was merged or asked about by a rule {rule!r}; {known}.")
        rows = con.execute(_MERGED, {"position": log_position(con), "rule": rule}).fetchall()
    return [(x, y) for x, y in rows]


def decision_log(context: ReviewContext) -> list[LogEntry]:
    """Everything that persons said of pairs, in order."""
    with context.store.read() as con:
        rows = con.execute(_LOG, {"position": log_position(con)}).fetchall()
    return [
        LogEntry(position, instant.replace(tzinfo=UTC), who, why, tuple(words), tuple(names), rule, of, standing)
        for position, instant, who, why, _, words, names, rule, of, standing in rows
    ]


def pairs_in(con: duckdb.DuckDBPyConnection, state: State) -> list[ListedPair]:
    """Pairs of one state, the most likely first.

    Args:
        con: the review's database.
        state: `waiting` for a person, `decided`, or `related`.
    """
    said, which = _WHICH[state]
    query = _PAIRS.replace("{said}", said).replace("{which}", which)
    rows = con.execute(query, {"position": log_position(con)}).fetchall()
    return [_listed(row) for row in rows]


def _listed(row: Sequence[Any]) -> ListedPair:
    x, y, outcome, rule, score, evidence, relation, x_report, y_report, changes, *rest = row
    x_source, y_source, x_title, y_title, word, who, instant, why, entry = rest
    said = Said(word, who, instant.replace(tzinfo=UTC), why, entry) if word else None
    return ListedPair(
        x,
        y,
        outcome,
        rule,
        score,
        evidence,
        relation,
        (x_report, y_report),
        changes,
        (x_source, y_source),
        (x_title, y_title),
        said,
    )


def _clustered(pairs: list[ListedPair]) -> list[ListedPair]:
    group = connected([pair.reports for pair in pairs])
    by_group: dict[int, list[ListedPair]] = {}
    for pair in pairs:
        by_group.setdefault(group[pair.reports[0]], []).append(pair)
    ordered = sorted(
        by_group.values(),
        key=lambda inside: (
            -round(max(pair.score or 0 for pair in inside)),
            -sum(pair.changes for pair in inside),
            inside[0].x,
        ),
    )
    return [replace(pair, cluster=number) for number, inside in enumerate(ordered, 1) for pair in inside]
