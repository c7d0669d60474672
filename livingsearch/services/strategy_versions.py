"""Rows of the strategy's versions: when one is recorded, and which runs were made under which."""

import importlib.metadata
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

import duckdb

from livingsearch.review import Review
from livingsearch.review.model import Revision
from livingsearch.services.strategy_texts import strategy_of, strategy_of_text
from livingsearch.store import Store, append_to_log, log_position, utc_naive
from livingsearch.strategy.content import Strategy, strategy_from_json
from livingsearch.strategy.plain_text import on_one_line

NO_REASON = "reason not given"
FIRST = "first version"

_WITHOUT_VERSION = """
SELECT run_id, review_sha256, actor, started_at FROM run
WHERE run_id NOT IN (SELECT run_id FROM run_strategy) ORDER BY run_id
"""

# Every run began with one entry, so the entries' order is that of the runs.
_STARTS = """
SELECT r.run_id, l.position
FROM (SELECT run_id, row_number() OVER (ORDER BY run_id) AS n FROM run) r
    JOIN (SELECT position, row_number() OVER (ORDER BY position) AS n FROM log WHERE kind = 'run started') l USING (n)
"""

_USED = """
WITH used AS (FROM counting_run_at($position) JOIN run_strategy USING (run_id))
SELECT number, min(update_number) AS since, author, reason,
    list(source ORDER BY run_id) FILTER (update_number = $update) AS sources
FROM used JOIN strategy_reason_at($position) USING (number)
GROUP BY number, author, reason
HAVING count(*) FILTER (update_number = $update) > 0
ORDER BY number
"""


@dataclass(frozen=True, slots=True)
class StrategyUse:
    """One version of the strategy among the runs that count in an update.

    Attributes:
        number: of the version.
        since_update: the first update with a run that counts under this version.
        author: who changed the strategy.
        reason: why; `NO_REASON` where nobody said.
        sources: slugs of the sources that were run under it in this update.
    """

    number: int
    since_update: int
    author: str
    reason: str
    sources: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """`Strategy version 2 since update 3 (why)`."""
        return f"Strategy version {self.number} since update {self.since_update} ({on_one_line(self.reason)})"


def sentences_of(uses: Sequence[StrategyUse]) -> tuple[str, ...]:
    """What an update says of its strategy; of several versions, which source ran under which."""
    if len(uses) < 2:
        return tuple(use.sentence for use in uses)
    mixed = "Sources of this update were run under different versions of the strategy:"
    return (mixed, *(f"{use.sentence}: {', '.join(use.sources)}" for use in uses))


def record_strategy(
    con: duckdb.DuckDBPyConnection, review: Review, *, actor: str, now: Callable[[], datetime], as_on_disk: bool = True
) -> int:
    """The version of the strategy that a review has now; a strategy that differs from the last one is recorded.

    Args:
        con: inside the write transaction of what the version is needed for.
        review: as its file was read.
        actor: who is at work; the author where the file names none.
        now: the clock.
        as_on_disk: False where the file was changed after it had been read. A strategy that was recorded before is
            then that version again, else work that began before a change would seem to take the change back.

    Returns:
        The version's number.
    """
    derive_versions(con, actor=actor, now=now)
    strategy, revision = strategy_of(review), review.search.revision
    translated = [source.slug for source in review.sources if source.translated]
    last = _last(con)
    if last is not None and last.sha256 == strategy.sha256:
        _supply_reason(con, last, revision, actor=actor, now=now)
        return last.number
    if not as_on_disk:
        row = con.execute("SELECT max(number) FROM strategy_version WHERE sha256 = ?", [strategy.sha256]).fetchone()
        if row and row[0] is not None:
            return int(row[0])
    author, reason = _author_and_reason(con, last, strategy, translated, revision, actor)
    number = last.number + 1 if last else 1
    position = append_to_log(
        con, "strategy recorded", now(), actor, {"version": number, "sha256": strategy.sha256, "author": author}
    )
    _insert(con, number, author, utc_naive(now()), reason, strategy, translated, review.sha256, position)
    return number


def derive_versions(con: duckdb.DuckDBPyConnection, *, actor: str, now: Callable[[], datetime]) -> None:
    """Gives runs of an earlier program their versions, from the texts of the review's file that they ran under.

    Raises:
        StoreDamaged: a text that a run was made under is missing or is no review's file.
    """
    runs = con.execute(_WITHOUT_VERSION).fetchall()
    if not runs:
        return
    starts = dict(con.execute(_STARTS).fetchall())
    texts = dict(con.execute("SELECT sha256, text FROM review_file").fetchall())
    known: dict[str, tuple[Strategy, Revision | None]] = {}
    before = last = _last(con)
    for run_id, sha256, run_actor, started_at in runs:
        if sha256 not in known:
            known[sha256] = strategy_of_text(texts.get(sha256), sha256)
        strategy, revision = known[sha256]
        if last is None or last.sha256 != strategy.sha256:
            author, reason = _author_and_reason(con, last, strategy, [], revision, run_actor)
            number = last.number + 1 if last else 1
            _insert(con, number, author, started_at, reason, strategy, [], sha256, starts.get(run_id, 0))
            last = _last(con)
        con.execute("INSERT INTO run_strategy (run_id, number) VALUES (?, ?)", [run_id, last.number if last else 1])
    versions = (last.number if last else 0) - (before.number if before else 0)
    append_to_log(con, "strategy derived", now(), actor, {"runs": len(runs), "versions": versions})


