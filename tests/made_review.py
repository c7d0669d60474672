"""A review whose rows are made directly: records with a work's name, grouped by it, without files or comparison.

Runs, closings, words and versions go through the services, so that what is tested is what people use.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
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
        works: the work of each record, by its id.
    """

    folder: Path
    now: datetime = datetime(2026, 1, 1, 9, tzinfo=UTC)
    works: dict[int, str] = field(default_factory=dict)

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
            occurrence: dict[str, int] = {}
            for position, work in enumerate(works, 1):
                occurrence[work] = occurrence.get(work, 0) + 1
                record_id, version = self._record(con, source, work, occurrence[work], run_id, notices or {})
                con.execute("INSERT INTO run_record VALUES (?, ?, ?, ?)", [run_id, position, record_id, version])
            complete_run(con, context, run_id, Ingested(len(works), 0, 0), hits=None, warnings=[])
        return run_id

    def _record(
        self, con: duckdb.DuckDBPyConnection, source: str, work: str, n: int, run_id: int, notices: dict[str, str]
    ) -> tuple[int, int]:
        row = con.execute(
            "SELECT record_id FROM record WHERE (source, identity, occurrence) = (?, ?, ?)", [source, f"acc:{work}", n]
        ).fetchone()
        if row is None:
            row = con.execute(
                "INSERT INTO record SELECT coalesce(max(record_id), 0) + 1, ?, ?, ?, ? FROM record RETURNING record_id",
                [source, f"acc:{work}", n, run_id],
            ).fetchone()
        assert row is not None
        told = [notices[work]] if work in notices else []
        held = con.execute(
            "SELECT version, notices FROM record_version WHERE record_id = ? ORDER BY version DESC LIMIT 1", [row[0]]
        ).fetchone()
        version = 1 if held is None else held[0] if held[1] == told else held[0] + 1
        if held is None or held[1] != told:
            con.execute(
                "INSERT INTO record_version (record_id, version, run_id, content_hash, form, payload, title, notices) "
                "VALUES (?, ?, ?, ?, 'made', '', ?, ?)",
                [row[0], version, run_id, f"{work} {told}", f"Title of {work}", told],
            )
        self.works[row[0]] = work
        return row[0], version

    def compare(self) -> None:
        """Puts records without a report into that of their work, which is made where there is none."""
        context = self.context
        with context.store.write() as con:
            at = append_to_log(con, "deduplicated", context.now(), "test", {"rule_set": dedup.RULE_SET})
            member = dict(con.execute("SELECT record_id, report_id FROM member_at(?)", [at]).fetchall())
            report = {self.works[record]: report for record, report in sorted(member.items(), reverse=True)}
            for (record,) in con.execute("SELECT record_id FROM record ORDER BY ALL").fetchall():
                if record not in member:
                    work = self.works[record]
                    if work not in report:
                        report[work] = self._new_report(con, at)
                    self._event(con, context, "joined", report[work], record, at)

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
        with self.context.store.read() as con:
            record = min(record for record, name in self.works.items() if name == work)
            row = con.execute("SELECT report_id FROM member_at(1000000) WHERE record_id = ?", [record]).fetchone()
        assert row is not None
        return int(row[0])

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
