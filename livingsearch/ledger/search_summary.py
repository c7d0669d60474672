"""The search summary table: sources against the included studies (Bethel 2021, 10.5195/jmla.2021.809)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb

from livingsearch.ledger.contribution import Records

_BY_REPORT = """
SELECT m.report_id, list(DISTINCT f.source ORDER BY f.source)
FROM at_first f JOIN at_member m USING (record_id)
WHERE m.report_id IN (SELECT unnest($reports::BIGINT[]))
GROUP BY m.report_id
"""


@dataclass(frozen=True, slots=True)
class IncludedReport:
    """One included report.

    Attributes:
        name: as it was given: a title, a DOI, a PMID.
        report: its id; None where no source brought it.
        sources: slugs of those that did.
    """

    name: str
    report: int | None
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SourceYield:
    """What one source gave to the review.

    Attributes:
        source: slug.
        records: different records that it returned.
        found: included reports that it holds.
        unique: of these, held by no other source.
        included: all included reports, those that no source brought among them.
    """

    source: str
    records: int
    found: int
    unique: int
    included: int

    @property
    def sensitivity(self) -> float | None:
        """Part of the included reports that it holds; None where none is included."""
        return self.found / self.included if self.included else None

    @property
    def precision(self) -> float | None:
        """Part of its records that is included; None where it returned none."""
        return self.found / self.records if self.records else None

    @property
    def number_needed_to_read(self) -> float | None:
        """Records to read for one included report; None where it holds none."""
        return self.records / self.found if self.found else None


def sources_of_reports(con: duckdb.DuckDBPyConnection, reports: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """Which sources returned a record of each report.

    Args:
        con: with the tables of `at_position.make_tables`.
        reports: ids.

    Returns:
        By report; one without a counted record is not there.
    """
    rows = con.execute(_BY_REPORT, {"reports": list(reports)}).fetchall()
    return {report: tuple(sources) for report, sources in rows}


def yields(
    included: Sequence[IncludedReport], records: Mapping[str, Records], sources: Sequence[str]
) -> tuple[SourceYield, ...]:
    """Hold each source against the included reports.

    Args:
        included: each report once.
        records: of `records_by_source`.
        sources: slugs, in the order wanted.

    Returns:
        One row a source.
    """
    return tuple(
        SourceYield(
            source=source,
            records=records[source].records if source in records else 0,
            found=sum(source in one.sources for one in included),
            unique=sum(one.sources == (source,) for one in included),
            included=len(included),
        )
        for source in sources
    )