@contextmanager
def reading_versions(store: Store, *, actor: str, now: Callable[[], datetime]) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that only reads, to a database in which every run has its version.

    Raises:
        StoreError: the database.
    """
    with store.read() as con:
        lacking = con.execute(_WITHOUT_VERSION).fetchone() is not None
        if not lacking:
            yield con
    if lacking:
        with store.write() as con:
            derive_versions(con, actor=actor, now=now)
        with store.read() as con:
            yield con


def strategies_used(con: duckdb.DuckDBPyConnection, *, update: int, position: int) -> tuple[StrategyUse, ...]:
    """The versions of the strategy among the runs that count in an update, as of a position in the log."""
    rows = con.execute(_USED, {"update": update, "position": position}).fetchall()
    return tuple(
        StrategyUse(n, since, author, reason or NO_REASON, tuple(sources)) for n, since, author, reason, sources in rows
    )


def strategy_warnings(con: duckdb.DuckDBPyConnection, run_id: int) -> list[str]:
    """What a librarian should know of the strategy that a run was made under, while the run is completed."""
    row = con.execute(
        "SELECT number, reason, run.update_number, run.source FROM run JOIN run_strategy USING (run_id) "
        "JOIN strategy_reason_at(?) USING (number) WHERE run_id = ?",
        [log_position(con), run_id],
    ).fetchone()
    if row is None:
        return []
    number, reason, update, source = row
    warnings = []
    if reason is None:
        warnings.append(
            f"NO REASON IS GIVEN for version {number} of the strategy, which differs from version {number - 1}: "
            "add [search.revision] with author and reason to review.toml, in words that no earlier version has; "
            "the next run keeps them."
        )
    others = [
        f"version {use.number} ({', '.join(rest)})"
        for use in strategies_used(con, update=update, position=log_position(con))
        if use.number != number and (rest := [one for one in use.sources if one != source])
    ]
    if others:
        warnings.append(
            f"Update {update} mixes versions of the strategy: {source} was run under version {number}, others under "
            f"{' and '.join(others)}; run those again if the update is to stand for one search."
        )
    return warnings


@dataclass(frozen=True, slots=True)
class _Last:
    number: int
    sha256: str
    content: str
    reason: str | None
    translated: frozenset[str]


def _last(con: duckdb.DuckDBPyConnection) -> _Last | None:
    row = con.execute(
        "SELECT v.number, v.sha256, v.content, coalesce(v.reason, r.reason), v.translated "
        "FROM strategy_version v LEFT JOIN strategy_reason r USING (number) ORDER BY v.number DESC LIMIT 1"
    ).fetchone()
    if row is None:
        return None
    number, sha256, content, reason, translated = row
    return _Last(number, sha256, content, reason, frozenset(translated))


def _insert(
    con: duckdb.DuckDBPyConnection,
    number: int,
    author: str,
    instant: datetime,
    reason: str | None,
    strategy: Strategy,
    translated: list[str],
    review_sha256: str,
    position: int,
) -> None:
    con.execute(
        "INSERT INTO strategy_version (number, author, instant, reason, content, sha256, translated, review_sha256, "
        "position) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [number, author, instant, reason, strategy.json, strategy.sha256, translated, review_sha256, position],
    )


def _author_and_reason(
    con: duckdb.DuckDBPyConnection,
    last: _Last | None,
    strategy: Strategy,
    translated: Sequence[str],
    revision: Revision | None,
    actor: str,
) -> tuple[str, str | None]:
    if revision is not None and not _is_used(con, revision.reason):
        return revision.author, revision.reason
    if last is None:
        return actor, FIRST
    if _only_translations_differ(last, strategy, translated):
        program = f"livingsearch {importlib.metadata.version('livingsearch')}"
        return program, f"{program} writes the translation of the documented search differently"
    return actor, None


def _is_used(con: duckdb.DuckDBPyConnection, reason: str) -> bool:
    rows = con.execute(
        "SELECT reason FROM strategy_version WHERE reason IS NOT NULL UNION ALL SELECT reason FROM strategy_reason"
    ).fetchall()
    return on_one_line(reason).casefold() in {on_one_line(row[0]).casefold() for row in rows}


def _only_translations_differ(last: _Last, strategy: Strategy, translated: Sequence[str]) -> bool:
    """Whether the same file would have given the last version: a newer program translates otherwise."""
    before = strategy_from_json(last.content)
    queries = {source.slug: source.query for source in before.sources if source.slug in last.translated}
    taken_back = [
        replace(source, query=queries[source.slug]) if source.slug in queries and source.slug in translated else source
        for source in strategy.sources
    ]
    return replace(strategy, sources=tuple(taken_back)) == before


def _supply_reason(
    con: duckdb.DuckDBPyConnection,
    last: _Last,
    revision: Revision | None,
    *,
    actor: str,
    now: Callable[[], datetime],
) -> None:
    if last.reason is not None or revision is None or _is_used(con, revision.reason):
        return
    position = append_to_log(con, "strategy reason given", now(), actor, {"version": last.number})
    con.execute(
        "INSERT INTO strategy_reason (number, author, instant, reason, position) VALUES (?, ?, ?, ?, ?)",
        [last.number, revision.author, utc_naive(now()), revision.reason, position],
    )
