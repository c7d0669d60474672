"""The tables of a review's sources, in words."""

from collections.abc import Mapping, Sequence

from livingsearch.ledger.contribution import Contribution
from livingsearch.ledger.over_time import UpdateRecords
from livingsearch.ledger.overlap import SourceSet, held_by_source, pairs
from livingsearch.ledger.search_summary import IncludedReport, SourceYield
from livingsearch.ledger.tables import Cell, Column, DataTable

Labels = Mapping[str, str]
_SOURCE = (Column("source", "Source"), Column("label", "Label"))


def overlap_table(sets: Sequence[SourceSet], labels: Labels) -> DataTable:
    """Reports of each source: unique, shared, and with each other source."""
    slugs = list(labels)
    shared = {(p.first, p.second): p.reports for p in pairs(sets, slugs)}
    shared |= {(two, one): n for (one, two), n in shared.items()}
    rows: list[tuple[Cell, ...]] = [
        (
            held.source,
            labels[held.source],
            held.reports,
            held.unique,
            held.shared,
            *(None if other == held.source else shared[held.source, other] for other in slugs),
        )
        for held in held_by_source(sets, slugs)
    ]
    return DataTable(
        "overlap",
        "Source overlap",
        (
            *_SOURCE,
            Column("reports", "Reports"),
            Column("unique", "Unique"),
            Column("shared", "Shared"),
            *(Column(f"with_{slug}", f"With {slug}") for slug in slugs),
        ),
        tuple(rows),
        (
            f"All sources together: {sum(s.reports for s in sets):,} reports.",
            "Unique reports are held by no other source: they are lost if it is dropped.",
        ),
    )


def sets_table(sets: Sequence[SourceSet], labels: Labels) -> DataTable:
    """Reports by the set of sources that hold them."""
    rows = tuple((" + ".join(slug for slug in labels if slug in s.sources), len(s.sources), s.reports) for s in sets)
    columns = (Column("sources", "Held by exactly"), Column("number", "Sources"), Column("reports", "Reports"))
    return DataTable("sets", "Reports by the sources that hold them", columns, rows)


def contribution_table(rows: Sequence[Contribution], labels: Labels, preferred: Sequence[str]) -> DataTable:
    """What each source contributed."""
    cells: list[tuple[Cell, ...]] = [
        (
            row.source,
            labels[row.source],
            row.records.identified,
            row.records.records,
            row.records.kept,
            row.removed,
            row.held.reports,
            row.held.unique,
            row.held.credit,
        )
        for row in rows
    ]
    return DataTable(
        "contribution",
        "Contribution by source",
        (
            *_SOURCE,
            Column("identified", "Identified"),
            Column("records", "Different records"),
            Column("kept", "Kept"),
            Column("removed", "Removed as duplicates"),
            Column("reports", "Reports"),
            Column("unique", "Unique"),
            Column("credit", "Fractional credit", decimals=2),
        ),
        tuple(cells),
        (
            "Identified: records received in all counted runs. Different records: each counted once.",
            "Kept: the record by which a report comes to screening, the first in the order of updates, then of "
            f"databases and registers before other methods, then of the declared priority: {', '.join(preferred)}.",
            "Fractional credit: a report that k sources hold gives each of them 1/k.",
        ),
    )


def summary_table(
    rows: Sequence[SourceYield], included: Sequence[IncludedReport], labels: Labels, whose: str
) -> DataTable:
    """Sensitivity, precision and number needed to read of each source (Bethel 2021)."""
    cells: list[tuple[Cell, ...]] = [
        (
            row.source,
            labels[row.source],
            row.records,
            row.found,
            row.unique,
            row.sensitivity,
            row.precision,
            row.number_needed_to_read,
        )
        for row in rows
    ]
    absent = [one.name for one in included if not one.sources]
    notes = [f"Included reports: {len(included):,} ({whose}); brought by a source: {len(included) - len(absent):,}."]
    notes.append("Precision and number needed to read are of the different records that the source returned.")
    if absent:
        notes.append(f"Brought by no source: {'; '.join(absent)}.")
    return DataTable(
        "summary",
        "Search summary table",
        (
            *_SOURCE,
            Column("records", "Records"),
            Column("included", "Included found"),
            Column("unique", "Found here alone"),
            Column("sensitivity", "Sensitivity", percent=True),
            Column("precision", "Precision", decimals=2, percent=True),
            Column("number_needed_to_read", "Number needed to read"),
        ),
        tuple(cells),
        tuple(notes),
    )


def matrix_table(included: Sequence[IncludedReport], labels: Labels) -> DataTable:
    """Which source brought which included report."""
    rows = tuple((one.name, *("yes" if slug in one.sources else "" for slug in labels)) for one in included)
    columns = (Column("name", "Included report"), *(Column(slug, label) for slug, label in labels.items()))
    return DataTable("matrix", "Included reports by source", columns, rows)


def time_table(rows: Sequence[UpdateRecords], still_open: int | None) -> DataTable:
    """Records of each update and source."""
    cells: tuple[tuple[Cell, ...], ...] = tuple(
        (
            row.update,
            row.source,
            row.label,
            row.searched.isoformat() if row.searched else "not searched",
            row.identified if row.searched else None,
            row.already_known if row.searched else None,
            row.duplicates if row.searched else None,
            row.to_screen if row.searched else None,
        )
        for row in rows
    )
    notes = () if still_open is None else (f"Update {still_open} is still open: its counts may change.",)
    columns = (Column("update", "Update"), *_SOURCE, Column("searched", "Searched"), *_NUMBERS)
    return DataTable("over_time", "Records over time", columns, cells, notes)


def updates_table(rows: Sequence[UpdateRecords]) -> DataTable:
    """Records of each update, all sources together."""
    updates = dict.fromkeys(row.update for row in rows)
    cells: list[tuple[Cell, ...]] = []
    for update in updates:
        same = [row for row in rows if row.update == update]
        cells.append(
            (
                update,
                sum(row.identified for row in same),
                sum(row.already_known for row in same),
                sum(row.duplicates for row in same),
                sum(row.to_screen for row in same),
            )
        )
    return DataTable("updates", "All sources", (Column("update", "Update"), *_NUMBERS), tuple(cells))


_NUMBERS = (
    Column("identified", "Identified"),
    Column("already_known", "Already known"),
    Column("duplicates", "Duplicates"),
    Column("to_screen", "New to screen"),
)
