"""A review whose rows are made directly: records with a work's name, grouped by it, without files or comparison.

Runs, closings, words and versions go through the services, so that what is tested is what people use.
"""

import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
from living import settings_for

import dedup
from livingsearch.services.closing import close_update
from livingsearch.services.context import ReviewContext, init_review, open_review
from livingsearch.services.ingest import Ingested
from livingsearch.services.open_update import ensure_open_update
from livingsearch.services.runs import complete_run, start_run
from livingsearch.store import append_to_log, utc_naive

SLUG = "made"
_HEAD = """
schema = 1
[review]
slug = "made"
title = "A made review"
version = "1"
contact = "librarian@example.org"
time_zone = "UTC"
[search]
text = "peer"
syntax = "ovid"
fields = ["title"]
from = "inception"
[publish]
approval = {approval}
"""
_SOURCE = """
[[source]]
slug = "{slug}"
name = "{name}"
kind = "{kind}"
{method}
database = "{name}"
platform = "Paper"
connector = "file"
query = "peer"
schedule = "0 6 1 * *"
"""
# A record is known by its work and, where a source holds it several times, by its occurrence.
_ARRIVING = """
CREATE OR REPLACE TEMP TABLE arriving AS
SELECT position, work, told, row_number() OVER (PARTITION BY work ORDER BY position) AS occurrence
FROM (SELECT unnest(range(1, len($works) + 1)) AS position, unnest($works::VARCHAR[]) AS work,
    unnest($told::VARCHAR[]) AS told)
"""
_RECORDS = """
INSERT INTO record
SELECT (SELECT coalesce(max(record_id), 0) FROM record) + row_number() OVER (ORDER BY position), $source,
    'acc:' || work, occurrence, $run
FROM arriving a ANTI JOIN record r
    ON r.source = $source AND r.identity = 'acc:' || a.work AND r.occurrence = a.occurrence
"""
_HELD = """
SELECT a.position, a.work, a.told, r.record_id, coalesce(v.version, 0) AS version,
    if(a.told IS NULL, [], [a.told]) IS NOT DISTINCT FROM v.notices AS same
FROM arriving a
    JOIN record r ON r.source = $source AND r.identity = 'acc:' || a.work AND r.occurrence = a.occurrence
    LEFT JOIN (
        SELECT record_id, max(version) AS version, arg_max(notices, version) AS notices
        FROM record_version GROUP BY record_id
    ) v ON v.record_id = r.record_id
"""
_VERSIONS = f"""
INSERT INTO record_version (record_id, version, run_id, content_hash, form, payload, title, notices)
SELECT record_id, version + 1, $run, concat(work, told), 'made', '', 'Title of ' || work,
    if(told IS NULL, [], [told])
FROM ({_HELD}) WHERE NOT same
"""
_RETURNED = f"""
INSERT INTO run_record SELECT $run, position, record_id, version FROM ({_HELD}) ORDER BY position
"""
_PLACED = """
CREATE OR REPLACE TEMP TABLE newly_placed AS
WITH known AS (
    SELECT identity, arg_min(report_id, record_id) AS report_id
    FROM record JOIN member_at($at) USING (record_id) GROUP BY identity
),
fresh AS (SELECT r.* FROM record r ANTI JOIN member_at($at) m ON m.record_id = r.record_id),
named AS (
    SELECT identity, (SELECT coalesce(max(report_id), 0) FROM report) + row_number() OVER (ORDER BY min(record_id))
        AS report_id
    FROM fresh ANTI JOIN known USING (identity) GROUP BY identity
)
SELECT f.record_id, coalesce(k.report_id, n.report_id) AS report_id
FROM fresh f LEFT JOIN known k USING (identity) LEFT JOIN named n USING (identity)
"""
_JOINED = """
INSERT INTO report_event
SELECT (SELECT coalesce(max(seq), 0) FROM report_event) + row_number() OVER (ORDER BY record_id), 'joined', report_id,
    record_id, $instant, $at
FROM newly_placed
"""
SOURCES = (("a", "database"), ("b", "database"), ("c", "database"), ("r", "register"), ("cited", "citation searching"))


def review_text(sources: Iterable[tuple[str, str]] = SOURCES, *, approval: bool = False) -> str:
    """A review's file; a source's kind, or its method where it is another one."""
    parts = [_HEAD.format(approval=str(approval).lower())]
    for slug, kind in sources:
        plain = kind in ("database", "register")
        method = "" if plain else f'method = "{kind}"'
        parts.append(_SOURCE.format(slug=slug, name=slug.upper(), kind=kind if plain else "other", method=method))
    return "".join(parts)


