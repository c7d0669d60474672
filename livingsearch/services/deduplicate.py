"""Find which records report the same thing, and keep the reports' stable ids.

The comparison runs on copies in a scratch database, outside of every lock; what it found is written only if the
review's log has not moved meanwhile, else it is done again.
"""

import os
from contextlib import AbstractContextManager
from dataclasses import dataclass

import duckdb
import pyarrow as pa

import dedup
from livingsearch.services.context import ReviewContext
from livingsearch.services.frozen import freeze_released, is_frozen
from livingsearch.services.report_ids import place_groups
from livingsearch.store import append_to_log, log_position, utc_naive
from livingsearch.store.database import memory_database

# Records whose normalised form is missing or was made from an older version of their metadata, so many at a time.
_SLICE = 100_000
_LATEST = """
-- A name made of nothing, as of a record without title and accession number, is no name by which to recognise it.
SELECT r.record_id, r.source, if(v.accession IS NULL AND v.title IS NULL, NULL, r.identity) AS identity,
    v.* EXCLUDE (record_id, payload)
FROM record r
    JOIN (SELECT record_id, max(version) AS version FROM record_version GROUP BY record_id) last USING (record_id)
    JOIN record_version v USING (record_id, version)
    {unless_made}
ORDER BY r.record_id LIMIT $slice
"""
_ALL = _LATEST.format(unless_made="")
_STALE = _LATEST.format(unless_made="ANTI JOIN normalised n ON n.record_id = r.record_id AND n.version = last.version")

# What was in a report when its update closed stays there. A record that came since may still be regrouped, so that
# the grouping of an open update does not depend on the order in which its sources came.
_MEMBERS = """
SELECT r.record_id, r.source, m.report_id, f.record_id IS NOT NULL AS released, f.label
FROM record r LEFT JOIN member_at($position) m USING (record_id) LEFT JOIN frozen_member f USING (record_id)
"""

# Released records that are compared with everything again, and stay where they are: all of them when the rules are
# others, else those whose metadata changed, on which a person spoke, or whose source turned out to count its exports.
_AGAIN = """
SELECT record_id FROM members
WHERE released AND ($all OR list_contains($sources::VARCHAR[], source) OR record_id IN (
    SELECT unnest([x_id, y_id]) FROM decision WHERE position > $last
    UNION SELECT record_id FROM record_version JOIN run USING (run_id) WHERE run.position > $last AND version > 1))
"""

# Pairs of released records that wait for a person because of what stands around them, which may be other things now.
_ASKED = """
WITH said AS (
    SELECT DISTINCT x_id, y_id FROM verdict
    WHERE outcome = 'possible' AND list_contains($rules::VARCHAR[], rule) AND position <= $position
        AND x_id IN (SELECT record_id FROM released_member) AND y_id IN (SELECT record_id FROM released_member)
)
SELECT x_id, y_id FROM verdict SEMI JOIN said USING (x_id, y_id) ANTI JOIN decision_at($position) USING (x_id, y_id)
WHERE position <= $position GROUP BY x_id, y_id
HAVING arg_max(outcome, position) = 'possible' AND list_contains($rules::VARCHAR[], arg_max(rule, position))
"""

# The last comparison, the rules it followed and the sources whose issues it took for counters.
_LAST = """
SELECT position, detail->>'rule_set', (detail->'counters')::VARCHAR[]
FROM log WHERE kind = 'deduplicated' ORDER BY position DESC LIMIT 1
"""

# Released records that stand in a report as a person wanted it, or wanted it once: they are looked at again each time.
_UNSETTLED = """
WITH joined AS (
    SELECT report_id FROM members WHERE released GROUP BY report_id HAVING min(label) < max(label)
), parted AS (
    SELECT label FROM members WHERE released GROUP BY label HAVING min(report_id) < max(report_id)
)
SELECT record_id AS x_id, record_id AS y_id FROM members
WHERE released AND (report_id IN (FROM joined) OR label IN (FROM parted))
"""

