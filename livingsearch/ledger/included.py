"""Studies and reports in the review: new, from earlier versions, taken out since."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import duckdb

from livingsearch.ledger.whole_flow import NONE, NOT_REPORTED, Count, Included, total

# A study is known by its number, or by its only report where nobody put that into a study.
_INCLUDED = """
SELECT s.update_number, coalesce(y.study_id, -s.report_id), s.report_id
FROM at_standing s LEFT JOIN at_study y USING (report_id) WHERE s.state = 'included'
"""

_VERSIONS = """
SELECT p.update_number, list(DISTINCT coalesce(y.study_id, -coalesce(m.root, i.report_id))),
    list(DISTINCT coalesce(m.root, i.report_id))
FROM published p, unnest(p.included) i(report_id)
    LEFT JOIN at_moved m ON m.report_id = i.report_id
    LEFT JOIN at_study y ON y.report_id = coalesce(m.root, i.report_id)
WHERE p.position <= $position
GROUP BY p.update_number
UNION ALL SELECT update_number, [], [] FROM published WHERE position <= $position AND len(included) = 0
"""

_TYPED = """
SELECT s.update_number, s.source, n.box, n.value
FROM (SELECT update_number, arg_max(set_id, position) AS set_id FROM typed_set WHERE position <= $position GROUP BY ALL)
    JOIN typed_set s USING (set_id) JOIN typed_number n USING (set_id)
WHERE split_part(n.box, '.', 1) IN ('included', 'previous', 'total')
"""


@dataclass(frozen=True, slots=True)
class CountedIn:
    """What goes into the last boxes of a flow.

    Attributes:
        previous: of earlier versions; None in a first version.
        new: included by the updates of the flow.
        removed_studies: of earlier versions, taken out since.
        total: None in a first version for which none was typed.
        notes: sentences for under the diagram.
    """

    previous: Included | None
    new: Included
    removed_studies: Count
    total: Included | None
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IncludedReports:
    """What is included as of a position.

    Attributes:
        rows: update, study and report of every included report.
        versions: studies and reports of each published version, by its update, under the names that they have now.
        typed: box and number by update, with the source.
        first: number of the review's first update.
    """

    rows: tuple[tuple[int, int, int], ...]
    versions: Mapping[int, tuple[frozenset[int], frozenset[int]]]
    typed: Mapping[int, Mapping[str, Count]]
    first: int

    def counted(self, updates: tuple[int, ...]) -> CountedIn:
        """The last boxes of a flow over some updates.

        Args:
            updates: in their order.

        Returns:
            The numbers. What an earlier version had and what was included for earlier updates since is `previous`.
        """
        first, last = (updates[0], updates[-1]) if updates else (self.first, self.first)
        # Of an update whose included reports were typed, those that are there as rows are not counted again.
        rows = [row for row in self.rows if not self._says(row[0], "included.reports")]
        before = [row for row in rows if row[0] < first]
        new = [row for row in rows if row[0] in updates]
        upto = [row for row in rows if row[0] <= last]
        published = max((n for n in self.versions if n < first), default=None)
        studies, reports = self.versions[published] if published is not None else (frozenset(), frozenset())
        anywhere = {study for _, study, _ in self.rows}
        gone = studies - anywhere
        gone_reports = reports - {report for _, _, report in self.rows}
        known = {study for _, study, _ in before} | gone
        known_reports = {report for _, _, report in before} | gone_reports
        fresh = {study for _, study, _ in new} - known
        typed_before = self._typed("included", lambda n: n < first)
        typed_new = self._typed("included", lambda n: n in updates)
        foreign = self._typed("previous", lambda n: n <= last)
        has_previous = first > self.first or foreign is not None
        previous = None
        if has_previous:
            previous = _plus(_derived(len(known), len(known_reports)), typed_before, foreign)
            taken = total(self._removed(tuple(n for n in self.typed if n < first)))
            previous = Included(_less(previous.studies, taken), previous.reports)
        removed = total([Count(len(gone)), *self._removed(updates)])
        stated = self._typed("total", lambda n: n == last)
        whole = stated
        if stated is None and has_previous:
            typed_all = self._typed("included", lambda n: n <= last)
            taken = total(self._removed(tuple(n for n in self.typed if n <= last)))
            counted = _derived(len({study for _, study, _ in upto}), len({report for _, _, report in upto}))
            whole = _plus(counted, typed_all, foreign)
            whole = Included(_less(whole.studies, taken), whole.reports)
        return CountedIn(
            previous=previous,
            new=_plus(_derived(len(fresh), len({report for _, _, report in new})), typed_new),
            removed_studies=removed,
            total=whole,
            notes=tuple(self._notes(published, known, studies, gone)) if has_previous else (),
        )

    def _says(self, update: int, box: str) -> bool:
        return box in self.typed.get(update, {})

    def _removed(self, updates: tuple[int, ...]) -> list[Count]:
        boxes = (self.typed.get(n, {}).get("included.removed_studies") for n in updates)
        return [count for count in boxes if count is not None]

    def _typed(self, group: str, wanted: Callable[[int], bool]) -> Included | None:
        found = [
            Included(boxes.get(f"{group}.studies", NOT_REPORTED), boxes.get(f"{group}.reports", NOT_REPORTED))
            for update, boxes in self.typed.items()
            if wanted(update) and (f"{group}.studies" in boxes or f"{group}.reports" in boxes)
        ]
        if not found:
            return None
        return Included(total(one.studies for one in found), total(one.reports for one in found))

    def _notes(
        self, published: int | None, known: set[int], studies: frozenset[int], gone: frozenset[int]
    ) -> list[str]:
        if published is None:
            return []
        since = len(known - studies)
        told = [f"Studies in the version of update {published}: {len(studies):,}."]
        if since:
            told.append(f"{since:,} more of earlier updates came into the review since that version.")
        if gone:
            told.append(f"{len(gone):,} of them were taken out since.")
        return told if since or gone else []


def included_at(con: duckdb.DuckDBPyConnection, position: int) -> IncludedReports:
    """What is included, from the temporary tables of a position.

    Args:
        con: with the tables of `make_tables` and `make_standing`.
        position: in the log.
    """
    bound = {"position": position}
    typed: dict[int, dict[str, Count]] = {}
    for update, source, box, value in con.execute(_TYPED, bound).fetchall():
        typed.setdefault(update, {})[box] = Count(value, "manual", source)
    row = con.execute("SELECT coalesce(min(number), 1) FROM review_update").fetchone()
    return IncludedReports(
        rows=tuple(con.execute(_INCLUDED).fetchall()),
        versions={
            update: (frozenset(studies), frozenset(reports))
            for update, studies, reports in con.execute(_VERSIONS, bound).fetchall()
        },
        typed=typed,
        first=row[0] if row else 1,
    )


def _derived(studies: int, reports: int) -> Included:
    return Included(Count(studies), Count(reports))


def _plus(derived: Included, *typed: Included | None) -> Included:
    """The sum of what was counted and typed; where only typed numbers say something, they keep their name."""
    found = [one for one in typed if one is not None]
    if not found:
        return derived
    taken = found if derived == Included(NONE, NONE) else [derived, *found]
    return Included(total(one.studies for one in taken), total(one.reports for one in taken))


def _less(count: Count, taken: Count) -> Count:
    if not taken.value or count.value is None:
        return count
    left = total((count, taken))
    return Count(count.value - taken.value, left.origin, left.source)