@dataclass
class MadeReview:
    """A review in a folder, and a clock that moves by an hour with every step.

    Attributes:
        folder: workspace.
        now: the clock.
    """

    folder: Path
    now: datetime = datetime(2026, 1, 1, 9, tzinfo=UTC)

    @property
    def context(self) -> ReviewContext:
        return open_review(settings_for(self.folder), SLUG, actor="test", now=self._clock())

    def _clock(self) -> Callable[[], datetime]:
        self.now += timedelta(hours=1)
        instant = self.now
        return lambda: instant

    def on(self, day: str) -> None:
        """Moves the clock to the morning of a day."""
        self.now = datetime.fromisoformat(f"{day}T09:00").replace(tzinfo=UTC)

    def copied(self, folder: Path) -> "MadeReview":
        """The same review in another folder, to go on from."""
        shutil.copytree(self.folder, folder / "workspace")
        return MadeReview(folder / "workspace", self.now)

    def edit(self, text: str) -> None:
        """Writes another review.toml."""
        self.context.folder.review_file.write_text(text, "utf-8")

    def run(self, source: str, works: Sequence[str], notices: dict[str, str] | None = None) -> int:
        """A complete run of a source that returned these works, by a record of its own each.

        The same work twice is the same record twice, as a source that holds it double would return it.
        """
        context = self.context
        with context.store.write() as con:
            update = ensure_open_update(con, context, reason="made")
            declared = context.review.source(source)
            run_id = start_run(
                con, context, update=update, source=declared, kind="import", date_searched=context.today()
            )
            con.execute(_ARRIVING, {"works": list(works), "told": [(notices or {}).get(work) for work in works]})
            for statement in (_RECORDS, _VERSIONS, _RETURNED):
                con.execute(statement, {"run": run_id, "source": source})
            complete_run(con, context, run_id, Ingested(len(works), 0, 0), hits=None, warnings=[])
        return run_id

    def compare(self) -> None:
        """Puts records without a report into that of their work, which is made where there is none."""
        context = self.context
        with context.store.write() as con:
            at = append_to_log(con, "deduplicated", context.now(), "test", {"rule_set": dedup.RULE_SET})
            con.execute(_PLACED, {"at": at})
            con.execute(
                "INSERT INTO report SELECT DISTINCT report_id, ? FROM newly_placed ANTI JOIN report USING (report_id)",
                [at],
            )
            con.execute(_JOINED, {"at": at, "instant": utc_naive(context.now())})

    def close(self) -> int:
        """Compares and closes the open update.

        Returns:
            Its number.
        """
        self.compare()
        context = self.context
        with context.store.write() as con:
            update = ensure_open_update(con, context, reason="made")
            close_update(con, context, update)
        return update

    def update(self, **runs: Sequence[str]) -> int:
        """A whole update: a run a source, closed."""
        for source, works in runs.items():
            self.run(source, works)
        return self.close()

    def link(self, one: str, other: str) -> None:
        """A person says that two works are one: the older report keeps all records."""
        first, second = sorted((self.report(one), self.report(other)))
        with self._decided() as (con, context, at):
            for (record,) in con.execute(
                "SELECT record_id FROM member_at(?) WHERE report_id = ? ORDER BY ALL", [at, second]
            ).fetchall():
                self._event(con, context, "parted", second, record, at)
                self._event(con, context, "joined", first, record, at)

    def part(self, source: str, work: str, report_id: int | None = None) -> int:
        """A person says that a source's record of a work is another report: a former one, or a new one."""
        with self._decided() as (con, context, at):
            row = con.execute(
                "SELECT record_id, report_id FROM record JOIN member_at(?) USING (record_id) "
                "WHERE source = ? AND identity = ? AND occurrence = 1",
                [at, source, f"acc:{work}"],
            ).fetchone()
            assert row is not None
            target = report_id or self._new_report(con, at)
            self._event(con, context, "parted", row[1], row[0], at)
            self._event(con, context, "joined", target, row[0], at)
        return target

    def report(self, work: str) -> int:
        """The report that holds the first record of a work."""
        return self.reports([work])[work]

    def reports(self, works: Sequence[str]) -> dict[str, int]:
        """The reports that hold the first records of works."""
        with self.context.store.read() as con:
            rows = con.execute(
                "SELECT substr(identity, 5), arg_min(report_id, record_id) "
                "FROM record JOIN member_at(1000000000) USING (record_id) "
                "WHERE identity IN (SELECT 'acc:' || unnest($works::VARCHAR[])) GROUP BY identity",
                {"works": list(works)},
            ).fetchall()
        return dict(rows)

    def works(self) -> list[str]:
        """The works of all records, each once."""
        with self.context.store.read() as con:
            rows = con.execute("SELECT DISTINCT substr(identity, 5) FROM record ORDER BY ALL").fetchall()
        return [row[0] for row in rows]

    def name(self, work: str) -> str:
        """Its id."""
        return f"R{self.report(work):06d}"

    def _decided(self) -> "_Decided":
        return _Decided(self.context)

    @staticmethod
    def _new_report(con: duckdb.DuckDBPyConnection, at: int) -> int:
        row = con.execute(
            "INSERT INTO report SELECT coalesce(max(report_id), 0) + 1, ? FROM report RETURNING report_id", [at]
        ).fetchone()
        assert row is not None
        return int(row[0])

    @staticmethod
    def _event(
        con: duckdb.DuckDBPyConnection, context: ReviewContext, event: str, report: int, record: int, at: int
    ) -> None:
        con.execute(
            "INSERT INTO report_event SELECT coalesce(max(seq), 0) + 1, ?, ?, ?, ?, ? FROM report_event",
            [event, report, record, utc_naive(context.now()), at],
        )


class _Decided:
    """A write in which a person's decision is logged, and taken into the grouping."""

    def __init__(self, context: ReviewContext) -> None:
        self._context = context
        self._writing = context.store.write()

    def __enter__(self) -> tuple[duckdb.DuckDBPyConnection, ReviewContext, int]:
        con = self._writing.__enter__()
        append_to_log(con, "decision", self._context.now(), "test", {})
        detail = {"rule_set": dedup.RULE_SET}
        return con, self._context, append_to_log(con, "deduplicated", self._context.now(), "test", detail)

    def __exit__(self, *error: object) -> None:
        self._writing.__exit__(*error)  # type: ignore[arg-type]


def made(folder: Path, text: str | None = None) -> MadeReview:
    """A review just made."""
    file = folder / "made.toml"
    file.write_text(text or review_text(), "utf-8")
    review = MadeReview(folder / "workspace")
    init_review(settings_for(review.folder), file, actor="test", now=lambda: review.now)
    return review