_EVENTS = """
INSERT INTO report_event (seq, event, report_id, record_id, instant, position)
SELECT (SELECT coalesce(max(seq), 0) FROM report_event) + row_number() OVER (ORDER BY record_id, event DESC),
    event, report_id, record_id, $instant, $position
FROM (
    SELECT 'parted' AS event, old_report AS report_id, record_id FROM placed
    WHERE old_report IS NOT NULL AND old_report <> new_report
    UNION ALL
    SELECT 'joined', new_report, record_id FROM placed WHERE old_report IS DISTINCT FROM new_report
)
"""

_VERDICTS = """
INSERT INTO verdict (x_id, y_id, outcome, rule, score, evidence, scores, relation, rule_set, position)
SELECT f.x_id, f.y_id, f.outcome, f.rule, f.score, f.evidence, f.scores, f.relation, $rule_set, $position
FROM found f LEFT JOIN verdict_at($position) v USING (x_id, y_id)
WHERE v.outcome IS NULL OR (f.outcome, f.rule, f.evidence, f.scores, f.relation)
    IS DISTINCT FROM (v.outcome, v.rule, v.evidence, v.scores, v.relation)
UNION ALL
SELECT v.x_id, v.y_id, 'withdrawn', v.rule, NULL, 'no longer said by the comparison', NULL, NULL, $rule_set, $position
FROM verdict_at($position) v ANTI JOIN found f USING (x_id, y_id)
WHERE v.x_id IN (SELECT record_id FROM compared) OR v.y_id IN (SELECT record_id FROM compared)
    OR (v.x_id, v.y_id) IN (SELECT (x_id, y_id) FROM asked)
"""

CACHES = {"normalised": ("normalised", "record_key")}
"""Tables that can be made anew from the others, by the name under which `derived` tells of them."""


@dataclass(frozen=True, slots=True)
class Deduplicated:
    """What the comparison of new records with everything came to.

    Attributes:
        position: position in the log of its result.
        compared: records that were compared with everything; 0 where nothing was new.
        reports: reports that the review has now.
        duplicates: pairs said to be duplicates.
        possible: pairs left to a person.
        capped_keys: block keys that too many records shared to compare all of them.
        dropped_pairs: pairs of records that share one of those and were not compared.
    """

    position: int
    compared: int
    reports: int
    duplicates: int
    possible: int
    capped_keys: int
    dropped_pairs: int


@dataclass(frozen=True, slots=True)
class _Task:
    """Copies of what one comparison needs, and the position at which they were taken."""

    position: int
    members: pa.Table
    new: pa.Table
    new_keys: pa.Table
    known: dedup.Touched
    together: pa.Table
    apart: pa.Table


def deduplicate_review(context: ReviewContext) -> Deduplicated:
    """Compares everything that was not yet released with everything known, and groups records into reports.

    Where the rules are others than last time, what was released is compared again too: its verdicts are told anew, its
    reports stay, and where they differ from what the rules give now, a pair waits for a person.

    Returns:
        What was found. Doing it again without new records changes nothing.

    Raises:
        StoreError: the database or the disk.
    """
    normalised = 0
    while True:
        with context.store.read() as con:
            current = _up_to_date(con)
            if current is not None:
                return current
            stale = _stale(con)
            task = None if stale.num_rows or not _is_prepared(con) else _task(con)
        if task is None:
            _prepare(context, stale)
            if stale.num_rows:
                normalised += stale.num_rows
                context.watch.progress("normalising records", normalised, normalised)
            continue
        context.watch.progress("comparing records", 0, task.new.num_rows)
        with context.store.scratch() as scratch, _crew(context) as crew:
            outcome = dedup.deduplicate(
                scratch,
                task.new,
                task.known.records,
                task.new_keys,
                task.known.keys,
                groups=task.known.groups,
                released=task.known.released,
                together=task.together,
                apart=task.apart,
                asked=task.known.asked,
                facts=task.known.facts,
                crew=crew,
            )
        context.watch.progress("comparing records", task.new.num_rows, task.new.num_rows)
        with context.store.write() as con:
            if log_position(con) == task.position:
                result = _write(con, context, task, outcome)
                break
    context.watch.step("deduplicated")
    return result


