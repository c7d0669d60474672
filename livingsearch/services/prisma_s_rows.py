"""Runs and verdicts of a review as its database has them, up to a position in the log."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import duckdb

from livingsearch.exports.prisma_s import Deduplication, ReceivedFile, SearchedSource, SearchRun
from livingsearch.services.histories import History, histories_in
from livingsearch.strategy.content import Strategy, StrategySource

_RUNS = """
SELECT r.run_id, r.update_number, r.source, r.source_label, r.source_kind, r.kind,
    CASE WHEN c.run_id <> r.run_id THEN c.run_id END, r.query, r.query_translation, r.warnings, r.hits_reported,
    r.records_received, r.date_searched, r.finished_at, r.accepted_mismatch, s.number,
    CASE WHEN m.exported_by <> r.actor THEN m.exported_by || ' (imported by ' || r.actor || ')' ELSE r.actor END,
    r.software
FROM run r
    LEFT JOIN run_manifest m USING (run_id)
    JOIN run_strategy s USING (run_id)
    JOIN counting_run_at($position) c ON c.update_number = r.update_number AND c.source = r.source
WHERE r.state = 'complete' AND r.position <= $position
    AND r.run_id NOT IN (SELECT w.run_id FROM run_withdrawn w WHERE w.position <= $position)
    AND r.update_number IN (SELECT unnest($updates::INTEGER[]))
ORDER BY r.update_number, r.run_id
"""

_FILES = """
SELECT run_id, name, sha256 FROM run_file
WHERE run_id IN (SELECT unnest($runs::INTEGER[])) ORDER BY run_id, ordinal
"""

# Ovid's own account of a search stands behind the last record of its exports.
_HISTORIES = """
SELECT run_id, text FROM run_remnant
WHERE kind = 'text' AND contains(text, 'Search Strategy:') AND run_id IN (SELECT unnest($runs::INTEGER[]))
ORDER BY run_id, ordinal, line
"""

_DECLARED = """
SELECT run_id, strategy FROM run_manifest
WHERE strategy_from = 'declared' AND run_id IN (SELECT unnest($runs::INTEGER[])) ORDER BY run_id
"""

_BY_RULE = """
SELECT rule, count(*) FROM verdict_at($position) WHERE outcome = 'duplicate' GROUP BY rule ORDER BY count(*) DESC, rule
"""

_DECISIONS = "SELECT word, count(*) FROM decision_at($position) GROUP BY word"

_RULE_SET = """
SELECT arg_max(detail->>'rule_set', position) FROM log WHERE kind = 'deduplicated' AND position <= $position
"""


@dataclass(frozen=True, slots=True)
class RunRow:
    """The row of a complete run, in the order of the query's columns."""

    run_id: int
    update: int
    slug: str
    label: str
    source_kind: str
    kind: str
    replaced_by: int | None
    query: str
    translation: str | None
    warnings: Sequence[str]
    hits: int | None
    received: int
    searched_on: date
    finished_at: datetime
    accepted_mismatch: str | None
    version: int
    actor: str
    software: str


@dataclass(frozen=True, slots=True)
class FoundRun:
    """A complete run with what came of it; the strategy's version knows what its source was."""

    row: RunRow
    files: tuple[ReceivedFile, ...]
    histories: tuple[History, ...]
    as_run: str | None


def run_rows(con: duckdb.DuckDBPyConnection, *, updates: Sequence[int], position: int) -> list[FoundRun]:
    """Complete runs of some updates, up to a position in the log, with their files and what these say of the search."""
    rows = [RunRow(*row) for row in con.execute(_RUNS, {"updates": list(updates), "position": position}).fetchall()]
    runs = [row.run_id for row in rows]
    files: dict[int, list[ReceivedFile]] = {}
    for run_id, name, sha256 in con.execute(_FILES, {"runs": runs}).fetchall():
        files.setdefault(run_id, []).append(ReceivedFile(name, sha256))
    histories: dict[int, list[History]] = {}
    for run_id, text in con.execute(_HISTORIES, {"runs": runs}).fetchall():
        histories.setdefault(run_id, []).extend(histories_in(text))
    declared = dict(con.execute(_DECLARED, {"runs": runs}).fetchall())
    return [
        FoundRun(row, tuple(files.get(row.run_id, ())), tuple(histories.get(row.run_id, ())), declared.get(row.run_id))
        for row in rows
    ]


def runs_of(found: Sequence[FoundRun], strategies: Mapping[int, Strategy]) -> tuple[SearchRun, ...]:
    """Runs as they are reported, each with its source as the strategy had it then.

    Args:
        found: runs from the database.
        strategies: by the number of the version.
    """
    return tuple(_run(one, strategies.get(one.row.version)) for one in found)


def deduplication_at(
    con: duckdb.DuckDBPyConnection, *, position: int, closed_with: Sequence[str], waiting: int
) -> Deduplication:
    """What rules and people say of pairs, as of a position in the log.

    Args:
        con: the review's database.
        position: rows after it are not seen.
        closed_with: versions of the rules that updates were closed under.
        waiting: pairs of reports that wait for a person.
    """
    decided = dict(con.execute(_DECISIONS, {"position": position}).fetchall())
    row = con.execute(_RULE_SET, {"position": position}).fetchone()
    last = [row[0]] if row and row[0] else []
    return Deduplication(
        rule_sets=tuple(dict.fromkeys([*closed_with, *last])),
        by_rule=tuple(con.execute(_BY_RULE, {"position": position}).fetchall()),
        said_duplicate=decided.get("duplicate", 0),
        said_distinct=decided.get("distinct", 0),
        waiting=waiting,
    )


def instant_at(con: duckdb.DuckDBPyConnection, position: int) -> datetime:
    """When the log came to a position (UTC)."""
    row = con.execute("SELECT instant FROM log WHERE position = ?", [position]).fetchone()
    instant: datetime = row[0] if row else datetime(1970, 1, 1)
    return instant.replace(tzinfo=UTC)


def _run(found: FoundRun, strategy: Strategy | None) -> SearchRun:
    row = found.row
    sources = {source.slug: source for source in strategy.sources} if strategy else {}
    editions = dict.fromkeys(history.edition for history in found.histories if history.edition)
    return SearchRun(
        run_id=row.run_id,
        update=row.update,
        source=_source(row, sources.get(row.slug), "; ".join(editions) or None),
        by_api=row.kind == "search",
        replaced_by=row.replaced_by,
        query=row.query,
        translation=row.translation,
        warnings=tuple(row.warnings),
        histories=tuple(history.text for history in found.histories),
        hits=row.hits,
        received=row.received,
        searched_on=row.searched_on,
        finished_at=row.finished_at.replace(tzinfo=UTC),
        accepted_mismatch=row.accepted_mismatch,
        version=row.version,
        actor=row.actor,
        software=json.loads(row.software),
        files=found.files,
        as_run=found.as_run,
    )


def _source(row: RunRow, known: StrategySource | None, edition: str | None) -> SearchedSource:
    return SearchedSource(
        slug=row.slug,
        label=row.label,
        name=known.name if known else row.label,
        database=known.database if known else row.label,
        platform=known.platform if known else "not known",
        kind=row.source_kind,
        by_api=row.kind == "search",
        searched=True,
        edition=edition,
    )
