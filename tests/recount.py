"""The counts of an update made again from rows alone, in plain Python: shares no code with the ledger.

Slow on purpose: loops over rows, in the words of the rules, so that a mistake of the SQL is not made again here.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import duckdb

Counts = dict[str, int]


def rows_of(con: duckdb.DuckDBPyConnection, table: str, columns: str) -> list[tuple[Any, ...]]:
    return con.execute(f"SELECT {columns} FROM {table}").fetchall()


class Recount:
    """A review's rows up to a position.

    Args:
        con: the review's database.
        position: later rows are not looked at.
        preferred: slugs of the sources, the best first.
    """

    def __init__(self, con: duckdb.DuckDBPyConnection, position: int, preferred: Iterable[str]) -> None:
        self.rank = {slug: place for place, slug in enumerate(preferred)}
        withdrawn = {run for run, at in rows_of(con, "run_withdrawn", "run_id, position") if at <= position}
        self.kinds: dict[tuple[int, str], str] = {}
        counting: dict[tuple[int, str], tuple[int, int]] = {}
        for run, update, source, kind, state, at in rows_of(
            con, "run", "run_id, update_number, source, source_kind, state, position"
        ):
            if state == "complete" and at <= position and run not in withdrawn:
                if (update, source) not in counting or counting[update, source][0] < at:
                    counting[update, source] = (at, run)
                    self.kinds[update, source] = kind
        place_of = {run: key for key, (_, run) in counting.items()}
        self.returned: dict[tuple[int, str], list[int]] = {key: [] for key in counting}
        for run, record in rows_of(con, "run_record", "run_id, record_id"):
            if run in place_of:
                self.returned[place_of[run]].append(record)
        self.source = dict(rows_of(con, "record", "record_id, source"))
        self.first: dict[int, int] = {}
        for (update, _), records in sorted(self.returned.items()):
            for record in records:
                self.first.setdefault(record, update)
        self.member: dict[int, int] = {}
        self.joined: dict[int, int] = {}
        self.last_of: dict[int, int] = {}
        for _, event, report, record, at in sorted(
            rows_of(con, "report_event", "seq, event, report_id, record_id, position")
        ):
            if at <= position:
                self.last_of[report] = record
                if event == "joined":
                    self.member[record], self.joined[record] = report, at
        self.live = set(self.member.values())
        self.brings: dict[int, int] = {}
        for record in sorted(self.first, key=self._order):
            self.brings.setdefault(self.member.get(record, -record), record)
        undone = {n for n, at in rows_of(con, "screening_undone", "screening_id, position") if at <= position}
        self.words: dict[int, dict[str, list[tuple[Any, ...]]]] = defaultdict(lambda: defaultdict(list))
        for word_id, report, stage, word, reason, who, consensus, at in sorted(
            rows_of(con, "screening", "screening_id, report_id, stage, word, reason, who, consensus, position")
        ):
            if at <= position and word_id not in undone:
                home, since = self._home(report)
                self.words[home][stage].append((report, since, word, reason, who.lower(), consensus, at))
        self.study: dict[int, int] = {}
        last: dict[int, int | None] = {}
        for _, report, study, at in sorted(rows_of(con, "study_event", "seq, report_id, study_id, position")):
            if at <= position:
                last.pop(report, None)
                last[report] = study
        for report, study in last.items():
            if study is not None:
                self.study[self._home(report)[0]] = study
        self.versions = {
            update: included
            for update, included, at in rows_of(con, "published", "update_number, included, position")
            if at <= position
        }

    def _order(self, record: int) -> tuple[int, bool, int, int]:
        update, source = self.first[record], self.source[record]
        return update, self.kinds[update, source] == "other", self.rank.get(source, 999), record

    def _home(self, report: int) -> tuple[int, int]:
        """The report that holds now what this one held, and since when."""
        if report in self.live or report not in self.last_of:
            return report, 0
        record = self.last_of[report]
        return self.member[record], self.joined[record]

    def _said(self, report: int, stage: str) -> tuple[str | None, str | None]:
        """What is in force at a stage, and the reason."""
        said = self.words.get(report, {}).get(stage, [])
        force = []
        for place, (of, since, word, reason, who, consensus, _) in enumerate(said):
            for later_of, later_since, _, _, later_who, later_consensus, at in said[place + 1 :]:
                could_see = later_of == of or at > max(since, later_since)
                speaks_to_it = later_consensus or (not consensus and later_who == who)
                if could_see and speaks_to_it:
                    break
            else:
                force.append((word, reason))
        words = {word for word, _ in force}
        reasons = {reason.lower(): reason for _, reason in reversed(force) if reason}
        reason = None if not reasons else "Reason not agreed" if len(reasons) > 1 else next(iter(reasons.values()))
        return (None if not words else words.pop() if len(words) == 1 else "conflict"), reason

    def state(self, report: int) -> tuple[str, str | None]:
        """Where a report stands, and the reason where it is excluded in full text."""
        bringer = self.brings[report]
        other = self.kinds[self.first[bringer], self.source[bringer]] == "other"
        before, title, retrieval = (self._said(report, stage)[0] for stage in ("before", "title", "retrieval"))
        (fulltext, reason), (inclusion, why) = self._said(report, "fulltext"), self._said(report, "inclusion")
        later = retrieval or fulltext or inclusion
        if other and (before or title in ("exclude", "conflict") or (title == "maybe" and not later)):
            return "set aside", None
        if before in ("automation", "other") and not title and not later:
            return ("automation" if before == "automation" else "other reason"), None
        if before:
            return ("pending on title" if title or later else "awaiting screening"), None
        if not other:
            if not title and not later:
                return "awaiting screening", None
            if title == "exclude" and not later:
                return "excluded on title", None
            if title in ("exclude", "conflict") or (title == "maybe" and not later):
                return "pending on title", None
        if not (fulltext or inclusion):
            states = {"exclude": "not retrieved", "include": "pending"}
            return states.get(retrieval or "", "awaiting retrieval"), None
        if retrieval in ("exclude", "conflict"):
            return "awaiting retrieval", None
        if inclusion == "exclude":
            return "excluded", why or "Reason not given"
        if inclusion == "include":
            return ("pending" if fulltext in ("exclude", "conflict") else "included"), None
        if inclusion:
            return "pending", None
        if fulltext == "exclude":
            return "excluded", reason or "Reason not given"
        return ("included" if fulltext == "include" else "pending"), None

    def counts(self, update: int, first_update: int = 1) -> Counts:
        """The boxes of an update."""
        found: Counts = defaultdict(int)
        for (number, source), records in self.returned.items():
            if number != update:
                continue
            where = " (other)" if self.kinds[number, source] == "other" else ""
            found[f"identified{where}"] += len(records)
            for record in records:
                if self.first[record] < update:
                    found[f"known{where}"] += 1
                elif self.brings[self.member.get(record, -record)] != record:
                    found[f"duplicates{where}"] += 1
        placed = defaultdict(list)
        for report, bringer in self.brings.items():
            placed[self.first[bringer]].append(report)
        for report in placed[update]:
            bringer = self.brings[report]
            where = " (other)" if self.kinds[update, self.source[bringer]] == "other" else ""
            state, reason = self.state(report)
            found[state + where] += 1
            if reason:
                found[f"reason {reason}{where}"] += 1
        included = {
            report: number for number in placed for report in placed[number] if self.state(report)[0] == "included"
        }

        def study(report: int) -> int:
            return self.study.get(report, -report)

        ours = {report for report, number in included.items() if number == update}
        earlier = {report for report, number in included.items() if number < update}
        published = max((n for n in self.versions if n < update), default=None)
        had = {self._home(report)[0] for report in (self.versions[published] if published is not None else ())}
        gone = {study(report) for report in had} - {study(report) for report in included}
        known = {study(report) for report in earlier} | gone
        found["new reports"] = len(ours)
        found["new studies"] = len({study(report) for report in ours} - known)
        if update > first_update:
            found["previous studies"] = len(known)
            found["previous reports"] = len(earlier | (had - set(included)))
            found["removed studies"] = len(gone)
            found["total studies"] = len({study(report) for report in earlier | ours})
            found["total reports"] = len(earlier | ours)
        return {box: n for box, n in found.items() if n}
