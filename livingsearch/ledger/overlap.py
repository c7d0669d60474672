"""Which sources hold the same reports: everything about overlap follows from how many reports each set of sources has.

A report is held by a source that returned a record of it in any counted run. So a set of sources is counted once a
report, and sums over sets give reports, unique ones, pairs and fractional credit without the reports themselves.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

import duckdb

# A record counts in the first update that counted it. One that deduplication has not seen yet is a report of its own.
_SETS = """
WITH held AS (
    SELECT coalesce(m.report_id, -f.record_id) AS report_id, list(DISTINCT f.source ORDER BY f.source) AS sources
    FROM at_first f LEFT JOIN at_member m USING (record_id)
    WHERE $update IS NULL OR f.update_number = $update
    GROUP BY ALL
)
SELECT sources, count(*) FROM held GROUP BY sources ORDER BY count(*) DESC, sources
"""


@dataclass(frozen=True, slots=True)
class SourceSet:
    """Reports that exactly these sources hold.

    Attributes:
        sources: slugs, in alphabetical order; at least one.
        reports: how many reports.
    """

    sources: tuple[str, ...]
    reports: int


@dataclass(frozen=True, slots=True)
class Held:
    """What one source holds.

    Attributes:
        source: slug.
        reports: that it holds.
        unique: of these, held by no other: lost if the source were dropped.
        credit: the sum of 1/k over its reports, where k sources hold a report; over all sources it is their number.
    """

    source: str
    reports: int
    unique: int
    credit: float

    @property
    def shared(self) -> int:
        """Reports that another source holds too."""
        return self.reports - self.unique


@dataclass(frozen=True, slots=True)
class Pair:
    """Reports that two sources hold both, whoever else does."""

    first: str
    second: str
    reports: int


def source_sets(con: duckdb.DuckDBPyConnection, update: int | None = None) -> tuple[SourceSet, ...]:
    """Count reports by the set of sources that hold them.

    Args:
        con: with the tables of `at_position.make_tables`.
        update: only records that this update counted first; None for all.

    Returns:
        Sets with at least one report, the largest first.
    """
    rows = con.execute(_SETS, {"update": update}).fetchall()
    return tuple(SourceSet(tuple(sources), n) for sources, n in rows)


def held_by_source(sets: Iterable[SourceSet], sources: Sequence[str]) -> tuple[Held, ...]:
    """What each source holds.

    Args:
        sets: of `source_sets`.
        sources: slugs, in the order wanted; one without a report is there too.

    Returns:
        One row a source.
    """
    taken = list(sets)
    return tuple(
        Held(
            source=source,
            reports=sum(s.reports for s in taken if source in s.sources),
            unique=sum(s.reports for s in taken if s.sources == (source,)),
            credit=sum(s.reports / len(s.sources) for s in taken if source in s.sources),
        )
        for source in sources
    )


def pairs(sets: Iterable[SourceSet], sources: Sequence[str]) -> tuple[Pair, ...]:
    """Reports that two sources share, for each pair in the order of `sources`."""
    taken = list(sets)
    return tuple(
        Pair(one, two, sum(s.reports for s in taken if one in s.sources and two in s.sources))
        for one, two in combinations(sources, 2)
    )