def _crew(context: ReviewContext) -> AbstractContextManager[dedup.Crew]:
    return dedup.in_threads(context.settings.threads or os.cpu_count() or 1, memory_database)


def is_deduplicated(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether every complete run and every decision is part of the grouping."""
    row = con.execute(
        """
        SELECT max(position) FILTER (kind = 'deduplicated' AND (detail->>'rule_set') = $rule_set),
            max(position) FILTER (kind IN ('run completed', 'decision'))
        FROM log
        """,
        {"rule_set": dedup.RULE_SET},
    ).fetchone()
    done, changed = row or (None, None)
    return changed is None or (done is not None and done > changed)


def _up_to_date(con: duckdb.DuckDBPyConnection) -> Deduplicated | None:
    if not is_deduplicated(con):
        return None
    row = con.execute("SELECT max(position) FROM log WHERE kind = 'deduplicated'").fetchone()
    position = (row[0] if row else 0) or 0
    return _summary(con, position, compared=0, capped=0, dropped=0)


def _stale(con: duckdb.DuckDBPyConnection) -> pa.Table:
    """Records without a normalised form of their last version: all of them where another version made the cache."""
    return con.execute(_STALE if _is_cache_ours(con) else _ALL, {"slice": _SLICE}).to_arrow_table()


def _is_prepared(con: duckdb.DuckDBPyConnection) -> bool:
    return _is_cache_ours(con) and is_frozen(con)


def _prepare(context: ReviewContext, stale: pa.Table) -> None:
    """Brings what is stored for comparing up to date: normalised records, block keys, groups of what was released."""
    parts = (stale.slice(begin, dedup.AT_ONCE) for begin in range(0, stale.num_rows, dedup.AT_ONCE))
    with _crew(context) as crew:
        made = list(dedup.prepared(crew, parts))
    with context.store.write() as con:
        _ensure_cache(con)
        freeze_released(con)
        if made:
            _keep(con, stale, *(pa.concat_tables(tables) for tables in zip(*made, strict=True)))


def _keep(con: duckdb.DuckDBPyConnection, stale: pa.Table, normalised: pa.Table, keys: pa.Table) -> None:
    con.register("fresh", normalised)
    con.register("fresh_keys", keys)
    con.execute("DELETE FROM normalised WHERE record_id IN (SELECT record_id FROM fresh)")
    con.execute("DELETE FROM record_key WHERE record_id IN (SELECT record_id FROM fresh)")
    con.register("versions", stale.select(["record_id", "version"]))
    con.execute("INSERT INTO normalised BY NAME SELECT * FROM fresh JOIN versions USING (record_id)")
    con.execute("INSERT INTO record_key BY NAME SELECT * FROM fresh_keys")


def _is_cache_ours(con: duckdb.DuckDBPyConnection) -> bool:
    made_by = con.execute("SELECT made_by FROM derived WHERE name = 'normalised'").fetchone()
    return made_by == (dedup.PREPARED_BY,)


def _ensure_cache(con: duckdb.DuckDBPyConnection) -> None:
    """The tables of normalised records and keys, made anew where another version filled them.

    They can be derived from `record_version` at any time and hold nothing of their own.
    """
    if _is_cache_ours(con):
        return
    con.register("normalised_columns", dedup.NORMALISED.empty_table())
    con.register("key_columns", dedup.KEYS.empty_table())
    con.execute("CREATE OR REPLACE TABLE normalised AS SELECT *, 0::INTEGER AS version FROM normalised_columns")
    con.execute("CREATE OR REPLACE TABLE record_key AS SELECT * FROM key_columns")
    con.execute("INSERT OR REPLACE INTO derived VALUES ('normalised', ?)", [dedup.PREPARED_BY])


def _task(con: duckdb.DuckDBPyConnection) -> _Task:
    """What is to be compared."""
    position = log_position(con)
    con.execute("CREATE TEMP TABLE members AS " + _MEMBERS, {"position": position})
    con.execute("CREATE TEMP VIEW released_member AS SELECT record_id, label AS report FROM members WHERE released")
    con.execute("CREATE TEMP VIEW released_group AS SELECT record_id, report AS group_id FROM released_member")
    pairs = "SELECT x_id, y_id FROM decision_at(?) WHERE word = ?"
    together, apart = (con.execute(pairs, [position, word]).to_arrow_table() for word in ("duplicate", "distinct"))
    words = {
        "together": pa.concat_tables([together, con.execute(_UNSETTLED).to_arrow_table()]),
        "apart": apart,
        "asked": con.execute(_ASKED, {"position": position, "rules": dedup.ASKING_RULES}).to_arrow_table(),
    }
    last, rule_set, counters = con.execute(_LAST).fetchone() or (0, dedup.RULE_SET, None)
    again = {"last": last, "all": rule_set != dedup.RULE_SET, "sources": []}
    new, new_keys, known = _compared(con, again, words)
    counting = set(known.facts.counters.column("source").to_pylist())
    if counters is not None and counting != set(counters):
        new, new_keys, known = _compared(con, again | {"sources": sorted(counting ^ set(counters))}, words)
    return _Task(
        position=position,
        members=con.execute("FROM members ORDER BY record_id").to_arrow_table(),
        new=new,
        new_keys=new_keys,
        known=known,
        together=together,
        apart=apart,
    )


def _compared(
    con: duckdb.DuckDBPyConnection, again: dict[str, object], words: dict[str, pa.Table]
) -> tuple[pa.Table, pa.Table, dedup.Touched]:
    """The records to compare, their keys, and what they touch."""
    con.execute("CREATE OR REPLACE TEMP TABLE again AS " + _AGAIN, again)
    con.execute(
        "CREATE OR REPLACE TEMP TABLE fresh AS SELECT record_id FROM members WHERE NOT released UNION FROM again"
    )
    new = con.execute("FROM normalised SEMI JOIN fresh USING (record_id) ORDER BY record_id").to_arrow_table()
    new_keys = con.execute("FROM record_key SEMI JOIN fresh USING (record_id)").to_arrow_table()
    stored = dedup.Stored("normalised", "record_key", "released_group", "released_member")
    return new, new_keys, dedup.touched(con, new, new_keys, stored, **words)


def _write(con: duckdb.DuckDBPyConnection, context: ReviewContext, task: _Task, outcome: dedup.Outcome) -> Deduplicated:
    dropped = sum(outcome.capped.column("dropped").to_pylist())
    detail = {
        "rule_set": dedup.RULE_SET,
        "compared": task.new.num_rows,
        "capped_keys": outcome.capped.num_rows,
        "dropped_pairs": dropped,
        "counters": sorted(task.known.facts.counters.column("source").to_pylist()),
    }
    position = append_to_log(con, "deduplicated", context.now(), context.actor, detail)
    con.register("found", outcome.verdicts)
    con.register("groups", outcome.groups)
    con.register("members", task.members)
    con.register("compared", task.new.select(["record_id"]))
    con.register("asked", task.known.asked)
    con.execute(_VERDICTS, {"rule_set": dedup.RULE_SET, "position": position})
    place_groups(con)
    con.execute(
        "INSERT INTO report SELECT DISTINCT new_report, ? FROM placed ANTI JOIN report ON report_id = new_report",
        [position],
    )
    con.execute(_EVENTS, {"instant": utc_naive(context.now()), "position": position})
    con.execute("DROP TABLE placed")
    return _summary(con, position, compared=task.new.num_rows, capped=outcome.capped.num_rows, dropped=dropped)


def _summary(
    con: duckdb.DuckDBPyConnection, position: int, *, compared: int, capped: int, dropped: int
) -> Deduplicated:
    row = con.execute(
        """
        SELECT (SELECT count(DISTINCT report_id) FROM member_at($position)),
            count(*) FILTER (outcome = 'duplicate'), count(*) FILTER (outcome = 'possible')
        FROM verdict_at($position)
        """,
        {"position": position},
    ).fetchone()
    reports, duplicates, possible = row or (0, 0, 0)
    return Deduplicated(position, compared, reports, duplicates, possible, capped, dropped)
