"""What each source contributed, under the declared priority."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb

from livingsearch.ledger.overlap import Held, SourceSet, held_by_source

# `identified` has all that the runs received, in every update; the rest counts a record once.
_RECORDS = """
WITH received AS (
    SELECT source, sum(records_received) AS identified
    FROM at_counting WHERE $update IS NULL OR update_number = $update GROUP BY source
),
placed AS (
    SELECT f.source, count(*) AS records, count(p.record_id) AS kept
    FROM at_first f LEFT JOIN at_placed p USING (record_id)
    WHERE $update IS NULL OR f.update_number = $update
    GROUP BY f.source
)
SELECT source, identified::BIGINT, coalesce(records, 0), coalesce(kept, 0)
FROM received LEFT JOIN placed USING (source)
"""


@dataclass(frozen=True, slots=True)
class Records:
    """The records of one source.

    Attributes:
        identified: received by all counted runs; a record that came in three updates counts three times.
        records: different ones.
        kept: records by which a report came to screening: the first in the order of updates, then of databases and
            registers before other methods, then of the declared priority.
    """

    identified: int
    records: int
    kept: int


@dataclass(frozen=True, slots=True)
class Contribution:
    """One source's row.

    Attributes:
        source: slug.
        records: what it returned.
        held: reports that it holds.
    """

    source: str
    records: Records
    held: Held

    @property
    def removed(self) -> int:
        """Different records that were removed as duplicates of another one."""
        return self.records.records - self.records.kept


def records_by_source(con: duckdb.DuckDBPyConnection, update: int | None = None) -> dict[str, Records]:
    """Count the records of each source that was searched.

    Args:
        con: with the tables of `at_position.make_tables`.
        update: only what this update received, and counted first; None for all.

    Returns:
        By slug.
    """
    rows = con.execute(_RECORDS, {"update": update}).fetchall()
    return {source: Records(*numbers) for source, *numbers in rows}


def contributions(
    records: Mapping[str, Records], sets: Sequence[SourceSet], sources: Sequence[str]
) -> tuple[Contribution, ...]:
    """Join what sources returned with what they hold.

    Args:
        records: of `records_by_source`.
        sets: of `source_sets`.
        sources: slugs, in the order wanted.

    Returns:
        One row a source.
    """
    nothing = Records(0, 0, 0)
    return tuple(
        Contribution(held.source, records.get(held.source, nothing), held) for held in held_by_source(sets, sources)
    )
